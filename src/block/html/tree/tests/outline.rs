//! A tree as html5ever and as we make it, told in lines.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::*;

/// A tree as indented lines, text merged and blanks within it folded.
pub(super) fn ours(text: &str) -> String {
    let tree = Tree::build(text, &Limits::new()).unwrap();
    let mut out = Outline::default();
    for (id, depth) in tree.walk() {
        match tree.node(id).data {
            Data::Container => out.line(depth, "content"),
            Data::Element(name) => {
                let (ns, local) = (tree.names.namespace(name), tree.names.local(name));
                out.line(depth, &format!("<{ns} {local}>"));
            }
            Data::Comment => out.line(depth, "<!>"),
            Data::Text => {
                let raw = tree.slice(&tree.node(id).span);
                out.text(depth, raw);
            }
        }
    }
    out.done
}

#[derive(Default)]
struct Outline {
    done: String,
    text_depth: Option<usize>,
}

impl Outline {
    fn line(&mut self, depth: usize, what: &str) {
        self.done.push_str(&format!("\n{}{what}", " ".repeat(depth)));
        self.text_depth = None;
    }

    fn text(&mut self, depth: usize, text: &str) {
        // Where a word lies is structure; blanks and references are not, and of dropped words
        // the builder keeps the blanks between (in column groups and framesets).
        let text: String = text.chars().filter(|c| "xyzé=\"".contains(*c)).collect();
        if text.is_empty() {
            return;
        }
        if self.text_depth != Some(depth) {
            self.line(depth, "");
            self.text_depth = Some(depth);
        }
        self.done.push_str(&text);
    }
}

pub(super) fn theirs(text: &str) -> String {
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    options.tokenizer.discard_bom = false;
    let dom = parse_document(RcDom::default(), options).one(text);
    let mut out = Outline::default();
    let mut stack: Vec<(Handle, usize)> = vec![(dom.document.clone(), 0)];
    while let Some((node, depth)) = stack.pop() {
        match &node.data {
            NodeData::Document if depth == 0 => {}
            NodeData::Document => out.line(depth, "content"),
            NodeData::Element { name, .. } => {
                out.line(depth, &format!("<{} {}>", name.ns, name.local));
            }
            NodeData::Text { contents } => out.text(depth, &contents.borrow()),
            NodeData::Comment { .. } => out.line(depth, "<!>"),
            NodeData::Doctype { .. } | NodeData::ProcessingInstruction { .. } => {}
        }
        let mut children: Vec<_> = node.children.borrow().clone();
        if let NodeData::Element { template_contents, .. } = &node.data
            && let Some(contents) = &*template_contents.borrow()
        {
            children = vec![contents.clone()];
        }
        stack.extend(children.into_iter().rev().map(|c| (c, depth + 1)));
    }
    out.done
}
