//! Where exactly to cut a block out of HTML.
//!
//! In: the tree, the lines, the lines that are the block. Out: [`Cut`], a range of whole
//! tokens (of text, at a fence that words are glued to), and the tags that have to be
//! written again so that what stays keeps its place in the tree. Never: a container
//! removed because it happens to hold the block.
//!
//! The cut is a proposal: the postcondition in `replace` decides.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::names::{Class, known};
use super::reference::decode;
use super::tokenizer::Kind;
use super::tree::{Data, NodeId, Tree};
use super::view::as_written;
use crate::block::Refusal;
use crate::block::line::Line;
use crate::block::locate::Candidate;
use crate::provider::WRAPPERS;

/// A cut, and what has to be written around the new block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The old block.
    pub(crate) span: Range<usize>,
    /// End tags to write before the new block: of the paragraph that words stay in.
    pub(crate) before: String,
    /// Tags to write behind it: ends of containers that the block's own tags closed,
    /// then starts of those that stay open.
    pub(crate) after: String,
    /// It lies within a paragraph that goes on: the new block has to be words and breaks.
    pub(crate) phrasing: bool,
    /// What to answer when the proof fails.
    pub(crate) refusal: Refusal,
}

impl Cut {
    /// A cut with nothing to write around it: plain text's.
    pub(crate) fn plain(span: Range<usize>) -> Self {
        let (before, after) = (String::new(), String::new());
        Self { span, before, after, phrasing: false, refusal: Refusal::NotSeparable }
    }
}

/// Proposes the cut for a candidate.
///
/// # Errors
/// [`Refusal::NotSeparable`] and its kin when what stays would need a tag that was never
/// written.
pub(crate) fn propose(
    tree: &Tree<'_>,
    lines: &[Line<'_>],
    block: &Candidate,
) -> Result<Cut, Refusal> {
    let shape = Shape { tree, lines, block };
    let (start, end) = shape.ends().ok_or(Refusal::NotSeparable)?;
    shape.cut(start, end)
}

struct Shape<'s, 'a> {
    tree: &'s Tree<'a>,
    lines: &'s [Line<'s>],
    block: &'s Candidate,
}

impl<'a> Shape<'_, 'a> {
    fn ends(&self) -> Option<(usize, usize)> {
        let (first, last) = (self.lines.get(self.block.first)?, self.lines.get(self.block.last)?);
        let glued_start = self.block.opening.as_ref().filter(|f| f.glued_before);
        let glued_end = self.block.closing.as_ref().filter(|f| f.glued_after);
        let begins = self.block.begins.filter(|&at| !self.is_heading(first.words_start..at));
        let begins = begins.unwrap_or(first.span.start);
        let mut start = glued_start.map_or(begins, |f| f.span.start);
        let mut end = glued_end.map_or(self.block.ends.unwrap_or(last.span.end), |f| f.span.end);
        // A lone button is the block: what stands around it is not.
        if self.block.ends.is_some() {
            return Some((start, end));
        }
        // No block begins or ends with a picture beside its words: that is somebody's.
        let begins = first.links.iter().filter_map(|l| l.element.as_ref().map(|e| e.start));
        let words = begins.fold(first.words_start, usize::min);
        let picture = glued_start.is_none() && start < words && self.has_picture(start..words);
        if picture {
            start = words;
        } else if glued_start.is_none() {
            start = self.lift_start(start, end);
        }
        let ends = last.links.iter().filter_map(|l| l.element.as_ref().map(|e| e.end));
        let words = ends.fold(last.words_end, usize::max);
        if glued_end.is_none() && start < words && words < end && self.has_picture(words..end) {
            end = words;
        } else if glued_end.is_none() {
            end = self.lift_end(start, end);
        }
        // The service's own wrapper goes with the block that fills it.
        if let Some(wrapper) = self.own_wrapper(start, end) {
            return Some(wrapper);
        }
        Some((start, end))
    }

    /// Goes out to the start tags that begin with the block's first line and end inside
    /// the block: the fence's own paragraph and what is inside it.
    fn lift_start(&self, mut start: usize, end: usize) -> usize {
        let Some(inner) = self.starting_at_or_around(start) else { return start };
        for id in std::iter::once(inner).chain(self.tree.ancestors(inner)) {
            let node = self.tree.node(id);
            // What an unclosed `<b>` before the block clones into it is not written here.
            if !node.own_tag {
                continue;
            }
            let name = self.tree.html_name(id);
            // One that was never closed may hold more than it seems to.
            let closed = name == "p" || node.end_tag.is_some();
            let begins = node.span.start == start || self.is_blank(node.span.end..start);
            if !begins || !closed || !may_go(name) {
                break;
            }
            let first_line = self.first_line_end(end);
            let is_own = || self.is_own_wrapper(id, end);
            // Attributes are read where they decide.
            let goes = match (node.end <= first_line, node.end <= end) {
                (true, true) => true,
                (false, false) => false,
                (_, within) => is_own() == within,
            };
            if !goes {
                break;
            }
            start = node.span.start;
        }
        start
    }

    /// Until where the first line may reach with the elements that are removed with it:
    /// to the next line's first byte.
    fn first_line_end(&self, end: usize) -> usize {
        match self.lines.get(self.block.first + 1) {
            Some(next) if self.block.first < self.block.last => next.span.start,
            _ => end.max(self.next_line_start()),
        }
    }

    fn next_line_start(&self) -> usize {
        self.lines.get(self.block.last + 1).map_or(self.tree.text.len(), |l| l.span.start)
    }

    /// Goes on behind the ends of elements that began inside the block: over what its last
    /// paragraph holds unseen, then over containers that hold nothing else.
    fn lift_end(&self, start: usize, mut end: usize) -> usize {
        let Some(inner) = self.starting_at_or_around(end - 1) else { return end };
        let mut in_paragraph = true;
        for id in std::iter::once(inner).chain(self.tree.ancestors(inner)) {
            let node = self.tree.node(id);
            if !node.own_tag {
                continue;
            }
            let inside = node.span.start >= start && node.end >= end;
            let rest = end..node.end_tag.unwrap_or(node.end).max(end);
            let empty = if in_paragraph { self.is_unseen(rest) } else { self.is_blank(rest) };
            if !inside || !empty {
                break;
            }
            end = node.end;
            in_paragraph &= is_inline(self.tree.html_name(id));
        }
        end
    }

    /// A wrapper with the service's class that holds nothing but the block.
    fn own_wrapper(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let parent = *self.tree.open_at(start).first()?;
        let node = self.tree.node(parent);
        let content_end = node.end_tag.unwrap_or(node.end);
        let fills = self.is_blank(node.span.end..start)
            && self.is_blank(end..content_end)
            && self.is_own_wrapper(parent, end);
        fills.then_some((node.span.start, node.end))
    }

    /// Whether the element is the wrapper of the block that ends at `end`: the service writes
    /// one, with a style; without a style it counts when what it holds is labelled.
    fn is_own_wrapper(&self, id: NodeId, end: usize) -> bool {
        self.is_service_wrapper(id)
            && (self.tree.attribute(id, "style").is_some() || self.is_labelled())
            && !self.has_wrapper(self.tree.node(id).span.end..end)
    }

    fn is_service_wrapper(&self, id: NodeId) -> bool {
        let own = || WRAPPERS.iter().filter(|(provider, _)| *provider == self.block.provider);
        let class = own().next().and_then(|_| self.tree.attribute(id, "class"));
        let mut words = class.iter().flat_map(|class| class.split_ascii_whitespace());
        words.any(|word| own().any(|(_, class)| as_written(word) == *class))
    }

    /// Whether lines below the first carry the service's labels too: a wrapper's own label
    /// stands on the first.
    fn is_labelled(&self) -> bool {
        let inner = self.lines.get(self.block.first + 1..=self.block.last);
        let provider = self.block.provider;
        // Another product's block has marks too, and never this wrapper.
        WRAPPERS.iter().any(|(p, _)| *p == provider)
            && inner
                .unwrap_or_default()
                .iter()
                .any(|l| l.marked.iter().any(|(p, _)| *p == provider))
    }

    /// Whether a wrapper of the service's begins in the range: the service writes one.
    fn has_wrapper(&self, range: Range<usize>) -> bool {
        let text = self.tree.slice(&range).as_bytes();
        let written =
            WRAPPERS.iter().flat_map(|(_, class)| memmem::find_iter(text, class.as_bytes()));
        // A class may be written in references too.
        let mut last = None;
        written
            .chain(memchr_iter(b'&', text))
            .filter_map(|at| self.made_up_to(range.start + at).next())
            // One tag may have many.
            .filter(|id| last.replace(*id) != Some(*id))
            .filter(|&id| self.tree.node(id).span.start >= range.start)
            .any(|id| self.tree.html_name(id) == "div" && self.is_service_wrapper(id))
    }

    /// Whether a picture begins in the range.
    fn has_picture(&self, range: Range<usize>) -> bool {
        let nodes = self.made_up_to(range.end).map(|id| (id, self.tree.node(id).span.start));
        let mut within = nodes.skip_while(|(_, at)| *at >= range.end);
        let mut within = within.by_ref().take_while(|(_, at)| *at >= range.start);
        within.any(|(id, _)| self.tree.html_name(id) == "img")
    }

    /// Nothing but blanks and comments.
    fn is_blank(&self, range: Range<usize>) -> bool {
        self.tree.text.get(range).is_some_and(|t| t.bytes().all(|b| b.is_ascii_whitespace()))
    }

    /// The name of the product, as it stands before the link to its help, and nothing else.
    fn is_heading(&self, range: Range<usize>) -> bool {
        let tokens = self.tree.tokens_from(range.start).take_while(|t| t.start < range.end);
        let words: String = tokens
            .filter(|token| matches!(token.kind, Kind::Text))
            .map(|token| {
                let seen = token.start.max(range.start)..token.end.min(range.end);
                decode(self.tree.slice(&seen), false).into_owned()
            })
            .collect();
        words.trim() == "Microsoft Teams"
    }

    /// Nothing that is seen: blanks, and tags of elements within a line.
    fn is_unseen(&self, range: Range<usize>) -> bool {
        let mut tokens = self.tree.tokens_from(range.start);
        tokens.by_ref().take_while(|token| token.start < range.end).all(|token| {
            let seen = token.start.max(range.start)..token.end.min(range.end);
            match token.kind {
                Kind::Text => decode(self.tree.slice(&seen), false).trim().is_empty(),
                Kind::Start { .. } | Kind::End => {
                    let name = self.tree.slice(&token.name()).to_ascii_lowercase();
                    is_inline(&name) || name == "br"
                }
                _ => true,
            }
        })
    }

    /// The node whose own token holds `byte`.
    fn starting_at_or_around(&self, byte: usize) -> Option<NodeId> {
        self.made_up_to(byte).find(|&id| {
            let node = self.tree.node(id);
            let written = node.own_tag || node.data == Data::Text;
            written && node.span.contains(&byte) && node.parent.is_some()
        })
    }

    /// The nodes that begin at this byte or before, the last first: they are made in the order of
    /// the tokens.
    fn made_up_to(&self, byte: usize) -> impl Iterator<Item = NodeId> {
        let behind = self.tree.nodes.partition_point(|node| node.start as usize <= byte);
        (0..behind).rev().filter_map(|i| u32::try_from(i).ok().map(NodeId))
    }

    fn cut(&self, start: usize, end: usize) -> Result<Cut, Refusal> {
        let open_before = self.open_within(start);
        let open_after = self.open_within(end);
        let shared = open_before
            .iter()
            .rev()
            .zip(open_after.iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        let (closed, around) = open_before.split_at(open_before.len() - shared);
        let opened = open_after.get(..open_after.len() - shared).unwrap_or_default();
        let refusal = self.crossing(closed, opened, end);
        let Formatting { mut ended, mut begun, to_document } = self.formatting(start..end);
        if to_document {
            return Err(Refusal::NotSeparable);
        }
        // A link of the old block's would stay around what follows, or took up what follows.
        if begun.iter().any(|(name, _)| name.eq_ignore_ascii_case("a")) {
            return Err(Refusal::CrossesFormatting);
        }
        let (mut before, mut behind) = (String::new(), String::new());
        let mut in_paragraph = true;
        for &id in closed {
            // What only gave way to the old block gives way to the new one.
            if self.tree.node(id).end_tag.is_none_or(|tag| tag >= end) {
                continue;
            }
            let name = self.tree.html_name(id);
            if name.is_empty() {
                return Err(refusal);
            }
            // A paragraph cannot hold the new block, so it is closed first; a container can.
            in_paragraph &= !holds_blocks(name);
            let side = if in_paragraph { &mut before } else { &mut behind };
            push_end(side, name);
            if let Some(at) = ended.iter().position(|n| n.eq_ignore_ascii_case(name)) {
                ended.remove(at);
            }
        }
        let mut after = String::new();
        for name in &ended {
            push_end(&mut after, name);
        }
        after.push_str(&behind);
        // One there does the same.
        let rest = self.tree.text.as_bytes().get(end);
        let mut blank = rest.is_some_and(u8::is_ascii_whitespace);
        for &id in opened.iter().rev() {
            let node = self.tree.node(id);
            let formatting = is_formatting(self.tree.html_name(id));
            if formatting && !node.own_tag {
                // Formatting from before the block, which a blank in it took up again.
                if !blank {
                    after.push(' ');
                }
                blank = true;
                continue;
            }
            // What follows ends it: a paragraph whose end tag was left out.
            if node.own_tag && node.span.start >= start && node.end <= end && !formatting {
                continue;
            }
            // A wrapper that was never closed holds what follows by accident only.
            let written = node.own_tag && node.span.start >= start && node.span.end <= end;
            if !written || node.end_tag.is_none() {
                return Err(refusal);
            }
            after.push_str(self.tree.slice(&node.span));
            begun.retain(|(_, token)| *token != node.span);
        }
        // Formatting that was never ended would go on behind the block, by accident only.
        if !begun.is_empty() {
            return Err(Refusal::CrossesFormatting);
        }
        let scope = around.iter().map(|&id| self.tree.html_name(id));
        let phrasing = scope.take_while(|name| !bounds_paragraphs(name)).any(|name| name == "p");
        if phrasing {
            // A `div` begins a line of its own; words have to be told to.
            let line = |i: usize| self.lines.get(i);
            if line(self.block.first).is_some_and(|l| l.words_start < start) {
                before.push_str("<br>");
            }
            if line(self.block.last).is_some_and(|l| l.words_end > end) {
                after.insert_str(0, "<br>");
            }
        }
        Ok(Cut { span: start..end, before, after, phrasing, refusal })
    }

    /// Formatting that the block's tags end without having begun it, and begin without
    /// ending it.
    fn formatting(&self, block: Range<usize>) -> Formatting<'a> {
        let mut found = Formatting::default();
        let mut cells = 0_usize;
        let tokens = self.tree.tokens_from(block.start);
        for token in tokens.take_while(|token| token.end <= block.end) {
            if !matches!(token.kind, Kind::Start { .. } | Kind::End) {
                continue;
            }
            let name = self.tree.slice(&token.name());
            // Most are these.
            if matches!(name, "div" | "span" | "p") {
                continue;
            }
            let Some((_, class)) = known(name) else { continue };
            let start = token.kind != Kind::End;
            let is_document = matches!(class, Class::Html | Class::Body);
            found.to_document |= start && is_document && token.name_end + 1 < token.end;
            // What a cell holds does not reach beyond it.
            if class == Class::Cell || class == Class::Other && is_like_cell(name) {
                cells = if start { cells + 1 } else { cells.saturating_sub(1) };
            }
            if cells > 0 || !formats(class, name) {
                continue;
            }
            let same = |(begun, _): &(&str, _)| begun.eq_ignore_ascii_case(name);
            match (start, found.begun.iter().rposition(same)) {
                (true, last) => {
                    // A link, and a `nobr`, ends the one before it.
                    if let Some(at) = last.filter(|_| class != Class::Formatting) {
                        found.begun.remove(at);
                    }
                    found.begun.push((name, token.span()));
                }
                (false, Some(at)) => _ = found.begun.remove(at),
                (false, None) => found.ended.push(name),
            }
        }
        found
    }

    /// What crosses the block's edges, for people to read.
    fn crossing(&self, closed: &[NodeId], opened: &[NodeId], end: usize) -> Refusal {
        let names = |ids: &[NodeId]| -> Vec<&str> {
            ids.iter().map(|&id| self.tree.html_name(id)).collect()
        };
        let ends = |id: &&NodeId| self.tree.node(**id).end_tag.is_some_and(|tag| tag < end);
        let closed: Vec<NodeId> = closed.iter().filter(ends).copied().collect();
        let (closed, opened) = (names(&closed), names(opened));
        let all = || closed.iter().chain(&opened);
        if all().any(|name| is_of_table(name)) {
            Refusal::CrossesCell
        } else if opened.iter().any(|name| !is_formatting(name)) {
            Refusal::OpensElement
        } else if closed.iter().any(|name| !is_formatting(name)) {
            Refusal::ClosesElement
        } else if all().next().is_some() {
            Refusal::CrossesFormatting
        } else {
            Refusal::NotSeparable
        }
    }

    /// The open elements at a byte that may lie inside a text token.
    fn open_within(&self, byte: usize) -> Vec<NodeId> {
        let mut open = self.tree.open_at(byte);
        // The document's own elements are always around everything, written or implied.
        open.retain(|&id| {
            matches!(self.tree.node(id).data, Data::Element(_))
                && !matches!(self.tree.html_name(id), "html" | "body")
        });
        open
    }
}

/// What a block's tags do to formatting outside it.
#[derive(Default)]
struct Formatting<'a> {
    ended: Vec<&'a str>,
    begun: Vec<(&'a str, Range<usize>)>,
    /// A tag gives attributes to the document's own elements, wherever it stands.
    to_document: bool,
}

fn push_end(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Elements that a parser takes up again where they were left open.
fn is_formatting(name: &str) -> bool {
    known(name).is_some_and(|(_, class)| formats(class, name))
}

/// As [`is_formatting`], of a name whose class is known.
fn formats(class: Class, name: &str) -> bool {
    class.is_formatting() || class == Class::Other && name.eq_ignore_ascii_case("nobr")
}

/// Elements with rules of their own that formatting inside does not reach out of.
fn is_like_cell(name: &str) -> bool {
    ["caption", "button", "object", "marquee", "applet", "template"]
        .iter()
        .any(|n| name.eq_ignore_ascii_case(n))
}

fn is_of_table(name: &str) -> bool {
    matches!(
        name,
        "table" | "caption" | "colgroup" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th"
    )
}

/// Elements in which a paragraph from outside is not seen: a `div` there ends none.
fn bounds_paragraphs(name: &str) -> bool {
    matches!(
        name,
        "table" | "caption" | "td" | "th" | "button" | "object" | "marquee" | "applet" | "template"
    )
}

/// Elements that go when the block is all they hold; anything else is the user's.
fn may_go(name: &str) -> bool {
    // `o:p`, `u1:p` and their kin are Word's.
    name.contains(':')
        || matches!(
            name,
            "p" | "div"
                | "span"
                | "font"
                | "b"
                | "i"
                | "u"
                | "a"
                | "strong"
                | "em"
                | "small"
                | "sub"
                | "center"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
        )
}

/// Elements that begin no line.
fn is_inline(name: &str) -> bool {
    name.contains(':')
        || matches!(
            name,
            "span"
                | "font"
                | "a"
                | "b"
                | "i"
                | "u"
                | "s"
                | "strong"
                | "em"
                | "small"
                | "big"
                | "sub"
                | "sup"
        )
}

/// Whether a `div` or a `p` may stand in it.
fn holds_blocks(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "body"
            | "div"
            | "td"
            | "th"
            | "li"
            | "blockquote"
            | "center"
            | "section"
            | "article"
            | "main"
            | "dd"
            | "form"
            | "fieldset"
            | "header"
            | "footer"
            | "aside"
            | "details"
            | "figure"
            | "caption"
    )
}
