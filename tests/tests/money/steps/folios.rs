//! Folios: charges, allowances, transfers, splits, closing, and invoices of them.

use serde_json::{Value, json};

use crate::money::History;

impl History {
    pub(super) async fn folio_step(&mut self, place: usize) -> anyhow::Result<()> {
        match self.below(11) {
            0 => self.folio(place).await,
            1 | 2 => self.charge(place).await,
            3 => self.allow().await,
            4 => self.move_charge().await,
            5 => {
                let parts = json!({ "parts": 3 });
                let done = self.do_to("folio", "folioSplit", parts, "folios { id }");
                let done = done.await?;
                self.keep_all("folio", place, done, "folios");
                Ok(())
            }
            6 => self.close().await,
            7 => self.settle_on_account().await,
            8 | 9 => self.route(place).await,
            _ => self.bill_folio().await,
        }
    }

    fn keep_all(&mut self, kind: &'static str, place: usize, made: Option<Value>, field: &str) {
        let made = made.unwrap_or_default();
        for one in made[field].as_array().into_iter().flatten() {
            self.keep(kind, place, one["id"].clone());
        }
    }

    pub(super) async fn folio(&mut self, place: usize) -> anyhow::Result<()> {
        let house = &self.houses[place];
        let input = json!({ "locationId": house.location, "ownerCustomerId": house.customer });
        let made = self.make(("folio", place), "folioOpen", input, "folio");
        made.await.map(drop)
    }

    pub(super) async fn charge(&mut self, place: usize) -> anyhow::Result<()> {
        let Some((place, folio)) = self.one("folio").filter(|(of, _)| *of == place) else {
            return Ok(());
        };
        let amount = self.amount(place, 3_000);
        let input = json!({ "folioId": folio, "description": "Dinner", "amount": amount });
        self.try_to("folioPost", input, "folio { id }")
            .await
            .map(drop)
    }

    /// Charges of a folio go to another one from now on, or no longer.
    async fn route(&mut self, place: usize) -> anyhow::Result<()> {
        if self.chance(0.3) {
            let select = "folioRoutingRule { id }";
            let done = self.do_to("rule", "folioRoutingRuleEnd", json!({}), select);
            return done.await.map(drop);
        }
        let (from, to) = (self.one("folio"), self.one("folio"));
        let (Some((_, from)), Some((_, to))) = (from, to) else {
            return Ok(());
        };
        let mut input = json!({ "fromFolioId": from, "toFolioId": to, "currency": self.houses[place].currency });
        if self.chance(0.5) {
            input["limit"] = self.amount(place, 2_000);
        }
        self.make(
            ("rule", place),
            "folioRoutingRuleAdd",
            input,
            "folioRoutingRule",
        )
        .await?;
        self.charge(place).await
    }

    /// A charge, with its house.
    async fn charged(&mut self) -> anyhow::Result<Option<(usize, Value)>> {
        self.found("folioLineItems", "{ kind: { eq: CHARGE } }")
            .await
    }

    /// What is open on a folio is paid, and it is closed; now and then it is opened again.
    async fn close(&mut self) -> anyhow::Result<()> {
        let Some((place, folio)) = self.one("folio") else {
            return Ok(());
        };
        let query = format!("{{ folio(id: {folio}) {{ balanceMinor }} }}");
        let data = self.owner.read(&query).await?;
        let open = data["folio"]["balanceMinor"].as_i64().unwrap_or_default();
        let house = &self.houses[place];
        if open > 0 {
            let input = json!({
                "locationId": house.location, "customerId": house.customer, "folioId": folio, "method": "CASH",
                "amount": super::money(open, house.currency),
            });
            self.try_to("receiptRecord", input, "receipt { id }")
                .await?;
        }
        let select = "folio { id }";
        self.try_to("folioClose", json!({ "id": folio }), select)
            .await?;
        if self.chance(0.5) {
            let why = json!({ "id": folio, "reason": "Forgot the tea" });
            self.try_to("folioReopen", why, select).await?;
        }
        Ok(())
    }

    async fn allow(&mut self) -> anyhow::Result<()> {
        let Some((place, line)) = self.charged().await? else {
            return Ok(());
        };
        let amount = self.amount(place, 800);
        let input = json!({ "lineId": line, "amount": amount, "reason": "Cold" });
        self.try_to("folioAllowance", input, "folio { id }")
            .await
            .map(drop)
    }

    async fn move_charge(&mut self) -> anyhow::Result<()> {
        let Some((place, line)) = self.charged().await? else {
            return Ok(());
        };
        let Some((_, to)) = self.one("folio") else {
            return Ok(());
        };
        let mut moved = json!({ "lineId": line });
        if self.chance(0.5) {
            moved["amount"] = self.amount(place, 800);
        }
        let input = json!({ "lines": [moved], "toFolioId": to, "reason": "Theirs" });
        self.try_to("folioTransfer", input, "folio { id }")
            .await
            .map(drop)
    }

    async fn settle_on_account(&mut self) -> anyhow::Result<()> {
        let Some((place, folio)) = self.one("folio") else {
            return Ok(());
        };
        let input = json!({ "id": folio, "billingAccountId": self.houses[place].account });
        self.try_to("folioTransferToAccount", input, "folio { id }")
            .await
            .map(drop)
    }

    async fn bill_folio(&mut self) -> anyhow::Result<()> {
        let Some((place, folio)) = self.one("folio") else {
            return Ok(());
        };
        let input = json!({ "folioId": folio });
        let draft = self
            .try_to("invoiceCreate", input, "invoice { id }")
            .await?;
        self.issue(place, draft).await
    }
}
