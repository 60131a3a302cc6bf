//! Rewrites the online-meeting block of calendar invitations, and nothing else.

#![forbid(unsafe_code)]

pub mod block;
pub mod body;
pub mod coordinates;
#[cfg(feature = "ical")]
pub mod ical;
pub mod link;
pub mod meeting;
pub mod policy;
mod private;
pub mod provider;
mod wording;

pub use body::Body;
pub use coordinates::Coordinates;
pub use link::Link;
pub use meeting::Meeting;
pub use policy::Policy;
pub use private::Private;
