//! What a clause asks of an entry: as a condition on its row, and as the set of entries that meet it, from which a plan may start.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Clause, Matches, Part};
use mecum_fhir::search::value::NO_GROUP;
use mecum_fhir::search_param::{SearchParam, SearchParamKind};

use super::sql::{Source, Sql, all, any, union};
use crate::index::{IndexTable, ORDINAL_BITS};
use crate::seal::RecordKey;

/// What clauses are about.
pub(super) struct Context<'c> {
    pub(super) key: &'c RecordKey,
    /// The types that the row can be of.
    pub(super) types: &'c [ResourceType],
}

impl<'c> Context<'c> {
    /// The same of rows of one type.
    pub(super) fn of_type(&self, of: ResourceType) -> Context<'c> {
        Context { key: self.key, types: only(of) }
    }
}

/// A list of one type, which lasts as long as the program.
fn only(of: ResourceType) -> &'static [ResourceType] {
    static EACH: std::sync::OnceLock<Vec<ResourceType>> = std::sync::OnceLock::new();
    let each = EACH.get_or_init(|| ResourceType::all().collect());
    each.iter().position(|one| *one == of).map_or(&[], |at| &each[at..=at])
}

impl<'q> Sql<'q> {
    /// That the clause holds for the entry `row`.
    pub(super) fn clause(&mut self, context: &Context<'_>, clause: &'q Clause, row: &str) -> String {
        match clause {
            Clause::Id(ids) => {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                self.is_one_of(&format!("{row}.id"), &ids)
            }
            Clause::LastUpdated(asked) => {
                let committed = self.committed(asked);
                format!(
                    "({row}.entry_no >> {ORDINAL_BITS}) IN (SELECT c.commit_id FROM commit_log c \
                     WHERE c.record_id = $1 AND {committed})"
                )
            }
            Clause::Has { param, any_of } => self.has(param, any_of, row),
            Clause::HasNot { param, any_of } => format!("NOT {}", self.has(param, any_of, row)),
            Clause::Missing { param, is_missing } => self.missing(param, *is_missing, row),
            Clause::Chain { param, to } => {
                let set = self.chain(context, param, to);
                format!("(+{row}.entry_no) IN ({set})")
            }
            Clause::ReferredBy { from, param, clause } => self.referred_by(context, (*from, param), clause, row),
            Clause::Compartment { of, id } => self.compartment(context, (*of, id), row),
            Clause::PerType(each) => {
                let each: Vec<String> = each
                    .iter()
                    .map(|(of, clause)| {
                        let type_code = self.bind(of.code());
                        let holds = self.clause(&context.of_type(*of), clause, row);
                        format!("({row}.type_code = {type_code} AND {holds})")
                    })
                    .collect();
                any(&each)
            }
            Clause::Words { narrative_only, any_of } => {
                let set = self.words(context.key, any_of, *narrative_only);
                format!("(+{row}.entry_no) IN ({set})")
            }
        }
    }

    /// The entries for which the clause holds, whoever sees them; none for clauses that no index leads to.
    pub(super) fn set(&mut self, context: &Context<'_>, clause: &'q Clause) -> Option<String> {
        match clause {
            Clause::Has { param, any_of: Matches::Composite(each) } => Some(self.composites(param, each)),
            Clause::Has { param, any_of } => {
                let sources = self.sources(param, any_of);
                (!sources.is_empty()).then(|| united(&sources))
            }
            Clause::Chain { param, to } => Some(self.chain(context, param, to)),
            Clause::Compartment { of, id } => Some(self.compartment_set(context, (*of, id))),
            Clause::Words { narrative_only, any_of } => Some(self.words(context.key, any_of, *narrative_only)),
            _ => None,
        }
    }

    fn has(&mut self, param: &SearchParam, any_of: &'q Matches, row: &str) -> String {
        if let Matches::Composite(each) = any_of {
            let set = self.composites(param, each);
            return format!("((+{row}.entry_no) IN ({set}))");
        }
        let (points, ranges): (Vec<Source>, Vec<Source>) =
            self.sources(param, any_of).into_iter().partition(|source| source.is_point);
        let mut ways: Vec<String> = points
            .iter()
            .map(|Source { table, condition, .. }| {
                format!(
                    "EXISTS (SELECT 1 FROM {} i WHERE i.record_id = $1 AND {condition} AND i.entry_no = {row}.entry_no)",
                    table.name()
                )
            })
            .collect();
        if !ranges.is_empty() {
            ways.push(format!("(+{row}.entry_no) IN ({})", united(&ranges)));
        }
        any(&ways)
    }

    /// The rows of the index that meet one of the values.
    fn sources(&mut self, param: &SearchParam, any_of: &'q Matches) -> Vec<Source> {
        let n_params = self.params.len();
        let of_param = format!("i.param = {}", self.bind(param.number()));
        let sources = match any_of {
            Matches::Token(asked) => self.tokens(&of_param, asked),
            Matches::String(asked) => self.strings(&of_param, asked),
            Matches::Reference(asked) => self.references(&of_param, asked),
            Matches::Date(asked) => self.dates(&of_param, asked),
            Matches::Number(asked) => self.numbers(&of_param, asked),
            Matches::Quantity(asked) => self.quantities(&of_param, asked),
            Matches::Uri(asked) => self.uris(&of_param, asked),
            // Parts of composites are no composites themselves.
            Matches::Composite(_) => Vec::new(),
        };
        if sources.is_empty() {
            self.params.truncate(n_params);
        }
        sources
    }

    /// The entries of versions with an element in which every part of one of the values is met (R4 search.html#combining).
    fn composites(&mut self, param: &SearchParam, each: &'q [Vec<Part>]) -> String {
        let sets: Vec<String> = each.iter().filter_map(|parts| self.composite(parts)).collect();
        if sets.is_empty() {
            let number = self.bind(param.number());
            return format!(
                "SELECT i.entry_no FROM token_index i WHERE i.record_id = $1 AND i.param = {number} AND 1 = 0"
            );
        }
        union(&sets)
    }

    fn composite(&mut self, parts: &'q [Part]) -> Option<String> {
        let parts: Vec<String> = parts
            .iter()
            .map(|Part { param, is }| {
                let sources = self.sources(param, is);
                let table = sources.first().map_or(IndexTable::Token, |source| source.table).name();
                let conditions: Vec<String> = sources.into_iter().map(|source| source.condition).collect();
                let met = any(&conditions);
                format!(
                    "SELECT i.entry_no, i.grp FROM {table} i WHERE i.record_id = $1 AND i.grp <> {NO_GROUP} AND {met}"
                )
            })
            .collect();
        let name = self.alias();
        (!parts.is_empty()).then(|| format!("SELECT {name}.entry_no FROM ({}) {name}", parts.join(" INTERSECT ")))
    }

    /// `:missing`: whether no table has a row of the parameter. Composites have no rows of their own.
    fn missing(&mut self, param: &SearchParam, is_missing: bool, row: &str) -> String {
        let tables = tables_of(param.kind());
        if tables.is_empty() {
            return if is_missing { "1 = 1" } else { "1 = 0" }.to_owned();
        }
        let number = self.bind(param.number());
        let each: Vec<String> = tables
            .iter()
            .map(|table| {
                format!("SELECT i.entry_no FROM {} i WHERE i.record_id = $1 AND i.param = {number}", table.name())
            })
            .collect();
        let not = if is_missing { "NOT " } else { "" };
        format!("(+{row}.entry_no) {not}IN ({})", union(&each))
    }

    /// That the entry `row` is of one of the types.
    pub(super) fn of_types(&mut self, types: &[ResourceType], row: &str) -> String {
        if types.len() == ResourceType::all().count() {
            return all(&[]);
        }
        let codes: Vec<i64> = types.iter().map(|of| i64::from(of.code())).collect();
        self.is_one_of(&format!("{row}.type_code"), &codes)
    }
}

fn united(sources: &[Source]) -> String {
    let each: Vec<String> = sources
        .iter()
        .map(|Source { table, condition, .. }| {
            format!("SELECT i.entry_no FROM {} i WHERE i.record_id = $1 AND {condition}", table.name())
        })
        .collect();
    union(&each)
}

/// Where the values of a parameter lie: beside its own kind the texts of tokens, and the identifiers of references with theirs.
fn tables_of(kind: SearchParamKind) -> &'static [IndexTable] {
    match kind {
        SearchParamKind::Token => &[IndexTable::Token, IndexTable::String],
        SearchParamKind::String => &[IndexTable::String],
        SearchParamKind::Reference => &[IndexTable::Reference, IndexTable::Token, IndexTable::String],
        SearchParamKind::Date => &[IndexTable::Date],
        SearchParamKind::Number => &[IndexTable::Number],
        SearchParamKind::Quantity => &[IndexTable::Quantity],
        SearchParamKind::Uri => &[IndexTable::Uri],
        SearchParamKind::Composite | SearchParamKind::Special => &[],
    }
}
