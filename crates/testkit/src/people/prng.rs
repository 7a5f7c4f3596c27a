//! A small deterministic generator of numbers: SplitMix64 for the seed, xoshiro256** for the stream. The same seed
//! gives the same people on every machine, because nothing here uses floating point beyond exact division by a power of
//! two.

/// A stream of numbers fixed by its seed.
#[derive(Clone)]
pub(crate) struct Prng {
    state: [u64; 4],
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Prng {
    /// The stream of one seed and one purpose: two purposes under one seed do not touch each other.
    pub(crate) fn new(seed: u64, purpose: u64) -> Prng {
        let mut mixed = seed ^ purpose.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Prng { state: std::array::from_fn(|_| split_mix(&mut mixed)) }
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let (mut c, mut d) = (c ^ a, d ^ b);
        let (b2, a2) = (b ^ c, a ^ d);
        c ^= b << 17;
        d = d.rotate_left(45);
        self.state = [a2, b2, c, d];
        result
    }

    /// A number from 0 to `bound` - 1; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// A number around `centre`, at most `spread` away, the middle likelier than the edges.
    pub(crate) fn around(&mut self, centre: i64, spread: i64) -> i64 {
        centre + (self.between(-spread, spread) + self.between(-spread, spread) + self.between(-spread, spread)) / 3
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// A number from 0 (included) to 1 (excluded).
    pub(crate) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 16_777_216.0
    }

    /// A version 4 UUID in lower case.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.bits(), self.bits());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream_and_another_purpose_another() {
        let stream = |seed, purpose| {
            let mut prng = Prng::new(seed, purpose);
            [prng.bits(), prng.bits(), prng.bits()]
        };
        assert_eq!(stream(7, 1), stream(7, 1));
        assert_ne!(stream(7, 1), stream(7, 2));
        assert_ne!(stream(7, 1), stream(8, 1));
    }

    #[test]
    fn the_first_numbers_are_those_of_the_published_xoshiro256_starstar() {
        let mut prng = Prng { state: [1, 2, 3, 4] };
        assert_eq!([prng.bits(), prng.bits(), prng.bits()], [11520, 0, 1509978240]);
    }

    #[test]
    fn numbers_keep_to_their_bounds() {
        let mut prng = Prng::new(3, 0);
        for _ in 0..10_000 {
            assert!(prng.below(7) < 7);
            assert!((-5..=5).contains(&prng.between(-5, 5)));
            assert!((90..=110).contains(&prng.around(100, 10)));
            assert!((0.0..1.0).contains(&prng.unit()));
        }
        assert_eq!(prng.uuid().len(), 36);
    }
}
