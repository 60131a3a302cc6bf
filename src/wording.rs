//! The labels of a block, per language, what organisers are told before a run, and which
//! language a tag or a number means.
//!
//! In: a language tag, or the locale number of a Skype for Business block. Out: labels,
//! ready to be escaped. Never: a decision about where a block is; wording finds nothing.

pub(crate) mod announcements;
pub(crate) mod labels;
pub(crate) mod locales;
pub(crate) mod places;

/// What a block says in one language. Colons are not part of a label; see `colon`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    /// The language, as a tag; with a region only where regions differ in wording.
    pub(crate) tag: &'static str,
    /// Read from right to left.
    pub(crate) rtl: bool,
    /// What stands between a label and its value, blank included.
    pub(crate) colon: &'static str,
    /// The heading of a Teams block.
    pub(crate) teams_meeting: &'static str,
    /// Teams' link text.
    pub(crate) join_now: &'static str,
    /// Skype for Business' link text.
    pub(crate) join_skype: &'static str,
    /// Asks before `web_app`.
    pub(crate) join_trouble: &'static str,
    /// The link to Skype for Business in a browser.
    pub(crate) web_app: &'static str,
    /// Zoom's link text.
    pub(crate) join_zoom: &'static str,
    /// Google Meet's link text.
    pub(crate) join_meet: &'static str,
    /// Webex' link text.
    pub(crate) join_webex: &'static str,
    /// The id to type when joining without the link.
    pub(crate) meeting_id: &'static str,
    /// What goes with that id.
    pub(crate) passcode: &'static str,
    /// The heading above phone numbers.
    pub(crate) dial_in: &'static str,
    /// The id to enter on a phone.
    pub(crate) conference_id: &'static str,
    /// The caller pays.
    pub(crate) toll: &'static str,
    /// The organisation pays.
    pub(crate) toll_free: &'static str,
    /// The link to more numbers.
    pub(crate) local_numbers: &'static str,
    /// The link to help.
    pub(crate) help: &'static str,
    /// Stands before the organiser's own links.
    pub(crate) organizers: &'static str,
    /// The link to the meeting's options.
    pub(crate) options: &'static str,
    /// The link to reset the organiser's PIN.
    pub(crate) reset_pin: &'static str,
    /// The heading above the address for video conferencing devices.
    pub(crate) video_device: &'static str,
    /// The address that such a device calls.
    pub(crate) tenant_key: &'static str,
    /// The id to enter there.
    pub(crate) video_id: &'static str,
    /// The link to more about it.
    pub(crate) more_info: &'static str,
    /// The link to the organisation's own help.
    pub(crate) org_help: &'static str,
    /// The link to the organisation's legal page.
    pub(crate) privacy: &'static str,
    /// The last line of a Google Meet block.
    pub(crate) do_not_edit: &'static str,
}

impl Wording {
    /// The labels that a block may show, without those that name only a product.
    const fn labels(&self) -> [&'static str; 16] {
        [
            self.teams_meeting,
            self.join_now,
            self.join_skype,
            self.web_app,
            self.join_zoom,
            self.join_meet,
            self.join_webex,
            self.meeting_id,
            self.passcode,
            self.dial_in,
            self.conference_id,
            self.local_numbers,
            self.help,
            self.organizers,
            self.options,
            self.do_not_edit,
        ]
    }
}

/// The wording for a tag: the exact one, else that of the tag without its last part, and
/// so on, with the usual other names of a language (`zh-Hant`, `no`, `iw`) understood.
/// `None` for what is no language tag at all.
pub(crate) fn find(tag: &str) -> Option<&'static Wording> {
    let subtag =
        |s: &str| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric());
    if tag.len() > 35 || !tag.split('-').all(subtag) {
        return None;
    }
    std::iter::successors(Some(tag), |t| t.rsplit_once('-').map(|(head, _)| head)).find_map(|t| {
        let name = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(t));
        let name = name.map_or(t, |(_, name)| name);
        labels::ALL.iter().find(|w| w.tag.eq_ignore_ascii_case(name))
    })
}

/// What organisers are told before a run, in this language. Each wording has its row.
pub(crate) fn announcement(wording: &Wording) -> &'static announcements::Announcement {
    let mut all = announcements::ALL.iter();
    all.find(|row| row.tag == wording.tag).expect("each language has a row, as a test checks")
}

/// Whether a line is the heading of a product's block, in any language.
pub(crate) fn is_heading(line: &str) -> bool {
    line == "Microsoft Teams" || labels::ALL.iter().any(|w| w.teams_meeting == line)
}

/// Whether words, their links left out, are those of the links to an organisation's own help and
/// legal page, which end a block, in any language.
pub(crate) fn is_organisation_s_links(words: &str) -> bool {
    let mut parts = words.split('|').map(str::trim);
    let own = |part: &str| labels::ALL.iter().any(|w| w.org_help == part || w.privacy == part);
    parts.clone().count() <= 2 && parts.all(own)
}

/// Whether a line is the sentence that Google puts into its frame, in any language; older
/// frames have more words in it.
pub(crate) fn is_do_not_edit(line: &str) -> bool {
    const LONGEST: usize = 200;
    let sentence = |w: &Wording| w.do_not_edit.trim_end_matches(['.', '。']);
    let ends = |rest: &str| {
        let behind = rest.split_once(['.', '。']).map_or("", |(_, behind)| behind);
        !behind.contains(char::is_alphanumeric)
    };
    line.len() <= LONGEST
        && labels::ALL.iter().any(|w| line.strip_prefix(sentence(w)).is_some_and(ends))
}

/// Whether other words stand before the label of a link to join.
pub(crate) fn is_more_than_join_label(words: &str) -> bool {
    let words = without_arrow(words);
    join_labels().all(|label| words != label) && join_labels().any(|label| words.ends_with(label))
}

/// Whether words are the label of a link to join that is written out behind them, and no more.
pub(crate) fn is_join_label(words: &str) -> bool {
    let words = without_arrow(words).trim_end_matches([':', '\u{ff1a}', ' ', '\u{a0}']);
    words == "Join" || join_labels().any(|label| words == label)
}

/// Skype for Business draws one in front.
fn without_arrow(words: &str) -> &str {
    words.trim_start_matches(['-', '>', ' '])
}

fn join_labels() -> impl Iterator<Item = &'static str> {
    const OLDER: [&str; 2] = ["Join Microsoft Teams Meeting", "Click here to join the meeting"];
    labels::ALL.iter().flat_map(|w| [w.join_now, w.join_skype]).chain(OLDER)
}

/// The languages of the first label of a link to join that we write; all when there is none.
pub(crate) fn of_join_label(head: &str) -> Vec<&'static Wording> {
    let pairs = Pairs::of(head);
    let first = |w: &Wording| {
        let labels = [w.join_now, w.join_skype, w.join_zoom, w.join_meet, w.join_webex];
        let found = labels.into_iter().filter(|label| pairs.may_have(label));
        // Of two that begin together the longer one.
        found.filter_map(|label| Some((head.find(label)?, usize::MAX - label.len()))).min()
    };
    let firsts: Vec<_> = labels::ALL.iter().map(|w| (first(w), w)).collect();
    let least = firsts.iter().filter_map(|(first, _)| *first).min();
    firsts.into_iter().filter(|(first, _)| *first == least).map(|(_, w)| w).collect()
}

/// Of some languages the one that most of a block's labels are in.
pub(crate) fn guess(block: &str, among: &[&'static Wording]) -> Option<&'static Wording> {
    let pairs = Pairs::of(block);
    let has = |label: &str| pairs.may_have(label) && block.contains(label);
    let score = |wording: &Wording| wording.labels().iter().filter(|label| has(label)).count();
    // On a tie the first: what both would write is the same.
    among
        .iter()
        .map(|w| (score(w), *w))
        .filter(|(n, _)| *n > 0)
        .fold(None, |best, new| match best {
            Some((n, _)) if n >= new.0 => best,
            _ => Some(new),
        })
        .map(|(_, wording)| wording)
}

/// The pairs of bytes of a text: a search for each label of all languages would be dear, and
/// nearly every one has a pair that the text has not.
struct Pairs([u64; 64]);

impl Pairs {
    fn of(text: &str) -> Self {
        let mut pairs = Self([0; 64]);
        for (word, bit) in Self::places(text) {
            if let Some(word) = pairs.0.get_mut(word) {
                *word |= bit;
            }
        }
        pairs
    }

    /// False is certain.
    fn may_have(&self, label: &str) -> bool {
        Self::places(label).all(|(word, bit)| self.0.get(word).is_some_and(|w| w & bit != 0))
    }

    fn places(text: &str) -> impl Iterator<Item = (usize, u64)> + '_ {
        let bytes = text.as_bytes();
        bytes.iter().zip(bytes.iter().skip(1)).map(|(a, b)| (usize::from(a & 63), 1 << (b & 63)))
    }
}

/// English: what is written when nobody names a language.
pub(crate) fn english() -> &'static Wording {
    &labels::ENGLISH
}

/// Tags that mean one of ours without being a part of it.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("zh", "zh-CN"),
    ("zh-Hans", "zh-CN"),
    ("zh-Hant", "zh-TW"),
    ("zh-HK", "zh-TW"),
    ("zh-MO", "zh-TW"),
    ("pt", "pt-BR"),
    ("no", "nb"),
    ("nn", "nb"),
    ("iw", "he"),
];

#[cfg(test)]
mod tests;
