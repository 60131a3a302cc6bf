//! Which lines belong to an earlier message that a mail program put below the new one.
//!
//! In: [`Line`]s, with those marked that markup or `>` says are quoted. Out: the same, with
//! everything from an earlier message's header on marked too. Never: a quote for what
//! people write in agendas: `Thema: …`, `When: …`, `From: 10:00`.
//!
//! A header is told by its shape: a sender, a day with a time or an address, one field
//! below the other. Below a rule that mail programs draw, shape alone tells; without one,
//! the names of the fields have to agree, in the languages of [`SENDER`] and its kin, or
//! the shape must leave no doubt. All work is a few lines' for each line.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memchr3};

use super::line::{Line, fold_blanks, is_blank};
use super::words_on_line::is_common_reference;

/// Marks every line from an earlier message's header on as quoted.
pub(crate) fn mark_quoted(lines: &mut [Line<'_>]) {
    mark_quoted_from(lines, 0..lines.len());
}

/// As [`mark_quoted`], when the first line of the header is one of these or none.
pub(crate) fn mark_quoted_from(lines: &mut [Line<'_>], mut first: Range<usize>) {
    let begins = first.find(|&i| begins_earlier_message(lines, i));
    let earlier = begins.and_then(|i| lines.get_mut(i..)).unwrap_or_default();
    earlier.iter_mut().for_each(|line| line.quoted = true);
}

/// How many lines one field may go on over: a long list of recipients.
const FIELD_LINES: usize = 4;

/// A header has no more fields that matter.
const FIELDS: usize = 6;

/// Whether a header begins on a line is told by fewer lines from it on.
pub(crate) const REACH: usize = 1 + FIELDS * FIELD_LINES;

/// Whether line `i` is the first of an earlier message that then goes on to the end.
fn begins_earlier_message(lines: &[Line<'_>], i: usize) -> bool {
    // What each shape has, before words are read.
    let told = |line: &Line<'_>| line.text.may_be_rule() || line.text.may_have_colon();
    let colon = |line: &Line<'_>| line.text.may_have_colon();
    if !lines.get(i).is_some_and(told) && !lines.get(i + 1).is_some_and(colon) {
        return false;
    }
    let Some(line) = lines.get(i).filter(|line| !line.quoted) else { return false };
    let below = || Header::at(lines, i + 1);
    match rule(line) {
        Some(Rule { fields }) => {
            let told = |h: Header<'_>| h.has_names() || fields.is_some_and(|n| h.has_shape(n));
            below().is_some_and(told) || attribution(lines, i + 1)
        }
        None => {
            let sender = |f: Field<'_>| f.is(SENDER) || has_named_address(f.value);
            let header = || Header::at(lines, i);
            Field::of(line).is_some_and(sender)
                && header().is_some_and(|h| h.begins_with_sender() || h.leaves_no_doubt())
                || attribution(lines, i)
        }
    }
}

/// Whether a piece of text, as it is written in markup, may be one that [`may_begin`] takes;
/// false is certain.
pub(crate) fn may_begin_when_read(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    // Blanks of all kinds, and what references stand for, may come first.
    let plain = |b: &u8| matches!(b, b'!'..0x7f) && !matches!(b, b'-' | b'_' | b'&');
    let is_plain = |line: &[u8]| line.trim_ascii_start().first().is_none_or(plain);
    !is_plain(bytes)
        || memchr3(b'@', b':', WIDE, bytes).is_some()
        || memchr_iter(b'&', bytes).any(|at| !is_common_reference(bytes, at))
        || memchr2_iter(b'\n', b'\r', bytes)
            .any(|end| !is_plain(bytes.get(end + 1..).unwrap_or_default()))
}

/// Whether an earlier message may begin on a line that has this piece of text, behind another
/// piece: all that [`begins_earlier_message`] takes for one has such
/// a piece. Line ends in it may part lines, or not.
pub(crate) fn may_begin(piece: &str, before: &str) -> bool {
    if memchr2(b'\n', b'\r', piece.as_bytes()).is_none() {
        return begins(piece.trim_matches(is_blank), before);
    }
    let mut before = before;
    let lines = piece.split(['\n', '\r']).map(|line| line.trim_matches(is_blank));
    let mut lines = lines.filter(|line| !line.is_empty());
    lines.any(|line| begins(line, std::mem::replace(&mut before, line)))
}

fn begins(piece: &str, before: &str) -> bool {
    let row = piece.bytes().take_while(|b| matches!(b, b'-' | b'_')).count();
    if row >= 4 || row > 0 && row == piece.len() {
        return true;
    }
    let Some(first) = memchr3(b'@', b':', WIDE, piece.as_bytes()) else { return false };
    let behind = piece.get(first..).unwrap_or_default();
    // Whoever wrote it.
    if memchr(b'@', behind.as_bytes()).is_some() {
        return true;
    }
    let Some(colon) = first_colon(behind) else { return false };
    let name = piece.get(..first + colon).unwrap_or_default();
    may_end_sender(if name.is_empty() { before } else { name })
}

/// One is as wide as a letter of Chinese.
const COLONS: [char; 2] = [':', '：'];

/// What the wide one begins with.
const WIDE: u8 = 0xEF;

fn first_colon(text: &str) -> Option<usize> {
    let is_one = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(COLONS));
    memchr2_iter(b':', WIDE, text.as_bytes()).find(is_one)
}

/// Whether a name of a sender's field may end with these words.
fn may_end_sender(words: &str) -> bool {
    /// The longest has two words.
    const WORDS: usize = 3;
    let words = words.trim_matches(is_blank);
    let begins = |pair: &&[u8]| matches!(pair, [b' ', b'!'..=b'~']);
    if words.as_bytes().windows(2).filter(begins).nth(WORDS).is_some() {
        return false;
    }
    let words = fold_blanks(words);
    let unseen = |c: char| c == '*' || c.is_whitespace() || crate::link::is_unseen(c);
    let name = words.to_lowercase();
    let name = name.trim_matches(unseen);
    words.split(' ').nth(WORDS).is_none() && SENDER.iter().any(|sender| sender.ends_with(name))
}

/// Whether lines below those that are known cannot make an earlier message begin at or above
/// line `last`.
pub(crate) fn is_settled(lines: &[Line<'_>], last: usize) -> bool {
    let first = lines.len().saturating_sub(REACH);
    (first..=last).all(|i| {
        let field = |i: usize| lines.get(i).and_then(Field::of);
        let ruled = lines.get(i).is_some_and(|line| rule(line).is_some());
        let sender = |f: Field<'_>| f.is(SENDER) || has_named_address(f.value);
        !(field(i).is_some_and(sender) || ruled && field(i + 1).is_some())
    })
}

/// A line that mail programs draw above an earlier message.
struct Rule {
    /// How many fields below it are a header whatever their names are: where it is
    /// Outlook's and nobody else's.
    fields: Option<usize>,
}

fn rule(line: &Line<'_>) -> Option<Rule> {
    if !line.text.may_be_rule() {
        return None;
    }
    let text = line.text.as_str();
    if text.bytes().all(|b| b == b'_') {
        return match text.len() {
            45 => Some(Rule { fields: Some(1) }),
            // Outlook's, and Teams' within a block.
            32 => Some(Rule { fields: None }),
            _ => None,
        };
    }
    // `-----Original Message-----` is Outlook's; `----- Forwarded Message -----` is
    // another's, or a user's.
    let words = text.trim_matches('-');
    let (before, after) = (text.find(words)?, text.len() - text.trim_end_matches('-').len());
    let drawn = before >= 4 && after >= 4 && words.chars().any(char::is_alphabetic);
    let outlook = line.is_original_message_rule() && words.trim() == words;
    drawn.then_some(Rule { fields: outlook.then_some(3) })
}

/// A field of a header: its name in lower case, and what stands behind the colon.
struct Field<'a> {
    name: String,
    value: &'a str,
}

impl<'a> Field<'a> {
    fn of(line: &'a Line<'_>) -> Option<Self> {
        if line.quoted || !line.text.may_have_colon() {
            return None;
        }
        // The links of a block stand behind colons too.
        if line.links.iter().any(|link| has_scheme(&link.url)) {
            return None;
        }
        let (name, rest) = line.text.split_at_checked(first_colon(&line.text)?)?;
        let value = rest.strip_prefix(COLONS)?;
        // Bold in text; marks that set the direction.
        let unseen = |c: char| c == '*' || c.is_whitespace() || crate::link::is_unseen(c);
        let name = name.trim_matches(unseen);
        is_name(name).then(|| Self { name: name.to_lowercase(), value: value.trim_matches(unseen) })
    }

    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }
}

/// Up to three words that could name a field.
fn is_name(text: &str) -> bool {
    let (mut letters, mut words, mut within) = (false, 0, false);
    for (at, c) in text.chars().enumerate() {
        if at == 30 || matches!(c, '@' | '<' | '.' | '|') {
            return false;
        }
        let seen = !c.is_whitespace();
        words += usize::from(seen && !within);
        within = seen;
        letters |= c.is_alphabetic();
    }
    letters && words <= 3
}

/// Fields one below the other.
struct Header<'a>(Vec<Field<'a>>);

impl<'a> Header<'a> {
    /// The header whose first field is line `i`.
    fn at(lines: &'a [Line<'_>], mut i: usize) -> Option<Self> {
        let mut fields = vec![lines.get(i).and_then(Field::of)?];
        while fields.len() < FIELDS {
            let mut next = (i + 1..lines.len()).take(FIELD_LINES);
            let Some(field) = next.find_map(|at| {
                let field = lines.get(at).and_then(Field::of)?;
                i = at;
                Some(field)
            }) else {
                break;
            };
            // In a table a name and its value are two lines.
            fields.push(field);
        }
        Some(Self(fields))
    }

    fn has(&self, names: &[&str]) -> bool {
        self.0.iter().any(|field| field.is(names))
    }

    /// Whether the names of its fields are those of a header.
    fn has_names(&self) -> bool {
        self.has(SENDER) && (self.has(SENT) || self.has(RECIPIENT) || self.has(SUBJECT))
    }

    /// Whether it looks like a header whatever its language is.
    fn has_shape(&self, fields: usize) -> bool {
        let told = self.0.iter().any(|f| is_moment(f.value) || has_address(f.value));
        self.0.len() >= fields && told
    }

    /// Whether it is a header although nothing was drawn above it: a sender who is no
    /// number, then when it was sent, and one field more.
    fn begins_with_sender(&self) -> bool {
        let Some(sender) = self.0.first().filter(|f| f.is(SENDER)) else { return false };
        let named = has_address(sender.value) || !sender.value.contains(char::is_numeric);
        let mut sent = self.0.iter().filter(|f| f.is(SENT));
        let dated = sent.any(|f| f.value.is_empty() || f.value.contains(char::is_numeric));
        named && dated && (self.has(RECIPIENT) || self.has(SUBJECT))
    }

    /// Whether its first fields can only be sender, time, recipient and subject, in a
    /// language that nobody told us.
    fn leaves_no_doubt(&self) -> bool {
        let [sender, sent, _, _, ..] = self.0.as_slice() else { return false };
        let known = |f: &Field<'_>| f.is(SENDER) || f.is(SENT) || f.is(RECIPIENT) || f.is(SUBJECT);
        let foreign = self.0.iter().take(4).all(|f| !known(f));
        foreign && has_named_address(sender.value) && is_moment(sent.value)
    }
}

/// `On 2 November 2026 at 20:53, Anna <anna@contoso.example> wrote:`, in any language, and
/// nothing but the order of the lines says that what follows is quoted.
fn attribution(lines: &[Line<'_>], i: usize) -> bool {
    let Some(first) = lines.get(i).filter(|line| !line.quoted) else { return false };
    // Nobody's address is on either line, and words need not be read.
    if ![Some(first), lines.get(i + 1)].into_iter().flatten().any(|l| l.text.may_have_at()) {
        return false;
    }
    let ends = |text: &str| text.trim_end().ends_with(COLONS);
    let plain_follows = |i: usize| lines.get(i).is_some_and(|line| !line.quoted);
    let said = |text: &str| has_named_address(text) && is_moment(text);
    if ends(&first.text) {
        return said(&first.text) && plain_follows(i + 1);
    }
    // Wrapped once.
    let second = lines.get(i + 1).filter(|l| !l.quoted && ends(&l.text) && l.text.len() < 200);
    let near = first.text.len() < 200 && first.text.chars().any(char::is_numeric);
    second.filter(|_| near).is_some_and(|second| {
        said(&[first.text.as_str(), " ", &second.text].concat()) && plain_follows(i + 2)
    })
}

/// Whether `://` is in it.
fn has_scheme(url: &str) -> bool {
    memchr_iter(b':', url.as_bytes())
        .any(|at| url.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(b"://")))
}

/// `anna@contoso.example`.
fn has_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + 1..).and_then(|t| t.chars().next());
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    })
}

/// `Anna <anna@contoso.example>`.
fn has_named_address(text: &str) -> bool {
    memchr(b'@', text.as_bytes()).is_some()
        && text.split_once(['<', '[']).is_some_and(|(name, address)| {
            name.chars().any(char::is_alphabetic) && has_address(address)
        })
}

/// A year and a time of day, in digits of any script.
fn is_moment(text: &str) -> bool {
    let mut runs = text.split(|c: char| !c.is_numeric()).map(|run| run.chars().count());
    runs.any(|digits| digits == 4) && has_time(text)
}

/// `20:53`, `20.53`, `20時53分`.
fn has_time(text: &str) -> bool {
    let chars: Vec<char> = text.chars().take(1024).collect();
    chars.windows(4).any(|four| {
        let [before, mark, tens, ones] = four else { return false };
        let number = before.is_numeric() && tens.is_numeric() && ones.is_numeric();
        number && matches!(mark, ':' | '.' | '时' | '時' | '시' | 'h')
    })
}

/// Who sent it, in lower case.
#[rustfmt::skip]
const SENDER: &[&str] = &[
    "from", "von", "de", "da", "van", "fra", "från", "lähettäjä", "od", "feladó", "küldő",
    "de la", "expeditor", "expéditeur", "remitente", "remetente", "mittente", "afzender",
    "absender", "от", "от кого", "отправитель", "від", "від кого", "відправник", "šalje",
    "pošiljatelj", "шаље", "од", "saatja", "kellelt", "no", "sūtītājs", "nuo", "siuntėjas",
    "από", "kimden", "gönderen", "差出人", "送信者", "送信元", "发件人", "寄件者", "寄件人", "發件人", "보낸 사람",
    "보낸사람", "발신인", "发送人", "من", "المرسل", "מאת", "प्रेषक", "से", "từ", "người gửi", "จาก",
    "dari", "daripada", "از", "فرستنده", "nork", "nondik", "igorlea", "frá", "remitent",
    "кимнен", "кімнен",
];

/// When.
#[rustfmt::skip]
const SENT: &[&str] = &[
    "sent", "date", "date sent", "sent on", "gesendet", "gesendet am", "datum", "envoyé",
    "envoyé le", "enviado", "enviado el", "enviado em", "enviada em", "enviada", "enviat",
    "enviat el", "fecha", "data", "inviato", "data invio", "verzonden", "verzonden op",
    "gestuur", "sendt", "dato", "skickat", "skickades", "lähetetty", "päivämäärä", "päiväys",
    "wysłano", "wysłane", "data wysłania", "odesláno", "odoslané", "dátum", "elküldve",
    "küldve", "trimis", "dată", "отправлено", "дата", "послано", "изпратено", "изпратен",
    "надіслано", "відправлено", "poslano", "poslato", "послато", "датум", "saadetud",
    "saatmisaeg", "kuupäev", "nosūtīts", "datums", "išsiųsta", "στάλθηκε", "εστάλη",
    "ημερομηνία", "gönderildi", "gönderme tarihi", "tarih", "送信日時", "日付", "日時", "送信日", "发送时间",
    "发送日期", "时间", "日期", "寄件日期", "傳送時間", "傳送日期", "보낸 날짜", "보낸날짜", "날짜", "تاريخ الإرسال",
    "التاريخ", "تم الإرسال", "أُرسلت", "أرسلت", "נשלח", "תאריך", "נשלח בתאריך", "भेजा गया",
    "दिनांक", "đã gửi", "ngày", "đã gửi vào", "ส่ง", "ส่งเมื่อ", "วันที่", "dikirim",
    "terkirim", "tanggal", "dihantar", "tarikh", "ارسال", "تاریخ", "bidalia", "sent þann",
    "dagsetning",
];

/// To whom.
#[rustfmt::skip]
const RECIPIENT: &[&str] = &[
    "to", "cc", "an", "kopie", "à", "a", "para", "aan", "til", "kopi", "till", "kopia",
    "vastaanottaja", "do", "dw", "komu", "címzett", "către", "catre", "кому", "копия", "до",
    "копія", "получатель", "prima", "za", "за", "прима", "adressaat", "saaja", "kellele", "kam",
    "adresāts", "adresatas", "προς", "kime", "alıcı", "bilgi", "宛先", "收件人", "收件者", "抄送", "副本",
    "받는 사람", "받는사람", "참조", "إلى", "אל", "עותק", "प्रति", "को", "đến", "tới", "người nhận",
    "ถึง", "สำเนา", "kepada", "untuk", "به", "nori", "nora", "hartzailea", "per a",
];

/// About what.
#[rustfmt::skip]
const SUBJECT: &[&str] = &[
    "subject", "betreff", "objet", "sujet", "asunto", "assunto", "assumpte", "oggetto",
    "onderwerp", "emne", "ämne", "aihe", "temat", "předmět", "predmet", "tárgy", "subiect",
    "тема", "относно", "zadeva", "naslov", "предмет", "teema", "tēma", "tema", "θέμα", "konu",
    "件名", "主题", "主旨", "主題", "제목", "الموضوع", "נושא", "विषय", "chủ đề", "เรื่อง", "หัวเรื่อง",
    "subjek", "perihal", "judul", "موضوع", "gaia", "efni",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::html::reference::decode;
    use super::super::text;
    use super::{SENDER, fold_blanks, may_begin, may_begin_when_read};
    use crate::provider::marks::MarkSet;

    /// As [`may_begin`] says it, of words that are folded first and without a short way.
    fn may_begin_at_length(piece: &str, before: &str) -> bool {
        let piece = fold_blanks(piece);
        let row = piece.trim_start_matches(['-', '_']);
        let name = || {
            let (name, _) = piece.split_once([':', '：'])?;
            let name = if name.is_empty() { fold_blanks(before) } else { name.to_owned() };
            let unseen = |c: char| c == '*' || c.is_whitespace() || crate::link::is_unseen(c);
            Some(name.to_lowercase().trim_matches(unseen).to_owned())
        };
        piece.len() - row.len() >= 4
            || row.is_empty() && !piece.is_empty()
            || piece.contains('@')
            || name().is_some_and(|name| SENDER.iter().any(|sender| sender.ends_with(&name)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn the_short_ways_to_an_earlier_message_miss_none(
            raw in "(a| |\n|\r\n|\t|\u{a0}|\u{3000}|\u{200b}|-|_|----|@|:|：|[*]|Von|From|Dall'utente|Från|发件人|x y                |&nbsp;|&#160;|&#8203;|&Tab;|&#58;|&colon;|&#65306;|&#64;|&commat;|&#45;|&lowbar;|&amp;|&amp;#58;|&lt;|&|&#){0,7}",
            before in "( |Von|From |\u{200b}|a b c d|&nbsp;){0,3}",
        ) {
            let (words, before) = (decode(raw.trim_ascii(), false), decode(&before, false));
            let may = may_begin(&words, &before);
            let (as_one, mut above) = (may_begin_at_length(&words, &before), &*before);
            let parted = words.lines().filter(|line| !fold_blanks(line).is_empty()).any(|line| {
                may_begin_at_length(line, std::mem::replace(&mut above, line))
            });
            prop_assert!(may || !as_one && !parted);
            prop_assert!(!may || as_one || raw.contains('\n'));
            prop_assert!(!may || may_begin_when_read(raw.trim_ascii()));
        }
    }

    /// The first quoted line of a text.
    fn quoted_from(body: &str) -> Option<String> {
        text::lines(body, MarkSet::builtin())
            .into_iter()
            .find(|line| line.quoted)
            .map(|line| line.text.as_str().to_owned())
    }

    #[test]
    fn headers_in_many_languages_need_no_rule() {
        for (first, header) in [
            (
                "From: Anna",
                "From: Anna\nSent: Monday, 2 November 2026 20:53\nTo: Petra\nSubject: Plan",
            ),
            (
                "Von: Anna Berg",
                "Von: Anna Berg\nGesendet: Montag, 2. November 2026 20:53\nAn: Petra\nBetreff: Plan",
            ),
            (
                "*Von:* Anna Berg",
                "*Von:* Anna Berg\n*Gesendet:* Montag, 2. November 2026 20:53\n*An:* Petra\n*Betreff:* Plan",
            ),
            (
                "De : Anna Berg",
                "De : Anna Berg\nEnvoyé : lundi 2 novembre 2026 20:53\nÀ : Petra\nObjet : Plan",
            ),
            (
                "De: Anna Berg",
                "De: Anna Berg\nEnviado el: lunes, 2 de noviembre de 2026 20:53\nPara: Petra\nAsunto: Plan",
            ),
            (
                "Od: Anna Berg",
                "Od: Anna Berg\nWysłano: poniedziałek, 2 listopada 2026 20:53\nDo: Petra\nTemat: Plan",
            ),
            (
                "差出人: Anna",
                "差出人: Anna\n送信日時: 2026年11月2日 20:53\n宛先: Petra\n件名: 計画",
            ),
            (
                "发件人： Anna",
                "发件人： Anna\n发送时间： 2026年11月2日 20:53\n收件人： Petra\n主题： 计划",
            ),
            (
                "寄件者: Anna",
                "寄件者: Anna\n寄件日期: 2026年11月2日 20:53\n收件者: Petra\n主旨: 計畫",
            ),
            (
                "보낸 사람: Anna",
                "보낸 사람: Anna\n보낸 날짜: 2026년 11월 2일 월요일 20:53\n받는 사람: Petra\n제목: 계획",
            ),
            ("От: Анна", "От: Анна\nОтправлено: 2 ноября 2026 г. 20:53\nКому: Petra\nТема: План"),
            ("من: Anna", "من: Anna\nتاريخ الإرسال: ٢ نوفمبر ٢٠٢٦ ٢٠:٥٣\nإلى: Petra\nالموضوع: خطة"),
            (
                "\u{200f}מאת: Anna",
                "\u{200f}מאת: Anna\n\u{200f}נשלח: 2 נובמבר 2026 20:53\nאל: Petra\nנושא: תוכנית",
            ),
            (
                "From: Anna",
                "From: Anna\nTo: Petra;\nLina; Ben\nSent: Monday, 2 November 2026 at 20:53\nSubject: Plan",
            ),
            ("From:", "From:\nAnna Berg\nDate:\n2 November 2026\nTo:\nPetra"),
            (
                "Xyz: Anna <a@contoso.example>",
                "Xyz: Anna <a@contoso.example>\nQrs: 2 November 2026 20.53\nTuv: Petra\nWxy: Plan",
            ),
        ] {
            let found = quoted_from(&["Hello\n\n", header, "\n\nBye\n"].concat());
            assert_eq!(found.as_deref(), Some(first), "{header}");
        }
    }

    #[test]
    fn rules_begin_an_earlier_message_where_a_header_follows() {
        let header = "Xyz: Anna\nQrs: Monday, 2 November 2026 20:53\nTuv: Petra\n";
        for rule in ["_".repeat(45), "-----Qoor hjel-----".to_owned()] {
            let found = quoted_from(&format!("Hello\n{rule}\n{header}"));
            assert_eq!(found.as_deref(), Some(rule.as_str()));
            for agenda in [
                "1. Budget\n2. Plan",
                "Topic: Budget\nRoom: 5",
                "Ask anna@contoso.example",
                "Room: @home",
                "Room: 5@ noon",
                // A field has a name, and a short one.
                "10: 2 November 2026 20:53",
                "We meet again on: 2 November 2026 20:53",
                "Donaudampfschifffahrtskapitänsmütze: 2 November 2026 20:53",
                "anna@contoso.example: 2 November 2026 20:53",
            ] {
                assert_eq!(quoted_from(&format!("Hello\n{rule}\n{agenda}\n")), None, "{agenda}");
            }
        }
        for rule in [
            "---------- Forwarded message ---------",
            "-------- Weitergeleitete Nachricht --------",
            "------------------ 原始邮件 ------------------",
            "----- Forwarded by Anna Berg/Contoso on 11/02/2026 08:53 PM -----",
        ] {
            for header in [
                "From: Anna <a@contoso.example>\nDate: Mon, 2 Nov 2026 at 20:53\n",
                "Betreff: Plan\nDatum: Mon, 2 Nov 2026 20:53:00 +0100\nVon: Anna <a@contoso.example>\n",
                "发件人: \"Anna\"<a@contoso.example>;\n发送时间: 2026年11月2日\n",
                "On Monday, November 2nd, 2026 at 20:53, Anna <a@contoso.example> wrote:\n\nHi",
            ] {
                let found = quoted_from(&format!("Hello\n{rule}\n{header}"));
                assert_eq!(found.as_deref(), Some(rule), "{header}");
            }
            let agenda = "Topic: Budget\nDate: 2 November 2026 10:00\nRoom: 5";
            assert_eq!(quoted_from(&format!("Hello\n{rule}\n{agenda}\n")), None, "{rule}");
        }
    }

    #[test]
    fn a_rule_of_teams_begins_an_earlier_message_where_one_follows() {
        let rule = "_".repeat(32);
        let header = "From: Anna\nSent: Monday, 2 November 2026 20:53\nTo: Petra\nSubject: Plan\n";
        assert_eq!(quoted_from(&format!("Hello\n{rule}\n{header}")), Some(rule));
    }

    #[test]
    fn what_people_write_is_no_header() {
        for agenda in [
            "Thema: Planung\nOrt: Raum 5\nVon: 10:00\nBis: 11:00",
            "Von: 10 Uhr\nDatum: 2.11.2026\nThema: Planung",
            "Da: 10:00\nA: 11:00\nData: 2/11/2026\nOggetto: piano",
            "De: 10h\nÀ: 11h\nObjet: plan",
            "From: Monday 2 Nov\nTo: Friday 6 Nov\nSubject: offsite",
            "When: Monday, 2 November 2026 10:00-11:00.\nWhere: Skype Meeting\n\nNote: The GMT offset above does not reflect daylight saving time adjustments.\n\n*~*~*~*~*~*~*~*~*~*",
            "Organizer: Anna <a@contoso.example>\nRoom: 5\nDate: 2 November 2026 10:00\nTopic: plan",
            "Tenant key: teams@video.example\nVideo ID: 123 456 7\nFor organizers: options",
            "-----Agenda-----\n1. Budget\n2. Date: 2 November 2026",
            "________________________________\nFor organizers: Options<https://contoso.example/1@2>",
            "________________________________\nTenant key: a@video.example\nVideo ID: 1\nFor: options",
            "----- Details -----\nDate: 2 November 2026 10:00\nPlace: 5\nTopic: x",
            "Mail your slides to Anna <a@contoso.example> by 2 November:\n- one\n- two",
            "Wann: 2.11.2026 10:00\nWo: Raum 5\nWer: Anna <a@contoso.example>\nWas: Planung",
            "----- Details\nVon: 10 Uhr\nDatum: 2.11.2026\nThema: Planung",
            "Details -----\nVon: 10 Uhr\nDatum: 2.11.2026\nThema: Planung",
            // One field that is known, and not where it would be in a header.
            "Organizer: Anna <a@contoso.example>\nDate: 2 November 2026 10:00\nRoom: 5\nTopic: x",
            "Organizer: Anna <a@contoso.example>\nWhen: 2 November 2026 10:00\nTo: Petra\nTopic: x",
            "Organizer: Anna <a@contoso.example>\nWhen: 2 November 2026 10:00\nRoom: 5\nSubject: x",
            "From: Anna <a@contoso.example>\nWhen: 2 November 2026 10:00\nRoom: 5\nTopic: x",
            // Not who wrote when: no address, no time, no year, no colon.
            "2 November 2026, 20:53 @ Anna's <room 5>:",
            "Slides of 2026 with 5 notes, v.10, from Anna <a@contoso.example>:",
            "Ask Anna <a@contoso.example> by 20:53:",
            "At 20:53 on 2 November 2026 meet Anna\n<a@contoso.example> in her room",
        ] {
            assert_eq!(quoted_from(&["Hello\n", agenda, "\nBye\n"].concat()), None, "{agenda}");
        }
    }

    #[test]
    fn what_is_quoted_already_begins_nothing() {
        let header =
            "> From: Anna\n> Sent: Monday, 2 November 2026 20:53\n> To: Petra\n> Subject: x";
        for body in [
            format!("{header}\nBye"),
            format!("> -----Original Message-----\n{header}\nBye"),
            format!("{}\n> Xyz: Anna\n> Qrs: 2 November 2026 20:53\nBye", "_".repeat(45)),
            "On Mon, 2 Nov 2026 at 20:53, Anna <a@contoso.example> wrote:\n> Hi\nBye".to_owned(),
            "On Mon, 2 Nov 2026 at 20:53, Anna\n<a@contoso.example> wrote:\n> Hi\nBye".to_owned(),
        ] {
            let lines = text::lines(&body, MarkSet::builtin());
            assert!(lines.last().is_some_and(|line| !line.quoted), "{body}");
            assert!(lines.iter().any(|line| line.quoted), "{body}");
        }
    }

    #[test]
    fn who_wrote_when_quotes_what_no_mark_does() {
        for line in [
            "On Mon, Nov 2, 2026 at 8:53 PM Anna Berg <a@contoso.example> wrote:",
            "Am 02.11.2026 um 20:53 schrieb Anna Berg <a@contoso.example>:",
            "Le lun. 2 nov. 2026 à 20:53, Anna Berg <a@contoso.example> a écrit :",
            "On Mon, Nov 2, 2026 at 8:53 PM Anna Berg\n<a@contoso.example> wrote:",
            "2026年11月2日(月) 20:53 Anna Berg <a@contoso.example>:",
            "Am 02.11.2026 um 20.53 schrieb Anna Berg\n<a@contoso.example>:",
        ] {
            let found = quoted_from(&format!("Hello\n\n{line}\n\nHi\n"));
            assert_eq!(found.as_deref(), line.lines().next(), "{line}");
        }
    }
}
