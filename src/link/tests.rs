#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fmt::Write as _;

use proptest::prelude::*;

use super::meeting_key::{key_of_shape, normal_form};
use super::parts::Parts;
use super::*;

const TEAMS: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_TWFkZVVwTWVldGluZw%40thread.v2/0\
    ?context=%7b%22Tid%22%3a%2200000000-1111-2222-3333-444444444444%22%2c%22Oid%22%3a%2255555555-6666-7777-8888-999999999999%22%7d";

fn normal(url: &str) -> String {
    let url = unwrap(url);
    match Parts::of(&url) {
        Some(parts) => normal_form(&parts.host(), &parts),
        None => url.into_owned(),
    }
}

fn known_key(url: &str) -> Option<String> {
    let url = unwrap(url);
    let parts = Parts::of(&url)?;
    key_of_shape(&parts.host(), &parts)
}

fn percent(url: &str, upper: bool) -> String {
    let mut out = String::new();
    for byte in url.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ if upper => write!(out, "%{byte:02X}").unwrap(),
            _ => write!(out, "%{byte:02x}").unwrap(),
        }
    }
    out
}

fn safe_links(url: &str) -> String {
    let url = percent(url, true);
    format!(
        "https://eur05.safelinks.protection.outlook.com/?url={url}&data=05%7C02%7C&sdata=x%3D&reserved=0"
    )
}

fn safe_links_app(url: &str) -> String {
    let url = percent(url, false);
    format!("https://GCC02.SafeLinks.protection.office365.us/ap/t-59584e83/?url={url}&data=05%7C02")
}

fn safe_links_teams(url: &str) -> String {
    let url = percent(url, true);
    format!(
        "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={url}&locale=en-gb"
    )
}

fn google(url: &str) -> String {
    format!("https://www.google.com/url?q={}&sa=D&source=calendar&usg=x", percent(url, true))
}

/// As the gateway writes it: `-` for `%`, `_` for `/`, and both of these escaped.
fn defense_v2(url: &str) -> String {
    let mut out = String::new();
    for byte in url.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' => out.push(char::from(byte)),
            b'/' => out.push('_'),
            _ => write!(out, "-{byte:02X}").unwrap(),
        }
    }
    format!("https://urldefense.proofpoint.com/v2/url?u={out}&d=DwMFAg&c=x-Y_z&s=w&e=")
}

fn same_target(a: &str, b: &str) -> bool {
    meeting_key(a) == meeting_key(b)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(text: &str) -> String {
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, b| bits << 8 | u32::from(*b))
            << (8 * (3 - three.len()));
        for digit in 0..=three.len() {
            out.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    out
}

/// What is not plain goes into the list, and `*` or `**<length>` into its place.
fn defense_v3(url: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ":/?=&._~-".contains(c);
    let (mut link, mut list) = (String::new(), String::new());
    let mut rest = url;
    while let Some(c) = rest.chars().next() {
        if plain(c) {
            link.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let run: String = rest.chars().take_while(|c| !plain(*c)).take(65).collect();
        match run.chars().count() {
            1 => link.push('*'),
            length => write!(link, "**{}", char::from(DIGITS[length - 2])).unwrap(),
        }
        list.push_str(&run);
        rest = &rest[run.len()..];
    }
    let link = link.replacen("://", ":/", 1);
    format!("https://urldefense.com/v3/__{link}__;{}!!AbC-d_E!fGh$", base64(&list))
}

const WRAPPERS: [fn(&str) -> String; 6] =
    [safe_links, safe_links_app, safe_links_teams, google, defense_v2, defense_v3];

proptest! {
    #[test]
    fn what_was_wrapped_is_unwrapped(
        url in "https?://[a-z]{1,8}\\.example(/[!-~äß漢😀]{0,20}){0,3}(\\?[!-~ä%]{0,30})?",
        wrappers in prop::collection::vec(0..WRAPPERS.len(), 0..=3),
    ) {
        let wrapped = wrappers.iter().fold(url.clone(), |url, which| WRAPPERS[*which](&url));
        let unwrapped = unwrap(&wrapped);
        prop_assert_eq!(&unwrapped, &url);
        prop_assert!(same_target(&wrapped, &url));
    }

    #[test]
    fn anything_is_answered(
        head in prop::sample::select(vec![
            "", "https://", "https://nam.safelinks.protection.outlook.com/?url=",
            "https://urldefense.proofpoint.com/v2/url?u=", "https://urldefense.com/v3/__",
            "https://urldefense.com/v3/__https:/a.example/*3a__;", "https://google.com/url?q=https%3A",
            "https://teams.microsoft.com/l/meetup-join/", "https://zoom.us/j/", "https://meet.lync.com/",
        ]),
        tail in "[*%_;!/:#?&=+.A-Fa-f0-9\u{E9}\u{1F600}-]{0,40}|\\PC{0,40}",
    ) {
        let url = format!("{head}{tail}");
        let unwrapped = unwrap(&url);
        // At most four bytes for a `*`, and never longer by more.
        prop_assert!(unwrapped.len() <= 4 * url.len());
        prop_assert!(same_target(&url, &url));
        let _ = (normal(&url), meeting_key(&url));
    }

    #[test]
    fn a_normal_form_is_normal(url in "https?://[A-Za-z.]{1,12}(:443)?(/[!-~é]{0,20}|/%[0-9a-f]{2}){0,4}(\\?[!-~é]{0,20})?") {
        let once = normal(&url);
        prop_assert_eq!(normal(&once), once);
    }
}

/// A fourth level stays: somebody is playing.
#[test]
fn unwrapping_is_bounded() {
    let wrapped = (0..5).fold("https://a.example/".to_owned(), |url, _| google(&url));
    assert!(unwrap(&wrapped).starts_with("https://www.google.com/url?q="));
}

#[test]
fn wrappers_that_were_handled_on_the_way() {
    for (wrapped, expected) in [
        // The list of what the stars stand for is lost, or too short.
        (
            "https://urldefense.com/v3/__https:/teams.microsoft.com/l/meetup-join/19*3ameeting_x*40thread.v2/0__;!!a!b$",
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0",
        ),
        (
            "https://urldefense.com/v3/__https://a.example/*3a*3a**__;JQ!!a!b$",
            "https://a.example/%3a%3a**",
        ),
        ("https://urldefense.us/v3/__https:/a.example/x__;!!a!b$", "https://a.example/x"),
        (
            "https://urldefense.com/v2/url?u=https-3A__a.example_x-2Dy-5Fz&d=D",
            "https://a.example/x-y_z",
        ),
        (
            "https://urldefense.proofpoint.com/v1/url?u=https%3A//a.example/x&k=k",
            "https://a.example/x",
        ),
        (
            "https://nam02.safelinks.protection.outlook.com/?data=x&amp;url=https%3A%2F%2Fa.example",
            "https://a.example",
        ),
        (
            "https://fra01.safelinks.protection.partner.outlook.cn/?URL=https%3A%2F%2Fa.example",
            "https://a.example",
        ),
        ("https://google.de/url?sa=t&url=https%3A%2F%2Fa.example%2F%253a", "https://a.example/%3a"),
    ] {
        assert_eq!(unwrap(wrapped), expected);
    }
    for kept in [
        "https://nam02.safelinks.protection.outlook.com/?data=x",
        "https://nam02.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2F%FF",
        "https://notsafelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example",
        "https://a.example/?url=https%3A%2F%2Fb.example",
        "https://www.google.com/search?q=https%3A%2F%2Fa.example",
        "https://urldefense.com/v3/__https:/a.example",
        "https://urldefense.com/v4/url?u=https-3A__a.example",
        "tel:+15550100",
        "",
    ] {
        assert!(matches!(unwrap(kept), std::borrow::Cow::Borrowed(url) if url == kept), "{kept}");
    }
}

#[test]
fn normal_forms() {
    for (url, expected) in [
        ("HTTPS://Meet.Contoso.EXAMPLE.:443/", "https://meet.contoso.example"),
        ("http://contoso.example:80?", "http://contoso.example"),
        ("https://contoso.example:8443/A/b//#c", "https://contoso.example:8443/A/b"),
        ("https://contoso.example/%3a%3A:%7e", "https://contoso.example/:::~"),
        ("https://contoso.example/%253a", "https://contoso.example/%253a"),
        ("https://contoso.example/é%c3%a9%20", "https://contoso.example/%C3%A9%C3%A9%20"),
        ("https://contoso.example/?a%26b&c%2B", "https://contoso.example?a%26b&c%2B"),
        (" https://contoso.example/x\r\n", "https://contoso.example/x"),
        ("mailto:anna@contoso.example", "mailto:anna@contoso.example"),
    ] {
        assert_eq!(normal(url), expected);
    }
}

/// Each row: links into one meeting. Links of different rows lead into different ones.
#[test]
fn links_into_the_same_meeting() {
    let teams_decoded = TEAMS.replace("%3a", ":").replace("%40", "@").replace("%22", "\"");
    let teams_app = format!("{TEAMS}&anon=true&launchAgent=x").replace("19%3a", "19%3A");
    let teams_twice = TEAMS.replace('%', "%25");
    let teams_browser = TEAMS.replace("com/l/", "com/_#/l/");
    let (safe, defense) = (safe_links(TEAMS), defense_v3(TEAMS));
    let nested = safe_links_app(&safe_links(&defense_v2(TEAMS)));
    let other_tenant = TEAMS.replace("00000000-1111", "00000000-1112");
    let other_organizer = TEAMS.replace("55555555-6666", "55555555-6667");
    let channel = "https://teams.microsoft.com/l/meetup-join/19%3a0123456789abcdef0123456789abcdef%40thread.tacv2/1700000000001?context=%7b%22Tid%22%3a%22t%22%7d";
    let channel_later = channel.replace("0001?", "0002?");
    let rows: &[&[&str]] = &[
        &[
            TEAMS,
            &teams_decoded,
            &teams_app,
            &teams_twice,
            &teams_browser,
            &safe,
            &defense,
            &nested,
        ],
        &[&other_tenant],
        &[&other_organizer],
        &[channel],
        &[&channel_later],
        &[
            "https://teams.microsoft.com/l/meetup-join/19%3a0123456789abcdef0123456789abcdef%40thread.skype/1500000000000?tenantId=T-1",
            "https://teams.microsoft.com/l/meetup-join/19:0123456789abcdef0123456789abcdef@thread.skype/1500000000000?tenantId=t-1&x=y",
        ],
        &[
            "https://teams.microsoft.com/meet/234567890123?p=AbCdEfGhIjKlMnOpQr",
            "https://teams.microsoft.com/meet/234567890123",
            "https://teams.microsoft.com/meet/234567890123/?p=x&launchAgent=y#z",
        ],
        &["https://teams.microsoft.com/meet/234567890124?p=AbCdEfGhIjKlMnOpQr"],
        &[
            "https://teams.live.com/meet/9345678901234?p=a",
            "https://teams.live.com/meet/9345678901234",
        ],
        &[
            "https://dod.teams.microsoft.us/meet/234567890123",
            "https://DOD.teams.microsoft.us./meet/234567890123?p=1",
        ],
        &[
            "https://meet.lync.com/contoso/anna/AB12CD34",
            "https://meet.lync.com/contoso/anna/ab12cd34?sl=1",
            "https://meet.lync.com/Contoso/Anna/AB12CD34#x",
        ],
        &["https://meet.lync.com/contoso/anna/AB12CD35"],
        &[
            "https://lync.contoso.example/meet/anna/AB12CD34",
            "https://lync.contoso.example/meet/anna/ab12cd34/",
        ],
        &[
            "https://meet.contoso.example/anna/AB12CD34",
            "https://meet.contoso.example/anna/AB12CD34?sl=1",
        ],
        &["https://meet.contoso.example/anna/AB12CD34?id=1"],
        &["https://sfb.contoso.example/anna/AB12CD34", "https://sfb.contoso.example/Anna/AB12CD34"],
        &[
            "https://us02web.zoom.us/j/81234567890?pwd=abc",
            "https://zoom.us/j/81234567890",
            "https://contoso.zoom.us/wc/join/81234567890",
            "https://zoom.us/wc/81234567890/join?x",
        ],
        &["https://zoomgov.com/j/81234567890"],
        &["https://zoom.us/my/Anna?pwd=1", "https://contoso.zoom.us/my/anna"],
        &[
            "https://meet.google.com/abc-defg-hij",
            "https://meet.google.com/ABC-defg-hij?authuser=0&hs=1",
        ],
        &[
            "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef",
            "https://contoso.webex.com/contoso-en/j.php?mtid=M0123456789ABCDEF0123456789ABCDEF&x=1",
        ],
        &["https://contoso.webex.com/meet/anna", "https://contoso.webex.com/contoso/meet/Anna?x"],
        &[
            "https://global.gotomeeting.com/join/123456789",
            "https://www.gotomeeting.com/join/123456789",
            "https://meet.goto.com/123456789",
        ],
        &["https://gotomeet.me/Anna", "https://www.gotomeet.me/anna/"],
        // Only the normal form is known of these.
        &["https://contoso.example/docs/schedule?meeting=1"],
        &["https://contoso.example/docs/schedule?meeting=2"],
        &["https://contoso.example/docs/Schedule?meeting=2"],
        &["https://dialin.lync.com/00000000-1111-2222-3333-444444444444?id=1"],
        &["https://teams.microsoft.com/meetingOptions/?organizerId=1&language=en-GB"],
        &["https://join.skype.com/AbCdEfGhIjKl"],
        &["https://join.skype.com/abcdefghijkl"],
    ];
    for (row, links) in rows.iter().enumerate() {
        for (other_row, others) in rows.iter().enumerate() {
            for (a, b) in links.iter().flat_map(|a| others.iter().map(move |b| (a, b))) {
                assert_eq!(same_target(a, b), row == other_row, "{a}\n{b}");
                let (meeting, key) = (Meeting::of(a), meeting_key(b));
                assert_eq!(meeting.is_led_into(b, || key), row == other_row, "{a}\n{b}");
            }
        }
    }
}

#[test]
fn what_is_no_join_link_has_no_key() {
    for url in [
        "https://teams.microsoft.com/meetingOptions/?organizerId=1",
        "https://teams.microsoft.com/meet/notdigits",
        "https://us02web.zoom.us/u/kAbCdEfGh",
        "https://contoso.webex.com/contoso/globalcallin.php?MTID=m0123456789abcdef",
        "https://meet.google.com/lookup/abcdefghij",
        "https://link.gotomeeting.com/system-check",
        "https://contoso.example/docs/schedule",
        "https://notzoom.us/j/81234567890",
        "https://teams.microsoft.com.evil.example/meet/234567890123",
        "sip:anna@contoso.example",
    ] {
        assert_eq!(known_key(url), None, "{url}");
    }
}
