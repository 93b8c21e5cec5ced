//! Distances, arrivals, areas, and which step a task may take.

use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// The mean radius of the earth in metres.
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// How much longer roads are than the straight line, as a rule of thumb for towns.
const DETOUR: f64 = 1.3;

/// A place on earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

impl Point {
    /// The place of two exact numbers; none where one is missing.
    pub fn of(lat: Option<Decimal>, lng: Option<Decimal>) -> Option<Self> {
        Some(Self {
            lat: lat?.to_f64()?,
            lng: lng?.to_f64()?,
        })
    }

    /// How far another place is in a straight line, in metres (haversine).
    pub fn metres_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
        let h =
            half(a, b) + a.cos() * b.cos() * half(self.lng.to_radians(), other.lng.to_radians());
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }

    /// How far another place is on roads, in whole metres, roughly.
    pub fn road_metres_to(self, other: Self) -> i64 {
        (self.metres_to(other) * DETOUR)
            .round()
            .to_i64()
            .unwrap_or(i64::MAX)
    }
}

/// How long a way takes at a speed, in whole seconds.
pub fn seconds_for(metres: i64, kilometres_per_hour: i64) -> i64 {
    let speed = kilometres_per_hour.max(1);
    // metres / (km/h * 1000 / 3600), rounded up: nobody is there too early.
    (metres.saturating_mul(18) + speed * 5 - 1) / (speed * 5)
}

/// When a driver is there who still has so far to go. Never in the past.
pub fn eta(now: DateTime<Utc>, metres: i64, kilometres_per_hour: i64) -> DateTime<Utc> {
    now + Duration::seconds(seconds_for(metres.max(0), kilometres_per_hour))
}

/// An area on earth.
#[derive(Clone, Debug, PartialEq)]
pub enum Area {
    /// Everything within so many metres of a point.
    Circle(Point, f64),
    /// Everything within a line of points.
    Polygon(Vec<Point>),
}

impl Area {
    /// Whether a place lies within.
    pub fn contains(&self, place: Point) -> bool {
        match self {
            Self::Circle(centre, radius) => centre.metres_to(place) <= *radius,
            Self::Polygon(corners) => {
                // A ray to the east crosses the line of points an odd number of times.
                let mut inside = false;
                for (index, from) in corners.iter().enumerate() {
                    let to = corners[(index + 1) % corners.len()];
                    let spans = (from.lat > place.lat) != (to.lat > place.lat);
                    if spans {
                        let share = (place.lat - from.lat) / (to.lat - from.lat);
                        inside ^= place.lng < from.lng + share * (to.lng - from.lng);
                    }
                }
                inside
            }
        }
    }
}

/// A step of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To give it to a driver or vehicle.
    Assign,
    /// The driver takes it.
    Accept,
    /// The driver does not take it.
    Decline,
    /// To take it away from whoever has it.
    Unassign,
    /// The driver sets out.
    Start,
    /// The driver is there.
    Arrive,
    /// It is done.
    Complete,
    /// It could not be done.
    Fail,
    /// It is no longer wanted.
    Cancel,
}

impl Step {
    fn from(self) -> &'static [&'static str] {
        match self {
            Self::Assign => &["unassigned"],
            Self::Accept | Self::Decline => &["assigned"],
            Self::Unassign => &["assigned", "accepted", "en_route"],
            Self::Start => &["accepted"],
            Self::Arrive => &["en_route"],
            Self::Complete => &["arrived"],
            Self::Fail => &["en_route", "arrived"],
            Self::Cancel => &["unassigned", "assigned", "accepted", "en_route"],
        }
    }

    /// Whether a task of this status may take the step.
    pub fn is_allowed(self, status: &str) -> bool {
        self.from().contains(&status)
    }

    /// Why a task of this status may not.
    pub fn refusal(self, status: &str) -> String {
        format!(
            "The task is {}; this needs one that is {}.",
            status.replace('_', " "),
            self.from().join(" or ").replace('_', " ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LISBON: Point = Point {
        lat: 38.7223,
        lng: -9.1393,
    };
    const PORTO: Point = Point {
        lat: 41.1579,
        lng: -8.6291,
    };

    #[test]
    fn lisbon_and_porto_are_274_kilometres_apart() {
        let metres = LISBON.metres_to(PORTO);
        assert!((metres - 274_000.0).abs() < 1_500.0, "{metres}");
    }

    #[test]
    fn e76_an_arrival_is_never_in_the_past() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(eta(now, -5, 30), now);
        assert_eq!(eta(now, 30_000, 60), now + Duration::minutes(30));
        assert!(eta(now, 1, 0) > now);
    }

    #[test]
    fn a_polygon_holds_what_is_within_it() {
        let square = Area::Polygon(vec![
            Point { lat: 0.0, lng: 0.0 },
            Point { lat: 0.0, lng: 2.0 },
            Point { lat: 2.0, lng: 2.0 },
            Point { lat: 2.0, lng: 0.0 },
        ]);
        assert!(square.contains(Point { lat: 1.0, lng: 1.0 }));
        assert!(!square.contains(Point { lat: 1.0, lng: 3.0 }));
        assert!(!square.contains(Point {
            lat: -1.0,
            lng: 1.0
        }));
    }

    proptest! {
        #[test]
        fn a_way_is_as_long_there_as_back(a in -80.0..80.0_f64, b in -170.0..170.0_f64, c in -80.0..80.0_f64, d in -170.0..170.0_f64) {
            let (from, to) = (Point { lat: a, lng: b }, Point { lat: c, lng: d });
            prop_assert!((from.metres_to(to) - to.metres_to(from)).abs() < 0.01);
            prop_assert!(Area::Circle(from, from.metres_to(to) + 1.0).contains(to));
        }

        #[test]
        fn more_metres_take_no_less_time(metres in 0_i64..1_000_000, more in 0_i64..1_000, speed in 1_i64..200) {
            prop_assert!(seconds_for(metres + more, speed) >= seconds_for(metres, speed));
        }
    }
}
