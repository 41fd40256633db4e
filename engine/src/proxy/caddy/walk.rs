//! Finds the `reverse_proxy` handlers in a configuration, however deep they are.

use std::collections::HashMap;

use serde_json::Value;

use super::name::is_segment;

/// A `reverse_proxy` handler with a list of upstreams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Handler {
    /// The name by which it can be changed.
    pub(super) name: String,
    /// The `dial`s of its upstreams.
    pub(super) dials: Vec<String>,
    /// Caddy checks the upstreams by asking them.
    pub(super) checks_actively: bool,
    /// Caddy counts failed requests.
    pub(super) counts_fails: bool,
    /// Streams outlast a change of the configuration.
    pub(super) keeps_streams: bool,
}

/// All handlers below `apps/http/servers`, in the order of the configuration. Those that no name leads to are left out.
pub(super) fn handlers(servers: &Value) -> Vec<Handler> {
    let mut found = Vec::new();
    walk(servers, &mut Vec::new(), &mut found);
    let ids = found.iter().filter_map(|(_, handler)| id(handler));
    let times = ids.fold(HashMap::new(), |mut times: HashMap<&str, usize>, id| {
        *times.entry(id).or_default() += 1;
        times
    });
    // Of several handlers with the same @id Caddy knows one, and does not say which.
    let is_unique = |id: &&str| times.get(id) == Some(&1);
    let handlers = found.iter().filter_map(|(place, value)| {
        let by_id = id(value).filter(is_unique).map(str::to_owned);
        Some(handler(by_id.or_else(|| place.clone())?, value))
    });
    handlers.filter(|handler| !handler.dials.is_empty()).collect()
}

/// The recursion is as deep as the JSON, and serde_json limits that.
fn walk<'a>(value: &'a Value, place: &mut Vec<String>, found: &mut Vec<(Option<String>, &'a Value)>) {
    if value["handler"] == "reverse_proxy" && value["upstreams"].is_array() {
        let is_good = place.iter().all(|segment| is_segment(segment));
        found.push((is_good.then(|| place.join("/")), value));
    }
    let mut step = |name: String, child: &'a Value| {
        place.push(name);
        walk(child, place, found);
        place.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| step(at.to_string(), item)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| step(name.clone(), field)),
        _ => {}
    }
}

fn id(handler: &Value) -> Option<&str> {
    handler["@id"].as_str().filter(|id| is_segment(id))
}

fn handler(name: String, value: &Value) -> Handler {
    let upstreams = value["upstreams"].as_array().map(Vec::as_slice).unwrap_or_default();
    let checks = &value["health_checks"];
    Handler {
        name,
        dials: upstreams.iter().filter_map(|upstream| upstream["dial"].as_str()).map(str::to_owned).collect(),
        checks_actively: checks["active"].is_object(),
        counts_fails: is_long(&checks["passive"]["fail_duration"]),
        keeps_streams: is_long(&value["stream_close_delay"]),
    }
}

/// Whether a duration (`"5s"`, or a number of nanoseconds) is not nothing.
fn is_long(duration: &Value) -> bool {
    match duration {
        Value::String(text) => text.contains(|c: char| ('1'..='9').contains(&c)),
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn proxy(dials: &[&str]) -> Value {
        let upstreams: Vec<Value> = dials.iter().map(|dial| json!({ "dial": dial })).collect();
        json!({ "handler": "reverse_proxy", "upstreams": upstreams })
    }

    fn with_id(id: &str, dials: &[&str]) -> Value {
        let mut proxy = proxy(dials);
        proxy["@id"] = id.into();
        proxy
    }

    fn check(servers: &Value, expected: &[&str]) {
        let names: Vec<String> = handlers(servers).into_iter().map(|handler| handler.name).collect();
        assert_eq!(names, expected, "{servers}");
    }

    #[test]
    fn handlers_by_id_or_place_however_deep() {
        let inner = json!({ "handler": "subroute", "routes": [{ "handle": [proxy(&["b:1"])] }] });
        let routes = json!([{ "handle": [{ "handler": "headers" }, with_id("api", &["a:1"])] }, { "handle": [inner] }]);
        let errors = json!({ "routes": [{ "handle": [proxy(&["c:1"])] }] });
        check(
            &json!({ "srv0": { "routes": routes, "errors": errors } }),
            &["srv0/errors/routes/0/handle/0", "api", "srv0/routes/1/handle/0/routes/0/handle/0"],
        );
    }

    #[test]
    fn ids_that_do_not_lead_to_one_handler_are_not_used() {
        let routes = json!([{ "handle": [with_id("a", &["a:1"]), with_id("a", &["b:1"]), with_id("x/y", &["c:1"])] }]);
        let places = ["s/routes/0/handle/0", "s/routes/0/handle/1", "s/routes/0/handle/2"];
        check(&json!({ "s": { "routes": routes } }), &places);
        check(&json!({ "s/t": { "routes": [{ "handle": [proxy(&["a:1"])] }] } }), &[]);
    }

    #[test]
    fn handlers_without_a_list_are_left_out() {
        let dynamic = json!({ "handler": "reverse_proxy", "dynamic_upstreams": { "source": "a" } });
        check(&json!({ "s": { "routes": [{ "handle": [dynamic, proxy(&[])] }] } }), &[]);
        check(&Value::Null, &[]);
    }

    #[test]
    fn what_a_handler_does_with_its_upstreams() {
        let mut value = proxy(&["a:1"]);
        let plain = handler("a".to_owned(), &value);
        assert!(!plain.checks_actively && !plain.counts_fails && !plain.keeps_streams);
        value["health_checks"] = json!({ "active": { "path": "/" }, "passive": { "fail_duration": "10s" } });
        value["stream_close_delay"] = json!(300_000_000_000_u64);
        let careful = handler("a".to_owned(), &value);
        assert!(careful.checks_actively && careful.counts_fails && careful.keeps_streams);
    }
}
