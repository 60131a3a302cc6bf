//! What a link is to the products.
//!
//! In: the shapes that it fits. Out: whose meetings it leads into, and whose blocks have such
//! links. Never: a look at the link itself.

/// A set of products, by their places in a [`MarkSet`](super::MarkSet).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Products(u32);

impl Products {
    const ALL: Self = Self(u32::MAX);

    pub(super) const fn one(product: usize) -> Self {
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

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
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
    /// What a call into a conference is.
    pub(super) fn of_call() -> Self {
        Self { companions: Products::ALL, ..Self::default() }
    }

    /// All products that have to do with it.
    pub(crate) const fn products(self) -> Products {
        self.joins.and(self.weak_joins).and(self.companions)
    }

    /// The products into whose meetings it surely leads.
    pub(crate) const fn joins(self) -> Products {
        self.joins
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

    pub(super) fn add(&mut self, product: usize, role: Role, shape: u16) {
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
pub(super) enum Role {
    Join,
    WeakJoin,
    Companion,
}

impl Role {
    pub(super) const ALL: [Self; 3] = [Self::Join, Self::WeakJoin, Self::Companion];
}
