//! What a link points to that a mail gateway or a web mailer has wrapped.
//!
//! Known: Microsoft Safe Links (both paths, all clouds, and the page that Teams shows), URL
//! Defense v1 to v3, Google's redirect. In: a link with its HTML entities decoded. Never: a
//! request, a guess. What is not understood comes back as it was. Linear.

use std::borrow::Cow;

use memchr::memchr;

use super::parts::{Parts, behind_user, percent_decoded};

/// Gateways in a row: the sender's, a list's, the reader's.
const LEVELS: usize = 3;

/// The link inside, or the link itself.
pub(crate) fn unwrap(url: &str) -> Cow<'_, str> {
    let mut found = Cow::Borrowed(url);
    for _ in 0..LEVELS {
        match inside(&found) {
            Some(inner) => found = Cow::Owned(inner),
            None => break,
        }
    }
    found
}

fn inside(url: &str) -> Option<String> {
    let parts = Parts::of(url)?;
    if !may_be_wrapper(parts.host_as_written()) {
        return None;
    }
    let host = parts.host();
    let inner = if is_safe_links(&host, parts.path) {
        percent_decoded(parts.value("url")?)?
    } else if matches!(
        host.as_str(),
        "urldefense.com" | "urldefense.proofpoint.com" | "urldefense.us"
    ) {
        match parts.segments().next()? {
            "v1" => percent_decoded(parts.value("u")?)?,
            "v2" => url_defense_v2(parts.value("u")?)?,
            "v3" => url_defense_v3(url)?,
            _ => return None,
        }
    } else if is_google_redirect(&host, parts.path) {
        percent_decoded(parts.value("q").or_else(|| parts.value("url"))?)?
    } else {
        return None;
    };
    Parts::of(&inner).is_some().then_some(inner)
}

/// Whether an authority may be a wrapper's; false is certain.
pub(crate) fn may_be_wrapped(authority: &str) -> bool {
    let end = memchr(b'/', authority.as_bytes()).unwrap_or(authority.len());
    may_be_wrapper(behind_user(authority.get(..end).unwrap_or_default()))
}

/// Most links are in no wrapper, and a few bytes of their host say so.
pub(super) fn may_be_wrapper(host: &str) -> bool {
    let begins =
        |name: &str| host.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    match host.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'g') if begins("google.") => true,
        Some(b'w') if begins("www.google.") => true,
        Some(b'u') if begins("urldefense.") => true,
        Some(b's') if begins("statics.teams.") => true,
        _ => {
            host.len() > "safelinks.protection.".len()
                && host
                    .as_bytes()
                    .split(|b| *b == b'.')
                    .any(|label| label.eq_ignore_ascii_case(b"safelinks"))
        }
    }
}

/// `<region>.safelinks.protection.outlook.com`, and the same under `office365.us`,
/// `partner.outlook.cn` …
fn is_safe_links(host: &str, path: &str) -> bool {
    host.split_once("safelinks.protection.")
        .is_some_and(|(region, _)| region.is_empty() || region.ends_with('.'))
        || host == "statics.teams.cdn.office.net" && path.ends_with("/atp-safelinks.html")
}

fn is_google_redirect(host: &str, path: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.starts_with("google.") && path == "/url"
}

/// `%` is written `-`, `/` is written `_`.
fn url_defense_v2(value: &str) -> Option<String> {
    percent_decoded(&value.replace('-', "%").replace('_', "/"))
}

/// `/v3/__<link>__;<base64>!…`: each `*` in the link is the next character of what the base64
/// stands for, `**X` as many of them as `X` says.
fn url_defense_v3(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("/v3/__")?;
    let (link, list) = rest.split_once("__;")?;
    let list = list.split('!').next().unwrap_or_default();
    let list = base64(list).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut list = list.chars();

    let mut out = String::with_capacity(url.len());
    // The gateway, or a mailer after it, makes one slash of two.
    let mut rest = match link.split_once(":/") {
        Some((scheme, after)) if !scheme.contains('/') => {
            out.push_str(scheme);
            out.push_str("://");
            after.trim_start_matches('/')
        }
        _ => link,
    };
    while let Some((before, after)) = rest.split_once('*') {
        out.push_str(before);
        let run = after.strip_prefix('*').and_then(|after| {
            let letter = *after.as_bytes().first()?;
            Some((usize::from(sextet(letter)?) + 2, after.get(1..)?))
        });
        rest = match run {
            Some((length, after)) if list.clone().take(length).count() == length => {
                out.extend(list.by_ref().take(length));
                after
            }
            _ => {
                // Links are passed on without their list; a `%` is what it mostly says.
                let hex = after.as_bytes().iter().take(2).filter(|b| b.is_ascii_hexdigit()).count();
                out.push(list.next().unwrap_or(if hex == 2 { '%' } else { '*' }));
                after
            }
        };
    }
    out.push_str(rest);
    Some(out)
}

/// The value of a base64 digit, in the alphabet for URLs; the common one is taken too.
fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    })
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut out = Vec::with_capacity(text.len());
    for byte in text.trim_end_matches('=').bytes() {
        bits = bits << 6 | u32::from(sextet(byte)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.extend(u8::try_from(bits >> held));
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}
