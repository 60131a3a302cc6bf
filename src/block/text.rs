//! Plain text as [`Line`]s.

use std::ops::Range;

use memchr::memchr2_iter;

use crate::provider::marks::{Fence, MarkSet};

use super::line::{FenceOnLine, Line, LinkOnLine, mark_own_rows};
use super::line::{fence_starts, find_fences, find_trailer, find_urls, has_label};
use super::quote::mark_quoted;

/// The lines of a plain text. A line ends with CRLF, LF or CR.
pub(crate) fn lines<'a>(text: &'a str, marks: &MarkSet) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let fences = fence_starts(text);
    let mut start = 0;
    for end in memchr2_iter(b'\r', b'\n', text.as_bytes()) {
        push_line(text, start..end, &fences, &mut lines);
        start = end + 1;
    }
    push_line(text, start..text.len(), &fences, &mut lines);
    let mut lines = attach_links(text, join_wrapped_rows(text, lines), marks);
    mark_own_rows(&mut lines, marks);
    mark_quoted(&mut lines);
    lines
}

fn push_line<'a>(text: &'a str, line: Range<usize>, fences: &[usize], lines: &mut Vec<Line<'a>>) {
    let raw = text.get(line.clone()).unwrap_or_default();
    let trimmed = raw.trim();
    if trimmed.is_empty() {
        return;
    }
    let from = line.start + (raw.len() - raw.trim_start().len());
    let span = from..from + trimmed.len();
    let mut line = Line {
        quoted: trimmed.starts_with('>'),
        words_start: span.start,
        words_end: span.end,
        ..Line::default()
    };
    line.text.push(trimmed);
    let next = fences.partition_point(|start| *start < span.start);
    if fences.get(next).is_some_and(|start| *start < span.end) {
        let mut rows = Vec::new();
        find_fences(trimmed, from, &mut rows);
        let on_line = |(fence, row): (Fence, Range<usize>)| FenceOnLine {
            fence,
            glued_before: row.start > span.start,
            glued_after: row.end < span.end,
            span: row,
        };
        line.fences = rows.into_iter().map(on_line).collect();
    }
    if line.text.may_have_bracket() {
        line.trailer = find_trailer(trimmed);
    }
    line.span = span;
    lines.push(line);
}

/// Wrapped rows: Outlook writes 71 full stops on one line and 66 on the next, and whoever
/// wraps text at some column cuts the 80 underscores.
fn join_wrapped_rows<'a>(text: &str, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let row = |line: &Line<'_>| {
        let row = text.get(line.span.clone()).unwrap_or_default().as_bytes();
        let first = row.first().copied().filter(|c| matches!(c, b'.' | b'_'))?;
        row.iter().all(|c| *c == first).then_some((first, row.len()))
    };
    let begins = |line: &Line<'_>| matches!(row(line), Some((b'.', 71) | (b'_', 64..=79)));
    if !lines.iter().any(begins) {
        return lines;
    }
    let joins = |first: &Line<'_>, second: &Line<'_>| match (row(first)?, row(second)?) {
        ((b'.', 71), (b'.', 66)) => Some(Fence::FullStops),
        ((b'_', length @ 64..=79), (b'_', rest)) if length + rest == 80 => Some(Fence::Underscores),
        _ => None,
    };
    let mut joined: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    for line in lines {
        let fence = joined.last().and_then(|first| joins(first, &line));
        match (joined.last_mut(), fence) {
            (Some(first), Some(fence)) => {
                first.span.end = line.span.end;
                first.words_end = line.words_end;
                first.text.append(&line.text);
                first.fences = vec![FenceOnLine {
                    fence,
                    span: first.span.clone(),
                    glued_before: false,
                    glued_after: false,
                }];
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// Puts each link on the line where it begins; the lines that a wrapped link goes on
/// over belong to that line too.
fn attach_links<'a>(text: &'a str, lines: Vec<Line<'a>>, marks: &MarkSet) -> Vec<Line<'a>> {
    let mut urls = find_urls(text).into_iter().peekable();
    if urls.peek().is_none() {
        return lines;
    }
    let mut joined: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut reaches = 0;
    for line in lines {
        let wrapped = joined.last_mut().filter(|_| line.span.start < reaches);
        if let Some(first) = wrapped {
            first.span.end = line.span.end;
            first.words_end = line.words_end;
            first.text.append(&line.text);
            first.trailer = first.trailer.take().or(line.trailer);
        } else {
            joined.push(line);
        }
        // Outlook puts a link on a line of its own, below its words.
        let [before @ .., line] = joined.as_mut_slice() else { break };
        let label_above = || before.last().is_some_and(has_words);
        while let Some((range, url, bracketed)) = urls.next_if(|u| u.0.start < line.span.end) {
            let before = text.get(line.span.start..range.start).unwrap_or_default();
            let labelled = bracketed && (has_label(before) || label_above());
            line.links.push(LinkOnLine::new(url, labelled, None, marks));
            // A bracket that closes on the next line belongs to the link: it quotes nothing.
            reaches = range.end + usize::from(bracketed);
        }
    }
    joined
}

fn has_words(line: &Line<'_>) -> bool {
    line.links.is_empty() && line.fences.is_empty() && line.text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_wrapped_to_the_next_line_quotes_nothing() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("Join<https://contoso.example/{end}a{end}>{end}Next{end}> old");
            let found = lines(&text, MarkSet::builtin());
            let seen: Vec<_> = found.iter().map(|l| (l.text.as_str(), l.quoted)).collect();
            let link = "Join<https://contoso.example/a>";
            assert_eq!(seen, [(link, false), ("Next", false), ("> old", true)]);
        }
    }
}
