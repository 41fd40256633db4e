//! The admin API's answers as values, its refusals as errors.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::ProxyError;
use super::http::Answer;

/// Why [`domain::Order::Cut`] is not carried out.
pub(super) const NO_CUT: &str = "Caddy cannot cut the sessions of one upstream: wait for them, or stop the target";
/// Why nothing is written to a Caddy before 2.5.2.
pub(super) const NO_ETAG: &str =
    "this Caddy gives no ETag, so a change could overwrite another one: use Caddy 2.5.2 or newer";

/// The upstreams of a handler, and the mark that they had.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Upstreams {
    pub(super) list: Vec<Value>,
    pub(super) etag: Option<String>,
}

/// What `/reverse_proxy/upstreams` tells of a `dial`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Count {
    pub(super) num_requests: Option<u64>,
    pub(super) fails: Option<u64>,
}

/// Counts by `dial`.
pub(super) type Counts = HashMap<String, Count>;

/// `apps/http/servers`; null if there is no HTTP app.
pub(super) fn read_servers(answer: Answer) -> Result<Value, ProxyError> {
    match read(&answer) {
        Err(ProxyError::NoSuchBackend) => Ok(Value::Null),
        Ok(servers) if servers.is_object() || servers.is_null() => Ok(servers),
        Ok(_) => Err(ProxyError::garbage(&answer.body)),
        Err(error) => Err(error),
    }
}

/// The list at `…/upstreams`. A handler of another kind has none.
pub(super) fn read_upstreams(answer: Answer) -> Result<Upstreams, ProxyError> {
    match read(&answer)? {
        Value::Array(list) => Ok(Upstreams { list, etag: answer.etag }),
        Value::Null => Err(ProxyError::NoSuchBackend),
        _ => Err(ProxyError::garbage(&answer.body)),
    }
}

/// `/reverse_proxy/upstreams`
pub(super) fn read_counts(answer: Answer) -> Result<Counts, ProxyError> {
    #[derive(Deserialize)]
    struct Item {
        address: String,
        #[serde(flatten)]
        count: Count,
    }
    let items: Option<Vec<Item>> = serde_json::from_value(read(&answer)?).ok();
    let items = items.ok_or_else(|| ProxyError::garbage(&answer.body))?;
    Ok(items.into_iter().map(|item| (item.address, item.count)).collect())
}

/// The answer to a change; none if the configuration is not as it was any more.
pub(super) fn read_written(answer: Answer) -> Result<Option<String>, ProxyError> {
    match answer.status {
        200 => Ok(Some("200 OK".to_owned())),
        412 => Ok(None),
        _ => Err(refusal(&answer)),
    }
}

fn read(answer: &Answer) -> Result<Value, ProxyError> {
    match answer.status {
        200 => serde_json::from_str(&answer.body).map_err(|_| ProxyError::garbage(&answer.body)),
        _ => Err(refusal(answer)),
    }
}

/// Caddy tells every error as `{"error": "…"}`. Which path does not exist is only in its words.
fn refusal(answer: &Answer) -> ProxyError {
    let json: Option<Value> = serde_json::from_str(&answer.body).ok();
    let Some(error) = json.as_ref().and_then(|json| json["error"].as_str()) else {
        return ProxyError::garbage(&answer.to_string());
    };
    let leads_nowhere =
        ["unknown object ID", "invalid traversal path", "array index out of bounds", "invalid array index"];
    match answer.status {
        403 => ProxyError::refused(&format!("{error}: add this address to `admin.origins` in Caddy's configuration")),
        _ if leads_nowhere.iter().any(|words| error.contains(words)) => ProxyError::NoSuchBackend,
        _ => ProxyError::refused(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, etag: Some("\"/x 0\"".to_owned()), body: body.to_owned() }
    }

    fn refused(why: &str) -> ProxyError {
        ProxyError::Refused(why.to_owned())
    }

    #[test]
    fn upstreams_as_caddy_2_6_gives_them() {
        let body = "[{\"dial\":\"127.0.0.1:18081\",\"max_requests\":7},{\"dial\":\"127.0.0.1:18082\"}]\n";
        let upstreams = read_upstreams(answer(200, body)).unwrap();
        assert_eq!((upstreams.list.len(), upstreams.etag.as_deref()), (2, Some("\"/x 0\"")));
        assert_eq!(read_upstreams(answer(200, "null\n")), Err(ProxyError::NoSuchBackend));
        let unknown = "{\"error\":\"unknown object ID 'nope'\"}";
        assert_eq!(read_upstreams(answer(404, unknown)), Err(ProxyError::NoSuchBackend));
        let beyond = "{\"error\":\"[/config/apps/http/servers/srv0/routes/9] array index out of bounds: 9\"}";
        assert_eq!(read_upstreams(answer(400, beyond)), Err(ProxyError::NoSuchBackend));
    }

    #[test]
    fn a_caddy_without_an_http_app_has_no_servers() {
        let nowhere = "{\"error\":\"invalid traversal path at: config/apps\"}";
        assert_eq!(read_servers(answer(400, nowhere)), Ok(Value::Null));
        assert_eq!(read_servers(answer(200, "null\n")), Ok(Value::Null));
    }

    #[test]
    fn counts_as_caddy_2_6_gives_them() {
        let counts = read_counts(answer(200, "[{\"address\":\"a:1\",\"num_requests\":2,\"fails\":1}]")).unwrap();
        assert_eq!(counts["a:1"], Count { num_requests: Some(2), fails: Some(1) });
    }

    #[test]
    fn changes_and_why_not() {
        assert_eq!(read_written(answer(200, "")), Ok(Some("200 OK".to_owned())));
        let stale = "{\"error\":\"If-Match header did not match current config hash\"}";
        assert_eq!(read_written(answer(412, stale)), Ok(None));
        let bad = "{\"error\":\"loading new config: json: unknown field \\\"lied\\\"\"}";
        assert_eq!(read_written(answer(500, bad)), Err(refused("loading new config: json: unknown field \"lied\"")));
        let origin = "{\"error\":\"host not allowed: evil\"}";
        let advice = "host not allowed: evil: add this address to `admin.origins` in Caddy's configuration";
        assert_eq!(read_written(answer(403, origin)), Err(refused(advice)));
    }

    #[test]
    fn what_is_no_caddy_is_told() {
        let page = ProxyError::Garbage("404 404 page not found".to_owned());
        assert_eq!(read_upstreams(answer(404, "404 page not found\n")), Err(page));
        assert_eq!(read_servers(answer(200, "hello")), Err(ProxyError::Garbage("hello".to_owned())));
        assert_eq!(read_servers(answer(200, "[1]")), Err(ProxyError::Garbage("[1]".to_owned())));
    }

    proptest! {
        #[test]
        fn any_answer_can_be_read(status in 0..999_u16, body in "([\\[\\]{}:,\"a1 ]|null|\"error\":|\"address\":){0,20}") {
            let _ = read_servers(answer(status, &body));
            let _ = read_upstreams(answer(status, &body));
            let _ = read_counts(answer(status, &body));
            let _ = read_written(answer(status, &body));
        }
    }
}
