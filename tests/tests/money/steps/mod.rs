//! The steps of a random history: each is done, or refused with a reason.

mod billing;
mod booked;
mod entitlements;
mod folios;
mod ledger;
mod members;
mod payments;
mod settling;

use rand::RngExt as _;
use serde_json::{Value, json};

use super::{History, money};

impl History {
    fn amount(&mut self, place: usize, most: i64) -> Value {
        let minor = self.dice.random_range(1..=most);
        money(minor, self.houses[place].currency)
    }

    fn chance(&mut self, of: f64) -> bool {
        self.dice.random_bool(of)
    }

    /// One of each, so that no history is without it.
    pub async fn begin(&mut self) -> anyhow::Result<()> {
        for place in 0..self.houses.len() {
            self.folio(place).await?;
            self.invoice(place).await?;
            self.gift(place).await?;
            self.top_up(place).await?;
            self.charge(place).await?;
            self.entry(place).await?;
            self.enrol(place).await?;
            let card = json!([{ "kind": "CARD", "methodRef": "card_ok" }]);
            self.pay(place, card.clone(), Value::Null, 9_000).await?;
            if let Some((place, id)) = self.one("invoice") {
                let source = json!({ "invoiceId": id });
                self.pay(place, card, source, 900).await?;
            }
        }
        self.book().await?;
        self.pay_share().await?;
        self.points().await
    }

    /// What is looked at last: one more of what random steps may have ended.
    pub async fn end(&mut self) -> anyhow::Result<()> {
        self.ask_for_deposit().await?;
        let query =
            "{ deposits(filter: { status: { in: [DUE, PARTIALLY_PAID] } }) { nodes { id } } }";
        let due = self.owner.read(query).await?;
        for deposit in due["deposits"]["nodes"].as_array().into_iter().flatten() {
            let input = json!({ "id": deposit["id"], "method": "CARD" });
            self.try_to("depositPay", input, "deposit { id }").await?;
        }
        self.enrol(0).await
    }

    /// One step at random.
    pub async fn step(&mut self) -> anyhow::Result<()> {
        let place = self.below(self.houses.len());
        match self.below(24) {
            0..5 => self.billing_step(place).await,
            5..11 => self.payment_step(place).await,
            11..15 => self.entitlement_step(place).await,
            15..17 => self.folio_step(place).await,
            17..19 => self.ledger_step(place).await,
            19..21 => self.booked_step().await,
            21 => self.settle().await,
            _ => self.member_step(place).await,
        }
    }
}
