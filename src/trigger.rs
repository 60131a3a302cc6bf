//! When a run is called for.
//!
//! In: a [`Change`], the facts about [`Account`] and [`Tenant`], the [`Policy`]. Out: a
//! [`Decision`] for every combination of them. Never: a clock, a calendar, an error.
//!
//! The rules are one table, [`RULES`], read from top to bottom: the first row whose
//! change and condition fit is the answer. A row cites its sources under the keys of the
//! guide page *When does it run?*, which is printed from this table: `S:n` is line *n* of
//! the manual's page of October 2018, the other keys are its later versions and the
//! command reference.
//!
#![doc = include_str!("../guide/when-does-it-run.md")]

mod rules;

use std::collections::HashSet;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use rules::RULES;

use crate::change::{Account, Change, ChangeKind, SourceMeetings, TargetMeetings, Tenant};
use crate::policy::{Policy, Recovery};
use crate::provider::Provider;

/// What the rules answer to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A job is called for.
    Run {
        /// Which meetings it takes and what they become.
        kind: MigrationKind,
        /// How long it is held, so that a second change can join it: it may start at
        /// the time of the change plus this.
        hold: TimeDelta,
        /// Which rule says so.
        because: RunReason,
    },
    /// Nothing is to be done.
    Ignore(IgnoreReason),
}

impl Decision {
    /// The time before which the run does not start, for a change made at `changed`;
    /// `None` when there is no run.
    #[must_use]
    pub fn not_before(&self, changed: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Run { hold, .. } => changed.checked_add_signed(*hold),
            Self::Ignore(_) => None,
        }
    }

    /// Why nothing is to be done; `None` when there is a run.
    #[must_use]
    pub const fn ignored(&self) -> Option<IgnoreReason> {
        match self {
            Self::Run { .. } => None,
            Self::Ignore(why) => Some(*why),
        }
    }
}

/// Decides what a change calls for. Total, and pure: the same facts always give the same
/// decision.
///
/// ```
/// use meeting_migration::Policy;
/// use meeting_migration::change::{Account, AudioProvider, Change, Tenant};
/// use meeting_migration::trigger::{Decision, IgnoreReason, decide, way_out};
///
/// let (mut account, tenant, policy) = (Account::default(), Tenant::default(), Policy::default());
/// assert!(matches!(decide(&Change::LicenseAssigned, &account, &tenant, &policy),
///     Decision::Run { .. }));
///
/// account.audio_provider = AudioProvider::ThirdParty;
/// let decision = decide(&Change::LicenseAssigned, &account, &tenant, &policy);
/// assert_eq!(decision, Decision::Ignore(IgnoreReason::ThirdPartyKept));
/// assert_eq!(IgnoreReason::ThirdPartyKept.rule().sources(), ["S:79"]);
/// assert!(way_out(IgnoreReason::ThirdPartyKept, &account, &tenant, &policy)[0]
///     .to_string().contains("by hand"));
/// ```
#[must_use]
pub fn decide(change: &Change, account: &Account, tenant: &Tenant, policy: &Policy) -> Decision {
    let case = Case { change, account, tenant, policy };
    let rule = RULES.iter().find(|rule| rule.applies(&case));
    match rule.expect("each kind of change has a row without a condition").outcome {
        Outcome::Run { because, kind } => {
            Decision::Run { kind: kind(&case), hold: policy.hold(), because }
        }
        Outcome::Ignore { because, .. } => Decision::Ignore(because),
    }
}

/// Everything that stands in the way of a run, the reason that [`decide`] gives first;
/// empty exactly when it answers `Run`. For an admin who clears one obstacle and wants
/// to know what comes next.
#[must_use]
pub fn obstacles(
    change: &Change,
    account: &Account,
    tenant: &Tenant,
    policy: &Policy,
) -> Vec<IgnoreReason> {
    let case = Case { change, account, tenant, policy };
    RULES
        .iter()
        .filter(|rule| rule.applies(&case))
        .filter_map(|rule| match rule.outcome {
            Outcome::Ignore { because, .. } => Some(because),
            Outcome::Run { .. } => None,
        })
        .collect()
}

/// What an organiser or admin can do instead, the best first; never empty.
///
/// A start by hand is only advised when it would run for these facts; when it would not,
/// what stands in *its* way is dealt with first.
#[must_use]
pub fn way_out(
    reason: IgnoreReason,
    account: &Account,
    tenant: &Tenant,
    policy: &Policy,
) -> Vec<WayOut> {
    let rungs = |reason: IgnoreReason| {
        reason.rule().ways_out().iter().copied().filter(|way| way.exists(policy))
    };
    let by_hand = decide(&ChangeKind::ManualStart.change(), account, tenant, policy);
    let mut ways = Vec::new();
    for way in rungs(reason) {
        match by_hand {
            Decision::Ignore(first) if way == WayOut::StartByHand => {
                ways.extend(rungs(first).filter(|rung| *rung != WayOut::StartByHand));
            }
            _ => ways.push(way),
        }
    }
    let mut seen = HashSet::new();
    ways.retain(|way| seen.insert(*way));
    ways
}

/// Which meetings a job takes and what they become, under the names that admins know
/// as `MigrationType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MigrationKind {
    /// Meetings of both products, each stays with its product.
    ToSameType,
    /// Skype for Business meetings stay with their product. The original has no name for
    /// what `-SourceMeetingType SfB -TargetMeetingType Current` does.
    SfbToSfb,
    /// Teams meetings stay with their product.
    TeamsToTeams,
    /// Skype for Business meetings become Teams meetings.
    SfbToTeams,
    /// Meetings of both products become, or stay, Teams meetings.
    AllToTeams,
}

impl MigrationKind {
    /// All kinds.
    pub const ALL: &'static [Self] =
        &[Self::ToSameType, Self::SfbToSfb, Self::TeamsToTeams, Self::SfbToTeams, Self::AllToTeams];

    /// What a meeting of `source` becomes; `None` when the job does not take it.
    ///
    /// ```
    /// use meeting_migration::{provider::Provider, trigger::MigrationKind};
    ///
    /// let kind = MigrationKind::SfbToTeams;
    /// assert_eq!(kind.target(Provider::SKYPE_FOR_BUSINESS), Some(Provider::TEAMS));
    /// assert_eq!(kind.target(Provider::TEAMS), None);
    /// ```
    #[must_use]
    pub fn target(self, source: Provider) -> Option<Provider> {
        let (sfb, teams) = self.targets();
        match source {
            Provider::SKYPE_FOR_BUSINESS => sfb,
            Provider::TEAMS => teams,
            _ => None,
        }
    }

    /// The kind that does what either does, so that two changes end in one update per
    /// meeting. Where they differ, becoming a Teams meeting wins: staying would undo
    /// what the other asked for. Commutative, associative, idempotent.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let ((sfb, teams), (other_sfb, other_teams)) = (self.targets(), other.targets());
        let converts = [sfb, other_sfb].contains(&Some(Provider::TEAMS));
        let takes_sfb = sfb.or(other_sfb).is_some();
        let takes_teams = teams.or(other_teams).is_some();
        match (takes_sfb, converts, takes_teams) {
            (true, true, true) => Self::AllToTeams,
            (true, true, false) => Self::SfbToTeams,
            (true, false, true) => Self::ToSameType,
            (true, false, false) => Self::SfbToSfb,
            (false, ..) => Self::TeamsToTeams,
        }
    }

    /// The kind that a manual start with these parameters asks for.
    #[must_use]
    pub const fn of_start(source: SourceMeetings, target: TargetMeetings) -> Self {
        match (source, target) {
            (SourceMeetings::All, TargetMeetings::Current) => Self::ToSameType,
            (SourceMeetings::All, TargetMeetings::Teams) => Self::AllToTeams,
            (SourceMeetings::Sfb, TargetMeetings::Current) => Self::SfbToSfb,
            (SourceMeetings::Sfb, TargetMeetings::Teams) => Self::SfbToTeams,
            (SourceMeetings::Teams, _) => Self::TeamsToTeams,
        }
    }

    /// What Skype for Business meetings become, and what Teams meetings do.
    const fn targets(self) -> (Option<Provider>, Option<Provider>) {
        const SFB: Option<Provider> = Some(Provider::SKYPE_FOR_BUSINESS);
        const TEAMS: Option<Provider> = Some(Provider::TEAMS);
        match self {
            Self::ToSameType => (SFB, TEAMS),
            Self::SfbToSfb => (SFB, None),
            Self::TeamsToTeams => (None, TEAMS),
            Self::SfbToTeams => (TEAMS, None),
            Self::AllToTeams => (TEAMS, TEAMS),
        }
    }
}

impl fmt::Display for MigrationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All reasons, in the order of their rows.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.rule().says)
            }
        }
    };
}

reasons! {
    /// Why a change calls for a run: the row of [`RULES`] that says so. `Display` gives
    /// the rule as a sentence.
    RunReason {
        /// The user came online.
        MovedOnline,
        /// A licence replaces a third-party provider.
        ThirdPartyReplaced,
        /// A licence was assigned.
        LicenseAssigned,
        /// The licence was taken away.
        LicenseRemoved,
        /// Audio conferencing was switched on.
        AudioEnabled,
        /// Audio conferencing was switched off.
        AudioDisabled,
        /// The platform is the audio provider now.
        ProviderIsMicrosoft,
        /// There is no audio provider any more.
        ProviderIsNone,
        /// The shared conference id changed.
        ConferenceIdChanged,
        /// The shared conference id was reset.
        ConferenceIdReset,
        /// The user is on another bridge.
        MovedToBridge,
        /// A number left the bridge.
        NumberUnassigned,
        /// Default numbers were changed in bulk, asking for meetings to be rescheduled.
        DefaultNumberRescheduled,
        /// The default number changed.
        DefaultNumberChanged,
        /// The user schedules in Teams from now on.
        UpgradeGranted,
        /// An admin asked for it.
        ManualStart,
    }
}

reasons! {
    /// Why a change is ignored: the row of [`RULES`] that says so. `Display` gives the
    /// rule as a sentence.
    IgnoreReason {
        /// A SIP address changed.
        SipAddress,
        /// The meeting URL changed.
        MeetingUrl,
        /// The video partner changed.
        VideoInterop,
        /// The user left the cloud.
        MovedOnPremises,
        /// The move was forced.
        MovedByForce,
        /// Nothing is converted, so a mode changes nothing.
        UpgradeIgnored,
        /// Granting no longer migrates anything.
        UpgradeByHand,
        /// The policy was not granted to one user.
        UpgradeNotPerUser,
        /// The mode leaves scheduling where it was.
        UpgradeOtherMode,
        /// The admin said no.
        UpgradeOptedOut,
        /// The mailbox is on-premises.
        MailboxOnPremises,
        /// The third-party numbers stay until the user is provisioned by hand.
        ThirdPartyKept,
        /// A licence means nothing to a user with a third-party provider.
        ThirdPartyLicense,
        /// Another company provides audio conferencing.
        ThirdPartyAudio,
        /// No licence for the platform's audio conferencing.
        NotLicensed,
        /// There is no audio conferencing that could have changed.
        NoAudio,
        /// Conference ids are dynamic.
        ConferenceIdsDynamic,
        /// Each meeting has its own conference id.
        PrivateMeetings,
        /// A default number alone changes no meeting.
        DefaultNumberByHand,
        /// Rescheduling was not asked for.
        DefaultNumberNotRescheduled,
        /// Meetings stay with their product.
        NoConversion,
        /// `MeetingMigrationEnabled` is off.
        ServiceOff,
        /// `AutomaticallyMigrateUserMeetings` is off.
        AudioSwitchOff,
    }
}

impl RunReason {
    /// The row that gives this reason.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        let mut rows = RULES.iter();
        rows.find(|rule| matches!(rule.outcome, Outcome::Run { because, .. } if because == self))
            .expect("each reason has a row, as a test checks")
    }
}

impl IgnoreReason {
    /// The row that gives this reason.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        let mut rows = RULES.iter();
        rows.find(|rule| matches!(rule.outcome, Outcome::Ignore { because, .. } if because == self))
            .expect("each reason has a row, as a test checks")
    }
}

/// What to do when nothing runs, or when a run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WayOut {
    /// An admin starts a run for the user.
    StartByHand,
    /// An admin starts a run with Teams as the target, user by user.
    StartToTeams,
    /// An admin provisions the user for audio conferencing by hand.
    ProvisionByHand,
    /// An admin switches on `AutomaticallyReplaceAcpProvider` before assigning licences.
    ReplaceProviders,
    /// An admin assigns a licence first.
    AssignLicense,
    /// An admin moves the mailbox to the cloud first.
    MoveMailbox,
    /// An admin switches the service on.
    SwitchServiceOn,
    /// An admin switches runs for audio changes on.
    SwitchAudioOn,
    /// An admin sets the new video partner's policy, then starts a run.
    SetVideoPolicy,
    /// An admin chooses a policy under which meetings are converted.
    AllowConversion,
    /// The message says what was wrong: an admin repairs that and starts again.
    RepairAndRestart,
    /// The organiser runs the client tool.
    ClientTool,
    /// The organiser makes new meetings.
    NewMeetings,
    /// Somebody asks support.
    Support,
}

impl WayOut {
    /// The ladder to climb when a run ended `Failed` (S:188 to S:194; from 2021 on
    /// DE:2021-10-07).
    #[must_use]
    pub fn ladder(policy: &Policy) -> Vec<Self> {
        let first = match policy.recovery() {
            Recovery::ClientTool => Self::ClientTool,
            Recovery::Restart => Self::RepairAndRestart,
        };
        vec![first, Self::NewMeetings, Self::Support]
    }

    /// The client tool was dropped in 2021.
    fn exists(self, policy: &Policy) -> bool {
        self != Self::ClientTool || policy.recovery() == Recovery::ClientTool
    }
}

impl fmt::Display for WayOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartByHand => "start a run for the user by hand",
            Self::StartToTeams => "start a run by hand for each user, with Teams as the target",
            Self::ProvisionByHand => {
                "provision the user for audio conferencing by hand, replacing the provider"
            }
            Self::ReplaceProviders => {
                "set AutomaticallyReplaceAcpProvider to true, then assign the licence"
            }
            Self::AssignLicense => "assign an audio-conferencing licence",
            Self::MoveMailbox => "move the mailbox to Exchange Online, then start a run by hand",
            Self::SwitchServiceOn => {
                "set MeetingMigrationEnabled to true, then start a run by hand"
            }
            Self::SwitchAudioOn => {
                "set AutomaticallyMigrateUserMeetings to true before the change, or start a run by \
                 hand"
            }
            Self::SetVideoPolicy => {
                "grant the policy that names the new partner, wait 6 hours for caches, then start \
                 a run by hand"
            }
            Self::AllowConversion => "use a policy that converts meetings, such as `current`",
            Self::RepairAndRestart => "repair what the last message names, then start again",
            Self::ClientTool => "the organiser updates their meetings with the client tool",
            Self::NewMeetings => "the organiser creates new meetings",
            Self::Support => "ask support",
        })
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Rule {
    on: &'static [ChangeKind],
    when: Option<Condition>,
    outcome: Outcome,
    says: &'static str,
    sources: &'static [&'static str],
}

impl Rule {
    /// The changes it is about.
    #[must_use]
    pub const fn changes(&self) -> &'static [ChangeKind] {
        self.on
    }

    /// What else must hold, in words; `None` when nothing else must.
    #[must_use]
    pub fn condition(&self) -> Option<&'static str> {
        self.when.as_ref().map(|when| when.said)
    }

    /// The rule as a sentence.
    #[must_use]
    pub const fn says(&self) -> &'static str {
        self.says
    }

    /// Where it comes from, the first source first.
    #[must_use]
    pub const fn sources(&self) -> &'static [&'static str] {
        self.sources
    }

    /// The reason it gives for a run, when it calls for one.
    #[must_use]
    pub const fn runs(&self) -> Option<RunReason> {
        match self.outcome {
            Outcome::Run { because, .. } => Some(because),
            Outcome::Ignore { .. } => None,
        }
    }

    /// The reason it gives for ignoring a change, when it does.
    #[must_use]
    pub const fn ignores(&self) -> Option<IgnoreReason> {
        match self.outcome {
            Outcome::Ignore { because, .. } => Some(because),
            Outcome::Run { .. } => None,
        }
    }

    /// What to do instead, the best first; empty for a run. [`way_out`] fits it to facts.
    #[must_use]
    pub const fn ways_out(&self) -> &'static [WayOut] {
        match self.outcome {
            Outcome::Ignore { ways_out, .. } => ways_out,
            Outcome::Run { .. } => &[],
        }
    }

    fn applies(&self, case: &Case<'_>) -> bool {
        self.on.contains(&case.change.kind())
            && self.when.as_ref().is_none_or(|when| (when.holds)(case))
    }
}

/// What has to hold, for the reader and for the machine.
#[derive(Debug)]
struct Condition {
    said: &'static str,
    holds: fn(&Case<'_>) -> bool,
}

#[derive(Debug)]
enum Outcome {
    Run { because: RunReason, kind: fn(&Case<'_>) -> MigrationKind },
    Ignore { because: IgnoreReason, ways_out: &'static [WayOut] },
}

/// One question to the table.
#[derive(Debug)]
struct Case<'a> {
    change: &'a Change,
    account: &'a Account,
    tenant: &'a Tenant,
    policy: &'a Policy,
}
