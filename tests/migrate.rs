//! The built `migrate` example on the sample tenant and on damaged copies of it: what it
//! writes, what it says, how it ends.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

const NOW: &str = "2026-11-22T09:00:00Z";
const LUC: &str = "luc.moreau@contoso.example";
const MIRA: &str = "mira.koch@contoso.example";
/// Whose change stands in `TROUBLE` alone, and whose job fails.
const RORY: &str = "rory.blake@contoso.example";
const TROUBLE: &str = "changes-with-trouble.jsonl";

/// The example, built once, in the profile of this test.
fn example() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--example", "migrate", "--target-dir"]);
        build.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "the example does not build");
        profile.join(format!("examples/migrate{}", std::env::consts::EXE_SUFFIX))
    })
}

/// A folder of its own for one test, with a copy of the sample tenant.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("migrate-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let place = Self(std::env::temp_dir().join(name));
        let _ = fs::remove_dir_all(&place.0);
        fs::create_dir_all(place.path("in/calendars")).unwrap();
        for name in ["tenant.json", "changes.jsonl", TROUBLE] {
            fs::copy(sample().join(name), place.path("in").join(name)).unwrap();
        }
        for (name, bytes) in folder(&sample().join("calendars")) {
            fs::write(place.path("in/calendars").join(name), bytes).unwrap();
        }
        place
    }

    /// Where only Mira and Luc have changes, on lines 1 and 2: all that it takes to see
    /// that one goes on when the other cannot.
    fn of_two() -> Self {
        let place = Self::new();
        let text = fs::read_to_string(place.path("in/changes.jsonl")).unwrap();
        let lines: Vec<_> = text.lines().filter(|l| l.contains(MIRA) || l.contains(LUC)).collect();
        assert!(lines.len() == 2 && lines[0].contains(MIRA));
        fs::write(place.path("in/changes.jsonl"), lines.join("\n")).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// Runs on the copy.
    fn run(&self, more: &[&str]) -> Ran {
        self.run_on("in/calendars", "out", more)
    }

    fn run_on(&self, calendars: &str, out: &str, more: &[&str]) -> Ran {
        let mut words = vec!["--calendars", calendars, "--out", out];
        words.extend(["--tenant", "in/tenant.json", "--changes", "in/changes.jsonl"]);
        words.extend(["--now", NOW]);
        words.extend(more);
        self.command(&words)
    }

    /// Runs on the copy with the changes that hold what fails.
    fn run_trouble(&self, more: &[&str]) -> Ran {
        let path = format!("in/{TROUBLE}");
        self.run(&[&["--changes", path.as_str()][..], more].concat())
    }

    fn command(&self, words: &[&str]) -> Ran {
        let output = Command::new(example()).args(words).current_dir(&self.0).output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn notices(&self, out: &str) -> usize {
        folder(&self.path(out).join("notices")).len()
    }

    fn report(&self, out: &str) -> String {
        fs::read_to_string(self.path(out).join("report.html")).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    /// The number before a label of the table.
    #[track_caller]
    fn count(&self, label: &str) -> usize {
        let line = self.out.lines().find_map(|line| line.trim().strip_suffix(label));
        line.unwrap_or_else(|| panic!("no {label} in\n{}{}", self.out, self.err))
            .trim()
            .parse()
            .unwrap()
    }

    /// The number of users in a state.
    #[track_caller]
    fn state(&self, state: &str) -> usize {
        let line = self.out.lines().find_map(|line| line.strip_prefix(state));
        line.unwrap_or_else(|| panic!("no {state} in\n{}{}", self.out, self.err))
            .trim()
            .parse()
            .unwrap()
    }

    #[track_caller]
    fn names(&self, words: &[&str]) {
        let found = self.err.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "no line with {words:?} in\n{}", self.err);
    }
}

fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data/tenant")
}

/// The files of a folder with their bytes.
fn folder(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(path) else { return BTreeMap::new() };
    entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// What the oracle says of each meeting after a run of the default changes, by user and id.
fn expected() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all = expected_with_trouble();
    assert!(all.remove(RORY).is_some());
    all
}

/// The same after a run of `TROUBLE`.
fn expected_with_trouble() -> BTreeMap<String, BTreeMap<String, String>> {
    let all = json(&sample().join("expected.json"));
    let all = all.as_object().unwrap().iter();
    all.map(|(user, meetings)| {
        let meetings = meetings.as_object().unwrap().iter();
        let outcome =
            |(id, m): (&String, &Value)| (id.clone(), m["outcome"].as_str().unwrap().to_owned());
        (user.clone(), meetings.map(outcome).collect())
    })
    .collect()
}

fn expected_count(outcome: &str) -> usize {
    count(&expected(), outcome)
}

fn count(all: &BTreeMap<String, BTreeMap<String, String>>, outcome: &str) -> usize {
    all.values().flat_map(BTreeMap::values).filter(|o| o.starts_with(outcome)).count()
}

#[test]
fn the_sample_tenant_ends_as_its_oracle_says() {
    let place = Place::new();
    let before = folder(&place.path("in/calendars"));
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.err.contains("migrate: ") && !ran.out.contains("Failed users"), "{}", ran.err);

    assert_eq!(ran.count("migrated"), expected_count("migrated"));
    assert_eq!(ran.count("left alone"), expected_count("left-alone"));
    assert_eq!(ran.count("skipped"), expected_count("skipped"));
    assert_eq!((ran.count("failed"), expected_count("failed")), (0, 0));
    assert_eq!(ran.count("notices to attendees"), place.notices("out"));
    assert_eq!(ran.state("Failed"), 0);
    assert_eq!(ran.state("Succeeded"), expected().len());
    assert_eq!((ran.state("Pending"), ran.state("InProgress")), (0, 0));
    assert!(ran.out.contains("State      UserCount\n-----      ---------\n"));

    for ignored in ["tom.reyes", "petra.kern", "kim.park"] {
        let line = format!("{ignored}@contoso.example, ");
        let (_, rest) = ran.out.split_once(&line).unwrap();
        assert!(rest.lines().nth(1).unwrap().starts_with("  way out: "), "{ignored}");
    }
    assert_eq!(folder(&place.path("in/calendars")), before, "the input is never modified");
}

/// An unknown user and a user with two meetings that fail: each is named with its reason,
/// and nobody else notices.
#[test]
fn trouble_is_named_with_its_reason_and_fails_nobody_else() {
    let place = Place::new();
    place.run(&[]);
    let ran = place.run_trouble(&["--out", "trouble"]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/changes-with-trouble.jsonl: line 10", "ghost@contoso.example", "no such user"]);

    let all = expected_with_trouble();
    for label in ["migrated", "failed", "skipped"] {
        assert_eq!(ran.count(label), count(&all, label), "{label}");
    }
    assert_eq!((ran.state("Failed"), ran.state("Succeeded")), (1, all.len() - 1));
    let (_, failed) = ran.out.split_once("Failed users").unwrap();
    let line = failed.lines().find(|line| line.starts_with(RORY)).unwrap();
    assert!(line.ends_with("; 1 more failed"), "{line}");
    let mut named = BTreeSet::new();
    for (id, outcome) in &all[RORY] {
        let why = match outcome.as_str() {
            "failed: ambiguous" => "a body has several blocks that could be the meeting's own",
            "failed: refused" => "an element that begins inside the block goes on behind it",
            _ => continue,
        };
        ran.names(&["in/calendars/rory.blake.ics: line ", id, why]);
        assert!(named.insert(why));
    }
    assert_eq!(named.len(), 2);

    let without = folder(&place.path("out/calendars"));
    let mut with = folder(&place.path("trouble/calendars"));
    let rory = with.insert("rory.blake.ics".into(), without["rory.blake.ics"].clone());
    assert!(with == without, "only Rory's calendar differs");
    let changed = changed_meetings(&without["rory.blake.ics"], &rory.unwrap(), RORY);
    let migrated = all[RORY].iter().filter(|(_, outcome)| *outcome == "migrated");
    assert_eq!(changed, migrated.map(|(id, _)| id.clone()).collect());
}

/// The file with trouble is the default and two lines more.
#[test]
fn the_two_files_of_changes_differ_by_the_unknown_user_and_rory() {
    let read = |name| fs::read_to_string(sample().join(name)).unwrap();
    let (plain, trouble) = (read("changes.jsonl"), read(TROUBLE));
    let (more, same): (Vec<_>, Vec<_>) =
        trouble.lines().partition(|line| line.contains("\"ghost@") || line.contains(RORY));
    assert_eq!(same, plain.lines().collect::<Vec<_>>());
    assert_eq!(more.len(), 2);
}

/// Meeting by meeting: who was written is who was to be migrated, in the journal, in the
/// calendars, and once in the mail.
#[test]
fn exactly_the_meetings_to_be_migrated_are_written_and_their_attendees_told_once() {
    let place = Place::new();
    place.run(&[]);
    let mut migrated = BTreeSet::new();
    for meetings in expected().into_values() {
        migrated.extend(meetings.into_iter().filter(|(_, o)| o == "migrated").map(|(id, _)| id));
    }

    let journal = fs::read_to_string(place.path("out/journal.jsonl")).unwrap();
    let (mut done, mut told) = (BTreeSet::new(), BTreeSet::new());
    for line in journal.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let meeting = entry["meeting"].as_str().unwrap().to_owned();
        if entry["event"].get("done").is_some() {
            assert!(done.insert(meeting), "written twice");
        } else if let Some(event) = entry["event"].get("told").or(entry["event"].get("sent"))
            && let Some(message) = event["message"].as_str()
        {
            assert!(told.insert(message.to_owned()), "told twice");
        }
    }
    assert_eq!(done, migrated);
    let notices = folder(&place.path("out/notices"));
    let files: BTreeSet<_> =
        notices.keys().map(|name| name.strip_suffix(".eml").unwrap().to_owned()).collect();
    // Guests of other parts are told in messages whose ids begin with that of the notice.
    assert!(told.iter().all(|told| files.iter().any(|file| file.starts_with(told.as_str()))));
    assert!(files.iter().all(|file| told.iter().any(|told| file.starts_with(told.as_str()))));
    for eml in notices.values() {
        let eml = String::from_utf8(eml.clone()).unwrap();
        assert!(eml.contains("method=REQUEST") && eml.contains("\r\nMessage-ID: <update-"));
    }

    let (before, after) =
        (folder(&place.path("in/calendars")), folder(&place.path("out/calendars")));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let mut changed = BTreeSet::new();
    for (name, before) in &before {
        changed.extend(changed_meetings(before, &after[name], name));
    }
    assert_eq!(changed, migrated);
    for untouched in ["tom.reyes", "petra.kern", "kim.park", "rory.blake", "vera.sousa"] {
        let untouched = &format!("{untouched}.ics");
        assert_eq!(before[untouched], after[untouched], "{untouched}");
    }
}

/// What a notice's edit may change, and so nothing else: bodies, the record, two stamps.
const CHANGING: &[&str] = &[
    "DESCRIPTION",
    "X-ALT-DESC",
    "STYLED-DESCRIPTION",
    "DTSTAMP",
    "LAST-MODIFIED",
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-CONFERENCETELURI",
    "X-MICROSOFT-ONLINEMEETINGCONFERENCEID",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-MICROSOFT-ONLINEMEETINGINFORMATION",
    "X-MICROSOFT-ONLINEMEETINGINTERNALLINK",
    "X-MICROSOFT-ONLINEMEETINGTOLLFREENUMBER",
    "X-MICROSOFT-ONLINEMEETINGTOLLNUMBER",
    "X-MICROSOFT-SCHEDULINGSERVICEUPDATEURL",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-SKYPETEAMSPROPERTIES",
];

/// The meetings whose lines differ; asserts that no line differs that may not. The lines
/// are found by a scan that knows of nothing but folds.
fn changed_meetings(before: &[u8], after: &[u8], name: &str) -> BTreeSet<String> {
    let fixed = |bytes| {
        let lines = content_lines(bytes);
        lines.into_iter().filter(|line| !CHANGING.contains(&property(line).as_str())).collect()
    };
    let (fixed_before, fixed_after): (Vec<_>, Vec<_>) = (fixed(before), fixed(after));
    for (line, (a, b)) in fixed_before.iter().zip(&fixed_after).enumerate() {
        assert_eq!(a, b, "{name}, line {line} of those that stay");
    }
    assert_eq!(fixed_before.len(), fixed_after.len(), "{name}");
    let (before, after) = (events(before), events(after));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    before.into_iter().filter(|(id, lines)| after[id] != *lines).map(|(id, _)| id).collect()
}

/// Lines with their folds and line ends.
fn content_lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match lines.last_mut() {
            Some(last) if matches!(line[0], b' ' | b'\t') => last.extend_from_slice(line),
            _ => lines.push(line.to_vec()),
        }
    }
    lines
}

fn property(line: &[u8]) -> String {
    let end = line.iter().position(|b| matches!(b, b':' | b';')).unwrap_or(line.len());
    String::from_utf8_lossy(&line[..end]).to_ascii_uppercase()
}

/// The lines of each meeting's events, by UID.
fn events(bytes: &[u8]) -> BTreeMap<String, Vec<Vec<u8>>> {
    let (mut all, mut event): (BTreeMap<_, Vec<_>>, Vec<Vec<u8>>) = Default::default();
    let mut inside = false;
    for line in content_lines(bytes) {
        inside |= line.starts_with(b"BEGIN:VEVENT");
        if inside {
            event.push(line.clone());
        }
        if line.starts_with(b"END:VEVENT") {
            inside = false;
            let uid = event.iter().find(|line| line.starts_with(b"UID:")).unwrap();
            let mut uid = String::from_utf8(uid[4..].to_vec()).unwrap();
            for fold in ["\r\n ", "\r\n\t", "\n ", "\n\t"] {
                uid = uid.replace(fold, "");
            }
            all.entry(uid.trim().to_owned()).or_default().append(&mut event);
        }
    }
    all
}

#[test]
fn a_second_run_changes_nothing_and_mails_nobody() {
    let place = Place::new();
    let first = place.run(&[]);
    let second = place.run_on("out/calendars", "again", &[]);
    assert_eq!((first.code, second.code), (Some(0), Some(0)));
    assert_eq!(second.count("migrated"), 0);
    assert_eq!(second.count("already up to date"), first.count("migrated"));
    assert_eq!(second.count("notices to attendees"), 0);
    assert_eq!(place.notices("again"), 0);
    assert_eq!(fs::read(place.path("again/journal.jsonl")).unwrap(), b"");
    assert!(folder(&place.path("out/calendars")) == folder(&place.path("again/calendars")));
}

/// The journal of the run before stands beside its calendars.
#[test]
fn an_edit_of_a_block_that_the_run_before_wrote_is_shown() {
    let place = Place::of_two();
    let first = place.run(&[]);
    assert!(!first.out.contains("had been edited"));
    place.edit("out/calendars/luc.moreau.ics", "\\nID de conférence", "\\nID neuve de conférence");

    let again = place.run_on("out/calendars", "again", &[]);
    assert_eq!((again.code, again.count("migrated")), (Some(0), 1));
    assert!(again.out.contains("1 meeting: the block had been edited since"), "{}", again.out);
    let shown = "<dt>Edited to</dt><dd><ins dir=\"auto\">neuve";
    assert!(place.report("again").contains(shown), "{}", place.report("again"));
    let journal = fs::read_to_string(place.path("again/journal.jsonl")).unwrap();
    assert!(journal.contains(r#""edits":[{"part":"main""#));

    let preview = place.run_on("out/calendars", "plan", &["--preview"]);
    assert!(preview.out.contains("1 meeting: the block had been edited since"));
    assert!(place.report("plan").contains(shown));

    fs::remove_file(place.path("out/journal.jsonl")).unwrap();
    let unknowing = place.run_on("out/calendars", "third", &[]);
    assert_eq!(unknowing.count("migrated"), 1);
    assert!(!unknowing.out.contains("had been edited since"), "nobody knows what was there");
    let missing = ["--earlier", "out/journal.jsonl"];
    let missing = place.run_on("out/calendars", "fourth", &missing);
    assert_eq!(missing.code, Some(1));
    missing.names(&["out/journal.jsonl"]);
}

#[test]
fn the_same_run_again_gives_the_same_bytes() {
    let place = Place::of_two();
    place.run(&[]);
    let first = [folder(&place.path("out/calendars")), folder(&place.path("out/notices"))];
    place.run(&[]);
    let again = [folder(&place.path("out/calendars")), folder(&place.path("out/notices"))];
    assert!(first == again);
}

#[test]
fn a_preview_writes_nothing_but_the_plan_and_after_a_run_finds_nothing_to_do() {
    let place = Place::new();
    let before = folder(&place.path("in/calendars"));
    let preview = place.run_trouble(&["--preview"]);
    assert_eq!(preview.code, Some(1), "a preview knows what would fail");
    let written: Vec<_> = folder(&place.path("out")).into_keys().collect();
    assert_eq!(written, ["plan.json", "report.html"]);
    assert!(folder(&place.path("in/calendars")) == before);

    let run = place.run_trouble(&["--out", "run"]);
    assert_eq!(run.count("failed"), 2);
    assert_eq!(preview.count("to be migrated"), run.count("migrated"));
    assert_eq!(preview.count("would fail"), run.count("failed"));
    let compared =
        assert_promised(&json(&place.path("out/plan.json")), &place.path("run/journal.jsonl"));
    assert_eq!(compared, count(&expected_with_trouble(), "migrated"));

    let after = ["--calendars", "run/calendars", "--out", "after", "--preview"];
    let after = place.run_trouble(&after);
    assert_eq!(after.count("to be migrated"), 0);
    assert_eq!(after.count("already up to date"), run.count("migrated"));
}

/// The bodies that the plan shows are those that the run wrote; how many meetings it wrote.
fn assert_promised(plan: &Value, journal: &Path) -> usize {
    let after = |plan: &Value| {
        let parts = plan["parts"].as_array().unwrap().iter();
        let bodies: Vec<_> = parts
            .flat_map(|p| p["bodies"].as_array().unwrap())
            .map(|b| b["after"].clone())
            .collect();
        (plan["meeting"].as_str().unwrap().to_owned(), bodies)
    };
    let planned: BTreeMap<_, _> = plan
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|job| job["meetings"].as_array().unwrap())
        .map(after)
        .collect();
    let mut compared = 0;
    for line in fs::read_to_string(journal).unwrap().lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        if let Some(intent) = entry["event"].get("intent") {
            let (meeting, bodies) = after(intent);
            assert!(planned[&meeting] == bodies, "{meeting}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn a_file_that_is_no_calendar_fails_its_user_and_nobody_else() {
    let place = Place::of_two();
    fs::write(place.path("in/calendars/luc.moreau.ics"), "Bonjour\r\n").unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/calendars/luc.moreau.ics: line 1", "not a calendar"]);
    assert_eq!((ran.count("migrated"), ran.state("Failed")), (migrated(MIRA), 1));
    assert!(ran.out.contains(&format!("{LUC} the calendar could not be listed")), "{}", ran.out);
    let copy = fs::read(place.path("out/calendars/luc.moreau.ics")).unwrap();
    assert_eq!(copy, b"Bonjour\r\n");
}

#[test]
fn a_truncated_calendar_fails_its_user_and_nobody_else() {
    let place = Place::of_two();
    let path = place.path("in/calendars/luc.moreau.ics");
    let bytes = fs::read(&path).unwrap();
    let half = &bytes[..bytes.len() / 2];
    fs::write(&path, half).unwrap();
    // Where the innermost component begins that the cut leaves open.
    let text = String::from_utf8_lossy(half);
    let open =
        1 + text.lines().collect::<Vec<_>>().iter().rposition(|l| l.starts_with("BEGIN:")).unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/calendars/luc.moreau.ics", &format!("line {open}"), "no END"]);
    assert_eq!(ran.count("migrated"), migrated(MIRA));
    assert!(fs::read(place.path("out/calendars/luc.moreau.ics")).unwrap() == half);
}

fn migrated(user: &str) -> usize {
    expected()[user].values().filter(|outcome| *outcome == "migrated").count()
}

#[test]
fn an_unknown_charset_fails_its_meeting_and_no_other() {
    let place = Place::of_two();
    let path = place.path("in/calendars/mira.koch.ics");
    let bytes = fs::read(&path).unwrap();
    // The one body that is not UTF-8: its label is what says how to read it.
    let lines = content_lines(&bytes);
    let at = lines
        .iter()
        .position(|l| property(l) == "DESCRIPTION" && std::str::from_utf8(l).is_err())
        .unwrap();
    let mut damaged = lines.clone();
    damaged[at].splice(11..11, *b";CHARSET=x-klingon");
    fs::write(&path, damaged.concat()).unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/calendars/mira.koch.ics: line ", "the charset is not known"]);
    assert_eq!(ran.count("migrated"), migrated(MIRA) + migrated(LUC) - 1);
    assert_eq!(ran.count("failed"), 1);
    assert!(place.report("out").contains("not shown: the charset is not known"));
}

#[test]
fn a_meeting_that_cannot_be_read_is_named_by_its_line() {
    let place = Place::of_two();
    place.edit("in/calendars/vera.sousa.ics", "DTSTART;", "DTSTART;X-NOTE=1;TZID=Nowhere/Land;");
    let ran = place.run(&[]);
    ran.names(&["in/calendars/vera.sousa.ics: line ", "time zone"]);
    assert_eq!(ran.count("migrated"), migrated(MIRA) + migrated(LUC));
}

#[test]
fn an_unknown_key_of_a_user_leaves_out_that_user() {
    let place = Place::of_two();
    place.edit("in/tenant.json", "\"name\": \"Luc Moreau\"", "\"nmae\": \"Luc Moreau\"");
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/tenant.json: `users.luc.moreau@contoso.example.nmae`", "unknown field"]);
    ran.names(&["in/changes.jsonl: line 2", LUC, "settings of this user cannot be read"]);
    assert_eq!(ran.count("migrated"), migrated(MIRA));
}

#[test]
fn an_unknown_key_of_coordinates_is_named_whole() {
    let place = Place::of_two();
    place.edit("in/tenant.json", "\"reset_pin_url\"", "\"reset_pim_url\"");
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["users.anna.berg@contoso.example.coordinates[0]", "reset_pim_url"]);
    assert_eq!(ran.state("Succeeded"), 2);
}

#[test]
fn an_unknown_key_of_the_tenant_is_named_and_when_it_may_be_a_misspelt_switch_nothing_runs() {
    let place = Place::of_two();
    place.edit("in/tenant.json", "{", "{\n \"colour\": \"blue\",");
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/tenant.json: `colour`", "unknown key"]);
    assert_eq!(ran.count("migrated"), migrated(MIRA) + migrated(LUC));

    let place = Place::of_two();
    place.edit("in/tenant.json", "meeting_migration_enabled\": true", "migration_enabled\": false");
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/tenant.json: `tenant.migration_enabled`", "unknown key"]);
    assert!(!place.path("out").exists());
}

#[test]
fn a_bad_line_of_changes_is_named_and_the_others_run() {
    let place = Place::of_two();
    place.edit("in/changes.jsonl", "\"conference-id-reset\"", "\"conference-id-rest\"");
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["in/changes.jsonl: line 1", "conference-id-rest"]);
    assert_eq!(ran.state("Succeeded"), 1);
}

#[test]
fn an_output_folder_that_cannot_be_written_is_named() {
    let place = Place::new();
    fs::write(place.path("file"), "").unwrap();
    for more in [&[][..], &["--preview"]] {
        let ran = place.run_on("in/calendars", "file/out", more);
        assert_eq!(ran.code, Some(1));
        ran.names(&["file/out"]);
    }
}

/// One notice cannot be written: its meeting fails, the rest goes on.
#[test]
fn a_notice_that_cannot_be_written_fails_its_meeting() {
    let place = Place::of_two();
    place.run(&[]);
    let notice = folder(&place.path("out/notices")).into_keys().next().unwrap();
    fs::remove_file(place.path("out/notices").join(&notice)).unwrap();
    // A folder stands where the file would be written.
    fs::create_dir(place.path("out/notices").join(notice.replace(".eml", ".new"))).unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["the attendees could not be told"]);
    assert_eq!(place.notices_files("out"), migrated(MIRA) + migrated(LUC) - 1);
}

impl Place {
    fn notices_files(&self, out: &str) -> usize {
        let entries = fs::read_dir(self.path(out).join("notices")).unwrap();
        entries.filter(|e| e.as_ref().unwrap().path().is_file()).count()
    }
}

#[test]
fn what_is_not_ours_in_the_output_folder_stays() {
    let place = Place::new();
    fs::create_dir_all(place.path("out/calendars")).unwrap();
    fs::write(place.path("out/calendars/mine.ics"), "mine").unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&["out/calendars/mine.ics", "not by an earlier run"]);
    assert_eq!(fs::read(place.path("out/calendars/mine.ics")).unwrap(), b"mine");
}

#[test]
fn usage_is_exit_status_2_and_never_writes_over_its_input() {
    let place = Place::of_two();
    for (words, named) in [
        (&["--colour"][..], "--colour"),
        (&["--now", "yesterday"], "yesterday"),
        (&["--out"], "--out needs a value"),
        (&["extra"], "extra"),
    ] {
        let ran = place.command(words);
        assert_eq!(ran.code, Some(2), "{words:?}");
        ran.names(&[named, "--help"]);
    }
    let help = place.command(&["--help"]);
    assert_eq!(help.code, Some(0));
    for option in ["--calendars", "--tenant", "--changes", "--out", "--now", "--preview"] {
        assert!(help.out.contains(option), "{option}");
    }

    fs::create_dir_all(place.path("out")).unwrap();
    fs::rename(place.path("in/calendars"), place.path("out/calendars")).unwrap();
    let before = folder(&place.path("out/calendars"));
    let ran = place.run_on("out/calendars", "out", &[]);
    assert_eq!(ran.code, Some(2));
    ran.names(&["never modified"]);
    // Without --out they go elsewhere.
    let sample = ["--tenant", "in/tenant.json", "--changes", "in/changes.jsonl", "--now", NOW];
    let ran = place.command(&[&["--calendars", "out/calendars"][..], &sample].concat());
    assert_eq!(ran.count("migrated"), migrated(MIRA) + migrated(LUC));
    assert!(folder(&place.path("out/calendars")) == before);
    assert!(place.path("out-again/report.html").exists());
}

#[test]
fn when_all_is_well_the_exit_status_is_0() {
    let place = Place::new();
    let line = format!(r#"{{"user": "{LUC}", "change": "moved-to-bridge"}}"#);
    fs::write(place.path("in/changes.jsonl"), format!("\u{feff}{line}\r\n\r\n")).unwrap();
    place.edit("in/tenant.json", "{", "\u{feff}{");
    let ran = place.run(&[]);
    assert_eq!((ran.code, ran.count("migrated")), (Some(0), migrated(LUC)), "{}", ran.err);
    assert!(!ran.out.contains("Failed users") && !ran.out.contains("Ignored changes"));
}

/// What a stranger wrote into a body or subject is text in the report, whatever it holds.
#[test]
fn the_report_is_safe_whatever_bodies_hold() {
    let place = Place::new();
    let evil = "</pre></iframe>\"'><script>alert(1)</script><img src=https://evil.example/x>";
    for head in ["SUMMARY;LANGUAGE=en-US:", "DESCRIPTION;LANGUAGE=en-US:"] {
        place.edit("in/calendars/ada.obi.ics", head, &format!("{head}{evil}"));
    }
    let html = "X-ALT-DESC;FMTTYPE=text/html:";
    place.edit("in/calendars/ada.obi.ics", html, &format!("{html}{evil}"));
    place.run(&[]);

    let report = place.report("out");
    assert!(report.matches("&lt;script&gt;alert(1)").count() >= 3, "it is shown");
    const OURS: &[&str] = &[
        "!doctype",
        "b",
        "body",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "head",
        "header",
        "html",
        "iframe",
        "input",
        "label",
        "li",
        "main",
        "mark",
        "meta",
        "p",
        "pre",
        "section",
        "span",
        "style",
        "summary",
        "table",
        "td",
        "th",
        "title",
        "tr",
        "ul",
    ];
    for (at, _) in report.match_indices('<') {
        let name = report[at + 1..].trim_start_matches('/');
        let end = name.find(|c: char| c.is_whitespace() || c == '>').unwrap();
        assert!(OURS.contains(&&name[..end]), "<{}", &name[..end]);
    }
    // A frame without permissions, and a policy for the page and for each frame.
    let frames = report.matches("<iframe ").count();
    assert_eq!(frames, report.matches("<iframe sandbox loading=").count());
    assert!(frames > 0 && !report.contains("allow-"));
    assert_eq!(report.matches("default-src &#39;none&#39;").count(), frames);
    assert!(report.split("<style>").next().unwrap().contains("\"default-src 'none';"));
}

/// Every notice of the sample can be read, and shows nobody what they are not invited to.
#[test]
fn every_notice_decodes_and_shows_its_recipients_what_they_are_invited_to() {
    let place = Place::new();
    let ran = place.run(&[]);
    let notices = folder(&place.path("out/notices"));
    assert_eq!(notices.len(), ran.count("notices to attendees"));
    assert!(notices.len() >= expected_count("migrated") - 1, "one meeting has no attendees");
    let mut seen = BTreeSet::new();
    for (name, eml) in &notices {
        check_notice(name, eml);
        let text = String::from_utf8(eml.clone()).unwrap();
        let shown = contents(&text).concat();
        let bodies = [
            "\u{201e}Preise\u{201c} \u{2013} 5 \u{20ac}",
            "\u{30bd}\u{30d5}\u{30c8}\u{306e}\u{8868}\u{793a}",
        ];
        seen.extend(bodies.into_iter().filter(|body| shown.matches(body).count() == 2));
    }
    assert_eq!(seen.len(), 2, "the two whose bodies are not UTF-8");
}

#[test]
fn a_guest_of_one_occurrence_is_told_of_that_alone() {
    let place = Place::of_two();
    let link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_1%40thread.v2/0?context=%7b%22Tid%22%7d";
    let fence = "_".repeat(80);
    let event = |lines: &str, body: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:guests\r\nORGANIZER:mailto:{LUC}\r\nATTENDEE:mailto:bob@contoso.example\r\n{lines}\
             DURATION:PT1H\r\nX-MICROSOFT-SKYPETEAMSMEETINGURL:{link}\r\nDESCRIPTION:{body}\\n{fence}\\n\
             Microsoft Teams meeting\\nJoin<{link}>\\n{fence}\\n\r\nEND:VEVENT\r\n"
        )
    };
    let series = event(
        "ATTENDEE:mailto:zo\u{eb}@x.example\r\nATTENDEE:mailto:cem@x.example\r\nDTSTART:20261201T090000Z\r\nRRULE:FREQ=WEEKLY;COUNT=20\r\n",
        "SECRET",
    );
    let guest = event(
        "ATTENDEE:mailto:vera@fabrikam.example\r\nRECURRENCE-ID:20261208T090000Z\r\nDTSTART:20261208T110000Z\r\n",
        "Prices",
    );
    place.edit(
        "in/calendars/luc.moreau.ics",
        "END:VCALENDAR",
        &format!("{series}{guest}END:VCALENDAR"),
    );
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1));
    ran.names(&[
        "in/calendars/luc.moreau.ics: line ",
        "meeting guests: 1 of its attendees were not told",
    ]);
    assert_eq!(ran.count("migrated"), migrated(MIRA) + migrated(LUC) + 1);
    assert_eq!(ran.count("notices to attendees"), place.notices("out"));
    let notices = folder(&place.path("out/notices"));
    let mut told = Vec::new();
    for (name, eml) in &notices {
        check_notice(name, eml);
        let text = String::from_utf8(eml.clone()).unwrap();
        let shown = contents(&text).concat();
        if shown.contains("UID:guests") {
            let secret = shown.contains("SECRET") || shown.contains("RRULE");
            let to = text.lines().find(|line| line.starts_with("To:")).unwrap();
            told.push((to.to_owned(), shown.contains("Prices"), secret));
            assert!(place.report("out").contains(&format!("notices/{name}")));
        }
    }
    told.sort();
    assert_eq!(
        told,
        [
            ("To: <bob@contoso.example>".to_owned(), true, true),
            ("To: <cem@x.example>".to_owned(), false, true),
            ("To: <vera@fabrikam.example>".to_owned(), true, false),
        ]
    );
}

/// Its parts are UTF-8, and each event in it invites each recipient.
fn check_notice(name: &str, eml: &[u8]) {
    let text = String::from_utf8(eml.to_vec()).unwrap();
    let head = text.split("Subject:").next().unwrap().split("\r\nTo:").nth(1).unwrap();
    let to: Vec<_> = head.split('<').skip(1).map(|to| to.split('>').next().unwrap()).collect();
    assert!(!to.is_empty(), "{name}");
    let calendar =
        contents(&text).pop().unwrap().replace("\r\n ", "").replace("\r\n\t", "").to_lowercase();
    for event in calendar.split("begin:vevent").skip(1) {
        for to in &to {
            assert!(event.contains(&format!("mailto:{}", to.to_lowercase())), "{name}: {to}");
        }
    }
}

/// The texts of a message's parts, the calendar last.
fn contents(eml: &str) -> Vec<String> {
    let parts = eml.split("Content-Transfer-Encoding: base64\r\n\r\n").skip(1);
    let text = |part: &str| String::from_utf8(base64(part.split("\r\n\r\n").next().unwrap()));
    parts.map(|part| text(part).expect("the part says that it is UTF-8")).collect()
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().filter_map(|b| DIGITS.iter().position(|d| *d == b)) {
        (bits, count) = (bits << 6 | u32::try_from(digit).unwrap(), count + 6);
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 255).unwrap());
        }
    }
    out
}
