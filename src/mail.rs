//! The mail route, as the caller implements it.
//!
//! In: a [`Notice`]. Out: accepted, or why not. Never: the message itself; what it looks
//! like (iMIP, a plain letter) is the implementor's, who also knows the calendar.

use std::collections::HashSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::meeting::{Address, Item, Meeting, MeetingId, Part, Response, Status, UserId, Version};
use crate::private::Private;

/// Sends updates to attendees on behalf of organisers, implemented by the caller.
///
/// It is only asked when the calendar does not tell the attendees by itself.
///
/// # Contract
///
/// The route promises:
///
/// - `Ok` means that the message is on its way or kept safe; an error means that it is
///   not, as far as the route knows.
/// - A notice with a [`MessageId`] that was sent before may be dropped with `Ok`, and
///   when it goes out again it carries the same id, so that the recipients' mail programs
///   can drop it.
/// - The meeting's `SEQUENCE` is not raised: only text changed, and answers stay good
///   (RFC 5546 §2.1.4).
///
/// We promise:
///
/// - One notice per meeting and job, however many parts were rewritten, and only after
///   the calendar has stored them. After a crash between sending and noting that, it
///   comes once more, with the same id.
/// - At least one recipient, each address once, never the organiser.
pub trait Mail: Send + Sync {
    /// Sends one notice.
    fn send(&self, notice: &Notice) -> impl Future<Output = Result<(), MailError>> + Send;
}

/// Names one message: the same for the same job and meeting, however often it is built.
///
/// Letters, digits and dashes: the left side of a `Message-ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    pub(crate) fn new(id: String) -> Self {
        Self(id)
    }

    /// The id, without angle brackets and without a domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The update that the attendees of one meeting receive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Notice {
    /// Names the message.
    pub message: MessageId,
    /// On whose behalf it goes out.
    pub organizer: UserId,
    /// Which meeting was updated.
    pub meeting: MeetingId,
    /// The state that the calendar now holds.
    pub version: Version,
    /// The parts whose text changed.
    pub parts: Vec<Part>,
    /// The meeting's subject.
    pub subject: Private,
    /// Who gets it: attendees of the changed parts, each address once, without the
    /// organiser, rooms and devices included.
    pub recipients: Vec<Address>,
}

impl Notice {
    /// The notice about `parts` of a meeting, to those invited to one of them. What was
    /// cancelled since is no news, nor what is gone.
    pub(crate) fn new(
        message: MessageId,
        organizer: &UserId,
        meeting: &Meeting,
        parts: &[Part],
        notify_declined: bool,
    ) -> Self {
        let mut known: HashSet<_> = meeting.organizer.iter().map(Address::key).collect();
        known.insert(Address::from(organizer.as_str()).key());
        let takes_place = |item: &Item| {
            item.status != Status::Cancelled && meeting.item.status != Status::Cancelled
        };
        let news: Vec<_> = meeting
            .parts()
            .filter(|(part, item)| parts.contains(part) && takes_place(item))
            .collect();
        let recipients = news
            .iter()
            .flat_map(|(_, item)| &item.attendees)
            .filter(|a| notify_declined || a.response != Response::Declined)
            .filter(|a| known.insert(a.address.key()))
            .map(|a| a.address.clone())
            .collect();
        Self {
            message,
            organizer: organizer.clone(),
            meeting: meeting.id.clone(),
            version: meeting.version.clone(),
            parts: news.into_iter().map(|(part, _)| part).collect(),
            subject: meeting.item.subject.clone(),
            recipients,
        }
    }
}

/// Why a notice did not go out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// Too much was sent, or the route is out of reach for a while. We wait; it is not
    /// counted as a try.
    #[error("the mail route asks to come back later")]
    Throttled {
        /// How long to wait, when it says.
        retry_after: Option<TimeDelta>,
    },
    /// The message is refused. Sending it again would not help.
    #[error("the mail route refuses the message")]
    Refused,
    /// Anything else; sending again later may help.
    #[error("the mail route failed")]
    Other(#[source] Cause),
}

impl MailError {
    /// Anything else that went wrong.
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(error))
    }
}

impl<M: Mail> Mail for &M {
    async fn send(&self, notice: &Notice) -> Result<(), MailError> {
        (**self).send(notice).await
    }
}
