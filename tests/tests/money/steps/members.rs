//! Memberships that are paid by what members left, and the days that pass.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::id_of;

use crate::money::History;

/// A plan whose periods are two days.
const PLAN: &str = "with s as (insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name) \
      values ($1, $2, 'membership_plan', 'MembershipPlan', $3, 'Plan')), \
    p as (insert into entitlements.membership_plans (biz_id, id, code, name, sellable_id, status, interval, interval_count, freeze_days_per_year) \
      values ($1, $3, $4, 'Plan', $2, 'active', 'day', 2, 60)) \
    insert into entitlements.membership_plan_benefits (biz_id, id, plan_id, kind, name, unit, quantity) \
    values ($1, $5, $3, 'credits', 'Visits', 'visits', 4)";

impl History {
    /// A member under a plan of their own, who pays by a card or by the wallet.
    pub(super) async fn enrol(&mut self, place: usize) -> anyhow::Result<()> {
        let [sellable, plan, benefit] = [(); 3].map(|()| bizing::database::new_id());
        let code = format!("P{}", unique());
        self.sql
            .execute(
                PLAN,
                &[&self.owner.biz_id, &sellable, &plan, &code, &benefit],
            )
            .await?;
        let method = self.leave(place).await?;
        let price = self.amount(place, 2_000);
        let house = &self.houses[place];
        let input = json!({
            "planId": id_of("enmp", plan), "customerId": house.customer, "price": price,
            "locationId": house.location, "paymentMethodId": method,
        });
        let made = self.make(
            ("membership", place),
            "membershipStart",
            input,
            "membership",
        );
        made.await.map(drop)
    }

    /// What a member leaves to pay by.
    async fn leave(&mut self, place: usize) -> anyhow::Result<Value> {
        let house = &self.houses[place];
        let customer = house.customer.clone();
        if self.chance(0.5) {
            let input = json!({ "customerId": customer, "walletId": self.houses[place].wallet });
            let kept = self
                .try_to("paymentMethodKeep", input, "paymentMethod { id }")
                .await?;
            return Ok(kept.unwrap_or_default()["paymentMethod"]["id"].clone());
        }
        let card = ["card_ok", "card_declined"][self.below(2)];
        let input = json!({ "customerId": customer, "methodRef": card });
        let select = "setupIntent { paymentMethod { id } }";
        let left = self.try_to("paymentMethodSetup", input, select).await?;
        Ok(left.unwrap_or_default()["setupIntent"]["paymentMethod"]["id"].clone())
    }

    pub(super) async fn member_step(&mut self, place: usize) -> anyhow::Result<()> {
        let select = "membership { id }";
        let today = self.world.opened.now().date_naive();
        match self.below(8) {
            0..3 => self.day_passes().await,
            3 | 4 => self.pause(today + Duration::days(3)).await,
            5 => {
                let when = ["NOW", "PERIOD_END"][self.below(2)];
                let more = json!({ "reason": "Moved away", "at": when, "refundsUnused": true });
                let done = self.do_to("membership", "membershipCancel", more, select);
                done.await.map(drop)
            }
            6 => {
                let more = json!({ "periodStartsOn": today });
                let select = "paymentIntent { id }";
                let done = self.do_to("membership", "membershipCharge", more, select);
                done.await.map(drop)
            }
            _ => self.enrol(place).await,
        }
    }

    /// A member pauses, and comes back earlier now and then.
    async fn pause(&mut self, until: NaiveDate) -> anyhow::Result<()> {
        let active = "{ status: { eq: ACTIVE } }";
        let Some((_, id)) = self.found("memberships", active).await? else {
            return Ok(());
        };
        let select = "membership { id }";
        let input = json!({ "id": id, "reason": "Holiday", "until": until });
        self.try_to("membershipPause", input, select).await?;
        if self.chance(0.5) {
            let resumed = self.try_to("membershipResume", json!({ "id": id }), select);
            return resumed.await.map(drop);
        }
        Ok(())
    }

    /// A day later the clocks do their work, and the books of the day before may be locked.
    async fn day_passes(&mut self) -> anyhow::Result<()> {
        self.world.clock.advance(Duration::hours(25));
        self.sign_in_again().await?;
        for job in [
            "renew_memberships",
            "charge_memberships",
            "resume_memberships",
            "expire_value_holds",
            "expire_authorizations",
            "dun_overdue",
        ] {
            self.world.run_job(job).await?;
        }
        Ok(())
    }
}
