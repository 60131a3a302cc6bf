//! A calendar file as it stands: content lines with their places, nothing normalised.

use std::ops::Range;

use super::lines::{LineEnds, unfolded};
use super::parse::{Parsed, parse};
use super::text::{Decoded, Kind};

/// Bounds on a document, so that a bomb gets a named error in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    max_bytes: usize,
    pub(super) max_depth: usize,
    pub(super) max_lines: usize,
}

impl Limits {
    /// The defaults: 64 MiB, components nested 16 deep (the standard needs 3), 1,000,000
    /// content lines.
    #[must_use]
    pub const fn new() -> Self {
        Self { max_bytes: 64 << 20, max_depth: 16, max_lines: 1_000_000 }
    }

    /// Replaces the largest size, in bytes.
    #[must_use]
    pub const fn with_max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Replaces the deepest nesting, in components.
    #[must_use]
    pub const fn with_max_depth(mut self, components: usize) -> Self {
        self.max_depth = components;
        self
    }

    /// Replaces the largest number of content lines.
    #[must_use]
    pub const fn with_max_lines(mut self, lines: usize) -> Self {
        self.max_lines = lines;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// Why bytes are not a calendar that can be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// No `BEGIN:VCALENDAR` where one belongs.
    #[error("line {line}: not a calendar, which begins with BEGIN:VCALENDAR")]
    NotACalendar {
        /// The line that should have been it, from 1.
        line: usize,
    },
    /// The input stops inside a component.
    #[error("line {line}: the component that begins here has no END")]
    Truncated {
        /// The line of the innermost component's `BEGIN`.
        line: usize,
    },
    /// An `END` that closes nothing, or something else.
    #[error("line {line}: END closes a component that is not open")]
    Mismatched {
        /// The line of the `END`.
        line: usize,
    },
    /// More bytes than [`Limits::with_max_bytes`] allows.
    #[error("the calendar is larger than the limit")]
    TooLarge,
    /// More content lines than [`Limits::with_max_lines`] allows.
    #[error("the calendar has more lines than the limit")]
    TooManyLines,
    /// Deeper than [`Limits::with_max_depth`] allows.
    #[error("line {line}: components are nested deeper than the limit")]
    TooDeep {
        /// The line of the `BEGIN` that is too deep.
        line: usize,
    },
}

/// A calendar file, byte for byte, and where in it everything stands.
///
/// - Lines end with CRLF, LF or CR as found, each for itself. A fold may stand anywhere,
///   also inside a UTF-8 sequence.
/// - A line without `NAME:` at its start is kept and ignored, with one exception: below a
///   `DESCRIPTION`, `X-ALT-DESC` or `STYLED-DESCRIPTION` it belongs to that value, whose
///   text some exports write raw. Such a text goes on until a line whose name is in
///   capitals and either standard or `X-`.
/// - Everything behind the last `END:VCALENDAR` is kept, and so is a second calendar.
///
/// `Debug` prints the size, never the text.
///
/// ```
/// use meeting_migration::ical::Document;
///
/// let bytes = b"BEGIN:VCALENDAR\r\nX-FOLDED:one\r\n  two\r\nEND:VCALENDAR\r\n";
/// let document = Document::parse(bytes)?;
/// assert_eq!(document.as_bytes(), bytes);
/// let property = document.properties().next().ok_or("no property")?;
/// assert_eq!((property.name(), property.text()), ("X-FOLDED", b"one two".to_vec()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    bytes: Vec<u8>,
    limits: Limits,
    ends: LineEnds,
    fold_blank: u8,
    lines: Vec<ContentLine>,
    components: Vec<Component>,
}

/// A component between its `BEGIN` and `END`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    /// The number of its `BEGIN` line.
    pub(crate) line: usize,
    /// From its `BEGIN` to behind its `END` line.
    pub(crate) raw: Range<usize>,
    /// Behind its `BEGIN` line.
    pub(crate) inner: usize,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct ContentLine {
    pub(super) component: usize,
    pub(super) number: usize,
    pub(super) raw: Range<usize>,
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) value: Range<usize>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: Vec<u8>,
    /// Where the value stands, quotes and folds included.
    pub(super) raw: Range<usize>,
}

impl Document {
    /// Reads a calendar with the default [`Limits`].
    ///
    /// # Errors
    /// When the bytes are no calendar, stop early, or break a limit. `O(n)` in the bytes.
    pub fn parse(bytes: impl Into<Vec<u8>>) -> Result<Self, DocumentError> {
        Self::parse_with(bytes, &Limits::new())
    }

    /// Reads a calendar within `limits`.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_with(bytes: impl Into<Vec<u8>>, limits: &Limits) -> Result<Self, DocumentError> {
        let bytes = bytes.into();
        if bytes.len() > limits.max_bytes {
            return Err(DocumentError::TooLarge);
        }
        let ends = LineEnds::of(&bytes);
        let Parsed { lines, components } = parse(&bytes, ends, limits)?;
        let fold_blank = fold_blank(&bytes, ends);
        Ok(Self { bytes, limits: limits.clone(), ends, fold_blank, lines, components })
    }

    /// A part of this document as one of its own, with its limits and folds.
    pub(crate) fn alike(&self, bytes: Vec<u8>) -> Result<Self, DocumentError> {
        Ok(Self { fold_blank: self.fold_blank, ..Self::parse_with(bytes, &self.limits)? })
    }

    /// The file, byte for byte.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, byte for byte, owned.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// All properties of all components, in the order of the file.
    pub fn properties(&self) -> impl DoubleEndedIterator<Item = Property<'_>> {
        self.lines.iter().map(|line| Property { document: self, line })
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn ends(&self) -> LineEnds {
        self.ends
    }

    pub(crate) fn components(&self) -> &[Component] {
        &self.components
    }

    /// Where a component stands, from its `BEGIN` to behind its `END` line.
    pub(crate) fn component_span(&self, component: usize) -> Range<usize> {
        self.components.get(component).map_or(0..0, |c| c.raw.clone())
    }

    /// The properties that stand in this component itself, not in one inside it.
    pub(crate) fn own_properties(&self, component: usize) -> impl Iterator<Item = Property<'_>> {
        let own = self.properties_in(self.component_span(component));
        own.filter(move |property| property.component() == component)
    }

    /// All properties that begin there.
    pub(crate) fn properties_in(&self, raw: Range<usize>) -> impl Iterator<Item = Property<'_>> {
        let first = self.lines.partition_point(|line| line.raw.start < raw.start);
        self.lines
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(move |line| line.raw.start < raw.end)
            .map(|line| Property { document: self, line })
    }

    /// The components directly inside this one.
    pub(crate) fn children(&self, component: usize) -> impl Iterator<Item = (usize, &Component)> {
        let end = self.components.get(component).map_or(0, |c| c.raw.end);
        let all = self.components.iter().enumerate().skip(component + 1);
        all.take_while(move |(_, c)| c.raw.start < end)
            .filter(move |(_, c)| c.parent == Some(component))
    }

    /// Where another property of this component may be put: behind its last one, before
    /// a component inside it.
    pub(crate) fn end_of_properties(&self, component: usize) -> usize {
        let Some(this) = self.components.get(component) else { return self.bytes.len() };
        let inside = self.children(component).map(|(_, c)| c.raw.start).next();
        let before = inside.unwrap_or(this.raw.end);
        let own = self.own_properties(component).map(|p| p.span().end);
        own.filter(|end| *end <= before).last().unwrap_or(this.inner)
    }

    /// The first property of that name in this component.
    pub(crate) fn property(&self, component: usize, name: &str) -> Option<Property<'_>> {
        self.own_properties(component).find(|p| p.name() == name)
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} bytes)", self.bytes.len())
    }
}

/// A property of a [`Document`]: its parts, read on demand.
#[derive(Clone, Copy)]
pub struct Property<'a> {
    document: &'a Document,
    line: &'a ContentLine,
}

impl<'a> Property<'a> {
    /// Its name, in capitals.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.line.name
    }

    /// The number of the line that it starts on, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line.number
    }

    /// Where it stands: bytes of the document, folds and line end included.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.line.raw.clone()
    }

    /// Where its value stands, folds included, line end not.
    #[must_use]
    pub fn value_span(&self) -> Range<usize> {
        self.line.value.clone()
    }

    /// The value of its first parameter of that name (given in capitals), without quotes
    /// and with RFC 6868 escapes resolved.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let parameter = self.line.parameters.iter().find(|p| p.name == name)?;
        Some(parameter_text(&parameter.value))
    }

    /// Its value as TEXT: unfolded and unescaped.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        self.decoded(Kind::Text).bytes
    }

    /// Its value unfolded, not unescaped, as far as it is Unicode.
    #[must_use]
    pub fn raw_value(&self) -> String {
        String::from_utf8_lossy(&self.unfolded_value()).into_owned()
    }

    pub(crate) fn component(&self) -> usize {
        self.line.component
    }

    /// The part of it that is written in that way, with its places.
    pub(crate) fn decoded(&self, kind: Kind) -> Decoded {
        let (bytes, ends) = (&self.document.bytes, self.document.ends);
        match kind {
            Kind::Text => Decoded::text(bytes, ends, self.line.value.clone()),
            Kind::Verbatim => Decoded::verbatim(bytes, ends, self.line.value.clone()),
            Kind::AltRep => {
                let nothing = self.line.value.start..self.line.value.start;
                Decoded::percent(bytes, ends, self.alt_rep().unwrap_or(nothing))
            }
        }
    }

    /// The HTML twin that some programs put into a parameter of the text, as a `data`
    /// link: where its percent-encoded bytes stand.
    pub(crate) fn alt_rep(&self) -> Option<Range<usize>> {
        let parameter = self.line.parameters.iter().find(|p| p.name == "ALTREP")?;
        let value = unfolded(&self.document.bytes, self.document.ends, parameter.raw.clone());
        let (mut media, mut start) = (Vec::new(), None);
        for (at, byte) in value {
            if byte == b',' {
                start = Some(at + 1);
                break;
            }
            media.push(byte.to_ascii_lowercase());
        }
        let mut parts = media.strip_prefix(b"\"")?.split(|b| *b == b';');
        let html = parts.next() == Some(b"data:text/html");
        let plain = parts.all(|part| part == b"charset=utf-8");
        let closed = parameter.value.len() > 1 && parameter.value.last() == Some(&b'"');
        (html && plain && closed).then(|| start.map(|start| start..parameter.raw.end - 1))?
    }

    pub(crate) fn is(&self, parameter: &str, value: &str) -> bool {
        self.parameter(parameter).is_some_and(|v| v.eq_ignore_ascii_case(value))
    }

    /// Its bytes as they stand.
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.document.bytes.get(self.line.raw.clone()).unwrap_or_default()
    }

    /// Its name, parameters and colon, unfolded.
    pub(crate) fn head(&self) -> Vec<u8> {
        self.unfolded(self.line.raw.start..self.line.value.start)
    }

    /// Its parameters as they are written, unfolded: names in capitals, values with quotes.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.line.parameters.iter().map(|p| (&*p.name, &*p.value))
    }

    /// Its value as it is written, unfolded.
    pub(crate) fn unfolded_value(&self) -> Vec<u8> {
        self.unfolded(self.line.value.clone())
    }

    /// As [`Property::head`], without the HTML twin in it.
    pub(crate) fn head_around_alt_rep(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let twin = self.alt_rep()?;
        let before = self.unfolded(self.line.raw.start..twin.start);
        Some((before, self.unfolded(twin.end..self.line.value.start)))
    }

    fn unfolded(&self, range: Range<usize>) -> Vec<u8> {
        unfolded(&self.document.bytes, self.document.ends, range).map(|(_, byte)| byte).collect()
    }

    /// The line end that this property was written with, or the document's.
    pub(crate) fn line_end(&self) -> &'a [u8] {
        let own = self.document.bytes.get(self.line.value.end..self.line.raw.end);
        own.filter(|end| !end.is_empty()).unwrap_or_else(|| self.document.line_end())
    }
}

impl std::fmt::Debug for Property<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Property({}, line {})", self.line.name, self.line.number)
    }
}

impl Document {
    /// The line end of the document's first line.
    pub(crate) fn line_end(&self) -> &[u8] {
        let (end, next) = self.ends.next(&self.bytes, 0);
        match self.bytes.get(end..next) {
            Some(found) if !found.is_empty() => found,
            _ => b"\r\n",
        }
    }

    /// The blank or tab that the document's folds begin with; a blank when it has none.
    pub(crate) fn fold_blank(&self) -> u8 {
        self.fold_blank
    }
}

fn fold_blank(bytes: &[u8], ends: LineEnds) -> u8 {
    let mut at = 0;
    while at < bytes.len() {
        (_, at) = ends.next(bytes, at);
        if let Some(&blank @ (b' ' | b'\t')) = bytes.get(at) {
            return blank;
        }
    }
    b' '
}

fn parameter_text(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            ('^', Some('\'')) => Some('"'),
            _ => None,
        };
        if meant.is_some() {
            chars.next();
        }
        out.push(meant.unwrap_or(c));
    }
    out
}
