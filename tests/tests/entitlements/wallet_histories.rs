//! Random histories of wallets against a slow model of them that shares no line with the program: it
//! uses one unit at a time, and looks at all grants each time.

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::{Answer, World};

use super::{Shop, tally};

/// How many steps a history has.
const STEPS: usize = 80;

#[derive(Clone, Debug)]
struct Grant {
    id: String,
    wallet: usize,
    left: i64,
    granted: i64,
    ends_at: Option<DateTime<Utc>>,
    /// Its place in the order of ages: what went over is as old as what it came from.
    age: usize,
}

#[derive(Clone, Debug)]
struct Burnt {
    entry: String,
    grant: usize,
    left: i64,
}

#[derive(Default)]
struct Model {
    grants: Vec<Grant>,
    burnt: Vec<Burnt>,
}

impl Model {
    /// The grant whose unit goes next: what ends soonest, then what came first.
    fn next(&self, wallet: usize, now: DateTime<Utc>) -> Option<usize> {
        let mut best: Option<usize> = None;
        for (index, grant) in self.grants.iter().enumerate() {
            if grant.wallet != wallet
                || grant.left == 0
                || grant.ends_at.is_some_and(|end| end <= now)
            {
                continue;
            }
            let ends = |index: usize| {
                self.grants[index]
                    .ends_at
                    .unwrap_or(DateTime::<Utc>::MAX_UTC)
            };
            let order = |index: usize| (ends(index), self.grants[index].age);
            if best.is_none_or(|other| order(index) < order(other)) {
                best = Some(index);
            }
        }
        best
    }

    fn usable(&self, wallet: usize, now: DateTime<Utc>) -> i64 {
        let of =
            |grant: &&Grant| grant.wallet == wallet && grant.ends_at.is_none_or(|end| end > now);
        self.grants.iter().filter(of).map(|grant| grant.left).sum()
    }

    /// Uses units one by one; which grants gave how much, in the order of use.
    fn burn(&mut self, wallet: usize, units: i64, now: DateTime<Utc>) -> Vec<(usize, i64)> {
        let mut parts: Vec<(usize, i64)> = Vec::new();
        for _ in 0..units {
            let Some(index) = self.next(wallet, now) else {
                break;
            };
            self.grants[index].left -= 1;
            match parts.last_mut() {
                Some((last, count)) if *last == index => *count += 1,
                _ => parts.push((index, 1)),
            }
        }
        parts
    }
}

async fn compare(shop: &Shop, wallets: &[String; 2], model: &Model) -> anyhow::Result<()> {
    for (index, wallet) in wallets.iter().enumerate() {
        let of: Vec<&Grant> = model
            .grants
            .iter()
            .filter(|grant| grant.wallet == index)
            .collect();
        let sum: i64 = of.iter().map(|grant| grant.left).sum();
        assert_eq!(shop.balance(wallet).await?, sum, "wallet {index}");
        for grant in of {
            let sql = "select remaining from entitlements.grants where id = $1";
            assert_eq!(
                shop.number(sql, &[&grant.id]).await?,
                grant.left,
                "{grant:?}"
            );
        }
    }
    Ok(())
}

async fn history(seed: u64) -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let manager = shop.world.staff(&shop.owner, "manager", &[]).await?;
    let mut manager = manager;
    let other = shop.customer("Bruno Brito").await?;
    let wallets = [
        shop.pass().await?,
        shop.wallet(
            json!({ "customerId": other, "purpose": "PASS", "unit": "VISITS", "currency": null }),
        )
        .await?,
    ];
    let mut random = StdRng::seed_from_u64(seed);
    let mut model = Model::default();
    for step in 0..STEPS {
        let wallet = random.random_range(0..2);
        match random.random_range(0..20) {
            0..=6 => {
                let units = random.random_range(1..9);
                let days: i64 = random.random_range(1..40);
                let local = shop
                    .now()
                    .with_timezone(&chrono_tz::Europe::Lisbon)
                    .date_naive()
                    + Duration::days(days);
                let ends = (random.random_range(0..4) > 0).then_some(local);
                let id = shop
                    .grant(
                        &wallets[wallet],
                        json!({ "units": units, "expiresOn": ends, "paid": super::euros(1001) }),
                    )
                    .await?;
                let ends_at = ends.map(|day| {
                    chrono_tz::Europe::Lisbon
                        .from_local_datetime(&day.and_hms_opt(0, 0, 0).unwrap())
                        .earliest()
                        .unwrap()
                        .to_utc()
                });
                model.grants.push(Grant {
                    id,
                    wallet,
                    left: units,
                    granted: units,
                    ends_at,
                    age: model.grants.len(),
                });
            }
            7..=12 => {
                let units = random.random_range(1..12);
                let input = json!({ "walletId": wallets[wallet], "units": units });
                let answer = shop
                    .owner
                    .verb("walletBurn", input, "entries { id grantId quantity }")
                    .await?;
                if units > model.usable(wallet, shop.now()) {
                    assert!(
                        matches!(answer.user_code(), Some("INSUFFICIENT" | "EXPIRED")),
                        "step {step}: {}",
                        answer.body
                    );
                    continue;
                }
                let answer = answer.must()?;
                let parts = model.burn(wallet, units, shop.now());
                let got: Vec<(Value, i64)> = answer.payload()["entries"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|entry| {
                        (
                            entry["grantId"].clone(),
                            -entry["quantity"].as_i64().unwrap_or(0),
                        )
                    })
                    .collect();
                let wanted: Vec<(Value, i64)> = parts
                    .iter()
                    .map(|(index, count)| (json!(model.grants[*index].id), *count))
                    .collect();
                assert_eq!(got, wanted, "step {step}: the order of use");
                for (entry, (grant, count)) in answer.payload()["entries"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .zip(parts)
                {
                    model.burnt.push(Burnt {
                        entry: super::id(entry)?,
                        grant,
                        left: count,
                    });
                }
            }
            13..=14 if !model.burnt.is_empty() => {
                let index = random.random_range(0..model.burnt.len());
                let burnt = model.burnt[index].clone();
                let units = random.random_range(1..4);
                let input =
                    json!({ "entryIds": [burnt.entry], "units": units, "reason": "Not used" });
                let answer = shop
                    .owner
                    .verb("walletReverse", input, "wallet { id }")
                    .await?;
                if units > burnt.left {
                    answer.must_refuse("BEYOND_USE")?;
                    continue;
                }
                answer.must()?;
                model.burnt[index].left -= units;
                model.grants[burnt.grant].left += units;
                assert!(model.grants[burnt.grant].left <= model.grants[burnt.grant].granted);
            }
            15..=16 => {
                let units = random.random_range(1..8);
                let input = json!({ "fromWalletId": wallets[wallet], "toWalletId": wallets[1 - wallet], "units": units, "reason": "Family" });
                let asked = shop
                    .owner
                    .act("walletTransfer", input, "transfer { id }")
                    .await?;
                let approve = json!({ "id": asked["transfer"]["id"] });
                let answer = manager
                    .verb("walletTransferApprove", approve, "transfer { id }")
                    .await?;
                if units > model.usable(wallet, shop.now()) {
                    assert!(answer.user_code().is_some(), "step {step}");
                    continue;
                }
                answer.must()?;
                let transfer = uuid(&asked["transfer"]["id"])?;
                for (from, count) in model.burn(wallet, units, shop.now()) {
                    let sql = "select id from entitlements.grants where from_grant_id = $1 and source_id = $2";
                    let row = shop
                        .sql
                        .query_one(sql, &[&uuid(&json!(model.grants[from].id))?, &transfer])
                        .await?;
                    let id = tests::hotel::id_of("engr", row.try_get(0)?);
                    let ends_at = model.grants[from].ends_at;
                    model.grants.push(Grant {
                        id,
                        wallet: 1 - wallet,
                        left: count,
                        granted: count,
                        ends_at,
                        age: model.grants[from].age,
                    });
                }
            }
            17..=18 => {
                let due = model
                    .grants
                    .iter()
                    .filter(|grant| {
                        grant.left > 0 && grant.ends_at.is_some_and(|end| end <= shop.now())
                    })
                    .count();
                assert_eq!(
                    shop.world.run_job("expire_grants").await?,
                    due as u64,
                    "step {step}"
                );
                assert_eq!(shop.world.run_job("expire_grants").await?, 0);
                let now = shop.now();
                for grant in model
                    .grants
                    .iter_mut()
                    .filter(|grant| grant.ends_at.is_some_and(|end| end <= now))
                {
                    grant.left = 0;
                }
            }
            _ => {
                shop.later(Duration::days(random.random_range(1..6)))
                    .await?;
                manager = shop.world.again(&manager).await?;
            }
        }
        compare(&shop, &wallets, &model).await?;
    }
    let sold = i64::try_from(
        model
            .grants
            .iter()
            .filter(|grant| grant.granted > 0)
            .count(),
    )?;
    assert!(sold > 5, "a history in which nothing happens");
    // What was paid is earned, lapsed or still owed, to the cent.
    let paid = -shop.account("2100").await?;
    let elsewhere =
        shop.account("4000").await? + shop.account("4060").await? + shop.account("2160").await?;
    assert_eq!(paid, elsewhere);
    shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv11_inv12_random_histories_of_wallets_are_those_of_a_slow_model() -> anyhow::Result<()> {
    let (one, two) = tokio::join!(history(1), history(20_261_121));
    one?;
    two
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv11_thirty_two_burns_at_once_never_take_more_than_there_is() -> anyhow::Result<()> {
    let shop = Shop::over(World::with_pool(16).await?).await?;
    let wallet = shop.wallet(json!({})).await?;
    for _ in 0..3 {
        shop.grant(&wallet, json!({ "amount": super::euros(700) }))
            .await?;
    }
    let burns = (0..32).map(|n| {
        let input = json!({ "walletId": wallet, "amount": super::euros(100), "idempotencyKey": format!("burn {n}") });
        shop.owner.verb("walletBurn", input, "wallet { balance }")
    });
    let answers = join_all(burns)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let codes = tally(&answers);
    assert_eq!(codes.get(""), Some(&21), "{codes:?}");
    assert_eq!(codes.get("INSUFFICIENT"), Some(&11), "{codes:?}");
    assert_eq!(shop.balance(&wallet).await?, 0);
    shop.must_agree().await
}
