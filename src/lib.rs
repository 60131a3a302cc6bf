//! Rewrites the online-meeting block of calendar invitations, and nothing else.
//!
//! When an organisation changes how its people meet, every future invitation shows a dead
//! link. This crate decides which changes call for a run and which meetings it takes, finds
//! the block with the join details in each body, replaces exactly that block, and carries
//! the run through crashes, retries, conflicts and undo. Calendar, mail, the maker of new
//! meetings and the store are traits that you implement.
//!
//! The promise: every byte outside the block comes back identical, what a browser builds
//! from it stays the same, and where that cannot be shown the body stays as it was and the
//! answer says why.
//!
//! # Example
//!
//! ```
//! use meeting_migration::block::{Options, Rewrite, rewrite};
//! use meeting_migration::meeting::Record;
//! use meeting_migration::provider::Provider;
//! use meeting_migration::{Body, Coordinates, Link};
//!
//! let old = "https://teams.microsoft.com/meet/2345?p=Ab";
//! let fence = "_".repeat(80);
//! let invitation =
//!     Body::text(format!("Agenda: budget\r\n{fence}\r\nJoin<{old}>\r\n{fence}\r\nAnn"));
//!
//! // What the add-in stored beside the body proves whose block it is.
//! let record = Record::new(Provider::TEAMS, old);
//! let new = Coordinates::new(
//!     Provider::TEAMS,
//!     Link::new("https://teams.microsoft.com/meet/6789?p=Cd")?,
//! );
//! match rewrite(&invitation, Some(&record), &new, &Options::new()) {
//!     Rewrite::Replaced { body, .. } => {
//!         let text = body.as_unicode().unwrap_or_default();
//!         assert!(text.starts_with("Agenda: budget\r\n") && text.ends_with("\r\nAnn"));
//!         assert!(text.contains("/meet/6789?p=Cd") && !text.contains("/meet/2345"));
//!     }
//!     // None, several, another meeting's, refused: answers, and nothing has changed.
//!     other => panic!("{other:?}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A whole run over a calendar, with two traits implemented, is in the README and in
//! [`Service`].
//!
//! # The flow
//!
//! ```text
//! change ─ trigger ─▶ job, held a while; a second change of the same organiser joins it
//!    due ─▶ list ▶ eligibility ▶ provision ▶ block = plan            (a preview ends here)
//!           per meeting: journal ▶ update, if the version is the one read ▶ notify ▶ journal
//!    ─▶ report, status, history; undo walks the journal backwards
//! ```
//!
//! | step | where |
//! | --- | --- |
//! | what an admin did, and whether it calls for a run | [`change`], [`trigger`] |
//! | which meetings a run takes | [`meeting`], [`eligibility`], [`policy`] |
//! | the new join details | [`coordinates`], [`provision`] |
//! | find the block, replace it | [`block`], [`body`], [`provider`] |
//! | what would be done | [`plan`] |
//! | the run, without a clock or any input and output | [`engine`], [`job`], [`journal`], [`report`], [`undo`] |
//! | before the evening of a move; taking a number off a bridge | [`advice`], [`number_removal`] |
//! | what you implement | [`calendar`], [`mail`], [`provision`], [`store`]; in memory: [`memory`] |
//! | what an admin calls | [`service`] |
//!
//! # Features
//!
//! None is on by default, and the default build is pure: no input or output, no clock, no
//! thread, no async runtime, no global state. The same input gives the same output.
//!
//! - `ical`: lossless iCalendar in the module `ical`: meetings out of `.ics` files, edits back
//!   into them by splicing content lines, notices as iMIP messages. As pure as the rest.
//! - `conformance`: checks for those who implement the traits, in the module `conformance`; for
//!   their tests.
//!
//! # Private stays private
//!
//! No body, address, name, link or passcode is in an error or a `Debug` of this crate. What an
//! admin has to read, the [`UserId`](meeting::UserId), is in `Display` alone.

#![forbid(unsafe_code)]

pub mod advice;
pub mod block;
pub mod body;
pub mod calendar;
mod cause;
pub mod change;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod coordinates;
mod digest;
pub mod eligibility;
pub mod engine;
#[cfg(feature = "_fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "ical")]
pub mod ical;
pub mod job;
pub mod journal;
pub mod link;
pub mod mail;
pub mod meeting;
pub mod memory;
pub mod number_removal;
pub mod plan;
pub mod policy;
mod private;
pub mod provider;
pub mod provision;
pub mod report;
pub mod service;
pub mod store;
pub mod trigger;
pub mod undo;
mod wording;

pub use body::Body;
pub use cause::Cause;
pub use coordinates::Coordinates;
pub use link::Link;
pub use meeting::Meeting;
pub use policy::Policy;
pub use private::Private;
pub use service::Service;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
