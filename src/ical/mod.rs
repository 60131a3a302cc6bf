//! Lossless iCalendar (RFC 5545): meetings out of `.ics` files, edits back into them.
//!
//! In: the bytes of a calendar, edits, new coordinates. Out: [`Meeting`](crate::Meeting)s,
//! bytes that are identical but for the edited values, mail messages (iMIP).
//! Never: a clock, a line changed that no edit names, a value that a reader would
//! understand otherwise than it was meant.
//!
//! - [`Document`] keeps the file byte for byte and knows where everything stands.
//! - [`Reader`] reads the meetings; what one event has wrong is a [`Problem`] of that
//!   meeting and stops no other.
//! - [`Document::edited`] writes one meeting's new bodies and record,
//!   [`Document::edited_back`] takes them back; [`rewrite`], [`remove`] and [`append`] do
//!   all of a file at once.
//! - [`ByMeeting`] takes a large file apart, so that to edit one meeting is to read and
//!   write that meeting.
//! - [`Message::for_notice`] makes the mail that tells attendees of an update.

mod by_meeting;
mod document;
mod edit;
mod events;
mod foreign;
mod imip;
mod lines;
mod message;
mod parse;
mod read;
mod record;
mod recur;
mod restore;
mod rewrite;
mod schedule;
mod splice;
mod text;
mod time;
mod windows;
mod zone;

pub use by_meeting::ByMeeting;
pub use document::{Document, DocumentError, Limits, Property};
pub use edit::EditError;
pub use message::{Mailbox, Message, MessageError};
pub use read::{Problem, ProblemKind, Reader, Reading, UnknownZone};
pub use rewrite::{BodyReport, Outcome, Rewritten, append, remove, rewrite};
