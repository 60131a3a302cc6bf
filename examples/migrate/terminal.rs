//! What the admin reads in the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use meeting_migration::eligibility::Warning;
use meeting_migration::job::State;
use meeting_migration::store::Summary;

use crate::output::Output;
use crate::view::{Class, UserView};
use crate::{Account, Ignored};

/// The whole text.
pub(crate) fn summary(account: &Account, output: &Output) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, account, output);
    out
}

fn write(out: &mut String, account: &Account, output: &Output) -> std::fmt::Result {
    let Account { preview, summary, users, ignored, notices, .. } = account;
    states(out, summary)?;
    counts(out, users, *preview, *notices)?;
    let failed: Vec<_> = users.iter().filter(|u| u.status.state == State::Failed).collect();
    if !failed.is_empty() {
        writeln!(out, "\nFailed users\n")?;
        let width = failed.iter().map(|u| u.status.user_id.as_str().chars().count()).max();
        let width = width.unwrap_or_default().max(6);
        writeln!(out, "{:width$} LastMessage", "UserId")?;
        writeln!(out, "{:-<width$} -----------", "")?;
        for user in failed {
            writeln!(out, "{:width$} {}", user.status.user_id.as_str(), user.status.last_message)?;
        }
    }
    if !ignored.is_empty() {
        writeln!(out, "\nIgnored changes")?;
        for Ignored { user, change, why, way_out, .. } in ignored {
            writeln!(out, "\n{user}, {change}: {why}\n  way out: {way_out}")?;
        }
    }
    let mut warnings = BTreeMap::new();
    for warning in users.iter().flat_map(|u| &u.meetings).flat_map(|m| &m.warnings) {
        *warnings.entry(general(warning)).or_insert(0) += 1;
    }
    if !warnings.is_empty() {
        writeln!(out, "\nWarnings\n")?;
        for (warning, count) in warnings {
            let meetings = if count == 1 { "meeting" } else { "meetings" };
            writeln!(out, "{count:4} {meetings}: {warning}")?;
        }
    }
    writeln!(out, "\nWhere everything is\n")?;
    let mut place =
        |what: &str, path: &std::path::Path| writeln!(out, "  {what:10} {}", path.display());
    if *preview {
        place("plan", &output.plan)?;
    } else {
        place("calendars", &output.calendars)?;
        place("notices", &output.notices)?;
        place("journal", &output.journal)?;
    }
    place("report", &output.report)
}

/// As the manual prints it.
fn states(out: &mut String, summary: &Summary) -> std::fmt::Result {
    writeln!(out, "State      UserCount\n-----      ---------")?;
    for (state, users) in summary.rows() {
        writeln!(out, "{state:<10} {users:>9}")?;
    }
    Ok(())
}

fn counts(out: &mut String, users: &[UserView], preview: bool, notices: usize) -> std::fmt::Result {
    writeln!(out, "\n{} meetings", users.iter().map(|u| u.meetings.len()).sum::<usize>())?;
    for class in Class::ALL {
        let count: usize = users.iter().map(|user| user.count(class)).sum();
        writeln!(out, "{count:>6} {}", class.label(preview))?;
    }
    if preview {
        writeln!(out, "Nothing was written but the plan, and nobody was told.")
    } else {
        writeln!(out, "{notices:>6} notices to attendees")
    }
}

/// The warning without its number, so that warnings of one kind are counted together.
fn general(warning: &Warning) -> String {
    match warning {
        Warning::UnansweredWillSeeUpdate(_) => {
            "attendees who never answered see this as a new invitation".to_owned()
        }
        other => other.to_string(),
    }
}
