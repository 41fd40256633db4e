//! Whether what is shown is true now.

use domain::Timestamp;

/// Whether what is shown is true now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It was true when the page was made; nothing keeps it live yet.
    Made(Timestamp),
    /// The server was heard so many tenths of a second ago.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser hears the stream"))]
    Live(u32),
    /// The server was not heard since then.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser hears the stream"))]
    Stale(Timestamp),
}

/// The server ticks every 2 s, so this many milliseconds without a sound mean that it is not heard any more.
#[cfg(feature = "hydrate")]
const STALE_AFTER_MS: i64 = 5000;

impl Freshness {
    /// What a server that was last heard at `heard` is worth at `now`, both by the browser's clock; `ahead` is how
    /// far the server's is ahead of it. Within the grace after a reconnect, silence does not count.
    #[cfg(feature = "hydrate")]
    pub(crate) fn after_silence(heard: i64, now: i64, ahead: i64, in_grace: bool) -> Self {
        let silence = now.saturating_sub(heard);
        let last = Timestamp::from_millis(heard.saturating_add(ahead));
        match silence {
            ..STALE_AFTER_MS => Self::Live(u32::try_from(silence / 100).unwrap_or(0)),
            _ if in_grace => Self::Made(last),
            _ => Self::Stale(last),
        }
    }
}
