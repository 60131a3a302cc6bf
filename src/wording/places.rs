//! What add-ins put into `Location`: no place, only the product's name for a meeting.
//!
//! In: a location as the calendar has it. Out: the same with the product's name
//! exchanged. Never: a change to a place that a person named, or to a name of the
//! product that stays.

use crate::provider::Provider;

/// The location after a move to `new`, in the language of `tag`; `None` when it stays.
///
/// Outlook parts several places with semicolons. Each part that is, as a whole, another
/// product's placeholder is replaced; blanks and all else are the caller's own.
#[cfg_attr(not(test), expect(dead_code, reason = "for the plan, when the product changes"))]
pub(crate) fn relocated(location: &str, new: Provider, tag: &str) -> Option<String> {
    let mut changed = false;
    let parts = location.split(';').map(|part| {
        let place = part.trim();
        match product_of(place).filter(|old| *old != new).and_then(|_| placeholder(new, tag)) {
            Some(name) => {
                changed = true;
                part.replacen(place, name, 1)
            }
            None => part.to_owned(),
        }
    });
    let parts: Vec<_> = parts.collect();
    changed.then(|| parts.join(";"))
}

/// The product whose placeholder this is, in any language.
fn product_of(place: &str) -> Option<Provider> {
    let place = place.to_lowercase();
    PLACES.iter().find(|(_, _, text)| text.to_lowercase() == place).map(|(product, _, _)| *product)
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

    #[test]
    fn only_another_products_placeholder_gives_way() {
        let table = [
            ("Skype Meeting", "en-US", Some("Microsoft Teams Meeting")),
            ("skype meeting", "en", Some("Microsoft Teams Meeting")),
            ("Skype-möte", "sv-SE", Some("Microsoft Teams-möte")),
            ("Skype-möte", "da", Some("Microsoft Teams-møde")),
            ("Lync Meeting", "tlh", Some("Microsoft Teams Meeting")),
            ("Room 5; Skype Meeting ;Lobby", "en", Some("Room 5; Microsoft Teams Meeting ;Lobby")),
            ("Microsoft Teams-møde", "en", None),
            ("Room 5", "en", None),
            ("Skype Meeting Room", "en", None),
            ("", "en", None),
            (";;", "en", None),
        ];
        for (old, tag, expected) in table {
            assert_eq!(relocated(old, TEAMS, tag).as_deref(), expected, "{old}");
        }
        let webex = relocated("Réunion Microsoft Teams", Provider::WEBEX, "fr");
        assert_eq!(webex.as_deref(), Some("Webex Meeting"));
    }

    #[test]
    fn every_language_has_both_of_microsofts_names_and_each_name_one_product() {
        for wording in crate::wording::labels::ALL {
            for product in [TEAMS, SKYPE] {
                assert!(PLACES.iter().any(|(p, tag, _)| *p == product && *tag == wording.tag));
            }
        }
        for (product, _, text) in PLACES {
            assert_eq!(product_of(text), Some(*product), "{text}");
        }
    }
}
