//! The words of a block say nothing about where it is, and neither do the gateways that its
//! links were wrapped by: every fixture's block is found where it was, with its words in a
//! script that we have no wording for, and with some or all of its links wrapped.
#![allow(clippy::type_complexity, clippy::indexing_slicing, clippy::unwrap_used)]

mod authored;

use std::fmt::Write as _;

use meeting_migration::Body;
use meeting_migration::block::{self, Options, Rewrite};

use authored::{Fixture, fixtures};

const NEW: &str = r#"{"provider": "teams", "meeting_id": "234 567 890 123 4",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#;

/// The fixtures with a recorded link.
fn samples() -> Vec<Fixture> {
    let samples: Vec<_> = fixtures().into_iter().filter(|f| f.link.is_some()).collect();
    assert!(samples.len() > 50, "{}", samples.len());
    samples
}

/// The block of `parts` is the one that is replaced, all of it.
/// Of one without a frame the words may say where it ends: without them it is in doubt.
fn check(sample: &Fixture, parts: [&str; 3], what: &str, failures: &mut Vec<String>) {
    let text = parts.concat();
    let body = if sample.is_html { Body::html(text) } else { Body::text(text) };
    let new = serde_json::from_str(NEW).unwrap();
    let answer = block::rewrite(&body, Some(&sample.record()), &new, &Options::new());
    let expected = parts[0].len()..parts[0].len() + parts[1].len();
    let framed = ["____", "....", "\u{2500}\u{2500}", "-::~:~::", "-~-~-"];
    let unframed = !framed.iter().any(|row| parts[1].contains(row));
    match answer {
        Rewrite::Replaced { block, .. } if block.span == expected => {}
        Rewrite::Ambiguous(found) if unframed && found.len() == 1 => {}
        Rewrite::Replaced { block, .. } => {
            failures.push(format!("{} {what}: {:?}, not {expected:?}", sample.name, block.span));
        }
        answer => failures.push(format!("{} {what}: {answer:?}", sample.name)),
    }
}

/// The runs of `text` that are words, and not tags, references or addresses.
fn in_words(text: &str, html: bool, change: impl Fn(char) -> char) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let opaque = match first {
            '<' if html || rest.starts_with("<http") || rest.starts_with("<tel:") => {
                rest.find('>').map_or(rest.len(), |end| end + 1)
            }
            '&' if html => rest.find(';').map_or(1, |end| if end < 10 { end + 1 } else { 1 }),
            '[' if rest.starts_with("[!OC([") => rest.find("])!]").map_or(1, |end| end + 4),
            _ if rest.starts_with("http") => {
                rest.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(rest.len())
            }
            _ => 0,
        };
        if opaque == 0 {
            out.push(change(first));
            rest = &rest[first.len_utf8()..];
        } else {
            out.push_str(&rest[..opaque]);
            rest = &rest[opaque..];
        }
    }
    out
}

#[test]
fn a_block_is_found_whatever_its_words_are() {
    let scripts = [("georgian", '\u{10D0}'), ("syriac", '\u{0712}'), ("yi", '\u{A000}')];
    let mut failures = Vec::new();
    for sample in samples() {
        for (script, alpha) in scripts {
            let letter = |c: char| {
                let at = u32::from(c.to_ascii_lowercase()) - u32::from('a');
                char::from_u32(u32::from(alpha) + at).unwrap()
            };
            let change = |c: char| match c {
                c if c.is_ascii_alphabetic() => letter(c),
                c if c.is_alphabetic() => alpha,
                c => c,
            };
            let [before, block, behind] = &sample.parts;
            let block = in_words(block, sample.is_html, change);
            assert_ne!(block, sample.parts[1], "{}", sample.name);
            check(&sample, [before, &block, behind], script, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

fn percent(url: &str) -> String {
    let mut out = String::new();
    for byte in url.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => write!(out, "%{byte:02X}").unwrap(),
        }
    }
    out
}

fn safe_links(url: &str) -> String {
    let url = percent(url);
    format!("https://nam12.safelinks.protection.outlook.com/?url={url}&data=05%7C02%7C&reserved=0")
}

fn safe_links_app(url: &str) -> String {
    let url = percent(url).to_lowercase();
    format!("https://can01.safelinks.protection.outlook.com/ap/t-59584e83/?url={url}&data=05%7c02")
}

fn safe_links_twice(url: &str) -> String {
    safe_links_app(&safe_links(url))
}

fn defense_v2(url: &str) -> String {
    let escaped = percent(url).replace('-', "-2D").replace('_', "-5F");
    let escaped = escaped.replace("%2F", "_").replace('%', "-");
    format!("https://urldefense.proofpoint.com/v2/url?u={escaped}&d=DwMFAg&c=x&r=y&m=z&s=w&e=")
}

/// Its list of characters lost, as mailers pass it on: `%` alone was replaced.
fn defense_v3(url: &str) -> String {
    let count = url.matches('%').count();
    let list = "JSUl".repeat(count.div_ceil(3));
    let list = &list[..(count * 8).div_ceil(6)];
    let link = url.replacen("://", ":/", 1).replace('%', "*");
    format!("https://urldefense.com/v3/__{link}__;{list}!!AbC!dEf$")
}

/// `text` with the links that `which` names led through a gateway.
fn wrapped(text: &str, html: bool, wrap: fn(&str) -> String, which: fn(usize) -> bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut seen = 0;
    let starts: &[&str] = if html { &["href=\"http", "href='http"] } else { &["<http", " http"] };
    while let Some(at) = starts.iter().filter_map(|s| Some(rest.find(s)? + s.len() - 4)).min() {
        let (head, tail) = rest.split_at(at);
        let bracketed = head.ends_with('<');
        let ends = |c: char| match c {
            '"' | '\'' => html,
            '>' => !html,
            c => !html && !bracketed && c.is_whitespace(),
        };
        let (url, behind) = tail.split_at(tail.find(ends).unwrap_or(tail.len()));
        out.push_str(head);
        let plain = url.replace("&amp;", "&").replace("&#58;", ":").replace(['\r', '\n'], "");
        let known = !plain.contains("safelinks") && !plain.contains("urldefense");
        if which(seen) && known && !(html && plain.contains('&') && plain.contains(';')) {
            let url = wrap(plain.trim());
            out.push_str(&if html { url.replace('&', "&amp;") } else { url });
        } else {
            out.push_str(url);
        }
        seen += 1;
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[test]
fn a_block_is_found_whatever_its_links_were_wrapped_by() {
    let wrappers: [(&str, fn(&str) -> String); 5] = [
        ("safe links", safe_links),
        ("safe links of the app", safe_links_app),
        ("safe links twice", safe_links_twice),
        ("url defense 2", defense_v2),
        ("url defense 3", defense_v3),
    ];
    let choices: [(&str, fn(usize) -> bool); 4] = [
        ("all", |_| true),
        ("first", |i| i == 0),
        ("all but the first", |i| i > 0),
        ("every second", |i| i % 2 == 0),
    ];
    let (mut failures, mut changed) = (Vec::new(), 0);
    for sample in samples() {
        let [before, block, behind] = &sample.parts;
        for (wrapper, wrap) in wrappers {
            for (choice, which) in choices {
                let block = wrapped(block, sample.is_html, wrap, which);
                changed += usize::from(block != sample.parts[1]);
                let what = format!("{wrapper} {choice}");
                check(&sample, [before, &block, behind], &what, &mut failures);
            }
        }
    }
    assert!(changed > 800, "{changed}");
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// What becomes of the block, told without lengths of what stands around it.
fn outcome(sample: &Fixture, head: &str, tail: &str) -> String {
    let text = [head, &sample.parts[1], tail].concat();
    let body = if sample.is_html { Body::html(text) } else { Body::text(text) };
    let new = serde_json::from_str(NEW).unwrap();
    match block::rewrite(&body, Some(&sample.record()), &new, &Options::new()) {
        Rewrite::Replaced { block, written, .. } => {
            let at = |i: usize| i.wrapping_sub(head.len()) as isize;
            format!("{:?} {:?}", at(block.span.start)..at(block.span.end), at(written.start))
        }
        Rewrite::Foreign(why, _) => format!("{why}"),
        answer => format!("{answer:?}"),
    }
}

#[test]
fn what_stands_around_a_block_may_be_in_any_language() {
    let (mut failures, mut replaced) = (Vec::new(), 0);
    for sample in samples() {
        let around = |agenda: &str, bye: &str, attributes: &str| {
            if sample.is_html {
                [format!("<div{attributes}><p>{agenda}</p>"), format!("<p>{bye}</p></div>")]
            } else {
                [format!("{agenda}\n"), format!("\n{bye}\n")]
            }
        };
        let [head, tail] = around("Agenda: budget", "Bye, Anna", "");
        let expected = outcome(&sample, &head, &tail);
        replaced += usize::from(expected.ends_with(" 0"));
        for (agenda, bye, attributes) in [
            ("جدول الأعمال: الميزانية", "إلى اللقاء، Anna", " dir=\"rtl\""),
            ("\u{200f}סדר היום: תקציב\u{200e}", "\u{200f}להתראות", " dir=\"rtl\""),
            ("議題：予算について", "以上、よろしくお願いします。", " lang=\"ja\""),
            ("议程：预算", "谢谢", " lang=\"zh-CN\""),
            ("안건: 예산", "감사합니다", ""),
            ("कार्यसूची: बजट", "धन्यवाद", ""),
            ("วาระ: งบประมาณ", "ขอบคุณ", ""),
        ] {
            let [head, tail] = around(agenda, bye, attributes);
            let found = outcome(&sample, &head, &tail);
            if found != expected {
                failures.push(format!("{} {agenda}: {found}, not {expected}", sample.name));
            }
        }
    }
    assert!(replaced > 50, "{replaced}");
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn words_beside_a_row_that_was_wrapped_stay() {
    let (mut failures, mut rows) = (Vec::new(), 0);
    for sample in samples().iter().filter(|sample| !sample.is_html) {
        let stops = [71, 66].map(|n| ".".repeat(n)).join("\n");
        let underscores = [72, 8].map(|n| "_".repeat(n)).join("\n");
        let block = sample.parts[1].replace(&".".repeat(137), &stops);
        let block = block.replace(&"_".repeat(80), &underscores);
        let is_row = |row: &str| row == stops || row == underscores;
        let first = block.get(..stops.len()).is_some_and(is_row);
        let first = first || block.get(..underscores.len()).is_some_and(is_row);
        let last = block.ends_with(&stops) || block.ends_with(&underscores);
        for (head, tail) in [("Hello", "\nBye"), ("Hello\n", "Bye"), ("Hello ", " Bye")] {
            if (first || head.ends_with('\n')) && (last || tail.starts_with('\n')) {
                rows += 1;
                check(sample, [head, &block, tail], &format!("{head:?} {tail:?}"), &mut failures);
            }
        }
    }
    assert!(rows > 20, "{rows}");
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn google_s_sentence_goes_with_a_block_that_lost_a_row() {
    let (mut failures, mut replaced) = (Vec::new(), 0);
    for sample in samples().iter().filter(|sample| sample.parts[1].starts_with("-::~:~::")) {
        let [before, block, behind] = &sample.parts;
        let first = block.find('\n').unwrap() + 1;
        let last = block.rfind('\n').unwrap();
        let lost =
            [("first", &block[first..]), ("last", &block[..last]), ("both", &block[first..last])];
        for (lost, part) in lost {
            let part = part.trim();
            let body = Body::text([before, part, "\n", behind].concat());
            let new = serde_json::from_str(NEW).unwrap();
            let rest = block::rewrite(&body, Some(&sample.record()), &new, &Options::new());
            let Rewrite::Replaced { body: after, .. } = rest else { continue };
            replaced += 1;
            let after = after.as_unicode().unwrap();
            // A line with a link of the calendar's, which anybody may write, stays.
            for left in ["-::~", "Please do not edit", "請勿編輯這個部分"] {
                if after.contains(left) {
                    failures.push(format!("{} without {lost}: {left}", sample.name));
                }
            }
        }
    }
    assert!(replaced > 4, "{replaced}");
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}
