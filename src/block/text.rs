//! Plain text as [`Line`]s.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2_iter;

use crate::provider::marks::{Fence, MarkSet};

use super::line::{FenceOnLine, Line, LinkOnLine, UrlInText, mark_own_rows};
use super::line::{find_fences, find_trailer, find_urls, has_label};
use super::quote::mark_quoted;

/// The lines of a plain text. A line ends with CRLF, LF or CR.
pub(crate) fn lines<'a>(text: &'a str, marks: &MarkSet) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr2_iter(b'\r', b'\n', text.as_bytes()) {
        push_line(text, start..end, &mut lines);
        start = end + 1;
    }
    push_line(text, start..text.len(), &mut lines);
    let mut lines = attach_links(text, join_wrapped_rows(text, lines), marks);
    mark_own_rows(&mut lines, marks);
    mark_quoted(&mut lines);
    lines
}

fn push_line<'a>(text: &'a str, line: Range<usize>, lines: &mut Vec<Line<'a>>) {
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
    let mut rows = Vec::new();
    find_fences(trimmed, from, &mut rows);
    let on_line = |(fence, row): (Fence, Range<usize>)| FenceOnLine {
        fence,
        glued_before: row.start > span.start,
        glued_after: row.end < span.end,
        span: row,
    };
    line.fences = rows.into_iter().map(on_line).collect();
    if line.text.may_have_bracket() {
        line.trailer = find_trailer(trimmed);
    }
    line.span = span;
    lines.push(line);
}

/// Wrapped rows: Outlook writes 71 full stops on one line and 66 on the next, and whoever
/// wraps text at some column cuts the 80 underscores. Words may be glued to either end.
fn join_wrapped_rows<'a>(text: &'a str, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let raw = |line: &Line<'_>| text.get(line.span.clone()).unwrap_or_default().as_bytes();
    let is_row = |c: &u8| matches!(c, b'.' | b'_');
    // The row that a line ends in, and the one that it begins with.
    let ends = |line: &Line<'_>| {
        let last = raw(line).last().copied().filter(is_row)?;
        Some((last, raw(line).iter().rev().take_while(|c| **c == last).count()))
    };
    let begins = |line: &Line<'_>| {
        let first = raw(line).first().copied().filter(is_row)?;
        Some((first, raw(line).iter().take_while(|c| **c == first).count()))
    };
    let is_cut = |line: &Line<'_>| matches!(ends(line), Some((b'.', 71) | (b'_', 64..=79)));
    if !lines.iter().any(is_cut) {
        return lines;
    }
    let joins = |first: &Line<'_>, second: &Line<'_>| match (ends(first)?, begins(second)?) {
        ((b'.', start @ 71), (b'.', rest @ 66)) => Some((Fence::FullStops, start, rest)),
        ((b'_', start @ 64..=79), (b'_', rest)) if start + rest == 80 => {
            Some((Fence::Underscores, start, rest))
        }
        _ => None,
    };
    let mut joined: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    for line in lines {
        let found = joined.last().and_then(|first| joins(first, &line));
        match (joined.last_mut(), found) {
            (Some(first), Some((fence, start, rest))) => {
                let row = first.span.end - start..line.span.start + rest;
                first.fences.push(FenceOnLine {
                    fence,
                    glued_before: row.start > first.span.start,
                    glued_after: row.end < line.span.end,
                    span: row,
                });
                first.span.end = line.span.end;
                first.words_end = line.words_end;
                first.text.append(&line.text);
                first.fences.extend(line.fences);
                first.trailer = first.trailer.take().or(line.trailer);
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// Puts each link on the line where it begins; the lines that a wrapped link goes on
/// over belong to that line too.
fn attach_links<'a>(text: &'a str, mut lines: Vec<Line<'a>>, marks: &MarkSet) -> Vec<Line<'a>> {
    let urls = find_urls(text);
    join_wrapped_links(&urls, &mut lines);
    let mut urls = urls.into_iter().peekable();
    for at in 0..lines.len() {
        if urls.peek().is_none() {
            break;
        }
        // Outlook puts a link on a line of its own, below its words.
        let Some([before @ .., line]) = lines.get_mut(..=at) else { break };
        let label_above = || before.last().is_some_and(has_words);
        while let Some((range, url, bracketed)) = urls.next_if(|u| u.0.start < line.span.end) {
            let before = text.get(line.span.start..range.start).unwrap_or_default();
            let labelled = bracketed && (has_label(before) || label_above());
            line.links.push(LinkOnLine::new(url, labelled, None, marks));
        }
    }
    lines
}

/// Makes one line of those that a link goes on over.
fn join_wrapped_links(urls: &[UrlInText<'_>], lines: &mut Vec<Line<'_>>) {
    // Its line ends were taken out.
    if !urls.iter().any(|(_, url, _)| matches!(url, Cow::Owned(_))) {
        return;
    }
    let (mut urls, mut reaches) = (urls.iter().peekable(), 0);
    lines.dedup_by(|line, first| {
        while let Some((range, _, bracketed)) = urls.next_if(|u| u.0.start < line.span.start) {
            // A bracket that closes on the next line belongs to the link: it quotes nothing.
            reaches = range.end + usize::from(*bracketed);
        }
        let wrapped = line.span.start < reaches;
        if wrapped {
            first.span.end = line.span.end;
            first.words_end = line.words_end;
            first.text.append(&line.text);
            first.trailer = first.trailer.take().or(line.trailer.take());
        }
        wrapped
    });
}

fn has_words(line: &Line<'_>) -> bool {
    line.links.is_empty() && line.fences.is_empty() && line.text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lines' spans, one line after the other with its links.
    fn joined_one_by_one(text: &str) -> Vec<(Range<usize>, usize)> {
        let mut single = Vec::new();
        let mut start = 0;
        for end in memchr2_iter(b'\r', b'\n', text.as_bytes()).chain([text.len()]) {
            push_line(text, start..end, &mut single);
            start = end + 1;
        }
        let mut urls = find_urls(text).into_iter().peekable();
        let (mut joined, mut reaches) = (Vec::<(Range<usize>, usize)>::new(), 0);
        for line in single {
            match joined.last_mut() {
                Some((span, _)) if line.span.start < reaches => span.end = line.span.end,
                _ => joined.push((line.span, 0)),
            }
            let Some((span, links)) = joined.last_mut() else { break };
            while let Some((range, _, bracketed)) = urls.next_if(|u| u.0.start < span.end) {
                reaches = range.end + usize::from(bracketed);
                *links += 1;
            }
        }
        joined
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn wrapped_links_join_the_lines_they_reach(
            parts in prop::collection::vec(prop::sample::select(vec![
                "<https://a.example/", "https://b.example", "tel:+1,,2#", "x", " ", "\n", "\r\n", "\r",
                ">", "<", "\"", "\u{a0}", "é", "\t", "://", ">\n", "\n>",
            ]), 0..24),
        ) {
            let text = parts.concat();
            let seen: Vec<_> = lines(&text, MarkSet::builtin())
                .into_iter()
                .map(|line| (line.span, line.links.len()))
                .collect();
            prop_assert_eq!(seen, joined_one_by_one(&text));
        }
    }

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
