//! Charset labels: the standard's, and those that mail programs add.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, WINDOWS_1252};

use super::reading::Charset;

/// A charset, and what of it may be written under the label it was given by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) charset: Charset,
    pub(super) repertoire: Repertoire,
}

/// What a reader that takes the label at its word can show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repertoire {
    /// All of the charset.
    Full,
    /// US-ASCII, read as windows-1252.
    Ascii,
    /// ISO 8859 or TIS-620, read as a Windows code page that adds 0x80 to 0x9F.
    NoC1,
}

/// Labels that the standard does not have. Windows code pages by Microsoft's and Java's
/// names; code pages that encoding_rs cannot read are not here.
const MAIL: &[(&str, Charset)] = &[
    ("csunicode11utf7", Charset::Utf7),
    ("unicode-1-1-utf-7", Charset::Utf7),
    ("unicode-2-0-utf-7", Charset::Utf7),
    ("utf-7", Charset::Utf7),
    ("utf7", Charset::Utf7),
    ("x-unicode-2-0-utf-7", Charset::Utf7),
    ("cp50220", Charset::Iso2022Jp),
    ("cp50221", Charset::Iso2022Jp),
    ("cp50222", Charset::Iso2022Jp),
    ("iso-2022-jp-ms", Charset::Iso2022Jp),
    ("cp65001", Charset::Table(UTF_8)),
    ("cp874", Charset::Table(encoding_rs::WINDOWS_874)),
    ("ms874", Charset::Table(encoding_rs::WINDOWS_874)),
    ("cp932", Charset::Table(encoding_rs::SHIFT_JIS)),
    ("windows-932", Charset::Table(encoding_rs::SHIFT_JIS)),
    ("windows-932-2000", Charset::Table(encoding_rs::SHIFT_JIS)),
    ("cp936", Charset::Table(encoding_rs::GBK)),
    ("ms936", Charset::Table(encoding_rs::GBK)),
    ("windows-936", Charset::Table(encoding_rs::GBK)),
    ("cp949", Charset::Table(encoding_rs::EUC_KR)),
    ("ms949", Charset::Table(encoding_rs::EUC_KR)),
    ("cp950", Charset::Table(encoding_rs::BIG5)),
    ("ms950", Charset::Table(encoding_rs::BIG5)),
    ("windows-950", Charset::Table(encoding_rs::BIG5)),
    ("cp20127", Charset::Table(WINDOWS_1252)),
];

impl Label {
    pub(super) const UTF_8: Self = Self::full(Charset::UTF_8);
    pub(super) const WINDOWS_1252: Self = Self::full(Charset::Table(WINDOWS_1252));

    const fn full(charset: Charset) -> Self {
        Self { charset, repertoire: Repertoire::Full }
    }

    pub(super) fn of_bom(raw: &[u8]) -> Option<(Self, usize)> {
        let (encoding, length) = Encoding::for_bom(raw)?;
        Some((Self::full(Charset::of(encoding)), length))
    }

    /// The charset with this label; none for those that the standard refuses to read.
    pub(super) fn find(label: &str) -> Option<Self> {
        let label = label.to_ascii_lowercase();
        if let Some((_, charset)) = MAIL.iter().find(|(name, _)| *name == label) {
            let repertoire = if label == "cp20127" { Repertoire::Ascii } else { Repertoire::Full };
            return Some(Self { charset: *charset, repertoire });
        }
        let encoding = Encoding::for_label(label.as_bytes()).filter(|e| *e != REPLACEMENT)?;
        Some(Self { charset: Charset::of(encoding), repertoire: repertoire(&label, encoding) })
    }
}

/// The windows-1252, -1254 and -874 families have labels of smaller charsets.
fn repertoire(label: &str, encoding: &'static Encoding) -> Repertoire {
    let windows = ["windows-", "x-cp", "cp12", "dos-"].iter().any(|w| label.starts_with(w));
    if windows || !encoding.name().starts_with("windows-") {
        Repertoire::Full
    } else if label.contains("ascii") || label.starts_with("ansi_x3") {
        Repertoire::Ascii
    } else {
        Repertoire::NoC1
    }
}

/// A label as it stands in a header: blanks and quotes around it are not part of it.
pub(super) fn trimmed(label: &str) -> &str {
    label.trim_matches(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'')
}
