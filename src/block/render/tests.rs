#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use super::*;

fn coordinates(json: &str) -> Coordinates {
    serde_json::from_str(json).unwrap()
}

pub(super) fn full(provider: &str, languages: &str) -> Coordinates {
    coordinates(&format!(
        r##"{{"provider": "{provider}", "languages": {languages},
        "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b",
        "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123456789",
        "numbers": [{{"number": "+1 555 0100", "kind": "toll", "country": "United States", "city": "Seattle"}},
            {{"number": "+15550101", "kind": "toll-free", "country": "United States"}}],
        "local_numbers_url": "https://dialin.contoso.example/1?id=123456789",
        "reset_pin_url": "https://dialin.contoso.example/pin",
        "meeting_options_url": "https://teams.microsoft.com/meetingOptions/?a=1&b=2",
        "help_url": "https://aka.ms/JoinTeamsMeeting?omkt=en-US"}}"##
    ))
}

#[test]
fn teams_text() {
    let text = text(&full("teams", r#"["en-US"]"#), None, "\n", None);
    let fence = "_".repeat(80);
    let expected = [
        fence.as_str(),
        "Microsoft Teams meeting",
        "Join the meeting now<https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b>",
        "Meeting ID: 234 567 890 123 4",
        "Passcode: xY12ab",
        "________________________________",
        "Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>",
        "Dial in by phone",
        "+1 555 0100,,123456789#<tel:+15550100,,123456789#> United States, Seattle (Toll)",
        "+1 555 0101,,123456789#<tel:+15550101,,123456789#> United States (Toll-free)",
        "Find a local number<https://dialin.contoso.example/1?id=123456789>",
        "Phone conference ID: 123 456 789#",
        "For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?a=1&b=2> | \
         Reset dial-in PIN<https://dialin.contoso.example/pin>",
        fence.as_str(),
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn skype_for_business_text() {
    let text = text(&full("skype-for-business", r#"["de-AT"]"#), None, "\r\n", None);
    let stops = ".".repeat(137);
    let expected = [
        stops.as_str(),
        "An Skype-Besprechung teilnehmen \
         <https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b>",
        "Besprechungs-ID: 234 567 890 123 4",
        "Passcode: xY12ab",
        "Per Telefon einwählen",
        " +1 555 0100,,123456789# United States, Seattle (Gebührenpflichtig)",
        " +1 555 0101,,123456789# United States (Gebührenfrei)",
        "Lokale Nummer suchen <https://dialin.contoso.example/1?id=123456789>",
        "",
        "Telefonkonferenz-ID: 123 456 789#",
        "Für Organisatoren: Besprechungsoptionen <https://teams.microsoft.com/meetingOptions/?a=1&b=2>  |\
         Einwahl-PIN zurücksetzen <https://dialin.contoso.example/pin>",
        "Benötigen Sie Hilfe? <https://aka.ms/JoinTeamsMeeting?omkt=en-US>",
        "",
        "[!OC([3079])!]",
        stops.as_str(),
    ];
    assert_eq!(text.split("\r\n").collect::<Vec<_>>(), expected);
}

#[test]
fn only_skype_for_business_has_a_browser_link_and_only_on_a_plain_join_link() {
    let mut new = full("skype-for-business", "[]");
    assert!(!html(&new, None, None).contains("sl=1"));
    new.join_url = Link::new("https://meet.contoso.example/ann/AB12CD34").unwrap();
    assert!(
        html(&new, None, None).contains(r#"href="https://meet.contoso.example/ann/AB12CD34?sl=1""#)
    );
    new.provider = Provider::TEAMS;
    assert!(!html(&new, None, None).contains("sl=1"));
}

#[test]
fn values_are_one_visible_line() {
    let table = [
        ("Seattle", "Seattle"),
        ("  New \t\r\n York\u{2028}", "New York"),
        ("a\u{202e}b\u{200b}\0\u{ad}c", "abc"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("________________", "________"),
        ("____ _____ _", "____ ____"),
        ("-~-~-~-~-~-~-", "-~-~-~-~"),
        ("https://contoso.example", "https: //contoso.example"),
        ("[!OC([1033])!]", "[ !OC([1033])!]"),
        ("[[!!", "[[ !!"),
        ("<b>&amp;", "<b>&amp;"),
        ("\u{fffd}\u{ffff}", ""),
    ];
    for (value, expected) in table {
        assert_eq!(value::clean(value), expected, "{value:?}");
        assert_eq!(value::clean(expected), expected, "cleaning is done once: {value:?}");
    }
}

#[test]
fn phone_ids_are_grouped_by_threes() {
    let table = [
        ("123456789", "123 456 789#"),
        ("123 456 789#", "123 456 789#"),
        ("34757981", "347 579 81#"),
        ("1234-5678", "123 456 78#"),
        ("08222925#", "082 229 25#"),
        ("room 5", "room 5"),
        ("#", "#"),
        ("12#34", "12#34"),
    ];
    for (id, expected) in table {
        assert_eq!(value::phone_id(id), expected, "{id}");
    }
}

#[test]
fn numbers_that_nobody_grouped_are_grouped_as_people_read_them() {
    for (number, expected) in [
        ("+12065550123", "+1 206-555-0123"),
        ("+15550100", "+1 555 0100"),
        ("+33123456789", "+33 1 23 45 67 89"),
        ("+4533920199", "+45 33 92 01 99"),
        ("+4969365050159", "+49 693 650 501 59"),
        ("+442033215200", "+44 203 321 5200"),
        ("+353766801234", "+353 766 801 234"),
        ("+74951234567", "+7 495 123 4567"),
        ("+81345670130", "+81 345 670 130"),
        ("+49 69 365050159", "+49 69 365050159"),
        ("+1 323-555-0185", "+1 323-555-0185"),
        ("0800123456", "0800123456"),
        ("+112", "+112"),
        ("112", "112"),
    ] {
        assert_eq!(value::phone_number(number), expected);
        assert_eq!(value::phone_number(expected), expected, "grouping is done once");
    }
    for (product, id, expected) in [
        ("teams", "2345678901234", "234 567 890 123 4"),
        ("teams", "716544039279988", "716 544 039 279 988"),
        ("teams", "2345 678901234", "2345 678901234"),
        ("zoom", "81234567890", "812 3456 7890"),
        ("zoom", "8123456789", "812 345 6789"),
        ("zoom", "812345678", "812 345 678"),
        ("webex", "23456789012", "2345 678 9012"),
        ("google-meet", "abc-defg-hij", "abc-defg-hij"),
        ("teams", "12345", "12345"),
        ("teams", "1234567", "123 456 7"),
    ] {
        let mut new = full(product, "[]");
        new.meeting_id = Some(id.into());
        assert!(text(&new, None, "\n", None).contains(&format!("ID: {expected}\n")), "{expected}");
        assert!(html(&new, None, None).contains(&format!(">{expected}</span>")), "{expected}");
    }
}

#[test]
fn an_id_that_no_phone_can_dial_is_shown_but_not_dialled() {
    let mut new = full("teams", "[]");
    new.conference_id = Some("room 5".into());
    let text = text(&new, None, "\n", None);
    assert!(text.contains("\n+1 555 0100<tel:+15550100> United States"), "{text}");
    assert!(text.contains("\nPhone conference ID: room 5\n"), "{text}");
}

#[test]
fn a_meeting_id_is_dialled_when_there_is_no_conference_id() {
    let mut new = full("zoom", "[]");
    new.conference_id = None;
    assert!(html(&new, None, None).contains(r##"href="tel:+15550100,,2345678901234#""##));
}

#[test]
fn who_pays_is_said_only_where_callers_have_a_choice() {
    let mut new = full("teams", "[]");
    assert!(text(&new, None, "\n", None).contains("Seattle (Toll)\n"));
    new.numbers.truncate(1);
    assert!(text(&new, None, "\n", None).contains("Seattle\n"));
    assert!(!html(&new, None, None).contains("Toll"));
}

#[test]
fn the_callers_languages_count_then_the_old_blocks_then_english() {
    let old = Language::new("fr-FR").unwrap();
    let first = |languages: &str, old: Option<&Language>| {
        let new = full("webex", languages);
        text(&new, old, "\n", None).lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(first("[]", None), "Join Webex meeting");
    assert_eq!(first("[]", Some(&old)), "Participer à la réunion Webex");
    assert_eq!(first(r#"["da"]"#, Some(&old)), "Deltag i Webex-møde");
    let two = "Deltag i Webex-møde / Bli med i Webex-møtet";
    assert_eq!(first(r#"["da", "nb-NO"]"#, Some(&old)), two);
    let mut new = full("webex", "[]");
    new.languages = ["da", "da-DK", "nb", "sv"].map(|tag| Language::new(tag).unwrap()).to_vec();
    assert_eq!(text(&new, None, "\n", None).lines().nth(1), Some(two));
}

#[test]
fn a_second_language_is_marked_where_it_differs() {
    let html = html(&full("teams", r#"["en-US", "he"]"#), None, None);
    assert!(html.starts_with(r#"<div class="me-email-text" lang="en-US" style="#));
    assert!(html.contains(r#"Passcode / <span lang="he" dir="rtl">קוד גישה</span>: </span>"#));
    let second = super::html(&full("teams", r#"["de", "it"]"#), None, None);
    assert!(second.contains(">Passcode: </span>"), "the same in both, so said once");
}

#[test]
fn every_product_has_a_layout_of_its_own_and_every_language_both_fences() {
    for provider in Provider::WRITTEN {
        assert_eq!(layout(*provider).provider, *provider);
        for wording in wording::labels::ALL {
            let new = full(provider.key(), &format!("[{:?}]", wording.tag));
            let text = text(&new, None, "\n", None);
            let (first, last) = (text.lines().next().unwrap(), text.lines().last().unwrap());
            assert_eq!(first, last);
            assert_eq!(
                html(&new, None, None).matches(first).count(),
                2,
                "{provider} {}",
                wording.tag
            );
            assert!(text.contains(wording.conference_id) && text.contains(wording.options));
        }
    }
}

/// Whatever follows the way to join stands under a rule, be it one thing alone.
#[test]
fn a_rule_stands_in_a_teams_block_where_more_follows() {
    let ruled = |more: &str| {
        let new = coordinates(&format!(
            r#"{{"provider": "teams", "passcode": "xY12ab", {more}
            "join_url": "https://teams.microsoft.com/meet/2345678901234"}}"#
        ));
        let text = text(&new, None, "\n", None);
        let in_text = text.lines().any(|line| line == "_".repeat(32));
        assert_eq!(html(&new, None, None).contains("<hr "), in_text, "{more}");
        in_text
    };
    assert!(!ruled(""));
    for more in [
        r#""numbers": [{"number": "+1 555 0100", "kind": "toll", "country": "Italy"}],"#,
        r#""conference_id": "123456789","#,
        r#""help_url": "https://contoso.example/help","#,
        r#""local_numbers_url": "https://contoso.example/numbers","#,
        r#""reset_pin_url": "https://contoso.example/pin","#,
        r#""meeting_options_url": "https://contoso.example/options","#,
        r#""video": {"address": "contoso@video.example"},"#,
        r#""branding": {"logo_url": "https://contoso.example/logo.png"},"#,
        r#""branding": {"legal_url": "https://contoso.example/legal"},"#,
        r#""branding": {"footer": "Recorded."},"#,
    ] {
        assert!(ruled(more), "{more}");
    }
}

#[test]
fn numbers_have_a_heading_and_links_a_bar_between_them() {
    for provider in ["teams", "skype-for-business", "zoom", "google-meet", "webex"] {
        let heading = wording::labels::ALL.iter().find(|w| w.tag == "en").unwrap().dial_in;
        let mut new = full(provider, r#"["en"]"#);
        let both = |new: &Coordinates| [html(new, None, None), text(new, None, "\n", None)];
        assert!(both(&new).iter().all(|out| out.contains(heading)), "{provider}");
        assert!(both(&new).iter().all(|out| out.matches('|').count() == 1), "{provider}");
        new.numbers.clear();
        new.reset_pin_url = None;
        assert!(both(&new).iter().all(|out| !out.contains(heading)), "{provider}");
        assert!(both(&new).iter().all(|out| !out.contains('|')), "{provider}");
    }
}

#[test]
fn branding_and_video_stand_before_the_closing_fence() {
    let mut new = full("teams", "[]");
    new.video = serde_json::from_str(
        r#"{"address": "contoso@video.example", "id": "123 456", "info_url": "https://video.example/i"}"#,
    )
    .unwrap();
    new.branding = serde_json::from_str(
        r#"{"logo_url": "https://contoso.example/logo.png", "help_url": "https://contoso.example/help",
            "legal_url": "https://contoso.example/legal", "footer": "Recorded.\r\n\r\nEnregistré."}"#,
    )
    .unwrap();
    let text = text(&new, None, "\n", None);
    let fence = "_".repeat(80);
    let expected = [
        "Phone conference ID: 123 456 789#",
        "Join on a video conferencing device",
        "Tenant key: contoso@video.example",
        "Video ID: 123 456",
        "More info<https://video.example/i>",
        "For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?a=1&b=2> | \
         Reset dial-in PIN<https://dialin.contoso.example/pin>",
        "[https://contoso.example/logo.png]",
        "Recorded.",
        "Enregistré.",
        "Org help<https://contoso.example/help> | Privacy and security<https://contoso.example/legal>",
        &fence,
    ];
    assert_eq!(text.lines().collect::<Vec<_>>()[11..], expected);
    assert!(
        html(&new, None, None).contains(r#"<img src="https://contoso.example/logo.png" alt="""#)
    );
}

#[test]
fn teams_html() {
    let mut new = Coordinates::new(
        Provider::TEAMS,
        Link::new("https://teams.microsoft.com/meet/234?p=Ab&x=y").unwrap(),
    );
    new.passcode = Some("a<b>\"c".into());
    let fence = "_".repeat(80);
    let expected = [
        r#"<div class="me-email-text" lang="en" style="max-width:1024px;color:#242424;"#,
        r#"font-family:'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif">"#,
        r#"<div aria-hidden="true" style="margin-bottom:24px;overflow:hidden;white-space:nowrap">"#,
        &fence,
        r#"</div><div style="margin-bottom:12px">"#,
        r#"<span class="me-email-text" style="font-size:24px;font-weight:700;color:#242424">"#,
        "Microsoft Teams meeting</span></div>",
        r#"<div style="margin-bottom:6px"><a href="https://teams.microsoft.com/meet/234?p=Ab&amp;x=y""#,
        r#" id="meet_invite_block.action.join_link" class="me-email-headline""#,
        r#" style="font-size:20px;font-weight:600;text-decoration:underline;color:#5B5FC7">"#,
        "Join the meeting now</a></div>",
        r#"<div style="margin-bottom:6px">"#,
        r#"<span class="me-email-text-secondary" style="font-size:14px;color:#616161">Passcode: </span>"#,
        r#"<span class="me-email-text" style="font-size:14px;color:#242424">a&lt;b&gt;&quot;c</span></div>"#,
        r#"<div aria-hidden="true" style="margin:18px 0 24px 0;overflow:hidden;white-space:nowrap">"#,
        &fence,
        "</div></div>",
    ];
    assert_eq!(html(&new, None, None), expected.concat());
}

#[test]
fn a_template_stands_between_our_fences() {
    let template = Template::new(
        "<p><a href=\"{{join_url}}\">Join</a>\r\n\r\n{{#passcode}} ({{passcode}}){{/passcode}}</p>\
         {{#numbers}}<p title=\"{{place}}\">{{number}}</p>{{/numbers}}{{#video_id}}no{{/video_id}}",
        "Join: {{join_url}}\r\n{{#passcode}}\r\nPasscode: {{passcode}} \r\n{{/passcode}}\r\n\
         {{#video_id}}\nno\n{{/video_id}}\n{{#numbers}}\n- {{number}} {{place}}\n{{/numbers}}\nBye.\n",
    )
    .unwrap();
    let mut new = full("skype-for-business", r#"["sv"]"#);
    new.passcode = Some("a\"b".into());
    let html = html(&new, None, Some(&template));
    let inside = "<p><a href=\"https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&amp;a=b\">\
                  Join</a>  (a&quot;b)</p><p title=\"United States, Seattle\">+1 555 0100,,123456789#</p>\
                  <p title=\"United States\">+1 555 0101,,123456789#</p>";
    assert!(html.contains(inside), "{html}");
    assert!(
        html.contains("[!OC([1053])!]") && html.starts_with("<p lang=\"sv\" class=\"MsoNormal\"")
    );
    let stops = ".".repeat(137);
    let expected = [
        stops.as_str(),
        "Join: https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b",
        "Passcode: a\"b",
        "- +1 555 0100,,123456789# United States, Seattle",
        "- +1 555 0101,,123456789# United States",
        "Bye.",
        "",
        "[!OC([1053])!]",
        &stops,
    ];
    assert_eq!(text(&new, None, "\n", Some(&template)).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn values_side_by_side_make_no_row() {
    let template = "{{join_url}}\n{{passcode}}{{passcode}} {{passcode}}";
    let template = Template::new("<a href=\"{{join_url}}\">x</a>", template).unwrap();
    let mut new = full("teams", "[]");
    new.passcode = Some("________".into());
    let text = text(&new, None, "\n", Some(&template));
    let rows = text.lines().filter(|line| line.contains("_________"));
    assert_eq!(rows.count(), 2, "the fences alone: {text}");
}

#[test]
fn no_line_looks_quoted() {
    let mut new = full("teams", "[]");
    new.branding = serde_json::from_str(r#"{"footer": "> > Bring a pen.\n->"}"#).unwrap();
    assert!(text(&new, None, "\n", None).contains("\nBring a pen.\n->\n"));
    let template = Template::new("<a href=\"{{join_url}}\">x</a>", " >{{join_url}}\n{{passcode}}");
    new.passcode = Some(">secret".into());
    let text = text(&new, None, "\n", Some(&template.unwrap()));
    assert!(text.contains("\nhttps://teams") && text.contains("\nsecret\n"), "{text}");
}

#[test]
fn a_block_of_a_template_is_found_again_and_gives_way() {
    use crate::block::{Options, Rewrite, rewrite};
    use crate::{Body, meeting::Record};

    let template = Template::new(
        "<table><tbody><tr><td><b>Our house:</b> <a href=\"{{join_url}}\">in</a>\
         {{#numbers}}<br><a href=\"{{call_url}}\">{{number}}</a> {{place}}{{/numbers}}</td></tr></tbody></table>",
        "Our house\n\nIn: <{{join_url}}>\n{{#numbers}}\n* {{number}} {{place}}\n{{/numbers}}",
    )
    .unwrap();
    let options = Options::new().with_template(template);
    let links = [
        ("teams", "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"),
        ("skype-for-business", "https://meet.lync.com/contoso/ann/AB12CD34"),
        ("zoom", "https://contoso.zoom.us/j/23456789012?pwd=abc"),
        ("google-meet", "https://meet.google.com/abc-defg-hij"),
        ("webex", "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef"),
    ];
    let all: Vec<_> = links
        .map(|(provider, link)| {
            let mut new = full(provider, r#"["en", "ar"]"#);
            new.join_url = Link::new(link).unwrap();
            new
        })
        .into();
    for (old, new) in all.iter().flat_map(|old| all.iter().map(move |new| (old, new))) {
        let bodies = [
            Body::html(["<p>Agenda</p>", &html(old, None, None), "<p>Bye</p>"].concat()),
            Body::text(["Agenda\n\n", &text(old, None, "\n", None), "\n\nBye\n"].concat()),
        ];
        for body in bodies {
            let record = Record::new(old.provider, old.join_url.as_str());
            let done = rewrite(&body, Some(&record), new, &options);
            let Rewrite::Replaced { body, .. } = done else { panic!("{done:?}") };
            assert!(body.as_unicode().unwrap().contains("Our house"));
            let record = Record::new(new.provider, new.join_url.as_str());
            let again = rewrite(&body, Some(&record), new, &options);
            assert!(matches!(again, Rewrite::Unchanged(_)), "{again:?}");
            let ours = rewrite(&body, Some(&record), old, &Options::new());
            let Rewrite::Replaced { body, .. } = ours else { panic!("{ours:?}") };
            assert!(!body.as_unicode().unwrap().contains("Our house"));
        }
    }
}
