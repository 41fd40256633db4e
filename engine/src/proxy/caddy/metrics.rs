//! What Caddy's `/metrics` tells of its upstreams and its version (Prometheus' text format).

use std::collections::HashMap;

use super::super::ProxyError;
use super::http::Answer;

const HEALTHY: &str = "caddy_reverse_proxy_upstreams_healthy{";
const BUILD: &str = "go_build_info{";
/// The Go module whose version is Caddy's. What xcaddy and Debian build has another name or none.
const MODULE: &str = "github.com/caddyserver/caddy/v2";

/// What `/metrics` tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Metrics {
    /// The version, where Caddy's own module was built.
    pub(super) version: Option<String>,
    /// Whether an upstream is healthy, by its `dial`. Some seconds old (10 in Caddy 2.6), and never forgotten.
    pub(super) healthy: HashMap<String, bool>,
}

/// Reads what matters and skips the rest.
pub(super) fn read(answer: Answer) -> Result<Metrics, ProxyError> {
    if answer.status != 200 {
        return Err(ProxyError::garbage(&answer.to_string()));
    }
    let mut metrics = Metrics::default();
    for line in answer.body.lines() {
        if let Some((labels, value)) = labels_and_value(line, HEALTHY) {
            let dial = label(labels, "upstream");
            metrics.healthy.extend(dial.map(|dial| (dial.to_owned(), value.starts_with('1'))));
        } else if let Some((labels, _)) = labels_and_value(line, BUILD) {
            metrics.version = label(labels, "version").filter(|_| label(labels, "path") == Some(MODULE)).map(version);
        }
    }
    metrics.version = metrics.version.filter(|version| version.starts_with(|c: char| c.is_ascii_digit()));
    Ok(metrics)
}

fn version(text: &str) -> String {
    text.trim_start_matches('v').to_owned()
}

fn labels_and_value<'a>(line: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (labels, value) = line.strip_prefix(name)?.rsplit_once('}')?;
    Some((labels, value.trim()))
}

/// Neither a `dial` nor a version has a quote in it.
fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    let after = labels.split(',').find_map(|label| label.strip_prefix(name)?.strip_prefix("=\""))?;
    after.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, version: Option<&str>, healthy: &[(&str, bool)]) {
        let metrics = read(Answer { status: 200, etag: None, body: body.to_owned() }).unwrap();
        let expected = healthy.iter().map(|(dial, is)| ((*dial).to_owned(), *is)).collect();
        assert_eq!(metrics, Metrics { version: version.map(str::to_owned), healthy: expected }, "{body:?}");
    }

    #[test]
    fn metrics_as_caddy_2_6_gives_them() {
        let body = "# HELP caddy_reverse_proxy_upstreams_healthy Health status of reverse proxy upstreams.\n\
            # TYPE caddy_reverse_proxy_upstreams_healthy gauge\n\
            caddy_reverse_proxy_upstreams_healthy{upstream=\"127.0.0.1:18081\"} 0\n\
            caddy_reverse_proxy_upstreams_healthy{upstream=\"[::1]:18082\"} 1\n\
            go_build_info{checksum=\"\",path=\"\",version=\"\"} 1\n";
        check(body, None, &[("127.0.0.1:18081", false), ("[::1]:18082", true)]);
    }

    #[test]
    fn a_version_is_never_made_up() {
        let build = |path: &str, version: &str| {
            format!("go_build_info{{checksum=\"h1:x\",path=\"{path}\",version=\"{version}\"}} 1")
        };
        check(&build(MODULE, "v2.10.0"), Some("2.10.0"), &[]);
        check(&build(MODULE, "(devel)"), None, &[]);
        check(&build("caddy", "v1.0.0"), None, &[]);
        check("go_build_info{} 1\ncaddy_reverse_proxy_upstreams_healthy{", None, &[]);
    }
}
