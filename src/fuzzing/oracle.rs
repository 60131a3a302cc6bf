//! What html5ever and its own tree make of a text: the second opinion.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A tree as indented lines. Blanks, NULs and what stands for them are left out of texts:
/// which of them a parser drops depends on where it keeps them back.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) done: String,
    text_depth: Option<usize>,
}

impl Outline {
    pub(super) fn line(&mut self, depth: usize, what: &str) {
        self.done.push_str(&format!("\n{depth}{what}"));
        self.text_depth = None;
    }

    pub(super) fn text(&mut self, depth: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.text_depth != Some(depth) {
            self.line(depth, "");
            self.text_depth = Some(depth);
        }
        let seen = |c: &char| !c.is_whitespace() && !matches!(c, '\0' | '\u{FFFD}');
        self.done.extend(text.chars().filter(seen));
    }
}

fn parse(text: &str) -> RcDom {
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    options.tokenizer.discard_bom = false;
    parse_document(RcDom::default(), options).one(text)
}

/// The nodes of a document in tree order, each with its depth.
fn nodes(dom: &RcDom) -> Vec<(usize, Handle)> {
    let mut all = Vec::new();
    let mut stack: Vec<(usize, Handle)> = vec![(0, dom.document.clone())];
    while let Some((depth, node)) = stack.pop() {
        let mut children: Vec<_> = node.children.borrow().clone();
        if let NodeData::Element { template_contents, .. } = &node.data
            && let Some(contents) = &*template_contents.borrow()
        {
            children = vec![contents.clone()];
        }
        stack.extend(children.into_iter().rev().map(|child| (depth + 1, child)));
        all.push((depth, node));
    }
    all
}

/// The tree of a text: names, places, comments, words.
pub(super) fn outline(text: &str) -> String {
    let mut out = Outline::default();
    for (depth, node) in nodes(&parse(text)) {
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
    }
    out.done
}

/// The name of the element that a node stands in.
fn parent_name(node: &Handle) -> Option<String> {
    let weak = node.parent.take();
    let parent = weak.as_ref().and_then(|weak| weak.upgrade());
    node.parent.set(weak);
    match &parent?.data {
        NodeData::Element { name, .. } => Some(name.local.to_string()),
        _ => None,
    }
}

/// What a browser builds from `text` without the part in the middle: everything before it,
/// everything behind it, and what is open around both; where nothing follows in an element,
/// it does not matter whether the part or the user's tag behind it ends it. None when the
/// part's ends cannot be told in the tree.
///
/// The ends are marked by comments, so the part must not begin or end inside raw text, a
/// comment or a tag.
pub(super) fn outside(prefix: &str, part: &str, suffix: &str) -> Option<[String; 2]> {
    const MARKS: [&str; 2] = ["(the part begins)", "(the part ends)"];
    let [begin, end] = MARKS.map(|mark| format!("<!--{mark}-->"));
    // A blank takes formatting up again: the part's last one, or the first behind it.
    let blanks = suffix.len() - suffix.trim_ascii_start().len();
    let (blanks, suffix) = suffix.split_at_checked(blanks)?;
    let dom = parse(&[prefix, &begin, part, blanks, &end, suffix].concat());
    let mut sides = [Outline::default(), Outline::default()];
    let mut side = Some(0);
    let (mut found, mut follows) = (0, false);
    // What is open at the node reached: names and attributes, by depth.
    let mut open: Vec<String> = Vec::new();
    for (depth, node) in nodes(&dom) {
        open.truncate(depth);
        if side == Some(1) && !follows {
            follows = true;
            sides.get_mut(1)?.line(depth, &open.concat());
        }
        let what = match &node.data {
            NodeData::Document => "content".to_owned(),
            NodeData::Element { name, attrs, .. } => {
                let attrs: Vec<_> = attrs
                    .borrow()
                    .iter()
                    .map(|a| format!("{}={}", &*a.name.local, &*a.value))
                    .collect();
                format!("<{} {} {attrs:?}>", name.ns, name.local)
            }
            NodeData::Comment { contents } => {
                if let Some(mark) = MARKS.iter().position(|mark| **mark == **contents) {
                    // Behind `</body>` comments are put elsewhere than what follows them.
                    if depth <= 2 {
                        return None;
                    }
                    // What is wrong in a table is moved before it, comments are not.
                    let table = ["table", "tbody", "thead", "tfoot", "tr"];
                    let inner = parent_name(&node);
                    if inner.is_some_and(|name| table.contains(&&*name)) {
                        return None;
                    }
                    side = (mark == 1).then_some(1);
                    found += 1;
                    if mark == 0 {
                        sides.get_mut(0)?.line(depth, &open.concat());
                    }
                    continue;
                }
                format!("<!{contents}>")
            }
            NodeData::Text { contents } => {
                if let Some(out) = side.and_then(|side| sides.get_mut(side)) {
                    out.text(depth, &contents.borrow());
                }
                continue;
            }
            NodeData::Doctype { .. } | NodeData::ProcessingInstruction { .. } => continue,
        };
        if let Some(out) = side.and_then(|side| sides.get_mut(side)) {
            out.line(depth, &what);
        }
        open.push(what);
    }
    (found == 2).then(|| sides.map(|side| side.done))
}

/// Elements and attributes of a text, and where its links lead.
pub(super) fn elements(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let attributes = |node: &Handle| match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let attrs = attrs.borrow();
            let pair = |a: &html5ever::Attribute| (a.name.local.to_string(), a.value.to_string());
            Some((name.local.to_string(), attrs.iter().map(pair).collect()))
        }
        _ => None,
    };
    nodes(&parse(text)).iter().filter_map(|(_, node)| attributes(node)).collect()
}

#[cfg(test)]
mod tests {
    use super::outside;

    #[test]
    fn it_sees_what_happens_to_words_beside_a_part() {
        let same = |a: [&str; 3], b: [&str; 3]| {
            let [a, b] = [a, b].map(|[prefix, part, suffix]| outside(prefix, part, suffix));
            assert!(a.is_some() && b.is_some());
            a == b
        };
        let old = ["<p><b>x</b></p>", "<p>old</p>", "<p>y</p>"];
        assert!(same(old, ["<p><b>x</b></p>", "<div>new</div>", "<p>y</p>"]));
        // The words behind it stand in something else.
        for new in ["<b>new", "<div>new", "</p><s><p>new</p>", "<a href=x>new"] {
            assert!(!same(old, ["<p><b>x</b></p>", new, "<p>y</p>"]), "{new}");
        }
        let link = ["<p><a href=x>x", "old", "y</a></p>"];
        assert!(!same(link, ["<p><a href=x>x", "<a href=z>new</a>", "y</a></p>"]));
        assert!(!same(link, ["<p><a href=x>x", "</a><a href=z>new", "y</a></p>"]));
        // Nothing stands in the rest of the link.
        let link = ["<p><a href=x>x", "old", "</a></p>y"];
        assert!(same(link, ["<p><a href=x>x", "<a href=z>new</a>", "</a></p>y"]));
        assert!(!same(link, ["<p><a href=x>x", "<a href=z>new</a>", "</a>z</p>y"]));
    }
}
