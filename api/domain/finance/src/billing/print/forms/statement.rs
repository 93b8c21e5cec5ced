//! The form of a statement of an account.

use chrono::NaiveDate;

use super::{LEAD, Party, RIGHT, amount, facts, party};
use crate::billing::print::paper::{MARGIN, PLAIN, Paper, PrintError, QUIET, STRONG, TITLE};

/// Where the texts of the lines begin, after their days.
const TEXT: f32 = MARGIN + 75.0;
/// Where the column of what a line adds ends; what is owed after it ends at the right margin.
const ADDED: f32 = 440.0;

/// A statement.
#[derive(Clone, Debug)]
pub struct StatementForm {
    /// Its number.
    pub number: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub last_on: NaiveDate,
    /// Who states it.
    pub seller: Party,
    /// Whose account it is.
    pub buyer: Party,
    /// The account's number.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// The digits of the currency.
    pub exponent: u32,
    /// What was owed at the beginning.
    pub opening_minor: i64,
    /// What happened.
    pub lines: Vec<Moved>,
    /// What was owed at the end.
    pub closing_minor: i64,
}

/// A document that moved what is owed.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Its day; none of what came in late for days that were stated before.
    pub day: Option<NaiveDate>,
    /// What it is, with its number.
    pub text: String,
    /// What it adds to what is owed; less than zero takes from it.
    pub amount_minor: i64,
}

fn head(paper: &mut Paper, currency: &str) {
    paper.left(MARGIN, QUIET, "Day");
    paper.left(TEXT, QUIET, "Document");
    paper.right(ADDED, QUIET, "Change");
    paper.right(RIGHT, QUIET, &format!("Owed {currency}"));
    paper.rule(MARGIN, RIGHT);
    paper.down(18.0);
}

impl StatementForm {
    /// The document as a PDF.
    pub fn print(&self) -> Result<Vec<u8>, PrintError> {
        let mut paper = Paper::new();
        paper.left(MARGIN, TITLE, "Statement");
        paper.right(RIGHT, TITLE, &self.number);
        paper.down(38.0);
        self.parties(&mut paper);
        self.lines(&mut paper);
        let title = format!("Statement {}", self.number);
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
        facts(
            paper,
            &[
                ("Account", Some(self.account.clone())),
                ("From", Some(self.starts_on.to_string())),
                ("To", Some(self.last_on.to_string())),
                ("Currency", Some(self.currency.clone())),
            ],
        );
        paper.y = bottom.max(paper.y) + 18.0;
    }

    fn lines(&self, paper: &mut Paper) {
        head(paper, &self.currency);
        let sum = |minor| amount(minor, self.exponent);
        paper.left(TEXT, STRONG, "Owed at the beginning");
        paper.right(RIGHT, STRONG, &sum(self.opening_minor));
        paper.down(LEAD + 2.0);
        let mut owed = self.opening_minor;
        for line in &self.lines {
            if !paper.fits(LEAD * 3.0) {
                paper.turn();
                head(paper, &self.currency);
            }
            owed += line.amount_minor;
            if let Some(day) = line.day {
                paper.left(MARGIN, PLAIN, &day.to_string());
            }
            paper.left(TEXT, PLAIN, &line.text);
            paper.right(ADDED, PLAIN, &sum(line.amount_minor));
            paper.right(RIGHT, PLAIN, &sum(owed));
            paper.down(LEAD + 2.0);
        }
        paper.down(-6.0);
        paper.rule(MARGIN, RIGHT);
        paper.down(20.0);
        paper.left(TEXT, STRONG, "Owed at the end");
        paper.right(RIGHT, STRONG, &sum(self.closing_minor));
    }
}
