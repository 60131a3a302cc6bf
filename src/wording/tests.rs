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

#[test]
fn other_names_and_regions() {
    let table = [
        ("zh", "zh-CN"),
        ("zh-Hans-SG", "zh-CN"),
        ("zh-Hant", "zh-TW"),
        ("zh-Hant-HK", "zh-TW"),
        ("zh-hk", "zh-TW"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-PT"),
        ("pt-AO", "pt-BR"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("iw-IL", "he"),
        ("es-419", "es"),
        ("en-x-lvariant", "en"),
    ];
    for (tag, expected) in table {
        assert_eq!(find(tag).map(|w| w.tag), Some(expected), "{tag}");
    }
}

/// Every label; a new field has to be added here to compile.
fn labels_of(wording: &Wording) -> Vec<&'static str> {
    let Wording {
        tag: _, rtl: _, colon: _, teams_meeting, join_now, join_skype, join_trouble, ..
    } = *wording;
    let Wording { web_app, join_zoom, join_meet, join_webex, meeting_id, passcode, .. } = *wording;
    let Wording { dial_in, conference_id, toll, toll_free, local_numbers, help, .. } = *wording;
    let Wording { organizers, options, reset_pin, video_device, tenant_key, video_id, .. } =
        *wording;
    let Wording { more_info, org_help, privacy, do_not_edit, .. } = *wording;
    vec![
        teams_meeting,
        join_now,
        join_skype,
        join_trouble,
        web_app,
        join_zoom,
        join_meet,
        join_webex,
        meeting_id,
        passcode,
        dial_in,
        conference_id,
        toll,
        toll_free,
        local_numbers,
        help,
        organizers,
        options,
        reset_pin,
        video_device,
        tenant_key,
        video_id,
        more_info,
        org_help,
        privacy,
        do_not_edit,
    ]
}

#[test]
fn every_language_says_everything_in_its_own_words() {
    let english = labels_of(english());
    for wording in labels::ALL {
        let labels = labels_of(wording);
        assert_eq!(find(wording.tag), Some(wording), "{}", wording.tag);
        assert!(wording.colon.trim().ends_with([':', '：']), "{}", wording.tag);
        for label in &labels {
            assert!(!label.is_empty() && label.trim() == *label, "{}: {label:?}", wording.tag);
            assert!(
                !label.contains(['<', '>', '&', '"', '[', '_', '|']),
                "{}: {label}",
                wording.tag
            );
            assert!(!label.ends_with([':', '：']), "{}: {label}", wording.tag);
            assert!(!label.contains(crate::link::is_unseen), "{}: {label:?}", wording.tag);
        }
        let borrowed = labels.iter().filter(|label| english.contains(label)).count();
        assert!(wording.tag == "en" || borrowed <= 2, "{}: {borrowed} are English", wording.tag);
        let rtl = labels.concat().contains(|c| ('\u{590}'..='\u{6ff}').contains(&c));
        assert_eq!(wording.rtl, rtl, "{}", wording.tag);
    }
}

#[test]
fn a_language_fits_its_usual_charset() {
    let table = [
        ("windows-1252", "en de fr es pt-BR pt-PT it nl da sv nb fi"),
        ("windows-1250", "pl cs"),
        ("windows-1254", "tr"),
        ("koi8-u", "ru uk"),
        ("windows-1251", "ru uk"),
        ("shift_jis", "ja"),
        ("iso-2022-jp", "ja"),
        ("gbk", "zh-CN"),
        ("big5", "zh-TW"),
        ("euc-kr", "ko"),
        ("windows-1256", "ar"),
        ("windows-1255", "he"),
    ];
    for (charset, tags) in table {
        let charset = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap();
        for tag in tags.split(' ') {
            let wording = find(tag).unwrap();
            for label in labels_of(wording).into_iter().chain([wording.colon]) {
                assert!(!charset.encode(label).2, "{tag} in {}: {label}", charset.name());
            }
        }
    }
}

#[test]
fn every_language_has_a_locale_number() {
    for wording in labels::ALL {
        let tag = language_of_lcid(lcid_of(wording.tag)).unwrap();
        assert_eq!(find(tag), Some(wording), "{tag}");
    }
    for (_, tag) in LOCALES {
        assert!(find(tag).is_some(), "{tag}");
    }
}

#[test]
fn every_language_announces_a_run_in_its_own_words() {
    let sentences = |wording: &Wording| {
        let announcements::Announcement {
            tag: _,
            subject,
            what,
            converts,
            date,
            meetings,
            notices,
            too_large,
            attendees,
            edits,
            content,
            no_action,
        } = *announcement(wording);
        let labels = [date, meetings, notices, too_large, subject];
        (labels, [what, converts, attendees, edits, content, no_action])
    };
    let rows = announcements::ALL.iter().map(|row| row.tag);
    assert!(rows.eq(labels::ALL.iter().map(|wording| wording.tag)), "one row per language");
    let (english_labels, english) = sentences(english());
    for wording in labels::ALL {
        let (labels, sentences) = sentences(wording);
        for text in labels.iter().chain(&sentences) {
            assert!(!text.is_empty() && text.trim() == *text, "{}: {text:?}", wording.tag);
            assert!(!text.contains(['<', '>', '&', '"', '_', '|']), "{}: {text}", wording.tag);
            assert!(!text.contains(crate::link::is_unseen), "{}: {text:?}", wording.tag);
            let own = !english_labels.contains(text) && !english.contains(text);
            assert!(wording.tag == "en" || own, "{}: {text} is English", wording.tag);
            let rtl = text.contains(|c| ('\u{590}'..='\u{6ff}').contains(&c));
            assert_eq!(wording.rtl, rtl, "{}: {text}", wording.tag);
        }
        for label in labels {
            assert!(!label.ends_with([':', '：', '.', '。']), "{}: {label}", wording.tag);
        }
        for sentence in sentences {
            assert!(sentence.ends_with(['.', '。', '।']), "{}: {sentence}", wording.tag);
        }
        assert!(sentences[1].contains("Microsoft Teams"), "{}", wording.tag);
    }
}
