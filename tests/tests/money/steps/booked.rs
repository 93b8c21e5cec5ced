//! A booking of the first currency: deposits on it, and shares of it that participants pay one by one.

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Plan, id_of, soon};

use crate::money::History;

impl History {
    /// Two bookings: one with deposits, one that three share.
    pub(super) async fn book(&mut self) -> anyhow::Result<()> {
        let hotel = self.world.hotel_of(&self.owner, &Plan::default()).await?;
        let order = hotel.confirmed(soon(0), 2).await?;
        self.keep("order", 0, order["id"].clone());
        let shared = hotel.confirmed(soon(10), 3).await?;
        let mut shares = Vec::new();
        for n in 0..3 {
            let id = bizing::database::new_id();
            let sql = "insert into booking.booking_participants (biz_id, id, order_id, name, role) values ($1, $2, $3, $4, 'payer')";
            let (order, name) = (uuid(&shared["id"])?, format!("Player {n}"));
            self.sql
                .execute(sql, &[&self.owner.biz_id, &id, &order, &name])
                .await?;
            shares.push(json!({ "participantId": id_of("bpt", id) }));
        }
        let input = json!({ "id": shared["id"], "shares": shares });
        let split = self
            .try_to("bookingSplit", input, "obligations { id }")
            .await?;
        let split = split.unwrap_or_default();
        for owed in split["obligations"].as_array().into_iter().flatten() {
            self.keep("share", 0, owed["id"].clone());
        }
        Ok(())
    }

    pub(super) async fn booked_step(&mut self) -> anyhow::Result<()> {
        match self.below(5) {
            0 => self.ask_for_deposit().await,
            1 => {
                let more = json!({ "method": "CARD" });
                let done = self.do_to("deposit", "depositPay", more, "deposit { id }");
                done.await.map(drop)
            }
            2 => self.end_deposit().await,
            _ => self.pay_share().await,
        }
    }

    async fn ask_for_deposit(&mut self) -> anyhow::Result<()> {
        let Some((place, order)) = self.one("order") else {
            return Ok(());
        };
        let amount = self.amount(place, 3_000);
        let input = json!({ "bookingOrderId": order, "amount": amount });
        let made = self.make(("deposit", place), "depositRequest", input, "deposit");
        made.await.map(drop)
    }

    async fn end_deposit(&mut self) -> anyhow::Result<()> {
        let name = ["depositForfeit", "depositRefund"][self.below(2)];
        let why = json!({ "reason": "They did not come" });
        self.do_to("deposit", name, why, "deposit { id }")
            .await
            .map(drop)
    }

    async fn pay_share(&mut self) -> anyhow::Result<()> {
        let mut more = json!({ "amount": self.amount(0, 4_000) });
        if self.chance(0.5) {
            more["walletId"] = self.houses[0].wallet.clone();
        } else {
            more["note"] = Value::from("Cash");
        }
        self.do_to("share", "obligationPay", more, "obligation { id }")
            .await
            .map(drop)
    }
}
