//! Following what is shown of the lab.

use std::sync::Arc;

use domain::LabView;
use tokio::sync::watch;

use super::Bench;

/// A reader of the lab, at its own pace.
#[derive(Debug)]
pub struct LabFollower {
    bench: Arc<Bench>,
    changes: watch::Receiver<u64>,
    /// The lab that was read last, and its last answer.
    known: Option<(u64, u64)>,
}

impl LabFollower {
    pub(super) fn new(bench: Arc<Bench>) -> Self {
        let mut changes = bench.changes.subscribe();
        changes.mark_changed();
        Self { bench, changes, known: None }
    }

    /// Waits for a change and gives what is shown, with the answers that are new since the last time; at once when called
    /// first. Nothing is lost when the wait is given up.
    pub async fn next(&mut self) -> LabView {
        if self.changes.changed().await.is_err() {
            return std::future::pending().await;
        }
        let view = self.bench.view(self.known);
        self.known = view.lab().map(|lab| {
            let before = self.known.filter(|(id, _)| *id == lab.id).map_or(0, |(_, number)| number);
            (lab.id, lab.answers.last().map_or(before, |answer| answer.number))
        });
        view
    }
}
