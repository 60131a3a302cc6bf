//! How many bytes a rewrite asks for, beside the bytes of the body: all that it ever asks for,
//! what it gives back on the way included, so at no time it holds more.
//!
//!     cargo bench --bench memory
//!
//! Exit status 1: a body whose markup nests as it should, or a plain text, took more than four
//! times its size and [`CONSTANT`]. What needs a browser's repairs is read as a whole, by
//! `html5ever`: its lines are for information.
#![allow(missing_docs, clippy::unwrap_used)]

use std::alloc::System;
use std::process::ExitCode;

use meeting_migration::block::{Options, Rewrite, rewrite};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[path = "../tests/shapes/mod.rs"]
#[expect(dead_code, reason = "the hostile shapes")]
mod shapes;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const TIMES: usize = 4;

/// What the block itself, and the lines around it, may take, in bytes.
const CONSTANT: usize = 128 << 10;

/// Paragraphs around a block; `before` the first of them.
fn body(html: bool, before: &str, size: usize) -> Body {
    let (paragraph, block) = match html {
        true => (
            "<p class=MsoNormal style='margin-bottom:0in'><span lang=EN-US>Please read <a \
             href=\"https://intranet.contoso.example/notes\">the notes</a> before we meet, and \
             think of what is missing.<o:p></o:p></span></p>\r\n",
            shapes::block_html(0),
        ),
        false => (
            "Please read the notes before we meet, and think of\r\nwhat is missing: \
             https://intranet.contoso.example/notes\r\n\r\n",
            shapes::block_text(0),
        ),
    };
    let half = paragraph.repeat(size / 2 / paragraph.len());
    let text = [before, &half, &block, &half].concat();
    if html { Body::html(text) } else { Body::text(text) }
}

fn main() -> ExitCode {
    let link = Link::new("https://teams.microsoft.com/meet/9876543210987?p=Zy8").unwrap();
    let new = Coordinates::new(Provider::TEAMS, link);
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let mut good = true;
    println!("| body                      |    bytes | asked for | times |");
    println!("| ------------------------- | -------: | --------: | ----: |");
    for (name, html, before, bounded) in [
        ("HTML", true, "", true),
        ("text", false, "", true),
        ("HTML, a bold never ended", true, "<p><b>Hello</p>", false),
    ] {
        for size in [4_000, 20_000, 60_000, 1_000_000, 8_000_000] {
            let body = body(html, before, size);
            let bytes = body.as_bytes().len();
            let region = Region::new(COUNTED);
            let done = rewrite(&body, None, &new, &options);
            let asked = region.change().bytes_allocated;
            assert!(matches!(done, Rewrite::Replaced { .. }), "{done:?}");
            println!(
                "| {name:<25} | {bytes:>8} | {asked:>9} | {:>5.2} |",
                asked as f64 / bytes as f64
            );
            good &= !bounded || asked <= TIMES * bytes + CONSTANT;
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
