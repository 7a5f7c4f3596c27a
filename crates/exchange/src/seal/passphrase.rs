//! Passphrases that seal files: generated, typed, and strong enough for the weak key derivation of ZIP (PHR-31 d, PHR-37).

use super::Random;
use std::fmt;
use zeroize::Zeroizing;

/// Crockford's base 32: no i, l, o or u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const GENERATED_SYMBOLS: usize = 16;
const GROUP_SYMBOLS: usize = 4;
const MAX_BYTES: usize = 1024;

/// A passphrase as typed; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

/// Why a passphrase cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Empty or above 1 KiB.
    #[error("a passphrase has between 1 and 1024 bytes")]
    Length,
    /// Too few characters to hold 77 bits.
    #[error("a passphrase of one's own for this kind of file has at least 24 characters, 8 of them different")]
    Weak,
    /// Archive programs disagree on how to encode what is not ASCII, and 7-Zip takes 99 characters at most.
    #[error("a passphrase for this kind of file has at most 99 characters, all of them printable ASCII")]
    NotPortable,
}

impl Passphrase {
    /// Takes a passphrase as typed, of 1 to 1,024 bytes.
    pub fn new(text: &str) -> Result<Self, PassphraseError> {
        if text.is_empty() || text.len() > MAX_BYTES {
            return Err(PassphraseError::Length);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// Returns the text, for showing it to whoever may know it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns what may have been meant: the text as typed and, where it reads as one that Mecum generated (any case,
    /// grouping, O for 0, I or L for 1), that one.
    pub(crate) fn readings(&self) -> Vec<Self> {
        let generated = read_generated(&self.0).filter(|reading| *reading != self.0);
        std::iter::once(self.clone()).chain(generated.map(Self)).collect()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// A passphrase that can hold 77 bits and that every archive program takes, as AES entries of a ZIP need: their keys are
/// derived with 1,000 rounds of PBKDF2-HMAC-SHA-1 only.
#[derive(Clone, Debug)]
pub struct ArchivePassphrase(Passphrase);

impl ArchivePassphrase {
    /// Makes one of 80 random bits, as `xxxx-xxxx-xxxx-xxxx`. It is typed with its hyphens in other programs.
    pub fn generate(random: &mut Random<'_>) -> Self {
        let mut bytes = Zeroizing::new([0u8; GENERATED_SYMBOLS]);
        random(bytes.as_mut_slice());
        // One byte a symbol, its upper bits dropped: 32 divides 256, so every symbol is equally likely.
        let symbols = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
        Self(Passphrase(grouped(symbols)))
    }

    /// Takes a passphrase of one's own. Refused unless it has at least 24 characters, 8 of them different, since how
    /// random a text is cannot be seen: 24 random digits hold 79 bits, and six words from a list of 7,776 hold 77 and are
    /// hardly ever shorter. One that Mecum generated is taken in any spelling.
    pub fn new(text: &str) -> Result<Self, PassphraseError> {
        if let Some(generated) = read_generated(text) {
            return Ok(Self(Passphrase(generated)));
        }
        if text.chars().count() < 24 || n_different(text) < 8 {
            return Err(PassphraseError::Weak);
        }
        if text.len() > 99 || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(PassphraseError::NotPortable);
        }
        Passphrase::new(text).map(Self)
    }

    /// Returns the text, for showing it to whoever may know it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Returns it as a key for any kind of file.
    pub fn as_passphrase(&self) -> &Passphrase {
        &self.0
    }
}

fn n_different(text: &str) -> usize {
    text.chars().collect::<std::collections::BTreeSet<_>>().len()
}

/// Reads typed text as a generated passphrase: exactly 16 symbols once spaces and hyphens are gone.
fn read_generated(typed: &str) -> Option<Zeroizing<String>> {
    let mut symbols = Zeroizing::new(String::with_capacity(MAX_BYTES));
    for typed in typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{2010}'..='\u{2015}') && !c.is_whitespace()) {
        let symbol = match typed.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let is_symbol = symbol.is_ascii() && ALPHABET.contains(&(symbol as u8));
        if !is_symbol || symbols.len() == GENERATED_SYMBOLS {
            return None;
        }
        symbols.push(symbol);
    }
    (symbols.len() == GENERATED_SYMBOLS).then(|| grouped(symbols.chars()))
}

fn grouped(symbols: impl Iterator<Item = char>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(GENERATED_SYMBOLS + GENERATED_SYMBOLS / GROUP_SYMBOLS));
    for (at, symbol) in symbols.enumerate() {
        if at > 0 && at % GROUP_SYMBOLS == 0 {
            text.push('-');
        }
        text.push(symbol);
    }
    text
}
