//! Rate plans: what a night costs under one, and what it does not sell.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::reckoning::{Notes, Subject};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::rounding::times;
use super::strategy::{Circumstances, bps};
use super::tariff::{CalendarDay, GuestCharges, Plan, UnitType};
use super::used_rate::{self, Rate, Source};

/// A stay under a plan.
#[derive(Clone, Copy, Debug)]
pub struct Stay<'a> {
    /// What is priced.
    pub subject: Subject<'a>,
    /// The unit type.
    pub unit_type: UnitType,
    /// The plan; none where nights are sold by the book alone.
    pub plan: Option<&'a Plan>,
    /// The day of arrival.
    pub starts_on: NaiveDate,
    /// The day of departure.
    pub ends_on: NaiveDate,
}

impl<'a> Stay<'a> {
    /// The plan and those it is derived from, the nearest first.
    fn chain(&self) -> impl Iterator<Item = &'a Plan> {
        let plans = &self.subject.frame.tariff.plans;
        std::iter::successors(self.plan, |plan| plans.get(&plan.derived_from_id?))
    }

    fn calendar(&self, plan: &Plan, on: NaiveDate) -> Option<&'a CalendarDay> {
        let calendar = &self.subject.frame.tariff.calendar;
        calendar.get(&(plan.id, self.unit_type.id, on))
    }

    /// The first of the plans that says something of a day.
    fn said<T>(&self, on: NaiveDate, of: impl Fn(&CalendarDay) -> Option<T>) -> Option<T> {
        self.chain()
            .find_map(|plan| self.calendar(plan, on).and_then(&of))
    }

    fn refuse(&self, code: RefusalCode, message: String, day: NaiveDate) -> Refusal {
        Refusal::new(code, message)
            .of(&self.subject.item.reference)
            .on(day)
    }

    /// Refuses what the plan or the calendar does not sell.
    pub fn allowed(&self) -> Ruled<()> {
        let Some(plan) = self.plan else { return Ok(()) };
        self.sold(plan)?;
        self.length(plan)?;
        self.ends(plan)?;
        let closed = self
            .starts_on
            .iter_days()
            .take_while(|day| *day < self.ends_on)
            .find(|day| {
                self.said(*day, |night| night.is_stop_sell.then_some(()))
                    .is_some()
            });
        match closed {
            Some(day) => {
                let message = format!("The night of {day} is not sold under {}.", plan.name);
                Err(self.refuse(RefusalCode::StopSell, message, day))
            }
            None => Ok(()),
        }
    }

    fn sold(&self, plan: &Plan) -> Ruled<()> {
        let frame = self.subject.frame;
        let refuse = |code, message: String| Err(self.refuse(code, message, self.starts_on));
        if !plan.is_active || !frame.is_for(plan.segment_id) {
            let message = format!("{} is not sold to this customer.", plan.name);
            return refuse(RefusalCode::PlanNotSold, message);
        }
        if !plan.unit_types.is_empty() && !plan.unit_types.contains_key(&self.unit_type.id) {
            let message = format!(
                "{} is not sold under {}.",
                self.subject.good.name, plan.name
            );
            return refuse(RefusalCode::PlanNotSold, message);
        }
        let ahead = (self.starts_on - frame.today()).num_days();
        if plan
            .min_advance_days
            .is_some_and(|least| ahead < i64::from(least))
            || plan
                .max_advance_days
                .is_some_and(|most| ahead > i64::from(most))
        {
            let bounds = match (plan.min_advance_days, plan.max_advance_days) {
                (Some(least), Some(most)) => format!("{least} to {most}"),
                (Some(least), None) => format!("at least {least}"),
                (None, most) => format!("at most {}", most.unwrap_or_default()),
            };
            let message = format!("{} is booked {bounds} days ahead, not {ahead}.", plan.name);
            return refuse(RefusalCode::OutsideAdvance, message);
        }
        Ok(())
    }

    /// Of lengths, the plan's own calendar decides for the day of arrival; otherwise the stricter of
    /// the plan and the calendars it is derived from.
    fn length(&self, plan: &Plan) -> Ruled<()> {
        let nights = (self.ends_on - self.starts_on).num_days();
        let own = self.calendar(plan, self.starts_on);
        let least = own.and_then(|day| day.min_stay_nights).or_else(|| {
            let said = self.said(self.starts_on, |day| day.min_stay_nights);
            plan.min_stay_nights.max(said)
        });
        if let Some(least) = least
            && nights < i64::from(least)
        {
            let message = format!(
                "Stays from {} have at least {least} nights.",
                self.starts_on
            );
            return Err(self.refuse(RefusalCode::MinStay, message, self.starts_on));
        }
        let most = own.and_then(|day| day.max_stay_nights).or_else(|| {
            let said = self.said(self.starts_on, |day| day.max_stay_nights);
            plan.max_stay_nights.into_iter().chain(said).min()
        });
        if let Some(most) = most
            && nights > i64::from(most)
        {
            let message = format!("Stays from {} have at most {most} nights.", self.starts_on);
            return Err(self.refuse(RefusalCode::MaxStay, message, self.starts_on));
        }
        Ok(())
    }

    fn ends(&self, plan: &Plan) -> Ruled<()> {
        let arrival = self.said(self.starts_on, |day| day.is_closed_to_arrival);
        if arrival.unwrap_or(plan.is_closed_to_arrival) {
            let message = format!("No stay under {} begins on {}.", plan.name, self.starts_on);
            return Err(self.refuse(RefusalCode::ClosedToArrival, message, self.starts_on));
        }
        let departure = self.said(self.ends_on, |day| day.is_closed_to_departure);
        if departure.unwrap_or(plan.is_closed_to_departure) {
            let message = format!("No stay under {} ends on {}.", plan.name, self.ends_on);
            return Err(self.refuse(RefusalCode::ClosedToDeparture, message, self.ends_on));
        }
        Ok(())
    }

    /// What a night costs for one unit, before charges for guests: the calendar's price, or the one
    /// that follows from another plan, or the book's; then moved by the strategies of the plan, and
    /// at last by those of all plans.
    pub fn night(&self, on: NaiveDate, notes: &mut Notes) -> Ruled<Rate> {
        let chain: Vec<&Plan> = self.chain().collect();
        let root = chain.iter().position(|plan| {
            self.calendar(plan, on)
                .is_some_and(|day| day.price_minor.is_some())
        });
        let from = root.map_or(chain.len(), |index| index + 1);
        let mut rate = self.first(
            on,
            root.map(|index| chain[index]),
            chain.last().copied(),
            notes,
        )?;
        for (index, plan) in chain[..from].iter().enumerate().rev() {
            if root != Some(index) {
                self.derive(on, plan, &mut rate, notes)?;
            }
            self.move_by(on, Some(plan), &mut rate, notes)?;
        }
        self.move_by(on, None, &mut rate, notes)?;
        Ok(rate)
    }

    /// The price from which the others follow.
    fn first(
        &self,
        on: NaiveDate,
        calendar: Option<&Plan>,
        last: Option<&Plan>,
        notes: &mut Notes,
    ) -> Ruled<Rate> {
        let reference = &self.subject.item.reference;
        let book = |plan: &Plan| {
            let books = &self.subject.frame.tariff.books;
            books
                .iter()
                .find(|book| Some(book.id) == plan.price_book_id)
        };
        if let Some(plan) = calendar
            && let Some(price) = self.calendar(plan, on).and_then(|day| day.price_minor)
        {
            let price = Decimal::from(price);
            notes.applied_on(
                reference,
                on,
                "calendar",
                &plan.name,
                (Decimal::ZERO, price),
            );
            let holds = last.and_then(book).map(|book| book.is_inclusive);
            return Ok(Rate {
                minor: price,
                currency: plan.currency.clone(),
                is_inclusive: holds.unwrap_or(self.subject.frame.tariff.tax.is_inclusive),
                name: plan.name.clone(),
                source: Source::Calendar,
            });
        }
        let mut rate = used_rate::of_books(
            self.subject,
            on,
            last.and_then(|plan| plan.price_book_id),
            notes,
        )?;
        if let Some(plan) = last
            && rate.currency != plan.currency
        {
            let message = format!(
                "{} is in {}, and its price of {on} in {}.",
                plan.name, plan.currency, rate.currency
            );
            return Err(self.refuse(RefusalCode::CurrencyMismatch, message, on));
        }
        if let Some(plan) = self.plan {
            rate.name.clone_from(&plan.name);
        }
        Ok(rate)
    }

    fn derive(&self, on: NaiveDate, plan: &Plan, rate: &mut Rate, notes: &mut Notes) -> Ruled<()> {
        if plan.derived_from_id.is_none() {
            return Ok(());
        }
        let before = rate.minor;
        let after = match (plan.derivation_bps, plan.derivation_minor) {
            (Some(change), _) => times(before, Decimal::ONE + bps(change))?,
            (None, Some(change)) => before + Decimal::from(change),
            (None, None) => before,
        };
        rate.minor = after.max(Decimal::ZERO);
        rate.name.clone_from(&plan.name);
        let reference = &self.subject.item.reference;
        notes.applied_on(
            reference,
            on,
            "derivation",
            &plan.name,
            (before, rate.minor),
        );
        Ok(())
    }

    fn move_by(
        &self,
        on: NaiveDate,
        plan: Option<&Plan>,
        rate: &mut Rate,
        notes: &mut Notes,
    ) -> Ruled<()> {
        let frame = self.subject.frame;
        let occupancy = frame.tariff.occupancy.get(&(self.unit_type.id, on));
        let at = Circumstances {
            on,
            occupancy_bps: occupancy.copied().unwrap_or(0),
            lead_days: (self.starts_on - frame.today()).num_days(),
        };
        for strategy in &frame.tariff.strategies {
            if !strategy.concerns(plan.map(|plan| plan.id), self.unit_type.id, on) {
                continue;
            }
            let before = rate.minor;
            rate.minor = strategy.applied(before, &rate.currency, &at)?;
            if rate.minor != before {
                let reference = &self.subject.item.reference;
                notes.applied_on(
                    reference,
                    on,
                    "strategy",
                    &strategy.name,
                    (before, rate.minor),
                );
            }
        }
        Ok(())
    }

    /// What the guests of all units cost a night beside its price, or less: extra adults and children,
    /// and one guest alone in each unit. In minor units of the plan's currency.
    pub fn guests(&self) -> Ruled<Option<(Decimal, &'a str)>> {
        let item = self.subject.item;
        if item.adults < 0 || item.children < 0 {
            let message = "Numbers of guests cannot be negative.";
            return Err(Refusal::new(RefusalCode::InvalidItem, message).of(&item.reference));
        }
        let units = item.quantity;
        let guests = Decimal::from(item.adults + item.children);
        if guests > Decimal::from(self.unit_type.max_occupancy) * units {
            let message = format!(
                "{} holds {} people at most.",
                self.subject.good.name, self.unit_type.max_occupancy
            );
            return Err(self.refuse(RefusalCode::TooManyGuests, message, self.starts_on));
        }
        let of = |plan: &'a Plan| Some((plan, *plan.unit_types.get(&self.unit_type.id)?));
        let Some((plan, charges)) = self.chain().find_map(of) else {
            return Ok(None);
        };
        if guests.is_zero() {
            return Ok(None);
        }
        let GuestCharges {
            extra_adult_minor,
            extra_child_minor,
            single_use_minor,
        } = charges;
        let included = Decimal::from(self.unit_type.base_occupancy) * units;
        let adults = Decimal::from(item.adults);
        let extra_adults = (adults - included).max(Decimal::ZERO);
        let left = (included - adults).max(Decimal::ZERO);
        let extra_children = (Decimal::from(item.children) - left).max(Decimal::ZERO);
        let mut charge = extra_adults * Decimal::from(extra_adult_minor)
            + extra_children * Decimal::from(extra_child_minor);
        if guests == units && self.unit_type.base_occupancy > 1 {
            charge -= Decimal::from(single_use_minor) * units;
        }
        Ok((!charge.is_zero()).then_some((charge, plan.currency.as_str())))
    }
}
