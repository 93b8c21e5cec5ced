//! `bizing verify` names what does not agree in a queue after a row was changed by hand.

use serde_json::json;

use super::Hall;

#[tokio::test]
async fn each_check_names_what_was_changed_by_hand() -> anyhow::Result<()> {
    let hall = Hall::open(6, 2, json!({})).await?;
    for _ in 0..4 {
        hall.join(json!({})).await?;
    }
    for desk in 0..2 {
        hall.next(desk).await?.must()?;
    }
    assert_eq!(hall.world.breaks().await?, 0);
    let by_hand = hall.world.database.owner().await?;
    // Without triggers and uniques, as whoever goes round the program would.
    by_hand
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (check, spoil, words) in [
        (
            "queue_numbers",
            "update queue.queue_tickets set seq = 9 where seq = 4",
            "numbered from 1 to 9",
        ),
        (
            "queue_tickets",
            "delete from queue.queue_entries where status = 'waiting'",
            "has 0 entries",
        ),
        (
            "queue_places",
            "update queue.queue_entries set status = 'waiting' where id = (select min(id::text)::uuid from queue.queue_entries)",
            "still at a desk",
        ),
        (
            "queue_closed",
            "update queue.queues set status = 'closed'",
            "1 are still in it",
        ),
    ] {
        let checks = bizing::domain::queue::verify::CHECKS;
        let found = checks.iter().find(|(known, _)| *known == check);
        let (_, sql) = found.unwrap_or_else(|| panic!("there is no check {check}"));
        let said = async || -> anyhow::Result<Vec<String>> {
            let rows = by_hand.query(*sql, &[&hall.owner.biz_id]).await?;
            Ok(rows
                .iter()
                .map(|row| row.try_get(0))
                .collect::<Result<_, _>>()?)
        };
        assert_eq!(said().await?, Vec::<String>::new(), "{check}");
        by_hand.batch_execute(spoil).await?;
        let said = said().await?;
        assert!(
            said.iter().any(|line| line.contains(words)),
            "{check}: {said:?}"
        );
    }
    Ok(())
}
