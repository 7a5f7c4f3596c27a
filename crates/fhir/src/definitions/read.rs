//! Reads the packed definitions: lines of tab-separated fields, described in `data/README.md`.

use std::collections::HashMap;

use super::Definitions;
use super::codes::{CodeSet, CodeSystem};
use super::primitive::Primitive;
use super::types::{ElementDefinition, Key, Type, TypeKind, key};
use crate::compartment::Compartment;
use crate::search_param::{Component, SearchParam, SearchParamKind};

const FORMAT: [&str; 2] = ["mecum-definitions", "1"];
/// Nothing the tool writes unpacks to more.
const MOST_BYTES: usize = 4 << 20;
/// Presence of elements is kept in 64 bits.
const MOST_ELEMENTS: u8 = 64;

/// Why packed definitions cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("cannot unpack the definitions")]
    Unpack(#[from] std::io::Error),
    #[error("the definitions are not UTF-8")]
    Text(#[from] std::string::FromUtf8Error),
    #[error("line {line} of the definitions: {what}")]
    Line { line: usize, what: &'static str },
}

/// The definitions in `packed`. Their text is kept for the life of the process: all names are parts of it.
pub(super) fn read(packed: &[u8]) -> Result<Definitions, ReadError> {
    let text: &'static str = String::from_utf8(zstd::bulk::decompress(packed, MOST_BYTES)?)?.leak();
    let mut reader = Reader::new(text);
    for (index, line) in text.lines().enumerate() {
        reader.line(line).map_err(|what| ReadError::Line { line: index + 1, what })?;
    }
    Ok(reader.done())
}

struct Reader {
    by_name: HashMap<&'static str, u16>,
    sets: Vec<CodeSet>,
    /// The sets once they are complete, which is before the first type.
    code_sets: &'static [CodeSet],
    /// The base of the last search parameter: components follow it.
    last_base: &'static str,
    done: Definitions,
}

/// The fields of a line; missing ones are empty.
struct Fields(std::str::Split<'static, char>);

impl Fields {
    fn text(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }

    fn words(&mut self) -> impl Iterator<Item = &'static str> + use<> {
        self.text().split(' ').filter(|word| !word.is_empty())
    }
}

impl Reader {
    /// Numbers all types first: elements name types that come later.
    fn new(text: &'static str) -> Self {
        let names = text.lines().filter_map(|line| line.strip_prefix("T\t")?.split('\t').nth(1));
        let by_name: HashMap<_, _> = names.zip(0..).collect();
        Self { by_name, sets: Vec::new(), code_sets: &[], last_base: "", done: Definitions::default() }
    }

    fn line(&mut self, line: &'static str) -> Result<(), &'static str> {
        let mut fields = Fields(line.split('\t'));
        match fields.text() {
            "E" => self.element(fields)?,
            "T" => self.a_type(fields)?,
            "P" => self.search_param(fields)?,
            "K" => self.component(fields)?,
            "B" => self.sets.push(CodeSet { url: fields.text(), systems: Vec::new() }),
            "S" => {
                let system = CodeSystem { url: fields.text(), codes: fields.0.collect() };
                self.sets.last_mut().ok_or("a system without a set")?.systems.push(system);
            }
            "C" => self.done.compartments.push(Compartment::new(fields.text())),
            "M" => {
                let compartment = self.done.compartments.last_mut().ok_or("a member without a compartment")?;
                compartment.insert(fields.text(), fields.words().collect());
            }
            name if name == FORMAT[0] && fields.text() == FORMAT[1] => self.done.source = fields.text(),
            _ => return Err("of another format"),
        }
        Ok(())
    }

    /// `T kind name base`
    fn a_type(&mut self, mut fields: Fields) -> Result<(), &'static str> {
        if self.code_sets.is_empty() {
            self.code_sets = std::mem::take(&mut self.sets).leak();
        }
        let (kind, is_abstract) = match fields.text() {
            "P" => (TypeKind::Primitive, false),
            "D" => (TypeKind::Datatype, false),
            "d" => (TypeKind::Datatype, true),
            "B" => (TypeKind::Backbone, false),
            "R" => (TypeKind::Resource, false),
            "r" => (TypeKind::Resource, true),
            _ => return Err("of an unknown kind of type"),
        };
        let (name, base) = (fields.text(), fields.text());
        let number = self.number(name)?;
        let primitive = Primitive::from_name(name);
        if primitive.is_some() != (kind == TypeKind::Primitive) {
            return Err("of an unknown primitive type");
        }
        let (elements, keys) = (Vec::new(), Vec::new());
        self.done.types.push(Type { number, name, kind, is_abstract, primitive, base, elements, keys, required: 0 });
        Ok(())
    }

    /// `E name min max flags types codes targets`
    fn element(&mut self, mut fields: Fields) -> Result<(), &'static str> {
        let (path, min, max, flags) = (fields.text(), fields.text(), fields.text(), fields.text());
        let types = fields.words().map(|name| self.number(name)).collect::<Result<Vec<u16>, _>>()?;
        let codes = match fields.text() {
            "" => None,
            number => {
                Some(number.parse().ok().and_then(|n: usize| self.code_sets.get(n)).ok_or("of an unknown code set")?)
            }
        };
        let of = self.done.types.last_mut().ok_or("an element without a type")?;
        let index =
            u8::try_from(of.elements.len()).ok().filter(|n| *n < MOST_ELEMENTS).ok_or("one element too many")?;
        let name = path.trim_end_matches("[x]");
        let element = ElementDefinition {
            index,
            name,
            is_choice: name != path,
            is_required: min != "0",
            is_many: max == "*",
            is_modifier: flags.contains('m'),
            is_summary: flags.contains('s'),
            is_simple_quantity: flags.contains('q'),
            types,
            codes,
            targets: fields.words().collect(),
        };
        of.required |= u64::from(element.is_required) << index;
        // An element that a type forbids (`max` is 0) has no name in it.
        if max != "0" {
            of.elements.push(element);
        }
        Ok(())
    }

    /// `P base code kind url targets expression`
    fn search_param(&mut self, mut fields: Fields) -> Result<(), &'static str> {
        self.last_base = fields.text();
        let (code, kind, id) = (fields.text(), fields.text(), fields.text());
        let kind = SearchParamKind::from_name(kind).ok_or("of an unknown kind of search parameter")?;
        let targets = fields.words().filter(|target| *target != "*").collect();
        let (base, expression) = (self.last_base, fields.text());
        let number = self.done.params_by_number.len().try_into().map_err(|_| "more search parameters than numbers")?;
        let param = SearchParam { number, base, code, kind, id, targets, expression, components: Vec::new() };
        let own = self.done.search_params.entry(self.last_base).or_default();
        self.done.params_by_number.push((self.last_base, own.len()));
        own.push(param);
        Ok(())
    }

    /// `K of expression`
    fn component(&mut self, mut fields: Fields) -> Result<(), &'static str> {
        let params = self.done.search_params.get_mut(self.last_base);
        let param = params.and_then(|params| params.last_mut()).ok_or("a component without a search parameter")?;
        param.components.push(Component { id: fields.text(), expression: fields.text() });
        Ok(())
    }

    fn number(&self, name: &str) -> Result<u16, &'static str> {
        self.by_name.get(name).copied().ok_or("of an unknown type")
    }

    /// Makes the names by which JSON speaks of elements.
    fn done(mut self) -> Definitions {
        let names: Vec<&'static str> = self.done.types.iter().map(|of| of.name).collect();
        for of in &mut self.done.types {
            for element in &of.elements {
                for &number in &element.types {
                    let name = match element.is_choice {
                        true => key(element.name, true, names[usize::from(number)]).leak(),
                        false => element.name,
                    };
                    of.keys.push(Key { name, element: element.index, of: number });
                }
            }
            of.keys.sort_unstable_by_key(|key| key.name);
        }
        self.done.by_name = self.by_name;
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_of_another_format_are_refused() {
        for text in ["", "mecum-definitions\t2\tx", "T\tX\ta\t", "E\tid\t0\t1", "K\ta\tb", "P\tPatient\tname\tmagic"] {
            let packed = zstd::bulk::compress(text.as_bytes(), 1).unwrap();
            assert_eq!(read(&packed).is_err(), !text.is_empty(), "{text}");
        }
        assert!(read(b"not packed").is_err());
    }
}
