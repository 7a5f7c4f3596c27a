//! Chains, `_has` and compartments (R4 search.html#chaining, #has; compartmentdefinition.html). What the permit hides leads nowhere:
//! neither a target nor a source that it hides counts.

use mecum_fhir::compartment::compartment;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::Clause;
use mecum_fhir::search_param::{SearchParam, search_param};

use super::clause::Context;
use super::sql::{Sql, any, union};

/// The parameters by which a type belongs to a compartment.
fn params_of(of: ResourceType, held: ResourceType) -> Vec<i64> {
    let codes = compartment(of.name()).map_or(&[][..], |centre| centre.params(held.name()));
    let params = codes.iter().filter_map(|code| search_param(held.name(), code));
    params.map(|param| i64::from(param.number())).collect()
}

impl<'q> Sql<'q> {
    /// The entries whose parameter leads to a resource for which the clause of its type holds.
    pub(super) fn chain(
        &mut self,
        context: &Context<'_>,
        param: &SearchParam,
        to: &'q [(ResourceType, Clause)],
    ) -> String {
        if to.is_empty() {
            return "SELECT i.entry_no FROM reference_index i WHERE i.record_id = $1 AND 1 = 0".to_owned();
        }
        let param = self.bind(param.number());
        let each: Vec<String> = to.iter().map(|(of, clause)| self.leads_to(context, &param, *of, clause)).collect();
        union(&each)
    }

    fn leads_to(&mut self, context: &Context<'_>, param: &str, of: ResourceType, clause: &'q Clause) -> String {
        let row = self.alias();
        let type_code = self.bind(of.code());
        let seen = self.seen(&row);
        let holds = self.clause(&context.of_type(of), clause, &row);
        format!(
            "SELECT i.entry_no FROM reference_index i WHERE i.record_id = $1 AND i.param = {param} \
             AND i.target_type_code = {type_code} AND i.target_id IN (SELECT {row}.id FROM entry {row} \
             WHERE {row}.record_id = $1 AND {row}.type_code = {type_code} AND {seen} AND {holds})"
        )
    }

    /// That a resource of a type, for which the clause holds, refers to the entry `row` by a parameter.
    pub(super) fn referred_by(
        &mut self,
        context: &Context<'_>,
        (from, param): (ResourceType, &SearchParam),
        clause: &'q Clause,
        row: &str,
    ) -> String {
        let other = self.alias();
        let param = self.bind(param.number());
        let type_code = self.bind(from.code());
        let seen = self.seen(&other);
        let holds = self.clause(&context.of_type(from), clause, &other);
        format!(
            "({row}.type_code, {row}.id) IN (SELECT i.target_type_code, i.target_id FROM reference_index i \
             WHERE i.record_id = $1 AND i.param = {param} AND i.entry_no IN (SELECT {other}.entry_no FROM entry {other} \
             WHERE {other}.record_id = $1 AND {other}.type_code = {type_code} AND {seen} AND {holds}))"
        )
    }

    /// That the entry `row` is in the compartment of a resource, or is that resource.
    pub(super) fn compartment(
        &mut self,
        context: &Context<'_>,
        (of, id): (ResourceType, &'q str),
        row: &str,
    ) -> String {
        let (type_code, own_id) = (self.bind(of.code()), self.bind(id));
        let mut ways = vec![format!("({row}.type_code = {type_code} AND {row}.id = {own_id})")];
        if let [held] = context.types {
            let params = params_of(of, *held);
            if !params.is_empty() {
                let leads = self.leads_there(&params, (of, id));
                ways.push(format!(
                    "EXISTS (SELECT 1 FROM reference_index i WHERE i.record_id = $1 AND {leads} AND i.entry_no = {row}.entry_no)"
                ));
            }
        } else if let Some(leads) = self.in_compartment(context, (of, id)) {
            ways.push(format!("(+{row}.entry_no) IN ({leads})"));
        }
        any(&ways)
    }

    /// The entries that one of the compartment's parameters leads from to the resource at its centre; not that one itself.
    fn in_compartment(&mut self, context: &Context<'_>, (of, id): (ResourceType, &'q str)) -> Option<String> {
        let mut params: Vec<i64> = context.types.iter().flat_map(|held| params_of(of, *held)).collect();
        params.sort_unstable();
        params.dedup();
        if params.is_empty() {
            return None;
        }
        let leads = self.leads_there(&params, (of, id));
        Some(format!("SELECT i.entry_no FROM reference_index i WHERE i.record_id = $1 AND {leads}"))
    }

    /// The entries of the whole compartment.
    pub(super) fn compartment_set(&mut self, context: &Context<'_>, (of, id): (ResourceType, &'q str)) -> String {
        let (type_code, own_id) = (self.bind(of.code()), self.bind(id));
        let centre = format!(
            "SELECT o.entry_no FROM entry o WHERE o.record_id = $1 AND o.type_code = {type_code} AND o.id = {own_id}"
        );
        match self.in_compartment(context, (of, id)) {
            Some(leads) => format!("{centre} UNION ALL {leads}"),
            None => centre,
        }
    }

    fn leads_there(&mut self, params: &[i64], (of, id): (ResourceType, &'q str)) -> String {
        let params = self.is_one_of("i.param", params);
        let (type_code, id) = (self.bind(of.code()), self.bind(id));
        format!("{params} AND i.target_type_code = {type_code} AND i.target_id = {id}")
    }
}
