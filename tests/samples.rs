//! Real invitations, when they are at hand: each ends as a careful person would decide.
//!
//! They are reference material that is not part of this repository; without them the test
//! says so and passes. What each must become is told by its name and its kind, never by
//! its content.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use meeting_migration::block::{Found, Options, Rewrite, locate, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::{Body, Coordinates};

const SAMPLES: &str = "../shared/corpus/real";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    Replaced,
    Absent,
    Foreign,
}

/// What a careful person would do with a sample of this name.
fn expected(name: &str) -> Expected {
    let has = |part: &str| name.contains(part);
    if has("negative") || has("retyped") || has("handcopy") || has("handmade") || has("blog") {
        Expected::Absent
    } else if has("reply") {
        Expected::Foreign
    } else {
        Expected::Replaced
    }
}

fn coordinates(provider: &str, join_url: &str) -> Coordinates {
    serde_json::from_value(serde_json::json!({
        "provider": provider, "join_url": join_url,
        "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123456789",
        "numbers": [{"number": "+15550100", "country": "United States", "city": "Seattle"}],
    }))
    .unwrap()
}

/// Everything that must hold of a body, whatever it is. Returns what became of it.
fn check(name: &str, body: &Body) -> Result<(), String> {
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for new in [
        coordinates("teams", "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"),
        coordinates("skype-for-business", "https://meet.lync.com/contoso/ann.berg/7XKQ2MPL"),
    ] {
        let outcome = rewrite(body, None, &new, &options);
        let got = match &outcome {
            Rewrite::Replaced { body: after, block, written } => {
                let (before, after_bytes) = (body.as_bytes(), after.as_bytes());
                // Around the new block, tags that the old one had closed may stand again.
                let head = before.get(..block.span.start).unwrap();
                let tail = before.get(block.span.end..).unwrap();
                if !after_bytes.starts_with(head) || !after_bytes.ends_with(tail) {
                    return Err("bytes outside the block changed".into());
                }
                let between = |range: &[u8]| {
                    let text = String::from_utf8_lossy(range).into_owned();
                    text.is_empty() || (text.starts_with('<') && text.ends_with('>'))
                };
                if !between(after_bytes.get(head.len()..written.start).unwrap())
                    || !between(
                        after_bytes.get(written.end..after_bytes.len() - tail.len()).unwrap(),
                    )
                {
                    return Err("something but tags stands around the new block".into());
                }
                let record = Record::new(new.provider, new.join_url.as_str());
                match locate(after, Some(&record), &Options::new()) {
                    Found::One(block) if block.span == *written => {}
                    other => return Err(format!("our own block is not found again: {other:?}")),
                }
                if !matches!(
                    rewrite(after, Some(&record), &new, &Options::new()),
                    Rewrite::Unchanged(_)
                ) {
                    return Err("a second rewrite changes something".into());
                }
                Expected::Replaced
            }
            Rewrite::Absent(_) => Expected::Absent,
            Rewrite::Foreign(..) => Expected::Foreign,
            other => return Err(format!("{other:?}")),
        };
        let wanted = expected(name);
        if got != wanted {
            return Err(format!("{got:?}, not {wanted:?}"));
        }
    }
    Ok(())
}

fn samples() -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLES)) else {
        eprintln!("no real samples at hand: nothing to check");
        return Vec::new();
    };
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_real_body_ends_as_a_careful_person_would_decide() {
    let mut failures = Vec::new();
    for path in samples() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let bodies = match path.extension().and_then(|e| e.to_str()) {
            Some("html") => vec![Body::html_bytes(bytes, None)],
            Some("txt") => vec![Body::text_bytes(bytes, None)],
            Some("json") => {
                let event: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                vec![Body::html(event["body"]["content"].as_str().unwrap())]
            }
            Some("eml") => parts(&bytes),
            _ => continue,
        };
        for body in bodies {
            if let Err(why) = check(&name, &body) {
                failures.push(format!("{name}, {body:?}: {why}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} samples:\n{}", failures.len(), failures.join("\n"));
}

/// The guide's table of what becomes of the samples, by their traits: names and contents stay
/// out of it. It is checked when the samples at hand are those it was printed from;
/// `UPDATE_GUIDE=1` prints it anew.
#[cfg(feature = "ical")]
#[test]
fn the_guide_says_what_becomes_of_each_kind_of_sample() {
    use std::collections::BTreeMap;

    let mut rows: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut count = 0;
    for path in samples() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let (product, client) = kind(&name);
        let mut row = |format: &str, text: &[u8], outcome: &str| {
            count += 1;
            let row = format!("{product} | {client} | {format} | {}", frame(text));
            *rows.entry(row).or_default().entry(outcome.to_owned()).or_default() += 1;
        };
        match ending {
            "html" => row("HTML", &bytes, outcome(&Body::html_bytes(bytes.clone(), None))),
            "txt" => row("text", &bytes, outcome(&Body::text_bytes(bytes.clone(), None))),
            "json" => {
                let event: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let html = event["body"]["content"].as_str().unwrap();
                row("HTML", html.as_bytes(), outcome(&Body::html(html)));
            }
            "eml" => {
                for body in parts(&bytes) {
                    let html = format!("{body:?}").contains("html");
                    let format = if html { "HTML in mail" } else { "text in mail" };
                    row(format, body.as_bytes(), outcome(&body));
                }
            }
            "ics" => {
                let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
                let done = meeting_migration::ical::rewrite(&bytes, None, &teams(), &options);
                let unfolded = String::from_utf8_lossy(&bytes)
                    .replace("\r\n", "\n")
                    .replace("\n ", "")
                    .replace("\n\t", "");
                for body in done.unwrap().bodies {
                    let is = |line: &&str| line.starts_with(body.property.as_str());
                    let line = unfolded.lines().find(is).unwrap_or_default().replace("\\n", "\n");
                    let outcome = serde_json::to_value(body.outcome).unwrap();
                    let format = format!("{} in iCalendar", body.property);
                    row(&format, line.as_bytes(), outcome.as_str().unwrap());
                }
            }
            _ => {}
        }
    }
    if count == 0 {
        return;
    }
    let mut table = format!(
        "{count} bodies:\n\n| product | client and form | body | rows of its frame | outcome |\n\
         | --- | --- | --- | --- | --- |\n"
    );
    for (row, outcomes) in rows {
        let outcomes: Vec<_> = outcomes.iter().map(|(what, n)| format!("{n} {what}")).collect();
        table += &format!("| {row} | {} |\n", outcomes.join(", "));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/guide/how-a-block-is-found.md");
    let page = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let (before, rest) = page.split_once("<!-- table: samples -->\n").unwrap();
    let (old, after) = rest.split_once("<!-- end -->").unwrap();
    let printed = format!("{before}<!-- table: samples -->\n\n{table}\n<!-- end -->{after}");
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(path, printed).unwrap();
    } else if old.contains(&format!("{count} bodies:")) {
        assert!(page == printed, "UPDATE_GUIDE=1 prints the guide's table of samples anew");
    } else {
        eprintln!("another set of samples than the guide's");
    }
}

/// Product with its year, and what wrote the sample, as its name says.
#[cfg(feature = "ical")]
fn kind(name: &str) -> (String, String) {
    let stem = name.split('.').next().unwrap();
    let mut words = stem.split('-').filter(|w| w.parse::<u32>().is_err() && *w != "rfc");
    let mut first = words.next().unwrap();
    let mut kind = Vec::new();
    if first == "negative" {
        kind.push("no block");
        first = words.next().unwrap();
    }
    let year = first.len() - first.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (product, year) = first.split_at(first.len() - year);
    let languages = ["en", "de", "fr", "es", "it", "ja", "sv", "da", "pt", "zhTW", "ksc"];
    kind.extend(words.take_while(|word| !languages.contains(word)));
    (format!("{product} {year}").trim_end().to_owned(), kind.join(" "))
}

/// How many rows of a frame are in a body.
#[cfg(feature = "ical")]
fn frame(body: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(body).replace("=\n", "");
    let text = text.replace(&format!("{}\n{}", ".".repeat(71), ".".repeat(66)), &".".repeat(137));
    let runs = |c: char, n: usize| {
        text.split(|other| other != c).filter(|run| run.chars().count() == n).count()
    };
    let drawn = text.matches("-::~:~::~").count() + text.matches("\n-~-~-~-~-~").count();
    match runs('_', 80) + runs('.', 137) + runs('\u{2500}', 10) + drawn {
        0 => "none",
        1 => "one",
        2 => "two",
        _ => "more",
    }
}

#[cfg(feature = "ical")]
fn outcome(body: &Body) -> &'static str {
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    match rewrite(body, None, &teams(), &options) {
        Rewrite::Replaced { .. } => "replaced",
        Rewrite::Absent(_) => "absent",
        Rewrite::Foreign(..) => "foreign",
        Rewrite::Ambiguous(_) => "ambiguous",
        Rewrite::Refused(_) => "refused",
        _ => "unchanged",
    }
}

#[cfg(feature = "ical")]
fn teams() -> Coordinates {
    coordinates("teams", "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp")
}

/// The text and HTML parts of a mail, undone of their transfer encoding: as much of MIME as
/// the samples need.
fn parts(mail: &[u8]) -> Vec<Body> {
    let text: String = mail.iter().map(|&b| char::from(b)).collect();
    let mut bodies = Vec::new();
    let mut boundaries = Vec::new();
    for named in text.split("boundary=").skip(1) {
        boundaries.push(format!(
            "\n--{}",
            named.trim_start_matches('"').split(['"', '\n', '\r', ';']).next().unwrap()
        ));
    }
    let mut pieces = vec![text.as_str()];
    for boundary in &boundaries {
        pieces = pieces.iter().flat_map(|piece| piece.split(boundary.as_str())).collect();
    }
    for part in pieces {
        let part = part.replace("\r\n", "\n");
        // The rest of the boundary's line goes; headers end at a blank line.
        let Some((head, content)) = part.split_once("\n\n") else { continue };
        let head = head.replace("\n ", " ").replace("\n\t", " ");
        let header = |name: &str| {
            let line = head.lines().find(|l| l.to_ascii_lowercase().starts_with(name))?;
            Some(line[name.len()..].trim().to_ascii_lowercase())
        };
        let Some(kind) = header("content-type:") else { continue };
        let charset = kind
            .split("charset=")
            .nth(1)
            .map(|c| c.trim_matches('"').split([';', ' ', '"']).next().unwrap().to_owned());
        let content = match header("content-transfer-encoding:").as_deref() {
            Some("base64") => base64(content),
            Some("quoted-printable") => quoted_printable(content),
            _ => content.chars().map(|c| c as u8).collect(),
        };
        if kind.starts_with("text/html") {
            bodies.push(Body::html_bytes(content, charset.as_deref()));
        } else if kind.starts_with("text/plain") {
            bodies.push(Body::text_bytes(content, charset.as_deref()));
        }
    }
    bodies
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let joined = text.replace("=\n", "");
    let bytes: Vec<u8> = joined.chars().map(|c| c as u8).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        match (bytes[at], hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'=', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for value in text.bytes().filter_map(|b| ALPHABET.iter().position(|&a| a == b)) {
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}
