//! Looking at the lab's processes, whoever did something to them.

use std::time::Duration;

use domain::{LAB_BACKENDS, LabDoing};

use super::facts::OfEach;
use super::place::Place;
use super::process::{Process, Role};
use super::running::Running;

/// So often the processes are looked at: a signal from a terminal is shown that soon.
const PERIOD: Duration = Duration::from_millis(150);

/// Looks at the processes until the lab ends.
pub(super) async fn watch(running: &Running) {
    loop {
        running.look();
        tokio::time::sleep(PERIOD).await;
    }
}

/// What all servers do.
pub(super) fn look_at_all(place: &Place) -> OfEach<LabDoing> {
    let mut seen = [LabDoing::Gone; LAB_BACKENDS as usize];
    (1..).zip(&mut seen).for_each(|(number, seen)| *seen = look(place, number).0);
    seen
}

/// What a server does, and its process.
pub(super) fn look(place: &Place, number: u8) -> (LabDoing, Option<Process>) {
    let found = place.note(number).and_then(|note| Some((note, Process::open(note.pid, place)?)));
    match found.filter(|(_, process)| process.role == Role::Server(number)) {
        None => (LabDoing::Gone, None),
        Some((note, process)) => {
            let (pid, manners) = (note.pid, note.manners);
            let is_stopped = process.is_stopped();
            let doing =
                if is_stopped { LabDoing::Hanging { pid, manners } } else { LabDoing::Answering { pid, manners } };
            (doing, Some(process))
        }
    }
}
