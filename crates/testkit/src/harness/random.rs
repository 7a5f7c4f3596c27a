//! Randomness that is the same on every run (SplitMix64). For tests only: whoever knows the seed knows everything.

/// A deterministic source of bytes and numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The source that this seed stands for.
    #[must_use]
    pub fn seeded(seed: u64) -> Random {
        Random(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which must not be 0. Not perfectly even, which no test needs.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next_u64() % end
    }

    /// Fills a place with bytes.
    pub fn fill(&mut self, place: &mut [u8]) {
        for part in place.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            part.copy_from_slice(&bytes[..part.len()]);
        }
    }

    /// So many bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_always_gives_the_same_and_another_seed_something_else() {
        // The published test vector of SplitMix64.
        assert_eq!(Random::seeded(1_234_567).next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(Random::seeded(1).bytes::<13>(), Random::seeded(1).bytes::<13>());
        assert_ne!(Random::seeded(1).bytes::<13>(), Random::seeded(2).bytes::<13>());
        let mut random = Random::seeded(3);
        assert!((0..100).all(|_| random.below(7) < 7));
    }
}
