//! What the bookings stand on: two locations with their room types, pools and sellables, found
//! again by their codes, or made.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::NaiveDate;
use uuid::Uuid;

use super::cells::CURRENCY;
use super::row::Hotel;
use super::survey::{RoomType, Survey};
use crate::database::{Error, Scope, new_id};
use crate::domain::booking::store::{self, Asked, Place, Room, Sellable};

/// The time zone of both hotels.
const ZONE: &str = "Europe/Lisbon";
/// Their country.
const COUNTRY: &str = "PT";

/// A hotel as it stands in the database.
#[derive(Debug)]
pub struct House {
    /// The location.
    pub place: Arc<Place>,
    /// Its room types, by their codes.
    pub rooms: HashMap<String, (Arc<Room>, Arc<Sellable>)>,
}

/// Finds or makes what the file needs, and makes pools as large as its nights will need them.
pub async fn prepare(scope: &Scope, survey: &Survey) -> anyhow::Result<HashMap<Hotel, Arc<House>>> {
    // Two at once would each find nothing.
    let sql = "select pg_advisory_xact_lock(hashtextextended('import hotel ' || $1::text, 0))";
    scope
        .query(sql, &[scope.biz_id().to_string().into()])
        .await?;
    let mut houses = HashMap::new();
    for hotel in Hotel::ALL {
        let types: BTreeMap<&str, &RoomType> = survey
            .room_types
            .iter()
            .filter(|((of, _), _)| *of == hotel)
            .map(|((_, code), room_type)| (code.as_str(), room_type))
            .collect();
        if !types.is_empty() {
            let house = house(scope, hotel, &types)
                .await
                .with_context(|| format!("{} cannot be set up", hotel.name()))?;
            houses.insert(hotel, Arc::new(house));
        }
    }
    Ok(houses)
}

async fn house(
    scope: &Scope,
    hotel: Hotel,
    types: &BTreeMap<&str, &RoomType>,
) -> anyhow::Result<House> {
    let location_id = location(scope, hotel).await?;
    let mut place = None;
    let mut rooms = HashMap::new();
    for (code, room_type) in types {
        let unit_type_id = unit_type(scope, location_id, code, room_type.max_occupancy).await?;
        let pool_id = pool(scope, hotel, location_id, (unit_type_id, code)).await?;
        enlarge(scope, pool_id, &room_type.nights).await?;
        let sellable = store::sell_unit_type(scope, unit_type_id, &name(hotel, code)).await?;
        let asked = Asked {
            location_id,
            unit_type_id: Some(unit_type_id),
            ..Asked::default()
        };
        let found = store::find(scope, asked).await?;
        place = found.map(|found| Arc::new(found.place));
        let room = Room {
            unit_type_id,
            name: sellable.name.clone(),
            pool_id,
        };
        rooms.insert((*code).to_owned(), (Arc::new(room), Arc::new(sellable)));
    }
    let place = place.context("its location cannot be read")?;
    anyhow::ensure!(
        place.currency == CURRENCY,
        "the location {} has {} as its currency, and the file {CURRENCY}",
        hotel.code(),
        place.currency
    );
    Ok(House { place, rooms })
}

fn name(hotel: Hotel, code: &str) -> String {
    format!("{}, room type {code}", hotel.name())
}

/// The one id that a statement answers with.
async fn id(scope: &Scope, sql: &str, values: &[sea_orm::Value]) -> Result<Uuid, Error> {
    let row = scope.query_opt(sql, values).await?;
    let row = row.ok_or_else(|| Error::Internal("a row was neither found nor made".to_owned()))?;
    Ok(row.try_get(0)?)
}

const LOCATION: &str = "with found as ( \
      select l.id from core.locations l where l.biz_id = $1 and l.code = $3 and l.deleted_at is null), \
    made as ( \
      insert into core.locations (biz_id, id, code, name, kind, timezone, currency, country_code) \
      select $1, $2, $3, $4, 'property', $5, $6, $7 where not exists (select from found) \
      returning id) \
    select id from found union all select id from made";

async fn location(scope: &Scope, hotel: Hotel) -> Result<Uuid, Error> {
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        hotel.code().into(),
        hotel.name().into(),
        ZONE.into(),
        CURRENCY.into(),
        COUNTRY.into(),
    ];
    id(scope, LOCATION, &values).await
}

const UNIT_TYPE: &str = "insert into resources.unit_types as u \
      (biz_id, id, location_id, code, name, base_occupancy, max_occupancy, sort_key) \
    values ($1, $2, $3, $4, 'Room type ' || $4, least(2, $5), $5, $4) \
    on conflict (biz_id, location_id, code) where deleted_at is null do update \
    set max_occupancy = greatest(u.max_occupancy, excluded.max_occupancy) \
    returning id";

async fn unit_type(
    scope: &Scope,
    location_id: Uuid,
    code: &str,
    max_occupancy: u32,
) -> Result<Uuid, Error> {
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        location_id.into(),
        code.into(),
        max_occupancy.into(),
    ];
    id(scope, UNIT_TYPE, &values).await
}

const POOL: &str = "with found as ( \
      select p.id from availability.capacity_pools p \
      where p.biz_id = $1 and p.unit_type_id = $4 and p.deleted_at is null), \
    made as ( \
      insert into availability.capacity_pools \
        (biz_id, id, location_id, unit_type_id, code, name, mode, capacity, unit) \
      select $1, $2, $3, $4, $5, $6, 'slot', 0, 'room' where not exists (select from found) \
      returning id) \
    select id from found union all select id from made";

async fn pool(
    scope: &Scope,
    hotel: Hotel,
    location_id: Uuid,
    (unit_type_id, code): (Uuid, &str),
) -> Result<Uuid, Error> {
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        location_id.into(),
        unit_type_id.into(),
        format!("{}-{code}", hotel.code()).into(),
        name(hotel, code).into(),
    ];
    id(scope, POOL, &values).await
}

// What is taken already, by whomever, stays taken.
const ENLARGE: &str = "with needed as ( \
      select max(w.rooms + coalesce(s.held + s.occupied, 0)) as rooms \
      from unnest($3::date[], $4::integer[]) as w (day, rooms) \
      left join availability.slots s on s.biz_id = $1 and s.pool_id = $2 and s.business_date = w.day), \
    pool as ( \
      update availability.capacity_pools p set capacity = n.rooms \
      from needed n \
      where p.biz_id = $1 and p.id = $2 and p.capacity < n.rooms \
      returning p.id, p.capacity) \
    update availability.slots s set capacity = p.capacity \
    from pool p \
    where s.biz_id = $1 and s.pool_id = p.id and s.capacity < p.capacity";

async fn enlarge(
    scope: &Scope,
    pool_id: Uuid,
    nights: &HashMap<NaiveDate, i32>,
) -> Result<(), Error> {
    let (days, rooms): (Vec<NaiveDate>, Vec<i32>) = nights.iter().unzip();
    let values = [
        scope.biz_id().into(),
        pool_id.into(),
        days.into(),
        rooms.into(),
    ];
    scope.execute(ENLARGE, &values).await.map(drop)
}
