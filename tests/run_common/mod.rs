//! What the tests of the run share: people, meetings, a tenant in memory, a way to run
//! futures that never wait.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod faults;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::change::{Account, Change};
use meeting_migration::job::CorrelationId;
use meeting_migration::meeting::{
    Attendee, ChangedOccurrence, Item, Meeting, Record, Response, Schedule, Series, Slot, UserId,
};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore};
use meeting_migration::provider::Provider;
use meeting_migration::service::Observed;
use meeting_migration::{Body, Coordinates, Link, Service};

pub(crate) type Memory = Service<MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore>;

/// Runs a future to its end. Memory implementations never wait, so one poll is enough.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a memory implementation waits for something"),
    }
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) fn in_days(days: i64) -> Slot {
    let start = noon() + TimeDelta::days(days);
    Slot::new(start, start + TimeDelta::hours(1))
}

pub(crate) fn ann() -> UserId {
    "ann@contoso.example".into()
}

pub(crate) fn old_link(id: &str) -> String {
    format!(
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_MTAxMTdmODktOTlmNC00MzU5LTljM2Yt\
         {id:A<20}%40thread.v2/0?context=%7b%22Tid%22%3a%22ff477c55-2d00-4c7e-92d9-cb4cdcf25e66\
         %22%2c%22Oid%22%3a%227a809b96-d64a-4ad2-951c-8fb68faf4549%22%7d"
    )
}

pub(crate) fn new_link(id: &str) -> String {
    let number: u64 = id.bytes().fold(0, |number, byte| number * 256 + u64::from(byte));
    format!("https://teams.microsoft.com/meet/{number:013}?p=Ab3dEf6hIj9kLm2nOp")
}

/// A block as the Teams service wrote it into text bodies.
pub(crate) fn block(link: &str) -> String {
    let fence = "_".repeat(80);
    [
        fence.as_str(),
        "Microsoft Teams meeting",
        "Join on your computer, mobile app or room device",
        &format!("Click here to join the meeting<{link}>"),
        "Meeting ID: 234 567 890 123",
        "Passcode: xY12ab",
        "Download Teams<https://www.microsoft.com/en-us/microsoft-teams/download-app> | Join on \
         the web<https://www.microsoft.com/microsoft-teams/join-a-meeting>",
        "Learn More<https://aka.ms/JoinTeamsMeeting> | Meeting \
         options<https://teams.microsoft.com/meetingOptions/?organizerId=1&language=en-US>",
        fence.as_str(),
    ]
    .join("\r\n")
}

pub(crate) fn text(agenda: &str, link: &str) -> Body {
    Body::text(format!("{agenda}\r\n\r\n{}\r\n\r\nSee you!\r\n", block(link)))
}

/// An entry with Ann's block, and Bob and Carl invited; Carl declined.
pub(crate) fn item(id: &str) -> Item {
    let link = old_link(id);
    let mut item = Item::new(format!("Subject {id}"), [text(&format!("Agenda of {id}"), &link)]);
    item.record = Some(Record::new(Provider::TEAMS, link));
    let mut carl = Attendee::new("carl@fabrikam.example");
    carl.response = Response::Declined;
    item.attendees =
        vec![Attendee::new("Ann@contoso.example"), Attendee::new("bob@fabrikam.example"), carl];
    item
}

pub(crate) fn meeting(id: &str) -> Meeting {
    Meeting::new(id, "v0", Schedule::Once(in_days(3)), item(id))
}

/// A series whose second occurrence was moved and has a guest and an agenda of its own.
pub(crate) fn series(id: &str) -> Meeting {
    let series = Series::new(in_days(-7), [in_days(7), in_days(14)], None);
    let mut meeting = Meeting::new(id, "v0", Schedule::Series(series), item(id));
    let mut moved = item(id);
    moved.bodies = vec![text("Another agenda", &old_link(id))];
    moved.attendees.push(Attendee::new("dora@fabrikam.example"));
    meeting.changed.push(ChangedOccurrence::new("20261201", in_days(8), moved));
    meeting
}

pub(crate) fn provision() -> MemoryProvision {
    MemoryProvision::new(|request| {
        let link = Link::new(new_link(request.meeting.as_str())).unwrap();
        Coordinates::new(Provider::TEAMS, link)
    })
}

pub(crate) fn tenant(meetings: impl IntoIterator<Item = Meeting>) -> Memory {
    let calendar = MemoryCalendar::new().with_page_size(2);
    for meeting in meetings {
        calendar.insert(&ann(), meeting);
    }
    Service::new(calendar, MemoryMail::new(), provision(), MemoryStore::new())
}

/// Queues a job for Ann and gives its id and the time at which it is due.
pub(crate) fn license<C, M, P, S>(service: &Service<C, M, P, S>) -> (CorrelationId, DateTime<Utc>)
where
    C: meeting_migration::calendar::Calendar,
    M: meeting_migration::mail::Mail,
    P: meeting_migration::provision::Provision,
    S: meeting_migration::store::Store,
{
    let change = Change::LicenseAssigned;
    let observed = block_on(service.observe(&change, &ann(), &Account::default(), noon())).unwrap();
    let Observed::Run(queued) = observed else { panic!("{observed:?}") };
    (queued.correlation().clone(), noon() + service.policy().hold())
}

/// What the engine asks of a provisioner for one of these meetings.
pub(crate) fn request(id: &str) -> meeting_migration::provision::Request {
    use meeting_migration::engine::{Migration, Order, Step};
    use meeting_migration::trigger::MigrationKind;

    let order = Order::new(ann(), CorrelationId::from("job"), MigrationKind::ToSameType);
    let mut preview = Migration::preview(order);
    preview.step(noon());
    preview.listed(Ok(meeting_migration::calendar::Page::last([meeting(id)])));
    let Step::Provision(request) = preview.step(noon()) else { panic!("no request") };
    request
}
