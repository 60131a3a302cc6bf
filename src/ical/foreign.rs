//! Values that are not UTF-8: which charset they were written in.
//!
//! In: a property. Out: an encoding. `CHARSET` says it, which old programs wrote; else
//! the code page that Windows has for the property's `LANGUAGE`, when the bytes make
//! sense in it; else windows-1252.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

use super::document::Property;

/// The encoding of a property's `bytes`, which are not UTF-8.
pub(super) fn encoding(property: &Property<'_>, bytes: &[u8]) -> &'static Encoding {
    let named = property.parameter("CHARSET");
    let named = named.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    named.or_else(|| by_language(property, bytes)).unwrap_or(WINDOWS_1252)
}

/// The encoding that a property's language speaks for, if it is another than windows-1252.
pub(super) fn by_language(property: &Property<'_>, bytes: &[u8]) -> Option<&'static Encoding> {
    let page = code_page(&property.parameter("LANGUAGE")?)?;
    page.decode_without_bom_handling_and_without_replacement(bytes).map(|_| page)
}

/// The code page of Windows for a language, as Microsoft's list of locales has it.
fn code_page(tag: &str) -> Option<&'static Encoding> {
    let tag = tag.trim().to_ascii_lowercase();
    let (language, rest) = tag.split_once('-').unwrap_or((&tag, ""));
    let is = |part: &str| rest.split('-').any(|p| p == part);
    Some(match language {
        "ja" => SHIFT_JIS,
        "ko" => EUC_KR,
        "zh" if ["tw", "hk", "mo", "hant"].iter().any(|part| is(part)) => BIG5,
        "zh" => GBK,
        "th" => WINDOWS_874,
        "sr" if is("latn") => WINDOWS_1250,
        "be" | "bg" | "kk" | "ky" | "mk" | "mn" | "ru" | "sr" | "tt" | "uk" => WINDOWS_1251,
        "bs" | "cs" | "hr" | "hu" | "pl" | "ro" | "sk" | "sl" | "sq" => WINDOWS_1250,
        "el" => WINDOWS_1253,
        "tr" => WINDOWS_1254,
        "he" => WINDOWS_1255,
        "ar" | "fa" | "ur" => WINDOWS_1256,
        "et" | "lt" | "lv" => WINDOWS_1257,
        "vi" => WINDOWS_1258,
        _ => return None,
    })
}
