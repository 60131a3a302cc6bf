//! Coordinates out of JSON, and what is written of them.

use crate::block::render;
use crate::coordinates::Coordinates;

use super::oracle;

/// Coordinates: read, written and read again alike; shown, they are nothing but text and
/// safe links.
///
/// # Panics
/// When one of these does not hold.
pub fn coordinates(data: &[u8]) {
    let Ok(new) = serde_json::from_slice::<Coordinates>(data) else { return };
    let json = serde_json::to_string(&new).expect("it came from JSON");
    let again: Coordinates = serde_json::from_str(&json).expect("we wrote it");
    assert_eq!(new, again);
    let shown = format!("{new:?}");
    let secret = new.join_url.as_str();
    // Countries and cities are no secret, whatever somebody put there.
    let places = new.numbers.iter().flat_map(|number| [&number.country, &number.city]);
    let is_told = places.flatten().any(|place| place.contains(secret));
    assert!(is_told || !shown.contains(secret), "a link in `Debug`");

    let text = render::text(&new, None, "\n", None);
    assert!(text.contains(secret), "the text shows the link");
    let html = render::html(&new, None, None);
    let elements = oracle::elements(&html);
    assert!(elements.iter().flat_map(|(_, a)| a).any(|(k, v)| k == "href" && v == secret));
    for (name, attributes) in elements {
        let known = [
            "html", "head", "body", "div", "p", "span", "a", "b", "strong", "table", "tbody", "tr",
            "td", "br", "img", "h1", "h2", "h3", "font", "hr", "i", "u", "sub",
        ];
        assert!(known.contains(&name.as_str()), "<{name}> in a block");
        for (key, value) in attributes {
            assert!(!key.starts_with("on"), "{key} in a block");
            if key == "href" || key == "src" {
                let safe = ["https:", "tel:", "sip:", "sips:", "mailto:"];
                let scheme = value.to_ascii_lowercase();
                assert!(safe.iter().any(|s| scheme.starts_with(s)), "{key}={value:?}");
            }
        }
    }
}
