//! The run, end to end, over the memory implementations.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use meeting_migration::calendar::Notifies;
use meeting_migration::job::{Job, State};
use meeting_migration::journal::Entry;
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore};
use meeting_migration::report::Outcome;
use meeting_migration::store::{StatusQuery, Store};
use meeting_migration::trigger::MigrationKind;
use meeting_migration::{Body, Service};

use run_common::{
    ann, block_on, in_days, item, license, meeting, new_link, noon, provision, series, tenant,
};

fn outcomes(report: &meeting_migration::report::Report) -> Vec<(String, Outcome)> {
    report.meetings.iter().map(|m| (m.meeting.to_string(), m.outcome)).collect()
}

#[test]
fn a_licence_ends_in_new_links_and_one_notice_per_meeting() {
    let service = tenant([meeting("m1"), series("m2"), meeting("m3")]);
    let (correlation, due) = license(&service);
    assert!(block_on(service.run_due(&noon)).unwrap().is_empty(), "the hold is not over");

    let ran = block_on(service.run_due(&|| due)).unwrap();
    let report = ran[0].report.as_ref().unwrap();
    assert_eq!(outcomes(report), ["m1", "m2", "m3"].map(|id| (id.to_owned(), Outcome::Migrated)));
    for meeting in service.calendar().meetings(&ann()) {
        for (_, item) in meeting.parts() {
            let text = item.bodies[0].as_unicode().unwrap();
            assert!(text.contains(&new_link(meeting.id.as_str())), "{text}");
            assert!(!text.contains("meetup-join"), "{text}");
            assert!(text.contains("genda") && text.ends_with("\r\n\r\nSee you!\r\n"), "{text}");
            assert_eq!(
                item.record.as_ref().unwrap().join_url.as_deref(),
                Some(new_link(meeting.id.as_str()).as_str())
            );
        }
    }
    let sent = service.mail().sent();
    assert_eq!(sent.len(), 3);
    let to: Vec<_> = sent[1].recipients.iter().map(|a| a.as_str()).collect();
    assert_eq!(to, ["bob@fabrikam.example", "carl@fabrikam.example", "dora@fabrikam.example"]);
    assert_eq!(sent[1].parts.len(), 2);

    let journal = block_on(service.store().journal(&correlation, None)).unwrap().items;
    assert_eq!(journal.len(), 9, "intent, done and told for each meeting");
    for entry in journal {
        let json = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    }
    let job = block_on(service.store().job(&correlation)).unwrap().unwrap();
    let json = serde_json::to_string(&job).unwrap();
    assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);

    let status = &block_on(service.status(&StatusQuery::all())).unwrap()[0];
    assert_eq!(status.state, State::Succeeded);
    assert_eq!(status.correlation_id, correlation);
    assert_eq!((status.total_meeting, status.succeeded_meeting, status.invites_update), (3, 3, 3));
    let summary = block_on(service.summary()).unwrap();
    assert_eq!(summary.rows().map(|(_, users)| users), [0, 0, 0, 1]);
}

#[test]
fn a_second_run_changes_nothing_and_mails_nobody() {
    let service = tenant([meeting("m1"), series("m2")]);
    let (_, due) = license(&service);
    block_on(service.run_due(&|| due)).unwrap();
    let after = service.calendar().meetings(&ann());
    let kind = MigrationKind::ToSameType;
    let plan = block_on(service.preview(&ann(), kind, &|| due)).unwrap();
    assert!(plan.is_settled());

    let again = block_on(service.start(&ann(), &Default::default(), Default::default(), due));
    let later = due + service.policy().hold();
    assert!(matches!(again.unwrap(), meeting_migration::service::Observed::Run(_)));
    let ran = block_on(service.run_due(&|| later)).unwrap();
    let report = ran[0].report.as_ref().unwrap();
    assert_eq!(outcomes(report), ["m1", "m2"].map(|id| (id.to_owned(), Outcome::Unchanged)));
    assert_eq!(service.calendar().meetings(&ann()), after);
    assert_eq!(service.mail().sent().len(), 2);
}

#[test]
fn a_preview_shows_the_run_and_writes_nothing() {
    let mut past = meeting("m0");
    past.schedule = meeting_migration::meeting::Schedule::Once(in_days(-1));
    let mut plain = meeting("m3");
    plain.item.bodies = vec![Body::text("No block here.")];
    let service = tenant([past, meeting("m1"), series("m2"), plain]);
    let before = service.calendar().meetings(&ann());
    let kind = MigrationKind::ToSameType;
    let plan = block_on(service.preview(&ann(), kind, &noon)).unwrap();
    assert_eq!(service.calendar().meetings(&ann()), before);
    assert!(service.mail().sent().is_empty());

    let planned: Vec<_> = plan.meetings.iter().map(|m| (m.meeting.as_str(), m.edit())).collect();
    assert_eq!(planned.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["m1", "m2", "m3"]);
    let edits: Vec<_> = planned.iter().map(|(_, e)| e.as_ref().map(|e| e.parts.len())).collect();
    assert_eq!(edits, [Some(1), Some(2), None]);

    let (_, due) = license(&service);
    block_on(service.run_due(&|| due)).unwrap();
    for (meeting, plan) in service.calendar().meetings(&ann())[1..].iter().zip(&plan.meetings) {
        let Some(edit) = plan.edit() else { continue };
        let stored: Vec<_> = meeting.parts().map(|(_, i)| i.bodies.clone()).collect();
        let shown: Vec<_> = edit.parts.iter().map(|p| p.bodies.clone()).collect();
        assert_eq!(stored, shown);
    }
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<meeting_migration::plan::JobPlan>(&json).unwrap(), plan);
}

#[test]
fn a_calendar_that_mails_by_itself_is_left_to_it() {
    let calendar = MemoryCalendar::new().with_notifies(Notifies::Itself);
    calendar.insert(&ann(), meeting("m1"));
    let service = Service::new(calendar, MemoryMail::new(), provision(), MemoryStore::new());
    let (_, due) = license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    assert_eq!(outcomes(ran[0].report.as_ref().unwrap()), [("m1".to_owned(), Outcome::Migrated)]);
    assert!(service.mail().sent().is_empty());
}

#[test]
fn those_who_declined_can_be_left_in_peace() {
    let service = tenant([meeting("m1")]);
    let policy = service.policy().clone().with_notify_declined(false);
    let service = service.with_policy(policy);
    let (_, due) = license(&service);
    block_on(service.run_due(&|| due)).unwrap();
    let to: Vec<_> =
        service.mail().sent()[0].recipients.iter().map(|a| a.as_str().to_owned()).collect();
    assert_eq!(to, ["bob@fabrikam.example"]);
}

#[test]
fn an_undecided_body_holds_its_part_back_and_fails_the_meeting() {
    let mut torn = series("m1");
    let twice = format!(
        "{}{}",
        torn.changed[0].item.bodies[0].as_unicode().unwrap(),
        item("m1").bodies[0].as_unicode().unwrap()
    );
    torn.changed[0].item.bodies[0] = Body::text(twice);
    let before = torn.changed[0].item.clone();
    let service = tenant([torn, meeting("m2")]);
    let (_, due) = license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    let report = ran[0].report.as_ref().unwrap();
    assert_eq!(
        outcomes(report),
        [
            ("m1".to_owned(), Outcome::Failed(meeting_migration::report::Failure::Ambiguous)),
            ("m2".to_owned(), Outcome::Migrated),
        ]
    );
    assert_eq!(service.calendar().meetings(&ann())[0].changed[0].item, before);
    assert_eq!(ran[0].status.state, State::Failed);
    assert_eq!(
        ran[0].status.last_message,
        "meeting m1: a body has several blocks that could be the meeting's own"
    );
    assert_eq!(ran[0].due, None, "another try would not help");
    assert_eq!((ran[0].status.succeeded_meeting, ran[0].status.failed_meeting), (1, 1));
    assert_eq!(service.mail().sent().len(), 2, "the series itself was written");
}

#[test]
fn the_status_has_the_names_that_admins_know() {
    let service = tenant([meeting("m1")]);
    license(&service);
    let status = &block_on(service.status(&StatusQuery::all())).unwrap()[0];
    let json = serde_json::to_value(status).unwrap();
    let mut keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "CorrelationId",
            "CreateDate",
            "FailedMeeting",
            "InvitesUpdate",
            "LastMessage",
            "MigrationType",
            "ModifiedDate",
            "RetryCount",
            "State",
            "SucceededMeeting",
            "TotalMeeting",
            "UserId",
        ]
    );
    assert_eq!(json["State"], "Pending");
    assert_eq!(json["UserId"], "ann@contoso.example");
}
