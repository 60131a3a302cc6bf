#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use super::*;

const TEXT: &str = "{{join_url}}";

fn html_error(html: &str) -> String {
    Template::new(html, TEXT).unwrap_err().to_string()
}

#[test]
fn what_a_browser_would_build_otherwise_is_refused() {
    let join = r#"<a href="{{join_url}}">x</a>"#;
    let table = [
        "<p>",
        "<div><p></div>",
        "</div>",
        "<p><div></div></p>",
        "<p><hr></p>",
        "<p><p></p></p>",
        "<h1><h2></h2></h1>",
        "<b><div></div></b>",
        "<b><i></b></i>",
        r#"<a href="https://a"><a href="https://b"></a></a>"#,
        "<tr></tr>",
        "<table><tr></tr></table>",
        "<table>words</table>",
        "<table>{{passcode}}</table>",
        "<table><tbody><td></td></tbody></table>",
        "<ul>words</ul>",
        "<li></li>",
        "<br></br>",
        "<div/>",
        "<script>1</script>",
        "<style></style>",
        "<form></form>",
        "<iframe></iframe>",
        "<svg></svg>",
        "<o:p></o:p>",
        "<!-- -->",
        "<",
        "<p",
        "<p class=x></p>",
        "<p class='x'></p>",
        r#"<p class="x" class="y"></p>"#,
        r#"<p onclick="x"></p>"#,
        r#"<p class="x"id="y"></p>"#,
        r#"<p class="x></p>"#,
        r#"<p id="a"></p><p id="a"></p>"#,
        r#"{{#passcode}}<p id="a"></p>{{/passcode}}"#,
        r#"<p id="{{passcode}}"></p>"#,
        r#"<p style="color:{{passcode}}"></p>"#,
        r#"<p style="background:url(https://a)"></p>"#,
        r#"<p style="background:u\72l(https://a)"></p>"#,
        r#"<p style="background:&#117;rl(https://a)"></p>"#,
        r#"<p style="background:u/**/rl(https://a)"></p>"#,
        r#"<a href="javascript:x">x</a>"#,
        r#"<a href="java&#115;cript:x">x</a>"#,
        r#"<a href=" https://a">x</a>"#,
        r#"<a href="http://a">x</a>"#,
        r#"<a href="https://a/{{passcode}}">x</a>"#,
        r#"<a href="{{join_url}}x">x</a>"#,
        r#"<a href="{{passcode}}">x</a>"#,
        r#"<p href="https://a"></p>"#,
        r#"<img src="http://a">"#,
        r#"<img src="{{passcode}}">"#,
        r#"<img alt="{{numbers}}">"#,
        r#"<img alt="<">"#,
        "&",
        "&foo;",
        "&lowbar;",
        "&#95;",
        "&#x5f;",
        "&#0;",
        "a\0b",
        "\u{202e}",
        "\u{2028}",
        "&#65;",
        "&#8207;",
        "&#9472;",
        "<img alt=\"\u{202e}\">",
        "<img alt=\"\u{2029}\">",
        r#"<a href="https://a b">x</a>"#,
        r#"<a href="https://a'b">x</a>"#,
        r#"<a href="https://a\b">x</a>"#,
        "_________",
        "____<b>_____</b>",
        "[!OC([1033])!]",
        "{{",
        "{{ passcode }}",
        "{{unknown}}",
        "{{numbers}}",
        "{{number}}",
        "{{#number}}x{{/number}}",
        "{{#passcode}}",
        "{{/passcode}}",
        "{{#passcode}}{{/meeting_id}}",
        "{{#passcode}}<p>{{/passcode}}</p>",
        "<p>{{#passcode}}</p>{{/passcode}}",
        "<p>{{#passcode}}</p><p>{{/passcode}}</p>",
        r#"<p id=""></p>"#,
        "____\n_____",
        "____ _____",
        "{{#numbers}}{{#numbers}}x{{/numbers}}{{/numbers}}",
    ];
    for html in table {
        assert!(Template::new(format!("{join}{html}"), TEXT).is_err(), "{html}");
    }
}

/// What stands in or behind such an element would be quoted, the end of the block too.
#[test]
fn marks_of_earlier_messages_are_refused() {
    let table = [
        (r#"<p id="appendonsend">x</p>"#, Some(3)),
        (r#"<div id="x_divRplyFwdMsg"></div>"#, Some(5)),
        (r#"<a id="APPENDONSEND" href="https://a">x</a>"#, Some(3)),
        (r#"<div class="a gmail_quote">x</div>"#, Some(5)),
        (r#"<div style="border:none; border-top:solid #E1E1E1 1.0pt">x</div>"#, Some(5)),
        (r#"<div style="border:none;border-top:solid #b5c4df">x</div>"#, Some(5)),
        (r#"<p id="append-on-send" class="quote" style="border:none">x</p>"#, None),
        // A link in a quote's class is words.
        (r#"<a class="gmail_quote" href="https://a">x</a>"#, None),
    ];
    for (html, at) in table {
        let refused =
            at.map(|at| format!("a mark of an earlier message, at byte {at} of the HTML"));
        let read = Template::new(format!("{html}{JOIN}"), TEXT);
        assert_eq!(read.err().map(|error| error.to_string()), refused, "{html}");
    }
}

#[test]
fn what_mail_programs_show_alike_is_taken() {
    let join = r#"<a href="{{join_url}}">x</a>"#;
    let table = [
        "",
        "words &amp; more&nbsp;&#160;&#8594; – “…”",
        "<P CLASS=\"x\">a<br>b<br/>c</P >",
        "<div><div><p>a</p><hr><p>b</p></div></div>",
        "<p>A <b>bold <i>word</i></b> ________</p><p>________</p>",
        r#"<table role="presentation" cellpadding="0"><tbody> <tr><td width="50%"><p>a</p></td></tr> </tbody></table>"#,
        "<ul>\r\n  <li>a <ul><li>b</li></ul></li>\r\n</ul>",
        r#"<img src="https://contoso.example/logo.png?a=1&amp;b=2" alt="{{passcode}} &quot;">"#,
        r#"<a href="mailto:help@contoso.example" style="color:#123;font:12px 'Segoe UI',serif">x</a>"#,
        r#"<a href="TEL:+15550100">x</a>"#,
        r#"<p id="a"></p><p id="b-1_2.c"></p>"#,
        r#"{{#numbers}}<p><a href="{{call_url}}">{{number}}</a>{{#place}} ({{place}}){{/place}}</p>{{/numbers}}"#,
        r#"<table><tbody>{{#numbers}}<tr><td>{{number}}</td></tr>{{/numbers}}</tbody></table>"#,
    ];
    for html in table {
        let template = Template::new(format!("{join}{html}"), TEXT);
        assert!(template.is_ok(), "{html}: {}", template.unwrap_err());
    }
}

#[test]
fn the_join_link_always_stands_there() {
    let missing = "no `{{join_url}}` outside of conditions";
    let table = [
        "<p></p>",
        "{{join_url}}",
        r#"<img alt="{{join_url}}">"#,
        r#"{{#passcode}}<a href="{{join_url}}">x</a>{{/passcode}}"#,
    ];
    for html in table {
        assert!(html_error(html).starts_with(missing), "{html}");
    }
    let html = r#"<a href="{{join_url}}">x</a>"#;
    for text in ["", "{{#passcode}}{{join_url}}{{/passcode}}", "{{help_url}}"] {
        let error = Template::new(html, text).unwrap_err().to_string();
        assert!(error.starts_with(missing) && error.ends_with("of the text"), "{error}");
    }
}

#[test]
fn an_error_says_where() {
    assert_eq!(html_error("<p>a</p><b>"), "an element is not closed, at byte 11 of the HTML");
    assert_eq!(
        html_error("ab<script>"),
        "an element that a block does not hold, at byte 2 of the HTML"
    );
}

#[test]
fn a_template_is_data_and_prints_only_its_size() {
    let json = r#"{"html":"<a href=\"{{join_url}}\">x</a>","text":"{{join_url}}"}"#;
    let template: Template = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&template).unwrap(), json);
    assert_eq!(format!("{template:?}"), "Template(28 bytes html, 12 bytes text)");
    assert!(serde_json::from_str::<Template>(r#"{"html":"","text":""}"#).is_err());
}

/// What a template was read as: values as `{name}`, conditions as `[name …]`.
fn shown(pieces: &[Piece]) -> String {
    let name = |field: &Field| FIELDS.iter().find(|(_, known)| known == field).unwrap().0;
    let show = |piece: &Piece| match piece {
        Piece::Literal(literal) => literal.clone(),
        Piece::Value(field) => format!("{{{}}}", name(field)),
        Piece::Section(field, pieces) => format!("[{} {}]", name(field), shown(pieces)),
    };
    pieces.iter().map(show).collect()
}

#[test]
fn markup_is_written_in_one_way() {
    let table = [
        ("<P CLASS=\"x\">a \r\n\t b<br>c</P >", "<p class=\"x\">a b<br>c</p>"),
        ("a &amp;&nbsp;b &lt;", "a &amp;&nbsp;b &lt;"),
        ("{{#passcode}}a {{passcode}}{{/passcode}}", "[passcode a {passcode}]"),
        ("<img alt=\"&quot;{{passcode}}\">", "<img alt=\"&quot;{passcode}\">"),
    ];
    for (html, read) in table {
        let template = Template::new(format!("<a href=\"{{{{join_url}}}}\"></a>{html}"), TEXT);
        let read = format!("<a href=\"{{join_url}}\"></a>{read}");
        assert_eq!(shown(&template.unwrap().html), read, "{html}");
    }
}

#[test]
fn text_keeps_its_lines_and_loses_those_of_conditions() {
    let table = [
        ("a\tb\r\nc", "a b\nc"),
        ("________\n________", "________\n________"),
        // A condition alone on its line is no line.
        ("a\n{{#passcode}}\r\nb\n{{/passcode}}\nc", "a\n[passcode b\n]c"),
        ("a{{#passcode}}\nb{{/passcode}}\nc", "a[passcode \nb]\nc"),
        ("a\n{{passcode}}\nc", "a\n{passcode}\nc"),
    ];
    for (text, read) in table {
        let parse = |text: String| shown(&Template::new(JOIN, text).unwrap().text);
        assert_eq!(parse(format!("{text}{{{{join_url}}}}")), format!("{read}{{join_url}}"));
    }
    let first = Template::new(JOIN, "{{#passcode}}\na{{/passcode}}{{join_url}}").unwrap();
    assert_eq!(shown(&first.text), "[passcode a]{join_url}", "at the very beginning, too");

    for text in ["a\rb", "_________", "a\n_________", "a_________\n"] {
        assert!(Template::new(JOIN, format!("{text}{TEXT}")).is_err(), "{text:?}");
    }
}

const JOIN: &str = r#"<a href="{{join_url}}">x</a>"#;

#[test]
fn bounds_are_exact() {
    let long = |more: usize| {
        let rest = Template::MAX_BYTES - JOIN.len() + more;
        Template::new([JOIN, &" ".repeat(rest)].concat(), TEXT)
    };
    assert!(long(0).is_ok() && long(1).is_err());

    let nested = |depth: usize| {
        let (open, close) = ("{{#passcode}}".repeat(depth), "{{/passcode}}".repeat(depth));
        Template::new([JOIN, &open, &close].concat(), TEXT)
    };
    assert!(nested(4).is_ok() && nested(5).is_err());
}
