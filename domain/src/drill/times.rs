//! When a drill on a schedule is due: days of the week and a time of day, in UTC. Pure, and proof against clocks that jump.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// What is later than this is not made up for, in milliseconds.
pub const DRILL_LATE_MS: u64 = 60_000;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// All days, from Monday on.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][self as usize]
    }

    /// That of a day, counted from 1970-01-01, which was a Thursday.
    fn of(day: i64) -> Self {
        Self::ALL[usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)]
    }
}

impl FromStr for Weekday {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|day| day.as_str() == text).ok_or(())
    }
}

/// A time of day in UTC, to the second. Prints as `10:00`, or `10:00:05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeOfDay(u32);

impl FromStr for TimeOfDay {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.split(':').collect();
        let number = |text: &str, limit: u32| -> Result<u32, ()> {
            let number =
                text.parse::<u32>().ok().filter(|_| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()));
            number.filter(|number| *number < limit).ok_or(())
        };
        let (hours, minutes, seconds) = match parts.as_slice() {
            [hours, minutes] => (hours, minutes, &"00"),
            [hours, minutes, seconds] => (hours, minutes, seconds),
            _ => return Err(()),
        };
        Ok(Self(number(hours, 24)? * 3600 + number(minutes, 60)? * 60 + number(seconds, 60)?))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)?;
        if self.0.is_multiple_of(60) { Ok(()) } else { write!(f, ":{:02}", self.0 % 60) }
    }
}

/// The moments of a schedule: every one of these days at this time, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillTimes {
    /// The days; without any there is no moment.
    pub days: BTreeSet<Weekday>,
    /// The time of day.
    pub at: TimeOfDay,
}

/// What is to be done about a schedule now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrillDue {
    /// Its drill of this moment begins.
    Begin(Timestamp),
    /// This moment has passed too long ago.
    Skip(Timestamp),
    /// Nothing before this moment.
    Wait(Timestamp),
    /// Nothing at all.
    Never,
}

impl DrillTimes {
    /// The first moment later than `now`; none where there is no day, or time as we write it ends before.
    pub fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        let today = now.as_millis().div_euclid(DAY_MS);
        (today..=today + 7).find_map(|day| self.on(day).filter(|moment| now < *moment))
    }

    /// The last moment that is not later than `now`.
    fn last_until(&self, now: Timestamp) -> Option<Timestamp> {
        let today = now.as_millis().div_euclid(DAY_MS);
        (0..=7).find_map(|back| self.on(today - back).filter(|moment| *moment <= now))
    }

    /// What is to be done now, when everything up to `done` is done: the moment of the last drill, or when the schedule
    /// was made or resumed. A clock that was set back begins nothing twice; one that had been a day and more ahead was
    /// wrong, and holds up nothing.
    pub fn due(&self, done: Timestamp, now: Timestamp) -> DrillDue {
        let was_wrong = DAY_MS as u64 <= done.millis_since(now);
        let done = if was_wrong { now } else { done };
        match (self.next_after(done), self.last_until(now)) {
            (None, _) => DrillDue::Never,
            (Some(next), Some(last)) if next <= now => match now.millis_since(last) {
                late if late <= DRILL_LATE_MS => DrillDue::Begin(last),
                _ => DrillDue::Skip(last),
            },
            (Some(next), _) => DrillDue::Wait(next),
        }
    }

    fn on(&self, day: i64) -> Option<Timestamp> {
        let moment = day * DAY_MS + i64::from(self.at.0) * 1000;
        // What cannot be written is kept within what can, and would be another moment.
        let written = Timestamp::from_millis(moment);
        (self.days.contains(&Weekday::of(day)) && written.as_millis() == moment).then_some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn tuesdays() -> DrillTimes {
        DrillTimes { days: BTreeSet::from([Weekday::Tue]), at: "10:00".parse().unwrap() }
    }

    #[test]
    fn the_next_moment_is_on_a_chosen_day() {
        // 2026-11-25 is a Wednesday.
        let next = |now| tuesdays().next_after(time(now)).unwrap().to_string();
        assert_eq!(next("2026-11-25T11:00:00Z"), "2026-12-01T10:00:00.000Z");
        assert_eq!(next("2026-12-01T09:59:59.999Z"), "2026-12-01T10:00:00.000Z");
        assert_eq!(next("2026-12-01T10:00:00Z"), "2026-12-08T10:00:00.000Z");
    }

    #[test]
    fn what_is_due_begins_once_and_is_not_made_up_for() {
        let (made, due) = (time("2026-11-25T11:00:00Z"), time("2026-12-01T10:00:00Z"));
        let at = |done, now: &str| tuesdays().due(done, time(now));
        assert_eq!(at(made, "2026-12-01T09:00:00Z"), DrillDue::Wait(due));
        assert_eq!(at(made, "2026-12-01T10:00:59Z"), DrillDue::Begin(due));
        assert_eq!(at(made, "2026-12-01T10:01:01Z"), DrillDue::Skip(due));
        // The clock was set back after it had begun.
        assert_eq!(at(due, "2026-12-01T09:59:00Z"), DrillDue::Wait(time("2026-12-08T10:00:00Z")));
        // It had been far ahead.
        assert_eq!(at(time("2027-12-01T10:00:00Z"), "2026-12-01T09:00:00Z"), DrillDue::Wait(due));
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for (text, printed) in [("10:00", "10:00"), ("23:59:59", "23:59:59"), ("00:00:00", "00:00")] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), printed);
        }
        for text in ["", "10", "24:00", "10:60", "1:00", "+1:00", "10:00:00:00"] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_next_moment_is_later_on_a_chosen_day_and_at_most_a_week_away(
            now in 0i64..4_000_000_000_000, days in prop::collection::btree_set(0usize..7, 1..7), at in 0u32..86_400,
        ) {
            let days = days.into_iter().map(|day| Weekday::ALL[day]).collect();
            let times = DrillTimes { days, at: TimeOfDay(at) };
            let now = Timestamp::from_millis(now);
            let next = times.next_after(now).unwrap();
            prop_assert!(now < next && next.millis_since(now) <= 7 * DAY_MS as u64);
            prop_assert!(times.days.contains(&Weekday::of(next.as_millis() / DAY_MS)));
            prop_assert!(next < times.next_after(next).unwrap());
            prop_assert_eq!(times.last_until(next), Some(next));
        }
    }
}
