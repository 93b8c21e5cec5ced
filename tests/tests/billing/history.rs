//! A history at random: whatever is done in whatever order, sums agree; and where one row is changed by
//! hand, verify says so.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::{House, INVOICE, RECEIPT, number};

const STEPS: usize = 90;

struct History {
    house: House,
    dice: StdRng,
    drafts: Vec<Value>,
    invoices: Vec<Value>,
    receipts: Vec<Value>,
    folio: Value,
}

impl History {
    fn pick(&mut self, of: usize) -> usize {
        self.dice.random_range(0..of.max(1))
    }

    /// One step. What is refused is refused with a reason, never with a fault.
    async fn step(&mut self) -> anyhow::Result<()> {
        let minor = self.dice.random_range(1..5_000_i64);
        let money = self.house.money(minor);
        let (invoice, receipt) = (
            self.pick(self.invoices.len()),
            self.pick(self.receipts.len()),
        );
        let invoice = self.invoices.get(invoice).cloned().unwrap_or(Value::Null);
        let receipt = self.receipts.get(receipt).cloned().unwrap_or(Value::Null);
        let (name, input) = match self.pick(14) {
            0 | 1 => {
                let draft = self
                    .house
                    .draft_of(
                        json!([self.house.line(minor), self.house.line(77)]),
                        json!({}),
                    )
                    .await?;
                self.drafts.push(draft);
                return Ok(());
            }
            2 | 3 => match self.drafts.pop() {
                Some(draft) => ("invoiceFinalize", json!({ "id": draft["id"] })),
                None => return Ok(()),
            },
            4 => match self.drafts.pop() {
                Some(draft) => ("invoiceDiscard", json!({ "id": draft["id"] })),
                None => return Ok(()),
            },
            5 => ("receiptRecord", self.house.payment(minor, json!({}))),
            6 => (
                "receiptRecord",
                self.house.payment(minor, json!({ "keepUnapplied": true })),
            ),
            7 => (
                "receiptAllocate",
                json!({ "id": receipt["id"], "amount": money }),
            ),
            8 => (
                "receiptReverse",
                json!({ "id": receipt["id"], "reason": "Bounced" }),
            ),
            9 => (
                "creditNoteCreate",
                json!({ "invoiceId": invoice["id"], "reason": "x" }),
            ),
            10 => (
                "invoiceWriteOff",
                json!({ "id": invoice["id"], "amount": money, "reason": "GOODWILL" }),
            ),
            11 => ("invoiceVoid", json!({ "id": invoice["id"], "reason": "x" })),
            12 => (
                "folioPost",
                json!({ "folioId": self.folio["id"], "description": "Tea", "amount": money }),
            ),
            _ => ("invoiceCreate", json!({ "folioId": self.folio["id"] })),
        };
        let selection = match name {
            "invoiceFinalize" | "invoiceDiscard" | "invoiceVoid" | "invoiceCreate" => INVOICE,
            "creditNoteCreate" => "creditNote { id }",
            "invoiceWriteOff" => "writeOff { id }",
            "folioPost" => "folio { id }",
            _ => RECEIPT,
        };
        let answer = self.house.verb(name, input, selection).await?;
        let is_bad_id = answer.code() == Some("BAD_USER_INPUT");
        anyhow::ensure!(
            answer.errors().is_empty() || is_bad_id,
            "{name}: {}",
            answer.body
        );
        if answer.user_code().is_some() || is_bad_id {
            return Ok(());
        }
        let done = answer.payload().clone();
        match name {
            "invoiceFinalize" => self.invoices.push(done["invoice"].clone()),
            "invoiceCreate" => self.drafts.push(done["invoice"].clone()),
            "receiptRecord" => self.receipts.push(done["receipt"].clone()),
            "creditNoteCreate" => {
                let input = json!({ "id": done["creditNote"]["id"] });
                self.house
                    .act("creditNoteFinalize", input, "creditNote { id }")
                    .await?;
            }
            _ => {}
        }
        Ok(())
    }
}

#[tokio::test]
async fn inv16_after_a_random_history_all_sums_agree_and_a_change_by_hand_is_named()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let folio = json!({ "locationId": house.location, "ownerCustomerId": house.customer });
    let folio = house.act("folioOpen", folio, "folio { id }").await?;
    let seed = 41;
    println!("seed {seed}");
    let mut history = History {
        house,
        dice: StdRng::seed_from_u64(seed),
        drafts: Vec::new(),
        invoices: Vec::new(),
        receipts: Vec::new(),
        folio,
    };
    for _ in 0..STEPS {
        history.step().await?;
    }
    let house = &history.house;
    house.must_agree().await?;
    for invoice in &history.invoices {
        let now = house.invoice_now(invoice).await?;
        let settled = number(&now, "paidMinor")?
            + number(&now, "creditedMinor")?
            + number(&now, "writtenOffMinor")?;
        assert!(settled <= number(&now, "totalMinor")?, "{now}");
    }
    // The books say the same as the documents.
    let open = house.count("select coalesce(sum(open_minor), 0)::bigint from billing.invoices where kind <> 'proforma'").await?;
    assert_eq!(house.books("1200").await?, open);
    let guests = house
        .count("select coalesce(sum(balance_minor), 0)::bigint from billing.folios")
        .await?;
    assert_eq!(house.books("1100").await?, guests);
    let free = house.count("select coalesce((select sum(unapplied_minor) from billing.receipts where status = 'recorded'), 0)::bigint + coalesce((select sum(unused_minor) from billing.credit_notes where status = 'finalized'), 0)::bigint").await?;
    assert_eq!(house.books("2100").await?, free);
    let owner = house.world.database.owner().await?;
    let by_hand = [
        "update billing.receipts set unapplied_minor = unapplied_minor - 1 where id = (select id from billing.receipts where unapplied_minor > 0 and status = 'recorded' limit 1)",
        "update billing.folios set balance_minor = balance_minor + 1",
    ];
    house
        .pay(9_999_999, json!({ "keepUnapplied": true }))
        .await?;
    owner
        .batch_execute("set session_replication_role = replica")
        .await?;
    for sql in by_hand {
        assert!(owner.execute(sql, &[]).await? > 0, "{sql}");
        assert!(house.world.breaks().await? > 0, "{sql}");
    }
    Ok(())
}
