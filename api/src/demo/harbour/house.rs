//! Two hotels: locations, room types, rooms, and the pools that nights are sold from.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use crate::database::{Error, Scope, new_id};
use crate::demo::put::put;
use crate::domain::booking::store::{self, Asked, Place, Room, Sellable};

/// A room type, as the hotel has it.
struct Kind {
    code: &'static str,
    name: &'static str,
    sleeps: (i32, i32),
    beds: &'static str,
    /// What a night costs, in cents.
    rate_minor: i64,
    /// The numbers of its rooms.
    rooms: &'static [&'static str],
}

/// A hotel.
struct Hotel {
    code: &'static str,
    name: &'static str,
    city: &'static str,
    street: &'static str,
    position: (f64, f64),
    kinds: &'static [Kind],
}

const HOTELS: [Hotel; 2] = [
    Hotel {
        code: "LIS",
        name: "Harbour Lisbon",
        city: "Lisboa",
        street: "Rua da Cintura do Porto 12",
        position: (38.705_8, -9.160_2),
        kinds: &[
            Kind {
                code: "STD",
                name: "Standard double",
                sleeps: (2, 2),
                beds: "1 double",
                rate_minor: 11_900,
                rooms: &["101", "102", "103", "104", "105", "106", "201", "202"],
            },
            Kind {
                code: "SUP",
                name: "Superior with river view",
                sleeps: (2, 3),
                beds: "1 queen, 1 sofa bed",
                rate_minor: 15_900,
                rooms: &["203", "204", "301", "302"],
            },
            Kind {
                code: "STE",
                name: "Suite",
                sleeps: (2, 4),
                beds: "1 king, 2 singles",
                rate_minor: 24_500,
                rooms: &["401", "402"],
            },
        ],
    },
    Hotel {
        code: "CAS",
        name: "Harbour Cascais",
        city: "Cascais",
        street: "Avenida Marginal 88",
        position: (38.697_0, -9.421_5),
        kinds: &[
            Kind {
                code: "STD",
                name: "Standard twin",
                sleeps: (2, 2),
                beds: "2 singles",
                rate_minor: 9_900,
                rooms: &["11", "12", "13", "14", "15", "16"],
            },
            Kind {
                code: "SEA",
                name: "Sea view",
                sleeps: (2, 3),
                beds: "1 queen, 1 single",
                rate_minor: 14_500,
                rooms: &["21", "22", "23", "24"],
            },
        ],
    },
];

/// A room type as it stands in the database.
#[derive(Debug)]
pub struct RoomType {
    /// Its hotel.
    pub place: Arc<Place>,
    /// The type and its pool.
    pub room: Arc<Room>,
    /// Its nights.
    pub sellable: Arc<Sellable>,
    /// What a night costs, in cents.
    pub rate_minor: i64,
    /// How many sleep in a room.
    pub max_occupancy: i32,
    /// Its rooms.
    pub rooms: Vec<Uuid>,
}

/// Builds the hotels, and gives their room types.
pub async fn build(scope: &Scope) -> Result<Vec<RoomType>, Error> {
    let type_id = new_id();
    let room = json!({ "id": type_id, "code": "hotel-room", "name": "Hotel room", "kind": "unit" });
    put(scope, "resources.resource_types", vec![room]).await?;
    let locations: Vec<Uuid> = HOTELS.iter().map(|_| new_id()).collect();
    let rows = HOTELS.iter().zip(&locations).map(|(hotel, id)| {
        json!({
            "id": id, "code": hotel.code, "name": hotel.name, "kind": "property",
            "timezone": "Europe/Lisbon", "business_day_cutoff": "04:00", "currency": "EUR",
            "country_code": "PT", "city": hotel.city, "address_line1": hotel.street,
            "lat": hotel.position.0, "lng": hotel.position.1, "is_featured": hotel.code == "LIS",
            "email": format!("{}@harbour.example", hotel.code.to_lowercase()),
            "attributes": { "check_in_time": "15:00", "check_out_time": "12:00" },
        })
    });
    put(scope, "core.locations", rows.collect()).await?;
    let mut tables = Tables::default();
    let mut built = Vec::new();
    for (hotel, location_id) in HOTELS.iter().zip(&locations) {
        for kind in hotel.kinds {
            built.push((
                *location_id,
                kind,
                tables.add(hotel, *location_id, kind, type_id),
            ));
        }
    }
    tables.write(scope).await?;
    let mut types = Vec::new();
    for (location_id, kind, (room, rooms)) in built {
        let asked = Asked {
            location_id,
            unit_type_id: Some(room.unit_type_id),
            ..Asked::default()
        };
        let lost = || Error::Internal("a room type vanished".to_owned());
        let found = store::find(scope, asked).await?.ok_or_else(lost)?;
        let (sellable, _) = found.sellable.ok_or_else(lost)?;
        types.push(RoomType {
            place: Arc::new(found.place),
            room: Arc::new(room),
            sellable: Arc::new(sellable),
            rate_minor: kind.rate_minor,
            max_occupancy: kind.sleeps.1,
            rooms,
        });
    }
    Ok(types)
}

/// Rows, by table.
#[derive(Default)]
struct Tables {
    unit_types: Vec<serde_json::Value>,
    sellables: Vec<serde_json::Value>,
    pools: Vec<serde_json::Value>,
    resources: Vec<serde_json::Value>,
    details: Vec<serde_json::Value>,
    members: Vec<serde_json::Value>,
}

impl Tables {
    fn add(
        &mut self,
        hotel: &Hotel,
        location_id: Uuid,
        kind: &Kind,
        type_id: Uuid,
    ) -> (Room, Vec<Uuid>) {
        let room = Room {
            unit_type_id: new_id(),
            name: kind.name.to_owned(),
            pool_id: new_id(),
        };
        let name = format!("{}, {}", hotel.name, kind.name.to_lowercase());
        self.unit_types.push(json!({
            "id": room.unit_type_id, "location_id": location_id, "code": kind.code, "name": kind.name,
            "base_occupancy": kind.sleeps.0, "max_occupancy": kind.sleeps.1,
            "sort_key": format!("{:06}", kind.rate_minor),
        }));
        self.sellables.push(json!({
            "id": new_id(), "kind": "unit_type", "ref_type": "UnitType", "ref_id": room.unit_type_id,
            "name": name, "tax_category": "accommodation",
        }));
        self.pools.push(json!({
            "id": room.pool_id, "code": format!("{}-{}", hotel.code, kind.code), "name": name,
            "location_id": location_id, "unit_type_id": room.unit_type_id,
            "capacity": kind.rooms.len(), "unit": "room",
        }));
        let mut rooms = Vec::new();
        for (place, number) in kind.rooms.iter().enumerate() {
            let id = new_id();
            rooms.push(id);
            self.resources.push(json!({
                "id": id, "number": format!("{}-{number}", hotel.code), "type_id": type_id,
                "location_id": location_id, "name": format!("Room {number}"),
                "lifecycle_status": "active", "sort_key": format!("{number:0>4}"),
            }));
            let ready = ["inspected", "clean", "dirty", "cleaning"];
            self.details.push(json!({
                "id": new_id(), "resource_id": id, "unit_type_id": room.unit_type_id,
                "floor": number.get(..1), "bed_config": kind.beds,
                "housekeeping_status": ready.get(place % ready.len()),
            }));
            self.members.push(
                json!({ "id": new_id(), "pool_id": room.pool_id, "resource_id": id, "weight": 1 }),
            );
        }
        (room, rooms)
    }

    async fn write(self, scope: &Scope) -> Result<(), Error> {
        put(scope, "resources.unit_types", self.unit_types).await?;
        put(scope, "catalog.sellables", self.sellables).await?;
        put(scope, "availability.capacity_pools", self.pools).await?;
        put(scope, "resources.resources", self.resources).await?;
        put(scope, "resources.unit_details", self.details).await?;
        put(scope, "availability.capacity_pool_members", self.members).await
    }
}
