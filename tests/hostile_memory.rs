//! Memory grows with the body and no faster, whatever its shape: bytes are counted, no
//! clock is asked. What it costs in instructions is counted by `benches/instructions.rs`.
//!
//! One test alone in its program: the counters are the whole program's.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod shapes;

use std::alloc::System;

use meeting_migration::block::{Options, rewrite};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// All bytes that a rewrite asks for, what is given back on the way included.
fn asked_for(body: &Body, new: &Coordinates, options: &Options) -> usize {
    let before = Region::new(COUNTED);
    drop(rewrite(body, None, new, options));
    before.change().bytes_allocated
}

#[test]
fn twice_the_body_takes_twice_the_memory() {
    let link = Link::new("https://teams.microsoft.com/meet/9876543210987?p=Zy8").unwrap();
    let new = Coordinates::new(Provider::TEAMS, link);
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    sees_what_is_quadratic();
    let mut grew = Vec::new();
    for (name, shape) in shapes::SHAPES {
        let [once, twice, fourfold] = [1, 2, 4].map(|times| {
            asked_for(&shapes::body(name, *shape, times * (16 << 10)), &new, &options)
        });
        // A growing vector doubles, so that one step may cost twice the last one.
        if fourfold as f64 > 2.2 * 2.2 * once as f64 || fourfold as f64 > 2.5 * twice as f64 {
            grew.push(format!("{name}: {once}, {twice}, {fourfold} bytes"));
        }
    }
    assert!(grew.is_empty(), "{grew:#?}");
}

/// The measure can fail: what is copied anew for each of its pieces is quadratic.
fn sees_what_is_quadratic() {
    let copied = |pieces: usize| {
        let before = Region::new(COUNTED);
        let all = (0..pieces).fold(String::new(), |text, _| [text.as_str(), "0123456789"].concat());
        assert_eq!(all.len(), 10 * pieces);
        before.change().bytes_allocated as f64
    };
    assert!(copied(2000) > 3.5 * copied(1000));
}
