//! Quoted history in the shape of each mail program. A block in it is never touched; the
//! meeting's own block above it is replaced exactly; an agenda is no header.
//!
//! Each shape is markup before and behind what an earlier message said.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod authored;

use meeting_migration::Body;
use meeting_migration::block::{self, Foreignness, Options, Rewrite};
use meeting_migration::meeting::Record;

use authored::fixtures;

const NEW: &str = r#"{"provider": "teams", "meeting_id": "234 567 890 123 4",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#;

/// A block from a fixture, with its recorded link.
struct Sample(String, Record);

fn sample(name: &str) -> Sample {
    let fixture = fixtures().into_iter().find(|fixture| fixture.name == name).unwrap();
    Sample(fixture.block().to_owned(), fixture.record())
}

fn rewrite(body: &Body, record: &Record) -> Rewrite {
    block::rewrite(body, Some(record), &serde_json::from_str(NEW).unwrap(), &Options::new())
}

/// Both promises for one shape around one block.
fn check(
    name: &str,
    html: bool,
    [before, after]: [&str; 2],
    block: &Sample,
    found: &mut Vec<String>,
) {
    let Sample(block, record) = block;
    let body = |text: String| if html { Body::html(text) } else { Body::text(text) };
    let quoted = [before, block, after].concat();
    let answer = rewrite(&body(quoted.clone()), record);
    if !matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _)) {
        found.push(format!("{name}: the quoted block is {answer:?}"));
    }
    let own = if html { "<p>Hello</p>" } else { "Hello\n\n" };
    let both = [own, block, "\n", &quoted].concat();
    match rewrite(&body(both.clone()), record) {
        Rewrite::Replaced { body, block: old, written } => {
            // Without fences a block ends at its last link.
            let end = own.len() + block.len();
            let fenced = block.contains("____") || block.contains("....");
            let kept = body.as_unicode().unwrap().ends_with(&both[end..]);
            if !kept || fenced && (old.span != (own.len()..end) || written.start != own.len()) {
                found.push(format!("{name}: {:?} is replaced, not up to {end}", old.span));
            }
        }
        answer => found.push(format!("{name}: the own block is {answer:?}")),
    }
}

const HTML: &[(&str, [&str; 2])] = &[
    ("blockquote", ["<p>New time.</p><blockquote>", "</blockquote>"]),
    (
        "apple",
        [
            "<div><blockquote type=\"cite\"><div>On 2 Nov 2026, at 20:53, Anna &lt;a@contoso.example&gt; wrote:</div><br>",
            "</blockquote></div>",
        ],
    ),
    ("cite-on-a-div", ["<div type='cite'>", "</div>"]),
    (
        "gmail",
        [
            "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Anna wrote:<br></div>",
            "</div>",
        ],
    ),
    ("gmail-2024", ["<div class=\"gmail_quote_container\">", "</div>"]),
    ("gmail-twice-through-outlook", ["<div class=\"x_x_gmail_quote\">", "</div>"]),
    (
        "thunderbird-forward",
        ["<div class=\"moz-forward-container\"><br>-------- Forwarded Message --------", "</div>"],
    ),
    (
        "thunderbird-reply",
        [
            "<div class=\"moz-cite-prefix\">On 02.11.26 20:53, Anna wrote:<br></div><blockquote type=\"cite\" cite=\"mid:1@contoso.example\">",
            "</blockquote>",
        ],
    ),
    ("yahoo", ["<div id=\"yahoo_quoted_1234\" class=\"yahoo_quoted\"><div>", "</div></div>"]),
    (
        "yahoo-again",
        ["<div id=\"ydp12ab34yahoo_quoted_1234\" class=\"ydp12ab34yahoo_quoted\">", "</div>"],
    ),
    ("proton", ["<div class=\"protonmail_quote\">------- Original Message -------<br>", "</div>"]),
    (
        "outlook-web",
        [
            "<div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri, sans-serif\"><b>From:</b> Anna Berg<br><b>Sent:</b> Monday, November 2, 2026 8:53 PM<br><b>To:</b> Petra<br><b>Subject:</b> Plan</font><div>&nbsp;</div></div><div>",
            "</div>",
        ],
    ),
    ("outlook-web-id-alone", ["<hr><div id=\"x_x_divRplyFwdMsg\">&nbsp;</div><div>", "</div>"]),
    (
        "outlook-2003",
        [
            "<DIV class=OutlookMessageHeader lang=en-us dir=ltr align=left><HR tabIndex=-1></DIV><DIV>",
            "</DIV>",
        ],
    ),
    (
        "outlook-mobile",
        ["<div class=\"ms-outlook-mobile-reference-message skipProofing\">", "</div>"],
    ),
    (
        "word-2013",
        [
            "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal>&nbsp;</p></div></div>",
            "",
        ],
    ),
    (
        "word-2007",
        [
            "<div style=\"border:none; border-top:solid #B5C4DF 1.0pt; padding:3.0pt 0cm 0cm 0cm\"><p>&nbsp;</p></div>",
            "",
        ],
    ),
    (
        "word-by-a-browser",
        [
            "<div style=\"border-width: 1pt medium medium; border-style: solid none none; border-color: rgb(225, 225, 225) currentcolor currentcolor;\"><p><b><span>From:</span></b><span> Anna Berg<br><b>Sent:</b> Monday, November 2, 2026 8:53 PM<br><b>To:</b> Petra<br><b>Subject:</b> Plan</span></p></div>",
            "",
        ],
    ),
    (
        "word-de",
        [
            "<p class=MsoNormal><b>Von:</b> Anna Berg <br><b>Gesendet:</b> Montag, 2. November 2026 20:53<br><b>An:</b> Petra<br><b>Betreff:</b> Plan<o:p></o:p></p>",
            "",
        ],
    ),
    (
        "word-fr",
        [
            "<p class=MsoNormal><b>De&nbsp;:</b> Anna Berg <br><b>Envoyé&nbsp;:</b> lundi 2 novembre 2026 20:53<br><b>À&nbsp;:</b> Petra<br><b>Objet&nbsp;:</b> Plan</p>",
            "",
        ],
    ),
    (
        "word-es",
        [
            "<p><b>De:</b> Anna Berg<br><b>Enviado el:</b> lunes, 2 de noviembre de 2026 20:53<br><b>Para:</b> Petra<br><b>Asunto:</b> Plan</p>",
            "",
        ],
    ),
    (
        "word-ja",
        [
            "<p><b>差出人:</b> Anna Berg<br><b>送信日時:</b> 2026年11月2日 20:53<br><b>宛先:</b> Petra<br><b>件名:</b> 計画</p>",
            "",
        ],
    ),
    (
        "word-zh",
        [
            "<p><b>发件人:</b> Anna Berg<br><b>发送时间:</b> 2026年11月2日 20:53<br><b>收件人:</b> Petra<br><b>主题:</b> 计划</p>",
            "",
        ],
    ),
    (
        "word-ru",
        [
            "<p><b>От:</b> Anna Berg<br><b>Отправлено:</b> 2 ноября 2026 г. 20:53<br><b>Кому:</b> Petra<br><b>Тема:</b> План</p>",
            "",
        ],
    ),
    (
        "word-ar",
        [
            "<p dir=rtl><b>من:</b> Anna Berg<br><b>تاريخ الإرسال:</b> 2 نوفمبر 2026 20:53<br><b>إلى:</b> Petra<br><b>الموضوع:</b> خطة</p>",
            "",
        ],
    ),
    (
        "word-he",
        [
            "<p dir=rtl><b>מאת:</b> Anna Berg<br><b>נשלח:</b> 2 נובמבר 2026 20:53<br><b>אל:</b> Petra<br><b>נושא:</b> תוכנית</p>",
            "",
        ],
    ),
    (
        "original-appointment",
        [
            "<p>-----Original Appointment-----<br><b>From:</b> Anna Berg<br><b>Sent:</b> Monday, November 2, 2026 8:53 PM<br><b>To:</b> Petra</p>",
            "",
        ],
    ),
    (
        "original-appointment-de",
        [
            "<p>-----Ursprünglicher Termin-----<br><b>Von:</b> Anna Berg<br><b>Gesendet:</b> Montag, 2. November 2026 20:53<br><b>An:</b> Petra</p>",
            "",
        ],
    ),
    (
        "rule-of-45",
        [
            "<p>_____________________________________________<br><b>Fra:</b> Anna Berg<br><b>Sendt:</b> 2. november 2026 20:53<br><b>Til:</b> Petra</p>",
            "",
        ],
    ),
    (
        "notes-table",
        [
            "<table><tr><td>From:</td><td>Anna Berg</td></tr><tr><td>Date:</td><td>2 November 2026</td></tr><tr><td>To:</td><td>Petra</td></tr><tr><td>Subject:</td><td>Plan</td></tr></table>",
            "",
        ],
    ),
    (
        "qq",
        [
            "<div>------------------&nbsp;原始邮件&nbsp;------------------</div><div><b>发件人:</b>&nbsp;\"Anna\"&lt;a@contoso.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月2日(星期一) 晚上8:53</div>",
            "",
        ],
    ),
    ("netease", ["<div id=\"isReplyContent\">", "</div>"]),
    ("gmx", ["<div name=\"quote\" style=\"border-left:2px solid #C3D9E5\">", "</div>"]),
    (
        "roundcube",
        [
            "<p id=\"reply-intro\">Am 2026-11-02 20:53, schrieb Anna:</p><blockquote>",
            "</blockquote>",
        ],
    ),
];

#[test]
fn quoted_history_in_html_stays_and_the_own_block_above_it_goes() {
    let blocks =
        ["teams2024-owa-cvi", "teams2024-word", "sfb2016-word-full", "teams2019-service-ja"];
    let mut failures = Vec::new();
    for name in blocks {
        let block = sample(name);
        for (shape, around) in HTML {
            check(&format!("{shape} {name}"), true, *around, &block, &mut failures);
        }
    }
    let Sample(block, record) = sample("teams2024-word");
    let block = Sample(block.replace(&"_".repeat(80), ""), record);
    for (shape, around) in HTML {
        check(&format!("{shape} no fences"), true, *around, &block, &mut failures);
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

const TEXT: &[(&str, &str)] = &[
    (
        "original-message",
        "-----Original Message-----\nFrom: Anna Berg\nSent: Monday, November 2, 2026 8:53 PM\nTo: Petra\nSubject: Plan\n\n",
    ),
    (
        "original-message-fr",
        "-----Message d'origine-----\nDe : Anna Berg\nEnvoyé : lundi 2 novembre 2026 20:53\nÀ : Petra\nObjet : Plan\n\n",
    ),
    (
        "original-message-unknown",
        "-----Qoor hjel-----\nXy: Anna Berg\nZa: 2. 11. 2026 20:53\nBc: Petra\nDe: Plan\n\n",
    ),
    (
        "outlook-mobile",
        "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Anna Berg <a@contoso.example>\nSent: Monday, November 2, 2026 8:53:01 PM\nTo: Petra <p@fabrikam.example>\nSubject: Plan\n\n",
    ),
    (
        "rule-of-45",
        "_____________________________________________\nFra: Anna Berg\nSendt: 2. november 2026 20:53\nTil: Petra\nEmne: Plan\n\n",
    ),
    (
        "gmail-forward",
        "---------- Forwarded message ---------\nFrom: Anna Berg <a@contoso.example>\nDate: Mon, Nov 2, 2026 at 8:53 PM\nSubject: Plan\nTo: Petra <p@fabrikam.example>\n\n",
    ),
    (
        "gmail-forward-de",
        "---------- Weitergeleitete Nachricht ---------\nVon: Anna Berg <a@contoso.example>\nDatum: Mo., 2. Nov. 2026, 20:53 Uhr\nBetreff: Plan\nAn: Petra <p@fabrikam.example>\n\n",
    ),
    (
        "thunderbird-forward",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Plan\nDatum: Mon, 2 Nov 2026 20:53:00 +0100\nVon: Anna Berg <a@contoso.example>\nAn: Petra <p@fabrikam.example>\n\n",
    ),
    (
        "yahoo",
        "On Monday, November 2, 2026 at 08:53:00 PM GMT+1, Anna Berg <a@contoso.example> wrote:\n\n",
    ),
    (
        "no-rule-de",
        "Von: Anna Berg\nGesendet: Montag, 2. November 2026 20:53\nAn: Petra\nBetreff: Plan\n\n",
    ),
    (
        "no-rule-fr",
        "De : Anna Berg\nEnvoyé : lundi 2 novembre 2026 20:53\nÀ : Petra\nObjet : Plan\n\n",
    ),
    ("no-rule-ja", "差出人: Anna Berg\n送信日時: 2026年11月2日 20:53\n宛先: Petra\n件名: 計画\n\n"),
    (
        "no-rule-ar",
        "من: Anna Berg\nتاريخ الإرسال: 2 نوفمبر 2026 20:53\nإلى: Petra\nالموضوع: خطة\n\n",
    ),
];

#[test]
fn quoted_history_in_text_stays_and_the_own_block_above_it_goes() {
    let mut failures = Vec::new();
    for name in ["teams2024-text-ja", "sfb2024-text-exchange-sv", "teams2025-text-outlook"] {
        let block = sample(name);
        for (shape, before) in TEXT {
            check(&format!("{shape} {name}"), false, [before, ""], &block, &mut failures);
        }
        let marked = block.0.lines().map(|line| format!("> {line}\n")).collect::<String>();
        let answer = rewrite(&Body::text(["Hello\n\n", &marked].concat()), &block.1);
        assert!(matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _)), "{name} {answer:?}");
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// What people write above a block, in headers' clothes.
const AGENDAS: &[&str] = &[
    "Thema: Planung\nOrt: Raum 5\nVon: 10:00\nBis: 11:00\n",
    "From: 10:00\nTo: 11:00\nSubject: Plan\n",
    "De : 10h\nÀ : 11h\nObjet : plan\n",
    "When: Monday, 2 November 2026 10:00-11:00.\nWhere: Skype Meeting\n\nNote: The GMT offset above does not reflect daylight saving time adjustments.\n\n*~*~*~*~*~*~*~*~*~*\n",
    "Organizer: Anna <a@contoso.example>\nRoom: 5\nDate: 2 November 2026 10:00\nTopic: plan\n",
    "-----Agenda-----\n1. Budget\n2. Plan\n",
    "----- Details -----\nDate: 2 November 2026 10:00\nPlace: 5\nTopic: x\n",
    "_____________________________________________\nTopics\n1. Budget\n",
    "________________________________\nTopics: budget\nRoom: 5\n",
    "日時：2026年11月2日 10:00\n場所：会議室5\n議題：計画\n",
    "> Hi Petra, could we meet?\n\nYes:\n",
    "On Mon, 2 Nov 2026 at 20:53, Anna <a@contoso.example> wrote:\n> From: Ben\n> Sent: Sunday, 1 November 2026 10:00\n> To: Anna\n> Subject: x\n\nYes:\n",
];

#[test]
fn an_agenda_above_the_block_is_no_header() {
    let mut failures = Vec::new();
    let mut check = |body: Body, agenda: &str, record: &Record| {
        let answer = rewrite(&body, record);
        if !matches!(answer, Rewrite::Replaced { .. }) {
            failures.push(format!("{agenda:?}: {answer:?}"));
        }
    };
    for agenda in AGENDAS {
        let Sample(block, record) = sample("teams2024-text-ja");
        check(Body::text([agenda, "\n", &block, "\nBye\n"].concat()), agenda, &record);
        let Sample(block, record) = sample("teams2024-word");
        let lines = agenda.lines().map(|line| {
            let line = line.replace('<', "&lt;").replace('>', "&gt;");
            format!("<p class=MsoNormal>{line}<o:p></o:p></p>\n")
        });
        let body = [&lines.collect::<String>(), block.as_str(), "<p>Bye</p>"].concat();
        check(Body::html(body), agenda, &record);
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_is_only_indented_is_not_quoted() {
    // The command of browsers, and with it of mail in them.
    let indents = [
        "<blockquote style=\"margin: 0 0 0 40px; border: none; padding: 0px;\">",
        "<BLOCKQUOTE dir=ltr STYLE='margin:0px 0px 0px 40px;border:medium none;padding:0px'>",
    ];
    let quotes = [
        "<blockquote type=cite style=\"margin: 0 0 0 40px; border: none; padding: 0px;\">",
        "<blockquote cite='mid:1@contoso.example' style='margin:0 0 0 40px;border:none;padding:0px'>",
        "<blockquote class=gmail_quote style='margin:0 0 0 40px;border:none;padding:0px'>",
        "<blockquote style='margin:0 0 0 40px;border-left:1px solid #ccc;padding:0px'>",
        "<blockquote style='margin:0 0 0 40px;padding:0px'>",
        "<blockquote style='margin-top:5.0pt;margin-bottom:5.0pt'>",
        "<blockquote style=''>",
        "<blockquote><blockquote style='margin:0 0 0 40px;border:none;padding:0px'></blockquote>",
    ];
    for name in ["teams2024-owa-cvi", "sfb2016-word-full"] {
        let Sample(block, record) = sample(name);
        let answer = |start: &str| {
            let body = ["<p>Hello</p>", start, &block, "</blockquote><p>Bye</p>"].concat();
            rewrite(&Body::html(body), &record)
        };
        for start in indents {
            let (answer, at) = (answer(start), "<p>Hello</p>".len() + start.len());
            let Rewrite::Replaced { block: old, .. } = answer else { panic!("{start} {answer:?}") };
            assert_eq!(old.span, at..at + block.len(), "{start}");
        }
        for start in quotes {
            let answer = answer(start);
            assert!(
                matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _)),
                "{start} {answer:?}"
            );
        }
    }
}

#[test]
fn what_stands_behind_a_quote_that_ends_is_not_quoted() {
    let Sample(block, record) = sample("teams2024-owa-cvi");
    for quote in [
        "<blockquote type=cite><div id=divRplyFwdMsg>From: Anna</div>old</blockquote>",
        "<blockquote>-----Original Message-----<br>From: Anna<br>Sent: 2 November 2026 20:53<br>To: Petra</blockquote>",
        "<div class=gmail_quote>old</div>",
        "<p>&gt; From: Anna</p><p>&gt; Sent: Monday, 2 November 2026 20:53</p><p>&gt; To: Petra</p>",
    ] {
        let answer = rewrite(&Body::html([quote, &block, "<p>Bye</p>"].concat()), &record);
        assert!(matches!(answer, Rewrite::Replaced { .. }), "{quote}: {answer:?}");
    }
}

#[test]
fn marked_lines_of_a_text_that_became_markup_are_quoted() {
    let Sample(block, record) = sample("teams2024-text-ja");
    let lines = block.lines().map(|line| {
        let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("&gt; {line}<br>\n")
    });
    let body = ["<p>Hello</p><p>", &lines.collect::<String>(), "</p>"].concat();
    let answer = rewrite(&Body::html(body), &record);
    assert!(matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _)), "{answer:?}");
    // A bracket that closes on the next line is none.
    let lines = block.lines().map(|line| {
        let line = line.replace('&', "&amp;").replace('>', "<br>&gt; ");
        ["<p>", &line.replace("<http", "&lt;http").replace("<tel", "&lt;tel"), "</p>"].concat()
    });
    let body = ["<p>Hello</p>", &lines.collect::<String>()].concat();
    let answer = rewrite(&Body::html(body), &record);
    assert!(matches!(answer, Rewrite::Replaced { .. }), "{answer:?}");
}
