//! New meeting details from the settings' templates: what a meeting service would make.
//!
//! The same user and meeting always get the same details, in every run and on every
//! machine: they come from a digest of both.

use std::collections::BTreeMap;

use meeting_migration::change::Meetings;
use meeting_migration::meeting::UserId;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::{Coordinates, provider::Provider};
use serde_json::Value;

/// Coordinates with placeholders in their strings.
pub(crate) struct Template {
    provider: Provider,
    json: Value,
    meetings: Meetings,
}

impl Template {
    /// Checks that the template gives coordinates; the error names the key.
    pub(crate) fn new(json: Value, user: &UserId, meetings: Meetings) -> Result<Self, String> {
        let filled = filled(&json, user, "a meeting", meetings);
        let coordinates: Coordinates =
            serde_path_to_error::deserialize(filled).map_err(|error| {
                match error.path().to_string().as_str() {
                    "." => error.inner().to_string(),
                    key => format!("`{key}`: {}", error.inner()),
                }
            })?;
        Ok(Self { provider: coordinates.provider, json, meetings })
    }
}

/// The templates of all users.
pub(crate) struct Templates<'a>(pub(crate) BTreeMap<&'a UserId, &'a [Template]>);

impl Provision for Templates<'_> {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        let templates = self.0.get(&request.organizer).copied().unwrap_or_default();
        let template = templates
            .iter()
            .find(|template| request.target().is_none_or(|wanted| wanted == template.provider))
            .ok_or(ProvisionError::Denied)?;
        let meeting = request.meeting.as_str();
        let json = filled(&template.json, &request.organizer, meeting, template.meetings);
        serde_json::from_value(json).map_err(ProvisionError::other)
    }
}

fn filled(json: &Value, user: &UserId, meeting: &str, meetings: Meetings) -> Value {
    let (user, of_meeting) = (user.as_str(), [user.as_str(), meeting]);
    let of_conference: &[&str] = match meetings {
        Meetings::Public => &of_meeting[..1],
        _ => &of_meeting,
    };
    let mailbox = user.split('@').next().unwrap_or_default();
    let mailbox: String =
        mailbox.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
    let values = [
        ("{id}", drawn("id", &of_meeting, b"0123456789", 13)),
        ("{passcode}", drawn("passcode", &of_meeting, LETTERS, 18)),
        ("{code}", drawn("code", &of_meeting, LETTERS, 8)),
        ("{focus}", drawn("focus", &of_meeting, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 8)),
        ("{conference_id}", drawn("conference", of_conference, b"0123456789", 9)),
        ("{user}", mailbox),
    ];
    fill(json, &values)
}

fn fill(json: &Value, values: &[(&str, String)]) -> Value {
    match json {
        Value::String(text) => {
            let fill = |text: String, (key, value): &(&str, String)| text.replace(key, value);
            Value::String(values.iter().fold(text.clone(), fill))
        }
        Value::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), fill(value, values))).collect()
        }
        other => other.clone(),
    }
}

const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters drawn by a digest (FNV-1a, mixed by SplitMix64) of the fields.
fn drawn(purpose: &str, fields: &[&str], from: &[u8], length: usize) -> String {
    let bytes = std::iter::once(purpose)
        .chain(fields.iter().copied())
        .flat_map(|field| field.bytes().chain(std::iter::once(0)));
    let mut state = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut draw = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    (0..length)
        .filter_map(|_| from.get((draw() % from.len() as u64) as usize))
        .map(|b| char::from(*b))
        .collect()
}
