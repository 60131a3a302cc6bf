//! Checks for those who implement the traits: does a calendar, a store, a maker of
//! coordinates keep its contract?
//!
//! In: an implementation, and where it may write. Out: [`Findings`]: each promise that was
//! seen broken, and how. Never: a clock, a runtime; the checks are plain futures, to be
//! awaited in whatever runtime the implementation needs.
//!
//! Passing is no proof: what only a crash or two workers at once would show is not tried.
//!
//! ```
//! use meeting_migration::conformance;
//! use meeting_migration::memory::MemoryStore;
//!
//! # async fn check() {
//! conformance::store(&MemoryStore::new(), "2026-11-23T12:00:00Z".parse().unwrap()).await.assert();
//! # }
//! ```

mod calendar;
mod store;

use std::fmt;

use crate::provision::{Provision, ProvisionError, Request};

pub use calendar::calendar;
pub use store::store;

/// The promises that were seen broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "findings say nothing until they are looked at"]
pub struct Findings(Vec<Finding>);

/// A promise that an implementation did not keep. `Display` tells it; no body, address or
/// link is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which promise: the name that [`Findings::except`] takes.
    pub promise: &'static str,
    /// What was seen.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.promise, self.what)
    }
}

impl Findings {
    /// The findings, in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// Whether every promise that was tried was kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves out a promise that is known to be broken, and why it may be: Exchange rewrites
    /// the HTML that it stores. When it was kept after all, that is a finding, so that a list
    /// of such gaps only shrinks.
    pub fn except(mut self, promise: &'static str, why: &str) -> Self {
        let before = self.0.len();
        self.0.retain(|finding| finding.promise != promise);
        if self.0.len() == before {
            self.found(promise, format!("is kept, though it was excepted: {why}"));
        }
        self
    }

    /// Ends a test.
    ///
    /// # Panics
    /// When a promise was broken; the message lists all that were.
    pub fn assert(&self) {
        let all: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        assert!(all.is_empty(), "the contract is not kept:\n{}", all.join("\n"));
    }

    fn found(&mut self, promise: &'static str, what: impl Into<String>) {
        self.0.push(Finding { promise, what: what.into() });
    }

    /// Notes what was seen, unless the promise was kept.
    fn expect(&mut self, promise: &'static str, kept: bool, what: &str) {
        if !kept {
            self.found(promise, what);
        }
    }
}

/// Checks that the same request gives the same coordinates (`same`), of the product that is
/// wanted (`product`). Nothing is asked for but this meeting, four times.
pub async fn provision<P: Provision>(provision: &P, request: &Request) -> Findings {
    let mut findings = Findings::default();
    let mut first = None;
    for _ in 0..4 {
        match provision.coordinates(request).await {
            Ok(new) => {
                let wanted = request.target().is_none_or(|target| target == new.provider);
                findings.expect("product", wanted, "the coordinates are of another product");
                let same = first.as_ref().is_none_or(|first| *first == new);
                findings.expect("same", same, "asked again, it answered something else");
                first = Some(new);
            }
            Err(ProvisionError::Throttled { .. }) => {}
            Err(error) => findings.found("answer", format!("no coordinates: {error}")),
        }
    }
    findings.expect("answer", first.is_some(), "no coordinates in four tries");
    findings
}
