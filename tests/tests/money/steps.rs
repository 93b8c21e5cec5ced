//! The steps of a random history: each is done, or refused with a reason.

use rand::RngExt as _;
use serde_json::{Value, json};

use super::{History, House, money};

const CARDS: [&str; 6] = [
    "card_ok",
    "card_ok",
    "card_ok",
    "card_declined",
    "card_timeout",
    "card_refund_fails",
];

impl History {
    fn house(&self, place: usize) -> &House {
        &self.houses[place]
    }

    fn amount(&mut self, place: usize, most: i64) -> Value {
        let minor = self.dice.random_range(1..=most);
        money(minor, self.houses[place].currency)
    }

    /// One of what there is, with its house.
    fn one(&mut self, of: fn(&Self) -> &[(usize, Value)]) -> Option<(usize, Value)> {
        let count = of(self).len();
        let place = self.below(count);
        of(self).get(place).cloned()
    }

    /// One of each, so that no history is without it.
    pub async fn begin(&mut self) -> anyhow::Result<()> {
        for place in 0..self.houses.len() {
            self.invoice(place).await?;
            self.gift(place).await?;
            self.top_up(place).await?;
            self.charge(place).await?;
            let free = json!([{ "kind": "CARD", "methodRef": "card_ok" }]);
            self.pay(place, free, Value::Null, 9_000).await?;
            let invoice = self.invoices.last().cloned();
            if let Some((place, id)) = invoice {
                let card = json!([{ "kind": "CARD", "methodRef": "card_ok" }]);
                self.pay(place, card, json!({ "invoiceId": id }), 900)
                    .await?;
            }
        }
        Ok(())
    }

    /// One step at random.
    pub async fn step(&mut self) -> anyhow::Result<()> {
        let place = self.below(self.houses.len());
        match self.below(20) {
            0 | 1 => self.invoice(place).await,
            2 => self.gift(place).await,
            3 => self.top_up(place).await,
            4 => self.charge(place).await,
            5 => self.receive(place).await,
            6 | 7 => self.pay_invoice().await,
            8 => self.pay_freely(place).await,
            9 => self.pay_by_gift().await,
            10 => self.pay_by_wallet(place).await,
            11 | 12 => self.refund().await,
            13 => self.capture().await,
            14 => self.credit().await,
            15 => self.write_off().await,
            16 => self.settle().await,
            17 => self.undo_receipt().await,
            18 => self.allow(place).await,
            _ => self.bill_folio(place).await,
        }
    }

    async fn invoice(&mut self, place: usize) -> anyhow::Result<()> {
        let (one, two) = (self.amount(place, 9_000), self.amount(place, 500));
        let house = self.house(place);
        let input = json!({
            "locationId": house.location, "customerId": house.customer,
            "lines": [{ "description": "Room", "unitPrice": one["amount"] }, { "description": "Tea", "unitPrice": two["amount"], "quantity": "3" }],
        });
        let draft = self
            .try_to("invoiceCreate", input, "invoice { id }")
            .await?;
        self.issue(place, draft).await
    }

    async fn issue(&mut self, place: usize, draft: Option<Value>) -> anyhow::Result<()> {
        let Some(draft) = draft else { return Ok(()) };
        let id = draft["invoice"]["id"].clone();
        let issued = self
            .try_to("invoiceFinalize", json!({ "id": id }), "invoice { id }")
            .await?;
        if issued.is_some() {
            self.invoices.push((place, id));
        }
        Ok(())
    }

    async fn gift(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 8_000);
        let made = self
            .try_to(
                "giftCardIssue",
                json!({ "amount": amount }),
                "giftInstrument { id }",
            )
            .await?;
        if let Some(made) = made {
            self.cards
                .push((place, made["giftInstrument"]["id"].clone()));
        }
        Ok(())
    }

    async fn top_up(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 5_000);
        let origin = ["PURCHASE", "PROMO", "ADJUSTMENT"][self.below(3)];
        let input =
            json!({ "walletId": self.house(place).wallet, "amount": amount, "origin": origin });
        self.try_to("walletGrant", input, "wallet { id }")
            .await
            .map(drop)
    }

    async fn charge(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 3_000);
        let input = json!({ "folioId": self.house(place).folio, "description": "Dinner", "amount": amount });
        self.try_to("folioPost", input, "folio { id }")
            .await
            .map(drop)
    }

    async fn receive(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 6_000);
        let (house, keep) = (&self.houses[place], self.dice.random_bool(0.5));
        let method = if self.dice.random_bool(0.5) {
            "CASH"
        } else {
            "BANK_TRANSFER"
        };
        let input = json!({
            "locationId": house.location, "customerId": house.customer, "amount": amount, "method": method,
            "keepUnapplied": keep,
        });
        let made = self
            .try_to("receiptRecord", input, "receipt { id }")
            .await?;
        if let Some(made) = made {
            self.receipts.push((place, made["receipt"]["id"].clone()));
        }
        Ok(())
    }

    /// A payment of so much at most.
    pub async fn pay(
        &mut self,
        place: usize,
        tenders: Value,
        source: Value,
        most: i64,
    ) -> anyhow::Result<()> {
        let amount = self.amount(place, most);
        let mode = ["AUTOMATIC", "AUTOMATIC", "MANUAL", "MANUAL_MULTIPLE"][self.below(4)];
        let house = self.house(place);
        let mut input = json!({
            "amount": amount, "locationId": house.location, "customerId": house.customer, "tenders": tenders,
            "captureMode": mode,
        });
        if !source.is_null() {
            input["source"] = source;
        }
        let made = self
            .try_to("paymentIntentCreate", input, "paymentIntent { id }")
            .await?;
        if let Some(made) = made {
            self.payments
                .push((place, made["paymentIntent"]["id"].clone()));
        }
        Ok(())
    }

    fn by_card(&mut self, place: usize) -> Value {
        let card = CARDS[self.below(CARDS.len())];
        let mut tenders = json!([{ "kind": "CARD", "methodRef": card }]);
        if self.dice.random_bool(0.3) {
            tenders[0]["tip"] = self.amount(place, 300);
        }
        tenders
    }

    async fn pay_invoice(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one(|history| &history.invoices) else {
            return Ok(());
        };
        let tenders = self.by_card(place);
        self.pay(place, tenders, json!({ "invoiceId": id }), 9_000)
            .await
    }

    async fn pay_freely(&mut self, place: usize) -> anyhow::Result<()> {
        let tenders = self.by_card(place);
        let folio = json!({ "folioId": self.house(place).folio });
        let source = if self.dice.random_bool(0.5) {
            folio
        } else {
            Value::Null
        };
        self.pay(place, tenders, source, 5_000).await
    }

    async fn pay_by_gift(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one(|history| &history.cards) else {
            return Ok(());
        };
        let tenders = json!([{ "kind": "GIFT", "giftInstrumentId": id }]);
        let invoice = self.one(|history| &history.invoices);
        let source = invoice
            .filter(|(of, _)| *of == place)
            .map_or(Value::Null, |(_, id)| json!({ "invoiceId": id }));
        self.pay(place, tenders, source, 3_000).await
    }

    async fn pay_by_wallet(&mut self, place: usize) -> anyhow::Result<()> {
        let tenders = json!([{ "kind": "WALLET", "walletId": self.house(place).wallet }]);
        self.pay(place, tenders, Value::Null, 3_000).await
    }

    async fn refund(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one(|history| &history.payments) else {
            return Ok(());
        };
        let method = ["ORIGINAL", "ORIGINAL", "WALLET", "BANK_TRANSFER"][self.below(4)];
        let mut input = json!({ "id": id, "reason": "DUPLICATE", "method": method });
        if self.dice.random_bool(0.6) {
            input["amount"] = self.amount(place, 4_000);
        }
        self.try_to("paymentRefund", input, "refunds { id }")
            .await
            .map(drop)
    }

    async fn capture(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one(|history| &history.payments) else {
            return Ok(());
        };
        if self.dice.random_bool(0.3) {
            let input = json!({ "id": id, "reason": "Enough" });
            return self
                .try_to("paymentCancel", input, "paymentIntent { id }")
                .await
                .map(drop);
        }
        let (amount, is_final) = (self.amount(place, 4_000), self.dice.random_bool(0.5));
        let input = json!({ "id": id, "amount": amount, "isFinal": is_final });
        self.try_to("paymentCapture", input, "paymentIntent { id }")
            .await
            .map(drop)
    }

    async fn credit(&mut self) -> anyhow::Result<()> {
        let Some((_, id)) = self.one(|history| &history.invoices) else {
            return Ok(());
        };
        let input = json!({ "invoiceId": id, "reason": "Not as agreed" });
        let made = self
            .try_to("creditNoteCreate", input, "creditNote { id }")
            .await?;
        let Some(made) = made else { return Ok(()) };
        let input = json!({ "id": made["creditNote"]["id"] });
        self.try_to("creditNoteFinalize", input, "creditNote { id }")
            .await
            .map(drop)
    }

    async fn write_off(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one(|history| &history.invoices) else {
            return Ok(());
        };
        let amount = self.amount(place, 1_000);
        let input = json!({ "id": id, "amount": amount, "reason": "GOODWILL" });
        self.try_to("invoiceWriteOff", input, "writeOff { id }")
            .await
            .map(drop)
    }

    async fn settle(&mut self) -> anyhow::Result<()> {
        let Some((_, id)) = self.one(|history| &history.receipts) else {
            return Ok(());
        };
        self.try_to("receiptAllocate", json!({ "id": id }), "receipt { id }")
            .await
            .map(drop)
    }

    async fn undo_receipt(&mut self) -> anyhow::Result<()> {
        let Some((_, id)) = self.one(|history| &history.receipts) else {
            return Ok(());
        };
        let input = json!({ "id": id, "reason": "Bounced" });
        self.try_to("receiptReverse", input, "receipt { id }")
            .await
            .map(drop)
    }

    async fn allow(&mut self, place: usize) -> anyhow::Result<()> {
        let query = format!(
            "{{ folioLineItems(first: 40, filter: {{ folioId: {{ eq: {} }}, kind: {{ eq: CHARGE }} }}) {{ nodes {{ id }} }} }}",
            self.house(place).folio
        );
        let data = self.owner.read(&query).await?;
        let lines = data["folioLineItems"]["nodes"].as_array().cloned();
        let charges: Vec<Value> = lines.unwrap_or_default();
        let choice = self.below(charges.len());
        let Some(line) = charges.get(choice) else {
            return Ok(());
        };
        let amount = self.amount(place, 800);
        let input = json!({ "lineId": line["id"], "amount": amount, "reason": "Cold" });
        self.try_to("folioAllowance", input, "folio { id }")
            .await
            .map(drop)
    }

    async fn bill_folio(&mut self, place: usize) -> anyhow::Result<()> {
        let input = json!({ "folioId": self.house(place).folio });
        let draft = self
            .try_to("invoiceCreate", input, "invoice { id }")
            .await?;
        self.issue(place, draft).await
    }
}
