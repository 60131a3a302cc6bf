//! The fuzz targets over what was found, the fixtures, and parts of them, on any toolchain.
//!
//! `fuzz/corpus/<target>/` holds the inputs that are worth keeping, each named for what it
//! shows. The fixtures are fed from where they are.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use meeting_migration::fuzzing::{TARGETS, Target};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What a target begins from: its content without the choices before it.
fn contents(target: &str) -> Vec<(String, Vec<u8>)> {
    let tests = root().join("tests/data");
    let examples = root().join("examples/data");
    let bodies = |file: &'static str| files(&tests).into_iter().map(move |case| case.join(file));
    let paths: Vec<PathBuf> = match target {
        "rewrite_html" | "tokenizer" => bodies("body.html").collect(),
        "rewrite_text" => bodies("body.txt").collect(),
        "charset" => bodies("body.html").chain(bodies("body.txt")).collect(),
        "links" => bodies("case.json").collect(),
        "coordinates" => files(&examples.join("coordinates")),
        "ical" => files(&examples.join("tenant/calendars")),
        other => panic!("no seeds for {other}"),
    };
    let mut contents = Vec::new();
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let mut bytes = fs::read(&path).unwrap();
        if target == "links" {
            let case: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            match case["record"].as_str() {
                Some(url) => bytes = url.as_bytes().to_vec(),
                None => continue,
            }
        }
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('/', "-");
        if target == "ical" {
            contents.extend(events(&bytes).into_iter().map(|event| (name.clone(), event)));
        }
        contents.push((name, bytes));
    }
    assert!(!contents.is_empty(), "no seeds for {target}");
    contents
}

/// The first events of a calendar, each as a calendar of its own: fuzzers cut long inputs, and half
/// a calendar is none.
fn events(calendar: &[u8]) -> Vec<Vec<u8>> {
    const BEGIN: &[u8] = b"BEGIN:VEVENT";
    const END: &[u8] = b"END:VCALENDAR";
    let begins: Vec<_> = memchr::memmem::find_iter(calendar, BEGIN).collect();
    let end = memchr::memmem::rfind(calendar, END).unwrap();
    let ends = begins.iter().skip(1).copied().chain([end]);
    let event = |(from, to): (&usize, usize)| {
        [&calendar[..begins[0]], &calendar[*from..to], &calendar[end..]].concat()
    };
    begins.iter().zip(ends).map(event).take(8).collect()
}

/// Choices that between them reach what a target can do with one content.
fn choices(target: &Target) -> Vec<Vec<u8>> {
    match target.name {
        "rewrite_html" | "rewrite_text" => vec![
            // As it is, with its own first link recorded; without a record.
            vec![0x00, 0, 0, 2],
            vec![0x18, 1, 0, 0],
            vec![0x2C, 2, 0, 2],
            // A block of ours at the beginning, in the middle, at the end.
            vec![0x31, 0x80, 0, 1],
            vec![0x41, 3, 128, 1],
            vec![0x01, 4, 255, 1],
        ],
        "charset" => vec![vec![0, 0, 60, 200, 40], vec![5, 1, 60, 200, 40], vec![0, 2, 1, 9, 3]],
        _ => vec![Vec::new()],
    }
}

/// Runs one input; on failure says which, so that it can be found again.
fn run(target: &Target, name: &str, input: &[u8]) -> Result<(), String> {
    let check = target.check;
    std::panic::catch_unwind(|| check(input)).map_err(|_| format!("{}: {name}", target.name))
}

#[test]
fn every_target_holds_on_its_corpus_and_on_the_fixtures() {
    let mut failures = Vec::new();
    for target in &TARGETS {
        let kept = files(&root().join("fuzz/corpus").join(target.name));
        for file in kept {
            let input = fs::read(&file).unwrap();
            failures.extend(run(target, &file.to_string_lossy(), &input).err());
        }
        for (name, content) in contents(target.name) {
            for choice in choices(target) {
                assert_eq!(choice.len(), target.choices);
                let input = [choice.as_slice(), &content].concat();
                let name = format!("{name} behind {choice:?}");
                failures.extend(run(target, &name, &input).err());
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Not a test: writes the seeds for `fuzz/run.sh`.
#[test]
#[ignore = "writes fuzz/seeds"]
fn seed() {
    for target in &TARGETS {
        let folder = root().join("fuzz/seeds").join(target.name);
        fs::create_dir_all(&folder).unwrap();
        for (place, (name, content)) in contents(target.name).into_iter().enumerate() {
            for (number, choice) in choices(target).iter().enumerate() {
                let input = [choice.as_slice(), &content].concat();
                fs::write(folder.join(format!("{place}-{name}-{number}")), input).unwrap();
            }
        }
    }
}
