//! Objects: their members against the elements of their type (R4 json.html), and what must be there.

use super::primitive::is_absolute;
use super::{Walk, binding, primitive};
use crate::definitions::{Found, Primitive, Type, TypeKind};
use crate::json::{Element, Kind, Member};
use crate::outcome::IssueCode;

impl<'a> Walk<'a> {
    /// An object of type `of`: a resource, a datatype, a backbone element, or the sibling of a primitive.
    pub(super) fn object(&mut self, object: Element<'a>, of: &'static Type) {
        if object.is_empty() {
            self.error(IssueCode::Structure, object.span(), "must not be empty");
            return;
        }
        if self.path.is_too_deep() {
            self.error(IssueCode::TooLong, object.span(), "is nested too deeply to be looked at");
            return;
        }
        let mut present = 0;
        let mut chosen: Vec<Found> = Vec::new();
        for member in object.members() {
            if self.issues.is_full() {
                return;
            }
            self.duplicate(&member);
            match of.find(&member.key) {
                Some(found) => {
                    present |= 1 << found.element.index();
                    self.choice(&member, found, &mut chosen);
                    self.member(object, member.value, found, of);
                }
                None if member.key == "resourceType" && of.kind() == TypeKind::Resource => {}
                None => self.unknown(&member, of),
            }
        }
        self.missing(object, of, present);
        self.rules(object, of, present);
    }

    fn duplicate(&mut self, member: &Member<'a>) {
        let start = member.key_span.start;
        if !self.duplicates.is_empty() && self.duplicates.binary_search_by_key(&start, |span| span.start).is_ok() {
            self.error_at(&member.key, IssueCode::Structure, member.key_span.clone(), "is there twice");
        }
    }

    fn unknown(&mut self, member: &Member<'a>, of: &'static Type) {
        let message = match member.key.strip_prefix('_') {
            Some(name) if of.find(name).is_some() => "only primitive elements have a sibling",
            _ => "is no element of this type",
        };
        self.error_at(&member.key, IssueCode::Structure, member.key_span.clone(), message);
    }

    /// A choice has one type only.
    fn choice(&mut self, member: &Member<'a>, found: Found, chosen: &mut Vec<Found>) {
        if !found.element.is_choice() {
            return;
        }
        match chosen.iter().find(|other| other.element.index() == found.element.index()) {
            Some(other) if other.key != found.key => {
                let message = "is a second type for an element that has one value of one type";
                self.error_at(&member.key, IssueCode::Structure, member.key_span.clone(), message);
            }
            Some(_) => {}
            None => chosen.push(found),
        }
    }

    fn member(&mut self, object: Element<'a>, value: Element<'a>, found: Found, of: &'static Type) {
        self.path.enter(found.key);
        let is_array = value.kind() == Kind::Array;
        match (found.is_sibling, found.element.is_many()) {
            (true, _) => self.sibling(object, value, found),
            (false, true) if is_array => self.array(object, value, found, of),
            (false, true) => self.error(IssueCode::Structure, value.span(), "must be an array"),
            (false, false) if is_array => self.error(IssueCode::Structure, value.span(), "must not be an array"),
            (false, false) => self.value(value, found, of),
        }
        self.path.leave();
    }

    fn array(&mut self, object: Element<'a>, array: Element<'a>, found: Found, of: &'static Type) {
        if array.is_empty() {
            self.error(IssueCode::Structure, array.span(), "must not be an empty array");
            return;
        }
        let has_null = found.of.primitive().is_some() && array.items().any(|item| item.kind() == Kind::Null);
        if has_null {
            self.nulls(object, array, found);
        }
        for (index, item) in array.items().enumerate() {
            if has_null && item.kind() == Kind::Null {
                continue;
            }
            self.path.at(index);
            match found.of.kind() {
                TypeKind::Resource if found.key == "contained" => self.contained(item, index),
                _ => self.value(item, found, of),
            }
        }
    }

    /// One value of an element of type `of`.
    fn value(&mut self, value: Element<'a>, found: Found, of: &'static Type) {
        match (found.of.primitive(), found.of.kind()) {
            _ if value.kind() == Kind::Null => self.error(IssueCode::Structure, value.span(), "must not be null"),
            (Some(primitive), _) => self.primitive(primitive, value, found, of),
            (None, TypeKind::Resource) => self.resource(value),
            _ if value.kind() != Kind::Object => self.error(IssueCode::Structure, value.span(), "must be an object"),
            _ => self.complex(value, found, of),
        }
    }

    fn primitive(&mut self, primitive: Primitive, value: Element<'a>, found: Found, of: &'static Type) {
        let text = match primitive::check(primitive, value) {
            Ok(Some(text)) => text,
            Ok(None) => return,
            Err((code, message)) => return self.error(code, value.span(), message),
        };
        if let Some(codes) = found.element.codes()
            && !binding::allows_code(codes, &text)
        {
            self.error(IssueCode::CodeInvalid, value.span(), not_in(codes.url()));
        }
        if let Some(id) = text.strip_prefix('#') {
            self.local_uri(primitive, id, value);
        }
        if found.key == "id" && of.kind() != TypeKind::Resource && self.scope.is_second(text) {
            self.error(IssueCode::Invariant, value.span(), "another element has the same id");
        }
    }

    fn complex(&mut self, value: Element<'a>, found: Found, of: &'static Type) {
        if value.len() == 1 && value.get("id").is_some() {
            self.error(IssueCode::Invariant, value.span(), "ele-1: must have more than an id");
        }
        self.object(value, found.of);
        if let Some(codes) = found.element.codes()
            && !binding::allows(codes, value)
        {
            self.error(IssueCode::CodeInvalid, value.span(), not_in(codes.url()));
        }
        match found.of.name() {
            "Reference" => self.reference(value, found.element),
            "Extension" if of.name() != "Extension" => self.extension_url(value),
            "Coding" if of.name() != "CodeableConcept" => self.system(value),
            "Quantity" => self.quantity(value, found),
            _ => {}
        }
    }

    /// R4 datatypes.html#Coding: a system should be an absolute URI. A CodeableConcept may have local codings beside
    /// others.
    fn system(&mut self, value: Element<'a>) {
        let Some(system) = value.get("system") else { return };
        if system.as_str().is_some_and(|text| !is_absolute(&text)) {
            self.warning_at("system", IssueCode::Value, system.span(), "should be an absolute URI");
        }
    }

    fn quantity(&mut self, value: Element<'a>, found: Found) {
        self.system(value);
        if found.element.is_simple_quantity() && value.get("comparator").is_some() {
            self.error(IssueCode::Invariant, value.span(), "sqty-1: has no comparator here");
        }
    }

    /// Only inside another extension may the URL be relative (R4 extensibility.html#Extension.url).
    fn extension_url(&mut self, extension: Element<'a>) {
        let Some(url) = extension.get("url") else { return };
        if url.as_str().is_some_and(|text| !is_absolute(&text)) {
            self.error_at("url", IssueCode::Value, url.span(), "must be an absolute URL");
        }
    }

    fn missing(&mut self, object: Element<'a>, of: &'static Type, present: u64) {
        let mut missing = of.required() & !present;
        while missing != 0 {
            let element = &of.elements()[missing.trailing_zeros() as usize];
            self.error_at(element.name(), IssueCode::Required, object.span(), "is required");
            missing &= missing - 1;
        }
    }
}

fn not_in(url: &str) -> String {
    format!("must be a code of {url}")
}
