//! Dates, times and durations as iCalendar writes them (RFC 5545 §3.3.4–6).

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// A DATE or DATE-TIME value, its zone not yet applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Date(NaiveDate),
    /// In the zone of the property's TZID; floating without one.
    Local(NaiveDateTime),
    Utc(NaiveDateTime),
}

impl Moment {
    /// Reads `20260105`, `20260105T090000` or `20260105T080000Z`; seconds may be missing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let date = parse_date(date)?;
        let Some(time) = time else { return Some(Self::Date(date)) };
        match time.strip_suffix(['Z', 'z']) {
            Some(time) => Some(Self::Utc(date.and_time(parse_time(time)?))),
            None => Some(Self::Local(date.and_time(parse_time(time)?))),
        }
    }

    /// The wall clock's reading; midnight of a date.
    pub(crate) fn naive(self) -> NaiveDateTime {
        match self {
            Self::Date(date) => date.and_time(NaiveTime::MIN),
            Self::Local(at) | Self::Utc(at) => at,
        }
    }
}

fn digits(text: &str, len: usize) -> Option<u32> {
    let exact = text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    exact.then(|| text.parse().ok()).flatten()
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    let year = i32::try_from(digits(text.get(..4)?, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(text.get(4..6)?, 2)?, digits(text.get(6..)?, 2)?)
}

fn parse_time(text: &str) -> Option<NaiveTime> {
    let seconds = if text.len() == 4 { 0 } else { digits(text.get(4..)?, 2)? };
    // A leap second is the last one of its minute here.
    NaiveTime::from_hms_opt(
        digits(text.get(..2)?, 2)?,
        digits(text.get(2..4)?, 2)?,
        if seconds == 60 { 59 } else { seconds },
    )
}

/// How long something lasts: calendar days, then exact time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length {
    pub(crate) days: u64,
    pub(crate) exact: TimeDelta,
}

impl Length {
    /// Reads a DURATION that is not negative: `P1D`, `PT1H30M`, `P2W`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
        let (mut days, mut seconds, mut number, mut in_time) = (0_u64, 0_i64, None::<u32>, false);
        let mut any = false;
        for c in text.chars() {
            if let Some(digit) = c.to_digit(10) {
                number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
                continue;
            }
            if c == 'T' && number.is_none() && !in_time {
                in_time = true;
                continue;
            }
            let n = number.take()?;
            any = true;
            match (c, in_time) {
                ('W', false) => days += u64::from(n) * 7,
                ('D', false) => days += u64::from(n),
                ('H', true) => seconds += i64::from(n) * 3600,
                ('M', true) => seconds += i64::from(n) * 60,
                ('S', true) => seconds += i64::from(n),
                _ => return None,
            }
        }
        (any && number.is_none()).then_some(Self { days, exact: TimeDelta::try_seconds(seconds)? })
    }

    /// `at` and the days of this length later, on the wall clock.
    pub(crate) fn days_after(self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        at.checked_add_days(Days::new(self.days))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]
    use super::*;

    #[test]
    fn moments_and_lengths_as_the_standard_and_its_users_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        let nine = day.and_hms_opt(9, 0, 0).unwrap();
        assert_eq!(Moment::parse("20260105"), Some(Moment::Date(day)));
        assert_eq!(Moment::parse("20260105T090000"), Some(Moment::Local(nine)));
        assert_eq!(Moment::parse(" 20260105t0900z "), Some(Moment::Utc(nine)));
        for bad in
            ["", "2026-01-05", "20260230", "20260105T", "20260105T2500", "2026010٣", "２０２６"]
        {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
        let length = |days, minutes| Some(Length { days, exact: TimeDelta::minutes(minutes) });
        assert_eq!(Length::parse("PT1H30M"), length(0, 90));
        assert_eq!(Length::parse("P1DT1H"), length(1, 60));
        assert_eq!(Length::parse("P2W"), length(14, 0));
        for bad in ["", "P", "PT", "-PT1H", "P1H", "PT5", "P99999999999D"] {
            assert_eq!(Length::parse(bad), None, "{bad}");
        }
    }
}
