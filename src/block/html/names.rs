//! Names of elements as small numbers, and what the standard's tree rules make of each.

use std::collections::HashMap;

use html5ever::{LocalName, QualName, ns};

/// An element's name: equal for equal names of one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

/// How the standard's "in body" rules, and those for tables, treat an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Html,
    Head,
    Body,
    /// Ends an open paragraph; its end tag looks for it in scope.
    Block,
    /// A [`Class::Block`] that items of other lists do not end.
    List,
    Paragraph,
    Heading,
    Item,
    /// `dd` and `dt`.
    Definition,
    /// A link: a formatting element that cannot nest.
    Link,
    Formatting,
    Table,
    /// `tbody`, `tfoot`, `thead`.
    Section,
    Row,
    Cell,
    ColumnGroup,
    Column,
    /// Has no content.
    Void,
    /// `hr`: as [`Class::Void`], and ends an open paragraph.
    Rule,
    /// `base`, `link`, `meta` and their like: void, and at home in the head.
    Meta,
    /// `style` and `title`.
    Raw,
    Script,
    /// Nothing but nesting: `span`, `o:p`, and what nobody knows.
    Ordinary,
    /// Has rules of its own, left to html5ever.
    Other,
}

impl Class {
    /// The standard's category "special", of the classes that can be open.
    pub(super) const fn is_special(self) -> bool {
        !matches!(self, Self::Link | Self::Formatting | Self::Ordinary)
    }

    pub(super) const fn is_formatting(self) -> bool {
        matches!(self, Self::Link | Self::Formatting)
    }

    /// Ends the search for an element "in scope".
    pub(super) const fn is_scope(self) -> bool {
        matches!(self, Self::Html | Self::Table | Self::Cell)
    }
}

macro_rules! known {
    ($($class:ident: $($name:literal)*;)*) => {
        const KNOWN: &[(&str, Class)] = &[$($(($name, Class::$class),)*)*];
    };
}

known! {
    Html: "html"; Head: "head"; Body: "body";
    Block: "div" "blockquote" "center" "address" "article" "aside" "details" "dir" "fieldset"
        "figcaption" "figure" "footer" "header" "hgroup" "listing" "main" "menu" "nav" "pre"
        "section" "summary" "dl";
    List: "ol" "ul";
    Paragraph: "p";
    Heading: "h1" "h2" "h3" "h4" "h5" "h6";
    Item: "li";
    Definition: "dd" "dt";
    Link: "a";
    Formatting: "b" "big" "code" "em" "font" "i" "s" "small" "strike" "strong" "tt" "u";
    Table: "table"; Section: "tbody" "tfoot" "thead"; Row: "tr"; Cell: "td" "th";
    ColumnGroup: "colgroup"; Column: "col";
    Void: "br" "img" "area" "embed" "keygen" "param" "source" "track" "wbr";
    Rule: "hr";
    Meta: "meta" "link" "base" "basefont" "bgsound";
    Raw: "style" "title";
    Script: "script";
    Ordinary: "span" "o:p" "u1:p" "u2:p" "st1:place" "sub" "sup" "label" "abbr" "acronym" "cite"
        "del" "ins" "q" "time" "var" "kbd" "samp" "mark" "bdo" "bdi" "xml";
    Other: "applet" "button" "caption" "dialog" "form" "frame" "frameset" "iframe" "image" "input"
        "isindex" "marquee" "math" "nobr" "noembed" "noframes" "noscript" "object" "optgroup"
        "option" "plaintext" "rb" "rp" "rt" "rtc" "ruby" "search" "select" "svg" "template"
        "textarea" "xmp";
}

/// The longest of them, as one number.
const LONGEST: usize = 16;

/// A name of ASCII letters in any case as a number: equal for equal names.
fn key(name: &[u8]) -> Option<u128> {
    const HALF: usize = size_of::<u64>();
    if name.len() > LONGEST {
        return None;
    }
    let folded =
        |half: &[u8]| half.iter().fold(0, |key, b| key << 8 | u64::from(b.to_ascii_lowercase()));
    Some(match name.split_last_chunk::<HALF>() {
        Some((first, last)) => u128::from(folded(first)) << u64::BITS | u128::from(folded(last)),
        // Most are short.
        None => u128::from(folded(name)),
    })
}

const SLOTS: usize = 512;

const fn slot(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64);
    (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 55) as usize
}

/// For each slot, one more than the place in `KNOWN`, and the key.
#[expect(clippy::indexing_slicing, reason = "read by the compiler, which checks it")]
static TABLE: [(u128, u8); SLOTS] = {
    let mut table = [(0, 0); SLOTS];
    let mut i = 0;
    while i < KNOWN.len() {
        let name = KNOWN[i].0.as_bytes();
        let (mut key, mut j) = (0, 0);
        while j < name.len() {
            key = key << 8 | name[j] as u128;
            j += 1;
        }
        let mut at = slot(key);
        while table[at].1 != 0 {
            at = (at + 1) % SLOTS;
        }
        i += 1;
        table[at] = (key, i as u8);
    }
    table
};

const _: () = assert!(KNOWN.len() < 255);

/// Finds a name as written, in any case, among those that the rules know.
pub(super) fn known(name: &str) -> Option<(Name, Class)> {
    let key = key(name.as_bytes())?;
    let mut at = slot(key);
    loop {
        match TABLE.get(at) {
            Some(&(k, i)) if i > 0 => {
                if k == key {
                    let i = usize::from(i) - 1;
                    return KNOWN.get(i).map(|(_, class)| (Name(i as u32), *class));
                }
            }
            _ => return None,
        }
        at = (at + 1) % SLOTS;
    }
}

impl Name {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// A name that the rules know, by its name.
    pub(super) fn of(name: &str) -> Self {
        known(name).map_or(Self(0), |(name, _)| name)
    }
}

/// The names of a tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    others: Vec<QualName>,
    index: HashMap<QualName, u32>,
}

impl Names {
    /// The number of a name; one that is written in HTML is known by the name alone.
    pub(super) fn intern(&mut self, name: &QualName) -> Name {
        if name.ns == ns!(html)
            && let Some((known, _)) = known(&name.local)
            && self.local(known) == &*name.local
        {
            return known;
        }
        if let Some(&index) = self.index.get(name) {
            return Name(index);
        }
        let index = u32::try_from(KNOWN.len() + self.others.len()).unwrap_or(u32::MAX);
        self.others.push(name.clone());
        self.index.insert(name.clone(), index);
        Name(index)
    }

    /// The number of an HTML name that the rules do not know, in small letters.
    pub(super) fn intern_html(&mut self, name: &str) -> Name {
        self.intern(&QualName::new(None, ns!(html), LocalName::from(name)))
    }

    fn other(&self, name: Name) -> Option<&QualName> {
        self.others.get((name.0 as usize).checked_sub(KNOWN.len())?)
    }

    /// How the rules treat elements of this name in the HTML namespace.
    pub(super) fn class(&self, name: Name) -> Class {
        match KNOWN.get(name.0 as usize) {
            Some((_, class)) => *class,
            None if self.other(name).is_some_and(|name| name.ns == ns!(html)) => Class::Ordinary,
            None => Class::Other,
        }
    }

    /// The name without its namespace.
    pub(crate) fn local(&self, name: Name) -> &str {
        match KNOWN.get(name.0 as usize) {
            Some((local, _)) => local,
            None => self.other(name).map_or("", |name| &name.local),
        }
    }

    /// The name of an HTML element; empty for others.
    pub(crate) fn html(&self, name: Name) -> &str {
        match KNOWN.get(name.0 as usize) {
            Some((local, _)) => local,
            None => match self.other(name) {
                Some(name) if name.ns == ns!(html) => &name.local,
                _ => "",
            },
        }
    }

    /// The namespace, as its URL.
    pub(crate) fn namespace(&self, name: Name) -> &str {
        match self.other(name) {
            Some(name) => &name.ns,
            None => "http://www.w3.org/1999/xhtml",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_is_found_in_any_case() {
        for (i, (name, class)) in KNOWN.iter().enumerate() {
            assert_eq!(known(name), Some((Name(i as u32), *class)));
            assert_eq!(known(&name.to_ascii_uppercase()), Some((Name(i as u32), *class)));
        }
        for name in ["", "x", "di", "divv", "blockquote-like-it", "é", "foreignObject"] {
            assert_eq!(known(name), None, "{name}");
        }
    }
}
