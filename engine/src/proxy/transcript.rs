//! What was said to a proxy and what it answered, for a person who wants to see it word by word.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Micros, Timestamp, TranscriptLine, clean};
use tokio::time::Instant;

use super::redact::redact;
use crate::Clock;

/// So many lines are kept; the oldest goes first.
const LINES_MAX: usize = 200;
/// So many characters of a question, and of an answer, are kept.
const TEXT_MAX: usize = 500;
/// So many characters are looked at to find [`TEXT_MAX`] that can be shown.
const RAW_MAX: usize = 4 * TEXT_MAX;

/// The last exchanges with one proxy. A clone is another handle to the same lines.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    clock: Clock,
    lines: Arc<Mutex<VecDeque<Entry>>>,
}

/// Why something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To know how things are, again and again: only the last of each question is kept.
    Routine,
    /// To change something.
    Order,
}

/// When a question was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    at: Timestamp,
    instant: Instant,
}

#[derive(Debug)]
struct Entry {
    purpose: Purpose,
    line: TranscriptLine,
}

impl Transcript {
    /// An empty transcript.
    pub fn new(clock: Clock) -> Self {
        Self { clock, lines: Arc::default() }
    }

    /// All lines, the newest first.
    pub fn lines(&self) -> Vec<TranscriptLine> {
        self.entries().iter().map(|entry| entry.line.clone()).collect()
    }

    /// To be called before something is asked.
    pub(super) fn begin(&self) -> Asked {
        Asked { at: self.clock.now(), instant: self.clock.instant() }
    }

    /// Writes down an exchange that has ended.
    pub(super) fn record(&self, begun: Asked, purpose: Purpose, asked: &str, answered: &str, ok: bool) {
        let took: Micros = self.clock.instant().saturating_duration_since(begun.instant).into();
        let line = TranscriptLine { at: begun.at, asked: shown(asked), answered: shown(answered), took_us: took.0, ok };
        let mut entries = self.entries();
        if purpose == Purpose::Routine {
            entries.retain(|entry| entry.purpose == Purpose::Order || entry.line.asked != line.asked);
        }
        entries.push_front(Entry { purpose, line });
        entries.truncate(LINES_MAX);
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shown(text: &str) -> String {
    let begin: String = text.chars().take(RAW_MAX).collect();
    clean(&redact(&begin), TEXT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(transcript: &Transcript, purpose: Purpose, asked: &str) {
        transcript.record(transcript.begin(), purpose, asked, "a\nb", true);
    }

    fn asked(transcript: &Transcript) -> Vec<String> {
        transcript.lines().into_iter().map(|line| line.asked).collect()
    }

    #[test]
    fn looks_do_not_push_orders_out() {
        let transcript = Transcript::default();
        record(&transcript, Purpose::Order, "drain");
        (0..LINES_MAX).for_each(|_| record(&transcript, Purpose::Routine, "look"));
        assert_eq!(asked(&transcript), ["look", "drain"]);
    }

    #[test]
    fn the_oldest_lines_go() {
        let transcript = Transcript::default();
        (0..=LINES_MAX).for_each(|n| record(&transcript, Purpose::Order, &n.to_string()));
        let asked = asked(&transcript);
        assert_eq!((asked.len(), asked[0].as_str(), asked[LINES_MAX - 1].as_str()), (LINES_MAX, "200", "1"));
    }

    #[test]
    fn lines_are_clean_short_and_without_secrets() {
        let transcript = Transcript::default();
        let answer = format!("{{\"password\":\"hunter2\"}}\u{202e}{}", "x".repeat(5000));
        transcript.record(transcript.begin(), Purpose::Order, "a\r\nb", &answer, false);
        let line = transcript.lines().remove(0);
        assert_eq!((line.asked.as_str(), line.ok), ("a  b", false));
        assert!(line.answered.starts_with("{\"password\":\"[redacted]\"}xxx"), "{}", line.answered);
        assert_eq!(line.answered.chars().count(), TEXT_MAX);
    }
}
