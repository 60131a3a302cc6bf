//! The new join details, as typed fields: what the new block shows.
//!
//! In: JSON or code. Out: values that are safe to write: every link is `https`, every
//! number a phone number, every language one we have wording for.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::block;
use crate::link::Link;
use crate::private::Private;
use crate::provider::{self, Provider};

/// Where and how to join a meeting from now on.
///
/// Only the provider and the join link are required. Unknown keys are an error when
/// read with serde, so that a misspelt field never goes missing in silence.
///
/// ```
/// use meeting_migration::{Coordinates, provider::Provider};
///
/// let new: Coordinates = serde_json::from_str(
///     r##"{"provider": "teams", "join_url": "https://teams.microsoft.com/meet/234?p=Ab",
///         "conference_id": "123 456 789#",
///         "numbers": [{"number": "+15550100", "kind": "toll", "country": "United States"}]}"##,
/// )?;
/// assert_eq!(new.provider, Provider::TEAMS);
/// // Not every product that is found can be written.
/// assert!(serde_json::from_str::<Coordinates>(
///     r#"{"provider": "jitsi", "join_url": "https://meet.jit.si/Budget"}"#).is_err());
/// assert!(serde_json::from_str::<Coordinates>(
///     r#"{"provider": "teams", "join_url": "http://teams.microsoft.com/meet/234"}"#).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Coordinates {
    /// The product that hosts the meeting: one of [`Provider::WRITTEN`].
    #[serde(deserialize_with = "written")]
    pub provider: Provider,
    /// One or two languages for the labels; empty: the old block's own, else English. More
    /// are an error when read with serde, and not shown otherwise.
    #[serde(default, deserialize_with = "languages", skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// The link to join with.
    pub join_url: Link,
    /// The id to type when joining without the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<Private>,
    /// The passcode that goes with the meeting id: shown as it is, or not at all. One that could
    /// pass for a link or a frame, or has blanks that nobody sees, is an error when read with
    /// serde, and [`Refusal::Unshowable`](crate::block::Refusal::Unshowable) otherwise.
    #[serde(default, deserialize_with = "showable", skip_serializing_if = "Option::is_none")]
    pub passcode: Option<Private>,
    /// The id to enter on a phone, with or without its `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conference_id: Option<Private>,
    /// Phone numbers to dial in with, in the order to show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<PhoneNumber>,
    /// A page with more numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_numbers_url: Option<Link>,
    /// Where an organiser resets the dial-in PIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_pin_url: Option<Link>,
    /// Where an organiser sets the meeting's options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_options_url: Option<Link>,
    /// A page with help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_url: Option<Link>,
    /// How video conferencing devices join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
    /// What the organisation adds to every block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branding: Option<Branding>,
}

fn written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Provider, D::Error> {
    let provider = Provider::deserialize(deserializer)?;
    if Provider::WRITTEN.contains(&provider) {
        return Ok(provider);
    }
    let known = provider::keys(Provider::WRITTEN);
    Err(D::Error::custom(format!(
        "blocks of `{provider}` can be found, not written; a meeting can move to {known}"
    )))
}

fn languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Language>, D::Error> {
    let languages = Vec::<Language>::deserialize(deserializer)?;
    match languages.len() {
        0..=2 => Ok(languages),
        _ => Err(D::Error::custom("a block shows one or two languages")),
    }
}

fn showable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Private>, D::Error> {
    let passcode = Option::<Private>::deserialize(deserializer)?;
    match passcode.as_deref().is_none_or(block::render::is_showable) {
        true => Ok(passcode),
        false => Err(D::Error::custom("a passcode of these characters cannot be shown as it is")),
    }
}

fn not_blank<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Private, D::Error> {
    let text = Private::deserialize(deserializer)?;
    match text.trim().is_empty() {
        false => Ok(text),
        true => Err(D::Error::custom("a device cannot call an empty address")),
    }
}

impl Coordinates {
    /// Coordinates with a join link and nothing else. The provider is one of
    /// [`Provider::WRITTEN`]; for others a rewrite is refused.
    #[must_use]
    pub fn new(provider: Provider, join_url: Link) -> Self {
        Self {
            provider,
            languages: Vec::new(),
            join_url,
            meeting_id: None,
            passcode: None,
            conference_id: None,
            numbers: Vec::new(),
            local_numbers_url: None,
            reset_pin_url: None,
            meeting_options_url: None,
            help_url: None,
            video: None,
            branding: None,
        }
    }
}

/// A phone number to dial in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PhoneNumber {
    /// The number, digits with an optional leading `+`; blanks, dots, dashes, slashes
    /// and parentheses between them are kept as written; where there are none, an
    /// international number is shown in groups.
    pub number: Dial,
    /// Who pays for the call.
    #[serde(default)]
    pub kind: NumberKind,
    /// The country, as it should be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The city, as it should be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
}

impl PhoneNumber {
    /// A number without a place.
    #[must_use]
    pub fn new(number: Dial, kind: NumberKind) -> Self {
        Self { number, kind, country: None, city: None }
    }
}

/// Who pays for a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NumberKind {
    /// The caller.
    #[default]
    Toll,
    /// The organisation.
    TollFree,
}

/// How video conferencing devices join (Cloud Video Interop).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Video {
    /// The address that a device calls: the tenant key. An empty one is an error when read
    /// with serde, and nothing is shown of it otherwise.
    #[serde(deserialize_with = "not_blank")]
    pub address: Private,
    /// The id to enter there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Private>,
    /// A page with more about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info_url: Option<Link>,
}

impl Video {
    /// An address without an id.
    #[must_use]
    pub fn new(address: impl Into<Private>) -> Self {
        Self { address: address.into(), id: None, info_url: None }
    }
}

/// What an organisation adds to every block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Branding {
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<Link>,
    /// The organisation's own help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_url: Option<Link>,
    /// The organisation's legal or privacy page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_url: Option<Link>,
    /// Closing words; line ends in them are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<Private>,
}

/// Something a phone can dial: at most 32 characters, 3 to 20 of them digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Dial(Private);

impl Dial {
    /// Checks that `number` can be dialled.
    ///
    /// # Errors
    /// When it holds anything but digits, one leading `+`, blanks, dots, dashes,
    /// slashes and parentheses, or fewer than 3 or more than 20 digits.
    pub fn new(number: impl Into<String>) -> Result<Self, CoordinatesError> {
        let number = number.into();
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let dialable = number.strip_prefix('+').unwrap_or(&number);
        let known = dialable.bytes().all(|b| b.is_ascii_digit() || b" .-/()".contains(&b));
        if known && number.len() <= 32 && (3..=20).contains(&digits) {
            Ok(Self(number.into()))
        } else {
            Err(CoordinatesError("`number` is not a phone number"))
        }
    }

    /// The number as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What goes into a `tel:` link: digits, after a `+` when there was one. The `(0)` in
    /// `+44 (0)20 7946 0000` is for calls from within the country and is left out; in Italy
    /// it is dialled from everywhere.
    #[must_use]
    pub fn digits(&self) -> String {
        let digits = |text: &str| -> String {
            text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
        };
        match self.0.split_once("(0)").map(|(country, rest)| (digits(country), rest)) {
            Some((country, rest))
                if country.starts_with('+')
                    && (2..=4).contains(&country.len())
                    && !matches!(&*country, "+39" | "+378") =>
            {
                country + &digits(rest)
            }
            _ => digits(&self.0),
        }
    }
}

impl TryFrom<String> for Dial {
    type Error = CoordinatesError;

    fn try_from(number: String) -> Result<Self, Self::Error> {
        Self::new(number)
    }
}

impl From<Dial> for String {
    fn from(dial: Dial) -> Self {
        dial.0.into_string()
    }
}

/// A language that we have wording for, as a tag such as `en-US` or `pt-BR`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// Checks that there is wording for `tag`, a regional variant included.
    ///
    /// # Errors
    /// When there is none; the message names the tag.
    pub fn new(tag: impl Into<String>) -> Result<Self, UnknownLanguage> {
        let tag = tag.into();
        match crate::wording::find(&tag) {
            Some(_) => Ok(Self(tag)),
            None => Err(UnknownLanguage(tag)),
        }
    }

    /// The tag as written.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Language {
    type Error = UnknownLanguage;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        Self::new(tag)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

/// There is no wording for a language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no wording for language `{0}`")]
pub struct UnknownLanguage(String);

/// A value cannot stand in coordinates; the message names the key, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CoordinatesError(&'static str);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_zero_for_calls_within_the_country_is_not_dialled_from_abroad() {
        for (written, dialled) in [
            ("+44 (0)20 7946 0000", "+442079460000"),
            ("+49(0)30 555 0100", "+49305550100"),
            ("+353 (0) 1 555 0100", "+35315550100"),
            ("+39 (0)6 555 0100", "+39065550100"),
            ("(0)20 7946 0000", "02079460000"),
            ("+44 20 (0)946 0000", "+442009460000"),
            ("+15550100", "+15550100"),
        ] {
            let number = Dial::new(written).unwrap();
            assert_eq!((number.digits(), number.as_str()), (dialled.into(), written));
        }
    }

    #[test]
    fn what_would_not_be_shown_is_an_error() {
        let read = |more: &str| {
            let link = "https://teams.microsoft.com/meet/2";
            let json = format!(r#"{{"provider": "teams", "join_url": "{link}", {more}}}"#);
            serde_json::from_str::<Coordinates>(&json).map_err(|error| error.to_string())
        };
        assert!(read(r#""languages": ["en", "de"], "video": {"address": "c@x.example"}"#).is_ok());
        for (more, why) in [
            (r#""languages": ["en", "de", "fr"]"#, "one or two languages"),
            (r#""video": {"address": ""}"#, "empty address"),
            (r#""video": {"address": " "}"#, "empty address"),
        ] {
            let error = read(more).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
