//! The fixtures of `tests/data/` that say where their block is, and the meeting's link.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::ops::Range;
use std::path::Path;

use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;
use serde_json::Value;

/// A fixture whose body is UTF-8.
#[derive(Clone, Debug)]
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) is_html: bool,
    /// What stands before the block, the block, and what stands behind it.
    pub(crate) parts: [String; 3],
    /// The recorded link.
    pub(crate) link: Option<String>,
}

impl Fixture {
    pub(crate) fn block(&self) -> &str {
        &self.parts[1]
    }

    /// Panics when none is recorded.
    pub(crate) fn link(&self) -> &str {
        self.link.as_deref().unwrap()
    }

    /// What an add-in would have recorded.
    pub(crate) fn record(&self) -> Record {
        let link = self.link();
        let teams = link.contains("://teams.") || link.contains(".teams.");
        Record::new(if teams { Provider::TEAMS } else { Provider::SKYPE_FOR_BUSINESS }, link)
    }

    fn read(folder: &Path) -> Option<Self> {
        let case = fs::read(folder.join("case.json")).ok()?;
        let case: Value = serde_json::from_slice(&case).unwrap();
        let span: Option<Range<usize>> = case["span"].as_array().map(|span| {
            let at = |i: usize| usize::try_from(span[i].as_u64().unwrap()).unwrap();
            at(0)..at(1)
        });
        let span = span.filter(|_| case["charset"].is_null())?;
        let is_html = case["format"] == "html";
        let body = folder.join(if is_html { "body.html" } else { "body.txt" });
        let body = fs::read_to_string(body).unwrap();
        let parts = [&body[..span.start], &body[span.clone()], &body[span.end..]];
        Some(Self {
            name: folder.file_name()?.to_str()?.to_owned(),
            is_html,
            parts: parts.map(str::to_owned),
            link: case["record"].as_str().map(str::to_owned),
        })
    }
}

/// All of them, in the order of their names.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut folders: Vec<_> = fs::read_dir(data).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let all: Vec<_> = folders.iter().filter_map(|folder| Fixture::read(folder)).collect();
    assert!(all.len() > 60, "the fixtures are there: {}", all.len());
    all
}
