//! Payments in parts and by all ways, captures, refunds, disputes, links, transfers, payouts.

use serde_json::{Value, json};

use crate::money::History;

const CARDS: [&str; 9] = [
    "card_ok",
    "card_ok",
    "card_ok",
    "card_declined",
    "card_timeout",
    "card_pending",
    "card_twice",
    "card_dispute",
    "card_refund_fails",
];

impl History {
    pub(super) async fn payment_step(&mut self, place: usize) -> anyhow::Result<()> {
        match self.below(15) {
            0 | 1 => self.pay_invoice().await,
            2 => self.pay_freely(place).await,
            3 => self.pay_by_gift().await,
            4 => self.pay_by_wallet(place).await,
            5 => self.pay_in_parts(place).await,
            6 => self.take_cash(place).await,
            7 | 8 => self.refund().await,
            9 => self.capture().await,
            10 => self.raise().await,
            11 => self.pay_by_link().await,
            12 => self.listen().await,
            13 => self.move_money(place).await,
            _ => self.pay_out(place).await,
        }
    }

    /// A payment of so much at most.
    pub(super) async fn pay(
        &mut self,
        place: usize,
        tenders: Value,
        source: Value,
        most: i64,
    ) -> anyhow::Result<()> {
        let amount = self.amount(place, most);
        self.pay_exactly(place, tenders, source, amount).await
    }

    async fn pay_exactly(
        &mut self,
        place: usize,
        tenders: Value,
        source: Value,
        amount: Value,
    ) -> anyhow::Result<()> {
        let mode = ["AUTOMATIC", "AUTOMATIC", "MANUAL", "MANUAL_MULTIPLE"][self.below(4)];
        let house = &self.houses[place];
        let mut input = json!({
            "amount": amount, "locationId": house.location, "customerId": house.customer, "tenders": tenders,
            "captureMode": mode,
        });
        if !source.is_null() {
            input["source"] = source;
        }
        let made = self.make(
            ("payment", place),
            "paymentIntentCreate",
            input,
            "paymentIntent",
        );
        made.await.map(drop)
    }

    fn by_card(&mut self, place: usize) -> Value {
        let card = CARDS[self.below(CARDS.len())];
        let mut tenders = json!([{ "kind": "CARD", "methodRef": card }]);
        if self.chance(0.3) {
            tenders[0]["tip"] = self.amount(place, 300);
        }
        tenders
    }

    async fn pay_invoice(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one("invoice") else {
            return Ok(());
        };
        let tenders = self.by_card(place);
        let source = json!({ "invoiceId": id });
        self.pay(place, tenders, source, 9_000).await
    }

    async fn pay_freely(&mut self, place: usize) -> anyhow::Result<()> {
        let tenders = self.by_card(place);
        let folio = self.one("folio").filter(|(of, _)| *of == place);
        let source = folio.filter(|_| self.chance(0.5));
        let source = source.map_or(Value::Null, |(_, id)| json!({ "folioId": id }));
        self.pay(place, tenders, source, 5_000).await
    }

    async fn pay_by_gift(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one("card") else {
            return Ok(());
        };
        let tenders = json!([{ "kind": "GIFT", "giftInstrumentId": id }]);
        let invoice = self.one("invoice").filter(|(of, _)| *of == place);
        let source = invoice.map_or(Value::Null, |(_, id)| json!({ "invoiceId": id }));
        self.pay(place, tenders, source, 3_000).await
    }

    async fn pay_by_wallet(&mut self, place: usize) -> anyhow::Result<()> {
        let tenders = json!([{ "kind": "WALLET", "walletId": self.houses[place].wallet }]);
        self.pay(place, tenders, Value::Null, 3_000).await
    }

    /// Cash, a wallet, on account, and a card for the rest.
    async fn pay_in_parts(&mut self, place: usize) -> anyhow::Result<()> {
        let currency = self.houses[place].currency;
        let parts = [300, 200, 100].map(|minor| super::money(minor, currency));
        let [cash, wallet, account] = parts;
        let card = CARDS[self.below(CARDS.len())];
        let tenders = json!([
            { "kind": "CASH", "amount": cash },
            { "kind": "WALLET", "walletId": self.houses[place].wallet, "amount": wallet },
            { "kind": "ACCOUNT", "amount": account },
            { "kind": "CARD", "methodRef": card },
        ]);
        let amount = super::money(1_000, currency);
        self.pay_exactly(place, tenders, Value::Null, amount).await
    }

    async fn take_cash(&mut self, place: usize) -> anyhow::Result<()> {
        let due = self.amount(place, 4_000);
        let input = json!({ "due": due, "locationId": self.houses[place].location });
        let made = self.make(
            ("payment", place),
            "paymentCashTake",
            input,
            "paymentIntent",
        );
        made.await.map(drop)
    }

    async fn refund(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one("payment") else {
            return Ok(());
        };
        let method = ["ORIGINAL", "ORIGINAL", "WALLET", "BANK_TRANSFER"][self.below(4)];
        let mut input = json!({ "id": id, "reason": "DUPLICATE", "method": method });
        if self.chance(0.6) {
            input["amount"] = self.amount(place, 4_000);
        }
        self.try_to("paymentRefund", input, "refunds { id }")
            .await
            .map(drop)
    }

    async fn capture(&mut self) -> anyhow::Result<()> {
        let held = "{ status: { in: [REQUIRES_CAPTURE, PARTIALLY_CAPTURED] } }";
        let Some((place, id)) = self.found("paymentIntents", held).await? else {
            return Ok(());
        };
        let select = "paymentIntent { id }";
        if self.chance(0.3) {
            let input = json!({ "id": id, "reason": "Enough" });
            let canceled = self.try_to("paymentCancel", input, select);
            return canceled.await.map(drop);
        }
        let (amount, is_final) = (self.amount(place, 4_000), self.chance(0.5));
        let input = json!({ "id": id, "amount": amount, "isFinal": is_final });
        self.try_to("paymentCapture", input, select).await.map(drop)
    }

    /// More is authorized, or a declined part is paid otherwise.
    async fn raise(&mut self) -> anyhow::Result<()> {
        let select = "paymentIntent { id }";
        if self.chance(0.5) {
            let held = "{ status: { eq: REQUIRES_CAPTURE } }";
            let Some((place, id)) = self.found("paymentIntents", held).await? else {
                return Ok(());
            };
            let by = self.amount(place, 500);
            let input = json!({ "id": id, "by": by });
            let raised = self.try_to("paymentAuthorizationIncrease", input, select);
            return raised.await.map(drop);
        }
        let declined = "{ status: { eq: REQUIRES_PAYMENT_METHOD } }";
        let Some((_, id)) = self.found("paymentIntents", declined).await? else {
            return Ok(());
        };
        let tenders = json!([{ "kind": "CASH" }]);
        let input = json!({ "id": id, "tenders": tenders });
        self.try_to("paymentTendersReplace", input, select)
            .await
            .map(drop)
    }

    async fn pay_by_link(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one("invoice") else {
            return Ok(());
        };
        let amount = self.amount(place, 2_000);
        let input = json!({ "source": { "invoiceId": id }, "amount": amount });
        let made = self.try_to("paymentLinkCreate", input, "token").await?;
        let Some(made) = made else { return Ok(()) };
        let card = CARDS[self.below(CARDS.len())];
        let input = json!({ "token": made["token"], "methodRef": card });
        let anyone = self.world.anonymous();
        let answer = anyone.verb("paymentLinkPay", input, "number").await?;
        anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
        Ok(())
    }

    /// What processors say, and what asks them again.
    async fn listen(&mut self) -> anyhow::Result<()> {
        self.world.clock.advance(chrono::Duration::seconds(61));
        self.sign_in_again().await?;
        for job in [
            "reconcile_payments",
            "send_refunds",
            "sandbox_answers",
            "sandbox_disputes",
        ] {
            self.world.run_job(job).await?;
        }
        let query =
            "{ disputes(first: 1, filter: { status: { eq: NEEDS_RESPONSE } }) { nodes { id } } }";
        let data = self.owner.read(query).await?;
        let id = &data["disputes"]["nodes"][0]["id"];
        if id.is_null() {
            return Ok(());
        }
        let input = json!({ "id": id, "reason": "They are right" });
        self.try_to("disputeAccept", input, "dispute { id }")
            .await
            .map(drop)
    }

    /// An account at a processor.
    pub(super) async fn at(&self, processor: &str) -> anyhow::Result<Value> {
        let query = "{ processorAccounts { nodes { id processor } } }";
        let data = self.owner.read(query).await?;
        let all = data["processorAccounts"]["nodes"].as_array();
        let found = all
            .into_iter()
            .flatten()
            .find(|a| a["processor"] == processor);
        Ok(found
            .map(|account| account["id"].clone())
            .unwrap_or_default())
    }

    async fn move_money(&mut self, place: usize) -> anyhow::Result<()> {
        let (from, to) = (self.at("CASH").await?, self.at("BANK").await?);
        if from.is_null() || to.is_null() {
            return Ok(());
        }
        let amount = self.amount(place, 500);
        let input = json!({ "fromAccountId": from, "toAccountId": to, "amount": amount });
        self.make(
            ("transfer", place),
            "paymentTransferCreate",
            input,
            "paymentTransfer",
        )
        .await?;
        let select = "paymentTransfer { id }";
        self.do_to("transfer", "paymentTransferReverse", json!({}), select)
            .await
            .map(drop)
    }

    async fn pay_out(&mut self, place: usize) -> anyhow::Result<()> {
        let (amount, account) = (self.amount(place, 500), self.at("SANDBOX").await?);
        let input = json!({ "amount": amount, "processorAccountId": account });
        self.make(("payout", place), "payoutCreate", input, "payout")
            .await?;
        if self.chance(0.5) {
            let done = self.do_to("payout", "payoutComplete", json!({}), "payout { id }");
            return done.await.map(drop);
        }
        let why = json!({ "reason": "Wrong account" });
        self.do_to("payout", "payoutFail", why, "payout { id }")
            .await
            .map(drop)
    }
}
