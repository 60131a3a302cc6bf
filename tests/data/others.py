"""Blocks of products beyond Teams and Skype for Business, for `author.py`.

Each printer gives the rows of a block as text; `as_word` and `as_divs` put them into HTML,
as Outlook and Gmail do with a text that was pasted. The same invented people and numbers.
"""

import html

from blocks import digits, guid, letters

BOX, WAVES = "\u2500" * 10, "-~" * 22 + "-"
TILDES = "-::~:~::" + "~:" * 34 + ":~:~::-"


class Other:
    """The facts of one invented meeting of another product."""

    def __init__(self, key):
        self.id = digits("id " + key, 11)
        self.pwd = letters("pwd " + key, 32)
        self.code = digits("code " + key, 6)
        self.word = letters("word " + key, 8)
        self.mtid = "m" + guid("mtid " + key).replace("-", "")
        name = "".join(c for c in letters("meet " + key, 32).lower() if c.isalpha()) + "abcdefghij"
        self.meet_code = f"{name[:3]}-{name[3:7]}-{name[7:10]}"
        self.goto_id = digits("goto " + key, 9)

    @property
    def zoom(self):
        return f"https://us02web.zoom.us/j/{self.id}?pwd={self.pwd}"

    @property
    def meet(self):
        return f"https://meet.google.com/{self.meet_code}"

    @property
    def webex(self):
        return f"https://contoso.webex.com/contoso/j.php?MTID={self.mtid}"

    @property
    def goto(self):
        return f"https://global.gotomeeting.com/join/{self.goto_id}"


def zoom_rows(m, join="Join Zoom Meeting", local="Find your local number", numbers=True, end=True, sip=False):
    grouped = f"{m.id[:3]} {m.id[3:7]} {m.id[7:]}"
    rows = [join, m.zoom, "", f"Meeting ID: {grouped}", f"Passcode: {m.word}"]
    if numbers:
        rows += ["One tap mobile", f"+12065550142,,{m.id}#,,,,*{m.code}# US (Seattle)", f"+13125550143,,{m.id}#,,,,*{m.code}# US (Chicago)", ""]
        rows += ["Dial by your location", "        +1 206 555 0142 US (Seattle)", "        +1 312 555 0143 US (Chicago)"]
        rows += [f"Meeting ID: {grouped}", f"Passcode: {m.code}"]
    if end:
        rows += [f"{local}: https://us02web.zoom.us/u/k{m.code}Ab"]
    if sip:
        rows += ["", "Join by SIP", f"{m.id}@zoomcrc.com", "", "Join by H.323", "162.255.37.11 (US West)", "162.255.36.11 (US East)", f"Meeting ID: {grouped}", f"Passcode: {m.code}"]
    return rows


def meet_rows(m, year=2024):
    phone, more = f"+1 206-555-0142 PIN: {m.code}#", f"https://tel.meet/{m.meet_code}?pin=9355501234567&hs=7"
    if year == 2020:
        event = "https://www.google.com/calendar/event?action=VIEW&eid=QW5uYSBCZXJnIGFuZCBvdGhlcnM&ctz=Europe%2FOslo"
        return ["Please do not edit this section of the description.", "", "This event has a video call.", f"Join: {m.meet}", phone, f"View more phone numbers: {more}", "", f"View your event at {event}."]
    learn = "Learn more about Meet at: https://support.google.com/a/users/answer/9282720"
    return [f"Join with Google Meet: {m.meet}", f"Or dial: (US) {phone}", f"More phone numbers: {more}", "", learn, "", "Please do not edit this section."]


def meet_zh_rows(m):
    return [f"使用 Google Meet 加入：{m.meet}", f"或撥打以下電話號碼：(US) +1 206-555-0142 驗證碼： {m.code}#", f"更多電話號碼: https://tel.meet/{m.meet_code}?pin=9355501234567&hs=7", "", "如要進一步瞭解 Meet，請前往：https://support.google.com/a/users/answer/9282720", "", "請勿編輯這個部分。"]


def meet_mail_rows(m):
    return ["Joining info: Join Hangouts Meet", m.meet, "", "Join by phone", f"+1 206-555-0142 (PIN: {m.code})", "", f"More phone numbers: https://tel.meet/{m.meet_code}?pin=9355501234567&hs=0"]


def webex_rows(m, skype=False):
    rows = ["JOIN WEBEX MEETING", m.webex, f"Meeting number (access code): {m.id[:4]} {m.id[4:7]} {m.id[7:]}", " ", f"Meeting password: {m.word}", " ", ""]
    rows += ["TAP TO JOIN FROM A MOBILE DEVICE (ATTENDEES ONLY)", f"+1-206-555-0142,,{m.id}## tel:%2B1-206-555-0142,,*01*{m.id}%23%23*01* Call-in toll number (US/Canada)", ""]
    rows += ["JOIN BY PHONE", "1-206-555-0142 Call-in toll number (US/Canada)", "", "Global call-in numbers", f"https://contoso.webex.com/contoso/globalcallin.php?MTID={m.mtid}", ""]
    if skype:
        rows += ["Join using Microsoft Lync or Microsoft Skype for Business", f"Dial {m.id}.contoso@lync.webex.com", ""]
    return rows + ["Can't join the meeting?", "https://collaborationhelp.cisco.com/article/WBX000029055"]


def goto_rows(m, url=None, install=False):
    grouped = f"{m.goto_id[:3]}-{m.goto_id[3:6]}-{m.goto_id[6:]}"
    rows = ["Please join my meeting from your computer, tablet or smartphone.", url or m.goto, "", "You can also dial in using your phone.", "United States: +1 (206) 555-0142", "", f"Access Code: {grouped}", ""]
    rows += ["More phone numbers", "Germany: +49 30 555 0143", "Norway: +47 21 55 50 14", ""]
    if install:
        return rows + [f"Get the app now and be ready when your first meeting starts: https://global.gotomeeting.com/install/{m.goto_id}"]
    return rows + ["First GoToMeeting? Let's do a quick system check: https://link.gotomeeting.com/system-check"]


def framed(fence, rows, gap=False):
    space = [""] if gap else []
    return "\n".join([fence] + space + rows + space + [fence])


def as_word(rows):
    """One paragraph a row, as Outlook makes of pasted text; a blank row is a blank paragraph."""
    return "\n".join(f"<p class=MsoNormal>{html.escape(row.strip(), quote=False).replace('        ', '&nbsp;' * 8) or '<o:p>&nbsp;</o:p>'}</p>" for row in rows)


def as_divs(rows):
    """Links made clickable, one `div` a row, as Gmail does."""
    def linked(row):
        words = [f'<a href="{html.escape(w)}">{html.escape(w)}</a>' if "://" in w else html.escape(w, quote=False) for w in row.strip().split(" ")]
        return " ".join(words) or "<br>"
    return "".join(f"<div>{linked(row)}</div>" for row in rows)
