//! What the rewrite core costs in instructions, which no other program on the machine can
//! blur: the regression gauge of `tests/run.sh`, and the proof that hostile bodies cost in
//! proportion to their size. Needs valgrind.
//!
//!     cargo bench --bench instructions              compares with benches/instructions.txt
//!     cargo bench --bench instructions -- --write   writes that table anew
//!     cargo bench --bench instructions -- --test    runs each case once, counts nothing
//!
//! Exit status 1: a case costs over 10 % more than the table says (with the compiler that
//! the table names: others make other code), or a hostile body of twice the size costs more
//! than 2.2 times as much.
//!
//! This program runs itself under callgrind, which writes its counters down at the end of
//! each `measured`.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use meeting_migration::block::{Options, locate, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};

#[path = "../tests/shapes/mod.rs"]
mod shapes;

use shapes::{SHAPES, block_html, block_text};

const TOLERANCE: f64 = 0.10;
const LINEAR: f64 = 2.2;

/// The smaller of the two sizes of a hostile body, in bytes: past every bound on how far a
/// search looks.
const SIZE: usize = 32 << 10;

fn main() -> ExitCode {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    if has("--measure") || has("--test") {
        measure_all();
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("instructions: left out, there is no valgrind");
        return ExitCode::SUCCESS;
    }
    let counts = count();
    let (hostile, parts): (Vec<_>, Vec<_>) =
        counts.into_iter().partition(|(name, _)| name.starts_with("hostile/"));
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt");
    let mut good = is_linear(&hostile);
    if has("--write") {
        std::fs::write(&table, written(&parts)).unwrap();
        println!("wrote {}", table.display());
    } else {
        good &= compare(&parts, &std::fs::read_to_string(&table).unwrap());
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A case by name: what is done to which body.
struct Case {
    name: String,
    body: Body,
    record: Option<Record>,
    locate: bool,
}

#[inline(never)]
fn measured(case: &Case, new: &Coordinates, options: &Options) {
    if case.locate {
        black_box(locate(black_box(&case.body), case.record.as_ref(), options));
    } else {
        black_box(rewrite(black_box(&case.body), case.record.as_ref(), new, options));
    }
}

fn measure_all() {
    let link = Link::new("https://teams.microsoft.com/meet/9876543210987?p=Zy8").unwrap();
    let new = Coordinates::new(Provider::TEAMS, link);
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for case in cases() {
        measured(&case, &new, &options);
    }
}

fn cases() -> Vec<Case> {
    let mut cases = fixtures();
    cases.extend(sized());
    for (name, shape) in SHAPES {
        for times in [1, 2] {
            let body = shapes::body(name, *shape, times * SIZE);
            let name = format!("hostile/{name}/{times}");
            cases.push(Case { name, body, record: None, locate: false });
        }
    }
    cases
}

fn fixtures() -> Vec<Case> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut cases = Vec::new();
    for name in [
        "teams2019-word-full",
        "sfb2016-word-full",
        "teams2025-graph-event",
        "teams2025-text-outlook",
    ] {
        let read = |file: &str| std::fs::read(data.join(name).join(file));
        let json: serde_json::Value = serde_json::from_slice(&read("case.json").unwrap()).unwrap();
        let label = json.get("charset").and_then(|label| label.as_str());
        let body = match read("body.html") {
            Ok(html) => Body::html_bytes(html, label),
            Err(_) => Body::text_bytes(read("body.txt").unwrap(), label),
        };
        let url = json.get("record").and_then(|record| record.as_str());
        let record = url.map(|url| Record::new(Provider::TEAMS, url));
        for (verb, locate) in [("locate", true), ("rewrite", false)] {
            let (body, record) = (body.clone(), record.clone());
            cases.push(Case { name: format!("{verb}/{name}"), body, record, locate });
        }
    }
    cases
}

/// An ordinary mail of 60 kB, with a block at its end and without, in some charsets.
fn sized() -> Vec<Case> {
    let paragraph = "<p class=\"MsoNormal\"><span lang=\"EN-US\" style=\"color:#1F497D\">Dear all, \
                     please find the <b>agenda</b> &amp; the <a href=\"https://contoso.example/x\">\
                     minutes</a> below.<o:p></o:p></span></p>\r\n";
    let mail = format!("<html><body>{}", paragraph.repeat((60 << 10) / paragraph.len()));
    let line =
        "Dear all, please find the agenda & the minutes <https://contoso.example/x> below.\r\n";
    let text = line.repeat((60 << 10) / line.len());
    let (html, plain) = (block_html(0), block_text(0));
    let cases = [
        ("html-without", Body::html(mail.clone())),
        ("html-block-last", Body::html([mail.as_str(), &html].concat())),
        ("html-block-first", Body::html(["<html><body>", &html, &mail[12..]].concat())),
        ("html-shift-jis", Body::html_bytes([mail.as_str(), &html].concat(), Some("shift_jis"))),
        ("text-without", Body::text(text.clone())),
        ("text-block-last", Body::text([text.as_str(), &plain].concat())),
        ("text-windows-1252", Body::text_bytes([text.as_str(), &plain].concat(), Some("cp1252"))),
    ];
    let case =
        |(name, body)| Case { name: format!("60kB/{name}"), body, record: None, locate: false };
    cases.into_iter().map(case).collect()
}

/// Runs this program under callgrind: instructions by case.
fn count() -> BTreeMap<String, u64> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--zero-before=*measured", "--dump-after=*measured"])
        .arg(format!("--callgrind-out-file={}/out", folder.display()))
        .arg(std::env::current_exe().unwrap())
        .arg("--measure")
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let counts: BTreeMap<_, _> = cases()
        .into_iter()
        .enumerate()
        .map(|(index, case)| {
            let dump = std::fs::read_to_string(folder.join(format!("out.{}", index + 1)));
            let dump = dump.expect("one dump for each case");
            let total = dump.lines().find_map(|line| line.strip_prefix("summary: "));
            (case.name, total.and_then(|total| total.trim().parse().ok()).expect("a count"))
        })
        .collect();
    let _ = std::fs::remove_dir_all(&folder);
    counts
}

fn is_linear(hostile: &[(String, u64)]) -> bool {
    let mut good = true;
    println!("{:<36} {:>14} {:>8}", "hostile, 32 and 64 kB", "instructions", "twice");
    for pair in hostile.chunks(2) {
        let [(name, once), (_, twice)] = pair else { panic!("two sizes of each") };
        let ratio = *twice as f64 / *once as f64;
        let said = if ratio > LINEAR { "  NOT LINEAR" } else { "" };
        println!("{:<36} {once:>14} {ratio:>8.2}{said}", name.trim_end_matches("/1"));
        good &= ratio <= LINEAR;
    }
    good
}

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let out = Command::new(rustc).arg("--version").output().unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn written(parts: &[(String, u64)]) -> String {
    let mut out =
        format!("# Instructions; `cargo bench --bench instructions -- --write`. {}\n", compiler());
    for (name, count) in parts {
        writeln!(out, "{name} {count}").unwrap();
    }
    out
}

fn compare(parts: &[(String, u64)], table: &str) -> bool {
    let same = table.lines().next().is_some_and(|head| head.ends_with(&compiler()));
    let known: BTreeMap<_, u64> = table
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, count)| Some((name, count.parse().ok()?)))
        .collect();
    let mut good = true;
    println!("{:<36} {:>14} {:>8}", "ordinary bodies", "instructions", "change");
    for (name, count) in parts {
        let Some(before) = known.get(name.as_str()) else {
            println!("{name:<36} {count:>14}  NOT IN THE TABLE");
            good = false;
            continue;
        };
        let change = *count as f64 / *before as f64 - 1.0;
        let said = match change {
            change if change > TOLERANCE => "  SLOWER",
            change if change < -TOLERANCE => "  faster: write the table anew",
            _ => "",
        };
        println!("{name:<36} {count:>14} {:>7.1}%{said}", 100.0 * change);
        good &= change <= TOLERANCE || !same;
    }
    if !same {
        println!("the table was written with another compiler: nothing is concluded from it");
    }
    good
}
