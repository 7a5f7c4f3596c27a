//! Passphrases (PHR-31 d, PHR-37).

use crate::repeatable;
use mecum_exchange::seal::{ArchivePassphrase, Passphrase, PassphraseError};
use proptest::prelude::*;

#[test]
fn phr_31_a_generated_passphrase_has_80_bits_in_four_groups() {
    let mut random = repeatable();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let passphrase = ArchivePassphrase::generate(&mut random);
        let groups: Vec<_> = passphrase.expose().split('-').collect();
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().all(|group| group.len() == 4), "{}", passphrase.expose());
        seen.extend(passphrase.expose().chars().filter(|c| *c != '-'));
    }
    assert_eq!(seen.into_iter().collect::<String>(), "0123456789abcdefghjkmnpqrstvwxyz");
}

#[test]
fn every_bit_pattern_of_a_symbol_is_used() {
    for (byte, symbol) in [(0u8, '0'), (31, 'z'), (32, '0'), (255, 'z'), (10, 'a')] {
        let passphrase = ArchivePassphrase::generate(&mut |bytes: &mut [u8]| bytes.fill(byte));
        assert!(passphrase.expose().chars().all(|c| c == symbol || c == '-'));
    }
}

#[test]
fn phr_31_a_generated_passphrase_is_recognised_however_it_is_typed() {
    for typed in ["k7od-3mpi-9t2a-hlq8", "K7OD 3MPI 9T2A HLQ8", "k70d3mp19t2ah1q8", " k70d\u{2014}3mp1 - 9t2a\tH1Q8 "] {
        assert_eq!(ArchivePassphrase::new(typed).unwrap().expose(), "k70d-3mp1-9t2a-h1q8", "{typed}");
    }
}

#[test]
fn phr_31_a_passphrase_of_ones_own_is_refused_below_what_could_hold_77_bits() {
    for weak in ["", "password", "k7wd-3mpx-9t2a-h4q", "correct horse battery", &"a".repeat(60), &"abc".repeat(20)] {
        assert_eq!(ArchivePassphrase::new(weak).unwrap_err(), PassphraseError::Weak, "{weak}");
    }
    assert!(ArchivePassphrase::new("correct horse battery staple").is_ok());
    assert!(ArchivePassphrase::new("314159265358979323846264").is_ok());
}

#[test]
fn phr_31_a_passphrase_that_other_programs_would_read_otherwise_is_refused() {
    for odd in ["drei \u{e4}u\u{df}erst lange W\u{f6}rter hier", "tab\tbetween some long words", &"abcdefgh".repeat(13)]
    {
        assert_eq!(ArchivePassphrase::new(odd).unwrap_err(), PassphraseError::NotPortable, "{odd}");
    }
    assert!(ArchivePassphrase::new(&"abcdefghi".repeat(11)).is_ok());
}

#[test]
fn any_passphrase_has_between_one_and_1024_bytes() {
    assert_eq!(Passphrase::new("").unwrap_err(), PassphraseError::Length);
    assert_eq!(Passphrase::new(&"x".repeat(1025)).unwrap_err(), PassphraseError::Length);
    assert!(Passphrase::new(&"x".repeat(1024)).is_ok());
}

#[test]
fn passphrases_do_not_show_in_debug_output() {
    let shown =
        format!("{:?} {:?}", Passphrase::new("secret words").unwrap(), ArchivePassphrase::generate(&mut repeatable()));
    assert_eq!(shown, "Passphrase(..) ArchivePassphrase(Passphrase(..))");
}

proptest! {
    #[test]
    fn what_is_generated_is_always_accepted_as_it_is(seed in any::<[u8; 16]>()) {
        let generated = ArchivePassphrase::generate(&mut |bytes: &mut [u8]| bytes.copy_from_slice(&seed[..bytes.len()]));
        let accepted = ArchivePassphrase::new(&generated.expose().to_uppercase()).unwrap();
        prop_assert_eq!(accepted.expose(), generated.expose());
    }

    #[test]
    fn any_text_is_taken_or_refused_without_a_panic(text in "\\PC*") {
        let own = ArchivePassphrase::new(&text);
        prop_assert_eq!(Passphrase::new(&text).is_ok(), (1..=1024).contains(&text.len()));
        if let Ok(own) = own {
            prop_assert!(own.expose().is_ascii() && own.expose().len() >= 19);
        }
    }
}
