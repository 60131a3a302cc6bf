//! What identifies a product's block, as data.
//!
//! Everything here is the same in every language. Wording settles extents at most.

mod hosts;
mod kin;
mod known;
mod shape;

pub(crate) use kin::{Kin, Products};
pub(crate) use shape::{Address, UrlShape, is_conference_call};

use memchr::memrchr;

use crate::provider::{MARKS, ProductMarks, Provider, Side, TenantMarks};
use hosts::Hosts;
use kin::Role;
use known::{Anybodys, Catalogue, Known, Letters, count};
use shape::{CODE, fits, is_code};

/// The row of characters that a product draws above and below its block. It proves
/// nothing by itself: people type such rows, and one product borrows another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    /// 80 underscores.
    Underscores,
    /// 137 full stops, as one line or wrapped after 71.
    FullStops,
    /// Google's `-::~:~::~…~::~:~::-`.
    Tildes,
    /// Ten box-drawing lines (U+2500).
    BoxLine,
    /// Webex' `-~-~-~…-~-`, 45 characters long.
    Waves,
    /// A line that an organisation named as the product's frame.
    Own(Provider, u16, Side),
}

impl Fence {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Underscores, Self::FullStops, Self::Tildes, Self::BoxLine, Self::Waves];

    /// Whether it is a line of the product's frame that an organisation named.
    pub(crate) fn is_own_of(self, provider: Provider) -> bool {
        matches!(self, Self::Own(of, ..) if of == provider)
    }

    /// Whether a block may begin below it.
    pub(crate) const fn opens(self) -> bool {
        !matches!(self, Self::Own(_, _, Side::Closing))
    }

    /// Whether it may end a block that begins with `opening`, or with no frame.
    pub(crate) fn closes(self, opening: Option<Self>) -> bool {
        match (self, opening) {
            (Self::Own(_, _, Side::Opening), _) => false,
            (Self::Own(_, frame, _), Some(Self::Own(_, opened, _))) => frame == opened,
            (_, opening) => opening.is_none_or(|opening| opening == self),
        }
    }

    /// The character it is drawn with, and how many of them make it.
    pub(crate) const fn row(self) -> Option<(char, usize)> {
        match self {
            Self::Underscores => Some(('_', 80)),
            Self::FullStops => Some(('.', 137)),
            Self::BoxLine => Some(('\u{2500}', 10)),
            Self::Tildes | Self::Waves | Self::Own(..) => None,
        }
    }
}

/// The number of an organisation's first shape.
const OWN_SHAPES: u16 = 1 << 14;

/// A product's marks.
#[derive(Debug)]
pub(crate) struct Marks {
    pub(crate) provider: Provider,
    /// Rows above and below its block: its own first, then those that calendars draw
    /// around it.
    pub(crate) fences: &'static [Fence],
    /// Links that lead into a meeting and that only this product has.
    pub(crate) joins: &'static [UrlShape],
    /// Links that lead into a meeting, on hosts of the organisation's own: true only
    /// beside other evidence.
    pub(crate) weak_joins: &'static [UrlShape],
    /// Other links of its block.
    pub(crate) companions: &'static [UrlShape],
    /// Those of them that stand last in its block.
    pub(crate) last: &'static [UrlShape],
    /// Those of them that are pages for everybody: anybody may write them.
    pub(crate) pages: &'static [UrlShape],
    /// Those of them that are for video devices of other makers.
    pub(crate) devices: &'static [UrlShape],
    /// `name`s of anchors that its add-in sets.
    pub(crate) anchors: &'static [&'static str],
    /// `class`es, and beginnings of `id`s and `data-tid`s, that its service sets.
    pub(crate) labels: &'static [&'static str],
    /// Words of [`crate::wording::is_heading`] stand above its link.
    pub(crate) named: bool,
    /// Its add-in ends a block with a `[!OC([lcid])!]` line.
    pub(crate) trailer: bool,
    /// Its block without any row around it; none: it is not known where such a one ends.
    pub(crate) bare: Option<&'static Bare>,
    /// Without its fences, anchors, labels or trailer a block is not its own: its links
    /// alone are often pasted.
    pub(crate) needs_marks: bool,
}

impl Marks {
    /// No marks, so that a product's file says only which it has.
    pub(crate) const fn none(provider: Provider) -> Self {
        Self {
            provider,
            fences: &[],
            joins: &[],
            weak_joins: &[],
            companions: &[],
            last: &[],
            pages: &[],
            devices: &[],
            anchors: &[],
            labels: &[],
            named: false,
            trailer: false,
            bare: None,
            needs_marks: true,
        }
    }
}

/// How a product's block shows where nothing frames it: words that settle how far it reaches.
/// Headings and `within` prove nothing; lines of the others are taken for the product's.
#[derive(Debug)]
pub(crate) struct Bare {
    /// Lines that stand above its link, or words before it; with `…` in front, their ends.
    pub(crate) headings: &'static [&'static str],
    /// The same in languages of which not all are known.
    pub(crate) foreign: &'static [&'static str],
    /// What the product calls itself, in lower case.
    pub(crate) name: &'static str,
    /// Headings among its lines; `…` stands for anything. This and what follows is in lower
    /// case.
    pub(crate) within: &'static [&'static str],
    /// Lines that nobody else writes below its link: a block reaches to the last of them. `…`
    /// stands for a word or a part of one.
    pub(crate) own: &'static [&'static str],
    /// Labels whose values are its own, on the same line or the next: digits, or a password.
    pub(crate) fields: &'static [&'static str],
    /// Words beside a link, or above one, that leads elsewhere on the site of the meeting's.
    pub(crate) elsewhere: &'static [&'static str],
    /// The paragraphs that it may end with behind its last link: how they begin and end.
    pub(crate) closings: &'static [(&'static str, &'static str)],
}

impl Bare {
    pub(crate) const NONE: Self = Self {
        headings: &[],
        foreign: &[],
        name: "",
        within: &[],
        own: &[],
        fields: &[],
        elsewhere: &[],
        closings: &[],
    };
}

/// The marks that a search goes by: a value, so that a tenant's own can join ours.
#[derive(Clone, Debug)]
pub(crate) struct MarkSet {
    products: &'static [&'static Marks],
    /// Shapes with a host of their own, and where links of these may lead.
    closed: &'static [Known],
    hosts: Hosts,
    /// Shapes whose host could be anybody's: each link is held against them.
    open: &'static [Known],
    anybodys: Anybodys,
    /// With which letters labels begin.
    initials: Letters,
    /// What an organisation adds.
    own: TenantMarks,
}

/// Ours are always the same.
impl PartialEq for MarkSet {
    fn eq(&self, other: &Self) -> bool {
        self.own == other.own
    }
}

impl Eq for MarkSet {}

impl MarkSet {
    /// Ours.
    pub(crate) const fn builtin() -> &'static Self {
        static SHAPES: Catalogue<{ count(&MARKS) }> = Catalogue::of(&MARKS);
        static BUILTIN: MarkSet = MarkSet {
            products: &MARKS,
            closed: SHAPES.closed.all(),
            hosts: SHAPES.hosts,
            open: SHAPES.open.all(),
            anybodys: SHAPES.anybodys,
            initials: SHAPES.labels,
            own: TenantMarks::none(),
        };
        &BUILTIN
    }

    /// Ours, and an organisation's own.
    pub(crate) fn with(own: TenantMarks) -> Self {
        let mut hosts = Self::builtin().hosts;
        let shapes = own.products().iter().flat_map(|own| own.joins.iter().chain(&own.companions));
        shapes.for_each(|shape| hosts.insert_of(shape));
        Self { own, hosts, ..Self::builtin().clone() }
    }

    /// What the organisation adds to a product's marks.
    pub(crate) fn own_of(&self, provider: Provider) -> impl Iterator<Item = &ProductMarks> {
        self.own.products().iter().filter(move |own| own.provider == provider)
    }

    /// The labels of a product.
    pub(crate) fn labels<'a>(&'a self, marks: &'a Marks) -> impl Iterator<Item = &'a str> {
        let own = self.own_of(marks.provider).flat_map(|own| &own.labels);
        marks.labels.iter().copied().chain(own.map(String::as_str))
    }

    /// The anchors of a product.
    pub(crate) fn anchors<'a>(&'a self, marks: &'a Marks) -> impl Iterator<Item = &'a str> {
        let own = self.own_of(marks.provider).flat_map(|own| &own.anchors);
        marks.anchors.iter().copied().chain(own.map(String::as_str))
    }

    /// The frames that the organisation named, and which end of one a line of words is.
    pub(crate) fn own_rows<'a>(&'a self, line: &'a str) -> impl Iterator<Item = Fence> + 'a {
        let frames = self
            .own
            .products()
            .iter()
            .flat_map(|own| own.frames.iter().map(|frame| (own.provider, frame)));
        (0..).zip(frames).filter_map(|(number, (provider, frame))| {
            frame.side(line).map(|side| Fence::Own(provider, number, side))
        })
    }

    /// Whether the organisation named any frame.
    pub(crate) fn has_own_rows(&self) -> bool {
        self.own.products().iter().any(|own| !own.frames.is_empty())
    }

    /// The marks of each product; its place is its number in [`Products`].
    pub(crate) fn products(&self) -> impl Iterator<Item = &'static Marks> + '_ {
        self.products.iter().copied()
    }

    /// Whether a word of a value may be a label, whatever mail programs put before it.
    pub(crate) fn may_be_label(&self, value: &str) -> bool {
        value.split_ascii_whitespace().any(|word| self.may_begin_label(as_written(word)))
    }

    fn may_begin_label(&self, word: &str) -> bool {
        !self.own.products().is_empty() || self.initials.has(word.bytes().next())
    }

    /// The products of which a word, as written, is a label.
    pub(crate) fn labelled(&self, word: &str) -> Products {
        if !self.may_begin_label(word) {
            return Products::default();
        }
        let ours = self.products_with(|m| m.labels.iter().any(|l| word.starts_with(l)));
        ours.and(self.own_with(|own| own.labels.iter().any(|l| word.starts_with(l))))
    }

    /// The products of which a value is an anchor.
    pub(crate) fn anchored(&self, value: &str) -> Products {
        let ours = self.products_with(|m| m.anchors.iter().any(|a| a.eq_ignore_ascii_case(value)));
        ours.and(self.own_with(|own| own.anchors.iter().any(|a| a.eq_ignore_ascii_case(value))))
    }

    /// Those whose marks are so.
    pub(crate) fn products_with(&self, has: impl Fn(&Marks) -> bool) -> Products {
        let found = self.products.iter().enumerate().filter(|(_, marks)| has(marks));
        found.fold(Products::default(), |all, (product, _)| all.and(Products::one(product)))
    }

    fn own_with(&self, has: impl Fn(&ProductMarks) -> bool) -> Products {
        let found = self.own.products().iter().filter(|own| has(own));
        found.fold(Products::default(), |all, own| all.and(self.product(own.provider)))
    }

    /// The one of this name.
    pub(crate) fn product(&self, provider: Provider) -> Products {
        let at = self.products.iter().position(|marks| marks.provider == provider);
        at.map_or(Products::default(), Products::one)
    }

    /// Their names.
    pub(crate) fn providers(&self, products: Products) -> impl Iterator<Item = Provider> + '_ {
        let found = self.products.iter().enumerate().filter(move |(i, _)| products.has(*i));
        found.map(|(_, marks)| marks.provider)
    }

    /// What an unwrapped link is to all products.
    pub(crate) fn kin(&self, url: &str) -> Kin {
        if is_conference_call(url) {
            return Kin::of_call();
        }
        Address::of(url).map(|address| self.kin_of(address)).unwrap_or_default()
    }

    /// Whether links to this host may be a product's whatever their path; false is certain.
    pub(crate) fn may_be_host(&self, host: &[u8]) -> bool {
        self.hosts.has(Hosts::place(host)) || self.anybodys.may_have_host(host.first().copied())
    }

    /// Whether links with this path may be a product's whatever their host; false is certain.
    pub(crate) fn may_be_path(&self, path: &[u8]) -> bool {
        let slashes = path.iter().rev().take_while(|b| **b == b'/').count();
        let path = path.get(..path.len() - slashes).unwrap_or_default();
        let last = path.get(path.len().saturating_sub(CODE + 1)..).unwrap_or_default();
        let ends_in_code = matches!(last, [b'/', code @ ..] if is_code(code));
        let segments = || path.iter().filter(|b| **b == b'/').count();
        self.anybodys.may_have_path(path.get(1).copied())
            || ends_in_code && self.anybodys.may_have_code(segments())
    }

    fn kin_of(&self, address: Address<'_>) -> Kin {
        let mut kin = Kin::default();
        let place = Hosts::place(address.host.as_bytes());
        if self.hosts.has(place) {
            for known in self.closed.iter().filter(|known| known.place == place) {
                if known.fits(address) {
                    kin.add(known.product, known.role, known.number);
                }
            }
        }
        let (segments, last) = match memrchr(b'/', address.path.as_bytes()) {
            _ if address.path.is_empty() => (0, ""),
            None => (1, address.path),
            Some(slash) => {
                let (before, last) = address.path.split_at(slash + 1);
                (1 + before.bytes().filter(|b| *b == b'/').count(), last)
            }
        };
        for open in self.open.iter() {
            let may_fit = open.code_behind.is_none_or(|n| n + 1 == segments && last.len() == CODE);
            if may_fit && open.fits(address) {
                kin.add(open.product, open.role, open.number);
            }
        }
        // Behind all numbers of ours.
        let mut number = OWN_SHAPES;
        for own in self.own.products() {
            let product = self.products.iter().position(|marks| marks.provider == own.provider);
            for (role, shapes) in [(Role::Join, &own.joins), (Role::Companion, &own.companions)] {
                for shape in shapes {
                    if let Some(product) = product.filter(|_| fits(shape, address)) {
                        kin.add(product, role, number);
                    }
                    number = number.saturating_add(1);
                }
            }
        }
        kin
    }

    #[cfg(test)]
    fn shapes(&self) -> impl Iterator<Item = (usize, Role, UrlShape)> + '_ {
        self.products.iter().enumerate().flat_map(|(product, marks)| {
            Role::ALL.into_iter().flat_map(move |role| {
                marks.shapes(role).iter().map(move |shape| (product, role, *shape))
            })
        })
    }
}

impl Marks {
    const fn shapes(&self, role: Role) -> &'static [UrlShape] {
        match role {
            Role::Join => self.joins,
            Role::WeakJoin => self.weak_joins,
            Role::Companion => self.companions,
        }
    }
}

/// A class or an id without the prefix that mail programs put before those of others: one
/// more each time a message is quoted.
pub(crate) fn as_written(name: &str) -> &str {
    let mut name = name;
    while let Some(behind) = name.strip_prefix("x_") {
        name = behind;
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A shape read the slow way.
    fn slow(url: &str) -> Kin {
        let mut kin = Kin::default();
        let set = MarkSet::builtin();
        for (number, (product, role, shape)) in (0..).zip(set.shapes()) {
            if Address::of(url).is_some_and(|address| shape.fits(address)) {
                kin.add(product, role, number);
            }
        }
        kin
    }

    proptest! {
        #[test]
        fn one_look_is_what_every_shape_says(
            shape in prop::sample::select(MarkSet::builtin().shapes().map(|s| s.2.0).collect::<Vec<_>>()),
            sub in "([a-zA-Z]{1,3}\\.){0,2}",
            code in "[A-Za-z0-9]{7,9}",
            tail in "(/|/x|/dialin|:443|\\?a/b|#c)?",
            upper: bool,
        ) {
            let (host, path) = shape.split_once('/').unwrap_or((shape, ""));
            let host = host.replace(".*", ".contoso.example").replace("*.", "").replace('*', "contoso.example");
            let path = path.replace("**", "x/y").replace('@', &code).replace('#', "123").replace('*', "anna");
            let url = format!("https://{sub}{host}/{path}{tail}");
            let url = if upper { url.to_ascii_uppercase() } else { url };
            let set = MarkSet::builtin();
            prop_assert_eq!(set.kin(&url), slow(&url), "{}", url);
            // What is no product's at a glance is none's.
            if let Some(Address { host, path }) = Address::of(&url) {
                let path = format!("/{path}");
                let may_be = set.may_be_host(host.as_bytes()) || set.may_be_path(path.as_bytes());
                prop_assert!(may_be || set.kin(&url).products().is_empty(), "{}", url);
            }
        }
    }

    #[test]
    fn most_links_are_told_by_their_host_and_their_path() {
        let set = MarkSet::builtin();
        for host in ["EU.zoom.us", "teams.microsoft.com", "dialin.contoso.example", "d.example"] {
            assert!(set.may_be_host(host.as_bytes()), "{host}");
        }
        assert!(!set.may_be_host(b"intranet.contoso.example"));
        for path in ["/anna/ABCD1234", "/meet/anna/ABCD1234//", "/Dialin", "/docs/x"] {
            assert!(set.may_be_path(path.as_bytes()), "{path}");
        }
        for path in
            ["", "/", "/ABCD1234", "/a/b/c/ABCD1234", "/a/ABCD123", "/a/ABCD-234", "/x/dialin"]
        {
            assert!(!set.may_be_path(path.as_bytes()), "{path}");
        }
        // The hosts of an organisation's own shapes, short ones too.
        for (shape, host) in
            [("*.rooms.contoso.example/*", "a.ROOMS.contoso.example"), ("*.a.io/*", "b.a.io")]
        {
            let mut own = ProductMarks::new(Provider::JITSI);
            own.joins.push(shape.to_owned());
            let set = MarkSet::with(TenantMarks::new(vec![own]).expect("a good shape"));
            assert!(set.may_be_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn a_link_of_another_product_is_no_weak_one() {
        let set = MarkSet::builtin();
        let number = |wanted| set.products().position(|marks| marks.provider == wanted);
        let (Some(teams), Some(skype)) =
            (number(Provider::TEAMS), number(Provider::SKYPE_FOR_BUSINESS))
        else {
            panic!("both are known")
        };
        let own = set.kin("https://meet.contoso.example/anna/AB12CD34");
        assert!(own.way(skype, false).is_some_and(|way| way.weak));
        assert_eq!(own.way(teams, false), None);
        assert!(own.way(teams, true).is_some_and(|way| !way.weak));
        let channel = set.kin("https://teams.microsoft.com/l/meetup-join/AB12CD34");
        assert!(channel.way(teams, false).is_some());
        assert_eq!(channel.way(skype, true), None);
        let call = set.kin("tel:+15550100,,123#");
        assert!(call.is_companion(teams) && call.is_companion(skype));
        assert!(set.kin("https://contoso.example/meet").products().is_empty());
    }
}
