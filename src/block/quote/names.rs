//! What mail programs call the fields of a header, and people those of an agenda.
//!
//! In: a name in lower case. Out: its role, as programs in some language have it. Never: names
//! that agendas have too, such as `Thema`.

/// What a field of a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Sender,
    /// When it was sent.
    Sent,
    /// A day, which plans have too.
    Day,
    Recipient,
    Subject,
}

const ROLES: [(Role, &[&str]); 5] = [
    (Role::Sender, SENDER),
    (Role::Sent, SENT),
    (Role::Day, DAY),
    (Role::Recipient, RECIPIENT),
    (Role::Subject, SUBJECT),
];

/// What a field with this name says.
pub(super) fn role(name: &str) -> Option<Role> {
    // Most are nobody's.
    let (word, bit) = place(name.as_bytes())?;
    if PLACES.get(word)? & bit == 0 {
        return None;
    }
    ROLES.into_iter().find(|(_, names)| names.contains(&name)).map(|(role, _)| role)
}

/// Where names are: one bit for those that begin and end alike and are as long.
const PLACES: [u64; 64] = places();

const fn place(name: &[u8]) -> Option<(usize, u64)> {
    match (name.first(), name.last()) {
        (Some(first), Some(last)) => {
            let place = *first as usize * 31 + *last as usize * 7 + name.len() * 131;
            Some((place / 64 % 64, 1 << (place % 64)))
        }
        _ => None,
    }
}

#[expect(clippy::indexing_slicing, reason = "while it is compiled")]
const fn places() -> [u64; 64] {
    let mut places = [0; 64];
    let mut roles = ROLES.as_slice();
    while let Some((&(_, mut names), more)) = roles.split_first() {
        while let Some((name, rest)) = names.split_first() {
            if let Some((word, bit)) = place(name.as_bytes()) {
                places[word] |= bit;
            }
            names = rest;
        }
        roles = more;
    }
    places
}

/// Whether the name of a field of a header ends so.
pub(super) fn may_end(words: &str) -> bool {
    ROLES.into_iter().any(|(_, names)| names.iter().any(|name| name.ends_with(words)))
}

/// Whether words begin with the name of a field of this role, and go on.
pub(super) fn begins_with(role: Role, words: &str) -> bool {
    let of = ROLES.into_iter().filter(|(of, _)| *of == role);
    of.flat_map(|(_, names)| names)
        .any(|name| words.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '"'])))
}

/// Whether people call a field of an agenda so, and no mail program one of a header.
pub(super) fn is_of_agenda(name: &str) -> bool {
    name.split(' ').any(|word| AGENDA.contains(&word))
}

/// Who sent it.
#[rustfmt::skip]
const SENDER: &[&str] = &[
    "from", "von", "de", "da", "van", "fra", "från", "lähettäjä", "od", "feladó", "küldő",
    "de la", "expeditor", "expéditeur", "remitente", "remetente", "mittente", "afzender",
    "absender", "от", "от кого", "отправитель", "від", "від кого", "відправник", "šalje",
    "pošiljatelj", "шаље", "од", "saatja", "kellelt", "no", "sūtītājs", "nuo", "siuntėjas",
    "από", "kimden", "gönderen", "差出人", "送信者", "送信元", "发件人", "寄件者", "寄件人", "發件人", "보낸 사람",
    "보낸사람", "발신인", "发送人", "من", "المرسل", "מאת", "प्रेषक", "से", "từ", "người gửi", "จาก",
    "dari", "daripada", "از", "فرستنده", "nork", "nondik", "igorlea", "frá", "remitent",
    "кимнен", "кімнен", "nadawca", "odesílatel", "odosielateľ", "avsändare", "avsender",
    "afsender", "verzender", "feladta", "nga", "dërguesi", "пошиљалац", "ад", "ад каго",
    "адпраўнік", "gönderici", "kimdən", "göndərən", "kimdan", "frå", "oddi wrth", "mula kay",
    "mula sa", "kutoka", "გამომგზავნი", "ուղարկող", "илгээгч", "жіберуші", "পাঠিয়েছেন",
    "প্রেরক", "அனுப்புநர்", "منجانب", "보낸이", "보낸 이", "발신", "發送人", "送信者名", "pengirim",
    "pošiljalac", "подател", "изпраща", "испраќа", "expediat de",
];

/// When it was sent, and nothing else.
#[rustfmt::skip]
const SENT: &[&str] = &[
    "send time", "sent time", "sending time", "time sent", "изпратено на", "date et heure",
    "sent", "date sent", "sent on", "gesendet", "gesendet am", "envoyé", "envoyé le", "enviado",
    "enviado el", "enviado em", "enviada em", "enviada", "enviat", "enviat el", "inviato",
    "data invio", "verzonden", "verzonden op", "gestuur", "sendt", "skickat", "skickades",
    "lähetetty", "wysłano", "wysłane", "data wysłania", "odesláno", "odoslané", "elküldve",
    "küldve", "trimis", "отправлено", "послано", "изпратено", "изпратен", "надіслано",
    "відправлено", "poslano", "poslato", "послато", "saadetud", "saatmisaeg", "nosūtīts",
    "išsiųsta", "στάλθηκε", "εστάλη", "gönderildi", "gönderme tarihi", "送信日時", "送信日", "发送时间",
    "发送日期", "寄件日期", "傳送時間", "傳送日期", "보낸 날짜", "보낸날짜", "تاريخ الإرسال", "تم الإرسال", "أُرسلت",
    "أرسلت", "נשלח", "נשלח בתאריך", "भेजा गया", "đã gửi", "đã gửi vào", "ส่ง", "ส่งเมื่อ",
    "dikirim", "terkirim", "dihantar", "ارسال", "bidalia", "sent þann", "sent at", "sent date",
    "gesendet um", "enviado o", "enviada el", "inviato il", "inviata", "verstuurd", "испратено",
    "испратено на", "dërguar", "dërguar më", "адпраўлена", "даслана", "послано на", "expediat",
    "απεστάλη", "αποστολή", "nosūtīja", "göndərildi", "göndərilib", "yuborilgan", "anfonwyd",
    "ipinadala", "ilitumwa", "жіберілді", "жіберілген", "보낸 시간", "보낸시간", "보낸 일시", "발신일시", "已傳送",
    "已发送", "发送日", "发件日期", "发件时间", "發送日期", "發送時間", "寄件時間", "送信時刻", "ngày gửi", "được gửi",
    "đã gửi lúc", "tanggal kirim", "sendt den", "skickat den", "date d'envoi", "gestuur op",
];

/// A day, of letters as of plans.
#[rustfmt::skip]
const DAY: &[&str] = &[
    "date", "datum", "dato", "fecha", "data", "dátum", "dată", "дата", "датум", "päivämäärä",
    "päiväys", "kuupäev", "datums", "ημερομηνία", "tarih", "日付", "日時", "时间", "日期", "날짜",
    "التاريخ", "תאריך", "दिनांक", "ngày", "วันที่", "tanggal", "tarikh", "تاریخ", "dagsetning",
    "дата отправки", "datë", "data e dërgimit", "дата і час", "күні", "tarix", "dyddiad",
    "petsa", "tarehe", "일시", "日期时间",
];

/// To whom.
#[rustfmt::skip]
const RECIPIENT: &[&str] = &[
    "to", "cc", "an", "kopie", "à", "a", "para", "aan", "til", "kopi", "till", "kopia",
    "vastaanottaja", "do", "dw", "komu", "címzett", "către", "catre", "кому", "копия", "до",
    "копія", "получатель", "prima", "za", "за", "прима", "adressaat", "saaja", "kellele", "kam",
    "adresāts", "adresatas", "προς", "kime", "alıcı", "bilgi", "宛先", "收件人", "收件者", "抄送", "副本",
    "받는 사람", "받는사람", "참조", "إلى", "אל", "עותק", "प्रति", "को", "đến", "tới", "người nhận",
    "ถึง", "สำเนา", "kepada", "untuk", "به", "nori", "nora", "hartzailea", "per a", "pour",
    "ccn", "cci", "bcc", "bc", "kopi til", "copie", "copia", "cópia", "kopija", "kopya",
    "másolat", "másolatot kap", "kopio", "kópia", "për", "каму", "copie à", "cc à", "skirta",
    "gavėjas", "primalac", "primatelj", "прималац", "prejemnik", "kimə", "kimga", "кімге",
    "kay", "kwa", "chuig", "수신", "수신인", "받는이", "받는 이", "收信人", "寄给", "gửi đến", "gửi tới",
];

/// About what.
#[rustfmt::skip]
const SUBJECT: &[&str] = &[
    "ogg", "主 题", "主 旨", "件 名",
    "subject", "betreff", "objet", "sujet", "asunto", "assunto", "assumpte", "oggetto",
    "onderwerp", "emne", "ämne", "aihe", "temat", "předmět", "predmet", "tárgy", "subiect",
    "тема", "относно", "zadeva", "naslov", "предмет", "teema", "tēma", "tema", "θέμα", "konu",
    "件名", "主题", "主旨", "主題", "제목", "الموضوع", "נושא", "विषय", "chủ đề", "เรื่อง", "หัวเรื่อง",
    "subjek", "perihal", "judul", "موضوع", "gaia", "efni", "subjekti", "subjekt", "betr",
    "тэма", "mövzu", "mavzu", "тақырып", "тақырыбы", "pwnc", "paksa", "ábhar", "主題名", "标题",
    "標題", "제 목", "tiêu đề", "tajuk", "ärende", "konusu", "predmet poruke", "assumpto",
];

/// Words of agendas: when, where, who, what about.
#[rustfmt::skip]
const AGENDA: &[&str] = &[
    "when", "where", "room", "place", "location", "venue", "start", "starts", "end", "ends",
    "begin", "begins", "time", "host", "organizer", "organiser", "presenter", "speaker",
    "moderator", "chair", "contact", "topic", "agenda", "what", "who", "why", "duration",
    "dial", "phone", "attendees", "participants", "invitees", "deadline", "rsvp", "info",
    "notes", "trainer", "instructor", "facilitator", "guest", "guests", "event", "session",
    "register", "wann", "wo", "raum", "ort", "beginn", "ende", "uhrzeit", "zeit", "gastgeber",
    "gastgeberin", "organisator", "organisatorin", "veranstalter", "veranstalterin", "referent",
    "referentin", "moderatorin", "ansprechpartner", "ansprechpartnerin", "kontakt", "wer",
    "was", "dauer", "teilnehmer", "treffpunkt", "frist", "anmeldung", "leitung", "termin",
    "thema", "quand", "où", "salle", "lieu", "début", "fin", "heure", "hôte", "organisateur",
    "organisatrice", "intervenant", "intervenante", "animateur", "animatrice", "qui", "quoi",
    "durée", "cuándo", "cuando", "dónde", "donde", "sala", "lugar", "inicio", "hora",
    "anfitrión", "organizador", "organizadora", "ponente", "contacto", "quién", "qué",
    "duración", "participantes", "asistentes", "quando", "onde", "local", "início", "fim",
    "horário", "anfitrião", "palestrante", "contato", "quem", "duração", "dove", "luogo",
    "inizio", "fine", "ora", "orario", "organizzatore", "organizzatrice", "relatore",
    "relatrice", "contatto", "chi", "cosa", "durata", "partecipanti", "wanneer", "waar", "zaal",
    "ruimte", "locatie", "plaats", "einde", "tijd", "gastheer", "spreker", "contactpersoon",
    "wie", "wat", "duur", "deelnemers", "aanvang", "hvornår", "hvor", "når", "lokale", "sted",
    "slut", "tid", "vært", "vert", "arrangør", "oplægsholder", "taler", "hvem", "hvad", "hva",
    "varighed", "deltagere", "rom", "slutt", "när", "var", "rum", "lokal", "plats", "värd",
    "talare", "vem", "vad", "deltagare", "milloin", "missä", "paikka", "huone", "tila", "alku",
    "alkaa", "loppu", "aika", "järjestäjä", "puhuja", "yhteyshenkilö", "kuka", "mitä", "kesto",
    "osallistujat", "kiedy", "gdzie", "miejsce", "początek", "koniec", "godzina", "czas",
    "gospodarz", "organizator", "prelegent", "prowadzący", "kto", "uczestnicy", "kdy", "kde",
    "místnost", "místo", "začátek", "konec", "čas", "hostitel", "organizátor", "přednášející",
    "kdo", "účastníci", "kedy", "miestnosť", "miesto", "začiatok", "mikor", "hol", "terem",
    "helyszín", "hely", "kezdés", "kezdete", "vége", "idő", "időpont", "szervező", "előadó",
    "kapcsolattartó", "résztvevők", "când", "unde", "locul", "locație", "început", "sfârșit",
    "prezentator", "cine", "participanți", "zaman", "nerede", "yer", "oda", "salon",
    "başlangıç", "bitiş", "saat", "düzenleyen", "organizatör", "konuşmacı", "iletişim", "kim",
    "katılımcılar", "когда", "где", "комната", "место", "начало", "конец", "время",
    "организатор", "ведущий", "докладчик", "контакт", "кто", "что", "участники", "повестка",
    "коли", "де", "кімната", "місце", "початок", "кінець", "час", "організатор", "ведучий",
    "доповідач", "хто", "що", "учасники", "кога", "къде", "зала", "място", "край", "където",
    "kada", "gdje", "soba", "mjesto", "početak", "kraj", "vrijeme", "kdaj", "kje", "prostor",
    "mesto", "gde", "πότε", "πού", "αίθουσα", "τόπος", "έναρξη", "λήξη", "ώρα", "διοργανωτής",
    "ομιλητής", "επικοινωνία", "いつ", "日程", "どこ", "場所", "会議室", "開始", "終了", "時間", "主催者", "主催",
    "講師", "担当", "担当者", "議題", "連絡先", "参加者", "地点", "地點", "会议室", "會議室", "开始", "結束", "结束", "开始时间",
    "开始日期", "结束时间", "開始時間", "結束時間", "主持人", "组织者", "組織者", "召集人", "主讲人", "联系人", "聯絡人", "议程", "議程",
    "参会人", "会议主题", "언제", "어디", "장소", "회의실", "시작", "종료", "시간", "주최자", "주최", "발표자", "담당자", "안건",
    "연락처", "참석자", "متى", "أين", "المكان", "القاعة", "الغرفة", "البداية", "النهاية", "الوقت",
    "المنظم", "المضيف", "المتحدث", "جدول", "מתי", "איפה", "מקום", "חדר", "התחלה", "סיום", "שעה",
    "מארגן", "מנחה", "מרצה", "कब", "कहाँ", "स्थान", "कक्ष", "समय", "आयोजक", "phòng", "địa",
    "điểm", "bắt", "đầu", "kapan", "tempat", "ruang", "ruangan", "mulai", "selesai", "waktu",
    "penyelenggara", "pembicara", "เมื่อไหร่", "ที่ไหน", "สถานที่", "ห้อง", "เริ่ม", "สิ้นสุด",
    "เวลา", "ผู้จัด",
];

#[cfg(test)]
mod tests {
    use super::{AGENDA, ROLES, role};

    #[test]
    fn a_name_has_one_role_and_is_no_agendas() {
        for (of, names) in ROLES {
            for name in names {
                assert_eq!(role(name), Some(of), "{name}");
                assert_eq!(*name, name.to_lowercase());
                assert!(!AGENDA.contains(name) && name.split(' ').count() <= 3, "{name}");
            }
        }
        assert_eq!(role(""), None);
        assert_eq!(role("meeting id"), None);
    }
}
