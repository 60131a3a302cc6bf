//! Marks that an organisation adds: hosts, frames, labels of its own, as data.
//!
//! In: JSON or code. Out: [`TenantMarks`], checked, for
//! [`Options::with_marks`](crate::block::Options::with_marks) and
//! [`Policy::with_marks`](crate::Policy::with_marks). Never: a shape that any link fits, a
//! frame or a label that mail programs write themselves.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Provider;

/// An organisation's own marks of products that we know.
///
/// They are added to ours and replace none. The keys in JSON are those of [`ProductMarks`];
/// unknown ones are an error.
///
/// ```
/// use meeting_migration::block::{Found, Options, locate};
/// use meeting_migration::policy::AddInEvidence;
/// use meeting_migration::provider::TenantMarks;
/// use meeting_migration::Body;
///
/// let marks: TenantMarks = serde_json::from_str(
///     r##"{"products": [{
///         "provider": "jitsi",
///         "joins": ["video.contoso.example/*"],
///         "frames": [{"opening": "=== Contoso Video ===", "closing": "=== End ==="}]
///     }]}"##,
/// )?;
/// let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks).with_marks(marks);
/// let body = Body::text(
///     "Agenda\n=== Contoso Video ===\nhttps://video.contoso.example/Budget\n=== End ===\nAnn",
/// );
/// assert!(matches!(locate(&body, None, &options), Found::One(_)));
///
/// let open = r#"{"products": [{"provider": "teams", "joins": ["*/join/*"]}]}"#;
/// let error = serde_json::from_str::<TenantMarks>(open).unwrap_err().to_string();
/// assert!(error.starts_with("`products[0].joins[0]`: "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct TenantMarks(Vec<ProductMarks>);

/// What an organisation adds to the marks of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProductMarks {
    /// The product.
    pub provider: Provider,
    /// Links that lead into a meeting: a host, then path segments, as `meet.contoso.example/*/@`.
    /// In front of the host `*.` also takes subdomains; in the path `*` is one segment, `#`
    /// one of digits, `@` one of eight letters and digits, and `**`, at its end, all that is
    /// left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<String>,
    /// Other links of its block, of the same form: help, dial-in pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<String>,
    /// Lines above and below its block. They settle its extent; a link makes it one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<Frame>,
    /// `class`es, and beginnings of `id`s, that only its block has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// `name`s of anchors that only its block has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchors: Vec<String>,
}

impl ProductMarks {
    /// No marks yet.
    #[must_use]
    pub const fn new(provider: Provider) -> Self {
        Self {
            provider,
            joins: Vec::new(),
            companions: Vec::new(),
            frames: Vec::new(),
            labels: Vec::new(),
            anchors: Vec::new(),
        }
    }
}

/// The line above a block and the one below, with nothing else on them: a heading and a
/// closing, or a row of characters. Blanks count once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Frame {
    /// The line above.
    pub opening: String,
    /// The line below; none: the same as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<String>,
}

impl Frame {
    /// A frame with this line above, and below this one, or the same.
    #[must_use]
    pub const fn new(opening: String, closing: Option<String>) -> Self {
        Self { opening, closing }
    }

    /// Which end of a frame a line is, when it is one.
    pub(crate) fn side(&self, line: &str) -> Option<Side> {
        match &self.closing {
            None => (self.opening == line).then_some(Side::Either),
            Some(_) if self.opening == line => Some(Side::Opening),
            Some(closing) => (closing == line).then_some(Side::Closing),
        }
    }
}

/// Which end of a block a line of a frame stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Either,
    Opening,
    Closing,
}

impl TenantMarks {
    /// The most entries of one list.
    const MOST: usize = 64;

    /// None.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Checks that marks can be added to ours.
    ///
    /// # Errors
    /// The first that cannot, by its place, and why; see [`MarksError`].
    pub fn new(products: Vec<ProductMarks>) -> Result<Self, MarksError> {
        let mut products = products;
        let fail = |place: String, kind| Err(MarksError { place, kind });
        if products.len() > Self::MOST {
            return fail("products".to_owned(), MarksErrorKind::TooMany);
        }
        for (i, product) in products.iter_mut().enumerate() {
            let place = |list: &str| format!("products[{i}].{list}");
            let lists = [
                ("joins", product.joins.len()),
                ("companions", product.companions.len()),
                ("frames", product.frames.len()),
                ("labels", product.labels.len()),
                ("anchors", product.anchors.len()),
            ];
            if let Some((list, _)) = lists.iter().find(|(_, count)| *count > Self::MOST) {
                return fail(place(list), MarksErrorKind::TooMany);
            }
            let entries = [
                ("joins", &product.joins, check_shape as Check),
                ("companions", &product.companions, check_shape),
                ("labels", &product.labels, check_name),
                ("anchors", &product.anchors, check_name),
            ];
            for (list, values, check) in entries {
                for (j, value) in values.iter().enumerate() {
                    if let Err(kind) = check(value) {
                        return fail(format!("{}[{j}]", place(list)), kind);
                    }
                }
            }
            for (j, frame) in product.frames.iter_mut().enumerate() {
                let at = |end: &str| format!("{}[{j}].{end}", place("frames"));
                frame.opening = checked_line(&frame.opening)
                    .map_err(|kind| MarksError { place: at("opening"), kind })?;
                if let Some(closing) = &mut frame.closing {
                    *closing = checked_line(closing)
                        .map_err(|kind| MarksError { place: at("closing"), kind })?;
                }
                frame.closing = frame.closing.take().filter(|closing| *closing != frame.opening);
            }
        }
        Ok(Self(products))
    }

    /// The marks by product, as they were given; blanks in frames count once.
    #[must_use]
    pub fn products(&self) -> &[ProductMarks] {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

type Check = fn(&str) -> Result<(), MarksErrorKind>;

/// `host/segment/…`, with a host of its own.
fn check_shape(shape: &str) -> Result<(), MarksErrorKind> {
    let (host, path) = shape.split_once('/').unwrap_or((shape, ""));
    let domain = host.strip_prefix("*.").unwrap_or(host);
    let name = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if domain.contains('*') {
        return Err(MarksErrorKind::OpenHost);
    }
    if !domain.contains('.') || !domain.split('.').all(name) || shape.len() > 256 {
        return Err(MarksErrorKind::NoShape);
    }
    if path.is_empty() {
        return Err(MarksErrorKind::NoPath);
    }
    let last = path.split('/').count();
    let literal = |b: u8| b.is_ascii_alphanumeric() || b"-._~%!$&'()+,;=:".contains(&b);
    let known = |(i, segment): (usize, &str)| match segment {
        "*" | "#" | "@" => true,
        "**" => i + 1 == last,
        segment => !segment.is_empty() && segment.bytes().all(literal),
    };
    if path.split('/').enumerate().all(known) { Ok(()) } else { Err(MarksErrorKind::NoShape) }
}

/// A class, id or anchor that is nobody else's.
fn check_name(name: &str) -> Result<(), MarksErrorKind> {
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
    if !(4..=128).contains(&name.len()) || !name.bytes().all(known) {
        return Err(MarksErrorKind::NoName);
    }
    let theirs = ["mso", "gmail_", "x_", "moz-", "yahoo", "apple-", "wordsection", "divrply"];
    let lower = name.to_ascii_lowercase();
    if theirs.iter().any(|prefix| lower.starts_with(prefix)) {
        return Err(MarksErrorKind::MailProgram);
    }
    Ok(())
}

fn checked_line(line: &str) -> Result<String, MarksErrorKind> {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = line.chars().filter(|c| !c.is_whitespace()).count();
    if !(8..=200).contains(&shown) || line.contains(crate::link::is_unseen) {
        return Err(MarksErrorKind::NoLine);
    }
    let quote = ["_".repeat(32), "_".repeat(45)].contains(&line)
        || line.starts_with("-----") && line.ends_with("-----");
    if quote { Err(MarksErrorKind::MailProgram) } else { Ok(line) }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    products: Vec<ProductMarks>,
}

impl TryFrom<Written> for TenantMarks {
    type Error = MarksError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Self::new(written.products)
    }
}

impl From<TenantMarks> for Written {
    fn from(marks: TenantMarks) -> Self {
        Self { products: marks.0 }
    }
}

/// Marks cannot be added; the message names the place of the first that cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarksError {
    place: String,
    kind: MarksErrorKind,
}

impl MarksError {
    /// Where: `products[0].joins[1]`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> MarksErrorKind {
        self.kind
    }
}

impl fmt::Display for MarksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.place, self.kind)
    }
}

impl std::error::Error for MarksError {}

/// Why a mark cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MarksErrorKind {
    /// Not `host/segment/…`: a scheme, a query, a port, an unknown wildcard.
    #[error("no shape of a link: a host, then path segments, without `https://` and query")]
    NoShape,
    /// The host could be anybody's.
    #[error("the host is a wildcard: links of anybody's would fit")]
    OpenHost,
    /// Only a host.
    #[error("no path: every link to the host would fit")]
    NoPath,
    /// Not 4 to 128 letters, digits, `-`, `_`, `.`, `:`.
    #[error("no name of a class, id or anchor with 4 to 128 characters")]
    NoName,
    /// Not 8 to 200 visible characters.
    #[error("no line with 8 to 200 visible characters")]
    NoLine,
    /// Mail programs write it themselves, into every mail or above quoted ones.
    #[error("mail programs write it themselves")]
    MailProgram,
    /// More than 64.
    #[error("more than 64 entries")]
    TooMany,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(product: &str) -> Result<TenantMarks, String> {
        let json = format!(r#"{{"products": [{{"provider": "teams"}}, {{{product}}}]}}"#);
        serde_json::from_str(&json).map_err(|e| e.to_string())
    }

    #[test]
    fn what_cannot_be_a_mark_is_named_with_its_place() {
        for (field, place, why) in [
            (r#""joins": ["a.example/x", "*/meet/*"]"#, "joins[1]", MarksErrorKind::OpenHost),
            (r#""joins": ["a.*/meet/*"]"#, "joins[0]", MarksErrorKind::OpenHost),
            (r#""joins": ["*.*/x"]"#, "joins[0]", MarksErrorKind::OpenHost),
            (r#""joins": ["https://a.example/x"]"#, "joins[0]", MarksErrorKind::NoShape),
            (r#""joins": ["a.example:444/x"]"#, "joins[0]", MarksErrorKind::NoShape),
            (r#""joins": ["a.example/x?y=*"]"#, "joins[0]", MarksErrorKind::NoShape),
            (r#""joins": ["a.example/**/x"]"#, "joins[0]", MarksErrorKind::NoShape),
            (r#""joins": ["a.example/x*"]"#, "joins[0]", MarksErrorKind::NoShape),
            (r#""joins": ["intranet/x"]"#, "joins[0]", MarksErrorKind::NoShape),
            (r#""companions": ["a.example/"]"#, "companions[0]", MarksErrorKind::NoPath),
            (r#""labels": ["abc"]"#, "labels[0]", MarksErrorKind::NoName),
            (r#""labels": ["two words"]"#, "labels[0]", MarksErrorKind::NoName),
            (r#""labels": ["MsoNormal"]"#, "labels[0]", MarksErrorKind::MailProgram),
            (r#""anchors": [""]"#, "anchors[0]", MarksErrorKind::NoName),
            (r#""frames": [{"opening": "Join:"}]"#, "frames[0].opening", MarksErrorKind::NoLine),
            (
                r#""frames": [{"opening": "Contoso Video", "closing": "-----Original Message-----"}]"#,
                "frames[0].closing",
                MarksErrorKind::MailProgram,
            ),
        ] {
            let error = read(&format!(r#""provider": "jitsi", {field}"#)).unwrap_err();
            assert_eq!(error, format!("`products[1].{place}`: {why}"), "{field}");
        }
        assert!(read(r#""provider": "jitsi", "join": []"#).unwrap_err().contains("`join`"));
        assert!(read(r#""provider": "telegraph""#).unwrap_err().contains("`telegraph`"));
    }

    #[test]
    fn what_was_read_is_written_and_read_again() {
        let marks = read(
            r##""provider": "skype-for-business", "joins": ["*.pool.contoso.example/*/@"],
               "companions": ["help.contoso.example/**"], "labels": ["contoso-join"],
               "frames": [{"opening": "  == Contoso   meeting =="}, {"opening": "--- begin ---", "closing": "--- end ---"}]"##,
        )
        .unwrap();
        let json = serde_json::to_string(&marks).unwrap();
        assert!(json.contains("== Contoso meeting =="));
        assert_eq!(serde_json::from_str::<TenantMarks>(&json).unwrap(), marks);
    }
}
