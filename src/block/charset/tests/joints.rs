//! What is written between bytes that stay.

use super::*;

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
        let patched = patch.apply(decoded.text()).unwrap();
        assert_eq!(decoded.patched(patched), Ok((after, spliced.written)));
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
