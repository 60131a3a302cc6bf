//! The labels of a block, per language: data, no logic.

pub(crate) struct Wording {
    pub(crate) tag: &'static str,
}

const ALL: &[Wording] = &[Wording { tag: "en" }];

/// The wording for a tag: the exact one, else its language without the region.
pub(crate) fn find(tag: &str) -> Option<&'static Wording> {
    let base = tag.split('-').next().unwrap_or_default();
    ALL.iter()
        .find(|w| w.tag.eq_ignore_ascii_case(tag))
        .or_else(|| ALL.iter().find(|w| w.tag.eq_ignore_ascii_case(base)))
}
