//! What Caddy says, put together from its configuration, its counts and its metrics.

use std::collections::HashMap;
use std::net::SocketAddr;

use domain::{Admin, BackendView, Host, ProxyLook, ProxyWarning, ServerView};

use super::metrics::Metrics;
use super::walk::Handler;
use super::wire::Counts;

/// A start or a reload cannot be told by what the admin API gives, so the instance stays empty.
pub(super) fn assemble(handlers: Vec<Handler>, counts: &Counts, metrics: &Metrics) -> ProxyLook {
    // A change loads the whole configuration again, and with it every handler.
    let closes_streams = handlers.iter().any(|handler| !handler.keeps_streams);
    let uses = handlers.iter().flat_map(|handler| &handler.dials).fold(HashMap::new(), |mut uses, dial| {
        *uses.entry(dial.clone()).or_insert(0_usize) += 1;
        uses
    });
    let is_shared = |dial: &String| uses.get(dial).is_some_and(|times| *times > 1);
    let backends = handlers.into_iter().map(|handler| {
        let servers = handler.dials.iter().map(|dial| server(&handler, dial, is_shared(dial), counts, metrics));
        BackendView { servers: servers.collect(), name: handler.name.clone() }
    });
    ProxyLook {
        version: metrics.version.clone().unwrap_or_default(),
        instance: String::new(),
        backends: backends.collect(),
        warnings: if closes_streams { vec![ProxyWarning::ClosesWebSockets] } else { Vec::new() },
    }
}

fn server(handler: &Handler, dial: &str, is_shared: bool, counts: &Counts, metrics: &Metrics) -> ServerView {
    let count = counts.get(dial);
    let fails = count.and_then(|count| count.fails).filter(|_| handler.counts_fails);
    // The metric has one value for each dial: of several handlers the last one to write it wins.
    let is_checked = (handler.checks_actively || handler.counts_fails) && !is_shared;
    ServerView {
        name: dial.to_owned(),
        address: address(dial),
        says: match fails {
            Some(fails) if fails > 0 => format!("listed, {fails} failed"),
            _ => "listed".to_owned(),
        },
        is_up: metrics.healthy.get(dial).copied().filter(|_| is_checked),
        admin: Admin::READY,
        sessions: count.and_then(|count| count.num_requests),
        errors: fails,
        ..ServerView::default()
    }
}

/// `host:port`; none for sockets, placeholders and whatever else a `dial` may be.
fn address(dial: &str) -> Option<String> {
    let place = dial.strip_prefix("tcp/").unwrap_or(dial);
    if let Ok(address) = place.parse::<SocketAddr>() {
        return Some(address.to_string());
    }
    let (host, port) = place.rsplit_once(':')?;
    let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
    match host.parse().ok()? {
        Host::Name(name) => Some(format!("{}:{port}", name.as_str())),
        Host::Ip(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::Count;
    use super::*;

    fn handler(name: &str, dials: &[&str]) -> Handler {
        let dials = dials.iter().map(|dial| (*dial).to_owned()).collect();
        Handler { name: name.to_owned(), dials, checks_actively: true, counts_fails: false, keeps_streams: false }
    }

    fn look(handlers: Vec<Handler>) -> ProxyLook {
        let counts = Counts::from([("a:1".to_owned(), Count { num_requests: Some(3), fails: Some(2) })]);
        let healthy = HashMap::from([("a:1".to_owned(), false)]);
        assemble(handlers, &counts, &Metrics { version: None, healthy })
    }

    #[test]
    fn what_is_known_of_an_upstream() {
        let counting = Handler { counts_fails: true, ..handler("api", &["a:1", "b:1"]) };
        let servers = look(vec![counting]).backends.remove(0).servers;
        let told = |server: &ServerView| (server.says.clone(), server.is_up, server.sessions, server.errors);
        assert_eq!(told(&servers[0]), ("listed, 2 failed".to_owned(), Some(false), Some(3), Some(2)));
        assert_eq!(told(&servers[1]), ("listed".to_owned(), None, None, None));
    }

    #[test]
    fn what_caddy_does_not_count_is_none() {
        let servers = look(vec![handler("api", &["a:1"])]).backends.remove(0).servers;
        assert_eq!((servers[0].errors, servers[0].says.as_str()), (None, "listed"));
    }

    #[test]
    fn health_is_not_told_where_nobody_checks_or_two_handlers_do() {
        let unchecked = Handler { checks_actively: false, ..handler("api", &["a:1"]) };
        assert_eq!(look(vec![unchecked]).backends[0].servers[0].is_up, None);
        assert_eq!(look(vec![handler("x", &["a:1"]), handler("y", &["a:1"])]).backends[0].servers[0].is_up, None);
    }

    #[test]
    fn one_handler_that_closes_its_streams_is_enough_for_a_warning() {
        let keeping = Handler { keeps_streams: true, ..handler("a", &["a:1"]) };
        assert_eq!(look(vec![keeping.clone()]).warnings, []);
        assert_eq!(look(vec![keeping, handler("b", &["b:1"])]).warnings, [ProxyWarning::ClosesWebSockets]);
    }

    #[test]
    fn addresses() {
        assert_eq!(address("127.0.0.1:80").as_deref(), Some("127.0.0.1:80"));
        assert_eq!(address("[::1]:80").as_deref(), Some("[::1]:80"));
        assert_eq!(address("tcp/Web-1.local:80").as_deref(), Some("web-1.local:80"));
        assert_eq!(address("unix//run/php.sock"), None);
        assert_eq!(address("{http.vars.host}:80"), None);
        assert_eq!(address(":80"), None);
    }
}
