//! The recovery code: tolerant in what it takes, and no slip goes unseen.

use mecum_store::keys::{InstallationKey, RecoveryCodeError};
use proptest::prelude::*;

use super::code_of;

fn refusal(code: &str) -> RecoveryCodeError {
    InstallationKey::from_recovery_code(code).err().expect("the code is wrong and was taken")
}

#[test]
fn a_recovery_code_is_sixty_letters_in_groups_of_five_and_gives_the_key_back() {
    let key = InstallationKey::generate();
    let code = code_of(&key);
    let groups: Vec<&str> = code.split('-').collect();
    assert_eq!(groups.len(), 12);
    assert!(groups.iter().all(|group| group.len() == 5 && !group.contains(['I', 'L', 'O', 'U'])));
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&code).unwrap()), code);
    assert_ne!(code_of(&InstallationKey::generate()), code);
}

#[test]
fn a_recovery_code_may_be_typed_in_small_letters_with_spaces_and_look_alikes() {
    let code = code_of(&InstallationKey::generate());
    let typed = code.to_lowercase().replace('-', " \t").replace('0', "o").replace('1', "l");
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&format!("\n {typed}\u{a0}")).unwrap()), code);
    let typed = code.replace('-', "\u{2013}").replace('0', "O").replace('1', "I");
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&typed).unwrap()), code);
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&code.replace('-', "")).unwrap()), code);
}

#[test]
fn every_single_slip_in_a_recovery_code_is_found_in_its_group() {
    let code = code_of(&InstallationKey::generate());
    for (at, letter) in code.char_indices().filter(|(_, letter)| *letter != '-') {
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().filter(|other| *other != letter) {
            let typed = format!("{}{other}{}", &code[..at], &code[at + 1..]);
            assert_eq!(refusal(&typed), RecoveryCodeError::MistypedGroup { group: at / 6 + 1 }, "{other} at {at}");
        }
    }
}

#[test]
fn neighbours_exchanged_in_a_recovery_code_are_found() {
    let code = code_of(&InstallationKey::generate()).replace('-', "");
    for at in 0..code.len() - 1 {
        let (one, other) = (&code[at..=at], &code[at + 1..at + 2]);
        if one != other {
            let typed = format!("{}{other}{one}{}", &code[..at], &code[at + 2..]);
            assert_eq!(refusal(&typed), RecoveryCodeError::MistypedGroup { group: at / 5 + 1 }, "at {at}");
        }
    }
}

#[test]
fn a_recovery_code_too_short_too_long_or_with_a_foreign_letter_says_so() {
    let code = code_of(&InstallationKey::generate());
    assert_eq!(refusal(""), RecoveryCodeError::Length { count: 0 });
    assert_eq!(refusal(&code[1..]), RecoveryCodeError::Length { count: 59 });
    assert_eq!(refusal(&format!("{code}0")), RecoveryCodeError::Length { count: 61 });
    assert_eq!(refusal(&format!("{}U{}", &code[..6], &code[7..])), RecoveryCodeError::Letter { place: 6 });
    assert_eq!(refusal(&"é".repeat(1000)), RecoveryCodeError::Letter { place: 1 });
}

proptest! {
    #[test]
    fn a_recovery_code_with_two_letters_wrong_is_never_taken(one in 0usize..60, other in 0usize..60, by in 1u8..32, by_too in 1u8..32) {
        prop_assume!(one != other);
        let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut code = code_of(&InstallationKey::generate()).replace('-', "").into_bytes();
        for (at, by) in [(one, by), (other, by_too)] {
            let symbol = alphabet.iter().position(|letter| *letter == code[at]).unwrap();
            code[at] = alphabet[(symbol + usize::from(by)) % 32];
        }
        let typed = String::from_utf8(code).unwrap();
        prop_assert!(InstallationKey::from_recovery_code(&typed).is_err());
    }

    #[test]
    fn no_text_makes_reading_a_recovery_code_panic(text in any::<String>()) {
        prop_assert!(InstallationKey::from_recovery_code(&text).is_err());
    }
}
