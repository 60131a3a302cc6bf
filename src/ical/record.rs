//! What calendars store about the online meeting beside the bodies, as properties.
//!
//! In: an event's properties. Out: a [`Record`], or changes that make them say a new
//! one. Never: a line that this module does not know.

use crate::coordinates::{Coordinates, NumberKind};
use crate::meeting::Record;
use crate::private::Private;
use crate::provider::marks::Marks;
use crate::provider::{self, Provider};

use super::document::{Document, Property};
use super::splice::Splice;
use super::text::Kind;

/// A property that is part of a record.
struct Field {
    name: &'static str,
    holds: Holds,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The link to join with; the provider unless its host says another.
    JoinUrl(Option<Provider>),
    /// The id to enter on a phone.
    ConferenceId,
    Number(NumberKind),
    /// Something that names the old meeting and that only its service can write.
    Handle,
    /// Something that names the provider.
    Product,
}

/// In the order in which they are believed.
const FIELDS: &[Field] = &[
    Field {
        name: "X-MICROSOFT-SKYPETEAMSMEETINGURL",
        holds: Holds::JoinUrl(Some(Provider::TEAMS)),
    },
    Field {
        name: "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
        holds: Holds::JoinUrl(Some(Provider::SKYPE_FOR_BUSINESS)),
    },
    Field { name: "X-GOOGLE-CONFERENCE", holds: Holds::JoinUrl(Some(Provider::GOOGLE_MEET)) },
    Field { name: "CONFERENCE", holds: Holds::JoinUrl(None) },
    Field { name: "X-MICROSOFT-ONLINEMEETINGCONFERENCEID", holds: Holds::ConferenceId },
    Field { name: "X-MICROSOFT-ONLINEMEETINGTOLLNUMBER", holds: Holds::Number(NumberKind::Toll) },
    Field {
        name: "X-MICROSOFT-ONLINEMEETINGTOLLFREENUMBER",
        holds: Holds::Number(NumberKind::TollFree),
    },
    Field { name: "X-MICROSOFT-ONLINEMEETINGCONFLINK", holds: Holds::Handle },
    Field { name: "X-MICROSOFT-ONLINEMEETINGINTERNALLINK", holds: Holds::Handle },
    Field { name: "X-MICROSOFT-SCHEDULINGSERVICEUPDATEURL", holds: Holds::Handle },
    Field { name: "X-MICROSOFT-SKYPETEAMSPROPERTIES", holds: Holds::Handle },
    Field { name: "X-MICROSOFT-CONFERENCETELURI", holds: Holds::Handle },
    Field { name: "X-MICROSOFT-ONLINEMEETINGINFORMATION", holds: Holds::Product },
];

/// The product whose link it is, by its shape.
fn provider_of(url: &str) -> Option<Provider> {
    let known = |marks: &&&Marks| marks.joins.iter().any(|shape| shape.matches(url));
    provider::MARKS.iter().find(known).map(|marks| marks.provider)
}

fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// Whether a property of that name belongs to a record.
pub(crate) fn is_part(name: &str) -> bool {
    field(name).is_some()
}

fn value(property: &Property<'_>) -> String {
    String::from_utf8_lossy(&property.text()).trim().to_owned()
}

/// The record of one event.
pub(crate) fn read(document: &Document, component: usize) -> Option<Record> {
    let mut links = Vec::new();
    let (mut handle, mut conference_id) = (None, None);
    for property in document.own_properties(component) {
        let Some(rank) = FIELDS.iter().position(|field| field.name == property.name()) else {
            continue;
        };
        let value = value(&property);
        if value.is_empty() {
            continue;
        }
        match FIELDS.get(rank).map(|field| field.holds) {
            Some(Holds::JoinUrl(usual)) => {
                if let Some(provider) = provider_of(&value).or(usual) {
                    links.push((rank, provider, value));
                }
            }
            Some(Holds::ConferenceId) => conference_id = Some(Private::from(value)),
            Some(Holds::Handle) => handle = handle.or_else(|| handled_by(property.name(), &value)),
            _ => {}
        }
    }
    links.sort_by_key(|(rank, ..)| *rank);
    let mut record = match (links.into_iter().next(), handle) {
        (Some((_, provider, link)), _) => Record::new(provider, link),
        (None, Some(provider)) => {
            let mut record = Record::new(provider, "");
            record.join_url = None;
            record
        }
        (None, None) => return None,
    };
    record.conference_id = conference_id;
    Some(record)
}

/// The product whose service wrote a handle.
fn handled_by(name: &str, value: &str) -> Option<Provider> {
    match name {
        "X-MICROSOFT-SKYPETEAMSPROPERTIES" => Some(Provider::TEAMS),
        "X-MICROSOFT-SCHEDULINGSERVICEUPDATEURL" if value.contains("/teams") => {
            Some(Provider::TEAMS)
        }
        "X-MICROSOFT-ONLINEMEETINGCONFLINK" if value.contains(":focus:id:teams:") => {
            Some(Provider::TEAMS)
        }
        "X-MICROSOFT-ONLINEMEETINGCONFLINK" if value.contains(":focus:id:") => {
            Some(Provider::SKYPE_FOR_BUSINESS)
        }
        _ => None,
    }
}

/// What the properties should say.
#[derive(Clone)]
pub(crate) struct NewRecord {
    provider: Provider,
    join_url: Option<Private>,
    conference_id: Option<Private>,
    toll: Option<Private>,
    toll_free: Option<Private>,
}

impl From<&Record> for NewRecord {
    fn from(record: &Record) -> Self {
        Self {
            provider: record.provider,
            join_url: record.join_url.clone(),
            conference_id: record.conference_id.clone(),
            toll: None,
            toll_free: None,
        }
    }
}

impl From<&Coordinates> for NewRecord {
    fn from(new: &Coordinates) -> Self {
        let number = |kind| {
            let found = new.numbers.iter().find(|n| n.kind == kind);
            found.map(|n| Private::from(n.number.as_str()))
        };
        Self {
            provider: new.provider,
            join_url: Some(new.join_url.as_str().into()),
            conference_id: new.conference_id.clone(),
            toll: number(NumberKind::Toll),
            toll_free: number(NumberKind::TollFree),
        }
    }
}

impl NewRecord {
    /// Whether every part can stand in a property. A record may come from anywhere; a
    /// control character in it could end the line.
    pub(crate) fn is_writable(&self) -> bool {
        [&self.join_url, &self.conference_id, &self.toll, &self.toll_free]
            .into_iter()
            .flatten()
            .all(|text| !text.contains(char::is_control))
    }
}

/// Makes an event's properties say `new`.
///
/// - The new provider's link goes into its own property, which is added when it is not
///   there; links of other known providers go.
/// - Without a link, which is what an undo may ask for, the links of known providers go.
/// - With another link, what names the old meeting and has no new value goes too: a
///   client that joins by it would stand in a dead room. With the same link it stays.
pub(crate) fn write(
    splice: &mut Splice<'_>,
    document: &Document,
    component: usize,
    new: &NewRecord,
) {
    let link = new.join_url.as_ref();
    let old = read(document, component);
    let old_link = old.as_ref().and_then(|old| old.join_url.as_ref());
    if link.is_none() && old_link.is_none() {
        return;
    }
    let same_product = old.as_ref().is_none_or(|old| old.provider == new.provider);
    let same_link = old_link == link;
    let usual = |field: &Field| field.holds == Holds::JoinUrl(Some(new.provider));
    let home = link.map(|_| FIELDS.iter().find(|f| usual(f)).map_or("CONFERENCE", |f| f.name));
    let (mut placed, mut last) = (false, None);
    for property in document.own_properties(component) {
        let Some(field) = field(property.name()) else { continue };
        last = Some(property.span().end);
        let kind = kind_of(&property);
        let known = match field.holds {
            Holds::JoinUrl(_) => {
                let value = value(&property);
                let provider = provider_of(&value);
                let dial_in = value.to_ascii_lowercase().starts_with("tel:");
                let is_home = home == Some(property.name());
                if let Some(link) = link.filter(|_| is_home && !placed)
                    && (field.name != "CONFERENCE" || provider.is_some())
                {
                    placed = true;
                    splice.replace(&property, kind, link.as_bytes());
                } else if !value.is_empty()
                    && (!is_home || provider.is_some() || (dial_in && !same_link))
                    && (field.name != "CONFERENCE" || provider.is_some() || dial_in)
                {
                    splice.remove(&property);
                }
                continue;
            }
            Holds::ConferenceId => &new.conference_id,
            Holds::Number(NumberKind::Toll) => &new.toll,
            Holds::Number(NumberKind::TollFree) => &new.toll_free,
            Holds::Handle => &None,
            Holds::Product => {
                if !same_product {
                    splice.remove(&property);
                }
                continue;
            }
        };
        match known {
            Some(text) => {
                splice.replace(&property, kind, text.as_bytes());
            }
            None if !same_link => splice.remove(&property),
            None => {}
        }
    }
    if let Some((link, home)) = link.zip(home).filter(|_| !placed) {
        let at = last.unwrap_or_else(|| document.end_of_properties(component));
        let (head, kind) = match home {
            "CONFERENCE" => {
                ("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:".to_owned(), Kind::Verbatim)
            }
            "X-GOOGLE-CONFERENCE" => (format!("{home}:"), Kind::Verbatim),
            _ => (format!("{home}:"), Kind::Text),
        };
        splice.insert(component, at, &head, kind, link.as_bytes());
    }
}

/// Takes out everything that a record is read from.
pub(crate) fn remove(splice: &mut Splice<'_>, document: &Document, component: usize) {
    for property in document.own_properties(component) {
        let value = value(&property);
        let is_record = match field(property.name()).map(|field| field.holds) {
            None => false,
            Some(Holds::JoinUrl(None)) => provider_of(&value).is_some(),
            Some(_) => !value.is_empty(),
        };
        if is_record {
            splice.remove(&property);
        }
    }
}

/// Gives a `URL` that is the old link the new one, or takes it out when there is none. Any
/// other address there is somebody's own.
pub(crate) fn readdress(
    splice: &mut Splice<'_>,
    document: &Document,
    component: usize,
    old: Option<&str>,
    new: Option<&str>,
) {
    for property in document.own_properties(component).filter(|p| p.name() == "URL") {
        match new {
            _ if !is_link(&property, old) => {}
            Some(new) => {
                splice.replace(&property, Kind::Verbatim, new.as_bytes());
            }
            None => splice.remove(&property),
        }
    }
}

/// Whether a property is this link and nothing else, letter by letter: so that the same
/// step with the links exchanged takes it back.
pub(crate) fn is_link(property: &Property<'_>, link: Option<&str>) -> bool {
    link.is_some_and(|link| !link.is_empty() && property.raw_value() == link)
}

/// Gives an event's `LOCATION` another text; its parameters stay. One that holds bytes
/// that are no UTF-8 stays too: what was read of it is not all that it says.
pub(crate) fn relocate(
    splice: &mut Splice<'_>,
    document: &Document,
    component: usize,
    location: &str,
) {
    match document.property(component, "LOCATION") {
        Some(old) if std::str::from_utf8(&old.text()).is_ok() => {
            splice.replace(&old, Kind::Text, location.as_bytes());
        }
        None if !location.is_empty() => {
            let at = document.end_of_properties(component);
            splice.insert(component, at, "LOCATION:", Kind::Text, location.as_bytes());
        }
        _ => {}
    }
}

fn kind_of(property: &Property<'_>) -> Kind {
    match property.name() {
        "CONFERENCE" | "X-GOOGLE-CONFERENCE" => Kind::Verbatim,
        _ => Kind::Text,
    }
}
