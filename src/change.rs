//! What an admin did, and the facts about account and tenant that the rules look at.
//!
//! In: JSON or code. Out: small finite values. Never: an address, a name, a date: the
//! rules need none of them.
//!
//! Facts are as they stand **once the change is made**. Where a change itself says
//! something about the account (`license-assigned`), the change is believed.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an admin did to an account or a tenant.
///
/// In JSON a change is its name; details that are not the default turn it into an
/// object with its name under `kind`.
///
/// ```
/// use meeting_migration::change::{Change, GrantScope, UpgradeMode};
///
/// let plain: Change = serde_json::from_str(r#""license-assigned""#)?;
/// assert_eq!(plain, Change::LicenseAssigned);
///
/// let granted: Change =
///     serde_json::from_str(r#"{"kind": "upgrade-policy-granted", "scope": "tenant"}"#)?;
/// assert_eq!(
///     granted,
///     Change::UpgradePolicyGranted {
///         mode: UpgradeMode::TeamsOnly,
///         scope: GrantScope::Tenant,
///         migrate_meetings: true,
///     }
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// The user was moved from an on-premises server to the cloud.
    MovedOnline,
    /// The same, by force: the account only, without contacts and meetings.
    MovedOnlineForced,
    /// The user was moved from the cloud to an on-premises server.
    MovedOnPremises,
    /// An audio-conferencing licence was assigned.
    LicenseAssigned,
    /// The audio-conferencing licence was taken away.
    LicenseRemoved,
    /// Audio conferencing was switched on for the user.
    AudioEnabled,
    /// Audio conferencing was switched off for the user.
    AudioDisabled,
    /// The audio provider is another one now; [`Account::audio_provider`] says which.
    AudioProviderChanged {
        /// The provider before, when it is known (JSON: `from`).
        from: Option<AudioProvider>,
    },
    /// The user got another conference id.
    ConferenceIdChanged,
    /// The user's conference id was reset.
    ConferenceIdReset,
    /// The user was moved to another audio-conferencing bridge.
    MovedToBridge,
    /// A phone number was taken off a bridge that the user's meetings show.
    NumberUnassigned,
    /// The user's default number is another one now.
    DefaultNumberChanged {
        /// How it was changed (JSON: `by`). Default [`NumberChange::Alone`].
        by: NumberChange,
    },
    /// The organiser's SIP address is another one now.
    SipAddressChanged {
        /// Which part of it (JSON: `part`). Default [`SipPart::User`].
        part: SipPart,
    },
    /// The organisation's meeting URL is another one now.
    MeetingUrlChanged,
    /// An upgrade policy was granted.
    UpgradePolicyGranted {
        /// The mode it sets (JSON: `mode`). Default [`UpgradeMode::TeamsOnly`].
        mode: UpgradeMode,
        /// To whom (JSON: `scope`). Default [`GrantScope::User`].
        scope: GrantScope,
        /// Whether the admin let meetings be migrated (JSON: `migrate_meetings`).
        /// Default `true`.
        migrate_meetings: bool,
    },
    /// Video devices join through another partner now.
    VideoInteropChanged,
    /// An admin asked for a run.
    ManualStart {
        /// Which meetings (JSON: `source`). Default [`SourceMeetings::All`].
        source: SourceMeetings,
        /// What they become (JSON: `target`). Default [`TargetMeetings::Current`].
        target: TargetMeetings,
    },
}

impl Change {
    /// Every change with every detail it can have: 58 values.
    pub fn all() -> impl Iterator<Item = Self> {
        ChangeKind::ALL.iter().flat_map(|kind| kind.changes())
    }

    /// Which of the changes this is, without its details.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::MovedOnline => ChangeKind::MovedOnline,
            Self::MovedOnlineForced => ChangeKind::MovedOnlineForced,
            Self::MovedOnPremises => ChangeKind::MovedOnPremises,
            Self::LicenseAssigned => ChangeKind::LicenseAssigned,
            Self::LicenseRemoved => ChangeKind::LicenseRemoved,
            Self::AudioEnabled => ChangeKind::AudioEnabled,
            Self::AudioDisabled => ChangeKind::AudioDisabled,
            Self::AudioProviderChanged { .. } => ChangeKind::AudioProviderChanged,
            Self::ConferenceIdChanged => ChangeKind::ConferenceIdChanged,
            Self::ConferenceIdReset => ChangeKind::ConferenceIdReset,
            Self::MovedToBridge => ChangeKind::MovedToBridge,
            Self::NumberUnassigned => ChangeKind::NumberUnassigned,
            Self::DefaultNumberChanged { .. } => ChangeKind::DefaultNumberChanged,
            Self::SipAddressChanged { .. } => ChangeKind::SipAddressChanged,
            Self::MeetingUrlChanged => ChangeKind::MeetingUrlChanged,
            Self::UpgradePolicyGranted { .. } => ChangeKind::UpgradePolicyGranted,
            Self::VideoInteropChanged => ChangeKind::VideoInteropChanged,
            Self::ManualStart { .. } => ChangeKind::ManualStart,
        }
    }
}

/// Names a [`Change`] without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is documented at the variant of `Change` of its name")]
pub enum ChangeKind {
    MovedOnline,
    MovedOnlineForced,
    MovedOnPremises,
    LicenseAssigned,
    LicenseRemoved,
    AudioEnabled,
    AudioDisabled,
    AudioProviderChanged,
    ConferenceIdChanged,
    ConferenceIdReset,
    MovedToBridge,
    NumberUnassigned,
    DefaultNumberChanged,
    SipAddressChanged,
    MeetingUrlChanged,
    UpgradePolicyGranted,
    VideoInteropChanged,
    ManualStart,
}

impl ChangeKind {
    /// All of them, in the order in which documentation lists them.
    pub const ALL: &'static [Self] = &[
        Self::MovedOnline,
        Self::MovedOnlineForced,
        Self::MovedOnPremises,
        Self::LicenseAssigned,
        Self::LicenseRemoved,
        Self::AudioEnabled,
        Self::AudioDisabled,
        Self::AudioProviderChanged,
        Self::ConferenceIdChanged,
        Self::ConferenceIdReset,
        Self::MovedToBridge,
        Self::NumberUnassigned,
        Self::DefaultNumberChanged,
        Self::SipAddressChanged,
        Self::MeetingUrlChanged,
        Self::UpgradePolicyGranted,
        Self::VideoInteropChanged,
        Self::ManualStart,
    ];

    /// Its name in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::MovedOnline => "moved-online",
            Self::MovedOnlineForced => "moved-online-forced",
            Self::MovedOnPremises => "moved-on-premises",
            Self::LicenseAssigned => "license-assigned",
            Self::LicenseRemoved => "license-removed",
            Self::AudioEnabled => "audio-enabled",
            Self::AudioDisabled => "audio-disabled",
            Self::AudioProviderChanged => "audio-provider-changed",
            Self::ConferenceIdChanged => "conference-id-changed",
            Self::ConferenceIdReset => "conference-id-reset",
            Self::MovedToBridge => "moved-to-bridge",
            Self::NumberUnassigned => "number-unassigned",
            Self::DefaultNumberChanged => "default-number-changed",
            Self::SipAddressChanged => "sip-address-changed",
            Self::MeetingUrlChanged => "meeting-url-changed",
            Self::UpgradePolicyGranted => "upgrade-policy-granted",
            Self::VideoInteropChanged => "video-interop-changed",
            Self::ManualStart => "manual-start",
        }
    }

    /// Whether it changes audio conferencing, so that `AutomaticallyMigrateUserMeetings`
    /// governs it.
    #[must_use]
    pub const fn is_audio(self) -> bool {
        matches!(
            self,
            Self::LicenseAssigned
                | Self::LicenseRemoved
                | Self::AudioEnabled
                | Self::AudioDisabled
                | Self::AudioProviderChanged
                | Self::ConferenceIdChanged
                | Self::ConferenceIdReset
                | Self::MovedToBridge
                | Self::NumberUnassigned
                | Self::DefaultNumberChanged
        )
    }

    /// The change of this kind whose details are all the default.
    #[must_use]
    pub const fn change(self) -> Change {
        match self {
            Self::MovedOnline => Change::MovedOnline,
            Self::MovedOnlineForced => Change::MovedOnlineForced,
            Self::MovedOnPremises => Change::MovedOnPremises,
            Self::LicenseAssigned => Change::LicenseAssigned,
            Self::LicenseRemoved => Change::LicenseRemoved,
            Self::AudioEnabled => Change::AudioEnabled,
            Self::AudioDisabled => Change::AudioDisabled,
            Self::AudioProviderChanged => Change::AudioProviderChanged { from: None },
            Self::ConferenceIdChanged => Change::ConferenceIdChanged,
            Self::ConferenceIdReset => Change::ConferenceIdReset,
            Self::MovedToBridge => Change::MovedToBridge,
            Self::NumberUnassigned => Change::NumberUnassigned,
            Self::DefaultNumberChanged => Change::DefaultNumberChanged { by: NumberChange::Alone },
            Self::SipAddressChanged => Change::SipAddressChanged { part: SipPart::User },
            Self::MeetingUrlChanged => Change::MeetingUrlChanged,
            Self::UpgradePolicyGranted => Change::UpgradePolicyGranted {
                mode: UpgradeMode::TeamsOnly,
                scope: GrantScope::User,
                migrate_meetings: true,
            },
            Self::VideoInteropChanged => Change::VideoInteropChanged,
            Self::ManualStart => {
                Change::ManualStart { source: SourceMeetings::All, target: TargetMeetings::Current }
            }
        }
    }

    /// Every change of this kind.
    fn changes(self) -> Vec<Change> {
        match self {
            Self::AudioProviderChanged => std::iter::once(None)
                .chain(AudioProvider::ALL.iter().copied().map(Some))
                .map(|from| Change::AudioProviderChanged { from })
                .collect(),
            Self::DefaultNumberChanged => {
                NumberChange::ALL.iter().map(|&by| Change::DefaultNumberChanged { by }).collect()
            }
            Self::SipAddressChanged => {
                SipPart::ALL.iter().map(|&part| Change::SipAddressChanged { part }).collect()
            }
            Self::UpgradePolicyGranted => UpgradeMode::ALL
                .iter()
                .flat_map(|&mode| GrantScope::ALL.iter().map(move |&scope| (mode, scope)))
                .flat_map(|(mode, scope)| {
                    [true, false].map(|migrate_meetings| Change::UpgradePolicyGranted {
                        mode,
                        scope,
                        migrate_meetings,
                    })
                })
                .collect(),
            Self::ManualStart => SourceMeetings::ALL
                .iter()
                .flat_map(|&source| {
                    TargetMeetings::ALL
                        .iter()
                        .map(move |&target| Change::ManualStart { source, target })
                })
                .collect(),
            plain => vec![plain.change()],
        }
    }
}

impl From<ChangeKind> for Change {
    fn from(kind: ChangeKind) -> Self {
        kind.change()
    }
}

macro_rules! fact {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }
    };
}

fact! {
    /// Where a mailbox lives.
    Mailbox {
        /// In the cloud.
        #[default]
        Online,
        /// On a server of the organisation.
        OnPremises,
    }
}
fact! {
    /// Who provides a user's audio conferencing.
    AudioProvider {
        /// The platform itself.
        #[default]
        Microsoft,
        /// Another company.
        ThirdParty,
        /// Nobody.
        None,
    }
}
fact! {
    /// Whether the meetings of a user share one conference id.
    Meetings {
        /// They share one, which stays as it is until an admin changes it.
        #[default]
        Public,
        /// Each meeting has its own.
        Private,
    }
}
fact! {
    /// In which product a user schedules meetings while an organisation upgrades.
    UpgradeMode {
        /// In either.
        Islands,
        /// Skype for Business.
        SfbOnly,
        /// Skype for Business; Teams for collaboration.
        SfbWithTeamsCollab,
        /// Teams; Skype for Business for chat and calls.
        SfbWithTeamsCollabAndMeetings,
        /// Teams.
        #[default]
        TeamsOnly,
    }
}
fact! {
    /// To whom a policy was granted.
    GrantScope {
        /// To one user.
        #[default]
        User,
        /// To a group.
        Group,
        /// To the whole organisation.
        Tenant,
    }
}
fact! {
    /// How a default number was changed.
    NumberChange {
        /// For one user, in the admin centre.
        #[default]
        Alone,
        /// For many users at once, their meetings left as they are.
        Bulk,
        /// For many users at once, asking for their meetings to be rescheduled.
        BulkRescheduling,
    }
}
fact! {
    /// A part of a SIP address.
    SipPart {
        /// Before the `@`.
        #[default]
        User,
        /// After it.
        Domain,
    }
}
fact! {
    /// Which meetings a manual start takes.
    SourceMeetings {
        /// Of both products.
        #[default]
        All,
        /// Those of Skype for Business.
        Sfb,
        /// Those of Teams.
        Teams,
    }
}
fact! {
    /// What the meetings of a manual start become.
    TargetMeetings {
        /// Each stays with its product.
        #[default]
        Current,
        /// All become Teams meetings.
        Teams,
    }
}

/// The facts about one account, as they stand once the change is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// Where the mailbox lives. Default online.
    pub mailbox: Mailbox,
    /// Who provides audio conferencing. Default the platform itself.
    pub audio_provider: AudioProvider,
    /// Whether the user has an audio-conferencing licence. Default `true`.
    pub audio_license: bool,
    /// Whether the user's meetings share one conference id. Default public.
    pub meetings: Meetings,
    /// In which product the user schedules meetings. Default Teams only. Looked at when
    /// [`MoveTarget::ByUpgradeMode`](crate::policy::MoveTarget) is set.
    pub upgrade_mode: UpgradeMode,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            mailbox: Mailbox::Online,
            audio_provider: AudioProvider::Microsoft,
            audio_license: true,
            meetings: Meetings::Public,
            upgrade_mode: UpgradeMode::TeamsOnly,
        }
    }
}

/// The switches of a tenant, under the names that its admins know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Tenant {
    /// `MeetingMigrationEnabled`: whether anything runs by itself. Default `true`
    /// (S:199).
    pub meeting_migration_enabled: bool,
    /// `AutomaticallyMigrateUserMeetings`: whether changes to audio conferencing do.
    /// Default `true`.
    pub automatically_migrate_user_meetings: bool,
    /// `AutomaticallyReplaceAcpProvider`: whether a licence replaces a third-party audio
    /// provider. Default `false`: the numbers that people know stay.
    pub automatically_replace_acp_provider: bool,
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            meeting_migration_enabled: true,
            automatically_migrate_user_meetings: true,
            automatically_replace_acp_provider: false,
        }
    }
}

/// A change with details, as JSON spells it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<ChangeKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<AudioProvider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<NumberChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<SipPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<UpgradeMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<GrantScope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    migrate_meetings: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceMeetings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<TargetMeetings>,
}

impl Details {
    /// Gives the details to the change they belong to; names one that is left over.
    fn apply(mut self, kind: ChangeKind) -> Result<Change, &'static str> {
        let mut change = kind.change();
        match &mut change {
            Change::AudioProviderChanged { from } => *from = self.from.take(),
            Change::DefaultNumberChanged { by } => *by = self.by.take().unwrap_or(*by),
            Change::SipAddressChanged { part } => *part = self.part.take().unwrap_or(*part),
            Change::UpgradePolicyGranted { mode, scope, migrate_meetings } => {
                *mode = self.mode.take().unwrap_or(*mode);
                *scope = self.scope.take().unwrap_or(*scope);
                *migrate_meetings = self.migrate_meetings.take().unwrap_or(*migrate_meetings);
            }
            Change::ManualStart { source, target } => {
                *source = self.source.take().unwrap_or(*source);
                *target = self.target.take().unwrap_or(*target);
            }
            _ => {}
        }
        let left = [
            ("from", self.from.is_some()),
            ("by", self.by.is_some()),
            ("part", self.part.is_some()),
            ("mode", self.mode.is_some()),
            ("scope", self.scope.is_some()),
            ("migrate_meetings", self.migrate_meetings.is_some()),
            ("source", self.source.is_some()),
            ("target", self.target.is_some()),
        ];
        match left.iter().find(|(_, given)| *given) {
            Some((key, _)) => Err(key),
            None => Ok(change),
        }
    }

    fn of(change: &Change) -> Self {
        let mut details = Self { kind: Some(change.kind()), ..Self::default() };
        match *change {
            Change::AudioProviderChanged { from } => details.from = from,
            Change::DefaultNumberChanged { by } => details.by = Some(by),
            Change::SipAddressChanged { part } => details.part = Some(part),
            Change::UpgradePolicyGranted { mode, scope, migrate_meetings } => {
                details.mode = Some(mode);
                details.scope = Some(scope);
                details.migrate_meetings = Some(migrate_meetings);
            }
            Change::ManualStart { source, target } => {
                details.source = Some(source);
                details.target = Some(target);
            }
            _ => {}
        }
        details
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == self.kind().change() {
            self.kind().serialize(serializer)
        } else {
            Details::of(self).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrDetails;

        impl<'de> serde::de::Visitor<'de> for NameOrDetails {
            type Value = Change;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a change, or an object with its `kind`")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Change, E> {
                let name = serde::de::value::StrDeserializer::new(name);
                ChangeKind::deserialize(name).map(ChangeKind::change)
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Change, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                let details = Details::deserialize(map)?;
                let kind = details.kind.ok_or_else(|| A::Error::missing_field("kind"))?;
                details.apply(kind).map_err(|key| {
                    A::Error::custom(format!("`{}` has no detail `{key}`", kind.key()))
                })
            }
        }

        deserializer.deserialize_any(NameOrDetails)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_change_reads_back_and_keys_are_the_names_in_json() {
        for change in Change::all() {
            let json = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), change, "{json}");
        }
        for kind in ChangeKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
            assert_eq!(serde_json::to_value(kind.change()).unwrap(), kind.key());
            assert_eq!(kind.change().kind(), *kind);
        }
        assert_eq!((ChangeKind::ALL.len(), Change::all().count()), (18, 58));
    }

    #[test]
    fn a_detail_of_another_change_is_named() {
        let error = serde_json::from_str::<Change>(r#"{"kind": "moved-online", "part": "user"}"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("`moved-online` has no detail `part`"), "{error}");
        let error = serde_json::from_str::<Change>(r#"{"kind": "manual-start", "sauce": "all"}"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("unknown field `sauce`"), "{error}");
        assert!(serde_json::from_str::<Change>(r#"{"part": "user"}"#).is_err());
    }
}
