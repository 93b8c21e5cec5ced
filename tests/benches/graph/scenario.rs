//! What is asked, in each of the ways.

use bizing::database::{Clock as _, SystemClock};
use bytes::Bytes;
use chrono::NaiveDate;
use clap::ValueEnum;
use rand::seq::IndexedRandom as _;
use serde_json::json;
use uuid::Uuid;

use crate::data::{Room, Tenant};
use crate::json;
use crate::load::{Asks, get, post};
use crate::postgraphile;

/// How many different requests are made ready; sent in turn, so that no cache knows the answer.
const READY: usize = 4000;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// One booking by its id, 8 scalars.
    One,
    /// 50 bookings of 8 scalars, filtered and ordered.
    List,
    /// 50 bookings with customer, lines, their sellables and pricing periods, and participants.
    Nested,
    /// The bookings of a tenant by month.
    Aggregate,
    /// A stay of two nights is booked.
    Create,
}

/// A way to answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// The product.
    Graph,
    /// Hand-written SQL, rows put together in Rust.
    Rows,
    /// One statement of `json_agg`.
    Json,
    /// `PostGraphile`, which inserts the same rows; measured where `--postgraphile` says where it is.
    Postgraphile,
    /// The product once more: as far as this is from the first, so far the noise reaches.
    Again,
}

const ONE: &str = "query One($id: ID!) { bookingOrder(id: $id) \
    { id number status channel startsAt endsAt partySize totalMinor } }";
const LIST: &str = "query List($from: DateTime!) { bookingOrders(first: 50, \
    filter: {status: {in: [COMPLETED, CONFIRMED]}, startsAt: {gte: $from}}, orderBy: [{startsAt: ASC}]) \
    { nodes { id number status channel startsAt endsAt partySize totalMinor } } }";
const NESTED: &str = "query Nested($from: DateTime!) { bookingOrders(first: 50, \
    filter: {startsAt: {gte: $from}}, orderBy: [{startsAt: ASC}]) { nodes { id number status startsAt \
    customer { id fullName } \
    lines { nodes { id name lineNo totalMinor sellable { id name } \
      pricingPeriods { nodes { startsOn endsOn units subtotalMinor } } } } \
    participants { nodes { id name role } } } } }";
const AGGREGATE: &str = "query Months($status: OrderStatus!) { bookingOrderAggregate(\
    filter: {status: {eq: $status}}, \
    groupBy: [{field: STARTS_AT, bucket: MONTH, timeZone: \"Europe/Lisbon\"}, {field: CURRENCY}]) \
    { startsAt currency count sum { totalMinor } } }";

const CREATE: &str = "mutation Create($input: BookingCreateInput!) { bookingCreate(input: $input) \
    { bookingOrder { id } userErrors { message } } }";

/// Days since 2000, by days from now.
pub fn days_from_now(days: i64) -> i64 {
    let today = SystemClock.now().date_naive();
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    (today - epoch).num_days() + days
}

impl Scenario {
    pub const ALL: [Self; 5] = [
        Self::One,
        Self::List,
        Self::Nested,
        Self::Aggregate,
        Self::Create,
    ];

    /// What the report calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::One => "one booking by id, 8 scalars",
            Self::List => "50 bookings of 8 scalars, filtered and ordered",
            Self::Nested => {
                "50 bookings with customer, lines, sellables, pricing periods, participants"
            }
            Self::Aggregate => "10,000 bookings by month",
            Self::Create => "bookingCreate: a stay of two nights, held",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::List => "list",
            Self::Nested => "nested",
            Self::Aggregate => "aggregate",
            Self::Create => "create",
        }
    }

    /// The ways in which it is asked, in the order of a round.
    pub fn ways(self) -> &'static [Way] {
        match self {
            Self::Create => &[Way::Graph, Way::Rows, Way::Postgraphile, Way::Again],
            _ => &[Way::Graph, Way::Rows, Way::Json, Way::Again],
        }
    }

    /// Requests, a pair for each: the graph's, and the floors' address after `/rows/` or `/json/`.
    pub fn ask(self, tenant: &Tenant) -> (Bytes, String) {
        let biz = tenant.access.biz;
        let (query, variables, address) = match self {
            Self::One => {
                let booking = tenant
                    .bookings
                    .choose(&mut rand::rng())
                    .copied()
                    .unwrap_or_default();
                let variables = json!({"id": id("bkg", booking)});
                (ONE, variables, format!("biz={biz}&id={booking}"))
            }
            Self::List | Self::Nested => {
                // Days since 2000: from the first of the bookings to 20 before the last.
                let micros = rand::random_range(8766_i64..8766 + 710) * 86_400_000_000;
                let mut text = String::new();
                json::instant(&mut text, micros);
                let variables = json!({"from": text.trim_matches('"')});
                let query = if self == Self::List { LIST } else { NESTED };
                (query, variables, format!("biz={biz}&from={micros}"))
            }
            Self::Aggregate => {
                let statuses = ["completed", "cancelled", "confirmed", "no_show", "draft"];
                let status = statuses
                    .choose(&mut rand::rng())
                    .copied()
                    .unwrap_or_default();
                let variables = json!({"status": status.to_uppercase()});
                (AGGREGATE, variables, format!("biz={biz}&status={status}"))
            }
            Self::Create => (CREATE, json!({"input": stay(tenant)}), address(tenant)),
        };
        let body = json!({"query": query, "variables": variables});
        (post(Some(&tenant.access.token), &body), address)
    }

    /// Requests enough for a while, the same questions in each way.
    pub fn asks(self, tenants: &[Tenant]) -> Vec<(Way, Asks)> {
        let asks: Vec<_> = (0..READY)
            .filter_map(|_| tenants.choose(&mut rand::rng()))
            .map(|tenant| self.ask(tenant))
            .collect();
        let floor = |name: &str| {
            let path = self.path();
            asks.iter()
                .map(|(_, address)| get(&format!("/{name}/{path}?{address}")))
                .collect()
        };
        self.ways()
            .iter()
            .map(|way| {
                let requests = match way {
                    Way::Graph | Way::Again => {
                        asks.iter().map(|(graph, _)| graph.clone()).collect()
                    }
                    Way::Rows => floor("rows"),
                    Way::Json => floor("json"),
                    Way::Postgraphile => (0..READY)
                        .filter_map(|_| tenants.choose(&mut rand::rng()))
                        .map(postgraphile::insertion)
                        .collect(),
                };
                let expected = match (self, way) {
                    (_, Way::Postgraphile) => postgraphile::EXPECTED,
                    (Self::Create, _) => "\"userErrors\":[]",
                    _ => "{\"data\"",
                };
                (*way, Asks::new(requests, expected))
            })
            .collect()
    }
}

fn id(prefix: &str, id: Uuid) -> String {
    let mut text = String::new();
    json::type_id(&mut text, prefix, id);
    text.trim_matches('"').to_owned()
}

/// A day given in days since 2000.
pub fn day(days: i64) -> String {
    let mut text = String::new();
    json::day(&mut text, i32::try_from(days).unwrap_or_default());
    text.trim_matches('"').to_owned()
}

/// A stay of two nights, some day in the next two years.
fn stay(tenant: &Tenant) -> serde_json::Value {
    let (customer, room) = chosen(tenant);
    let arrival = days_from_now(rand::random_range(30..700));
    json!({
        "locationId": id("loc", room.location),
        "unitTypeId": id("uty", room.unit_type),
        "customerId": id("cus", customer),
        "checkInOn": day(arrival),
        "checkOutOn": day(arrival + 2),
        "adults": 2,
        "nightlyRate": {"amount": "100.00", "currency": "EUR"},
    })
}

/// The same for the floor, in years that the graph's stays do not reach: it makes slots of its own.
fn address(tenant: &Tenant) -> String {
    let (customer, room) = chosen(tenant);
    let Room {
        location,
        unit_type,
        pool,
        sellable,
    } = room;
    let (biz, day) = (
        tenant.access.biz,
        days_from_now(rand::random_range(2000..2670)),
    );
    format!(
        "biz={biz}&customer={customer}&location={location}&unit_type={unit_type}&pool={pool}&sellable={sellable}&day={day}"
    )
}

/// Somebody, and somewhere to stay.
pub fn chosen(tenant: &Tenant) -> (Uuid, Room) {
    let customer = tenant.customers.choose(&mut rand::rng()).copied();
    let room = tenant.rooms.choose(&mut rand::rng()).copied();
    (customer.unwrap_or_default(), room.unwrap_or_default())
}

impl Way {
    /// What the report calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::Rows => "rows",
            Self::Json => "json_agg",
            Self::Postgraphile => "PostGraphile",
            Self::Again => "graph again",
        }
    }
}
