//! What is refused: lines that cannot be stays, and files that cannot be imported at all.

use std::path::{Path, PathBuf};

use tests::World;

use super::expected;
use super::program::{Program, output};
use super::sample;

async fn refusal(world: &World, source: &str, file: &Path, slug: &str) -> String {
    let outcome = bizing::import::import(&world.opened, source, file, slug, false).await;
    outcome
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default()
}

#[tokio::test]
async fn what_cannot_be_imported_is_named() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let text = refusal(&world, "hotel", &sample(), "nobody").await;
    assert!(text.contains("there is no tenant nobody"), "{text}");
    let text = refusal(&world, "opera", &sample(), &owner.slug).await;
    assert!(text.contains("opera"), "{text}");
    let missing = PathBuf::from("/no/such/file.csv");
    let text = refusal(&world, "hotel", &missing, &owner.slug).await;
    assert!(text.contains("/no/such/file.csv"), "{text}");
    let readme = tests::workspace().join("README.md");
    let text = refusal(&world, "hotel", &readme, &owner.slug).await;
    assert!(text.contains("header"), "{text}");
    Ok(())
}

#[tokio::test]
async fn lines_that_cannot_be_stays_are_listed_and_counted() -> anyhow::Result<()> {
    let world = World::with_pool(4).await?;
    let owner = world.owner().await?;
    let program = Program::over(&world.database.target())?;
    let file = sample();
    let import = program.command(&[
        "import",
        "hotel",
        &file.to_string_lossy(),
        "--biz",
        &owner.slug,
    ]);
    let printed = output(import).await?;
    let (_, (no_nights, no_adults)) = expected::of(&file)?;
    assert!(no_nights > 0 && no_adults > 0);
    assert!(
        printed.contains(&format!("\n{} lines were refused\n", no_nights + no_adults)),
        "{printed}"
    );
    assert!(
        printed.contains(&format!("\n  {no_nights} for no nights")),
        "{printed}"
    );
    assert!(
        printed.contains(&format!("\n  {no_adults} for no adults")),
        "{printed}"
    );
    let text = std::fs::read_to_string(&file)?;
    let listed = printed
        .lines()
        .filter_map(|line| line.strip_prefix("line "));
    let mut count = 0;
    for line in listed {
        let (number, reason) = line.split_once(" was refused: ").unwrap_or_default();
        let cells: Vec<&str> = text
            .lines()
            .nth(number.parse::<usize>()? - 1)
            .unwrap_or_default()
            .split(',')
            .collect();
        match reason {
            "no nights" => assert_eq!((cells[7], cells[8]), ("0", "0"), "{line}"),
            "no adults" => assert_eq!(cells[9], "0", "{line}"),
            _ => panic!("{line}"),
        }
        count += 1;
    }
    assert_eq!(count, no_nights + no_adults);
    Ok(())
}
