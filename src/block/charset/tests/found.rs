//! Which charset a body is in, and that it is found again.

use super::*;

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
fn known_labels_are_known() {
    for label in ["utf-8", "UTF-16", "ks_c_5601-1987", "utf-7", "cp850x"] {
        assert_eq!(knows(label), label != "cp850x", "{label}");
    }
}
