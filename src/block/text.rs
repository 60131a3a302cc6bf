//! Plain text as [`Line`]s.

use crate::link;

use super::line::{FenceOnLine, Line, LinkOnLine};
use super::line::{find_fences, find_trailer, find_urls, fold_blanks, mark_quoted};

/// The lines of a plain text. A line ends with CRLF, LF or CR.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in text.bytes().enumerate().filter(|(_, b)| matches!(b, b'\r' | b'\n')).map(|(i, _)| i)
    {
        push_line(text, start, end, &mut lines);
        start = end + 1;
    }
    push_line(text, start, text.len(), &mut lines);
    join_wrapped_rows(&mut lines);
    attach_links(text, &mut lines);
    mark_quoted(&mut lines);
    lines
}

fn push_line(text: &str, start: usize, end: usize, lines: &mut Vec<Line>) {
    let raw = text.get(start..end).unwrap_or_default();
    let trimmed = raw.trim_matches(|c: char| c.is_whitespace());
    if trimmed.is_empty() {
        return;
    }
    let from = start + (raw.len() - raw.trim_start().len());
    let span = from..from + trimmed.len();
    let mut rows = Vec::new();
    find_fences(trimmed, from, &mut rows);
    let fences = rows
        .into_iter()
        .map(|(fence, row)| FenceOnLine {
            fence,
            glued_before: row.start > span.start,
            glued_after: row.end < span.end,
            span: row,
        })
        .collect();
    lines.push(Line {
        text: fold_blanks(trimmed),
        fences,
        trailer: find_trailer(trimmed),
        quoted: trimmed.starts_with('>'),
        words_start: span.start,
        words_end: span.end,
        span,
        ..Line::default()
    });
}

/// Outlook wraps the row of 137 full stops: 71 on one line, 66 on the next.
fn join_wrapped_rows(lines: &mut Vec<Line>) {
    let dots = |line: &Line| {
        let all = line.text.bytes().all(|b| b == b'.');
        if all { line.text.len() } else { 0 }
    };
    let mut i = 0;
    while i + 1 < lines.len() {
        let (Some(first), Some(second)) = (lines.get(i), lines.get(i + 1)) else { break };
        if dots(first) == 71 && dots(second) == 66 {
            let span = first.span.start..second.span.end;
            let text = [first.text.as_str(), second.text.as_str()].concat();
            let fence = FenceOnLine {
                fence: crate::provider::marks::Fence::FullStops,
                span: span.clone(),
                glued_before: false,
                glued_after: false,
            };
            let joined = Line { span, text, fences: vec![fence], ..Line::default() };
            lines.splice(i..i + 2, [joined]);
        }
        i += 1;
    }
}

/// Puts each link on the line where it begins; the lines that a wrapped link goes on
/// over belong to that line too.
fn attach_links(text: &str, lines: &mut Vec<Line>) {
    let mut joined = vec![false; lines.len()];
    // The line of the link, the one above it, and the first that no link goes on over.
    let (mut at, mut above, mut next) = (0, None, 0);
    for (range, url, bracketed) in find_urls(text) {
        while lines.get(at).is_some_and(|line| line.span.end <= range.start) {
            if joined.get(at) == Some(&false) {
                above = Some(at);
            }
            at += 1;
        }
        next = next.max(at + 1);
        let label_above = above.and_then(|i| lines.get(i)).is_some_and(has_words);
        let Some(line) = lines.get_mut(at) else { break };
        let label_before = || {
            let before = text.get(line.span.start..range.start).unwrap_or_default();
            let before = before.trim_end_matches('<').trim();
            !before.rsplit(['>', '|']).next().unwrap_or_default().trim().is_empty()
        };
        // Outlook puts the link on a line of its own, below its words.
        let labelled = bracketed && (label_above || label_before());
        line.links.push(LinkOnLine {
            url: link::unwrap(&url).into_owned(),
            labelled,
            element: None,
        });
        while lines.get(at).is_some_and(|line| line.span.end < range.end) && next < lines.len() {
            let over = lines.get_mut(next).map(std::mem::take).unwrap_or_default();
            if let Some(slot) = joined.get_mut(next) {
                *slot = true;
            }
            if let Some(line) = lines.get_mut(at) {
                line.span.end = over.span.end;
                line.text.push_str(&over.text);
                line.trailer = line.trailer.take().or(over.trailer);
            }
            next += 1;
        }
    }
    let mut joined = joined.into_iter();
    lines.retain(|_| joined.next() == Some(false));
}

fn has_words(line: &Line) -> bool {
    line.links.is_empty() && line.fences.is_empty() && line.text.chars().any(char::is_alphabetic)
}
