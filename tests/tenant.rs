//! The sample tenant against its own oracle, `examples/data/tenant/expected.json`: each
//! change decides, each calendar reads, each meeting becomes what the author meant.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use meeting_migration::block::{self, Options, Rewrite};
use meeting_migration::change::{Account, Change, Tenant};
use meeting_migration::eligibility::{self, Verdict};
use meeting_migration::ical::{Document, Reader};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::trigger::{Decision, MigrationKind, decide};
use meeting_migration::{Coordinates, Meeting, Policy};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Settings {
    tenant: Tenant,
    users: BTreeMap<String, User>,
}

#[derive(Deserialize)]
struct User {
    calendar: String,
    zone: String,
    coordinates: Vec<Value>,
    #[serde(flatten)]
    facts: BTreeMap<String, Value>,
}

impl User {
    fn account(&self) -> Account {
        let keys = ["mailbox", "audio_provider", "audio_license", "meetings"];
        let facts = keys.map(|key| (key.to_owned(), self.facts[key].clone()));
        serde_json::from_value(Value::Object(facts.into_iter().collect())).unwrap()
    }

    /// New coordinates of a product, the placeholders filled in with fixed values.
    fn coordinates(&self, provider: Option<Provider>) -> Coordinates {
        let of = |value: &&Value| provider.is_none_or(|p| value["provider"] == p.key());
        let template = self.coordinates.iter().find(of).unwrap_or(&self.coordinates[0]);
        let mut json = template.to_string();
        for (key, value) in [
            ("{id}", "2345678901234"),
            ("{passcode}", "Ab3dEf6hIj9kLm2nOp"),
            ("{code}", "xY12abCD"),
            ("{focus}", "7XKQ2MPL"),
            ("{conference_id}", "123456789"),
            ("{user}", "somebody"),
        ] {
            json = json.replace(key, value);
        }
        serde_json::from_str(&json).unwrap()
    }
}

#[derive(Deserialize)]
struct Expected {
    outcome: String,
}

fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/data")
}

fn settings() -> Settings {
    let text = fs::read_to_string(data().join("tenant/tenant.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn expected() -> BTreeMap<String, BTreeMap<String, Expected>> {
    let text = fs::read_to_string(data().join("tenant/expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn policy() -> Policy {
    Policy::seed_2018().with_evidence(AddInEvidence::RecordOrMarks)
}

#[test]
fn the_changes_run_for_the_users_that_the_oracle_names() {
    let mut wanted: BTreeSet<_> = expected().into_keys().collect();
    assert_eq!(running("changes-with-trouble.jsonl"), wanted);
    // Without trouble: all but the one user whose job fails.
    assert!(wanted.remove("rory.blake@contoso.example"));
    assert_eq!(running("changes.jsonl"), wanted);
}

#[test]
fn only_the_file_with_trouble_has_meetings_that_fail() {
    for (user, meetings) in expected() {
        let fails = meetings.values().filter(|m| m.outcome.starts_with("failed")).count();
        assert_eq!(fails, if user.starts_with("rory.blake@") { 2 } else { 0 }, "{user}");
    }
}

/// The users for whom a file of changes starts a run.
fn running(changes: &str) -> BTreeSet<String> {
    let settings = settings();
    let mut running = BTreeSet::new();
    let text = fs::read_to_string(data().join("tenant").join(changes)).unwrap();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let change: Change = serde_json::from_value(line["change"].clone()).unwrap();
        let user = line["user"].as_str().unwrap();
        let Some(known) = settings.users.get(user) else {
            assert_eq!((user, changes), ("ghost@contoso.example", "changes-with-trouble.jsonl"));
            continue;
        };
        let decision = decide(&change, &known.account(), &settings.tenant, &policy());
        if matches!(decision, Decision::Run { .. }) {
            running.insert(user.to_owned());
        }
    }
    running
}

#[test]
fn every_meeting_becomes_what_the_oracle_says() {
    let (settings, mut failures) = (settings(), Vec::new());
    for (address, meetings) in expected() {
        let user = &settings.users[&address];
        let bytes = fs::read(data().join("tenant/calendars").join(&user.calendar)).unwrap();
        let document = Document::parse(bytes).unwrap();
        let reader = Reader::new(now()).with_user(address.as_str()).with_zone(&user.zone).unwrap();
        let reading = reader.read(&document);
        for problem in &reading.problems {
            failures.push(format!("{address}: {problem:?}"));
        }
        let uids: BTreeSet<_> = reading.meetings.iter().map(|m| m.id.as_str()).collect();
        assert_eq!(uids, meetings.keys().map(String::as_str).collect(), "{address}");
        for meeting in &reading.meetings {
            let wanted = &meetings[meeting.id.as_str()].outcome;
            let outcome = outcome(meeting, user);
            if outcome != *wanted {
                let subject = &*meeting.item.subject;
                failures.push(format!("{address}, {subject}: {outcome}, not {wanted}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} problems:\n{}", failures.len(), failures.join("\n"));
}

/// What becomes of a meeting, in the oracle's words.
fn outcome(meeting: &Meeting, user: &User) -> String {
    let kind = MigrationKind::ToSameType;
    if let Verdict::Skip(why) = eligibility::judge(meeting, kind, now(), &policy()) {
        let why = serde_json::to_value(why).unwrap();
        return format!("skipped: {}", why.as_str().unwrap());
    }
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let (mut migrated, mut failed) = (false, None);
    for (part, verdict) in eligibility::parts(meeting, kind, now(), &policy()) {
        let (_, item) = meeting.parts().find(|(p, _)| *p == part).unwrap();
        if verdict != Verdict::Migrate {
            continue;
        }
        let new = user.coordinates(item.record.as_ref().map(|r| r.provider));
        for body in &item.bodies {
            match block::rewrite(body, item.record.as_ref(), &new, &options) {
                Rewrite::Replaced { body, .. } => {
                    migrated = true;
                    let mut record = meeting_migration::meeting::Record::new(
                        new.provider,
                        new.join_url.as_str(),
                    );
                    record.conference_id = new.conference_id.clone();
                    let again = block::rewrite(&body, Some(&record), &new, &options);
                    if !matches!(again, Rewrite::Unchanged(_)) {
                        failed = Some("a second run would write again".to_owned());
                    }
                }
                Rewrite::Ambiguous(_) => failed = Some("ambiguous".to_owned()),
                Rewrite::Refused(block::Refusal::NotSeparable | block::Refusal::OpensElement) => {
                    failed = Some("refused".to_owned())
                }
                Rewrite::Refused(why) => failed = Some(why.to_string()),
                _ => {}
            }
        }
    }
    match failed {
        Some(why) => format!("failed: {why}"),
        None if migrated => "migrated".to_owned(),
        None => "left-alone".to_owned(),
    }
}

#[test]
fn the_coordinates_files_read() {
    for provider in Provider::WRITTEN {
        let file = data().join("coordinates").join(format!("{provider}.json"));
        let new: Coordinates = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(new.provider, *provider);
    }
}
