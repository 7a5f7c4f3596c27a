//! Time and randomness as values handed in: the only places where this room meets either are these two.

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Microseconds since the epoch.
    fn now_us(&self) -> i64;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_us(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }
}

/// 64 random bits from the operating system's generator.
#[must_use]
pub fn random_u64() -> u64 {
    let mut bytes = [0u8; 8];
    fill_random(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// Fills a buffer with random bytes.
pub fn fill_random(bytes: &mut [u8]) {
    aws_lc_rs::rand::fill(bytes)
        .expect("the operating system's random generator is there once the program has started");
}
