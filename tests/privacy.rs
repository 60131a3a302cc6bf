//! What is private is never printed: `Debug` of everything that holds a body, an address, a
//! name, a link or a passcode, and every error text, are read and searched.
//!
//! All that is private here holds the letters of [`SIGN`], and phone numbers [`NUMBER`].

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::error::Error;
use std::fmt::Debug;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::block::{self, Options, Template};
use meeting_migration::calendar::{Calendar, CalendarError, Notifies, PageToken};
use meeting_migration::change::{Account, Change};
use meeting_migration::coordinates::{Dial, PhoneNumber};
use meeting_migration::engine::{Migration, Order, Step};
use meeting_migration::job::CorrelationId;
use meeting_migration::mail::{Mail, MailError};
use meeting_migration::meeting::{
    Address, Attendee, ChangedOccurrence, Item, Meeting, Record, Schedule, Series, Slot, UserId,
};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore};
use meeting_migration::provider::Provider;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::service::Observed;
use meeting_migration::store::{StatusQuery, Store, StoreError};
use meeting_migration::trigger::MigrationKind;
use meeting_migration::{Body, Coordinates, Link, Private, Service, ical};

/// In every private text.
const SIGN: &str = "zqzq";

/// In every private phone number.
const NUMBER: &str = "5550173";

/// Fails when `printed` shows anything private, as text or as a list of bytes.
#[track_caller]
fn is_quiet(printed: &str) {
    let digits: String = printed.chars().filter(char::is_ascii_digit).collect();
    assert!(!printed.to_lowercase().contains(SIGN), "{printed}");
    assert!(!printed.contains("122, 113, 122, 113"), "a list of bytes: {printed}");
    assert!(!digits.contains(NUMBER), "{printed}");
}

#[track_caller]
fn debug_is_quiet(value: &impl Debug) {
    is_quiet(&format!("{value:?}"));
    is_quiet(&format!("{value:#?}").replace(['\n', ' '], "").replace(',', ", "));
}

/// What our own errors say, `Display` and `Debug`. An error of the caller's own, in
/// `source`, says what the caller wrote into it.
#[track_caller]
fn error_is_quiet(error: &dyn Error) {
    is_quiet(&error.to_string());
    debug_is_quiet(&error);
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a memory implementation waits for something"),
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn ann() -> UserId {
    "ann-zqzq@contoso.example".into()
}

fn old_link() -> String {
    "https://teams.microsoft.com/meet/2345?p=zqzqOld".into()
}

fn item() -> Item {
    let link = old_link();
    let fence = "_".repeat(80);
    let text = format!("Agenda zqzq\n{fence}\nJoin<{link}>\nPasscode: zqzq\n{fence}\nzqzq");
    let html = format!("<p>zqzq {fence}</p><p><a href=\"{link}\">Join</a></p><p>{fence}</p>");
    let mut item = Item::new(
        "Subject zqzq",
        [Body::text(text.clone()), Body::html_bytes(html, Some("utf-8")), Body::text(text)],
    );
    item.location = "Room zqzq".into();
    item.record = Some(Record::new(Provider::TEAMS, link));
    let mut bob = Attendee::new("bob-zqzq@fabrikam.example");
    bob.name = "Bob Zqzq".into();
    item.attendees = vec![bob];
    item
}

fn meeting() -> Meeting {
    let slot = |days| {
        let start = now() + TimeDelta::days(days);
        Slot::new(start, start + TimeDelta::hours(1))
    };
    let series = Series::new(slot(1), [slot(1), slot(8)], None);
    let mut meeting = Meeting::new("m1", "v1", Schedule::Series(series), item());
    meeting.organizer = Some(Address::from("ann-zqzq@contoso.example"));
    meeting.changed.push(ChangedOccurrence::new("20261201", slot(8), item()));
    meeting
}

fn coordinates() -> Coordinates {
    serde_json::from_str(
        r##"{"provider": "teams", "join_url": "https://teams.microsoft.com/meet/6789?p=zqzqNew",
            "meeting_id": "234 zqzq", "passcode": "zqzq", "conference_id": "123 zqzq#",
            "numbers": [{"number": "+1 555 0173", "country": "United States"}],
            "local_numbers_url": "https://contoso.example/zqzq",
            "reset_pin_url": "https://contoso.example/zqzq",
            "meeting_options_url": "https://contoso.example/zqzq",
            "help_url": "https://contoso.example/zqzq",
            "video": {"address": "zqzq@m.contoso.example", "id": "zqzq"},
            "branding": {"logo_url": "https://contoso.example/zqzq", "footer": "zqzq"}}"##,
    )
    .unwrap()
}

fn tenant(calendar: MemoryCalendar) -> MemoryService {
    calendar.insert(&ann(), meeting());
    let provision = MemoryProvision::always(coordinates());
    Service::new(calendar, MemoryMail::new(), provision, MemoryStore::new())
}

type MemoryService = Service<MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore>;

/// Everything that passes between engine and world, and the engine itself between any two
/// steps.
#[test]
fn nothing_that_a_run_holds_is_printed() {
    let service = tenant(MemoryCalendar::new());
    let provision = MemoryProvision::always(coordinates());
    let order = Order::new(ann(), CorrelationId::from("c1"), MigrationKind::ToSameType);
    debug_is_quiet(&order);
    let mut migration = Migration::new(order);
    let mut steps = Vec::new();
    loop {
        let step = migration.step(now());
        debug_is_quiet(&step);
        debug_is_quiet(&migration);
        steps.push(format!("{step:?}").split(['(', ' ']).next().unwrap().to_owned());
        match step {
            Step::Recall(page) => {
                let lines =
                    block_on(service.store().journal(migration.correlation(), page.as_ref()));
                migration.recalled(lines.unwrap());
            }
            Step::List { from, page } => {
                let page = block_on(service.calendar().list(&ann(), from, page.as_ref()));
                debug_is_quiet(&page);
                migration.listed(page);
            }
            Step::Read(id) => migration.read(block_on(service.calendar().read(&ann(), &id))),
            Step::Provision(request) => {
                migration.provisioned(block_on(provision.coordinates(&request)));
            }
            Step::Compare(id) => {
                let earlier =
                    block_on(service.store().last_written(&ann(), &id, migration.correlation()))
                        .unwrap();
                migration.compared(earlier);
            }
            Step::Journal(entry) => {
                assert!(serde_json::to_string(&entry).unwrap().contains("m1"));
                block_on(service.store().append(&entry)).unwrap();
                migration.journaled();
            }
            Step::Update(edit) => {
                assert!(serde_json::to_string(&edit).unwrap().contains(SIGN), "nothing to hide");
                migration.updated(block_on(service.calendar().update(&ann(), &edit)));
            }
            Step::Notify(notice) => {
                assert!(serde_json::to_string(&notice).unwrap().contains(SIGN));
                migration.notified(block_on(service.mail().send(&notice)));
            }
            Step::Wait(until) => panic!("nothing asks to wait until {until}"),
            Step::Done(report) => {
                assert!(report.is_success(), "{report:?}");
                is_quiet(&report.last_message());
                for meeting in &report.meetings {
                    is_quiet(&meeting.outcome.to_string());
                    meeting.warnings.iter().for_each(|warning| is_quiet(&warning.to_string()));
                    let bodies = meeting.parts.iter().flat_map(|part| &part.bodies);
                    bodies.for_each(|body| is_quiet(&body.to_string()));
                }
                break;
            }
        }
    }
    for kind in ["Recall", "List", "Provision", "Journal", "Update", "Notify", "Done"] {
        assert!(steps.iter().any(|step| step == kind), "the run had no {kind}: {steps:?}");
    }
    debug_is_quiet(&service);
}

#[test]
fn nothing_that_an_admin_asks_for_is_printed() {
    let service = tenant(MemoryCalendar::new());
    let plan = block_on(service.preview(&ann(), MigrationKind::ToSameType, &now)).unwrap();
    assert!(serde_json::to_string(&plan).unwrap().contains(SIGN) && !plan.is_settled());
    debug_is_quiet(&plan);

    let (change, account) = (Change::LicenseAssigned, Account::default());
    let observed = block_on(service.observe(&change, &ann(), &account, now())).unwrap();
    debug_is_quiet(&observed);
    let Observed::Run(queued) = observed else { panic!("{observed:?}") };
    let later = now() + service.policy().hold();
    debug_is_quiet(&block_on(service.run_due(&|| later)).unwrap());
    let all = StatusQuery::all().with_user(ann());
    debug_is_quiet(&all);
    debug_is_quiet(&block_on(service.status(&all)).unwrap());
    let job = block_on(service.store().job(queued.correlation())).unwrap().unwrap();
    assert!(serde_json::to_string(&job).unwrap().contains(SIGN));
    debug_is_quiet(&job);
    debug_is_quiet(&block_on(service.report(queued.correlation())).unwrap());
    debug_is_quiet(&block_on(service.history(queued.correlation(), &"m1".into())).unwrap());
    debug_is_quiet(&block_on(service.undo(queued.correlation(), &|| later)).unwrap());
    debug_is_quiet(&block_on(service.set_tenant(Default::default(), &ann(), now())));
    debug_is_quiet(&block_on(service.settings()).unwrap());
    debug_is_quiet(&service);
}

/// A route and a maker that fail, and quote what they were asked.
struct Talkative;

impl Mail for Talkative {
    async fn send(&self, _: &meeting_migration::mail::Notice) -> Result<(), MailError> {
        Err(MailError::other("bob-zqzq@fabrikam.example is unknown"))
    }
}

impl Provision for Talkative {
    async fn coordinates(&self, _: &Request) -> Result<Coordinates, ProvisionError> {
        Err(ProvisionError::other("no licence for ann-zqzq@contoso.example"))
    }
}

#[test]
fn what_a_failing_server_says_stays_out_of_status_and_report() {
    let calendar = || {
        let calendar = MemoryCalendar::new().with_notifies(Notifies::Nobody);
        calendar.insert(&ann(), meeting());
        calendar
    };
    let always = MemoryProvision::always(coordinates());
    let told = Service::new(calendar(), Talkative, always, MemoryStore::new());
    says_nothing(&told, "the mail route failed");
    let made = Service::new(calendar(), MemoryMail::new(), Talkative, MemoryStore::new());
    says_nothing(&made, "no new meeting details could be had");
}

fn says_nothing<M: Mail, P: Provision>(
    service: &Service<MemoryCalendar, M, P, MemoryStore>,
    reason: &str,
) {
    let change = Change::LicenseAssigned;
    block_on(service.observe(&change, &ann(), &Account::default(), now())).unwrap();
    let later = now() + service.policy().hold();
    let ran = block_on(service.run_due(&|| later)).unwrap();
    assert!(ran[0].status.last_message.contains(reason), "{:?}", ran[0].status);
    is_quiet(&ran[0].status.last_message);
    debug_is_quiet(&ran);
    let report = serde_json::to_string(&ran[0].report).unwrap();
    assert!(!report.contains("unknown") && !report.contains("licence"), "{report}");
}

#[test]
fn values_and_what_is_found_in_them_are_not_printed() {
    debug_is_quiet(&Private::from("zqzq"));
    debug_is_quiet(&ann());
    debug_is_quiet(&PageToken::from("zqzq"));
    debug_is_quiet(&coordinates());
    debug_is_quiet(&PhoneNumber::new(Dial::new("+1 555 0173").unwrap(), Default::default()));
    debug_is_quiet(&Template::new("<a href=\"{{join_url}}\">zqzq</a>", "{{join_url}} zqzq"));
    let item = item();
    for body in &item.bodies {
        debug_is_quiet(body);
        debug_is_quiet(&block::locate(body, item.record.as_ref(), &Options::new()));
        let done = block::rewrite(body, item.record.as_ref(), &coordinates(), &Options::new());
        debug_is_quiet(&done);
    }
    debug_is_quiet(&meeting());
}

#[test]
fn errors_name_the_key_and_never_the_value() {
    for link in ["http://zqzq.example", "https://zqzq.example/ a", "https://zqzq@contoso.example"] {
        error_is_quiet(&Link::new(link).unwrap_err());
    }
    error_is_quiet(&Dial::new("zqzq").unwrap_err());
    error_is_quiet(&Dial::new("+1 555 0173 555 0173 555 0173").unwrap_err());
    for json in [
        r#"{"provider": "teams", "join_url": "http://zqzq.example"}"#,
        r#"{"provider": "teams", "join_url": "https://a.example", "numbers": [{"number": "zqzq"}]}"#,
    ] {
        error_is_quiet(&serde_json::from_str::<Coordinates>(json).unwrap_err());
    }
    error_is_quiet(&serde_json::from_str::<Body>(r#"{"format": "text"}"#).unwrap_err());
    error_is_quiet(
        &serde_json::from_str::<Body>(r#"{"format": "text", "bytes": "zqzq\u1234"}"#).unwrap_err(),
    );
    for html in ["zqzq", "<p>{{zqzq}}", "<script>zqzq</script>{{join_url}}", "<a href=zqzq>"] {
        error_is_quiet(&Template::new(html, "{{join_url}}").unwrap_err());
    }
    error_is_quiet(&CalendarError::other("zqzq"));
    error_is_quiet(&MailError::other("zqzq"));
    error_is_quiet(&ProvisionError::other("zqzq"));
    error_is_quiet(&StoreError::other("zqzq"));
}

#[test]
fn calendars_are_not_printed() {
    let link = old_link();
    let good = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTART:20261201T090000Z\r\nSUMMARY:zqzq\r\n\
         ORGANIZER;CN=zqzq:mailto:ann-zqzq@contoso.example\r\n\
         ATTENDEE;CN=zqzq:mailto:bob-zqzq@fabrikam.example\r\nDESCRIPTION:zqzq {link}\r\n\
         X-MICROSOFT-SKYPETEAMSMEETINGURL:{link}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let document = ical::Document::parse(good.clone()).unwrap();
    debug_is_quiet(&document);
    document.properties().for_each(|property| debug_is_quiet(&property));
    let reader = ical::Reader::new(now()).with_user("ann-zqzq@contoso.example");
    debug_is_quiet(&reader);
    let reading = reader.read(&document);
    assert_eq!(reading.meetings.len(), 1);
    debug_is_quiet(&reading);
    let options = Options::new();
    let rewritten = ical::rewrite(good.as_bytes(), None, &coordinates(), &options).unwrap();
    debug_is_quiet(&rewritten);
    debug_is_quiet(&rewritten.bodies);

    let mailbox = ical::Mailbox::new("zqzq", "zqzq@contoso.example");
    debug_is_quiet(&mailbox);
    let calendar =
        document.request(&"m1".into(), &[meeting_migration::meeting::Part::Main]).unwrap();
    let message = ical::Message::new(mailbox, "zqzq", "m1@contoso.example", now(), calendar)
        .with_text("zqzq")
        .with_html("zqzq");
    debug_is_quiet(&message);
    error_is_quiet(&message.to_bytes().unwrap_err());
    let wrong =
        message.with_recipient(ical::Mailbox::new("zq\r\nBcc: zqzq", "zqzq@fabrikam.example"));
    error_is_quiet(&wrong.to_bytes().unwrap_err());

    error_is_quiet(&ical::Reader::new(now()).with_zone("zqzq").unwrap_err());
    for bad in ["zqzq", "BEGIN:VCALENDAR\r\nSUMMARY:zqzq", "BEGIN:VCALENDAR\r\nEND:ZQZQ\r\n"] {
        error_is_quiet(&ical::Document::parse(bad).unwrap_err());
    }
    for line in ["DTSTART:zqzq", "DTSTART;TZID=zqzq:20261201T090000", "RRULE:FREQ=zqzq"] {
        let bad = good.replacen("DTSTART:20261201T090000Z", line, 1);
        let bad = match line.starts_with("RRULE") {
            true => good.replacen("UID:m1", &format!("UID:m1\r\n{line}"), 1),
            false => bad,
        };
        let reading = reader.read(&ical::Document::parse(bad).unwrap());
        assert_eq!(reading.problems.len(), 1, "{line}");
        reading.problems.iter().for_each(|problem| error_is_quiet(problem));
        debug_is_quiet(&reading);
    }
}

/// Public types that derive `Debug` and hold plain text, and why that may be printed. A
/// new one belongs into `Private`, or here.
const PRINTED: &[(&str, &str)] = &[
    ("$", "ids and versions: the calendar is asked to keep people out of them"),
    ("BodyReport", "the event's id, names of properties, and reasons in our own words"),
    ("CorrelationId", "a digest"),
    ("Finding", "what was seen, in our own words, and the error of the implementation in its own"),
    ("Frame", "rows that the organisation draws around its blocks"),
    ("Job", "the message is in our own words"),
    ("MarksError", "the place in the organisation's settings"),
    ("MessageId", "a digest"),
    ("PhoneNumber", "country and city, as the tenant publishes them"),
    ("ProductMarks", "hosts and labels of the organisation's own, out of its settings"),
    ("Status", "the message is in our own words"),
    ("UnknownLanguage", "the tag that the caller misspelt"),
];

#[test]
fn public_types_keep_text_in_private() {
    let mut found: Vec<_> = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .iter()
        .flat_map(|source| derived_with_text(source))
        .collect();
    found.sort();
    found.dedup();
    let listed: Vec<_> = PRINTED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, listed, "types that derive Debug with plain text in them");
}

fn sources(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    all
}

/// The names of `pub` types in a source that derive `Debug` and have a field of plain text.
fn derived_with_text(source: &str) -> Vec<String> {
    let mut lines = source.lines().map(str::trim);
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if !(line.starts_with("#[derive(") && line.contains("Debug")) {
            continue;
        }
        let mut head = lines.by_ref().skip_while(|l| l.starts_with(['#', '/']));
        let Some(head) = head.next() else { break };
        let Some(rest) = ["pub struct ", "pub enum "].iter().find_map(|k| head.strip_prefix(k))
        else {
            continue;
        };
        let name = rest.split(|c: char| !(c.is_alphanumeric() || c == '$')).next().unwrap();
        let name = if name.starts_with('$') { "$" } else { name };
        let mut fields = vec![head];
        if head.ends_with('{') {
            // The item ends where a brace closes at the margin that it began at.
            fields.extend(lines.by_ref().take_while(|l| *l != "}"));
        }
        let is_text = |field: &str| {
            !field.starts_with(['#', '/'])
                && !field.contains("&'static")
                && !field.contains("fn(")
                && ["String", "Vec<u8>", "[u8]", "&'a str", "Cow<"]
                    .iter()
                    .any(|t| field.contains(t))
        };
        if fields.iter().any(|field| is_text(field)) {
            found.push(name.to_owned());
        }
    }
    found
}
