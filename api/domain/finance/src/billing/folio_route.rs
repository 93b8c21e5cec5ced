//! `folioRoutingRuleAdd` and `folioRoutingRuleEnd`.

use async_graphql::{Enum, InputObject};
use entities::billing::{billing_account, folio, folio_routing_rule};
use entities::crm::customer;

use super::folios::Folio;
use super::store::tenant_day;
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.folio";

/// Says where charges go instead of where they are made: those of a folio, a guest, or the guests of an
/// account; to a folio, or to an account's folio of the stay.
#[derive(InputObject)]
pub struct FolioRoutingRuleAddInput {
    /// Charges on this folio.
    pub from_folio_id: Option<Id<folio::Entity>>,
    /// Charges of this customer.
    pub from_customer_id: Option<Id<customer::Entity>>,
    /// Charges of the guests of this account.
    pub from_billing_account_id: Option<Id<billing_account::Entity>>,
    /// The categories that it takes, 50 at most; all if none is given.
    pub categories: Option<Vec<String>>,
    /// The folio they go to.
    pub to_folio_id: Option<Id<folio::Entity>>,
    /// The account they go to.
    pub to_billing_account_id: Option<Id<billing_account::Entity>>,
    /// Of several rules the one with the highest is taken first.
    pub priority: Option<i32>,
    /// How much it takes at most; no limit if not given.
    pub limit: Option<MoneyInput>,
    /// The currency of the charges; that of the limit if not given.
    pub currency: Option<String>,
    /// The first business date on which it counts; today if not given.
    pub starts_on: Option<Day>,
    /// The first business date on which it no longer counts.
    pub ends_on: Option<Day>,
}

/// Why a rule cannot be made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioRoutingRuleAddErrorCode")]
pub enum FolioRoutingRuleAddProblem {
    /// A rule is for one folio, one customer or one account, and leads to one folio or account.
    OneOfEach,
    /// Rules never lead in a circle.
    Circle,
    /// Name the currency, or a limit.
    CurrencyRequired,
    /// No more than 50 categories.
    TooManyCategories,
}

/// Ends a rule: from now on charges stay where they are made.
#[derive(InputObject)]
pub struct FolioRoutingRuleEndInput {
    /// The rule.
    pub id: Id<folio_routing_rule::Entity>,
}

/// Why a rule cannot be ended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioRoutingRuleEndErrorCode")]
pub enum FolioRoutingRuleEndProblem {
    /// It was ended before.
    WrongStatus,
}

/// The verb that makes a rule.
pub struct FolioRoutingRuleAdd;
/// The verb that ends a rule.
pub struct FolioRoutingRuleEnd;

const INSERT: &str = "insert into billing.folio_routing_rules (biz_id, id, from_folio_id, from_customer_id, \
      from_billing_account_id, categories, to_folio_id, to_billing_account_id, priority, limit_minor, currency, starts_on, ends_on) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

impl Verb for FolioRoutingRuleAdd {
    type Input = FolioRoutingRuleAddInput;
    type Problem = FolioRoutingRuleAddProblem;

    const NAME: &'static str = "folioRoutingRuleAdd";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.routing_rule_added");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "folioRoutingRule",
        "FolioRoutingRule",
        "The rule.",
    )];
    const CONSTRAINTS: &'static [(&'static str, FolioRoutingRuleAddProblem)] = &[
        (
            "folio_routing_rules_from_check",
            FolioRoutingRuleAddProblem::OneOfEach,
        ),
        (
            "folio_routing_rules_to_check",
            FolioRoutingRuleAddProblem::OneOfEach,
        ),
        (
            "folio_routing_rules_self_check",
            FolioRoutingRuleAddProblem::Circle,
        ),
        (
            "folio_routing_rules_acyclic_check",
            FolioRoutingRuleAddProblem::Circle,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let mut currency = input.currency.clone();
        for folio in [input.from_folio_id, input.to_folio_id]
            .into_iter()
            .flatten()
        {
            let folio = Folio::lock(act, PERMISSION, folio.uuid(), None).await?;
            currency = currency.or(Some(folio.currency));
        }
        let currency = currency.or(input.limit.as_ref().map(|limit| limit.currency.clone()));
        let currency = currency.ok_or_else(|| {
            let message = "Name the currency of the charges.";
            Fault::at(
                FolioRoutingRuleAddProblem::CurrencyRequired,
                "currency",
                message,
            )
        })?;
        let categories = input.categories.unwrap_or_default();
        if categories.len() > 50 {
            let message = "A rule takes at most 50 categories.";
            let problem = FolioRoutingRuleAddProblem::TooManyCategories;
            return Err(Fault::at(problem, "categories", message));
        }
        let starts_on = match input.starts_on {
            Some(day) => day.0,
            None => tenant_day(act.scope).await?,
        };
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.from_folio_id.map(|id| id.uuid()).into(),
            input.from_customer_id.map(|id| id.uuid()).into(),
            input.from_billing_account_id.map(|id| id.uuid()).into(),
            categories.into(),
            input.to_folio_id.map(|id| id.uuid()).into(),
            input.to_billing_account_id.map(|id| id.uuid()).into(),
            input.priority.unwrap_or(0).into(),
            input.limit.map(|limit| limit.minor).into(),
            currency.into(),
            starts_on.into(),
            input.ends_on.map(|day| day.0).into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("folioRoutingRule", id))
    }
}

impl Verb for FolioRoutingRuleEnd {
    type Input = FolioRoutingRuleEndInput;
    type Problem = FolioRoutingRuleEndProblem;

    const NAME: &'static str = "folioRoutingRuleEnd";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.routing_rule_ended");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "folioRoutingRule",
        "FolioRoutingRule",
        "The rule.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select r.deleted_at is not null from billing.folio_routing_rules r \
                   where r.biz_id = $1 and r.id = $2 for no key update";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("rule"))?;
        if row.try_get(0)? {
            let message = "The rule was ended before.";
            return Err(Fault::problem(
                FolioRoutingRuleEndProblem::WrongStatus,
                message,
            ));
        }
        let sql =
            "update billing.folio_routing_rules set deleted_at = $3 where biz_id = $1 and id = $2";
        let [biz_id, id] = values;
        let values = [biz_id, id, act.scope.now().into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("folioRoutingRule", input.id.uuid()))
    }
}
