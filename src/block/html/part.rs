//! The tree of the part of a body that has its links of products, when the rest need not be
//! looked at.
//!
//! In: a text, and where the first and the last such link may stand. Out: the tree of
//! the lines around them, or nothing: then all is read. Never: another answer than all would
//! give.
//!
//! What lies before the part is skimmed, see `skim`. What lies behind the part is not read at
//! all. For the same elements are open there before and after a change in the part, and so the
//! standard's rules make the same of it, whatever it is.

use std::ops::Range;

use memchr::memchr;

use super::skim;
use super::tokenizer::Kind;
use super::tree::Tree;
use crate::block::Limits;
use crate::block::locate::READ;

/// The tree of the part of a text around its `links`, when that is plain and within the limits.
pub(crate) fn build<'a>(text: &'a str, links: &Range<usize>, limits: &Limits) -> Option<Tree<'a>> {
    // NULs count as links, the last one perhaps.
    let last = text.len().min(links.end + 1);
    if u32::try_from(text.len()).is_err()
        || memchr(0, text.as_bytes().get(links.start..last)?).is_some()
    {
        return None;
    }
    let skim::Start { mut machine, mut reader, start } = skim::to_part(text, links.start, limits)?;
    // Whether there are words since the last line began.
    let mut words = false;
    let mut below = 0;
    while let Some(read) = machine.next(&mut reader, |_, _| false).ok()? {
        machine.take(&read, &mut reader).ok()?;
        let token = &read.token;
        match token.kind {
            Kind::Text if read.markup => words |= !is_blank(text, &token.span()),
            Kind::Start { .. } if words && machine.begins_line(token) => {
                words = false;
                if token.start > links.end {
                    below += 1;
                    if below > READ.below {
                        return Some(machine.into_tree(start..token.end));
                    }
                }
            }
            _ => {}
        }
    }
    if !reader.tokenizer.in_markup() {
        return None;
    }
    machine.finish().ok()?;
    Some(machine.into_tree(start..text.len()))
}

fn is_blank(text: &str, span: &Range<usize>) -> bool {
    text.get(span.clone()).unwrap_or_default().trim_ascii().is_empty()
}

#[cfg(test)]
mod tests;
