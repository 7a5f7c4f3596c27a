//! A value together with what accounts for it.

/// A value that may leave: its release is accounted for. Not `Debug`: it may be someone's health data.
pub struct Released<T> {
    value: T,
}

impl<T> Released<Option<T>> {
    /// The value that is there, still accounted for.
    pub fn some(self) -> Option<Released<T>> {
        self.value.map(Released::new)
    }
}

impl<T> Released<T> {
    /// Only the desk makes one, once the disclosure is durable.
    pub(super) fn new(value: T) -> Released<T> {
        Released { value }
    }

    /// Another form of the same value; the account stays.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Released<U> {
        Released { value: form(self.value) }
    }

    /// Two values that leave together.
    pub fn with<U>(self, other: Released<U>) -> Released<(T, U)> {
        Released { value: (self.value, other.value) }
    }

    /// The value, for the responder that sends it.
    pub fn deliver(self) -> T {
        self.value
    }
}
