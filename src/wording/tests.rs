#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use super::locales::{LOCALES, language_of_lcid, lcid_of};
use super::*;

#[test]
fn a_tag_finds_its_language() {
    let table = [
        ("en", Some("en")),
        ("EN-us", Some("en")),
        ("de-AT", Some("de")),
        ("fr-CA", Some("fr")),
        ("ja-JP", Some("ja")),
        ("tlh", None),
        ("", None),
        ("en-", None),
        ("en-\"><script>", None),
        ("en_US", None),
        ("english", None),
    ];
    for (tag, expected) in table {
        assert_eq!(find(tag).map(|w| w.tag), expected, "{tag}");
    }
}

#[test]
fn locale_numbers_and_tags_lead_to_each_other() {
    assert_eq!(language_of_lcid(1033), Some("en-US"));
    assert_eq!(language_of_lcid(0x0c07), Some("de-AT"));
    assert_eq!(language_of_lcid(0), None);
    assert_eq!(lcid_of("de-AT"), 3079);
    assert_eq!(lcid_of("de"), 1031);
    assert_eq!(lcid_of("de-XX"), 1031);
    assert_eq!(lcid_of("tlh"), 1033);
    for (number, tag) in LOCALES {
        assert_eq!(language_of_lcid(*number), Some(*tag), "{number} stands once");
    }
}
