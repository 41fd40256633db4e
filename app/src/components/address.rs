//! A host with its port, which may go to the next line but is never torn apart.

use leptos::prelude::*;

/// Shows a name or an address. What stands behind its last colon, where that is a port, stays together.
#[component]
pub(crate) fn Address(
    /// The name, or host and port.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let host = move || text.with(|text| split(text).0.to_owned());
    let port = move || {
        let port = text.with(|text| split(text).1.to_owned());
        (!port.is_empty()).then(|| view! { <wbr/><span class="port">{port}</span> })
    };
    view! { <span>{host}</span>{port} }
}

/// Host, and port with its colon; nothing where there is no port.
fn split(text: &str) -> (&str, &str) {
    let colon = text.rfind(':').filter(|colon| {
        let port = text.get(colon + 1..).unwrap_or_default();
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    colon.map_or((text, ""), |colon| text.split_at(colon))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_port_is_held_together() {
        let check = |text, host: &str, port: &str| assert_eq!(split(text), (host, port));
        check("[2001:db8::1]:18080", "[2001:db8::1]", ":18080");
        check("10.0.4.11:80", "10.0.4.11", ":80");
        check("web-1", "web-1", "");
        check("job: nightly", "job: nightly", "");
        check("a:", "a:", "");
    }
}
