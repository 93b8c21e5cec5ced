//! Days on which clocks change: nothing is an hour off, nothing is listed twice, nothing is lost.

use super::{Shop, Sign, with};
use serde_json::json;

async fn starts(zone: &'static str, hours: (&str, &str), day: &str) -> anyhow::Result<Vec<String>> {
    let shop = Shop::with(Sign {
        zone,
        ..Sign::default()
    })
    .await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    shop.open_from(zone, hours.0, hours.1).await?;
    shop.listed(with(
        shop.days(day, day),
        json!({"locationId": shop.location}),
    ))
    .await
}

#[tokio::test]
async fn e08_the_day_of_a_skipped_hour_has_23() -> anyhow::Result<()> {
    let all = starts("Europe/Lisbon", ("00:00", "23:00"), "2027-03-28").await?;
    assert_eq!(all.len(), 22, "{all:?}");
    assert_eq!(
        (all[0].as_str(), all[1].as_str()),
        ("2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z")
    );
    // What opens in the skipped hour opens after it.
    let all = starts("America/New_York", ("02:30", "05:00"), "2027-03-14").await?;
    assert_eq!(all, ["2027-03-14T07:00:00Z", "2027-03-14T08:00:00Z"]);
    Ok(())
}

#[tokio::test]
async fn e08_a_repeated_hour_is_listed_twice() -> anyhow::Result<()> {
    let all = starts("America/New_York", ("00:00", "04:00"), "2027-11-07").await?;
    let expected = ["04", "05", "06", "07", "08"].map(|hour| format!("2027-11-07T{hour}:00:00Z"));
    assert_eq!(all, expected);
    Ok(())
}

#[tokio::test]
async fn e08_half_an_hour_at_lord_howe() -> anyhow::Result<()> {
    // 2:00 becomes 1:30: from midnight to 4:00 are four hours and a half.
    let all = starts("Australia/Lord_Howe", ("00:00", "04:00"), "2027-04-04").await?;
    assert_eq!(
        all,
        ["13", "14", "15", "16"].map(|hour| format!("2027-04-03T{hour}:00:00Z"))
    );
    // 2:00 becomes 2:30: from 1:00 to 4:00 are two hours and a half.
    let all = starts("Australia/Lord_Howe", ("01:00", "04:00"), "2027-10-03").await?;
    assert_eq!(all, ["2027-10-02T14:30:00Z", "2027-10-02T15:30:00Z"]);
    Ok(())
}

/// In the south clocks go back in April and forward in September or October; and where they never
/// change, nothing does.
#[tokio::test]
async fn e08_in_the_south_and_where_clocks_never_change() -> anyhow::Result<()> {
    for (zone, day, from, hours) in [
        ("Australia/Sydney", "2027-04-04", "2027-04-03T13:00:00Z", 5),
        ("Australia/Sydney", "2027-10-03", "2027-10-02T14:00:00Z", 3),
        ("America/Santiago", "2027-04-03", "2027-04-03T03:00:00Z", 4),
        ("Asia/Tokyo", "2027-03-28", "2027-03-27T15:00:00Z", 4),
        ("Asia/Kolkata", "2027-10-31", "2027-10-30T18:30:00Z", 4),
    ] {
        let all = starts(zone, ("00:00", "04:00"), day).await?;
        assert_eq!(
            (all.len(), all[0].as_str()),
            (hours, from),
            "{zone} on {day}: {all:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn e08_a_day_that_samoa_left_out() -> anyhow::Result<()> {
    let shop = Shop::with(Sign {
        zone: "Pacific/Apia",
        ..Sign::default()
    })
    .await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    shop.open_from("Pacific/Apia", "09:00", "11:00").await?;
    let all = shop
        .listed(with(
            shop.days("2011-12-29", "2011-12-31"),
            json!({"locationId": shop.location}),
        ))
        .await?;
    let expected = [
        "2011-12-29T19:00:00Z",
        "2011-12-29T20:00:00Z",
        "2011-12-30T19:00:00Z",
        "2011-12-30T20:00:00Z",
    ];
    assert_eq!(all, expected);
    Ok(())
}

#[tokio::test]
async fn e08_notice_and_advance_across_the_change() -> anyhow::Result<()> {
    let service = json!({"minNoticeMinutes": 1440, "maxAdvanceDays": 2});
    let mut shop = Shop::with(Sign {
        service,
        ..Sign::default()
    })
    .await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    shop.open_from("Europe/Lisbon", "12:00", "17:00").await?;
    // A minute before noon on Saturday, a day before the clocks of Lisbon go forward.
    shop.world.clock.set("2027-03-27T11:59:00Z".parse()?);
    shop.owner = shop.world.again(&shop.owner).await?;
    let all = shop
        .listed(with(
            shop.days("2027-03-27", "2027-04-02"),
            json!({"byStaff": false}),
        ))
        .await?;
    // 24 hours later it is 13:00 on Sunday; two days ahead is all of Monday, and no more.
    let sunday = ["12", "13", "14", "15"].map(|hour| format!("2027-03-28T{hour}:00:00Z"));
    let monday = ["11", "12", "13", "14", "15"].map(|hour| format!("2027-03-29T{hour}:00:00Z"));
    assert_eq!(all, [&sunday[..], &monday[..]].concat());
    Ok(())
}

#[tokio::test]
async fn e09_times_past_midnight_are_found_from_every_zone() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let location = shop.location.clone();
    let calendar = shop
        .calendar("Europe/Lisbon", ("Location", &location), json!({}))
        .await?;
    shop.rule(
        &calendar,
        "20:00",
        "03:00",
        json!({"crossesMidnight": true}),
    )
    .await?;
    let here = shop.listed(shop.days("2027-01-10", "2027-01-11")).await?;
    assert_eq!(here.len(), 3 - 1 + 4 + 3 + 4 + 1, "{here:?}");
    // Of two days in Tokyo, which begin nine hours earlier, the same instants where both look.
    let there = shop
        .listed(with(
            shop.days("2027-01-10", "2027-01-11"),
            json!({"timeZone": "Asia/Tokyo"}),
        ))
        .await?;
    let both =
        |at: &&String| ("2027-01-10T00:00:00Z".."2027-01-11T15:00:00Z").contains(&at.as_str());
    assert_eq!(
        here.iter().filter(both).collect::<Vec<_>>(),
        there.iter().filter(both).collect::<Vec<_>>()
    );
    assert!(there.contains(&"2027-01-09T21:00:00Z".to_owned()));
    Ok(())
}
