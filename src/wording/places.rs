//! What add-ins and services put into `Location`: no place, only the product's name for a
//! meeting, or the link to join it.
//!
//! In: a location as the calendar has it, what the meeting was and what it becomes. Out:
//! the same with name and link exchanged. Never: a change to a place that a person named,
//! to a name of the product that stays, or to another meeting's link.

use crate::coordinates::{Coordinates, Language};
use crate::link;
use crate::provider::Provider;

/// What a meeting was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Was<'a> {
    /// The product of its block.
    pub(crate) provider: Provider,
    /// The recorded link.
    pub(crate) link: Option<&'a str>,
}

/// What it becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Becomes<'a> {
    pub(crate) provider: Provider,
    pub(crate) link: &'a str,
    /// The language of the new block, when it is known; else the old name's counts.
    pub(crate) language: Option<&'a str>,
}

impl<'a> Becomes<'a> {
    /// What `new` says; in the language of the block that shows it: the first that is
    /// known of those wanted, else that of the `old` block.
    pub(crate) fn of(new: &'a Coordinates, old: Option<&'a Language>) -> Self {
        let known = |language: &&Language| super::find(language.tag()).is_some();
        let language = new.languages.iter().find(known).or(old).map(Language::tag);
        Self { provider: new.provider, link: new.join_url.as_str(), language }
    }
}

/// The location after a meeting became another, or (`None`) none; `None` when it stays.
///
/// Outlook parts several places with semicolons. A part that is, as a whole, the old
/// product's placeholder or the old link is replaced, or left out when there is no new
/// meeting; blanks and all else are the caller's own.
pub(crate) fn relocated(location: &str, was: Was<'_>, new: Option<Becomes<'_>>) -> Option<String> {
    let old_key = was.link.map(link::meeting_key);
    let same = new.zip(old_key.as_deref()).is_some_and(|(n, key)| link::meeting_key(n.link) == key);
    let is_old_link = |place: &str| {
        let is_link = place.contains("://") && !place.contains(char::is_whitespace);
        is_link && !same && old_key.as_deref() == Some(&link::meeting_key(place))
    };
    // What a part becomes: something else, nothing, or (`None`) it stays.
    let exchanged = |place: &str| -> Option<Option<String>> {
        if is_old_link(place) {
            return Some(new.map(|new| new.link.to_owned()));
        }
        let (product, written_in) = product_of(place)?;
        match new {
            _ if product != was.provider => None,
            None => Some(None),
            Some(new) if new.provider == product => None,
            Some(new) => {
                let tag = new.language.and_then(super::find).map_or(written_in, |w| w.tag);
                placeholder(new.provider, tag).map(|name| Some(name.to_owned()))
            }
        }
    };
    // A link may hold a semicolon itself.
    if is_old_link(location.trim()) {
        let replaced = |new: Becomes<'_>| location.replacen(location.trim(), new.link, 1);
        return Some(new.map(replaced).unwrap_or_default());
    }
    let (mut parts, mut changed, mut dropped) = (Vec::new(), false, false);
    for part in location.split(';') {
        let place = part.trim();
        match exchanged(place) {
            None => parts.push(part.to_owned()),
            Some(Some(name)) => {
                changed = true;
                parts.push(part.replacen(place, &name, 1));
            }
            Some(None) => (changed, dropped) = (true, true),
        }
    }
    let location = parts.join(";");
    changed.then(|| if dropped { location.trim().to_owned() } else { location })
}

/// The product whose placeholder this is, and the first language that has it.
fn product_of(place: &str) -> Option<(Provider, &'static str)> {
    let place = place.to_lowercase();
    let is = |row: &&(Provider, &'static str, &str)| row.2.to_lowercase() == place;
    PLACES.iter().find(is).map(|(product, tag, _)| (*product, *tag))
}

/// What is written: the form of the language, else the English one.
fn placeholder(product: Provider, tag: &str) -> Option<&'static str> {
    let tag = super::find(tag).map_or("en", |wording| wording.tag);
    let named = |tag: &str| {
        let is = |row: &&(Provider, &str, &str)| row.0 == product && row.1 == tag;
        PLACES.iter().find(is).map(|(_, _, text)| *text)
    };
    named(tag).or_else(|| named("en"))
}

const TEAMS: Provider = Provider::TEAMS;
const SKYPE: Provider = Provider::SKYPE_FOR_BUSINESS;

/// Product, language, text. The first row of a language is the one that is written.
const PLACES: &[(Provider, &str, &str)] = &[
    (TEAMS, "en", "Microsoft Teams Meeting"),
    (TEAMS, "de", "Microsoft Teams-Besprechung"),
    (TEAMS, "fr", "Réunion Microsoft Teams"),
    (TEAMS, "es", "Reunión de Microsoft Teams"),
    (TEAMS, "pt-BR", "Reunião do Microsoft Teams"),
    (TEAMS, "pt-PT", "Reunião do Microsoft Teams"),
    (TEAMS, "it", "Riunione di Microsoft Teams"),
    (TEAMS, "nl", "Microsoft Teams-vergadering"),
    (TEAMS, "da", "Microsoft Teams-møde"),
    (TEAMS, "sv", "Microsoft Teams-möte"),
    (TEAMS, "nb", "Microsoft Teams-møte"),
    (TEAMS, "fi", "Microsoft Teams -kokous"),
    (TEAMS, "pl", "Spotkanie w aplikacji Microsoft Teams"),
    (TEAMS, "pl", "Spotkanie Microsoft Teams"),
    (TEAMS, "cs", "Schůzka přes Microsoft Teams"),
    (TEAMS, "cs", "Schůzka Microsoft Teams"),
    (TEAMS, "tr", "Microsoft Teams Toplantısı"),
    (TEAMS, "ru", "Собрание Microsoft Teams"),
    (TEAMS, "uk", "Нарада Microsoft Teams"),
    (TEAMS, "ja", "Microsoft Teams 会議"),
    (TEAMS, "zh-CN", "Microsoft Teams 会议"),
    (TEAMS, "zh-TW", "Microsoft Teams 會議"),
    (TEAMS, "ko", "Microsoft Teams 모임"),
    (TEAMS, "ar", "اجتماع Microsoft Teams"),
    (TEAMS, "he", "פגישת Microsoft Teams"),
    (TEAMS, "hi", "Microsoft Teams मीटिंग"),
    (TEAMS, "vi", "Cuộc họp Microsoft Teams"),
    (SKYPE, "en", "Skype Meeting"),
    (SKYPE, "en", "Skype for Business Meeting"),
    (SKYPE, "en", "Lync Meeting"),
    (SKYPE, "en", "Online Meeting"),
    (SKYPE, "de", "Skype-Besprechung"),
    (SKYPE, "de", "Lync-Besprechung"),
    (SKYPE, "fr", "Réunion Skype"),
    (SKYPE, "es", "Reunión de Skype"),
    (SKYPE, "pt-BR", "Reunião do Skype"),
    (SKYPE, "pt-PT", "Reunião do Skype"),
    (SKYPE, "it", "Riunione Skype"),
    (SKYPE, "nl", "Skype-vergadering"),
    (SKYPE, "da", "Skype-møde"),
    (SKYPE, "sv", "Skype-möte"),
    (SKYPE, "nb", "Skype-møte"),
    (SKYPE, "fi", "Skype-kokous"),
    (SKYPE, "pl", "Spotkanie programu Skype"),
    (SKYPE, "pl", "Spotkanie na Skypie"),
    (SKYPE, "cs", "Schůzka přes Skype"),
    (SKYPE, "tr", "Skype Toplantısı"),
    (SKYPE, "ru", "Собрание Skype"),
    (SKYPE, "uk", "Нарада Skype"),
    (SKYPE, "ja", "Skype 会議"),
    (SKYPE, "zh-CN", "Skype 会议"),
    (SKYPE, "zh-TW", "Skype 會議"),
    (SKYPE, "ko", "Skype 모임"),
    (SKYPE, "ar", "اجتماع Skype"),
    (SKYPE, "he", "פגישת Skype"),
    (SKYPE, "hi", "Skype मीटिंग"),
    (SKYPE, "vi", "Cuộc họp Skype"),
    (Provider::ZOOM, "en", "Zoom Meeting"),
    (Provider::GOOGLE_MEET, "en", "Google Meet"),
    (Provider::WEBEX, "en", "Webex Meeting"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "https://meet.contoso.example/ann/AB12CD34";
    const NEW: &str = "https://teams.microsoft.com/meet/2345678901234?p=Ab";

    fn to_teams(location: &str, language: Option<&str>) -> Option<String> {
        let new = Becomes { provider: TEAMS, link: NEW, language };
        relocated(location, Was { provider: SKYPE, link: Some(OLD) }, Some(new))
    }

    #[test]
    fn only_the_old_products_placeholder_gives_way() {
        let table = [
            ("Skype Meeting", "en-US", Some("Microsoft Teams Meeting")),
            ("skype meeting", "en", Some("Microsoft Teams Meeting")),
            ("Skype-möte", "sv-SE", Some("Microsoft Teams-möte")),
            ("Skype-möte", "da", Some("Microsoft Teams-møde")),
            ("Skype-möte", "tlh", Some("Microsoft Teams-möte")),
            ("Lync Meeting", "tlh", Some("Microsoft Teams Meeting")),
            ("Room 5; Skype Meeting ;Lobby", "en", Some("Room 5; Microsoft Teams Meeting ;Lobby")),
            ("Microsoft Teams-møde", "en", None),
            ("Zoom Meeting", "en", None),
            ("Room 5", "en", None),
            ("Skype Meeting Room", "en", None),
            ("", "en", None),
            (";;", "en", None),
        ];
        for (old, tag, expected) in table {
            assert_eq!(to_teams(old, Some(tag)).as_deref(), expected, "{old}");
        }
        assert_eq!(to_teams("Skype-møde", None).as_deref(), Some("Microsoft Teams-møde"));
        let was = Was { provider: TEAMS, link: None };
        let new = Becomes { provider: Provider::WEBEX, link: NEW, language: Some("fr") };
        let webex = relocated("Réunion Microsoft Teams", was, Some(new));
        assert_eq!(webex.as_deref(), Some("Webex Meeting"));
        // The same product with another link: its name stays.
        let new = Becomes { provider: TEAMS, link: NEW, language: None };
        assert_eq!(relocated("Microsoft Teams Meeting", was, Some(new)), None);
    }

    #[test]
    fn only_the_recorded_link_gives_way() {
        let table = [
            (OLD.to_owned(), Some(NEW.to_owned())),
            (
                format!(" {}/ ", OLD.replace("https://meet", "HTTPS://Meet")),
                Some(format!(" {NEW} ")),
            ),
            (format!("Room 5; {OLD}"), Some(format!("Room 5; {NEW}"))),
            (format!("Skype Meeting;{OLD}"), Some(format!("Microsoft Teams Meeting;{NEW}"))),
            (format!("Room 5 {OLD}"), None),
            (format!("{OLD}5"), None),
            (NEW.to_owned(), None),
        ];
        for (old, expected) in table {
            assert_eq!(to_teams(&old, Some("en")), expected, "{old}");
        }
        let same = Becomes { provider: SKYPE, link: OLD, language: None };
        assert_eq!(relocated(OLD, Was { provider: SKYPE, link: Some(OLD) }, Some(same)), None);
        assert_eq!(relocated(OLD, Was { provider: SKYPE, link: None }, Some(same)), None);
    }

    #[test]
    fn without_a_new_meeting_name_and_link_go() {
        let gone =
            |location: &str| relocated(location, Was { provider: SKYPE, link: Some(OLD) }, None);
        assert_eq!(gone("Skype Meeting").as_deref(), Some(""));
        assert_eq!(gone(OLD).as_deref(), Some(""));
        assert_eq!(gone("Skype Meeting; Room 5").as_deref(), Some("Room 5"));
        assert_eq!(gone(&format!("Room 5; {OLD}")).as_deref(), Some("Room 5"));
        assert_eq!(gone("Room 5; Microsoft Teams Meeting"), None);
    }

    #[test]
    fn every_language_has_both_of_microsofts_names_and_each_name_one_product() {
        for wording in crate::wording::labels::ALL {
            for product in [TEAMS, SKYPE] {
                assert!(PLACES.iter().any(|(p, tag, _)| *p == product && *tag == wording.tag));
            }
        }
        for (product, _, text) in PLACES {
            assert_eq!(product_of(text).map(|found| found.0), Some(*product), "{text}");
        }
    }
}
