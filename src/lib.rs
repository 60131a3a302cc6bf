//! Rewrites the online-meeting block of calendar invitations, and nothing else.

#![forbid(unsafe_code)]

pub mod advice;
pub mod block;
pub mod body;
pub mod calendar;
mod cause;
pub mod change;
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
