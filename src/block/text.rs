//! Plain text as [`Line`]s.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use memchr::{memchr, memchr2_iter, memrchr2};

use crate::provider::marks::{Fence, MarkSet};

use super::line::{FenceOnLine, Line, LinkOnLine, Move, UrlInText, mark_own_rows};
use super::line::{find_fences, find_trailer, find_urls, has_label, is_unseen};
use super::locate::READ;
use super::quote::{mark_indented, mark_quoted, may_begin};

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
    mark_indented(&mut lines);
    lines
}

/// As [`lines`], of a part that [`around`] chose.
pub(crate) fn lines_in<'a>(text: &'a str, part: &Range<usize>, marks: &MarkSet) -> Vec<Line<'a>> {
    let mut lines = lines(text.get(part.clone()).unwrap_or_default(), marks);
    let moved = Move { from: 0, to: part.start };
    lines.iter_mut().for_each(|line| line.follow(&moved));
    lines
}

/// The lines around the bytes that hold all links of products, and the row below them: what
/// lies before has nothing that may begin an earlier message, and nothing goes on over the ends.
pub(crate) fn around(text: &str, links: &Range<usize>) -> Range<usize> {
    // Where the part may begin, of the last lines, and how many lie before each.
    let mut starts = VecDeque::from([(0, 0)]);
    let (mut above, mut at, mut brackets) = (0, 0, Brackets::default());
    for line in text.get(..links.start).unwrap_or_default().split_inclusive('\n') {
        at += line.len();
        let words = line.trim_matches(is_unseen);
        // A line end of its own, without its partner, makes lines that are not seen here.
        if memchr(b'\r', words.as_bytes()).is_some() || may_begin(words, "") {
            break;
        }
        above += usize::from(!words.is_empty());
        brackets.pass(line, text.get(..at).unwrap_or_default());
        if !brackets.open && starts.back().is_none_or(|(_, before)| *before < above) {
            if starts.len() > READ.above {
                starts.pop_front();
            }
            starts.push_back((at, above));
        }
    }
    let start = starts.iter().rfind(|(_, before)| above - before >= READ.above);
    let start = start.map_or(0, |(start, _)| *start);

    let (mut below, mut end, mut brackets) = (0, start, Brackets::default());
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        below += usize::from(end >= links.end && !line.trim_matches(is_unseen).is_empty());
        end += line.len();
        brackets.pass(line, text.get(..end).unwrap_or_default());
        if below > READ.below
            && !brackets.open
            && !is_cut(line.trim_end_matches(is_unseen).as_bytes())
        {
            break;
        }
    }
    start..end
}

/// Whether a link in brackets may go on over the end of a line.
#[derive(Default)]
struct Brackets {
    open: bool,
}

impl Brackets {
    /// Passes a line, which ends where `text` does.
    fn pass(&mut self, line: &str, text: &str) {
        match memrchr2(b'<', b'>', line.as_bytes()).and_then(|at| line.as_bytes().get(at)) {
            Some(bracket) => self.open = *bracket == b'<',
            // No link goes on over a blank line.
            None if text.ends_with("\n\n") || text.ends_with("\r\n\r\n") => self.open = false,
            None => {}
        }
    }
}

fn push_line<'a>(text: &'a str, line: Range<usize>, lines: &mut Vec<Line<'a>>) {
    let raw = text.get(line.clone()).unwrap_or_default();
    let trimmed = raw.trim_matches(is_unseen);
    if trimmed.is_empty() {
        return;
    }
    let from = line.start + (raw.len() - raw.trim_start_matches(is_unseen).len());
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

/// Whether the line ends in a row that may go on with the next one.
fn is_cut(line: &[u8]) -> bool {
    matches!(row_at_end(line), Some((b'.', 64..=136) | (b'_', 64..=79))) || is_cut_of_tildes(line)
}

/// Whether the line is a row of Google's that goes on with the next one.
fn is_cut_of_tildes(line: &[u8]) -> bool {
    line.len() >= 64 && line.starts_with(b"-::~:~::") && line.iter().all(is_of_tildes)
}

fn is_of_tildes(c: &u8) -> bool {
    matches!(c, b'-' | b':' | b'~')
}

/// The byte and the length of the row that a line ends in.
fn row_at_end(line: &[u8]) -> Option<(u8, usize)> {
    let last = line.last().copied().filter(is_of_wrapped_row)?;
    Some((last, line.iter().rev().take_while(|c| **c == last).count()))
}

fn is_of_wrapped_row(c: &u8) -> bool {
    matches!(c, b'.' | b'_')
}

/// Wrapped rows: Outlook writes 71 full stops on one line and 66 on the next, and whoever
/// wraps text at some column cuts each of them. Words may be glued to either end.
fn join_wrapped_rows<'a>(text: &'a str, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let raw = |line: &Line<'_>| text.get(line.span.clone()).unwrap_or_default().as_bytes();
    // The row that a line ends in, and the one that it begins with.
    let ends = |line: &Line<'_>| row_at_end(raw(line));
    let begins = |line: &Line<'_>| {
        let first = raw(line).first().copied().filter(is_of_wrapped_row)?;
        Some((first, raw(line).iter().take_while(|c| **c == first).count()))
    };
    if !lines.iter().any(|line| is_cut(raw(line))) {
        return lines;
    }
    let tildes = |first: &Line<'_>, second: &Line<'_>| {
        let (start, rest) = (raw(first), raw(second));
        let rest = rest.get(..rest.iter().take_while(|c| is_of_tildes(c)).count())?;
        if !is_cut_of_tildes(start) || !first.fences.is_empty() || rest.is_empty() {
            return None;
        }
        let (mut rows, row) = (Vec::new(), [start, rest].concat());
        find_fences(std::str::from_utf8(&row).ok()?, 0, &mut rows);
        let whole = rows.contains(&(Fence::Tildes, 0..row.len()));
        whole.then_some((Fence::Tildes, start.len(), rest.len()))
    };
    // A row that was put together is whole: the next one may be half of another.
    let is_whole = |first: &Line<'_>| first.fences.iter().any(|f| f.span.end == first.span.end);
    let joins = |first: &Line<'_>, second: &Line<'_>| match (ends(first), begins(second)) {
        _ if is_whole(first) => None,
        (Some((b'.', start @ 64..=136)), Some((b'.', rest))) if start + rest == 137 => {
            Some((Fence::FullStops, start, rest))
        }
        (Some((b'_', start @ 64..=79)), Some((b'_', rest))) if start + rest == 80 => {
            Some((Fence::Underscores, start, rest))
        }
        _ => tildes(first, second),
    };
    let mut joined: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    for mut line in lines {
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
                first.append(&mut line);
                first.fences.extend(line.fences);
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
            first.append(line);
        }
        wrapped
    });
}

fn has_words(line: &Line<'_>) -> bool {
    line.links.is_empty() && line.fences.is_empty() && line.text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::Body;
    use crate::block::{Options, rewrite};
    use crate::coordinates::Coordinates;
    use crate::link::Link;
    use crate::meeting::Record;
    use crate::provider::Provider;

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

    fn paragraphs() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "One line.\n\n",
            "One line.\n",
            "One line.\n",
            "a < b\n",
            "b > a\n",
            "Two\nlines\n\n",
            "one more\r\n",
            "\r\n",
            "\n",
            "\r",
            " \n",
            "From: Anna\nSent: 2 November 2026 20:53\nTo: Ben\n",
            "> quoted\n",
            "Agenda: x\n",
            "On 2 November 2026 at 20:53, Anna\n<a@contoso.example> wrote:\n",
            "a@contoso.example\n",
            "________________________________\n",
            "-----x-----\n",
            "- one\n- two\n",
            "<https://contoso.example/a\nb",
            "c>",
            "\u{a0}\n",
            "words ",
            "\tx\n",
            "Sent: 1.1.2026\n",
            "Gesendet: 2. November 2026 20:53\nVon: Anna\nAn: Ben\nBetreff: x\n",
            "Betreff: x\n",
            "An: Ben;\n",
            "From:\n",
            "wrote:\n",
            ">>> Anna <a@contoso.example> 20:53 >>>\n",
            "Xyz: Anna <a@contoso.example>\n",
            "Qrs: 2 November 2026 20:53\n",
        ]);
        prop::collection::vec(piece, 0..50).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// That a part is enough is asserted wherever a body is rewritten, see `replace`.
        #[test]
        fn the_lines_around_a_block_are_enough(
            before in paragraphs(),
            behind in paragraphs(),
            filler in 0..20_usize,
            end in prop::sample::select(vec!["\n", "\n\n"]),
        ) {
            let filler = ["Words, and more of them.", end].concat().repeat(filler);
            let row = "_".repeat(80);
            let url = "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6h";
            let text = format!("{before}{filler}{row}\nJoin<{url}>\n{row}\n{filler}{behind}");
            let block = text.find(&row).unwrap_or_default();
            let part = around(&text, &(block..block + row.len() + url.len() + 8));
            prop_assert!(part.start <= block && block + row.len() < part.end);
            let record = Record::new(Provider::TEAMS, url);
            let link = Link::new("https://zoom.us/j/95550199").unwrap();
            let new = Coordinates::new(Provider::ZOOM, link);
            let _ = rewrite(&Body::text(text), Some(&record), &new, &Options::new());
        }
    }

    #[test]
    fn lines_far_from_the_marks_are_not_read() {
        for end in ["\r\n", "\r\n\r\n", " <https://contoso.example/x>\n"] {
            let filler = ["Words, and more of them.", end].concat().repeat(100);
            let text = [&filler, "________\r\n", &filler].concat();
            let part = around(&text, &(filler.len()..filler.len() + 8));
            let half = filler.len() / 2;
            assert!(part.start > half && part.end < text.len() - half, "{end:?}");
            // Behind a header all is quoted.
            let text = ["From: Anna\r\n", &filler, "________\r\n", &filler].concat();
            assert_eq!(around(&text, &(filler.len() + 12..filler.len() + 20)).start, 0);
        }
        // A bracket that nothing closes may be a link's, up to a blank line.
        let filler = "Words, and more of them.\n".repeat(100);
        let text = ["a < b\n", &filler, "________\n", &filler].concat();
        let marks = filler.len() + 6..filler.len() + 14;
        assert_eq!(around(&text, &marks).start, 0);
        let text = ["a < b\n\n", &filler, "________\n", &filler].concat();
        assert!(around(&text, &marks).start > filler.len() / 2);
    }

    #[test]
    fn words_on_the_line_of_a_row_are_glued_to_it() {
        let glued = |text: &str| {
            let of =
                |line: Line<'_>| line.fences.into_iter().map(|f| (f.glued_before, f.glued_after));
            lines(text, MarkSet::builtin()).into_iter().flat_map(of).collect::<Vec<_>>()
        };
        let (row, start, rest) = ("_".repeat(80), "_".repeat(70), "_".repeat(10));
        for row in [row, format!("{start}\n{rest}")] {
            for (before, after) in [("", ""), ("Notes ", ""), ("", " Plan"), ("Notes ", " Plan")] {
                let text = format!("Hello\n{before}{row}{after}\nBye");
                assert_eq!(glued(&text), [(!before.is_empty(), !after.is_empty())], "{text}");
            }
        }
        // No row of 80 that was wrapped.
        assert_eq!(lines(&format!("{start}\n{start}"), MarkSet::builtin()).len(), 2);
    }

    #[test]
    fn a_link_in_brackets_has_the_words_before_or_above_it_for_a_label() {
        let row = format!("Notes {}\n<https://a.example/1>", "_".repeat(80));
        for (text, labelled) in [
            (row.as_str(), false),
            ("Join<https://a.example/1>", true),
            ("Join https://a.example/1", false),
            ("Join\n<https://a.example/1>", true),
            ("Join\nhttps://a.example/1", false),
            ("<https://a.example/1>", false),
            ("2026\n<https://a.example/1>", false),
            ("Help<https://a.example/2>\n<https://a.example/1>", false),
        ] {
            let found = lines(text, MarkSet::builtin());
            let last = found.last().and_then(|line| line.links.last());
            assert_eq!(last.map(|link| link.labelled), Some(labelled), "{text}");
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
