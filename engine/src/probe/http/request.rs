//! What is asked.

use domain::{Check, Host, Protocol};

/// The request of a check. Everything in it is parsed by the domain, so that nothing can smuggle in a header.
pub(super) fn text(check: &Check, host: &Host, port: u16) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\n\
         Host: {host}\r\n\
         User-Agent: Drainboard/{version}\r\n\
         Accept: */*\r\n\
         Accept-Encoding: identity\r\n\
         Connection: close\r\n\r\n",
        method = check.method,
        path = check.path.as_str(),
        host = host_header(check, host, port),
        version = env!("CARGO_PKG_VERSION"),
    )
}

fn host_header(check: &Check, host: &Host, port: u16) -> String {
    let bare = match host {
        Host::Ip(ip) if ip.is_ipv6() => format!("[{ip}]"),
        other => other.to_string(),
    };
    match (&check.host, check.protocol, port) {
        (Some(set), _, _) => set.to_string(),
        (None, Protocol::Http, 80) | (None, Protocol::Https, 443) => bare,
        (None, _, port) => format!("{bare}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(protocol: Protocol, set: Option<&str>, host: &str, port: u16, expected: &str) {
        let mut check = Check::default_for(protocol);
        check.host = set.map(|host| host.parse().unwrap());
        let text = text(&check, &host.parse().unwrap(), port);
        let line = text.lines().find_map(|line| line.strip_prefix("Host: "));
        assert_eq!(line, Some(expected));
    }

    #[test]
    fn the_host_header_is_as_a_browser_would_write_it() {
        check(Protocol::Http, None, "shop.example", 80, "shop.example");
        check(Protocol::Http, None, "shop.example", 443, "shop.example:443");
        check(Protocol::Https, None, "10.0.0.5", 443, "10.0.0.5");
        check(Protocol::Http, None, "::1", 8080, "[::1]:8080");
        check(Protocol::Http, None, "::1", 80, "[::1]");
        check(Protocol::Http, Some("shop.example"), "10.0.0.5", 8080, "shop.example");
    }

    #[test]
    fn the_request_asks_for_one_plain_answer() {
        let text = text(&Check::default_for(Protocol::Http), &"a.example".parse().unwrap(), 80);
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            text,
            format!(
                "GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: Drainboard/{version}\r\nAccept: */*\r\n\
                 Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
            )
        );
    }
}
