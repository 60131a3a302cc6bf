//! The guide page *When does it run?* shows the tables that the code asks.
//! `UPDATE_GUIDE=1` writes it anew.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fmt::Write as _;

use meeting_migration::Policy;
use meeting_migration::change::{Account, ChangeKind, Tenant};
use meeting_migration::eligibility::{FILTERS, Warning};
use meeting_migration::trigger::{Decision, RULES, decide};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/guide/when-does-it-run.md");

#[test]
fn the_page_shows_the_tables_of_the_code() {
    let page = std::fs::read_to_string(PAGE).unwrap().replace("\r\n", "\n");
    let mut printed = page.clone();
    for (name, table) in [
        ("presets", presets()),
        ("rules", rules()),
        ("policy", policy()),
        ("filters", filters()),
        ("warnings", warnings()),
    ] {
        printed = fill(&printed, name, &table);
    }
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(PAGE, &printed).unwrap();
        return;
    }
    for (line, (shown, expected)) in page.lines().zip(printed.lines()).enumerate() {
        assert_eq!(shown, expected, "line {} (UPDATE_GUIDE=1 prints it anew)", line + 1);
    }
    assert_eq!(page.len(), printed.len(), "the page is longer or shorter than its tables");
}

/// Puts a table between the marks with its name, which must be there.
fn fill(page: &str, name: &str, table: &str) -> String {
    let open = format!("<!-- table: {name} -->\n");
    let (before, rest) = page.split_once(&open).unwrap_or_else(|| panic!("no mark {open:?}"));
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    format!("{before}{open}\n{table}\n<!-- end -->{after}")
}

fn presets() -> String {
    let mut table = "| change | `seed-2018` | `current` |\n| --- | --- | --- |\n".to_owned();
    for kind in ChangeKind::ALL {
        let answers = ["seed-2018", "current"].map(|preset| {
            let policy = Policy::preset(preset).unwrap();
            match decide(&kind.change(), &Account::default(), &Tenant::default(), &policy) {
                Decision::Run { kind, .. } => format!("run, `{kind}`"),
                Decision::Ignore(_) => "ignore".to_owned(),
            }
        });
        writeln!(table, "| `{}` | {} |", kind.key(), answers.join(" | ")).unwrap();
    }
    table
}

fn rules() -> String {
    let mut table = "| # | change | when | answer | rule | source | way out |\n\
                     | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for (number, rule) in RULES.iter().enumerate() {
        let changes = match rule.changes() {
            many if many.len() > 10 => "any that can run".to_owned(),
            many if many.len() == 10 => "any to audio conferencing".to_owned(),
            few => few.iter().map(|c| format!("`{}`", c.key())).collect::<Vec<_>>().join(", "),
        };
        let answer = if rule.runs().is_some() { "**run**" } else { "ignore" };
        let ways: Vec<_> = rule.ways_out().iter().map(ToString::to_string).collect();
        writeln!(
            table,
            "| {} | {changes} | {} | {answer} | {} | {} | {} |",
            number + 1,
            rule.condition().unwrap_or("always"),
            rule.says(),
            rule.sources().iter().map(|s| format!("`{s}`")).collect::<Vec<_>>().join(", "),
            ways.join("; ")
        )
        .unwrap();
    }
    table
}

/// Each field of the policy and what it settles. A field that is missing here, or is none
/// of the policy's, fails.
const FIELDS: &[(&str, &str, &str)] = &[
    (
        "attendee_limit",
        "the largest meeting that is migrated, the organiser counted; at most 500",
        "S:134",
    ),
    ("evidence", "what proves that the add-in made a meeting", "S:124"),
    ("hold", "seconds before a job may start", "EN-1; S:120 knows only at least 10 minutes in all"),
    ("max_attempts", "tries in all", "EN-1; S: silent"),
    ("retry_window", "seconds over which tries are spread", "EN-1; S: silent"),
    ("quiet_window", "seconds before its start in which a meeting is left alone", "no source"),
    ("retention", "seconds for which finished jobs are kept", "DE:2021-08-25; S: silent"),
    ("notify_declined", "whether attendees who declined are told", "S:116"),
    ("limits", "bounds on a body", "ours"),
    (
        "converts",
        "whether a manual start may turn meetings into Teams meetings",
        "S:33 against EN-1",
    ),
    ("move_target", "what meetings become on a move online", "S:33 against EN-1 and DE:2022-05-25"),
    ("third_party", "what a third-party audio provider prevents", "S:53, S:96 against EN-1"),
    ("third_party_license", "what a licence does for such a user", "S:77, S:79 against EN-1"),
    (
        "conference_id",
        "whether setting a conference id is a trigger",
        "S:89 against PS:Set-CsOnlineDialInConferencingUser",
    ),
    (
        "default_number_runs",
        "whether a default number changed for one user is a trigger",
        "DE:Teams/change-the-phone-numbers-on-your-audio-conferencing-bridge.md against \
         PS:Set-CsOnlineDialInConferencingTenantSettings",
    ),
    (
        "upgrade_grant",
        "what granting an upgrade policy does",
        "S:33 against EN-1, EN-2, LIVE, and these against PS:Grant-CsTeamsUpgradePolicy",
    ),
    ("recovery", "the first thing to do about a failed run", "S:188 against DE:2021-10-07"),
    (
        "start_by_hand",
        "whether a manual start obeys `MeetingMigrationEnabled`",
        "no source; S:199 names migrating by hand as a reason for switching off",
    ),
    ("queued_jobs", "what becomes of queued jobs when a switch goes off", "no source; S:199"),
    ("hold_on_join", "whether a second change starts the hold of its job anew", "no source; EN-1"),
    ("skips_declined", "whether meetings that their organiser declined stay", "no source"),
    ("when_denied", "what becomes of meetings whose product was taken away", "no source"),
    ("appends", "whether a block that was lost is added again", "S:114 only replaces"),
];

fn policy() -> String {
    let presets = [Policy::seed_2018(), Policy::current()]
        .map(|policy| serde_json::to_value(policy).unwrap().as_object().unwrap().clone());
    let mut known: Vec<_> = presets[0].keys().map(String::as_str).collect();
    let mut listed: Vec<_> = FIELDS.iter().map(|field| field.0).collect();
    known.sort_unstable();
    listed.sort_unstable();
    assert_eq!(known, listed, "the fields of `Policy` against those with a source");

    let mut table =
        "| field | settles | `seed-2018` | `current` | source |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for (field, settles, source) in FIELDS {
        let values = presets.each_ref().map(|preset| match &preset[*field] {
            serde_json::Value::Object(_) => "see `Limits`".to_owned(),
            value => format!("`{}`", value.to_string().trim_matches('"')),
        });
        writeln!(table, "| `{field}` | {settles} | {} | {source} |", values.join(" | ")).unwrap();
    }
    table
}

fn filters() -> String {
    let mut table = "| # | reason | filter | source |\n| --- | --- | --- | --- |\n".to_owned();
    for (number, filter) in FILTERS.iter().enumerate() {
        let key = serde_json::to_value(filter.reason()).unwrap();
        let sources: Vec<_> = filter.sources().iter().map(|s| format!("`{s}`")).collect();
        let sources = if sources.is_empty() { "no source".to_owned() } else { sources.join(", ") };
        let (key, says) = (key.as_str().unwrap(), filter.says());
        writeln!(table, "| {} | `{key}` | {says} | {sources} |", number + 1).unwrap();
    }
    table
}

fn warnings() -> String {
    let mut table = "| warning | means | source |\n| --- | --- | --- |\n".to_owned();
    for warning in [
        Warning::ContentNotRetained,
        Warning::SharedNotesLinkReplaced,
        Warning::BlockEdited,
        Warning::UnansweredWillSeeUpdate(3),
        Warning::StartsWithin15Minutes,
    ] {
        let json = serde_json::to_value(warning).unwrap();
        let key = match &json {
            serde_json::Value::Object(object) => object.keys().next().unwrap().clone(),
            name => name.as_str().unwrap().to_owned(),
        };
        let sources: Vec<_> = warning.sources().iter().map(|s| format!("`{s}`")).collect();
        let means = warning.to_string().replace("3 who", "those who");
        writeln!(table, "| `{key}` | {means} | {} |", sources.join(", ")).unwrap();
    }
    table
}
