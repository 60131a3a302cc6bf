//! The run, end to end, over the memory implementations.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use chrono::TimeDelta;
use meeting_migration::calendar::Notifies;
use meeting_migration::job::{Job, State};
use meeting_migration::journal::Entry;
use meeting_migration::mail::{Mail, MailError, Notice};
use meeting_migration::meeting::Attendee;
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore};
use meeting_migration::report::{Failure, Outcome};
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
    assert_eq!(sent.len(), 4);
    let to = |n: usize| sent[n].recipients.iter().map(|a| a.as_str()).collect::<Vec<_>>();
    assert_eq!(to(1), ["bob@fabrikam.example", "carl@fabrikam.example"]);
    assert_eq!(to(2), ["dora@fabrikam.example"]);
    assert_eq!((sent[1].parts.len(), sent[2].parts.len()), (2, 1));
    assert!(sent[2].message.as_str().starts_with(sent[1].message.as_str()));

    let journal = block_on(service.store().journal(&correlation, None)).unwrap().items;
    assert_eq!(journal.len(), 10, "intent, done and told for each meeting, sent for one notice");
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
    assert_eq!(service.mail().sent().len(), 3);
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

/// HTML as the Teams service writes it, and its text twin in another charset.
fn twins(id: &str, text: Body) -> meeting_migration::meeting::Item {
    let mut item = item(id);
    let link = run_common::old_link(id);
    let html = format!(
        "<html><body><p>Agenda: caf\u{e9}</p><div>{fence}</div>\r\n\
         <div class=\"me-email-text\" lang=\"en-US\"><div><span>Microsoft Teams meeting</span></div>\
         <div><a class=\"me-email-headline\" href=\"{link}\">Click here to join the meeting</a></div>\
         <div><a href=\"https://aka.ms/JoinTeamsMeeting\">Learn more</a></div></div>\r\n\
         <div>{fence}</div><p>See you!</p></body></html>",
        fence = "_".repeat(80)
    );
    item.bodies = vec![Body::html(html), text];
    item
}

fn latin_1(text: &Body) -> Body {
    let text = text.as_unicode().unwrap();
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    Body::text_bytes(bytes, Some("iso-8859-1"))
}

#[test]
fn twins_are_rewritten_each_for_itself_and_held_back_together() {
    let text = run_common::text("Agenda: caf\u{e9}", &run_common::old_link("m1"));
    let mut both = meeting("m1");
    both.item = twins("m1", latin_1(&text));
    let mut torn = meeting("m2");
    let twice = text.as_unicode().unwrap().repeat(2);
    torn.item = twins(
        "m2",
        Body::text(twice.replace(&run_common::old_link("m1"), &run_common::old_link("m2"))),
    );
    let mut one_sided = meeting("m3");
    one_sided.item = twins("m3", Body::text("Only words here"));
    let service = tenant([both, torn.clone(), one_sided.clone()]);
    let (_, due) = license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    let failed = Outcome::Failed(meeting_migration::report::Failure::Ambiguous);
    assert_eq!(
        outcomes(ran[0].report.as_ref().unwrap()).into_iter().map(|(_, o)| o).collect::<Vec<_>>(),
        [Outcome::Migrated, failed, Outcome::Migrated]
    );
    let stored = service.calendar().meetings(&ann());
    let [html, text] = &stored[0].item.bodies[..] else { panic!("two bodies") };
    let html = html.as_unicode().unwrap();
    assert!(html.starts_with("<html><body><p>Agenda: caf\u{e9}</p>"), "{html}");
    assert!(html.contains(&new_link("m1")) && !html.contains("meetup-join"), "{html}");
    assert!(text.as_bytes().starts_with(b"Agenda: caf\xe9\r\n"), "still ISO 8859-1");
    assert_eq!(text.charset(), Some("iso-8859-1"));
    assert_eq!(stored[1].item, torn.item, "HTML and text would disagree");
    assert_eq!(stored[2].item.bodies[1], one_sided.item.bodies[1]);
    assert!(stored[2].item.bodies[0].as_unicode().unwrap().contains(&new_link("m3")));
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

/// Refuses notices to Bob, and asks to come back later after each that it takes.
struct Picky(std::sync::Mutex<(Vec<Notice>, bool)>);

impl Mail for Picky {
    async fn send(&self, notice: &Notice) -> Result<(), MailError> {
        let (sent, busy) = &mut *self.0.lock().unwrap();
        if notice.recipients.iter().any(|to| to.as_str() == "bob@fabrikam.example") {
            return Err(MailError::Refused);
        }
        if std::mem::take(busy) {
            return Err(MailError::Throttled { retry_after: None });
        }
        *busy = true;
        sent.push(notice.clone());
        Ok(())
    }
}

/// One notice of three is refused: the others go out all the same, each once, however often
/// the route asks to come back.
#[test]
fn a_refused_notice_keeps_no_other_back_and_none_comes_twice() {
    let mut series = series("m1");
    series.item.attendees.push(Attendee::new("eve@fabrikam.example"));
    let calendar = MemoryCalendar::new();
    calendar.insert(&ann(), series);
    let route = Picky(Default::default());
    let service = Service::new(calendar, &route, provision(), MemoryStore::new());
    let (_, mut clock) = license(&service);
    for _ in 0..20 {
        block_on(service.run_due(&|| clock)).unwrap();
        clock += TimeDelta::minutes(20);
    }
    let sent: Vec<Vec<_>> = (route.0.lock().unwrap().0.iter())
        .map(|notice| notice.recipients.iter().map(|to| to.as_str().to_owned()).collect())
        .collect();
    assert_eq!(sent, [["eve@fabrikam.example"], ["dora@fabrikam.example"]]);
    let status = block_on(service.status(&Default::default())).unwrap().remove(0);
    let report = block_on(service.report(&status.correlation_id)).unwrap().unwrap();
    assert_eq!(report.meetings[0].failure(), Some(Failure::MailRefused));
}
