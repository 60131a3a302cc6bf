//! Where bytes stand that a link of a product's cannot do without.
//!
//! In: the bytes of an HTML body. Out: the first and the last place that somebody who looks
//! there takes for a mark. Never: a look of its own at what stands there. Links are sought by
//! the rarest bytes that all of their spellings share.

use std::ops::Range;

use memchr::memchr2_iter;

/// How many bytes are looked at as one.
const CHUNK: usize = u64::BITS as usize;

/// The first and the last sign that is a mark's.
pub(super) fn range(bytes: &[u8], mut is_mark: impl FnMut(usize) -> bool) -> Option<Range<usize>> {
    let pair = pairs(bytes).find(|&at| is_mark(at));
    let before = bytes.get(..pair.unwrap_or(bytes.len()))?;
    let first = singles(before).find(|&at| is_mark(at)).or(pair)?;
    let behind = |first: usize| (first + 1, bytes.get(first + 1..).unwrap_or_default());
    let (from, rest) = behind(first);
    let pair = pairs(rest).rev().map(|at| from + at).find(|&at| is_mark(at));
    let (from, rest) = behind(pair.unwrap_or(first));
    let last = singles(rest).rev().map(|at| from + at).find(|&at| is_mark(at)).or(pair);
    Some(first..last.unwrap_or(first))
}

/// Where a reference begins; and NULs, which are dropped from words: what they part is one.
fn singles(bytes: &[u8]) -> impl DoubleEndedIterator<Item = usize> {
    memchr2_iter(b'&', 0, bytes)
}

/// Where two bytes stand, one behind the other, that may be part of a link.
fn pairs(bytes: &[u8]) -> impl DoubleEndedIterator<Item = usize> {
    let firsts = bytes.get(..bytes.len().saturating_sub(1)).unwrap_or_default();
    let seconds = bytes.get(1..).unwrap_or_default();
    let ((firsts, rest), (seconds, behind)) =
        (firsts.as_chunks::<CHUNK>(), seconds.as_chunks::<CHUNK>());
    let done = firsts.len() * CHUNK;
    let looked =
        |(chunk, (firsts, seconds))| Places { from: chunk * CHUNK, left: look(firsts, seconds) };
    let few = rest.iter().zip(behind).enumerate();
    let few = few.filter(|(_, (a, b))| is_sign(**a, **b)).map(move |(i, _)| done + i);
    firsts.iter().zip(seconds).enumerate().flat_map(looked).chain(few)
}

/// The places of the ones of a number.
struct Places {
    from: usize,
    left: u64,
}

impl Iterator for Places {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        let at = self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(self.from + at)
    }
}

impl DoubleEndedIterator for Places {
    fn next_back(&mut self) -> Option<usize> {
        let at = self.left.checked_ilog2()?;
        self.left ^= 1 << at;
        Some(self.from + at as usize)
    }
}

/// Which of these bytes, each with the one behind it, are signs: a bit for each. Most chunks
/// have none. Without a branch on a byte a look is a few instructions: of a function of its
/// own, that is.
#[inline(never)]
fn look(firsts: &[u8; CHUNK], seconds: &[u8; CHUNK]) -> u64 {
    let (mut signs, mut any) = ([0; CHUNK], 0);
    for ((a, b), sign) in firsts.iter().zip(seconds).zip(&mut signs) {
        *sign = u8::from(is_sign(*a, *b));
        any |= *sign;
    }
    if any == 0 {
        return 0;
    }
    // The ones of eight bytes, gathered in the highest.
    let gathered =
        |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (eights, _) = signs.as_chunks();
    eights.iter().rev().fold(0, |signs, eight| signs << 8 | gathered(eight))
}

/// Whether two bytes, one behind the other, may be part of a link.
#[inline(always)]
fn is_sign(a: u8, b: u8) -> bool {
    // `://`, whole or cut by a tag.
    ((a == b'/') & ((b == b'/') | (b == b'<')))
        // `tel:`, whole or cut by a tag.
        | ((b == b':') & ((a | 32 == b'l') | (a == b'>')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_and_the_last_are_those_that_a_look_at_each_byte_finds(
            pieces in prop::collection::vec(
                prop::sample::select(vec!["//", "/<", "l:", "L:", ">:", "&", "\0", "/", ":", "x", "some words "]), 0..60,
            ),
            marks in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        ) {
            let text = pieces.concat();
            let bytes = text.as_bytes();
            let at = |i: usize| bytes.get(i).copied().unwrap_or(b' ');
            let signs: Vec<usize> = (0..bytes.len())
                .filter(|&i| matches!(at(i), b'&' | 0) || i + 1 < bytes.len() && is_sign(at(i), at(i + 1)))
                .collect();
            let marks: Vec<usize> =
                marks.iter().filter(|_| !signs.is_empty()).map(|i| *i.get(&signs)).collect();
            let expected = marks.iter().min().zip(marks.iter().max()).map(|(first, last)| *first..*last);
            prop_assert_eq!(range(bytes, |at| marks.contains(&at)), expected);
        }
    }
}
