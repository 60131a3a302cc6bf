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

impl Decoded<'_> {
    fn write(&self, part: Range<usize>, new: &str) -> Result<Spliced, Refusal> {
        self.splice(&Patch { part, lead: "", new: &self.fit(new)?, trail: "" })
    }
}

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
    match decoded.write(part.clone(), new) {
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
    #![proptest_config(ProptestConfig::with_cases(256))]

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
        // The bytes are well-formed: only a character that the charset lacks is in the way,
        // or letters that look like a byte order mark at the very beginning.
        if let (false, Ok(new)) = (done, view(&body).fit(&new)) {
            let whole = [&text[..a.min(b)], &new, &text[a.max(b)..]].concat();
            prop_assert!(Encoding::for_bom(&encoded(encoding, &whole)).is_some());
        }
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
        let encoding = if encoding == ISO_2022_JP { EUC_JP } else { encoding };
        prop_assume!(Encoding::for_bom(&raw).is_none());
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
        let encoding = if encoding.is_ascii_compatible() { encoding } else { UTF_8 };
        let raw = [&head[..], b"<p>old</p>", &tail].concat();
        prop_assume!(Encoding::for_bom(&raw).is_none());
        let body = Body::html_bytes(raw.clone(), Some(encoding.name()));
        let decoded = view(&body);
        let start = decoded.text().find("<p>old</p>").unwrap();
        let spliced = decoded.write(start..start + 10, "<p>new</p>").unwrap();
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
                let _ = decoded.write(cuts.0 % length..cuts.1 % length, &new);
                let _ = decoded.span(cuts.0 % length..cuts.1 % length);
            }
        }
    }

    #[test]
    fn an_unlabelled_body_reads_the_same_afterwards(
        text in "[a<é€ \n]{0,12}",
        new in "[b>Ã©è]{0,6}",
        which in 0..4_usize,
        cuts in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let raw = match which {
            0 => text.clone().into_bytes(),
            1 => WINDOWS_1252.encode(&text).0.into_owned(),
            2 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            _ => [&b"<meta charset=iso-8859-2>"[..], &ISO_8859_2.encode(&text).0].concat(),
        };
        let body = Body::html_bytes(raw, None);
        let decoded = view(&body);
        let at = boundaries(decoded.text());
        let (a, b) = (*cuts.0.get(&at), *cuts.1.get(&at));
        let part = a.min(b)..a.max(b);
        match decoded.write(part.clone(), &new) {
            Ok(spliced) => {
                let new = decoded.fit(&new).unwrap();
                let expected = [&decoded.text()[..part.start], &new, &decoded.text()[part.end..]];
                let again = body.with_bytes(spliced.bytes);
                let reread = view(&again);
                prop_assert_eq!(reread.text(), expected.concat());
                prop_assert_eq!(reread.span(part.start..part.start + new.len()), spliced.written);
            }
            // Only what would pass for UTF-8, or a declaration that was cut, is refused.
            Err(refusal) => {
                prop_assert_eq!(refusal, Refusal::NotSeparable);
                let whole = [&decoded.text()[..part.start], &new, &decoded.text()[part.end..]];
                let whole = WINDOWS_1252.encode(&whole.concat()).0.into_owned();
                let passes = !whole.is_ascii() && String::from_utf8(whole).is_ok();
                prop_assert!(which == 1 && passes || which == 3 && part.start < 25);
            }
        }
    }

    #[test]
    fn utf7_reads_what_it_writes(text in texts(), new in texts(), cuts in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let raw = utf7::joined(&text, reading::Shift::None, reading::Shift::None);
        prop_assert!(raw.is_ascii());
        let body = Body::html_bytes(raw.clone(), Some("utf-7"));
        let decoded = view(&body);
        prop_assert_eq!(decoded.text(), &text);
        let at = boundaries(&text);
        let (a, b) = (*cuts.0.get(&at), *cuts.1.get(&at));
        let part = a.min(b)..a.max(b);
        let span = decoded.span(part.clone());
        let spliced = decoded.write(part.clone(), &new).unwrap();
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

fn read(raw: &[u8], label: Option<&str>) -> Result<String, Refusal> {
    let body = Body::html_bytes(raw, label);
    decode(&body, &Limits::new()).map(|decoded| decoded.text().to_owned())
}

/// Mark, label, `meta`, valid UTF-8, windows-1252: the first that speaks is believed.
#[test]
fn contradictions_are_settled_in_order() {
    const META: &str = "<meta charset=windows-1251>";
    let meta = |bytes: &[u8]| [META.as_bytes(), bytes].concat();
    let after = |text: &str| format!("{META}{text}");
    let unknown = Err(Refusal::UnknownCharset);
    for (raw, label, expected) in [
        (b"\xEF\xBB\xBF\xC3\xA9".to_vec(), Some("windows-1252"), Ok("é".to_owned())),
        (b"\xFF\xFE\xE9\0".to_vec(), Some("utf-8"), Ok("é".to_owned())),
        (b"\xFE\xFF\0\xE9".to_vec(), Some("no-such"), Ok("é".to_owned())),
        ([&b"\xEF\xBB\xBF"[..], &meta("é".as_bytes())].concat(), None, Ok(after("é"))),
        (meta(b"\xE9"), Some("iso-8859-1"), Ok(after("é"))),
        (meta(b"\xE9"), Some("\"utf-8\""), Ok(after("\u{FFFD}"))),
        (meta(b"\xE9"), Some(" "), Ok(after("й"))),
        (meta("é".as_bytes()), None, Ok(after("Г©"))),
        (meta(b"\xE9"), None, Ok(after("й"))),
        ("é".as_bytes().to_vec(), None, Ok("é".to_owned())),
        (b"\xE9".to_vec(), None, Ok("é".to_owned())),
        (b"\x80".to_vec(), Some("us-ascii"), Ok("€".to_owned())),
        (b"\x80".to_vec(), Some("latin1"), Ok("€".to_owned())),
        (b"\x82\xA0".to_vec(), Some("CP932"), Ok("あ".to_owned())),
        (b"\xB0\xA1".to_vec(), Some("ks_c_5601-1987"), Ok("가".to_owned())),
        (b"\xB0\xA1".to_vec(), Some("gb2312"), Ok("啊".to_owned())),
        (b"\xE9\0".to_vec(), Some("utf-16"), Ok("é".to_owned())),
        (b"+AOk-".to_vec(), Some("Unicode-1-1-UTF-7"), Ok("é".to_owned())),
        (b"<meta charset=utf-7>+AOk-".to_vec(), None, Ok("<meta charset=utf-7>+AOk-".to_owned())),
        (b"x".to_vec(), Some("no-such"), unknown.clone()),
        (b"x".to_vec(), Some("cp850"), unknown.clone()),
        (b"x".to_vec(), Some("utf-32"), unknown.clone()),
        (b"x".to_vec(), Some("iso-2022-kr"), unknown.clone()),
        (b"x".to_vec(), Some("hz-gb-2312"), unknown.clone()),
        (b"<meta charset=hz-gb-2312>".to_vec(), None, unknown.clone()),
    ] {
        assert_eq!(read(&raw, label), expected, "{} {label:?}", raw.escape_ascii());
    }
    let text = Body::text_bytes(meta(b"\xE9"), None);
    assert_eq!(view(&text).text(), after("é"), "markup in text is no declaration");
    let unicode = Body::html(after("\u{FEFF}é"));
    assert_eq!(view(&unicode).text(), after("\u{FEFF}é"), "Unicode is taken as it is");
}

/// 0xE9 is é in windows-1252, й in windows-1251, ι in windows-1253: it shows what was found.
#[test]
fn the_prescan_is_the_standards() {
    const CYRILLIC: char = 'й';
    const GREEK: char = 'ι';
    const WESTERN: char = 'é';
    let late = |bytes: usize| format!("{}<meta charset=windows-1251>", " ".repeat(bytes));
    for (head, expected) in [
        ("<meta charset=windows-1251>", CYRILLIC),
        ("<META CHARSET = 'Windows-1251' />", CYRILLIC),
        ("<meta/charset=\" windows-1251 \">", CYRILLIC),
        ("<html><head x=\"<meta charset=windows-1253>\"><meta charset=windows-1251>", CYRILLIC),
        ("<meta charset=nonsense><meta charset=windows-1251>", CYRILLIC),
        ("<meta charset=windows-1251><meta charset=windows-1253>", CYRILLIC),
        ("<meta charset=windows-1251 charset=windows-1253>", CYRILLIC),
        ("<!-- <meta charset=windows-1253> --><meta charset=windows-1251>", CYRILLIC),
        ("<!--><meta charset=windows-1251>", CYRILLIC),
        ("<a=\"><meta charset=windows-1251>\">", CYRILLIC),
        ("<?php > ?><meta charset=windows-1251>", CYRILLIC),
        ("<!doctype html><meta charset=windows-1251>", CYRILLIC),
        ("</p ><meta charset=windows-1251>", CYRILLIC),
        ("< <3 <meta charset=windows-1251>", CYRILLIC),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>", CYRILLIC),
        (
            "<meta content='text/html; charset = \"windows-1251\"' http-equiv=CONTENT-TYPE>",
            CYRILLIC,
        ),
        ("<meta content='charset charset=windows-1251;x' http-equiv=content-type>", CYRILLIC),
        (
            "<meta http-equiv=content-type content='charset=windows-1253' charset=windows-1251>",
            CYRILLIC,
        ),
        (
            "<meta charset=windows-1251 http-equiv=content-type content='charset=windows-1253'>",
            CYRILLIC,
        ),
        ("<meta charset=x-user-defined>", WESTERN),
        ("<meta content='text/html; charset=windows-1251'>", WESTERN),
        ("<meta http-equiv=refresh content='text/html; charset=windows-1251'>", WESTERN),
        ("<meta http-equiv=content-type content='charset=\"windows-1251'>", WESTERN),
        ("<metal charset=windows-1251>", WESTERN),
        ("<meta charset=windows-1251", WESTERN),
        ("<meta =charset=windows-1251>", WESTERN),
        ("<p <meta charset=windows-1251>", WESTERN),
        ("<!-- <meta charset=windows-1251>", WESTERN),
        ("<?xml version='1.0' encoding='windows-1253'?><meta charset=windows-1251>", CYRILLIC),
        ("<?xml version='1.0' encoding='windows-1253'?><p>", GREEK),
        ("<?xml version='1.0' encoding='windows-1253?><p>", WESTERN),
        (" <?xml version='1.0' encoding='windows-1253'?><p>", WESTERN),
        (&late(1024 - 27), CYRILLIC),
        (&late(1024 - 26), WESTERN),
    ] {
        let text = read(&[head.as_bytes(), b"\xE9"].concat(), None).unwrap();
        assert_eq!(text.chars().last(), Some(expected), "{head}");
    }
    let utf8 = read("<meta charset=utf-16le>é".as_bytes(), None).unwrap();
    assert!(utf8.ends_with('é'), "a meta that can be read is not UTF-16");
    let xml: Vec<u8> = "<?xé".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&xml, None).unwrap(), "<?xé");
}

fn splice(raw: &[u8], label: &str, old: &str, new: &str) -> Vec<u8> {
    let body = Body::html_bytes(raw, Some(label));
    let decoded = view(&body);
    let at = decoded.text().find(old).unwrap();
    decoded.write(at..at + old.len(), new).unwrap().bytes
}

#[test]
fn a_second_byte_may_look_like_a_backslash() {
    // 表 is 95 5C, ソ 83 5C, ポ 83 7C; a byte search would cut them.
    let raw = b"\x95\x5C<p>\x83\x5C</p>\x83\x7C|\x95";
    assert_eq!(
        splice(raw, "shift_jis", "<p>ソ</p>", "<b>能</b>"),
        b"\x95\x5C<b>\x94\x5C</b>\x83\x7C|\x95"
    );
}

#[test]
fn iso_2022_jp_is_joined_in_the_right_state() {
    const KANJI: &[u8] = b"\x1B$B$\"\x1B(B<p>old</p>\x1B$B$\"\x1B(B\n";
    let tail: &[u8] = b"\x1B$B$\"\x1B(B\n";
    let head: &[u8] = b"\x1B$B$\"";
    // ASCII between kanji: our own escape in front, the suffix brings its own.
    assert_eq!(
        splice(KANJI, "iso-2022-jp", "<p>old</p>", "<p>new</p>"),
        [head, b"\x1B(B<p>new</p>", tail].concat()
    );
    // Kanji between kanji: no escape is followed by another, which readers show as an error.
    assert_eq!(
        splice(KANJI, "iso-2022-jp", "<p>old</p>", "い"),
        [head, b"\x1B$B$$", tail].concat()
    );
    assert_eq!(splice(KANJI, "iso-2022-jp", "<p>old</p>", ""), [head, tail].concat());
    // Markup in JIS-Roman, as some senders leave it.
    assert_eq!(
        splice(b"\x1B(J\\<p>old</p>\\\x1B(B", "iso-2022-jp", "<p>old</p>", "<p>\\</p>"),
        b"\x1B(J\\\x1B(B<p>\\</p>\x1B(J\\\x1B(B"
    );
    // Two letters of one kanji run; the second stays in it.
    assert_eq!(splice(b"\x1B$B$\"$$\x1B(B", "iso-2022-jp", "あ", "a"), b"a\x1B$B$$\x1B(B");
    // What is left at the end of a body is ASCII.
    assert_eq!(splice(b"a\x1B$B$\"", "iso-2022-jp", "あ", "い"), b"a\x1B$B$$\x1B(B");
}

#[test]
fn utf_7_runs_are_closed_before_new_text() {
    assert_eq!(splice(b"+AOQ<p>old</p>+AOQ-", "utf-7", "<p>old</p>", "new"), b"+AOQ-new+AOQ-");
    assert_eq!(splice(b"+AOQ-<p>old</p>", "utf-7", "<p>old</p>", "ö"), b"+AOQ-+APY-");
    // `ä<` in one run: its ä is written again, the rest of the body is not.
    assert_eq!(splice(b"a+AOQAPA-p>b+AOQ", "utf-7", "<p>", "<i>"), b"a+AOQ-<i>b+AOQ");
    // A run behind the part keeps its own way of ending.
    assert_eq!(splice(b"old+AOQ b", "utf-7", "old", "new"), b"new+AOQ b");
    assert_eq!(
        read(b"1 +- 1 +2D3cQw- +2D0- +A- +", Some("utf-7")).unwrap(),
        "1 + 1 \u{1F443} \u{FFFD} \u{FFFD} \u{FFFD}"
    );
}

#[test]
fn utf_16_keeps_its_order_and_its_mark() {
    let raw = b"\xFE\xFF\0<\0a\0>\xD8\x3D\0x";
    assert_eq!(splice(raw, "utf-8", "a", "\u{1F600}"), b"\xFE\xFF\0<\xD8\x3D\xDE\0\0>\xD8\x3D\0x");
    let odd = b"<\0a\0>\0\x3D";
    assert_eq!(splice(odd, "utf-16le", "a", "é"), b"<\0\xE9\0>\0\x3D");
}

/// Half a character before the block must not swallow the first byte of the new one.
#[test]
fn a_joint_that_would_make_another_character_is_refused() {
    let body = Body::text_bytes(b"\x95\n____\n", Some("shift_jis"));
    let decoded = view(&body);
    assert_eq!(decoded.text(), "\u{FFFD}\n____\n");
    assert_eq!(decoded.write(3..9, "____\n"), Err(Refusal::NotSeparable));
    assert_eq!(decoded.write(3..9, "\n____").unwrap().bytes, b"\x95\n____");
}

#[test]
fn the_charset_must_be_found_again() {
    // The declaration itself cannot be cut away, nor pushed out of the first 1,024 bytes.
    let raw = b"<p>x</p><meta charset=windows-1251>\xE9";
    let body = Body::html_bytes(raw, None);
    let decoded = view(&body);
    assert_eq!(decoded.write(8..35, ""), Err(Refusal::NotSeparable));
    assert_eq!(decoded.write(3..4, &"x".repeat(1024)), Err(Refusal::NotSeparable));
    assert!(decoded.write(3..4, "y").is_ok());
    // What only its invalid UTF-8 made windows-1252 would turn into something else.
    let body = Body::text_bytes(b"a\xE9", None);
    assert_eq!(view(&body).write(1..3, "b").unwrap().bytes, b"ab");
    // New text that would be taken for a byte order mark.
    let body = Body::text_bytes(*b"a", Some("windows-1252"));
    assert_eq!(view(&body).write(0..1, "ÿþ"), Err(Refusal::NotSeparable));
    let body = Body::text_bytes(*b"a", Some("utf-8"));
    assert_eq!(view(&body).write(0..1, "\u{FEFF}"), Err(Refusal::NotSeparable));
    assert_eq!(view(&body).write(1..3, "Ã©"), Err(Refusal::NotSeparable));
}

#[test]
fn what_the_charset_lacks() {
    let fit = |format, label: &str, new: &str| {
        let body = labelled(format, b"", label);
        view(&body).fit(new).map(Cow::into_owned)
    };
    let unencodable = Err(Refusal::Unencodable);
    for (label, new, html, text) in [
        ("windows-1252", "é“€”", Ok("é“€”"), Ok("é“€”")),
        ("windows-1252", "会é", Ok("&#20250;é"), unencodable),
        ("windows-1252", "\u{1F600}", Ok("&#128512;"), unencodable),
        ("iso-8859-1", "é“x”…", Ok("é&#8220;x&#8221;&#8230;"), Ok("é\"x\"...")),
        ("iso-8859-1", "€", Ok("&#8364;"), unencodable),
        ("us-ascii", "a\u{A0}–\u{200E}b", Ok("a&#160;&#8211;&#8206;b"), Ok("a -b")),
        ("us-ascii", "é", Ok("&#233;"), unencodable),
        ("cp20127", "é", Ok("&#233;"), unencodable),
        ("cp932", "表", Ok("表"), Ok("表")),
        ("iso-8859-9", "ş“", Ok("ş&#8220;"), Ok("ş\"")),
        ("iso-8859-2", "ő’", Ok("ő&#8217;"), Ok("ő'")),
        ("shift_jis", "¥表", Ok("&#165;表"), unencodable),
        ("iso-2022-jp", "ｱア¥", Ok("&#65393;ア¥"), unencodable),
        ("gbk", "€会", Ok("€会"), Ok("€会")),
        ("gb18030", "€会\u{1F600}", Ok("€会\u{1F600}"), Ok("€会\u{1F600}")),
        ("utf-8", "会", Ok("会"), Ok("会")),
        ("utf-7", "会", Ok("会"), Ok("会")),
        ("utf-16be", "会\u{1F600}", Ok("会\u{1F600}"), Ok("会\u{1F600}")),
    ] {
        assert_eq!(fit(Format::Html, label, new), html.map(str::to_owned), "{label} {new}");
        assert_eq!(fit(Format::Text, label, new), text.map(str::to_owned), "{label} {new}");
    }
}

#[test]
fn empty_short_and_large_bodies() {
    for raw in [&b""[..], b"<", b"\xFF", b"\xFF\xFE", b"\xEF\xBB\xBF", b"\x1B", b"+", b"\x81"] {
        for label in [None, Some("utf-16le"), Some("iso-2022-jp"), Some("utf-7"), Some("gb18030")] {
            let body = Body::html_bytes(raw, label);
            let decoded = view(&body);
            let end = decoded.text().len();
            let spliced = decoded.write(end..end, "<p>").map(|spliced| spliced.bytes);
            let name = format!("{} {label:?}", raw.escape_ascii());
            if label == Some("utf-16le") && raw.len() == 1 {
                assert_eq!(spliced, Err(Refusal::NotSeparable), "nothing goes after half a unit");
            } else {
                assert!(spliced.unwrap().starts_with(raw), "{name}");
            }
            assert_eq!(decoded.span(0..end).end, raw.len(), "{name}");
        }
    }
    let small = Limits::new().with_max_bytes(4);
    let refusal = decode(&Body::html("12345"), &small).err();
    assert_eq!(refusal, Some(Refusal::TooLarge));
}

#[test]
fn what_is_already_utf_8_is_borrowed() {
    let text = "é".repeat(10);
    for body in [
        Body::html(text.as_str()),
        Body::html_bytes(text.as_bytes(), None),
        Body::html_bytes(text.as_bytes(), Some("utf-8")),
        Body::html_bytes([b"\xEF\xBB\xBF", text.as_bytes()].concat(), None),
        Body::html_bytes(*b"plain", Some("iso-2022-jp")),
        Body::html_bytes(*b"plain", Some("shift_jis")),
        Body::html_bytes(*b"plain", Some("utf-7")),
    ] {
        assert!(view(&body).reading.is_identity());
    }
}

/// No table per character: one checkpoint for about 4 kB, whatever the bytes are.
#[test]
fn the_way_back_is_small() {
    for (label, raw) in [
        ("shift_jis", b"\x95\x5C ".repeat(100_000)),
        ("windows-1252", b"\xE9".repeat(300_000)),
        ("utf-16le", b"\xE9\0".repeat(150_000)),
        ("iso-2022-jp", b"\x1B$B$\"\x1B(Ba".repeat(30_000)),
        ("iso-2022-jp", [&b"\x1B(J"[..], &b"a".repeat(300_000)].concat()),
        ("utf-7", b"+AOQ- ".repeat(50_000)),
        ("utf-7", [&b"+"[..], &b"byJvIm8i".repeat(40_000)].concat()),
        ("utf-8", b"\xE9 ".repeat(150_000)),
    ] {
        let body = Body::text_bytes(raw, Some(label));
        let decoded = view(&body);
        let points = decoded.reading.checkpoints.len();
        assert!((60..90).contains(&points), "{label}: {points}");
        let steps = decoded.reading.checkpoints.windows(2).map(|pair| pair[1].raw - pair[0].raw);
        assert!(steps.max().unwrap() < 5_000, "{label}");
    }
}

#[test]
fn an_excerpt_is_read_in_the_charset_of_the_whole_body() {
    // The second byte of each character is ASCII by itself.
    let japanese = Body::text_bytes(b"\x95\x5c\x8e\xa6 ok".to_vec(), Some("shift_jis"));
    assert_eq!(excerpt(&japanese, 0..4).unwrap(), "表示");
    let wide = Body::text_bytes(b"\xff\xfea\0\xe4\0".to_vec(), None);
    assert_eq!(excerpt(&wide, 0..4).unwrap(), "a");
    assert_eq!(excerpt(&wide, 4..6).unwrap(), "ä");
    assert_eq!(excerpt(&wide, 6..9).unwrap(), "");
    assert_eq!(excerpt(&Body::text("é"), 0..1).unwrap(), "\u{fffd}");
    let unknown = Body::text_bytes(b"a".to_vec(), Some("x-klingon"));
    assert_eq!(excerpt(&unknown, 0..1), Err(Refusal::UnknownCharset));
}

#[test]
fn known_labels_are_known() {
    for label in ["utf-8", "UTF-16", "ks_c_5601-1987", "utf-7", "cp850x"] {
        assert_eq!(knows(label), label != "cp850x", "{label}");
    }
}

#[test]
fn the_largest_body_is_exact() {
    let limits = Limits::new().with_max_bytes(3);
    assert!(decode(&Body::text("abc"), &limits).is_ok());
    assert_eq!(decode(&Body::text("abcd"), &limits).err(), Some(Refusal::TooLarge));
}

/// The new text is where `written` says, also with something re-emitted around it.
#[test]
fn what_was_written_is_where_it_is_said_to_be() {
    let text = "<p>é</p>old<p>é</p>";
    let (utf8, utf16) = (text.as_bytes().to_vec(), encode_utf16(text));
    let bodies = [
        Body::html(text),
        Body::html_bytes(utf8, Some("utf-8")),
        Body::html_bytes(encoded(WINDOWS_1252, text), Some("windows-1252")),
        Body::html_bytes([b"\xFF\xFE".to_vec(), utf16].concat(), None),
    ];
    for body in bodies {
        let decoded = view(&body);
        let at = decoded.text().find("old").unwrap();
        let patch = Patch { part: at..at + 3, lead: "<i>", new: "néw", trail: "</i>" };
        let spliced = decoded.splice(&patch).unwrap();
        let after = body.with_bytes(spliced.bytes);
        assert_eq!(excerpt(&after, spliced.written.clone()).unwrap(), "néw");
        assert_eq!(view(&after).text(), "<p>é</p><i>néw</i><p>é</p>");
        let whole = patch.apply(decoded.text()).unwrap();
        assert_eq!(decoded.patched(&patch, whole), Ok((after, spliced.written)));
    }
}

fn encode_utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn typographic_characters_have_a_stand_in() {
    let table = [
        ("\u{2022}\u{2043}\u{B7}", "***"),
        ("\u{A9}\u{AE}\u{2122}", "(c)(R)(TM)"),
        ("a\u{2060}\u{2066}\u{2069}\u{FEFF}\u{AD}b", "ab"),
        ("\u{201E}\u{2019}\u{2013}\u{2026}\u{3000}", "\"'-... "),
    ];
    for (new, fitted) in table {
        let body = labelled(Format::Text, b"", "us-ascii");
        assert_eq!(view(&body).fit(new).unwrap(), fitted);
    }
}

/// Every byte in every state, before some others, and escapes upon escapes.
#[test]
fn iso_2022_jp_reads_as_the_standard_does() {
    let escapes: [&[u8]; 6] = [b"", b"\x1B(B", b"\x1B(J", b"\x1B(I", b"\x1B$B", b"\x1B$@"];
    let seconds = [b"", b"!".as_slice(), b"$", b"~", b"\x7F", b"\x1B(B", b"\x1B", b"\n", b"\xA1"];
    let check = |raw: &[u8]| {
        let body = labelled(Format::Text, raw, "iso-2022-jp");
        let (theirs, _) = ISO_2022_JP.decode_without_bom_handling(raw);
        assert_eq!(view(&body).text(), theirs, "{raw:x?}");
    };
    for escape in escapes {
        for byte in 0..=u8::MAX {
            for second in seconds {
                check(&[escape, &[byte], second, b"a"].concat());
            }
        }
        for (a, b) in escapes.iter().flat_map(|a| escapes.map(|b| (a, b))) {
            check(&[escape, *a, b, b"a", *a, b].concat());
        }
    }
}

/// Any part of a text in all of its states is replaced, and the rest reads as before.
#[test]
fn iso_2022_jp_is_cut_anywhere() {
    let raw = b"ab\x1B$B4A;z\x1B(Jc\\~d\x1B(I6E\x1B(Bef";
    let body = labelled(Format::Text, raw, "iso-2022-jp");
    let decoded = view(&body);
    let text = decoded.text();
    assert_eq!(text, "ab漢字c¥‾dｶﾅef");
    let places = boundaries(text);
    for (&from, &to) in places.iter().flat_map(|a| places.iter().map(move |b| (a, b))) {
        if from > to {
            continue;
        }
        for new in ["X", "字", ""] {
            let spliced = decoded.write(from..to, new).unwrap();
            let (after, malformed) = ISO_2022_JP.decode_without_bom_handling(&spliced.bytes);
            assert!(!malformed);
            assert_eq!(after, [&text[..from], new, &text[to..]].concat());
        }
    }
}

/// Runs without a byte at which a decoder is surely in its first state, longer than a stride.
#[test]
fn long_runs_are_cut_between_characters() {
    for encoding in [SHIFT_JIS, EUC_JP, EUC_KR, GBK, GB18030, BIG5] {
        for head in ["", "\n", "\na", "a"] {
            let text = [head, &"漢字".repeat(3000), "\n漢a\n", &"字".repeat(5000)].concat();
            let body = labelled(Format::Text, &encoded(encoding, &text), encoding.name());
            assert!(view(&body).text() == text, "{} after {head:?}", encoding.name());
        }
    }
    // Four bytes for each character, digits among them.
    for head in 0..4 {
        let raw = [b"a".repeat(head), b"\x81\x30\x81\x30".repeat(3000)].concat();
        let body = labelled(Format::Text, &raw, "gb18030");
        let (theirs, malformed) = GB18030.decode_without_bom_handling(&raw);
        assert!(!malformed && view(&body).text() == theirs, "{head}");
    }
    // One run of base64 for the whole text.
    for text in ["é".repeat(5000), ["é", &"\u{1F600}".repeat(4000)].concat()] {
        let raw = utf7::joined(&text, reading::Shift::None, reading::Shift::None);
        let body = labelled(Format::Text, &raw, "utf-7");
        assert!(view(&body).text() == text);
        let middle = text.ceil_char_boundary(text.len() / 2);
        let after = body.with_bytes(view(&body).write(middle..text.len(), "x").unwrap().bytes);
        assert!(view(&after).text() == [&text[..middle], "x"].concat());
    }
}

/// Half a unit is one error, and none of its own behind half a pair.
#[test]
fn utf_16_that_is_cut_off_reads_as_the_standard_says() {
    for raw in [b"a".as_slice(), b"a\0b", b"a\0\x3D\xD8", b"a\0\x3D\xD8b", b"\x3D\xD8\0\xDEb"] {
        let body = labelled(Format::Text, raw, "utf-16le");
        assert_eq!(view(&body).text(), UTF_16LE.decode_without_bom_handling(raw).0, "{raw:x?}");
    }
}

/// Three and four bytes for one character, what only begins like that, and pairs of
/// surrogates across the end of a run: what follows is replaced, and nothing else.
#[test]
fn what_follows_a_long_sequence_is_replaced() {
    let table: [(&'static Encoding, &[u8]); 7] = [
        (GB18030, b"a\x81\x30\x81\x30!"),
        (GBK, b"a\x81\x30\x81\x30!"),
        (BIG5, b"a\x81\x30\x81\x30!"),
        (GB18030, b"\x81\x30\x81a!"),
        (GBK, b"\x81\x30!"),
        (EUC_JP, b"\x8F\xB0\xA1!"),
        (EUC_JP, b"\x8F\xB0!"),
    ];
    for (encoding, raw) in table {
        let after = splice(raw, encoding.name(), "!", "?");
        let kept = raw.len() - 1;
        assert_eq!((&after[..kept], &after[kept..]), (&raw[..kept], b"?".as_slice()), "{raw:x?}");
    }
    for shift in 0..4 {
        let text = ["a".repeat(shift), "\u{1F600}a".repeat(3000)].concat();
        let body = labelled(Format::Text, &encode_utf16(&text), "utf-16le");
        assert!(view(&body).text() == text, "{shift}");
    }
}
