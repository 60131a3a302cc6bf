//! Text blocks of which one line was lost, doubled, moved, cut or glued to another: the words
//! above and below stay, or nothing is replaced.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod authored;

use std::cell::RefCell;
use std::collections::BTreeMap;

use meeting_migration::Body;
use meeting_migration::block::{self, Options, Rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

use authored::{Fixture, fixtures};

const NEW: &str = r#"{"provider": "teams", "meeting_id": "234 567 890 123 4",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#;

/// The text fixtures with a recorded link.
fn texts() -> Vec<Fixture> {
    let is_one = |fixture: &Fixture| !fixture.is_html && fixture.link.is_some();
    let texts: Vec<_> = fixtures().into_iter().filter(is_one).collect();
    assert!(texts.len() > 20, "{}", texts.len());
    texts
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    Lost(Index),
    Twice(Index),
    Swapped(Index, Index),
    /// All lines before it, and all behind it.
    CutBefore(Index),
    CutBehind(Index),
    /// Without the line end behind it.
    Glued(Index),
    /// A blank line, or the rest of a wrapped one, before it.
    Wrapped(Index, Index),
    Quoted(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let line = any::<Index>;
    prop_oneof![
        line().prop_map(Damage::Lost),
        line().prop_map(Damage::Twice),
        (line(), line()).prop_map(|(a, b)| Damage::Swapped(a, b)),
        line().prop_map(Damage::CutBefore),
        line().prop_map(Damage::CutBehind),
        line().prop_map(Damage::Glued),
        (line(), line()).prop_map(|(at, column)| Damage::Wrapped(at, column)),
        line().prop_map(Damage::Quoted),
    ]
}

fn damaged(block: &str, damage: Damage) -> String {
    let mut lines: Vec<String> = block.lines().map(str::to_owned).collect();
    let of = |index: Index| index.index(lines.len());
    let end = if block.contains("\r\n") { "\r\n" } else { "\n" };
    match damage {
        Damage::Lost(at) => _ = lines.remove(of(at)),
        Damage::Twice(at) => lines.insert(of(at), lines[of(at)].clone()),
        Damage::Swapped(a, b) => {
            let (a, b) = (of(a), of(b));
            lines.swap(a, b);
        }
        Damage::CutBefore(at) => _ = lines.drain(..of(at)),
        Damage::CutBehind(at) => lines.truncate(of(at) + 1),
        Damage::Glued(at) => {
            let at = of(at);
            if at + 1 < lines.len() {
                let next = lines.remove(at + 1);
                lines[at] += &next;
            }
        }
        Damage::Wrapped(at, column) => {
            let at = of(at);
            let line = &lines[at];
            let column = line.floor_char_boundary(column.index(line.len() + 1));
            lines[at] = [&line[..column], end, &line[column..]].concat();
        }
        Damage::Quoted(at) => {
            let at = of(at);
            lines[at].insert_str(0, "> ");
        }
    }
    lines.join(end)
}

#[test]
fn words_beside_a_damaged_text_block_stay() {
    let all = texts();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let (tally, wrong) = (RefCell::new(BTreeMap::new()), RefCell::new(Vec::new()));
    let around = prop::sample::select(vec![
        ("Hello there.\n", "\nBye now.\n"),
        ("Hello there.\n\n", "\n\nBye now.\n"),
        ("1. Plan\n2. Hello there.\n", "\nBye now.\nAnna"),
        ("", "\nBye now."),
        ("Hello there.\n", ""),
    ]);
    let cases = (damage(), around, any::<Index>(), any::<bool>());
    let all_ran = TestRunner::new(config).run(&cases, |(damage, (head, tail), which, known)| {
        let fixture = which.get(&all);
        let source = damaged(fixture.block(), damage);
        let body = Body::text([head, &source, tail].concat());
        let new = serde_json::from_str(NEW).unwrap();
        let record = fixture.record();
        let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
        let answer = block::rewrite(&body, known.then_some(&record), &new, &options);
        let said = match &answer {
            Rewrite::Replaced { body: after, block, .. } => {
                let after = after.as_unicode().unwrap();
                let exact = block.span == (head.len()..head.len() + source.len());
                if !after.starts_with(head.trim_end()) || !after.ends_with(tail.trim_start()) {
                    let lost = &body.as_unicode().unwrap()[block.span.clone()];
                    wrong
                        .borrow_mut()
                        .push(format!("{} {known} {damage:?}:\n{lost}\n", fixture.name));
                }
                if exact { "exact" } else { "inside" }
            }
            Rewrite::Absent(_) => "absent",
            Rewrite::Foreign(..) => "foreign",
            Rewrite::Ambiguous(_) => "ambiguous",
            _ => "refused",
        };
        let kind = format!("{damage:?}");
        let kind = kind.split('(').next().unwrap().to_owned();
        *tally.borrow_mut().entry((kind, said)).or_insert(0_usize) += 1;
        Ok(())
    });
    all_ran.unwrap();
    println!("{:?}", tally.into_inner());
    let wrong = wrong.into_inner();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn replaced(body: &str, record: Option<&str>, provider: Provider) -> String {
    let record = record.map(|link| Record::new(provider, link));
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let new = serde_json::from_str(NEW).unwrap();
    match block::rewrite(&Body::text(body), record.as_ref(), &new, &options) {
        Rewrite::Replaced { body, written, .. } => {
            let after = body.as_unicode().unwrap();
            [&after[..written.start], "(new)", &after[written.end..]].concat()
        }
        other => format!("{other:?}"),
    }
}

const OWN: &str =
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0?context=%7b%7d";

/// A row that was put together of two lines is no half of the next one.
#[test]
fn a_row_of_another_block_directly_above_is_whole() {
    let row = format!("{}\n{}", ".".repeat(71), ".".repeat(66));
    let link = |user: &str| format!("https://meet.lync.com/contoso/{user}/AB12CD34");
    let block = |user: &str| {
        let link = link(user);
        format!(
            "{row}\nJoin Skype Meeting<{link}>\nTrouble Joining? Try Skype Web App<{link}?sl=1>\n\
             [!OC([1033])!]\n{row}"
        )
    };
    let (anna, ben) = (block("anna"), block("ben"));
    for between in ["\n", "\n\n", "\nHello\n"] {
        let body = format!("Hi\n\n{ben}{between}{anna}\n\nBye\n");
        let after = replaced(&body, Some(&link("anna")), Provider::SKYPE_FOR_BUSINESS);
        assert_eq!(after, format!("Hi\n\n{ben}{between}(new)\n\nBye\n"));
    }
}

/// What nobody sees at the edge of a line is no part of it.
#[test]
fn lines_may_have_what_nobody_sees_at_their_edges() {
    let row = "_".repeat(80);
    let block =
        format!("{row}\nMicrosoft Teams meeting\nJoin: {OWN}\nMeeting ID: 234 567\n\n{row}");
    for unseen in ["\0", "\u{200b}", "\u{feff}", " \u{feff}\0"] {
        let edge = |text: &str| -> String {
            text.lines().map(|line| format!("{unseen}{line}{unseen}\n")).collect()
        };
        let body = [edge("Hi\n"), edge(&block), edge("Bye")].concat();
        let after = replaced(&body, Some(OWN), Provider::TEAMS);
        let expected = [edge("Hi\n"), edge("(new)"), edge("Bye")].concat();
        assert_eq!(after, expected, "{unseen:?}");
    }
}

/// Signs around a link are no part of it.
#[test]
fn a_link_may_stand_in_any_brackets() {
    let (row, dots) = ("_".repeat(80), ".".repeat(137));
    for [before, behind] in [
        ["(", ")"],
        ["[", "]"],
        ["[here](", ")"],
        ["[here](", "),"],
        ["&lt;", "&gt;"],
        ["'", "'"],
        ["*", "*"],
        ["{", "}."],
        ["", ";"],
        ["", "!"],
    ] {
        for (link, provider) in [
            (OWN, Provider::TEAMS),
            ("https://meet.lync.com/contoso/anna/ABCD2345", Provider::SKYPE_FOR_BUSINESS),
        ] {
            let sentence = format!("{before}{link}{behind}");
            let block = match provider {
                Provider::TEAMS => format!("{row}\nJoin: {sentence}\n{row}"),
                _ => format!("{dots}\nJoin Skype Meeting {sentence}\n[!OC([1033])!]\n{dots}"),
            };
            let body = format!("Hi\n\n{block}\n\nBye\n");
            let after = replaced(&body, Some(link), provider);
            assert_eq!(after, "Hi\n\n(new)\n\nBye\n", "{sentence}");
        }
    }
}

/// What wraps text cuts the labels of links too.
#[test]
fn a_label_may_be_wrapped_before_the_second_link() {
    let row = "_".repeat(80);
    let wrapped = format!(
        "{}\n{}\nMicrosoft Teams Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>\n\
         Join the meeting now<https://teams.microsoft.com/meet/3456789012345?p=Qq3dEf6hIj9k>\n\
         Meeting ID: 345 678 901 234 5\nPasscode: aB3dEf\n\
         Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US> | System\nreference<{OWN}>\n\
         For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?organizerId=a>\n\
         {}\n{}",
        &row[..70],
        &row[70..],
        &row[..70],
        &row[70..]
    );
    let body = format!("Hi\n\n{wrapped}\n\nBye\n");
    let record = "https://teams.microsoft.com/meet/3456789012345?p=Qq3dEf6hIj9k";
    assert_eq!(replaced(&body, Some(record), Provider::TEAMS), "Hi\n\n(new)\n\nBye\n");
}
