//! Where bytes stand that a mark cannot do without.
//!
//! In: the bytes of an HTML body. Out: places, in no order. Never: a look at what stands there.
//! Each kind of mark is sought by the rarest bytes that all of its spellings share.

use memchr::memchr3_iter;

/// How many bytes are looked at as one.
const CHUNK: usize = 64;

/// Calls `found` with each place where something stands that a mark may be made of.
pub(super) fn each(bytes: &[u8], mut found: impl FnMut(usize)) {
    // A reference; a trailer, which begins `[!OC(`, whole or cut by a tag; and NULs are dropped
    // from words: what they part is one.
    memchr3_iter(b'&', b'[', 0, bytes).for_each(&mut found);
    let (firsts, seconds) = match bytes {
        [] => return,
        [firsts @ .., _] => (firsts, bytes.get(1..).unwrap_or_default()),
    };
    let ((firsts, rest), (seconds, behind)) =
        (firsts.as_chunks::<CHUNK>(), seconds.as_chunks::<CHUNK>());
    let mut signs = [0; CHUNK];
    for (chunk, (firsts, seconds)) in firsts.iter().zip(seconds).enumerate() {
        if !look(firsts, seconds, &mut signs) {
            continue;
        }
        // A byte is 1 where a sign is, so eight are a number whose ones are signs.
        for (eight, signs) in signs.as_chunks::<8>().0.iter().enumerate() {
            let mut left = u64::from_le_bytes(*signs);
            while left != 0 {
                let at = left.trailing_zeros() as usize / 8;
                found(chunk * CHUNK + eight * 8 + at);
                left &= left - 1;
            }
        }
    }
    let done = firsts.len() * CHUNK;
    let pairs = rest.iter().zip(behind).enumerate();
    pairs.filter(|(_, (a, b))| is_sign(**a, **b)).for_each(|(i, _)| found(done + i));
}

/// Which of these bytes, each with the one behind it, are signs, and whether any is. Most
/// chunks have none. Without a branch on a byte a look is a few instructions: of a function of
/// its own, that is.
#[inline(never)]
fn look(firsts: &[u8; CHUNK], seconds: &[u8; CHUNK], signs: &mut [u8; CHUNK]) -> bool {
    let mut any = 0;
    for ((a, b), sign) in firsts.iter().zip(seconds).zip(signs) {
        *sign = u8::from(is_sign(*a, *b));
        any |= *sign;
    }
    any != 0
}

/// Whether two bytes, one behind the other, may be part of a mark.
#[inline(always)]
fn is_sign(a: u8, b: u8) -> bool {
    // `://`, whole or cut by a tag.
    ((a == b'/') & ((b == b'/') | (b == b'<')))
        // `tel:`, whole or cut by a tag.
        | ((b == b':') & ((a | 32 == b'l') | (a == b'>')))
        // An anchor.
        | ((a == b'<') & (b | 32 == b'a'))
}
