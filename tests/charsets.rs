//! Every label of the Encoding Standard, from the public door: a block between letters of
//! the charset is replaced, every byte outside it stays, and the result reads as it should.
//!
//! The oracle is encoding_rs, told the encoding's name and not the label.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use meeting_migration::Body;
use meeting_migration::block::{self, Options, Refusal, Rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;

/// The standard's table of names and labels, without `replacement`.
#[rustfmt::skip]
const LABELS: &[(&str, &str)] = &[
    ("UTF-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"),
    ("IBM866", "866 cp866 csibm866 ibm866"),
    ("ISO-8859-2", "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"),
    ("ISO-8859-3", "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"),
    ("ISO-8859-4", "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"),
    ("ISO-8859-5", "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"),
    ("ISO-8859-6", "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"),
    ("ISO-8859-7", "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"),
    ("ISO-8859-8", "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"),
    ("ISO-8859-8-I", "csiso88598i iso-8859-8-i logical"),
    ("ISO-8859-10", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"),
    ("ISO-8859-13", "iso-8859-13 iso8859-13 iso885913"),
    ("ISO-8859-14", "iso-8859-14 iso8859-14 iso885914"),
    ("ISO-8859-15", "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"),
    ("ISO-8859-16", "iso-8859-16"),
    ("KOI8-R", "cskoi8r koi koi8 koi8-r koi8_r"),
    ("KOI8-U", "koi8-ru koi8-u"),
    ("macintosh", "csmacintosh mac macintosh x-mac-roman"),
    ("windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"),
    ("windows-1250", "cp1250 windows-1250 x-cp1250"),
    ("windows-1251", "cp1251 windows-1251 x-cp1251"),
    ("windows-1252", "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252"),
    ("windows-1253", "cp1253 windows-1253 x-cp1253"),
    ("windows-1254", "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254"),
    ("windows-1255", "cp1255 windows-1255 x-cp1255"),
    ("windows-1256", "cp1256 windows-1256 x-cp1256"),
    ("windows-1257", "cp1257 windows-1257 x-cp1257"),
    ("windows-1258", "cp1258 windows-1258 x-cp1258"),
    ("x-mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian"),
    ("GBK", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"),
    ("gb18030", "gb18030"),
    ("Big5", "big5 big5-hkscs cn-big5 csbig5 x-x-big5"),
    ("EUC-JP", "cseucpkdfmtjapanese euc-jp x-euc-jp"),
    ("ISO-2022-JP", "csiso2022jp iso-2022-jp"),
    ("Shift_JIS", "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"),
    ("EUC-KR", "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"),
    ("UTF-16BE", "unicodefffe utf-16be"),
    ("UTF-16LE", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"),
    ("x-user-defined", "x-user-defined"),
];

/// The labels of `replacement`: what browsers refuse to read.
const REFUSED: &[&str] =
    &["csiso2022kr", "hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "iso-2022-kr", "replacement"];

const LETTERS: &[&str] = &[
    "\u{f7e9}\u{f780}",
    "Grüße",
    "Příště",
    "Ħġ",
    "Ķģ",
    "Ждём",
    "Ωμέγα",
    "שלום",
    "مرحبا",
    "สวัสดี",
    "Ẁŵ",
    "hỏi",
    "漢字と表",
    "表示ソ能",
    "会议",
    "會議",
    "가나다",
];

const OLD: &str = "https://teams.microsoft.com/meet/2345678901234?p=Old";
const NEW: &str = r#"{"provider": "teams", "passcode": "xY12ab",
    "join_url": "https://teams.microsoft.com/meet/9876543210987?p=New"}"#;

fn encoded(encoding: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lossy) = encoding.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

fn rewrite(body: &Body) -> Rewrite {
    let record = Record::new(Provider::TEAMS, OLD);
    block::rewrite(body, Some(&record), &serde_json::from_str(NEW).unwrap(), &Options::new())
}

/// Head, block and tail in `encoding`, as `body` under `label`.
fn check(encoding: &'static Encoding, label: &str, letters: &str, html: bool) {
    let fence = "_".repeat(80);
    let [before, block, behind] = if html {
        let head = format!("<p>{letters} | {letters}</p>\r\n");
        let block = format!("<p>{fence}</p><p><a href=\"{OLD}\">{letters}</a></p><p>{fence}</p>");
        [head, block, format!("\r\n<p>{letters}</p>")]
    } else {
        let block = format!("{fence}\r\n{letters} <{OLD}>\r\n{fence}");
        [format!("{letters} | {letters}\r\n"), block, format!("\r\n{letters}\r\n")]
    };
    let raw = encoded(encoding, &[before.as_str(), &block, &behind].concat()).unwrap();
    let body = if html {
        Body::html_bytes(raw.clone(), Some(label))
    } else {
        Body::text_bytes(raw.clone(), Some(label))
    };
    let answer = rewrite(&body);
    let Rewrite::Replaced { body, block: old, written } = answer else {
        panic!("{label} {letters}: {answer:?}");
    };
    let bytes = body.as_bytes();
    let (head, tail) = (encoded(encoding, &before).unwrap(), encoded(encoding, &behind).unwrap());
    assert_eq!(old.span.start, head.len(), "{label}");
    assert_eq!(bytes[..written.start], raw[..old.span.start], "{label}");
    assert_eq!(bytes[written.end..], raw[old.span.end..], "{label}");
    assert!(raw.ends_with(&tail), "{label}");
    let text = encoding.decode_without_bom_handling(bytes).0;
    let inner = text.strip_prefix(&before).and_then(|rest| rest.strip_suffix(&behind)).unwrap();
    assert!(inner.contains("/meet/9876543210987") && !inner.contains("/meet/2345"), "{label}");
    assert!(inner.starts_with(['<', '_']) && inner.ends_with(['>', '_']), "{label}");
}

#[test]
fn every_label_of_the_standard_is_read_and_written() {
    let mut seen = 0;
    for (name, labels) in LABELS {
        let encoding = Encoding::for_label(name.as_bytes()).unwrap();
        assert_eq!(encoding.name(), *name);
        let fits: Vec<_> =
            LETTERS.iter().filter(|letters| encoded(encoding, letters).is_some()).collect();
        assert!(!fits.is_empty(), "{name}");
        for label in labels.split(' ') {
            assert!(block::knows_charset(label), "{label}");
            let shouted = format!(" \"{}\"\t", label.to_uppercase());
            for letters in &fits {
                check(encoding, label, letters, true);
                check(encoding, &shouted, letters, false);
            }
            seen += 1;
        }
    }
    assert_eq!(seen + REFUSED.len(), 228, "the standard has 228 labels");
}

#[test]
fn what_browsers_refuse_to_read_is_refused() {
    let fence = "_".repeat(80);
    let text = format!("{fence}\nJoin <{OLD}>\n{fence}\n");
    for label in REFUSED {
        assert!(!block::knows_charset(label), "{label}");
        let answer = rewrite(&Body::text_bytes(text.clone(), Some(*label)));
        assert!(matches!(answer, Rewrite::Refused(Refusal::UnknownCharset)), "{answer:?}");
    }
}

/// A mark outranks the label, the label outranks `meta`, `meta` outranks the bytes.
#[test]
fn contradictions_end_in_the_documented_order() {
    let fence = "_".repeat(80);
    let block = format!("<p>{fence}</p><p><a href=\"{OLD}\">x</a></p><p>{fence}</p>");
    let utf_16: Vec<u8> = format!("\u{feff}<p>\u{e9}</p>{block}<p>\u{e9}</p>")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let meta =
        format!("<meta charset=utf-16be><meta charset=koi8-r><p>\u{e9}</p>{block}<p>\u{e9}</p>");
    for (raw, label) in [
        (utf_16, Some("shift_jis")),
        ([&b"\xEF\xBB\xBF"[..], meta.as_bytes()].concat(), Some("utf-16le")),
        (meta.clone().into_bytes(), Some("utf-8")),
        (meta.clone().into_bytes(), Some("gb18030")),
        (meta.into_bytes(), None),
    ] {
        let body = Body::html_bytes(raw.clone(), label);
        let answer = rewrite(&body);
        let Rewrite::Replaced { body, block, written } = answer else {
            panic!("{label:?}: {answer:?}");
        };
        assert_eq!(body.as_bytes()[..written.start], raw[..block.span.start], "{label:?}");
        assert_eq!(body.as_bytes()[written.end..], raw[block.span.end..], "{label:?}");
    }
}
