//! The tenant: switches, accounts, and what its new meetings look like; and what its
//! admin did. What is wrong is named by its key or line, and only what it concerns is
//! left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use meeting_migration::Policy;
use meeting_migration::change::{Account, AudioProvider, Change, Mailbox, Meetings, Tenant};
use meeting_migration::change::{ChangeKind, UpgradeMode};
use meeting_migration::ical::Reader;
use meeting_migration::meeting::UserId;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::TenantMarks;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::templates::Template;

pub(crate) struct Settings {
    pub(crate) policy: Policy,
    pub(crate) tenant: Tenant,
    pub(crate) users: BTreeMap<UserId, User>,
    /// Users whose settings cannot be read.
    pub(crate) left_out: Vec<UserId>,
}

pub(crate) struct User {
    pub(crate) account: Account,
    /// The name of the file in the folder of calendars.
    pub(crate) calendar: String,
    pub(crate) name: String,
    pub(crate) zone: String,
    pub(crate) templates: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserSettings {
    calendar: String,
    #[serde(default)]
    name: String,
    zone: String,
    #[serde(default)]
    mailbox: Mailbox,
    #[serde(default)]
    audio_provider: AudioProvider,
    audio_license: Option<bool>,
    #[serde(default)]
    meetings: Meetings,
    #[serde(default)]
    upgrade_mode: UpgradeMode,
    coordinates: Vec<Value>,
}

impl Settings {
    /// `None` when nothing can be run under these settings.
    pub(crate) fn read(path: &Path, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let found = Self::load(path, problems);
        if found.is_none() && problems.len() > before {
            problems.push(Problem::file(path, "nothing is run under these settings"));
        }
        found
    }

    fn load(path: &Path, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fail = |what: String| problems.push(Problem::file(path, what));
        let text = fs::read_to_string(path).map_err(|e| fail(e.to_string())).ok()?;
        // A byte order mark is how some editors begin a file.
        let text = text.trim_start_matches('\u{feff}');
        let all: Value = serde_json::from_str(text).map_err(|e| fail(e.to_string())).ok()?;
        let Value::Object(mut all) = all else {
            fail("not a JSON object".to_owned());
            return None;
        };
        known(&mut all, "", &["policy", "evidence", "marks", "tenant", "users"], &mut fail)?;
        if let Some(Value::Object(switches)) = all.get_mut("tenant") {
            let Value::Object(keys) = serde_json::to_value(Tenant::default()).ok()? else {
                return None;
            };
            let keys: Vec<_> = keys.keys().map(String::as_str).collect();
            known(switches, "tenant.", &keys, &mut fail)?;
        }
        let mut value = |key: &str| all.remove(key).unwrap_or(Value::Null);
        let policy = match value("policy").as_str() {
            None | Some("seed-2018") => Policy::seed_2018(),
            Some("current") => Policy::current(),
            Some(other) => {
                fail(format!("`policy`: `{other}` is neither `seed-2018` nor `current`"));
                return None;
            }
        };
        let evidence: Option<AddInEvidence> = typed(value("evidence"), "evidence", &mut fail)?;
        let marks: Option<TenantMarks> = typed(value("marks"), "marks", &mut fail)?;
        let tenant: Option<Tenant> = typed(value("tenant"), "tenant", &mut fail)?;
        let users: BTreeMap<UserId, Value> = typed(value("users"), "users", &mut fail)?;
        let mut settings = Self {
            policy: policy
                .with_evidence(evidence.unwrap_or_default())
                .with_marks(marks.unwrap_or_default()),
            tenant: tenant.unwrap_or_default(),
            users: BTreeMap::new(),
            left_out: Vec::new(),
        };
        for (id, value) in users {
            match User::read(&id, value, &mut fail) {
                Some(user) => _ = settings.users.insert(id, user),
                None => settings.left_out.push(id),
            }
        }
        Some(settings)
    }
}

impl User {
    fn read(id: &UserId, value: Value, fail: &mut impl FnMut(String)) -> Option<Self> {
        let key = format!("users.{id}");
        let settings: UserSettings = typed(value, &key, fail)?;
        // Whether the zone is known does not depend on the time.
        if Reader::new(DateTime::UNIX_EPOCH).with_zone(&settings.zone).is_err() {
            fail(format!("`{key}.zone`: `{}` is no known time zone", settings.zone));
            return None;
        }
        if Path::new(&settings.calendar).file_name() != Some(settings.calendar.as_ref()) {
            fail(format!("`{key}.calendar`: not the name of a file"));
            return None;
        }
        let mut account = Account::default();
        account.mailbox = settings.mailbox;
        account.audio_provider = settings.audio_provider;
        account.audio_license = settings.audio_license.unwrap_or(account.audio_license);
        account.meetings = settings.meetings;
        account.upgrade_mode = settings.upgrade_mode;
        let mut templates = Vec::new();
        for (index, json) in settings.coordinates.iter().enumerate() {
            match Template::new(json.clone(), id, settings.meetings) {
                Ok(template) => templates.push(template),
                Err(what) => {
                    fail(format!("`{key}.coordinates[{index}]`: {what}"));
                    return None;
                }
            }
        }
        let UserSettings { calendar, name, zone, .. } = settings;
        Some(Self { account, calendar, name, zone, templates })
    }
}

/// Takes unknown keys out and names each. One that stands where a known one is missing
/// may be a misspelt switch: then nothing may be run, and the answer is `None`.
fn known(
    object: &mut Map<String, Value>,
    path: &str,
    keys: &[&str],
    fail: &mut impl FnMut(String),
) -> Option<()> {
    // Without its own marks an organisation's blocks are not found, and nothing goes wrong.
    let complete = keys.iter().all(|key| *key == "marks" || object.contains_key(*key));
    let strangers: Vec<_> =
        object.keys().filter(|key| !keys.contains(&key.as_str())).cloned().collect();
    for key in &strangers {
        object.remove(key);
        fail(format!("`{path}{key}`: unknown key; known are {}", keys.join(", ")));
    }
    (complete || strangers.is_empty()).then_some(())
}

/// Reads a value, or names the key below `path` that is wrong.
fn typed<T: DeserializeOwned>(
    value: Value,
    path: &str,
    fail: &mut impl FnMut(String),
) -> Option<T> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| {
            let key = match error.path().to_string().as_str() {
                "." => path.to_owned(),
                below => format!("{path}.{below}"),
            };
            fail(format!("`{key}`: {}", error.inner()));
        })
        .ok()
}

/// Something an admin did.
pub(crate) struct Event {
    /// The line, from 1.
    pub(crate) line: usize,
    pub(crate) user: UserId,
    pub(crate) change: Change,
    pub(crate) at: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeLine {
    user: UserId,
    change: Change,
    at: Option<DateTime<Utc>>,
}

/// The changes in the order of the file; a line that cannot be read is named and left out.
pub(crate) fn changes(path: &Path, now: DateTime<Utc>, problems: &mut Vec<Problem>) -> Vec<Event> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            problems.push(Problem::file(path, error));
            return Vec::new();
        }
    };
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut events = Vec::new();
    for (index, bytes) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let line = index + 1;
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let read = serde_path_to_error::deserialize::<_, ChangeLine>(&mut json);
        match read.map_err(|e| e.to_string()).and_then(|read| {
            json.end().map_err(|e| e.to_string())?;
            Ok(read)
        }) {
            Ok(ChangeLine { user, change, at }) => {
                events.push(Event { line, user, change, at: at.unwrap_or(now) });
            }
            Err(what) => problems.push(Problem::line(path, line, what)),
        }
    }
    events
}

/// The change as an admin writes it.
pub(crate) fn name(change: &Change) -> &'static str {
    ChangeKind::key(change.kind())
}
