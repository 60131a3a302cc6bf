//! Zoom.

use super::Provider;
use super::marks::{Bare, Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // Its own in Google's descriptions; Google's, around what its calendar add-on puts there.
    fences: &[Fence::BoxLine, Fence::Tildes],
    // Ids are digits; publishers of calendars mask them.
    joins: &[UrlShape("*.zoom.us/j/*"), UrlShape("*.zoomgov.com/j/*")],
    companions: &[UrlShape("*.zoom.us/u/*"), UrlShape("*.zoomgov.com/u/*")],
    bare: Some(&BARE),
    ..Marks::none(Provider::ZOOM)
};

/// The invitation that Zoom's own pages hand out. English was seen, the rest is from its pages
/// in other languages.
const BARE: Bare = Bare {
    headings: &[
        "Join Zoom Meeting",
        "… is inviting you to a scheduled Zoom meeting.",
        // Until about 2019.
        "Join from PC, Mac, Linux, iOS or Android",
        "Join from a PC, Mac, iPad, iPhone or Android device",
    ],
    name: "zoom",
    foreign: &[
        "Zoom-Meeting beitreten",
        "… lädt Sie zu einem geplanten Zoom-Meeting ein.",
        "Participer à la réunion Zoom",
        "Rejoindre la réunion Zoom",
        "… vous invite à une réunion Zoom planifiée.",
        "Unirse a la reunión Zoom",
        "Entrar Zoom Reunión",
        "… le está invitando a una reunión de Zoom programada.",
        "Entrar na reunião Zoom",
        "Ingressar na reunião Zoom",
        "… está convidando você para uma reunião Zoom agendada.",
        "Entra nella riunione in Zoom",
        "… ti sta invitando a una riunione pianificata in Zoom.",
        "Deelnemen aan Zoom-vergadering",
        "Dołącz do spotkania Zoom",
        "Zoom Toplantısına Katıl",
        "Подключиться к конференции Zoom",
        "Войти Zoom Конференция",
        "Zoomミーティングに参加する",
        "加入 Zoom 会议",
        "加入 Zoom 會議",
        "Zoom 회의 참가",
        "Tham gia Zoom Cuộc họp",
        "Zoom Meeting beitreten",
        "Rejoindre Zoom Réunion",
        "Unirse a la reunión de Zoom",
        "Entrar Zoom Reunião",
        "参加 Zoom ミーティング",
        "加入Zoom会议",
        "… hat Sie zu einem geplanten Zoom-Meeting eingeladen.",
        "… vous a invité à une réunion Zoom planifiée.",
        "… está invitándole a una reunión de Zoom programada.",
        "… está convidando você para uma reunião agendada do Zoom.",
        "… nodigt u uit voor een geplande Zoom-vergadering.",
        "… zaprasza Cię na zaplanowane spotkanie Zoom.",
        "… приглашает вас на запланированную конференцию: Zoom.",
        "…さんがあなたを予約されたZoomミーティングに招待しています。",
        "… 邀请您参加预先安排的 Zoom 会议。",
        "… 正邀請您參加排定的 Zoom 會議。",
        "…님이 예약된 Zoom 회의에 귀하를 초대합니다.",
        "… đang mời bạn tham dự một cuộc họp Zoom đã được lên lịch.",
        "Beitreten Zoom Meeting",
    ],
    // Its pages', and those of its add-in for Outlook.
    within: &[
        "or iphone one-tap",
        "or telephone",
        "dial (for higher quality, dial a number based on your current location)",
        "dial(for higher quality, dial a number based on your current location)",
        "join by telephone",
        "for higher quality, dial a number based on your current location.",
        "join from an h.323/sip room system",
        "join by h.323",
        "join by sip",
        "skype for business (lync)",
        "join by skype for business",
    ],
    ..Bare::NONE
};
