//! Plain text as [`Line`]s.

use crate::link;
use crate::provider::marks::{Fence, MarkSet};

use super::line::{FenceOnLine, Line, LinkOnLine, mark_own_rows};
use super::line::{find_fences, find_trailer, find_urls, fold_blanks, has_label};
use super::quote::mark_quoted;

/// The lines of a plain text. A line ends with CRLF, LF or CR.
pub(crate) fn lines(text: &str, marks: &MarkSet) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in text.bytes().enumerate().filter(|(_, b)| matches!(b, b'\r' | b'\n')).map(|(i, _)| i)
    {
        push_line(text, start, end, &mut lines);
        start = end + 1;
    }
    push_line(text, start, text.len(), &mut lines);
    let mut lines = attach_links(text, join_wrapped_rows(lines), marks);
    mark_own_rows(&mut lines, marks);
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
fn join_wrapped_rows(lines: Vec<Line>) -> Vec<Line> {
    let dots = |line: &Line| {
        let all = line.text.bytes().all(|b| b == b'.');
        if all { line.text.len() } else { 0 }
    };
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match joined.last_mut() {
            Some(first) if dots(first) == 71 && dots(&line) == 66 => {
                first.span.end = line.span.end;
                first.words_end = line.words_end;
                first.text.push_str(&line.text);
                first.fences = vec![FenceOnLine {
                    fence: Fence::FullStops,
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
fn attach_links(text: &str, lines: Vec<Line>, marks: &MarkSet) -> Vec<Line> {
    let mut urls = find_urls(text).into_iter().peekable();
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    let mut reaches = 0;
    for line in lines {
        let wrapped = joined.last_mut().filter(|_| line.span.start < reaches);
        if let Some(first) = wrapped {
            first.span.end = line.span.end;
            first.words_end = line.words_end;
            first.text.push_str(&line.text);
            first.trailer = first.trailer.take().or(line.trailer);
        } else {
            joined.push(line);
        }
        // Outlook puts a link on a line of its own, below its words.
        let above = joined.len().checked_sub(2).and_then(|i| joined.get(i));
        let label_above = above.is_some_and(has_words);
        let Some(line) = joined.last_mut() else { break };
        while let Some((range, url, bracketed)) = urls.next_if(|u| u.0.start < line.span.end) {
            let before = text.get(line.span.start..range.start).unwrap_or_default();
            let labelled = bracketed && (has_label(before) || label_above);
            let url = link::unwrap(&url).into_owned();
            line.links.push(LinkOnLine::new(url, labelled, None, marks));
            // A bracket that closes on the next line belongs to the link: it quotes nothing.
            reaches = range.end + usize::from(bracketed);
        }
    }
    joined
}

fn has_words(line: &Line) -> bool {
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
