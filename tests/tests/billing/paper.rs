//! Documents as customers get them: real PDFs, with the right words.

use serde_json::{Value, json};

use super::{House, paper_text, text};

impl House {
    /// The text of a document, its spaces made one.
    pub(super) async fn paper(&self, kind: &str, id: &Value) -> anyhow::Result<String> {
        let path = format!("/documents/{kind}/{}.pdf", text(id));
        let (status, bytes) = self.owner.get_file(&path).await?;
        anyhow::ensure!(status == 200, "{path}: {status}");
        anyhow::ensure!(bytes.starts_with(b"%PDF-1."), "{path} is no PDF");
        Ok(paper_text::of(&bytes))
    }
}

fn must_say(paper: &str, words: &[&str]) {
    for word in words {
        assert!(paper.contains(word), "{word:?} is not on: {paper}");
    }
}

#[tokio::test]
async fn an_invoice_says_who_owes_what_for_what_and_until_when() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rate = house.tax("IVA normal", "0.23").await?;
    let lines = json!([
        { "description": "Suite with a view", "quantity": "2", "unitPrice": "100.00", "taxRateId": rate },
        { "description": "Breakfast", "quantity": "2", "unitPrice": "12.50", "taxRateId": rate },
    ]);
    let invoice = house
        .invoice_of(lines, json!({ "note": "With thanks from Lisboa" }))
        .await?;
    let (number, due) = (text(&invoice["number"]), text(&invoice["dueOn"]));
    let paper = house.paper("invoices", &invoice["id"]).await?;
    must_say(
        &paper,
        &[
            "Invoice",
            &number,
            "Ana Silva",
            "Suite with a view",
            "Breakfast",
            "IVA normal",
            "23",
            "225.00",
            "51.75",
            "276.75",
            "EUR",
            "With thanks from Lisboa",
            &due,
        ],
    );
    house.pay(7_675, json!({})).await?;
    let paper = house.paper("invoices", &invoice["id"]).await?;
    must_say(&paper, &["76.75", "200.00"]);
    Ok(())
}

#[tokio::test]
async fn e27_papers_have_the_digits_of_their_currency() -> anyhow::Result<()> {
    for (currency, minor, told) in [("JPY", 12_345, "12,345"), ("KWD", 12_345, "12.345")] {
        let house = House::over(tests::World::new().await?, currency).await?;
        let invoice = house.invoice(minor).await?;
        let paper = house.paper("invoices", &invoice["id"]).await?;
        must_say(&paper, &[currency, told]);
    }
    Ok(())
}

#[tokio::test]
async fn a_receipt_says_who_paid_how_much_for_what() -> anyhow::Result<()> {
    let house = House::open().await?;
    let invoice = house.invoice(5_000).await?;
    let receipt = house.pay(6_000, json!({})).await?;
    let paper = house.paper("receipts", &receipt["id"]).await?;
    let (number, of) = (text(&receipt["number"]), text(&invoice["number"]));
    must_say(
        &paper,
        &[
            "Receipt",
            &number,
            "Ana Silva",
            "60.00",
            "EUR",
            &of,
            "50.00",
        ],
    );
    Ok(())
}
