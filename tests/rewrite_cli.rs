//! What the example `rewrite` makes of its coordinates file.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The example, built in the profile of this test.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--example", "rewrite", "--target-dir"]);
    build.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "the example does not build");
    profile.join(format!("examples/rewrite{}", std::env::consts::EXE_SUFFIX))
}

#[test]
fn coordinates_are_read_to_their_end_and_behind_a_byte_order_mark() {
    let folder = std::env::temp_dir().join(format!("rewrite-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (body, new) = (folder.join("body.html"), folder.join("new.json"));
    fs::write(&body, "<p>Agenda</p>").unwrap();
    let good = r#"{"provider": "teams", "join_url": "https://teams.microsoft.com/meet/2"}"#;
    let three = good.replace('}', r#", "languages": ["en", "de", "fr"]}"#);
    let cases = [
        (good.to_owned(), 3, ""),
        (format!("\u{feff}{good}\r\n"), 3, ""),
        (format!("{good} }}"), 2, "trailing characters"),
        (format!("{good}{good}"), 2, "trailing characters"),
        (three, 2, "`languages`: a block shows one or two languages"),
    ];
    let example = example();
    for (json, code, named) in cases {
        fs::write(&new, &json).unwrap();
        let ran = Command::new(&example).arg("--new").args([&new, &body]).output().unwrap();
        let error = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(code), "{json}: {error}");
        assert!(error.contains(named), "{json}: {error}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
