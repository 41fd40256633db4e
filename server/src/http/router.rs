//! All routes on one screen, as data: the router and the tests read the same table.

use axum::Router;
use axum::handler::Handler as _;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{MethodFilter, MethodRouter, on};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use super::api::{
    admission, bindings, check, checks, disagreements, drills, events, failovers, groups, lab, openapi, past, proxies,
    schedules, standby, targets,
};
use super::{Site, guard, health, live, metrics, pages};

/// A route.
pub(crate) struct Route {
    /// Its method; GET answers HEAD, too.
    pub(crate) method: MethodFilter,
    /// Its path.
    pub(crate) path: &'static str,
    handler: fn(MethodFilter) -> MethodRouter<Site>,
}

const fn route(method: MethodFilter, path: &'static str, handler: fn(MethodFilter) -> MethodRouter<Site>) -> Route {
    Route { method, path, handler }
}

/// Everything but pages, their forms and their files, which have all other paths.
pub(crate) static ROUTES: &[Route] = &[
    route(MethodFilter::GET, "/api/v1/openapi.json", |method| on(method, openapi::document)),
    route(MethodFilter::GET, "/api/v1/target-groups", |method| on(method, groups::list)),
    route(MethodFilter::POST, "/api/v1/target-groups", |method| on(method, groups::create)),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}", |method| on(method, groups::show)),
    route(MethodFilter::PATCH, "/api/v1/target-groups/{name}", |method| on(method, groups::edit)),
    route(MethodFilter::DELETE, "/api/v1/target-groups/{name}", |method| on(method, groups::remove)),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/targets", |method| on(method, targets::list)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets", |method| on(method, targets::register)),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/targets/{id}", |method| on(method, targets::show)),
    route(MethodFilter::PATCH, "/api/v1/target-groups/{name}/targets/{id}", |method| on(method, targets::edit)),
    route(MethodFilter::DELETE, "/api/v1/target-groups/{name}/targets/{id}", |method| on(method, targets::deregister)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/check", |method| on(method, check::now)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/drain", |method| on(method, admission::drain)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/return", |method| {
        on(method, admission::bring_back)
    }),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/drill", |method| on(method, drills::begin)),
    route(MethodFilter::DELETE, "/api/v1/target-groups/{name}/targets/{id}/drill", |method| on(method, drills::end)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/promote", |method| {
        on(method, standby::promote)
    }),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/fall-back", |method| {
        on(method, standby::fall_back)
    }),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/targets/{id}/history", |method| on(method, past::of_target)),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/targets/{id}/checks", |method| {
        on(method, checks::of_target)
    }),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/targets/{id}/what-if", |method| {
        on(method, past::what_if_of_target)
    }),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/drill-schedules", |method| on(method, schedules::list)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/drill-schedules", |method| on(method, schedules::create)),
    route(MethodFilter::PATCH, "/api/v1/target-groups/{name}/drill-schedules/{id}", |method| {
        on(method, schedules::edit)
    }),
    route(MethodFilter::DELETE, "/api/v1/target-groups/{name}/drill-schedules/{id}", |method| {
        on(method, schedules::delete)
    }),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/history", |method| on(method, past::of_group)),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/checks", |method| on(method, checks::of_group)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/what-if", |method| on(method, past::what_if_of_group)),
    route(MethodFilter::GET, "/api/v1/target-groups/{name}/uptime", |method| on(method, past::uptime)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/drain", |method| on(method, admission::drain_many)),
    route(MethodFilter::POST, "/api/v1/target-groups/{name}/return", |method| on(method, admission::bring_back_many)),
    route(MethodFilter::POST, "/api/v1/check", |method| on(method, check::attempt)),
    route(MethodFilter::GET, "/api/v1/proxies", |method| on(method, proxies::list)),
    route(MethodFilter::POST, "/api/v1/proxies", |method| on(method, proxies::create)),
    route(MethodFilter::GET, "/api/v1/proxies/{name}", |method| on(method, proxies::show)),
    route(MethodFilter::PATCH, "/api/v1/proxies/{name}", |method| on(method, proxies::edit)),
    route(MethodFilter::DELETE, "/api/v1/proxies/{name}", |method| on(method, proxies::remove)),
    route(MethodFilter::GET, "/api/v1/proxies/{name}/transcript", |method| on(method, proxies::transcript)),
    route(MethodFilter::POST, "/api/v1/proxies/{name}/bindings", |method| on(method, bindings::create)),
    route(MethodFilter::PATCH, "/api/v1/proxies/{name}/bindings/{id}", |method| on(method, bindings::edit)),
    route(MethodFilter::DELETE, "/api/v1/proxies/{name}/bindings/{id}", |method| on(method, bindings::remove)),
    route(MethodFilter::POST, "/api/v1/proxies/{name}/bindings/{id}/servers/{server}/adopt", |method| {
        on(method, bindings::adopt)
    }),
    route(MethodFilter::POST, "/api/v1/proxies/{name}/bindings/{id}/servers/{server}/overrule", |method| {
        on(method, bindings::overrule)
    }),
    // Not below `/proxies/`: a proxy may have any name.
    route(MethodFilter::POST, "/api/v1/proxy-test", |method| on(method, proxies::attempt)),
    route(MethodFilter::GET, "/api/v1/disagreements", |method| on(method, disagreements::list)),
    route(MethodFilter::GET, "/api/v1/events", |method| on(method, events::events)),
    route(MethodFilter::GET, "/api/v1/failovers", |method| on(method, failovers::list)),
    route(MethodFilter::GET, "/api/v1/failovers/{id}", |method| on(method, failovers::show)),
    route(MethodFilter::GET, "/api/v1/lab", |method| on(method, lab::show)),
    route(MethodFilter::POST, "/api/v1/lab", |method| on(method, lab::start)),
    route(MethodFilter::PATCH, "/api/v1/lab", |method| on(method, lab::edit)),
    route(MethodFilter::DELETE, "/api/v1/lab", |method| on(method, lab::end)),
    route(MethodFilter::GET, "/api/v1/lab/comparison", |method| on(method, lab::comparison)),
    route(MethodFilter::POST, "/api/v1/lab/comparison", |method| on(method, lab::compare)),
    route(MethodFilter::POST, "/api/v1/lab/backends/{number}/{fault}", |method| on(method, lab::inflict)),
    route(MethodFilter::GET, "/live", |method| on(method, live::live)),
    route(MethodFilter::GET, "/find", |method| on(method, pages::find)),
    route(MethodFilter::GET, "/livez", |method| on(method, health::livez)),
    route(MethodFilter::GET, "/readyz", |method| on(method, health::readyz)),
    route(MethodFilter::GET, "/metrics", |method| on(method, metrics::metrics)),
];

/// The whole of HTTP.
pub(crate) fn router(site: Site) -> Router {
    // What is embedded was compressed beforehand, where that was wanted.
    let worth_it = DefaultPredicate::new().and(NotForContentType::new("application/wasm"));
    let routes = ROUTES.iter().fold(Router::new(), |router, route| {
        // A path that comes again adds a method.
        router.route(route.path, (route.handler)(route.method))
    });
    routes
        .method_not_allowed_fallback(pages::not_allowed)
        .fallback_service(pages::any.with_state(site.clone()))
        .layer(CompressionLayer::new().gzip(true).compress_when(worth_it))
        .layer(from_fn_with_state(site.clone(), guard::admit))
        .layer(map_response(guard::harden))
        .with_state(site)
}
