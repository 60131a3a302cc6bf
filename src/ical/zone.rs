//! Time zones: the object's own definition first, then the names that programs write.
//!
//! In: a `VTIMEZONE` or a `TZID`. Out: wall clock ↔ instant. A time that a change of
//! clocks leaves out is read with the offset before the change, one that occurs twice is
//! its first occurrence (RFC 5545 §3.3.5).

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc, Weekday,
};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::document::Document;
use super::time::Moment;
use super::windows;

/// Rules that tie a wall clock to instants.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    Utc,
    Named(TimeZone),
    Own(OwnZone),
}

impl Zone {
    /// The zone of that IANA or Windows name, or of one of the spellings that mail
    /// programs make of them.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.trim().trim_matches('"');
        if matches!(name, "UTC" | "Z" | "GMT" | "Etc/UTC" | "tzone://Microsoft/Utc") {
            return Some(Self::Utc);
        }
        let zones = TimeZoneDatabase::bundled();
        let known = |name: &str| zones.get(name).ok().map(Self::Named);
        if let Some(zone) = windows::iana(name).and_then(known).or_else(|| known(name)) {
            return Some(zone);
        }
        // Globally unique ids: `/freeassociation.sourceforge.net/Europe/Berlin`.
        let mut rest = name.strip_prefix('/').unwrap_or_default();
        while let Some((_, tail)) = rest.split_once('/') {
            if let Some(zone) = known(tail) {
                return Some(zone);
            }
            rest = tail;
        }
        Self::displayed(name)
    }

    /// Windows' display names: `(UTC+01:00) Amsterdam, Berlin, Bern, Rome`.
    fn displayed(name: &str) -> Option<Self> {
        let (offset, places) = name.strip_prefix('(')?.split_once(')')?;
        if !offset.starts_with("UTC") && !offset.starts_with("GMT") {
            return None;
        }
        let zones = TimeZoneDatabase::bundled();
        let of = |place: &str| {
            let listed = windows::DISPLAY_NAMES.iter().find(|(n, _)| n.eq_ignore_ascii_case(place));
            let zone = match listed {
                Some((_, zone)) => (*zone).to_owned(),
                None => {
                    let city = format!("/{}", place.replace(' ', "_"));
                    zones.available().find(|zone| zone.as_str().ends_with(&city))?.to_string()
                }
            };
            zones.get(&zone).ok().map(Self::Named)
        };
        let places = places.trim();
        of(places).or_else(|| places.split([',', '/']).find_map(|place| of(place.trim())))
    }

    /// The instant at which this zone's clocks first show `wall`.
    pub(crate) fn instant(&self, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Utc => Some(wall.and_utc()),
            Self::Named(zone) => {
                let civil = jiff::civil::DateTime::new(
                    wall.year().try_into().ok()?,
                    wall.month().try_into().ok()?,
                    wall.day().try_into().ok()?,
                    wall.hour().try_into().ok()?,
                    wall.minute().try_into().ok()?,
                    wall.second().try_into().ok()?,
                    0,
                )
                .ok()?;
                let instant = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
                DateTime::from_timestamp(instant.as_second(), 0)
            }
            Self::Own(zone) => {
                let offset = zone.offset_at(wall)?;
                wall.checked_sub_signed(offset).map(|at| at.and_utc())
            }
        }
    }

    /// What this zone's clocks show at an instant.
    pub(crate) fn wall(&self, instant: DateTime<Utc>) -> Option<NaiveDateTime> {
        match self {
            Self::Utc => Some(instant.naive_utc()),
            Self::Named(zone) => {
                let stamp = jiff::Timestamp::from_second(instant.timestamp()).ok()?;
                let offset = TimeDelta::try_seconds(zone.to_offset(stamp).seconds().into())?;
                instant.naive_utc().checked_add_signed(offset)
            }
            Self::Own(zone) => {
                let utc = instant.naive_utc();
                let walls = || zone.0.iter().filter_map(|o| utc.checked_add_signed(o.to));
                // Of two readings one is in a gap, and no clock ever shows it: the earlier.
                let exact = walls().filter(|wall| self.instant(*wall) == Some(instant)).max();
                // None: this is the second time that a clock shows the earlier reading.
                exact.or_else(|| walls().min())
            }
        }
    }
}

/// A `VTIMEZONE`.
#[derive(Clone, Debug)]
pub(crate) struct OwnZone(Vec<Observance>);

#[derive(Clone, Debug)]
struct Observance {
    first: NaiveDateTime,
    from: TimeDelta,
    to: TimeDelta,
    rule: Option<Yearly>,
    dates: Vec<NaiveDateTime>,
}

impl OwnZone {
    /// Reads the component. `None` when it holds something that this module cannot
    /// evaluate: its name then decides.
    pub(crate) fn read(document: &Document, component: usize) -> Option<Self> {
        let mut observances = Vec::new();
        for (index, inner) in document.children(component) {
            if !matches!(&*inner.name, "STANDARD" | "DAYLIGHT") {
                continue;
            }
            let value = |name| document.property(index, name).map(|p| p.raw_value());
            let first = Moment::parse(&value("DTSTART")?)?.naive();
            let from = parse_offset(&value("TZOFFSETFROM")?)?;
            let to = parse_offset(&value("TZOFFSETTO")?)?;
            let rule = match value("RRULE") {
                Some(rule) => Some(Yearly::parse(&rule, first, from)?),
                None => None,
            };
            let dates = document
                .own_properties(index)
                .filter(|p| p.name() == "RDATE")
                .flat_map(|p| p.raw_value().split(',').map(Moment::parse).collect::<Vec<_>>())
                .map(|date| date.map(Moment::naive))
                .collect::<Option<_>>()?;
            observances.push(Observance { first, from, to, rule, dates });
        }
        (!observances.is_empty()).then_some(Self(observances))
    }

    fn offset_at(&self, wall: NaiveDateTime) -> Option<TimeDelta> {
        let current = self
            .0
            .iter()
            .filter_map(|o| o.last_onset(wall).map(|onset| (onset, o)))
            .max_by_key(|(onset, _)| *onset);
        let Some((onset, observance)) = current else {
            return self.0.iter().min_by_key(|o| o.first).map(|o| o.from);
        };
        let skipped = observance.to - observance.from;
        let in_gap = onset.checked_add_signed(skipped).is_some_and(|end| wall < end);
        Some(if in_gap { observance.from } else { observance.to })
    }
}

impl Observance {
    /// When it last began, up to `wall`.
    fn last_onset(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let ruled = self.rule.as_ref().and_then(|rule| rule.last_onset(self.first, wall));
        let dated = self.dates.iter().copied().filter(|date| *date <= wall).max();
        let first = (self.first <= wall).then_some(self.first);
        ruled.max(dated).max(first)
    }
}

/// The one shape of rule that zones are written with: a day in a month, every year.
#[derive(Clone, Debug)]
struct Yearly {
    month: u32,
    day: DayRule,
    last_year: Option<i32>,
}

#[derive(Clone, Debug)]
enum DayRule {
    /// The n-th such weekday, from the end when negative.
    Nth(i32, Weekday),
    /// The first such weekday on one of these days.
    Among(Weekday, Vec<u32>),
    Day(u32),
}

impl Yearly {
    fn parse(rule: &str, first: NaiveDateTime, from: TimeDelta) -> Option<Self> {
        let (mut month, mut last_year) = (first.month(), None);
        let (mut weekday, mut nth, mut days) = (None, None, Vec::new());
        for part in rule.trim().to_ascii_uppercase().split(';').filter(|p| !p.is_empty()) {
            let (key, value) = part.split_once('=')?;
            match (key, value) {
                ("FREQ", "YEARLY") | ("INTERVAL", "1") | ("WKST", _) => {}
                ("BYMONTH", _) => month = value.parse().ok().filter(|m| (1..=12).contains(m))?,
                ("BYDAY", _) => {
                    let (n, name) = value.split_at_checked(value.len().checked_sub(2)?)?;
                    weekday = Some(parse_weekday(name)?);
                    if !n.is_empty() {
                        nth = Some(n.parse::<i32>().ok()?);
                    }
                }
                ("BYSETPOS", _) => nth = Some(value.parse().ok()?),
                ("BYMONTHDAY", _) => {
                    days = value.split(',').map(|d| d.parse().ok()).collect::<Option<_>>()?;
                }
                ("UNTIL", _) => {
                    let until = match Moment::parse(value)? {
                        Moment::Utc(at) => at.checked_add_signed(from)?,
                        other => other.naive(),
                    };
                    last_year = Some(until);
                }
                ("COUNT", _) => {
                    let years = value.parse::<i32>().ok()?.checked_sub(1)?;
                    last_year = first
                        .with_month(12)?
                        .with_day(31)?
                        .with_year(first.year().checked_add(years)?);
                }
                _ => return None,
            }
        }
        let day = match (weekday, nth) {
            (Some(weekday), Some(n)) if days.is_empty() && (-5..=5).contains(&n) && n != 0 => {
                DayRule::Nth(n, weekday)
            }
            (Some(weekday), None) if !days.is_empty() => DayRule::Among(weekday, days),
            (None, None) => match days.as_slice() {
                [] => DayRule::Day(first.day()),
                [day] => DayRule::Day(*day),
                _ => return None,
            },
            _ => return None,
        };
        let mut rule = Self { month, day, last_year: None };
        rule.last_year = last_year.map(|until| {
            let reached = rule.onset(until.year(), first).is_some_and(|onset| onset <= until);
            if reached { until.year() } else { until.year() - 1 }
        });
        Some(rule)
    }

    fn last_onset(&self, first: NaiveDateTime, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let year = self.last_year.map_or(wall.year(), |last| wall.year().min(last));
        [year, year - 1]
            .into_iter()
            .filter(|year| *year >= first.year())
            .filter_map(|year| self.onset(year, first))
            .find(|onset| *onset <= wall && *onset >= first)
    }

    fn onset(&self, year: i32, first: NaiveDateTime) -> Option<NaiveDateTime> {
        let date = match &self.day {
            DayRule::Day(day) => NaiveDate::from_ymd_opt(year, self.month, *day),
            DayRule::Nth(n, weekday) if *n > 0 => NaiveDate::from_weekday_of_month_opt(
                year,
                self.month,
                *weekday,
                (*n).try_into().ok()?,
            ),
            DayRule::Nth(n, weekday) => {
                let (next_year, next_month) =
                    if self.month == 12 { (year + 1, 1) } else { (year, self.month + 1) };
                let last = NaiveDate::from_ymd_opt(next_year, next_month, 1)?.pred_opt()?;
                let back = (7 + last.weekday().num_days_from_monday()
                    - weekday.num_days_from_monday())
                    % 7;
                let weeks = u64::from(n.unsigned_abs() - 1) * 7;
                last.checked_sub_days(Days::new(u64::from(back) + weeks))
                    .filter(|date| date.month() == self.month)
            }
            DayRule::Among(weekday, days) => days
                .iter()
                .filter_map(|day| NaiveDate::from_ymd_opt(year, self.month, *day))
                .find(|date| date.weekday() == *weekday),
        };
        date.map(|date| date.and_time(first.time()))
    }
}

fn parse_weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

/// `+0100`, `-033000`.
fn parse_offset(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let pair = |at: usize| digits.get(at..at + 2)?.parse::<i64>().ok();
    let seconds = if digits.len() == 4 { 0 } else { pair(4)? };
    TimeDelta::try_seconds(sign * (pair(0)? * 3600 + pair(2)? * 60 + seconds))
        .filter(|offset| offset.abs() < TimeDelta::hours(24))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn own(text: &str) -> Zone {
        let calendar = format!(
            "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\n{text}END:VTIMEZONE\nEND:VCALENDAR\n"
        );
        Zone::Own(OwnZone::read(&Document::parse(calendar).unwrap(), 1).unwrap())
    }

    fn observance(kind: &str, start: &str, from: &str, to: &str, rule: &str) -> String {
        format!(
            "BEGIN:{kind}\nDTSTART:{start}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\n{rule}END:{kind}\n"
        )
    }

    /// What Outlook, Exchange and Apple write for zones whose rules have not changed since 2008.
    fn pairs() -> Vec<(&'static str, Zone)> {
        let outlook = |std: [&str; 4], dst: [&str; 4]| {
            let [start, from, to, rule] = std;
            let standard =
                observance("STANDARD", start, from, to, &format!("RRULE:FREQ=YEARLY;{rule}\n"));
            let [start, from, to, rule] = dst;
            own(&(standard
                + &observance("DAYLIGHT", start, from, to, &format!("RRULE:FREQ=YEARLY;{rule}\n"))))
        };
        vec![
            (
                "America/Los_Angeles",
                outlook(
                    ["16011104T020000", "-0700", "-0800", "BYDAY=1SU;BYMONTH=11"],
                    ["16010311T020000", "-0800", "-0700", "BYDAY=2SU;BYMONTH=3"],
                ),
            ),
            (
                "Europe/Berlin",
                outlook(
                    ["16010101T030000", "+0200", "+0100", "INTERVAL=1;BYDAY=-1SU;BYMONTH=10"],
                    ["16010101T020000", "+0100", "+0200", "INTERVAL=1;BYDAY=-1SU;BYMONTH=3"],
                ),
            ),
            (
                "Australia/Sydney",
                outlook(
                    ["20080406T030000", "+1100", "+1000", "BYMONTH=4;BYDAY=1SU"],
                    [
                        "20081005T020000",
                        "+1000",
                        "+1100",
                        "BYMONTH=10;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7",
                    ],
                ),
            ),
            ("Asia/Kolkata", own(&observance("STANDARD", "19700101T000000", "+0530", "+0530", ""))),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_definition_and_the_database_agree(
            which in 0_usize..4, day in 0_i64..7000, minute in 0_i64..1440, changeover in any::<bool>()
        ) {
            let (name, own) = &pairs()[which];
            let named = Zone::named(name).unwrap();
            let mut wall = NaiveDate::from_ymd_opt(2009, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap()
                + TimeDelta::days(day) + TimeDelta::minutes(minute);
            if changeover {
                // A Sunday between midnight and four, where clocks change.
                wall = wall - TimeDelta::days(wall.weekday().num_days_from_sunday().into());
                wall = wall.date().and_hms_opt(wall.hour() % 4, wall.minute(), 0).unwrap();
            }
            let instant = named.instant(wall);
            prop_assert_eq!(own.instant(wall), instant, "{} {}", name, wall);
            prop_assert_eq!(own.wall(instant.unwrap()), named.wall(instant.unwrap()));
        }
    }

    #[test]
    fn zones_that_programs_write_by_other_names() {
        let summer = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap().and_hms_opt(9, 0, 0).unwrap();
        for (name, hour) in [
            ("W. Europe Standard Time", 7),
            ("\"Pacific Standard Time\"", 16),
            ("Europe/Berlin", 7),
            ("europe/berlin", 7),
            ("/freeassociation.sourceforge.net/Europe/Berlin", 7),
            ("/mozilla.org/20070129_1/America/Indiana/Knox", 14),
            ("tzone://Microsoft/Utc", 9),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 7),
            ("(GMT+01:00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna", 7),
            ("(UTC-08:00) Pacific Time (US & Canada)", 16),
            ("(UTC) Coordinated Universal Time", 9),
            ("UTC", 9),
        ] {
            let zone = Zone::named(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(zone.instant(summer).unwrap().hour(), hour, "{name}");
        }
        for name in [
            "",
            "Customized Time Zone",
            "tzone://Microsoft/Custom",
            "(UTC+01:00) Nowhere",
            "/",
            "(UTC",
        ] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_definition_that_cannot_be_evaluated_is_none() {
        for rule in
            ["RRULE:FREQ=WEEKLY\n", "RRULE:FREQ=YEARLY;BYDAY=1SU,2SU;BYMONTH=3\n", "RDATE:soon\n"]
        {
            let text = observance("STANDARD", "19700101T000000", "+0100", "+0100", rule);
            let calendar = format!(
                "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\n{text}END:VTIMEZONE\nEND:VCALENDAR\n"
            );
            assert!(OwnZone::read(&Document::parse(calendar).unwrap(), 1).is_none(), "{rule}");
        }
    }
}
