//! Areas that tell when vehicles come, go and stay: what follows from where somebody was.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::dispatch::rules::{Area, Point};
use foundation::database::{Error, Scope};

/// How many areas a tenant's vehicles are watched by.
const MOST_FENCES: i64 = 500;

/// An area, and whether it tells who comes, who goes and who stays.
#[derive(Clone, Debug)]
pub struct Fence {
    /// Its id.
    pub id: Uuid,
    area: Area,
    tells_entering: bool,
    tells_leaving: bool,
    /// After how long within it staying is told.
    dwell: Option<Duration>,
}

const FENCES: &str = "select id, lat, lng, radius_m, polygon, triggers_on_enter, triggers_on_exit, dwell_minutes \
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
        let dwell: Option<i32> = row.try_get(7)?;
        fences.push(Fence {
            id: row.try_get(0)?,
            area,
            tells_entering: row.try_get(5)?,
            tells_leaving: row.try_get(6)?,
            dwell: dwell.map(|minutes| Duration::minutes(minutes.into())),
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

/// Where a vehicle was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: Point,
}

/// What a vehicle crossed when it was seen at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// When.
    pub at: DateTime<Utc>,
    /// The areas that it came into.
    pub entered: Vec<Uuid>,
    /// The areas that it left.
    pub left: Vec<Uuid>,
    /// The areas in which it has stayed for as long as they tell.
    pub stayed: Vec<Uuid>,
}

/// The longest stay that an area tells of in which somebody is at a place.
pub fn longest_stay(fences: &[Fence], place: Point) -> Option<Duration> {
    let around = fences.iter().filter(|fence| fence.area.contains(place));
    around.filter_map(|fence| fence.dwell).max()
}

/// What a vehicle crosses on a way, having been seen before it: both in the order of time.
pub fn crossings(fences: &[Fence], before: &[Seen], way: &[Seen]) -> Vec<Crossing> {
    let inside = |fence: &Fence| {
        let stay = before.iter().rev();
        let stay = stay.take_while(|seen| fence.area.contains(seen.place));
        stay.last().map(|first| first.at)
    };
    let mut since: Vec<Option<DateTime<Utc>>> = fences.iter().map(inside).collect();
    let mut last = before.last().map(|seen| seen.at);
    let mut crossed = Vec::new();
    for seen in way {
        let mut step = Crossing {
            at: seen.at,
            entered: Vec::new(),
            left: Vec::new(),
            stayed: Vec::new(),
        };
        for (fence, since) in fences.iter().zip(&mut since) {
            match (*since, fence.area.contains(seen.place)) {
                (None, true) => {
                    *since = Some(seen.at);
                    step.entered
                        .extend(fence.tells_entering.then_some(fence.id));
                }
                (Some(_), false) => {
                    *since = None;
                    step.left.extend(fence.tells_leaving.then_some(fence.id));
                }
                (Some(since), true) => {
                    // Once: at the first look after the time is up.
                    let due = fence.dwell.map(|dwell| since + dwell);
                    let is_due = due.is_some_and(|due| due <= seen.at && last < Some(due));
                    step.stayed.extend(is_due.then_some(fence.id));
                }
                (None, false) => {}
            }
        }
        last = Some(seen.at);
        if !(step.entered.is_empty() && step.left.is_empty() && step.stayed.is_empty()) {
            crossed.push(step);
        }
    }
    crossed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Within a degree of the equator at Greenwich.
    fn fence(dwell_minutes: Option<i64>) -> Fence {
        let corner = |lat: f64, lng: f64| Point { lat, lng };
        Fence {
            id: Uuid::nil(),
            area: Area::Polygon(vec![
                corner(-1.0, -1.0),
                corner(-1.0, 1.0),
                corner(1.0, 1.0),
                corner(1.0, -1.0),
            ]),
            tells_entering: true,
            tells_leaving: true,
            dwell: dwell_minutes.map(Duration::minutes),
        }
    }

    fn way(places: &[(i64, f64)]) -> Vec<Seen> {
        let seen = |(minute, lat): &(i64, f64)| Seen {
            at: DateTime::UNIX_EPOCH + Duration::minutes(*minute),
            place: Point {
                lat: *lat,
                lng: 0.0,
            },
        };
        places.iter().map(seen).collect()
    }

    /// At which minutes somebody came, went and stayed.
    fn minutes(crossed: &[Crossing]) -> [Vec<i64>; 3] {
        let of = |part: fn(&Crossing) -> &Vec<Uuid>| {
            let told = crossed.iter().filter(|step| !part(step).is_empty());
            told.map(|step| step.at.timestamp() / 60).collect()
        };
        [
            of(|step| &step.entered),
            of(|step| &step.left),
            of(|step| &step.stayed),
        ]
    }

    #[test]
    fn what_comes_and_goes_between_two_looks_is_told() {
        let crossed = crossings(
            &[fence(None)],
            &way(&[(0, 5.0)]),
            &way(&[(1, 0.0), (2, 0.5), (3, 5.0), (4, 0.0)]),
        );
        assert_eq!(minutes(&crossed), [vec![1, 4], vec![3], vec![]]);
    }

    #[test]
    fn who_stays_is_told_once_and_anew_after_having_left() {
        let fences = [fence(Some(10))];
        let stay = [(0, 0.0), (4, 0.1), (8, 0.2), (11, 0.0), (12, 0.0)];
        let crossed = crossings(&fences, &[], &way(&stay));
        assert_eq!(minutes(&crossed), [vec![0], vec![], vec![11]]);
        // The same, look by look.
        let all = way(&stay);
        let told: Vec<_> = (0..all.len())
            .flat_map(|at| crossings(&fences, &all[..at], &all[at..=at]))
            .collect();
        assert_eq!(told, crossed);
        let back = way(&[(13, 5.0), (14, 0.0), (30, 0.0)]);
        let crossed = crossings(&fences, &all, &back);
        assert_eq!(minutes(&crossed), [vec![14], vec![13], vec![30]]);
    }

    proptest! {
        /// However a way is cut into looks, the same is told.
        #[test]
        fn a_way_is_told_the_same_in_parts(places in prop::collection::vec((1_i64..8, -2.0..2.0_f64), 1..30), cut in 0_usize..30, dwell in 1_i64..20) {
            let mut minute = 0;
            let timed: Vec<(i64, f64)> = places.iter().map(|(step, lat)| { minute += step; (minute, *lat) }).collect();
            let (all, fences) = (way(&timed), [fence(Some(dwell))]);
            let cut = cut.min(all.len());
            let mut parts = crossings(&fences, &[], &all[..cut]);
            parts.extend(crossings(&fences, &all[..cut], &all[cut..]));
            prop_assert_eq!(parts, crossings(&fences, &[], &all));
        }
    }
}
