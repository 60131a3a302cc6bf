//! What an admin asks before a run: what it would do, and how much it would touch.
//!
//! In: an organiser, a clock. Out: a plan, a count. Never: a write, a notice, a wait; where the
//! calendar asks for patience, what is known so far is kept by whoever asked.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Service, ServiceError};
use crate::advice::Footprint;
use crate::calendar::{Calendar, CalendarError, PageToken};
use crate::engine::{Migration, Step};
use crate::job::{CorrelationId, later};
use crate::mail::Mail;
use crate::meeting::{Address, MeetingId, UserId};
use crate::plan::JobPlan;
use crate::provision::Provision;
use crate::store::Store;
use crate::trigger::MigrationKind;

/// A preview as far as it is: begun by [`Service::begin_preview`], taken further by
/// [`Service::preview_further`]. It can be saved in between, and holds every body that was
/// planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Preview(Migration);

impl Preview {
    /// How many meetings have a plan.
    #[must_use]
    pub fn dealt_with(&self) -> usize {
        self.0.dealt_with()
    }

    /// What was planned so far: all there is, once [`Service::preview_further`] gave `Ok`.
    #[must_use]
    pub fn into_plan(self) -> JobPlan {
        self.0.into_plan()
    }
}

/// A count of what a run would touch, as far as it is: begun by
/// [`Service::begin_footprint`], taken further by [`Service::footprint_further`]. It can be
/// saved in between; it holds ids and no meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    organizer: UserId,
    kind: MigrationKind,
    from: DateTime<Utc>,
    page: Option<PageToken>,
    restarts: u32,
    complete: bool,
    known: BTreeSet<MeetingId>,
    footprint: Footprint,
}

impl Survey {
    /// What was counted so far: all there is, once [`Service::footprint_further`] gave `Ok`.
    #[must_use]
    pub fn into_footprint(self) -> Footprint {
        self.footprint
    }
}

/// How long to wait when a calendar asks for patience and does not say for how long.
const THROTTLED: TimeDelta = TimeDelta::minutes(1);

impl<C: Calendar, M: Mail, P: Provision, S: Store> Service<C, M, P, S> {
    /// What a run would do to `organizer`'s calendar now. Nothing is written, nobody is
    /// told. The plan holds every body: memory grows with the calendar.
    ///
    /// # Errors
    /// [`ServiceError::Throttled`], and what was planned is lost: where that may happen, go by
    /// [`begin_preview`](Self::begin_preview). What else goes wrong is in the plan.
    pub async fn preview(
        &self,
        organizer: &UserId,
        kind: MigrationKind,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<JobPlan, ServiceError> {
        let mut preview = self.begin_preview(organizer, kind);
        self.preview_further(&mut preview, clock).await?;
        Ok(preview.into_plan())
    }

    /// Begins a preview that keeps what it has when the calendar asks for patience.
    ///
    /// ```
    /// # use chrono::{DateTime, Utc};
    /// # use meeting_migration::calendar::Calendar;
    /// # use meeting_migration::mail::Mail;
    /// # use meeting_migration::plan::JobPlan;
    /// # use meeting_migration::provision::Provision;
    /// # use meeting_migration::service::ServiceError;
    /// # use meeting_migration::store::Store;
    /// # use meeting_migration::trigger::MigrationKind;
    /// # use meeting_migration::{Service, meeting::UserId};
    /// # async fn sleep_until(_: DateTime<Utc>) {}
    /// async fn patient(
    ///     service: &Service<impl Calendar, impl Mail, impl Provision, impl Store>,
    ///     organizer: &UserId,
    ///     clock: &(impl Fn() -> DateTime<Utc> + Sync),
    /// ) -> Result<JobPlan, ServiceError> {
    ///     let mut preview = service.begin_preview(organizer, MigrationKind::ToSameType);
    ///     loop {
    ///         match service.preview_further(&mut preview, clock).await {
    ///             Ok(()) => return Ok(preview.into_plan()),
    ///             Err(ServiceError::Throttled { until }) => sleep_until(until).await,
    ///             Err(other) => return Err(other),
    ///         }
    ///     }
    /// }
    /// ```
    pub fn begin_preview(&self, organizer: &UserId, kind: MigrationKind) -> Preview {
        let order = self.order(organizer.clone(), CorrelationId::from("preview"), kind);
        Preview(Migration::preview(order))
    }

    /// Takes a preview to its end.
    ///
    /// # Errors
    /// [`ServiceError::Throttled`]: call again then, and it goes on where it was.
    pub async fn preview_further(
        &self,
        preview: &mut Preview,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<(), ServiceError> {
        loop {
            match preview.0.step(clock()) {
                Step::Done(_) => return Ok(()),
                Step::Wait(until) => return Err(ServiceError::Throttled { until }),
                step => self.perform(&mut preview.0, step).await?,
            }
        }
    }

    /// How much a run would touch in `organizer`'s calendar, for
    /// [`advise`](crate::advice::advise). `is_external` tells which addresses are outside
    /// the organisation. No body is looked at and no meeting kept: memory is that of a page
    /// and the ids.
    ///
    /// # Errors
    /// [`ServiceError::Throttled`], and what was counted is lost: where that may happen, go by
    /// [`begin_footprint`](Self::begin_footprint). [`ServiceError::Calendar`].
    pub async fn footprint(
        &self,
        organizer: &UserId,
        kind: MigrationKind,
        now: DateTime<Utc>,
        is_external: &(impl Fn(&Address) -> bool + Sync),
    ) -> Result<Footprint, ServiceError> {
        let mut survey = self.begin_footprint(organizer, kind, now);
        self.footprint_further(&mut survey, now, is_external).await?;
        Ok(survey.into_footprint())
    }

    /// Begins a count, of what is eligible at `now`, that keeps what it has when the calendar
    /// asks for patience.
    pub fn begin_footprint(
        &self,
        organizer: &UserId,
        kind: MigrationKind,
        now: DateTime<Utc>,
    ) -> Survey {
        Survey {
            organizer: organizer.clone(),
            kind,
            from: now,
            page: None,
            restarts: 0,
            complete: false,
            known: BTreeSet::new(),
            footprint: Footprint::default(),
        }
    }

    /// Takes a count to its end. Where the calendar knows a page no more, after a long wait
    /// say, it begins anew and counts no meeting twice.
    ///
    /// # Errors
    /// [`ServiceError::Throttled`]: call again then, and it goes on where it was.
    /// [`ServiceError::Calendar`].
    pub async fn footprint_further(
        &self,
        survey: &mut Survey,
        now: DateTime<Utc>,
        is_external: &(impl Fn(&Address) -> bool + Sync),
    ) -> Result<(), ServiceError> {
        while !survey.complete {
            let asked = survey.page.clone();
            match self.calendar.list(&survey.organizer, survey.from, asked.as_ref()).await {
                Ok(page) => {
                    for meeting in &page.items {
                        if survey.known.insert(meeting.id.clone()) {
                            let (kind, at) = (survey.kind, survey.from);
                            survey.footprint.add(meeting, kind, at, &self.policy, is_external);
                        }
                    }
                    if page.next.is_some() && page.next == asked {
                        let why = "the page after a page is that page";
                        return Err(ServiceError::Calendar(CalendarError::other(why)));
                    }
                    survey.complete = page.next.is_none();
                    survey.page = page.next;
                }
                Err(CalendarError::Throttled { retry_after }) => {
                    let until = later(now, retry_after.unwrap_or(THROTTLED));
                    return Err(ServiceError::Throttled { until });
                }
                Err(CalendarError::Changed | CalendarError::NotFound)
                    if asked.is_some() && survey.restarts < Migration::MAX_CONFLICTS =>
                {
                    survey.restarts += 1;
                    survey.page = None;
                }
                Err(error) => return Err(ServiceError::Calendar(error)),
            }
        }
        Ok(())
    }
}
