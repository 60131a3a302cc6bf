//! Google Meet.

use super::Provider;
use super::marks::{Bare, Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::Tildes],
    joins: &[UrlShape("meet.google.com/*")],
    companions: &[UrlShape("tel.meet/*"), UrlShape("support.google.com/a/users/answer/*")],
    bare: Some(&BARE),
    ..Marks::none(Provider::GOOGLE_MEET)
};

/// What the mail about an event shows, and what `Copy joining info` hands out. Seen in
/// English, Portuguese and Chinese.
const BARE: Bare = Bare {
    headings: &[
        "Join",
        "Join Hangouts Meet",
        "Joining info: Join Hangouts Meet",
        "Join with Google Meet",
        "Joining info: Join with Google Meet",
        "Google Meet joining info",
        "Video call link",
        "This event has a video call.",
        "Please do not edit this section of the description.",
        "Entrar com o Google Meet",
        "使用 Google Meet 加入",
        "Mit Google Meet teilnehmen",
        "Rejoindre avec Google Meet",
        "Unirse con Google Meet",
        "Partecipa con Google Meet",
    ],
    ..Bare::NONE
};
