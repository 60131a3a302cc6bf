//! Whether two links lead into the same meeting.
//!
//! In: links with their HTML entities decoded, wrapped or not. Out: keys to compare, which
//! are as secret as the links. A Skype for Business link with `?sl=1` (the web app's) leads
//! into the same meeting as the one without; callers who look for the join link itself must
//! tell them apart before.

use super::parts::{Parts, escaped_byte, percent_decoded};
use super::unwrap::{may_be_wrapper, unwrap};

/// What identifies the meeting that a join link leads into, whatever was added to the link:
/// tracking, launch options, a passcode. Of a link of no known shape, its normal form.
///
/// Two links lead into the same meeting, or to the same page, when their keys are equal.
pub(crate) fn meeting_key(url: &str) -> String {
    let url = unwrap(url);
    match Parts::of(&url) {
        None => url.into_owned(),
        Some(parts) => key_of(&parts.host(), &parts),
    }
}

fn key_of(host: &str, parts: &Parts<'_>) -> String {
    key_of_shape(host, parts).unwrap_or_else(|| normal_form(host, parts))
}

/// A meeting that links are held against.
///
/// Keys are dear and most links lead elsewhere, so hosts are compared before.
pub(crate) struct Meeting {
    key: String,
    /// None when the link is none of `http` or `https`.
    host: Option<String>,
    /// Other hosts may lead into it too.
    on_service: bool,
}

impl Meeting {
    /// The meeting that a link, wrapped or not, leads into.
    pub(crate) fn of(url: &str) -> Self {
        Self::of_unwrapped(&unwrap(url))
    }

    /// The meeting that a link leads into that was taken out of its wrappers.
    pub(crate) fn of_unwrapped(url: &str) -> Self {
        let host = Parts::of(url).map(|parts| parts.host());
        let on_service = host.as_deref().is_some_and(is_service);
        Self { key: meeting_key(url), host, on_service }
    }

    /// What identifies it: equal for links into the same meeting.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether a link leads into it; `key` says the link's key.
    pub(crate) fn is_led_into<K: PartialEq<String>>(
        &self,
        url: &str,
        key: impl FnOnce() -> K,
    ) -> bool {
        let host_of = |url| Parts::of(url).map(|parts| parts.host_as_written());
        let host = host_of(url);
        if host.is_some_and(may_be_wrapper) {
            let inner = unwrap(url);
            return self.may_have(host_of(&inner)) && meeting_key(&inner) == self.key;
        }
        self.may_have(host) && key() == self.key
    }

    /// Whether links with this host may lead into it.
    fn may_have(&self, host: Option<&str>) -> bool {
        match (&self.host, host) {
            (Some(own), Some(host)) => {
                host.eq_ignore_ascii_case(own) || self.on_service && is_service(host)
            }
            (own, host) => own.is_none() && host.is_none(),
        }
    }
}

/// Whether a host, as written, is a service's: one meeting's links may have several such.
fn is_service(host: &str) -> bool {
    SERVICES.iter().any(|domain| {
        let from = host.len().checked_sub(domain.len());
        let tail = from.and_then(|from| host.get(from..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(domain))
    })
}

/// Ends of the hosts that are not part of a key of [`SHAPES`].
const SERVICES: &[&str] = &[
    "teams.microsoft.com",
    "teams.cloud.microsoft",
    "teams.live.com",
    "teams.microsoft.us",
    "teams.microsoftonline.cn",
    "zoom.us",
    "zoom.com",
    "zoomgov.com",
    "zoom.com.cn",
    "meet.google.com",
    "webex.com",
    "gotomeeting.com",
    "goto.com",
    "gotomeet.me",
];

/// An unwrapped link in its normal form: scheme and host in lower case, without the default
/// port, the root's dot, the fragment, slashes at the end of the path; escaped only where it
/// must be, and in upper case.
///
/// `%3a`, `%3A` and `:` become one; `%253a` stays another.
pub(super) fn normal_form(host: &str, parts: &Parts<'_>) -> String {
    let mut out = [parts.scheme, "://", host].concat();
    out.reserve(parts.path.len() + 1 + parts.query.len());
    escape_least(parts.path, &mut out);
    out.truncate(out.trim_end_matches('/').len());
    if !parts.query.is_empty() {
        out.push('?');
        escape_least(parts.query, &mut out);
    }
    out
}

fn escape_least(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut rest = text.as_bytes();
    loop {
        // Nearly all bytes stay as they are.
        let odd = |b: &u8| !b.is_ascii_graphic() || *b == b'%';
        let run = rest.iter().position(odd).unwrap_or(rest.len());
        let (plain, behind) = rest.split_at_checked(run).unwrap_or_default();
        out.push_str(str::from_utf8(plain).unwrap_or_default());
        rest = behind;
        let Some((&first, after)) = rest.split_first() else { break };
        let escaped = escaped_byte(rest);
        let byte = escaped.unwrap_or(first);
        let kept = escaped.is_some() && b"%#?&+".contains(&byte);
        if byte.is_ascii_graphic() && !kept {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(HEX.get(usize::from(digit)).map(|digit| char::from(*digit)));
            }
        }
        rest = if escaped.is_some() { rest.get(3..).unwrap_or_default() } else { after };
    }
}

pub(super) fn key_of_shape(host: &str, parts: &Parts<'_>) -> Option<String> {
    SHAPES.iter().find_map(|shape| shape(host, parts))
}

/// One row per product; the first that knows the host and the path is right. Skype for
/// Business has customers' hosts, so it comes last.
const SHAPES: &[fn(&str, &Parts<'_>) -> Option<String>] =
    &[teams, zoom, google_meet, webex, goto_meeting, skype_for_business];

fn teams(host: &str, parts: &Parts<'_>) -> Option<String> {
    const HOSTS: [&str; 5] = [
        "teams.microsoft.com",
        "teams.cloud.microsoft",
        "teams.live.com",
        "teams.microsoft.us",
        "teams.microsoftonline.cn",
    ];
    let known =
        |h: &&&str| host.strip_suffix(**h).is_some_and(|sub| matches!(sub, "" | "gov." | "dod."));
    let cloud = HOSTS.iter().find(known)?;
    // The browser's address of a meeting has the link in the fragment.
    let moved: String;
    let parts = if parts.fragment.starts_with('/') {
        moved = ["https://", host, parts.fragment].concat();
        &Parts::of(&moved)?
    } else {
        parts
    };
    let mut segments = parts.segments();
    match (segments.next()?, segments.next()?) {
        ("l", "meetup-join") => {
            let thread = fully_decoded(segments.next()?).to_lowercase();
            // In a channel the message tells the meetings of one thread apart.
            let message = fully_decoded(segments.next().unwrap_or("0"));
            let context = fully_decoded(parts.value("context").unwrap_or_default()).to_lowercase();
            let tenant = json_text(&context, "tid")
                .or_else(|| parts.value("tenantId"))
                .unwrap_or_default()
                .to_lowercase();
            let organizer = json_text(&context, "oid").unwrap_or_default();
            Some(["teams", &thread, &message, &tenant, organizer].join(" "))
        }
        ("meet", id) if digits(id) => Some(["teams ", cloud, " ", id].concat()),
        _ => None,
    }
}

fn zoom(host: &str, parts: &Parts<'_>) -> Option<String> {
    const CLOUDS: [&str; 4] = ["zoom.us", "zoom.com", "zoomgov.com", "zoom.com.cn"];
    let cloud = CLOUDS.iter().find(|cloud| is_or_under(host, cloud))?;
    let mut segments = parts.segments();
    let id = match (segments.next()?, segments.next()?, segments.next()) {
        ("j" | "w" | "s", id, _) | ("wc", "join", Some(id)) | ("wc", id, Some("join")) => id,
        ("my", name, _) => return Some(format!("zoom {cloud} {}", name.to_lowercase())),
        _ => return None,
    };
    digits(id).then(|| ["zoom ", cloud, " ", id].concat())
}

fn google_meet(host: &str, parts: &Parts<'_>) -> Option<String> {
    let code = parts.segments().next().filter(|_| host == "meet.google.com")?.to_lowercase();
    let lengths = code.split('-').map(str::len);
    let letters = code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    (letters && lengths.eq([3, 4, 3])).then(|| format!("meet {code}"))
}

fn webex(host: &str, parts: &Parts<'_>) -> Option<String> {
    if !is_or_under(host, "webex.com") {
        return None;
    }
    let room = parts.segments().skip_while(|s| *s != "meet").nth(1);
    match (parts.value("MTID").filter(|_| parts.path.ends_with("/j.php")), room) {
        (Some(id), _) => Some(format!("webex {}", id.to_lowercase())),
        (None, Some(name)) => Some(format!("webex {host} {}", name.to_lowercase())),
        (None, None) => None,
    }
}

fn goto_meeting(host: &str, parts: &Parts<'_>) -> Option<String> {
    let mut segments = parts.segments();
    let id = match host {
        "global.gotomeeting.com" | "www.gotomeeting.com" | "app.gotomeeting.com" => {
            segments.next().filter(|first| *first == "join")?;
            segments.next().filter(|id| digits(id))?
        }
        "meet.goto.com" | "gotomeet.me" | "www.gotomeet.me" => segments.next()?,
        _ => return None,
    };
    Some(format!("goto {}", id.to_lowercase()))
}

/// `…/<user>/<8 letters or digits>`; what else stands in the query stays in the key, because
/// the host may be anybody's.
fn skype_for_business(host: &str, parts: &Parts<'_>) -> Option<String> {
    let segments: Vec<&str> = parts.segments().take(4).collect();
    let code = *segments.last().filter(|_| (2..=3).contains(&segments.len()))?;
    // The service writes capitals; others' hands do not always.
    let named = host.starts_with("meet.")
        || is_or_under(host, "lync.com")
        || segments.first().is_some_and(|first| first.eq_ignore_ascii_case("meet"));
    let letter =
        |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || named && b.is_ascii_lowercase();
    if code.len() != 8 || !code.bytes().all(letter) {
        return None;
    }
    let mut key = format!("sfb {host}");
    for segment in &segments {
        key.push('/');
        escape_least(&segment.to_ascii_lowercase(), &mut key);
    }
    for pair in parts.query.split('&').filter(|pair| !pair.is_empty() && *pair != "sl=1") {
        key.push('&');
        escape_least(pair, &mut key);
    }
    Some(key)
}

fn is_or_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A gateway may have escaped once more than it undoes.
fn fully_decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        match percent_decoded(&text) {
            Some(decoded) if decoded != text => text = decoded,
            _ => break,
        }
    }
    text
}

/// The value of a name in flat JSON, both in lower case.
fn json_text<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = json.split_once(&format!("\"{name}\""))?;
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    value.split_once('"').map(|(value, _)| value)
}
