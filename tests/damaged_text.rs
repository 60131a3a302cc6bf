//! Text blocks of which one line was lost, doubled, moved, cut or glued to another: the words
//! above and below stay, or nothing is replaced.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use meeting_migration::Body;
use meeting_migration::block::{self, Options, Rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde_json::Value;

const NEW: &str = r#"{"provider": "teams", "meeting_id": "234 567 890 123 4",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#;

/// Each text fixture's block: its name, the block, the recorded link.
fn blocks() -> Vec<(String, String, String)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut folders: Vec<_> = fs::read_dir(data).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let read = |folder: &std::path::PathBuf| {
        let case: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("case.json")).ok()?).unwrap();
        let body = fs::read_to_string(folder.join("body.txt")).ok()?;
        let span = case["span"].as_array().filter(|_| case["charset"].is_null())?;
        let at = |i: usize| usize::try_from(span[i].as_u64().unwrap()).unwrap();
        let name = folder.file_name()?.to_str()?.to_owned();
        Some((name, body[at(0)..at(1)].to_owned(), case["record"].as_str()?.to_owned()))
    };
    let blocks: Vec<_> = folders.iter().filter_map(read).collect();
    assert!(blocks.len() > 20, "{}", blocks.len());
    blocks
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    Lost(Index),
    Twice(Index),
    Swapped(Index, Index),
    /// All lines before it, and all behind it.
    CutBefore(Index),
    CutBehind(Index),
    /// Without the line end behind it.
    Glued(Index),
    /// A blank line, or the rest of a wrapped one, before it.
    Wrapped(Index, Index),
    Quoted(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let line = any::<Index>;
    prop_oneof![
        line().prop_map(Damage::Lost),
        line().prop_map(Damage::Twice),
        (line(), line()).prop_map(|(a, b)| Damage::Swapped(a, b)),
        line().prop_map(Damage::CutBefore),
        line().prop_map(Damage::CutBehind),
        line().prop_map(Damage::Glued),
        (line(), line()).prop_map(|(at, column)| Damage::Wrapped(at, column)),
        line().prop_map(Damage::Quoted),
    ]
}

fn damaged(block: &str, damage: Damage) -> String {
    let mut lines: Vec<String> = block.lines().map(str::to_owned).collect();
    let of = |index: Index| index.index(lines.len());
    let end = if block.contains("\r\n") { "\r\n" } else { "\n" };
    match damage {
        Damage::Lost(at) => _ = lines.remove(of(at)),
        Damage::Twice(at) => lines.insert(of(at), lines[of(at)].clone()),
        Damage::Swapped(a, b) => {
            let (a, b) = (of(a), of(b));
            lines.swap(a, b);
        }
        Damage::CutBefore(at) => _ = lines.drain(..of(at)),
        Damage::CutBehind(at) => lines.truncate(of(at) + 1),
        Damage::Glued(at) => {
            let at = of(at);
            if at + 1 < lines.len() {
                let next = lines.remove(at + 1);
                lines[at] += &next;
            }
        }
        Damage::Wrapped(at, column) => {
            let at = of(at);
            let line = &lines[at];
            let column = line.floor_char_boundary(column.index(line.len() + 1));
            lines[at] = [&line[..column], end, &line[column..]].concat();
        }
        Damage::Quoted(at) => {
            let at = of(at);
            lines[at].insert_str(0, "> ");
        }
    }
    lines.join(end)
}

#[test]
fn words_beside_a_damaged_text_block_stay() {
    let all = blocks();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let (tally, wrong) = (RefCell::new(BTreeMap::new()), RefCell::new(Vec::new()));
    let around = prop::sample::select(vec![
        ("Hello there.\n", "\nBye now.\n"),
        ("Hello there.\n\n", "\n\nBye now.\n"),
        ("1. Plan\n2. Hello there.\n", "\nBye now.\nAnna"),
        ("", "\nBye now."),
        ("Hello there.\n", ""),
    ]);
    let cases = (damage(), around, any::<Index>(), any::<bool>());
    let all_ran = TestRunner::new(config).run(&cases, |(damage, (head, tail), which, known)| {
        let (name, block, link) = which.get(&all);
        let source = damaged(block, damage);
        let body = Body::text([head, &source, tail].concat());
        let new = serde_json::from_str(NEW).unwrap();
        let teams = link.contains("://teams.");
        let product = if teams { Provider::TEAMS } else { Provider::SKYPE_FOR_BUSINESS };
        let record = Record::new(product, link);
        let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
        let answer = block::rewrite(&body, known.then_some(&record), &new, &options);
        let said = match &answer {
            Rewrite::Replaced { body: after, block, .. } => {
                let after = after.as_unicode().unwrap();
                let exact = block.span == (head.len()..head.len() + source.len());
                if !after.starts_with(head.trim_end()) || !after.ends_with(tail.trim_start()) {
                    let lost = &body.as_unicode().unwrap()[block.span.clone()];
                    wrong.borrow_mut().push(format!("{name} {known} {damage:?}:\n{lost}\n"));
                }
                if exact { "exact" } else { "inside" }
            }
            Rewrite::Absent(_) => "absent",
            Rewrite::Foreign(..) => "foreign",
            Rewrite::Ambiguous(_) => "ambiguous",
            _ => "refused",
        };
        let kind = format!("{damage:?}");
        let kind = kind.split('(').next().unwrap().to_owned();
        *tally.borrow_mut().entry((kind, said)).or_insert(0_usize) += 1;
        Ok(())
    });
    all_ran.unwrap();
    println!("{:?}", tally.into_inner());
    let wrong = wrong.into_inner();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
