//! Made-up texts and bytes, spliced and read against encoding_rs.

use super::*;

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
