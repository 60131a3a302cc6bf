//! What stands below a block's last link: its organisation's links, logo and footer.
//!
//! In: the line with the last link of a block, and those below it. Out: which of them end the
//! block. Never: somebody's words between them without a doubt.

use super::unframed::{is_fact, is_labelled_number, is_number};
use super::words::{has_words_behind, is_heading, without_links};
use super::{PROSE, Search};
use crate::block::line::Line;
use crate::provider::marks::Fence;
use crate::provider::{ends_block, is_device, is_page};
use crate::wording;

/// How many lines an organisation's footer has, when no closing fence says that it goes on.
const FOOTER_LINES: usize = 12;

impl Search<'_> {
    /// Whether the line has the link that stands last in a block.
    pub(super) fn ends_block(&self, i: usize) -> bool {
        self.line(i)
            .is_some_and(|l| l.links.iter().any(|on_line| ends_block(self.marks, &on_line.url)))
    }

    /// Whether the line, below a block's last link, has evidence that anybody could have
    /// written: a help page, a number to call.
    pub(super) fn is_afterword(&self, i: usize) -> bool {
        let evidence = self.evidence(i);
        let goes_on = |l: &Line<'_>| {
            l.text.starts_with('|') || l.links.iter().any(|on_line| is_device(&on_line.url))
        };
        evidence.joins.is_empty()
            && evidence.companion
            && !evidence.marked
            && !self.line(i).is_some_and(goes_on)
    }

    /// Whether the line has no evidence but links to pages for everybody.
    pub(super) fn is_for_everybody(&self, i: usize) -> bool {
        let page = |l: &Line<'_>| {
            let mut linked = l.links.iter().filter(|on_line| !on_line.kin.products().is_empty());
            linked.all(|on_line| is_page(self.marks, &on_line.url))
        };
        self.is_afterword(i) && self.line(i).is_some_and(page)
    }

    /// Whether somebody may have written the line, which has no evidence, below a link to join;
    /// `behind` other links of the block.
    pub(super) fn may_be_words(&self, i: usize, behind: bool) -> bool {
        self.line(i).is_some_and(|l| {
            let text = l.text.as_str();
            let fact = is_number(text) || is_fact(text) && !behind || is_labelled_number(text);
            let rule = text.starts_with("-----") || text.bytes().all(|b| b == b'_');
            !fact && !rule && !is_heading(text)
        })
    }

    /// The organisation's links that end a block below its last line, and its logo and footer
    /// with them; else that line. And whether what stands between may be somebody's.
    pub(super) fn footer_below(&self, last: usize, quoted: bool) -> (usize, bool) {
        if !self.ends_block(last) {
            return (last, false);
        }
        let own = |i: &usize| {
            self.line(*i).filter(|l| !l.links.is_empty()).is_some_and(|l| {
                let words = without_links(&l.text);
                l.links.len() == words.split('|').count()
                    && wording::is_organisation_s_links(&words)
            })
        };
        let line = |i: &usize| {
            self.fence(*i).is_none()
                && !self.evidence(*i).is_some()
                && self.line(*i).is_some_and(|l| {
                    l.quoted == quoted && !l.is_original_message_rule() && !l.is_quote_rule()
                })
        };
        let links = (last + 1..).take(FOOTER_LINES).take_while(line).find(own);
        let logo = line(&(last + 1)) && self.line(last + 1).is_some_and(|l| is_picture(&l.text));
        // What follows a logo may be the organisation's or somebody's.
        let Some(links) = links else { return (last, logo) };
        let footer = last + 1 + usize::from(logo)..links;
        let prose = |i: usize| self.line(i).is_none_or(|l| l.text.chars().count() > PROSE);
        (links, footer.len() > 1 || footer.into_iter().any(prose))
    }

    /// Whether the line is what Google's frame holds beside a product's own lines.
    pub(super) fn is_google_s_sentence(&self, i: usize, quoted: bool) -> bool {
        self.marks.fences.contains(&Fence::Tildes)
            && self.line(i).is_some_and(|l| l.quoted == quoted && wording::is_do_not_edit(&l.text))
    }

    /// Whether the line leads to the event in Google's calendar, as the last one in its frame did
    /// until about 2021.
    pub(super) fn is_google_s_event(&self, i: usize) -> bool {
        self.line(i).is_some_and(|l| match l.links.as_slice() {
            [event] => {
                let (_, rest) = event.url.split_once("://").unwrap_or_default();
                let (address, query) = rest.split_once('?').unwrap_or_default();
                let host = address.strip_suffix("/calendar/event");
                matches!(host, Some("www.google.com" | "calendar.google.com"))
                    && query.split('&').any(|pair| pair == "action=VIEW")
                    && !has_words_behind(l)
            }
            _ => false,
        })
    }
}

/// A picture: a line without words, and in text its address between brackets.
fn is_picture(text: &str) -> bool {
    let address = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    text.is_empty() || address.is_some_and(|address| !address.contains([' ', '[']))
}
