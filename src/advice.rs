//! What an admin wants to read before the evening of the move.
//!
//! In: what is intended for which users, the facts about them, the limits of the mail
//! system. Out: [`Advice`], a list, and the [message](advance_notice) that tells organisers
//! what is going to happen. Never: a change, a mail sent, a clock.

mod notice;

pub use notice::{Announcement, Message, advance_notice};

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::{Account, AudioProvider, Change, ChangeKind, Mailbox, Tenant};
use crate::eligibility::{self, SkipReason, Verdict};
use crate::mail::{MessageId, Notice};
use crate::meeting::{Address, Meeting, UserId};
use crate::policy::{Policy, ThirdPartyLicense};
use crate::trigger::{self, Decision, IgnoreReason, MigrationKind, WayOut};

/// Something that an admin means to do for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Step {
    /// Move the mailbox to the cloud.
    MoveMailbox,
    /// Make a change that the rules know. A provider is taken to become the platform.
    Make(Change),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MoveMailbox => f.write_str("move-mailbox"),
            Self::Make(change) => f.write_str(change.kind().key()),
        }
    }
}

/// A user before anything is done, and how much a run would touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The facts as they are now.
    pub account: Account,
    /// What a run would touch, when the calendar was looked at.
    pub footprint: Option<Footprint>,
}

impl User {
    /// A user whose calendar nobody has looked at yet.
    #[must_use]
    pub const fn new(account: Account) -> Self {
        Self { account, footprint: None }
    }

    /// The same user with what a run would touch.
    #[must_use]
    pub fn with_footprint(mut self, footprint: Footprint) -> Self {
        self.footprint = Some(footprint);
        self
    }
}

/// How much a run would touch, counted before any block is looked for: an upper bound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Footprint {
    /// Meetings that are eligible.
    pub meetings: usize,
    /// Meetings that stay as they are, by reason.
    pub skipped: BTreeMap<SkipReason, usize>,
    /// Notices: one for each eligible meeting that has attendees, and one more for all who
    /// are invited to other parts of it.
    pub notices: usize,
    /// Recipients of all notices together.
    pub recipients: usize,
    /// Those of them outside the organisation.
    pub external_recipients: usize,
    /// Recipients of the largest notice.
    pub largest: usize,
}

impl Footprint {
    /// Counts a calendar. `is_external` tells which addresses are outside the
    /// organisation.
    pub fn of<'a>(
        meetings: impl IntoIterator<Item = &'a Meeting>,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &Policy,
        is_external: impl Fn(&Address) -> bool,
    ) -> Self {
        let mut footprint = Self::default();
        for meeting in meetings {
            footprint.add(meeting, kind, now, policy, &is_external);
        }
        footprint
    }

    /// Counts one meeting more, so that a calendar need not be in memory as a whole.
    pub fn add(
        &mut self,
        meeting: &Meeting,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &Policy,
        is_external: impl Fn(&Address) -> bool,
    ) {
        match eligibility::judge(meeting, kind, now, policy) {
            Verdict::Skip(reason) => *self.skipped.entry(reason).or_default() += 1,
            Verdict::Migrate => {
                self.meetings += 1;
                for notice in notices(meeting, kind, now, policy) {
                    let told = &notice.recipients;
                    self.notices += 1;
                    self.recipients += told.len();
                    self.external_recipients += told.iter().filter(|to| is_external(to)).count();
                    self.largest = self.largest.max(told.len());
                }
            }
        }
    }
}

/// What a mail system bears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLimits {
    messages_per_minute: usize,
    recipients_per_day: usize,
    recipients_per_message: usize,
    external_per_day: usize,
}

impl MailLimits {
    /// Exchange Online for a tenant with this many licences: of one mailbox 30 messages
    /// a minute and 10,000 recipients a day, 500 recipients a message, and of the tenant
    /// 500 × licences^0.7 + 9,500 external recipients in 24 hours.
    ///
    /// ```
    /// use meeting_migration::advice::MailLimits;
    ///
    /// assert_eq!(MailLimits::exchange_online(100).external_per_day(), 22_059);
    /// ```
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 500 × 2^22.4 + 9,500, and never negative"
    )]
    pub fn exchange_online(licenses: u32) -> Self {
        Self {
            messages_per_minute: 30,
            recipients_per_day: 10_000,
            recipients_per_message: 500,
            external_per_day: (500.0 * f64::from(licenses).powf(0.7) + 9_500.0).round() as usize,
        }
    }

    /// Messages that one mailbox may send in a minute.
    #[must_use]
    pub const fn messages_per_minute(&self) -> usize {
        self.messages_per_minute
    }

    /// Recipients to whom one mailbox may send in a day.
    #[must_use]
    pub const fn recipients_per_day(&self) -> usize {
        self.recipients_per_day
    }

    /// Recipients that one message may have.
    #[must_use]
    pub const fn recipients_per_message(&self) -> usize {
        self.recipients_per_message
    }

    /// External recipients to whom the tenant may send in 24 hours.
    #[must_use]
    pub const fn external_per_day(&self) -> usize {
        self.external_per_day
    }

    /// Replaces the messages a minute; 0 counts as 1.
    #[must_use]
    pub const fn with_messages_per_minute(mut self, messages: usize) -> Self {
        self.messages_per_minute = messages;
        self
    }

    /// Replaces the recipients a day; 0 counts as 1.
    #[must_use]
    pub const fn with_recipients_per_day(mut self, recipients: usize) -> Self {
        self.recipients_per_day = recipients;
        self
    }

    /// Replaces the recipients of a message; 0 counts as 1.
    #[must_use]
    pub const fn with_recipients_per_message(mut self, recipients: usize) -> Self {
        self.recipients_per_message = recipients;
        self
    }

    /// Replaces the external recipients of the tenant; 0 counts as 1.
    #[must_use]
    pub const fn with_external_per_day(mut self, recipients: usize) -> Self {
        self.external_per_day = recipients;
        self
    }
}

/// One thing to know, or to do, before the changes are made. `Display` names users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "advice", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Advice {
    /// In this order fewer runs are called for: the mailbox before the user (S:65), the
    /// licence before the move (S:67). In the end the user has the same either way.
    Reorder {
        /// Whose steps.
        user: UserId,
        /// The steps in the better order.
        steps: Vec<Step>,
        /// Runs in this order.
        runs: usize,
        /// Runs in the order that was intended.
        instead_of: usize,
    },
    /// More than one run is called for in any order: make the steps within the hold, so
    /// that one run does all.
    KeepTogether {
        /// Whose steps.
        user: UserId,
        /// Runs, were the steps further apart.
        runs: usize,
        /// The hold, in minutes.
        within_minutes: i64,
    },
    /// A step will not lead to a run.
    WillNotRun {
        /// Whose step.
        user: UserId,
        /// The step.
        change: ChangeKind,
        /// Why not.
        reason: IgnoreReason,
        /// What to do instead.
        way_out: Vec<WayOut>,
    },
    /// These meetings will be updated and these people told.
    Touches {
        /// Whose meetings.
        user: UserId,
        /// What becomes of them.
        kind: MigrationKind,
        /// How many; `None` when the calendar was not looked at.
        footprint: Option<Footprint>,
    },
    /// One mailbox would send so many notices that it takes at least so long.
    TakesTime {
        /// Whose mailbox.
        user: UserId,
        /// How many notices.
        notices: usize,
        /// At least so many minutes.
        minutes: usize,
    },
    /// One mailbox would tell more people than it may in a day.
    MailboxOverDay {
        /// Whose mailbox.
        user: UserId,
        /// How many recipients.
        recipients: usize,
        /// How many it may have.
        limit: usize,
        /// Over how many days to spread the run.
        days: usize,
    },
    /// A notice would have more recipients than a message may.
    MessageTooLarge {
        /// Whose notice.
        user: UserId,
        /// How many recipients.
        recipients: usize,
        /// How many it may have.
        limit: usize,
    },
    /// All runs together would tell more people outside than the tenant may in a day.
    TenantOverDay {
        /// How many external recipients.
        recipients: usize,
        /// How many it may have.
        limit: usize,
        /// Over how many days to spread the runs.
        days: usize,
    },
    /// Notices go out in the organisers' names, so they should hear of it first (S:140):
    /// [`advance_notice`] writes the message.
    TellOrganizers {
        /// How many organisers.
        organizers: usize,
        /// How many people will hear from them, counted once per notice.
        recipients: usize,
    },
}

/// Advises on what is intended, in the order in which it is intended: first what to do
/// otherwise, user by user, then what all of it amounts to. Cost: linear in steps, and
/// quadratic in the steps of one user.
///
/// A user who is not in `users` has the default account. While a move online is ahead of
/// a user, nothing else runs: there is nothing online yet.
///
/// ```
/// use meeting_migration::advice::{MailLimits, Step, advise};
/// use meeting_migration::change::{Change, Tenant};
/// use meeting_migration::Policy;
///
/// let intended = [Change::MovedOnline, Change::LicenseAssigned]
///     .map(|change| ("ana@contoso.example".into(), Step::Make(change)));
/// let advice = advise(&intended, &Default::default(), &Tenant::default(), &Policy::default(),
///     &MailLimits::exchange_online(100));
/// assert_eq!(advice[0].to_string(),
///     "ana@contoso.example: license-assigned, then moved-online; runs: 1 instead of 2");
/// ```
#[must_use]
pub fn advise(
    intended: &[(UserId, Step)],
    users: &BTreeMap<UserId, User>,
    tenant: &Tenant,
    policy: &Policy,
    mail: &MailLimits,
) -> Vec<Advice> {
    let unknown = User::default();
    let mut advice = Vec::new();
    let mut total = Footprint::default();
    let mut organizers = 0;
    for (user, given) in by_user(intended) {
        let facts = users.get(user).unwrap_or(&unknown);
        let as_given = rehearse(&given, facts.account, tenant, policy);
        let better = [rank, |step: &Step| match rank(step) {
            1 => 2,
            rank => rank,
        }]
        .into_iter()
        .find_map(|rank| {
            let mut steps = given.clone();
            steps.sort_by_key(rank);
            let rehearsed = rehearse(&steps, facts.account, tenant, policy);
            rehearsed.is_better_than(&as_given).then_some((steps, rehearsed))
        });
        let chosen = match better {
            Some((steps, as_advised)) => {
                advice.push(Advice::Reorder {
                    user: user.clone(),
                    steps,
                    runs: as_advised.runs,
                    instead_of: as_given.runs,
                });
                as_advised
            }
            None => as_given,
        };
        if chosen.runs > 1 {
            advice.push(Advice::KeepTogether {
                user: user.clone(),
                runs: chosen.runs,
                within_minutes: policy.hold().num_minutes(),
            });
        }
        for (change, reason, way_out) in chosen.ignored {
            advice.push(Advice::WillNotRun { user: user.clone(), change, reason, way_out });
        }
        if let Some(kind) = chosen.kind {
            organizers += 1;
            let footprint = facts.footprint.clone();
            advice.push(Advice::Touches { user: user.clone(), kind, footprint });
            if let Some(footprint) = &facts.footprint {
                advice.extend(against_mailbox(user, footprint, mail));
                total.recipients += footprint.recipients;
                total.external_recipients += footprint.external_recipients;
            }
        }
    }
    let (external, limit) = (total.external_recipients, mail.external_per_day);
    if external > limit {
        let days = external.div_ceil(limit.max(1));
        advice.push(Advice::TenantOverDay { recipients: external, limit, days });
    }
    if organizers > 0 {
        advice.push(Advice::TellOrganizers { organizers, recipients: total.recipients });
    }
    advice
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reorder { user, steps, runs, instead_of } => {
                let steps: Vec<_> = steps.iter().map(ToString::to_string).collect();
                let steps = steps.join(", then ");
                write!(f, "{user}: {steps}; runs: {runs} instead of {instead_of}")
            }
            Self::KeepTogether { user, runs, within_minutes } => write!(
                f,
                "{user}: make all changes within {within_minutes} minutes, or {runs} runs follow"
            ),
            Self::WillNotRun { user, change, reason, way_out } => {
                write!(f, "{user}: {} starts no run. {reason}", change.key())?;
                if let Some(way) = way_out.first() {
                    write!(f, " Instead: {way}.")?;
                }
                Ok(())
            }
            Self::Touches { user, kind, footprint: None } => {
                write!(f, "{user}: a run {kind}; the calendar was not looked at")
            }
            Self::Touches { user, kind, footprint: Some(footprint) } => write!(
                f,
                "{user}: a run {kind}, at most {} meetings, {} notices to {} recipients",
                footprint.meetings, footprint.notices, footprint.recipients
            ),
            Self::TakesTime { user, notices, minutes } => {
                write!(f, "{user}: {notices} notices take at least {minutes} minutes")
            }
            Self::MailboxOverDay { user, recipients, limit, days } => write!(
                f,
                "{user}: {recipients} recipients where {limit} a day are allowed; spread over \
                 {days} days"
            ),
            Self::MessageTooLarge { user, recipients, limit } => {
                write!(f, "{user}: a notice to {recipients} recipients where {limit} are allowed")
            }
            Self::TenantOverDay { recipients, limit, days } => write!(
                f,
                "all: {recipients} external recipients where {limit} a day are allowed; spread \
                 over {days} days"
            ),
            Self::TellOrganizers { organizers, recipients } => write!(
                f,
                "all: tell {organizers} organisers in advance; {recipients} recipients will hear \
                 from them"
            ),
        }
    }
}

/// What comes of steps in some order.
#[derive(Default)]
struct Rehearsal {
    runs: usize,
    kind: Option<MigrationKind>,
    ignored: Vec<(ChangeKind, IgnoreReason, Vec<WayOut>)>,
    /// The facts in the end.
    account: Account,
}

impl Rehearsal {
    /// Whether this order spares somebody a run, or reaches one that the other misses, and
    /// leaves the user with the same in the end.
    fn is_better_than(&self, other: &Self) -> bool {
        self.account == other.account && self.is_more_useful_than(other)
    }

    fn is_more_useful_than(&self, other: &Self) -> bool {
        match (self.kind.is_some(), other.kind.is_some()) {
            (true, false) => true,
            (false, true) => false,
            _ => self.runs < other.runs || self.ignored.len() < other.ignored.len(),
        }
    }
}

fn rehearse(steps: &[Step], mut account: Account, tenant: &Tenant, policy: &Policy) -> Rehearsal {
    let mut rehearsal = Rehearsal::default();
    for (position, step) in steps.iter().enumerate() {
        let Step::Make(change) = step else {
            account.mailbox = Mailbox::Online;
            continue;
        };
        let replaced = replaces_provider(change, &account, tenant, policy);
        make(change, &mut account);
        let ahead = steps.iter().skip(position + 1);
        if ahead.into_iter().any(|later| *later == Step::Make(Change::MovedOnline)) {
            continue;
        }
        match trigger::decide(change, &account, tenant, policy) {
            Decision::Run { kind, .. } => {
                rehearsal.runs += 1;
                rehearsal.kind = Some(rehearsal.kind.map_or(kind, |before| before.union(kind)));
            }
            Decision::Ignore(reason) => {
                let way_out = trigger::way_out(reason, &account, tenant, policy);
                rehearsal.ignored.push((change.kind(), reason, way_out));
            }
        }
        if replaced {
            account.audio_provider = AudioProvider::Microsoft;
        }
    }
    rehearsal.account = account;
    rehearsal
}

/// The facts once a change is made.
fn make(change: &Change, account: &mut Account) {
    match change {
        Change::LicenseAssigned => {
            account.audio_license = true;
            if account.audio_provider == AudioProvider::None {
                account.audio_provider = AudioProvider::Microsoft;
            }
        }
        Change::LicenseRemoved => {
            account.audio_license = false;
            if account.audio_provider == AudioProvider::Microsoft {
                account.audio_provider = AudioProvider::None;
            }
        }
        Change::AudioEnabled if account.audio_provider == AudioProvider::None => {
            account.audio_provider = AudioProvider::Microsoft;
        }
        Change::AudioDisabled if account.audio_provider == AudioProvider::Microsoft => {
            account.audio_provider = AudioProvider::None;
        }
        Change::AudioProviderChanged { .. } => account.audio_provider = AudioProvider::Microsoft,
        Change::UpgradePolicyGranted { mode, .. } => account.upgrade_mode = *mode,
        _ => {}
    }
}

/// Whether this licence replaces a third party, which the rules judge before it happens.
fn replaces_provider(change: &Change, account: &Account, tenant: &Tenant, policy: &Policy) -> bool {
    *change == Change::LicenseAssigned
        && account.audio_provider == AudioProvider::ThirdParty
        && tenant.automatically_replace_acp_provider
        && policy.third_party_license() == ThirdPartyLicense::BySwitch
}

/// Mailbox, licence, other audio changes, policies, the move, and a start by hand last.
fn rank(step: &Step) -> u8 {
    match step {
        Step::MoveMailbox => 0,
        Step::Make(change) => match change.kind() {
            ChangeKind::LicenseAssigned => 1,
            kind if kind.is_audio() => 2,
            ChangeKind::MovedOnline => 4,
            ChangeKind::ManualStart => 5,
            _ => 3,
        },
    }
}

fn against_mailbox(user: &UserId, footprint: &Footprint, mail: &MailLimits) -> Vec<Advice> {
    let mut advice = Vec::new();
    let notices = footprint.notices;
    if notices > mail.messages_per_minute {
        let minutes = notices.div_ceil(mail.messages_per_minute.max(1));
        advice.push(Advice::TakesTime { user: user.clone(), notices, minutes });
    }
    if footprint.recipients > mail.recipients_per_day {
        advice.push(Advice::MailboxOverDay {
            user: user.clone(),
            recipients: footprint.recipients,
            limit: mail.recipients_per_day,
            days: footprint.recipients.div_ceil(mail.recipients_per_day.max(1)),
        });
    }
    if footprint.largest > mail.recipients_per_message {
        advice.push(Advice::MessageTooLarge {
            user: user.clone(),
            recipients: footprint.largest,
            limit: mail.recipients_per_message,
        });
    }
    advice
}

/// Each user's steps, in the order of users' first steps.
fn by_user(intended: &[(UserId, Step)]) -> Vec<(&UserId, Vec<Step>)> {
    let mut steps: BTreeMap<&UserId, Vec<Step>> = BTreeMap::new();
    for (user, step) in intended {
        steps.entry(user).or_default().push(*step);
    }
    intended.iter().filter_map(|(user, _)| steps.remove_entry(user)).collect()
}

/// The notices about a meeting: to the attendees of the parts that are rewritten.
fn notices(
    meeting: &Meeting,
    kind: MigrationKind,
    now: DateTime<Utc>,
    policy: &Policy,
) -> Vec<Notice> {
    let rewritten: Vec<_> = eligibility::parts(meeting, kind, now, policy)
        .into_iter()
        .filter(|(_, verdict)| *verdict == Verdict::Migrate)
        .map(|(part, _)| part)
        .collect();
    let nobody = UserId::from("");
    Notice::all(&MessageId::from(""), &nobody, meeting, &rewritten, policy.notify_declined())
}
