//! What the synthetic client saw.

use serde::{Deserialize, Serialize};

use crate::{Map, Micros, Timestamp};

/// An answer that took so many microseconds or more is slow.
pub const SLOW_FROM_US: u32 = 200_000;

/// One request of the synthetic client, once it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabRequest {
    /// Its place among all that ended, from 1.
    pub number: u64,
    /// When it was sent.
    pub at: Timestamp,
    /// How long it took, connecting included.
    pub took: Micros,
    /// What became of it.
    pub answer: LabAnswer,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum LabAnswer {
    /// The server of this number answered 200.
    Served(u8),
    /// Another status: of the server of that number, or of the load balancer itself.
    Status(u16, Option<u8>),
    /// No connection to the load balancer came about.
    NotConnected,
    /// The connection was closed before the answer was whole.
    Closed,
    /// No answer in time.
    TimedOut,
    /// What came is no answer of the lab.
    Foreign,
}

impl LabRequest {
    /// Whether it was answered as it should be.
    pub fn is_served(&self) -> bool {
        matches!(self.answer, LabAnswer::Served(_))
    }

    /// Whether it was answered, and late.
    pub fn is_slow(&self) -> bool {
        self.is_served() && SLOW_FROM_US <= self.took.0
    }

    /// Who answered, where somebody said so.
    pub fn by(&self) -> Option<u8> {
        match self.answer {
            LabAnswer::Served(number) | LabAnswer::Status(_, Some(number)) => Some(number),
            _ => None,
        }
    }
}

/// What became of all requests of a lab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabTally {
    /// Served, by the number of the server.
    pub served: Map<u8, u64>,
    /// Not answered with 200.
    pub failed: u64,
    /// Served late; these are among those served, too.
    pub slow: u64,
    /// Not sent, because too many were waiting for their answer.
    pub held_back: u64,
}

impl LabTally {
    /// Counts one more.
    pub fn add(&mut self, request: &LabRequest) {
        match request.answer {
            LabAnswer::Served(number) => *self.served.entry(number).or_default() += 1,
            _ => self.failed += 1,
        }
        self.slow += u64::from(request.is_slow());
    }

    /// All that ended.
    pub fn ended(&self) -> u64 {
        self.served.values().sum::<u64>() + self.failed
    }
}

/// Who served the requests of a strip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabShares {
    /// Served, by the number of the server.
    pub served: Map<u8, usize>,
    /// Not answered with 200.
    pub failed: usize,
    /// Served late; these are among those served, too.
    pub slow: usize,
}

impl LabShares {
    /// Counts these.
    pub fn of(requests: &[LabRequest]) -> Self {
        let mut shares = Self::default();
        for request in requests {
            match request.answer {
                LabAnswer::Served(number) => *shares.served.entry(number).or_default() += 1,
                _ => shares.failed += 1,
            }
            shares.slow += usize::from(request.is_slow());
        }
        shares
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.served.values().sum::<usize>() + self.failed
    }

    /// What this server served, in whole percent; none where there were no requests.
    pub fn percent(&self, number: u8) -> Option<usize> {
        let served = self.served.get(&number).copied().unwrap_or(0);
        (served * 100 + self.total() / 2).checked_div(self.total())
    }
}
