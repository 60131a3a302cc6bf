//! Recurrence rules, behind one function.
//!
//! The `rrule` crate sees wall-clock times labelled as UTC and nothing else: it refuses
//! Windows zone names, starts inside a gap and a local `UNTIL`, all of which invitations
//! hold. The caller maps the results back.

use chrono::{DateTime, NaiveDateTime, Utc};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use super::time::Moment;
use super::zone::Zone;

/// The most occurrences of one rule that are looked at: 27 years of an hour's event on
/// every working day's every hour, 136 years of a daily one.
pub(crate) const MAX_OCCURRENCES: usize = 50_000;

/// The wall-clock starts that `rule` gives from `start` on, in order, at most
/// [`MAX_OCCURRENCES`] and one. `None` when the rule cannot be read.
pub(crate) fn occurrences(
    rule: &str,
    start: NaiveDateTime,
    zone: &Zone,
) -> Option<impl Iterator<Item = NaiveDateTime>> {
    // The crate cuts names by bytes: keep from it what no rule holds.
    if !rule.bytes().all(|b| b.is_ascii_alphanumeric() || b",;=+- ".contains(&b)) {
        return None;
    }
    let mut parts = Vec::new();
    for part in rule.trim().split(';').filter(|p| !p.trim().is_empty()) {
        let (key, value) = part.split_once('=')?;
        if key.trim().eq_ignore_ascii_case("UNTIL") {
            let until = wall_until(Moment::parse(value)?, zone)?;
            parts.push(format!("UNTIL={}", until.format("%Y%m%dT%H%M%SZ")));
        } else {
            parts.push(part.trim().to_owned());
        }
    }
    let labelled = label(start);
    let rule: RRule<Unvalidated> = parts.join(";").parse().ok()?;
    let rule = rule.validate(labelled).ok()?;
    let set = RRuleSet::new(labelled).rrule(rule).limit();
    Some((&set).into_iter().take(MAX_OCCURRENCES + 1).map(|at| at.naive_utc()))
}

fn label(wall: NaiveDateTime) -> DateTime<Tz> {
    wall.and_utc().with_timezone(&Tz::UTC)
}

/// A rule's end on the wall clock. A date counts to its last second.
fn wall_until(until: Moment, zone: &Zone) -> Option<NaiveDateTime> {
    match until {
        Moment::Utc(at) => zone.wall(DateTime::<Utc>::from_naive_utc_and_offset(at, Utc)),
        Moment::Local(at) => Some(at),
        Moment::Date(date) => date.and_hms_opt(23, 59, 59),
    }
}
