//! Mail as files: one `.eml` per notice, an invitation update for calendar programs with
//! the new text for people (iMIP, RFC 6047).

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use meeting_migration::Meeting;
use meeting_migration::block::excerpt;
use meeting_migration::body::Format;
use meeting_migration::ical::{Mailbox, Message};
use meeting_migration::mail::{Mail, MailError, Notice};
use meeting_migration::meeting::{Item, MeetingId, UserId};

use crate::folder::FolderCalendar;
use crate::output;

pub(crate) struct Outbox<'a> {
    folder: PathBuf,
    calendar: &'a FolderCalendar,
    names: BTreeMap<&'a UserId, &'a str>,
    now: DateTime<Utc>,
    sent: Mutex<BTreeMap<String, Sent>>,
}

/// A message that went out.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) organizer: UserId,
    pub(crate) meeting: MeetingId,
    /// How many addresses it could not go to.
    pub(crate) left_out: usize,
}

impl<'a> Outbox<'a> {
    pub(crate) fn new(
        folder: PathBuf,
        calendar: &'a FolderCalendar,
        names: BTreeMap<&'a UserId, &'a str>,
        now: DateTime<Utc>,
    ) -> Self {
        Self { folder, calendar, names, now, sent: Mutex::new(BTreeMap::new()) }
    }

    /// What went out, by message id.
    pub(crate) fn sent(&self) -> BTreeMap<String, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What stands in for a text when a meeting only has HTML.
const NO_TEXT: &str = "How to join this meeting has changed. The invitation in this message shows \
                       the new details.\n";

impl Mail for Outbox<'_> {
    async fn send(&self, notice: &Notice) -> Result<(), MailError> {
        let gone = || MailError::other("the calendar no longer has the meeting");
        let meeting = self.calendar.meeting(&notice.organizer, &notice.meeting).ok_or_else(gone)?;
        let request = self.calendar.request(notice).ok_or_else(gone)?;

        let address = notice.organizer.as_str();
        let domain = address.rsplit('@').next().unwrap_or(address);
        let name = self.names.get(&notice.organizer).copied().unwrap_or_default();
        let mut message = Message::new(
            Mailbox::new(name, address),
            notice.subject.split(char::is_control).collect::<Vec<_>>().join(" "),
            format!("{}@{domain}", notice.message.as_str()),
            self.now,
            request,
        );
        let mut parts = meeting.parts();
        let (_, item) = parts.find(|(p, _)| notice.parts.first() == Some(p)).ok_or_else(gone)?;
        message = message.with_text(body(item, Format::Text).unwrap_or_else(|| NO_TEXT.into()));
        if let Some(html) = body(item, Format::Html) {
            message = message.with_html(html);
        }
        let names = names(&meeting);
        for address in &notice.recipients {
            let name = names.get(&address.key()).copied().unwrap_or_default();
            // The address says enough.
            let name = if name.contains(char::is_control) { "" } else { name };
            message = message.with_recipient(Mailbox::new(name, address.clone()));
        }
        // What is wrong with a message stays wrong.
        let bytes = message.to_bytes().map_err(|_| MailError::Refused)?;
        // The id names the file: sent twice, it is still one message.
        let file = self.folder.join(format!("{}.eml", notice.message.as_str()));
        output::replace(&file, &bytes).map_err(MailError::other)?;
        let sent = Sent {
            organizer: notice.organizer.clone(),
            meeting: notice.meeting.clone(),
            left_out: message.left_out(),
        };
        let mut all = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(notice.message.as_str().to_owned(), sent);
        Ok(())
    }
}

fn body(item: &Item, format: Format) -> Option<String> {
    let body = item.bodies.iter().find(|body| body.format() == format)?;
    let text = excerpt(body, 0..body.as_bytes().len()).ok()?;
    Some(text.into_owned())
}

fn names(meeting: &Meeting) -> HashMap<String, &str> {
    let attendees = meeting.parts().flat_map(|(_, item)| &item.attendees);
    attendees.map(|attendee| (attendee.address.key(), attendee.name.as_str())).collect()
}
