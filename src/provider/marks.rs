//! What identifies a product's block, as data.
//!
//! Everything here is the same in every language. Wording settles extents at most.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memrchr};

use crate::provider::{MARKS, ProductMarks, Provider, Side, TenantMarks};

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

/// The shape of a link: a host and path segments.
///
/// In the host, `*.` in front also takes subdomains, `.*` behind any domain, and a lone
/// `*` any host. In the path,
/// `*` is one segment, `#` one of digits, `@` one of eight letters and digits, and `**`
/// everything that is left. Case does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UrlShape(pub(crate) &'static str);

/// The parts of a link that a shape speaks of.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    /// Without its port.
    host: &'a str,
    /// Behind the host, without slashes at its end.
    path: &'a str,
}

impl<'a> Address<'a> {
    /// None without a `://`.
    pub(crate) fn of(url: &'a str) -> Option<Self> {
        // Byte by byte: most links are short, and every link of a body is looked at.
        let bytes = url.as_bytes();
        let scheme = bytes.windows(3).position(|three| three == b"://")?;
        Self::behind_scheme(url.get(scheme + 3..)?)
    }

    /// Of what stands behind the `://`.
    fn behind_scheme(rest: &'a str) -> Option<Self> {
        let end = memchr2(b'?', b'#', rest.as_bytes()).unwrap_or(rest.len());
        let rest = rest.get(..end)?.trim_end_matches('/');
        let slash = memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(slash)?;
        let port = memrchr(b':', host.as_bytes()).unwrap_or(host.len());
        Some(Self { host: host.get(..port)?, path: path.strip_prefix('/').unwrap_or(path) })
    }
}

impl UrlShape {
    /// Whether `url`, unwrapped, has this shape.
    #[cfg(feature = "ical")]
    pub(crate) fn matches(self, url: &str) -> bool {
        Address::of(url).is_some_and(|address| self.fits(address))
    }

    /// Whether a link, unwrapped, has this shape.
    pub(crate) fn fits(self, address: Address<'_>) -> bool {
        fits(self.0, address)
    }
}

/// The number of an organisation's first shape.
const OWN_SHAPES: u16 = 1 << 14;

fn fits(shape: &str, address: Address<'_>) -> bool {
    fits_at(shape, memchr(b'/', shape.as_bytes()).unwrap_or(shape.len()), address)
}

/// As [`fits`]; the shape's path begins at `slash`.
fn fits_at(shape: &str, slash: usize, address: Address<'_>) -> bool {
    // Bytes: many shapes are asked about many links.
    let (host, path) = (address.host.as_bytes(), address.path.as_bytes());
    let (pattern, wanted) = shape.as_bytes().split_at_checked(slash).unwrap_or_default();
    let wanted = wanted.strip_prefix(b"/").unwrap_or(wanted);
    let host_fits = match pattern {
        b"*" => host.contains(&b'.'),
        [name @ .., b'.', b'*'] => match host.split_at_checked(name.len()) {
            Some((head, [b'.', ..])) => head.eq_ignore_ascii_case(name),
            _ => false,
        },
        [b'*', b'.', domain @ ..] => match host.len().checked_sub(domain.len()) {
            Some(0) => host.eq_ignore_ascii_case(domain),
            Some(from) => {
                let (sub, tail) = host.split_at_checked(from).unwrap_or_default();
                sub.last() == Some(&b'.') && tail.eq_ignore_ascii_case(domain)
            }
            None => false,
        },
        pattern => host.eq_ignore_ascii_case(pattern),
    };
    if !host_fits {
        return false;
    }
    // A host alone has no segments, not an empty one.
    let mut want = wanted.split(|b| *b == b'/').filter(|_| !wanted.is_empty());
    let mut got = path.split(|b| *b == b'/').filter(|_| !path.is_empty());
    loop {
        match (want.next(), got.next()) {
            (Some(b"**"), _) | (None, None) => return true,
            (Some(pattern), Some(segment)) => {
                let fits = match pattern {
                    b"*" => !segment.is_empty(),
                    b"#" => !segment.is_empty() && segment.iter().all(u8::is_ascii_digit),
                    b"@" => is_code(segment),
                    literal => segment.eq_ignore_ascii_case(literal),
                };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

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
    /// Those of them that are for video devices of other makers.
    pub(crate) devices: &'static [UrlShape],
    /// `name`s of anchors that its add-in sets.
    pub(crate) anchors: &'static [&'static str],
    /// `class`es, and beginnings of `id`s and `data-tid`s, that its service sets.
    pub(crate) labels: &'static [&'static str],
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
            devices: &[],
            anchors: &[],
            labels: &[],
            trailer: false,
            bare: None,
            needs_marks: true,
        }
    }
}

/// How a product's block shows where nothing frames it: words that settle how far it reaches
/// and prove nothing.
#[derive(Debug)]
pub(crate) struct Bare {
    /// Lines that stand above its link, or words before it; with `…` in front, their ends.
    pub(crate) headings: &'static [&'static str],
    /// Headings among its lines; `…` stands for anything, here and in what follows.
    pub(crate) within: &'static [&'static str],
    /// Lines that nobody else writes below its link: a block reaches to the last of them.
    pub(crate) own: &'static [&'static str],
    /// Labels whose values are its own, on the same line or the next.
    pub(crate) fields: &'static [&'static str],
    /// Words beside a link, or above one, that leads elsewhere on the site of the meeting's.
    pub(crate) elsewhere: &'static [&'static str],
    /// The paragraphs that it may end with behind its last link: how they begin and end.
    pub(crate) closings: &'static [(&'static str, &'static str)],
}

impl Bare {
    pub(crate) const NONE: Self =
        Self { headings: &[], within: &[], own: &[], fields: &[], elsewhere: &[], closings: &[] };
}

/// How many letters and digits a code has.
const CODE: usize = 8;

fn is_code(segment: &[u8]) -> bool {
    segment.len() == CODE && segment.iter().all(u8::is_ascii_alphanumeric)
}

/// The marks that a search goes by: a value, so that a tenant's own can join ours.
#[derive(Clone, Debug)]
pub(crate) struct MarkSet {
    products: Cow<'static, [&'static Marks]>,
    /// Where links of shapes with a host of their own may lead.
    hosts: Hosts,
    /// Shapes with a host of their own.
    closed: Cow<'static, [Known]>,
    /// Shapes whose host could be anybody's: each link is held against them.
    open: Cow<'static, [Known]>,
    /// With which bytes labels begin: a bit for each.
    initials: u128,
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

/// A set of products, by their places in a [`MarkSet`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Products(u32);

impl Products {
    const ALL: Self = Self(u32::MAX);

    const fn one(product: usize) -> Self {
        Self(1 << product)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn has(self, product: usize) -> bool {
        self.0 & Self::one(product).0 != 0
    }

    const fn without(self, product: usize) -> Self {
        Self(self.0 & !Self::one(product).0)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a link is to all products: one look at it answers every question of theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kin {
    /// Products into whose meetings it leads.
    joins: Products,
    /// Products into whose meetings it may lead: its host could be anybody's.
    weak_joins: Products,
    /// Products whose blocks have such a link beside the one to join.
    companions: Products,
    /// The first shape that it fits as a link into a meeting.
    shape: u16,
}

/// How a link leads into a product's meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// Equal for links of one shape.
    pub(crate) shape: u16,
    /// Its host could be anybody's.
    pub(crate) weak: bool,
}

impl Kin {
    /// All products that have to do with it.
    pub(crate) const fn products(self) -> Products {
        self.joins.and(self.weak_joins).and(self.companions)
    }

    /// The products into whose meetings it may lead, see [`Self::way`].
    pub(crate) const fn ways(self, recorded: bool) -> Products {
        if recorded && self.joins.and(self.companions).is_empty() {
            return Products::ALL;
        }
        let recorded = if recorded { self.companions } else { Products(0) };
        self.joins.and(self.weak_joins).and(recorded)
    }

    /// How it leads into a meeting of the product. A link into the `recorded` meeting does
    /// whatever its host: an organisation may have one of its own.
    pub(crate) fn way(self, product: usize, recorded: bool) -> Option<Way> {
        let weak = |weak| Some(Way { shape: self.shape, weak });
        // What a strong shape of another product fits is that product's.
        let foreign = !self.joins.and(self.companions).without(product).is_empty();
        if self.joins.has(product) {
            weak(false)
        } else if recorded && !foreign {
            Some(Way { shape: u16::MAX, weak: false })
        } else if self.weak_joins.has(product) && !foreign {
            weak(true)
        } else {
            None
        }
    }

    /// Whether the product's blocks have such a link beside the one to join.
    pub(crate) const fn is_companion(self, product: usize) -> bool {
        self.companions.has(product)
    }

    fn add(&mut self, product: usize, role: Role, shape: u16) {
        let first = match role {
            Role::Join => self.joins.is_empty(),
            Role::WeakJoin => self.joins.and(self.weak_joins).is_empty(),
            Role::Companion => false,
        };
        if first {
            self.shape = shape;
        }
        let products = match role {
            Role::Join => &mut self.joins,
            Role::WeakJoin => &mut self.weak_joins,
            Role::Companion => &mut self.companions,
        };
        *products = products.and(Products::one(product));
    }
}

/// What a shape's links are to its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Join,
    WeakJoin,
    Companion,
}

/// A shape, with what tells most links from it at once.
#[derive(Clone, Copy, Debug)]
struct Known {
    product: usize,
    role: Role,
    number: u16,
    shape: UrlShape,
    /// Where its path begins.
    slash: usize,
    /// The place of its hosts in [`Hosts`], when it has any.
    place: usize,
    /// It ends in a code, behind so many segments.
    code_behind: Option<usize>,
    /// The first letter of its host, when its domain could be anybody's.
    host_begins: Option<u8>,
    /// The first letter of its path.
    path_begins: Option<u8>,
}

impl MarkSet {
    /// Ours.
    pub(crate) const fn builtin() -> &'static Self {
        const CLOSED: [Known; Known::count(&MARKS, false)] = Known::collect(&MARKS, false);
        const OPEN: [Known; Known::count(&MARKS, true)] = Known::collect(&MARKS, true);
        static BUILTIN: MarkSet = MarkSet {
            products: Cow::Borrowed(&MARKS),
            hosts: Hosts::of(&MARKS),
            closed: Cow::Borrowed(&CLOSED),
            open: Cow::Borrowed(&OPEN),
            initials: initials(&MARKS),
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
        let first = word.as_bytes().first();
        !self.own.products().is_empty()
            || first.is_some_and(|b| b.is_ascii() && self.initials >> b & 1 == 1)
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
            return Kin { companions: Products::ALL, ..Kin::default() };
        }
        Address::of(url).map(|address| self.kin_of(address)).unwrap_or_default()
    }

    /// Whether links to this host may be a product's whatever their path; false is certain.
    pub(crate) fn may_be_host(&self, host: &[u8]) -> bool {
        let first = host.first().map(u8::to_ascii_lowercase);
        self.hosts.has(Hosts::place(host))
            || self.open.iter().any(|open| open.host_begins.is_some() && open.host_begins == first)
    }

    /// Whether links with this path may be a product's whatever their host; false is certain.
    pub(crate) fn may_be_path(&self, path: &[u8]) -> bool {
        let slashes = path.iter().rev().take_while(|b| **b == b'/').count();
        let path = path.get(..path.len() - slashes).unwrap_or_default();
        let last = path.get(path.len().saturating_sub(CODE + 1)..).unwrap_or_default();
        let may_end_in_code = matches!(last, [b'/', code @ ..] if is_code(code));
        let segments = || path.iter().filter(|b| **b == b'/').count();
        let first = path.get(1).map(u8::to_ascii_lowercase);
        self.open.iter().any(|open| match open.code_behind {
            Some(behind) => may_end_in_code && segments() == behind + 1,
            None => open.host_begins.is_none() && open.path_begins.is_none_or(|b| Some(b) == first),
        })
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

impl Role {
    const ALL: [Self; 3] = [Self::Join, Self::WeakJoin, Self::Companion];
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

/// `tel:+1…,,123456789#`: a number with a conference id behind it.
pub(crate) fn is_conference_call(url: &str) -> bool {
    url.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("tel:")) && url.contains(',')
}

const fn initials(products: &[&Marks]) -> u128 {
    let mut initials = 0;
    let mut products = products;
    while let [marks, rest @ ..] = products {
        let mut labels = marks.labels;
        while let [label, behind @ ..] = labels {
            if let [first @ 0..0x80, ..] = label.as_bytes() {
                initials |= 1 << *first;
            }
            labels = behind;
        }
        products = rest;
    }
    initials
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

impl Known {
    fn fits(&self, address: Address<'_>) -> bool {
        fits_at(self.shape.0, self.slash, address)
    }

    const NONE: Self = Self {
        product: 0,
        role: Role::Companion,
        number: 0,
        shape: UrlShape(""),
        slash: 0,
        place: 0,
        code_behind: None,
        host_begins: None,
        path_begins: None,
    };

    /// How many shapes of these products are for any host, or are not.
    const fn count(products: &[&Marks], open: bool) -> usize {
        let mut count = 0;
        let mut products = products;
        while let [marks, rest @ ..] = products {
            let mut roles: &[Role] = &Role::ALL;
            while let [role, others @ ..] = roles {
                let mut shapes = marks.shapes(*role);
                while let [shape, behind @ ..] = shapes {
                    count += (shape.is_open() == open) as usize;
                    shapes = behind;
                }
                roles = others;
            }
            products = rest;
        }
        count
    }

    /// The shapes of these products that are for any host, or are not.
    const fn collect<const N: usize>(products: &[&Marks], open: bool) -> [Self; N] {
        let mut out = [Self::NONE; N];
        let mut free: &mut [Self] = &mut out;
        let (mut product, mut number) = (0, 0);
        let mut products = products;
        while let [marks, rest @ ..] = products {
            let mut roles: &[Role] = &Role::ALL;
            while let [role, others @ ..] = roles {
                let mut shapes = marks.shapes(*role);
                while let [shape, behind @ ..] = shapes {
                    if shape.is_open() == open
                        && let [first, after @ ..] = free
                    {
                        let (role, shape) = (*role, *shape);
                        let code_behind = shape.code_behind();
                        let place = match shape.domain() {
                            Some(domain) => Hosts::place(domain),
                            None => 0,
                        };
                        let slash = shape.slash();
                        let (host_begins, path_begins) = (shape.host_begins(), shape.path_begins());
                        *first = Self {
                            product,
                            role,
                            number,
                            shape,
                            slash,
                            place,
                            code_behind,
                            host_begins,
                            path_begins,
                        };
                        free = after;
                    }
                    number += 1;
                    shapes = behind;
                }
                roles = others;
            }
            product += 1;
            products = rest;
        }
        out
    }
}

impl UrlShape {
    /// Whether its host could be anybody's: links are not told from others by their host.
    const fn is_open(self) -> bool {
        self.domain().is_none()
    }

    /// The domain that its hosts are, or are in; none when there is no such, or it is too
    /// short for [`Hosts`].
    const fn domain(self) -> Option<&'static [u8]> {
        let mut domain = self.0.as_bytes().split_at(self.slash()).0;
        if let [b'*', b'.', behind @ ..] = domain {
            domain = behind;
        }
        match domain {
            [.., b'*'] => None,
            _ if domain.len() < Hosts::TAIL => None,
            _ => Some(domain),
        }
    }

    /// Where its path begins.
    const fn slash(self) -> usize {
        let (mut length, mut rest) = (0, self.0.as_bytes());
        while let [first, behind @ ..] = rest {
            if *first == b'/' {
                break;
            }
            length += 1;
            rest = behind;
        }
        length
    }

    /// The letter that its hosts begin with, when they are in anybody's domain.
    const fn host_begins(self) -> Option<u8> {
        match self.0.as_bytes() {
            [b'*', ..] => None,
            [first, ..] if self.is_open() => Some(first.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// The letter that its paths begin with.
    const fn path_begins(self) -> Option<u8> {
        match self.0.as_bytes().split_at(self.slash()).1 {
            [b'/', first, ..] if first.is_ascii_alphanumeric() => Some(first.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// How many segments stand before the code that its path ends in.
    const fn code_behind(self) -> Option<usize> {
        let (mut slashes, mut open_ended) = (0_usize, false);
        let mut rest = self.0.as_bytes();
        while let [first, behind @ ..] = rest {
            slashes += (*first == b'/') as usize;
            open_ended |= matches!(rest, [b'*', b'*', ..]);
            rest = behind;
        }
        match self.0.as_bytes() {
            [.., b'/', b'@'] if !open_ended => Some(slashes - 1),
            _ => None,
        }
    }
}

/// The hosts of shapes that have one: what most links' hosts are told from by a few bytes.
#[derive(Clone, Copy, Debug)]
struct Hosts([u64; 16]);

impl Hosts {
    /// How many bytes at a host's end are looked at.
    const TAIL: usize = 6;

    const fn of(products: &[&Marks]) -> Self {
        let mut hosts = Self([0; 16]);
        let mut products = products;
        while let [marks, rest @ ..] = products {
            let mut roles: &[Role] = &Role::ALL;
            while let [role, others @ ..] = roles {
                let mut shapes = marks.shapes(*role);
                while let [shape, behind @ ..] = shapes {
                    if let Some(domain) = shape.domain() {
                        hosts.insert(domain);
                    }
                    shapes = behind;
                }
                roles = others;
            }
            products = rest;
        }
        hosts
    }

    const fn insert(&mut self, domain: &[u8]) {
        let place = Self::place(domain);
        let mut words: &mut [u64] = &mut self.0;
        let mut at = place / 64;
        while let [word, behind @ ..] = words {
            if at == 0 {
                *word |= 1 << (place % 64);
                return;
            }
            at -= 1;
            words = behind;
        }
    }

    /// The hosts of a shape.
    fn insert_of(&mut self, shape: &str) {
        let host = shape.split('/').next().unwrap_or_default();
        let domain = host.strip_prefix("*.").unwrap_or(host);
        if domain.len() < Self::TAIL {
            // How its hosts end is not known.
            self.0.fill(u64::MAX);
        }
        self.insert(domain.as_bytes());
    }

    /// False when no shape has hosts with this place. True says little.
    fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    const fn place(host: &[u8]) -> usize {
        let (mut rest, mut hash, mut left) = (host, 0_u64, Self::TAIL);
        while let [before @ .., last] = rest {
            if left == 0 {
                break;
            }
            hash = (hash << 8) | last.to_ascii_lowercase() as u64;
            rest = before;
            left -= 1;
        }
        (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize
    }
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
