//! The console: pages rendered on the server from data, then kept live in the browser by the same components.
//!
//! Features: `ssr` for the server, `hydrate` for the browser. No SQL and no sockets.

// The types of views are deep.
#![recursion_limit = "512"]
#![expect(unreachable_pub, reason = "the component macro makes the properties public")]

mod components;
mod forms;
mod live;
mod matching;
mod pages;
mod parts;
mod route;
mod state;
mod text;
mod wire;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
#[cfg(feature = "ssr")]
mod still;

pub use pages::App;
pub use route::{Filter, Route, Tab};
pub use state::{
    FormState, LabIs, Language, Later, Line, Notice, OverviewNews, PageData, Past, PastAsk, ProxyFault, ProxyTrial,
    Still, Theme, Trial, Zone,
};

#[cfg(feature = "hydrate")]
pub use browser::hydrate;
