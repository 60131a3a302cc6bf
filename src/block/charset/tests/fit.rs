//! What a charset lacks.

use super::*;

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
