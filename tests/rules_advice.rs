//! What an admin reads beforehand, and the removal of a number.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use meeting_migration::advice::{Advice, Footprint, MailLimits, Step, User, advise};
use meeting_migration::change::{Account, AudioProvider, Change, ChangeKind, Mailbox, Tenant};
use meeting_migration::eligibility::SkipReason;
use meeting_migration::meeting::{
    Attendee, ChangedOccurrence, Item, Record, Response, Schedule, Series, Slot, UserId,
};
use meeting_migration::number_removal::{Next, NumberRemoval};
use meeting_migration::provider::Provider;
use meeting_migration::trigger::{IgnoreReason, MigrationKind};
use meeting_migration::{Meeting, Policy};
use proptest::prelude::*;

fn ana() -> UserId {
    UserId::from("ana@contoso.example")
}

fn advice(steps: &[Step], user: User) -> Vec<Advice> {
    let intended: Vec<_> = steps.iter().map(|step| (ana(), *step)).collect();
    advise(
        &intended,
        &BTreeMap::from([(ana(), user)]),
        &Tenant::default(),
        &Policy::seed_2018(),
        &MailLimits::exchange_online(100),
    )
}

fn touches(kind: MigrationKind) -> [Advice; 2] {
    [
        Advice::Touches { user: ana(), kind, footprint: None },
        Advice::TellOrganizers { organizers: 1, recipients: 0 },
    ]
}

const MOVE: Step = Step::Make(Change::MovedOnline);
const LICENSE: Step = Step::Make(Change::LicenseAssigned);

/// S:67: licence first, then the move; otherwise every meeting is updated twice.
#[test]
fn the_licence_comes_before_the_move() {
    let moved_first = advice(&[MOVE, LICENSE], User::default());
    assert_eq!(
        moved_first[0],
        Advice::Reorder { user: ana(), steps: vec![LICENSE, MOVE], runs: 1, instead_of: 2 }
    );
    assert_eq!(moved_first[1..], touches(MigrationKind::ToSameType));
    assert_eq!(advice(&[LICENSE, MOVE], User::default()), touches(MigrationKind::ToSameType));
}

/// S:65: the mailbox first, then the user.
#[test]
fn the_mailbox_comes_before_the_user() {
    let mut account = Account::default();
    account.mailbox = Mailbox::OnPremises;
    let all = advice(&[MOVE, LICENSE, Step::MoveMailbox], User::new(account));
    let steps = vec![Step::MoveMailbox, LICENSE, MOVE];
    assert_eq!(all[0], Advice::Reorder { user: ana(), steps, runs: 1, instead_of: 0 });
    assert_eq!(all[1..], touches(MigrationKind::ToSameType));
}

#[test]
fn changes_that_each_run_are_kept_together() {
    let steps = [LICENSE, Step::Make(Change::MovedToBridge)];
    let all = advice(&steps, User::default());
    assert_eq!(all[0], Advice::KeepTogether { user: ana(), runs: 2, within_minutes: 90 });
    assert_eq!(all[1..], touches(MigrationKind::ToSameType));
}

#[test]
fn what_will_not_run_is_named_with_its_way_out() {
    let mut account = Account::default();
    account.audio_provider = AudioProvider::ThirdParty;
    let all = advice(&[LICENSE], User::new(account));
    let Advice::WillNotRun { change, reason, way_out, .. } = &all[0] else { panic!("{all:?}") };
    assert_eq!((*change, *reason), (ChangeKind::LicenseAssigned, IgnoreReason::ThirdPartyKept));
    assert!(!way_out.is_empty());
    assert_eq!(all.len(), 1, "nobody is touched, so nobody need be told: {all:?}");
    assert!(all[0].to_string().contains("license-assigned starts no run"), "{}", all[0]);
}

#[test]
fn a_replaced_provider_is_the_platform_from_then_on() {
    let mut account = Account::default();
    account.audio_provider = AudioProvider::ThirdParty;
    let mut tenant = Tenant::default();
    tenant.automatically_replace_acp_provider = true;
    let bridge = Step::Make(Change::MovedToBridge);
    let all = advise(
        &[(ana(), bridge), (ana(), LICENSE)],
        &BTreeMap::from([(ana(), User::new(account))]),
        &tenant,
        &Policy::seed_2018(),
        &MailLimits::exchange_online(1),
    );
    let steps = vec![LICENSE, bridge];
    assert_eq!(all[0], Advice::Reorder { user: ana(), steps, runs: 2, instead_of: 1 });
}

#[test]
fn notices_are_held_against_the_mail_limits() {
    let mut footprint = Footprint::default();
    footprint.meetings = 500;
    footprint.notices = 500;
    footprint.recipients = 12_000;
    footprint.external_recipients = 45_000;
    footprint.largest = 501;
    let all = advice(&[LICENSE], User::default().with_footprint(footprint));
    // 500 messages at 30 a minute: the figure of the platform rules.
    assert!(all.contains(&Advice::TakesTime { user: ana(), notices: 500, minutes: 17 }));
    assert!(all.contains(&Advice::MailboxOverDay {
        user: ana(),
        recipients: 12_000,
        limit: 10_000,
        days: 2
    }));
    assert!(all.contains(&Advice::MessageTooLarge { user: ana(), recipients: 501, limit: 500 }));
    let tenant = Advice::TenantOverDay { recipients: 45_000, limit: 22_059, days: 3 };
    assert!(all.contains(&tenant), "{all:#?}");
    assert_eq!(all.last(), Some(&Advice::TellOrganizers { organizers: 1, recipients: 12_000 }));

    // What external recipients a tenant may have, as published for four sizes.
    for (licenses, limit) in [(1, 10_000), (100, 22_059), (1_000, 72_446), (10_000, 324_979)] {
        assert_eq!(MailLimits::exchange_online(licenses).external_per_day(), limit);
    }
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2018, 10, 4, 9, 0, 0).unwrap()
}

fn tomorrow() -> Slot {
    Slot::new(now() + TimeDelta::days(1), now() + TimeDelta::hours(25))
}

fn invited(guests: &[&str]) -> Item {
    let mut item = Item::new("Budget", []);
    item.record = Some(Record::new(Provider::TEAMS, "https://teams.example/1"));
    item.attendees = guests.iter().map(|guest| Attendee::new(*guest)).collect();
    item
}

#[test]
fn a_footprint_counts_notices_and_recipients_once() {
    let mut series = Meeting::new(
        "series",
        "v1",
        Schedule::Series(Series::new(tomorrow(), [tomorrow()], None)),
        invited(&["ana@contoso.example", "Bo@contoso.example", "cy@fabrikam.example"]),
    );
    series.organizer = Some("ANA@contoso.example".into());
    let guest = invited(&["bo@contoso.example", "di@fabrikam.example"]);
    series.changed = vec![ChangedOccurrence::new("second", tomorrow(), guest)];
    let alone = Meeting::new("alone", "v1", Schedule::Once(tomorrow()), invited(&[]));
    let mut foreign = Meeting::new("foreign", "v1", Schedule::Once(tomorrow()), invited(&[]));
    foreign.organized_by_user = false;
    let mut declined = series.clone();
    declined.changed.clear();
    declined.item.attendees[2].response = Response::Declined;

    let of = |meetings: &[Meeting], policy: &Policy| {
        Footprint::of(meetings, MigrationKind::ToSameType, now(), policy, |address| {
            address.key().ends_with("@fabrikam.example")
        })
    };
    let all = of(&[series, alone, foreign], &Policy::seed_2018());
    assert_eq!((all.meetings, all.notices), (2, 3), "nobody is told about a lone appointment");
    assert_eq!((all.recipients, all.external_recipients, all.largest), (3, 2, 1));
    assert_eq!(all.skipped, BTreeMap::from([(SkipReason::NotOrganizer, 1)]));

    let quiet = Policy::seed_2018().with_notify_declined(false);
    assert_eq!(of(std::slice::from_ref(&declined), &quiet).recipients, 1);
    assert_eq!(of(&[declined], &Policy::seed_2018()).recipients, 2);
}

fn any_step() -> impl Strategy<Value = Step> {
    let changes: Vec<_> = Change::all().map(Step::Make).chain([Step::MoveMailbox]).collect();
    prop::sample::select(changes)
}

proptest! {
    /// Following the advice leaves nothing to reorder.
    #[test]
    fn advice_that_was_followed_is_not_given_again(
        steps in prop::collection::vec(any_step(), 0..6),
        mailbox in prop::sample::select(Mailbox::ALL),
        audio_provider in prop::sample::select(AudioProvider::ALL),
    ) {
        let mut account = Account::default();
        account.mailbox = mailbox;
        account.audio_provider = audio_provider;
        for one in advice(&steps, User::new(account)) {
            prop_assert!(!one.to_string().is_empty());
            if let Advice::Reorder { steps: better, .. } = one {
                let mut sorted = [better.clone(), steps.clone()].map(|steps| {
                    steps.iter().map(|step| format!("{step:?}")).collect::<Vec<_>>()
                });
                sorted.iter_mut().for_each(|steps| steps.sort());
                prop_assert_eq!(&sorted[0], &sorted[1], "the same steps in another order");
                let again = advice(&better, User::new(account));
                let reordered = matches!(again.first(), Some(Advice::Reorder { .. }));
                prop_assert!(!reordered);
            }
        }
    }
}

#[test]
fn a_number_goes_only_when_no_meeting_shows_it() {
    let [ana, bo, cy] = ["ana", "bo", "cy"].map(UserId::from);
    let mut removal = NumberRemoval::of([bo.clone(), ana.clone(), cy.clone()]);
    removal.unregistered();
    assert_eq!(removal.next(), Next::Replace(ana.clone()), "too early changes nothing");
    removal.status(0, 0, []);
    assert_eq!(removal.next(), Next::Replace(ana.clone()), "an empty queue is no excuse");

    removal.replaced(&ana, None);
    removal.replaced(&bo, None);
    removal.replaced(&cy, Some(IgnoreReason::ThirdPartyAudio));
    assert_eq!(removal.ignored(&cy), Some(IgnoreReason::ThirdPartyAudio));
    assert_eq!(removal.next(), Next::Wait, "what the queue showed before does not count");
    removal.status(1, 1, []);
    assert_eq!(removal.next(), Next::Wait);
    removal.status(0, 1, [bo.clone()]);
    assert_eq!(removal.next(), Next::Wait);

    removal.status(0, 0, [bo.clone()]);
    let json = serde_json::to_string(&removal).unwrap();
    let mut removal: NumberRemoval = serde_json::from_str(&json).unwrap();
    assert_eq!(removal.next(), Next::Repair(vec![bo.clone(), cy.clone()]));
    removal.unregistered();
    assert_ne!(removal.next(), Next::Done);
    removal.accept(&cy);
    removal.restarted(&bo);
    assert_eq!(removal.next(), Next::Wait);
    removal.status(0, 0, []);
    assert_eq!(removal.next(), Next::Unregister);
    removal.unregistered();
    assert_eq!(removal.next(), Next::Done);
}

#[test]
fn a_number_that_nobody_has_waits_for_the_queue_alone() {
    let mut removal = NumberRemoval::of([]);
    assert_eq!(removal.next(), Next::Wait);
    removal.status(0, 0, []);
    assert_eq!(removal.next(), Next::Unregister);
}

/// Taken away and given anew: the other way round, the user would end without a licence.
#[test]
fn a_better_order_ends_with_the_same_account() {
    let user = UserId::from("ana@contoso.example");
    let make = Step::Make;
    let advised = |steps: &[Step]| {
        let intended: Vec<_> = steps.iter().map(|step| (user.clone(), *step)).collect();
        let advice = advise(
            &intended,
            &BTreeMap::from([(user.clone(), User::default())]),
            &Tenant::default(),
            &Policy::seed_2018(),
            &MailLimits::exchange_online(100),
        );
        advice.into_iter().find_map(|advice| match advice {
            Advice::Reorder { steps, .. } => Some(steps),
            _ => None,
        })
    };
    let (moved, removed, assigned) =
        (make(Change::MovedOnline), make(Change::LicenseRemoved), make(Change::LicenseAssigned));
    assert_eq!(advised(&[moved, removed, assigned]), Some(vec![removed, assigned, moved]));
    assert_eq!(advised(&[moved, assigned]), Some(vec![assigned, moved]));
    assert_eq!(advised(&[removed, assigned]), None);
}
