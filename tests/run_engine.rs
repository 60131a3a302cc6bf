//! The engine alone: a driver of our own, saved and read back between any two steps, and
//! replies that make no sense.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::Coordinates;
use meeting_migration::calendar::{Calendar, CalendarError, Page, PageToken};
use meeting_migration::engine::{Migration, Order, Step};
use meeting_migration::journal::Entry;
use meeting_migration::mail::{Mail, MailError};
use meeting_migration::meeting::{Meeting, Version};
use meeting_migration::provision::{Provision, ProvisionError};
use meeting_migration::report::{Failure, Report};
use meeting_migration::store::Store;
use meeting_migration::trigger::MigrationKind;
use proptest::prelude::*;

use run_common::{Memory, ann, block_on, meeting, noon, provision, series, tenant};

fn order() -> Order {
    Order::new(ann(), "job".into(), MigrationKind::ToSameType)
}

/// Does one step, as the shortest driver would.
fn perform(migration: &mut Migration, step: Step, world: &Memory) {
    match step {
        Step::Recall(page) => {
            migration
                .recalled(block_on(world.store().journal(&"job".into(), page.as_ref())).unwrap());
        }
        Step::List { from, page } => {
            migration.listed(block_on(world.calendar().list(&ann(), from, page.as_ref())));
        }
        Step::Read(id) => migration.read(block_on(world.calendar().read(&ann(), &id))),
        Step::Provision(request) => {
            migration.provisioned(block_on(provision().coordinates(&request)));
        }
        Step::Compare(id) => {
            let earlier = block_on(world.store().last_written(&ann(), &id, &"job".into())).unwrap();
            migration.compared(earlier);
        }
        Step::Journal(entry) => {
            block_on(world.store().append(&entry)).unwrap();
            migration.journaled();
        }
        Step::Update(edit) => migration.updated(block_on(world.calendar().update(&ann(), &edit))),
        Step::Notify(notice) => migration.notified(block_on(world.mail().send(&notice))),
        Step::Wait(until) => panic!("nothing here asks for a wait until {until}"),
        Step::Done(_) => {}
    }
}

fn saved(migration: &Migration) -> String {
    serde_json::to_string(migration).unwrap()
}

fn world() -> Memory {
    tenant([meeting("m1"), series("m2"), meeting("m3")])
}

/// Runs to the end; `cut` says before which steps the migration is saved, dropped and
/// read back. Gives the number of steps.
fn run(world: &Memory, cut: impl Fn(usize) -> bool) -> (Migration, usize) {
    let mut migration = Migration::new(order());
    for n in 0..200 {
        if cut(n) {
            let json = saved(&migration);
            assert!(!json.contains("Agenda of"), "no body in what is saved: {json}");
            migration = serde_json::from_str(&json).unwrap();
        }
        match migration.step(noon()) {
            Step::Done(_) => return (migration, n),
            step => perform(&mut migration, step, world),
        }
    }
    panic!("no end after 200 steps");
}

#[test]
fn saved_and_read_back_between_any_two_steps_it_ends_alike() {
    let reference = world();
    let (undisturbed, steps) = run(&reference, |_| false);
    assert!(steps > 20);
    for cut in 0..=steps {
        let world = world();
        let (migration, _) = run(&world, |n| n == cut);
        assert_eq!(migration, undisturbed, "cut before step {cut}");
        assert_eq!(world.calendar().meetings(&ann()), reference.calendar().meetings(&ann()));
        let notices = world.mail().sent();
        assert!(notices.len() <= reference.mail().sent().len() + 1, "at most one is repeated");
    }
}

/// The driver saved once, at the start, and never again: the journal is enough.
#[test]
fn an_old_copy_ends_alike() {
    let reference = world();
    let (undisturbed, steps) = run(&reference, |_| false);
    for dies in 0..=steps {
        let world = world();
        let mut migration = Migration::new(order());
        for _ in 0..dies {
            let step = migration.step(noon());
            perform(&mut migration, step, &world);
        }
        let (migration, _) = run(&world, |_| false);
        assert_eq!(migration, undisturbed, "died after step {dies}");
        assert_eq!(world.calendar().meetings(&ann()), reference.calendar().meetings(&ann()));
        let notices = world.mail().sent();
        assert!(notices.len() <= reference.mail().sent().len() + 1, "at most one is repeated");
    }
}

#[test]
fn asking_again_gives_the_same_step() {
    let world = world();
    let mut migration = Migration::new(order());
    loop {
        let step = migration.step(noon());
        assert_eq!(step, migration.step(noon()));
        if matches!(step, Step::Done(_)) {
            return;
        }
        perform(&mut migration, step, &world);
    }
}

#[test]
fn the_order_in_which_meetings_are_listed_does_not_change_the_report() {
    let orders = [["m1", "m2", "m3"], ["m3", "m2", "m1"], ["m2", "m3", "m1"]];
    let reports = orders.map(|order_of_ids| {
        let world = world();
        let mut migration = Migration::new(order());
        loop {
            match migration.step(noon()) {
                Step::Done(report) => return report,
                Step::List { .. } => {
                    let read = |id: &str| block_on(world.calendar().read(&ann(), &id.into()));
                    let meetings = order_of_ids.map(|id| read(id).unwrap());
                    migration.listed(Ok(Page::last(meetings)));
                }
                step => perform(&mut migration, step, &world),
            }
        }
    });
    assert_eq!(reports[0].meetings.len(), 3);
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}

/// Drives with pages that are given here; gives the ids in the report, or the failure.
fn list(mut pages: impl FnMut(Option<&str>) -> Result<Page<Meeting>, CalendarError>) -> Report {
    let world = world();
    let mut migration = Migration::new(order());
    for _ in 0..500 {
        match migration.step(noon()) {
            Step::Done(report) => return report,
            Step::List { page, .. } => {
                migration.listed(pages(page.as_ref().map(PageToken::as_str)));
            }
            step => perform(&mut migration, step, &world),
        }
    }
    panic!("no end after 500 steps");
}

#[test]
fn listing_survives_lost_pages_and_repetitions_and_ends() {
    let stored = |id: &str| block_on(world().calendar().read(&ann(), &id.into())).unwrap();
    let page = |ids: &[&str], next: &str| {
        Ok(Page::new(ids.iter().map(|id| stored(id)).collect::<Vec<_>>(), Some(next.into())))
    };
    // The second page is lost once; then everything comes, some of it twice.
    let mut lost = false;
    let report = list(|token| match token {
        None => page(&["m1", "m2"], "2"),
        Some("2") if !lost => {
            lost = true;
            Err(CalendarError::Changed)
        }
        Some("2") => page(&[], "3"),
        _ => Ok(Page::last([stored("m2"), stored("m3")])),
    });
    let ids: Vec<_> = report.meetings.iter().map(|m| m.meeting.as_str()).collect();
    assert_eq!(ids, ["m1", "m2", "m3"]);
    assert!(report.is_success() && lost);

    let report = list(|token| match token {
        None => page(&["m1"], "2"),
        _ => Err(CalendarError::Changed),
    });
    assert_eq!(report.failure, Some(Failure::Conflict), "a page that is lost each time");
    let report = list(|_| page(&["m1"], "2"));
    assert_eq!(report.failure, Some(Failure::CalendarFailed), "a page that follows itself");
    assert!(report.is_worth_a_retry() && report.meetings.len() == 1);
}

#[test]
fn waits_obey_what_the_calendar_asks_for() {
    let mut migration = Migration::new(order());
    migration.step(noon());
    migration.recalled(Page::last([]));
    for seconds in [30, 90] {
        let now = noon() + TimeDelta::days(1);
        assert!(matches!(migration.step(now), Step::List { .. }));
        let retry_after = Some(TimeDelta::seconds(seconds));
        migration.listed(Err(CalendarError::Throttled { retry_after }));
        let until = now + TimeDelta::seconds(seconds);
        assert_eq!(migration.step(now), Step::Wait(until));
        let mut later: Migration = serde_json::from_str(&saved(&migration)).unwrap();
        assert_eq!(later.step(until - TimeDelta::seconds(1)), Step::Wait(until));
        assert!(matches!(migration.step(until), Step::List { .. }));
    }
    let mut now = noon();
    let mut waited = Vec::new();
    for _ in 0..8 {
        migration.step(now);
        migration.listed(Err(CalendarError::Throttled { retry_after: None }));
        let Step::Wait(until) = migration.step(now) else { panic!("no wait") };
        waited.push((until - now).num_seconds());
        now = until;
    }
    assert!(waited.is_sorted() && waited[7] == 960, "{waited:?}");
}

/// Something to answer with, whether it was asked for or not.
#[derive(Clone, Debug)]
enum Reply {
    Recalled(Vec<Entry>, bool),
    Listed(Result<(Vec<Meeting>, bool), u8>),
    Read(Result<Meeting, u8>),
    Provisioned(Result<Coordinates, u8>),
    Journaled,
    Updated(Result<String, u8>),
    Notified(Result<(), u8>),
    TryAgain,
    TryAllAgain,
    WindUp,
    Resume,
    Pass(i64),
}

fn calendar_error(kind: u8) -> CalendarError {
    match kind % 5 {
        0 => CalendarError::Changed,
        1 => CalendarError::NotFound,
        2 => CalendarError::Throttled { retry_after: Some(TimeDelta::MAX) },
        3 => CalendarError::Denied,
        _ => CalendarError::other("no"),
    }
}

fn a_meeting() -> impl Strategy<Value = Meeting> {
    (0..3_u8, any::<bool>(), "v[0-3]").prop_map(|(n, is_series, version)| {
        let id = format!("m{n}");
        let mut meeting = if is_series { series(&id) } else { meeting(&id) };
        meeting.version = Version::from(version);
        meeting
    })
}

fn journal() -> Vec<Entry> {
    let world = world();
    run(&world, |_| false);
    block_on(world.store().journal(&"job".into(), None)).unwrap().items
}

fn reply() -> impl Strategy<Value = Reply> {
    let entries = journal();
    let request = run_common::request("m1");
    let coordinates = block_on(provision().coordinates(&request)).unwrap();
    prop_oneof![
        (prop::sample::subsequence(entries, 0..4), any::<bool>())
            .prop_map(|(entries, more)| Reply::Recalled(entries, more)),
        prop::result::maybe_ok(
            (prop::collection::vec(a_meeting(), 0..3), any::<bool>()),
            any::<u8>()
        )
        .prop_map(Reply::Listed),
        prop::result::maybe_ok(a_meeting(), any::<u8>()).prop_map(Reply::Read),
        prop::result::maybe_ok(Just(coordinates), any::<u8>()).prop_map(Reply::Provisioned),
        Just(Reply::Journaled),
        prop::result::maybe_ok("v[0-3]", any::<u8>()).prop_map(Reply::Updated),
        prop::result::maybe_ok(Just(()), any::<u8>()).prop_map(Reply::Notified),
        Just(Reply::TryAgain),
        Just(Reply::TryAllAgain),
        Just(Reply::WindUp),
        Just(Reply::Resume),
        any::<i64>().prop_map(Reply::Pass),
    ]
}

fn answer(migration: &mut Migration, reply: Reply) {
    let token = |more: bool| more.then(|| PageToken::from("next"));
    match reply {
        Reply::Recalled(entries, more) => migration.recalled(Page::new(entries, token(more))),
        Reply::Listed(answer) => migration.listed(
            answer.map(|(meetings, more)| Page::new(meetings, token(more))).map_err(calendar_error),
        ),
        Reply::Read(answer) => migration.read(answer.map_err(calendar_error)),
        Reply::Provisioned(answer) => {
            migration.provisioned(answer.map_err(|kind| match kind % 3 {
                0 => ProvisionError::Denied,
                1 => ProvisionError::Throttled { retry_after: None },
                _ => ProvisionError::other("no"),
            }))
        }
        Reply::Journaled => migration.journaled(),
        Reply::Updated(answer) => {
            migration.updated(answer.map(Version::from).map_err(calendar_error));
        }
        Reply::Notified(answer) => migration.notified(answer.map_err(|kind| match kind % 3 {
            0 => MailError::Refused,
            1 => MailError::Throttled { retry_after: Some(TimeDelta::MIN) },
            _ => MailError::other("no"),
        })),
        Reply::TryAgain => migration.try_again(),
        Reply::TryAllAgain => migration.try_all_again(),
        Reply::WindUp => migration.wind_up(),
        Reply::Resume => migration.resume(),
        Reply::Pass(_) => {}
    }
}

proptest! {
    /// Replies in any order, asked for or not, neither panic nor lead to an update that no
    /// intent announced, nor to a notice before its update.
    #[test]
    fn replies_in_any_order_do_no_harm(
        preview in any::<bool>(),
        replies in prop::collection::vec(reply(), 0..60),
    ) {
        let mut migration =
            if preview { Migration::preview(order()) } else { Migration::new(order()) };
        let mut intended = Vec::new();
        for reply in replies {
            let now = match reply {
                Reply::Pass(seconds) => DateTime::<Utc>::from_timestamp(seconds >> 24, 0),
                _ => None,
            };
            let step = migration.step(now.unwrap_or_else(noon));
            match &step {
                Step::Journal(entry) => intended.push(entry.meeting.clone()),
                Step::Update(edit) => {
                    prop_assert!(!preview && intended.contains(&edit.meeting));
                }
                Step::Notify(_) => prop_assert!(!preview),
                _ => {}
            }
            answer(&mut migration, reply);
            let back: Migration = serde_json::from_str(&saved(&migration)).unwrap();
            prop_assert_eq!(&back, &migration);
        }
        let report = migration.report();
        let _ = (report.counts(), report.last_message(), migration.total());
        let _ = migration.into_plan();
    }
}
