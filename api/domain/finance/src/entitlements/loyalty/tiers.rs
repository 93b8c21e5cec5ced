//! The clock work of loyalty: tiers are judged anew when their time is over.

use chrono::NaiveDate;
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{counts_from, judged_by, judged_on, tier_of};
use super::store::{earned, lock, tiers};
use crate::entitlements::work::{Work, place};
use foundation::database::{Database, Error, new_id};
use foundation::worker::tenants::by_tenant;

/// How many members are judged in one run of a tenant.
const AT_ONCE: i64 = 500;

const WITH_DUE: &str = "select distinct m.biz_id from entitlements.loyalty_memberships m \
    where m.status <> 'closed' and m.tier_until <= ($1::timestamptz at time zone 'utc')::date + 1";
const DUE: &str = "select m.id from entitlements.loyalty_memberships m \
    where m.biz_id = $1 and m.status <> 'closed' and m.tier_until <= $2 order by m.id limit $3";
const JUDGE: &str = "update entitlements.loyalty_memberships set tier_id = $3, tier_until = $4, tier_points = $5, lifetime_points = $6 \
    where biz_id = $1 and id = $2";

/// Judges the tiers whose time is over by the calendar of the business. Says how many.
pub async fn judge(database: &Database) -> Result<u64, Error> {
    by_tenant(database, "judge_loyalty_tiers", WITH_DUE, |biz_id| {
        of_tenant(database, biz_id)
    })
    .await
}

async fn of_tenant(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let work = Work {
        scope: &scope,
        database: Some(database),
    };
    let found = place(&scope, None).await?;
    let place = found.ok_or_else(|| Error::Internal("a tenant without a row".to_owned()))?;
    let today = place.today();
    let values = [biz_id.into(), today.into(), AT_ONCE.into()];
    let mut judged = 0;
    for row in scope.query(DUE, &values).await? {
        let Some(member) = lock(work, row.try_get(0)?).await? else {
            continue;
        };
        let period = member.program.tier_period.as_str();
        let (from, until) = judged_by(period, today);
        let (counted, _) = earned(work, &place, member.wallet_id, (from, Some(until))).await?;
        let (running, all) = earned(
            work,
            &place,
            member.wallet_id,
            (counts_from(period, today), None),
        )
        .await?;
        let tier = tier_of(&tiers(work, member.program.id).await?, counted.max(running));
        let next: Option<NaiveDate> = tier.and_then(|_| judged_on(period, today));
        let values: [Value; 6] = [
            biz_id.into(),
            member.id.into(),
            tier.map(|(id, _)| id).into(),
            next.into(),
            running.into(),
            all.into(),
        ];
        scope.execute(JUDGE, &values).await?;
        judged += 1;
    }
    scope.commit().await?;
    Ok(judged)
}
