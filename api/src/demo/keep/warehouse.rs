//! A warehouse and a depot: bays of pallet places, the pools they make up, and forklifts.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;
use uuid::Uuid;

use crate::database::{Scope, new_id};
use crate::demo::put::put;
use crate::domain::booking::store::{self, Asked, Place, Sellable, Terms};

/// Bays of one kind at one place.
struct Hall {
    location: usize,
    code: &'static str,
    name: &'static str,
    bays: usize,
    /// How many pallets a bay takes.
    pallets: i32,
    /// Which offer sells them.
    offer: usize,
    /// What a place costs a day, in sen.
    rate_minor: i64,
}

const LOCATIONS: [(&str, &str, &str, &str); 2] = [
    ("PKL", "Keep Port Klang", "warehouse", "Pelabuhan Klang"),
    ("SHA", "Keep Shah Alam", "depot", "Shah Alam"),
];

const HALLS: [Hall; 3] = [
    Hall {
        location: 0,
        code: "AMB",
        name: "Ambient hall",
        bays: 8,
        pallets: 30,
        offer: 0,
        rate_minor: 180,
    },
    Hall {
        location: 0,
        code: "CHL",
        name: "Chilled hall",
        bays: 4,
        pallets: 20,
        offer: 1,
        rate_minor: 420,
    },
    Hall {
        location: 1,
        code: "AMB",
        name: "Ambient hall",
        bays: 6,
        pallets: 25,
        offer: 0,
        rate_minor: 150,
    },
];

/// A pool of pallet places, and what sells them.
#[derive(Debug)]
pub struct Pool {
    /// The pool.
    pub id: Uuid,
    /// What sells its places.
    pub item: Item,
    /// What a place costs a day, in sen.
    pub rate_minor: i64,
}

/// Something on offer at a place.
#[derive(Clone, Debug)]
pub struct Item {
    /// The place.
    pub place: Arc<Place>,
    /// What is sold.
    pub sellable: Arc<Sellable>,
    /// Under which terms.
    pub terms: Option<Arc<Terms>>,
}

/// What there is.
#[derive(Debug)]
pub struct Yard {
    /// The pools.
    pub pools: Vec<Pool>,
    /// The forklifts, with what rents them out.
    pub forklifts: Vec<(Uuid, Item)>,
}

/// Builds it; the sellables are those of the offers.
pub async fn build(scope: &Scope, sellables: &[Uuid]) -> anyhow::Result<Yard> {
    let locations = [new_id(), new_id()];
    let rows = LOCATIONS.iter().zip(&locations);
    let rows = rows.map(|((code, name, kind, city), id)| {
        json!({
            "id": id, "code": code, "name": name, "kind": kind, "city": city, "country_code": "MY",
            "timezone": "Asia/Kuala_Lumpur", "currency": "MYR", "max_unit_height_mm": 2_200,
        })
    });
    put(scope, "core.locations", rows.collect()).await?;
    let (bay_type, forklift_type) = (new_id(), new_id());
    let types = vec![
        json!({ "id": bay_type, "code": "bay", "name": "Storage bay", "kind": "storage_bay",
            "default_exclusive": false, "default_capacity": 30 }),
        json!({ "id": forklift_type, "code": "forklift", "name": "Forklift", "kind": "equipment",
            "default_exclusive": true, "default_capacity": 1 }),
    ];
    put(scope, "resources.resource_types", types).await?;
    let pools = halls(scope, &locations, bay_type).await?;
    let mut yard = Yard {
        pools: Vec::new(),
        forklifts: Vec::new(),
    };
    for (hall, id) in HALLS.iter().zip(pools) {
        let item = item(scope, locations[hall.location], sellables.get(hall.offer)).await?;
        yard.pools.push(Pool {
            id,
            item,
            rate_minor: hall.rate_minor,
        });
    }
    let mut rows = Vec::new();
    for (number, location_id) in [(1, locations[0]), (2, locations[0]), (3, locations[1])] {
        let id = new_id();
        rows.push(json!({
            "id": id, "number": format!("FL-{number:02}"), "type_id": forklift_type,
            "location_id": location_id, "name": format!("Forklift {number}"), "capacity": 1,
            "exclusive": true, "lifecycle_status": "active",
        }));
        let item = item(scope, location_id, sellables.get(2)).await?;
        yard.forklifts.push((id, item));
    }
    put(scope, "resources.resources", rows).await?;
    Ok(yard)
}

/// Writes halls with their bays, and gives their pools.
async fn halls(scope: &Scope, locations: &[Uuid; 2], bay_type: Uuid) -> anyhow::Result<Vec<Uuid>> {
    let (mut pools, mut bays, mut members) = (Vec::new(), Vec::new(), Vec::new());
    let mut ids = Vec::new();
    for hall in &HALLS {
        let (pool_id, location_id) = (new_id(), locations[hall.location]);
        let (code, name, ..) = LOCATIONS[hall.location];
        ids.push(pool_id);
        let places = usize::try_from(hall.pallets).unwrap_or_default() * hall.bays;
        pools.push(json!({
            "id": pool_id, "code": format!("{code}-{}", hall.code),
            "name": format!("{name}, {}", hall.name.to_lowercase()),
            "location_id": location_id, "capacity": places, "unit": "pallet",
        }));
        for bay in 1..=hall.bays {
            let id = new_id();
            let number = format!("{code}-{}-{bay:02}", hall.code);
            bays.push(json!({
                "id": id, "number": number, "type_id": bay_type, "location_id": location_id,
                "name": format!("{}, bay {bay}", hall.name), "capacity": hall.pallets,
                "exclusive": false, "lifecycle_status": "active", "sort_key": number,
            }));
            members.push(json!({ "id": new_id(), "pool_id": pool_id, "resource_id": id, "weight": hall.pallets }));
        }
    }
    put(scope, "availability.capacity_pools", pools).await?;
    put(scope, "resources.resources", bays).await?;
    put(scope, "availability.capacity_pool_members", members).await?;
    Ok(ids)
}

async fn item(scope: &Scope, location_id: Uuid, sellable: Option<&Uuid>) -> anyhow::Result<Item> {
    let asked = Asked {
        location_id,
        sellable_id: sellable.copied(),
        ..Asked::default()
    };
    let found = store::find(scope, asked).await?;
    let found = found.context("a location vanished")?;
    let (sellable, _) = found.sellable.context("a sellable vanished")?;
    Ok(Item {
        place: Arc::new(found.place),
        sellable: Arc::new(sellable),
        terms: found.terms.map(Arc::new),
    })
}
