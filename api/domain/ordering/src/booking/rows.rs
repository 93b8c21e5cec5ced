//! The rows of new orders, as they are written: all tables in one statement, however many orders.
//! Keys among them are checked when the statement has ended, so nothing waits for anything.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use serde::Serialize;
use uuid::Uuid;

use foundation::database::{Error, Scope};

/// A row of `booking.booking_orders`.
#[derive(Debug, Serialize)]
pub(super) struct Order {
    pub id: Uuid,
    pub number: String,
    pub kind: &'static str,
    pub customer_id: Option<Uuid>,
    pub location_id: Uuid,
    pub channel: &'static str,
    pub channel_ref: Option<String>,
    pub status: &'static str,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub timezone: &'static str,
    pub check_in_on: Option<NaiveDate>,
    pub check_out_on: Option<NaiveDate>,
    pub business_date: NaiveDate,
    pub booked_at: DateTime<Utc>,
    pub party_size: i32,
    pub currency: String,
    pub base_minor: i64,
    pub features_minor: i64,
    pub discount_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    pub deposit_due_minor: i64,
    pub hold_id: Option<Uuid>,
    pub cancellation_policy_id: Option<Uuid>,
    pub cancellation_policy: Option<serde_json::Value>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
}

/// A row of `availability.booking_holds`.
#[derive(Debug, Serialize)]
pub(super) struct Hold {
    pub id: Uuid,
    pub order_id: Uuid,
    pub customer_id: Option<Uuid>,
    pub units: i32,
    pub minutes: i32,
}

/// A row of `booking.booking_order_lines`.
#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "they are called as the columns are"
)]
pub(super) struct Line {
    pub id: Uuid,
    pub order_id: Uuid,
    pub line_no: usize,
    pub sellable_id: Uuid,
    pub offer_version_id: Option<Uuid>,
    pub name: String,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub discount_minor: i64,
    pub total_minor: i64,
    pub currency: String,
    pub tax_category: Option<String>,
    pub tax_rate: Option<Decimal>,
    pub tax_minor: i64,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
}

/// A row of `booking.booking_pricing_periods`.
#[derive(Debug)]
pub(super) struct Period {
    pub id: Uuid,
    pub line_id: Uuid,
    pub rate_name: Option<String>,
    pub price_rule_id: Option<Uuid>,
    pub storage_base_rate_id: Option<Uuid>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub rate: Decimal,
    pub units: i32,
    pub subtotal_minor: i64,
    pub currency: String,
}

/// A row of `booking.booking_features`.
#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "they are called as the columns are"
)]
pub(super) struct Feature {
    pub id: Uuid,
    pub order_id: Uuid,
    pub feature_id: Uuid,
    pub feature_price_id: Uuid,
    pub name: String,
    pub calculation: String,
    pub value: Decimal,
    pub units: i32,
    pub days: i32,
    pub amount_minor: i64,
    pub currency: String,
    pub tax_rate: Option<Decimal>,
    pub tax_minor: i64,
}

/// A row of `booking.booking_participants`.
#[derive(Debug, Serialize)]
pub(super) struct Participant {
    pub id: Uuid,
    pub order_id: Uuid,
    pub customer_id: Option<Uuid>,
    pub name: String,
    pub role: &'static str,
    pub seat_type_id: Option<Uuid>,
}

/// A row of `hospitality.reservation_details`.
#[derive(Debug, Serialize)]
pub(super) struct Stay {
    pub id: Uuid,
    pub booking_order_id: Uuid,
    pub unit_type_id: Uuid,
    pub rooms: i32,
    #[serde(flatten)]
    pub details: Details,
}

/// What a stay asks for besides its nights.
#[derive(Clone, Debug, Serialize)]
pub struct Details {
    /// The room type that was given, where it is known already.
    pub assigned_unit_type_id: Option<Uuid>,
    /// How many adults come, at least one.
    pub adults: i32,
    /// How many children come who need a bed.
    pub children: i32,
    /// How many babies come.
    pub babies: i32,
    /// The ages of children and babies, as far as they are known.
    pub child_ages: Vec<i32>,
    /// The rate plan it was booked at.
    pub rate_plan_id: Option<Uuid>,
    /// The meals, a value of `pricing.meal_plan`.
    pub meal_plan: Option<&'static str>,
    /// A value of `hospitality.guarantee`.
    pub guarantee: &'static str,
    /// A value of `hospitality.deposit_terms`.
    pub deposit_terms: &'static str,
    /// A value of `hospitality.guest_type`.
    pub guest_type: &'static str,
    /// Whether the guest had stayed here before.
    pub is_repeat_guest: bool,
    /// Where the reservation came from, in words.
    pub source: Option<String>,
    /// The market segment as the hotel counts it.
    pub market_segment: Option<String>,
    /// The distribution channel as the hotel counts it.
    pub distribution_channel: Option<String>,
    /// The travel agent's number.
    pub agent_ref: Option<String>,
    /// The company's number.
    pub company_ref: Option<String>,
    /// When the guest said to arrive.
    pub arrival_expected_at: Option<DateTime<Utc>>,
    /// How many parking spaces the guest needs.
    pub required_parking_spaces: i32,
    /// What the guest wishes, in words.
    pub special_requests: Option<String>,
    /// How many wishes these are.
    pub special_requests_count: i32,
    /// How often the reservation was changed.
    pub changes_count: i32,
    /// How many days it was on the waiting list.
    pub waitlisted_days: i32,
}

impl Default for Details {
    /// One adult, and nothing said.
    fn default() -> Self {
        Self {
            assigned_unit_type_id: None,
            adults: 1,
            children: 0,
            babies: 0,
            child_ages: Vec::new(),
            rate_plan_id: None,
            meal_plan: None,
            guarantee: "none",
            deposit_terms: "no_deposit",
            guest_type: "transient",
            is_repeat_guest: false,
            source: None,
            market_segment: None,
            distribution_channel: None,
            agent_ref: None,
            company_ref: None,
            arrival_expected_at: None,
            required_parking_spaces: 0,
            special_requests: None,
            special_requests_count: 0,
            changes_count: 0,
            waitlisted_days: 0,
        }
    }
}

/// A row of `hospitality.reservation_nights`.
#[derive(Debug)]
pub(super) struct Night {
    pub id: Uuid,
    pub order_id: Uuid,
    pub on: NaiveDate,
    pub unit_type_id: Uuid,
    pub rate_minor: i64,
    pub currency: String,
}

/// A row of `crm.customers` that comes with its first order; personal data is sealed, in hex.
#[derive(Clone, Debug, Serialize)]
pub struct Customer {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its name.
    pub full_name: String,
    /// The sealed mail address.
    pub email: Option<String>,
    /// The blind index of the mail address.
    pub email_index: Option<String>,
    /// The sealed telephone number.
    pub phone: Option<String>,
    /// The blind index of the telephone number.
    pub phone_index: Option<String>,
}

/// The rows of new orders.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub customers: Vec<Customer>,
    pub orders: Vec<Order>,
    pub holds: Vec<Hold>,
    pub lines: Vec<Line>,
    pub periods: Vec<Period>,
    pub features: Vec<Feature>,
    pub participants: Vec<Participant>,
    pub stays: Vec<Stay>,
    pub nights: Vec<Night>,
}

const INSERT: &str = "with \
    customers as ( \
      insert into crm.customers (biz_id, id, number, full_name, email_enc, email_bidx, phone_enc, phone_bidx) \
      select $1, w.id, w.number, w.full_name, decode(w.email, 'hex'), decode(w.email_index, 'hex'), \
        decode(w.phone, 'hex'), decode(w.phone_index, 'hex') \
      from json_to_recordset($2::json) as w (id uuid, number text, full_name text, email text, \
        email_index text, phone text, phone_index text)), \
    orders as ( \
      insert into booking.booking_orders (biz_id, id, number, kind, customer_id, location_id, channel, \
        channel_ref, status, starts_at, ends_at, timezone, check_in_on, check_out_on, business_date, booked_at, \
        party_size, currency, base_minor, features_minor, discount_minor, tax_minor, total_minor, deposit_due_minor, hold_id, cancellation_policy_id, cancellation_policy, \
        confirmed_at, note) \
      select $1, w.id, w.number, w.kind, w.customer_id, w.location_id, w.channel, w.channel_ref, w.status, \
        w.starts_at, w.ends_at, w.timezone, w.check_in_on, w.check_out_on, w.business_date, w.booked_at, \
        w.party_size, w.currency, w.base_minor, w.features_minor, w.discount_minor, w.tax_minor, w.total_minor, w.deposit_due_minor, w.hold_id, w.cancellation_policy_id, \
        w.cancellation_policy, w.confirmed_at, w.note \
      from json_to_recordset($3::json) as w (id uuid, number text, kind text, customer_id uuid, location_id uuid, \
        channel text, channel_ref text, status text, starts_at timestamptz, ends_at timestamptz, timezone text, \
        check_in_on date, check_out_on date, business_date date, booked_at timestamptz, party_size integer, \
        currency text, base_minor bigint, features_minor bigint, discount_minor bigint, tax_minor bigint, total_minor bigint, deposit_due_minor bigint, hold_id uuid, cancellation_policy_id uuid, cancellation_policy jsonb, \
        confirmed_at timestamptz, note text)), \
    holds as ( \
      insert into availability.booking_holds (biz_id, id, customer_id, source_type, source_id, units, held_until) \
      select $1, w.id, w.customer_id, 'BookingOrder', w.order_id, w.units, \
        clock_timestamp() + make_interval(mins => w.minutes) \
      from json_to_recordset($4::json) as w (id uuid, order_id uuid, customer_id uuid, units integer, minutes integer)), \
    lines as ( \
      insert into booking.booking_order_lines (biz_id, id, order_id, line_no, sellable_id, offer_version_id, name, \
        quantity, unit, unit_price, discount_minor, total_minor, currency, tax_category, tax_rate, tax_minor, starts_at, ends_at, starts_on, ends_on) \
      select $1, w.id, w.order_id, w.line_no, w.sellable_id, w.offer_version_id, w.name, w.quantity, w.unit, w.unit_price, \
        w.discount_minor, w.total_minor, w.currency, w.tax_category, w.tax_rate, w.tax_minor, w.starts_at, w.ends_at, w.starts_on, w.ends_on \
      from json_to_recordset($5::json) as w (id uuid, order_id uuid, line_no integer, sellable_id uuid, offer_version_id uuid, \
        name text, quantity numeric, unit text, unit_price numeric, discount_minor bigint, total_minor bigint, currency text, \
        tax_category text, tax_rate numeric, tax_minor bigint, starts_at timestamptz, ends_at timestamptz, starts_on date, ends_on date)), \
    periods as ( \
      insert into booking.booking_pricing_periods (biz_id, id, order_line_id, starts_on, ends_on, rate, units, \
        subtotal_minor, currency, rate_name, price_rule_id, storage_base_rate_id) \
      select $1, w.* \
      from unnest($6::uuid[], $7::uuid[], $8::date[], $9::date[], $10::numeric[], $11::integer[], $12::bigint[], \
        $13::text[], $22::text[], $23::uuid[], $24::uuid[]) as w), \
    features as ( \
      insert into booking.booking_features (biz_id, id, order_id, feature_id, feature_price_id, name, calculation, value, \
        units, days, amount_minor, currency, tax_rate, tax_minor) \
      select $1, w.id, w.order_id, w.feature_id, w.feature_price_id, w.name, w.calculation, w.value, w.units, w.days, \
        w.amount_minor, w.currency, w.tax_rate, w.tax_minor \
      from json_to_recordset($25::json) as w (id uuid, order_id uuid, feature_id uuid, feature_price_id uuid, name text, \
        calculation text, value numeric, units integer, days integer, amount_minor bigint, currency text, \
        tax_rate numeric, tax_minor bigint)), \
    participants as ( \
      insert into booking.booking_participants (biz_id, id, order_id, customer_id, name, role, seat_type_id) \
      select $1, w.id, w.order_id, w.customer_id, w.name, w.role, w.seat_type_id \
      from json_to_recordset($14::json) as w (id uuid, order_id uuid, customer_id uuid, name text, role text, seat_type_id uuid)), \
    stays as ( \
      insert into hospitality.reservation_details (biz_id, id, booking_order_id, unit_type_id, assigned_unit_type_id, \
        rooms, adults, children, babies, child_ages, meal_plan, guarantee, deposit_terms, guest_type, \
        is_repeat_guest, source, market_segment, distribution_channel, agent_ref, company_ref, \
        arrival_expected_at, required_parking_spaces, special_requests, special_requests_count, \
        changes_count, waitlisted_days, rate_plan_id) \
      select $1, w.id, w.booking_order_id, w.unit_type_id, w.assigned_unit_type_id, w.rooms, w.adults, w.children, \
        w.babies, w.child_ages, w.meal_plan, w.guarantee, w.deposit_terms, w.guest_type, w.is_repeat_guest, \
        w.source, w.market_segment, w.distribution_channel, w.agent_ref, w.company_ref, w.arrival_expected_at, \
        w.required_parking_spaces, w.special_requests, w.special_requests_count, w.changes_count, w.waitlisted_days, w.rate_plan_id \
      from json_to_recordset($15::json) as w (id uuid, booking_order_id uuid, unit_type_id uuid, \
        assigned_unit_type_id uuid, rooms integer, adults integer, children integer, babies integer, \
        child_ages integer[], meal_plan text, guarantee text, deposit_terms text, guest_type text, \
        is_repeat_guest boolean, source text, market_segment text, distribution_channel text, agent_ref text, \
        company_ref text, arrival_expected_at timestamptz, required_parking_spaces integer, special_requests text, \
        special_requests_count integer, changes_count integer, waitlisted_days integer, rate_plan_id uuid)), \
    nights as ( \
      insert into hospitality.reservation_nights (biz_id, id, booking_order_id, stay_date, unit_type_id, rate_minor, \
        currency) \
      select $1, w.* \
      from unnest($16::uuid[], $17::uuid[], $18::date[], $19::uuid[], $20::bigint[], $21::text[]) as w) \
    select";

/// Rows as a JSON array.
fn json<T: Serialize>(rows: &[T]) -> Result<Value, Error> {
    let text = serde_json::to_string(rows).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(text.into())
}

/// One column of rows, as an array.
fn column<R, T>(rows: &[R], of: impl Fn(&R) -> T) -> Value
where
    Vec<T>: Into<Value>,
{
    rows.iter().map(of).collect::<Vec<T>>().into()
}

/// One column of rows of which some have nothing in it.
fn optional<R, T: Into<Value>>(rows: &[R], kind: ArrayType, of: impl Fn(&R) -> T) -> Value {
    let values = rows.iter().map(|row| of(row).into()).collect();
    Value::Array(kind, Some(Box::new(values)))
}

impl Rows {
    /// Writes them, in one statement.
    pub async fn insert(&self, scope: &Scope) -> Result<(), Error> {
        let (periods, nights) = (&self.periods, &self.nights);
        let values = [
            scope.biz_id().into(),
            json(&self.customers)?,
            json(&self.orders)?,
            json(&self.holds)?,
            json(&self.lines)?,
            column(periods, |period| period.id),
            column(periods, |period| period.line_id),
            column(periods, |period| period.starts_on),
            column(periods, |period| period.ends_on),
            column(periods, |period| period.rate),
            column(periods, |period| period.units),
            column(periods, |period| period.subtotal_minor),
            column(periods, |period| period.currency.clone()),
            json(&self.participants)?,
            json(&self.stays)?,
            column(nights, |night| night.id),
            column(nights, |night| night.order_id),
            column(nights, |night| night.on),
            column(nights, |night| night.unit_type_id),
            column(nights, |night| night.rate_minor),
            column(nights, |night| night.currency.clone()),
            optional(periods, ArrayType::String, |period| {
                period.rate_name.clone()
            }),
            optional(periods, ArrayType::Uuid, |period| period.price_rule_id),
            optional(periods, ArrayType::Uuid, |period| {
                period.storage_base_rate_id
            }),
            json(&self.features)?,
        ];
        scope.query(INSERT, &values).await.map(drop)
    }
}
