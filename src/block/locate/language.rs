//! The language of a block: what its own lines say of it.
//!
//! In: the lines of a block. Out: the language of the label of its link to join, when that is
//! one of ours; else what its trailer, its links and its markup name; else that of most labels.
//! Never: what lines say on which somebody's words stand beside the block.

use std::ops::Range;

use super::Candidate;
use crate::block::line::{FenceOnLine, Line};
use crate::coordinates::Language;
use crate::wording::{self, locales::language_of_lcid};

impl Candidate {
    /// The lines that hold nothing but the block: without those on which somebody's words stand
    /// before the row that begins it, or behind the row that ends it.
    fn own_lines(&self) -> Range<usize> {
        let glued = |row: &Option<FenceOnLine>, own: fn(&FenceOnLine) -> bool| {
            usize::from(row.as_ref().is_some_and(own))
        };
        let shared_first = glued(&self.opening, |row| row.glued_before && !row.glued_after);
        let shared_last = glued(&self.closing, |row| row.glued_after && !row.glued_before);
        self.first + shared_first..self.last + 1 - shared_last
    }
}

/// The language of a block among these lines.
pub(crate) fn language(block: &Candidate, lines: &[Line<'_>]) -> Option<Language> {
    let lines = lines.get(block.own_lines()).unwrap_or_default();
    // What is shown counts more than what is named: a page of help may be in any language.
    let to_join = lines.iter().position(|line| line.has_link_of_product()).unwrap_or(lines.len());
    let head = words(lines.get(..=to_join).unwrap_or(lines));
    let shown = wording::of_join_label(&head);
    let named = named(lines).filter(|named| shown.iter().any(|shown| shown.tag == named.tag));
    // All words are asked last, and for this alone.
    let wording = named.or_else(|| wording::guess(&words(lines), &shown));
    Language::new(wording?.tag).ok()
}

fn words(lines: &[Line<'_>]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// The first known language that trailer, links or markup name.
fn named(lines: &[Line<'_>]) -> Option<&'static wording::Wording> {
    let of_trailer = || lines.iter().filter_map(|line| line.trailer.as_deref());
    let of_link = || {
        let queries = lines.iter().flat_map(|line| &line.links).filter_map(|on_line| {
            let (_, query) = on_line.url.split_once('?')?;
            Some(query)
        });
        let pairs = queries.flat_map(|query| query.split('&')).filter_map(|p| p.split_once('='));
        pairs.filter(|(key, _)| ["language", "omkt", "clid"].contains(key)).map(|(_, named)| named)
    };
    let of_markup = || lines.iter().filter_map(|line| line.lang.as_deref());
    of_trailer().chain(of_link()).chain(of_markup()).find_map(known)
}

/// A language as an old block names it: a tag, or a number in the way of Windows, in a
/// link decimal, in a trailer decimal or (with a letter or a leading zero) hexadecimal.
///
/// Regions are dropped where they do not differ in wording: what we write names the
/// language in its own way, and has to be read as the same again.
fn known(named: &str) -> Option<&'static wording::Wording> {
    if named.bytes().all(|b| b.is_ascii_hexdigit()) && named.len() >= 3 {
        let decimal = named.bytes().all(|b| b.is_ascii_digit()) && !named.starts_with('0');
        let number = u16::from_str_radix(named, if decimal { 10 } else { 16 }).ok()?;
        return wording::find(language_of_lcid(number)?);
    }
    wording::find(named)
}
