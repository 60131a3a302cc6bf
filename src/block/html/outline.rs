//! A tree without a block, in a form that is equal for equal trees: what the proof compares.

use std::borrow::Cow;
use std::ops::Range;

use super::tree::{Data, NodeId, Tree};

/// A node outside a block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'t> {
    depth: usize,
    shape: Shape<'t>,
}

#[derive(Debug, PartialEq, Eq)]
enum Shape<'t> {
    Element {
        name: [&'t str; 2],
        /// What a clone has instead of a tag of its own.
        attributes: u64,
        tag: &'t str,
    },
    Text(Cow<'t, str>),
    Comment(&'t str),
    Container,
}

impl Entry<'_> {
    /// A head that no tag began and nothing is in: what comes next implies it.
    pub(crate) fn is_implied_head(&self) -> bool {
        matches!(&self.shape, Shape::Element { name: [_, "head"], tag: "", .. })
    }
}

impl Tree<'_> {
    /// The tree without what the tokens in `block` made. A node of the block stays when
    /// something from outside lies in it, and texts that only the block parts are one text.
    pub(crate) fn outline_without(&self, block: &Range<usize>) -> Vec<Entry<'_>> {
        let order: Vec<(NodeId, usize)> = self.walk().collect();
        let keep = self.keep(&order, block);
        let mut out: Vec<Entry<'_>> = Vec::new();
        for (id, depth) in order {
            if !keep.get(id.index()).copied().unwrap_or_default() {
                continue;
            }
            let node = self.node(id);
            let shape = match node.data {
                Data::Element(name) => Shape::Element {
                    name: [self.names.namespace(name), self.names.local(name)],
                    attributes: if node.own_tag { 0 } else { self.clone_digest(id) },
                    tag: if node.own_tag { self.slice(&node.span) } else { "" },
                },
                Data::Text => {
                    let before = self.slice(&(node.span.start..node.span.end.min(block.start)));
                    let behind = self.slice(&(node.span.start.max(block.end)..node.span.end));
                    if let Some(Entry { depth: d, shape: Shape::Text(text) }) = out.last_mut()
                        && *d == depth
                    {
                        text.to_mut().push_str(before);
                        text.to_mut().push_str(behind);
                        continue;
                    }
                    Shape::Text(match (before, behind) {
                        (text, "") | ("", text) => Cow::Borrowed(text),
                        _ => Cow::Owned([before, behind].concat()),
                    })
                }
                Data::Comment => Shape::Comment(self.slice(&node.span)),
                Data::Container => Shape::Container,
            };
            out.push(Entry { depth, shape });
        }
        out
    }

    /// By node: whether it, or something in it, comes from outside the block.
    fn keep(&self, order: &[(NodeId, usize)], block: &Range<usize>) -> Vec<bool> {
        let mut keep = vec![false; self.nodes.len()];
        for &(id, _) in order.iter().rev() {
            let node = self.node(id);
            let outside = node.span.start < block.start || block.end < node.span.end;
            let kept = outside || keep.get(id.index()).copied().unwrap_or_default();
            for id in [Some(id), node.parent].into_iter().flatten().filter(|_| kept) {
                if let Some(slot) = keep.get_mut(id.index()) {
                    *slot = true;
                }
            }
        }
        keep
    }
}
