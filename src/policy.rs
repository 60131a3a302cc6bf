//! Every number and switch in one place, with its source. Where sources disagree, the
//! sentence is one named field, and the presets differ in it.
//!
//! Sources: "manual" is Microsoft's page *Setting up the Meeting Migration Service* as
//! of October 2018; "2019+" are its later versions.

use chrono::TimeDelta;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::block::Limits;
use crate::provider::TenantMarks;

/// What counts as proof that a meeting was made with the add-in or the web button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AddInEvidence {
    /// The record beside the body.
    #[default]
    Record,
    /// The record, or marks in the body that the add-in alone writes. An `.ics` saved
    /// from Outlook has no record at all, so for such files this is the one to take.
    /// Retyped wording never counts; whole invitations that Zoom, Google Meet, Webex and
    /// GoToMeeting hand out to be pasted do, where nothing surer stands in the body.
    RecordOrMarks,
}

/// What the meetings of a user become who is moved online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MoveTarget {
    /// Each stays with its product (S:33).
    Same,
    /// Teams meetings when the user's upgrade mode is Teams only, else the same (EN-1).
    ByUpgradeMode,
    /// Teams meetings (DE:2022-05-25, since October 2021).
    Teams,
}

/// How far a third-party audio provider keeps a user's meetings from being touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ThirdPartyRule {
    /// Nothing runs, moves and manual starts included (S:53).
    NothingRuns,
    /// Changes to audio conferencing do not run (S:96); the limitation itself is gone
    /// from later versions (EN-1).
    NoAudioChanges,
}

/// What a licence does for a user with a third-party audio provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ThirdPartyLicense {
    /// `AutomaticallyReplaceAcpProvider` decides (S:77, S:79).
    BySwitch,
    /// Nothing (EN-1).
    Never,
}

/// Whether setting a conference id is a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ConferenceIdRule {
    /// For users with public meetings (S:89).
    PublicMeetings,
    /// No: ids are dynamic (PS:Set-CsOnlineDialInConferencingUser, since January 2022).
    Unsupported,
}

/// What granting an upgrade policy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UpgradeGrantRule {
    /// Nothing: meetings are not converted (S:33).
    Ignored,
    /// Granted to one user, a mode that schedules in Teams converts (EN-1, EN-2, LIVE).
    PerUser,
    /// Nothing by itself; admins start (PS:Grant-CsTeamsUpgradePolicy).
    ByHand,
}

/// Whether a manual start obeys `MeetingMigrationEnabled`. No source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StartByHand {
    /// It runs: the switch is for what starts by itself, and S:199 names migrating by
    /// hand as a reason for switching off.
    PassesSwitch,
    /// It is ignored while the switch is off.
    HonoursSwitch,
}

/// What becomes of queued jobs when a switch goes off. No source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum QueuedJobs {
    /// They stay pending until it goes on again: S:199 switches off "temporarily".
    Wait,
    /// They run: they were called for while it was on.
    Run,
    /// They are cancelled.
    Cancel,
}

/// What a second change does to the hold of a pending job that it joins. No source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HoldOnJoin {
    /// It starts anew: each trigger is held for its full time (EN-1).
    Restarts,
    /// It stays as it was.
    Keeps,
}

/// What becomes of meetings whose product the organiser may no longer have
/// ([`ProvisionError::Denied`](crate::provision::ProvisionError::Denied)). No source says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WhenDenied {
    /// They fail and stay as they are: a denial may be a mistake in the settings.
    #[default]
    Fails,
    /// Block and record are taken out, as are the product's name and the old link in
    /// `Location`: nobody dials into a dead meeting.
    RemovesBlock,
}

/// The first thing to do about a failed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Recovery {
    /// The organiser runs the client tool (S:188).
    ClientTool,
    /// An admin repairs what the message names and starts again (DE:2021-10-07).
    Restart,
}

/// The numbers and switches of a run.
///
/// The keys of sources (`S:33`, `EN-1` …) are those of [`trigger`](crate::trigger). Read with
/// serde, an unknown key, or a time that is negative or beyond all counting, is an error.
///
/// ```
/// use meeting_migration::Policy;
///
/// let policy = Policy::seed_2018().with_attendee_limit(500);
/// assert_eq!(policy.attendee_limit(), 500);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    attendee_limit: usize,
    evidence: AddInEvidence,
    #[serde(deserialize_with = "seconds")]
    hold: TimeDeltaSeconds,
    max_attempts: u32,
    #[serde(deserialize_with = "seconds")]
    retry_window: TimeDeltaSeconds,
    #[serde(deserialize_with = "seconds")]
    quiet_window: TimeDeltaSeconds,
    #[serde(deserialize_with = "seconds")]
    retention: TimeDeltaSeconds,
    notify_declined: bool,
    limits: Limits,
    converts: bool,
    move_target: MoveTarget,
    third_party: ThirdPartyRule,
    third_party_license: ThirdPartyLicense,
    conference_id: ConferenceIdRule,
    default_number_runs: bool,
    upgrade_grant: UpgradeGrantRule,
    recovery: Recovery,
    start_by_hand: StartByHand,
    queued_jobs: QueuedJobs,
    hold_on_join: HoldOnJoin,
    skips_declined: bool,
    #[serde(default, skip_serializing_if = "TenantMarks::is_empty")]
    marks: TenantMarks,
    #[serde(default)]
    when_denied: WhenDenied,
    #[serde(default)]
    appends: bool,
}

type TimeDeltaSeconds = i64;

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeDeltaSeconds, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    let counted = TimeDelta::try_seconds(seconds).filter(|time| *time >= TimeDelta::zero());
    counted.map(|_| seconds).ok_or_else(|| D::Error::custom("not a number of seconds to wait"))
}

impl Policy {
    /// The manual of 2018, and for what it leaves open the first later version that
    /// says it.
    #[must_use]
    pub const fn seed_2018() -> Self {
        Self {
            attendee_limit: 250,
            evidence: AddInEvidence::Record,
            hold: 90 * 60,
            max_attempts: 10,
            retry_window: 24 * 3600,
            quiet_window: 0,
            retention: 150 * 86_400,
            notify_declined: true,
            limits: Limits::new(),
            converts: false,
            move_target: MoveTarget::Same,
            third_party: ThirdPartyRule::NothingRuns,
            third_party_license: ThirdPartyLicense::BySwitch,
            conference_id: ConferenceIdRule::PublicMeetings,
            default_number_runs: false,
            upgrade_grant: UpgradeGrantRule::Ignored,
            recovery: Recovery::ClientTool,
            start_by_hand: StartByHand::PassesSwitch,
            queued_jobs: QueuedJobs::Wait,
            hold_on_join: HoldOnJoin::Restarts,
            skips_declined: true,
            marks: TenantMarks::none(),
            when_denied: WhenDenied::Fails,
            appends: false,
        }
    }

    /// The manual's last version and today's command reference, where they disagree with
    /// 2018.
    #[must_use]
    pub const fn current() -> Self {
        let mut policy = Self::seed_2018();
        policy.converts = true;
        policy.move_target = MoveTarget::Teams;
        policy.third_party = ThirdPartyRule::NoAudioChanges;
        policy.third_party_license = ThirdPartyLicense::Never;
        policy.conference_id = ConferenceIdRule::Unsupported;
        policy.upgrade_grant = UpgradeGrantRule::PerUser;
        policy.recovery = Recovery::Restart;
        policy
    }

    /// The preset of this name: `seed-2018` or `current`.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "seed-2018" => Some(Self::seed_2018()),
            "current" => Some(Self::current()),
            _ => None,
        }
    }

    /// The largest attendee limit that can be set: more people the platform lets nobody
    /// invite (GRAPH:api-reference/v1.0/resources/event.md).
    pub const MAX_ATTENDEE_LIMIT: usize = 500;

    /// The largest meeting that is migrated, the organiser counted. Default 250
    /// (manual, "Limitations"), at most [`Policy::MAX_ATTENDEE_LIMIT`].
    #[must_use]
    pub const fn attendee_limit(&self) -> usize {
        if self.attendee_limit > Self::MAX_ATTENDEE_LIMIT {
            return Self::MAX_ATTENDEE_LIMIT;
        }
        self.attendee_limit
    }

    /// Replaces the attendee limit; what is above [`Policy::MAX_ATTENDEE_LIMIT`] counts
    /// as that.
    #[must_use]
    pub const fn with_attendee_limit(mut self, limit: usize) -> Self {
        self.attendee_limit = limit;
        self
    }

    /// What proves that a meeting was made with the add-in. Default
    /// [`AddInEvidence::Record`] (manual, "Limitations").
    #[must_use]
    pub const fn evidence(&self) -> AddInEvidence {
        self.evidence
    }

    /// Replaces what counts as proof.
    #[must_use]
    pub const fn with_evidence(mut self, evidence: AddInEvidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// The organisation's own marks, by which its blocks are found too. Default none.
    #[must_use]
    pub const fn marks(&self) -> &TenantMarks {
        &self.marks
    }

    /// Replaces the organisation's own marks.
    #[must_use]
    pub fn with_marks(mut self, marks: TenantMarks) -> Self {
        self.marks = marks;
        self
    }

    /// How long a job waits before its meetings are touched, so that a second change
    /// can join it. Default 90 minutes (2019+).
    #[must_use]
    pub const fn hold(&self) -> TimeDelta {
        TimeDelta::seconds(self.hold)
    }

    /// Replaces the hold; what is below a second is dropped.
    #[must_use]
    pub const fn with_hold(mut self, hold: TimeDelta) -> Self {
        self.hold = hold.num_seconds();
        self
    }

    /// How often a job is tried in all. Default 10: one and nine more (2019+).
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Replaces the number of tries.
    #[must_use]
    pub const fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The time over which the tries are spread. Default 24 hours (2019+).
    #[must_use]
    pub const fn retry_window(&self) -> TimeDelta {
        TimeDelta::seconds(self.retry_window)
    }

    /// Meetings that start within this time from now are left alone, and looked at again
    /// before the job ends, once they have begun: a series may have moved on to its next
    /// occurrence by then. Default zero: the manual knows no such window.
    #[must_use]
    pub const fn quiet_window(&self) -> TimeDelta {
        TimeDelta::seconds(self.quiet_window)
    }

    /// Replaces the quiet window; what is below a second is dropped.
    #[must_use]
    pub const fn with_quiet_window(mut self, window: TimeDelta) -> Self {
        self.quiet_window = window.num_seconds();
        self
    }

    /// How long finished jobs stay in the history. Default 150 days (2019+).
    #[must_use]
    pub const fn retention(&self) -> TimeDelta {
        TimeDelta::seconds(self.retention)
    }

    /// Whether attendees who declined are told as well. Default `true` (manual, "What
    /// happens when MMS updates meetings?": "all meeting recipients").
    #[must_use]
    pub const fn notify_declined(&self) -> bool {
        self.notify_declined
    }

    /// Replaces whether attendees who declined are told.
    #[must_use]
    pub const fn with_notify_declined(mut self, told: bool) -> Self {
        self.notify_declined = told;
        self
    }

    /// Bounds on a body.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether a manual start may turn meetings of one product into the other's. Default
    /// `false` (S:33); `true` in [`Policy::current`] (EN-1).
    #[must_use]
    pub const fn converts(&self) -> bool {
        self.converts
    }

    /// Replaces whether meetings may be converted.
    #[must_use]
    pub const fn with_converts(mut self, converts: bool) -> Self {
        self.converts = converts;
        self
    }

    /// What meetings become when their organiser is moved online. Default
    /// [`MoveTarget::Same`] (S:33); [`MoveTarget::Teams`] in [`Policy::current`].
    #[must_use]
    pub const fn move_target(&self) -> MoveTarget {
        self.move_target
    }

    /// Replaces what meetings become on a move.
    #[must_use]
    pub const fn with_move_target(mut self, target: MoveTarget) -> Self {
        self.move_target = target;
        self
    }

    /// How far a third-party audio provider keeps meetings from being touched. Default
    /// [`ThirdPartyRule::NothingRuns`] (S:53); [`ThirdPartyRule::NoAudioChanges`] in
    /// [`Policy::current`].
    #[must_use]
    pub const fn third_party(&self) -> ThirdPartyRule {
        self.third_party
    }

    /// Replaces what a third-party provider prevents.
    #[must_use]
    pub const fn with_third_party(mut self, rule: ThirdPartyRule) -> Self {
        self.third_party = rule;
        self
    }

    /// What a licence does for a user with a third-party audio provider. Default
    /// [`ThirdPartyLicense::BySwitch`] (S:77, S:79); [`ThirdPartyLicense::Never`] in
    /// [`Policy::current`] (EN-1).
    #[must_use]
    pub const fn third_party_license(&self) -> ThirdPartyLicense {
        self.third_party_license
    }

    /// Replaces what a licence does for such a user.
    #[must_use]
    pub const fn with_third_party_license(mut self, rule: ThirdPartyLicense) -> Self {
        self.third_party_license = rule;
        self
    }

    /// Whether setting a conference id is a trigger. Default
    /// [`ConferenceIdRule::PublicMeetings`] (S:89); [`ConferenceIdRule::Unsupported`] in
    /// [`Policy::current`].
    #[must_use]
    pub const fn conference_id(&self) -> ConferenceIdRule {
        self.conference_id
    }

    /// Replaces whether a conference id is a trigger.
    #[must_use]
    pub const fn with_conference_id(mut self, rule: ConferenceIdRule) -> Self {
        self.conference_id = rule;
        self
    }

    /// Whether a default number changed for one user is a trigger. Default `false`: the page
    /// on bridge numbers has admins start by hand, while the words of
    /// `AutomaticallyMigrateUserMeetings` count it as one.
    #[must_use]
    pub const fn default_number_runs(&self) -> bool {
        self.default_number_runs
    }

    /// Replaces whether a default number alone is a trigger.
    #[must_use]
    pub const fn with_default_number_runs(mut self, runs: bool) -> Self {
        self.default_number_runs = runs;
        self
    }

    /// What granting an upgrade policy does. Default [`UpgradeGrantRule::Ignored`] (S:33);
    /// [`UpgradeGrantRule::PerUser`] in [`Policy::current`], as the manual has it to the
    /// last, though newer command modules leave it to admins.
    #[must_use]
    pub const fn upgrade_grant(&self) -> UpgradeGrantRule {
        self.upgrade_grant
    }

    /// Replaces what a grant does.
    #[must_use]
    pub const fn with_upgrade_grant(mut self, rule: UpgradeGrantRule) -> Self {
        self.upgrade_grant = rule;
        self
    }

    /// The first thing to do about a failed run. Default [`Recovery::ClientTool`] (S:188);
    /// [`Recovery::Restart`] in [`Policy::current`].
    #[must_use]
    pub const fn recovery(&self) -> Recovery {
        self.recovery
    }

    /// Replaces the first rung of the ladder.
    #[must_use]
    pub const fn with_recovery(mut self, recovery: Recovery) -> Self {
        self.recovery = recovery;
        self
    }

    /// Whether a manual start obeys `MeetingMigrationEnabled`. Default
    /// [`StartByHand::PassesSwitch`]. `AutomaticallyMigrateUserMeetings` never concerns it.
    #[must_use]
    pub const fn start_by_hand(&self) -> StartByHand {
        self.start_by_hand
    }

    /// Replaces whether a manual start obeys the switch.
    #[must_use]
    pub const fn with_start_by_hand(mut self, start: StartByHand) -> Self {
        self.start_by_hand = start;
        self
    }

    /// What becomes of queued jobs when the switch that governs their change goes off.
    /// Default [`QueuedJobs::Wait`]. A job that is in progress always ends.
    #[must_use]
    pub const fn queued_jobs(&self) -> QueuedJobs {
        self.queued_jobs
    }

    /// Replaces what becomes of queued jobs.
    #[must_use]
    pub const fn with_queued_jobs(mut self, jobs: QueuedJobs) -> Self {
        self.queued_jobs = jobs;
        self
    }

    /// What a second change does to the hold of the pending job it joins. Default
    /// [`HoldOnJoin::Restarts`].
    #[must_use]
    pub const fn hold_on_join(&self) -> HoldOnJoin {
        self.hold_on_join
    }

    /// Replaces what a second change does to the hold.
    #[must_use]
    pub const fn with_hold_on_join(mut self, hold: HoldOnJoin) -> Self {
        self.hold_on_join = hold;
        self
    }

    /// Whether meetings that their organiser declined stay as they are. Default `true`. No
    /// source says.
    #[must_use]
    pub const fn skips_declined(&self) -> bool {
        self.skips_declined
    }

    /// Replaces whether such meetings stay as they are.
    #[must_use]
    pub const fn with_skips_declined(mut self, skips: bool) -> Self {
        self.skips_declined = skips;
        self
    }

    /// What becomes of meetings whose product the organiser may no longer have. Default
    /// [`WhenDenied::Fails`]. No source says; no rule of [`trigger`](crate::trigger) takes a
    /// product away by itself, so it is the maker of coordinates who says it.
    #[must_use]
    pub const fn when_denied(&self) -> WhenDenied {
        self.when_denied
    }

    /// Replaces what becomes of such meetings.
    #[must_use]
    pub const fn with_when_denied(mut self, outcome: WhenDenied) -> Self {
        self.when_denied = outcome;
        self
    }

    /// Whether a meeting that has a record, and no block left in any of its bodies, gets
    /// one at the end of each. Default `false`: the manual replaces blocks and adds none
    /// (S:114), and who took the block out may have meant it.
    #[must_use]
    pub const fn appends(&self) -> bool {
        self.appends
    }

    /// Replaces whether lost blocks are added again.
    #[must_use]
    pub const fn with_appends(mut self, appends: bool) -> Self {
        self.appends = appends;
        self
    }

    /// Replaces the time over which the tries are spread; what is below a second is
    /// dropped.
    #[must_use]
    pub const fn with_retry_window(mut self, window: TimeDelta) -> Self {
        self.retry_window = window.num_seconds();
        self
    }

    /// Replaces how long finished jobs stay in the history; what is below a second is
    /// dropped.
    #[must_use]
    pub const fn with_retention(mut self, retention: TimeDelta) -> Self {
        self.retention = retention.num_seconds();
        self
    }

    /// Replaces the bounds on a body.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl Default for Policy {
    /// [`Policy::seed_2018`].
    fn default() -> Self {
        Self::seed_2018()
    }
}
