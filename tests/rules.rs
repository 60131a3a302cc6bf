//! The trigger rules, sentence by sentence, and over all facts there can be.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::BTreeSet;

use meeting_migration::Policy;
use meeting_migration::change::{
    Account, AudioProvider, Change, ChangeKind, GrantScope, Mailbox, Meetings, NumberChange,
    TargetMeetings, Tenant, UpgradeMode,
};
use meeting_migration::policy::{
    ConferenceIdRule, MoveTarget, Recovery, StartByHand, ThirdPartyLicense, ThirdPartyRule,
    UpgradeGrantRule,
};
use meeting_migration::trigger::{
    Decision, IgnoreReason, MigrationKind, RULES, RunReason, WayOut, decide, obstacles, way_out,
};

/// What a row expects.
#[derive(Clone, Copy)]
enum Expect {
    Run(RunReason, MigrationKind),
    Ignore(IgnoreReason),
}
use Expect::{Ignore, Run};
use IgnoreReason as No;
use MigrationKind::{AllToTeams, SfbToSfb, SfbToTeams, TeamsToTeams, ToSameType};
use RunReason as Yes;

/// One sentence: its source, the policy, the change, the facts that differ from the
/// default, and the answer.
type Row = (&'static str, &'static str, &'static str, &'static str, Expect);

#[rustfmt::skip]
const MANUAL: &[Row] = &[
    // The two primary scenarios.
    ("S:43", "seed-2018", "moved-online", "", Run(Yes::MovedOnline, ToSameType)),
    ("S:59", "seed-2018", "moved-online", "mode=teams-only", Run(Yes::MovedOnline, ToSameType)),
    ("S:59", "seed-2018", "moved-online", "audio=none license=no", Run(Yes::MovedOnline, ToSameType)),
    // Where it cannot be used.
    ("S:37", "seed-2018", "moved-online", "mailbox=on-premises", Ignore(No::MailboxOnPremises)),
    ("S:51", "seed-2018", "license-assigned", "mailbox=on-premises", Ignore(No::MailboxOnPremises)),
    ("S:51", "seed-2018", "manual-start", "mailbox=on-premises", Ignore(No::MailboxOnPremises)),
    ("S:37", "current", "upgrade-policy-granted", "mailbox=on-premises", Ignore(No::MailboxOnPremises)),
    ("S:53", "seed-2018", "moved-online", "audio=third-party", Ignore(No::ThirdPartyAudio)),
    ("S:53", "seed-2018", "manual-start", "audio=third-party", Ignore(No::ThirdPartyAudio)),
    ("S:55", "seed-2018", "moved-on-premises", "", Ignore(No::MovedOnPremises)),
    // A third-party provider and licences.
    ("S:77", "seed-2018", "license-assigned", "audio=third-party replace=on", Run(Yes::ThirdPartyReplaced, ToSameType)),
    ("S:79", "seed-2018", "license-assigned", "audio=third-party", Ignore(No::ThirdPartyKept)),
    ("S:79", "seed-2018", "audio-provider-changed", "audio=microsoft", Run(Yes::ProviderIsMicrosoft, ToSameType)),
    // Changes to audio conferencing.
    ("S:85", "seed-2018", "license-assigned", "", Run(Yes::LicenseAssigned, ToSameType)),
    ("S:85", "seed-2018", "license-assigned", "audio=none", Run(Yes::LicenseAssigned, ToSameType)),
    ("S:85", "seed-2018", "license-removed", "audio=none license=no", Run(Yes::LicenseRemoved, ToSameType)),
    ("S:87", "seed-2018", "audio-enabled", "", Run(Yes::AudioEnabled, ToSameType)),
    ("S:87", "seed-2018", "audio-disabled", "audio=none", Run(Yes::AudioDisabled, ToSameType)),
    ("S:87", "seed-2018", "audio-provider-changed", "audio=none", Run(Yes::ProviderIsNone, ToSameType)),
    ("S:89", "seed-2018", "conference-id-changed", "", Run(Yes::ConferenceIdChanged, ToSameType)),
    ("S:89", "seed-2018", "conference-id-reset", "", Run(Yes::ConferenceIdReset, ToSameType)),
    ("S:89", "seed-2018", "conference-id-changed", "meetings=private", Ignore(No::PrivateMeetings)),
    ("S:89", "seed-2018", "conference-id-reset", "meetings=private", Ignore(No::PrivateMeetings)),
    ("S:91", "seed-2018", "moved-to-bridge", "", Run(Yes::MovedToBridge, ToSameType)),
    ("S:93", "seed-2018", "number-unassigned", "", Run(Yes::NumberUnassigned, ToSameType)),
    // Only on the platform's own bridge.
    ("S:96", "seed-2018", "license-removed", "audio=third-party", Ignore(No::ThirdPartyAudio)),
    ("S:96", "seed-2018", "audio-enabled", "audio=third-party", Ignore(No::ThirdPartyAudio)),
    ("S:96", "seed-2018", "audio-provider-changed", "audio=third-party", Ignore(No::ThirdPartyAudio)),
    ("S:96", "seed-2018", r#"{"kind": "audio-provider-changed", "from": "third-party"}"#, "audio=none", Ignore(No::ThirdPartyAudio)),
    ("S:96", "current", "audio-disabled", "audio=third-party", Ignore(No::ThirdPartyAudio)),
    ("S:96", "seed-2018", "moved-to-bridge", "audio=none", Ignore(No::NoAudio)),
    // Changes that never start a run.
    ("S:100", "seed-2018", "sip-address-changed", "", Ignore(No::SipAddress)),
    ("S:100", "seed-2018", r#"{"kind": "sip-address-changed", "part": "domain"}"#, "", Ignore(No::SipAddress)),
    ("DE:2022-05-25", "current", "sip-address-changed", "", Ignore(No::SipAddress)),
    ("S:102", "seed-2018", "meeting-url-changed", "", Ignore(No::MeetingUrl)),
    ("S:102", "current", "meeting-url-changed", "", Ignore(No::MeetingUrl)),
    // The switches.
    ("S:199", "seed-2018", "moved-online", "service=off", Ignore(No::ServiceOff)),
    ("S:201", "current", "license-assigned", "service=off", Ignore(No::ServiceOff)),
    ("S:222", "seed-2018", "license-assigned", "audio-switch=off", Ignore(No::AudioSwitchOff)),
    ("S:225", "current", "moved-to-bridge", "audio-switch=off", Ignore(No::AudioSwitchOff)),
    ("S:59", "seed-2018", "moved-online", "audio-switch=off", Run(Yes::MovedOnline, ToSameType)),
    ("EN-1", "current", "upgrade-policy-granted", "audio-switch=off", Run(Yes::UpgradeGranted, SfbToTeams)),
    // By hand.
    ("S:243", "seed-2018", "manual-start", "", Run(Yes::ManualStart, ToSameType)),
    ("S:243", "seed-2018", "manual-start", "service=off audio-switch=off", Run(Yes::ManualStart, ToSameType)),
    ("S:33", "seed-2018", r#"{"kind": "manual-start", "target": "teams"}"#, "", Ignore(No::NoConversion)),
    ("EN-2", "current", r#"{"kind": "manual-start", "target": "teams"}"#, "", Run(Yes::ManualStart, AllToTeams)),
    ("PS:Start-CsExMeetingMigration", "current", r#"{"kind": "manual-start", "source": "sfb"}"#, "", Run(Yes::ManualStart, SfbToSfb)),
    ("PS:Start-CsExMeetingMigration", "current", r#"{"kind": "manual-start", "source": "sfb", "target": "teams"}"#, "", Run(Yes::ManualStart, SfbToTeams)),
    ("PS:Start-CsExMeetingMigration", "current", r#"{"kind": "manual-start", "source": "teams"}"#, "", Run(Yes::ManualStart, TeamsToTeams)),
    // Later versions.
    ("DE:2022-05-25", "current", "moved-online", "", Run(Yes::MovedOnline, AllToTeams)),
    ("DE:2022-05-25", "current", "moved-online", "audio=third-party", Run(Yes::MovedOnline, AllToTeams)),
    ("SKYPE:Move-CsUser", "seed-2018", "moved-online-forced", "", Ignore(No::MovedByForce)),
    ("LIVE", "current", "moved-on-premises", "", Ignore(No::MovedOnPremises)),
    ("EN-1", "current", "license-assigned", "", Run(Yes::LicenseAssigned, ToSameType)),
    ("EN-1", "current", "license-assigned", "audio=third-party replace=on", Ignore(No::ThirdPartyLicense)),
    ("DE:2019-01-09", "current", "license-removed", "audio=third-party", Ignore(No::ThirdPartyLicense)),
    ("DE:2019-01-09", "current", "audio-provider-changed", "", Run(Yes::ProviderIsMicrosoft, ToSameType)),
    ("EN-1", "current", "audio-provider-changed", "license=no", Ignore(No::NotLicensed)),
    ("PS:Set-CsOnlineDialInConferencingUser", "current", "conference-id-reset", "", Ignore(No::ConferenceIdsDynamic)),
    ("PS:Set-CsOnlineDialInConferencingUser", "current", "conference-id-changed", "", Ignore(No::ConferenceIdsDynamic)),
    ("DE:Teams/change-the-phone-numbers-on-your-audio-conferencing-bridge.md", "current", "default-number-changed", "", Ignore(No::DefaultNumberByHand)),
    ("OLD:Set-CsOnlineDialInConferencingUserDefaultNumber", "seed-2018", r#"{"kind": "default-number-changed", "by": "bulk"}"#, "", Ignore(No::DefaultNumberNotRescheduled)),
    ("OLD:Set-CsOnlineDialInConferencingUserDefaultNumber", "seed-2018", r#"{"kind": "default-number-changed", "by": "bulk-rescheduling"}"#, "", Run(Yes::DefaultNumberRescheduled, ToSameType)),
    ("PS:Set-CsOnlineDialInConferencingTenantSettings", "default-number-runs", "default-number-changed", "", Run(Yes::DefaultNumberChanged, ToSameType)),
    ("S:33", "seed-2018", "upgrade-policy-granted", "", Ignore(No::UpgradeIgnored)),
    ("EN-2", "current", "upgrade-policy-granted", "", Run(Yes::UpgradeGranted, SfbToTeams)),
    ("EN-1", "current", r#"{"kind": "upgrade-policy-granted", "mode": "sfb-with-teams-collab-and-meetings"}"#, "", Run(Yes::UpgradeGranted, SfbToTeams)),
    ("EN-2", "current", r#"{"kind": "upgrade-policy-granted", "mode": "sfb-with-teams-collab"}"#, "", Ignore(No::UpgradeOtherMode)),
    ("EN-2", "current", r#"{"kind": "upgrade-policy-granted", "mode": "islands"}"#, "", Ignore(No::UpgradeOtherMode)),
    ("EN-2", "current", r#"{"kind": "upgrade-policy-granted", "mode": "sfb-only"}"#, "", Ignore(No::UpgradeOtherMode)),
    ("EN-2", "current", r#"{"kind": "upgrade-policy-granted", "scope": "tenant"}"#, "", Ignore(No::UpgradeNotPerUser)),
    ("EN-2", "current", r#"{"kind": "upgrade-policy-granted", "scope": "group"}"#, "", Ignore(No::UpgradeNotPerUser)),
    ("EN-2", "current", r#"{"kind": "upgrade-policy-granted", "migrate_meetings": false}"#, "", Ignore(No::UpgradeOptedOut)),
    ("PS:Grant-CsTeamsUpgradePolicy", "upgrade-by-hand", "upgrade-policy-granted", "", Ignore(No::UpgradeByHand)),
    ("LIVE", "current", "video-interop-changed", "", Ignore(No::VideoInterop)),
    ("LIVE", "seed-2018", "video-interop-changed", "", Ignore(No::VideoInterop)),
    // The same rule in the words of another page.
    ("SKYPE:Update-CsTenantMeetingUrl", "current", "meeting-url-changed", "audio=none", Ignore(No::MeetingUrl)),
    ("PS:Grant-CsTeamsVideoInteropServicePolicy", "current", "video-interop-changed", "mode=islands", Ignore(No::VideoInterop)),
    ("EN-1", "current", r#"{"kind": "upgrade-policy-granted", "mode": "teams-only", "scope": "tenant"}"#, "", Ignore(No::UpgradeNotPerUser)),
    ("DE:Teams/upgrade-to-Teams-on-prem-tools.md", "current", r#"{"kind": "upgrade-policy-granted", "mode": "sfb-with-teams-collab-and-meetings", "scope": "tenant"}"#, "", Ignore(No::UpgradeNotPerUser)),
    ("EN-1", "current", r#"{"kind": "upgrade-policy-granted", "mode": "sfb-only", "scope": "user"}"#, "", Ignore(No::UpgradeOtherMode)),
    ("EN-1", "current", r#"{"kind": "upgrade-policy-granted", "mode": "teams-only", "migrate_meetings": false}"#, "", Ignore(No::UpgradeOptedOut)),
    ("EN-1", "current", "license-removed", "license=no", Run(Yes::LicenseRemoved, ToSameType)),
    ("EN-1", "current", "audio-enabled", "", Run(Yes::AudioEnabled, ToSameType)),
    ("EN-1", "current", "audio-disabled", "", Run(Yes::AudioDisabled, ToSameType)),
    ("EN-1", "current", r#"{"kind": "audio-provider-changed", "from": "third-party"}"#, "audio=microsoft license=yes", Run(Yes::ProviderIsMicrosoft, ToSameType)),
    ("DE:Teams/change-the-phone-numbers-on-your-audio-conferencing-bridge.md", "current", "number-unassigned", "", Run(Yes::NumberUnassigned, ToSameType)),
    ("LIVE", "current", "upgrade-policy-granted", "mode=teams-only", Run(Yes::UpgradeGranted, SfbToTeams)),
];

/// A policy by the name that rows give it.
fn policy(name: &str) -> Policy {
    match name {
        "default-number-runs" => Policy::current().with_default_number_runs(true),
        "upgrade-by-hand" => Policy::current().with_upgrade_grant(UpgradeGrantRule::ByHand),
        preset => Policy::preset(preset).unwrap(),
    }
}

/// The facts that differ from the default, as `key=value` pairs.
fn facts(text: &str) -> (Account, Tenant) {
    let (mut account, mut tenant) = (Account::default(), Tenant::default());
    for pair in text.split_whitespace() {
        let (key, value) = pair.split_once('=').unwrap();
        let quoted = format!("{value:?}");
        match key {
            "mailbox" => account.mailbox = serde_json::from_str(&quoted).unwrap(),
            "audio" => account.audio_provider = serde_json::from_str(&quoted).unwrap(),
            "meetings" => account.meetings = serde_json::from_str(&quoted).unwrap(),
            "mode" => account.upgrade_mode = serde_json::from_str(&quoted).unwrap(),
            "license" => account.audio_license = value == "yes",
            "service" => tenant.meeting_migration_enabled = value == "on",
            "audio-switch" => tenant.automatically_migrate_user_meetings = value == "on",
            "replace" => tenant.automatically_replace_acp_provider = value == "on",
            other => panic!("no fact `{other}`"),
        }
    }
    (account, tenant)
}

fn change(text: &str) -> Change {
    let json = if text.starts_with('{') { text.to_owned() } else { format!("{text:?}") };
    serde_json::from_str(&json).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn each_sentence_of_the_manual_decides_as_it_says() {
    let mut wrong = Vec::new();
    for (source, preset, what, given, expect) in MANUAL {
        let policy = policy(preset);
        let (account, tenant) = facts(given);
        let decision = decide(&change(what), &account, &tenant, &policy);
        let (expected, rule) = match *expect {
            Run(because, kind) => {
                (Decision::Run { kind, hold: policy.hold(), because }, because.rule())
            }
            Ignore(because) => (Decision::Ignore(because), because.rule()),
        };
        if decision != expected {
            wrong.push(format!("{source} {preset} {what} {given}: {decision:?}"));
        }
        if !rule.sources().contains(source) {
            wrong.push(format!("{source} is no source of the row of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_row_of_the_table_has_a_sentence_that_tests_it() {
    let tested: BTreeSet<_> = MANUAL.iter().map(|row| reason(row.4)).collect();
    let table: BTreeSet<_> = RULES
        .iter()
        .map(|rule| match (rule.runs(), rule.ignores()) {
            (Some(because), None) => format!("{because:?}"),
            (None, Some(because)) => format!("{because:?} (ignored)"),
            other => panic!("a row is a run or not, never {other:?}"),
        })
        .collect();
    assert_eq!(table.len(), RULES.len(), "two rows give the same reason");
    assert_eq!(tested, table);

    let reasons = RunReason::ALL.iter().map(|r| format!("{r:?}"));
    let reasons = reasons.chain(No::ALL.iter().map(|r| format!("{r:?} (ignored)")));
    assert_eq!(reasons.collect::<BTreeSet<_>>(), table, "a variant has no row");
}

#[test]
fn each_source_that_a_row_cites_has_a_sentence() {
    let mut untested = Vec::new();
    for rule in RULES {
        assert!(!rule.sources().is_empty(), "{rule:?} has no source");
        for source in rule.sources() {
            let cited = MANUAL.iter().any(|row| {
                row.0 == *source
                    && match row.4 {
                        Run(because, _) => rule.runs() == Some(because),
                        Ignore(because) => rule.ignores() == Some(because),
                    }
            });
            if !cited {
                untested.push(format!("{source}: {}", rule.says()));
            }
        }
    }
    assert!(untested.is_empty(), "{untested:#?}");
}

#[test]
fn each_change_has_a_sentence() {
    let seen: BTreeSet<ChangeKind> = MANUAL.iter().map(|row| change(row.2).kind()).collect();
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), {
        let mut all = ChangeKind::ALL.to_vec();
        all.sort();
        all
    });
}

fn reason(expect: Expect) -> String {
    match expect {
        Run(because, _) => format!("{because:?}"),
        Ignore(because) => format!("{because:?} (ignored)"),
    }
}

/// Every account and tenant there can be: 120 × 8.
fn all_facts() -> Vec<(Account, Tenant)> {
    let mut all = Vec::new();
    for &mailbox in Mailbox::ALL {
        for &audio_provider in AudioProvider::ALL {
            for &meetings in Meetings::ALL {
                for &upgrade_mode in UpgradeMode::ALL {
                    for bits in 0..16_u8 {
                        let mut account = Account::default();
                        account.mailbox = mailbox;
                        account.audio_provider = audio_provider;
                        account.meetings = meetings;
                        account.upgrade_mode = upgrade_mode;
                        account.audio_license = bits & 1 > 0;
                        let mut tenant = Tenant::default();
                        tenant.meeting_migration_enabled = bits & 2 > 0;
                        tenant.automatically_migrate_user_meetings = bits & 4 > 0;
                        tenant.automatically_replace_acp_provider = bits & 8 > 0;
                        all.push((account, tenant));
                    }
                }
            }
        }
    }
    all
}

/// Both presets, and each with one field turned.
fn policies() -> Vec<Policy> {
    let mut all = Vec::new();
    for preset in [Policy::seed_2018(), Policy::current()] {
        all.extend([
            preset.clone().with_converts(!preset.converts()),
            preset.clone().with_move_target(MoveTarget::ByUpgradeMode),
            preset.clone().with_third_party(ThirdPartyRule::NoAudioChanges),
            preset.clone().with_third_party(ThirdPartyRule::NothingRuns),
            preset.clone().with_third_party_license(ThirdPartyLicense::Never),
            preset.clone().with_third_party_license(ThirdPartyLicense::BySwitch),
            preset.clone().with_conference_id(ConferenceIdRule::Unsupported),
            preset.clone().with_conference_id(ConferenceIdRule::PublicMeetings),
            preset.clone().with_default_number_runs(true),
            preset.clone().with_upgrade_grant(UpgradeGrantRule::ByHand),
            preset.clone().with_upgrade_grant(UpgradeGrantRule::PerUser),
            preset.clone().with_recovery(Recovery::Restart),
            preset.clone().with_start_by_hand(StartByHand::HonoursSwitch),
            preset,
        ]);
    }
    all
}

/// The manual once more, as somebody would write it who had never seen the table.
fn runs(change: &Change, account: &Account, tenant: &Tenant, policy: &Policy) -> bool {
    let third_party = account.audio_provider == AudioProvider::ThirdParty;
    let no_audio = account.audio_provider == AudioProvider::None;
    if account.mailbox == Mailbox::OnPremises {
        return false;
    }
    let manual = matches!(change, Change::ManualStart { .. });
    let passes = manual && policy.start_by_hand() == StartByHand::PassesSwitch;
    if !tenant.meeting_migration_enabled && !passes {
        return false;
    }
    let anything_with_third_party = policy.third_party() == ThirdPartyRule::NoAudioChanges;
    let audio = tenant.automatically_migrate_user_meetings;
    match *change {
        Change::SipAddressChanged { .. }
        | Change::MeetingUrlChanged
        | Change::VideoInteropChanged
        | Change::MovedOnPremises
        | Change::MovedOnlineForced => false,
        Change::MovedOnline => !third_party || anything_with_third_party,
        Change::ManualStart { target, .. } => {
            (!third_party || anything_with_third_party)
                && (target == TargetMeetings::Current || policy.converts())
        }
        Change::UpgradePolicyGranted { mode, scope, migrate_meetings } => {
            policy.upgrade_grant() == UpgradeGrantRule::PerUser
                && scope == GrantScope::User
                && matches!(
                    mode,
                    UpgradeMode::TeamsOnly | UpgradeMode::SfbWithTeamsCollabAndMeetings
                )
                && migrate_meetings
                && (!third_party || anything_with_third_party)
        }
        Change::LicenseAssigned => {
            audio
                && (!third_party
                    || (tenant.automatically_replace_acp_provider
                        && policy.third_party_license() == ThirdPartyLicense::BySwitch))
        }
        Change::LicenseRemoved | Change::AudioEnabled | Change::AudioDisabled => {
            audio && !third_party
        }
        Change::AudioProviderChanged { from } => {
            audio
                && match account.audio_provider {
                    AudioProvider::Microsoft => account.audio_license,
                    AudioProvider::ThirdParty => false,
                    _ => from != Some(AudioProvider::ThirdParty),
                }
        }
        Change::ConferenceIdChanged | Change::ConferenceIdReset => {
            audio
                && !third_party
                && !no_audio
                && account.meetings == Meetings::Public
                && policy.conference_id() == ConferenceIdRule::PublicMeetings
        }
        Change::MovedToBridge | Change::NumberUnassigned => audio && !third_party && !no_audio,
        Change::DefaultNumberChanged { by } => {
            let asked = match by {
                NumberChange::BulkRescheduling => true,
                NumberChange::Alone => policy.default_number_runs(),
                _ => false,
            };
            audio && !third_party && !no_audio && asked
        }
        _ => panic!("a new change needs a line here"),
    }
}

#[test]
fn every_combination_of_facts_has_the_answer_that_the_manual_gives() {
    let mut decided = 0;
    let (policies, facts) = (policies(), all_facts());
    for policy in &policies {
        for change in Change::all() {
            for (account, tenant) in &facts {
                let decision = decide(&change, account, tenant, policy);
                let expected = runs(&change, account, tenant, policy);
                let did = matches!(decision, Decision::Run { .. });
                assert_eq!(did, expected, "{change:?} {account:?} {tenant:?}: {decision:?}");
                decided += 1;
            }
        }
    }
    assert_eq!(decided, policies.len() * 58 * 960);
}

#[test]
fn sip_and_url_changes_never_run_for_any_facts() {
    let never = [
        ChangeKind::SipAddressChanged,
        ChangeKind::MeetingUrlChanged,
        ChangeKind::VideoInteropChanged,
        ChangeKind::MovedOnPremises,
        ChangeKind::MovedOnlineForced,
    ];
    for policy in policies() {
        for (account, tenant) in all_facts() {
            for change in Change::all().filter(|change| never.contains(&change.kind())) {
                let decision = decide(&change, &account, &tenant, &policy);
                assert!(matches!(decision, Decision::Ignore(_)), "{change:?} {decision:?}");
            }
        }
    }
}

#[test]
fn in_2018_no_meeting_becomes_another_products() {
    let policy = Policy::seed_2018();
    for (account, tenant) in all_facts() {
        for change in Change::all() {
            if let Decision::Run { kind, .. } = decide(&change, &account, &tenant, &policy) {
                assert!(matches!(kind, ToSameType | SfbToSfb | TeamsToTeams), "{change:?} {kind}");
            }
        }
    }
}

#[test]
fn obstacles_begin_with_the_reason_and_ways_out_lead_somewhere() {
    let by_hand = ChangeKind::ManualStart.change();
    for policy in [Policy::seed_2018(), Policy::current()] {
        for (account, tenant) in all_facts() {
            let starts = decide(&by_hand, &account, &tenant, &policy);
            for change in Change::all() {
                let obstacles = obstacles(&change, &account, &tenant, &policy);
                match decide(&change, &account, &tenant, &policy) {
                    Decision::Run { .. } => assert_eq!(obstacles, []),
                    Decision::Ignore(reason) => {
                        assert_eq!(obstacles.first(), Some(&reason));
                        let ways = way_out(reason, &account, &tenant, &policy);
                        assert!(!ways.is_empty(), "{reason:?} has no way out");
                        let unique: BTreeSet<_> = ways.iter().collect();
                        assert_eq!(unique.len(), ways.len());
                        if ways.contains(&WayOut::StartByHand) {
                            assert!(matches!(starts, Decision::Run { .. }), "{reason:?} {ways:?}");
                        }
                        if policy.recovery() == Recovery::Restart {
                            assert!(!ways.contains(&WayOut::ClientTool));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn moves_can_go_by_the_upgrade_mode() {
    let policy = Policy::current().with_move_target(MoveTarget::ByUpgradeMode);
    for (mode, kind) in [("islands", ToSameType), ("teams-only", AllToTeams)] {
        let (account, tenant) = facts(&format!("mode={mode}"));
        assert!(matches!(
            decide(&Change::MovedOnline, &account, &tenant, &policy),
            Decision::Run { kind: got, .. } if got == kind
        ));
    }
}

#[test]
fn two_kinds_unite_to_what_either_does() {
    use meeting_migration::provider::Provider;
    for &a in MigrationKind::ALL {
        assert_eq!(a.union(a), a);
        for &b in MigrationKind::ALL {
            let both = a.union(b);
            assert_eq!(both, b.union(a));
            for source in [Provider::SKYPE_FOR_BUSINESS, Provider::TEAMS, Provider::ZOOM] {
                let either = [a.target(source), b.target(source)];
                match both.target(source) {
                    None => assert_eq!(either, [None, None]),
                    Some(Provider::TEAMS) => assert!(either.contains(&Some(Provider::TEAMS))),
                    Some(target) => {
                        assert!(either.contains(&Some(target)));
                        assert!(!either.contains(&Some(Provider::TEAMS)));
                    }
                }
            }
            for &c in MigrationKind::ALL {
                assert_eq!(a.union(b).union(c), a.union(b.union(c)));
            }
        }
    }
}

#[test]
fn a_run_starts_when_its_hold_is_over() {
    let noon: chrono::DateTime<chrono::Utc> = "2018-10-04T12:00:00Z".parse().unwrap();
    let ask =
        |change| decide(&change, &Account::default(), &Tenant::default(), &policy("seed-2018"));
    let run = ask(Change::LicenseAssigned);
    let later = noon + chrono::TimeDelta::minutes(90);
    assert_eq!((run.not_before(noon), run.ignored()), (Some(later), None));
    let ignored = ask(Change::MeetingUrlChanged);
    assert_eq!((ignored.not_before(noon), ignored.ignored()), (None, Some(No::MeetingUrl)));
}

#[test]
fn the_ladder_after_a_failure_is_the_presets() {
    use WayOut::{ClientTool, NewMeetings, RepairAndRestart, Support};
    assert_eq!(WayOut::ladder(&Policy::seed_2018()), [ClientTool, NewMeetings, Support]);
    assert_eq!(WayOut::ladder(&Policy::current()), [RepairAndRestart, NewMeetings, Support]);
}
