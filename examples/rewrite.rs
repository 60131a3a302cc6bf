//! One body through the rewrite core: stdin or a file in, the rewritten body on stdout.
//!
//! `cargo run --release --example rewrite -- --new COORDINATES.json [FILE]`; with `--append`
//! a lost block is added, with `--remove` instead of `--new` it is taken out.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use meeting_migration::block::{Block, Options, Rewrite, append, remove, rewrite};
use meeting_migration::ical::{self, Outcome};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::{Provider, TenantMarks};
use meeting_migration::{Body, Coordinates};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const HELP: &str = "\
Replaces the online-meeting block of one invitation body, takes it out, or adds one.

usage: rewrite --new COORDINATES.json [--append] [OPTIONS] [FILE]
       rewrite --remove [OPTIONS] [FILE]
options: [--format html|text|ics] [--charset LABEL] [--join-url URL]
         [--marks MARKS.json] [--report FILE.json]

  FILE          the body; stdin when it is missing or `-`
  --new         the new join details, as JSON
  --append      where there is no block, put one at the end; in a calendar, of the events
                that have a recorded link and no block in any body
  --remove      take the block out and put nothing in its place
  --format      default: by the file's ending (.html .htm .txt .ics), else html
  --charset     the label that came with the bytes; default: byte order mark, then
                <meta> (html), then UTF-8 when the bytes are valid, else windows-1252
  --join-url    the recorded link; without it any single unquoted block may be taken
  --marks       marks of your organisation's own: hosts, frames, labels (JSON; see
                the guide, How a block is found)
  --report      where to write outcome, reason, provider and byte spans

The rewritten body goes to stdout. Exit status: 0 done, 3 no block, 4 several
blocks or not this meeting's, 5 refused; in each of these but 0 stdout is the input.
1: a file cannot be read or written; 2: usage, bad coordinates or marks, unknown charset.";

struct Arguments {
    /// None: the block is to be taken out.
    new: Option<PathBuf>,
    append: bool,
    format: Option<String>,
    charset: Option<String>,
    join_url: Option<String>,
    marks: Option<PathBuf>,
    report: Option<PathBuf>,
    file: Option<PathBuf>,
}

/// What went wrong, and the exit status that says so.
struct Failure(u8, String);

fn usage(message: impl Into<String>) -> Failure {
    Failure(2, message.into())
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(Failure(code, message)) => {
            eprintln!("rewrite: {message}");
            ExitCode::from(code)
        }
    }
}

fn arguments() -> Result<Option<Arguments>, Failure> {
    let mut remove = false;
    let mut found = Arguments {
        new: None,
        append: false,
        format: None,
        charset: None,
        join_url: None,
        marks: None,
        report: None,
        file: None,
    };
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let Some(text) = argument.to_str().map(str::to_owned) else {
            found.file = Some(argument.into());
            continue;
        };
        let (name, inline) = match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") => {
                (name.to_owned(), Some(value.to_owned()))
            }
            _ => (text, None),
        };
        let mut value = || {
            inline
                .clone()
                .or_else(|| arguments.next().and_then(|v| v.into_string().ok()))
                .ok_or_else(|| usage(format!("{name} needs a value")))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(None),
            "--new" => found.new = Some(value()?.into()),
            "--append" if inline.is_none() => found.append = true,
            "--remove" if inline.is_none() => remove = true,
            "--format" => found.format = Some(value()?),
            "--charset" => found.charset = Some(value()?),
            "--join-url" => found.join_url = Some(value()?),
            "--marks" => found.marks = Some(value()?.into()),
            "--report" => found.report = Some(value()?.into()),
            option if option.starts_with("--") => {
                return Err(usage(format!("unknown option {option}; see --help")));
            }
            _ if found.file.is_some() => return Err(usage("more than one FILE; see --help")),
            file => found.file = Some(file.into()),
        }
    }
    match (remove, &found.new, found.append) {
        (true, None, false) | (false, Some(_), _) => Ok(Some(found)),
        (true, ..) => Err(usage("--remove goes with neither --new nor --append; see --help")),
        (false, None, _) => Err(usage("--new COORDINATES.json is missing; see --help")),
    }
}

fn run() -> Result<u8, Failure> {
    let Some(arguments) = arguments()? else {
        println!("{HELP}");
        return Ok(0);
    };
    let new: Option<Coordinates> = arguments.new.as_ref().map(read_json).transpose()?;
    let marks: Option<TenantMarks> = arguments.marks.as_ref().map(read_json).transpose()?;
    let format = format(&arguments)?;
    if let Some(label) = &arguments.charset
        && !meeting_migration::block::knows_charset(label)
    {
        return Err(usage(format!("unknown charset {label}")));
    }
    let input = read_input(arguments.file.as_ref())?;

    let options = Options::new()
        .with_evidence(AddInEvidence::RecordOrMarks)
        .with_marks(marks.unwrap_or_default());
    let (code, output, report) = match format.as_str() {
        "ics" => calendar(&arguments, new.as_ref(), &options, &input)?,
        format => one_body(&arguments, new.as_ref(), &options, format, &input),
    };
    io::stdout()
        .lock()
        .write_all(&output)
        .map_err(|e| Failure(1, format!("writing to stdout: {e}")))?;
    if let Some(path) = &arguments.report {
        let text = serde_json::to_string_pretty(&report).expect("a report is plain JSON");
        std::fs::write(path, text + "\n")
            .map_err(|e| Failure(1, format!("writing {}: {e}", path.display())))?;
    }
    Ok(code)
}

fn one_body(
    arguments: &Arguments,
    new: Option<&Coordinates>,
    options: &Options,
    format: &str,
    input: &[u8],
) -> (u8, Vec<u8>, Value) {
    let charset = arguments.charset.as_deref();
    let body = match format {
        "text" => Body::text_bytes(input, charset),
        _ => Body::html_bytes(input, charset),
    };
    let record = record(arguments, new);
    let outcome = match new {
        Some(new) if arguments.append => append(&body, record.as_ref(), new, options),
        Some(new) => rewrite(&body, record.as_ref(), new, options),
        None => remove(&body, record.as_ref(), options),
    };
    let (code, report) = describe(&outcome);
    let output = match outcome {
        Rewrite::Replaced { body, .. }
        | Rewrite::Removed { body, .. }
        | Rewrite::Appended { body, .. } => body.as_bytes().to_vec(),
        _ => input.to_vec(),
    };
    (code, output, report)
}

/// The recorded link is what counts; whose it is shows in the link itself.
fn record(arguments: &Arguments, new: Option<&Coordinates>) -> Option<Record> {
    let provider = new.map_or(Provider::TEAMS, |new| new.provider);
    arguments.join_url.as_deref().map(|url| Record::new(provider, url))
}

fn calendar(
    arguments: &Arguments,
    new: Option<&Coordinates>,
    options: &Options,
    input: &[u8],
) -> Result<(u8, Vec<u8>, Value), Failure> {
    let record = record(arguments, new);
    let done = match new {
        Some(new) if arguments.append => ical::append(input, record.as_ref(), new, options),
        Some(new) => ical::rewrite(input, record.as_ref(), new, options),
        None => ical::remove(input, record.as_ref(), options),
    };
    let done = done.map_err(|e| Failure(1, format!("the calendar: {e}")))?;
    let code = match done.outcome {
        Outcome::Replaced | Outcome::Removed | Outcome::Appended | Outcome::Unchanged => 0,
        Outcome::Absent => 3,
        Outcome::Foreign | Outcome::Ambiguous => 4,
        _ => 5,
    };
    let rows = done.bodies.iter().map(|body| {
        json!({
            "uid": body.uid, "recurrence_id": body.recurrence_id, "property": body.property,
            "outcome": body.outcome, "reason": body.reason, "provider": body.provider,
            "span": body.span.as_ref().map(|s| [s.start, s.end]),
            "written": body.written.as_ref().map(|s| [s.start, s.end]),
        })
    });
    let report = Value::Array(rows.collect());
    Ok((code, done.bytes, report))
}

fn describe(outcome: &Rewrite) -> (u8, Value) {
    let first = |blocks: &[Block]| {
        let block = blocks.first();
        (block.map(|b| b.provider), block.map(|b| [b.span.start, b.span.end]))
    };
    let (code, name, reason, (provider, span), written) = match outcome {
        Rewrite::Replaced { block, written, .. } => (
            0,
            "replaced",
            None,
            first(std::slice::from_ref(block)),
            Some([written.start, written.end]),
        ),
        Rewrite::Removed { block, .. } => {
            (0, "removed", None, first(std::slice::from_ref(block)), None)
        }
        Rewrite::Appended { written, .. } => {
            (0, "appended", None, (None, None), Some([written.start, written.end]))
        }
        Rewrite::Unchanged(block) => {
            let found = first(std::slice::from_ref(block));
            (0, "unchanged", None, found, found.1)
        }
        Rewrite::Absent(why) => (3, "absent", Some(why.to_string()), (None, None), None),
        Rewrite::Foreign(why, blocks) => (4, "foreign", Some(why.to_string()), first(blocks), None),
        Rewrite::Ambiguous(blocks) => {
            let reason = format!("{} blocks could be meant", blocks.len());
            (4, "ambiguous", Some(reason), first(blocks), None)
        }
        Rewrite::Refused(why) => (5, "refused", Some(why.to_string()), (None, None), None),
        _ => (5, "refused", Some("an outcome of a later version".to_owned()), (None, None), None),
    };
    let report = json!({
        "outcome": name, "reason": reason, "provider": provider, "span": span, "written": written,
    });
    (code, report)
}

fn read_json<T: DeserializeOwned>(path: &PathBuf) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure(1, format!("reading {}: {e}", path.display())))?;
    // Editors on Windows begin a file with a byte order mark.
    let mut json = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let read = serde_path_to_error::deserialize(&mut json);
    let read = read.map_err(|e| match e.path().to_string().as_str() {
        // The message names the place.
        "." => usage(format!("{}: {}", path.display(), e.inner())),
        at => usage(format!("{}: `{at}`: {}", path.display(), e.inner())),
    })?;
    json.end().map_err(|e| usage(format!("{}: {e}", path.display())))?;
    Ok(read)
}

fn format(arguments: &Arguments) -> Result<String, Failure> {
    let given = arguments.format.clone().or_else(|| {
        let ending = arguments.file.as_ref()?.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "txt" => Some("text".to_owned()),
            "ics" => Some("ics".to_owned()),
            _ => None,
        }
    });
    match given.as_deref().unwrap_or("html") {
        known @ ("html" | "text" | "ics") => Ok(known.to_owned()),
        other => Err(usage(format!("unknown format {other}; known are html, text, ics"))),
    }
}

fn read_input(file: Option<&PathBuf>) -> Result<Vec<u8>, Failure> {
    match file.filter(|f| f.as_os_str() != "-") {
        Some(path) => {
            std::fs::read(path).map_err(|e| Failure(1, format!("reading {}: {e}", path.display())))
        }
        None => {
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|e| Failure(1, format!("reading stdin: {e}")))?;
            Ok(bytes)
        }
    }
}
