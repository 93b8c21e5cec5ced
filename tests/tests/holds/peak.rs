//! How much of what several share is in use at its busiest moment, beside a count by the minute.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use super::{House, minute};

const CAPACITY: usize = 3;
const MINUTES: usize = 240;

#[tokio::test]
async fn as_much_of_a_shared_resource_is_held_as_its_busiest_minute_leaves() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let resource = house.shared_resource(i32::try_from(CAPACITY)?).await?;
    let mut dice = StdRng::seed_from_u64(7);
    let mut used = [0_usize; MINUTES];
    let mut refused = 0;
    for cart in 0..60 {
        let from = dice.random_range(0..MINUTES - 60);
        let until = from + dice.random_range(15..60);
        let units = dice.random_range(1..CAPACITY);
        let busiest = used[from..until].iter().max().copied().unwrap_or_default();
        let input = json!({
            "sessionRef": format!("cart-{cart}"), "resourceId": resource, "units": units,
            "startsAt": minute(600 + i64::try_from(from)?), "endsAt": minute(600 + i64::try_from(until)?),
        });
        let answer = house.hold(input).await?;
        if busiest + units <= CAPACITY {
            answer.must()?;
            used[from..until]
                .iter_mut()
                .for_each(|minute| *minute += units);
        } else {
            answer.must_refuse("SOLD_OUT")?;
            refused += 1;
        }
    }
    anyhow::ensure!((10..55).contains(&refused), "{refused} of 60 were refused");
    house.must_agree().await
}
