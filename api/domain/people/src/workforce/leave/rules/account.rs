//! What is left of a period, what may still be asked for, and how it ends.
//!
//! What was carried over is used first, by days before it expires: a day on or after that can only be
//! paid for by the period's own leave. So nothing that will expire is promised to anybody.

use chrono::NaiveDate;

use super::accrual::Terms;

/// The numbers of a period: sums of its ledger and its days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Came in by the policy.
    pub accrued: i32,
    /// Carried over from the period before.
    pub carried_in: i32,
    /// Of that, lost.
    pub carry_expired: i32,
    /// On which day what is left of it is lost.
    pub carry_expires_on: Option<NaiveDate>,
    /// Approved days.
    pub taken: i32,
    /// Days that wait for a decision.
    pub reserved: i32,
    /// Of both, those on days before what was carried over expires.
    pub early: i32,
    /// Lost, what was carried over included.
    pub expired: i32,
    /// Carried over into the next period.
    pub carried_out: i32,
    /// Paid out.
    pub encashed: i32,
    /// Put right by hand.
    pub adjusted: i32,
    /// By how much it may go below 0.
    pub limit: i32,
}

impl Figures {
    /// What is left, not regarding what waits for a decision.
    pub fn balance(&self) -> i32 {
        self.accrued + self.carried_in
            - self.taken
            - self.expired
            - self.carried_out
            - self.encashed
            + self.adjusted
    }

    /// What is left for others than those who wait.
    pub fn free(&self) -> i32 {
        self.balance() - self.reserved
    }

    /// What may go before the limit is reached.
    pub fn room(&self) -> i32 {
        self.free() + self.limit
    }

    /// Whether a day is before what was carried over expires.
    pub fn is_early(&self, day: NaiveDate) -> bool {
        self.carry_expires_on.is_none_or(|expires| day < expires)
    }

    /// Whether days that cost so much, early and late, may be charged besides all others.
    pub fn fits(&self, early: i32, late: i32) -> bool {
        if early + late > self.room() {
            return false;
        }
        if late == 0 || self.carry_expires_on.is_none() {
            return true;
        }
        let carried = self.carried_in - self.carry_expired;
        let own = self.balance() + self.taken - carried;
        let all_late = self.taken + self.reserved - self.early + late;
        let early_beyond = (self.early + early - carried).max(0);
        all_late + early_beyond <= own + self.limit
    }

    /// With so much more taken or reserved by days.
    #[must_use]
    pub fn with_days(mut self, taken: i32, reserved: i32, early: i32) -> Self {
        self.taken += taken;
        self.reserved += reserved;
        self.early += early;
        self
    }

    /// What of the carried-over leave is lost once its day has come: what nobody has used, or asked
    /// for, by days before. Never so much that something is promised twice.
    pub fn carry_lost(&self) -> i32 {
        let unused = self.carried_in - self.carry_expired - self.early;
        unused.min(self.free()).max(0)
    }

    /// What of an accrual goes beyond the most that may be held.
    pub fn beyond(&self, most: Option<i32>, accrual: i32) -> i32 {
        most.map_or(0, |most| (self.balance() - most).clamp(0, accrual.max(0)))
    }

    /// What goes into the last pay of whoever leaves: below 0 what is owed, days that wait for a decision
    /// included; above 0 what was deducted before, as far as it is there after all.
    pub fn last_pay(&self) -> i32 {
        self.free().min((-self.encashed).max(0))
    }

    /// How a period ends. What nobody waits for first gives back what was deducted from the pay for a
    /// debt, then is carried over as far as that goes, and the rest is lost. A debt goes with the person,
    /// as far as the next period has room for it, or is deducted from the pay: it never expires, so no
    /// credit comes of it. Asked again after late decisions, it says what comes on top.
    pub fn close(&self, terms: &Terms, next_room: i32) -> Closing {
        let debt = (-self.balance()).max(0);
        if debt > 0 && terms.encashes_debts {
            return Closing {
                encash: -debt,
                ..Closing::default()
            };
        }
        if debt > 0 {
            return Closing {
                carry: -debt.min(next_room.max(0)),
                ..Closing::default()
            };
        }
        let left = self.free().max(0);
        let encash = left.min((-self.encashed).max(0));
        let carry = (terms.carry_max - self.carried_out).clamp(0, left - encash);
        Closing {
            encash,
            carry,
            expire: left - encash - carry,
        }
    }
}

/// What the end of a period does with what is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// Goes into the pay; below 0 where a debt is deducted from it.
    pub encash: i32,
    /// Goes into the next period; below 0 where that is a debt.
    pub carry: i32,
    /// Is lost.
    pub expire: i32,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn e55_what_was_carried_over_is_used_first_and_lost_in_part() {
        let april = Figures {
            accrued: 4800,
            carried_in: 960,
            carry_expires_on: Some(day("2026-04-01")),
            taken: 480,
            early: 480,
            ..Figures::default()
        };
        assert_eq!(april.carry_lost(), 480, "half of it was used before");
        let lost = Figures {
            expired: 480,
            carry_expired: 480,
            ..april
        };
        assert_eq!((lost.carry_lost(), lost.balance()), (0, 4800));
        let late = Figures { early: 0, ..april };
        assert_eq!(
            late.carry_lost(),
            960,
            "days after it are none of its business"
        );
    }

    #[test]
    fn what_will_expire_is_not_promised_for_later() {
        let figures = Figures {
            accrued: 480,
            carried_in: 480,
            carry_expires_on: Some(day("2026-04-01")),
            ..Figures::default()
        };
        assert!(figures.fits(960, 0) && figures.fits(480, 480) && figures.fits(0, 480));
        assert!(!figures.fits(0, 481) && !figures.fits(481, 480));
    }

    fn terms(carry_max: i32, encashes_debts: bool) -> Terms {
        Terms {
            accrual: super::super::accrual::Accrual::None,
            amount: 0,
            per_hours: 0,
            max_balance: None,
            carry_max,
            carry_months: None,
            negative_limit: 960,
            encashes_debts,
            notice_days: 0,
            half_days: true,
            hours: true,
            prorates_on_hire: true,
            prorates_on_leaving: true,
            probation_days: 0,
            anchor: super::super::years::Anchor::Fixed(1, 1),
            levels: 1,
        }
    }

    #[test]
    fn e55_an_end_below_zero_takes_the_debt_along_and_credits_nothing() {
        let debt = Figures {
            accrued: 480,
            taken: 960,
            limit: 960,
            ..Figures::default()
        };
        let only = |carry, encash| Closing {
            encash,
            carry,
            expire: 0,
        };
        assert_eq!(debt.close(&terms(4800, false), 9999), only(-480, 0));
        assert_eq!(debt.close(&terms(0, false), 300), only(-300, 0));
        assert_eq!(debt.close(&terms(0, false), -5), only(0, 0));
        assert_eq!(debt.close(&terms(4800, true), 9999), only(0, -480));
        let settled = Figures {
            encashed: -480,
            taken: 360,
            ..debt
        };
        assert_eq!(
            settled.close(&terms(0, true), 0),
            Closing {
                encash: 480,
                carry: 0,
                expire: 120
            },
            "what was given back late is paid back first"
        );
    }

    #[test]
    fn what_is_left_is_carried_as_far_as_it_goes() {
        let rest = Figures {
            accrued: 960,
            reserved: 480,
            ..Figures::default()
        };
        let ends = |carry, expire| Closing {
            encash: 0,
            carry,
            expire,
        };
        assert_eq!(rest.close(&terms(300, false), 0), ends(300, 180));
        let again = Figures {
            accrued: 960,
            carried_out: 300,
            expired: 180,
            ..Figures::default()
        };
        assert_eq!(
            again.close(&terms(300, false), 0),
            ends(0, 480),
            "what waited was refused"
        );
    }

    fn figures() -> impl Strategy<Value = Figures> {
        let parts = (0_i32..6000, -2000_i32..2000, 0_i32..6000, 0_i32..2000);
        let besides = (
            0_i32..2000,
            -1500_i32..1500,
            -2000_i32..2000,
            -2000_i32..2000,
        );
        (parts, besides).prop_map(|(parts, besides)| Figures {
            accrued: parts.0,
            carried_in: parts.1,
            taken: parts.2,
            reserved: parts.3,
            expired: besides.0,
            carried_out: besides.1,
            encashed: besides.2,
            adjusted: besides.3,
            limit: 1_000_000,
            ..Figures::default()
        })
    }

    proptest! {
        /// Whatever a period ends with: nothing comes of nothing, a debt never becomes credit or is
        /// forgiven, leave is neither made nor forgotten, and asked again nothing more happens.
        #[test]
        fn e55_an_end_moves_what_there_is_and_makes_nothing(
            figures in figures(),
            carry_max in 0_i32..3000,
            encashes in any::<bool>(),
            room in -500_i32..5000,
        ) {
            let terms = terms(carry_max, encashes);
            let end = figures.close(&terms, room);
            prop_assert!(end.expire >= 0, "expiry never creates credit");
            let after = Figures {
                carried_out: figures.carried_out + end.carry,
                encashed: figures.encashed + end.encash,
                expired: figures.expired + end.expire,
                ..figures
            };
            if figures.balance() < 0 {
                prop_assert!(end.carry <= 0 && end.encash <= 0 && end.expire == 0);
                prop_assert!(after.balance() <= 0);
                let is_settled = after.balance() == 0 || (!encashes && -end.carry == room.max(0));
                prop_assert!(is_settled, "{after:?}");
            } else {
                prop_assert!(end.carry >= 0 && end.encash >= 0);
                prop_assert!(after.carried_out <= carry_max.max(figures.carried_out));
                prop_assert_eq!(after.free(), figures.free().min(0));
            }
            let left = room + end.carry.min(0);
            prop_assert_eq!(after.close(&terms, left), Closing::default());
        }
    }
}
