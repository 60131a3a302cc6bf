//! DESIGN §4, 10: no body, address, name, link, passcode in an error, a log line or a
//! `Debug`. This reads everything the run prints.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::error::Error;
use std::fmt::Write as _;

use meeting_migration::Cause;
use meeting_migration::calendar::{CalendarError, PageToken};
use meeting_migration::engine::{Migration, Order, Step};
use meeting_migration::mail::MailError;
use meeting_migration::provision::ProvisionError;
use meeting_migration::service::ServiceError;
use meeting_migration::store::{StatusQuery, Store, StoreError};
use meeting_migration::trigger::MigrationKind;

use meeting_migration::calendar::Calendar as _;
use meeting_migration::mail::Mail as _;
use meeting_migration::provision::Provision as _;
use run_common::{ann, block_on, license, meeting, noon, provision, series, tenant};

const SECRETS: &[&str] = &[
    "genda",
    "See you",
    "Subject m",
    "bob@",
    "carl@",
    "dora@",
    "ann@",
    "contoso",
    "fabrikam",
    "https",
    "meetup-join",
    "/meet/",
    "Ab3dEf6hIj9kLm2nOp",
    "xY12ab",
    "234 567 890 123",
    "+15550100",
    "token-of-a-page",
];

#[test]
fn nothing_that_is_printed_is_private() {
    let service = tenant([meeting("m1"), series("m2")]);
    let mut printed = String::new();

    let order = Order::new(ann(), "job".into(), MigrationKind::ToSameType);
    let mut migration = Migration::new(order);
    loop {
        let step = migration.step(noon());
        writeln!(printed, "{step:?}\n{migration:?}").unwrap();
        match step {
            Step::Recall(page) => migration
                .recalled(block_on(service.store().journal(&"job".into(), page.as_ref())).unwrap()),
            Step::List { from, page } => {
                let listed = block_on(service.calendar().list(&ann(), from, page.as_ref()));
                writeln!(printed, "{listed:?}").unwrap();
                migration.listed(listed);
            }
            Step::Read(id) => migration.read(block_on(service.calendar().read(&ann(), &id))),
            Step::Provision(request) => {
                let coordinates = block_on(provision().coordinates(&request));
                writeln!(printed, "{coordinates:?}").unwrap();
                migration.provisioned(coordinates);
            }
            Step::Compare(id) => {
                let earlier =
                    block_on(service.store().last_written(&ann(), &id, &"job".into())).unwrap();
                migration.compared(earlier);
            }
            Step::Journal(entry) => {
                block_on(service.store().append(&entry)).unwrap();
                migration.journaled();
            }
            Step::Update(edit) => {
                migration.updated(block_on(service.calendar().update(&ann(), &edit)));
            }
            Step::Notify(notice) => migration.notified(block_on(service.mail().send(&notice))),
            Step::Wait(_) | Step::Done(_) => break,
        }
    }

    let service = tenant([meeting("m1"), series("m2")]);
    let kind = MigrationKind::ToSameType;
    let plan = block_on(service.preview(&ann(), kind, &noon)).unwrap();
    let (correlation, due) = license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    let report = ran[0].report.as_ref().unwrap();
    for meeting in &report.meetings {
        writeln!(printed, "{}", meeting.outcome).unwrap();
        for outcome in meeting.parts.iter().flat_map(|part| &part.bodies) {
            writeln!(printed, "{outcome}").unwrap();
        }
        for warning in &meeting.warnings {
            writeln!(printed, "{warning}").unwrap();
        }
    }
    let undone = block_on(service.undo(&correlation, &|| due)).unwrap();
    let history = block_on(service.history(&correlation, &"m1".into())).unwrap();
    let job = block_on(service.store().job(&correlation)).unwrap();
    let status = block_on(service.status(&StatusQuery::all().with_user(ann()))).unwrap();
    writeln!(printed, "{service:?} {:?}", StatusQuery::all().with_user(ann())).unwrap();
    writeln!(printed, "{plan:?} {ran:?} {undone:?} {history:?} {job:?} {status:?}").unwrap();
    writeln!(printed, "{:?} {:?}", service.mail().sent(), PageToken::from("token-of-a-page"))
        .unwrap();

    let told = || "550 <bob@fabrikam.example> unknown: Agenda at https://…".to_owned();
    let errors: [Box<dyn Error>; 7] = [
        Box::new(CalendarError::other(told())),
        Box::new(CalendarError::Denied),
        Box::new(MailError::other(told())),
        Box::new(ProvisionError::other(told())),
        Box::new(StoreError::other(told())),
        Box::new(ServiceError::from(StoreError::other(told()))),
        Box::new(ServiceError::NotEnded),
    ];
    for error in errors {
        writeln!(printed, "{error} {error:?}").unwrap();
    }
    writeln!(printed, "{:?}", Cause::new(told())).unwrap();

    assert!(printed.len() > 10_000, "the test reads something");
    for secret in SECRETS {
        let at = printed.find(secret);
        let shown = at.and_then(|at| printed.get(at.saturating_sub(80)..at + 40));
        assert_eq!(shown, None, "`{secret}` is printed");
    }
}

/// What the caller's own error says stays reachable, for whoever wants to log it.
#[test]
fn a_cause_stays_in_the_chain() {
    let error = CalendarError::other("HTTP 503");
    assert_eq!(error.to_string(), "the calendar failed");
    assert_eq!(error.source().unwrap().to_string(), "HTTP 503");
}
