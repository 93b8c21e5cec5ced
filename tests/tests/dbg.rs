//! x
use std::time::Instant;
#[tokio::test]
async fn dbg() -> anyhow::Result<()> {
    for _ in 0..4 {
    let t = Instant::now();
    let db = tests::TestDatabase::migrated(5).await?; println!("db {:?}", t.elapsed());
    drop(db);
    let t = Instant::now();
    let world = tests::World::new().await?; println!("world {:?}", t.elapsed());
    let t = Instant::now();
    let owner = world.owner().await?; println!("signup {:?}", t.elapsed());
    let t = Instant::now();
    owner.read("{ locations { nodes { id } } }").await?; println!("read {:?}", t.elapsed());
    let t = Instant::now();
    owner.read("{ locations { nodes { id } } }").await?; println!("read {:?}", t.elapsed());
    let t = Instant::now();
    let h = world.hotel_of(&owner, &Default::default()).await?; println!("hotel {:?} {}", t.elapsed(), h.pool);
    let t = Instant::now();
    world.staff(&owner, "front_desk", &[]).await?; println!("staff {:?}", t.elapsed());
    let t = Instant::now();
    drop(world); println!("drop {:?}", t.elapsed());
    }
    Ok(())
}
