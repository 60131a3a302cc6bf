//! The command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::output::Output;

pub(crate) const HELP: &str = "\
Migrates the meetings of a tenant: calendars and changes in, updated calendars, notices
to attendees, a journal and a report out.

usage: migrate [--calendars DIR] [--tenant FILE.json] [--changes FILE.jsonl]
               [--out DIR] [--earlier FILE.jsonl] [--now RFC3339] [--preview]

  --calendars   a folder of .ics files         default: the sample tenant's
  --tenant      the settings                   default: the sample tenant's
  --changes     what an admin did, JSON lines  default: the sample tenant's
  --out         where everything goes          default: out, or out-again when the
                calendars come from there. What an earlier run left in it is replaced
  --earlier     the journal of the run before, to see which of its blocks were edited
                since               default: the one beside the calendars, if there is one
  --now         the present                    default: 2026-11-22T09:00:00Z for the sample
                calendars, the system clock for others
  --preview     write the plan (plan.json, report.html) and nothing else

Jobs are held for a while so that changes can join: the clock is moved on to the end of
the hold instead of waiting. Inputs are never modified. The formats are described in
examples/data/tenant/README.md.

Exit status: 0 everything was read and every job succeeded; 1 something failed, and is
named: a file, a line or a user; 2 usage.

To see trouble: --changes examples/data/tenant/changes-with-trouble.jsonl --out out-trouble";

/// When it is in the sample tenant.
const SAMPLE_NOW: &str = "2026-11-22T09:00:00Z";

pub(crate) struct Arguments {
    pub(crate) calendars: PathBuf,
    pub(crate) tenant: PathBuf,
    pub(crate) changes: PathBuf,
    pub(crate) out: PathBuf,
    /// The journal of the run before.
    pub(crate) earlier: Option<PathBuf>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) preview: bool,
}

impl Arguments {
    /// `None` asks for help; an error is a usage message.
    pub(crate) fn parse(words: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let words: Result<Vec<_>, _> = words.map(OsString::into_string).collect();
        let words = words.map_err(|word| format!("{} is no UTF-8", word.display()))?;
        let mut words = words.into_iter();
        let (mut calendars, mut tenant, mut changes, mut out) = (None, None, None, None);
        let (mut earlier, mut now, mut preview) = (None, None, false);
        while let Some(word) = words.next() {
            let (name, mut inline) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut value =
                || inline.take().or_else(|| words.next()).ok_or(format!("{name} needs a value"));
            match name {
                "--help" | "-h" => return Ok(None),
                "--calendars" => calendars = Some(PathBuf::from(value()?)),
                "--tenant" => tenant = Some(PathBuf::from(value()?)),
                "--changes" => changes = Some(PathBuf::from(value()?)),
                "--out" => out = Some(PathBuf::from(value()?)),
                "--earlier" => earlier = Some(PathBuf::from(value()?)),
                "--now" => now = Some(instant(&value()?)?),
                "--preview" if inline.is_none() => preview = true,
                _ => return Err(format!("unknown argument `{name}`")),
            }
        }
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/tenant");
        let here = std::env::current_dir().unwrap_or_default();
        let sample = sample.strip_prefix(here).unwrap_or(&sample);
        let now = match (now, &calendars) {
            (Some(now), _) => now,
            (None, Some(_)) => SystemTime::now().into(),
            (None, None) => instant(SAMPLE_NOW)?,
        };
        let calendars = calendars.unwrap_or_else(|| sample.join("calendars"));
        let earlier = earlier.or_else(|| {
            let beside = Output::new(calendars.parent()?).journal;
            beside.is_file().then_some(beside)
        });
        let out = match out {
            Some(out) if holds(&out, &calendars) => {
                return Err(format!(
                    "the calendars are in the output folder {}, and inputs are never modified: \
                     name another one with --out",
                    out.display()
                ));
            }
            Some(out) => out,
            None if holds(Path::new("out"), &calendars) => PathBuf::from("out-again"),
            None => PathBuf::from("out"),
        };
        Ok(Some(Self {
            calendars,
            tenant: tenant.unwrap_or_else(|| sample.join("tenant.json")),
            changes: changes.unwrap_or_else(|| sample.join("changes.jsonl")),
            out,
            earlier,
            now,
            preview,
        }))
    }
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    text.parse().map_err(|_| format!("`{text}` is no instant such as {SAMPLE_NOW}"))
}

/// Whether writing calendars to `out` would write into `calendars`.
fn holds(out: &Path, calendars: &Path) -> bool {
    match (out.join("calendars").canonicalize(), calendars.canonicalize()) {
        (Ok(out), Ok(calendars)) => calendars.starts_with(out),
        _ => false,
    }
}
