//! The shapes of all products, read once, by the compiler.
//!
//! In: products' marks. Out: their shapes, those with a host of their own apart from the others,
//! and what most links are told from all of them by. Never: a shape that is read again for a link.

use super::Marks;
use super::hosts::Hosts;
use super::kin::Role;
use super::shape::{Address, UrlShape, fits_at};

/// A shape, with what tells most links from it at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) product: usize,
    pub(super) role: Role,
    pub(super) number: u16,
    shape: UrlShape,
    /// Where its path begins.
    slash: usize,
    /// The place of its hosts in [`Hosts`], when it has any.
    pub(super) place: usize,
    /// It ends in a code, behind so many segments.
    pub(super) code_behind: Option<usize>,
}

impl Known {
    const fn new(shape: UrlShape, product: usize, role: Role, number: u16) -> Self {
        let place = match shape.domain() {
            Some(domain) => Hosts::place(domain),
            None => 0,
        };
        let (slash, code_behind) = (shape.slash(), shape.code_behind());
        Self { product, role, number, shape, slash, place, code_behind }
    }

    pub(super) fn fits(&self, address: Address<'_>) -> bool {
        fits_at(self.shape.0, self.slash, address)
    }
}

/// Some of `N` shapes.
#[derive(Debug)]
pub(super) struct List<const N: usize> {
    known: [Known; N],
    length: usize,
}

impl<const N: usize> List<N> {
    const EMPTY: Self =
        Self { known: [Known::new(UrlShape(""), 0, Role::Companion, 0); N], length: 0 };

    const fn push(&mut self, known: Known) {
        if let Some((free, _)) = self.known.split_at_mut(self.length).1.split_first_mut() {
            *free = known;
            self.length += 1;
        }
    }

    pub(super) const fn all(&self) -> &[Known] {
        self.known.split_at(self.length).0
    }
}

/// All that is known of `N` shapes, and of labels.
#[derive(Debug)]
pub(super) struct Catalogue<const N: usize> {
    /// Shapes with a host of their own.
    pub(super) closed: List<N>,
    /// Shapes whose host could be anybody's: each link is held against them.
    pub(super) open: List<N>,
    /// The hosts of the first.
    pub(super) hosts: Hosts,
    /// What tells links from the others.
    pub(super) anybodys: Anybodys,
    /// With which letters labels begin.
    pub(super) labels: Letters,
}

/// How many shapes products have.
pub(super) const fn count(products: &[&Marks]) -> usize {
    let (mut count, mut products) = (0, products);
    while let [marks, rest @ ..] = products {
        count += marks.joins.len() + marks.weak_joins.len() + marks.companions.len();
        products = rest;
    }
    count
}

impl<const N: usize> Catalogue<N> {
    #[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
    pub(super) const fn of(products: &[&Marks]) -> Self {
        let mut of = Self {
            closed: List::EMPTY,
            open: List::EMPTY,
            hosts: Hosts::NONE,
            anybodys: Anybodys::NONE,
            labels: Letters::NONE,
        };
        let (mut product, mut number) = (0, 0);
        while product < products.len() {
            let marks = products[product];
            let mut role = 0;
            while role < Role::ALL.len() {
                let shapes = marks.shapes(Role::ALL[role]);
                let mut at = 0;
                while at < shapes.len() {
                    of.add(Known::new(shapes[at], product, Role::ALL[role], number));
                    (at, number) = (at + 1, number + 1);
                }
                role += 1;
            }
            let mut label = 0;
            while label < marks.labels.len() {
                of.labels.insert(marks.labels[label].as_bytes().first().copied());
                label += 1;
            }
            product += 1;
        }
        of
    }

    const fn add(&mut self, known: Known) {
        match known.shape.domain() {
            Some(domain) => {
                self.hosts.insert(domain);
                self.closed.push(known);
            }
            None => {
                self.anybodys.insert(known.shape);
                self.open.push(known);
            }
        }
    }
}

/// Some letters, as they are written: a bit for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters(u128);

impl Letters {
    const NONE: Self = Self(0);

    const fn insert(&mut self, letter: Option<u8>) {
        if let Some(letter @ 0..0x80) = letter {
            self.0 |= 1 << letter;
        }
    }

    pub(super) const fn has(self, letter: Option<u8>) -> bool {
        match letter {
            Some(letter @ 0..0x80) => self.0 >> letter & 1 == 1,
            _ => false,
        }
    }
}

/// What tells most links from the shapes whose host could be anybody's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anybodys {
    /// With which letters hosts begin, of shapes that say so.
    hosts: Letters,
    /// With which letters paths begin, of those that say so and nothing of their hosts.
    paths: Letters,
    /// Of those that say neither.
    any_path: bool,
    /// How many segments paths have that end in a code: a bit for each number.
    codes: u32,
}

impl Anybodys {
    const NONE: Self =
        Self { hosts: Letters::NONE, paths: Letters::NONE, any_path: false, codes: 0 };

    const fn insert(&mut self, shape: UrlShape) {
        let (host, path) = (shape.host_begins(), shape.path_begins());
        self.hosts.insert(host);
        match (shape.code_behind(), host, path) {
            (Some(behind), ..) => self.codes |= 1 << (behind + 1),
            (None, Some(_), _) => {}
            (None, None, Some(_)) => self.paths.insert(path),
            (None, None, None) => self.any_path = true,
        }
    }

    /// Whether a host may be one of theirs that begins so.
    pub(super) fn may_have_host(&self, first: Option<u8>) -> bool {
        self.hosts.has(first.map(|b| b.to_ascii_lowercase()))
    }

    /// Whether a path that begins so may be one of theirs, on a host that begins otherwise.
    pub(super) fn may_have_path(&self, first: Option<u8>) -> bool {
        self.any_path || self.paths.has(first.map(|b| b.to_ascii_lowercase()))
    }

    /// Whether one of so many segments may be one of theirs that ends in a code.
    pub(super) fn may_have_code(&self, segments: usize) -> bool {
        u32::try_from(segments).is_ok_and(|n| self.codes.checked_shr(n).unwrap_or(0) & 1 == 1)
    }
}
