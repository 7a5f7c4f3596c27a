//! What the capability statement says of search: generated from the standard's definitions, as far as queries are understood here.

use mecum_fhir::json::{ArrayWriter, ObjectWriter};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Handling, QueryContext, QueryLimits, Scope, SearchQuery};
use mecum_fhir::search_param::{SearchParam, SearchParamKind, search_params_for};

/// Adds the parameters, includes and reverse includes of one type.
pub(super) fn write_search(resource: &mut ObjectWriter<'_>, of: ResourceType) {
    resource
        .arr_some("searchInclude", |includes| {
            for param in references_of(of) {
                includes.str(&format!("{}:{}", of.name(), param.code()));
            }
        })
        .arr_some("searchRevInclude", |includes| write_reverse(includes, of))
        .arr("searchParam", |params| {
            for param in search_params_for(of.name()).filter(|param| is_understood(of, param)) {
                params.obj(|written| {
                    written.str("name", param.code()).str("definition", &param.url()).str("type", param.kind().name());
                });
            }
        });
}

fn write_reverse(includes: &mut ArrayWriter<'_>, of: ResourceType) {
    for from in ResourceType::all() {
        for param in references_of(from).filter(|param| leads_to(param, of)) {
            includes.str(&format!("{}:{}", from.name(), param.code()));
        }
    }
}

fn references_of(of: ResourceType) -> impl Iterator<Item = &'static SearchParam> {
    search_params_for(of.name()).filter(|param| param.kind() == SearchParamKind::Reference)
}

fn leads_to(param: &SearchParam, of: ResourceType) -> bool {
    param.targets().is_empty() || param.targets().contains(&of.name())
}

/// Whether a query with this parameter is understood; those that the standard has and we have not are left out.
fn is_understood(of: ResourceType, param: &SearchParam) -> bool {
    let context = QueryContext { base_url: "", zone_offset_minutes: 0, now_us: 0, limits: QueryLimits::default() };
    let parameters = [(param.code().to_owned(), sample(of, param))];
    SearchQuery::parse(&Scope::Type(of), parameters, Handling::Strict, &context).is_ok()
}

/// A value such as the parameter takes.
fn sample(of: ResourceType, param: &SearchParam) -> String {
    match param.kind() {
        SearchParamKind::Number | SearchParamKind::Quantity => "1".to_owned(),
        SearchParamKind::Date => "2020".to_owned(),
        SearchParamKind::Uri => "urn:x".to_owned(),
        SearchParamKind::Reference => param.targets().first().map_or_else(|| "x".to_owned(), |of| format!("{of}/x")),
        SearchParamKind::String | SearchParamKind::Token | SearchParamKind::Special => "word".to_owned(),
        SearchParamKind::Composite => {
            let parts = param.components().iter().filter_map(|part| part.param(of.name()));
            parts.map(|part| sample(of, part)).collect::<Vec<String>>().join("$")
        }
    }
}
