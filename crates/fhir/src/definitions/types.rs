//! Types, their elements, and the names by which JSON speaks of them (R4 json.html).

use super::codes::CodeSet;
use super::definitions;
use super::primitive::Primitive;

/// What sort of type it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeKind {
    /// `string`, `date` …: a JSON string, number or boolean, with its id and extensions in a sibling.
    Primitive,
    /// `Quantity`, `Extension` …
    Datatype,
    /// A group of elements within one type, named by its path: `Observation.component`.
    Backbone,
    /// `Observation`, `Bundle` …
    Resource,
}

/// A type and its elements, those it inherits included.
pub struct Type {
    pub(super) number: u16,
    pub(super) name: &'static str,
    pub(super) kind: TypeKind,
    pub(super) is_abstract: bool,
    pub(super) primitive: Option<Primitive>,
    pub(super) base: &'static str,
    pub(super) elements: Vec<ElementDefinition>,
    /// By name.
    pub(super) keys: Vec<Key>,
    /// A bit for each element that must be there.
    pub(super) required: u64,
}

/// A name that JSON can use for an element: one for each type of a choice.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) element: u8,
    pub(super) of: u16,
}

/// An element of a type.
pub struct ElementDefinition {
    pub(super) index: u8,
    pub(super) name: &'static str,
    pub(super) is_choice: bool,
    pub(super) is_required: bool,
    pub(super) is_many: bool,
    pub(super) is_modifier: bool,
    pub(super) is_summary: bool,
    pub(super) is_simple_quantity: bool,
    pub(super) types: Vec<u16>,
    pub(super) codes: Option<&'static CodeSet>,
    pub(super) targets: Vec<&'static str>,
}

/// What a JSON name means within a type.
#[derive(Clone, Copy)]
pub struct Found {
    /// The name without the underscore of a sibling.
    pub key: &'static str,
    /// The element: `value[x]` for `valueQuantity`.
    pub element: &'static ElementDefinition,
    /// The type of its content: `Quantity` for `valueQuantity`.
    pub of: &'static Type,
    /// Whether it was the `_name` that holds a primitive's id and extensions.
    pub is_sibling: bool,
}

impl Type {
    /// Its name, or its path for a backbone element.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What sort of type it is.
    pub fn kind(&self) -> TypeKind {
        self.kind
    }

    /// Which primitive it is; none for other kinds.
    pub fn primitive(&self) -> Option<Primitive> {
        self.primitive
    }

    /// Whether there are only instances of types derived from it (`Resource`, `Element` …).
    pub fn is_abstract(&self) -> bool {
        self.is_abstract
    }

    /// The type it is derived from; none for `Resource` and `Element`.
    pub fn base(&self) -> Option<&'static Type> {
        definitions().type_named(self.base)
    }

    /// Whether it is `name` or derived from it.
    pub fn is_a(&self, name: &str) -> bool {
        self.name == name || self.base().is_some_and(|base| base.is_a(name))
    }

    /// Its elements in the standard's order.
    pub fn elements(&'static self) -> &'static [ElementDefinition] {
        &self.elements
    }

    /// The element of that name, for a choice without `[x]`: `value`.
    pub fn element(&'static self, name: &str) -> Option<&'static ElementDefinition> {
        self.elements.iter().find(|element| element.name == name)
    }

    /// What a JSON name means here: `status`, `valueQuantity`, `_birthDate`. None for a name the type does not have.
    pub fn find(&'static self, key: &str) -> Option<Found> {
        let (name, is_sibling) = match key.strip_prefix('_') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let at = self.keys.binary_search_by(|key| key.name.cmp(name)).ok()?;
        let key = &self.keys[at];
        let of = definitions().type_at(key.of);
        let element = &self.elements[usize::from(key.element)];
        let has_sibling = of.primitive.is_some_and(|primitive| primitive != Primitive::Xhtml);
        (!is_sibling || has_sibling).then_some(Found { key: key.name, element, of, is_sibling })
    }

    /// A bit for each required element, by [`ElementDefinition::index`].
    pub(crate) fn required(&self) -> u64 {
        self.required
    }

    /// Its place among all types.
    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl ElementDefinition {
    /// Its name, for a choice without `[x]`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether its name in JSON carries the type (`value[x]`).
    pub fn is_choice(&self) -> bool {
        self.is_choice
    }

    /// Whether there must be at least one.
    pub fn is_required(&self) -> bool {
        self.is_required
    }

    /// Whether there can be several, and JSON has an array.
    pub fn is_many(&self) -> bool {
        self.is_many
    }

    /// Whether it can change the meaning of its parent.
    pub fn is_modifier(&self) -> bool {
        self.is_modifier
    }

    /// Whether `_summary=true` shows it.
    pub fn is_summary(&self) -> bool {
        self.is_summary
    }

    /// Whether it is a Quantity that has no comparator (SimpleQuantity).
    pub fn is_simple_quantity(&self) -> bool {
        self.is_simple_quantity
    }

    /// The types its content can have; several only for a choice.
    pub fn types(&self) -> impl Iterator<Item = &'static Type> {
        self.types.iter().map(|&number| definitions().type_at(number))
    }

    /// The JSON name of the element with content of that type: `valueQuantity` for `Quantity`. None for a type it
    /// cannot have.
    pub fn key_for(&self, of: &str) -> Option<String> {
        self.types().any(|t| t.name == of).then(|| key(self.name, self.is_choice, of))
    }

    /// The codes it must be taken from, if it must.
    pub fn codes(&self) -> Option<&'static CodeSet> {
        self.codes
    }

    /// The resource types its references may point at; none means any.
    pub fn targets(&self) -> &[&'static str] {
        &self.targets
    }

    /// Its place among the elements of its type.
    pub(crate) fn index(&self) -> u8 {
        self.index
    }
}

/// The JSON name of an element with content of type `of`.
pub(super) fn key(name: &str, is_choice: bool, of: &str) -> String {
    if !is_choice {
        return name.to_owned();
    }
    let mut key = name.to_owned();
    let mut letters = of.chars();
    key.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    key.push_str(letters.as_str());
    key
}
