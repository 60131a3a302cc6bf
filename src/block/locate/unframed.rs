//! Blocks that no row frames: what a product's page or mail hands out to be pasted.
//!
//! In: the line of a link into a meeting. Out: the block around it, or none. Never: a line of
//! words that nobody knows to be the product's, at either end.
//!
//! - Above the link stands a heading that the product writes, and nothing else is taken. Other
//!   words there may be a heading we do not know, or somebody's: then the block is in doubt.
//! - Below it, the block reaches to the last line that is surely its own: another link of the
//!   product, the meeting's id again. Between two such lines stand numbers, facts (`label:
//!   value`) and single short headings; two lines of words in a row end it.
//!   Lines that are known to be the product's are its own, and its headings part nothing.
//! - It is a block when the link is the recorded one and something below is the meeting's own,
//!   or, without a record, when a link that only such a block has follows behind numbers.

use crate::provider::marks::{Bare, Fence, is_conference_call};
use crate::wording;

use super::super::line::{Evidence, FenceOnLine, Line, LinkOnLine};
use super::words::{has_words_behind, is_reference, without_links, words_before};
use super::{BLOCK_JOINS, BLOCK_LINES, Candidate, GAP_LINES, Search};

/// The most characters of a line that may be a heading inside a block.
const HEADING: usize = 80;

/// The most characters of a line of numbers.
const NUMBER: usize = 140;

/// The fewest digits that make a telephone number or an id.
const DIGITS: usize = 6;

/// The most headings above a link.
const HEADINGS: usize = 4;

/// How far down the block reaches.
#[derive(Default)]
struct Reach {
    last: usize,
    closing: Option<usize>,
    /// Links of the product's own behind the link to join.
    companions: usize,
    /// Lines of numbers and ids.
    numbers: usize,
    /// Numbers follow the last line, and nothing says whose they are.
    loose: bool,
    /// Lines between the product's own may be somebody's.
    unsure: bool,
}

impl Search<'_> {
    /// The block around the link on line `join`, where no pair of rows frames it.
    pub(super) fn unframed(&self, from: usize, join: usize) -> Option<Candidate> {
        let bare = self.marks.bare?;
        let line = self.line(join)?;
        let joins = &self.evidence(join).joins;
        let key = joins.first().filter(|j| !j.weak)?.key;
        if joins.iter().take(BLOCK_JOINS).any(|j| j.key != key) {
            return None;
        }
        let recorded = self.recorded.is_some_and(|meeting| meeting.key() == key);
        let opening = self.opening(from, join, line.quoted);
        let (first, unknown_above) = match opening {
            Some(row) => (row, false),
            None => self.head(bare, from, join),
        };
        let reach = self.reach(bare, join, key, opening);
        let proven = match recorded {
            true => reach.last > join || reach.closing.is_some(),
            false => reach.companions > 0 && reach.numbers > 0,
        };
        if !proven {
            return None;
        }
        let (ends, glued) = self.end_of(reach.last);
        let last = reach.closing.unwrap_or(reach.last);
        let begins = self.evidence(first).begins.filter(|&at| {
            first == join
                && opening.is_none()
                && self.line(first).is_some_and(|l| l.words_start < at)
        });
        Some(Candidate {
            provider: self.marks.provider,
            first,
            last,
            opening: opening.and_then(|i| self.fence(i)).cloned(),
            closing: reach.closing.and_then(|i| self.fence(i)).cloned(),
            quoted: line.quoted,
            begins,
            ends: ends.filter(|_| reach.closing.is_none()),
            keys: vec![key.to_owned()],
            doubtful: unknown_above
                || is_reference(line)
                || reach.closing.is_none() && (reach.loose || reach.unsure || glued),
            unframed: true,
        })
    }

    /// The first line of a block without a row above it, and whether words above its link may
    /// be its own.
    fn head(&self, bare: &Bare, from: usize, join: usize) -> (usize, bool) {
        let Some(line) = self.line(join) else { return (join, true) };
        let mut known = false;
        // An element knows where its words begin; what stands before it is somebody's.
        if line.links.first().is_some_and(|link| link.element.is_some() && link.labelled) {
            known = true;
        } else {
            let before = words_before(line);
            if !before.is_empty() {
                known = bare.is_heading(before);
                if !known {
                    return (join, true);
                }
            }
        }
        let mut first = join;
        // A heading may stand between two rules.
        let (mut ruled, mut foreign) = (false, false);
        for i in (from..join).rev().take(HEADINGS) {
            let Some(above) = self.line(i).filter(|l| l.quoted == line.quoted) else { break };
            if is_rule(&above.text) && above.links.is_empty() {
                if ruled && first == i + 1 {
                    return (i, false);
                }
                ruled = true;
                continue;
            }
            if above.links.is_empty() && above.fences.is_empty() && bare.is_heading(&above.text) {
                first = i;
                foreign |= Bare::is_any_of(bare.foreign, &above.text);
                continue;
            }
            let words = above.fences.is_empty() && !self.evidence(i).is_some();
            // Who invites, in words that we do not know.
            let mut near = (from..=i).rev().take(HEADINGS).filter_map(|i| self.line(i));
            let inviting = foreign && near.any(|l| bare.may_invite(l));
            return (first, words && (inviting || !known && first == join));
        }
        (first, false)
    }

    /// How far the block reaches below its link.
    fn reach(&self, bare: &Bare, join: usize, key: &str, opening: Option<usize>) -> Reach {
        let quoted = self.line(join).is_some_and(|l| l.quoted);
        let site = self.line(join).and_then(|l| l.links.iter().find_map(|l| site_of(&l.url)));
        let row = opening.and_then(|i| self.fence(i)).map(|row| row.fence);
        let ids = &self.ids_below(join, key, site);
        let mut reach = Reach { last: join, ..Reach::default() };
        // Nothing of the block can follow the last line, as far as is known.
        let mut terminal = false;
        let (mut words, mut after_id) = (0, false);
        // Behind the last line, as far as is known: a heading of the product's, and lines of
        // anybody's.
        let (mut headed, mut strange) = (false, 0);
        // The line above is one that only the product writes.
        let mut after_own = false;
        // The line above says where another link leads, or what devices call.
        let (mut elsewhere, mut after_device) = (false, false);
        // The line above is a label whose value stands below it.
        let mut after_label: Option<&str> = None;
        for i in (join + 1..self.lines.len()).take(BLOCK_LINES) {
            let Some(line) = self.line(i).filter(|l| l.quoted == quoted) else { break };
            if line.is_original_message_rule() || line.is_quote_rule() {
                break;
            }
            if let Some(closing) = self.fence(i) {
                let same = closing.fence.closes(row);
                // Words on the line of a row that no other one opens may be somebody's.
                let glued = row.is_none() && closing.glued_before && !self.evidence(i).is_some();
                // Nobody draws Google's row: its sentence, in a language that we do not know.
                let sentence = words == 1
                    && closing.fence == Fence::Tildes
                    && terminal
                    && !self.another_begins(i);
                // Another product's block begins with it, or may.
                let next = self.begins_another_s(i);
                let ends = words == 0 && !next || sentence;
                reach.closing = Some(i).filter(|_| same && ends && !glued);
                reach.loose |= glued || next && row.is_some();
                break;
            }
            let evidence = self.evidence(i);
            let leads = std::mem::take(&mut elsewhere);
            elsewhere = bare.is_elsewhere(&line.text);
            if elsewhere || leads && is_only_a_link(line) {
                let here = |l: &LinkOnLine<'_>| site_of(&l.url) == site;
                if line.links.iter().any(here) {
                    reach.companions += 1;
                    (reach.last, words, after_id, reach.loose) = (i, 0, false, false);
                    continue;
                }
            }
            let mut joins = evidence.joins.iter().take(BLOCK_JOINS);
            if !line.fences.is_empty() || joins.any(|j| j.key != key) {
                break;
            }
            if self.joins_another(i) {
                // Behind a link of another's the block may go on.
                reach.loose |= self.has_own_link_below(i, quoted);
                break;
            }
            if elsewhere {
                continue;
            }
            if !evidence.joins.is_empty() && reach.companions > 0 && words > 0 {
                // Words, and then the same block again.
                reach.loose = true;
                break;
            }
            let in_google_s_frame = || {
                let tildes = |row: &FenceOnLine| row.fence == Fence::Tildes;
                row == Some(Fence::Tildes) || self.fence(i + 1).is_some_and(tildes)
            };
            if self.is_google_s_sentence(i, quoted)
                || self.is_google_s_event(i) && in_google_s_frame()
            {
                (reach.last, words, after_id) = (i, 0, false);
                continue;
            }
            let id = is_number(&line.text) && has_id(&line.text, ids);
            let passcode = after_id && is_passcode(&line.text);
            let value = after_label.take().is_some_and(|label| is_value(&line.text, label));
            let sited = is_device_of(&line.text, ids, site);
            // The same by its number in the net, in words of any language.
            let in_net =
                std::mem::replace(&mut after_device, sited) && has_address_in_net(&line.text);
            let behind = terminal && !std::mem::take(&mut after_own);
            let evident = evidence.is_some() && !self.is_somebodys_call(join, i, key, behind);
            let sure = evident || id || passcode || value || sited || in_net;
            let own = !sure && bare.is_own(&line.text);
            if sure || own || bare.is_field(&line.text) {
                // One line of words over a link is its label.
                let labelled = strange == 1 && words == 1 && is_own_link(line, evidence);
                reach.unsure |= strange > 0 && !own && !sited && !labelled;
                (headed, strange, after_own) = (false, 0, own);
                terminal = is_own_link(line, evidence) || own || passcode && reach.numbers > 1;
                reach.companions += usize::from(is_own_link(line, evidence) || sited);
                reach.numbers += usize::from(id || is_number(&line.text));
                (reach.last, words, after_id) = (i, 0, id);
                reach.loose = false;
            } else if bare.is_label(&line.text) || after_id && is_secret_s_label(&line.text) {
                (words, after_id, after_label) = (0, false, Some(line.text.as_str()));
            } else if bare.is_within(&line.text)
                // Behind its numbers a heading may begin the block once more.
                || reach.companions == 0 && reach.numbers == 0 && bare.is_heading(&line.text)
            {
                (words, after_id, headed) = (0, false, true);
            } else if !line.links.is_empty() {
                let below = i + usize::from(evidence.is_some());
                reach.loose |= self.goes_on(below, quoted) || self.is_row_below(i, quoted);
                break;
            } else if is_number(&line.text) || is_fact(&line.text) {
                reach.numbers += usize::from(is_number(&line.text));
                (words, after_id) = (0, false);
                reach.loose = !terminal;
                strange += usize::from(terminal && reach.companions > 0 && !headed);
            } else if is_rule(&line.text) {
                after_id = false;
            } else if words == 0 && is_short(&line.text) {
                (words, after_id) = (1, false);
                headed = false;
                strange += usize::from(terminal && reach.companions > 0);
            } else {
                // Words end it; when it goes on behind them, nothing says whose they are.
                reach.loose |= self.goes_on(i, quoted) || self.is_row_below(i, quoted);
                break;
            }
        }
        if reach.closing.is_none() {
            reach.last = self.closed_by(bare, reach.last, quoted);
        }
        reach
    }

    /// The numbers of the meeting: those in its link, and those that lines below call: behind a
    /// pause, or at the site of its link.
    fn ids_below(&self, join: usize, key: &str, site: Option<&str>) -> String {
        let quoted = self.line(join).is_some_and(|l| l.quoted);
        let is_other =
            |i: usize| self.evidence(i).joins.iter().take(BLOCK_JOINS).any(|j| j.key != key);
        let mut ids = key.to_owned();
        // A room's number stands beside its link.
        let beside = |l: &Line<'_>| {
            without_links(&l.text).split_once('|').map(|(_, id)| digits(id).collect::<String>())
        };
        if let Some(id) = self.line(join).and_then(beside) {
            ids.push(' ');
            ids.push_str(&id);
        }
        let below = (join + 1..self.lines.len()).take(BLOCK_LINES).take_while(|&i| {
            self.fence(i).is_none()
                && !is_other(i)
                && !self.joins_another(i)
                && self.line(i).is_some_and(|l| l.quoted == quoted)
        });
        for line in below.filter_map(|i| self.line(i)).filter(|l| l.text.len() <= LINE) {
            for id in called_ids(&line.text, site) {
                ids.push(' ');
                ids.push_str(id);
            }
        }
        ids
    }

    /// Whether another link of the block's, and no call, stands below line `i`.
    fn has_own_link_below(&self, i: usize, quoted: bool) -> bool {
        (i + 1..self.lines.len())
            .take(BLOCK_LINES)
            .take_while(|&i| {
                self.evidence(i).joins.is_empty()
                    && self.fence(i).is_none()
                    && self.line(i).is_some_and(|l| l.quoted == quoted)
            })
            .any(|i| self.line(i).is_some_and(|l| is_own_link(l, self.evidence(i))))
    }

    /// Whether a row below line `i` seems to end the block, and no other begins there.
    fn is_row_below(&self, i: usize, quoted: bool) -> bool {
        let row = (i + 1..self.lines.len())
            .take(GAP_LINES)
            .take_while(|&i| self.line(i).is_some_and(|l| l.quoted == quoted))
            .find(|&i| self.fence(i).is_some());
        row.is_some_and(|row| !self.another_begins(row))
    }

    /// The last line of a paragraph that the product writes behind its last link, else `last`.
    fn closed_by(&self, bare: &Bare, last: usize, quoted: bool) -> usize {
        const WRAPPED: usize = 12;
        let text =
            |i: usize| self.line(i).filter(|l| l.quoted == quoted).map_or("", |l| l.text.as_str());
        // Its name was spelled in more than one way.
        let begins = |begin: &str| {
            text(last + 1).get(..begin.len()).is_some_and(|head| head.eq_ignore_ascii_case(begin))
        };
        let closing = bare.closings.iter().find(|(begin, _)| begins(begin));
        let Some((_, end)) = closing else { return last };
        // Its last words may be wrapped too.
        let ends = |&i: &usize| {
            text(i).ends_with(end)
                || i > last + 1 && [text(i - 1), " ", text(i)].concat().ends_with(end)
        };
        (last + 1..).take(WRAPPED).find(ends).unwrap_or(last)
    }

    /// Where the block ends on its last line when an element's end says it, and whether words
    /// behind a written-out link stand there.
    fn end_of(&self, last: usize) -> (Option<usize>, bool) {
        let Some(line) = self.line(last) else { return (None, false) };
        let Some(link) = line.links.last().filter(|_| self.evidence(last).is_some()) else {
            return (None, false);
        };
        match &link.element {
            Some(element) => (Some(element.end).filter(|end| line.words_end > *end), false),
            None => (None, has_words_behind(line)),
        }
    }
}

impl Bare {
    /// Whether the line is one that only the product writes.
    fn is_own(&self, text: &str) -> bool {
        text.len() <= LINE && is_any(self.own, text, Gap::Word)
    }

    /// Whether the line is a label of the product's and its value.
    fn is_field(&self, text: &str) -> bool {
        text.len() <= LINE
            && text.split_once([':', '：']).is_some_and(|(label, value)| {
                is_value(value, label) && is_any(self.fields, label, Gap::Word)
            })
    }

    /// Whether the line is a label of the product's, and its value stands on the next one.
    fn is_label(&self, text: &str) -> bool {
        text.len() <= LINE && is_any(self.fields, text, Gap::Word)
    }

    /// Whether the line says where a link of the same site leads.
    fn is_elsewhere(&self, text: &str) -> bool {
        text.len() <= LINE
            && !self.elsewhere.is_empty()
            && is_any(self.elsewhere, without_links(text).trim(), Gap::Word)
    }

    /// Whether the line is a heading among the product's.
    fn is_within(&self, text: &str) -> bool {
        text.len() <= LINE && is_any(self.within, text, Gap::Words)
    }

    /// Whether the product writes these words above its link.
    fn is_heading(&self, words: &str) -> bool {
        Self::is_any_of(self.headings, words) || Self::is_any_of(self.foreign, words)
    }

    fn is_any_of(headings: &[&str], words: &str) -> bool {
        let words = words.trim_end_matches([':', '：', ' ', '\u{a0}']).to_lowercase();
        let words = words.replace('\u{2019}', "'");
        headings.iter().any(|heading| is_pattern(&heading.to_lowercase(), &words, Gap::Words))
    }

    /// Whether a line names the product, and is neither a heading of it nor a meeting's topic.
    fn may_invite(&self, line: &Line<'_>) -> bool {
        let text = line.text.as_str();
        line.links.is_empty()
            && !self.name.is_empty()
            && text.len() <= LINE
            && !text.contains([':', '：'])
            && text.to_lowercase().contains(self.name)
            && !self.is_heading(text)
    }
}

/// The most bytes of a line that the product is known to write.
const LINE: usize = 200;

/// What `…` stands for in a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A word or a part of one: where a line is taken for what it says.
    Word,
    /// Anything: where others have to stand around the line.
    Words,
}

/// Whether a line is as the product writes it: case stands for nothing, and a stop or colon at
/// the end may be missing. The patterns are in lower case.
fn is_any(patterns: &[&str], text: &str, gap: Gap) -> bool {
    let end = |c: char| matches!(c, ':' | '：' | '.' | ' ');
    let text = text.trim_end_matches(end).replace('\u{2019}', "'").to_lowercase();
    patterns.iter().any(|pattern| is_pattern(pattern.trim_end_matches(end), &text, gap))
}

fn is_pattern(pattern: &str, text: &str, gap: Gap) -> bool {
    let fits = |between: &str| gap == Gap::Words || !between.contains(char::is_whitespace);
    // The last piece stands at the end, wherever else it does.
    let Some((pieces, last)) = pattern.rsplit_once('…') else { return text == pattern };
    let mut pieces = pieces.split('…');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((between, behind)) if fits(between) => rest = behind,
            _ => return false,
        }
    }
    rest.strip_suffix(last).is_some_and(fits)
}

/// Whether the line is a link's address or label, and nothing else.
fn is_only_a_link(line: &Line<'_>) -> bool {
    match line.links.as_slice() {
        [LinkOnLine { element: Some(element), .. }] => {
            element.start <= line.words_start && line.words_end <= element.end
        }
        _ => without_links(&line.text).trim().is_empty(),
    }
}

/// The host of a link.
fn site_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

/// Whether the line is an address that devices call the meeting at, and few words: its id, or
/// digits at the site of its link.
fn is_device_of(text: &str, key: &str, site: Option<&str>) -> bool {
    const WORDS: usize = 4;
    text.len() <= LINE
        && text.split_whitespace().nth(WORDS).is_none()
        && text.match_indices('@').any(|(at, _)| {
            let (before, behind) = text.split_at(at);
            let others = |c: char| !c.is_ascii_digit();
            let id = before.rsplit(others).next().unwrap_or_default();
            let at_site = site.is_some_and(|site| {
                let host = behind.get(1..=site.len());
                host.is_some_and(|host| host.eq_ignore_ascii_case(site))
            });
            id.len() >= DIGITS && (at_site || key.split(others).any(|known| known == id))
        })
}

/// The meetings that a line calls: what is dialled behind a pause, and digits at the site of the
/// meeting's link.
fn called_ids<'t>(text: &'t str, site: Option<&'t str>) -> impl Iterator<Item = &'t str> {
    // The least that ids have.
    const ID: usize = 8;
    let begin = |rest: &'t str| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    };
    let dialled = text.match_indices(",,").map(move |(at, pause)| {
        let rest = text.get(at + pause.len()..).unwrap_or_default();
        begin(rest.strip_prefix("*01*").unwrap_or(rest))
    });
    let at_site = text.match_indices('@').filter_map(move |(at, _)| {
        let (before, behind) = text.split_at(at);
        let host = behind.get(1..=site?.len())?;
        let here = host.eq_ignore_ascii_case(site?);
        here.then(|| before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default())
    });
    dialled.chain(at_site).filter(|id| id.len() >= ID)
}

/// Whether four numbers with stops between them are on the line, and no other number.
fn has_address_in_net(text: &str) -> bool {
    let part = |c: char| c.is_ascii_digit() || c == '.';
    let mut runs = text.split(|c| !part(c)).map(|run| run.trim_matches('.'));
    let mut numbers = runs.by_ref().filter(|run| !run.is_empty());
    let address = numbers.next().is_some_and(|run| {
        let parts = || run.split('.');
        parts().count() == 4 && parts().all(|part| part.parse::<u8>().is_ok())
    });
    text.len() <= LINE && address && numbers.next().is_none()
}

/// The value of a label: a number or an id, with digits in each of its words, or any one word
/// where the label is a password's.
fn is_value(text: &str, label: &str) -> bool {
    let words = || text.split_whitespace();
    let has_digit = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    let is_password = || is_secret(label);
    text.len() <= HEADING
        && words().next().is_some()
        && (words().all(has_digit) || words().count() == 1 && is_password())
}

/// A label, and a number or an id as its value.
pub(super) fn is_labelled_number(text: &str) -> bool {
    text.split_once([':', '：']).is_some_and(|(_, value)| is_value(value, ""))
}

/// Another link of the product's than those that dial.
fn is_own_link(line: &Line<'_>, evidence: &Evidence<'_>) -> bool {
    evidence.companion && line.links.iter().any(|link| !is_conference_call(&link.url))
}

/// A telephone number, an id, an address of a device, and few words.
pub(super) fn is_number(text: &str) -> bool {
    let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic));
    let part = |c: char| c.is_ascii_digit() || " ()-./,#*+\u{a0}".contains(c);
    // A byte is at most a character: long lines are not walked once for each link.
    text.len() <= 4 * NUMBER
        && text.chars().count() <= NUMBER
        && words.count() <= 8
        && text.split(|c| !part(c)).any(|run| digits(run).count() >= DIGITS)
}

/// `label: value`, the value without blanks.
pub(super) fn is_fact(text: &str) -> bool {
    if text.len() > 4 * NUMBER {
        return false;
    }
    let Some((label, value)) = text.split_once([':', '：']) else { return false };
    let value = value.trim();
    let value = value.split_once(" (").map_or(value, |(value, _)| value);
    (1..=HEADING).contains(&label.chars().count()) && !value.is_empty() && !value.contains(' ')
}

fn is_passcode(text: &str) -> bool {
    is_fact(text)
        && text.split_once([':', '：']).is_some_and(|(label, _)| {
            wording::labels::ALL.iter().any(|w| w.passcode.eq_ignore_ascii_case(label.trim()))
                || is_secret(label)
        })
}

/// Whether a label is that of a meeting's secret: a password, a passcode.
fn is_secret(label: &str) -> bool {
    let label = label.trim().to_lowercase();
    SECRETS.contains(&label.as_str()) || label.starts_with("meeting password")
}

/// Whether the line is such a label, and its value stands on the next one.
fn is_secret_s_label(text: &str) -> bool {
    text.strip_suffix([':', '：']).is_some_and(is_secret)
}

/// What products call a secret, in the languages of their pages, in lower case.
#[rustfmt::skip]
const SECRETS: &[&str] = &[
    "passcode", "password", "kenncode", "passwort", "meeting passwort", "meeting-passwort",
    "code secret", "mot de passe", "mot de passe de la réunion", "código de acceso", "contraseña",
    "clave de acceso", "senha", "senha de acesso", "senha da reunião", "código de acesso",
    "codice d'accesso", "codice di accesso", "toegangscode", "wachtwoord", "wachtwoordcode",
    "kod dostępu", "hasło", "parola", "geçiş kodu", "пароль", "код доступа", "パスコード",
    "パスワード", "密码", "密碼", "通行码", "암호", "비밀번호", "mật mã", "mật khẩu",
];

/// The meeting's id, as its link has it, grouped in any way, and no words behind it but a
/// place's.
fn has_id(text: &str, key: &str) -> bool {
    let grouped: String = digits(text).collect();
    key.split(|c: char| !c.is_ascii_digit()).any(|id| id.len() >= DIGITS && grouped.contains(id))
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

/// May be a heading: nobody's sentence, and no cry.
fn is_short(text: &str) -> bool {
    text.len() <= 4 * HEADING && text.chars().count() <= HEADING && !text.ends_with(['!', '！'])
}

/// What some products draw between the parts of a block.
fn is_rule(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|b| matches!(b, b'-' | b'=' | b'*'))
}

#[cfg(test)]
mod tests {
    use crate::Body;
    use crate::block::{Found, Options, locate};
    use crate::policy::AddInEvidence;
    use crate::provider::{MARKS, Provider};

    const PASTED: &str = "Join Zoom Meeting\nhttps://zoom.us/j/95550123456?pwd=Ab\n\n\
        Meeting ID: 955 5012 3456\nPasscode: 550142\n+12065550142,,95550123456# US\n\n\
        Find your local number: https://zoom.us/u/kAb\n";

    fn found(text: &str) -> Found {
        let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
        locate(&Body::text(text), None, &options)
    }

    #[test]
    fn patterns_are_in_lower_case() {
        for bare in MARKS.iter().filter_map(|marks| marks.bare) {
            let lists = [bare.within, bare.own, bare.fields, bare.elsewhere];
            for pattern in lists.into_iter().flatten() {
                assert_eq!(*pattern, pattern.to_lowercase());
            }
        }
    }

    #[test]
    fn what_a_service_wrote_is_taken_before_what_was_pasted() {
        let row = "_".repeat(80);
        let teams = format!("{row}\nJoin<https://teams.microsoft.com/meet/2345?p=Ab>\n{row}\n\n");
        for body in [[PASTED, &teams].concat(), [&teams, PASTED].concat()] {
            let Found::One(block) = found(&body) else { panic!("one is sure: {body}") };
            assert_eq!(block.provider, Provider::TEAMS);
        }
        assert!(matches!(found(PASTED), Found::One(block) if block.provider == Provider::ZOOM));
    }

    #[test]
    fn every_line_that_goes_missing_leaves_a_block_that_is_exact_or_none() {
        let lines: Vec<&str> = PASTED.lines().collect();
        for without in 0..lines.len() {
            let mut rest = lines.clone();
            rest.remove(without);
            let body = format!("Agenda\n{}\nBring the plan.\n", rest.join("\n"));
            if let Found::One(block) = found(&body) {
                let (head, tail) = (body.get(..block.span.start), body.get(block.span.end..));
                let outside = [head.unwrap_or_default(), tail.unwrap_or_default()];
                assert!(outside.iter().all(|part| !part.contains("zoom")), "{body}");
                assert!(outside.concat().contains("Agenda"), "{body}");
                assert!(outside.concat().contains("Bring the plan."), "{body}");
            }
        }
    }
}
