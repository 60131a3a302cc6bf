//! Lines that say who wrote when, above what they wrote.
//!
//! In: lines, and where one may begin. Out: whether it does, in any language, and nothing
//! but the order of the lines says that what follows is quoted. Never: what people ask for
//! by a day: `Please mail Anna <anna@contoso.example> before 2 November 2026, 18:00:`.

use std::ops::Range;

use super::COLONS;
use super::moment::{has_address, has_named_address, has_time, is_moment};
use crate::block::line::Line;

/// It is wrapped twice at most.
const LINES: usize = 3;

/// A line longer than this was not wrapped.
const WRAPPED: usize = 200;

/// `On 2 November 2026 at 20:53, Anna <anna@contoso.example> wrote:`.
pub(super) fn begins(lines: &[Line<'_>], i: usize) -> bool {
    is_without_address(lines, i) || is_with_address(lines, i)
}

/// `On 2 November 2026 at 20:53, Anna wrote:`, on one line and in one piece.
fn is_without_address(lines: &[Line<'_>], i: usize) -> bool {
    let Some(line) = lines.get(i).filter(|line| line.text.may_end_with_colon()) else {
        return false;
    };
    !line.quoted
        && line.text.is_whole()
        && may_lack_address(&line.text)
        && is_moment(&line.text)
        && names_who_wrote(&line.text)
        && lines.get(i + 1).is_some_and(|line| !line.quoted)
}

/// Whether a piece of text may say who wrote when, although it has no address.
pub(super) fn may_lack_address(piece: &str) -> bool {
    piece.ends_with(COLONS) && piece.contains(char::is_numeric) && has_wrote(&piece.to_lowercase())
}

/// Whether words without an address name a day and then who wrote, or a name and then the day.
fn names_who_wrote(said: &str) -> bool {
    let words = said.to_lowercase();
    let Some(verb) = wrote(&words) else { return false };
    let before = said.get(..verb.start).unwrap_or_default();
    let is_name = |word: &str| !word.starts_with(char::is_lowercase);
    (before.contains(char::is_numeric) || before.split_whitespace().all(is_name))
        && !words.split(|c: char| !c.is_alphanumeric()).any(|word| ASKED.contains(&word))
}

fn has_wrote(words: &str) -> bool {
    wrote(words).is_some()
}

/// Where words in lower case say that somebody wrote.
fn wrote(words: &str) -> Option<Range<usize>> {
    WROTE.iter().find_map(|verb| {
        let mut found = words.match_indices(verb).map(|(at, _)| at..at + verb.len());
        found.find(|verb| is_word(words, verb))
    })
}

/// Whether a verb is a word of its own, an ending apart; in scripts that part no words it is.
fn is_word(words: &str, verb: &Range<usize>) -> bool {
    const ENDING: usize = 2;
    let Some((before, rest)) = words.split_at_checked(verb.start) else { return false };
    let behind = words.get(verb.end..).unwrap_or_default();
    let letters = behind.chars().take_while(|c| c.is_alphabetic()).count();
    rest.starts_with(|c| c >= '\u{e00}')
        || !before.ends_with(char::is_alphabetic) && letters <= ENDING
}

/// `---- On Mon, 02 Nov 2026 20:53:00 +0100 Anna <anna@contoso.example> wrote ----`, and
/// `----- Forwarded by Anna Berg/Contoso on 11/02/2026 08:53 PM -----`.
pub(super) fn is_drawn(lines: &[Line<'_>], i: usize) -> bool {
    let Some(line) = lines.get(i).filter(|line| line.text.may_be_rule()) else { return false };
    let drawn = line.text.starts_with("----") && is_moment(&line.text);
    drawn && !line.quoted && lines.get(i + 1).is_some_and(|line| !line.quoted) && {
        let words = line.text.to_lowercase();
        FORWARDED.iter().any(|verb| words.contains(verb))
            || words.ends_with("--") && has_wrote(&words) && has_address(&words)
    }
}

fn is_with_address(lines: &[Line<'_>], i: usize) -> bool {
    let near = || lines.iter().skip(i).take(LINES);
    // Nobody's address is on these lines, or no colon at an end: words need not be read.
    if !near().any(|line| line.text.may_end_with_colon())
        || !near().any(|line| line.text.may_have_at())
    {
        return false;
    }
    let mut said = String::new();
    for (wraps, line) in near().enumerate() {
        let ends = line.text.ends_with(COLONS);
        let short = (wraps == 0 && ends) || line.text.len() < WRAPPED;
        if line.quoted || !short {
            return false;
        }
        if wraps > 0 {
            said.push(' ');
        }
        said.push_str(&line.text);
        if ends {
            let plain_follows = lines.get(i + wraps + 1).is_some_and(|line| !line.quoted);
            // Lines above it are another's.
            let whole = || !(i + 1..=i + wraps).any(|i| begins(lines, i));
            return plain_follows && tells(&said, wraps, lines.get(i)) && whole();
        }
    }
    false
}

/// Whether words up to a colon tell who wrote when.
fn tells(said: &str, wraps: usize, first: Option<&Line<'_>>) -> bool {
    if !has_address(said) {
        return false;
    }
    let said = said.to_lowercase();
    if !is_moment(&said) {
        return wraps == 0 && is_undated(&said);
    }
    let wrote = has_wrote(&said);
    let words = || said.split(|c: char| !c.is_alphanumeric());
    let named = || has_named_address(&said) && !words().any(|word| ASKED.contains(&word));
    // The day comes first, and no line that has nothing to do with it.
    let dated = || first.is_some_and(|line| line.text.contains(char::is_numeric));
    wrote || named() && (wraps == 0 || wraps == 1 && dated()) || wraps == 0 && is_signed(&said)
}

/// Whether somebody with a name wrote: `Anna <anna@contoso.example> wrote:`.
fn is_undated(said: &str) -> bool {
    let ends = |verb: Range<usize>| {
        said.get(verb.end..)
            .is_some_and(|rest| !rest.trim_end_matches(COLONS).trim_end().contains(' '))
    };
    has_named_address(said) && wrote(said).is_some_and(ends)
}

/// Whether a day ends with an address: `2 Nov 2026, 20:53 by anna@contoso.example:`.
fn is_signed(said: &str) -> bool {
    /// Its day, its month, and whatever `by` is.
    const WORDS: usize = 3;
    let said = said.trim_end_matches(COLONS).trim_end();
    let Some((day, address)) = said.rsplit_once(char::is_whitespace) else { return false };
    let words = day.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| word.contains(char::is_alphabetic));
    has_address(address)
        && is_moment(day)
        && words.by_ref().take(WORDS).all(|word| word == "by" || !ASKED.contains(&word))
        && words.next().is_none()
}

/// `>>> Anna <anna@contoso.example> 11/2/2026 8:53 PM >>>`, above lines without a mark.
pub(super) fn is_between_brackets(lines: &[Line<'_>], i: usize) -> bool {
    lines.get(i).is_some_and(|line| {
        line.text.may_be_quoted()
            && line.text.may_have_at()
            && line.text.starts_with(BRACKETS)
            && line.text.ends_with(BRACKETS)
            && has_address(&line.text)
            && has_time(&line.text)
    }) && lines.get(i + 1).is_some_and(|line| !line.quoted)
}

const BRACKETS: &str = ">>>";

/// What says that somebody wrote; endings of two letters apart.
#[rustfmt::skip]
const WROTE: &[&str] = &[
    "wrote", "writes", "schrieb", "a écrit", "escribió", "escreveu", "ha scritto", "schreef", "skrev",
    "kirjoitti", "napisał", "napsal", "napísal", "написа", "пишет", "пише", "pisao", "pisal",
    "pisala", "yazdı", "írta", "a scris", "έγραψε", "写道", "寫道", "書きました", "님이 작성",
    "כתב", "كتب", "đã viết", "menulis", "เขียน", "लिखा", "نوشت", "kirjutas", "rakstīja", "rašė",
    "escriure", "idatzi", "skrifaði", "shkroi", "skryf", "geskryf",
];

/// Words that say that somebody sent it on.
#[rustfmt::skip]
const FORWARDED: &[&str] = &[
    "forwarded by", "weitergeleitet von", "transféré par", "réexpédié par", "reenviado por",
    "encaminhado por", "inoltrato da", "doorgestuurd door", "vidarebefordrat av",
    "videresendt af", "videresendt av", "välittänyt", "przekazane przez", "転送者",
];

/// Words of those who want something by a day, or say how old a plan is.
#[rustfmt::skip]
const ASKED: &[&str] = &[
    "please", "before", "until", "by", "due", "deadline", "update", "updated", "changed",
    "register", "reply", "rsvp", "confirm",
    "bitte", "bis", "vor", "spätestens", "stand", "aktualisiert", "anmeldung",
    "veuillez", "merci", "avant", "jusqu", "favor", "antes", "hasta", "até", "favore", "entro",
    "prima", "graag", "uiterlijk", "voor", "vänligen", "senast", "venligst", "senest", "viimeistään",
    "proszę", "prosím", "lütfen", "пожалуйста", "просьба",
];
