//! Which lines belong to an earlier message that a mail program put below the new one.
//!
//! In: [`Line`]s, with those marked that markup or `>` says are quoted. Out: the same, with
//! everything from an earlier message's header on marked too. Never: a quote for what
//! people write in agendas: `Thema: …`, `When: …`, `From: 10:00`.
//!
//! A header is told by its shape: a sender, a day with a time or an address, one field
//! below the other. Below a rule that mail programs draw, shape alone tells; without one,
//! the names of the fields have to agree, in the languages of `names`, or the shape must
//! leave no doubt. All work is a few lines' for each line. Where it could be either, it is
//! quoted: a block that stays can be seen to, one that is history must not change.

mod attribution;
mod header;
mod indent;
mod moment;
mod names;

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memchr3};

use super::line::{Line, fold_blanks, is_blank};
use super::words_on_line::is_common_reference;
#[cfg(test)]
pub(crate) use indent::sign;
pub(crate) use indent::{is_indented, is_sign, mark_indented};

use header::{Header, begins_without_colons, is_around_name};

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

/// Whether a header begins on a line is told by fewer lines from it on.
pub(crate) const REACH: usize = header::LINES + 2;

/// Whether line `i` is the first of an earlier message that then goes on to the end.
fn begins_earlier_message(lines: &[Line<'_>], i: usize) -> bool {
    // What each shape has, before words are read.
    let told = |line: &Line<'_>| line.text.may_be_rule() || line.text.may_have_colon();
    let colon = |i: usize| lines.get(i).is_some_and(|line| line.text.may_end_with_colon());
    let Some(line) = lines.get(i).filter(|line| told(line) || colon(i + 1) || colon(i + 2)) else {
        return false;
    };
    if line.quoted {
        return attribution::is_between_brackets(lines, i);
    }
    if attribution::is_drawn(lines, i) {
        return true;
    }
    match Rule::of(line) {
        Some(rule) => rule.is_above_header(lines, i + 1) || attribution::begins(lines, i + 1),
        None => {
            let header = || Header::at(lines, i).is_some_and(|header| header.stands_alone());
            Header::may_begin(lines, i) && header() || attribution::begins(lines, i)
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
/// piece, or up to two lines above it: all that [`begins_earlier_message`] takes for one has
/// such a piece. Line ends in it may part lines, or not.
pub(crate) fn may_begin(piece: &str, before: &str) -> bool {
    if memchr2(b'\n', b'\r', piece.as_bytes()).is_none() {
        return begins(piece.trim_matches(is_blank), before);
    }
    if attribution::may_lack_address(piece.trim_matches(is_blank)) {
        return true;
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
    if memchr(b'@', behind.as_bytes()).is_some() || attribution::may_lack_address(piece) {
        return true;
    }
    let Some(colon) = first_colon(behind) else { return false };
    let name = piece.get(..first + colon).unwrap_or_default();
    may_end_name(if name.is_empty() { before } else { name })
}

/// One is as wide as a letter of Chinese.
const COLONS: [char; 2] = [':', '：'];

/// What the wide one begins with.
const WIDE: u8 = 0xEF;

fn first_colon(text: &str) -> Option<usize> {
    let is_one = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(COLONS));
    memchr2_iter(b':', WIDE, text.as_bytes()).find(is_one)
}

/// Whether a name of a header's field may end with these words.
fn may_end_name(words: &str) -> bool {
    /// The longest has fewer words.
    const WORDS: usize = 3;
    let words = words.trim_matches(is_blank);
    let begins = |pair: &&[u8]| matches!(pair, [b' ', b'!'..=b'~']);
    if words.as_bytes().windows(2).filter(begins).nth(WORDS).is_some() {
        return false;
    }
    let words = fold_blanks(words);
    if words.split(' ').nth(WORDS).is_some() {
        return false;
    }
    names::may_end(words.to_lowercase().trim_matches(is_around_name))
}

/// Whether lines below those that are known cannot make an earlier message begin at or above
/// line `last`; three lines below it are known.
pub(crate) fn is_settled(lines: &[Line<'_>], last: usize) -> bool {
    let first = lines.len().saturating_sub(REACH);
    let open = |i: usize| Header::at(lines, i).is_some_and(|header| header.open);
    (first..=last).all(|i| {
        let ruled = lines.get(i).is_some_and(|line| Rule::of(line).is_some());
        !(ruled && open(i + 1) || Header::may_begin(lines, i) && open(i))
    })
}

/// A line that mail programs draw above an earlier message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// 45 times `_`: Outlook's and nobody else's.
    Outlook,
    /// 32 times `_`: Outlook's, and Teams' within a block.
    Row,
    /// `-----Original Message-----`: Outlook's, or a user's.
    Original,
    /// `----- Forwarded Message -----`: another program's, or a user's.
    Words,
}

impl Rule {
    fn of(line: &Line<'_>) -> Option<Self> {
        if !line.text.may_be_rule() {
            return None;
        }
        let text = line.text.as_str();
        if text.bytes().all(|b| b == b'_') {
            return match text.len() {
                45 => Some(Self::Outlook),
                32 => Some(Self::Row),
                _ => None,
            };
        }
        let words = text.trim_matches('-');
        let (before, after) = (text.find(words)?, text.len() - text.trim_end_matches('-').len());
        let drawn = before >= 4 && after >= 4 && words.chars().any(char::is_alphabetic);
        let original = line.is_original_message_rule() && words.trim() == words;
        drawn.then_some(if original { Self::Original } else { Self::Words })
    }

    /// Whether a header begins on line `i`, below the rule.
    fn is_above_header(self, lines: &[Line<'_>], i: usize) -> bool {
        let told = |header: Header<'_>| match self {
            Self::Outlook => header.has_names() || header.has_shape(1),
            Self::Row => header.has_more_names(),
            Self::Original => header.has_names() || header.has_shape(3),
            Self::Words => header.has_names(),
        };
        Header::at(lines, i).is_some_and(told)
            || self != Self::Row && begins_without_colons(lines, i)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::html::reference::decode;
    use super::super::text;
    use super::header::is_around_name;
    use super::{attribution, fold_blanks, may_begin, may_begin_when_read, names};
    use crate::provider::marks::MarkSet;

    /// As [`may_begin`] says it, of words that are folded first and without a short way.
    fn may_begin_at_length(piece: &str, before: &str) -> bool {
        let piece = fold_blanks(piece);
        let row = piece.trim_start_matches(['-', '_']);
        let name = || {
            let (name, _) = piece.split_once([':', '：'])?;
            let name = if name.is_empty() { fold_blanks(before) } else { name.to_owned() };
            Some(name.to_lowercase().trim_matches(is_around_name).to_owned())
        };
        piece.len() - row.len() >= 4
            || row.is_empty() && !piece.is_empty()
            || piece.contains('@')
            || attribution::may_lack_address(&piece)
            || name().is_some_and(|name| names::may_end(&name))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn the_short_ways_to_an_earlier_message_miss_none(
            raw in "(a| |[|]|Gesendet|1 wrote|\n|\r\n|\t|\u{a0}|\u{3000}|\u{200b}|-|_|----|@|:|：|[*]|Von|From|Dall'utente|Från|发件人|x y                |&nbsp;|&#160;|&#8203;|&Tab;|&#58;|&colon;|&#65306;|&#64;|&commat;|&#45;|&lowbar;|&amp;|&amp;#58;|&lt;|&|&#){0,7}",
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
    fn a_rule_that_says_who_sent_it_on_needs_no_header() {
        for rule in [
            "----- Forwarded by Anna Berg/Contoso on 11/02/2026 08:53 PM -----",
            "---- On Mon, 02 Nov 2026 20:53:00 +0100 Anna <a@contoso.example> wrote ---",
        ] {
            assert_eq!(quoted_from(&format!("Hello\n{rule}\nHi")).as_deref(), Some(rule));
        }
        for rule in [
            "----- Agenda for 2 November 2026, 10:00 -----",
            "----- Forwarded by Anna -----",
            "---- Slides of 2 November 2026, 10:00 from Anna <a@contoso.example> ----",
        ] {
            assert_eq!(quoted_from(&format!("Hello\n{rule}\nHi")), None);
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
