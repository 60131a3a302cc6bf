//! An HTML body as [`Line`]s.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::reference::decode;
use super::tree::{Data, NodeId, Tree};
use crate::block::line::{FenceOnLine, Line, LinkOnLine, mark_own_rows};
use crate::block::line::{find_fences, find_trailer, find_urls, fold_blanks, has_label};
use crate::block::quote::mark_quoted;
use crate::link;
use crate::provider::Provider;
use crate::provider::marks::{Fence, MarkSet, Marks};

/// The lines of a tree, in the order of the text.
pub(crate) fn lines(tree: &Tree<'_>, marks: &MarkSet) -> Vec<Line> {
    let mut view =
        View { tree, marks, lines: Vec::new(), line: None, open: Vec::new(), quoted_from: None };
    view.run();
    let mut lines = view.lines;
    // Foster parenting moves text in the tree, not in the bytes.
    lines.sort_by_key(|line| line.span.start);
    mark_own_rows(&mut lines, marks);
    mark_quoted(&mut lines);
    lines
}

/// An element around the place where the walk is.
struct Open {
    depth: usize,
    breaks: bool,
    quoted: bool,
    link: Option<String>,
    lang: Option<String>,
    /// Products whose label it has, and where, until the first line in it takes them.
    marked: Vec<(Provider, usize)>,
}

struct Growing {
    span: Range<usize>,
    text: String,
    links: Vec<(LinkOnLine, Option<usize>)>,
    rows: Vec<(Fence, Range<usize>)>,
    /// The visible text on the line, as bytes of the body.
    words: Vec<Range<usize>>,
    line: Line,
}

struct View<'t, 'a> {
    tree: &'t Tree<'a>,
    marks: &'t MarkSet,
    lines: Vec<Line>,
    line: Option<Growing>,
    open: Vec<Open>,
    /// Everything from this byte on is an earlier message.
    quoted_from: Option<usize>,
}

impl<'a> View<'_, 'a> {
    fn run(&mut self) {
        let tree = self.tree;
        let mut walk = tree.walk();
        let mut below = true;
        while let Some((id, depth)) = walk.step_after(below) {
            while self.open.last().is_some_and(|open| open.depth >= depth) {
                if self.open.pop().is_some_and(|open| open.breaks) {
                    self.end_line();
                }
            }
            below = true;
            match &tree.node(id).data {
                Data::Text => self.text(&tree.node(id).span),
                Data::Element(_) if is_hidden(tree, id) => below = false,
                Data::Element(_) => self.element(id, depth),
                Data::Comment | Data::Container => {}
            }
        }
        self.end_line();
    }

    fn element(&mut self, id: NodeId, depth: usize) {
        let tree = self.tree;
        let name = tree.html_name(id);
        let breaks = is_block(name);
        if breaks || name == "br" || name == "hr" {
            self.end_line();
        }
        let node = tree.node(id);
        let quoted = name == "blockquote";
        let mut open = Open { depth, breaks, quoted, link: None, lang: None, marked: Vec::new() };
        if node.own_tag {
            for attribute in tree.attributes(id) {
                let key = tree.slice(&attribute.name);
                let value = || decode(tree.slice(&attribute.value), true);
                if key.eq_ignore_ascii_case("href") && name == "a" {
                    open.link = Some(value().into_owned());
                } else if key.eq_ignore_ascii_case("lang") {
                    open.lang = Some(value().into_owned());
                } else if ["class", "id", "name", "data-tid", "style", "type"]
                    .iter()
                    .any(|k| key.eq_ignore_ascii_case(k))
                {
                    let value = value();
                    let marked: Vec<_> = marks(name, key, &value, self.marks)
                        .map(|p| (p, node.span.start))
                        .collect();
                    if breaks {
                        // A container is no line: its mark is that of the line it begins with.
                        open.marked.extend(marked);
                    } else if !marked.is_empty() {
                        self.grow(&node.span, |line| line.line.marked.extend(marked));
                    }
                    open.quoted |= name != "a" && is_quote(key, &value);
                    let within = || self.open.iter().any(|around| around.quoted);
                    if begins_earlier_message(key, &value) && !open.quoted && !within() {
                        self.quoted_from.get_or_insert(node.span.start);
                    }
                }
            }
        }
        if let Some(href) = &open.link {
            let url = link::unwrap(href.trim()).into_owned();
            let depth = open.depth;
            let marks = self.marks;
            self.grow(&node.span.clone(), |line| {
                let element = Some(node.span.start..node.end);
                line.links.push((LinkOnLine::new(url, false, element, marks), Some(depth)));
            });
        } else if name == "img" {
            self.grow(&node.span.clone(), |_| {});
        }
        self.open.push(open);
    }

    fn text(&mut self, span: &Range<usize>) {
        let raw = self.tree.slice(span);
        // Yahoo and others put the plain text of an invitation into their markup as it is:
        // a link in brackets tells, and then line ends are line ends.
        if raw.contains('\n') && (raw.contains("&lt;http") || raw.contains("&#60;http")) {
            let mut at = span.start;
            for row in raw.split_inclusive('\n') {
                self.end_line();
                self.words(&(at..at + row.len()));
                at += row.len();
            }
            self.end_line();
        } else {
            self.words(span);
        }
    }

    fn words(&mut self, span: &Range<usize>) {
        let raw = self.tree.slice(span);
        let decoded: Cow<'_, str> = decode(raw, false);
        if !decoded.chars().any(|c| !c.is_whitespace() && c != '\u{200B}') {
            if let Some(line) = &mut self.line {
                line.text.push(' ');
            }
            return;
        }
        let link_depth = self.open.iter().rev().find(|o| o.link.is_some()).map(|o| o.depth);
        let trimmed = raw.trim_matches(|c: char| c.is_ascii_whitespace());
        let from = span.start
            + (raw.len() - raw.trim_start_matches(|c: char| c.is_ascii_whitespace()).len());
        let trimmed_span = from..from + trimmed.len();
        self.grow(&trimmed_span, |line| {
            find_fences(trimmed, from, &mut line.rows);
            line.words.push(trimmed_span.clone());
            line.text.push_str(&decoded);
            let label = decoded.trim();
            let is_address = label.contains("://") || label.starts_with('<');
            if let Some(depth) = link_depth.filter(|_| !is_address) {
                // The innermost link is the last one that began.
                let link = line.links.iter_mut().rev().find(|(_, of)| *of == Some(depth));
                if let Some((on_line, _)) = link {
                    on_line.labelled = true;
                }
            }
        });
    }

    /// Adds something visible to the line.
    fn grow(&mut self, span: &Range<usize>, add: impl FnOnce(&mut Growing)) {
        let quoted = self.open.iter().any(|o| o.quoted)
            || self.quoted_from.is_some_and(|from| span.start >= from);
        let lang = self.open.iter().rev().find_map(|o| o.lang.clone());
        let line = match &mut self.line {
            Some(line) => line,
            None => self.line.insert(Growing {
                span: span.clone(),
                text: String::new(),
                links: Vec::new(),
                rows: Vec::new(),
                words: Vec::new(),
                line: Line {
                    quoted,
                    lang,
                    marked: self.open.iter_mut().flat_map(|o| o.marked.drain(..)).collect(),
                    ..Line::default()
                },
            }),
        };
        line.span = line.span.start.min(span.start)..line.span.end.max(span.end);
        add(line);
    }

    fn end_line(&mut self) {
        let Some(grown) = self.line.take() else { return };
        let mut line = grown.line;
        let (first, last) = (
            grown.words.iter().map(|w| w.start).min().unwrap_or(usize::MAX),
            grown.words.iter().map(|w| w.end).max().unwrap_or(0),
        );
        line.fences = grown
            .rows
            .into_iter()
            .map(|(fence, row)| FenceOnLine {
                fence,
                glued_before: first < row.start,
                glued_after: last > row.end,
                span: row,
            })
            .collect();
        let text = grown.text;
        line.links = grown.links.into_iter().map(|(on_line, _)| on_line).collect();
        // Addresses in words: what another calendar made of the plain text.
        let mut known: HashSet<String> = line.links.iter().map(|l| l.url.clone()).collect();
        for (range, url, bracketed) in find_urls(&text) {
            let url = link::unwrap(&url).into_owned();
            if !known.insert(url.clone()) {
                continue;
            }
            let before = text.get(..range.start).unwrap_or_default();
            let labelled = bracketed && has_label(before);
            line.links.push(LinkOnLine::new(url, labelled, None, self.marks));
        }
        (line.words_start, line.words_end) = (first, last);
        line.trailer = find_trailer(&text);
        line.text = fold_blanks(&text);
        // Plain text that was quoted before somebody made markup of it; a bracket that closes
        // on the next line quotes nothing.
        let opened = |last: &Line| last.text.rfind('<') > last.text.rfind('>');
        line.quoted |= line.text.starts_with('>') && !self.lines.last().is_some_and(opened);
        line.span = grown.span;
        self.lines.push(line);
    }
}

/// The products of which this attribute is an anchor or a label.
fn marks(element: &str, key: &str, value: &str, set: &MarkSet) -> impl Iterator<Item = Provider> {
    let is_mark = move |marks: &&Marks| {
        let anchor = element == "a"
            && key.eq_ignore_ascii_case("name")
            && set.anchors(marks).any(|a| a.eq_ignore_ascii_case(value));
        let label = !key.eq_ignore_ascii_case("style")
            && !key.eq_ignore_ascii_case("name")
            && value.split_ascii_whitespace().any(|word| {
                let word = as_written(word);
                set.labels(marks).any(|label| word.starts_with(label))
            });
        anchor || label
    };
    set.products().filter(is_mark).map(|marks| marks.provider)
}

/// Not shown as text by a mail program.
fn is_hidden(tree: &Tree<'_>, id: NodeId) -> bool {
    matches!(
        tree.html_name(id),
        "head"
            | "script"
            | "style"
            | "title"
            | "textarea"
            | "template"
            | "noembed"
            | "noframes"
            | "iframe"
            | "xmp"
            | "option"
            | "plaintext"
    ) || (tree.html_name(id).is_empty() && tree.node(id).parent.is_some())
}

/// Begins and ends a line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "col"
            | "colgroup"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// A class or an id without the prefix that mail programs put before those of others: one
/// more each time a message is quoted.
pub(super) fn as_written(name: &str) -> &str {
    name.trim_start_matches("x_")
}

/// What mail programs put around an earlier message.
fn is_quote(key: &str, value: &str) -> bool {
    let has = |wanted: &[&str]| {
        value.split_ascii_whitespace().any(|word| {
            let word = as_written(word);
            wanted.iter().any(|w| word.eq_ignore_ascii_case(w))
        })
    };
    if key.eq_ignore_ascii_case("class") {
        has(&[
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
        ]) || value.split_ascii_whitespace().any(|word| {
            // Yahoo puts an id of its own before the classes of what it quotes again.
            let word = word.to_ascii_lowercase();
            word.ends_with("yahoo_quoted")
        })
    } else if key.eq_ignore_ascii_case("id") {
        has(&["OLK_SRC_BODY_SECTION", "reply-intro", "isForwardContent", "isReplyContent"])
    } else if key.eq_ignore_ascii_case("name") {
        has(&["quote", "messageReplySection"])
    } else {
        key.eq_ignore_ascii_case("type") && value.eq_ignore_ascii_case("cite")
    }
}

/// What mail programs put *before* an earlier message that then goes on to the end.
fn begins_earlier_message(key: &str, value: &str) -> bool {
    if key.eq_ignore_ascii_case("id") {
        let word = as_written(value);
        return ["divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w));
    }
    if key.eq_ignore_ascii_case("class") {
        let mut words = value.split_ascii_whitespace().map(as_written);
        return words.any(|word| word.eq_ignore_ascii_case("OutlookMessageHeader"));
    }
    if key.eq_ignore_ascii_case("style") {
        // Outlook's line above the header of the earlier message.
        let style: String =
            value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        return style.contains("border:none")
            && (style.contains("border-top:solid#e1e1e1")
                || style.contains("border-top:solid#b5c4df"));
    }
    false
}
