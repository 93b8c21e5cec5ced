//! Tours: tasks put into the tours of vehicles one by one where they cost least, then moved about as
//! long as that makes the whole cheaper. What a vehicle can carry, the windows of tasks, and that a
//! pickup comes before its dropoff in the same vehicle always hold; what fits nowhere is left out.

use crate::dispatch::rules::{Point, seconds_for};

/// How often the whole is gone through to find something cheaper.
const ROUNDS: usize = 20;
/// What a second of lateness costs, in seconds on the road. No task is late in a plan unless late
/// tasks are allowed; this is for those.
const LATENESS_WEIGHT: i64 = 10;

/// A task to be put into a tour.
#[derive(Clone, Debug)]
pub struct Stop {
    /// Where it is.
    pub place: Point,
    /// From when on it can be done, in seconds of the plan.
    pub opens: i64,
    /// Until when it is to be begun, in seconds of the plan.
    pub closes: i64,
    /// How long it takes, in seconds.
    pub service: i64,
    /// How much weight it brings into the vehicle (or takes out of it, where negative), in grams.
    pub weight: i64,
    /// How much of it is in the vehicle from the depot on, in grams.
    pub from_depot: i64,
    /// The stop that comes before it in the same vehicle.
    pub after: Option<usize>,
}

/// A vehicle on duty.
#[derive(Clone, Debug)]
pub struct Vehicle {
    /// Where its tour begins.
    pub start: Point,
    /// When it is on duty, in seconds of the plan.
    pub on_duty: (i64, i64),
    /// How much it carries, in grams; none means no limit.
    pub payload: Option<i64>,
    /// How fast it is, in kilometres per hour.
    pub speed: i64,
}

/// What is made small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The time on the road.
    Time,
    /// The distance.
    Distance,
    /// How late tasks are begun, then the time.
    Lateness,
    /// The longest tour, then the time.
    Balance,
}

/// The tours that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tours {
    /// For each vehicle the stops in their order, with when each is begun.
    pub tours: Vec<Vec<(usize, i64)>>,
    /// The stops that no vehicle has room or time for.
    pub left_out: Vec<usize>,
    /// How far all vehicles go, in metres.
    pub metres: i64,
    /// How long all vehicles are under way, in seconds.
    pub seconds: i64,
}

struct Problem<'a> {
    stops: &'a [Stop],
    vehicles: &'a [Vehicle],
    goal: Goal,
}

/// What a tour comes to.
#[derive(Clone, Debug, Default)]
struct Course {
    begins: Vec<i64>,
    metres: i64,
    seconds: i64,
    lateness: i64,
}

/// Puts stops into tours.
pub fn plan(stops: &[Stop], vehicles: &[Vehicle], goal: Goal) -> Tours {
    let problem = Problem {
        stops,
        vehicles,
        goal,
    };
    let mut tours: Vec<Vec<usize>> = vec![Vec::new(); vehicles.len()];
    let mut left_out = Vec::new();
    // What closes first is placed first; what waits for another comes after it, and with it.
    let mut order: Vec<usize> = (0..stops.len()).collect();
    order.sort_by_key(|index| (stops[*index].closes, *index));
    let mut placed = vec![false; stops.len()];
    for chain in chains(stops, &order) {
        if problem.insert(&mut tours, &chain) {
            for index in &chain {
                placed[*index] = true;
            }
        }
    }
    left_out.extend((0..stops.len()).filter(|index| !placed[*index]));
    problem.improve(&mut tours);
    let courses: Vec<Course> = tours
        .iter()
        .enumerate()
        .filter_map(|(vehicle, tour)| problem.course(vehicle, tour))
        .collect();
    Tours {
        metres: courses.iter().map(|course| course.metres).sum(),
        seconds: courses.iter().map(|course| course.seconds).sum(),
        tours: tours
            .iter()
            .zip(&courses)
            .map(|(tour, course)| {
                tour.iter()
                    .copied()
                    .zip(course.begins.iter().copied())
                    .collect()
            })
            .collect(),
        left_out,
    }
}

/// The stops in the order in which they are placed: those that wait for one another together.
fn chains(stops: &[Stop], order: &[usize]) -> Vec<Vec<usize>> {
    let mut taken = vec![false; stops.len()];
    let mut chains = Vec::new();
    for &index in order {
        if taken[index] {
            continue;
        }
        // From the stop back to the first of its chain, then forward through all that wait.
        let mut first = index;
        while let Some(before) = stops[first].after.filter(|before| !taken[*before]) {
            first = before;
        }
        let mut chain = vec![first];
        taken[first] = true;
        let mut next = 0;
        while next < chain.len() {
            let at = chain[next];
            for (waiting, stop) in stops.iter().enumerate() {
                if stop.after == Some(at) && !taken[waiting] {
                    taken[waiting] = true;
                    chain.push(waiting);
                }
            }
            next += 1;
        }
        chains.push(chain);
    }
    chains
}

impl Problem<'_> {
    /// What a tour comes to; none where it cannot be driven.
    fn course(&self, vehicle: usize, tour: &[usize]) -> Option<Course> {
        let driver = &self.vehicles[vehicle];
        let (mut place, mut now) = (driver.start, driver.on_duty.0);
        let mut course = Course::default();
        let mut load: i64 = tour.iter().map(|index| self.stops[*index].from_depot).sum();
        let is_too_heavy = |load: i64| driver.payload.is_some_and(|most| load > most);
        if is_too_heavy(load) {
            return None;
        }
        for (position, &index) in tour.iter().enumerate() {
            let stop = &self.stops[index];
            if stop
                .after
                .is_some_and(|before| !tour[..position].contains(&before))
            {
                return None;
            }
            let metres = place.road_metres_to(stop.place);
            now = (now + seconds_for(metres, driver.speed)).max(stop.opens);
            load += stop.weight;
            let is_late = now > stop.closes;
            if (is_late && self.goal != Goal::Lateness) || is_too_heavy(load) {
                return None;
            }
            course.lateness += (now - stop.closes).max(0);
            course.begins.push(now);
            course.metres += metres;
            now += stop.service;
            if now > driver.on_duty.1 {
                return None;
            }
            place = stop.place;
        }
        if !tour.is_empty() {
            course.seconds = now - driver.on_duty.0;
        }
        Some(course)
    }

    fn cost(&self, course: &Course) -> i64 {
        match self.goal {
            Goal::Distance => course.metres,
            Goal::Time => course.seconds,
            Goal::Lateness => course.seconds + course.lateness * LATENESS_WEIGHT,
            // Long tours weigh more than short ones, so that tasks go where there is time.
            Goal::Balance => course.seconds.saturating_mul(course.seconds / 60 + 1),
        }
    }

    fn cost_of(&self, vehicle: usize, tour: &[usize]) -> Option<i64> {
        self.course(vehicle, tour).map(|course| self.cost(&course))
    }

    /// The cheapest place for one stop in one tour: where, and what the tour then costs.
    fn best_place(&self, vehicle: usize, tour: &[usize], stop: usize) -> Option<(usize, i64)> {
        (0..=tour.len())
            .filter_map(|at| {
                let mut tried = tour.to_vec();
                tried.insert(at, stop);
                Some((at, self.cost_of(vehicle, &tried)?))
            })
            .min_by_key(|(at, cost)| (*cost, *at))
    }

    /// Puts stops that belong together into the tour where they cost least, in their order.
    fn insert(&self, tours: &mut [Vec<usize>], chain: &[usize]) -> bool {
        let found = (0..tours.len()).filter_map(|vehicle| {
            let before = self.cost_of(vehicle, &tours[vehicle])?;
            let mut tour = tours[vehicle].clone();
            for &stop in chain {
                let (at, _) = self.best_place(vehicle, &tour, stop)?;
                tour.insert(at, stop);
            }
            let after = self.cost_of(vehicle, &tour)?;
            Some((after - before, vehicle, tour))
        });
        match found.min_by_key(|(added, vehicle, _)| (*added, *vehicle)) {
            Some((_, vehicle, tour)) => {
                tours[vehicle] = tour;
                true
            }
            None => false,
        }
    }

    /// Moves stops that wait for nothing, and that nothing waits for, to where they cost less.
    fn improve(&self, tours: &mut [Vec<usize>]) {
        let is_bound = |stop: usize| {
            self.stops[stop].after.is_some()
                || self.stops.iter().any(|other| other.after == Some(stop))
        };
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for stop in 0..self.stops.len() {
                let Some(from) = tours.iter().position(|tour| tour.contains(&stop)) else {
                    continue;
                };
                let mut rest = tours[from].clone();
                rest.retain(|other| *other != stop);
                let (Some(was), Some(without)) =
                    (self.cost_of(from, &tours[from]), self.cost_of(from, &rest))
                else {
                    continue;
                };
                let candidates = (0..tours.len()).filter(|to| *to == from || !is_bound(stop));
                let best = candidates.filter_map(|to| {
                    let tour = if to == from { &rest } else { &tours[to] };
                    let (at, cost) = self.best_place(to, tour, stop)?;
                    let own = if to == from {
                        without
                    } else {
                        self.cost_of(to, tour)?
                    };
                    Some((cost - own, to, at))
                });
                let Some((added, to, at)) = best.min() else {
                    continue;
                };
                if added < was - without {
                    tours[from] = rest;
                    tours[to].insert(at, stop);
                    is_better = true;
                }
            }
            if !is_better {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stop(lat: f64, lng: f64) -> Stop {
        Stop {
            place: Point { lat, lng },
            opens: 0,
            closes: 36_000,
            service: 300,
            weight: 0,
            from_depot: 0,
            after: None,
        }
    }

    fn vehicle() -> Vehicle {
        Vehicle {
            start: Point {
                lat: 38.7,
                lng: -9.1,
            },
            on_duty: (0, 36_000),
            payload: None,
            speed: 30,
        }
    }

    #[test]
    fn stops_on_a_line_are_driven_in_their_order() {
        let stops: Vec<Stop> = [3.0, 1.0, 4.0, 2.0]
            .map(|far| stop(38.7 + far / 100.0, -9.1))
            .to_vec();
        let found = plan(&stops, &[vehicle()], Goal::Distance);
        let order: Vec<usize> = found.tours[0].iter().map(|(index, _)| *index).collect();
        assert_eq!(order, [1, 3, 0, 2]);
    }

    #[test]
    fn what_closes_too_early_is_left_out() {
        let mut far = stop(40.0, -9.1);
        far.closes = 60;
        let found = plan(&[far, stop(38.71, -9.1)], &[vehicle()], Goal::Time);
        assert_eq!(found.left_out, [0]);
    }

    fn stops() -> impl Strategy<Value = Vec<Stop>> {
        let one = (
            38.6..38.8_f64,
            -9.3..-9.0_f64,
            0_i64..20_000,
            600_i64..20_000,
            -3_000_i64..3_000,
            any::<bool>(),
        );
        proptest::collection::vec(one, 0..14).prop_map(|all| {
            all.iter()
                .enumerate()
                .map(|(index, (lat, lng, opens, lasts, weight, waits))| Stop {
                    opens: *opens,
                    closes: opens + lasts,
                    weight: *weight,
                    after: (*waits && index > 0).then(|| index - 1),
                    ..stop(*lat, *lng)
                })
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_tour_can_be_driven(stops in stops(), count in 0_usize..4, payload in 0_i64..8_000) {
            let vehicles = vec![Vehicle { payload: Some(payload), ..vehicle() }; count];
            let found = plan(&stops, &vehicles, Goal::Time);
            let mut seen = found.left_out.clone();
            for (tour, driver) in found.tours.iter().zip(&vehicles) {
                let (mut place, mut now, mut load) = (driver.start, 0, 0);
                for (position, (index, begins)) in tour.iter().enumerate() {
                    let stop = &stops[*index];
                    now = (now + seconds_for(place.road_metres_to(stop.place), driver.speed)).max(stop.opens);
                    prop_assert_eq!(now, *begins);
                    prop_assert!(now <= stop.closes);
                    load += stop.weight;
                    prop_assert!(load <= payload);
                    if let Some(before) = stop.after {
                        prop_assert!(tour[..position].iter().any(|(other, _)| *other == before));
                    }
                    now += stop.service;
                    place = stop.place;
                    seen.push(*index);
                }
                prop_assert!(now <= driver.on_duty.1);
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..stops.len()).collect::<Vec<_>>());
        }
    }
}
