//! `folioOpen`.

use async_graphql::{Enum, InputObject};
use entities::billing::billing_account;
use entities::booking::booking_order;
use entities::core::location;
use entities::crm::customer;
use entities::hospitality::stay;
use uuid::Uuid;

use super::choices::FolioKind;
use super::store::{FOLIO_NUMBERS, reach_location};
use foundation::database::{Database, Error, Scope, new_id, number};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.folio";

/// Opens a folio: the bill of a guest, a group, a company, the house, or a table for the evening.
#[derive(InputObject)]
pub struct FolioOpenInput {
    /// The location; that of the booking if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// Whose bill it is; a guest's if not given.
    pub kind: Option<Choice<FolioKind>>,
    /// The booking it is for.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The stay it is for.
    pub stay_id: Option<Id<stay::Entity>>,
    /// Who pays it; the customer of the booking if not given.
    pub owner_customer_id: Option<Id<customer::Entity>>,
    /// The account that takes over what is open at the end.
    pub billing_account_id: Option<Id<billing_account::Entity>>,
    /// What staff call it, such as Extras.
    pub name: Option<String>,
    /// The currency of its lines; that of the booking or location if not given.
    pub currency: Option<String>,
    /// How high its balance may go before staff ask for money.
    pub credit_limit: Option<MoneyInput>,
}

/// Why a folio cannot be opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioOpenErrorCode")]
pub enum FolioOpenProblem {
    /// Name a location or a booking.
    LocationRequired,
    /// The limit is in another currency than the folio.
    WrongCurrency,
}

/// The verb.
pub struct FolioOpen;

/// A folio to be opened.
#[derive(Clone, Debug)]
pub struct NewFolio {
    /// Whose bill it is.
    pub kind: &'static str,
    /// The location.
    pub location_id: Uuid,
    /// The booking it is for.
    pub booking_order_id: Option<Uuid>,
    /// The stay it is for.
    pub stay_id: Option<Uuid>,
    /// Who pays it.
    pub owner_customer_id: Option<Uuid>,
    /// The account that takes over.
    pub billing_account_id: Option<Uuid>,
    /// What staff call it.
    pub name: Option<String>,
    /// The currency.
    pub currency: String,
    /// How high its balance may go.
    pub credit_limit_minor: Option<i64>,
}

/// Opens a folio. Its number is drawn ahead where there is a database beside the transaction.
pub async fn open(
    scope: &Scope,
    database: Option<&Database>,
    new: NewFolio,
) -> Result<Uuid, Error> {
    let sql = "insert into billing.folios (biz_id, id, number, kind, location_id, booking_order_id, stay_id, \
                 owner_customer_id, billing_account_id, name, currency, credit_limit_minor) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let number = number(scope, database, FOLIO_NUMBERS).await?;
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        number.into(),
        new.kind.into(),
        new.location_id.into(),
        new.booking_order_id.into(),
        new.stay_id.into(),
        new.owner_customer_id.into(),
        new.billing_account_id.into(),
        new.name.into(),
        new.currency.into(),
        new.credit_limit_minor.into(),
    ];
    scope.execute(sql, &values).await?;
    Ok(id)
}

impl Verb for FolioOpen {
    type Input = FolioOpenInput;
    type Problem = FolioOpenProblem;

    const NAME: &'static str = "folioOpen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_opened");
    const PAYLOAD: &'static [Part] = &[Part::Row("folio", "Folio", "The folio.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = match input.booking_order_id {
            Some(id) => Some(booking(act, id.uuid()).await?),
            None => None,
        };
        let given = input.location_id.map(|id| id.uuid());
        let location_id = given.or(order.as_ref().map(|(location, ..)| *location));
        let location_id = location_id.ok_or_else(|| {
            let message = "Name the location, or a booking.";
            Fault::at(FolioOpenProblem::LocationRequired, "locationId", message)
        })?;
        reach_location(act, PERMISSION, location_id).await?;
        let currency = match (input.currency, &order) {
            (Some(currency), _) => currency,
            (None, Some((_, currency, _))) => currency.clone(),
            (None, None) => currency_of(act, location_id).await?,
        };
        let limit = input.credit_limit.as_ref();
        if limit.is_some_and(|limit| limit.currency != currency) {
            let message = format!("The folio is in {currency}.");
            let problem = FolioOpenProblem::WrongCurrency;
            return Err(Fault::at(problem, "creditLimit", message));
        }
        let owner = input.owner_customer_id.map(|id| id.uuid());
        let new = NewFolio {
            kind: input.kind.map_or("guest", |kind| kind.0),
            location_id,
            booking_order_id: input.booking_order_id.map(|id| id.uuid()),
            stay_id: input.stay_id.map(|id| id.uuid()),
            owner_customer_id: owner.or(order.and_then(|(.., customer)| customer)),
            billing_account_id: input.billing_account_id.map(|id| id.uuid()),
            name: input.name,
            currency,
            credit_limit_minor: input.credit_limit.map(|limit| limit.minor),
        };
        let id = open(act.scope, Some(&act.session.shared.database), new).await?;
        Ok(Outcome::row("folio", id).detail("location_id", location_id.to_string()))
    }
}

type Booked = (Uuid, String, Option<Uuid>);

async fn booking(act: &Act<'_>, id: Uuid) -> Result<Booked, Fault<FolioOpenProblem>> {
    let sql = "select o.location_id, o.currency::text, o.customer_id from booking.booking_orders o \
               where o.biz_id = $1 and o.id = $2";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    act.permit_at(PERMISSION, row.try_get(0)?, "booking")?;
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

async fn currency_of(act: &Act<'_>, id: Uuid) -> Result<String, Fault<FolioOpenProblem>> {
    let sql = "select l.currency::text from core.locations l \
               where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("location"))?;
    Ok(row.try_get(0)?)
}
