//! What each part of a meeting becomes, and the details there are for it.
//!
//! In: a meeting. Out: of each part its record, product and verdict. Never: a change.

use chrono::{DateTime, Utc};

use crate::block::{self, Found};
use crate::coordinates::Coordinates;
use crate::eligibility::{self, Verdict};
use crate::meeting::{Item, Meeting, Part, Record};
use crate::policy::{AddInEvidence, Policy};
use crate::provider::Provider;
use crate::trigger::MigrationKind;

/// One part of a meeting, and what is known of it before its new details are.
pub(crate) struct Subject<'m> {
    pub(super) part: Part,
    pub(super) item: &'m Item,
    /// Its own record, or that of its series.
    pub(crate) record: Option<&'m Record>,
    /// Which product it is of: as recorded, or as the marks of its block tell where they
    /// are enough.
    pub(crate) product: Option<Provider>,
    pub(crate) verdict: Verdict,
}

impl<'m> Subject<'m> {
    /// All parts of a meeting that is to be migrated, the main one first.
    pub(crate) fn all(
        meeting: &'m Meeting,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &'m Policy,
    ) -> impl Iterator<Item = Self> {
        let verdicts = eligibility::parts(meeting, kind, now, policy);
        meeting.parts().zip(verdicts).map(move |((part, item), (_, verdict))| {
            let record = item.record.as_ref().or(meeting.item.record.as_ref());
            let product = match record {
                Some(record) => Some(record.provider),
                None => Some(verdict)
                    .filter(|verdict| *verdict == Verdict::Migrate)
                    .and_then(|_| marked(item, policy)),
            };
            Self { part, item, record, product, verdict }
        })
    }
}

/// Whose block an entry without a record has, where marks are evidence. Of a product that no
/// kind of migration names, whoever makes the details decides.
fn marked(item: &Item, policy: &Policy) -> Option<Provider> {
    if policy.evidence() != AddInEvidence::RecordOrMarks {
        return None;
    }
    let options = super::options(policy);
    let product =
        item.bodies.iter().find_map(|body| match block::locate(body, None, &options) {
            Found::One(block) => Some(block.provider),
            _ => None,
        })?;
    MigrationKind::AllToTeams.target(product).map(|_| product)
}

/// The new details of one meeting: for each product that parts of it become, those of that
/// product, or none when they are online no more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details(Vec<(Option<Provider>, Option<Coordinates>)>);

impl Details {
    /// Adds the details for parts that become `target`'s; without a target, of a meeting of
    /// which nobody knows whose it is.
    pub(crate) fn add(&mut self, target: Option<Provider>, new: Option<Coordinates>) {
        self.0.push((target, new));
    }

    pub(super) fn of(&self, target: Option<Provider>) -> Option<Option<&Coordinates>> {
        self.0.iter().find(|(known, _)| *known == target).map(|(_, new)| new.as_ref())
    }

    pub(super) fn first(&self) -> Option<&Coordinates> {
        self.0.first().and_then(|(_, new)| new.as_ref())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Coordinates> {
        self.0.iter().filter_map(|(_, new)| new.as_ref())
    }
}
