//! Gift cards, wallets, loyalty and rewards.

use serde_json::{Value, json};
use tests::hotel::made;

use crate::money::History;

impl History {
    pub(super) async fn entitlement_step(&mut self, place: usize) -> anyhow::Result<()> {
        match self.below(11) {
            0 => self.gift(place).await,
            1 => self.use_card().await,
            2 => self.use_card().await,
            3 => self.change_card().await,
            4 | 5 => self.top_up(place).await,
            6 => self.burn(place).await,
            7 => self.correct(place).await,
            8 => self.hand_over(place).await,
            9 => self.points().await,
            _ => self.reward(place).await,
        }
    }

    pub(super) async fn gift(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 8_000);
        let input = json!({ "amount": amount });
        let made = self.make(("card", place), "giftCardIssue", input, "giftInstrument");
        made.await.map(drop)
    }

    async fn use_card(&mut self) -> anyhow::Result<()> {
        let Some((place, card)) = self.one("card") else {
            return Ok(());
        };
        let amount = self.amount(place, 2_000);
        let input = json!({ "id": card, "amount": amount });
        let used = self
            .try_to("giftCardRedeem", input, "redemption { id }")
            .await?;
        if let Some(used) = used {
            let input = json!({ "redemptionId": used["redemption"]["id"] });
            if self.chance(0.5) {
                let select = "giftInstrument { id }";
                self.try_to("giftCardReverse", input, select).await?;
            }
        }
        Ok(())
    }

    async fn change_card(&mut self) -> anyhow::Result<()> {
        let Some((place, card)) = self.one("card") else {
            return Ok(());
        };
        let amount = self.amount(place, 1_000);
        let (name, more) = match self.below(5) {
            0 | 1 => ("giftCardReload", json!({ "amount": amount })),
            2 => ("giftCardBlock", json!({ "reason": "Lost" })),
            3 => ("giftCardUnblock", json!({})),
            _ => ("giftCardDeactivate", json!({ "reason": "Stolen" })),
        };
        let mut input = json!({ "id": card });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        self.try_to(name, input, "giftInstrument { id }")
            .await
            .map(drop)
    }

    pub(super) async fn top_up(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 5_000);
        let origin = ["PURCHASE", "PROMO", "ADJUSTMENT"][self.below(3)];
        let input =
            json!({ "walletId": self.houses[place].wallet, "amount": amount, "origin": origin });
        let made = self.make(("grant", place), "walletGrant", input, "grant");
        made.await.map(drop)
    }

    async fn burn(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 2_000);
        let input =
            json!({ "walletId": self.houses[place].wallet, "amount": amount, "note": "Tea" });
        let used = self.try_to("walletBurn", input, "entries { id }").await?;
        let Some(used) = used.filter(|_| self.chance(0.5)) else {
            return Ok(());
        };
        let entries = used["entries"].as_array().cloned().unwrap_or_default();
        let ids: Vec<Value> = entries.iter().map(|entry| entry["id"].clone()).collect();
        let input = json!({ "entryIds": ids, "reason": "It was cold" });
        self.try_to("walletReverse", input, "wallet { id }")
            .await
            .map(drop)
    }

    async fn correct(&mut self, place: usize) -> anyhow::Result<()> {
        if self.chance(0.3) {
            let why = json!({ "reason": "Refunded", "isRefunded": true });
            let done = self.do_to("grant", "grantRevoke", why, "grant { id }");
            return done.await.map(drop);
        }
        let mut amount = self.amount(place, 300);
        if self.chance(0.5) {
            amount["amount"] = json!(format!(
                "-{}",
                amount["amount"].as_str().unwrap_or_default()
            ));
        }
        let input =
            json!({ "walletId": self.houses[place].wallet, "amount": amount, "reason": "Counted" });
        self.try_to("walletAdjust", input, "wallet { id }")
            .await
            .map(drop)
    }

    async fn hand_over(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 1_500);
        let house = &self.houses[place];
        let input = json!({
            "fromWalletId": house.wallet, "toWalletId": house.other_wallet, "amount": amount, "reason": "A present",
        });
        let asked = self
            .try_to("walletTransfer", input, "transfer { id }")
            .await?;
        let Some(asked) = asked else { return Ok(()) };
        let manager = self.manager.clone();
        let input = json!({ "id": asked["transfer"]["id"] });
        self.try_as(&manager, "walletTransferApprove", input, "transfer { id }")
            .await
            .map(drop)
    }

    /// Points of the first house's customer: earned, and turned into money.
    pub(super) async fn points(&mut self) -> anyhow::Result<()> {
        if self.one("member").is_none() {
            let program = json!({ "code": "circle", "name": "Circle", "currency": self.houses[0].currency, "earnPoints": 1, "earnPerMinor": 100,
                "burnPoints": 10, "burnValueMinor": 50, "minBurnPoints": 10, "expiresAfterMonths": 12, "tierPeriod": "CALENDAR_YEAR" });
            let program = made(&self.owner, "loyaltyProgram", program).await?;
            let input = json!({ "programId": program, "customerId": self.houses[0].customer });
            self.make(("member", 0), "loyaltyJoin", input, "loyaltyMembership")
                .await?;
        }
        let spent = self.amount(0, 9_000);
        let till = format!("till {}", self.below(1_000_000));
        let select = "loyaltyMembership { id }";
        let earn = json!({ "spent": spent, "reference": till });
        self.do_to("member", "loyaltyEarn", earn, select).await?;
        let points = json!({ "points": 10 * (1 + self.below(3)) });
        self.do_to("member", "loyaltyRedeem", points, select)
            .await
            .map(drop)
    }

    async fn reward(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 700);
        let waits = self.chance(0.5);
        // Each is for somebody else who came because of them.
        let brought = made(&self.owner, "customer", json!({ "fullName": "Carla" })).await?;
        let input = json!({
            "customerId": self.houses[place].customer, "origin": "REFERRAL", "amount": amount, "awaitsApproval": waits,
            "broughtCustomerId": brought,
        });
        self.make(("reward", place), "rewardGive", input, "reward")
            .await?;
        if self.chance(0.3) {
            let why = json!({ "reason": "Carla knew the house before" });
            let done = self.do_to("reward", "rewardReverse", why, "reward { id }");
            return done.await.map(drop);
        }
        let Some((_, reward)) = self.one("reward") else {
            return Ok(());
        };
        let manager = self.manager.clone();
        let input = json!({ "id": reward });
        self.try_as(&manager, "rewardApprove", input, "reward { id }")
            .await
            .map(drop)
    }
}
