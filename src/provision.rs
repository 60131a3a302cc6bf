//! Who makes the new coordinates, as the caller implements it.
//!
//! In: which meeting. Out: its [`Coordinates`], the same however often they are asked for.
//! Never: a body; what the block looks like is decided elsewhere.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::coordinates::Coordinates;
use crate::meeting::{MeetingId, Record, Schedule, UserId};
use crate::private::Private;
use crate::provider::Provider;
use crate::trigger::MigrationKind;

/// Makes the coordinates that a meeting shows from now on, implemented by the caller: it
/// asks the product's service for a new meeting, or the bridge for its present numbers.
///
/// # Contract
///
/// The implementor promises:
///
/// - The same organiser, meeting and [target](Request::target) give the same coordinates,
///   however often they are asked for and by whichever job, until an admin changes something
///   again. That is what makes a second run change nothing, and a run after a crash end where
///   the first would have. The three are the idempotency key.
/// - They are of the product that [`Request::target`] names. A meeting that is answered with
///   those of another fails ([`Failure::OtherProduct`](crate::report::Failure::OtherProduct)).
/// - Nobody is told anything.
///
/// We promise:
///
/// - Only meetings that pass every eligibility rule are asked for, previews included: a
///   preview has to show the new block.
/// - A series whose parts are of two products is asked for once for each product that they
///   become.
pub trait Provision: Send + Sync {
    /// The coordinates of one meeting; they serve the series and its changed occurrences, as
    /// far as these become meetings of the same product.
    fn coordinates(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Coordinates, ProvisionError>> + Send;
}

/// For which meeting coordinates are wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// Whose meeting it is.
    pub organizer: UserId,
    /// Which one.
    pub meeting: MeetingId,
    /// From which product to which.
    pub kind: MigrationKind,
    /// What is recorded now, beside the first part that they are for.
    pub record: Option<Record>,
    /// Which product that part is of: as recorded, or as the marks of its block tell where
    /// nothing is and the policy calls them enough.
    #[serde(default)]
    pub product: Option<Provider>,
    /// The subject line.
    pub subject: Private,
    /// When it takes place.
    pub schedule: Schedule,
}

impl Request {
    /// A request without a record and a subject, as a maker's own tests need it.
    pub fn new(
        organizer: impl Into<UserId>,
        meeting: impl Into<MeetingId>,
        kind: MigrationKind,
        schedule: Schedule,
    ) -> Self {
        Self {
            organizer: organizer.into(),
            meeting: meeting.into(),
            kind,
            record: None,
            product: None,
            subject: Private::default(),
            schedule,
        }
    }

    /// Which product's coordinates are wanted, when it is known what the meeting is now.
    #[must_use]
    pub fn target(&self) -> Option<Provider> {
        self.kind.target(self.product.or_else(|| Some(self.record.as_ref()?.provider))?)
    }
}

/// Why there are no new coordinates.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProvisionError {
    /// Too much was asked, or the service is out of reach for a while. We wait; it is not
    /// counted as a try.
    #[error("the meeting service asks to come back later")]
    Throttled {
        /// How long to wait, when it says.
        retry_after: Option<TimeDelta>,
    },
    /// The organiser cannot have such a meeting: no licence, another policy. Asking again
    /// would not help.
    #[error("the organiser cannot have such a meeting")]
    Denied,
    /// Anything else; asking again later may help.
    #[error("the meeting service failed")]
    Other(#[source] Cause),
}

impl ProvisionError {
    /// Anything else that went wrong.
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(error))
    }
}

impl<P: Provision> Provision for &P {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        (**self).coordinates(request).await
    }
}
