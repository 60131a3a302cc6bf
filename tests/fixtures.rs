//! Every case of `tests/data` through the rewrite core: run all, report all, then fail.
//!
//! `tests/data/author.py` writes the cases and says what the keys mean. Cases that do not
//! work yet stand in `tests/data/known_gaps.txt`, which may only shrink: a listed case that
//! passes fails the test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use meeting_migration::block::{self, Found, Options, Rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    format: String,
    charset: Option<String>,
    record: Option<String>,
    evidence: AddInEvidence,
    expect: Expect,
    reason: Option<String>,
    provider: Option<String>,
    span: Option<[usize; 2]>,
    keep: Vec<String>,
    gone: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expect {
    One,
    Absent,
    Foreign,
    Ambiguous,
    Refused,
    Kept,
    Careful,
}

const NEW: &str = r#"{"provider": "teams",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp",
    "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123 456 789#",
    "numbers": [{"number": "+1 206 555 0170", "country": "United States", "city": "Seattle"}]}"#;

#[test]
fn every_authored_body_is_rewritten_exactly_or_not_at_all() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut gaps = gaps(&data.join("known_gaps.txt"));
    let cases = cases(&data);
    assert!(cases.len() > 60, "the fixtures are missing");
    let mut failures = Vec::new();
    for (name, folder) in &cases {
        match (check(folder), gaps.remove(name)) {
            (Err(problem), None) => failures.push(format!("{name}: {problem}")),
            (Ok(()), Some(_)) => {
                failures.push(format!("{name}: passes now; take it out of known_gaps.txt"));
            }
            (Ok(()), None) | (Err(_), Some(_)) => {}
        }
    }
    failures.extend(gaps.keys().map(|name| format!("{name}: a known gap, but no such case")));
    let (failed, all) = (failures.len(), cases.len());
    assert!(failures.is_empty(), "{failed} of {all} cases:\n{}", failures.join("\n"));
}

/// The cases by name; stray files fail.
fn cases(data: &Path) -> BTreeMap<String, PathBuf> {
    let known = ["author.py", "blocks.py", "others.py", "known_gaps.txt"];
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            cases.insert(name, path);
        } else {
            assert!(known.contains(&name.as_str()), "stray file tests/data/{name}");
        }
    }
    cases
}

/// Name and reason of each case that does not work yet.
fn gaps(file: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, why) = line.split_once(": ").expect("a gap is written `name: why`");
            (name.to_owned(), why.to_owned())
        })
        .collect()
}

fn check(folder: &Path) -> Result<(), String> {
    let case = fs::read_to_string(folder.join("case.json")).map_err(|e| e.to_string())?;
    let case: Case = serde_json::from_str(&case).map_err(|e| e.to_string())?;
    let body = body(folder, &case)?;
    let record = case.record.as_ref().map(|url| {
        let teams = url.contains("://teams.");
        let provider = if teams { Provider::TEAMS } else { Provider::SKYPE_FOR_BUSINESS };
        Record::new(provider, url.as_str())
    });
    let new: Coordinates = serde_json::from_str(NEW).unwrap();
    let options = Options::new().with_evidence(case.evidence);
    let answer = block::rewrite(&body, record.as_ref(), &new, &options);
    let reason = |found: Expect, reason: Option<String>| {
        if case.expect != found && !matches!(case.expect, Expect::Kept | Expect::Careful) {
            let why = reason.unwrap_or_default();
            return Err(format!("{found:?} ({why}), not {:?}", case.expect));
        }
        match (&case.reason, reason) {
            (Some(wanted), Some(given)) if *wanted != given => {
                Err(format!("{found:?} because of {given}, not {wanted}"))
            }
            _ => Ok(()),
        }
    };
    match answer {
        Rewrite::Replaced { body: after, block, written } => {
            if !matches!(case.expect, Expect::One | Expect::Careful) {
                return Err(format!("replaced bytes {:?}, not {:?}", block.span, case.expect));
            }
            replaced(&case, &body, &after, block.span.clone(), written)?;
            if case.provider.as_deref().is_some_and(|key| key != block.provider.key()) {
                return Err(format!("taken for a block of {}", block.provider));
            }
            match block::locate(&body, record.as_ref(), &options) {
                Found::One(located) if located == block => {}
                other => return Err(format!("rewritten, but located as {}", name(&other))),
            }
            removed(&case, &body, &block::remove(&body, record.as_ref(), &options), &block.span)?;
            let record = Record::new(Provider::TEAMS, new.join_url.as_str());
            match block::rewrite(&after, Some(&record), &new, &options) {
                Rewrite::Unchanged(_) => Ok(()),
                _ => Err("the new block is no fixed point".to_owned()),
            }
        }
        Rewrite::Unchanged(_) => Err("unchanged, although the block is another one".to_owned()),
        Rewrite::Absent(why) => reason(Expect::Absent, key(&why)),
        Rewrite::Foreign(why, _) => reason(Expect::Foreign, key(&why)),
        Rewrite::Ambiguous(_) => reason(Expect::Ambiguous, None),
        Rewrite::Refused(why) => reason(Expect::Refused, key(&why)),
        other => Err(format!("an answer this test does not know: {other:?}")),
    }
}

fn body(folder: &Path, case: &Case) -> Result<Body, String> {
    let file = match case.format.as_str() {
        "html" => "body.html",
        "text" => "body.txt",
        other => return Err(format!("format {other}")),
    };
    if fs::read_dir(folder).map_err(|e| e.to_string())?.count() != 2 {
        return Err("holds other files than its body and case.json".to_owned());
    }
    let bytes = fs::read(folder.join(file)).map_err(|e| e.to_string())?;
    let label = case.charset.as_deref().filter(|label| !label.is_empty());
    let html = case.format == "html";
    Ok(match (&case.charset, html) {
        (None, true) => Body::html(String::from_utf8(bytes).map_err(|e| e.to_string())?),
        (None, false) => Body::text(String::from_utf8(bytes).map_err(|e| e.to_string())?),
        (Some(_), true) => Body::html_bytes(bytes, label),
        (Some(_), false) => Body::text_bytes(bytes, label),
    })
}

/// What holds for every replacement, and what this case says about its own.
fn replaced(
    case: &Case,
    before: &Body,
    after: &Body,
    span: Range<usize>,
    written: Range<usize>,
) -> Result<(), String> {
    if let Some([start, end]) = case.span
        && span != (start..end)
    {
        return Err(format!("block at {span:?}, not {:?}", start..end));
    }
    let (old, new) = (before.as_bytes(), after.as_bytes());
    let (prefix, suffix) = (&old[..span.start], &old[span.end..]);
    if !new.starts_with(prefix) || written.start < prefix.len() {
        return Err("bytes before the block changed".to_owned());
    }
    if !new.ends_with(suffix) || written.end + suffix.len() > new.len() {
        return Err("bytes after the block changed".to_owned());
    }
    // Between them and the new block: tags that the old block opened or closed for others.
    let again = [&new[prefix.len()..written.start], &new[written.end..new.len() - suffix.len()]];
    if again.iter().any(|tags| !are_tags(&decoded(case, tags))) {
        return Err("more than tags was written beside the new block".to_owned());
    }
    let (before, behind) = (&new[..written.start], &new[written.end..]);
    let (before, behind) = (decoded(case, before), decoded(case, behind));
    let outside = |text: &str| before.contains(text) || behind.contains(text);
    for kept in &case.keep {
        if !outside(kept) {
            return Err(format!("{kept:?} was lost"));
        }
    }
    for gone in &case.gone {
        if outside(gone) {
            return Err(format!("{gone:?} is still there"));
        }
    }
    Ok(())
}

/// The same block can be taken out, and what is the user's stays.
fn removed(
    case: &Case,
    before: &Body,
    answer: &Rewrite,
    span: &Range<usize>,
) -> Result<(), String> {
    let (after, block) = match answer {
        Rewrite::Removed { body, block } => (body, block),
        // An open link or button of the user's would reach further without the block.
        Rewrite::Refused(_) if case.expect == Expect::Careful => return Ok(()),
        answer => return Err(format!("replaced, but to be taken out: {answer:?}")),
    };
    if block.span != *span {
        return Err(format!("taken out at {:?}, not {span:?}", block.span));
    }
    let (old, new) = (before.as_bytes(), after.as_bytes());
    let (prefix, suffix) = (&old[..span.start], &old[span.end..]);
    let shared = prefix.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = &new[shared..];
    let behind = suffix.iter().rev().zip(rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let beside =
        [&prefix[shared..], &rest[..rest.len() - behind], &suffix[..suffix.len() - behind]];
    if beside.iter().any(|part| !are_tags(&decoded(case, part).replace('\0', ""))) {
        return Err("other bytes than blanks and tags changed beside the block".to_owned());
    }
    let text = decoded(case, new);
    for kept in &case.keep {
        if !text.contains(kept) {
            return Err(format!("{kept:?} was lost with the block"));
        }
    }
    for gone in &case.gone {
        if text.contains(gone) {
            return Err(format!("{gone:?} is there without the block"));
        }
    }
    Ok(())
}

fn are_tags(text: &str) -> bool {
    text.split('>').all(|tag| tag.trim().is_empty() || tag.trim_start().starts_with('<'))
}

/// A part of the body as text, for searching; what cannot be decoded becomes U+FFFD.
fn decoded(case: &Case, part: &[u8]) -> String {
    let label = match case.charset.as_deref() {
        None => "utf-8",
        // Without a label: enough for the few such cases, and not how the crate does it.
        Some("") if part.contains(&0) => "utf-16le",
        Some("") if String::from_utf8_lossy(part).contains('\u{FFFD}') => guess(part),
        Some("") => "utf-8",
        Some(label) => label,
    };
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
    encoding.decode_without_bom_handling(part).0.into_owned()
}

fn guess(part: &[u8]) -> &'static str {
    let cyrillic = part.windows(4).any(|four| four.iter().all(|byte| *byte >= 0xE0));
    if cyrillic { "windows-1251" } else { "windows-1252" }
}

fn key(reason: &impl Serialize) -> Option<String> {
    serde_json::to_value(reason).ok()?.as_str().map(str::to_owned)
}

fn name(found: &Found) -> String {
    match found {
        Found::One(block) => format!("one at {:?}", block.span),
        Found::Absent(why) => format!("absent: {why}"),
        Found::Foreign(why, _) => format!("foreign: {why}"),
        Found::Ambiguous(_) => "ambiguous".to_owned(),
        Found::Refused(why) => format!("refused: {why}"),
        _ => "something new".to_owned(),
    }
}
