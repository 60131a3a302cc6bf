//! What is written, from the public door: the language that the old block names, and HTML
//! that Outlook's Word engine lays out too.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::block::{self, Options, Refusal, Rewrite, Template};
use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates};

const OLD: &str = "https://teams.microsoft.com/meet/2345678901234?p=Old";
const OLD_SKYPE: &str = "https://meet.lync.com/contoso/ann/AB12CD34";
const NEW: &str = r##"{"provider": "teams", "meeting_id": "9876543210987", "passcode": "xY12ab",
    "join_url": "https://teams.microsoft.com/meet/9876543210987?p=New",
    "conference_id": "123456789#", "help_url": "https://aka.ms/JoinTeamsMeeting?omkt=en-US",
    "numbers": [{"number": "+12065550170", "country": "United States", "city": "Seattle"},
                {"number": "+12065550171", "kind": "toll-free"}],
    "local_numbers_url": "https://dialin.contoso.example/1", "reset_pin_url": "https://dialin.contoso.example/pin",
    "meeting_options_url": "https://teams.microsoft.com/meetingOptions/?a=1",
    "video": {"address": "contoso@video.example", "id": "1234567", "info_url": "https://video.example/i"},
    "branding": {"logo_url": "https://contoso.example/logo.png", "footer": "Bring a pen.",
                 "help_url": "https://contoso.example/help", "legal_url": "https://contoso.example/legal"}}"##;

/// The new block in the place of the old one.
fn written(body: &Body, old: &str, new: &Coordinates, options: &Options) -> String {
    let teams = old.contains("://teams.");
    let product = if teams { Provider::TEAMS } else { Provider::SKYPE_FOR_BUSINESS };
    let answer = block::rewrite(body, Some(&Record::new(product, old)), new, options);
    let Rewrite::Replaced { body, written, .. } = answer else {
        panic!("{} {:?}: {answer:?}", new.provider, new.languages);
    };
    body.as_unicode().unwrap()[written].to_owned()
}

fn new(languages: &str) -> Coordinates {
    let mut new: serde_json::Value = serde_json::from_str(NEW).unwrap();
    new["languages"] = serde_json::from_str(languages).unwrap();
    serde_json::from_value(new).unwrap()
}

/// A Teams block, its second link and its wrapper's attributes as given.
fn teams(attributes: &str, link: &str) -> [Body; 2] {
    let fence = "_".repeat(80);
    [
        Body::html(format!(
            "<div class=me-email-text {attributes}><div>{fence}</div><a href=\"{OLD}\">x</a>\
             <p><a href=\"{link}\">y</a></p><div>{fence}</div></div>"
        )),
        Body::text(format!("{fence}\nx<{OLD}>\ny<{link}>\n{fence}\n")),
    ]
}

/// A Skype for Business block with this trailer.
fn skype(link: &str, trailer: &str) -> [Body; 2] {
    let fence = ".".repeat(137);
    [
        Body::html(format!(
            "<p>{fence}</p><p><a name=OutJoinLink></a><a href=\"{OLD_SKYPE}\">x</a></p>\
             <p><a href=\"{link}\">y</a></p><p>[!OC([{trailer}])!]</p><p>{fence}</p>"
        )),
        Body::text(format!("{fence}\nx <{OLD_SKYPE}>\ny <{link}>\n[!OC([{trailer}])!]\n{fence}\n")),
    ]
}

#[test]
fn the_old_block_says_in_which_language_to_go_on() {
    let options = "https://teams.microsoft.com/meetingOptions/?a=1";
    let help = "https://aka.ms/JoinTeamsMeeting";
    let wrapped = "https://eur05.safelinks.protection.outlook.com/?url=https%3A%2F%2Faka.ms%2FJoinTeamsMeeting%3Fomkt%3Dcs-CZ&data=1";
    let office = "https://o15.officeredir.microsoft.com/r/rlidLync15";
    let both = |bodies: [Body; 2], old, label| bodies.map(|body| (body, old, label));
    let mut table = Vec::new();
    table.extend(both(teams("", &format!("{options}&language=da-DK")), OLD, "Deltag i mødet nu"));
    table.extend(both(teams("", &format!("{help}?omkt=ja-JP")), OLD, "今すぐ会議に参加する"));
    table.extend(both(
        teams("lang=en", &format!("{help}?omkt=fi-FI")),
        OLD,
        "Liity kokoukseen nyt",
    ));
    table.extend(both(teams("", wrapped), OLD, "Připojit se ke schůzce"));
    table.extend(
        teams("lang=he-IL", options).into_iter().take(1).map(|b| (b, OLD, "הצטרפות לפגישה")),
    );
    table.extend(both(teams("", &format!("{help}?omkt=el-GR")), OLD, "Join the meeting now"));
    table.extend(both(teams("", help), OLD, "Join the meeting now"));
    table.extend(both(
        skype(&format!("{office}?clid=1053&p1=5"), "1053"),
        OLD_SKYPE,
        "Anslut till mötet nu",
    ));
    table.extend(both(skype(office, "1049"), OLD_SKYPE, "Присоединиться к собранию"));
    table.extend(both(skype(office, "041d"), OLD_SKYPE, "Anslut till mötet nu"));
    table.extend(both(skype(office, "0411"), OLD_SKYPE, "今すぐ会議に参加する"));
    table.extend(both(skype(office, "1066"), OLD_SKYPE, "Tham gia cuộc họp ngay"));
    for (body, old, label) in &table {
        let block = written(body, old, &new("[]"), &Options::new());
        assert!(block.contains(label), "{label}: {block}");
        let named = written(body, old, &new(r#"["uk", "ar"]"#), &Options::new());
        assert!(named.contains("Приєднатися до наради") && !named.contains(label), "{named}");
        assert!(named.contains("الانضمام إلى الاجتماع الآن"), "{named}");
    }
}

#[test]
fn right_to_left_blocks_say_so_and_keep_numbers_in_order() {
    for (language, rtl) in [("ar", true), ("he", true), ("ja", false), ("hi", false)] {
        for product in ["teams", "skype-for-business", "zoom", "google-meet", "webex"] {
            let mut value: serde_json::Value = serde_json::from_str(NEW).unwrap();
            value["provider"] = product.into();
            value["join_url"] = match product {
                "teams" => OLD.replace("2345", "9876"),
                "skype-for-business" => OLD_SKYPE.to_owned(),
                "zoom" => "https://contoso.zoom.us/j/23456789012?pwd=abc".to_owned(),
                "google-meet" => "https://meet.google.com/abc-defg-hij".to_owned(),
                _ => "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef".to_owned(),
            }
            .into();
            value["languages"] = serde_json::json!([language]);
            let new: Coordinates = serde_json::from_value(value).unwrap();
            let [body, _] = teams("", "https://aka.ms/JoinTeamsMeeting");
            let block = written(&body, OLD, &new, &Options::new());
            assert_eq!(block.contains("dir=\"rtl\""), rtl, "{product} {language}");
            assert!(block.contains(&format!("lang=\"{language}\"")), "{product} {language}");
            let grouped = if product == "zoom" || product == "webex" {
                "987 654 321 098 7"
            } else {
                "987 654"
            };
            assert!(block.contains(grouped), "{product} {block}");
            assert_eq!(block.contains("<span dir=\"ltr\">987 654"), rtl, "{product} {language}");
            assert!(block.contains("href=\"tel:+12065550170,,123456789#\""), "{product}");
            assert!(block.contains("+1 206-555-0170,,123456789#"), "{product}");
            assert!(block.contains("123 456 789#"), "{product}");
        }
    }
}

/// Word knows HTML of 1999: boxes of paragraphs, margins, fonts; sizes of pictures only as
/// attributes.
/// What people read from left to right keeps its order beside a label that they do not.
#[test]
fn a_mark_keeps_the_order_of_ids_in_text() {
    let [_, old] = teams("", "https://contoso.example/y");
    for (languages, marked) in
        [(r#"["ar"]"#, true), (r#"["en", "he"]"#, true), (r#"["de"]"#, false)]
    {
        let text = written(&old, OLD, &new(languages), &Options::new());
        for value in ["987 654 321 098 7", "xY12ab", "+1 206-555-0170,,123456789#", "123 456 789#"]
        {
            assert!(text.contains(value), "{text}");
            assert_eq!(text.contains(&format!("\u{200e}{value}")), marked, "{value} {text}");
        }
    }
    // A charset without the mark goes without.
    let old = Body::text_bytes(old.as_bytes().to_vec(), Some("iso-8859-6"));
    let new = new(r#"["ar"]"#);
    let record = Record::new(Provider::TEAMS, OLD);
    let answer = block::rewrite(&old, Some(&record), &new, &Options::new());
    let Rewrite::Replaced { body, .. } = answer else { panic!("{answer:?}") };
    assert!(String::from_utf8_lossy(body.as_bytes()).contains(": 987 654 321 098 7"));
}

#[test]
fn a_passcode_is_shown_as_it_is_or_refused() {
    let record = Record::new(Provider::TEAMS, OLD);
    let mut coordinates = new("[]");
    for [html, text] in [teams("", "https://contoso.example/y")] {
        for passcode in ["Ab[!9x", "x://y", "a  b", "..........9", "a\u{200b}b"] {
            coordinates.passcode = Some(passcode.into());
            for body in [&html, &text] {
                let answer = block::rewrite(body, Some(&record), &coordinates, &Options::new());
                assert!(matches!(answer, Rewrite::Refused(Refusal::Unshowable)), "{answer:?}");
            }
            let json = NEW.replace("xY12ab", passcode);
            let error = serde_json::from_str::<Coordinates>(&json).unwrap_err().to_string();
            assert!(error.contains("passcode") && !error.contains(passcode), "{error}");
        }
        coordinates.passcode = Some(" <a&b> \"c\" ".into());
        assert!(written(&text, OLD, &coordinates, &Options::new()).contains(": <a&b> \"c\"\n"));
    }
}

/// A meeting id of Teams is no phone's; Zoom's and Webex' are.
#[test]
fn an_id_is_dialled_where_a_phone_takes_it() {
    let [_, old] = teams("", "https://contoso.example/y");
    for (product, link, dialled) in [
        ("teams", "https://teams.microsoft.com/meet/9876543210987?p=New", false),
        ("zoom", "https://us02web.zoom.us/j/9876543210987", true),
        (
            "webex",
            "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef",
            true,
        ),
    ] {
        let mut new: serde_json::Value = serde_json::from_str(NEW).unwrap();
        new.as_object_mut().unwrap().remove("conference_id");
        (new["provider"], new["join_url"]) = (product.into(), link.into());
        let new = serde_json::from_value(new).unwrap();
        let text = written(&old, OLD, &new, &Options::new());
        assert_eq!(text.contains(",,9876543210987#"), dialled, "{text}");
    }
}

#[test]
fn what_is_written_needs_nothing_that_words_engine_lacks() {
    const PROPERTIES: &[&str] = &[
        "margin",
        "margin-bottom",
        "color",
        "font-family",
        "font-size",
        "font-weight",
        "border",
        "text-decoration",
        // Ignored there, and not missed.
        "max-width",
        "max-height",
        "width",
        "height",
        "overflow",
        "white-space",
        "background",
    ];
    for product in ["teams", "skype-for-business", "zoom", "google-meet", "webex"] {
        for languages in [r#"["en"]"#, r#"["he", "de"]"#] {
            let mut new = new(languages);
            new.provider = Provider::from_key(product).unwrap();
            if product == "google-meet" {
                new.join_url =
                    "https://meet.google.com/abc-defg-hij".to_owned().try_into().unwrap();
            } else if product == "zoom" {
                new.join_url =
                    "https://contoso.zoom.us/j/23456789012".to_owned().try_into().unwrap();
            } else if product == "webex" {
                let link = "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef";
                new.join_url = link.to_owned().try_into().unwrap();
            } else if product == "skype-for-business" {
                new.join_url = OLD_SKYPE.to_owned().try_into().unwrap();
            }
            let [body, _] = teams("", "https://aka.ms/JoinTeamsMeeting");
            let block = written(&body, OLD, &new, &Options::new());
            for tag in block.split('<').skip(1) {
                let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
                let known = ["div", "p", "span", "a", "img", "hr", "sub"];
                assert!(known.contains(&name), "{product}: {name}");
                if name == "img" {
                    assert!(tag.contains(" width=\"") && tag.contains("max-width:"), "{tag}");
                }
            }
            for style in block.split("style=\"").skip(1) {
                for rule in style.split('"').next().unwrap().split(';').filter(|r| !r.is_empty()) {
                    let (property, value) = rule.split_once(':').unwrap();
                    assert!(PROPERTIES.contains(&property.trim()), "{product}: {rule}");
                    for lacking in ["flex", "grid", "rgba", "url(", "rem", "calc", "var(", "vw"] {
                        assert!(!value.contains(lacking), "{product}: {rule}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_callers_design_is_escaped_and_holds_the_link() {
    assert!(Template::new("<p>Join us</p>", "{{join_url}}").is_err());
    assert!(
        Template::new("<p><a href=\"https://contoso.example\">Join</a></p>", "{{join_url}}")
            .is_err()
    );
    assert!(Template::new("<a href=\"{{join_url}}\">Join</a>", "Join us").is_err());
    assert!(
        Template::new("{{#passcode}}<a href=\"{{join_url}}\">x</a>{{/passcode}}", "{{join_url}}")
            .is_err()
    );
    let design = Template::new(
        "<p><a href=\"{{join_url}}\">Go</a> {{passcode}}</p>",
        "Go: {{join_url}} {{passcode}}",
    );
    let options = Options::new().with_template(design.unwrap());
    let mut new = new("[]");
    new.passcode = Some("<b>\"&".into());
    let [html, text] = teams("", "https://aka.ms/JoinTeamsMeeting");
    let block = written(&html, OLD, &new, &options);
    assert!(block.contains("&lt;b&gt;&quot;&amp;") && !block.contains("<b>"), "{block}");
    assert!(block.contains("href=\"https://teams.microsoft.com/meet/9876543210987?p=New\""));
    let block = written(&text, OLD, &new, &options);
    assert!(block.contains("Go: https://teams.microsoft.com/meet/9876543210987?p=New <b>\"&"));
}

/// A design with words that begin an earlier message: those behind the block would be one, so
/// nothing is written.
#[test]
fn a_design_that_begins_a_quote_is_refused() {
    let design = Template::new(
        "<p><a href=\"{{join_url}}\">Go</a></p><p>From: Anna Berg</p>\
         <p>Sent: Monday, November 2, 2026 8:53 PM</p><p>To: Petra</p><p>Subject: Plan</p>",
        "Go: {{join_url}}",
    );
    let options = Options::new().with_template(design.unwrap());
    let row = "_".repeat(80);
    let html = format!(
        "<p>Agenda</p><div>{row}</div><p><a href=\"{OLD}\">Join</a></p><div>{row}</div>\
         <p>Plan</p><p>More</p>"
    );
    let record = Record::new(Provider::TEAMS, OLD);
    let answer = block::rewrite(&Body::html(html), Some(&record), &new("[]"), &options);
    assert!(matches!(answer, Rewrite::Refused(Refusal::NotFoundAgain)), "{answer:?}");
}
