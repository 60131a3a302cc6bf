//! Every charset against encoding_rs.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod fit;
mod found;
mod joints;
mod properties;

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

fn boundaries(text: &str) -> Vec<usize> {
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect()
}

fn read(raw: &[u8], label: Option<&str>) -> Result<String, Refusal> {
    let body = Body::html_bytes(raw, label);
    decode(&body, &Limits::new()).map(|decoded| decoded.text().to_owned())
}

fn splice(raw: &[u8], label: &str, old: &str, new: &str) -> Vec<u8> {
    let body = Body::html_bytes(raw, Some(label));
    let decoded = view(&body);
    let at = decoded.text().find(old).unwrap();
    decoded.write(at..at + old.len(), new).unwrap().bytes
}

fn encode_utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
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
fn the_largest_body_is_exact() {
    let limits = Limits::new().with_max_bytes(3);
    assert!(decode(&Body::text("abc"), &limits).is_ok());
    assert_eq!(decode(&Body::text("abcd"), &limits).err(), Some(Refusal::TooLarge));
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
