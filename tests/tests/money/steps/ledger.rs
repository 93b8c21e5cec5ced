//! Entries by hand, what is set aside, and what is taken back.

use serde_json::json;

use crate::money::History;

impl History {
    pub(super) async fn ledger_step(&mut self, place: usize) -> anyhow::Result<()> {
        match self.below(6) {
            0 => self.entry(place).await,
            5 => self.lock_books().await,
            1 => {
                let why = json!({ "reason": "Posted twice" });
                let done = self.do_to("entry", "ledgerEntryReverse", why, "journalEntry { id }");
                done.await.map(drop)
            }
            2 => self.set_aside(place).await,
            3 => {
                let select = "pendingTransfer { id }";
                let done = self.do_to("pending", "pendingTransferPost", json!({}), select);
                done.await.map(drop)
            }
            _ => {
                let select = "pendingTransfer { id }";
                let done = self.do_to("pending", "pendingTransferVoid", json!({}), select);
                done.await.map(drop)
            }
        }
    }

    pub(super) async fn entry(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 5_000);
        let [one, other] = &self.houses[place].books;
        let input = json!({
            "kind": "ADJUSTMENT", "description": "By hand",
            "lines": [
                { "accountId": one, "side": "DEBIT", "amount": amount },
                { "accountId": other, "side": "CREDIT", "amount": amount },
            ],
        });
        let made = self.make(("entry", place), "ledgerEntryPost", input, "journalEntry");
        made.await.map(drop)
    }

    /// The books until yesterday take nothing any more; now and then two people open them again.
    async fn lock_books(&mut self) -> anyhow::Result<()> {
        let yesterday = self.world.opened.now().date_naive() - chrono::Duration::days(1);
        let (input, select) = (json!({ "throughDate": yesterday }), "periodLock { id }");
        self.make(("period", 0), "periodLock", input, "periodLock")
            .await?;
        let [one, other] = &self.houses[0].books;
        let amount = super::money(100, self.houses[0].currency);
        let late = json!({
            "kind": "ADJUSTMENT", "description": "Too late", "businessDate": yesterday,
            "lines": [
                { "accountId": one, "side": "DEBIT", "amount": amount },
                { "accountId": other, "side": "CREDIT", "amount": amount },
            ],
        });
        let posted = self.try_to("ledgerEntryPost", late, "journalEntry { id }");
        anyhow::ensure!(posted.await?.is_none(), "posted into a locked period");
        if self.chance(0.3) {
            let Some((_, id)) = self.one("period") else {
                return Ok(());
            };
            let ask = json!({ "id": id, "reason": "An invoice came late" });
            self.try_to("periodReopenRequest", ask, select).await?;
            let admin = self.world.staff(&self.owner, "admin", &[]).await?;
            self.try_as(&admin, "periodReopen", json!({ "id": id }), select)
                .await?;
            let input = json!({ "throughDate": yesterday });
            self.make(("period", 0), "periodLock", input, "periodLock")
                .await?;
        }
        Ok(())
    }

    async fn set_aside(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 2_000);
        let expires = self.world.opened.now() + chrono::Duration::minutes(2);
        let [one, other] = &self.houses[place].books;
        let mut input =
            json!({ "debitAccountId": other, "creditAccountId": one, "amount": amount });
        if self.chance(0.5) {
            input["expiresAt"] = json!(expires);
        }
        self.make(
            ("pending", place),
            "pendingTransferOpen",
            input,
            "pendingTransfer",
        )
        .await?;
        let job = "expire_pending_transfers";
        self.world.run_job(job).await.map(drop)
    }
}
