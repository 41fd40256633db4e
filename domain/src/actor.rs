//! Who changed something.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Who made a change. There is no sign-in yet, so a person is known by the way in and the address they came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The way in.
    pub via: Via,
    /// The address that the request came from, where there was a request.
    pub address: Option<IpAddr>,
}

/// The way in by which a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A form in the browser.
    Console,
    /// The JSON API.
    Api,
    /// Drainboard itself.
    Drainboard,
}

impl Actor {
    /// Drainboard itself.
    pub fn drainboard() -> Self {
        Self { via: Via::Drainboard, address: None }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let via = match self.via {
            Via::Console => "console",
            Via::Api => "api",
            Via::Drainboard => "drainboard",
        };
        match self.address {
            Some(address) => write!(f, "{via} ({address})"),
            None => f.write_str(via),
        }
    }
}
