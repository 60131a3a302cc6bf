//! A short name for bytes, the same on every machine and in every version.

/// FNV-1a over 128 bits. For names and for "is it what we wrote?", where nobody gains by
/// forging one.
#[derive(Clone, Copy)]
pub(crate) struct Digest(u128);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds one field; its length goes in first, so that fields do not run together.
    pub(crate) fn with(self, field: &[u8]) -> Self {
        let length = (field.len() as u64).to_le_bytes();
        Self(length.iter().chain(field).fold(self.0, |hash, byte| {
            (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        }))
    }

    pub(crate) fn value(self) -> u128 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_together() {
        let of = |fields: &[&str]| {
            fields.iter().fold(Digest::new(), |d, f| d.with(f.as_bytes())).value()
        };
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab"]), of(&["ab", ""]));
    }
}
