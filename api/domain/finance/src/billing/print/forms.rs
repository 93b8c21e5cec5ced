//! The forms: an invoice or credit note, a receipt, and a statement. Values in, a PDF out.

pub mod statement;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::paper::{MARGIN, PLAIN, Paper, PrintError, QUIET, STRONG, TITLE, WIDTH, wrapped};

const RIGHT: f32 = WIDTH - MARGIN;
/// Where the columns of the lines end.
const QUANTITY: f32 = 330.0;
const PRICE: f32 = 400.0;
const TAX: f32 = 455.0;
/// How wide descriptions are.
const TEXT: f32 = 235.0;
const LEAD: f32 = 13.0;

/// Who sells or buys, as a document keeps it.
#[derive(Clone, Debug, Default)]
pub struct Party {
    /// The name.
    pub name: String,
    /// The address.
    pub address: Option<String>,
    /// The tax number.
    pub tax_id: Option<String>,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the customer reads.
    pub description: String,
    /// How many.
    pub quantity: Decimal,
    /// The price of one, in major units.
    pub unit_price: Decimal,
    /// What was taken off, in minor units.
    pub discount_minor: i64,
    /// The rate of its tax as a fraction.
    pub tax_rate: Option<Decimal>,
    /// What it costs without tax, in minor units.
    pub net_minor: i64,
}

/// A tax.
#[derive(Clone, Debug)]
pub struct TaxRow {
    /// Its name.
    pub name: String,
    /// The rate as a fraction.
    pub rate: Decimal,
    /// What it is reckoned on, in minor units.
    pub taxable_minor: i64,
    /// The tax, in minor units.
    pub tax_minor: i64,
}

/// An invoice.
#[derive(Clone, Debug)]
pub struct InvoiceForm {
    /// What it is, such as Invoice.
    pub title: String,
    /// Its number; none of a draft.
    pub number: Option<String>,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// When it is to be paid.
    pub due_on: Option<NaiveDate>,
    /// Who sells.
    pub seller: Party,
    /// Who buys.
    pub buyer: Party,
    /// The currency.
    pub currency: String,
    /// The digits of the currency.
    pub exponent: u32,
    /// Its lines.
    pub rows: Vec<Row>,
    /// Its taxes.
    pub taxes: Vec<TaxRow>,
    /// The sum of its lines without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// What is owed.
    pub total_minor: i64,
    /// What was paid, credited and given up.
    pub settled_minor: i64,
    /// What is open.
    pub open_minor: i64,
    /// Whether it was voided.
    pub is_voided: bool,
    /// What is said about payment.
    pub payment_terms: Option<String>,
    /// What else is said.
    pub note: Option<String>,
    /// The authority's number.
    pub authority_ref: Option<String>,
}

/// A receipt.
#[derive(Clone, Debug)]
pub struct ReceiptForm {
    /// Its number.
    pub number: String,
    /// The day of business.
    pub received_on: NaiveDate,
    /// Who received it.
    pub seller: Party,
    /// Who paid.
    pub payer: String,
    /// How it was paid.
    pub method: String,
    /// What the bank statement says.
    pub reference: Option<String>,
    /// The currency.
    pub currency: String,
    /// The digits of the currency.
    pub exponent: u32,
    /// How much.
    pub amount_minor: i64,
    /// What it paid: the document and how much.
    pub parts: Vec<(String, i64)>,
    /// What is set against nothing.
    pub unapplied_minor: i64,
    /// Whether it was reversed.
    pub is_reversed: bool,
}

/// An amount with the digits of its currency and its thousands apart, such as `1,234.50`.
pub fn amount(minor: i64, exponent: u32) -> String {
    let text = Decimal::from_i128_with_scale(i128::from(minor), exponent).to_string();
    let (sign, text) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if part.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{part}")
    }
}

fn percent(rate: Decimal) -> String {
    format!("{} %", (rate * Decimal::ONE_HUNDRED).normalize())
}

/// A price of one, with at least the digits of the currency.
fn price(price: Decimal, exponent: u32) -> String {
    let mut exact = price.normalize();
    if exact.scale() < exponent {
        exact.rescale(exponent);
    }
    exact.to_string()
}

fn party(paper: &mut Paper, x: f32, caption: &str, party: &Party) {
    paper.left(x, QUIET, caption);
    paper.down(LEAD);
    for line in wrapped(&party.name, STRONG, 220.0) {
        paper.left(x, STRONG, &line);
        paper.down(LEAD);
    }
    if let Some(address) = &party.address {
        for line in wrapped(address, PLAIN, 220.0) {
            paper.left(x, PLAIN, &line);
            paper.down(LEAD);
        }
    }
    if let Some(tax_id) = &party.tax_id {
        paper.left(x, PLAIN, &format!("Tax no. {tax_id}"));
        paper.down(LEAD);
    }
}

fn facts(paper: &mut Paper, facts: &[(&str, Option<String>)]) {
    for (caption, value) in facts {
        if let Some(value) = value {
            paper.left(360.0, QUIET, caption);
            paper.right(RIGHT, STRONG, value);
            paper.down(LEAD);
        }
    }
}

fn head(paper: &mut Paper, caption: &str) {
    paper.left(MARGIN, QUIET, "Description");
    paper.right(QUANTITY, QUIET, "Quantity");
    paper.right(PRICE, QUIET, "Price");
    paper.right(TAX, QUIET, "Tax");
    paper.right(RIGHT, QUIET, caption);
    paper.rule(MARGIN, RIGHT);
    paper.down(18.0);
}

impl InvoiceForm {
    /// The document as a PDF.
    pub fn print(&self) -> Result<Vec<u8>, PrintError> {
        let mut paper = Paper::new();
        let number = self.number.clone().unwrap_or_else(|| "Draft".to_owned());
        paper.left(MARGIN, TITLE, &self.title);
        paper.right(RIGHT, TITLE, &number);
        paper.down(22.0);
        if self.is_voided {
            paper.left(MARGIN, STRONG, "VOIDED: this document counts nowhere.");
        }
        paper.down(16.0);
        self.parties(&mut paper);
        self.lines(&mut paper);
        self.sums(&mut paper);
        self.remarks(&mut paper);
        let title = format!("{} {number}", self.title);
        let foot = format!("{} · {title}", self.seller.name);
        paper.finish(&title, &foot)
    }

    fn parties(&self, paper: &mut Paper) {
        let top = paper.y;
        party(paper, MARGIN, "From", &self.seller);
        paper.down(8.0);
        party(paper, MARGIN, "To", &self.buyer);
        let bottom = paper.y;
        paper.y = top;
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        facts(
            paper,
            &[
                ("Date", day(self.issued_on)),
                ("Due", day(self.due_on)),
                ("Currency", Some(self.currency.clone())),
                ("Authority's number", self.authority_ref.clone()),
            ],
        );
        paper.y = bottom.max(paper.y) + 18.0;
    }

    fn lines(&self, paper: &mut Paper) {
        let caption = format!("Net {}", self.currency);
        head(paper, &caption);
        for row in &self.rows {
            let mut texts = wrapped(&row.description, PLAIN, TEXT);
            if row.discount_minor > 0 {
                let off = amount(row.discount_minor, self.exponent);
                texts.push(format!("less discount of {off}"));
            }
            #[expect(clippy::cast_precision_loss, reason = "a description has few lines")]
            let height = LEAD * texts.len() as f32;
            if !paper.fits(height) {
                paper.turn();
                head(paper, &caption);
            }
            paper.right(QUANTITY, PLAIN, &row.quantity.normalize().to_string());
            paper.right(PRICE, PLAIN, &price(row.unit_price, self.exponent));
            let rate = row.tax_rate.map_or_else(|| "–".to_owned(), percent);
            paper.right(TAX, PLAIN, &rate);
            paper.right(RIGHT, PLAIN, &amount(row.net_minor, self.exponent));
            for text in texts {
                paper.left(MARGIN, PLAIN, &text);
                paper.down(LEAD);
            }
            paper.down(3.0);
        }
    }

    fn sums(&self, paper: &mut Paper) {
        #[expect(clippy::cast_precision_loss, reason = "there are few taxes")]
        let height = LEAD * (self.taxes.len() as f32 + 8.0);
        if !paper.fits(height) {
            paper.turn();
        }
        paper.down(-6.0);
        paper.rule(300.0, RIGHT);
        paper.down(20.0);
        let sum = |paper: &mut Paper, style, caption: &str, minor| {
            paper.left(300.0, style, caption);
            paper.right(RIGHT, style, &amount(minor, self.exponent));
            paper.down(LEAD + 1.0);
        };
        sum(paper, PLAIN, "Net", self.net_minor);
        for tax in &self.taxes {
            let on = amount(tax.taxable_minor, self.exponent);
            let caption = format!("{}, {} of {on}", tax.name, percent(tax.rate));
            sum(paper, PLAIN, &caption, tax.tax_minor);
        }
        paper.down(-8.0);
        paper.rule(300.0, RIGHT);
        paper.down(20.0);
        let total = format!("Total {}", self.currency);
        sum(paper, STRONG, &total, self.total_minor);
        if self.settled_minor != 0 {
            sum(paper, PLAIN, "Paid or credited", -self.settled_minor);
            sum(paper, STRONG, "Open", self.open_minor);
        }
    }

    fn remarks(&self, paper: &mut Paper) {
        paper.down(16.0);
        for text in [&self.payment_terms, &self.note].into_iter().flatten() {
            for line in wrapped(text, PLAIN, RIGHT - MARGIN) {
                if !paper.fits(LEAD) {
                    paper.turn();
                }
                paper.left(MARGIN, PLAIN, &line);
                paper.down(LEAD);
            }
            paper.down(4.0);
        }
    }
}

impl ReceiptForm {
    /// The document as a PDF.
    pub fn print(&self) -> Result<Vec<u8>, PrintError> {
        let mut paper = Paper::new();
        paper.left(MARGIN, TITLE, "Receipt");
        paper.right(RIGHT, TITLE, &self.number);
        paper.down(22.0);
        if self.is_reversed {
            paper.left(MARGIN, STRONG, "REVERSED: the money did not stay.");
        }
        paper.down(16.0);
        let top = paper.y;
        party(&mut paper, MARGIN, "Received by", &self.seller);
        paper.down(8.0);
        let payer = Party {
            name: self.payer.clone(),
            ..Party::default()
        };
        party(&mut paper, MARGIN, "From", &payer);
        let bottom = paper.y;
        paper.y = top;
        facts(
            &mut paper,
            &[
                ("Date", Some(self.received_on.to_string())),
                ("By", Some(self.method.clone())),
                ("Reference", self.reference.clone()),
            ],
        );
        paper.y = bottom.max(paper.y) + 18.0;
        paper.left(MARGIN, QUIET, "For");
        paper.right(RIGHT, QUIET, &format!("Amount {}", self.currency));
        paper.rule(MARGIN, RIGHT);
        paper.down(18.0);
        let rest = (self.unapplied_minor > 0).then(|| {
            (
                "Credit that is set against nothing yet".to_owned(),
                self.unapplied_minor,
            )
        });
        for (text, minor) in self.parts.iter().chain(&rest) {
            if !paper.fits(LEAD * 3.0) {
                paper.turn();
            }
            paper.left(MARGIN, PLAIN, text);
            paper.right(RIGHT, PLAIN, &amount(*minor, self.exponent));
            paper.down(LEAD + 2.0);
        }
        paper.down(-6.0);
        paper.rule(300.0, RIGHT);
        paper.down(20.0);
        paper.left(300.0, STRONG, &format!("Received {}", self.currency));
        paper.right(RIGHT, STRONG, &amount(self.amount_minor, self.exponent));
        let title = format!("Receipt {}", self.number);
        let foot = format!("{} · {title}", self.seller.name);
        paper.finish(&title, &foot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e27_amounts_are_printed_with_the_digits_of_their_currency() {
        assert_eq!(amount(1_234_567, 2), "12,345.67");
        assert_eq!(amount(1_234_567, 0), "1,234,567");
        assert_eq!(amount(-1_234_567, 3), "-1,234.567");
        assert_eq!(amount(5, 3), "0.005");
        assert_eq!(price(Decimal::new(1_005, 3), 2), "1.005");
        assert_eq!(price(Decimal::new(20, 1), 2), "2.00");
    }
}
