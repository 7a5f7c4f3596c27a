//! Names of elements as words.

/// `effectiveDateTime` as "Effective date time"; `_birthDate` as "Birth date". Types are split the same way.
pub fn label(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for (at, character) in name.trim_start_matches('_').chars().enumerate() {
        if character.is_uppercase() && was_lower {
            words.push(' ');
        }
        was_lower = character.is_lowercase() || character.is_ascii_digit();
        match at {
            0 => words.extend(character.to_uppercase()),
            _ => words.extend(character.to_lowercase()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn names_are_split_where_a_capital_begins() {
        for (name, words) in [
            ("effectiveDateTime", "Effective date time"),
            ("_birthDate", "Birth date"),
            ("", ""),
            ("CarePlan", "Care plan"),
        ] {
            assert_eq!(label(name), words);
        }
    }
}
