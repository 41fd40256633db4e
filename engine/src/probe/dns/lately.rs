//! Which names were found lately: a resolver that finds others is not to blame for one that it does not find.

use std::time::Duration;

use domain::DnsName;
use tokio::time::Instant;

/// A name that was found so long ago says nothing about the resolver now.
const LATELY: Duration = Duration::from_secs(60);

/// The name that was found last, and the last one beside it. Pure: time comes in.
#[derive(Debug, Default)]
pub(super) struct Lately {
    last: Option<(DnsName, Instant)>,
    beside: Option<Instant>,
}

impl Lately {
    /// The resolver found the addresses of `name`.
    pub(super) fn found(&mut self, name: &DnsName, now: Instant) {
        match &mut self.last {
            Some((last, at)) if last == name => *at = now,
            last => self.beside = last.replace((name.clone(), now)).map(|(_, at)| at),
        }
    }

    /// Whether it found another name than this one lately.
    pub(super) fn found_another(&self, name: &DnsName, now: Instant) -> bool {
        let other = match &self.last {
            Some((last, at)) if last != name => Some(*at),
            _ => self.beside,
        };
        other.is_some_and(|at| now < at + LATELY)
    }
}

#[cfg(test)]
mod tests {
    use domain::Host;

    use super::*;
    use crate::Clock;

    fn name(text: &str) -> DnsName {
        match text.parse() {
            Ok(Host::Name(name)) => name,
            other => unreachable!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn only_another_name_speaks_for_the_resolver_and_only_for_a_while() {
        let (now, a, b) = (Clock.instant(), name("a.example"), name("b.example"));
        let mut lately = Lately::default();
        assert!(!lately.found_another(&a, now));
        lately.found(&a, now);
        assert!(!lately.found_another(&a, now));
        assert!(lately.found_another(&b, now));
        lately.found(&b, now + LATELY / 2);
        assert!(lately.found_another(&b, now + LATELY / 2));
        assert!(!lately.found_another(&b, now + LATELY));
        assert!(lately.found_another(&a, now + LATELY));
    }
}
