//! The rewrite core: finds the online-meeting block in a body and replaces exactly it.
//!
//! In: a [`Body`], the [`Record`] beside it, the new [`Coordinates`]. Out: a
//! [`Rewrite`]. Never: a guess, a changed byte outside the block, an error for strange
//! input. What we do not understand is an answer, and the body stays as it was.

#![doc = include_str!("../../guide/how-a-block-is-found.md")]

mod alter;
pub(crate) mod charset;
pub(crate) mod html;
mod line;
mod locate;
pub(crate) mod patch;
mod quote;
pub(crate) mod render;
mod replace;
pub(crate) mod same;
mod scan;
mod template;
mod text;
pub(crate) mod words;
mod words_on_line;

pub use template::{Template, TemplateError};

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::coordinates::{Coordinates, Language};
use crate::meeting::Record;
use crate::policy::AddInEvidence;
use crate::provider::marks::MarkSet;
use crate::provider::{Provider, TenantMarks};

/// Bounds on one body, so that a bomb gets a named answer in milliseconds.
///
/// A body that surely has no link of a product is [`Absence::NoMark`] before it is read as
/// markup: of these, only its size counts for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    max_bytes: usize,
    max_depth: usize,
    max_tokens: usize,
    max_attributes: usize,
}

impl Limits {
    /// The defaults: 8 MiB, 512 levels (what browsers use), 1,000,000 tokens, 256
    /// attributes in a tag.
    #[must_use]
    pub const fn new() -> Self {
        Self { max_bytes: 8 << 20, max_depth: 512, max_tokens: 1_000_000, max_attributes: 256 }
    }

    /// The largest body that is looked at, in bytes.
    #[must_use]
    pub const fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Replaces the largest size.
    #[must_use]
    pub const fn with_max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The deepest tree that is built, in elements. What lies behind all marks of products, and
    /// is not read, counts for nothing; as for the other bounds.
    #[must_use]
    pub const fn max_depth(&self) -> usize {
        self.max_depth
    }

    /// The most nodes of a tree: a token makes one or two, and clones come on top.
    pub(crate) fn max_nodes(&self) -> usize {
        self.max_tokens.saturating_mul(2).min(u32::MAX as usize - 2)
    }

    /// The most tokens that are read.
    #[must_use]
    pub const fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// The most attributes that one tag may have.
    #[must_use]
    pub const fn max_attributes(&self) -> usize {
        self.max_attributes
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// How to look at a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    limits: Limits,
    evidence: AddInEvidence,
    template: Option<Template>,
    marks: Option<Arc<MarkSet>>,
}

impl Options {
    /// The defaults: [`Limits::new`], [`AddInEvidence::Record`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the bounds.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Replaces what is enough to call a block the meeting's own when there is no
    /// recorded link: with [`AddInEvidence::RecordOrMarks`] a single unquoted block of
    /// the add-in's making is, with [`AddInEvidence::Record`] none is.
    #[must_use]
    pub fn with_evidence(mut self, evidence: AddInEvidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// Puts a design of the caller's between the fences of new blocks; without it, ours
    /// stands there.
    #[must_use]
    pub fn with_template(mut self, template: Template) -> Self {
        self.template = Some(template);
        self
    }

    /// Adds an organisation's own marks to those that blocks are known by; without any,
    /// ours alone count.
    #[must_use]
    pub fn with_marks(mut self, marks: TenantMarks) -> Self {
        self.marks = (!marks.is_empty()).then(|| Arc::new(MarkSet::with(marks)));
        self
    }

    /// The marks that blocks are known by.
    fn marks(&self) -> &MarkSet {
        self.marks.as_deref().unwrap_or(MarkSet::builtin())
    }
}

/// A block that was found in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Block {
    /// Where it stands: bytes of the body.
    pub span: Range<usize>,
    /// Whose block it is.
    pub provider: Provider,
    /// The language of its labels, when it says.
    pub language: Option<Language>,
}

/// What [`locate`] saw in a body. Only `One` may be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The meeting's own block.
    One(Block),
    /// No block.
    Absent(Absence),
    /// A block, and it is not this meeting's own.
    Foreign(Foreignness, Vec<Block>),
    /// Several blocks that could be meant.
    Ambiguous(Vec<Block>),
    /// The body cannot be read, or the block cannot be cut out cleanly.
    Refused(Refusal),
}

/// Why there is no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Absence {
    /// No link leads to a product, nor to the recorded meeting. A label, an anchor or a row alone
    /// is no block's.
    #[error("no link of a known product")]
    NoMark,
    /// There are links of a product, but no block around them: retyped or pasted.
    #[error("links of a known product, but no block that its add-in or service wrote")]
    NoBlock,
}

/// Why a block is not this meeting's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Foreignness {
    /// It stands in quoted mail: that is history.
    #[error("the block is part of a quoted message")]
    Quoted,
    /// Its link is not the recorded one.
    #[error("the block's link is not the recorded one")]
    OtherLink,
    /// Nothing is recorded, and the policy asks for a record.
    #[error("no link is recorded for the meeting, and the policy asks for one")]
    NoRecord,
}

/// Why a body is left as it was although a block may be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Refusal {
    /// More bytes than [`Limits::max_bytes`].
    #[error("the body is larger than the limit")]
    TooLarge,
    /// Deeper than [`Limits::max_depth`].
    #[error("the body is nested deeper than the limit")]
    TooDeep,
    /// More tokens than [`Limits::max_tokens`].
    #[error("the body has more tokens than the limit")]
    TooManyTokens,
    /// A tag with more attributes than [`Limits::max_attributes`].
    #[error("a tag has more attributes than the limit")]
    TooManyAttributes,
    /// No decoder for the charset that came with the body.
    #[error("the charset is not known")]
    UnknownCharset,
    /// The new block has a character that the body's charset has not (plain text only).
    #[error("the new block cannot be written in the body's charset")]
    Unencodable,
    /// Taking the block out would change what a browser builds from the rest.
    #[error("the block cannot be cut out without changing the markup around it")]
    NotSeparable,
    /// The coordinates are of a product whose blocks are found and never written: one that
    /// [`Provider::WRITTEN`] does not list.
    #[error("blocks of that product can be found, not written")]
    Unwritable,
    /// The passcode would not be shown as it is: it could pass for a link or for a frame.
    #[error("the passcode cannot be shown as it is")]
    Unshowable,
    /// A cell or a row of a table crosses an edge of the block.
    #[error("a table cell or row begins or ends inside the block and not outside it")]
    CrossesCell,
    /// An element of the block's holds what follows it.
    #[error("an element that begins inside the block goes on behind it")]
    OpensElement,
    /// The block ends an element of what stands before it.
    #[error("the block ends an element that began before it")]
    ClosesElement,
    /// Bold, a font or a link crosses an edge of the block.
    #[error("formatting or a link begins or ends inside the block and not outside it")]
    CrossesFormatting,
    /// The block shares a paragraph with other words, and a new one of more than words and
    /// breaks (a template with a table) cannot.
    #[error("the block shares a paragraph with other words, and the new one cannot")]
    WithinParagraph,
    /// The new block would not be found again.
    #[error("the new block would not be found again where it lands")]
    NotFoundAgain,
    /// Without the block, another one would be taken for the meeting's own.
    #[error("a part of the block would be left behind")]
    LeftBehind,
}

/// What [`rewrite`], [`remove`] or [`append`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rewrite {
    /// The block was replaced.
    Replaced {
        /// The whole body, equal to the old one outside the block.
        body: Body,
        /// The old block: a span of the input.
        block: Block,
        /// The new block: a span of the output.
        written: Range<usize>,
    },
    /// The block was taken out, by [`remove`].
    Removed {
        /// The body without it.
        body: Body,
        /// The old block: a span of the input.
        block: Block,
    },
    /// There was no block, and one was put at the end, by [`append`].
    Appended {
        /// The whole body.
        body: Body,
        /// The new block: a span of the output.
        written: Range<usize>,
    },
    /// The block already says what it should: byte by byte, or in the spelling of a calendar
    /// that writes what it stores in its own way. Its words, punctuation included, where its
    /// links lead once they are out of a mail filter's wrappers, and its images are those
    /// of the new block, each in the same order. Blanks, tags, styles and other attributes do
    /// not count: a [`Template`] of another look alone changes nothing.
    Unchanged(Block),
    /// No block; nothing changed.
    Absent(Absence),
    /// Not this meeting's block; nothing changed.
    Foreign(Foreignness, Vec<Block>),
    /// Several candidates; nothing changed.
    Ambiguous(Vec<Block>),
    /// Not possible; nothing changed.
    Refused(Refusal),
}

/// Whether a body with this charset label can be read: a label of the WHATWG Encoding
/// standard, or one that mail uses beside it.
///
/// ```
/// assert!(meeting_migration::block::knows_charset("ks_c_5601-1987"));
/// assert!(!meeting_migration::block::knows_charset("ebcdic-int"));
/// ```
#[must_use]
pub fn knows_charset(label: &str) -> bool {
    charset::knows(label)
}

/// The text of a span of a body, read in the charset of the whole body: for people to
/// look at. What is malformed is U+FFFD in it; a span that is not in the body is empty.
///
/// ```
/// use meeting_migration::{Body, block::excerpt};
///
/// let body = Body::text_bytes(b"caf\xe9 at nine".to_vec(), Some("iso-8859-1"));
/// assert_eq!(excerpt(&body, 0..4)?, "caf\u{e9}");
/// # Ok::<(), meeting_migration::block::Refusal>(())
/// ```
///
/// # Errors
/// [`Refusal::UnknownCharset`].
pub fn excerpt(body: &Body, span: Range<usize>) -> Result<Cow<'_, str>, Refusal> {
    charset::excerpt(body, span)
}

/// Finds the meeting's own block. Never edits.
///
/// Time and memory are linear in the body.
///
/// ```
/// use meeting_migration::block::{Found, Options, locate};
/// use meeting_migration::policy::AddInEvidence;
/// use meeting_migration::Body;
///
/// let agenda = Body::text("1. Budget\n2. Any other business\n");
/// let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
/// assert!(matches!(locate(&agenda, None, &options), Found::Absent(_)));
/// ```
#[must_use]
pub fn locate(body: &Body, record: Option<&Record>, options: &Options) -> Found {
    replace::locate(body, record, options)
}

/// Replaces the meeting's own block by one that shows `new`.
///
/// Every byte outside the block comes back identical, and what a browser builds from
/// what is outside is the same before and after: the result is parsed again and
/// compared, and refused when it differs. Time and memory are linear in the body.
///
/// ```
/// use meeting_migration::block::{Options, Rewrite, rewrite};
/// use meeting_migration::policy::AddInEvidence;
/// use meeting_migration::{Body, Coordinates, Link, provider::Provider};
///
/// let fence = "_".repeat(80);
/// let old = format!(
///     "Agenda: budget\r\n{fence}\r\nJoin<https://teams.microsoft.com/meet/2345?p=Ab>\r\n{fence}\r\nAnn"
/// );
/// let new = Coordinates::new(
///     Provider::TEAMS,
///     Link::new("https://teams.microsoft.com/meet/6789?p=Cd")?,
/// );
/// let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
/// let Rewrite::Replaced { body, .. } = rewrite(&Body::text(old), None, &new, &options) else {
///     panic!("a block with both fences is found");
/// };
/// let text = body.as_unicode().unwrap_or_default();
/// assert!(text.starts_with("Agenda: budget\r\n_") && text.ends_with("_\r\nAnn"));
/// assert!(text.contains("/meet/6789?p=Cd") && !text.contains("/meet/2345"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn rewrite(
    body: &Body,
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Rewrite {
    replace::rewrite(body, record, new, options)
}

/// Takes the meeting's own block out and puts nothing in its place: for meetings that are
/// online no more.
///
/// The block is located as [`rewrite`] does it, and what is no block of this meeting's own
/// gives the same answers. Every byte outside it comes back identical, what a browser
/// builds from what is outside is the same before and after, and the meeting's block is
/// not found any more; otherwise the answer is a refusal. Time and memory are linear.
///
/// - In HTML, empty paragraphs around the block stay. Where a fragment begins with it, the
///   blanks behind it go too: a browser would drop them.
/// - In text, when nothing else stands on its lines, these go with their line ends, and of
///   blank lines on both sides the one above. What [`append`] wrote, `remove` takes out to
///   the byte.
/// - Words that would run together get a `<br>`, in text a line end, between them.
///
/// ```
/// use meeting_migration::block::{Options, Rewrite, remove};
/// use meeting_migration::policy::AddInEvidence;
/// use meeting_migration::Body;
///
/// let fence = "_".repeat(80);
/// let body = format!(
///     "Agenda\n\n{fence}\nJoin<https://teams.microsoft.com/meet/2345?p=Ab>\n{fence}\n\nAnn\n"
/// );
/// let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
/// let Rewrite::Removed { body, .. } = remove(&Body::text(body), None, &options) else {
///     panic!("a block with both fences is found");
/// };
/// assert_eq!(body.as_unicode(), Some("Agenda\n\nAnn\n"));
/// ```
#[must_use]
pub fn remove(body: &Body, record: Option<&Record>, options: &Options) -> Rewrite {
    alter::remove(body, record, options)
}

/// As [`rewrite`]; but to a body in which no block is left ([`Rewrite::Absent`]) one that
/// shows `new` is added at its end.
///
/// The caller says by calling that the meeting is online: a body without a block does not.
/// A block in quoted mail or of another meeting, several blocks, a refusal are answers as
/// with [`rewrite`], and nothing is added.
///
/// - In HTML the block goes before `</body>`, else to the end; the tree outside is the same.
/// - In text it goes behind a blank line, with the body's own line ends.
/// - Behind quoted mail that goes on to the end a block would be quoted too: that is
///   [`Refusal::NotFoundAgain`].
/// - Charsets are treated as by [`rewrite`]; appending again is [`Rewrite::Unchanged`],
///   with other coordinates [`Rewrite::Replaced`].
///
/// ```
/// use meeting_migration::block::{Options, Rewrite, append};
/// use meeting_migration::{Body, Coordinates, Link, meeting::Record, provider::Provider};
///
/// let link = Link::new("https://teams.microsoft.com/meet/6789?p=Cd")?;
/// let new = Coordinates::new(Provider::TEAMS, link);
/// let agenda = Body::html("<html><body><p>Agenda</p></body></html>");
/// let Rewrite::Appended { body, written } = append(&agenda, None, &new, &Options::new()) else {
///     panic!("there is no block");
/// };
/// let html = body.as_unicode().unwrap_or_default();
/// assert!(html.starts_with("<html><body><p>Agenda</p><div") && html.ends_with("</body></html>"));
///
/// let record = Record::new(Provider::TEAMS, new.join_url.as_str());
/// assert!(matches!(append(&body, Some(&record), &new, &Options::new()),
///     Rewrite::Unchanged(block) if block.span == written));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn append(
    body: &Body,
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Rewrite {
    alter::append(body, record, new, options)
}
