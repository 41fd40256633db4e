//! Names of backends: the `@id` of a handler, or its place in the configuration.

use super::super::ProxyError;
use super::SERVERS;

/// A longer name is none.
const NAME_BYTES_MAX: usize = 1024;

/// The shortest place is `srv0/routes/0/handle/0`.
const SEGMENTS_MIN: usize = 5;

/// Where the upstreams of a backend are in the admin API. A name that leads anywhere else is refused.
pub(super) fn upstreams_url(backend: &str) -> Result<String, ProxyError> {
    let segments: Vec<&str> = backend.split('/').collect();
    let is_good = backend.len() <= NAME_BYTES_MAX && segments.iter().all(|segment| is_segment(segment));
    match segments.as_slice() {
        _ if !is_good => Err(ProxyError::NoSuchBackend),
        [id] => Ok(format!("/id/{}/upstreams", encode(id))),
        place if place.len() >= SEGMENTS_MIN => {
            let place: Vec<String> = place.iter().map(|segment| encode(segment)).collect();
            Ok(format!("{SERVERS}/{}/upstreams", place.join("/")))
        }
        _ => Err(ProxyError::NoSuchBackend),
    }
}

/// Whether a backend is named by its place: another handler may come to stand there.
pub(super) fn is_place(backend: &str) -> bool {
    backend.contains('/')
}

/// Whether Caddy finds a key of this name: it takes every slash for a step, and cleans dots away, encoded or not.
pub(super) fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.contains('/') && !text.contains(char::is_control)
}

fn encode(segment: &str) -> String {
    segment.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(backend: &str, expected: Option<&str>) {
        assert_eq!(upstreams_url(backend).ok().as_deref(), expected, "{backend:?}");
    }

    #[test]
    fn names_and_places() {
        check("api", Some("/id/api/upstreams"));
        check("a b?#%2f", Some("/id/a%20b%3F%23%252f/upstreams"));
        check("srv0/routes/0/handle/1", Some("/config/apps/http/servers/srv0/routes/0/handle/1/upstreams"));
        check("srv0/routes", None);
        check("..", None);
        check("srv0/routes/../../../handle/0", None);
        check("/routes/0/handle/0", None);
        check("srv0//routes/0/handle", None);
        check("a\nb", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn no_name_leads_elsewhere(backend in "([a-z0-9./ ?#%&@]|\\.\\./|é|\r|\n){0,30}") {
            if let Ok(url) = upstreams_url(&backend) {
                let inside = url.starts_with("/id/") || url.starts_with("/config/apps/http/servers/");
                prop_assert!(inside && url.ends_with("/upstreams"), "{url:?}");
                prop_assert!(!url.contains("//") && !url.contains("/../") && !url.contains("/./"), "{url:?}");
                prop_assert!(!url.contains(['?', '#', ' ', '\r', '\n']), "{url:?}");
            }
        }
    }
}
