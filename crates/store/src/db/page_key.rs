//! The key that seals the pages of an embedded database.

use zeroize::{Zeroize, Zeroizing};

/// 32 random bytes; wiped when dropped, never shown.
pub struct PageKey([u8; 32]);

impl PageKey {
    /// Takes the key's bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> PageKey {
        PageKey(bytes)
    }

    /// A second holder of the same key.
    pub(super) fn copy(&self) -> PageKey {
        PageKey(self.0)
    }

    /// The statement that hands the key to the cipher as it is, without deriving anything from it.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        // Room for all of it from the start: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = 'raw:");
        for byte in self.0 {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text.push('\'');
        text
    }
}

impl Drop for PageKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
