//! The synthetic client: a visitor who asks the network load balancer at a set rate, on a new connection each time.

use std::sync::Arc;
use std::time::Duration;

use domain::{LabAnswer, Micros};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::running::Running;
use super::visit;

/// So many requests may wait for their answer: more than the highest rate reaches within the time that one may take.
const WAITING_MAX: usize = 512;

/// Begins to send requests, where there is a load balancer.
pub(super) fn begin(running: &Arc<Running>) {
    if let Some(port) = running.network_port() {
        let client = Arc::clone(running);
        Arc::clone(running).spawn(async move { send(client, port).await });
    }
}

/// Waits for the first answer, where requests are sent.
pub(super) async fn first_answer(running: &Running) {
    if running.network_port().is_some() {
        running.first_served().await;
    }
}

async fn send(running: Arc<Running>, port: u16) {
    let mut rate = running.rate();
    let mut waiting = JoinSet::new();
    loop {
        let mut ticks = ticks(*rate.borrow_and_update());
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                Some(_) = waiting.join_next() => continue,
                changed = rate.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
            }
            if waiting.len() < WAITING_MAX {
                waiting.spawn(ask(Arc::clone(&running), port));
            } else {
                running.note(|ledger| ledger.hold_back());
            }
        }
    }
}

fn ticks(per_s: u32) -> Interval {
    let mut ticks = interval(Duration::from_secs(1) / per_s.max(1));
    // Late ticks are not made up for: a burst would say nothing of the rate that was asked for.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn ask(running: Arc<Running>, port: u16) {
    let (at, begun) = (running.clock.now(), running.clock.instant());
    let answer: LabAnswer = visit::visit(port).await;
    let took: Micros = running.clock.instant().saturating_duration_since(begun).into();
    running.note(|ledger| ledger.add(at, took, answer));
}
