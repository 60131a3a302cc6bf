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

/// What mail programs write above an earlier message: in text, and as paragraphs.
const HEADERS: &[(&str, &str)] = &[
    // The sender is not the first field.
    (
        "gmx-de",
        "Gesendet: Montag, 2. November 2026 um 20:53 Uhr\nVon: \"Anna Berg\" <a@contoso.example>\nAn: \"Petra\" <p@contoso.example>\nBetreff: Plan",
    ),
    (
        "mail-com",
        "Sent: Monday, November 02, 2026 at 8:53 PM\nFrom: \"Anna Berg\" <a@contoso.example>\nTo: \"Petra\" <p@contoso.example>\nSubject: Plan",
    ),
    (
        "mail-com-fr",
        "Envoyé: lundi 2 novembre 2026 à 20:53\nDe: \"Anna\" <a@contoso.example>\nÀ: Petra\nObjet: Plan",
    ),
    (
        "mail-com-es",
        "Enviado: lunes, 2 de noviembre de 2026 a las 20:53\nDe: \"Anna\" <a@contoso.example>\nPara: Petra\nAsunto: Plan",
    ),
    (
        "hotmail-date-first",
        "Date: Mon, 2 Nov 2026 20:53:00 +0100\nFrom: a@contoso.example\nTo: p@contoso.example\nSubject: Plan",
    ),
    (
        "subject-first",
        "Subject: Plan\nDate: Mon, 2 Nov 2026 20:53:00 +0100\nFrom: a@contoso.example\nTo: p@contoso.example",
    ),
    (
        "recipient-first",
        "To: \"Petra\" <p@contoso.example>\nFrom: \"Anna\" <a@contoso.example>\nDate: 11/02/2026 08:53PM\nSubject: Plan",
    ),
    // A department.
    (
        "number",
        "From: Berg, Anna (IT-A3)\nSent: Monday, 2 November 2026 20:53\nTo: Petra\nSubject: Plan",
    ),
    (
        "number-point",
        "From: Berg, Anna (IT 3.14)\nSent: Monday, 2 November 2026 20:53\nTo: Petra\nSubject: Plan",
    ),
    (
        "number-de",
        "Von: Berg, Anna (K 12)\nGesendet: Montag, 2. November 2026 20:53\nAn: Petra\nBetreff: Plan",
    ),
    ("number-ja", "差出人: Anna (A3)\n送信日時: 2026年11月2日 20:53\n宛先: Petra\n件名: 計画"),
    (
        "number-bold",
        "**From:** Anna Berg (A3)\n**Sent:** 2 November 2026 20:53\n**To:** Petra\n**Subject:** Plan",
    ),
    ("no-number", "From: Anna\nSent: Yesterday evening\nTo: Petra\nSubject: Plan"),
    // Names that nobody told, beside some that are known.
    (
        "mk",
        "Од: Ана <a@contoso.example>\nИспратено: понеделник, 2 ноември 2026 20:53\nДо: Петра\nПредмет: План",
    ),
    (
        "gl",
        "De: Ana <a@contoso.example>\nEnviado o: luns, 2 de novembro de 2026 20:53\nPara: Petra\nAsunto: Plan",
    ),
    (
        "sent-unknown",
        "De: Ana <a@contoso.example>\nQrs: 2 de novembro de 2026 20:53\nPara: Petra\nAsunto: Plan",
    ),
    (
        "subject-known",
        "Xyz: Ana <a@contoso.example>\nQrs: 2 de novembro de 2026 20:53\nTuv: Petra\nTema: Plan",
    ),
    (
        "sq",
        "Nga: Ana <a@contoso.example>\nDërguar: e hënë, 2 nëntor 2026 20:53\nPër: Petra\nSubjekti: Plan",
    ),
    ("az", "Kimdən: Ana\nGöndərildi: 2 noyabr 2026 20:53\nKimə: Petra\nMövzu: Plan"),
    ("be", "Ад: Ана\nАдпраўлена: 2 лістапада 2026 20:53\nКаму: Петра\nТэма: План"),
    // Many recipients.
    (
        "list",
        "From: Ana\nTo: Petra Very Long Name <p@contoso.example>;\nBen Very Long Name <b@contoso.example>;\nBen Very Long Name <b@contoso.example>;\nBen Very Long Name <b@contoso.example>;\nBen Very Long Name <b@contoso.example>;\nBen Very Long Name <b@contoso.example>;\nBen Very Long Name <b@contoso.example>;\nDate: 2 November 2026 20:53\nSubject: Plan",
    ),
    ("bar", "| From: Anna\n| Sent: 2 November 2026 20:53\n| To: Petra\n| Subject: Plan"),
    (
        "notes",
        "From: Anna Berg/Contoso\nTo: Petra/Contoso@Contoso\nDate: 02.11.2026 20:53\nSubject: Plan",
    ),
    (
        "inotes",
        "-----\"Anna Berg\" <a@contoso.example> wrote: -----\nTo: \"Petra\"\nFrom: \"Anna Berg\"\nDate: 11/02/2026 08:53PM\nSubject: Plan",
    ),
    (
        "apple",
        "Begin forwarded message:\n\nFrom: Anna <a@contoso.example>\nSubject: Plan\nDate: 2 November 2026 at 20:53:00 CET\nTo: Petra <p@contoso.example>",
    ),
    (
        "samsung",
        "-------- Original message --------\nFrom: Anna <a@contoso.example>\nDate: 11/2/26 8:53 PM (GMT+01:00)\nTo: Petra\nSubject: Plan",
    ),
    (
        "em-client",
        "------ Original Message ------\nFrom \"Anna Berg\" <a@contoso.example>\nTo \"Petra\" <p@contoso.example>\nDate 11/2/2026 8:53:00 PM\nSubject Plan",
    ),
    (
        "em-client-8",
        "------ Original Message ------\nFrom: \"Anna Berg\" <a@contoso.example>\nTo: \"Petra\" <p@contoso.example>\nSent: 11/2/2026 8:53:00 PM\nSubject: Plan",
    ),
    (
        "zimbra",
        "----- Original Message -----\nFrom: \"Anna\" <a@contoso.example>\nTo: \"Petra\"\nSent: Monday, November 2, 2026 8:53:00 PM\nSubject: Plan",
    ),
    (
        "blackberry",
        "From: Anna Berg [mailto:a@contoso.example]\nSent: Monday, November 02, 2026 08:53 PM\nTo: Petra\nSubject: Plan",
    ),
    ("foxmail", "发件人： Anna\n发送时间： 2026-11-02 20:53\n收件人： petra\n主题： 计划"),
    (
        "netease-forward",
        "-------- 转发邮件信息 --------\n发件人：\"Anna\" <a@contoso.example>\n发送日期：2026-11-02 20:53:00\n收件人：Petra\n主题：计划",
    ),
    (
        "kmail-forward",
        "----------  Forwarded Message  ----------\n\nSubject: Plan\nDate: Monday, 2 November 2026, 20:53:00 CET\nFrom: Anna <a@contoso.example>\nTo: Petra",
    ),
    (
        "thunderbird-pl",
        "-------- Treść przekazanej wiadomości --------\nTemat: \tPlan\nData: \tMon, 2 Nov 2026 20:53:00 +0100\nNadawca: \tAnna <a@contoso.example>\nAdresat: \tPetra",
    ),
    // Who wrote when.
    ("outlook-mac", "On 11/2/26, 8:53 PM, \"Anna Berg\" <a@contoso.example> wrote:\n\nHi"),
    ("outlook-mac-de", "Am 02.11.26, 20:53 schrieb \"Anna Berg\" <a@contoso.example>:\n\nHi"),
    ("outlook-mac-unknown", "Qr 02.11.26, 20:53 xyz \"Anna Berg\" <a@contoso.example>:\n\nHi"),
    (
        "gmail-tr",
        "Anna Berg <a@contoso.example>, 2 Kas 2026 Pzt, 20:53 tarihinde şunu yazdı:\n\nHi",
    ),
    (
        "gmail-hu",
        "Anna Berg <a@contoso.example> ezt írta (időpont: 2026. nov. 2., H, 20:53):\n\nHi",
    ),
    ("gmail-de", "Anna Berg <a@contoso.example> schrieb am Mo., 2. Nov. 2026, 20:53:\n\nHi"),
    ("gmail-es", "El lun, 2 nov 2026 a las 20:53, Anna (<a@contoso.example>) escribió:\n\nHi"),
    (
        "gmail-wrapped",
        "On Mon, Nov 2, 2026 at 8:53 PM Anna Maria von Berg via Invitations <\nanna-maria-von-berg@contoso.example> wrote:\n\nHi",
    ),
    (
        "gmail-wrapped-twice",
        "On Mon, Nov 2, 2026 at 8:53 PM Anna Maria von Berg via Invitations <\nanna-maria-von-berg+invitations@contoso.example>\nwrote:\n\nHi",
    ),
    ("gmail-ko", "2026년 11월 2일 (월) 오후 8:53, Anna <a@contoso.example>님이 작성:\n\nHi"),
    ("no-name", "On 2026-11-02 20:53, a@contoso.example wrote:\n\nHi"),
    ("mail-ru", "Понедельник, 2 ноября 2026, 20:53 +03:00 от Anna Berg <a@contoso.example>:\n\nHi"),
    ("yandex", "02.11.2026, 20:53, \"Anna Berg\" <a@contoso.example>:\n\nHi"),
    ("netease", "在 2026-11-02 20:53:00，\"Anna\" <a@contoso.example> 写道：\n\nHi"),
    ("spark", "On Nov 2, 2026 at 8:53 PM +0100, Anna Berg <a@contoso.example>, wrote:\n\nHi"),
    (
        "proton",
        "------- Original Message -------\nOn Monday, November 2nd, 2026 at 20:53, Anna <a@contoso.example> wrote:\n\nHi",
    ),
    ("please", "On Mon, Nov 2, 2026 at 8:53 PM Please Reply <a@contoso.example> wrote:\n\nHi"),
    ("thunderbird", "On 11/2/26 20:53, Anna Berg wrote:\n\nHi"),
    ("thunderbird-de", "Am 02.11.26 um 20:53 schrieb Anna Berg:\n\nHi"),
    ("thunderbird-fr", "Le 02/11/2026 à 20:53, Anna Berg a écrit :\n\nHi"),
    ("notes-wrote", "Anna Berg/Contoso wrote on 11/02/2026 08:53:00 PM:\n\nHi"),
    (
        "notes-forward",
        "----- Forwarded by Anna Berg/Contoso on 11/02/2026 08:53 PM -----\n\nAnna Berg/Contoso\n11/02/2026 08:53 PM\n\nTo\nPetra",
    ),
    (
        "notes-forward-wrapped",
        "----- Weitergeleitet von Anna Berg/Contoso am 02.11.2026 20:53\n-----\n\nAnna Berg/Contoso",
    ),
    ("zoho", "---- On Mon, 02 Nov 2026 20:53:00 +0100 Anna <a@contoso.example> wrote ---\n\nHi"),
    ("tutanota", "2. Nov. 2026, 20:53 von a@contoso.example:\n\nHi"),
    ("tutanota-en", "Nov 2, 2026, 20:53 by a@contoso.example:\n\nHi"),
    (
        "aol",
        "In a message dated 11/2/2026 8:53:00 P.M. Eastern Standard Time, a@contoso.example writes:\n\nHi",
    ),
    (
        "dingtalk",
        "From:Anna <a@contoso.example>\nSend Time:2026 Nov. 2 (Mon.) 20:53\nTo:Petra\nSubject:Plan",
    ),
    (
        "ukr-net",
        "--- Оригінальне повідомлення ---\nВід кого: \"Anna\" <a@contoso.example>\nДата: 2 листопада 2026, 20:53:00\n\nHi",
    ),
    (
        "libero",
        "----Messaggio originale----\nDa: a@contoso.example\nData: 2-nov-2026 20.53\nA: Petra\nOgg: Plan",
    ),
    ("one-line", "From: Anna Berg Sent: Monday, 2 November 2026 20:53 To: Petra Subject: Plan"),
    (
        "one-line-de",
        "Von: Berg, Anna (K 12) Gesendet: Montag, 2. November 2026 20:53 An: Petra Betreff: Plan",
    ),
    (
        "one-line-table",
        "Von: Anna | Gesendet am: 2. November 2026 20:53 | An: Petra | Betreff: Plan",
    ),
    ("no-day", "Anna Berg <a@contoso.example> wrote:\n\nHi"),
    ("no-day-fr", "Anna Berg <a@contoso.example> a écrit :\n\nHi"),
    ("groupwise", ">>> Anna Berg <a@contoso.example> 11/2/2026 8:53 PM >>>\nHi"),
];

/// A text as paragraphs, one for each line.
fn paragraphs(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.is_empty()).map(|line| {
        let line = line.replace('<', "&lt;").replace('>', "&gt;");
        format!("<p class=MsoNormal>{line}<o:p></o:p></p>\n")
    });
    lines.collect()
}

/// A text as lines of one paragraph, the names of fields in bold.
fn broken(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.replace('<', "&lt;").replace('>', "&gt;");
        match line.split_once(": ") {
            Some((name, value)) if !name.contains(' ') => format!("<b>{name}:</b> {value}<br>"),
            _ => format!("{line}<br>"),
        }
    });
    format!("<div><p>{}</p></div>", lines.collect::<String>())
}

/// A text as rows of a table, each with the name of a field and its value.
fn table(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.is_empty()).map(|line| {
        let line = line.replace('<', "&lt;").replace('>', "&gt;");
        match line.split_once(": ") {
            Some((name, value)) => format!("<tr><td>{name}:<td>{value}"),
            _ => format!("<tr><td>{line}"),
        }
    });
    format!("<table>{}</table>", lines.collect::<String>())
}

#[test]
fn headers_of_mail_programs_begin_an_earlier_message() {
    let (text, html) = (sample("teams2024-text-ja"), sample("teams2024-word"));
    let mut failures = Vec::new();
    for (name, header) in HEADERS {
        let before = [header, "\n\n"].concat();
        check(&format!("{name} text"), false, [&before, ""], &text, &mut failures);
        let before = paragraphs(header);
        check(&format!("{name} html"), true, [&before, ""], &html, &mut failures);
        let before = broken(header);
        check(&format!("{name} broken"), true, [&before, ""], &html, &mut failures);
        // What is said on one line is no table.
        if header.lines().nth(2).is_some() && !header.ends_with("Hi") {
            let before = table(header);
            check(&format!("{name} table"), true, [&before, ""], &html, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// What Outlook calls sender, time, recipient and subject.
const NAMES: &[[&str; 4]] = &[
    ["From", "Sent", "To", "Subject"],
    ["Von", "Gesendet", "An", "Betreff"],
    ["De", "Envoyé", "À", "Objet"],
    ["De", "Enviado el", "Para", "Asunto"],
    ["De", "Enviada em", "Para", "Assunto"],
    ["De", "Enviat", "Per a", "Assumpte"],
    ["De", "Enviado o", "Para", "Asunto"],
    ["Da", "Inviato", "A", "Oggetto"],
    ["Van", "Verzonden", "Aan", "Onderwerp"],
    ["Fra", "Sendt", "Til", "Emne"],
    ["Frå", "Sendt", "Til", "Emne"],
    ["Från", "Skickat", "Till", "Ämne"],
    ["Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"],
    ["Frá", "Sent", "Til", "Efni"],
    ["Od", "Wysłano", "Do", "Temat"],
    ["Od", "Odesláno", "Komu", "Předmět"],
    ["Od", "Odoslané", "Komu", "Predmet"],
    ["Od", "Poslano", "Za", "Zadeva"],
    ["Od", "Poslano", "Prima", "Predmet"],
    ["Šalje", "Poslato", "Prima", "Naslov"],
    ["Шаље", "Послато", "Прима", "Тема"],
    ["Од", "Испратено", "До", "Предмет"],
    ["От", "Изпратено", "До", "Относно"],
    ["От", "Отправлено", "Кому", "Тема"],
    ["Від", "Надіслано", "Кому", "Тема"],
    ["Ад", "Адпраўлена", "Каму", "Тэма"],
    ["Feladó", "Elküldve", "Címzett", "Tárgy"],
    ["De la", "Trimis", "Către", "Subiect"],
    ["Kimden", "Gönderildi", "Kime", "Konu"],
    ["Gönderen", "Gönderme Tarihi", "Alıcı", "Konu"],
    ["Kimdən", "Göndərildi", "Kimə", "Mövzu"],
    ["Από", "Στάλθηκε", "Προς", "Θέμα"],
    ["Saatja", "Saadetud", "Adressaat", "Teema"],
    ["No", "Nosūtīts", "Kam", "Tēma"],
    ["Nuo", "Išsiųsta", "Kam", "Tema"],
    ["Nork", "Bidalia", "Nori", "Gaia"],
    ["Nga", "Dërguar", "Për", "Subjekti"],
    ["Кімнен", "Жіберілді", "Кімге", "Тақырыбы"],
    ["差出人", "送信日時", "宛先", "件名"],
    ["发件人", "发送时间", "收件人", "主题"],
    ["寄件者", "寄件日期", "收件者", "主旨"],
    ["보낸 사람", "보낸 날짜", "받는 사람", "제목"],
    ["من", "تاريخ الإرسال", "إلى", "الموضوع"],
    ["מאת", "נשלח", "אל", "נושא"],
    ["از", "ارسال", "به", "موضوع"],
    ["प्रेषक", "भेजा गया", "प्रति", "विषय"],
    ["Từ", "Đã gửi", "Đến", "Chủ đề"],
    ["จาก", "ส่ง", "ถึง", "เรื่อง"],
    ["Dari", "Dikirim", "Kepada", "Perihal"],
    ["Daripada", "Dihantar", "Kepada", "Subjek"],
];

/// Outlook's order, that of GMX, that of Apple, that of Thunderbird.
const ORDERS: [[usize; 4]; 4] = [[0, 1, 2, 3], [1, 0, 2, 3], [0, 3, 1, 2], [3, 1, 0, 2]];

#[test]
fn headers_are_known_in_each_language_and_order() {
    let Sample(block, record) = sample("teams2024-text-ja");
    let mut failures = Vec::new();
    for names in NAMES {
        for sender in ["Anna Berg", "Berg, Anna (IT-A3)", "Anna <a@contoso.example>"] {
            let values = [sender, "2. 11. 2026 20:53", "Petra", "Plan"];
            for order in ORDERS {
                let line = |i: usize| format!("{}: {}\n", names[i], values[i]);
                let header = order.map(line).concat();
                let body = Body::text(["Hello\n\n", &header, "\n", &block].concat());
                let answer = rewrite(&body, &record);
                if !matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _)) {
                    failures.push(header);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// What people call the host, the time, the place and the topic.
const AGENDA_NAMES: &[[&str; 4]] = &[
    ["Host", "When", "Where", "Topic"],
    ["Presenter", "Start", "End", "Room"],
    ["Organizer", "Time", "Location", "Agenda"],
    ["Contact", "Date", "Venue", "Subject"],
    ["Referent", "Wann", "Wo", "Was"],
    ["Ansprechpartner", "Datum", "Ort", "Thema"],
    ["Organisateur", "Quand", "Où", "Sujet"],
    ["Organizador", "Cuándo", "Dónde", "Tema"],
    ["Anfitrião", "Quando", "Onde", "Assunto"],
    ["Relatore", "Data", "Luogo", "Oggetto"],
    ["Spreker", "Wanneer", "Waar", "Onderwerp"],
    ["Værten", "Hvornår", "Hvor", "Emne"],
    ["Talare", "När", "Var", "Ämne"],
    ["Puhuja", "Milloin", "Missä", "Aihe"],
    ["Prelegent", "Kiedy", "Gdzie", "Temat"],
    ["Organizátor", "Kdy", "Kde", "Téma"],
    ["Szervező", "Mikor", "Hol", "Téma"],
    ["Organizator", "Când", "Unde", "Subiect"],
    ["Düzenleyen", "Tarih", "Yer", "Konu"],
    ["Ведущий", "Когда", "Где", "Тема"],
    ["Ведучий", "Коли", "Де", "Тема"],
    ["Διοργανωτής", "Πότε", "Πού", "Θέμα"],
    ["主催者", "日時", "場所", "議題"],
    ["组织者", "时间", "地点", "主题"],
    ["主持人", "時間", "地點", "主題"],
    ["주최자", "일시", "장소", "안건"],
    ["المنظم", "الوقت", "المكان", "الموضوع"],
    ["מארגן", "שעה", "מקום", "נושא"],
    ["आयोजक", "समय", "स्थान", "विषय"],
    ["Pembicara", "Waktu", "Tempat", "Perihal"],
];

#[test]
fn agendas_are_known_in_many_languages() {
    let Sample(block, record) = sample("teams2024-text-ja");
    let mut failures = Vec::new();
    for names in AGENDA_NAMES {
        let values = ["Anna <a@contoso.example>", "2. 11. 2026 10:00", "5", "Plan"];
        let agenda = std::array::from_fn::<_, 4, _>(|i| format!("{}: {}\n", names[i], values[i]));
        let agenda = agenda.concat();
        let answer = rewrite(&Body::text(["Hello\n\n", &agenda, "\n", &block].concat()), &record);
        if !matches!(answer, Rewrite::Replaced { .. }) {
            failures.push(agenda);
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// However far above the block: what is read of a long body is enough to see them.
#[test]
fn headers_of_mail_programs_may_stand_far_above() {
    let (text, html) = (sample("teams2024-text-ja"), sample("teams2024-word"));
    let mut failures = Vec::new();
    for lines in [1, 9, 10, 11, 12, 13, 14, 40] {
        let prose = "We meet at noon.\n\n".repeat(lines);
        for (name, header) in HEADERS {
            let plain = [header, "\n\n", &prose].concat();
            for (body, record) in [
                (Body::text(["Hello\n\n", &plain, &text.0].concat()), &text.1),
                (Body::html(["<p>Hello</p>", &paragraphs(&plain), &html.0].concat()), &html.1),
            ] {
                let answer = rewrite(&body, record);
                if !matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _)) {
                    failures.push(format!("{name} {lines}: {answer:?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// What people write above a block, in headers' clothes.
const AGENDAS: &[&str] = &[
    // A verb of writing is no line that says who wrote.
    "Wie beschrieben, am 2.11.2026 um 18:00 Uhr:\nPlan",
    "Die Stelle ist ausgeschrieben bis 2. November 2026, 18:00:\nPlan",
    "Examen écrit le 2 novembre 2026 à 18:00 :\nPlan",
    "Esame scritto il 2 novembre 2026 alle 18:00:\nPlan",
    "Iscritto entro il 2 novembre 2026 ore 18:00:\nPlan",
    "Просьба написать до 2 ноября 2026 18:00:\nПлан",
    "2026년 11월 2일 18:00까지 작성:\nPlan",
    "Scrisoare din 2 noiembrie 2026 ora 18:00:\nPlan",
    "Bài viết ngày 2 tháng 11 năm 2026 18:00:\nPlan",
    "מכתב מיום 2.11.2026 18:00:\nPlan",
    "As we wrote on 2 November 2026 at 18:00:\nPlan",
    "Please send what you wrote before 2 November 2026, 18:00:\nPlan",
    "Anna Berg <a@contoso.example> unterschrieb:\nPlan",
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
    "Host: Anna Berg <a@contoso.example>\nWhen: Monday, 2 November 2026, 10:00\nWhere: Room 5\nTopic: Planning\n",
    "Contact: Anna Berg <a@contoso.example>\nStart: 2 November 2026 10:00\nEnd: 2 November 2026 11:00\nRoom: 5\n",
    "Organizer: Anna Berg <a@contoso.example>\nWhen: 2026-11-02 10:00\nWhere: Room 5\nAttendees: Petra, Ben\n",
    "Referentin: Anna Berg <a@contoso.example>\nWann: 2. November 2026, 10:00 Uhr\nWo: Raum 5\nWas: Planung\n",
    "Presenter: Anna Berg <a@contoso.example>\nSlides to be finished.\nWhen: 2 November 2026 10:00\nQuestions?\nRoom: 5\nNotes: bring it\n",
    "Xyz: Anna Berg <a@contoso.example>\nThe slides are here.\nAnd more.\nQrs: 2 November 2026 10:00\nTuv: 5\nWxy: it\n",
    "Please mail Anna Berg <a@contoso.example> before 2 November 2026, 18:00:\nyour slides\n",
    "Update of 2 November 2026, 10:00 by Anna Berg <a@contoso.example>:\nThe room has changed.\n",
    "Ask Anna Berg <a@contoso.example>\nNext time is 2 November 2026, 10:00:\nbe there\n",
    "From: Berlin To: Hamburg Date: 2 November 2026\n",
    "From: 10:00 To: 11:00 Date: 2 November 2026 Subject: sync\n",
    "From: Anna Berg <a@contoso.example>\nDate: 2 November 2026, 10:00\nRoom: 5\n",
    "Send what you wrote to Anna Berg <a@contoso.example>:\nslides\n",
    "Slides by 2 November 2026, 18:00 to a@contoso.example:\nbring them\n",
    "Plan of 2 November 2026, 10:00:\nsync\n",
    "----- Agenda for 2 November 2026, 10:00 -----\n1. Budget\n",
    "From: Berlin Hbf\nDate: 2 November 2026, 10:00\nTo: Hamburg\n",
    "Von: Berlin\nDatum: 2.11.2026\nAn: Hamburg\n",
    "From: Anna\nDate: 2 November 2026\nTo: Petra\n",
    "From:\n10:00\nDate:\n2 November 2026\nTo:\n11:00\n",
    "Subject: Plan\nDate: 2 November 2026 10:00\nFrom: 10:00\nTo: 11:00\n",
    "Date: 2 November 2026\nFrom: Berlin\nTo: Hamburg\nSubject: journey\n",
    "----- Agenda -----\nFrom: 10:00\nTo: 11:00\nSubject: sync\n",
    "----- Zeitplan -----\nVon: 10:00\nAn: alle\nDatum: 2.11.\n",
    "-----Agenda-----\nWann: 2.11.2026 10:00\nWo: Raum 5\nWas: Planung\n",
    "_____________________________________________\nWhen: 2 Nov 2026 10:00\n",
    "________________________________\nFrom: Anna\nSubject: weekly sync\n",
    ">>> Anna Berg <a@contoso.example> is out until 8:53 PM\nBring it.\n",
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
        let body = [&paragraphs(agenda), block.as_str(), "<p>Bye</p>"].concat();
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

/// Mail programs quote with other signs than `>`.
#[test]
fn a_sign_before_each_line_quotes() {
    let row = "_".repeat(80);
    let own =
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0?context=%7b%7d";
    let framed = format!(
        "{row}\nMicrosoft Teams meeting\nJoin: <{own}>\nMeeting ID: 234 567\n\n\
         For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?organizerId=x>\n{row}"
    );
    let lines: Vec<_> = framed.lines().collect();
    let unframed = lines[1..lines.len() - 1].join("\n");
    let record = Record::new(meeting_migration::provider::Provider::TEAMS, own);
    for sign in ["AB> ", "ab>> ", "АБ> ", "| ", "|", ": ", "# ", "» ", "] ", "%% ", "! ", "│ "]
    {
        for block in [&framed, &unframed] {
            // Its words would stand for the line.
            if sign == "|" && *block == unframed {
                continue;
            }
            let quote = |line: &str| {
                let blank = line.starts_with(|c: char| c != '_') && sign == "|";
                format!("{sign}{}{line}", if blank { " " } else { "" })
            };
            let quoted: Vec<_> = block.lines().map(quote).collect();
            for prose in [0, 1, 40] {
                let prose = "We meet at noon, and nobody is late.\n".repeat(prose);
                let text = format!("Fine with me.\n\nAnna Berg:\n{}\n{prose}", quoted.join("\n"));
                let markup: String = text
                    .lines()
                    .map(|line| line.replace('<', "&lt;").replace('>', "&gt;"))
                    .map(|line| format!("<p>{line}</p>\n"))
                    .collect();
                for body in [Body::text(text.as_str()), Body::html(markup)] {
                    let answer = rewrite(&body, &record);
                    let is_foreign = matches!(answer, Rewrite::Foreign(Foreignness::Quoted, _));
                    assert!(is_foreign, "{text}\n{answer:?}");
                }
            }
        }
    }
}
