//! Areas that tell when vehicles come and go.

use serde_json::Value;
use uuid::Uuid;

use crate::dispatch::rules::{Area, Point};
use foundation::database::{Error, Scope};

/// How many areas a tenant's vehicles are watched by.
const MOST_FENCES: i64 = 500;

/// An area, and whether it tells who comes and who goes.
#[derive(Clone, Debug)]
pub struct Fence {
    /// Its id.
    pub id: Uuid,
    area: Area,
    tells_entering: bool,
    tells_leaving: bool,
}

const FENCES: &str = "select id, lat, lng, radius_m, polygon, triggers_on_enter, triggers_on_exit \
    from dispatch.geofences where biz_id = $1 and is_active and deleted_at is null order by id limit $2";

/// The areas of a tenant.
pub async fn fences(scope: &Scope) -> Result<Vec<Fence>, Error> {
    let rows = scope
        .query(FENCES, &[scope.biz_id().into(), MOST_FENCES.into()])
        .await?;
    let mut fences = Vec::with_capacity(rows.len());
    for row in rows {
        let centre = Point::of(row.try_get(1)?, row.try_get(2)?);
        let radius: Option<i32> = row.try_get(3)?;
        let polygon: Option<Value> = row.try_get(4)?;
        let area = match (centre, radius, polygon) {
            (Some(centre), Some(radius), _) => Area::Circle(centre, f64::from(radius)),
            (_, _, Some(polygon)) => Area::Polygon(corners(&polygon)),
            _ => continue,
        };
        fences.push(Fence {
            id: row.try_get(0)?,
            area,
            tells_entering: row.try_get(5)?,
            tells_leaving: row.try_get(6)?,
        });
    }
    Ok(fences)
}

/// The corners of a polygon: pairs `[lat, lng]`, or objects with `lat` and `lng`.
fn corners(polygon: &Value) -> Vec<Point> {
    let point = |corner: &Value| {
        let part = |index: usize, name: &str| {
            let part = corner.get(index).or_else(|| corner.get(name))?;
            part.as_f64().or_else(|| part.as_str()?.parse().ok())
        };
        Some(Point {
            lat: part(0, "lat")?,
            lng: part(1, "lng")?,
        })
    };
    let corners = polygon.as_array().into_iter().flatten();
    corners.filter_map(point).collect()
}

/// Which areas somebody has come into and gone out of, going from one place to another.
pub fn crossed(fences: &[Fence], from: Option<Point>, to: Point) -> (Vec<Uuid>, Vec<Uuid>) {
    let was_in = |fence: &Fence| from.is_some_and(|from| fence.area.contains(from));
    let entered = fences
        .iter()
        .filter(|fence| fence.tells_entering && !was_in(fence) && fence.area.contains(to));
    let left = fences
        .iter()
        .filter(|fence| fence.tells_leaving && was_in(fence) && !fence.area.contains(to));
    (
        entered.map(|fence| fence.id).collect(),
        left.map(|fence| fence.id).collect(),
    )
}
