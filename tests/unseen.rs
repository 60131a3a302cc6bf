//! What markup hides and what it shows: a block behind hard ends of scripts, comments, tags and
//! raw texts is seen where a browser shows it, and nowhere else.
//!
//! What is expected is the standard's answer, by its tokenizer states.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::block::{Absence, Found, Options, locate};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;

const JOIN: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0";
const OPTIONS: &str = "https://teams.microsoft.com/meetingOptions/?x=1";

/// The block's own text, when there is one.
fn found(html: &str) -> Option<String> {
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    match locate(&Body::html(html), None, &options) {
        Found::One(block) => Some(html[block.span].to_owned()),
        _ => None,
    }
}

fn block() -> String {
    format!(
        "<p>Microsoft Teams meeting</p><p><a href=\"{JOIN}\">Join</a></p>\
         <p><a href=\"{OPTIONS}\">Options</a></p>"
    )
}

/// Behind each of these the block is shown.
const SHOWN: &[&str] = &[
    "",
    "<script></script>",
    "<script><!--</script>",
    "<script><!--<script></script></script>",
    "<script><!--<script>--></script>",
    "<script><!--<script></script>--></script>",
    "<script><!--<script>-></script></script>",
    "<script><!--<script></script/></script>",
    "<script><!--<script></script\n></script >",
    "<script><!--<scripty></script>",
    "<script><!--<scrip></script>",
    "<script><!-- <b>x</b> a < b <!-- </script>",
    "<script><!--<script></b></script></script>",
    "<script><!--><script></script>",
    "<script><!---><script></script>",
    "<script><!-- -- --><script></script>",
    "<script><!-- x--><script></script>",
    "<script><!-- x---><script></script>",
    "<script><!- <script></script>",
    "<script><! --<script></script>",
    "<script>a<b</scrip></script/>",
    "<!-- -->",
    "<!-->",
    "<!--->",
    "<!---->",
    "<!----->",
    "<!-- --!>",
    "<!----!>",
    "<!-- --->",
    "<!-- <!-- -->",
    "<!-- x---!>",
    "<!-- ----!>",
    "<!-- - --- -->",
    "<!-- -!> -->",
    "<!-- !> -!> --!>",
    "<!---- x --!>",
    "<!----x-->",
    "<!-- --!-->",
    "<!-- -- -->",
    "<!-- -- -! -->",
    "<!x>",
    "<!>",
    "<?x>",
    "</ x>",
    "</>",
    "<![CDATA[ > ",
    "<svg><![CDATA[ > ]]></svg>",
    "<svg><![CDATA[ ]]]></svg>",
    "<title></title>",
    "<title></titlex></title >",
    "<textarea></TEXTAREA/>",
    "<style><!--</style>",
    "<xmp><b></xmp>",
    "<iframe></iframe>",
    "<p title='>'>",
    "<p title=\">\">",
    "<p title= '>'>",
    "<p a\n=\n\">\">",
    "<p a=\">\"b='>'>",
    "<p a=b\">",
    "<p a=b'>",
    "<p =x>",
    "<p a=>",
    "<p / / a='>' />",
    "<p a=b/c>",
    "</p a='>'>",
    "<br/>",
    "< b>",
    "<1>",
];

/// Behind each of these it is hidden.
const HIDDEN: &[&str] = &[
    "<script>",
    "<script></scriptx>",
    "<script><!--<script></script>",
    "<script><!--<script ></script>",
    "<script><!--<script/></script>",
    "<script><!--<script\n</script>",
    "<script><!--<SCRIPT></sCrIpT>",
    "<script><!--<script></scriptx></script>",
    "<script><!--<script></script >",
    "<script><!--<script></script/>",
    "<script><!--<script>--!></script>",
    "<script><!--<script>-- ></script>",
    "<script><!-- -><script></script>",
    "<script><!-- - -><script></script>",
    "<script><!--<script><script></script>",
    "<!--",
    "<!-- --",
    "<!-- -- >",
    "<!-- ->",
    "<!--!>",
    "<!---!>",
    "<!-- -!>",
    "<!-- ---! >",
    "<!---->x<!--",
    "<!--- >",
    "<!-- --!",
    "<!-- --! >",
    "<svg><![CDATA[",
    "<title>",
    "<title></titlex>",
    "<textarea></text>",
    "<style><!-- -->",
    "<p title=\"",
    "<plaintext>",
];

#[test]
fn a_block_is_seen_where_a_browser_shows_it() {
    let block = block();
    for before in SHOWN {
        assert_eq!(found(&format!("{before}{block}")).as_ref(), Some(&block), "{before}");
    }
    for before in HIDDEN {
        // Also when what hides it ends behind it.
        for behind in ["", "</script></title></textarea></style>--></script>\">"] {
            assert_eq!(found(&format!("{before}{block}{behind}")), None, "{before}");
        }
    }
}

/// The attributes of a link, written in any way that a browser reads.
#[test]
fn a_link_is_read_however_its_attributes_are_written() {
    for tag in [
        "<a href=URL>",
        "<a href='URL'>",
        "<A HREF=\"URL\">",
        "<a/href=\"URL\">",
        "<a/ /href=\"URL\"/>",
        "<a class=\"x\"href=\"URL\">",
        "<a\nhref\n=\n\"URL\"\n>",
        "<a a b=c href=\"URL\" d>",
        "<a =\"x\" href=\"URL\">",
        "<a b= href=x href=\"URL\">",
        "<a href = URL >",
        "<a b='>' href=\"URL\">",
        "<a b/href=\"URL\">",
        "<a b=c/ href=\"URL\">",
        "<a href=\"\tURL\n\">",
        "<a href=\"URL\" href=\"https://contoso.example/\">",
    ] {
        let block = block().replace(&format!("<a href=\"{JOIN}\">"), &tag.replace("URL", JOIN));
        assert_eq!(found(&format!("<p>Agenda</p>{block}<p>Plan</p>")), Some(block), "{tag}");
    }
}

/// Elements that begin a line, and those that are not shown.
#[test]
fn what_parts_lines() {
    let block = format!(
        "Microsoft Teams meeting<br><a href=\"{JOIN}\">Join</a><br><a href=\"{OPTIONS}\">Options</a>"
    );
    // The standard's rendering: what is a block, a list's or a table's by default.
    let lines = "address article aside center dd details dialog dir div dl dt \
                 fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend \
                 li listing main menu nav ol p pre search section summary ul";
    let mut wrong = Vec::new();
    for name in lines.split_whitespace() {
        let html = format!("Agenda<{name}>{block}</{name}>Plan");
        let own = found(&html).unwrap_or_default();
        if !(own.contains(&block) && !own.contains("Agenda") && !own.contains("Plan")) {
            wrong.push((name, own));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A link that is written out where nothing is shown is no mark at all.
#[test]
fn what_is_not_shown_has_no_mark() {
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for around in [
        "<style>*</style>",
        "<title>*</title>",
        "<xmp>*</xmp>",
        "<script>*</script>",
        "<textarea>*</textarea>",
        "<iframe>*</iframe>",
        "<noembed>*</noembed>",
        "<template>*</template>",
        "<select><option>*</option></select>",
        "<!-- * -->",
        "<p title=\"*\">x</p>",
        "<svg><text>*</text></svg>",
        "<svg><desc>*</desc></svg>",
        "<math><mi>*</mi></math>",
    ] {
        for before in ["", "<div>Agenda</div>"] {
            let html = [before, &around.replace('*', JOIN)].concat();
            let found = locate(&Body::html(html.as_str()), None, &options);
            assert!(matches!(found, Found::Absent(Absence::NoMark)), "{html}: {found:?}");
            let found = locate(&Body::html([&html, " ", JOIN].concat()), None, &options);
            assert!(matches!(found, Found::Absent(Absence::NoBlock)), "{html}: {found:?}");
        }
    }
}

/// A button has words; an address, whether or not it is a link, is what anybody types.
#[test]
fn an_address_is_no_button() {
    let own = |join: &str| {
        let options = format!("<p><a href=\"{OPTIONS}\">Options</a></p>");
        found(&format!("<p>Microsoft Teams meeting</p><p>{join}</p>{options}")).is_some()
    };
    for button in [
        format!("<a href=\"{JOIN}\">Join</a>"),
        format!("<a href=\"{JOIN}\"><b>Join</b> now</a>"),
        format!("Join &lt;{JOIN}&gt;"),
    ] {
        assert!(own(&button), "{button}");
    }
    for address in [
        format!("<a href=\"{JOIN}\">{JOIN}</a>"),
        format!("<a href=\"{JOIN}\">&lt;Join&gt;</a>"),
        format!("<a href=\"{JOIN}\"> </a> Join"),
        format!("Join: {JOIN}"),
        format!("&lt;{JOIN}&gt;"),
    ] {
        assert!(!own(&address), "{address}");
    }
}

/// Line ends are blanks in markup, unless a link in brackets says that somebody put plain text
/// there as it was.
#[test]
fn line_ends_of_plain_text_in_markup() {
    let rest = format!("<p><a href=\"{OPTIONS}\">Options</a></p>");
    let plain = format!("Microsoft Teams meeting\nJoin now &lt;{JOIN}&gt;</p>{rest}");
    let own = found(&format!("<p>Bring it,\n{plain}"));
    assert_eq!(own, Some(plain.clone()));
    let button = format!("<p><a href=\"{JOIN}\">Join</a></p>{rest}");
    let own = found(&format!("<p>Bring it,\nMicrosoft Teams meeting</p>{button}"));
    assert_eq!(own, Some(button));
}

/// Lines with blanks of any kind are none: a block goes on over them.
#[test]
fn lines_of_blanks_are_none() {
    for blank in ["&#8203;", "&nbsp;", "\u{200b} &nbsp;", "\u{a0}", "<b> </b>"] {
        let html = format!(
            "<p>Microsoft Teams meeting</p><p><a href=\"{JOIN}\">Join</a></p>\
             <p><a href=\"https://aka.ms/JoinTeamsMeeting\">Help</a></p>{}\
             <p><a href=\"{OPTIONS}\">Options</a></p>",
            format!("<p>{blank}</p>").repeat(6)
        );
        assert_eq!(found(&html).as_ref(), Some(&html), "{blank}");
    }
}

/// The line that Outlook draws above an earlier message, and lines like it.
#[test]
fn outlooks_line_above_an_earlier_message() {
    let quoted = |style: &str, lines: usize| {
        let prose = "<p>We meet at noon.</p>".repeat(lines);
        let html = format!("<div style=\"{style}\"><p>Hello</p></div>{prose}{}{prose}", block());
        let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
        matches!(locate(&Body::html(html), None, &options), Found::Foreign(..))
    };
    for lines in [0, 40] {
        for color in ["#E1E1E1", "#b5c4df"] {
            let rule = format!("border-top:solid {color} 1.0pt");
            assert!(quoted(&format!("border:none; {rule};padding:3.0pt"), lines));
            assert!(!quoted(&rule, lines));
        }
        for style in ["border:none", "border:none;border-top:solid #ccc 1.0pt"] {
            assert!(!quoted(style, lines), "{style}");
        }
    }
}

/// What stands far from a block is read as what stands near: one paragraph or sixty between them
/// make no difference.
#[test]
fn markup_far_away_says_what_it_says_near() {
    const ODD: [&str; 44] = [
        "<b>",
        "</b>",
        "<i><b></i>",
        "<font size=2>",
        "<a href=\"https://contoso.example/\">",
        "</a>",
        "<div>",
        "</div>",
        "<div><b></div>",
        "<p><b><p>",
        "</p>",
        "<center>",
        "<ul><li>",
        "</ul>",
        "<dl><dt>x<dd>",
        "<h1>x<h2>",
        "<table><tr><td>",
        "<table><tr>x<td>",
        "</td></tr></table>",
        "<table><tr><td>x</table>",
        "<table>x<caption>",
        "<select><option>x",
        "<svg><p>",
        "<svg><a>",
        "<math><mi>x",
        "<form><form>",
        "<button><p>",
        "<nobr><nobr>",
        "<v>",
        "<o:p></o:p>",
        "<script>x</script>",
        "<style>x</style>",
        "<title>x</title>",
        "<!-- x -->",
        "<body lang=fr>",
        "</body>",
        "</html>x",
        "<pre>\n\n",
        "<textarea>\n</textarea>",
        "<blockquote>",
        "</blockquote>",
        "<br>//",
        "&lt;https://contoso.example/a\nb&gt;",
        "\u{0}",
    ];
    let row = "_".repeat(80);
    let blocks = [block(), format!("<div>{row}</div>{}<div>{row}</div>", block())];
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let say = |above: &str, block: &str, below: &str, paragraphs: usize| {
        let prose = "<p>We meet at noon.</p>\n".repeat(paragraphs);
        let html = format!("{prose}{above}{prose}{block}{prose}{below}{prose}");
        match locate(&Body::html(html.as_str()), None, &options) {
            Found::One(block) => html[block.span].to_owned(),
            Found::Foreign(why, _) => format!("{why:?}"),
            Found::Ambiguous(several) => format!("{} blocks", several.len()),
            other => format!("{other:?}"),
        }
    };
    for block in &blocks {
        for (i, odd) in ODD.iter().enumerate() {
            let other = ODD[(i * 7 + 3) % ODD.len()];
            for (above, below) in [(*odd, ""), ("", *odd), (*odd, other)] {
                let near = say(above, block, below, 1);
                for paragraphs in [2, 5, 13, 60] {
                    let far = say(above, block, below, paragraphs);
                    assert_eq!(far, near, "{above:?} above, {below:?} below, {paragraphs}");
                }
            }
        }
    }
}

/// A bracket at a line's beginning quotes it, whatever stands above.
#[test]
fn a_line_that_was_quoted_in_plain_text() {
    let button = format!("<a class=\"me-email-headline\" href=\"{JOIN}\">Join</a>");
    let answer = |above: &str, before: &str| {
        found(&format!("<p>{above}</p><p>{before}{button}</p><p>Plan</p>"))
    };
    assert_eq!(answer("Agenda", "&gt; "), None);
    assert_eq!(answer("See &lt;that&gt;", "&gt; "), None);
    assert!(answer("Agenda", "").is_some());
    // A bracket that was opened on the line above is closed here.
    assert!(answer("See &lt;that", "&gt; ").is_some());
}

/// An image is something that is seen, so a line of its own counts as one.
#[test]
fn images_are_lines() {
    let html = |count: usize| {
        format!(
            "<p>Microsoft Teams meeting</p><p><a href=\"{JOIN}\">Join</a></p>\
             <p><a href=\"https://aka.ms/JoinTeamsMeeting\">Help</a></p>{}\
             <p><a href=\"{OPTIONS}\">Options</a></p>",
            "<p><img src=x></p>".repeat(count)
        )
    };
    assert_eq!(found(&html(4)), Some(html(4)));
    assert_eq!(found(&html(5)), None);
}

/// A label is one in each attribute that the service writes it in.
#[test]
fn labels_in_attributes() {
    for label in ["meet_invite_block.label", "meeting-code"] {
        for attribute in ["data-tid", "class", "id", "CLASS", "Data-Tid"] {
            let block = format!("<p><span {attribute}=\"{label}\">ID</span> {JOIN}</p>");
            let own = found(&format!("<p>Agenda</p>{block}<p>Ann</p>"));
            assert_eq!(own, Some(block), "{attribute} {label}");
        }
        let none = format!("<p>Agenda</p><p><span title=\"{label}\">ID</span> {JOIN}</p>");
        assert_eq!(found(&none), None);
    }
}

/// What leads into the recorded meeting is a join in any shape that services know, also one
/// that no block was seen with.
#[test]
fn the_recorded_meeting_may_be_linked_in_another_shape() {
    let prose = "<p>We meet at noon, and nobody is late.</p>".repeat(40);
    for (provider, recorded, link) in [
        (
            Provider::ZOOM,
            "https://zoom.us/j/95550123456",
            "https://zoom.us/w/95550123456?a=1&amp;b=2",
        ),
        (Provider::ZOOM, "https://zoom.us/j/95550123456", "https://zoom.us/wc/join/95550123456"),
        (
            Provider::TEAMS,
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0",
            "https://teams.microsoft.com/_#/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0",
        ),
    ] {
        let row = if provider == Provider::ZOOM { "\u{2500}".repeat(10) } else { "_".repeat(80) };
        let record = Record::new(provider, recorded);
        let html = format!("<p>{row}</p><p><a href=\"{link}\">Join</a></p><p>{row}</p>");
        let text = format!("{row}\nJoin<{}>\n{row}\n", link.replace("&amp;", "&"));
        for around in ["", &prose] {
            let lines = around.replace("</p>", "</p>\n").replace("<p>", "").replace("</p>", "");
            for body in [
                Body::html([around, &html, around].concat()),
                Body::text([lines.as_str(), &text, &lines].concat()),
            ] {
                let found = locate(&body, Some(&record), &Options::new());
                assert!(matches!(found, Found::One(_)), "{link}: {found:?}");
            }
        }
    }
}

/// A row of `count` signs as programs break it: each is one row to whoever reads it.
fn broken(sign: char, count: usize) -> Vec<String> {
    let of = |n: usize| sign.to_string().repeat(n);
    let (first, rest) = (of(count / 2), of(count - count / 2));
    let cut = if sign == '.' { 71 } else { 72 };
    vec![
        of(count),
        format!("{first}<wbr>{rest}"),
        format!("{first}<!-- --><b></b>{rest}"),
        format!("<span>{first}</span><span>{rest}</span>"),
        format!("&#{};", u32::from(sign)).repeat(count),
        format!("{first}\u{200b}{rest}"),
        format!("{first}\r\n{rest}"),
        format!("{}<br>{}", of(cut), of(count - cut)),
        format!("{}<br>\n{}", of(cut), of(count - cut)),
        format!("{}</div><div>{}", of(76), of(count - 76)),
    ]
}

#[test]
fn a_row_that_programs_broke_is_one() {
    let sfb = "https://meet.contoso.example/ann/AB12CD34";
    let lines = [
        format!("<p><a href=\"{JOIN}\">Join</a></p><p><a href=\"{OPTIONS}\">Options</a></p>"),
        format!(
            "<p><a name=OutJoinLink></a><a href=\"{sfb}\">Join</a></p>\
             <p><a href=\"https://dialin.contoso.example/?id=1\">Numbers</a></p>"
        ),
    ];
    for (sign, count, lines) in [('_', 80, &lines[0]), ('.', 137, &lines[1])] {
        let whole = sign.to_string().repeat(count);
        for row in broken(sign, count) {
            for [first, last] in [[&row, &row], [&row, &whole], [&whole, &row]] {
                let block = format!(
                    "<div>{first}</div>{lines}<p>Conference of Contoso</p><div>{last}</div>"
                );
                let html = format!("<p>Agenda</p>{block}<p>Plan</p>");
                assert_eq!(found(&html).as_deref(), Some(block.as_str()));
            }
        }
        // Rows of another length are somebody's.
        for count in [count - 1, count + 1] {
            let row = sign.to_string().repeat(count);
            for row in [row.clone(), format!("{}<wbr>{}", &row[..9], &row[9..])] {
                let html =
                    format!("<p>Agenda</p><div>{row}</div>{lines}<div>{row}</div><p>Plan</p>");
                assert!(found(&html).is_none_or(|block| block == *lines), "{row}");
            }
        }
    }
}

/// Google's block has no links in brackets: the line ends alone part its lines.
#[test]
fn line_ends_that_are_shown_part_lines() {
    let row = format!("-::~:~::~{}::~:~::-", ":~".repeat(28));
    let link = "https://meet.google.com/abc-defg-hij";
    for row in [row.clone(), format!("{}\n{}", &row[..64], &row[64..])] {
        for link in [link.to_owned(), format!("<a href=\"{link}\">{link}</a>")] {
            let block = format!("{row}\nPlease do not edit this section.\nJoin: {link}\n\n{row}");
            for (open, close) in [
                ("<pre>", "</pre>"),
                ("<PRE wrap=\"\">\n", "</PRE>"),
                ("<listing>", "</listing>"),
                ("<div style=\"white-space:pre-wrap\">", "</div>"),
                ("<div style='color:red; WHITE-SPACE : pre-line !important'>", "</div>"),
                ("<p><span style='white-space: pre'>", "</span></p>"),
                ("<div style='white-space:break-spaces'><div>", "</div></div>"),
            ] {
                let html = format!("{open}Agenda\n\n{block}\nPlan{close}");
                assert_eq!(found(&html).as_deref(), Some(block.as_str()), "{html}");
                // An earlier message begins within them too.
                let header =
                    "From: Ann &lt;ann@contoso.example&gt;\nSent: 2 November 2026 20:53\nTo: Ben";
                let filler = "Words, and more of them.\n".repeat(100);
                let html =
                    format!("<p>Agenda</p>{open}Hello\n{header}\n\n{filler}{block}\nPlan{close}");
                assert_eq!(found(&html), None, "{html}");
            }
            for (open, close) in
                [("<div>", "</div>"), ("<div style='white-space:nowrap'>", "</div>")]
            {
                assert_eq!(found(&format!("{open}Agenda\n\n{block}\nPlan{close}")), None);
            }
        }
    }
}
