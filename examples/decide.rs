//! Tells whether a change calls for a run, and when it does not, why not.
//!
//! ```text
//! cargo run --release --example decide -- [FILE]
//! ```
//!
//! In, from FILE or standard input (also as `-`), JSON:
//!
//! | key | values | default |
//! | --- | --- | --- |
//! | `change` | a name such as `license-assigned`, or an object with `kind` and details | required |
//! | `policy` | `seed-2018`, `current` | `seed-2018` |
//! | `account` | `mailbox`, `audio_provider`, `audio_license`, `meetings`, `upgrade_mode` | online, `microsoft`, `true`, `public`, `teams-only` |
//! | `tenant` | the three switches | on, on, off |
//!
//! Out, JSON: for a run `decision`, `kind`, `hold_minutes`, `reason`, `rule`, `source`; else
//! `decision`, `reason`, `rule`, `source`, `way_out`, and, when there is more in the way, `also`.
//! Exit 0 run, 3 ignore, 2 bad input, which names the unknown key or value.

use std::io::{Read, Write};
use std::process::ExitCode;

use meeting_migration::Policy;
use meeting_migration::change::{Account, Change, Tenant};
use meeting_migration::trigger::{
    Decision, IgnoreReason, MigrationKind, Rule, RunReason, decide, obstacles, way_out,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const USAGE: &str = "usage: decide [FILE]
Reads a change and facts as JSON from FILE or standard input and prints the decision.
Exit 0 run, 3 ignore, 2 bad input.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(default)]
    policy: Preset,
    change: Change,
    #[serde(default)]
    account: Account,
    #[serde(default)]
    tenant: Tenant,
}

#[derive(Default, Deserialize)]
enum Preset {
    #[default]
    #[serde(rename = "seed-2018")]
    Seed2018,
    #[serde(rename = "current")]
    Current,
}

#[derive(Serialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
enum Answer {
    Run {
        kind: MigrationKind,
        hold_minutes: i64,
        reason: String,
        rule: RunReason,
        source: String,
    },
    Ignore {
        reason: String,
        rule: IgnoreReason,
        source: String,
        way_out: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        also: Vec<Obstacle>,
    },
}

#[derive(Serialize)]
struct Obstacle {
    reason: String,
    source: String,
}

impl Obstacle {
    fn of(reason: &IgnoreReason) -> Self {
        Self { reason: reason.to_string(), source: sources(reason.rule()) }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match read(&arguments).and_then(|text| answer(&text)) {
        Ok((json, code)) => {
            // A reader that went away needs no answer.
            let _ = writeln!(std::io::stdout(), "{json}");
            ExitCode::from(code)
        }
        Err(error) => {
            eprintln!("decide: {error}");
            ExitCode::from(2)
        }
    }
}

pub(crate) fn read(arguments: &[String]) -> Result<String, String> {
    match arguments {
        [] => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| format!("standard input: {error}"))?;
            Ok(text)
        }
        [dash] if dash == "-" => read(&[]),
        [option] if option.starts_with('-') => Err(format!("unknown option `{option}`\n{USAGE}")),
        [file] => std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}")),
        _ => Err(format!("more than one file\n{USAGE}")),
    }
}

/// The answer as JSON, and the exit code.
pub(crate) fn answer(text: &str) -> Result<(String, u8), String> {
    // A byte order mark is how some editors begin a file.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().starts_with('{') {
        return Err("the question is no JSON object".to_owned());
    }
    if let Ok(question) = serde_json::from_str(text) {
        check_shape(&question)?;
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let question: Question =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            match error.path().to_string().as_str() {
                "." | "?" => error.inner().to_string(),
                path => format!("`{path}`: {}", error.inner()),
            }
        })?;
    deserializer.end().map_err(|error| error.to_string())?;

    let policy = match question.policy {
        Preset::Seed2018 => Policy::seed_2018(),
        Preset::Current => Policy::current(),
    };
    let Question { change, account, tenant, .. } = question;
    let (answer, code) = match decide(&change, &account, &tenant, &policy) {
        Decision::Run { kind, hold, because } => {
            let hold_minutes = hold.num_minutes();
            let (reason, source) = (because.to_string(), sources(because.rule()));
            (Answer::Run { kind, hold_minutes, reason, rule: because, source }, 0)
        }
        Decision::Ignore(because) => {
            let ways = way_out(because, &account, &tenant, &policy);
            let ways: Vec<_> = ways.iter().map(ToString::to_string).collect();
            let others = obstacles(&change, &account, &tenant, &policy);
            let ignore = Answer::Ignore {
                reason: because.to_string(),
                rule: because,
                source: sources(because.rule()),
                way_out: ways.join("; or: "),
                also: others.iter().skip(1).map(Obstacle::of).collect(),
            };
            (ignore, 3)
        }
    };
    let json = serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?;
    Ok((json, code))
}

/// Serde takes an array for an object and an object for a name; the contract does not.
fn check_shape(question: &Value) -> Result<(), String> {
    let expected = |key: &str, what| Err(format!("`{key}`: expected {what}"));
    let is_leaf = |value: &Value| !value.is_object() && !value.is_array();
    for (key, value) in question.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("policy", value) if !value.is_string() => return expected(key, "a name"),
            ("change", value) if !value.is_string() && !value.is_object() => {
                return expected(key, &format!("a name or an object, not {value}"));
            }
            ("account" | "tenant", value) if !value.is_object() => {
                return expected(key, "an object");
            }
            ("account" | "tenant" | "change", Value::Object(facts)) => {
                if let Some((fact, _)) = facts.iter().find(|(_, value)| !is_leaf(value)) {
                    return expected(&format!("{key}.{fact}"), "a single value");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn sources(rule: &Rule) -> String {
    rule.sources().join(", ")
}
