//! Fields to bytes, unambiguously: every field carries its kind and length, so ("ab", "c") and ("a", "bc") differ.

/// What a sealed text belongs to. It is not stored with the text: whoever opens it must say the same again.
///
/// ```
/// use mecum_store::seal::Aad;
/// let version_2 = Aad::new("body").int(17).text("Observation").text("a1").int(2);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Aad(Vec<u8>);

impl Aad {
    /// Starts with the purpose, which keeps texts of different kinds apart.
    #[must_use]
    pub fn new(purpose: &str) -> Self {
        Self(Vec::with_capacity(96)).text(purpose)
    }

    /// Adds a number, such as a record or a version.
    #[must_use]
    pub fn int(mut self, value: i64) -> Self {
        self.0.push(b'i');
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Adds a text, such as a resource type or an id.
    #[must_use]
    pub fn text(self, value: &str) -> Self {
        self.field(b't', value.as_bytes())
    }

    /// Adds bytes, such as a hash.
    #[must_use]
    pub fn bytes(self, value: &[u8]) -> Self {
        self.field(b'b', value)
    }

    /// The framed fields as the cipher takes them.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn field(mut self, kind: u8, value: &[u8]) -> Self {
        self.0.push(kind);
        self.0.extend_from_slice(&length(value));
        self.0.extend_from_slice(value);
        self
    }
}

/// The length of a part as eight bytes, which precede the part.
pub(super) fn length(part: &[u8]) -> [u8; 8] {
    (part.len() as u64).to_be_bytes()
}
