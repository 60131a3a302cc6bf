//! Plain markup against html5ever's rules.

use super::*;

#[test]
fn plain_markup_is_plain() {
    for text in [
        "",
        "x",
        " x",
        "<p>a<p>b",
        "</p>x",
        "a<br>b</body>c",
        "a</body></html> <!-- -->",
        "<!doctype html>\n<html>\n<head>\n<meta charset=utf-8>\n<style>p{}</style>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n",
        "<head><title>x</title><body><p>y",
        "<head><meta><p>y</head>",
        "<style></style><p>",
        "<div><p>a<o:p>b</o:p></p></div></div></b></td></table>",
        "<b><p>x</p></b><span><i>y</i></span>",
        "<ul><li>a<li>b<ul><li>c</ul></ul><dl><dt>x<dd>y</dl></li>",
        "<ul><li><div><li></ul>",
        "<table> <tr> <td><b>x</td><td>y<table><td>z</table></td> </table> w",
        "<table><colgroup><col><col></colgroup><tbody><tr><th>x</tbody></table>",
        "<table><col width=1><tr><td>x</tr><tr><td><p>y</table>",
        "<TABLE><THEAD><TR><TD>x<TBODY><TR><TD>y</TD></TR></TBODY></TABLE>",
        "<h1>x</h1><hr><p>a<hr>b<center><img src=x></center>",
        // Elements that their end tags leave open, or that nothing opened.
        "<a href=x><o:p>y</a><a href=z>w</a>",
        "<b><o:p>x</b></b>y",
        "<o:p><st1:place>x</o:p>y",
        "<h2><o:p>x</h2>y",
        "x</h2>y",
        "<html><head></head></head><p>x",
        "<table><colgroup></table>x",
        "<table><td>x</thead>y</table>z",
        "<title> x</title><p>y",
        "<div><script><!--<script>--></script></div><p>&nbsp;<a href=x>y</a></p>",
        "<body><p>x</body> \n</html> <!-- c --> ",
        "<a href=x><div>y</div></a><a>z</a>",
    ] {
        assert_eq!(plain_or_text(text), !text.contains("</body>c"), "{text:?}");
    }
}

/// Tags out of their place, which the short rules for plain markup leave to html5ever or know.
#[test]
fn tags_out_of_place_make_html5evers_tree() {
    for text in [
        "<head>x<p>y",
        "<head> x",
        "<html><head>\nx</head> <body>",
        "<html><html lang=x><p>y",
        "<p>x<html lang=x>",
        "<head><head><p>x",
        "<head></head><head><p>x",
        "<head></head><meta><p>x",
        "<head></head><style>x</style><p>y",
        "<head></head><script>x</script>y",
        "<head></head><title>x</title>y",
        "<head></head>x<title>y</title>",
        "<head><frameset><frame>",
        "<head></head><frameset>",
        "<head><template>x</template>y",
        "<head><noscript><meta></noscript>x",
        "<head><br>x",
        "<head></br>x",
        "<head></p>x",
        "</head></head><p>x",
        "<head></head></head><p>x",
        "<html></head><p>x",
        "</html><p>x",
        "</body><p>x",
        "</body></p>x",
        "</body></div>x",
        "<p>x</body></p>y",
        "x</body></div>",
        "x</body></o:p>",
        "<table><td>x</body></table>y",
        "<table><td>x</body>",
        "<p>x</body></body>y",
        "<p>x</body></br>y",
        "<p>x</html></html>y",
        "<p>x</html><!-- c --></p>",
        "<ul><li><address>x<li>y",
        "<ul><li><p>x<li>y",
        "<ul><li><section><li>x",
        "<ul><li><span><li>x",
        "<dl><dd><address><dt>x",
        "<dl><dd><table><td><dt>x</table><dt>y",
        "<li><ul></li>x",
        "<ul><li>a<ol></li>x",
        "<dl><dt><dl></dt>x",
        "<div><ul></div>x",
        "<p><div><ul></p>x",
        "<h1>x</h2>y",
        "<h1><h2>x</h1>y",
        "<h1><p>x</h3>y",
        "<table><colgroup></table>x",
        "<table><col></table>x",
        "<table><col>x</table>y",
        "<table><colgroup> <col> x</table>",
        "<table><colgroup></colgroup></colgroup><tr><td>x",
        "<table><caption>x<td>y</table>z",
        "<table><caption>x</table>y",
        "<table><caption></caption></caption>x</table>",
        "<table></caption><tr></caption><td></caption>x</table>",
        "<table><tr></td>x</table>",
        "<table></tr><tbody></tr><tr></tr>x</table>",
        "<table><tbody></thead></tbody>x</table>",
        "<table><thead><tr><td>x</tfoot>y</thead>z</table>",
        "<table><td></tbody>x</table>y",
        "<table><td></body>x</table>y",
        "<table><td></html>x</table>y",
        "<table><td></th>x<th></td>y</table>",
        "<table><td><p></td>x</table>y",
        "<table><td><div></tr>x</table>y",
        "<table><tr><td>x<tr><th>y<tbody><td>z</table>",
        "<table><td><table></td>x</table>y</table>z",
        "<table><td><table><tr></td>x</table>y</table>z",
        "<table><table>x</table>y",
        "<table><tr><table>x</table>y",
        "<table><td></table></td></tr></tbody>x",
        "<table><form><tr><input type=hidden><td>x</table>",
        "<table><tr><script>x</script><style>y</style><td>z</table>",
        "</tr></tbody></td></th></table></caption></col>x",
        "<tr><td>x<tbody>y",
        "<p><table><td></p>x</table>y",
        "<b><table><td></b>x</table>y",
        "<a><table><td><a>x</table>y</a>z",
        "<form><p></form>x<form>y",
        "<button><p><button>x",
        "<p><hr>x</p>y",
        "<p><br/></br></p>x",
        "<pre>x<p>y</pre>",
        "<listing>\nx</listing><textarea>\n\nx</textarea>",
        "<center><p></center>x",
        "<nobr>x<nobr>y",
        "<marquee><b></marquee>x",
        "<applet><p></applet>x</p>",
        "<b><i><p>x</b>y</i>z",
        "<b><b><b><b>x</b><p>y",
        "<font><p></font>x",
        "<script>\0</script><title>\0</title><p>\0x",
        "<di\0v>x</di\0v>",
        "<DIV><Span>x</DIV>y",
        "<svg><![CDATA[",
        "<svg><![CDATA[]]>x",
        "<svg><![CDATA[]]]]>x",
        "<svg><title>x</svg><title>y</title>z",
        "<svg><title><p>x</svg>y",
        "<svg><a><desc><a>x</svg>y",
        "<svg><font></svg><font>x",
        "<svg><font color=x>y",
        "<svg><p>x",
        "<svg><table><td>x</svg>y",
        "<svg><image></svg><image><img>x",
        "<svg><foreignObject><svg><p>x",
        "<svg><SVG/><foreignobject>x</foreignObject>y",
        "<svg><script><p></script>x",
        "<svg/><p/>x",
        "<math><mi><svg><p>x",
        "<math><mi><p>x</math>y",
        "<math><mglyph><mtext><mglyph>x",
        "<math><annotation-xml encoding=x><p>y",
        "<math><annotation-xml><svg><p>x",
        "<math><annotation-xml encoding=application/xhtml+xml><p>x",
        "<p>x<frameset><frame>",
        "<div><frameset><frame>x",
        "<input type=hidden><frameset>",
        "<select><select>x",
        "<select><table><td>x</select>y",
        "<option>x<option>y<optgroup>z",
        "<ruby>x<rt>y<rp>z",
        "<plaintext>x</plaintext>",
        "<xmp><p></xmp>x",
        "<noembed><p></noembed><iframe><p></iframe>x",
        "<frame><caption><col>x",
        "<body><body class=x>y",
        "<p><body>x",
    ] {
        for text in [text.to_owned(), format!("<body><div>a{text}"), format!("<table><td>{text}")] {
            check(&text);
            check_plain(&text);
        }
    }
}

/// Of what a `pre` begins with, a browser drops one line end, and NULs: neither takes up the
/// formatting that was left open.
#[test]
fn the_line_end_that_begins_a_pre_takes_up_no_formatting() {
    let (ends, references) = (["\n", "\r", "\r\n"], ["&#10;", "&#X0a;", "&NewLine;"]);
    let mut begins = vec!["&#13;", "&#13;\n", "\r&#10;", "&#10;\r", "\n&#0;", "\0\n", "\0", " "];
    begins.extend(ends.into_iter().chain(references));
    for name in ["pre", "LISTING", "textarea", "div"] {
        for begin in &begins {
            for more in ["", "\0", "\0\0", "\0\n", "\n", "&#10;", " ", "x"] {
                for after in ["", "<p>x", "<!-- --><p>x", "</pre>x"] {
                    check(&format!("<p><a><{name}>{begin}{more}{after}"));
                }
            }
        }
    }
}

fn plain_or_text(text: &str) -> bool {
    check(text);
    check_plain(text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn on_any_soup_a_plain_tree_is_html5evers(text in soup(), tamer in almost_plain()) {
        check_plain(&text);
        check_plain(&tamer);
    }
}
