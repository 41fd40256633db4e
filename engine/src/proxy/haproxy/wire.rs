//! Orders as text, and the replies to them.

use domain::Order;

use super::super::ProxyError;

/// HAProxy reads a command into one buffer of 16 KiB; no name comes near.
const NAME_BYTES_MAX: usize = 1024;

/// The command for an order. A name that HAProxy could not have is never sent: it could end the command and begin
/// another one.
pub(super) fn command(backend: &str, server: &str, order: Order) -> Result<String, ProxyError> {
    if !is_name(backend) {
        return Err(ProxyError::NoSuchBackend);
    }
    if !is_name(server) {
        return Err(ProxyError::NoSuchServer);
    }
    Ok(match order {
        Order::Ready => format!("set server {backend}/{server} state ready"),
        Order::Drain => format!("set server {backend}/{server} state drain"),
        Order::Maint => format!("set server {backend}/{server} state maint"),
        Order::Cut => format!("shutdown sessions server {backend}/{server}"),
    })
}

/// The characters that HAProxy allows in names (configuration.txt, section 2.2 and `invalid_char`).
fn is_name(text: &str) -> bool {
    let is_good = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_good)
}

/// The reply to an order: an empty line if it was carried out. No line at all is no reply: the process ended, or it is
/// something else that closes its connections.
pub(super) fn read_done(reply: &str) -> Result<String, ProxyError> {
    let said = reply.trim();
    let begins = |text: &str| said.to_ascii_lowercase().starts_with(text);
    if reply.is_empty() {
        Err(ProxyError::garbage(reply))
    } else if said.is_empty() {
        Ok("done".to_owned())
    } else if begins("permission denied") {
        Err(ProxyError::ReadOnly)
    } else if begins("no such server") {
        Err(ProxyError::NoSuchServer)
    } else if begins("no such backend") {
        Err(ProxyError::NoSuchBackend)
    } else if begins("unknown command") {
        Err(ProxyError::garbage(said))
    } else {
        Err(ProxyError::refused(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(reply: &str, expected: Result<&str, ProxyError>) {
        assert_eq!(read_done(reply), expected.map(str::to_owned), "{reply:?}");
    }

    #[test]
    fn orders_as_text() {
        let text = |order| command("shop", "web-1", order).unwrap();
        assert_eq!(text(Order::Drain), "set server shop/web-1 state drain");
        assert_eq!(text(Order::Maint), "set server shop/web-1 state maint");
        assert_eq!(text(Order::Ready), "set server shop/web-1 state ready");
        assert_eq!(text(Order::Cut), "shutdown sessions server shop/web-1");
    }

    #[test]
    fn replies_as_haproxy_2_6_gives_them() {
        check("\n", Ok("done"));
        check("", Err(ProxyError::Garbage("nothing".to_owned())));
        check("Permission denied\n\n", Err(ProxyError::ReadOnly));
        check("No such server.\n\n", Err(ProxyError::NoSuchServer));
        check("No such backend.\n\n", Err(ProxyError::NoSuchBackend));
        check("Require 'backend/server'.\n\n", Err(ProxyError::Refused("Require 'backend/server'.".to_owned())));
        let unknown = "Unknown command, but maybe one of the following ones is a better match:\n  help\n\n";
        assert!(matches!(read_done(unknown), Err(ProxyError::Garbage(said)) if said.starts_with("Unknown command")));
    }

    #[test]
    fn names_that_haproxy_cannot_have_are_not_sent() {
        assert_eq!(command("shop", "", Order::Drain), Err(ProxyError::NoSuchServer));
        assert_eq!(command("shop", "a;b", Order::Drain), Err(ProxyError::NoSuchServer));
        assert_eq!(command("sh op", "a", Order::Drain), Err(ProxyError::NoSuchBackend));
        assert_eq!(command("shop", "web/1", Order::Drain), Err(ProxyError::NoSuchServer));
    }

    proptest! {
        #[test]
        fn no_name_smuggles_in_a_second_command(
            backend in "([a-z0-9._:-]|[;\n\r \\\\\"'<>#/\u{0}\u{a0}é]){0,6}",
            server in "([a-z0-9._:-]|[;\n\r \\\\\"'<>#/\u{0}\u{a0}é]){0,6}",
        ) {
            for order in [Order::Ready, Order::Drain, Order::Maint, Order::Cut] {
                if let Ok(text) = command(&backend, &server, order) {
                    prop_assert!(!text.contains([';', '\n', '\r', '\\', '"', '\'', '<', '#']), "{text:?}");
                    let place = format!("{backend}/{server}");
                    prop_assert!(text.split(' ').any(|word| word == place), "{text:?}");
                    prop_assert_eq!(text.split_whitespace().count(), if order == Order::Cut { 4 } else { 5 });
                }
            }
        }

        #[test]
        fn any_reply_can_be_read(reply in ".{0,300}") {
            let _ = read_done(&reply);
        }
    }
}
