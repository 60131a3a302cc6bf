//! A header of an earlier message: fields one below the other.
//!
//! In: lines, and where the first field may be. Out: the fields, and whether they can only be
//! a header's. Never: an agenda's: `From: 10:00`, `Wann: …`, a journey from here to there.

use super::COLONS;
use super::first_colon;
use super::moment::{has_address, has_named_address, is_hour, is_moment};
use super::names::{Role, begins_with, is_of_agenda, role};
use crate::block::line::Line;

/// How many lines one field may go on over.
const FIELD_LINES: usize = 4;

/// A header has no more fields that matter.
const FIELDS: usize = 6;

/// A header is no longer, lists of recipients included.
pub(super) const LINES: usize = 62;

/// A field: its role if its name is known, and what stands behind the colon.
struct Field<'a> {
    name: String,
    role: Option<Role>,
    value: &'a str,
    /// In a table a name and its value are two lines.
    apart: bool,
    /// A mail address is behind words.
    linked: bool,
    /// Its line, counted from the header's first.
    line: usize,
}

impl<'a> Field<'a> {
    fn of(line: &'a Line<'_>) -> Option<Self> {
        if line.quoted || !line.text.may_have_colon() {
            return None;
        }
        // The links of a block stand behind colons too.
        if leads_somewhere(line) {
            return None;
        }
        let (name, rest) = line.text.split_at_checked(first_colon(&line.text)?)?;
        let value = rest.strip_prefix(COLONS)?;
        // A colon between digits is a time's.
        let time = name.ends_with(char::is_numeric) && value.starts_with(char::is_numeric);
        let name = name.trim_matches(is_around_name);
        if time || !is_name(name) {
            return None;
        }
        let name = name.to_lowercase();
        let linked = line.links.iter().any(|link| link.url.starts_with("mailto:"));
        let (role, value) = (role(&name), value.trim_matches(is_around_name));
        Some(Self { name, role, value, apart: false, linked, line: 0 })
    }

    fn at(lines: &'a [Line<'_>], i: usize) -> Option<Self> {
        let mut field = Self::of(lines.get(i)?)?;
        field.line = i;
        let below = lines.get(i + 1).filter(|line| field.value.is_empty() && !line.quoted);
        if let Some(below) = below.filter(|line| Self::of(line).is_none()) {
            field.value = &below.text;
            field.apart = true;
        }
        Some(field)
    }

    /// Makes fields of those that stand behind it on its line: `From: Anna To: Petra`.
    fn split(self, fields: &mut Vec<Self>) {
        let mut last = self;
        while let Some((value, next)) = last.next_on_line() {
            last.value = value;
            fields.push(std::mem::replace(&mut last, next));
        }
        fields.push(last);
    }

    /// The next field on its line that is known, and the value before it.
    fn next_on_line(&self) -> Option<(&'a str, Self)> {
        let colons = self.value.match_indices(COLONS).take(FIELDS);
        let mut found = colons.filter_map(|(colon, mark)| {
            let before = self.value.get(..colon)?.trim_end();
            if self.role.is_none() || before.ends_with(char::is_numeric) {
                return None;
            }
            let starts = before.rmatch_indices(' ').map(|(at, _)| at + 1).take(NAME_WORDS);
            let named = starts.filter_map(|start| {
                let name = before.get(start..)?.trim_matches(is_around_name).to_lowercase();
                Some((start, role(&name)?, name))
            });
            let (start, role, name) = named.last()?;
            let value = self.value.get(colon + mark.len()..)?.trim_matches(is_around_name);
            let next = Self { name, role: Some(role), value, apart: false, ..*self };
            Some((before.get(..start)?.trim_matches(is_around_name), next))
        });
        found.next()
    }

    fn is(&self, role: Role) -> bool {
        self.role == Some(role)
    }

    fn is_sent(&self) -> bool {
        self.is(Role::Sent) || self.is(Role::Day)
    }

    fn has_address(&self) -> bool {
        self.linked || has_address(self.value)
    }

    fn has_digits(&self) -> bool {
        self.value.contains(char::is_numeric)
    }

    /// Whether nobody knows its name, and it is no agenda's.
    fn is_foreign(&self) -> bool {
        self.role.is_none() && !is_of_agenda(&self.name)
    }
}

/// Bold in text; bars of quotes; marks that set the direction.
pub(super) fn is_around_name(c: char) -> bool {
    matches!(c, '*' | '|') || c.is_whitespace() || crate::link::is_unseen(c)
}

/// A name has no more words.
const NAME_WORDS: usize = 3;

/// A few words that could name a field.
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
    letters && words <= NAME_WORDS
}

/// Fields one below the other.
pub(super) struct Header<'a> {
    fields: Vec<Field<'a>>,
    /// Lines below those that are known may go on with it.
    pub(super) open: bool,
}

impl<'a> Header<'a> {
    /// The header whose first field is line `i`.
    pub(super) fn at(lines: &'a [Line<'_>], i: usize) -> Option<Self> {
        let near = lines.get(i..)?;
        let (near, more) = (near.get(..LINES).unwrap_or(near), near.len() < LINES);
        let mut header = Self { fields: Vec::new(), open: near.len() == 1 && more };
        Field::at(near, 0)?.split(&mut header.fields);
        while header.fields.len() < FIELDS {
            let Some(last) = header.fields.last() else { break };
            let (mut at, mut passed) = (last.line + 1, 0);
            let next = loop {
                let Some(line) = near.get(at) else {
                    header.open = more;
                    break None;
                };
                if let Some(field) = Field::at(near, at) {
                    break Some(field);
                }
                // A list of recipients goes on over many.
                passed += usize::from(!(last.is(Role::Recipient) && is_of_list(line)));
                if passed == FIELD_LINES {
                    break None;
                }
                at += 1;
            };
            let Some(field) = next else { break };
            header.open = more && field.line + 1 == near.len();
            header.fields.push(field);
        }
        Some(header)
    }

    /// Whether one may begin on line `i`, with nothing drawn above it.
    pub(super) fn may_begin(lines: &[Line<'_>], i: usize) -> bool {
        Field::at(lines, i).is_some_and(|f| f.role.is_some() || has_named_address(f.value))
    }

    /// Whether it is a header although nothing was drawn above it.
    pub(super) fn stands_alone(&self) -> bool {
        self.begins_with_sender() || self.is_signed() || self.has_all() || self.leaves_no_doubt()
    }

    fn has(&self, role: Role) -> bool {
        self.fields.iter().any(|field| field.is(role))
    }

    fn sent_at_a_moment(&self) -> bool {
        self.fields.iter().any(|field| field.is_sent() && is_moment(field.value))
    }

    fn sender(&self) -> Option<&Field<'a>> {
        let mut senders = self.fields.iter().filter(|field| field.is(Role::Sender));
        senders.find(|sender| !is_hour(sender.value))
    }

    /// Whether the names of its fields are those of a header.
    pub(super) fn has_names(&self) -> bool {
        self.sender().is_some() && self.others() > 0
    }

    /// Whether it has more names of a header than a plan has by chance.
    pub(super) fn has_more_names(&self) -> bool {
        let others = self.others();
        self.sender().is_some_and(|sender| others > 1 || others > 0 && sender.has_address())
    }

    /// How many of its roles are not the sender's.
    fn others(&self) -> usize {
        let sent = self.fields.iter().any(Field::is_sent);
        usize::from(sent)
            + usize::from(self.has(Role::Recipient))
            + usize::from(self.has(Role::Subject))
    }

    /// Whether it looks like a header whatever its language is.
    pub(super) fn has_shape(&self, fields: usize) -> bool {
        let told = self.fields.iter().any(|f| is_moment(f.value) || f.has_address());
        let agenda = self.fields.iter().take(3).any(|f| f.role.is_none() && !f.is_foreign());
        self.fields.len() >= fields && told && !agenda
    }

    /// Whether it is a sender who is no number, then when it was sent, and one field more.
    fn begins_with_sender(&self) -> bool {
        let Some(sender) = self.fields.first().filter(|f| f.is(Role::Sender)) else { return false };
        let subject = self.has(Role::Subject);
        // `Berg, Anna (IT-A3)`
        let numbered = || subject && self.sent_at_a_moment() && !is_hour(sender.value);
        let named = sender.has_address() || !sender.has_digits() || numbered();
        let mut sent = self.fields.iter().filter(|f| f.is_sent());
        let dated = sent.any(|f| f.value.is_empty() || f.has_digits());
        // Nobody's address, a day and two names are a journey too.
        let told =
            || self.has(Role::Sent) || sender.apart || self.fields.iter().any(Field::has_address);
        named && dated && (subject || self.has(Role::Recipient) && told())
    }

    /// Whether it is a sender with an address, then a moment, and no agenda.
    fn is_signed(&self) -> bool {
        let [sender, sent, below @ ..] = self.fields.as_slice() else { return false };
        let agenda = below.first().is_some_and(|f| f.role.is_none() && !f.is_foreign());
        let told = sender.is(Role::Sender) && sender.has_address();
        told && sent.is_sent() && is_moment(sent.value) && sent.line <= sender.line + 2 && !agenda
    }

    /// Whether it has all fields of a header, in the order of whatever program.
    fn has_all(&self) -> bool {
        // A block above a header has fields of its own, and addresses that devices call.
        let last = self.fields.iter().rposition(|field| field.role.is_some()).unwrap_or_default();
        let foreign = self.fields.iter().take(last).filter(|field| field.role.is_none()).count();
        if foreign > 1 || self.fields.first().is_none_or(|first| first.role.is_none()) {
            return false;
        }
        let Some(sender) = self.sender().filter(|_| self.others() == 3) else { return false };
        let first = sender.line == 0 && !sender.has_digits();
        first || sender.has_address() || self.sent_at_a_moment()
    }

    /// Whether its first fields can only be sender, time, recipient and subject, in a
    /// language of which nobody told us all names.
    fn leaves_no_doubt(&self) -> bool {
        let [sender, sent, third, fourth, ..] = self.fields.as_slice() else { return false };
        let to = |f: &Field<'_>| f.is(Role::Recipient) || f.is(Role::Subject) || f.is_foreign();
        let foreign = (sender.is(Role::Sender) || sender.is_foreign())
            && (sent.is_sent() || sent.is_foreign())
            && to(third)
            && to(fourth);
        // One field below the other, without words between them.
        let near = sent.line <= sender.line + 2 && third.line <= sent.line + 2;
        foreign && near && has_named_address(sender.value) && is_moment(sent.value)
    }
}

/// Whether a line may go on with a list of recipients.
fn is_of_list(line: &Line<'_>) -> bool {
    !line.quoted && !leads_somewhere(line) && line.text.contains([';', ',', '@'])
}

/// Whether it has a link, mail addresses apart.
fn leads_somewhere(line: &Line<'_>) -> bool {
    line.links.iter().any(|link| link.url.contains("://"))
}

/// Whether a header without colons begins on line `i`: `From "Anna" <anna@contoso.example>`.
pub(super) fn begins_without_colons(lines: &[Line<'_>], i: usize) -> bool {
    let begins = |i: usize, roles: &[Role]| {
        lines.get(i).filter(|line| !line.quoted).is_some_and(|line| {
            let words = line.text.to_lowercase();
            roles.iter().any(|role| begins_with(*role, &words))
        })
    };
    lines.get(i).is_some_and(|line| line.text.may_have_at() && has_named_address(&line.text))
        && begins(i, &[Role::Sender])
        && begins(i + 1, &[Role::Recipient, Role::Sent, Role::Day])
}
