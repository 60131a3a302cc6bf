//! Previews and counts over a calendar that asks for patience again and again.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use meeting_migration::Coordinates;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::service::{Preview, ServiceError, Survey};
use meeting_migration::trigger::MigrationKind;
use meeting_migration::{Service, memory::MemoryProvision};

use run_common::faults::{Fault, Faulty, Fuse, shared};
use run_common::{ann, block_on, meeting, noon, provision, series, tenant};

const KIND: MigrationKind = MigrationKind::ToSameType;

/// Counts how often it is asked.
struct Counting(MemoryProvision, AtomicUsize);

impl Provision for Counting {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.coordinates(request).await
    }
}

/// Each second call is throttled for two minutes.
fn often() -> Fuse {
    Fuse::at((0..100).filter(|n| n % 2 == 0).map(|n| (n, Fault::Throttled(120))))
}

#[test]
fn a_preview_goes_on_where_it_was() {
    let whole = tenant(["m1", "m2", "m3", "m4", "m5"].map(meeting));
    let expected = block_on(whole.preview(&ann(), KIND, &noon)).unwrap();
    assert_eq!(expected.meetings.len(), 5);
    for saves in [false, true] {
        let fuse = often();
        let counting = Counting(provision(), AtomicUsize::new(0));
        let calendar = Faulty(whole.calendar(), &fuse);
        let service = Service::new(calendar, whole.mail(), &counting, shared(whole.store()));
        let (mut now, mut waits) = (noon(), 0);
        let mut preview = service.begin_preview(&ann(), KIND);
        while let Err(error) = block_on(service.preview_further(&mut preview, &|| now)) {
            let ServiceError::Throttled { until } = error else { panic!("{error}") };
            assert_eq!(until, now + TimeDelta::minutes(2));
            now = until;
            waits += 1;
            if saves {
                let json = serde_json::to_string(&preview).unwrap();
                preview = serde_json::from_str::<Preview>(&json).unwrap();
            }
        }
        assert!(waits >= 3, "{waits}");
        assert_eq!(preview.dealt_with(), 5);
        assert_eq!(counting.1.load(Ordering::Relaxed), 5, "each meeting is asked for once");
        assert_eq!(preview.into_plan().meetings, expected.meetings);
    }
}

#[test]
fn a_count_goes_on_where_it_was_and_begins_anew_when_a_page_is_lost() {
    let whole = tenant([meeting("m1"), series("m2"), meeting("m3"), meeting("m4")]);
    let expected = block_on(whole.footprint(&ann(), KIND, noon(), &|_| true)).unwrap();
    assert_eq!(expected.meetings, 4);
    for (fuse, waits) in [(often(), 2), (Fuse::at([(1, Fault::Changed)]), 0)] {
        let calendar = Faulty(whole.calendar(), &fuse);
        let service = Service::new(calendar, whole.mail(), provision(), shared(whole.store()));
        let mut survey = service.begin_footprint(&ann(), KIND, noon());
        let (mut now, mut waited) = (noon(), 0);
        while let Err(error) = block_on(service.footprint_further(&mut survey, now, &|_| true)) {
            let ServiceError::Throttled { until } = error else { panic!("{error}") };
            now = until;
            waited += 1;
            let json = serde_json::to_string(&survey).unwrap();
            survey = serde_json::from_str::<Survey>(&json).unwrap();
        }
        assert_eq!(waited, waits);
        assert_eq!(survey.into_footprint(), expected);
    }
    let fuse = Fuse::at((1..9).map(|n| (n, Fault::Changed)).filter(|(n, _)| n % 2 == 1));
    let calendar = Faulty(whole.calendar(), &fuse);
    let service = Service::new(calendar, whole.mail(), provision(), shared(whole.store()));
    let answer = block_on(service.footprint(&ann(), KIND, noon(), &|_| true));
    assert!(matches!(answer, Err(ServiceError::Calendar(_))), "it does not begin anew for ever");
}
