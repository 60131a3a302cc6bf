//! Rewrites the online-meeting block of calendar invitations, and nothing else.

#![forbid(unsafe_code)]

pub mod advice;
pub mod block;
pub mod body;
pub mod change;
pub mod coordinates;
pub mod eligibility;
pub mod link;
pub mod meeting;
pub mod number_removal;
pub mod policy;
mod private;
pub mod provider;
pub mod trigger;
mod wording;

pub use body::Body;
pub use coordinates::Coordinates;
pub use link::Link;
pub use meeting::Meeting;
pub use policy::Policy;
pub use private::Private;
