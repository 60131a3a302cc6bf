//! Numbers to call: which conference a line dials into.

use super::Search;
use crate::block::line::Line;
use crate::provider::marks::is_conference_call;

impl Search<'_> {
    /// Whether the line calls into a conference that the lines above, from `join` on, do not.
    pub(super) fn is_other_call(&self, join: usize, i: usize) -> bool {
        let evidence = self.evidence(i);
        if !evidence.companion || evidence.marked || !evidence.joins.is_empty() {
            return false;
        }
        let Some(id) = self.line(i).and_then(conference) else { return false };
        let mut above = (join..i).rev().filter_map(|at| self.line(at).and_then(conference));
        above.next().is_some_and(|known| known != id)
    }

    /// Whether the line calls into a conference that is not the meeting's, as its id in the link
    /// or the lines from `join` on say; `behind` all that the block is known to have.
    pub(super) fn is_somebodys_call(&self, join: usize, i: usize, key: &str, behind: bool) -> bool {
        if !self.is_mere_call(i) {
            return false;
        }
        let Some(id) = self.line(i).and_then(conference) else { return false };
        let mut above = (join..i).rev().filter_map(|at| self.line(at).and_then(conference));
        let known = above.next().map(|known| known == id);
        !known.unwrap_or(!behind) && key.split(|c: char| !c.is_ascii_digit()).all(|run| run != id)
    }

    /// Whether the line says nothing of a product but a call that anybody could have written.
    pub(super) fn is_mere_call(&self, i: usize) -> bool {
        let evidence = self.evidence(i);
        let calls = |l: &Line<'_>| l.links.iter().all(|on_line| is_conference_call(&on_line.url));
        evidence.joins.is_empty() && !evidence.marked && self.line(i).is_some_and(calls)
    }
}

/// The conference that the line's first number calls into.
fn conference(line: &Line<'_>) -> Option<String> {
    let call = line.links.iter().find(|on_line| is_conference_call(&on_line.url))?;
    let (_, id) = call.url.split_once(',')?;
    Some(id.chars().filter(char::is_ascii_digit).collect())
}
