#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use encoding_rs::*;
use proptest::prelude::*;

use super::*;

/// Every encoding of the standard that reads text.
const ALL: [&Encoding; 39] = [
    BIG5,
    EUC_JP,
    EUC_KR,
    GB18030,
    GBK,
    IBM866,
    ISO_2022_JP,
    ISO_8859_2,
    ISO_8859_3,
    ISO_8859_4,
    ISO_8859_5,
    ISO_8859_6,
    ISO_8859_7,
    ISO_8859_8,
    ISO_8859_8_I,
    ISO_8859_10,
    ISO_8859_13,
    ISO_8859_14,
    ISO_8859_15,
    ISO_8859_16,
    KOI8_R,
    KOI8_U,
    MACINTOSH,
    SHIFT_JIS,
    UTF_8,
    UTF_16BE,
    UTF_16LE,
    WINDOWS_874,
    WINDOWS_1250,
    WINDOWS_1251,
    WINDOWS_1252,
    WINDOWS_1253,
    WINDOWS_1254,
    WINDOWS_1255,
    WINDOWS_1256,
    WINDOWS_1257,
    WINDOWS_1258,
    X_MAC_CYRILLIC,
    X_USER_DEFINED,
];

fn view(body: &Body) -> Decoded<'_> {
    decode(body, &Limits::new()).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn labelled(format: Format, raw: &[u8], label: &str) -> Body {
    match format {
        Format::Html => Body::html_bytes(raw, Some(label)),
        Format::Text => Body::text_bytes(raw, Some(label)),
    }
}

/// encoding_rs's own reading; UTF-16 has no encoder there.
fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    if encoding == UTF_16LE {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else if encoding == UTF_16BE {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else {
        encoding.encode(text).0.into_owned()
    }
}

/// Texts of letters that many charsets have, with much ASCII between.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~\r\n]{0,12}",
        1 => "[À-ÿĀ-ž\u{A0}-¿]{1,6}",
        1 => "[А-яΑ-ωא-ת]{1,6}",
        1 => "[ก-๏ء-ي]{1,4}",
        2 => "[ぁ-んァ-ヶ表ソ能十予ポ漢字]{1,6}",
        1 => "[一-龥가-힣]{1,5}",
        1 => "[€“”‘’–—…¥‾−ｱ-ﾝ]{1,3}",
        1 => "[😀-🙏𠮷]{1,2}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Bytes that break decoders: leads, trails, escapes, marks, digits.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::collection::vec(any::<u8>(), 1..6),
        2 => "[ -~\n]{1,6}".prop_map(String::into_bytes),
        1 => prop::sample::select(vec![
            &b"\x1B$B"[..], b"\x1B(B", b"\x1B(J", b"\x1B(I", b"\x1B$@", b"\x1B", b"\x1B$", b"\x81",
            b"\x81\x30", b"\x81\x30\x81", b"\x81\x30\x81\x30", b"\x8F\xA1", b"\x88\x62", b"\x88\xA5",
            b"\x84\x31\xA4\x37", b"\xEF\xBF\xBD", b"\xE2\x80", b"\xD8\x3D", b"\x3D\xD8", b"\xDE\x00",
            b"\x00\xDE", b"$\x22", b"+AOQ-", b"+AOQ", b"+-", b"+", b"+2D0-", b"\xF0\x9F",
        ]).prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn boundaries(text: &str) -> Vec<usize> {
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect()
}

/// Splices and checks the promise against an encoding_rs that knows nothing of us.
fn check_splice(body: &Body, encoding: &'static Encoding, part: Range<usize>, new: &str) -> bool {
    let decoded = view(body);
    let text = decoded.text().to_owned();
    let fitted = decoded.fit(new);
    match decoded.splice(part.clone(), new) {
        Ok(spliced) => {
            let span = decoded.span(part.clone());
            let raw = body.as_bytes();
            assert!(spliced.bytes.starts_with(&raw[..span.start]), "prefix");
            assert!(spliced.bytes.ends_with(&raw[span.end..]), "suffix");
            assert!(spliced.bytes.len() >= raw.len() - span.len(), "prefix and suffix overlap");
            let expected = [&text[..part.start], &fitted.unwrap(), &text[part.end..]].concat();
            assert_eq!(encoding.decode_with_bom_removal(&spliced.bytes).0, expected);
            let again = body.with_bytes(spliced.bytes);
            let new_part = part.start..expected.len() - (text.len() - part.end);
            assert_eq!(view(&again).span(new_part), spliced.written);
            true
        }
        Err(refusal) => {
            assert_eq!(refusal == Refusal::Unencodable, fitted.is_err());
            false
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_part_is_replaced_and_the_bytes_outside_stay(
        which in 0..ALL.len(),
        text in texts(),
        new in texts(),
        cuts in any::<(prop::sample::Index, prop::sample::Index)>(),
        html in any::<bool>(),
    ) {
        let encoding = ALL[which];
        let raw = encoded(encoding, &text);
        let format = if html { Format::Html } else { Format::Text };
        let body = labelled(format, &raw, encoding.name());
        let text = view(&body).text().to_owned();
        let at = boundaries(&text);
        let (a, b) = (*cuts.0.get(&at), *cuts.1.get(&at));
        let done = check_splice(&body, encoding, a.min(b)..a.max(b), &new);
        // The bytes are well-formed, so nothing but an unencodable character is in the way;
        // x-user-defined is, too, and so is the mark that the body's text may begin with.
        prop_assert!(done || view(&body).fit(&new).is_err());
    }

    #[test]
    fn the_text_is_what_the_standard_reads(which in 0..ALL.len(), raw in garbage()) {
        let encoding = ALL[which];
        let body = Body::text_bytes(raw.clone(), Some(encoding.name()));
        let decoded = view(&body);
        let reference = match Encoding::for_bom(&raw) {
            Some((marked, length)) => marked.decode_without_bom_handling(&raw[length..]).0,
            None => encoding.decode_without_bom_handling(&raw).0,
        };
        prop_assert_eq!(decoded.text(), reference);
    }

    #[test]
    fn the_bytes_from_a_place_on_read_as_the_text_from_there(
        which in 0..ALL.len(),
        raw in garbage(),
        repeated in 1..600_usize,
    ) {
        let encoding = ALL[which];
        prop_assume!(encoding != ISO_2022_JP && Encoding::for_bom(&raw).is_none());
        let raw = raw.repeat(repeated.min(20_000 / (raw.len() + 1)) + 1);
        let body = Body::text_bytes(raw.clone(), Some(encoding.name()));
        let decoded = view(&body);
        let text = decoded.text();
        let mut last = 0;
        for at in boundaries(text).into_iter().rev().step_by(text.len() / 40 + 1) {
            let (start, end) = (decoded.raw_start(at), decoded.raw_end(at));
            if start == end {
                prop_assert_eq!(&encoding.decode_without_bom_handling(&raw[end..]).0, &text[at..]);
            } else {
                prop_assert_eq!(encoding, BIG5, "only Big5 has two characters in one");
            }
            last = last.max(end);
        }
        prop_assert!(last <= raw.len());
    }

    #[test]
    fn garbage_is_spliced_rightly_or_not_at_all(
        which in 0..ALL.len(),
        raw in garbage(),
        new in texts(),
        cuts in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let encoding = ALL[which];
        prop_assume!(Encoding::for_bom(&raw).is_none());
        let body = Body::html_bytes(raw, Some(encoding.name()));
        let text = view(&body).text().to_owned();
        let at = boundaries(&text);
        let (a, b) = (*cuts.0.get(&at), *cuts.1.get(&at));
        check_splice(&body, encoding, a.min(b)..a.max(b), &new);
    }

    #[test]
    fn markup_between_markup_is_always_replaced(
        which in 0..ALL.len(),
        head in garbage(),
        tail in garbage(),
    ) {
        let encoding = ALL[which];
        // UTF-16 garbage has an odd length, ISO-2022-JP garbage leaves another state.
        prop_assume!(encoding.is_ascii_compatible());
        let raw = [&head[..], b"<p>old</p>", &tail].concat();
        prop_assume!(Encoding::for_bom(&raw).is_none());
        let body = Body::html_bytes(raw.clone(), Some(encoding.name()));
        let decoded = view(&body);
        let start = decoded.text().find("<p>old</p>").unwrap();
        let spliced = decoded.splice(start..start + 10, "<p>new</p>").unwrap();
        prop_assert_eq!(spliced.bytes, [&head[..], b"<p>new</p>", &tail].concat());
        prop_assert_eq!(spliced.written, head.len()..head.len() + 10);
    }

    #[test]
    fn arbitrary_bytes_under_any_label_do_not_panic(
        raw in garbage(),
        label in prop::option::of("[a-zA-Z0-9_ -]{0,12}"),
        new in texts(),
        cuts in any::<(usize, usize)>(),
    ) {
        for body in [Body::html_bytes(raw.clone(), label.as_deref()), Body::text_bytes(raw, None)] {
            if let Ok(decoded) = decode(&body, &Limits::new()) {
                let length = decoded.text().len() + 2;
                let _ = decoded.splice(cuts.0 % length..cuts.1 % length, &new);
                let _ = decoded.span(cuts.0 % length..cuts.1 % length);
            }
        }
    }

    #[test]
    fn utf7_reads_what_it_writes(text in texts(), new in texts(), cuts in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let raw = utf7::joined(&text, reading::Shift::None);
        prop_assert!(raw.is_ascii());
        let body = Body::html_bytes(raw.clone(), Some("utf-7"));
        let decoded = view(&body);
        prop_assert_eq!(decoded.text(), &text);
        let at = boundaries(&text);
        let (a, b) = (*cuts.0.get(&at), *cuts.1.get(&at));
        let part = a.min(b)..a.max(b);
        let span = decoded.span(part.clone());
        let spliced = decoded.splice(part.clone(), &new).unwrap();
        prop_assert!(spliced.bytes.starts_with(&raw[..span.start]));
        prop_assert!(spliced.bytes.ends_with(&raw[span.end..]));
        let expected = [&text[..part.start], &new, &text[part.end..]].concat();
        let again = body.with_bytes(spliced.bytes);
        let reread = view(&again);
        prop_assert_eq!(reread.text(), expected);
    }
}

/// `<` is no second byte anywhere, so its place is known by construction.
#[test]
fn every_pair_of_bytes_before_a_tag() {
    for encoding in [BIG5, EUC_JP, EUC_KR, GB18030, GBK, SHIFT_JIS, UTF_8, WINDOWS_1253] {
        for pair in 0..=u16::MAX {
            let [first, second] = pair.to_be_bytes();
            let raw = [b' ', first, second, b'<'];
            let body = Body::text_bytes(raw, Some(encoding.name()));
            let decoded = view(&body);
            let at = decoded.text().len() - 1;
            assert_eq!(decoded.text().as_bytes()[at], b'<', "{} {raw:X?}", encoding.name());
            assert_eq!(decoded.span(at..at + 1), 3..4, "{} {raw:X?}", encoding.name());
        }
    }
}
