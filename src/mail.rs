//! The mail route, as the caller implements it.
//!
//! In: a [`Notice`]. Out: accepted, or why not. Never: the message itself; what it looks
//! like (iMIP, a plain letter) is the implementor's, who also knows the calendar.

use std::collections::HashMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::digest::Digest;
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
/// - One notice per recipient, meeting and job, however many parts were rewritten, and only
///   after the calendar has stored them. Recipients who are invited to other parts get
///   notices of their own, one by one, each with its own id. After a crash between sending
///   and noting that, a notice comes once more, with the same id.
/// - At least one recipient, each address once, never the organiser.
///
/// The route sends of a meeting what [`Notice::invited`] names and nothing else: who is
/// invited to one occurrence has never seen the series.
pub trait Mail: Send + Sync {
    /// Sends one notice.
    fn send(&self, notice: &Notice) -> impl Future<Output = Result<(), MailError>> + Send;
}

/// Names one message: the same for the same job, meeting and parts, however often it is built.
///
/// Letters, digits and dashes: the left side of a `Message-ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// The id of the notice that shows these parts to some of those who are told.
    fn of_some(&self, parts: &[Part], invited: &[Part]) -> Self {
        let key = |part: &Part| match part {
            Part::Main => String::from("main"),
            Part::Occurrence(id) => format!("occurrence {}", id.as_str()),
        };
        let digest = parts.iter().fold(Digest::new(), |d, part| d.with(key(part).as_bytes()));
        let digest = invited.iter().fold(digest.with(b""), |d, part| d.with(key(part).as_bytes()));
        Self(format!("{}-{:032x}", self.0, digest.value()))
    }

    /// The id, without angle brackets and without a domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Into<String>> From<S> for MessageId {
    fn from(id: S) -> Self {
        Self(id.into())
    }
}

/// The update that attendees of one meeting receive who are invited to the same parts.
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
    /// The parts whose text changed and to which every recipient is invited, in the order
    /// of the meeting.
    pub parts: Vec<Part>,
    /// All that the recipients may be shown: these parts, and with the series itself every
    /// changed occurrence of it that they are invited to, for an update of a series stands
    /// for the whole.
    pub invited: Vec<Part>,
    /// The subject of the first of the parts.
    pub subject: Private,
    /// Who gets it, each address once, without the organiser, rooms and devices included.
    pub recipients: Vec<Address>,
}

impl Notice {
    /// A notice about a meeting that is one part, as a mail route's own tests need it.
    /// Version and subject are empty.
    pub fn new(
        message: impl Into<MessageId>,
        organizer: impl Into<UserId>,
        meeting: impl Into<MeetingId>,
        recipients: impl IntoIterator<Item = impl Into<Address>>,
    ) -> Self {
        Self {
            message: message.into(),
            organizer: organizer.into(),
            meeting: meeting.into(),
            version: Version::from(""),
            parts: vec![Part::Main],
            invited: vec![Part::Main],
            subject: Private::default(),
            recipients: recipients.into_iter().map(Into::into).collect(),
        }
    }

    /// The notices about `parts` of a meeting: those who are invited to the same of them
    /// get one together. What was cancelled since is no news, nor what is gone. `message` names the notice that shows all there is; the ids of
    /// others begin with it.
    pub(crate) fn all(
        message: &MessageId,
        organizer: &UserId,
        meeting: &Meeting,
        parts: &[Part],
        notify_declined: bool,
    ) -> Vec<Self> {
        let all: Vec<(Part, &Item)> = meeting.parts().collect();
        let changed: Vec<bool> = all.iter().map(|(part, _)| parts.contains(part)).collect();
        let everything = Shown::of(&changed, &vec![true; all.len()]);
        let is_cancelled = |item: &Item| {
            item.status == Status::Cancelled || meeting.item.status == Status::Cancelled
        };
        let news = all.iter().zip(&changed).map(|((_, item), is)| *is && !is_cancelled(item));
        let news: Vec<bool> = news.collect();
        let mut letters: Vec<(Shown, Vec<Address>)> = Vec::new();
        let mut known: HashMap<Shown, usize> = HashMap::new();
        for guest in guests(&all, organizer, meeting.organizer.as_ref(), notify_declined) {
            let told: Vec<_> = guest.told.iter().zip(&news).map(|(a, b)| *a && *b).collect();
            if !told.contains(&true) {
                continue;
            }
            let shown = Shown::of(&told, &guest.invited);
            let at = *known.entry(shown.clone()).or_insert_with(|| {
                letters.push((shown, Vec::new()));
                letters.len() - 1
            });
            if let Some((_, to)) = letters.get_mut(at) {
                to.push(guest.address.clone());
            }
        }
        let named = |shown: &[bool]| -> Vec<Part> {
            all.iter()
                .zip(shown)
                .filter(|(_, shown)| **shown)
                .map(|((p, _), _)| p.clone())
                .collect()
        };
        let notice = |(shown, recipients): (Shown, Vec<Address>)| {
            let (parts, invited) = (named(&shown.parts), named(&shown.invited));
            let first = all.iter().zip(&shown.parts).find(|(_, shown)| **shown);
            let subject = first.map_or(&meeting.item.subject, |((_, item), _)| &item.subject);
            Self {
                message: match shown == everything {
                    true => message.clone(),
                    false => message.of_some(&parts, &invited),
                },
                organizer: organizer.clone(),
                meeting: meeting.id.clone(),
                version: meeting.version.clone(),
                subject: subject.clone(),
                parts,
                invited,
                recipients,
            }
        };
        letters.into_iter().map(notice).collect()
    }
}

/// Which parts of a meeting a notice is about, and which it shows.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Shown {
    parts: Vec<bool>,
    invited: Vec<bool>,
}

impl Shown {
    fn of(told: &[bool], invited: &[bool]) -> Self {
        // The series comes first. Without it an occurrence stands for itself alone.
        let invited = if told.first() == Some(&true) { invited } else { told };
        Self { parts: told.to_vec(), invited: invited.to_vec() }
    }
}

/// Somebody who is invited, and to which parts.
struct Guest<'m> {
    address: &'m Address,
    invited: Vec<bool>,
    /// Without the parts that they declined, where that counts.
    told: Vec<bool>,
}

/// Everybody who is invited to any part, but the organiser, in the order of the meeting.
fn guests<'m>(
    parts: &[(Part, &'m Item)],
    organizer: &UserId,
    address: Option<&Address>,
    notify_declined: bool,
) -> Vec<Guest<'m>> {
    let mut guests: Vec<Guest<'m>> = Vec::new();
    let organizers = [Some(Address::from(organizer.as_str()).key()), address.map(Address::key)];
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, (_, item)) in parts.iter().enumerate() {
        for attendee in &item.attendees {
            let key = attendee.address.key();
            if organizers.iter().flatten().any(|organizer| *organizer == key) {
                continue;
            }
            let place = *known.entry(key).or_insert_with(|| {
                let none = vec![false; parts.len()];
                let address = &attendee.address;
                guests.push(Guest { address, invited: none.clone(), told: none });
                guests.len() - 1
            });
            let Some(guest) = guests.get_mut(place) else { continue };
            let told = notify_declined || attendee.response != Response::Declined;
            for (row, says) in [(&mut guest.invited, true), (&mut guest.told, told)] {
                if let Some(says_already) = row.get_mut(at) {
                    *says_already |= says;
                }
            }
        }
    }
    guests
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
