//! Invoices, credit notes, receipts and what they are set against, write-offs, instalments.

use serde_json::{Value, json};

use crate::money::History;

impl History {
    pub(super) async fn billing_step(&mut self, place: usize) -> anyhow::Result<()> {
        match self.below(13) {
            0 | 1 => self.invoice(place).await,
            2 | 3 => self.receive(place).await,
            4 | 5 => self.credit().await,
            6 => self.write_off().await,
            7 => {
                let more = json!({});
                let done = self.do_to("write-off", "writeOffRecover", more, "writeOff { id }");
                done.await.map(drop)
            }
            8 => {
                let done = self.do_to("receipt", "receiptAllocate", json!({}), "receipt { id }");
                done.await.map(drop)
            }
            9 => {
                let why = json!({ "reason": "Bounced" });
                let done = self.do_to("receipt", "receiptReverse", why, "receipt { id }");
                done.await.map(drop)
            }
            10 => self.undo_allocation().await,
            11 => self.plan_instalments().await,
            _ => {
                let why = json!({ "reason": "Never sent" });
                let done = self.do_to("invoice", "invoiceVoid", why, "invoice { id }");
                done.await.map(drop)
            }
        }
    }

    pub(super) async fn invoice(&mut self, place: usize) -> anyhow::Result<()> {
        let (one, two) = (self.amount(place, 9_000), self.amount(place, 500));
        let on_account = self.chance(0.3);
        let house = &self.houses[place];
        let mut input = json!({
            "locationId": house.location, "customerId": house.customer,
            "lines": [{ "description": "Room", "unitPrice": one["amount"] }, { "description": "Tea", "unitPrice": two["amount"], "quantity": "3" }],
        });
        if on_account {
            input["billingAccountId"] = house.account.clone();
        }
        let draft = self
            .try_to("invoiceCreate", input, "invoice { id }")
            .await?;
        self.issue(place, draft).await
    }

    pub(super) async fn issue(&mut self, place: usize, draft: Option<Value>) -> anyhow::Result<()> {
        let Some(draft) = draft else { return Ok(()) };
        let id = draft["invoice"]["id"].clone();
        let input = json!({ "id": id });
        let issued = self
            .try_to("invoiceFinalize", input, "invoice { id }")
            .await?;
        if issued.is_some() {
            self.keep("invoice", place, id);
        }
        Ok(())
    }

    async fn receive(&mut self, place: usize) -> anyhow::Result<()> {
        let amount = self.amount(place, 6_000);
        let keep = self.chance(0.5);
        let method = ["CASH", "BANK_TRANSFER"][self.below(2)];
        let house = &self.houses[place];
        let input = json!({
            "locationId": house.location, "customerId": house.customer, "amount": amount, "method": method,
            "keepUnapplied": keep,
        });
        let made = self.make(("receipt", place), "receiptRecord", input, "receipt");
        made.await.map(drop)
    }

    /// A credit note for all or for a part of an invoice, which is set against it or against another.
    async fn credit(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one("invoice") else {
            return Ok(());
        };
        let input = json!({ "invoiceId": id, "reason": "Not as agreed" });
        let made = self.make(("note", place), "creditNoteCreate", input, "creditNote");
        let Some(note) = made.await? else {
            return Ok(());
        };
        let input = json!({ "id": note });
        self.try_to("creditNoteFinalize", input, "creditNote { id }")
            .await?;
        let Some((_, other)) = self.one("invoice") else {
            return Ok(());
        };
        let apply = json!({ "invoiceId": other });
        self.do_to("note", "creditNoteApply", apply, "creditNote { id }")
            .await
            .map(drop)
    }

    async fn write_off(&mut self) -> anyhow::Result<()> {
        let Some((place, id)) = self.one("invoice") else {
            return Ok(());
        };
        let amount = self.amount(place, 12_000);
        let input = json!({ "id": id, "amount": amount, "reason": "GOODWILL" });
        let made = self.make(("write-off", place), "invoiceWriteOff", input, "writeOff");
        let Some(write_off) = made.await? else {
            return Ok(());
        };
        // Where it is more than one may give up alone, somebody else decides.
        let manager = self.manager.clone();
        let input = json!({ "id": write_off });
        self.try_as(&manager, "writeOffApprove", input, "writeOff { id }")
            .await
            .map(drop)
    }

    async fn undo_allocation(&mut self) -> anyhow::Result<()> {
        let query = "{ paymentAllocations(first: 60) { nodes { id } } }";
        let data = self.owner.read(query).await?;
        let all = data["paymentAllocations"]["nodes"].as_array().cloned();
        let all = all.unwrap_or_default();
        let choice = self.below(all.len());
        let Some(allocation) = all.get(choice) else {
            return Ok(());
        };
        let input = json!({ "id": allocation["id"], "reason": "For another one" });
        let select = "paymentAllocation { id }";
        self.try_to("paymentAllocationReverse", input, select)
            .await
            .map(drop)
    }

    async fn plan_instalments(&mut self) -> anyhow::Result<()> {
        let Some((_, id)) = self.one("invoice") else {
            return Ok(());
        };
        let input = json!({ "invoiceId": id, "parts": 3, "firstDueOn": "2027-01-31" });
        self.try_to("paymentScheduleCreate", input, "paymentSchedules { id }")
            .await?;
        self.world.run_job("settle_instalments").await.map(drop)
    }
}
