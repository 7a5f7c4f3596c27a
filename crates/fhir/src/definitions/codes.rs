//! Code sets of required bindings (R4 terminologies.html#required), each as (system, codes).

/// The codes an element must be taken from.
pub struct CodeSet {
    pub(super) url: &'static str,
    pub(super) systems: Vec<CodeSystem>,
}

/// Codes of one system in a set.
pub struct CodeSystem {
    pub(super) url: &'static str,
    pub(super) codes: Vec<&'static str>,
}

impl CodeSet {
    /// The canonical URL of the value set, without version.
    pub fn url(&self) -> &'static str {
        self.url
    }

    /// Whether the codes are not listed here: media types, currencies, units, LOINC answers.
    pub fn is_open(&self) -> bool {
        self.systems.is_empty()
    }

    /// The systems and their codes; empty for an open set.
    pub fn systems(&self) -> &[CodeSystem] {
        &self.systems
    }

    /// The system of a bare `code`. None if it is not in the set.
    pub fn system_of(&self, code: &str) -> Option<&'static str> {
        self.systems.iter().find(|system| system.codes.contains(&code)).map(|system| system.url)
    }

    /// Whether `code` of `system` is in the set.
    pub fn contains(&self, system: &str, code: &str) -> bool {
        self.systems.iter().any(|known| known.url == system && known.codes.contains(&code))
    }
}

impl CodeSystem {
    /// The system's URL.
    pub fn url(&self) -> &'static str {
        self.url
    }

    /// Its codes that are in the set, in the system's order.
    pub fn codes(&self) -> &[&'static str] {
        &self.codes
    }
}
