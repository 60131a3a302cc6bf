//! The lines of a grafted tree, from those of the tree before.
//!
//! In: a tree, where it was read again, and the lines from before. Out: what [`lines`] would
//! say of the tree. Never: a guess; where it is not certain, all lines are made anew.
//!
//! Lines are read by a machine too. Where an element begins that begins a line, all it has in
//! mind is what is open there. So it is set up at the last such element before the place,
//! and stopped at the first one behind it; the lines outside keep what they say, and move.

use super::{Kind, Open, View, lines};
use crate::block::html::graft::Seam;
use crate::block::html::tree::{Data, NodeId, Tree};
use crate::block::line::{Line, Move, mark_own_rows};
use crate::block::quote::{REACH, is_indented, mark_quoted_from};
use crate::provider::marks::MarkSet;

/// As [`lines`], of a grafted tree; `before` are the lines of the tree that it was made of.
pub(crate) fn spliced<'a>(
    tree: &Tree<'a>,
    seam: &Seam,
    mut before: Vec<Line<'a>>,
    marks: &MarkSet,
) -> Vec<Line<'a>> {
    match splice(tree, seam, &mut before, marks) {
        Some(()) => before,
        None => {
            drop(before);
            lines(tree, marks)
        }
    }
}

fn splice<'a>(
    tree: &Tree<'a>,
    seam: &Seam,
    all: &mut Vec<Line<'a>>,
    marks: &MarkSet,
) -> Option<()> {
    let nodes = u32::try_from(tree.nodes.len()).ok()?;
    let breaks = |id: &NodeId| kind(tree, *id).is_some_and(Kind::breaks);
    let from = (0..seam.before.0).rev().map(NodeId).find(breaks)?;
    let until = (seam.behind.0..nodes).map(NodeId).find(breaks);
    if is_hidden(tree, from) || until.is_some_and(|until| is_hidden(tree, until)) {
        return None;
    }
    let moved = Move { from: seam.until.0, to: seam.until.1 };

    let part = tree.node(from).span.start
        ..until.map_or(tree.part.end, |until| tree.node(until).span.start);
    let first = all.partition_point(|line| line.span.start < part.start);
    let behind = match until {
        Some(_) => all.partition_point(|line| line.span.start < moved.back(part.end)),
        None => all.len(),
    };
    // A row that was wrapped may reach over an end of the part.
    let ends = |at: Option<usize>| at.and_then(|at| all.get(at)).map_or(0, |line| line.span.end);
    let reaches = until.is_some() && ends(behind.checked_sub(1)) > moved.back(part.end);
    if ends(first.checked_sub(1)) > part.start || reaches {
        return None;
    }
    // No earlier message begins before the part; behind it, where one begins does not depend
    // on what is in the part.
    let near = all.get(behind..all.len().min(behind + REACH))?;
    let has_own_words = |lines: &[Line<'_>]| lines.iter().any(|line| !line.quoted);
    if near.iter().any(|line| line.quoted)
        || near.first().is_some_and(|line| line.text.may_be_quoted())
        || !has_own_words(all.get(first..behind)?)
        || all.get(first..behind)?.iter().any(is_indented)
    {
        return None;
    }

    let mut view = View::of(tree, marks);
    view.resume(from, all.get(..first)?)?;
    // The line above tells whether `>` quotes.
    let above = first.checked_sub(1);
    let edge = above.and_then(|at| all.get_mut(at)).map(std::mem::take);
    view.lines.extend(edge);
    view.run(tree.walk_from(from), until);
    let is_same = view.quoted_from.is_none() && view.open.iter().all(|o| o.marked.is_empty());
    if until.is_some() && !is_same {
        return None;
    }
    let mut made = view.lines;
    // It may be one of several, in the part and beside it.
    if made.iter().skip(usize::from(above.is_some())).any(is_indented) {
        return None;
    }
    mark_own_rows(made.get_mut(usize::from(above.is_some())..)?, marks);
    let replaced = above.unwrap_or(first)..behind;
    let end = replaced.start + made.len();
    if moved.from != moved.to {
        all.get_mut(behind..)?.iter_mut().for_each(|line| line.follow(&moved));
    }
    all.splice(replaced, made);
    mark_quoted_from(all, first.saturating_sub(REACH)..end);
    Some(())
}

fn is_hidden(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.ancestors(id).any(|id| kind(tree, id).is_some_and(Kind::hides))
}

fn kind(tree: &Tree<'_>, id: NodeId) -> Option<Kind> {
    match tree.slot(id).data {
        Data::Element(_) => Some(Kind::of(tree.html_name(id))),
        _ => None,
    }
}

impl View<'_, '_> {
    /// Stands where `from` begins; `before` are the lines before it.
    fn resume(&mut self, from: NodeId, before: &[Line<'_>]) -> Option<()> {
        let tree = self.tree;
        let mut around: Vec<NodeId> = tree.ancestors(from).collect();
        around.reverse();
        for (depth, &id) in around.iter().enumerate() {
            match kind(tree, id) {
                // It ends behind the place, and is a link on a line before it.
                Some(Kind::Link) => return None,
                Some(kind) => self.element(id, kind, depth),
                None => {}
            }
        }
        self.line = None;
        self.links.clear();
        self.rows.clear();
        self.lines.clear();
        // A line in it took its marks.
        let last = before.last().map(|line| line.span.start);
        for Open { depth, marked, .. } in &mut self.open {
            let start = around.get(*depth).map(|&id| tree.node(id).span.start);
            if last >= start {
                marked.clear();
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
