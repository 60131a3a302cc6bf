//! An HTML body as [`Line`]s.

mod splice;

pub(crate) use splice::spliced;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::{Range, RangeInclusive};

use memchr::{memchr_iter, memchr2, memchr2_iter};

use super::reference::decode;
use super::tokenizer::{Attribute, Attributes};
use super::tree::{Data, NodeId, Tree, Walk};
use crate::block::line::{FenceOnLine, Line, LinkOnLine, mark_own_rows};
use crate::block::line::{find_fences, find_trailer, find_urls, has_label, is_of_row};
use crate::block::quote::{mark_indented, mark_quoted};
use crate::block::words_on_line::WordsOnLine;
use crate::provider::Provider;
pub(super) use crate::provider::marks::as_written;
use crate::provider::marks::{Fence, MarkSet, Products};

/// The lines of a tree, in the order of the text.
pub(crate) fn lines<'a>(tree: &Tree<'a>, marks: &MarkSet) -> Vec<Line<'a>> {
    let mut view = View::of(tree, marks);
    view.run(tree.walk(), None);
    let mut lines = view.lines;
    // Foster parenting moves text in the tree, not in the bytes.
    if !lines.is_sorted_by_key(|line| line.span.start) {
        lines.sort_by_key(|line| line.span.start);
    }
    mark_own_rows(&mut lines, marks);
    mark_quoted(&mut lines);
    mark_indented(&mut lines);
    lines
}

/// An element around the place where the walk is, when it says something about its lines.
struct Open<'a> {
    depth: usize,
    breaks: bool,
    quoted: bool,
    link: bool,
    lang: Option<Cow<'a, str>>,
    /// Whether line ends in its text are line ends, when it says so.
    keeps: Option<bool>,
    /// Products whose label it has, and where, until the first line in it takes them.
    marked: Vec<(Provider, usize)>,
}

struct View<'t, 'a> {
    tree: &'t Tree<'a>,
    marks: &'t MarkSet,
    lines: Vec<Line<'a>>,
    line: Option<Line<'a>>,
    /// The depths of the elements of the line's links.
    links: Vec<usize>,
    /// The fence rows on the line.
    rows: Vec<(Fence, Range<usize>)>,
    open: Vec<Open<'a>>,
    /// How many open elements are quotes, and how many links.
    quoting: usize,
    linking: usize,
    /// Everything from this byte on is an earlier message.
    quoted_from: Option<usize>,
    /// Start tags that were read, each at a place that its length tells.
    tags: [(&'a str, Said<'a>); 32],
}

impl<'t, 'a> View<'t, 'a> {
    fn of(tree: &'t Tree<'a>, marks: &'t MarkSet) -> Self {
        Self {
            tree,
            marks,
            lines: Vec::new(),
            line: None,
            links: Vec::new(),
            rows: Vec::new(),
            open: Vec::new(),
            quoting: 0,
            linking: 0,
            quoted_from: None,
            tags: Default::default(),
        }
    }

    /// Reads nodes up to the node `until`, which has to begin a line.
    fn run(&mut self, mut walk: Walk<'_, '_>, until: Option<NodeId>) {
        let tree = self.tree;
        let mut below = true;
        while let Some((id, depth)) = walk.step_after(below) {
            while self.open.last().is_some_and(|open| open.depth >= depth) {
                self.close();
            }
            if until == Some(id) {
                break;
            }
            below = true;
            let node = tree.node(id);
            match &node.data {
                Data::Text => self.text(&node.span),
                Data::Element(_) => {
                    let kind = Kind::of(tree.html_name(id));
                    if kind.hides() {
                        below = false;
                    } else {
                        self.element(id, kind, depth);
                    }
                }
                Data::Comment | Data::Container => {}
            }
        }
        self.end_line();
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.quoting -= usize::from(open.quoted);
        self.linking -= usize::from(open.link);
        if open.breaks {
            self.end_line();
        }
    }

    fn element(&mut self, id: NodeId, kind: Kind, depth: usize) {
        let (tree, set) = (self.tree, self.marks);
        let breaks = kind.breaks();
        if breaks || kind == Kind::Break {
            self.end_line();
        }
        let node = tree.node(id);
        let said = match node.own_tag {
            true => self.said(id, &node.span, kind),
            false => Said::default(),
        };
        let mut open = Open {
            depth,
            breaks,
            quoted: said.quoted,
            link: said.href.is_some(),
            lang: said.lang.map(|raw| decode(raw, true)),
            keeps: said.keeps,
            marked: Vec::new(),
        };
        if !said.marked.is_empty() {
            // A container is no line: its mark is that of the line it begins with.
            let at = if breaks { &mut open.marked } else { &mut self.grow(&node.span).marked };
            at.extend(set.providers(said.marked).map(|p| (p, node.span.start)));
        }
        if said.earlier && self.quoting == 0 {
            self.quoted_from.get_or_insert(node.span.start);
        }
        if let Some(raw) = said.href {
            let href = match decode(raw, true) {
                Cow::Borrowed(href) => Cow::Borrowed(href.trim()),
                Cow::Owned(href) => Cow::Owned(href.trim().to_owned()),
            };
            let link = LinkOnLine::new(href, false, Some(node.span.start..node.end), self.marks);
            self.grow(&node.span).links.push(link);
            self.links.push(depth);
        } else if kind == Kind::Image {
            self.grow(&node.span);
        }
        if breaks || open.quoted || open.link || open.lang.is_some() || open.keeps.is_some() {
            self.quoting += usize::from(open.quoted);
            self.linking += usize::from(open.link);
            self.open.push(open);
        }
    }

    /// What the start tag of an element says. Most tags are written many times, and read once.
    fn said(&mut self, id: NodeId, tag: &Range<usize>, kind: Kind) -> Said<'a> {
        // Each link is another.
        if kind == Kind::Link {
            return Said::by(self.tree, id, kind, self.marks);
        }
        let tag = self.tree.slice(tag);
        let place = tag.len() % self.tags.len();
        match self.tags.get(place) {
            Some((seen, said)) if *seen == tag => *said,
            _ => {
                let said = Said::by(self.tree, id, kind, self.marks);
                if let Some(kept) = self.tags.get_mut(place) {
                    *kept = (tag, said);
                }
                said
            }
        }
    }

    fn text(&mut self, span: &Range<usize>) {
        let raw = self.tree.slice(span);
        let parted = memchr2(b'\n', b'\r', raw.as_bytes()).is_some();
        let kept = parted && self.keeps_line_ends();
        let escaped = parted && !kept && has_escaped_link(raw);
        if !kept && !escaped {
            return self.words(span);
        }
        if escaped {
            self.end_line();
        }
        let mut at = span.start;
        for row in raw.split_inclusive(['\n', '\r']) {
            self.words(&(at..at + row.len()));
            at += row.len();
            // Words beside a line's link are another piece of text.
            if escaped || row.ends_with(['\n', '\r']) {
                self.end_line();
            }
        }
    }

    /// Whether text is shown with its line ends here.
    fn keeps_line_ends(&self) -> bool {
        self.open.iter().rev().find_map(|open| open.keeps) == Some(true)
    }

    fn words(&mut self, span: &Range<usize>) {
        let raw = self.tree.slice(span);
        let trimmed = raw.trim_ascii();
        if !is_visible(trimmed) {
            if let Some(line) = &mut self.line {
                line.text.push_blank();
            }
            return;
        }
        let from = span.start + (raw.len() - raw.trim_ascii_start().len());
        let to = from + trimmed.len();
        find_fences(trimmed, from, &mut self.rows);
        let link = match self.linking {
            0 => None,
            _ => self.open.iter().rev().find(|open| open.link).map(|open| open.depth),
        };
        // The innermost link is the last one that began.
        let link = link.and_then(|depth| self.links.iter().rposition(|of| *of == depth));
        let line = self.grow(&(from..to));
        line.words_start = line.words_start.min(from);
        line.words_end = line.words_end.max(to);
        line.text.push(raw);
        if let Some(link) = link.and_then(|at| line.links.get_mut(at)).filter(|l| !l.labelled) {
            let label = decode(trimmed, false);
            let label = label.trim();
            link.labelled = !label.contains("://") && !label.starts_with('<');
        }
    }

    /// The line, for something visible on it.
    fn grow(&mut self, span: &Range<usize>) -> &mut Line<'a> {
        let line = self.line.get_or_insert_with(|| Line {
            span: span.clone(),
            text: WordsOnLine::of_markup(),
            words_start: usize::MAX,
            quoted: self.quoting > 0 || self.quoted_from.is_some_and(|from| span.start >= from),
            lang: self.open.iter().rev().find_map(|open| open.lang.clone()),
            marked: self.open.iter_mut().flat_map(|open| open.marked.drain(..)).collect(),
            ..Line::default()
        });
        line.span = line.span.start.min(span.start)..line.span.end.max(span.end);
        line
    }

    fn end_line(&mut self) {
        let Some(mut line) = self.line.take() else { return };
        self.links.clear();
        let (first, last) = (line.words_start, line.words_end);
        let on_line = |(fence, row): (Fence, Range<usize>)| FenceOnLine {
            fence,
            glued_before: first < row.start,
            glued_after: last > row.end,
            span: row,
        };
        match self.rows.is_empty() {
            true => line.fences.extend(row_in_pieces(&line, self.tree)),
            false => line.fences.extend(self.rows.drain(..).map(on_line)),
        }
        if line.text.may_have_bracket() {
            line.trailer = find_trailer(&line.text.unfolded());
        }
        if line.text.may_have_link() {
            let text = line.text.unfolded();
            // Addresses in words: what another calendar made of the plain text.
            let urls = find_urls(&text);
            let mut known: HashSet<_> = match urls.is_empty() {
                true => HashSet::new(),
                false => line.links.iter().map(|link| link.url.clone()).collect(),
            };
            for (range, url, bracketed) in urls {
                let before = text.get(..range.start).unwrap_or_default();
                let labelled = bracketed && has_label(before);
                let url = Cow::Owned(url.into_owned());
                let link = LinkOnLine::new(url, labelled, None, self.marks);
                if known.insert(link.url.clone()) {
                    line.links.push(link);
                }
            }
        }
        // Plain text that was quoted before somebody made markup of it; a bracket that closes
        // on the next line quotes nothing.
        let opened = |last: &Line<'_>| last.text.rfind('<') > last.text.rfind('>');
        line.quoted |= line.text.may_be_quoted()
            && line.text.starts_with('>')
            && !self.lines.last().is_some_and(opened);
        if let Some(first) = self.lines.last_mut()
            && let Some(row) = wrapped_row(first, &line, self.tree)
        {
            first.append(&mut line);
            first.fences.push(row);
            return;
        }
        self.lines.push(line);
    }
}

/// Yahoo and others put the plain text of an invitation into their markup as it is: a link in
/// brackets tells, and then line ends are line ends.
pub(super) fn has_escaped_link(raw: &str) -> bool {
    memchr_iter(b'&', raw.as_bytes()).any(|at| {
        let here = raw.as_bytes().get(at..).unwrap_or_default();
        here.starts_with(b"&lt;http") || here.starts_with(b"&#60;http")
    })
}

/// A row that is all of a line, and not in one piece: programs put tags, places to break it,
/// or references into it.
fn row_in_pieces(line: &Line<'_>, tree: &Tree<'_>) -> Option<FenceOnLine> {
    const SHORTEST: usize = 30;
    let span = line.words_start..line.words_end;
    if span.len() <= SHORTEST || !line.links.is_empty() {
        return None;
    }
    let first = tree.slice(&span).as_bytes().first().copied();
    if !first.is_some_and(|b| is_of_row(&b)) && !tree.slice(&span).starts_with("&#") {
        return None;
    }
    let row: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rows = Vec::new();
    find_fences(&row, 0, &mut rows);
    let (fence, found) = rows.into_iter().next()?;
    (found == (0..row.len())).then_some(FenceOnLine {
        fence,
        span,
        glued_before: false,
        glued_after: false,
    })
}

/// A row that was wrapped before somebody made markup of it, all of two lines.
fn wrapped_row(first: &Line<'_>, second: &Line<'_>, tree: &Tree<'_>) -> Option<FenceOnLine> {
    // What is cut at a column has as much before it, and no row is longer.
    const FIRST: RangeInclusive<usize> = 64..=136;
    let row = |line: &Line<'_>| {
        let row = tree.text.get(line.words_start..line.words_end)?;
        row.bytes().all(|b| b.is_ascii() && is_of_row(&b)).then_some(row)
    };
    let rest = row(second)?;
    let long = FIRST.contains(&first.words_end.checked_sub(first.words_start)?);
    if !long
        || !first.fences.is_empty()
        || !second.fences.is_empty()
        || first.quoted != second.quoted
    {
        return None;
    }
    let (whole, mut rows) = ([row(first)?, rest].concat(), Vec::new());
    find_fences(&whole, 0, &mut rows);
    let (fence, _) = rows.into_iter().find(|(_, found)| *found == (0..whole.len()))?;
    let span = first.words_start..second.words_end;
    (first.words_end <= second.words_start).then_some(FenceOnLine {
        fence,
        span,
        glued_before: false,
        glued_after: false,
    })
}

/// Whether there is anything but blanks.
fn is_visible(trimmed: &str) -> bool {
    match trimmed.as_bytes().first() {
        None => false,
        Some(b'!'..=b'%' | b'\''..=b'~') => true,
        Some(_) => {
            let text = decode(trimmed, false);
            text.chars().any(|c| !c.is_whitespace() && c != '\u{200B}')
        }
    }
}

/// What an attribute can say about a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Href,
    Lang,
    Class,
    Id,
    Name,
    DataTid,
    Style,
    Type,
}

impl Key {
    fn of(name: &str) -> Option<Self> {
        if let Some(key) = Self::of_lower(name) {
            return Some(key);
        }
        let may_be = name.len() <= 8 && name.bytes().any(|b| b.is_ascii_uppercase());
        if may_be { Self::of_lower(&name.to_ascii_lowercase()) } else { None }
    }

    fn of_lower(name: &str) -> Option<Self> {
        Some(match name {
            "href" => Self::Href,
            "lang" => Self::Lang,
            "class" => Self::Class,
            "id" => Self::Id,
            "name" => Self::Name,
            "data-tid" => Self::DataTid,
            "style" => Self::Style,
            "type" => Self::Type,
            _ => return None,
        })
    }

    /// Whether a value, as written, may be a mark or a quote's.
    fn may_tell(self, raw: &str, marks: &MarkSet) -> bool {
        match self {
            Self::Href | Self::Lang | Self::Name | Self::Type => true,
            Self::Style => may_draw_rule(raw) || white_spaces(raw).next().is_some(),
            Self::Class | Self::Id | Self::DataTid => {
                raw.len() >= QUOTE_NAME || raw.contains('&') || marks.may_be_label(raw)
            }
        }
    }
}

/// The least that names of quotes have, of those in classes and ids.
const QUOTE_NAME: usize = 11;

/// The colours of the line that Outlook draws above an earlier message.
const RULES: [&[u8; 6]; 2] = [b"e1e1e1", b"b5c4df"];

/// What an element is to lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Begins and ends a line.
    Block,
    /// The same, and its text is shown with its line ends.
    Preformatted,
    /// Begins and ends a line, and has somebody else's words.
    Quote,
    /// Ends a line.
    Break,
    Link,
    Image,
    /// Not shown as text by a mail program.
    Hidden,
    /// None of HTML's.
    Foreign,
    Other,
}

impl Kind {
    /// What is in it is on no line.
    fn hides(self) -> bool {
        matches!(self, Self::Hidden | Self::Foreign)
    }

    /// It begins and ends a line.
    fn breaks(self) -> bool {
        matches!(self, Self::Block | Self::Preformatted | Self::Quote)
    }

    fn of(name: &str) -> Self {
        match name.len() {
            0 => Self::Foreign,
            1 => match name {
                "p" => Self::Block,
                "a" => Self::Link,
                _ => Self::Other,
            },
            2 => match name {
                "br" | "hr" => Self::Break,
                "td" | "tr" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol"
                | "dl" | "dt" | "dd" | "th" => Self::Block,
                _ => Self::Other,
            },
            3 => match name {
                "div" | "col" | "dir" | "nav" => Self::Block,
                "pre" => Self::Preformatted,
                "img" => Self::Image,
                "xmp" => Self::Hidden,
                _ => Self::Other,
            },
            4 => match name {
                "head" => Self::Hidden,
                "body" | "html" | "form" | "main" | "menu" => Self::Block,
                _ => Self::Other,
            },
            5 => match name {
                "table" | "tbody" | "tfoot" | "thead" | "aside" => Self::Block,
                "style" | "title" => Self::Hidden,
                _ => Self::Other,
            },
            6 => match name {
                "script" | "iframe" | "option" => Self::Hidden,
                "center" | "dialog" | "figure" | "footer" | "header" | "hgroup" | "legend"
                | "search" => Self::Block,
                _ => Self::Other,
            },
            _ => match name {
                "blockquote" => Self::Quote,
                "textarea" | "template" | "noembed" | "noframes" | "plaintext" => Self::Hidden,
                "address" | "article" | "caption" | "colgroup" | "details" | "fieldset"
                | "figcaption" | "frameset" | "section" | "summary" => Self::Block,
                "listing" => Self::Preformatted,
                _ => Self::Other,
            },
        }
    }
}

/// What browsers put around a paragraph that somebody indents: an edge of 40 pixels, no line
/// beside it, and nothing that names a source.
fn is_indent(tree: &Tree<'_>, id: NodeId) -> bool {
    let named = |name: &str| tree.attribute(id, name).is_some();
    let Some(style) = tree.attribute(id, "style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    let is = |rule: &str| style.split(';').any(|one| one == rule);
    (is("margin:00040px") || is("margin:0px0px0px40px"))
        && (is("border:none") || is("border:mediumnone"))
        && !["class", "id", "type", "cite", "name"].into_iter().any(named)
}

/// What the attributes of a start tag say about its element.
#[derive(Clone, Copy, Default)]
struct Said<'a> {
    /// As it is written.
    href: Option<&'a str>,
    /// As it is written.
    lang: Option<&'a str>,
    /// Whether line ends in its text are line ends, when it says so.
    keeps: Option<bool>,
    /// The products of which it is an anchor or a label.
    marked: Products,
    /// It stands around an earlier message.
    quoted: bool,
    /// It stands *before* an earlier message that then goes on to the end.
    earlier: bool,
}

impl<'a> Said<'a> {
    fn by(tree: &Tree<'a>, id: NodeId, kind: Kind, marks: &MarkSet) -> Self {
        let mut said = Self {
            keeps: (kind == Kind::Preformatted).then_some(true),
            quoted: kind == Kind::Quote && !is_indent(tree, id),
            ..Self::default()
        };
        for attribute in tree.attributes(id) {
            let raw = tree.slice(&attribute.value);
            let Some(key) = Key::of(tree.slice(&attribute.name)) else { continue };
            if key == Key::Href {
                if kind == Kind::Link {
                    said.href.get_or_insert(raw);
                }
                continue;
            }
            if key == Key::Lang {
                said.lang.get_or_insert(raw);
                continue;
            }
            if !key.may_tell(raw, marks) {
                continue;
            }
            let told = Told::by(kind, key, &decode(raw, true), marks);
            said.keeps = told.keeps.or(said.keeps);
            said.marked = said.marked.and(told.marked);
            said.quoted |= kind != Kind::Link && told.quoted;
            said.earlier |= told.earlier && !said.quoted;
        }
        said
    }
}

/// What an attribute says about its element.
#[derive(Default)]
struct Told {
    /// Whether line ends in its text are line ends, when it says so.
    keeps: Option<bool>,
    /// The products of which it is an anchor or a label.
    marked: Products,
    /// It stands around an earlier message.
    quoted: bool,
    /// It stands *before* an earlier message that then goes on to the end.
    earlier: bool,
}

impl Told {
    fn by(kind: Kind, key: Key, value: &str, marks: &MarkSet) -> Self {
        let mut told = Self::default();
        match key {
            Key::Class | Key::Id | Key::DataTid => {
                for word in value.split_ascii_whitespace().map(as_written) {
                    told.marked = told.marked.and(marks.labelled(word));
                    told.quoted |= match key {
                        Key::Class => is_one_of(word, QUOTING_CLASSES) || is_yahoo_quote(word),
                        Key::Id => is_one_of(word, QUOTING_IDS),
                        _ => false,
                    };
                    told.earlier |= key == Key::Class && is_one_of(word, &["OutlookMessageHeader"]);
                }
                told.earlier |= key == Key::Id && is_one_of(as_written(value), EARLIER_IDS);
            }
            Key::Name => {
                let mut words = value.split_ascii_whitespace().map(as_written);
                told.quoted = words.any(|word| is_one_of(word, &["quote", "messageReplySection"]));
                if kind == Kind::Link {
                    told.marked = marks.anchored(value);
                }
            }
            Key::Type => told.quoted = value.eq_ignore_ascii_case("cite"),
            Key::Style => (told.earlier, told.keeps) = (draws_rule(value), keeps_line_ends(value)),
            Key::Href | Key::Lang => {}
        }
        told
    }
}

/// Whether the attributes of a tag may be those of what mail programs put before an earlier
/// message that then goes on to the end.
pub(super) fn may_quote(attributes: Attributes<'_>, text: &str) -> bool {
    let slice = |range: Range<usize>| text.get(range).unwrap_or_default();
    attributes.into_iter().any(|Attribute { name, value }| {
        let raw = slice(value);
        Key::of(slice(name)).is_some_and(|key| {
            (matches!(key, Key::Id | Key::Class) || key == Key::Style && may_draw_rule(raw))
                && raw.len() >= QUOTE_NAME
                && key.may_tell(raw, MarkSet::builtin())
                && Told::by(Kind::Other, key, &decode(raw, true), MarkSet::builtin()).earlier
        })
    })
}

/// Whether an attribute of an element with this name marks an earlier message, in the element or
/// behind it.
pub(crate) fn quotes(element: &str, attribute: &str, value: &str) -> bool {
    let Some(key) = Key::of(attribute) else { return false };
    let kind = Kind::of(element);
    let told = Told::by(kind, key, value, MarkSet::builtin());
    told.earlier || kind != Kind::Link && told.quoted
}

fn is_one_of(word: &str, names: &[&str]) -> bool {
    names.iter().any(|name| word.eq_ignore_ascii_case(name))
}

const QUOTING_CLASSES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "gmail_extra",
    "moz-cite-prefix",
    "moz-forward-container",
    "ms-outlook-mobile-reference-message",
    "protonmail_quote",
    "zmail_extra",
    "tutanota_quote",
    "front-blockquote",
    "sh-quoted-content",
];

const QUOTING_IDS: &[&str] =
    &["OLK_SRC_BODY_SECTION", "reply-intro", "isForwardContent", "isReplyContent"];

const EARLIER_IDS: &[&str] =
    &["divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"];

/// Yahoo puts an id of its own before the classes of what it quotes again.
fn is_yahoo_quote(word: &str) -> bool {
    let from = word.len().checked_sub("yahoo_quoted".len());
    let tail = from.and_then(|from| word.get(from..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case("yahoo_quoted"))
}

/// Outlook's line above the header of the earlier message.
fn draws_rule(style: &str) -> bool {
    if !may_draw_rule(style) {
        return false;
    }
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    style.contains("border:none")
        && (style.contains("border-top:solid#e1e1e1") || style.contains("border-top:solid#b5c4df"))
}

/// Whether a style, as it is written, may be that line's.
fn may_draw_rule(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    memchr2_iter(b'#', b'&', bytes).any(|at| {
        let colour = bytes.get(at + 1..at + 7).unwrap_or_default();
        bytes.get(at) == Some(&b'&') || RULES.iter().any(|c| colour.eq_ignore_ascii_case(*c))
    })
}

/// Whether a style says that text is shown with its line ends, or that it is not.
fn keeps_line_ends(style: &str) -> Option<bool> {
    let one_of = |value: &str, words: &[&str]| words.iter().any(|word| has_head(value, word));
    white_spaces(style).fold(None, |keeps, value| {
        if one_of(value, &["pre", "break-spaces"]) {
            Some(true)
        } else if one_of(value, &["normal", "nowrap", "collapse", "initial"]) {
            Some(false)
        } else {
            keeps
        }
    })
}

/// The values of `white-space`, and of `white-space-collapse`, in a style, with all behind them.
fn white_spaces(style: &str) -> impl Iterator<Item = &str> {
    const NAME: &str = "white-space";
    memchr2_iter(b'w', b'W', style.as_bytes()).filter_map(|at| {
        let (before, found) = style.split_at_checked(at)?;
        let within = before.ends_with(|c: char| c == '-' || c.is_ascii_alphanumeric());
        if within || !has_head(found, NAME) {
            return None;
        }
        let behind = found.get(NAME.len()..)?;
        let behind =
            if has_head(behind, "-collapse") { behind.get("-collapse".len()..)? } else { behind };
        Some(behind.trim_start().strip_prefix(':')?.trim_start())
    })
}

/// Whether a text begins so; case does not matter.
fn has_head(text: &str, head: &str) -> bool {
    text.get(..head.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(head))
}

#[cfg(test)]
mod tests;
