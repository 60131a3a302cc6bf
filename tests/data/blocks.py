"""Online-meeting blocks as add-ins, services and mail programs write them.

One set of facts (`Meeting`), one list of rows per product and generation, and a printer
for each path that a block takes: service template, Graph, Word (full and filtered),
Gmail, Exchange's text, Outlook's text. Used by `tests/data/author.py` and
`examples/data/author.py`; people, organisations, ids and numbers are invented, and
everything is a function of a key, so that a rerun writes the same bytes.
"""

import base64
import hashlib
import html
import re
from urllib.parse import quote

U80, U45, U32, D137, D71, D66 = "_" * 80, "_" * 45, "_" * 32, "." * 137, "." * 71, "." * 66


class Meeting:
    """The facts of one invented meeting; `key` decides all of them."""

    def __init__(self, key, org="contoso.example", user="anna.berg", id_digits=13):
        self.org, self.user, self.key = org, user, key
        self.tid, self.oid = guid("tenant " + org), guid("user " + user + org)
        thread = base64.b64encode(guid("thread " + key).encode()).decode().rstrip("=")
        self.thread = "meeting_" + thread
        self.digits = digits("id " + key, id_digits)
        self.p = letters("p " + key, 18)
        self.passcode = letters("passcode " + key, 6 if id_digits == 12 else 8)
        self.conf = digits("conf " + key, 9)
        self.focus = letters("focus " + key, 8).upper()
        self.bridge = guid("bridge " + org)

    @property
    def long(self):
        context = f"%7b%22Tid%22%3a%22{self.tid}%22%2c%22Oid%22%3a%22{self.oid}%22%7d"
        host = "https://teams.microsoft.com/l/meetup-join/"
        return f"{host}19%3a{self.thread}%40thread.v2/0?context={context}"

    @property
    def short(self):
        return f"https://teams.microsoft.com/meet/{self.digits}?p={self.p}"

    @property
    def lync(self):
        return f"https://meet.lync.com/{self.org.split('.')[0]}/{self.user}/{self.focus}"

    @property
    def onprem(self):
        return f"https://meet.{self.org}/{self.user}/{self.focus}"

    def options(self, lang):
        return (
            f"https://teams.microsoft.com/meetingOptions/?organizerId={self.oid}&tenantId={self.tid}"
            f"&threadId=19_{self.thread}@thread.v2&messageId=0&language={lang}"
        )

    @property
    def numbers(self):
        return f"https://dialin.teams.microsoft.com/{self.bridge}?id={self.conf}"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def guid(text):
    d = digest(text)
    return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-9{d[17:20]}-{d[20:32]}"


def digits(text, n):
    return str(int(digest(text), 16))[1 : n + 1]


def letters(text, n):
    raw = base64.b64encode(bytes.fromhex(digest(text) * 2)).decode()
    return re.sub(r"[+/=]", "", raw)[:n]


def grouped(number):
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


# Labels, by language. Where a product's own wording is not known the words are ours: they
# are labels, and nothing may be found by them.
TEAMS = {
    "en-US": dict(
        t19="Join Microsoft Teams Meeting", head="Microsoft Teams meeting", on="Join on your computer, mobile app or room device",
        click="Click here to join the meeting", now="Join the meeting now", join="Join:", id="Meeting ID:", code="Passcode:",
        down="Download Teams", web="Join on the web", call="Or call in (audio only)", dial="Dial in by phone", local="Find a local number",
        phone="Phone conference ID:", conf="Conference ID:", numbers="Local numbers", pin="Reset PIN", pin24="Reset dial-in PIN", help="Need help?",
        sys="System reference", more="Learn More", more19="Learn more about Teams", options="Meeting options", orgs="For organizers:",
        vtc="Join with a video conferencing device", key="Tenant key:", video="Video ID:", info="More info", ohelp="Org help", privacy="Privacy and security",
    ),
    "de-DE": dict(
        t19="An Microsoft Teams-Besprechung teilnehmen", head="Microsoft Teams-Besprechung", on="Nehmen Sie auf dem Computer, in der mobilen App oder mit einem Raumgerät teil",
        click="Klicken Sie hier, um an der Besprechung teilzunehmen", now="Jetzt an der Besprechung teilnehmen", join="Teilnehmen:", id="Besprechungs-ID:", code="Passcode:",
        down="Teams herunterladen", web="Im Web teilnehmen", call="Oder anrufen (nur Audio)", dial="Per Telefon einwählen", local="Lokale Nummer suchen",
        phone="Telefonkonferenz-ID:", conf="Konferenz-ID:", numbers="Lokale Nummern", pin="PIN zurücksetzen", pin24="Einwahl-PIN zurücksetzen", help="Benötigen Sie Hilfe?",
        sys="Systemreferenz", more="Weitere Infos", more19="Weitere Informationen zu Teams", options="Besprechungsoptionen", orgs="Für Organisatoren:",
        vtc="Mit einem Videokonferenzgerät teilnehmen", key="Mandantenschlüssel:", video="Video-ID:", info="Weitere Informationen", ohelp="Hilfe", privacy="Datenschutz und Sicherheit",
    ),
    "fr-FR": dict(
        t19="Rejoindre la réunion Microsoft Teams", head="Réunion Microsoft Teams", on="Participez à partir de votre ordinateur, de votre application mobile ou de l’appareil de la salle",
        click="Cliquez ici pour participer à la réunion", now="Rejoindre la réunion maintenant", join="Rejoindre :", id="ID de réunion :", code="Code secret :",
        down="Télécharger Teams", web="Rejoindre sur le web", call="Ou composer le numéro (audio seulement)", dial="Composer par téléphone", local="Trouver un numéro local",
        phone="ID de conférence téléphonique :", conf="ID de conférence :", numbers="Numéros locaux", pin="Réinitialiser le code PIN", pin24="Réinitialiser le code PIN de connexion", help="Besoin d’aide ?",
        sys="Référence système", more="Pour en savoir plus", more19="En savoir plus sur Teams", options="Options de réunion", orgs="Pour les organisateurs :",
        vtc="Rejoindre sur un appareil de visioconférence", key="Clé de locataire :", video="ID vidéo :", info="Plus d’informations", ohelp="Aide de l’organisation", privacy="Confidentialité et sécurité",
    ),
    "ja-JP": dict(
        t19="Microsoft Teams 会議に参加", head="Microsoft Teams ミーティング", on="コンピューター、モバイルアプリ、またはルームデバイスで参加する",
        click="ここをクリックして会議に参加してください", now="今すぐ会議に参加する", join="参加:", id="会議 ID:", code="パスコード:",
        down="Teams のダウンロード", web="Web に参加", call="または、電話で参加 (音声のみ)", dial="電話によるダイヤルイン", local="ローカル番号を検索する",
        phone="電話会議 ID:", conf="会議 ID:", numbers="ローカル番号", pin="PIN のリセット", pin24="ダイヤルイン PIN のリセット", help="ヘルプが必要ですか?",
        sys="システム リファレンス", more="詳細情報", more19="Teams に関する詳細", options="会議のオプション", orgs="開催者向け:",
        vtc="ビデオ会議デバイスで参加する", key="テナント キー:", video="ビデオ ID:", info="詳細", ohelp="組織のヘルプ", privacy="プライバシーとセキュリティ",
    ),
    "ar-SA": dict(
        t19="الانضمام إلى اجتماع Microsoft Teams", head="اجتماع Microsoft Teams", on="الانضمام على جهاز الكمبيوتر أو تطبيق الأجهزة المحمولة أو جهاز الغرفة",
        click="انقر هنا للانضمام إلى الاجتماع", now="الانضمام إلى الاجتماع الآن", join="انضمام:", id="معرف الاجتماع:", code="رمز المرور:",
        down="تنزيل Teams", web="الانضمام على الويب", call="أو الاتصال هاتفيًا (صوت فقط)", dial="الاتصال عبر الهاتف", local="البحث عن رقم محلي",
        phone="معرف المؤتمر الهاتفي:", conf="معرف المؤتمر:", numbers="الأرقام المحلية", pin="إعادة تعيين PIN", pin24="إعادة تعيين رقم PIN", help="هل تحتاج إلى مساعدة؟",
        sys="مرجع النظام", more="معرفة المزيد", more19="معرفة المزيد حول Teams", options="خيارات الاجتماع", orgs="للمنظمين:",
        vtc="الانضمام على جهاز مؤتمرات الفيديو", key="مفتاح المستأجر:", video="معرف الفيديو:", info="مزيد من المعلومات", ohelp="مساعدة", privacy="الخصوصية والأمان",
    ),
    "he-IL": dict(
        t19="הצטרף לפגישת Microsoft Teams", head="פגישת Microsoft Teams", on="הצטרף מהמחשב, מהאפליקציה לנייד או ממכשיר החדר",
        click="לחץ כאן כדי להצטרף לפגישה", now="הצטרף לפגישה כעת", join="הצטרף:", id="מזהה פגישה:", code="קוד גישה:",
        down="הורד את Teams", web="הצטרף באינטרנט", call="או התקשר (שמע בלבד)", dial="חייג בטלפון", local="מצא מספר מקומי",
        phone="מזהה ועידה טלפונית:", conf="מזהה ועידה:", numbers="מספרים מקומיים", pin="אפס PIN", pin24="אפס PIN לחיוג", help="זקוק לעזרה?",
        sys="הפניה למערכת", more="למד עוד", more19="למד עוד על Teams", options="אפשרויות פגישה", orgs="למארגנים:",
        vtc="הצטרף במכשיר ועידת וידאו", key="מפתח דייר:", video="מזהה וידאו:", info="מידע נוסף", ohelp="עזרה", privacy="פרטיות ואבטחה",
    ),
    "zh-CN": dict(
        t19="加入 Microsoft Teams 会议", head="Microsoft Teams 会议", on="在计算机、移动应用或会议室设备上加入",
        click="单击此处加入会议", now="立即加入会议", join="加入:", id="会议 ID:", code="密码:",
        down="下载 Teams", web="在 Web 上加入", call="或呼入(仅音频)", dial="通过电话拨入", local="查找本地号码",
        phone="电话会议 ID:", conf="会议 ID:", numbers="本地号码", pin="重置 PIN", pin24="重置拨入 PIN", help="需要帮助?",
        sys="系统参考", more="了解更多信息", more19="了解有关 Teams 的详细信息", options="会议选项", orgs="对于组织者:",
        vtc="在视频会议设备上加入", key="租户密钥:", video="视频 ID:", info="更多信息", ohelp="帮助", privacy="隐私和安全",
    ),
    "da-DK": dict(
        t19="Deltag i Microsoft Teams-møde", head="Microsoft Teams-møde", on="Deltag på din computer, mobilapp eller lokaleenhed",
        click="Klik her for at deltage i mødet", now="Deltag i mødet nu", join="Deltag:", id="Møde-id:", code="Adgangskode:",
        down="Hent Teams", web="Deltag på internettet", call="Eller ring op (kun lyd)", dial="Ring op via telefon", local="Find et lokalt nummer",
        phone="Telefonkonference-id:", conf="Konference-id:", numbers="Lokale numre", pin="Nulstil pinkode", pin24="Nulstil opkaldspinkode", help="Har du brug for hjælp?",
        sys="Systemreference", more="Få mere at vide", more19="Få mere at vide om Teams", options="Mødeindstillinger", orgs="For arrangører:",
        vtc="Deltag på en enhed til videomøder", key="Lejernøgle:", video="Video-id:", info="Flere oplysninger", ohelp="Hjælp", privacy="Beskyttelse og sikkerhed",
    ),
}

SFB = {
    "en-US": dict(
        lcid="1033", join="Join Skype Meeting", web="Trouble Joining?", app="Try Skype Web App", phone="Join by phone", local="Find a local number",
        conf="Conference ID:", pin="Forgot your dial-in PIN?", help="Help", lang="English (United States)", toll="Toll number:",
        old="This is an online meeting for Skype for Business, the professional meetings and communications app formerly known as Lync.",
    ),
    "de-DE": dict(
        lcid="1031", join="An Skype-Besprechung teilnehmen", web="Probleme bei der Teilnahme?", app="Skype Web App ausprobieren", phone="Per Telefon teilnehmen", local="Lokale Nummer suchen",
        conf="Konferenzkennung:", pin="Einwahl-PIN vergessen?", help="Hilfe", lang="Deutsch (Deutschland)", toll="Gebührenpflichtig:",
        old="Dies ist eine Onlinebesprechung für Skype for Business, die früher als Lync bekannte App.",
    ),
    "sv-SE": dict(
        lcid="1053", join="Anslut till Skype-mötet", web="Anslutningsproblem?", app="Prova Skype Web App", phone="Anslut via telefon", local="Hitta ett lokalt nummer",
        conf="Konferens-ID:", pin="Har du glömt din PIN-kod för inringning?", help="Hjälp", lang="Svenska (Sverige)", toll="Avgiftsnummer:",
        old="Det här är ett onlinemöte för Skype för företag, appen som tidigare hette Lync.",
    ),
    "fr-FR": dict(
        lcid="1036", join="Participer à la réunion Skype", web="Problème pour participer ?", app="Essayez Skype Web App", phone="Participer par téléphone", local="Trouver un numéro local",
        conf="ID de conférence :", pin="Vous avez oublié votre code PIN ?", help="Aide", lang="Français (France)", toll="Numéro payant :",
        old="Ceci est une réunion en ligne pour Skype Entreprise, l’application autrefois appelée Lync.",
    ),
}


class Link:
    def __init__(self, label, url, id=None, cls="me-email-link"):
        self.label, self.url, self.id, self.cls = label, url, id, cls


# -- Teams: rows ------------------------------------------------------------------------


def teams_rows(m, gen, lang="en-US", phone=False, cvi=None, logo=None, footer=None, org=False, wrap=lambda u: u):
    """The rows of a block of generation 2019, 2020, 2022, 2024 or 2025, in its own order."""
    w = TEAMS[lang]
    act = "meet_invite_block.action."
    help_url = "https://aka.ms/JoinTeamsMeeting" + (f"?omkt={lang}" if gen >= 2024 else "")
    options = Link(w["options"], wrap(m.options(lang)), act + "organizer_meet_options" if gen >= 2024 else None)
    pin_url = "https://mysettings.lync.com/pstnconferencing" if gen < 2022 else "https://dialin.teams.microsoft.com/usp/pstnconferencing"
    bar = " | "
    tel = f"tel:+1%20206-555-0123,,{m.conf}#" if gen == 2019 else f"tel:+12065550123,,{m.conf}#"
    shown = "+1 206-555-0123" if gen == 2019 else f"+1 206-555-0123,,{m.conf}#"
    place = {"en-US": "United States, Seattle", "de-DE": "Deutschland, Frankfurt", "fr-FR": "France, Paris"}.get(lang, "United States, Seattle")
    number = ("phone", [Link(shown, tel), f"   {place}" + (" (Toll)" if gen == 2019 else " ")])
    rows = []
    if gen == 2019:
        rows.append(("join", [Link(w["t19"], wrap(m.long), cls="me-email-headline")]))
        links = [Link(w["more19"], "https://go.microsoft.com/fwlink/?linkid=857250"), bar, options]
        if phone:
            rows += [number, ("id", [w["conf"] + " ", grouped(m.conf) + "# "])]
            links = [Link(w["numbers"], wrap(m.numbers)), bar, Link(w["pin"], pin_url), bar] + links
        rows.append(("links", links))
        rows += cvi_rows(w, gen, cvi)
    elif gen in (2020, 2022):
        rows += [("head", [w["head"]]), ("on", [w["on"]]), ("join", [Link(w["click"], wrap(m.long), cls="me-email-headline")])]
        if gen == 2022:
            rows += [("id", [w["id"] + " ", grouped(m.digits)]), ("code", [w["code"] + " ", m.passcode])]
            rows.append(("apps", [
                Link(w["down"], "https://www.microsoft.com/en-us/microsoft-teams/download-app"), bar,
                Link(w["web"], "https://www.microsoft.com/microsoft-teams/join-a-meeting"),
            ]))
        rows += cvi_rows(w, gen, cvi)
        if phone:
            rows += [("sub", [w["call"]]), number, ("id", [w["phone"] + " ", grouped(m.conf) + "# "])]
            rows.append(("links", [Link(w["local"], wrap(m.numbers)), bar, Link(w["pin"], pin_url)]))
        rows.append(("links", [Link(w["more"], help_url), bar, options]))
    else:
        help_link = Link(w["help"], wrap(help_url), act + "help")
        if gen == 2024:
            rows.append(("head", ["Microsoft Teams ", help_link]))
            rows.append(("join", [Link(w["now"], wrap(m.long), act + "join_link", "me-email-headline")]))
        else:
            rows.append(("head", [w["head"]]))
            rows.append(("join", [w["join"] + " ", Link(m.short, wrap(m.short), act + "join_link")]))
        rows += [("id", [w["id"] + " ", grouped(m.digits)]), ("code", [w["code"] + " ", m.passcode]), ("rule", [])]
        if gen == 2025:
            rows.append(("links", [help_link, bar, Link(w["sys"], wrap(m.long), act + "join_link_compatibility")]))
        if phone:
            rows += [("sub", [w["dial"]]), number, ("links", [Link(w["local"], wrap(m.numbers))])]
            rows.append(("id", [w["phone"] + " ", grouped(m.conf) + "#"]))
        rows += cvi_rows(w, gen, cvi)
        tail = [w["orgs"] + " ", options]
        if phone:
            tail += [bar, Link(w["pin24"], pin_url, act + "organizer_reset_dialin_pin")]
        rows.append(("orgs", tail))
    if logo:
        rows.append(("logo", [logo]))
    if footer:
        rows.append(("footer", [footer]))
    if org:
        rows.append(("links", [Link(w["ohelp"], f"https://intranet.{m.org}/help"), bar, Link(w["privacy"], f"https://www.{m.org}/privacy")]))
    return rows


def cvi_rows(w, gen, cvi):
    """The Cloud Video Interop part of vendor `cvi`: poly, webex, pexip, own."""
    if not cvi:
        return []
    address, number, info = {
        "poly": ("412555013@t.plcm.vc", "118 555 013", "https://dialin.plcm.vc/teams/?key=412555013&conf=118555013"),
        "webex": ("contoso@m.webex.com", "118 555 017 3", "https://www.webex.com/msteams?confid=1185550173&tenantkey=contoso&domain=m.webex.com"),
        "pexip": ("teams@contoso.onpexip.com", "118 555 018 4", "https://pexip.me/teams/contoso.onpexip.com/1185550184"),
        "own": ("teams@vc.contoso.example", "118 555 019 5", "https://vc.contoso.example/teams/?conf=1185550195&ivr=teams&d=vc.contoso.example&prefix=teams.&w"),
    }[cvi]
    rows = [("sub", [w["vtc"]])]
    if gen < 2024:
        rows.append(("video", [Link(address, "mailto:" + address), " VTC Conference ID: " + number]))
    else:
        rows += [("video", [w["key"] + " ", address]), ("video", [w["video"] + " ", number])]
    rows.append(("links", [Link(w["info"], info)]))
    return rows


# -- Teams: printers --------------------------------------------------------------------

FONT = "font-family:'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif"
SIZES = {"head": 24, "on": 14, "join": 14, "id": 14, "code": 14, "sub": 14, "orgs": 14, "video": 12}


def teams_service(m, gen, lang="en-US", surplus=None, **options):
    """The service's own template: CRLF, indented, bare `&`. 2022 has one `</div>` too many."""
    rows = teams_rows(m, gen, lang, **options)
    surplus = gen == 2022 if surplus is None else surplus
    dir_ = ' dir="rtl"' if lang[:2] in ("ar", "he") else ""
    out = []
    if gen < 2024:
        colour = "gray" if gen == 2019 else "#5F5F5F"
        height = "height: 20px;" if gen < 2022 else ""
        fence = f'<div style="width:100%;{height}">\n    <span style="white-space:nowrap;color:{colour};opacity:.36;">{U80}</span>\n</div>'
        tag = "" if gen == 2019 else f' lang="{lang}"{dir_}'
        out += [fence, f'<div class="me-email-text" style="color:#252424;{FONT};"{tag}>']
    else:
        hidden = 'aria-hidden="true" ' if gen == 2025 else ""
        width = 1024 if gen == 2025 else 520
        fence = f'  <div {hidden}style="margin-bottom:24px;overflow:hidden;white-space:nowrap;">{U80}</div>'
        tag = f' lang="{lang}"{dir_}' if gen == 2025 or dir_ else ""
        out += [f'<div style="max-width: {width}px; color: #242424; {FONT}" class="me-email-text"{tag}>', fence, ""]
    for kind, parts in rows:
        out.append(service_row(kind, parts, gen))
    if gen < 2024:
        if surplus:
            out += [f'</div>\n<div style="font-size: 14px; margin-bottom: 4px;{FONT};">\n\n</div>\n<div style="font-size: 12px;">\n\n</div>\n\n</div>']
        else:
            out.append('  <div style="font-size: 14px; margin-bottom: 4px;"></div>\n  <div style="font-size: 12px;"></div>\n</div>')
        out.append(fence)
    else:
        out += ['  <div style="margin-top: 24px; margin-bottom: 6px;">\n    \n  </div>', "", fence, "", "</div>"]
    return "\n".join(out).replace("\n", "\r\n")


def service_row(kind, parts, gen):
    size = SIZES.get(kind, 14)
    if kind == "rule":
        return '  <div style="margin-bottom: 24px; max-width: 532px;">\n    <hr style="border: 0; background: #D1D1D1; height: 1px;"></hr>\n  </div>'
    if kind == "logo":
        return f'  <div style="margin-bottom: 4px;"><img style="width: 220px;" src="{parts[0]}" alt="Contoso"></div>'
    colour = "#6264a7" if gen < 2024 else "#5B5FC7"
    out = []
    for i, part in enumerate(parts):
        if isinstance(part, Link):
            id_ = f'id="{part.id}" ' if part.id else ""
            style = f"font-size: {size}px;text-decoration: underline;color: {colour};"
            out.append(f'<a {id_}class="{part.cls}" style="{style}" href="{part.url}" target="_blank" rel="noreferrer noopener">{text(part.label)}</a>')
        elif part == " | ":
            out.append(" | " if gen < 2024 else ' <span style="color: #D1D1D1">|</span> ')
        elif gen >= 2024:
            cls = "me-email-text-secondary" if i == 0 and kind != "head" else "me-email-text"
            out.append(f'<span class="{cls}" style="font-size: {size}px; color: #616161;">{text(part)}</span>')
        elif kind == "id" and i == 0:
            out.append(f'<span data-tid="meeting-code" style="font-size: {size}px; color:#252424;">{text(part)}</span>')
        else:
            out.append(f'<span style="font-size: {size}px; color:#252424">{text(part)}</span>')
    return f'  <div style="margin-bottom: 6px;">\n    {"".join(out)}\n  </div>'


def teams_word(m, gen, lang="en-US", full=False, **options):
    """The same block after Outlook's Word: ids and most classes gone, a `p` in every `div`."""
    rows = teams_rows(m, gen, lang, **options)
    font = "font-family:\"Segoe UI\",sans-serif;" + ("mso-fareast-font-family:\"Times New Roman\";" if full else "") + "color:#252424"
    grey = "gray" if gen == 2019 else "#5F5F5F"

    def span(style, inner):
        return f"<span style='{style}'>{inner}</span>" if full else f'<span style="{style.replace(chr(34), "&quot;")}">{inner}</span>'

    para = "<p class=MsoNormal>" if full else '<p class="MsoNormal">'
    out = [para + span(f"color:{grey}", U80) + "\n<o:p></o:p></p>", "<div>"]
    for kind, parts in rows:
        if kind == "rule":
            out.append(f'<div class="MsoNormal"><hr size="1" width="100%" noshade="" style="color:#D1D1D1" align="left"></div>')
            continue
        if kind == "logo":
            out.append(f'<div>{para}<img border=0 width=220 src="{parts[0]}" alt=Contoso><o:p></o:p></p></div>')
            continue
        inner = ""
        for part in parts:
            if isinstance(part, Link):
                style = "font-size:13.5pt" if kind == "join" else "font-size:10.5pt"
                url = html.escape(part.url).replace("&#x27;", "'")
                inner += f'<a href="{url}" target="_blank">{span(style + ";color:#6264A7", text(part.label))}</a>'
            else:
                inner += text(part)
        margin = "margin-top:.25in;margin-bottom:7.5pt" if kind == "join" else "margin-bottom:3.0pt"
        div = f"<div style='{margin}'>" if full else f'<div style="{margin}">'
        out.append(f"{div}\n{para}{span(font, inner + ' <o:p></o:p>')}</p>\n</div>")
    out += ["</div>", "<div>", para + span(f"color:{grey}", U80) + "\n<o:p></o:p></p>", "</div>"]
    return ("" if full else "\n").join(out)


def teams_gmail(m, gen, lang="en-US", **options):
    """Re-flowed by Gmail: no fence, no class, no id; `<u></u>` leftovers."""
    out = []
    for kind, parts in teams_rows(m, gen, lang, **options):
        if kind == "rule":
            out.append("<br><hr />")
            continue
        inner = ""
        for part in parts:
            if isinstance(part, Link):
                label = f"<b>{text(part.label)}</b>" if kind == "join" else text(part.label)
                inner += f'<a href="{html.escape(part.url)}" target="_blank">{label}</a>'
            else:
                inner += f"<b>{text(part)}</b>" if kind in ("head", "sub") else text(part)
        out.append(f"<p>{inner}<u></u><u></u></p>")
    return "".join(out)


def teams_text(m, gen, lang="en-US", form="exchange", fences=True, **options):
    """`exchange`: `label<url>`. `outlook`: a blank before `<`, blanks at line ends, and an
    empty line between all lines."""
    lines = []
    for kind, parts in teams_rows(m, gen, lang, **options):
        line = ""
        for part in parts:
            if isinstance(part, Link):
                same = part.label == part.url
                gap = " " if form == "outlook" else ""
                line += part.url if same else f"{part.label}{gap}<{part.url}>" + gap
            else:
                line += part
        if kind == "rule":
            line = U32
        if kind == "logo":
            line = f"[{parts[0]}]"
        lines.append(line.rstrip() + (" " if form == "outlook" else ""))
    if fences:
        fence = U80 + (" " if form == "outlook" else "")
        lines = [fence] + lines + [U80]
    return ("\n\n" if form == "outlook" else "\n").join(lines)


# -- Skype for Business -----------------------------------------------------------------


def sfb_word(m, lang="en-US", full=False, phone=True, footer=None, trailer=True, dots=True, table=False, url=None, edited=False, sep=""):
    """The add-in's block in Word HTML. `trailer`: True, "hex", "cut" or None."""
    w, url = SFB[lang], url or m.lync
    mso = "mso-ascii-font-family:Calibri;mso-hansi-font-family:Calibri;mso-bidi-font-family:Calibri;" if full else ""
    base = ("mso-pagination:none;mso-layout-grid-align:none;" if full else "") + "text-autospace:none"

    def p(inner, extra=""):
        return f"<p class=MsoNormal style='{extra}{base}'>{inner}</p>"

    def s(size, inner, extra="", lang_=" lang=EN"):
        return f"<span{lang_} style='font-size:{size}pt;{mso}{extra}'>".replace(";'", "'") + inner + "</span>"

    mark = lambda inner: f"<span style='mso-bookmark:OutJoinLink'>{inner}</span>"
    blue = "color:#0066CC"
    out = []
    if dots:
        out.append(p(s("8.0", D137, "color:#404040", "") + "<b>" + s("14.0", "<o:p></o:p>", "", "") + "</b>"))
    out.append(p(
        f"<a name=OutJoinLink>{s('14.0', '&agrave;', 'font-family:Wingdings;' + blue, '')}</a>" + mark(s("14.0", " ", blue, ""))
        + f'<a href="{url}">' + mark(s("16.0", text(w["join"]), blue, "")) + mark("") + "</a>"
        + mark(s("14.0", "&nbsp; <a name=OutSharedNoteBorder>&nbsp;</a>&nbsp;&nbsp;<a name=OutSharedNoteLink>&nbsp;</a>", "", ""))
        + s("14.0", "<o:p></o:p>", "", "")
    ))
    indent = "mso-margin-top-alt:3.0pt;margin-right:0in;margin-bottom:12.0pt;margin-left:16.0pt;line-height:125%;"
    if table:
        cell = p(s("10.0", text(w["old"]) + "<o:p></o:p>", "line-height:125%", ""), indent)
        out.append(
            "<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0 style='border-collapse:collapse'><tr>"
            f"<td width=400 valign=top style='width:300.0pt;padding:0in 0in 0in 0in'>{cell}</td></tr></table>"
        )
    else:
        out.append(p(s("10.0", f'{text(w["web"])} <u><a href="{url}?sl=1"><span style=\'{blue}\'>{text(w["app"])}</span></a> </u><o:p></o:p>', "line-height:125%", ""), indent))
    gap = "margin-bottom:2.0pt;"
    if phone:
        out.append(p(s("13.0", text(w["phone"]), "color:black") + s("8.0", "<o:p></o:p>", "color:black")))
        number = f'<a href="tel:+1%20(206)%20555-0142,{m.conf}%23"><span style=\'{blue}\'>+1 (206) 555-0142</span></a>'
        if edited:
            number = f"please dial +1 206 555 0142 and then {m.conf} (yes, all nine digits!)"
        out.append(p(s("10.0", f"{text(w['toll'])}" + "&nbsp;" * 9 + f" {number} (Bridge) " + "&nbsp;" * 17 + f" {text(w['lang'])} ") + s("3.0", "&nbsp;<o:p></o:p>"), gap))
        out.append(p(f'<u><span lang=EN style=\'font-size:10.0pt;color:#943634\'><a href="https://dialin.lync.com/{m.bridge}?id={m.conf}"><span style=\'{blue}\'>{text(w["local"])}</span></a></span></u><span lang=EN> </span>', gap))
        out.append(p(s("8.0", "<o:p>&nbsp;</o:p>"), gap))
        out.append(p(s("10.0", f"{text(w['conf'])} {m.conf}" + (" <i>(same for all our calls)</i>" if edited else "")) + s("10.5", "<o:p></o:p>"), gap))
        pin = f'<a href="https://mysettings.lync.com/pstnconferencing"><span style=\'{blue}\'>{text(w["pin"])}</span></a>'
        out.append(p(s("3.0", " ") + s("10.0", pin, blue) + s("3.0", " ") + "<span lang=EN>|</span>" + sfb_help(w, blue, s) + s("3.0", "&nbsp;&nbsp; ")))
    else:
        out.append(p(sfb_help(w, blue, s) + s("8.0", "<o:p></o:p>")))
    out.append(p(s("14.0", "<o:p>&nbsp;</o:p>")))
    if footer:
        out.append(p(f"<span lang=EN>{text(footer)} <o:p></o:p></span>"))
    if trailer:
        out.append(p("<sub>" + s("1.0", sfb_trailer(w, trailer), "color:white") + "</sub>" + s("3.0", "<o:p></o:p>")))
    if dots:
        out.append(p(s("8.0", D137, "line-height:115%;color:#404040") + s("10.5", "<o:p></o:p>", "line-height:115%"), "margin-bottom:10.0pt;line-height:115%;"))
    return sep.join(out)


def sfb_help(w, blue, s):
    url = f"https://o15.officeredir.microsoft.com/r/rlidLync15?clid={w['lcid']}&amp;p1=5&amp;p2=2009"
    return s("10.0", f'<a href="{url}"><span style=\'{blue}\'>{text(w["help"])}</span></a>')


def sfb_trailer(w, trailer):
    if trailer == "hex":
        return f"[!OC([{int(w['lcid']):04x}])!]"
    return "[!" if trailer == "cut" else f"[!OC([{w['lcid']}])!]"


def sfb_text(m, lang="en-US", form="exchange", phone=True, footer=None, logo=None, trailer=True, dots=True, url=None, edited=False):
    """`exchange`: one line each. `outlook`: wrapped at 72 columns, so that links are cut."""
    w, url = SFB[lang], url or m.lync
    number = f" +12065550142,,{m.conf}# (Bridge)" + " " * 48 + w["lang"]
    help_url = f"https://o15.officeredir.microsoft.com/r/rlidLync15?clid={w['lcid']}&p1=5&p2=2009"
    pin_url, local = "https://mysettings.lync.com/pstnconferencing", f"https://dialin.lync.com/{m.bridge}?id={m.conf}"
    outlook = form == "outlook"
    lines = [f"{'--> ' if outlook else ''}{w['join']} <{url}>" + (" " * 7 if outlook else "")]
    lines.append(f"{w['web']} {w['app']} <{url}?sl=1>" + ("  " if outlook else ""))
    if phone:
        if outlook:
            number = f"{w['toll']}         +1 (206) 555-0142 <tel:+1%20(206)%20555-0142,{m.conf}%23>  (Bridge) {w['lang']}  "
        if edited:
            number = f"please dial +1 206 555 0142 and then {m.conf} (yes, all nine digits!)"
        lines += [w["phone"], number, f"{w['local']} <{local}>", "", f"{w['conf']} {m.conf}"]
        lines.append(f"{'' if outlook else ' '}{w['pin']} <{pin_url}>  |{w['help']} <{help_url}>")
    else:
        lines.append(f"{w['help']} <{help_url}>")
    lines.append("")
    if logo:
        lines.append(f"[{logo}]")
    if footer:
        lines.append(footer)
    if trailer:
        lines.append(sfb_trailer(w, trailer))
    if outlook:
        lines = [wrapped(line) if line else " " for line in lines]
        if dots:
            lines = [f"{D71}\n{D66}"] + lines + [f"{D71}\n{D66}"]
        return "\n\n".join(lines)
    return "\n".join(([D137] if dots else []) + lines + ([D137] if dots else []))


def wrapped(line, width=72):
    """Outlook's wrap: at blanks, and inside a word that is longer than a line."""
    out, current = [], ""
    for word in re.findall(r"\S+\s*", line):
        if current and len(current) + len(word.rstrip()) > width:
            out.append(current.rstrip(" "))
            current = ""
        while len(word.rstrip()) > width:
            out.append(word[:width])
            word = word[width:]
        current += word
    return "\n".join(out + [current]) if current else "\n".join(out)


# -- what clients do to a block ---------------------------------------------------------

TAG = re.compile(r"<(/?)([A-Za-z][\w:]*)((?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*(/?)>")
ATTR = re.compile(r"([\w:-]+)(?:=(\"[^\"]*\"|'[^']*'|[^\s>]+))?")
FIRST = {"graph": ["href", "id", "title", "class", "lang", "dir"], "message": ["class", "lang", "dir", "target", "href", "rel"]}


def reprinted(source, order, drop):
    """Every tag printed again as Graph prints it: quotes, `; ` in styles, `&amp;`."""

    def tag(match):
        close, name, attrs, _ = match.groups()
        if name == "o:p" or (close and name == "hr"):
            return ""
        if close:
            return f"</{name}>"
        pairs = [(k, (v or "").strip("\"'")) for k, v in ATTR.findall(attrs)]
        out = []
        for key, value in sorted(pairs, key=lambda kv: (kv[0] == "style", order.index(kv[0]) if kv[0] in order else len(order))):
            if key in drop:
                continue
            if key == "style":
                rules = [r.strip() for r in value.split(";") if r.strip() and not r.strip().startswith("mso-")]
                value = "; ".join(re.sub(r":\s+", ":", r) for r in rules)
            value = re.sub(r"&(?!(amp|quot|lt|gt|nbsp|#\d+);)", "&amp;", value).replace('"', "&quot;")
            out.append(f' {key}="{value}"')
        return f"<{name}{''.join(out)}>"

    return TAG.sub(tag, source)


def as_graph(source):
    """Read back through Graph as an event body: CRLF inside tags' text, `href` first."""
    out = reprinted(re.sub(r"\s+", " ", source), FIRST["graph"], {"target", "rel"})
    out = re.sub(r"\s*(<div|</div>|<p[ >]|<table)", r"\n\1", out)
    out = re.sub(r"(</a>) (?=<span)", r"\1\n", out)
    out = re.sub(r">(\w+) (\w+ \w+[^<]*</a>)", ">\\1\n \\2", out)
    return out.replace("&agrave;", "à").strip().replace("\n", "\r\n")


def as_message(source):
    """The same in an event message: one line, `class` first, `target` and `rel` kept."""
    out = reprinted(re.sub(r"\s+", " ", source), FIRST["message"], set())
    return re.sub(r"\s*(</?div[^>]*>)\s*", r"\1", out)


def safelinks(url, region="eur04", path="/"):
    """A link as a mail filter rewrites it; the inner `%3a` becomes `%253a`."""
    token = "05%7C02%7Canna.berg%40contoso.example%7C" + digest(url)[:32]
    return f"https://{region}.safelinks.protection.outlook.com{path}?url={quote(url, safe='')}&data={token}%7C0%7C0&sdata={quote(base64.b64encode(bytes.fromhex(digest(url))).decode(), safe='')}&reserved=0"


def urldefense_v3(url):
    """Each `%` becomes `*`; what was there stands in base64 behind the link."""
    was = base64.urlsafe_b64encode(b"%" * url.count("%")).decode().rstrip("=")
    return f"https://urldefense.com/v3/__{url.replace('%', '*')}__;{was}!!{letters(url, 12)}!{letters(url + 'x', 40)}$"


def text(value):
    return html.escape(value, quote=False)


# -- what stands around a block ---------------------------------------------------------

NS = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns:m="http://schemas.microsoft.com/office/2004/12/omml" '
    'xmlns="http://www.w3.org/TR/REC-html40"'
)
STYLE = """<style><!--
/* Font Definitions */
@font-face
	{font-family:Wingdings;
	panose-1:5 0 0 0 0 0 0 0 0 0;}
@font-face
	{font-family:Calibri;
	panose-1:2 15 5 2 2 2 4 3 2 4;}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal
	{margin:0in;
	font-size:11.0pt;
	font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink
	{mso-style-priority:99;
	color:#0563C1;
	text-decoration:underline;}
@page WordSection1
	{size:8.5in 11.0in;
	margin:1.0in 1.0in 1.0in 1.0in;}
div.WordSection1
	{page:WordSection1;}
--></style>"""
SHAPES = """<!--[if gte mso 9]><xml>
<o:shapedefaults v:ext="edit" spidmax="1026" />
</xml><![endif]--><!--[if gte mso 9]><xml>
<o:shapelayout v:ext="edit">
<o:idmap v:ext="edit" data="1" />
</o:shapelayout></xml><![endif]-->"""
FULL = """<!--[if gte mso 9]><xml>
<o:OfficeDocumentSettings>
<o:AllowPNG/>
</o:OfficeDocumentSettings>
</xml><![endif]--><!--[if gte mso 9]><xml>
<w:WordDocument>
<w:TrackMoves/>
<w:SaveIfXMLInvalid>false</w:SaveIfXMLInvalid>
<m:mathPr>
<m:mathFont m:val="Cambria Math"/>
<m:brkBinSub m:val="&#45;-"/>
</m:mathPr></w:WordDocument>
</xml><![endif]--><!--[if gte mso 10]><style>/* Style Definitions */
table.MsoNormalTable
	{mso-style-name:"Table Normal";
	mso-para-margin:0in;}
</style><![endif]-->"""


def word_document(full=False, charset=None, lang="EN-US"):
    """(what stands before, what stands after) the paragraphs of a Word body."""
    meta = f'<meta http-equiv=Content-Type content="text/html; charset={charset}">' if charset else ""
    generator = "Microsoft Word 15" + ("" if full else " (filtered medium)")
    extra = FULL if full else ""
    head = (
        f'<html {NS}><head>{meta}<meta name=Generator content="{generator}">{extra}{STYLE}{SHAPES}</head>'
        f'<body lang={lang} link="#0563C1" vlink="#954F72"><div class=WordSection1>'
    )
    return head, "</div></body></html>"


def graph_document(charset="utf-8", second=None):
    metas = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">\r\n'
    if second:
        metas += f'<meta content="text/html; charset={second}">\r\n'
    return f"<html>\r\n<head>\r\n{metas}</head>\r\n<body>\r\n", "\r\n</body>\r\n</html>\r\n"


def normal(inner):
    """One paragraph of the user's, as Word writes it."""
    return f"<p class=MsoNormal>{inner}<o:p></o:p></p>"
