//! When events take place: zones, occurrences, what is left out and what is added.
//!
//! In: an event's times and rules. Out: instants, or the line that cannot be read.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use crate::meeting::{Schedule, Series, Slot};

use super::document::{Document, Property};
use super::read::ProblemKind;
use super::recur::{MAX_OCCURRENCES, occurrences};
use super::time::{Length, Moment};
use super::zone::{OwnZone, Zone};

/// How many upcoming occurrences of a series are listed.
const UPCOMING: usize = 8;

/// When an event takes place. `taken` are the occurrences that were changed.
pub(super) fn schedule(
    now: DateTime<Utc>,
    document: &Document,
    event: usize,
    times: &Times,
    taken: &BTreeSet<DateTime<Utc>>,
    zones: &mut Zones<'_>,
) -> Result<Schedule, At> {
    let named = |name| document.own_properties(event).filter(move |p| p.name() == name);
    let recurs = named("RRULE").chain(named("RDATE")).next().is_some();
    if !recurs || document.property(event, "RECURRENCE-ID").is_some() {
        return Ok(Schedule::Once(times.first));
    }
    let (mut excluded, mut excluded_days) = (BTreeSet::new(), BTreeSet::new());
    for property in named("EXDATE") {
        for moment in moments(&property)? {
            match moment {
                Moment::Date(day) if !times.all_day => _ = excluded_days.insert(day),
                moment => _ = excluded.insert(zones.instant(&property, Some(moment))?),
            }
        }
    }
    let mut extra = BTreeSet::new();
    for property in named("RDATE") {
        for moment in moments(&property)? {
            extra.insert(zones.instant(&property, Some(moment))?);
        }
    }
    let mut walk = Walk {
        now,
        taken,
        excluded: &excluded,
        excluded_days: &excluded_days,
        upcoming: BTreeSet::new(),
        last: None,
    };
    for instant in std::iter::once(times.first.start).chain(extra) {
        walk.visit(times.zone.wall(instant).unwrap_or_default(), instant);
    }
    let mut endless = false;
    for property in named("RRULE") {
        let rule = property.raw_value().to_ascii_uppercase();
        let bad = || At { line: property.line(), kind: ProblemKind::BadRule };
        let starts = occurrences(&rule, times.wall, &times.zone).ok_or_else(bad)?;
        let ends = rule.contains("COUNT=") || rule.contains("UNTIL=");
        endless |= !ends;
        let mut found = 0;
        for (count, wall) in starts.enumerate() {
            if count == MAX_OCCURRENCES {
                // An end that far away is none: programs write the year 9999.
                if found > 0 {
                    endless = true;
                    break;
                }
                return Err(At { line: property.line(), kind: ProblemKind::RuleTooLong });
            }
            let Some(instant) = times.zone.instant(wall) else { continue };
            found += usize::from(walk.visit(wall, instant));
            if !ends && found >= UPCOMING {
                break;
            }
        }
    }
    let last = walk.last.map_or(times.first, |start| times.slot(start));
    let upcoming: Vec<Slot> = walk.upcoming.iter().map(|start| times.slot(*start)).collect();
    Ok(Schedule::Series(Series::new(times.first, upcoming, (!endless).then_some(last))))
}

/// A problem on its way to its meeting.
pub(super) struct At {
    pub(super) line: usize,
    pub(super) kind: ProblemKind,
}

/// The zones of one document.
pub(super) struct Zones<'a> {
    floating: &'a Zone,
    by_id: HashMap<String, Option<Zone>>,
}

impl<'a> Zones<'a> {
    pub(super) fn of(document: &Document, floating: &'a Zone) -> Self {
        let mut by_id = HashMap::new();
        for (index, component) in document.components().iter().enumerate() {
            if component.name != "VTIMEZONE" {
                continue;
            }
            if let Some(id) = zone_id(document, index).map(|id| key(&id))
                && let Some(zone) = OwnZone::read(document, index)
            {
                by_id.entry(id).or_insert(Some(Zone::Own(zone)));
            }
        }
        Self { floating, by_id }
    }

    /// The zone of a property's values that are neither dates nor UTC.
    fn zone(&mut self, property: &Property<'_>) -> Result<Zone, At> {
        let Some(id) = property.parameter("TZID") else { return Ok(self.floating.clone()) };
        let zone = self.by_id.entry(key(&id)).or_insert_with(|| Zone::named(&id));
        zone.clone().ok_or(At { line: property.line(), kind: ProblemKind::UnknownZone })
    }

    pub(super) fn instant(
        &mut self,
        property: &Property<'_>,
        moment: Option<Moment>,
    ) -> Result<DateTime<Utc>, At> {
        let bad = || At { line: property.line(), kind: ProblemKind::BadTime };
        match moment.ok_or_else(bad)? {
            Moment::Utc(at) => Some(at.and_utc()),
            Moment::Local(at) => self.zone(property)?.instant(at),
            date @ Moment::Date(_) => self.floating.instant(date.naive()),
        }
        .ok_or_else(bad)
    }
}

/// The name of a `VTIMEZONE` of the document, as a parameter gives it: a text, in which
/// commas are escaped.
pub(super) fn zone_id(document: &Document, component: usize) -> Option<String> {
    let id = document.property(component, "TZID")?.text();
    Some(String::from_utf8_lossy(&id).trim().to_owned())
}

fn key(id: &str) -> String {
    id.trim().trim_matches('"').to_owned()
}

/// The values of an EXDATE or RDATE; of a PERIOD, its start.
fn moments(property: &Property<'_>) -> Result<Vec<Moment>, At> {
    let value = property.raw_value();
    let values = value.split(',').map(str::trim).filter(|v| !v.is_empty());
    values
        .map(|v| Moment::parse(v.split('/').next().unwrap_or_default()))
        .collect::<Option<_>>()
        .ok_or(At { line: property.line(), kind: ProblemKind::BadTime })
}

/// When an event begins, in its zone, and how long it lasts.
pub(super) struct Times {
    pub(super) first: Slot,
    wall: NaiveDateTime,
    zone: Zone,
    all_day: bool,
    length: Length,
}

impl Times {
    pub(super) fn read(
        document: &Document,
        event: usize,
        zones: &mut Zones<'_>,
    ) -> Result<Self, At> {
        let line = document.components().get(event).map_or(0, |c| c.line);
        let start =
            document.property(event, "DTSTART").ok_or(At { line, kind: ProblemKind::NoStart })?;
        let bad =
            |property: &Property<'_>| At { line: property.line(), kind: ProblemKind::BadTime };
        let moment = Moment::parse(&start.raw_value()).ok_or_else(|| bad(&start))?;
        let all_day = matches!(moment, Moment::Date(_));
        let zone = match moment {
            Moment::Utc(_) => Zone::Utc,
            Moment::Local(_) => zones.zone(&start)?,
            Moment::Date(_) => zones.floating.clone(),
        };
        let wall = moment.naive();
        let instant = zone.instant(wall).ok_or_else(|| bad(&start))?;
        let length = if let Some(end) = document.property(event, "DTEND") {
            match Moment::parse(&end.raw_value()).ok_or_else(|| bad(&end))? {
                Moment::Date(last) if all_day => Length {
                    days: (last - wall.date()).num_days().try_into().unwrap_or(0),
                    exact: TimeDelta::zero(),
                },
                moment => Length { days: 0, exact: zones.instant(&end, Some(moment))? - instant },
            }
        } else if let Some(duration) = document.property(event, "DURATION") {
            Length::parse(&duration.raw_value()).ok_or_else(|| bad(&duration))?
        } else {
            Length { days: all_day.into(), exact: TimeDelta::zero() }
        };
        let mut times = Self { first: Slot::new(instant, instant), wall, zone, all_day, length };
        times.first = times.slot(instant);
        Ok(times)
    }

    /// The occurrence that begins at `start`. An end before it is the start.
    fn slot(&self, start: DateTime<Utc>) -> Slot {
        let by_days = || {
            if self.length.days == 0 {
                return Some(start);
            }
            self.zone.instant(self.length.days_after(self.zone.wall(start)?)?)
        };
        let end = by_days().and_then(|end| end.checked_add_signed(self.length.exact));
        Slot::new(start, end.unwrap_or(start).max(start))
    }
}

/// The occurrences of a series, as they are visited.
struct Walk<'a> {
    now: DateTime<Utc>,
    taken: &'a BTreeSet<DateTime<Utc>>,
    excluded: &'a BTreeSet<DateTime<Utc>>,
    excluded_days: &'a BTreeSet<NaiveDate>,
    upcoming: BTreeSet<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
}

impl Walk<'_> {
    /// Whether it is an unchanged occurrence still to come.
    fn visit(&mut self, wall: NaiveDateTime, instant: DateTime<Utc>) -> bool {
        if self.excluded.contains(&instant) || self.excluded_days.contains(&wall.date()) {
            return false;
        }
        self.last = self.last.max(Some(instant));
        let upcoming = instant >= self.now && !self.taken.contains(&instant);
        if upcoming {
            self.upcoming.insert(instant);
            if self.upcoming.len() > UPCOMING {
                self.upcoming.pop_last();
            }
        }
        upcoming
    }
}
