//! Which times a calendar paints.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::super::rules::{Edge, day_start, instant_of};
use super::paint::{Cause, Layer, Paint, Rank, segments};
use super::recurrence::{Recurrences, Unreadable};
use super::span::Span;
use super::week::{
    Binding, Calendar, HolidayKind, Overlay, OverlayEffect, Rule, RuleEffect, Times,
};

/// A time at which there are more or fewer units, or another price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surge {
    /// The time.
    pub span: Span,
    /// The rule.
    pub rule: Uuid,
    /// How many units more.
    pub capacity_delta: i32,
    /// The price that holds.
    pub price_rule_id: Option<Uuid>,
}

/// What calendars paint over a time.
pub(super) struct Painter<'a> {
    pub(super) range: Span,
    pub(super) recurrences: &'a mut Recurrences,
    pub(super) paints: Vec<Paint>,
    pub(super) surges: Vec<Surge>,
}

/// The times of one rule, by the local day on which each begins.
type Occurrences = Vec<(NaiveDate, Span)>;

impl Painter<'_> {
    /// Paints what a calendar says while it is followed.
    pub(super) fn calendar(&mut self, binding: &Binding) {
        let during = binding.during(&self.range);
        if during.is_empty() {
            return;
        }
        let calendar = binding.calendar.as_ref();
        let mut made = Vec::new();
        let rank = |layer, rule, closes| Rank {
            binding: binding.priority,
            layer,
            rule,
            closes,
        };
        if !calendar.is_open_by_default {
            made.push(closing(
                during,
                rank(Layer::Default, 0, true),
                Cause::Default(calendar.id),
            ));
        }
        for rule in &calendar.rules {
            self.rule(calendar, None, rule, &mut made, |effect| {
                rank(
                    layer(effect, Layer::Rules),
                    rule.priority,
                    effect != RuleEffect::Open,
                )
            });
        }
        for overlay in &calendar.overlays {
            self.overlay(calendar, overlay, &mut made, &rank);
        }
        for holiday in &calendar.holidays {
            let span = part_of(calendar.zone, holiday.on, holiday.kind);
            made.push(closing(
                span,
                rank(Layer::Holidays, 0, true),
                Cause::Holiday(holiday.id),
            ));
        }
        let clipped = made.into_iter().filter_map(|paint| {
            let span = paint.span.within(&during);
            (!span.is_empty()).then_some(Paint { span, ..paint })
        });
        self.paints.extend(clipped);
    }

    /// Paints what an overlay says.
    fn overlay(
        &mut self,
        calendar: &Calendar,
        overlay: &Overlay,
        made: &mut Vec<Paint>,
        rank: &dyn Fn(Layer, i32, bool) -> Rank,
    ) {
        let on_top = Layer::Overlay(overlay.priority);
        let cause = Cause::Overlay(overlay.id);
        let mut own = Vec::new();
        for rule in &overlay.rules {
            self.rule(calendar, Some(overlay), rule, &mut own, |effect| {
                rank(
                    layer(effect, on_top),
                    rule.priority,
                    effect != RuleEffect::Open,
                )
            });
        }
        // A blackout is one, whatever its overlay does.
        let (blackouts, mut own): (Vec<Paint>, Vec<Paint>) = own
            .into_iter()
            .partition(|paint| paint.rank.layer == Layer::Blackouts);
        made.extend(blackouts);
        let days = || self.whole_days(calendar, overlay);
        match overlay.effect {
            OverlayEffect::Replace => {
                if !calendar.is_open_by_default {
                    let silence = rank(Layer::Silence(overlay.priority), 0, true);
                    made.extend(days().map(|span| closing(span, silence, cause)));
                }
            }
            OverlayEffect::Remove => {
                for paint in &mut own {
                    paint.is_open = false;
                }
                if overlay.rules.is_empty() {
                    let closed = rank(on_top, 0, true);
                    own.extend(days().map(|span| closing(span, closed, cause)));
                }
            }
            OverlayEffect::Add => {
                own = opened(&own, self.range);
                if overlay.rules.is_empty() {
                    let rank = rank(on_top, 0, false);
                    own.extend(days().map(|span| Paint {
                        span,
                        rank,
                        is_open: true,
                        cause,
                    }));
                }
            }
        }
        made.extend(own);
    }

    /// The days of an overlay, from midnight to midnight.
    fn whole_days(&self, calendar: &Calendar, overlay: &Overlay) -> impl Iterator<Item = Span> {
        let (zone, first, last) = (
            calendar.zone,
            self.recurrences.from(),
            self.recurrences.to(),
        );
        let (days, priority) = (overlay.days, overlay.priority);
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .filter(|day| days.contains(*day) && !is_replaced(calendar, *day, Some(priority)))
            .collect();
        days.into_iter().map(move |day| whole_day(zone, day))
    }

    /// Paints the times of a rule, without those that an overlay replaces.
    fn rule(
        &mut self,
        calendar: &Calendar,
        overlay: Option<&Overlay>,
        rule: &Rule,
        made: &mut Vec<Paint>,
        rank: impl Fn(RuleEffect) -> Rank,
    ) {
        let cause = Cause::Rule(rule.id);
        let Ok(occurrences) = self.occurrences(calendar.zone, rule) else {
            // What cannot be read closes: better too little is sold than too much.
            let rank = Rank {
                layer: Layer::Blackouts,
                closes: true,
                ..rank(rule.effect)
            };
            made.push(closing(self.range, rank, cause));
            return;
        };
        let holds = |day: &NaiveDate| {
            overlay.is_none_or(|overlay| overlay.days.contains(*day))
                && (rule.effect == RuleEffect::Blackout
                    || !is_replaced(calendar, *day, overlay.map(|overlay| overlay.priority)))
        };
        let spans = occurrences.into_iter().filter(|(day, _)| holds(day));
        if rule.effect == RuleEffect::Surge {
            self.surges.extend(spans.map(|(_, span)| Surge {
                span,
                rule: rule.id,
                capacity_delta: rule.capacity_delta,
                price_rule_id: rule.price_rule_id,
            }));
            return;
        }
        made.extend(spans.map(|(_, span)| Paint {
            span,
            rank: rank(rule.effect),
            is_open: rule.effect == RuleEffect::Open,
            cause,
        }));
    }

    fn occurrences(&mut self, zone: Tz, rule: &Rule) -> Result<Occurrences, Unreadable> {
        let (first, last) = (self.recurrences.from(), self.recurrences.to());
        let days: Vec<NaiveDate> = match &rule.recurrence {
            Some(text) => {
                let days = self.recurrences.days(text, rule.days.starts_on, zone)?;
                days.iter().copied().collect()
            }
            None => first.iter_days().take_while(|day| *day <= last).collect(),
        };
        let occurrences = days.into_iter().filter(|day| rule.days.contains(*day));
        Ok(occurrences
            .map(|day| (day, times(zone, day, rule.times)))
            .filter(|(_, span)| !span.is_empty())
            .collect())
    }
}

fn closing(span: Span, rank: Rank, cause: Cause) -> Paint {
    Paint {
        span,
        rank,
        is_open: false,
        cause,
    }
}

fn layer(effect: RuleEffect, own: Layer) -> Layer {
    match effect {
        RuleEffect::Blackout => Layer::Blackouts,
        RuleEffect::Open | RuleEffect::Closed | RuleEffect::Surge => own,
    }
}

/// Whether an overlay above this one (or above the calendar itself) replaces the hours of a day.
fn is_replaced(calendar: &Calendar, day: NaiveDate, priority: Option<i32>) -> bool {
    calendar.overlays.iter().any(|overlay| {
        overlay.effect == OverlayEffect::Replace
            && overlay.days.contains(day)
            && priority.is_none_or(|priority| overlay.priority > priority)
    })
}

/// What of an overlay is open by its own rules: only that is added.
fn opened(own: &[Paint], range: Span) -> Vec<Paint> {
    let open = segments(own, range).into_iter().filter_map(|segment| {
        let cause = segment.cause.filter(|_| segment.is_open)?;
        let by = own.iter().find(|paint| paint.cause == cause)?;
        Some(Paint {
            span: segment.span,
            ..*by
        })
    });
    open.collect()
}

fn whole_day(zone: Tz, day: NaiveDate) -> Span {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    Span::new(day_start(zone, day), day_start(zone, next))
}

fn part_of(zone: Tz, day: NaiveDate, kind: HolidayKind) -> Span {
    let day_span = whole_day(zone, day);
    let noon = |edge| at(zone, day, 12 * 3_600, edge);
    match kind {
        HolidayKind::Full => day_span,
        HolidayKind::Morning => Span::new(day_span.start, noon(Edge::End)),
        HolidayKind::Afternoon => Span::new(noon(Edge::Start), day_span.end),
    }
}

/// When the times of a rule are, of the occurrence that begins on a day.
fn times(zone: Tz, day: NaiveDate, times: Option<Times>) -> Span {
    let Some(times) = times else {
        return whole_day(zone, day);
    };
    let end = match (times.crosses_midnight, times.end) {
        (true, end) => {
            let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
            at(zone, next, end, Edge::End)
        }
        (false, 86_400..) => whole_day(zone, day).end,
        (false, end) => at(zone, day, end, Edge::End),
    };
    Span::new(at(zone, day, times.start, Edge::Start), end)
}

fn at(zone: Tz, day: NaiveDate, second: u32, edge: Edge) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN) + TimeDelta::seconds(i64::from(second));
    instant_of(zone, local, edge)
}
