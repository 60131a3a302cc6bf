//! Bombs against the limits.

use super::*;

/// What is plain is within the limits, and what is not is refused, to the last one.
#[test]
fn limits_are_met_with_and_without_html5ever() {
    let limits = Limits { max_depth: 6, max_attributes: 4, max_tokens: 12, ..Limits::new() };
    let both = |text: &str| {
        let by_rules = Tree::build_by_html5ever(text, &limits).map(|tree| tree.description());
        assert_eq!(Tree::build(text, &limits).map(|tree| tree.description()), by_rules, "{text}");
        assert_eq!(plain::build(text, &limits).is_some(), by_rules.is_ok(), "{text}");
        by_rules.err()
    };
    let first_refused = |text: &dyn Fn(usize) -> String| {
        let answers: Vec<_> = (0..40).map(|n| both(&text(n))).collect();
        let first = answers.iter().position(Option::is_some).unwrap();
        assert!(answers[first..].iter().all(|refusal| *refusal == answers[first]));
        (first, answers[first].unwrap())
    };
    let attributes = |n: usize| format!("<p{}>x", " a=b".repeat(n));
    assert_eq!(first_refused(&attributes), (5, Refusal::TooManyAttributes));
    // Around them there are `html` and `body`.
    assert_eq!(first_refused(&|n| "<o:p>".repeat(n)), (5, Refusal::TooDeep));
    assert_eq!(first_refused(&|n| "<br>".repeat(n)), (13, Refusal::TooManyTokens));
}

#[test]
fn a_tree_is_no_larger_than_a_few_times_its_text() {
    // As Word writes: a tag for every thirty bytes.
    let word = "<p class=MsoNormal style='margin-bottom:0in'><span lang=EN-US style='font-size:11.0pt'>\
                Please read the notes of last week before we meet, and <a \
                href=\"https://intranet.contoso.example/notes\">add</a> what is missing.<o:p></o:p>\
                </span></p>\r\n";
    for text in [word.repeat(500), "x".repeat(50_000)] {
        let tree = Tree::build(&text, &Limits::new()).unwrap();
        assert!(tree.plain);
        let (node, token) = (size_of::<Slot>(), size_of::<Stored>());
        let size = tree.nodes.capacity() * node + tree.tokens.capacity() * token;
        assert!(size <= 3 * text.len() + 4096, "{size} for {} bytes", text.len());
    }
}

#[test]
fn bombs_are_refused_by_name() {
    let build = |text: &str| Tree::build(text, &Limits::new()).map(|t| t.work);
    assert_eq!(build(&"<div>".repeat(100_000)), Err(Refusal::TooDeep));
    assert_eq!(build(&"<div></p>".repeat(100_000)), Err(Refusal::TooDeep));
    let fonts: String = (0..60_000).map(|n| format!("<font size={n}>")).collect();
    assert_eq!(build(&fonts), Err(Refusal::TooDeep));
    let fonts: String = (0..60_000).map(|n| format!("<p><font size={n}></p>")).collect();
    assert_eq!(build(&fonts), Err(Refusal::TooDeep));
    let attributes = format!("<p {}>", "a=b ".repeat(120_000));
    assert_eq!(build(&attributes), Err(Refusal::TooManyAttributes));
    assert_eq!(build(&"<br>".repeat(1_000_001)), Err(Refusal::TooManyTokens));
}
