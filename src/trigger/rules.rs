//! The table of [`decide`](super::decide), row by row.
//!
//! What never runs comes first, then what is wrong with the account, then the switches;
//! what is left runs. Each kind of change ends in a row without a condition.

use super::{Case, Condition, IgnoreReason, MigrationKind, Outcome, Rule, RunReason, WayOut};
use crate::change::{
    AudioProvider, Change, ChangeKind, GrantScope, Mailbox, Meetings, NumberChange, TargetMeetings,
    UpgradeMode,
};
use crate::policy::{
    ConferenceIdRule, MoveTarget, StartByHand, ThirdPartyLicense, ThirdPartyRule, UpgradeGrantRule,
};

use ChangeKind as On;

/// Every rule, in the order in which it is asked.
pub static RULES: &[Rule] = &[
    ignore(
        IgnoreReason::SipAddress,
        &[On::SipAddressChanged],
        ALWAYS,
        "A new SIP address of the organiser, in user part or domain, never starts a run.",
        &["S:100", "DE:2022-05-25"],
        &[WayOut::StartByHand, WayOut::ClientTool, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::MeetingUrl,
        &[On::MeetingUrlChanged],
        ALWAYS,
        "A new meeting URL of the organisation never starts a run, though the old links die.",
        &["S:102", "SKYPE:Update-CsTenantMeetingUrl"],
        &[WayOut::StartByHand, WayOut::ClientTool, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::VideoInterop,
        &[On::VideoInteropChanged],
        ALWAYS,
        "A new video-interop partner never starts a run by itself.",
        &["LIVE", "PS:Grant-CsTeamsVideoInteropServicePolicy"],
        &[WayOut::SetVideoPolicy, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::MovedOnPremises,
        &[On::MovedOnPremises],
        ALWAYS,
        "A move from the cloud to an on-premises server is not covered.",
        &["S:55", "LIVE"],
        &[WayOut::ClientTool, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::MovedByForce,
        &[On::MovedOnlineForced],
        ALWAYS,
        "A forced move takes the account alone; contacts and meetings are left behind.",
        &["SKYPE:Move-CsUser"],
        &[WayOut::StartByHand, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::UpgradeIgnored,
        &[On::UpgradePolicyGranted],
        when("the policy knows no upgrade", |c| {
            c.policy.upgrade_grant() == UpgradeGrantRule::Ignored
        }),
        "Meetings of one product are not turned into the other's, so a new mode changes none.",
        &["S:33"],
        &[WayOut::AllowConversion, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::UpgradeByHand,
        &[On::UpgradePolicyGranted],
        when("under the policy, admins start after a grant", |c| {
            c.policy.upgrade_grant() == UpgradeGrantRule::ByHand
        }),
        "Granting a mode no longer starts a run; admins start it themselves.",
        &["PS:Grant-CsTeamsUpgradePolicy"],
        &[WayOut::StartToTeams],
    ),
    ignore(
        IgnoreReason::UpgradeNotPerUser,
        &[On::UpgradePolicyGranted],
        when("granted to a group or the whole tenant", |c| {
            matches!(c.change, Change::UpgradePolicyGranted { scope, .. }
                if *scope != GrantScope::User)
        }),
        "A mode granted to more than one user at once starts no run.",
        &["EN-1", "EN-2", "DE:Teams/upgrade-to-Teams-on-prem-tools.md"],
        &[WayOut::StartToTeams],
    ),
    ignore(
        IgnoreReason::UpgradeOtherMode,
        &[On::UpgradePolicyGranted],
        when("neither Teams only nor Skype for Business with Teams meetings", |c| {
            matches!(c.change, Change::UpgradePolicyGranted { mode, .. }
                if !matches!(mode, UpgradeMode::TeamsOnly
                    | UpgradeMode::SfbWithTeamsCollabAndMeetings))
        }),
        "Only modes that schedule in Teams convert meetings; nothing is converted back.",
        &["EN-1", "EN-2"],
        &[WayOut::StartByHand],
    ),
    ignore(
        IgnoreReason::UpgradeOptedOut,
        &[On::UpgradePolicyGranted],
        when("the admin asked for meetings to stay", |c| {
            matches!(c.change, Change::UpgradePolicyGranted { migrate_meetings: false, .. })
        }),
        "The admin granted the mode without migrating meetings.",
        &["EN-1", "EN-2"],
        &[WayOut::StartToTeams],
    ),
    ignore(
        IgnoreReason::MailboxOnPremises,
        MAY_RUN,
        when("the mailbox is on-premises", |c| c.account.mailbox == Mailbox::OnPremises),
        "The organiser's mailbox must be in Exchange Online.",
        &["S:37", "S:51"],
        &[WayOut::MoveMailbox, WayOut::ClientTool, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::ThirdPartyKept,
        &[On::LicenseAssigned],
        when(
            "a third-party provider, AutomaticallyReplaceAcpProvider is off, and the policy goes \
             by it",
            |c| {
                third_party(c)
                    && c.policy.third_party_license() == ThirdPartyLicense::BySwitch
                    && !c.tenant.automatically_replace_acp_provider
            },
        ),
        "A licence does not replace a third-party provider unless the tenant says so.",
        &["S:79"],
        &[WayOut::ProvisionByHand, WayOut::ReplaceProviders, WayOut::ClientTool],
    ),
    ignore(
        IgnoreReason::ThirdPartyLicense,
        &[On::LicenseAssigned, On::LicenseRemoved],
        when("a third-party provider, and the policy lets licences change nothing then", |c| {
            third_party(c) && c.policy.third_party_license() == ThirdPartyLicense::Never
        }),
        "A licence changes nothing for a user with a third-party audio provider.",
        &["EN-1", "DE:2019-01-09"],
        &[WayOut::ProvisionByHand, WayOut::ClientTool],
    ),
    ignore(
        IgnoreReason::ThirdPartyAudio,
        MAY_RUN,
        when(
            "the provider is a third party, or was one and is none now; under `current` only for \
             changes to audio conferencing",
            |c| {
                let concerned = c.change.kind().is_audio()
                    || c.policy.third_party() == ThirdPartyRule::NothingRuns;
                let replaced = c.change.kind() == On::LicenseAssigned
                    && c.policy.third_party_license() == ThirdPartyLicense::BySwitch;
                concerned && !replaced && (third_party(c) || third_party_left(c))
            },
        ),
        "With a third-party audio provider meetings are not updated.",
        &["S:53", "S:96"],
        &[WayOut::ProvisionByHand, WayOut::ClientTool, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::NotLicensed,
        &[On::AudioProviderChanged],
        when("the provider is the platform, and the user has no licence", |c| {
            c.account.audio_provider == AudioProvider::Microsoft && !c.account.audio_license
        }),
        "The platform as the new provider counts once the user is licensed.",
        &["EN-1"],
        &[WayOut::AssignLicense],
    ),
    ignore(
        IgnoreReason::NoAudio,
        &[
            On::ConferenceIdChanged,
            On::ConferenceIdReset,
            On::MovedToBridge,
            On::NumberUnassigned,
            On::DefaultNumberChanged,
        ],
        when("no audio provider", |c| c.account.audio_provider == AudioProvider::None),
        "Ids, bridges and numbers matter on the platform's own bridge only.",
        &["S:96"],
        &[WayOut::AssignLicense],
    ),
    ignore(
        IgnoreReason::ConferenceIdsDynamic,
        &[On::ConferenceIdChanged, On::ConferenceIdReset],
        when("the policy knows dynamic ids only", |c| {
            c.policy.conference_id() == ConferenceIdRule::Unsupported
        }),
        "Conference ids are dynamic since 2022; setting one has no effect on meetings.",
        &["PS:Set-CsOnlineDialInConferencingUser"],
        &[WayOut::StartByHand],
    ),
    ignore(
        IgnoreReason::PrivateMeetings,
        &[On::ConferenceIdChanged, On::ConferenceIdReset],
        when("private meetings", |c| c.account.meetings == Meetings::Private),
        "A user's conference id stands in public meetings only; private ones have their own.",
        &["S:89"],
        &[WayOut::StartByHand],
    ),
    ignore(
        IgnoreReason::DefaultNumberByHand,
        &[On::DefaultNumberChanged],
        when("for one user, and the policy does not let that run", |c| {
            by(c, NumberChange::Alone) && !c.policy.default_number_runs()
        }),
        "A default number changed in the admin centre starts no run.",
        &["DE:Teams/change-the-phone-numbers-on-your-audio-conferencing-bridge.md"],
        &[WayOut::StartByHand],
    ),
    ignore(
        IgnoreReason::DefaultNumberNotRescheduled,
        &[On::DefaultNumberChanged],
        when("in bulk, without asking for meetings to be rescheduled", |c| {
            by(c, NumberChange::Bulk)
        }),
        "A bulk change of default numbers reschedules meetings only when it is told to.",
        &["OLD:Set-CsOnlineDialInConferencingUserDefaultNumber"],
        &[WayOut::StartByHand],
    ),
    ignore(
        IgnoreReason::NoConversion,
        &[On::ManualStart],
        when("the target is Teams, and the policy converts nothing", |c| {
            matches!(c.change, Change::ManualStart { target: TargetMeetings::Teams, .. })
                && !c.policy.converts()
        }),
        "Meetings of one product are not turned into the other's.",
        &["S:33"],
        &[WayOut::StartByHand, WayOut::AllowConversion, WayOut::NewMeetings],
    ),
    ignore(
        IgnoreReason::ServiceOff,
        MAY_RUN,
        when(
            "MeetingMigrationEnabled is off; a manual start passes unless the policy says no",
            |c| {
                !c.tenant.meeting_migration_enabled
                    && (c.change.kind() != On::ManualStart
                        || c.policy.start_by_hand() == StartByHand::HonoursSwitch)
            },
        ),
        "The tenant has switched meeting migration off.",
        &["S:199", "S:201"],
        &[WayOut::SwitchServiceOn, WayOut::StartByHand, WayOut::ClientTool],
    ),
    ignore(
        IgnoreReason::AudioSwitchOff,
        AUDIO,
        when("AutomaticallyMigrateUserMeetings is off", |c| {
            !c.tenant.automatically_migrate_user_meetings
        }),
        "The tenant has switched meeting migration off for changes to audio conferencing.",
        &["S:222", "S:225"],
        &[WayOut::SwitchAudioOn, WayOut::ClientTool],
    ),
    run(
        RunReason::MovedOnline,
        &[On::MovedOnline],
        ALWAYS,
        "A user who came online gets all future meetings updated.",
        &["S:43", "S:59", "DE:2022-05-25"],
        |c| match c.policy.move_target() {
            MoveTarget::Same => MigrationKind::ToSameType,
            MoveTarget::ByUpgradeMode if c.account.upgrade_mode != UpgradeMode::TeamsOnly => {
                MigrationKind::ToSameType
            }
            MoveTarget::ByUpgradeMode | MoveTarget::Teams => MigrationKind::AllToTeams,
        },
    ),
    run(
        RunReason::ThirdPartyReplaced,
        &[On::LicenseAssigned],
        when("a third-party provider, and AutomaticallyReplaceAcpProvider is on", third_party),
        "A licence replaces the third-party numbers when the tenant says so.",
        &["S:77"],
        same_type,
    ),
    run(
        RunReason::LicenseAssigned,
        &[On::LicenseAssigned],
        ALWAYS,
        "A licence for audio conferencing adds numbers to meetings.",
        &["S:85", "EN-1"],
        same_type,
    ),
    run(
        RunReason::LicenseRemoved,
        &[On::LicenseRemoved],
        ALWAYS,
        "Without a licence the numbers leave the meetings.",
        &["S:85", "EN-1"],
        same_type,
    ),
    run(
        RunReason::AudioEnabled,
        &[On::AudioEnabled],
        ALWAYS,
        "Enabling audio conferencing updates meetings.",
        &["S:87", "EN-1"],
        same_type,
    ),
    run(
        RunReason::AudioDisabled,
        &[On::AudioDisabled],
        ALWAYS,
        "Disabling audio conferencing updates meetings.",
        &["S:87", "EN-1"],
        same_type,
    ),
    run(
        RunReason::ProviderIsMicrosoft,
        &[On::AudioProviderChanged],
        when("the provider is the platform", |c| {
            c.account.audio_provider == AudioProvider::Microsoft
        }),
        "The platform as the new provider puts its numbers into meetings.",
        &["S:79", "EN-1", "DE:2019-01-09"],
        same_type,
    ),
    run(
        RunReason::ProviderIsNone,
        &[On::AudioProviderChanged],
        ALWAYS,
        "Having no provider any more is audio conferencing disabled.",
        &["S:87"],
        same_type,
    ),
    run(
        RunReason::ConferenceIdChanged,
        &[On::ConferenceIdChanged],
        ALWAYS,
        "A new conference id of a user with public meetings updates them.",
        &["S:89"],
        same_type,
    ),
    run(
        RunReason::ConferenceIdReset,
        &[On::ConferenceIdReset],
        ALWAYS,
        "A reset conference id of a user with public meetings updates them.",
        &["S:89"],
        same_type,
    ),
    run(
        RunReason::MovedToBridge,
        &[On::MovedToBridge],
        ALWAYS,
        "Another bridge has other numbers.",
        &["S:91"],
        same_type,
    ),
    run(
        RunReason::NumberUnassigned,
        &[On::NumberUnassigned],
        ALWAYS,
        "A number that leaves the bridge leaves the meetings first, step by step.",
        &["S:93", "DE:Teams/change-the-phone-numbers-on-your-audio-conferencing-bridge.md"],
        same_type,
    ),
    run(
        RunReason::DefaultNumberRescheduled,
        &[On::DefaultNumberChanged],
        when("in bulk, asking for meetings to be rescheduled", |c| {
            by(c, NumberChange::BulkRescheduling)
        }),
        "A bulk change of default numbers reschedules meetings when it is told to.",
        &["OLD:Set-CsOnlineDialInConferencingUserDefaultNumber"],
        same_type,
    ),
    run(
        RunReason::DefaultNumberChanged,
        &[On::DefaultNumberChanged],
        ALWAYS,
        "A new default number updates meetings, by the words of the switch itself.",
        &["PS:Set-CsOnlineDialInConferencingTenantSettings"],
        same_type,
    ),
    run(
        RunReason::UpgradeGranted,
        &[On::UpgradePolicyGranted],
        ALWAYS,
        "A mode that schedules in Teams, granted to one user, converts their meetings.",
        &["EN-1", "EN-2", "LIVE"],
        |_| MigrationKind::SfbToTeams,
    ),
    run(
        RunReason::ManualStart,
        &[On::ManualStart],
        ALWAYS,
        "An admin queues one user.",
        &["S:243", "EN-2", "PS:Start-CsExMeetingMigration"],
        |c| match *c.change {
            Change::ManualStart { source, target } => MigrationKind::of_start(source, target),
            _ => MigrationKind::ToSameType,
        },
    ),
];

/// Changes that some facts let run.
const MAY_RUN: &[On] = &[
    On::MovedOnline,
    On::LicenseAssigned,
    On::LicenseRemoved,
    On::AudioEnabled,
    On::AudioDisabled,
    On::AudioProviderChanged,
    On::ConferenceIdChanged,
    On::ConferenceIdReset,
    On::MovedToBridge,
    On::NumberUnassigned,
    On::DefaultNumberChanged,
    On::UpgradePolicyGranted,
    On::ManualStart,
];

/// Changes to audio conferencing.
const AUDIO: &[On] = &[
    On::LicenseAssigned,
    On::LicenseRemoved,
    On::AudioEnabled,
    On::AudioDisabled,
    On::AudioProviderChanged,
    On::ConferenceIdChanged,
    On::ConferenceIdReset,
    On::MovedToBridge,
    On::NumberUnassigned,
    On::DefaultNumberChanged,
];

const ALWAYS: Option<Condition> = None;

const fn when(said: &'static str, holds: fn(&Case<'_>) -> bool) -> Option<Condition> {
    Some(Condition { said, holds })
}

const fn ignore(
    because: IgnoreReason,
    on: &'static [On],
    when: Option<Condition>,
    says: &'static str,
    sources: &'static [&'static str],
    ways_out: &'static [WayOut],
) -> Rule {
    Rule { on, when, outcome: Outcome::Ignore { because, ways_out }, says, sources }
}

const fn run(
    because: RunReason,
    on: &'static [On],
    when: Option<Condition>,
    says: &'static str,
    sources: &'static [&'static str],
    kind: fn(&Case<'_>) -> MigrationKind,
) -> Rule {
    Rule { on, when, outcome: Outcome::Run { because, kind }, says, sources }
}

fn third_party(case: &Case<'_>) -> bool {
    case.account.audio_provider == AudioProvider::ThirdParty
}

/// The numbers in the meetings are a former third party's.
fn third_party_left(case: &Case<'_>) -> bool {
    case.account.audio_provider == AudioProvider::None
        && matches!(
            case.change,
            Change::AudioProviderChanged { from: Some(AudioProvider::ThirdParty) }
        )
}

fn by(case: &Case<'_>, how: NumberChange) -> bool {
    matches!(case.change, Change::DefaultNumberChanged { by } if *by == how)
}

const fn same_type(_: &Case<'_>) -> MigrationKind {
    MigrationKind::ToSameType
}
