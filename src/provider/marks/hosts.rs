//! Hosts that shapes name, as a few bits for each.
//!
//! In: the domains of shapes. Out: whether a host may be one of theirs, or in one. Never: a "no"
//! that is not certain.

/// The hosts of shapes that have one: what most links' hosts are told from by a few bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hosts([u64; 16]);

impl Hosts {
    /// How many bytes at a host's end are looked at.
    pub(super) const TAIL: usize = 6;

    pub(super) const NONE: Self = Self([0; 16]);

    pub(super) const fn insert(&mut self, domain: &[u8]) {
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
    pub(super) fn insert_of(&mut self, shape: &str) {
        let host = shape.split('/').next().unwrap_or_default();
        let domain = host.strip_prefix("*.").unwrap_or(host);
        if domain.len() < Self::TAIL {
            // How its hosts end is not known.
            self.0.fill(u64::MAX);
        }
        self.insert(domain.as_bytes());
    }

    /// False when no shape has hosts with this place. True says little.
    pub(super) fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(super) const fn place(host: &[u8]) -> usize {
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
