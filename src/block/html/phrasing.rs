//! A block as words and breaks, for a place within a paragraph.
//!
//! In: the new block's markup. Out: the same with `span`s for its `div`s and `p`s, and a
//! break where a line began; nothing when it holds what a paragraph cannot (a table).

use super::tokenizer::{Kind, Tokenizer};
use crate::block::Limits;

/// The markup `block` for a place where a `div` would end the paragraph around it.
pub(crate) fn of(block: &str, limits: &Limits) -> Option<String> {
    let mut out = String::with_capacity(block.len());
    let mut tokenizer = Tokenizer::new(block);
    // Whether something stands on the line, and whether the line has ended.
    let (mut filled, mut ended) = (false, false);
    let mut count = 0;
    while let Some(token) = tokenizer.next(false) {
        count += 1;
        if count > limits.max_tokens() {
            return None;
        }
        let raw = block.get(token.span())?;
        let name = block.get(token.name())?.to_ascii_lowercase();
        let container = matches!(&*name, "div" | "p");
        match token.kind {
            Kind::Start { .. } | Kind::End if container || name == "hr" => {
                ended |= filled;
                if name == "hr" {
                    continue;
                }
                if token.kind == Kind::End {
                    out.push_str("</span>");
                } else {
                    break_line(&mut out, &mut filled, &mut ended);
                    out.push_str("<span");
                    out.push_str(block.get(token.name_end..token.end)?);
                }
            }
            Kind::Start { .. } | Kind::End if is_phrasing(&name) => {
                if token.kind != Kind::End {
                    break_line(&mut out, &mut filled, &mut ended);
                }
                if name == "br" {
                    filled = false;
                }
                filled |= name == "img";
                out.push_str(raw);
            }
            Kind::Text => {
                if !raw.trim().is_empty() {
                    break_line(&mut out, &mut filled, &mut ended);
                    filled = true;
                }
                out.push_str(raw);
            }
            Kind::Comment => out.push_str(raw),
            _ => return None,
        }
    }
    Some(out)
}

fn break_line(out: &mut String, filled: &mut bool, ended: &mut bool) {
    if *ended {
        out.push_str("<br>");
        (*filled, *ended) = (false, false);
    }
}

fn is_phrasing(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "big"
            | "br"
            | "code"
            | "em"
            | "font"
            | "i"
            | "img"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_become_spans_and_breaks() {
        let block = "<div class=a><div id=1>one</div><div><hr></div><p>t<b>wo</b></p>\
                     <div><span>three</span></div></div>";
        let lines = "<span class=a><span id=1>one</span><br><span></span><span>t<b>wo</b></span>\
                     <br><span><span>three</span></span></span>";
        assert_eq!(of(block, &Limits::new()).as_deref(), Some(lines));
        // A break is where the line ended, and one that holds an image alone is one.
        let block = "<div>one</div><b>two</b><div><img></div><div>three</div>";
        let lines = "<span>one</span><br><b>two</b><br><span><img></span><br><span>three</span>";
        assert_eq!(of(block, &Limits::new()).as_deref(), Some(lines));
        for table in ["<table><tr><td>x</table>", "<ul><li>x</ul>", "<script>x</script>"] {
            assert_eq!(of(table, &Limits::new()), None);
        }
    }
}
