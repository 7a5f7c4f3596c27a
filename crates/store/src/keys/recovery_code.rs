//! The recovery code: the installation key as 60 letters and digits in groups of five, to be written down and typed again.
//!
//! Crockford's base32 (<https://www.crockford.com/base32.html>) of four bits of version, the 256 bits of the key and 40 bits of SHA-256
//! over both. Reading takes small letters, spaces and hyphens anywhere, O for 0, and I or L for 1.

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VERSION: u8 = 1;
const GROUP: usize = 5;
const SYMBOLS: usize = 60;
const KEY_BYTES: usize = 32;
const CHECK_BYTES: usize = 5;

/// Why a text is not a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// A letter or sign that no code has; the place is counted from 1, without spaces and hyphens.
    #[error("letter {place} of the recovery code is not one that recovery codes have")]
    Letter {
        /// Which letter or digit of the code it is.
        place: usize,
    },
    /// Too few or too many letters and digits.
    #[error("a recovery code has {SYMBOLS} letters and digits, this one has {count}")]
    Length {
        /// How many there are.
        count: usize,
    },
    /// One letter is wrong or two neighbours are exchanged, in this group counted from 1.
    #[error("the recovery code is mistyped; look at group {group} again")]
    MistypedGroup {
        /// The group of five.
        group: usize,
    },
    /// More than one letter is wrong.
    #[error("the recovery code is mistyped in several places, or is no code of this program")]
    Mistyped,
    /// A code of a newer program.
    #[error("the recovery code has version {0}, which this program does not know")]
    UnknownVersion(u8),
}

/// The code of a key, groups of five between hyphens.
pub(super) fn encode(key: &[u8; KEY_BYTES]) -> Zeroizing<String> {
    let mut code = Zeroizing::new(String::with_capacity(SYMBOLS + SYMBOLS / GROUP));
    let mut bits = u32::from(VERSION);
    let mut n_bits = 4;
    let mut n_symbols = 0;
    for byte in key.iter().copied().chain(check(VERSION, key)) {
        bits = bits << 8 | u32::from(byte);
        n_bits += 8;
        while n_bits >= 5 {
            n_bits -= 5;
            if n_symbols > 0 && n_symbols % GROUP == 0 {
                code.push('-');
            }
            code.push(char::from(ALPHABET[(bits >> n_bits & 31) as usize]));
            n_symbols += 1;
        }
    }
    code
}

/// The key of a code as somebody typed it.
pub(super) fn decode(code: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>, RecoveryCodeError> {
    let mut symbols = Zeroizing::new([0; SYMBOLS]);
    let mut count = 0;
    for letter in code.chars().filter(|letter| !is_between(*letter)) {
        let symbol = symbol(letter).ok_or(RecoveryCodeError::Letter { place: count + 1 })?;
        if let Some(place) = symbols.get_mut(count) {
            *place = symbol;
        }
        count += 1;
    }
    if count != SYMBOLS {
        return Err(RecoveryCodeError::Length { count });
    }
    match checked(&symbols) {
        Some((VERSION, key)) => Ok(key),
        Some((version, _)) => Err(RecoveryCodeError::UnknownVersion(version)),
        None => Err(mistake(symbols)),
    }
}

/// What may stand between the groups, typed or printed.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '_' | '.' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn symbol(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    ALPHABET.iter().position(|known| char::from(*known) == letter).and_then(|symbol| u8::try_from(symbol).ok())
}

/// Version and key, if the check bits agree with them.
fn checked(symbols: &[u8; SYMBOLS]) -> Option<(u8, Zeroizing<[u8; KEY_BYTES]>)> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES + CHECK_BYTES]);
    let version = symbols[0] >> 1;
    let mut bits = u32::from(symbols[0] & 1);
    let mut n_bits = 1;
    let mut n_bytes = 0;
    for symbol in &symbols[1..] {
        bits = bits << 5 | u32::from(*symbol);
        n_bits += 5;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes[n_bytes] = (bits >> n_bits & 255) as u8;
            n_bytes += 1;
        }
    }
    let (key, check_bytes) = bytes.split_first_chunk::<KEY_BYTES>()?;
    (check(version, key) == check_bytes).then(|| (version, Zeroizing::new(*key)))
}

fn check(version: u8, key: &[u8; KEY_BYTES]) -> [u8; CHECK_BYTES] {
    let text = Zeroizing::new([b"mecum recovery code".as_slice(), &[version], key].concat());
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&digest(&SHA256, &text).as_ref()[..CHECK_BYTES]);
    check
}

/// Says where to look when a single slip explains the mismatch, so that nobody types all sixty again.
fn mistake(mut symbols: Zeroizing<[u8; SYMBOLS]>) -> RecoveryCodeError {
    for place in 0..SYMBOLS {
        let group = place / GROUP + 1;
        let typed = symbols[place];
        for other in 0..32 {
            symbols[place] = other;
            if checked(&symbols).is_some() {
                return RecoveryCodeError::MistypedGroup { group };
            }
        }
        symbols[place] = typed;
        if place + 1 < SYMBOLS {
            symbols.swap(place, place + 1);
            if checked(&symbols).is_some() {
                return RecoveryCodeError::MistypedGroup { group };
            }
            symbols.swap(place, place + 1);
        }
    }
    RecoveryCodeError::Mistyped
}
