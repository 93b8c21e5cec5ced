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
        match self.below(8) {
            0 => self.ask_for_deposit().await,
            1 => {
                let more = json!({ "method": "CARD" });
                let done = self.do_to("deposit", "depositPay", more, "deposit { id }");
                done.await.map(drop)
            }
            2 => self.end_deposit().await,
            3 => self.hold_value().await,
            4 => self.pay_order().await,
            5 => self.refund_a_line().await,
            _ => self.pay_share().await,
        }
    }

    pub(super) async fn ask_for_deposit(&mut self) -> anyhow::Result<()> {
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

    pub(super) async fn pay_share(&mut self) -> anyhow::Result<()> {
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

    /// Value of a wallet is kept for a booking; it is used, given back, or runs out.
    async fn hold_value(&mut self) -> anyhow::Result<()> {
        let Some((place, order)) = self.one("order") else {
            return Ok(());
        };
        let (amount, part) = (self.amount(place, 1_500), self.amount(place, 900));
        let wallet = self.houses[place].wallet.clone();
        let input =
            json!({ "walletId": wallet, "amount": amount, "bookingOrderId": order, "minutes": 20 });
        self.make(("hold", place), "valueHoldPlace", input, "valueHold")
            .await?;
        if self.chance(0.5) {
            let done = self.do_to("hold", "valueHoldRelease", json!({}), "valueHold { id }");
            return done.await.map(drop);
        }
        let Some((_, hold)) = self.one("hold") else {
            return Ok(());
        };
        let input = json!({ "walletId": wallet, "amount": part, "holdId": hold });
        self.try_to("walletBurn", input, "wallet { id }")
            .await
            .map(drop)
    }

    async fn pay_order(&mut self) -> anyhow::Result<()> {
        let Some((place, order)) = self.one("order") else {
            return Ok(());
        };
        let input = json!({
            "amount": self.amount(place, 9_000), "source": { "bookingOrderId": order },
            "tenders": [{ "kind": "CARD", "methodRef": "card_ok" }],
        });
        let made = self.make(
            ("paid order", place),
            "paymentIntentCreate",
            input,
            "paymentIntent",
        );
        made.await.map(drop)
    }

    /// What was paid for a line of a booking goes back, in part or all that is left of it.
    async fn refund_a_line(&mut self) -> anyhow::Result<()> {
        let (Some((place, paid)), Some((_, order))) = (self.one("paid order"), self.one("order"))
        else {
            return Ok(());
        };
        let query = format!(
            "{{ bookingOrderLines(filter: {{ orderId: {{ eq: {order} }} }}) {{ nodes {{ id }} }} }}"
        );
        let data = self.owner.read(&query).await?;
        let mut line = json!({ "bookingOrderLineId": data["bookingOrderLines"]["nodes"][0]["id"] });
        if self.chance(0.7) {
            line["amount"] = self.amount(place, 3_000);
        }
        let input = json!({ "id": paid, "reason": "CANCELLATION", "lines": [line] });
        self.try_to("paymentRefund", input, "refunds { id }")
            .await
            .map(drop)
    }
}
