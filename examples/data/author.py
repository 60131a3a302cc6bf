#!/usr/bin/env python3
"""Writes the sample tenant: `examples/data/tenant/` and `examples/data/coordinates/`.

Edit this file (or `tests/data/blocks.py`, which builds the invitation bodies) and run it
again: `python3 examples/data/author.py`. It needs nothing but Python 3 and writes the same
bytes every time. `examples/data/tenant/README.md` is written here too, so that its list of
traps cannot drift from the calendars. The default `--now` of the examples is
2026-11-22T09:00:00Z; dates below are meant against it.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "tests" / "data"))
from blocks import *  # noqa: E402

TENANT = HERE / "tenant"
NOW = datetime(2026, 11, 22, 9, 0)
TRAPS = []

# -- zones --------------------------------------------------------------------------------

EU = ("BYDAY=-1SU;BYMONTH=10", "BYDAY=-1SU;BYMONTH=3")
US = ("BYDAY=1SU;BYMONTH=11", "BYDAY=2SU;BYMONTH=3")
ZONES = {
    "W. Europe Standard Time": ("+0100", "+0200", EU),
    "Romance Standard Time": ("+0100", "+0200", EU),
    "GMT Standard Time": ("+0000", "+0100", EU),
    "FLE Standard Time": ("+0200", "+0300", EU),
    "Pacific Standard Time": ("-0800", "-0700", US),
    "Tokyo Standard Time": ("+0900", None, None),
    "China Standard Time": ("+0800", None, None),
    "Arabian Standard Time": ("+0400", None, None),
    "Israel Standard Time": ("+0200", "+0300", ("BYDAY=-1SU;BYMONTH=10", "BYDAY=-1FR;BYMONTH=3")),
    "Europe/Stockholm": ("+0100", "+0200", EU),
    "Asia/Shanghai": ("+0800", None, None),
}


def vtimezone(name):
    winter, summer, rules = ZONES[name]
    out = ["BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", "DTSTART:16010101T030000", f"TZOFFSETFROM:{summer or winter}", f"TZOFFSETTO:{winter}"]
    if rules:
        out.append(f"RRULE:FREQ=YEARLY;INTERVAL=1;{rules[0]}")
    out.append("END:STANDARD")
    if rules:
        out += ["BEGIN:DAYLIGHT", "DTSTART:16010101T020000", f"TZOFFSETFROM:{winter}", f"TZOFFSETTO:{summer}", f"RRULE:FREQ=YEARLY;INTERVAL=1;{rules[1]}", "END:DAYLIGHT"]
    return out + ["END:VTIMEZONE"]


# -- content lines ------------------------------------------------------------------------


def escaped(value):
    return value.replace("\r\n", "\n").replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line, fold, by="octets", width=75):
    """One content line, folded by octets (never inside a character) or by characters."""
    if not fold:
        return line.encode()
    lines, current, used = [], "", 0
    for ch in line:
        size = len(ch.encode()) if by == "octets" else 1
        if used + size > width:
            lines.append(current)
            current, used = "", 1
        current, used = current + ch, used + size
    return fold.join(lines + [current]).encode()


class Calendar:
    """One user's file; `flavour` decides producer, folding and which properties exist."""

    FLAVOURS = {
        "exchange": ("Microsoft Exchange Server 2010", "\r\n", "\r\n ", "octets"),
        "outlook": ("-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "\r\n", "\r\n\t", "octets"),
        "outlook-lf": ("-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "\n", "\n\t", "octets"),
        "plain": ("-//Contoso//Calendar export 2.1//EN", "\n", "\n ", "octets"),
        "google": ("-//Google Inc//Google Calendar 70.9054//EN", "\r\n", "\r\n ", "chars"),
    }

    def __init__(self, user, name, flavour, zone, lang, hour=9):
        self.user, self.name, self.flavour, self.zone, self.lang, self.hour = user, name, flavour, zone, lang, hour
        self.address = f"{user}@contoso.example"
        self.events, self.count, self.zones, self.expected = [], 0, [zone], {}

    # One meeting, and what may differ in it.
    def add(self, subject, day=3, text_body=None, html_body=None, record=None, minutes=45, hour=None, rrule=None, exdates=(), organizer=None,
            attendees=4, status="CONFIRMED", uid=None, recurrence=None, all_day=False, floating=False, utc=False, location=None, raw=None, sequence=0, sent_by=None, extra=(), trap=None, expect="migrated"):
        if uid is None:
            self.count += 1
            uid = f"{self.user}-{self.count:02}"
        seed = f"{self.user} {subject} {day}"
        uid_text = "040000008200E00074C5B7101A82E00800000000" + digest(uid)[:48].upper()
        start = datetime(NOW.year, NOW.month, NOW.day, self.hour if hour is None else hour, 0) + timedelta(days=day)
        end = start + timedelta(minutes=minutes)

        def when(name, moment):
            if all_day:
                return f"{name};VALUE=DATE:{moment:%Y%m%d}"
            if utc:
                return f"{name}:{moment:%Y%m%dT%H%M%SZ}"
            if floating:
                return f"{name}:{moment:%Y%m%dT%H%M%S}"
            quote = '"' if "outlook" in self.flavour else ""
            return f"{name};TZID={quote}{self.zone}{quote}:{moment:%Y%m%dT%H%M%S}"

        lines = ["BEGIN:VEVENT"]
        who = organizer or (self.name, self.address)
        cn = f'"{who[0]}"' if "outlook" in self.flavour else who[0]
        behalf = f';SENT-BY="mailto:{sent_by}"' if sent_by else ""
        lines.append(f"ORGANIZER;CN={cn}{behalf}:mailto:{who[1]}")
        if attendees is not None:
            lines += self.attendees(seed, attendees, organizer) + [f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:MAILTO:{address}" for address in extra]
        outlook = "outlook" in self.flavour
        if text_body is not None:
            lang = f";LANGUAGE={self.lang}" if self.flavour == "exchange" else ""
            lines.append((f"DESCRIPTION{lang}:" + escaped(text_body), raw))
        if rrule:
            lines.append("RRULE:" + rrule)
        for ex in exdates:
            lines.append(when("EXDATE", start + timedelta(days=ex)))
        lines.append(f"UID:{uid_text}")
        if recurrence is not None:
            lines.append(when("RECURRENCE-ID", datetime(NOW.year, NOW.month, NOW.day, self.hour, 0) + timedelta(days=recurrence)))
        lines.append((f"SUMMARY;LANGUAGE={self.lang}:" if self.flavour != "google" else "SUMMARY:") + escaped(subject))
        lines += [when("DTSTART", start), when("DTEND", start + timedelta(days=1) if all_day else end), "CLASS:PUBLIC", "PRIORITY:5", "DTSTAMP:20261101T081500Z",
                  "TRANSP:OPAQUE", f"STATUS:{status}", f"SEQUENCE:{sequence}"]
        if location is not None:
            lines.append("LOCATION:" + escaped(location))
        if html_body is not None:
            lines.append("X-ALT-DESC;FMTTYPE=text/html:" + escaped(html_body))
        lines += ["X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-IMPORTANCE:1"] if self.flavour != "plain" else []
        if record is not None and not outlook:
            lines += record
        if outlook:
            lines += ["X-MS-OLK-AUTOFILLLOCATION:FALSE", "X-MS-OLK-CONFTYPE:0"]
        lines += ["BEGIN:VALARM", "DESCRIPTION:REMINDER", "TRIGGER;RELATED=START:-PT15M", "ACTION:DISPLAY", "END:VALARM", "END:VEVENT"]
        self.events.append(lines)
        if trap:
            TRAPS.append((self.user, subject, trap))
        if recurrence is None:
            self.expected[uid_text] = {"subject": subject, "outcome": expect}
        return uid

    def attendees(self, seed, n, organizer):
        """`n` people besides the organiser, who may be listed too; answers vary."""
        out = []
        answers = ["ACCEPTED", "NEEDS-ACTION", "TENTATIVE", "DECLINED", "ACCEPTED", "NEEDS-ACTION"]
        if organizer:
            out.append(f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;CN={self.name}:mailto:{self.address}")
        start = int(digest(seed)[:4], 16)
        for i in range(n):
            name, address = GUESTS[(start + i) % len(GUESTS)] if n < len(GUESTS) else (f"Guest {i:03}", f"guest{i:03}@fabrikam.example")
            role = "OPT-PARTICIPANT" if i % 5 == 4 else "REQ-PARTICIPANT"
            kind = "CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT" if address.startswith("room") else f"ROLE={role}"
            cn = f'"{name}"' if "," in name else name
            out.append(f"ATTENDEE;{kind};PARTSTAT={answers[(start + i) % 6]};RSVP=TRUE;CN={cn}:mailto:{address}")
        return out

    def bytes(self):
        prod, newline, fold, by = self.FLAVOURS[self.flavour]
        lines = ["BEGIN:VCALENDAR", f"PRODID:{prod}", "VERSION:2.0", "METHOD:PUBLISH"]
        if self.flavour == "google":
            lines.append("CALSCALE:GREGORIAN")
        for zone in self.zones:
            lines += vtimezone(zone)
        out = [line.encode() for line in lines]
        for event in self.events:
            for line in event:
                line, raw = line if isinstance(line, tuple) else (line, None)
                if raw is None:
                    out.append(folded(line, fold, by))
                elif raw == "unfolded":
                    out.append(folded(line, ""))
                elif raw == "uneven":
                    # Hand edits leave folds of any width behind.
                    out.append(folded(line[:400], fold, by, 61) + fold.encode() + folded(line[400:], fold, by, 43))
                else:
                    # A charset label: single bytes, folded as bytes.
                    data = line.encode(raw, "replace")
                    out.append(fold.encode().join(data[i : i + 74] for i in range(0, len(data), 74)))
        out.append(b"END:VCALENDAR")
        return newline.encode().join(out) + newline.encode()


GUESTS = [(f"{a} {b}", f"{a}.{b}@{org}.example".lower()) for a, b, org in [
    ("Petra", "Lind", "fabrikam"), ("Jonas", "Weber", "contoso"), ("Ines", "Costa", "fabrikam"), ("Rahul", "Nair", "contoso"), ("Ewa", "Nowak", "fabrikam"),
    ("Sam", "Okoro", "contoso"), ("Lea", "Fischer", "contoso"), ("Hugo", "Blanc", "fabrikam"), ("Aiko", "Mori", "fabrikam"), ("Zara", "Aziz", "contoso"), ("Ben", "Oz", "fabrikam")]]
GUESTS += [("Room 4.12, Tower B", "room-4-12@contoso.example"), ("Müller, Jürgen", "j.mueller@fabrikam.example")]


# -- what stands beside a body -------------------------------------------------------------


def teams_record(m, channel=False):
    return [
        f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{m.long}",
        f"X-MICROSOFT-SCHEDULINGSERVICEUPDATEURL:https://api.scheduler.teams.microsoft.com/teams/{m.tid}/{m.oid}/19_{m.thread}@thread.v2/0",
        'X-MICROSOFT-SKYPETEAMSPROPERTIES:{"cid":"19:' + m.thread + '@thread.v2"\\,"private":true\\,"type":0\\,"mid":0\\,"rid":0\\,"uid":null}',
        "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:",
        f"X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:{m.user}@{m.org}\\;gruu\\;opaque=app:conf:focus:id:teams:2:0!19:{m.thread}-thread.v2!{m.oid.replace('-', '')}!{m.tid.replace('-', '')}",
        'X-MICROSOFT-ONLINEMEETINGINFORMATION:{"OnlineMeetingChannelId":null\\,"OnlineMeetingProvider":3}',
    ]


def sfb_record(m, url=None):
    return [
        f"X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:{url or m.lync}",
        f"X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:{m.user}@{m.org}\\;gruu\\;opaque=app:conf:focus:id:{m.focus}?conversation-id={digest(m.key)[:10]}",
        f"X-MICROSOFT-CONFERENCETELURI:tel:+12065550142\\,\\,{m.conf}",
    ]


# -- users -----------------------------------------------------------------------------------

SUBJECTS = {
    "en-US": ["Weekly sync", "Budget review", "Design critique", "Vendor call: Fabrikam", "One-on-one", "Release planning", "Customer story, take 2", "Incident review", "Hiring panel", "Roadmap Q1", "Security office hours", "Lunch & learn"],
    "sv-SE": ["Veckomöte", "Budgetgenomgång", "Designgranskning", "Samtal med Fabrikam", "Medarbetarsamtal", "Planering av släpp", "Kundmöte på förmiddagen", "Återblick", "Intervju", "Färdplan", "Säkerhetsfråga", "Lunchföredrag"],
    "de-DE": ["Jour fixe", "Budgetdurchsprache", "Entwurfsprüfung", "Abstimmung mit Fabrikam", "Mitarbeitergespräch", "Release-Planung", "Kundentermin „Süd“", "Störungsnachlese", "Bewerbungsgespräch", "Fahrplan fürs erste Quartal", "Sprechstunde Sicherheit", "Mittagsvortrag: größer & schöner"],
    "fr-FR": ["Point hebdo", "Revue du budget", "Revue de conception", "Appel Fabrikam", "Entretien individuel", "Préparation de la version", "Rendez-vous client à Évry", "Bilan d’incident", "Entretien d’embauche", "Feuille de route", "Permanence sécurité", "Déjeuner-débat"],
    "ja-JP": ["週次定例", "予算レビュー", "設計レビュー", "Fabrikam 打ち合わせ", "面談", "リリース計画", "お客様訪問", "障害の振り返り", "採用面接", "ロードマップ", "セキュリティ相談", "ランチ勉強会"],
    "ar-SA": ["الاجتماع الأسبوعي", "مراجعة الميزانية", "مراجعة التصميم", "مكالمة مع Fabrikam", "لقاء فردي", "تخطيط الإصدار", "زيارة عميل", "مراجعة حادثة", "مقابلة", "خارطة الطريق", "ساعة الأمان", "غداء وتعلم"],
    "he-IL": ["פגישה שבועית", "סקירת תקציב", "סקירת עיצוב", "שיחה עם Fabrikam", "אחד על אחד", "תכנון גרסה", "ביקור לקוח", "תחקיר תקלה", "ריאיון", "מפת דרכים", "שעת אבטחה", "צהריים ולמידה"],
    "zh-CN": ["每周例会", "预算评审", "设计评审", "与 Fabrikam 通话", "一对一", "发布计划", "客户拜访", "故障复盘", "面试", "路线图", "安全答疑", "午餐分享"],
    "da-DK": ["Ugemøde", "Budgetgennemgang", "Designgennemgang", "Samtale med Fabrikam", "Medarbejdersamtale", "Planlægning af udgivelse", "Kundebesøg på Ærø", "Evaluering", "Jobsamtale", "Køreplan", "Sikkerhedstime", "Frokostforedrag"],
}
AGENDA = {
    "en-US": "Agenda:\n  1. numbers; open points, if any\n  2. what's next?\n", "sv-SE": "Dagordning:\n  1. läget, kort\n  2. nästa steg; frågor\n", "de-DE": "Tagesordnung:\n  1. Zahlen, offene Punkte\n  2. „Wie weiter?“ – Größenordnung\n",
    "fr-FR": "Ordre du jour :\n  1. chiffres, points ouverts\n  2. la suite… à définir\n", "ja-JP": "議題：\n　１．現状、課題\n　２．今後の予定～\n", "ar-SA": "جدول الأعمال:\n  1. الأرقام، النقاط المفتوحة\n  2. ما التالي؟\n",
    "he-IL": "סדר יום:\n  1. מספרים, נקודות פתוחות\n  2. מה הלאה?\n", "zh-CN": "议程：\n  1. 数据、待办\n  2. 下一步？\n", "da-DK": "Dagsorden:\n  1. tal, åbne punkter\n  2. hvad så?\n",
}


def html_agenda(lang):
    return "".join(normal(text(line) if line.strip() else "&nbsp;") for line in AGENDA[lang].rstrip("\n").split("\n"))


def teams_bodies(m, gen, lang, flavour, after="", **options):
    """The text and, for Outlook's files, the HTML twin of one meeting."""
    outlook = "outlook" in flavour
    body = AGENDA[lang] + teams_text(m, gen, lang, form="outlook" if outlook else "exchange", **options) + "\n" + after
    if not outlook:
        # Some exporters add the body as Graph hands it out.
        head, foot = graph_document()
        agenda = "".join(f"<div>{text(line) or '<br>'}</div>\r\n" for line in AGENDA[lang].rstrip("\n").split("\n"))
        graph = head + agenda + as_graph(teams_service(m, gen, lang, **options)) + foot
        return body, graph if int(digest(m.key)[1], 16) % 3 == 0 else None
    full = int(digest(m.key)[0], 16) % 2 == 0
    head, foot = word_document(full=full)
    tail = normal(text(after)) if after else normal("&nbsp;")
    return body, head + html_agenda(lang) + teams_word(m, gen, lang, full=full, **options) + tail + foot


def sfb_bodies(m, lang, flavour, after="", **options):
    outlook = "outlook" in flavour
    textual = {k: v for k, v in options.items() if k not in ("table", "full")}
    body = AGENDA[lang] + "\n" + sfb_text(m, lang, form="outlook" if outlook else "exchange", **textual) + "\n\n" + after
    if not outlook:
        return body, None
    full = options.pop("full", int(digest(m.key)[0], 16) % 2 == 0)
    head, foot = word_document(full=full)
    saved = '<p class=MsoNormal><a name="_InsertRtfSavedPosition"></a><o:p>&nbsp;</o:p></p>'
    return body, head + html_agenda(lang) + saved + sfb_word(m, lang, full=full, **options) + normal(text(after) if after else "&nbsp;") + foot


def ordinary(cal, products, skip=0):
    """The twelve meetings that everybody has, over `products` in turn: the generations mix
    because a recurring meeting keeps the block it was born with."""
    rules = [None, None, "FREQ=WEEKLY;INTERVAL=1;BYDAY={day};WKST=SU", None, "FREQ=MONTHLY;BYMONTHDAY={dom}", None, "FREQ=DAILY;COUNT=12;INTERVAL=2", None, None, "FREQ=WEEKLY;UNTIL=20270331T220000Z;BYDAY={day}", None, None]
    for i, subject in enumerate(SUBJECTS[cal.lang][skip:]):
        product, m = products[i % len(products)], Meeting(f"{cal.user} {i}", user=cal.user, id_digits=12 + i % 4)
        day = 1 + 3 * i
        rule = rules[i]
        if rule and "WEEKLY" in rule:
            day -= 70
        if rule and "DAILY" in rule:
            day = -5
        start = NOW + timedelta(days=day)
        rule = rule and rule.format(day=["MO", "TU", "WE", "TH", "FR", "SA", "SU"][start.weekday()], dom=min(start.day, 28))
        options = {"phone": i % 3 != 0}
        lang = cal.lang
        if product == "sfb":
            if lang not in SFB:
                lang = "en-US"
            bodies, record, place = sfb_bodies(m, lang, cal.flavour, **options), sfb_record(m), "Skype Meeting"
            bodies = (bodies[0].replace(AGENDA[lang], AGENDA[cal.lang], 1), bodies[1])
        elif product == "onprem":
            lang = lang if lang in SFB else "en-US"
            bodies, record, place = sfb_bodies(m, lang, cal.flavour, url=m.onprem, **options), sfb_record(m, m.onprem), "Skype Meeting"
        else:
            if lang not in TEAMS:
                lang = "en-US"
            options["cvi"] = ["poly", None, "pexip", None, "webex", "own"][i % 6] if product >= 2019 else None
            body = teams_bodies(m, product, lang, cal.flavour, **options)
            bodies, record, place = (body[0].replace(AGENDA[lang], AGENDA[cal.lang], 1), body[1]), teams_record(m), "Microsoft Teams Meeting"
        cal.add(subject, day, bodies[0], bodies[1], record, rrule=rule, location=place, attendees=2 + i % 5)


calendars = {}


def calendar(user, name, flavour, zone, lang, hour=9):
    calendars[user] = Calendar(user, name, flavour, zone, lang, hour)
    return calendars[user]


# Anna: moved online from a pool on premises; Outlook-saved files, no records anywhere.
anna = calendar("anna.berg", "Anna Berg", "outlook", "W. Europe Standard Time", "de-DE", 10)
ordinary(anna, ["onprem", "onprem", "sfb"])
m = Meeting("anna old table", user="anna.berg")
t, h = sfb_bodies(m, "de-DE", "outlook", table=True, full=True, url=m.onprem)
anna.add("Altes Format (2016)", 9, t, h, location="Skype Meeting", trap="Skype for Business of 2016: the table 'früher als Lync' instead of the web-app line, full Word HTML")
m = Meeting("anna edited", user="anna.berg")
t, h = sfb_bodies(m, "de-DE", "outlook", edited=True, url=m.onprem)
anna.add("Kundengespräch, Nummer von Hand", 12, t, h, trap="the block was edited by hand: the edit goes with it")
t, h = sfb_bodies(Meeting("anna past", user="anna.berg"), "de-DE", "outlook", url=m.onprem)
anna.add("Rückblick (schon vorbei)", -20, t, h, expect="skipped: already-over", trap="in the past")
t, h = sfb_bodies(Meeting("anna hex", user="anna.berg"), "de-DE", "outlook", trailer="hex")
anna.add("Sprint-Wechsel", 15, t, h, trap="the trailer holds the language id in hexadecimal")
anna.add("Zahnarzt", 4, "Nicht verschieben!\n", attendees=None, location="Praxis", expect="left-alone", trap="no online meeting at all")

# Nils: SfB online, Exchange's files with records; a series with everything in it.
nils = calendar("nils.aalto", "Nils Aalto", "exchange", "FLE Standard Time", "sv-SE", 11)
ordinary(nils, ["sfb", "onprem", 2019])
m = Meeting("nils series", user="nils.aalto")
t, _ = sfb_bodies(m, "sv-SE", "exchange")
series = nils.add("Driftmöte", -13, t, record=sfb_record(m), rrule="FREQ=WEEKLY;BYDAY=MO;WKST=MO", exdates=[21, 70], location="Skype-möte", trap="a series with two EXDATEs, a moved, a changed and a cancelled occurrence")
nils.add("Driftmöte (flyttat)", 16, AGENDA["sv-SE"] + "Flyttat till tisdag!\n" + sfb_text(m, "sv-SE"), record=sfb_record(m), uid=series, recurrence=15, sequence=1, hour=14, location="Skype-möte")
nils.add("Driftmöte: gäster från Fabrikam", 22, "Idag med gäster; annan länk nedan.\n\n" + sfb_text(Meeting("nils series guests", user="nils.aalto"), "sv-SE"), record=sfb_record(Meeting("nils series guests", user="nils.aalto")), uid=series, recurrence=22, sequence=1, attendees=8, location="Skype-möte")
nils.add("Driftmöte", 43, "Inställt.\n", record=sfb_record(m), uid=series, recurrence=43, status="CANCELLED", sequence=2)
nils.add("Driftmöte (tidigare)", -6, AGENDA["sv-SE"] + sfb_text(m, "sv-SE"), record=sfb_record(m), uid=series, recurrence=-6, sequence=1, hour=15)
m = Meeting("nils footer", user="nils.aalto")
quote = f"\n\n{U45}\nFrån: Petra Lind <petra.lind@fabrikam.example>\nSkickat: den 19 september 2026 10:58\nTill: Nils Aalto\nÄmne: Re: siffror\n\nMåndag kl. 10?\n"
footer = "Anslut via videosystem: id följt av @contoso.example\n\nJoin from a room: type the id followed by ”@contoso.example”"
nils.add("Nämnden", 6, AGENDA["sv-SE"] + sfb_text(m, "sv-SE", url=m.onprem, logo="https://www.contoso.example/logo.png", footer=footer) + quote, record=sfb_record(m, m.onprem), trap="a bilingual footer inside the block, a 45-underscore line and quoted mail below it")
nils.add("Inställt möte", 8, "Mötet är inställt.\n", record=sfb_record(Meeting("nils cancelled", user="nils.aalto")), status="CANCELLED", expect="skipped: cancelled", trap="cancelled: it has the records and no block")

# Mira: Teams in German, public meetings, conference id reset; windows-1252 bytes.
mira = calendar("mira.koch", "Mira Koch", "exchange", "W. Europe Standard Time", "de-DE", 9)
ordinary(mira, [2020, 2022, 2024, 2019])
m = Meeting("mira cp1252", user="mira.koch")
t, _ = teams_bodies(m, 2022, "de-DE", "exchange", phone=True)
mira.add("Preisrunde Süd", 5, "„Preise“ – 5 € pro Stück…\n" + t, record=teams_record(m), raw="cp1252", trap="DESCRIPTION is windows-1252 bytes in an otherwise UTF-8 file")
m = Meeting("mira noclose", user="mira.koch")
mira.add("Abnahme Halle 3", 7, AGENDA["de-DE"] + teams_text(m, 2022, "de-DE").rsplit("\n", 1)[0] + "\n\nBitte Helm mitbringen!\n", record=teams_record(m), trap="the closing fence is missing")
m = Meeting("mira stray", user="mira.koch")
mira.add("Nachlese", 10, teams_text(m, 2024, "de-DE", phone=True) + f"\n\n\nVon: Petra Lind\nGesendet: Montag\nAn: Mira Koch\nBetreff: Re: Plan\n\nWie besprochen.\n{U80}\n", record=teams_record(m), trap="a stray 80-underscore line at the end of a quoted thread")
m = Meeting("mira uneven", user="mira.koch")
t, _ = teams_bodies(m, 2024, "de-DE", "exchange", phone=True)
mira.add("Übergabe", 13, t, record=teams_record(m), raw="uneven", trap="uneven folds, as hand edits leave them")
m = Meeting("mira chan", user="mira.koch")
mira.add("Läuft gerade", 0, AGENDA["de-DE"] + teams_text(m, 2024, "de-DE"), record=teams_record(m), hour=9, minutes=120, expect="skipped: in-progress", trap="in progress at 09:00Z: counts as past")

# Luc: French, 2024 and 2025 with logo, footer, organisation help.
luc = calendar("luc.moreau", "Luc Moreau", "exchange", "Romance Standard Time", "fr-FR", 14)
ordinary(luc, [2024, 2025, 2020, 2025])
m = Meeting("luc custom", user="luc.moreau")
luc.add("Comité d’entreprise", 4, AGENDA["fr-FR"] + teams_text(m, 2025, "fr-FR", phone=True, logo="https://www.contoso.example/logo.jpg", footer="Votre activité peut être surveillée.", org=True) + "\n\nCe message est confidentiel.\n", record=teams_record(m), trap="logo, footer, organisation help and privacy inside the block; a disclaimer below")
m = Meeting("luc safelinks", user="luc.moreau")
luc.add("Revue des liens", 6, AGENDA["fr-FR"] + teams_text(m, 2024, "fr-FR", phone=True, wrap=lambda u: safelinks(u, path="/ap/t-59584e83/")) + "\n", record=teams_record(m), trap="all links wrapped by a mail filter, the record is not")
m, o = Meeting("luc own", user="luc.moreau"), Meeting("luc pasted", org="fabrikam.example", user="hugo.blanc")
luc.add("Deux salles", 8, AGENDA["fr-FR"] + teams_text(m, 2024, "fr-FR") + "\n\nSalle d’Hugo, en cas de panne :\n" + teams_text(o, 2024, "fr-FR") + "\n", record=teams_record(m), trap="two blocks; the record says which is the meeting's own")
luc.add("Chez Hugo", 11, "Lien d’Hugo :\n" + teams_text(o, 2024, "fr-FR") + "\n", record=teams_record(Meeting("luc foreign", user="luc.moreau")), expect="left-alone", trap="a pasted block with another link: foreign")
luc.add("Réunion de Petra", 12, AGENDA["fr-FR"] + teams_text(o, 2025, "fr-FR"), record=teams_record(o), organizer=("Petra Lind", "petra.lind@fabrikam.example"), expect="skipped: not-organizer", trap="Luc is not the organiser")

m = Meeting("luc behalf", user="luc.moreau")
luc.add("Conseil", 16, AGENDA["fr-FR"] + teams_text(m, 2024, "fr-FR", phone=True) + "\n", record=teams_record(m), sent_by="ines.roux@contoso.example", trap="set up by a delegate on Luc's behalf: he is the organiser")

# Yuki: Japanese, all generations; a fence glued to the text.
yuki = calendar("yuki.tanaka", "田中 ゆき", "exchange", "Tokyo Standard Time", "ja-JP", 10)
ordinary(yuki, [2019, 2020, 2022, 2024, 2025])
m = Meeting("yuki glued", user="yuki.tanaka")
yuki.add("合同会議", 3, "関係各位　　お世話になっております。\n" + teams_text(m, 2024, "ja-JP", phone=True) + "\n", record=teams_record(m), trap="ideographic spaces, the fence directly under the text")
m = Meeting("yuki allday", user="yuki.tanaka")
yuki.add("終日ワークショップ", 9, AGENDA["ja-JP"] + teams_text(m, 2025, "ja-JP") + "\n", record=teams_record(m), all_day=True, trap="all day")
m = Meeting("yuki floating", user="yuki.tanaka")
yuki.add("朝会", 10, AGENDA["ja-JP"] + teams_text(m, 2022, "ja-JP") + "\n", record=teams_record(m), floating=True, trap="floating time, no zone")
m = Meeting("yuki sjis", user="yuki.tanaka")
yuki.add("表示の確認", 12, "ソフトの表示と能力\n" + teams_text(m, 2022) + "\n", record=teams_record(m), raw="cp932", trap="DESCRIPTION is Shift_JIS bytes with no label; second bytes look like backslashes")

# Omar and Noa: right to left.
omar = calendar("omar.haddad", "عمر حداد", "exchange", "Arabian Standard Time", "ar-SA", 10)
ordinary(omar, [2024, 2022, 2025])
noa = calendar("noa.levi", "נועה לוי", "exchange", "Israel Standard Time", "he-IL", 10)
ordinary(noa, [2022, 2025])
m = Meeting("noa friday", user="noa.levi")
noa.add("סיכום", 5, "תודה לכולם\n" + teams_text(m, 2025, "he-IL") + "\n", record=teams_record(m), utc=True, trap="start and end in UTC")

m = Meeting("noa invited", org="fabrikam.example", user="ben.oz")
noa.add("אצל בן", 8, teams_text(m, 2024, "he-IL") + "\n", record=teams_record(m), organizer=("Ben Oz", "ben.oz@fabrikam.example"), expect="skipped: not-organizer", trap="Noa is not the organiser")

# Mei: folds counted in characters, as Google does; IANA zone.
mei = calendar("mei.lin", "林 美", "google", "Asia/Shanghai", "zh-CN", 15)
ordinary(mei, [2025, 2024])
FRAME = "-::~:~::" + "~:" * 36 + "~::~:~::-"
mei.add("Google 会议", 6, f"备注在上面\n{FRAME}\n使用 Google Meet 加入：https://meet.google.com/con-toso-mei\n\n请勿编辑此部分。\n{FRAME}", record=["X-GOOGLE-CONFERENCE:https://meet.google.com/con-toso-mei"], expect="skipped: other-provider", trap="a Google Meet block: another product than the job's source")

# Soren: licence removed; LF files with TAB folds, Danish.
soren = calendar("soren.dahl", "Søren Dahl", "outlook-lf", "Romance Standard Time", "da-DK", 13)
ordinary(soren, [2024, 2019, 2022])
m = Meeting("soren gone", user="soren.dahl")
head, foot = word_document()
inner = teams_word(m, 2019, "da-DK", phone=True).split("<div>\n", 1)[1].rsplit("<div>\n", 1)[0]
first = '<div style="margin-top:.25in;margin-bottom:7.5pt">\n'
agenda = '<p class="MsoNormal"><b>Dagsorden</b></p><ol style="margin-top:0in" start="1" type="1"><li class="MsoListParagraph">Hvad måler vi?</li></ol>'
soren.add("Målinger", 4, "Dagsorden\n\n  1.  Hvad måler vi?\n\n" + teams_text(m, 2019, "da-DK", phone=True, fences=False) + "\n", head + "<div>\n" + inner.replace(first, first + agenda, 1) + foot, trap="no fences, and the agenda stands inside the div that holds the join link")
m = Meeting("soren twin", user="soren.dahl")
t, h = teams_bodies(m, 2022, "da-DK", "outlook-lf")
soren.add("Tvillinger", 6, t.replace("Dagsorden:", "Dagsorden (kl. 19):"), h.replace("Dagsorden:", "Dagsorden (kl. 20):"), trap="text and HTML twins differ in the user's words")

# Tom: SIP address changed, which runs nothing. Petra K.: third-party audio. Kim: mailbox on premises.
tom = calendar("tom.reyes", "Tom Reyes", "exchange", "Pacific Standard Time", "en-US", 9)
ordinary(tom, ["sfb", 2022, 2025])
petra = calendar("petra.kern", "Petra Kern", "exchange", "W. Europe Standard Time", "de-DE", 10)
ordinary(petra, ["sfb", 2019])
kim = calendar("kim.park", "Kim Park", "plain", "GMT Standard Time", "en-US", 10)
ordinary(kim, ["onprem"])

# Ada: a manual start, and most of the traps.
ada = calendar("ada.obi", "Ada Obi", "exchange", "GMT Standard Time", "en-US", 9)
ordinary(ada, [2025, 2024, "sfb", 2022])


def ada_case(subject, day, body, m, trap, **options):
    ada.add(subject, day, body, record=teams_record(m), trap=trap, **options)


A = AGENDA["en-US"]
m = Meeting("ada 251", user="ada.obi")
ada_case("All hands", 5, A + teams_text(m, 2024, phone=True) + "\n", m, "251 people with the organiser: one too many", attendees=250, expect="skipped: too-many-attendees")
m = Meeting("ada 250", user="ada.obi")
ada_case("Almost all hands", 6, A + teams_text(m, 2024, phone=True) + "\n", m, "250 people with the organiser, who is listed once more in capitals, as is a guest: just allowed", attendees=249, extra=["ADA.OBI@CONTOSO.EXAMPLE", "Guest001@Fabrikam.example"])
m = Meeting("ada reply", user="ada.obi")
ada_case("Re: plan", 7, "I have a conflict.\n\n-----Original Appointment-----\nFrom: Ada Obi\nSent: Monday, 2 November 2026 20:53\nTo: Petra Lind\nSubject: Plan\nWhere: Microsoft Teams Meeting\n\n" + teams_text(m, 2019, phone=True) + "\n", m, "the block is quoted ('Original Appointment'): history stays", expect="left-alone")
m = Meeting("ada quoted", user="ada.obi")
ada_case("Fwd: plan", 8, A + teams_text(m, 2024) + "\n\nOn 8/6/26 5:37 AM, Petra Lind wrote:\n" + "\n".join("> " + line for line in teams_text(m, 2024).split("\n")) + "\n", m, "the own block, and below it a quoted copy of the same block")
m = Meeting("ada retyped", user="ada.obi")
ada.add("Join by words", 10, f"Join Skype Meeting: {m.lync}\nTrouble Joining? Try Skype Web App\nConference ID: {m.conf}\n", expect="left-alone", trap="retyped: words and a link, no block and no record")
m = Meeting("ada nothing", user="ada.obi")
ada_case("Block deleted by hand", 11, "See you in the usual room.\n", m, "a record, and no block in the body", expect="left-alone")
m = Meeting("ada surplus", user="ada.obi")
ada.add("Navy", 13, A + teams_text(m, 2022) + "\n", '<html><body><div style="color:navy"><p>Inside the navy div.</p>' + teams_service(m, 2022, phone=True) + "<p>Outside it, in black.</p></body></html>", teams_record(m), trap="the template's surplus end tag closes the user's own div")
m = Meeting("ada until", user="ada.obi")
last = ada.add("Book club", -100, A + teams_text(m, 2022) + "\n", record=teams_record(m), rrule="FREQ=WEEKLY;UNTIL=20261015T090000Z", trap="a series that is over but for one occurrence that was moved into the future")
ada.add("Book club (moved)", 16, A + "Moved to December.\n" + teams_text(m, 2022) + "\n", record=teams_record(m), uid=last, recurrence=-44, sequence=1)
m = Meeting("ada done", user="ada.obi")
ada_case("Series long over", -200, A + teams_text(m, 2020) + "\n", m, "a series that is over", rrule="FREQ=WEEKLY;COUNT=10", expect="skipped: already-over")
m = Meeting("ada raw", user="ada.obi")
ada_case("One long line", 14, A + teams_text(m, 2024, phone=True) + "\n", m, "DESCRIPTION is not folded at all", raw="unfolded")
m = Meeting("ada live", user="ada.obi")
ada.add("Outlook.com call", 15, f"{D137}\nJoin online meeting<https://teams.live.com/meet/9355501234567?p=Qm4Xv9TzLk2Rb7Wd>\n{D137}\n", trap="137 stops around a link of Teams for personal use: a block of that product, not of Skype for Business")
m = Meeting("ada zoom", user="ada.obi")
ada.add("Zoom with Fabrikam", 17, "Ines Costa is inviting you to a scheduled Zoom meeting.\n\nJoin Zoom Meeting\nhttps://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6hIj9kLm2nOpQr5tUvWx8yZ1Bc\n\nMeeting ID: 955 5012 3456\nPasscode: 550142\n", expect="left-alone", trap="a Zoom meeting")
m = Meeting("ada chat", user="ada.obi")
ada_case("Friday chat", 19, teams_text(m, 2022, phone=True, cvi="webex") + "\n\n\n\nHi all,\n\nfeel free to pass this on.\n\nAda\n", m, "the block first, the user's text after it; a Webex link inside a Teams block")
m = Meeting("ada 32", user="ada.obi")
ada_case("Vendor legal", 20, f"Dear all,\n{U32}\nAda Obi\nContoso Ltd\n\n" + teams_text(m, 2024, phone=True) + f"\n{U32}\nThis mail is confidential.\n", m, "32-underscore signature lines outside the block")

# Rory: four ordinary meetings and two that fail, each for its own reason.
rory = calendar("rory.blake", "Rory Blake", "exchange", "Pacific Standard Time", "en-US", 9)
ordinary(rory, [2025, 2022], skip=8)
m = Meeting("rory twice", user="rory.blake")
rory.add("Copy and paste", 9, A + teams_text(m, 2025) + "\n\n" + teams_text(m, 2025) + "\n", record=teams_record(m), expect="failed: ambiguous", trap="the same block twice: ambiguous")
m = Meeting("rory wrapper", user="rory.blake")
fence = re.compile(r"<div[^>]*>\s*<span[^>]*>" + U80 + r"</span>\s*</div>\s*")
cut = teams_service(m, 2020)
cut = cut[: list(fence.finditer(cut))[1].start()]
cut = cut[: cut.rindex("</div>")]
rory.add("Written inside the wrapper", 12, None, "<html><body><p>Hello</p>" + cut + "<p>written inside the wrapper</p></body></html>", teams_record(m), expect="failed: refused", trap="the block's own wrapper is never closed and the user wrote on inside it: refused")

# Vera: nothing but plain LF files of another exporter, with records.
vera = calendar("vera.sousa", "Vera Sousa", "plain", "Europe/Stockholm", "en-US", 9)
ordinary(vera, [2022, 2025, "sfb"])


# -- settings --------------------------------------------------------------------------------

BRIDGE = guid("new bridge")
PHONES = {
    "us": [{"number": "+1 206 555 0170", "kind": "toll", "country": "United States", "city": "Seattle"}, {"number": "+1 888 555 0171", "kind": "toll-free", "country": "United States"}],
    "eu": [{"number": "+1 555 0172", "kind": "toll", "country": "Germany", "city": "Frankfurt"}],
    "asia": [{"number": "+1 555 0173", "kind": "toll", "country": "Japan", "city": "Tokyo"}, {"number": "+1 555 0174", "kind": "toll", "country": "Singapore"}],
}


def teams_coordinates(phones):
    new = {"provider": "teams", "join_url": "https://teams.microsoft.com/meet/{id}?p={passcode}", "meeting_id": "{id}", "passcode": "{code}"}
    if phones:
        new |= {"conference_id": "{conference_id}", "numbers": PHONES[phones], "local_numbers_url": f"https://dialin.teams.microsoft.com/{BRIDGE}?id={{conference_id}}", "reset_pin_url": "https://dialin.teams.microsoft.com/usp/pstnconferencing"}
    return new | {"meeting_options_url": "https://teams.microsoft.com/meetingOptions/?meeting={id}", "help_url": "https://aka.ms/JoinTeamsMeeting"}


def sfb_coordinates(phones):
    return {"provider": "skype-for-business", "join_url": "https://meet.lync.com/contoso/{user}/{focus}", "conference_id": "{conference_id}", "numbers": PHONES[phones],
            "local_numbers_url": f"https://dialin.lync.com/{BRIDGE}?id={{conference_id}}", "reset_pin_url": "https://mysettings.lync.com/pstnconferencing", "help_url": "https://o15.officeredir.microsoft.com/r/rlidLync15"}


ONLINE = {"mailbox": "online", "audio_provider": "microsoft", "audio_license": True, "meetings": "private"}
USERS = {
    "anna.berg": ("Anna Berg", ONLINE, [sfb_coordinates("eu")], "moved-online", "05:10", "moved from a pool on premises to the cloud, stays on Skype for Business; runs. Her file was saved from Outlook and has no records"),
    "nils.aalto": ("Nils Aalto", ONLINE, [sfb_coordinates("eu"), teams_coordinates("eu")], "license-assigned", "05:20", "gets the cloud's numbers; runs"),
    "mira.koch": ("Mira Koch", ONLINE | {"meetings": "public"}, [teams_coordinates("eu")], "conference-id-reset", "05:30", "public meetings: one conference id for all; runs"),
    "luc.moreau": ("Luc Moreau", ONLINE, [teams_coordinates("eu")], "moved-to-bridge", "05:40", "runs"),
    "yuki.tanaka": ("Yuki Tanaka", ONLINE, [teams_coordinates("asia")], "audio-enabled", "05:50", "runs"),
    "omar.haddad": ("Omar Haddad", ONLINE, [teams_coordinates("us")], "license-assigned", "06:00", "runs; right to left"),
    "noa.levi": ("Noa Levi", ONLINE, [teams_coordinates("us")], "moved-online", "06:10", "runs; right to left"),
    "mei.lin": ("Mei Lin", ONLINE, [teams_coordinates("asia")], "audio-provider-changed", "06:20", "runs; folds counted in characters"),
    "soren.dahl": ("Søren Dahl", ONLINE | {"audio_provider": "none", "audio_license": False}, [teams_coordinates(None)], "license-removed", "06:30", "runs; the new block has no numbers"),
    "tom.reyes": ("Tom Reyes", ONLINE, [teams_coordinates("us"), sfb_coordinates("us")], "sip-address-changed", "06:40", "ignored: a changed SIP address never runs"),
    "petra.kern": ("Petra Kern", ONLINE | {"audio_provider": "third-party"}, [sfb_coordinates("eu"), teams_coordinates("eu")], "license-assigned", "06:50", "held back by the switch `automatically_replace_acp_provider`"),
    "kim.park": ("Kim Park", ONLINE | {"mailbox": "on-premises"}, [sfb_coordinates("us")], "moved-online", "07:00", "ignored: the mailbox is on premises"),
    "ada.obi": ("Ada Obi", ONLINE, [teams_coordinates("us"), sfb_coordinates("us")], "manual-start", "07:10", "both products, each meeting stays with its own; most of the traps; runs"),
    "rory.blake": ("Rory Blake", ONLINE, [teams_coordinates("us")], "license-assigned", "07:20", "only in `changes-with-trouble.jsonl`: one body is ambiguous and one cannot be cut, so this job fails; the other four meetings are migrated"),
    "vera.sousa": ("Vera Sousa", ONLINE, [teams_coordinates("eu"), sfb_coordinates("eu")], None, None, "no change: her calendar must come out as it went in"),
}


def main():
    settings = {
        "policy": "seed-2018",
        "evidence": "record-or-marks",
        "tenant": {"meeting_migration_enabled": True, "automatically_migrate_user_meetings": True, "automatically_replace_acp_provider": False},
        "users": {f"{user}@contoso.example": {"calendar": f"{user}.ics", "name": name, "zone": calendars[user].zone} | account | {"coordinates": new} for user, (name, account, new, *_) in USERS.items()},
    }
    (TENANT / "calendars").mkdir(parents=True, exist_ok=True)
    for stale in (TENANT / "calendars").iterdir():
        stale.unlink()
    write(TENANT / "tenant.json", json.dumps(settings, ensure_ascii=False, indent=1) + "\n")
    changes = [{"user": f"{user}@contoso.example", "change": change, "at": f"2026-11-22T{at}:00Z"} for user, (_, _, _, change, at, _) in USERS.items() if change]
    changes.append({"user": "anna.berg@contoso.example", "change": "license-assigned", "at": "2026-11-22T07:15:00Z"})
    trouble = list(changes)
    trouble.insert(9, {"user": "ghost@contoso.example", "change": "license-assigned", "at": "2026-11-22T06:35:00Z"})
    changes = [change for change in changes if change["user"] != rory.address]
    for name, lines in {"changes.jsonl": changes, "changes-with-trouble.jsonl": trouble}.items():
        write(TENANT / name, "".join(json.dumps(line) + "\n" for line in lines))
    meetings = {}
    for user, cal in calendars.items():
        (TENANT / "calendars" / f"{user}.ics").write_bytes(cal.bytes())
        meetings[user] = len({line for event in cal.events for line in event if isinstance(line, str) and line.startswith("UID:")})
    idle = {"tom.reyes", "petra.kern", "kim.park", "vera.sousa"}
    expected = {cal.address: cal.expected for user, cal in calendars.items() if user not in idle}
    write(TENANT / "expected.json", json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
    write(TENANT / "README.md", readme(meetings))
    (HERE / "coordinates").mkdir(exist_ok=True)
    for provider, new in COORDINATES.items():
        write(HERE / "coordinates" / f"{provider}.json", json.dumps({"provider": provider} | new, ensure_ascii=False, indent=1) + "\n")


def write(path, content):
    path.write_text(content, "utf-8", newline="\n")


def readme(meetings):
    who = "\n".join(f"| `{user}` | {meetings[user]} | {calendars[user].flavour} | {calendars[user].lang} | {calendars[user].zone} | {USERS[user][3] or '–'} | {USERS[user][5]} |" for user in USERS)
    traps = "\n".join(f"| `{user}` | {subject} | {trap} |" for user, subject, trap in TRAPS)
    return README.format(users=len(USERS), total=sum(meetings.values()), who=who, traps=traps)


README = """\
# The sample tenant

Contoso changes how its people meet: {users} users, {total} meetings. Everybody and everything in it is invented.
Written by `examples/data/author.py`, this page included: edit the script, not the files.
The default `--now` of the examples is 2026-11-22T09:00:00Z.

- `calendars/<user>.ics`: one file per user, with the line ends, folds, zones and properties of its producer.
- `tenant.json`: the settings.
- `changes.jsonl`: what the admin did, one change a line: `user`, `change`, `at` (when, UTC). Anna has two changes, which end in
  one update per meeting. This is the default, and everybody whose change runs ends as Succeeded: exit status 0.
- `changes-with-trouble.jsonl`: the same lines and two more. Line 10 names nobody's account (`ghost@…`), and Rory's calendar holds
  two meetings that fail. Both are named, everybody else ends as with the other file, and the exit status is 1.
- `expected.json`: what becomes of each meeting (by user and UID) when the changes have run: `migrated`, `left-alone` (no block of
  its own), `skipped: <reason>`, `failed: <reason>`. It holds for both files: Rory, whom only `changes-with-trouble.jsonl` names, is
  the one user more that it adds. Users whose change runs nothing are not in it; a meeting that is over may not be listed at all.

## `tenant.json`

| key | means |
| --- | --- |
| `policy` | the preset: `seed-2018` |
| `evidence` | what proves that a meeting was made with the add-in: `record`, `record-or-marks` (files saved from Outlook have no record) |
| `tenant` | the three switches of the manual, in snake case |
| `users.<address>.calendar` | the file in `calendars/` |
| `users.<address>.name` | the name that notices carry |
| `users.<address>.zone` | the zone of dates and of times that name none |
| `users.<address>.mailbox` | `online`, `on-premises` |
| `users.<address>.audio_provider` | `microsoft`, `third-party`, `none` |
| `users.<address>.audio_license` | whether the audio licence is assigned |
| `users.<address>.meetings` | `public` (one conference id for all meetings), `private` (one each) |
| `users.<address>.coordinates` | a list of new coordinates, as in `examples/data/coordinates/`, with placeholders in the strings. A meeting takes those of the product it has a record of, without one the first |

Placeholders are filled in once per meeting, the same every time (a digest of the user's address and the meeting's UID): `{{id}}`
13 digits, `{{passcode}}` 18 letters and digits, `{{code}}` 8 of them, `{{focus}}` 8 capital letters and digits, `{{conference_id}}` 9 digits
(of the user alone when `meetings` is `public`), `{{user}}` the address before the `@`.

## Who is who

| user | meetings | written by | language | zone | change | what to expect |
| --- | --- | --- | --- | --- | --- | --- |
{who}

`exchange`: CRLF, fold CRLF+SP, records, on some meetings an HTML twin as Graph hands it out. `outlook`: CRLF, fold CRLF+TAB, DESCRIPTION and X-ALT-DESC twins, no records;
`outlook-lf` the same after a repository normalised it to LF. `google`: folds counted in characters. `plain`: LF, fold LF+SP.

## Traps

Beside twelve ordinary meetings each, four for Rory (products and generations mixed, because a series keeps the block it was born with):

| user | meeting | trap |
| --- | --- | --- |
{traps}
"""

NUMBERS = [{"number": "+1 206 555 0170", "kind": "toll", "country": "United States", "city": "Seattle"}, {"number": "+1 888 555 0171", "kind": "toll-free", "country": "United States"}]
COORDINATES = {
    "teams": {
        "languages": ["en-US"], "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp", "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123 456 789#", "numbers": NUMBERS,
        "local_numbers_url": f"https://dialin.teams.microsoft.com/{BRIDGE}?id=123456789", "reset_pin_url": "https://dialin.teams.microsoft.com/usp/pstnconferencing", "meeting_options_url": "https://teams.microsoft.com/meetingOptions/?meeting=2345678901234", "help_url": "https://aka.ms/JoinTeamsMeeting",
    },
    "skype-for-business": {
        "languages": ["en-US"], "join_url": "https://meet.lync.com/contoso/anna.berg/7XKQ2MPL", "conference_id": "55501234", "numbers": NUMBERS,
        "local_numbers_url": f"https://dialin.lync.com/{BRIDGE}?id=55501234", "reset_pin_url": "https://mysettings.lync.com/pstnconferencing", "help_url": "https://o15.officeredir.microsoft.com/r/rlidLync15",
    },
    "zoom": {"languages": ["en-US"], "join_url": "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6hIj9kLm2nOpQr5tUvWx8yZ1Bc", "meeting_id": "955 5012 3456", "passcode": "550142", "numbers": NUMBERS, "local_numbers_url": "https://us02web.zoom.us/u/kContoso1"},
    "google-meet": {"languages": ["en-US"], "join_url": "https://meet.google.com/con-toso-abc", "conference_id": "555 014 201#", "numbers": NUMBERS[:1], "local_numbers_url": "https://tel.meet/con-toso-abc?pin=5550142017788", "help_url": "https://support.google.com/a/users/answer/9282720"},
    "webex": {"languages": ["en-US"], "join_url": "https://contoso.webex.com/contoso/j.php?MTID=m5b1c0de55501425550142abcdef01234f", "meeting_id": "2550 142 7788", "passcode": "rT5kContoso", "numbers": NUMBERS, "local_numbers_url": "https://contoso.webex.com/contoso/globalcallin.php?MTID=m5b1c0de55501425550142abcdef01234f"},
}

if __name__ == "__main__":
    main()
