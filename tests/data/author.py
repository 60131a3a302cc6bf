#!/usr/bin/env python3
"""Writes the fixtures of the rewrite core: `tests/data/<case>/{body.html|body.txt, case.json}`.

Edit this file (or `blocks.py`, `others.py`) and run it again: `python3 tests/data/author.py`. It needs
nothing but Python 3, writes the same bytes every time, and removes cases that are no
longer in it. Never edit a body by hand: the span in `case.json` is known by construction,
as `head + block + tail`, and by nothing else.

Keys of `case.json`:

- `source`: why the shape matters.
- `format`: `html` or `text`.
- `charset`: `null`: the caller holds Unicode (the file is UTF-8). A label: bytes with that
  label. `""`: bytes without a label.
- `record`: the recorded join link, or `null` when nothing is recorded.
- `evidence`: what counts as the add-in's: `record` or `record-or-marks`.
- `expect`: `one`, `absent`, `foreign`, `ambiguous`, `refused`; `kept`: any answer but a
  replacement; `careful`: a replacement that keeps what has to be kept, or none.
- `reason` (optional): the reason in kebab case.
- `provider` (with `one`): the key of the old block's product.
- `span` (optional): bytes `[start, end)` of the block. It runs from the opening tag of the
  outermost `p` or `div` that holds only the opening fence to the closing tag of the one that
  holds only the closing fence (from 2024 on: the whole outermost `div.me-email-text`); in
  text from the first fence character to the last, line ends outside.
- `keep`: strings that stay, byte for byte, outside the new block; `gone`: strings of the old
  block that are not left outside the new one.
"""

import json
import re
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from blocks import *  # noqa: E402
from others import *  # noqa: E402

HERE = Path(__file__).parent
CASES = {}


def case(name, source, head, block, tail, *, format="html", charset=None, record=None, expect="one",
         provider="teams", keep=(), gone=(), reason=None, span=True, evidence=None, codec=None, crlf=False):
    assert name not in CASES, name
    codec = codec or charset or "utf-8"

    def encoded(part):
        if isinstance(part, bytes):
            return part
        part = part.replace("\r\n", "\n").replace("\n", "\r\n") if crlf else part
        return part.encode(codec, "xmlcharrefreplace" if format == "html" else "strict")

    head, block, tail = encoded(head), encoded(block), encoded(tail)
    body = head + block + tail
    outside = (head, tail) if span and expect == "one" else (body,)
    for kept in keep:
        assert any(encoded(kept) in part for part in outside), (name, kept)
    for old in gone:
        assert encoded(old) in body and (not span or encoded(old) not in head + tail), (name, old)
    answer = {
        "source": source, "format": format, "charset": charset, "record": record,
        "evidence": evidence or ("record" if record else "record-or-marks"), "expect": expect,
    }
    if reason:
        answer["reason"] = reason
    if expect == "one":
        assert gone, name
        answer["provider"] = provider
        if span:
            answer["span"] = [len(head), len(head) + len(block)]
    answer |= {"keep": list(keep), "gone": list(gone) if expect in ("one", "careful") else []}
    CASES[name] = ("body.html" if format == "html" else "body.txt", body, answer)


# -- Skype for Business ------------------------------------------------------------------

m = Meeting("sfb", user="nils.aalto")
SAVED = '<p class=MsoNormal><a name="_InsertRtfSavedPosition"></a><o:p>&nbsp;</o:p></p>'
AFTER = "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
head, foot = word_document(full=True)
case("sfb2016-word-full", "The add-in's block in full Word HTML: conditional comments, unquoted attributes, the table that says 'formerly known as Lync'. The saved-position paragraph is the user's.",
     head + normal("Budget round 3: bring your &laquo;wish list&raquo;.") + SAVED, sfb_word(m, full=True, table=True), AFTER + foot,
     record=m.lync, provider="skype-for-business", keep=["Budget round 3: bring your &laquo;wish list&raquo;.", "_InsertRtfSavedPosition", "brkBinSub"], gone=[m.lync, "OutSharedNoteLink", "[!OC("])
head, foot = word_document()
case("sfb2017-word-filtered", "Filtered Word HTML, nothing recorded: an .ics saved from Outlook has no record.",
     head + SAVED, sfb_word(m), AFTER + normal("Minutes will be taken by Béla &amp; Zoë.") + foot,
     provider="skype-for-business", keep=["Minutes will be taken by Béla &amp; Zoë."], gone=[m.lync, m.conf])
head, foot = graph_document(second="us-ascii")
case("sfb2018-onprem-graph", "Read back through Graph: quoted attributes, empty styles, o:p gone, two charsets in meta that contradict each other; a pool on premises, no phone.",
     head + '<div class="WordSection1">\r\n<p class="MsoNormal"><a name="_InsertRtfSavedPosition"></a>Põhja team&nbsp;</p>\r\n', as_graph(sfb_word(m, phone=False, url=m.onprem)), '\r\n<p class="MsoNormal">&nbsp;</p>\r\n</div>' + foot,
     record=m.onprem, provider="skype-for-business", keep=["Põhja team", "us-ascii"], gone=[m.onprem])
FOOTER = "Anslut via videosystem\nAnge konferens-ID följt av @contoso.example\n\nJoin from a room: type the id followed by ”@contoso.example”"
case("sfb2024-text-exchange-sv", "Exchange's text: one line each, a logo as [https://…], a footer in two languages inside the block.",
     "Ska vi prova Skype?\n\nNils\n", sfb_text(m, "sv-SE", url=m.onprem, logo="https://www.contoso.example/logo.png", footer=FOOTER), "\n\n",
     format="text", record=m.onprem, provider="skype-for-business", keep=["Ska vi prova Skype?"], gone=[m.onprem, "följt av", "[!OC([1053])!]"])
case("sfb2017-text-outlook-72", "Outlook's text, wrapped at 72 columns: the fence is two lines (71 and 66), links are cut anywhere.",
     " \n\n", sfb_text(m, form="outlook"), "\n\n \n\nPS: the coffee machine on floor 3 works again.\n",
     format="text", provider="skype-for-business", crlf=True, keep=["PS: the coffee machine"], gone=["--> Join Skype Meeting", m.conf])
long_user = Meeting("sfb-cut", user="maximiliane.von.der.hohenstaufenstrasse-zweigstelle-sued")
case("sfb2017-text-outlook-joincut", "The join link itself is cut by the wrap; the record holds it whole.",
     "Agenda folgt.\n\n", sfb_text(long_user, "de-DE", form="outlook"), "\n",
     format="text", record=long_user.lync, provider="skype-for-business", keep=["Agenda folgt."], gone=["An Skype-Besprechung teilnehmen"])
head, foot = word_document()
case("sfb2017-edited-de", "The organiser retyped the number and added a remark inside: everything between the fences is still the block.",
     head + normal("Tagesordnung liegt bei."), sfb_word(m, "de-DE", edited=True), AFTER + foot,
     record=m.lync, provider="skype-for-business", keep=["Tagesordnung liegt bei."], gone=["yes, all nine digits!", "same for all our calls"])
case("sfb2017-footer", "A footer of the tenant stands before the trailer.",
     head + SAVED, sfb_word(m, footer="Calls are recorded; see the intranet for the rules."), AFTER + foot,
     record=m.lync, provider="skype-for-business", keep=["_InsertRtfSavedPosition"], gone=["Calls are recorded"])
for name, trailer, why in [("missing", None, "no trailer at all"), ("hex", "hex", "the language id in hexadecimal"), ("cut", "cut", "only `[!` is left")]:
    case(f"sfb2017-trailer-{name}", f"The trailer: {why}; the block ends at the next row of 137 stops.",
         head + SAVED, sfb_word(m, "sv-SE", trailer=trailer), normal("Hälsningar, Nils") + foot,
         record=m.lync, provider="skype-for-business", keep=["Hälsningar, Nils"], gone=[m.lync])
case("sfb2015-no-dots", "Neither fences nor trailer: anchors and links alone. The user's lines around it stay.",
     head + normal("Before the block."), sfb_word(m, dots=False, trailer=None, table=True), normal("After the block.") + foot, span=False,
     record=m.lync, provider="skype-for-business", keep=["Before the block.", "After the block."], gone=[m.lync, "OutJoinLink", "formerly known as Lync"])
case("sfb2017-text-no-dots", "Text without fences; the trailer still ends it.",
     "Before the block.\n\n", sfb_text(m, dots=False), "\n\nAfter the block.\n", span=False,
     format="text", record=m.lync, provider="skype-for-business", keep=["Before the block.\n", "\nAfter the block.\n"], gone=[m.lync, "[!OC([1033])!]"])
QUOTED = f"\n\n\n{U45}\nFrom: Petra Lind <petra@fabrikam.example>\nSent: 19 September 2026 10:58\nTo: Nils Aalto\nSubject: Re: numbers\n\nMonday at ten, then?\n"
case("sfb2024-text-then-45-line", "Outlook's 45-underscore line and the quoted mail under it are not part of the block.",
     "", sfb_text(m), QUOTED, format="text", record=m.lync, provider="skype-for-business", keep=["Monday at ten, then?", "\n" + U45 + "\n"], gone=[m.lync])
case("sfb2017-stray-dots", "The user typed rows of 137 stops too, one before and one after: never pair fences by counting.",
     head + normal(D137) + normal("Part one") + SAVED, sfb_word(m), normal("Part two") + normal(D137) + foot,
     record=m.lync, provider="skype-for-business", keep=["Part one", "Part two"], gone=[m.lync])

# -- Teams: generations and paths --------------------------------------------------------

m = Meeting("teams")
head, foot = graph_document(second="us-ascii")
case("teams2019-graph", "The user's text is bare text in body, the block follows without a wrapper; fences outside `me-email-text`.",
     head + "Does Thursday suit you? — Søren\r\n", as_graph(teams_service(m, 2019, phone=True)), foot, record=m.long, keep=["Does Thursday suit you? — Søren"], gone=[m.long, m.conf])
case("teams2019-service-ja", "The service's fragment, Japanese, with a video line.",
     "", teams_service(m, 2019, "ja-JP", phone=True, cvi="poly"), "", record=m.long, keep=[], gone=[m.long, "412555013@t.plcm.vc"])
case("teams2020-service-fr", "2020 design, French, in a fragment with the user's paragraph before and after.",
     "<p>Bonjour à tous,</p>\r\n", teams_service(m, 2020, "fr-FR"), "\r\n<p>À jeudi&nbsp;!</p>", record=m.long, keep=["Bonjour à tous,", "À jeudi&nbsp;!"], gone=[m.long])
case("teams2022-service-surplus", "The template of 2022 closes one div too many; at top level that does nothing.",
     "<p>Agenda: 1. numbers 2. plan</p>", teams_service(m, 2022, phone=True), "<p>Bring the plan.</p>", record=m.long, keep=["Agenda: 1. numbers", "Bring the plan."], gone=[m.long, m.passcode])
case("teams2022-surplus-in-wrapper", "The surplus end tag closes the user's own div, so what follows stands outside it, and has to stay there.",
     '<div style="color:navy"><p>Inside the navy div.</p>', teams_service(m, 2022), "<p>Outside it, in black.</p>", record=m.long, keep=["Inside the navy div.", "Outside it, in black."], gone=[m.long])
head, foot = graph_document()
case("teams2022-graph-wrapper", "Through Graph: the opening fence in body > div > div, the closing one in body > div.",
     head + "<div><br>\r\n<br>\r\n", as_graph(teams_service(m, 2022, phone=True)), "\r\n<div></div>" + foot, record=m.long, keep=["<div><br>\r\n<br>"], gone=[m.long])
case("teams2023-message-one-line", "An event message: one line, class first, target and rel kept, the user's text in Aptos.",
     '<html><head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><div class="elementToProof" style="font-family:Aptos">Why is the sun hot?<br></div><br>', as_message(teams_service(m, 2022, surplus=False)), "</body></html>",
     record=m.long, keep=["Why is the sun hot?"], gone=[m.long])
case("teams2024-service", "2024: the fences are the first and last child of the wrapper; the class is on inner spans too.",
     "", teams_service(m, 2024), "", record=m.long, gone=[m.long, m.passcode])
case("teams2024-owa-cvi", "2024 through Outlook on the web, with a video line and a phone.",
     head + "Dear all, please join below.\r\n<br>\r\n", as_graph(teams_service(m, 2024, phone=True, cvi="pexip")), foot, record=m.long, keep=["Dear all, please join below."], gone=[m.long, "pexip.me"])
case("teams2025-service", "2025 as the service hands it out: the short link, the long one only as 'System reference'.",
     "<p>Kick-off</p>\r\n", teams_service(m, 2025, phone=True), "\r\n<p>Bis dann</p>", record=m.long, keep=["<p>Kick-off</p>", "<p>Bis dann</p>"], gone=[m.short, m.long])
case("teams2025-graph-event", "2025 as a Graph event body; the record is the long link.",
     head + '<div style="font-family:Aptos; font-size:12pt">\r\nTouchpoint on the new rules</div>\r\n<br>\r\n', as_graph(teams_service(m, 2025)), foot, record=m.long, keep=["Touchpoint on the new rules"], gone=[m.short])
case("teams2025-record-short", "2025 with the short link recorded.",
     head + "<br>\r\n", as_graph(teams_service(m, 2025)), foot, record=m.short, keep=["<br>"], gone=[m.short])
case("teams2025-no-record", "2025, nothing recorded: the service's ids and classes prove it.",
     head, as_graph(teams_service(m, 2025)), "<p>Thanks!</p>" + foot, keep=["<p>Thanks!</p>"], gone=[m.short])
head, foot = word_document(full=True)
case("teams2019-word-full", "Full Word HTML: no class or id of the service is left, only links and fences; the closing fence sits in div > p.",
     head + AFTER, teams_word(m, 2019, full=True, phone=True), AFTER + foot, record=m.long, keep=["brkBinSub"], gone=[m.long])
head, foot = word_document(charset="iso-8859-1")
case("teams2020-word-latin1-cvi", "Filtered Word HTML in iso-8859-1, the fence glued under the user's last line, a video line.",
     head + normal("Kurzer Austausch über die Geräte – wie besprochen."), teams_word(m, 2020, "de-DE", cvi="poly"), AFTER + foot,
     charset="iso-8859-1", record=m.long, keep=["Kurzer Austausch über die Geräte"], gone=[m.long, "412555013@t.plcm.vc"])
head, foot = word_document()
case("teams2022-word-crlf", "Filtered Word HTML with CRLF, phone and passcode.",
     head + normal("Every second Wednesday"), teams_word(m, 2022, phone=True), AFTER + foot, record=m.long, crlf=True, keep=["Every second Wednesday"], gone=[m.passcode])
case("teams2024-word", "The 2024 design after Word: no ids, an hr in div.MsoNormal.",
     head + normal("Review"), teams_word(m, 2024, phone=True), normal("See you") + foot, record=m.long, keep=["Review", "See you"], gone=[m.long])
case("teams2020-text-exchange-de", "Exchange's text, German, the smallest block.",
     "Hallo zusammen,\nbis morgen!\n", teams_text(m, 2020, "de-DE"), "\n", format="text", record=m.long, keep=["bis morgen!"], gone=[m.long])
case("teams2022-text-webex-cvi", "A Webex link inside a Teams block: still a Teams block. The video part stands before the phone part.",
     "", teams_text(m, 2022, phone=True, cvi="webex"), "\n\n\n\nHi all,\n\nfeel free to pass this on.\n\nAlex\n", format="text", record=m.long, keep=["feel free to pass this on."], gone=["www.webex.com", m.conf])
case("teams2024-text-fr-custom", "Logo, footer text and privacy link stand between 'organisers' and the closing fence.",
     "Ordre du jour : à suivre\n", teams_text(m, 2024, "fr-FR", phone=True, logo="https://www.contoso.example/logo.jpg", footer="Votre activité peut être surveillée.", org=True), "\n\nCe message est confidentiel.\n",
     format="text", record=m.long, keep=["Ordre du jour : à suivre", "Ce message est confidentiel."], gone=[m.long, "Votre activité", "logo.jpg"])
case("teams2025-text-outlook", "Outlook's text: a blank before <url>, blanks at line ends, an empty line between all lines.",
     "Notes from today \n\n", teams_text(m, 2025, form="outlook", phone=True), " \n\n \n", format="text", record=m.long, crlf=True, keep=["Notes from today"], gone=[m.short])
case("teams2024-text-ja", "Japanese, ideographic spaces in the user's text, CRLF.",
     "関係各位　　お世話になっております。\n\n", teams_text(m, 2024, "ja-JP", phone=True), "\n", format="text", record=m.long, crlf=True, keep=["関係各位　　お世話になっております。"], gone=[m.long])
case("teams2025-graph-ar", "Right to left: `dir` on the wrapper, Arabic labels.",
     graph_document()[0] + '<div dir="rtl">جدول الأعمال</div>\r\n', as_graph(teams_service(m, 2025, "ar-SA", phone=True)), graph_document()[1], record=m.long, keep=["جدول الأعمال"], gone=[m.short])
case("teams2022-graph-he", "Hebrew, 2022.",
     graph_document()[0], as_graph(teams_service(m, 2022, "he-IL", surplus=False)), "\r\n<p dir=\"rtl\">תודה</p>" + graph_document()[1], record=m.long, keep=["תודה"], gone=[m.long])
case("teams2025-text-zh", "Chinese text; 12-digit id.",
     "议程：预算\n\n", teams_text(Meeting("zh", id_digits=12), 2025, "zh-CN"), "\n谢谢\n", format="text", record=Meeting("zh", id_digits=12).long, keep=["议程：预算", "谢谢"], gone=[Meeting("zh", id_digits=12).short])
case("teams2025-graph-orghelp", "All custom parts in HTML: logo, footer, help and privacy of the organisation.",
     graph_document()[0], as_graph(teams_service(m, 2025, logo="https://www.contoso.example/logo.png", footer="Please be on time.", org=True)), graph_document()[1], record=m.long, gone=[m.short, "Please be on time.", "intranet.contoso.example"])
case("teams2025-text-selfhosted-cvi", "A video line on the organisation's own host.",
     "", teams_text(m, 2025, phone=True, cvi="own"), "\n", format="text", record=m.long, gone=["vc.contoso.example/teams/"])
case("teams2024-gmail", "Re-flowed by Gmail: no fence, no class, no id, only links and their order.",
     "<p>Hi Mira,</p>", teams_gmail(m, 2024, "ja-JP", phone=True), "<p>Best, Tom</p>", span=False, record=m.long, keep=["<p>Hi Mira,</p>", "<p>Best, Tom</p>"], gone=[m.long])
yahoo = text(teams_text(m, 2019, fences=False, phone=True, cvi="poly"))
case("teams2019-yahoo-cell", "Yahoo Calendar puts the text twin, escaped, into a table cell of its own; no fences.",
     "<table><tr><td>Message</td><td width=\"40px\" /><td style=\"line-height: 18px\">\n  https://wiki.contoso.example/telemetry\n\n\n\n", yahoo, "\n </td></tr><tr height=\"30px\" /></table>\n<span>sent from &nbsp;<a href=\"http://calendar.yahoo.com\">Yahoo Calendar</a></span>",
     span=False, record=m.long, keep=["https://wiki.contoso.example/telemetry", "sent from &nbsp;"], gone=[m.long.replace("&", "&amp;"), "412555013@t.plcm.vc"])

# -- fences that lie ----------------------------------------------------------------------

def without(block, first=False, last=False):
    """A block of the years 2019 to 2023 without its first or last fence element."""
    fence = re.compile(r"<div[^>]*>\s*<span[^>]*>" + U80 + r"</span>\s*</div>\s*")
    spans = [f.span() for f in fence.finditer(block)]
    assert len(spans) == 2
    return block[spans[0][1] if first else 0 : spans[1][0] if last else len(block)]


case("teams2022-no-opening-fence", "The opening fence is missing.",
     "<p>Top</p>\r\n", without(teams_service(m, 2022, surplus=False), first=True), "<p>Bottom</p>", span=False, record=m.long, keep=["<p>Top</p>", "<p>Bottom</p>"], gone=[m.long, U80])
case("teams2020-no-closing-fence", "The closing fence is missing; what follows is the user's.",
     "<p>Top</p>\r\n", without(teams_service(m, 2020), last=True), "<p>Bottom</p>", span=False, record=m.long, keep=["<p>Top</p>", "<p>Bottom</p>"], gone=[m.long, U80])
case("teams2019-no-fences", "Both fences are missing.",
     "<p>Top</p>\r\n", without(teams_service(m, 2019, phone=True), True, True), "<p>Bottom</p>", span=False, record=m.long, keep=["<p>Top</p>", "<p>Bottom</p>"], gone=[m.long, m.conf])
head, foot = word_document()
inner = teams_word(m, 2019, phone=True).split("<div>\n", 1)[1].rsplit("<div>\n", 1)[0]
agenda = '<p class="MsoNormal"><b>Agenda</b></p><ol style="margin-top:0in" start="1" type="1"><li class="MsoListParagraph">Define what we measure</li></ol>'
first_p = '<div style="margin-top:.25in;margin-bottom:7.5pt">\n'
case("teams2019-agenda-in-join-div", "No fences, and the user typed the agenda inside the div that holds the join link: it stays.",
     head + normal("We meet every second Monday."), "<div>\n" + inner.replace(first_p, first_p + agenda, 1), normal("Thanks") + foot, span=False, record=m.long,
     keep=["We meet every second Monday.", "Define what we measure", "Thanks"], gone=[m.long, m.conf])
case("teams2022-text-no-opening-fence", "Text, the opening fence is missing.",
     "Top\n\n", teams_text(m, 2022).split("\n", 1)[1], "\n\nBottom\n", span=False, format="text", record=m.long, keep=["Top\n", "\nBottom\n"], gone=[m.long])
case("teams2022-text-no-closing-fence", "Text, the closing fence is missing; the user's text after an empty line stays.",
     "Top\n\n", teams_text(m, 2022).rsplit("\n", 1)[0], "\n\nBottom\n", span=False, format="text", record=m.long, keep=["Top\n", "\nBottom\n"], gone=[m.long])
case("teams2025-stray-fence-in-quote", "A stray 80-underscore line at the end of a quoted thread: no fence of ours.",
     "", teams_text(m, 2025), f"\n\n\nFrom: Petra Lind\nSent: Monday\nTo: Anna Berg\nSubject: Re: plan\n\nAs discussed.\n{U80}\n", format="text", record=m.long, keep=["As discussed.\n" + U80], gone=[m.short])
case("teams2024-signature-rules", "32 underscores are the block's inner rule, and also how signatures open; 45 are Outlook's.",
     f"Dear all,\n{U32}\nAnna Berg\nContoso Oy\n\n", teams_text(m, 2024, phone=True), f"\n{U32}\nThis mail is confidential.\n{U45}\nFrom: Petra\n", format="text", record=m.long, keep=["Contoso Oy", "This mail is confidential.", U45], gone=[m.long])
word = teams_word(m, 2020)
opening = '<p class="MsoNormal"><span style="color:#5F5F5F">' + U80
glued = word.replace(opening, '<p class="MsoNormal">See you on Monday!<br><span style="color:#5F5F5F">' + U80, 1)
case("teams2020-glued-to-first-fence", "The user's text stands in the paragraph of the opening fence.",
     head + normal("Hello"), glued, AFTER + foot, span=False, record=m.long, keep=["Hello", "See you on Monday!"], gone=[m.long])
glued = word[: word.rindex(U80) + 80] + "</span><br>PS: cake from three." + word[word.rindex(U80) + 87 :]
case("teams2020-glued-to-last-fence", "The user's text stands in the paragraph of the closing fence.",
     head + normal("Hello"), glued, AFTER + foot, span=False, record=m.long, keep=["Hello", "PS: cake from three."], gone=[m.long])
case("teams2022-text-glued-above", "No empty line between the user's last line and the fence.",
     "New series for 2027.\nWe go on with the design.\n", teams_text(m, 2022), "\n\n", format="text", record=m.long, keep=["We go on with the design.\n"], gone=[m.long])
case("teams2022-text-glued-to-fence-line", "The user's words stand on the fence's own lines.",
     "See you! ", teams_text(m, 2022), " PS: cake.\n", span=False, format="text", record=m.long, keep=["See you!", "PS: cake."], gone=[m.long])
case("teams2020-fences-without-block", "Two fences that frame the user's own text: no link, no block.",
     f"<p>{U80}</p><p>Rules of the house</p>", "", f"<p>{U80}</p>", expect="absent", reason="no-mark", keep=["Rules of the house"])

# -- where a block may stand --------------------------------------------------------------

case("teams2025-in-table-cell", "In a cell of the user's table.",
     "<table border=1><tr><td>Who</td><td>Anna</td></tr><tr><td>Where</td><td>", teams_service(m, 2025), "</td></tr><tr><td>What</td><td>Plan</td></tr></table>", record=m.long, keep=["<td>Anna</td>", "<td>Plan</td>"], gone=[m.short])
case("teams2022-in-list-item", "In an item of the user's list.",
     "<ul><li>Read the plan</li><li>Join: ", teams_service(m, 2022, surplus=False), "</li><li>Have lunch</li></ul>", record=m.long, keep=["Read the plan", "<li>Have lunch</li>"], gone=[m.long])
case("teams2025-after-unclosed-bold", "Unclosed b and font before it: they go on behind the block, as they did.",
     "<p><font color=red size=4><b>IMPORTANT</p>", teams_service(m, 2025), "<p>still bold and red</p>", record=m.long, keep=["IMPORTANT", "still bold and red"], gone=[m.short])
case("sfb2017-foreign-elements", "Mis-nested <u1:p> and <o:p>, as old Word leaves them, around the block.",
     word_document()[0] + "<p class=MsoNormal>Jour fixe<u1:p><o:p></u1:p></o:p></p>", sfb_word(m), "<p class=MsoNormal>Gruß<o:p></p>" + word_document()[1], record=m.lync, provider="skype-for-business", keep=["Jour fixe<u1:p>", "Gruß<o:p>"], gone=[m.lync])
case("teams2024-in-conditional", "Conditional comments around the block's place: Outlook's and everybody's.",
     "<!--[if mso]><p>for Outlook</p><![endif]--><p>Hello</p><![if !mso]>", teams_service(m, 2024), "<![endif]><p>Bye</p>", record=m.long, keep=["for Outlook", "<p>Bye</p>"], gone=[m.long])
case("teams2025-body-closed-early", "Text after </html>, as old mail programs write it.",
     "<html><body><p>Hi</p>", teams_service(m, 2025), "</body></html><p>-- <br>scanned by a gateway</p>", record=m.long, keep=["scanned by a gateway"], gone=[m.short])

# -- whose block --------------------------------------------------------------------------

other = Meeting("other", org="fabrikam.example", user="petra.lind")
case("two-meetings-first-recorded", "Two blocks of two meetings; the record says which.",
     "<p>Morning</p>", teams_service(m, 2025), "<p>Afternoon (Petra's)</p>" + teams_service(other, 2025), record=m.long, keep=["Morning", "Afternoon", other.short], gone=[m.short])
case("two-meetings-second-recorded", "The same, the other one recorded; different products.",
     "<p>Old room</p>" + sfb_word(other) + "<p>New room</p>", teams_service(m, 2024), "<p>End</p>", record=m.long, keep=[other.lync, "New room"], gone=[m.long])
case("two-meetings-no-record", "Two blocks and nothing recorded.",
     "<p>Morning</p>" + teams_service(m, 2025), "", "<p>Afternoon</p>" + teams_service(other, 2025), expect="ambiguous", keep=["Morning"])
case("same-block-twice", "The same block twice: which one is meant nobody knows.",
     "<p>Copy</p>" + teams_service(m, 2025), "", "<p>Paste</p>" + teams_service(m, 2025), record=m.long, expect="ambiguous", keep=["Copy", "Paste"])
case("other-link-text", "A pasted block of somebody else's meeting.",
     "Petra's call:\n" + teams_text(other, 2024), "", "\n", format="text", record=m.long, expect="foreign", reason="other-link", keep=["Petra's call:"])
case("other-link-sfb-html", "The add-in's block of another meeting.",
     word_document()[0] + sfb_word(other), "", word_document()[1], record=m.lync, expect="foreign", reason="other-link", keep=[other.lync])
case("no-record-wanted", "A good block, nothing recorded, and the policy asks for a record.",
     "<p>Hello</p>" + teams_service(m, 2025), "", "", evidence="record", expect="foreign", reason="no-record", keep=["<p>Hello</p>"])
case("quoted-blockquote", "In a reply by Thunderbird: history stays.",
     '<p>I cannot come.</p><div class="moz-cite-prefix">On 8/6/26, Anna Berg wrote:<br></div><blockquote type="cite" cite="mid:1@contoso.example">' + teams_word(m, 2019), "", "</blockquote>", record=m.long, expect="foreign", reason="quoted", keep=["I cannot come."])
case("quoted-gmail", "In a reply by Gmail, the quote in a div.",
     '<div dir="ltr">Works for me</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Anna Berg wrote:<br></div>' + as_message(teams_service(m, 2024)), "", "</div>", record=m.long, expect="foreign", reason="quoted", keep=["Works for me"])
APPOINTMENT = "-----Original Appointment-----"
case("quoted-original-appointment", "Under Outlook's 'Original Appointment' header.",
     word_document()[0] + normal("Forwarding this.") + f"<div><p class=MsoNormal>{APPOINTMENT}<br><b>From:</b> Anna Berg<br><b>Sent:</b> Monday, 2 November 2026 20:53<br><b>To:</b> Petra Lind<br><b>Subject:</b> Plan<br><b>Where:</b> Microsoft Teams Meeting<o:p></o:p></p></div>" + teams_word(m, 2020), "", word_document()[1],
     record=m.long, expect="foreign", reason="quoted", keep=["Forwarding this."])
case("quoted-original-appointment-text", "The same in text.",
     f"I have a conflict.\n\n{APPOINTMENT}\nFrom: Anna Berg\nSent: Monday, 2 November 2026 20:53\nTo: Petra Lind\nSubject: Plan\nWhen: Tuesday\nWhere: Microsoft Teams Meeting\n\nResending\n\n" + teams_text(m, 2019, phone=True), "", "\n", format="text", record=m.long, expect="foreign", reason="quoted", keep=["I have a conflict."])
case("quoted-marks-text", "Every line behind `> `, links on lines of their own.",
     "Thanks!\n\nOn 8/6/26 5:37 AM, Anna Berg wrote:\n" + "\n".join("> " + line for line in teams_text(m, 2020, form="outlook").split("\n")), "", "\n", format="text", record=m.long, expect="foreign", reason="quoted", keep=["Thanks!"])
case("quoted-forwarded-de", "A forwarded mail with German headers under the 45-underscore line.",
     f"Zur Info.\n\n{U45}\nVon: Anna Berg <anna.berg@contoso.example>\nGesendet: Montag, 2. November 2026 20:53\nAn: Petra Lind <petra.lind@fabrikam.example>\nBetreff: Planung\n\nHallo,\n\n" + teams_text(m, 2022, "de-DE"), "", "\n", format="text", record=m.long, expect="foreign", reason="quoted", keep=["Zur Info."])
case("own-block-above-its-quote", "The meeting's own block, and below it a quoted copy of the same block.",
     "<p>New time.</p>", teams_service(m, 2024), '<p>Before that:</p><blockquote type="cite"><p>Old time.</p>' + teams_word(m, 2024) + "</blockquote>", record=m.long, keep=["New time.", "Old time.", "</blockquote>"], gone=["meet_invite_block.action"])
case("safelinks-all", "Every link wrapped by a mail filter, join link in the second path shape.",
     "<p>Hello</p>", as_graph(teams_service(m, 2024, phone=True, wrap=lambda u: safelinks(u, path="/ap/t-59584e83/"))), "<p>Bye</p>", record=m.long, keep=["<p>Hello</p>", "<p>Bye</p>"], gone=["safelinks.protection"])
case("safelinks-some", "Only the options link is wrapped, the join link is not.",
     "<p>Hello</p>", as_graph(teams_service(m, 2024)).replace(m.options("en-US").replace("&", "&amp;"), safelinks(m.options("en-US")).replace("&", "&amp;")), "<p>Bye</p>", record=m.long, keep=["<p>Hello</p>"], gone=[m.long])
case("safelinks-text", "Outlook's text with wrapped links, nothing recorded; a wrapped link of the user's stays.",
     "Wiki: https://wiki.contoso.example/p/9 <" + safelinks("https://wiki.contoso.example/p/9") + "> \n\n", teams_text(m, 2024, form="outlook", phone=True, wrap=lambda u: safelinks(u, "nam02")), "\n\n\n", format="text", keep=["Wiki: https://wiki.contoso.example/p/9 <https://eur04.safelinks"], gone=["nam02.safelinks"])
case("urldefense-v3", "Links rewritten by URL Defense v3, `*3a` for `%3a`.",
     "<p>Hello</p>", as_graph(teams_service(m, 2024, wrap=urldefense_v3)), "<p>Bye</p>", record=m.long, keep=["<p>Bye</p>"], gone=["urldefense.com"])
case("webex-words-in-sfb", "A user's sentence about Webex and Zoom before the block decides nothing.",
     word_document()[0] + normal('Not on <a href="https://contoso.webex.com/meet/anna">Webex</a> or <a href="https://zoom.us/j/95550123456">Zoom</a> today.'), sfb_word(m), AFTER + word_document()[1], record=m.lync, provider="skype-for-business", keep=["contoso.webex.com/meet/anna", "zoom.us/j/95550123456"], gone=[m.lync])
CHANNEL = "https://teams.microsoft.com/l/meetup-join/19%3a" + digest("channel")[:32] + "%40thread.skype/1609459200000?tenantId=" + m.tid
personal = "https://teams.live.com/meet/9355501234567?p=Qm4Xv9TzLk2Rb7Wd"
case("outlook-com-frame", "137 stops around a Teams link of Outlook.com: no Skype for Business block, whatever the frame says.",
     f"Chào cả nhà\n\n{D137}\nTham gia cuộc họp trực tuyến<{personal}>\n{D137}\n", "", "", format="text", record=m.lync, expect="kept", keep=["Chào cả nhà"])

# -- no block at all ----------------------------------------------------------------------

block = teams_service(m, 2025)
case("in-comment", "A block in a comment is no markup.", "<p>Hello</p><!-- " + block.replace("--", "- -"), "", " --><p>Bye</p>", record=m.long, expect="absent", keep=["<p>Bye</p>"])
case("in-script", "A block in a script string.", "<p>Hello</p><script>var invite = '" + block.replace("\r\n", ""), "", "';</script><p>Bye</p>", record=m.long, expect="absent", keep=["<p>Bye</p>"])
case("in-title", "A block in a title.", "<html><head><title>" + block, "", "</title></head><body><p>Bye</p></body></html>", record=m.long, expect="absent", keep=["<p>Bye</p>"])
case("in-textarea", "A block in a form field.", "<p>Copy this:</p><textarea rows=9>" + block, "", "</textarea><p>Bye</p>", record=m.long, expect="absent", keep=["<p>Bye</p>"])
case("in-attribute", "A block in an attribute.", '<p title="' + text(block).replace('"', "&quot;"), "", '">Hover</p>', record=m.long, expect="absent", keep=[">Hover</p>"])
case("retyped-html", "Words and links of a block, written by a person: no fence, no add-in's mark.",
     f'<h3>How to join</h3><p><a href="{m.lync}">Join Skype Meeting</a><br>Trouble Joining? <a href="{m.lync}?sl=1">Try Skype Web App</a></p><h3>Phone</h3><p>+1 (206) 555-0142, access code {m.conf}</p>', "", "", expect="absent", reason="no-block", keep=["How to join"])
case("retyped-text-de", "German wording copied by hand: no link, no fence.",
     "An Skype-Besprechung teilnehmen\nPer Telefon teilnehmen\n+49 555 0142 (Berlin) Deutsch\nKonferenzkennung: XXXXXXXX\nHilfe\n", "", "", format="text", expect="absent", keep=["Per Telefon teilnehmen"])
case("link-in-sentence", "A join link in a sentence is the user's text.",
     f"<p>Or use <a href=\"{m.long}\">Petra's room</a> if ours is full.</p>", "", "", expect="absent", reason="no-block", keep=["Petra's room"])
case("live-event", "Talk about Teams, no block.", "<p>The Teams live event is at <a href=\"https://aka.ms/ContosoLive\">aka.ms/ContosoLive</a>.</p>", "", "", expect="absent", keep=["ContosoLive"])
case("empty-html", "Nothing.", "", "", "", expect="absent", reason="no-mark")
case("empty-text", "Nothing.", "", "", "", format="text", expect="absent", reason="no-mark")

# -- charsets -----------------------------------------------------------------------------

head, foot = word_document(charset="windows-1252")
case("windows-1252-labelled", "Curly quotes as windows-1252 bytes beside the block.",
     head + normal("“Preise” – 5 € pro Stück…"), sfb_word(m, "de-DE"), normal("Grüße") + foot, charset="windows-1252", record=m.lync, provider="skype-for-business", keep=["“Preise” – 5 € pro Stück…", "Grüße"], gone=[m.lync])
case("windows-1252-unlabelled-text", "No label at all and not UTF-8: windows-1252.",
     b"Caf\xe9 \x93Kranz\x94 um 9\r\n\r\n", teams_text(m, 2020, "de-DE").replace("\n", "\r\n").encode("cp1252"), b"\r\nGr\xfc\xdfe\r\n", format="text", charset="", codec="cp1252", record=m.long, keep=["Café “Kranz”", "Grüße"], gone=[m.long])
case("shift-jis", "Shift_JIS, whose second bytes can look like ASCII (0x5C in ソ, 表, 能).",
     "<p>ソフトの表示と能力の予定表</p>", teams_service(m, 2024, "ja-JP"), "<p>以上、十分です。</p>", charset="shift_jis", record=m.long, keep=["ソフトの表示と能力の予定表", "以上、十分です。"], gone=[m.long])
case("iso-2022-jp", "A stateful encoding: cut and rejoined in ASCII state.",
     "<p>会議の予定</p>", teams_service(m, 2022, "ja-JP", surplus=False), "<p>よろしくお願いします</p>", charset="iso-2022-jp", record=m.long, keep=["会議の予定", "よろしくお願いします"], gone=[m.long])
case("iso-2022-jp-text", "The same in text, LF.",
     "会議の予定\n", teams_text(m, 2022, "ja-JP"), "\nよろしく\n", format="text", charset="iso-2022-jp", record=m.long, keep=["会議の予定", "よろしく"], gone=[m.long])
case("utf-16-bom", "UTF-16, little endian, with its mark and no label.",
     b"\xff\xfe" + "<p>Ägypten</p>".encode("utf-16-le"), teams_service(m, 2025).encode("utf-16-le"), "<p>Ende</p>".encode("utf-16-le"), charset="", codec="utf-16-le", record=m.long, keep=["Ägypten", "<p>Ende</p>"], gone=[m.short])
case("utf-8-bom-text", "UTF-8 with its mark; the mark stays.",
     b"\xef\xbb\xbf" + "Übersicht\n".encode(), teams_text(m, 2024, "de-DE").encode(), b"\n", format="text", charset="", codec="utf-8", record=m.long, keep=["Übersicht"], gone=[m.long])
case("malformed-utf-8", "Labelled UTF-8, and it is not: the broken bytes stay as they are.",
     b"<p>na\xefve \xff\xfe \xc3( \xe2\x82</p>", teams_service(m, 2024).encode(), b"<p>\xed\xa0\x80 end \x80</p>", charset="utf-8", record=m.long, keep=["<p>na"], gone=[m.long])
case("contradictory-meta", "The label says iso-8859-1, meta says utf-8: the label wins.",
     '<html><head><meta charset="utf-8"></head><body><p>Über</p>'.encode("latin-1"), teams_service(m, 2024).encode(), "<p>größer</p></body></html>".encode("latin-1"), charset="iso-8859-1", record=m.long, keep=["Über", "größer"], gone=[m.long])
case("meta-only", "No label; meta says windows-1251.",
     '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body><p>Повестка дня</p>', teams_service(m, 2024), "<p>Спасибо</p></body></html>", charset="", codec="windows-1251", record=m.long, keep=["Повестка дня", "Спасибо"], gone=[m.long])
case("korean-label-english-text", "ks_c_5601-1987, although the body is English but for one name.",
     "Happy holidays\n\nTaylor (김민수)\n", teams_text(m, 2019, phone=True), "\n\n", format="text", charset="ks_c_5601-1987", codec="cp949", record=m.long, keep=["Taylor (김민수)"], gone=[m.long])
case("gb18030", "GB18030, Chinese.",
     "<p>议程：预算与计划</p>", teams_service(m, 2024, "zh-CN"), "<p>谢谢大家</p>", charset="gb18030", record=m.long, keep=["议程：预算与计划", "谢谢大家"], gone=[m.long])
case("nul-and-lone-cr", "NULs, lone carriage returns and form feeds outside the block.",
     b"<p>one\x00two\rthree\x0cfour</p>\r", teams_service(m, 2024).encode(), b"\r<p>\x00</p>\n\r", codec="utf-8", record=m.long, keep=["<p>one"], gone=[m.long])

# -- spellings of one link ----------------------------------------------------------------

case("teams2017-channel-link", "A channel meeting of 2017: the whole block is one bare link.",
     "<html><body><div>Higher education planning.</div><div><br>\r\n<br>\r\n", f'<a href="{CHANNEL}">Join Microsoft Teams Online Meeting</a>', "</div></body></html>", record=CHANNEL, keep=["Higher education planning."], gone=[CHANNEL])
case("teams2024-text-safelinks-twice", "One link twice, once with an empty label, as Outlook writes wrapped links.",
     "", teams_text(m, 2024, form="outlook", phone=True, wrap=lambda u: safelinks(u, "nam02")).replace(" | Reset", " | <" + safelinks("https://dialin.teams.microsoft.com/usp/pstnconferencing", "nam02") + "> Reset"), "\n", format="text", record=m.long, crlf=True, gone=["nam02.safelinks"])
case("safelinks-nested", "A wrapped link wrapped again.",
     "<p>Hello</p>", as_graph(teams_service(m, 2024, wrap=lambda u: safelinks(safelinks(u)))), "<p>Bye</p>", record=m.long, keep=["<p>Hello</p>"], gone=["safelinks.protection"])
case("urldefense-v2", "Links rewritten by URL Defense v2, `-3A` for `%3a`.",
     "<p>Hello</p>", as_graph(teams_service(m, 2024, wrap=lambda u: "https://urldefense.proofpoint.com/v2/url?u=" + u.replace("-", "-2D").replace("_", "-5F").replace("%", "-25").replace("/", "_").replace(":", "-3A").replace("?", "-3F").replace("=", "-3D").replace("&", "-26") + "&d=DwMF-g&c=Y0nT0s0&r=1&m=2&s=3&e=")), "<p>Bye</p>", record=m.long, keep=["<p>Bye</p>"], gone=["urldefense.proofpoint.com"])
case("record-spelled-differently", "The record has other hexadecimal digits' case and decoded characters: the same link.",
     "<p>Hello</p>", teams_service(m, 2022, surplus=False), "<p>Bye</p>", record=m.long.replace("%3a", "%3A", 1).replace("%40", "@").replace("%7b", "%7B"), keep=["<p>Hello</p>"], gone=[m.long])
case("href-in-references", "The link's characters as numeric references.",
     "<p>Hello</p>", teams_service(m, 2024).replace("https://teams.microsoft.com/l/", "https&#58;&#47;&#x2F;teams.microsoft.com/l/"), "<p>Bye</p>", record=m.long, keep=["<p>Bye</p>"], gone=[m.passcode])
case("government-cloud", "The join host of another cloud.",
     "<p>Hello</p>", teams_service(m, 2024).replace("teams.microsoft.com", "gov.teams.microsoft.us"), "<p>Bye</p>", record=m.long.replace("teams.microsoft.com", "gov.teams.microsoft.us"), keep=["<p>Bye</p>"], gone=["gov.teams.microsoft.us/l/"])
case("upper-case-tags", "Re-serialised by an old gateway: upper-case tags and attributes.",
     "<HTML><BODY><P>Hello</P>", re.sub(r"</?\w+", lambda t: t[0].upper(), teams_service(m, 2022, surplus=False)).replace("href=", "HREF=").replace("class=", "CLASS="), "<P>Bye</P></BODY></HTML>", record=m.long, keep=["<P>Hello</P>"], gone=[m.long])
FRAME = "-::~:~::" + "~:" * 36 + "~::~:~::-"
case("meet-frame-teams-record", "A Google Meet block, although a Teams link is recorded.",
     f"TROLOLO\n{FRAME}\nEntrar com o Google Meet: https://meet.google.com/con-toso-abc\n\nNão edite esta seção.\n{FRAME}\n", "", "", format="text", record=m.long, expect="kept", keep=["TROLOLO"])
case("zoom-lines-teams-record", "A Zoom block between box-drawing lines, although a Teams link is recorded.",
     "──────────\n\nInes Costa is inviting you to a scheduled Zoom meeting.\n\nJoin Zoom Meeting\nhttps://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6hIj9kLm2nOpQr5tUvWx8yZ1Bc\n\n──────────\n", "", "", format="text", record=m.long, expect="kept", keep=["Ines Costa"])

# -- other products: their frames ------------------------------------------------------------

z = Other("zoom")
HI, BYE = "1. Numbers\n2. Plan\n\n", "\n\nBring the plan.\nInes Costa\n+1 206 555 0188\n"
SIGNED = ["Ines Costa", "+1 206 555 0188"]
case("zoom-box-lines", "A Zoom block between two rows of ten box-drawing lines, as in Google's descriptions.",
     HI, framed(BOX, ["Ines Costa is inviting you to a scheduled Zoom meeting.", ""] + zoom_rows(z), gap=True), BYE, format="text", record=z.zoom, provider="zoom", keep=["2. Plan", "Bring the plan."], gone=[z.zoom, z.word])
case("zoom-in-meet-frame", "Zoom inside Google's frame, which a calendar add-on filled: a Zoom block.",
     HI, framed(TILDES, zoom_rows(z, numbers=False) + ["", "Please do not edit this section."]), BYE, format="text", provider="zoom", keep=["2. Plan", "Bring the plan."], gone=[z.zoom, "Please do not edit"])
case("meet2020-frame", "Google's frame of 2020, in which the event's own link stands too; the user's last line directly above.",
     "7) Security\n", framed(TILDES, meet_rows(z, 2020)), "", format="text", record=z.meet, provider="google-meet", keep=["7) Security"], gone=[z.meet, "View your event"])
case("meet2024-frame-no-record", "Google's frame of 2024, nothing recorded.",
     "7) Security\n", framed(TILDES, meet_rows(z)), "\n", format="text", provider="google-meet", keep=["7) Security"], gone=[z.meet, "tel.meet"])
case("meet2024-frame-zh", "The same in Chinese: a full-width colon before the link.",
     "", framed(TILDES, meet_zh_rows(z)), "\n", format="text", record=z.meet, provider="google-meet", gone=[z.meet, "請勿編輯這個部分。"])
case("webex-waves-no-closing", "Webex opens with its row and never closes: the last link ends it. The user's lines follow.",
     HI, "\n".join([WAVES, "", "", ""] + webex_rows(z)), BYE, format="text", record=z.webex, provider="webex", keep=["2. Plan", "Bring the plan."] + SIGNED, gone=[z.webex, "collaborationhelp"])
case("webex-skype-words", "'Skype for Business' inside a Webex block: a Webex block.",
     HI, framed(WAVES, webex_rows(z, skype=True)), BYE, format="text", provider="webex", keep=["2. Plan", "Bring the plan."], gone=[z.webex, "Skype for Business"])
NOTICE = "IMPORTANT NOTICE: Please note that this Webex service may record what is said. If you do not agree, do not join the session."
case("webex-notice", "The notice about recordings is the block's last paragraph.",
     HI, "\n".join([WAVES] + webex_rows(z) + ["", NOTICE]), BYE, format="text", provider="webex", keep=["2. Plan", "Bring the plan."], gone=[z.webex, NOTICE])
case("outlook-com-own", "137 stops around the recorded link of Teams for personal use, in Vietnamese: one link and no more.",
     "Chào cả nhà\n\n", f"{D137}\nTham gia cuộc họp trực tuyến<{personal}>\n{D137}", "\n\nHẹn gặp\n", format="text", record=personal, provider="teams-personal", keep=["Chào cả nhà", "Hẹn gặp"], gone=[personal])
case("outlook-com-html", "The same as HTML, nothing recorded.",
     "<p>Chào cả nhà</p>", f'<div>{D137}</div><div><a href="{personal}">Tham gia cuộc họp trực tuyến</a></div><div>{D137}</div>', "<p>Hẹn gặp</p>", provider="teams-personal", keep=["Chào cả nhà", "Hẹn gặp"], gone=[personal])
case("outlook-com-skype", "137 stops around a link of Skype for private use.",
     "See you\n", f"{D137}\nJoin online meeting<https://join.skype.com/qZ7kMduTfFjY>\n{D137}", "\n", format="text", provider="skype", keep=["See you"], gone=["join.skype.com"])
for name, url in [("jitsi", "https://meet.jit.si/ContosoBudgetRound"), ("amazon-chime", "https://chime.aws/9355501234"), ("ringcentral", "https://v.ringcentral.com/join/935550123"), ("bluejeans", "https://bluejeans.com/935550123/4567"), ("goto-meeting", "https://meet.goto.com/935550123")]:
    case(f"{name}-in-google-frame", "A product whose own block was not seen, in the frame that Google draws around an add-on's.",
         HI, framed(TILDES, ["Join here:", url, "", "Please do not edit this section."]), BYE, format="text", record=url, provider=name, keep=["2. Plan", "Bring the plan."], gone=[url])
    case(f"{name}-bare", "The same link alone, although it is the recorded one: nothing says how far a block reaches.",
         HI + "Join here:\n" + url, "", BYE, format="text", record=url, expect="absent", reason="no-block", keep=["2. Plan", url])
case("webex-link-beside-teams", "A real Webex link in the user's text, and another in the block's video line: the Teams block alone goes.",
     f'<p>Not on <a href="{z.webex}">Webex</a> today.</p>', teams_service(m, 2022, phone=True, cvi="webex", surplus=False), "<p>Bye</p>", keep=[z.webex], gone=[m.long, "www.webex.com"])

# -- other products: nothing frames them -----------------------------------------------------

head, foot = word_document(charset="windows-1252")
case("zoom2020-text", "Zoom's text without a frame; what the organiser filled in above it stays, and so does a signature with a number below.",
     "Topic: Add-on cards\nTime: Dec 17, 2026 10:00\n\n", "\n".join(zoom_rows(z)), BYE, format="text", record=z.zoom, provider="zoom", keep=["Topic: Add-on cards", "Time: Dec 17", "Bring the plan."] + SIGNED, gone=[z.zoom, z.word, "Find your local number"])
case("zoom2020-text-no-record", "The same with nothing recorded: join link, numbers and the link to more numbers say that it is whole.",
     "Topic: Add-on cards\n\n", "\n".join(zoom_rows(z)), BYE, format="text", provider="zoom", keep=["Topic: Add-on cards"] + SIGNED, gone=[z.zoom])
case("zoom2020-word", "The same pasted into Outlook, windows-1252 with curly quotes next to it.",
     head + normal("The “last” session – PLDM") + AFTER, as_word(zoom_rows(z)), AFTER + normal("Bring the plan.") + foot, charset="windows-1252", record=z.zoom, provider="zoom", keep=["The “last” session", "Bring the plan."], gone=[z.zoom])
case("zoom2020-divs", "The same in Gmail's markup, links made clickable, glued between the user's lines.",
     '<div dir="ltr"><div>Numbers first.</div>', as_divs(zoom_rows(z)), "<div>Bring the plan.</div></div>", provider="zoom", keep=["Numbers first.", "Bring the plan."], gone=[z.zoom])
case("zoom-glued-lines", "The user's lines directly above the heading and below the last line.",
     "See you on Zoom\n", "\n".join(zoom_rows(z)), "\nAgenda: budget\nPassword: ask-Ines\n1. 2026 numbers\n+1 206 555 0188", format="text", record=z.zoom, provider="zoom", keep=["See you on Zoom", "Agenda: budget", "Password: ask-Ines", "1. 2026 numbers", "+1 206 555 0188"], gone=[z.zoom])
case("zoom-sip-after", "Devices are listed behind the link to more numbers; the id ends it.",
     HI, "\n".join(zoom_rows(z, sip=True)), BYE, format="text", record=z.zoom, provider="zoom", keep=["2. Plan", "Bring the plan."] + SIGNED, gone=["zoomcrc.com", "162.255.36.11"])
case("zoom-short", "Join link, id and passcode, and no more: enough when it is the recorded one.",
     HI, "\n".join(zoom_rows(z, numbers=False, end=False)), "\n\nBring the plan.\n", format="text", record=z.zoom, provider="zoom", keep=["2. Plan", "Bring the plan."], gone=[z.zoom, z.word])
case("zoom-short-no-record", "The same with nothing recorded: retyped text looks like it.",
     HI + "\n".join(zoom_rows(z, numbers=False, end=False)), "", "\n\nBring the plan.\n", format="text", expect="absent", reason="no-block", keep=["2. Plan", z.zoom])
case("zoom-german-unknown-words", "In German: the heading is known, and labels need not be.",
     "Tagesordnung folgt.\n", "\n".join(zoom_rows(z, join="Zoom-Meeting beitreten", local="Ortseinwahl suchen")), "\nGruß, Ines", format="text", record=z.zoom, provider="zoom", keep=["Tagesordnung folgt.", "Gruß, Ines"], gone=[z.zoom])
for name, why, before, rows, after in [
    ("words-before-link", "Somebody's words on the line of the link.", HI + "Dial in with Bob, ", [z.zoom] + zoom_rows(z)[2:], BYE),
    ("words-behind-link", "Somebody's words on the line of the last link.", HI, zoom_rows(z), " and bring the plan." + BYE),
    ("unknown-heading", "A line above the link that may be its heading, or somebody's.", HI + "Bring your laptops\n", zoom_rows(z)[1:], BYE),
    ("agenda-inside", "The user's agenda between the link and the numbers.", HI, zoom_rows(z)[:2] + ["We begin with the budget, as Petra has to leave early; then the plan for the year.", "Then the plan."] + zoom_rows(z)[2:], BYE),
    ("numbers-may-go-on", "Numbers behind the last line that is surely the block's.", HI, zoom_rows(z, end=False)[:-2], BYE),
]:
    case(f"zoom-{name}", why + " In doubt, so nothing changes.", before + "\n".join(rows) + after, "", "", format="text", record=z.zoom, expect="kept", keep=["2. Plan", "Bring the plan." if "and bring" not in after else "and bring the plan."])
other = Other("zoom two")
case("zoom-two-first-recorded", "Two of them, the first is the recorded one.",
     HI, "\n".join(zoom_rows(z)), "\n\n" + "\n".join(zoom_rows(other)) + BYE, format="text", record=z.zoom, provider="zoom", keep=[other.zoom, "2. Plan"], gone=[z.zoom])
case("zoom-two-no-record", "Two of them and nothing recorded.",
     HI + "\n".join(zoom_rows(z)) + "\n\n" + "\n".join(zoom_rows(other)), "", BYE, format="text", expect="ambiguous", keep=[z.zoom, other.zoom])
case("zoom-quoted", "Quoted in a reply: history.",
     "Fine with me.\n\n> " + "\n> ".join(zoom_rows(z)), "", "\n", format="text", record=z.zoom, expect="foreign", reason="quoted", keep=["Fine with me.", z.zoom])
case("zoom-pasted-under-teams", "A Teams block and a pasted Zoom text: the recorded one.",
     "", teams_text(m, 2024), "\n\n" + "\n".join(zoom_rows(z)) + "\n", format="text", record=m.long, keep=[z.zoom], gone=[m.long])
case("meet2020-mail-text", "Google's mail about an event: no frame; its other rows stay.",
     "Where: Room 7\n\n", "\n".join(meet_mail_rows(z)), "\n\nCalendar: ines@contoso.example\nWho:\n     * ines@contoso.example - organizer\n\nForwarding this invitation could allow any recipient to respond.\n", format="text", record=z.meet, provider="google-meet", keep=["Where: Room 7", "Calendar: ines@contoso.example", "Forwarding this"], gone=[z.meet, "tel.meet"])
case("meet-copied", "What 'Copy joining info' hands out, in a mail of the user's.",
     "Hello all,\n\n", f"Google Meet joining info\nVideo call link: {z.meet}\nOr dial: (US) +1 206-555-0142 PIN: {z.code}#\nMore phone numbers: https://tel.meet/{z.meet_code}?pin=9355501234567", "\nInes\n", format="text", provider="google-meet", keep=["Hello all,", "Ines"], gone=[z.meet])
cell = '<td style="padding:0 1em 10px 0" valign="top">'
case("meet2020-mail-html", "Google's mail as HTML: the block is a cell and the row below it.",
     f"<table><tr>{cell}<i>When</i></td>{cell}Thursday</td></tr><tr>{cell}<i>Joining info</i></td>{cell}<div><a href=\"{z.meet}\">{z.meet[8:]}</a></div></td></tr><tr>{cell}</td><td><div>Join by phone <a href=\"tel:+1 206-555-0142\">+1 206-555-0142</a> PIN {z.code}# <a href=\"https://tel.meet/{z.meet_code}?pin=9355501234567\">More phone numbers</a></div></td></tr><tr>{cell}<i>Calendar</i></td>{cell}ines@contoso.example</td></tr></table><p>Bye</p>", "", "",
     record=z.meet, expect="careful", span=False, keep=["<i>When</i>", "<i>Joining info</i>", "<i>Calendar</i>", "ines@contoso.example", "<p>Bye</p>"], gone=[z.meet, "tel.meet"])
case("goto2018-text", "GoToMeeting's text: no frame, national numbers, the system check at its end.",
     "OTTO group\n\n", "\n".join(goto_rows(z)), BYE, format="text", record=z.goto, provider="goto-meeting", keep=["OTTO group", "Bring the plan."] + SIGNED, gone=[z.goto, "system-check"])
case("goto2018-word-no-record", "The same in Outlook's paragraphs, nothing recorded, the app's link at its end.",
     word_document()[0] + normal("OTTO group"), as_word(goto_rows(z, install=True)), normal("Bring the plan.") + word_document()[1], provider="goto-meeting", keep=["OTTO group", "Bring the plan."], gone=[z.goto])
case("goto-room", "A room with a name.",
     HI, "\n".join(goto_rows(z, url="https://gotomeet.me/InesCosta")), BYE, format="text", record="https://gotomeet.me/InesCosta", provider="goto-meeting", keep=["2. Plan"], gone=["gotomeet.me"])
case("webex-word-unframed", "Webex in Outlook's paragraphs, without its row.",
     word_document()[0] + normal("OTTO group"), as_word(webex_rows(z)), normal("Bring the plan.") + word_document()[1], record=z.webex, provider="webex", keep=["OTTO group", "Bring the plan."], gone=[z.webex, "globalcallin"])

# -- Microsoft's, the forms that were missing ------------------------------------------------

lync = Meeting("lync2013", user="nils.aalto")
head, foot = word_document(full=True)
case("lync2013-word", "Lync 2013: the add-in's markup with its older words.",
     head + SAVED, sfb_word(lync, full=True).replace("Join Skype Meeting", "Join Lync Meeting"), AFTER + normal("Minutes: Zoë") + foot, record=lync.lync, provider="skype-for-business", keep=["Minutes: Zoë"], gone=[lync.lync, "Join Lync Meeting"])
case("lync2013-text-outlook", "The same as Outlook's text.",
     "Agenda\n\n", sfb_text(lync, form="outlook").replace("Join Skype Meeting", "Join Lync Meeting"), "\n\nZoë\n", format="text", record=lync.lync, provider="skype-for-business", keep=["Agenda", "Zoë"], gone=["Join Lync Meeting"])
pool = f"https://lync.contoso.example/meet/{lync.user}/{lync.focus}"
case("sfb-pool-meet-path", "A pool on premises with `/meet/<user>/<id>`, Exchange's text, nothing recorded.",
     "Agenda\n\n", sfb_text(lync, url=pool), "\n\nZoë\n", format="text", provider="skype-for-business", keep=["Agenda", "Zoë"], gone=[pool])
case("teams2020-text-channel", "A channel meeting of 2020, Exchange's text.",
     "Hallo\n", teams_text(m, 2020, "de-DE").replace(m.thread + "%40thread.v2/0", digest("tacv2")[:32] + "%40thread.tacv2/1609459200000").replace("19%3ameeting_", "19%3a"), "\n", format="text", keep=["Hallo"], gone=["meetup-join"])
case("teams2025-text-cloud-host", "2025 with the dial-in page on its newer host.",
     "Hallo\n\n", teams_text(m, 2025, "de-DE", phone=True, form="outlook").replace("dialin.teams.microsoft.com", "dialin.teams.cloud.microsoft"), " \n\nGruß\n", format="text", record=m.short, keep=["Hallo", "Gruß"], gone=[m.short, "dialin.teams.cloud"])

# -- hard places: exact, or not at all ------------------------------------------------------

block = teams_service(m, 2025)
inside = block[: block.rindex("</div>")] + "<p>typed behind the fence</p></div>"
case("typed-in-wrapper", "The user's cursor stood inside the wrapper: text behind the closing fence, before the wrapper's end.",
     "<p>Hello</p>" + inside, "", "<p>Bye</p>", record=m.long, expect="careful", keep=["<p>Hello</p>", "typed behind the fence", "<p>Bye</p>"], gone=[m.short], span=False)
case("bold-closed-inside", "A b opened by the user and closed inside the block.",
     "<p>Hello <b>all</p>" + block.replace("</span>", "</span></b>", 1) + "<p>Bye</p>", "", "", record=m.long, expect="careful", keep=["Hello <b>all", "<p>Bye</p>"], gone=[m.short], span=False)
case("bold-opened-inside", "A b opened inside the block and never closed: what follows is bold because of it.",
     "<p>Hello</p>" + block.replace("<span", "<b><span", 1) + "<p>Bye</p>", "", "", record=m.long, expect="careful", keep=["<p>Hello</p>", "<p>Bye</p>"], gone=[m.short], span=False)
case("foster-parented", "A block straight in a table: browsers move it in front of the table.",
     "<table><tr><td>one</td></tr>" + block + "<tr><td>two</td></tr></table>", "", "", record=m.long, expect="careful", keep=["<td>one</td>", "<td>two</td>"], gone=[m.short], span=False)
case("inside-link", "The user's own link was never closed before the block.",
     '<p><a href="https://wiki.contoso.example">Wiki</p>' + block + "<p>Bye</p>", "", "", record=m.long, expect="careful", keep=["wiki.contoso.example", "<p>Bye</p>"], gone=[m.short], span=False)
case("inside-button-and-paragraph", "A block inside a p inside a button.",
     "<button><p>Press" + block + "here</button><p>Bye</p>", "", "", record=m.long, expect="careful", keep=["Press", "here</button>"], gone=[m.short], span=False)
case("in-template", "A block in a template element is in no page.", "<p>Hello</p><template>" + block + "</template>", "", "", record=m.long, expect="careful", keep=["<p>Hello</p>"], gone=[m.short], span=False)
case("in-svg", "A block in a foreign object of an SVG.", "<svg><foreignObject>" + block + "</foreignObject><title>T</title></svg><p>Bye</p>", "", "", record=m.long, expect="careful", keep=["<p>Bye</p>", "<title>T</title>"], gone=[m.short], span=False)
case("unclosed-comment-after", "An unclosed comment starts inside the block and swallows the rest.",
     "<p>Hello</p>" + block.replace("</span>", "</span><!-- ", 1) + "<p>Bye</p>", "", "", record=m.long, expect="careful", keep=["<p>Hello</p>", "<p>Bye</p>"], gone=[], span=False)
case("cut-in-the-middle", "A body cut off inside a tag of the block.",
     "<p>Hello</p>" + block[: len(block) // 2], "", "", record=m.long, expect="careful", keep=["<p>Hello</p>"], gone=[m.short], span=False)

# -- refusals ------------------------------------------------------------------------------

case("unknown-charset", "A label nobody knows.", "<p>Hello</p>" + teams_service(m, 2024), "", "", charset="x-contoso-7bit", codec="utf-8", record=m.long, expect="refused", reason="unknown-charset", keep=["<p>Hello</p>"])
case("too-deep", "Deeper than any browser builds it.", "<div>" * 600 + teams_service(m, 2024), "", "</div>" * 600, record=m.long, expect="refused", reason="too-deep")
open_wrapper = without(teams_service(m, 2020), last=True)
open_wrapper = open_wrapper[: open_wrapper.rindex("</div>")]
case("wrapper-never-closed", "The block's own wrapper is never closed and the user wrote on inside it: without the wrapper that text would move.",
     "<p>Hello</p>" + open_wrapper, "", "<p>written inside the wrapper</p>", record=m.long, expect="refused", reason="opens-element", keep=["written inside the wrapper"])


def main():
    for old in HERE.iterdir():
        if old.is_dir() and old.name != "__pycache__" and old.name not in CASES:
            shutil.rmtree(old)
    for name, (file, body, answer) in CASES.items():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        for stale in folder.iterdir():
            stale.unlink()
        (folder / file).write_bytes(body)
        (folder / "case.json").write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
