//! Rows of the last checks: failures that are the same one after another are one row, which can be unfolded.

use domain::{Micros, Observation, Outcome, Phases, Timestamp};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::live::Live;
use crate::text::{millis, outcome};

/// Checks that ended the same way one after another, newest first; never empty. Each that passed is one of its own,
/// since its times differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    newest: Observation,
    /// The others.
    before: Vec<Observation>,
}

impl Run {
    /// What stays while the run grows.
    pub(super) fn key(&self) -> Timestamp {
        self.oldest().at
    }

    fn oldest(&self) -> &Observation {
        self.before.last().unwrap_or(&self.newest)
    }

    fn takes(&self, next: &Observation) -> bool {
        let (one, other) = (&self.newest, next);
        one.outcome != Outcome::Pass && one.outcome == other.outcome && one.status_code == other.status_code
    }
}

/// The rows of observations, newest first.
pub(super) fn runs(seen: &[Observation]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for next in seen {
        match runs.last_mut().filter(|run| run.takes(next)) {
            Some(run) => run.before.push(next.clone()),
            None => runs.push(Run { newest: next.clone(), before: Vec::new() }),
        }
    }
    runs
}

/// The row of a run. Only what differs from check to check is drawn anew, so that an unfolded row stays so.
pub(super) fn row(runs: Memo<Vec<Run>>, key: Timestamp) -> Option<AnyView> {
    let text = Live::here().text();
    let run = Memo::new(move |_| runs.with(|runs| runs.iter().find(|run| run.key() == key).cloned()));
    let newest = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.newest.clone())));
    let seen = newest.get_untracked()?;
    let result = outcome(&seen.outcome, text.language).unwrap_or_else(|| text.target().pass.to_owned());
    let reason = seen.outcome.reason().map(|reason| reason.as_str());
    let code = seen.status_code.map_or_else(|| "–".to_owned(), |code| code.to_string());
    let at = Signal::derive(move || newest.with(|seen| seen.as_ref().map_or(key, |seen| seen.at)));
    let phase = |read: fn(&Phases) -> Option<Micros>| {
        let time = move || newest.with(|seen| seen.as_ref().and_then(|seen| read(&seen.phases)));
        view! { <td class="num">{move || time().map_or_else(|| "–".to_owned(), millis)}</td> }
    };
    let phases: [fn(&Phases) -> Option<Micros>; 5] =
        [|it| it.dns, |it| it.connect, |it| it.tls, |it| it.first_byte, |it| Some(it.total)];
    let row = view! {
        <tr class=class(&seen.outcome)>
            <td class="mono"><Moment at precision=Precision::Millis/></td>
            <td class="wide"><span class="result">{result}</span>" "<span class="reason">{reason}</span>{again(run)}</td>
            <td class="num">{code}</td>
            {phases.map(phase).into_view()}
        </tr>
    };
    Some(row.into_any())
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "passed",
        Outcome::Fail(_) => "failed",
        Outcome::Unknown(_) => "failed unseen",
    }
}

/// How often it was the same before, and when; nothing where it was not.
fn again(run: Memo<Option<Run>>) -> impl Fn() -> Option<AnyView> {
    let text = Live::here().text();
    let before = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.before.clone()).unwrap_or_default()));
    let is_folded = Memo::new(move |_| !before.with(Vec::is_empty));
    let since = Signal::derive(move || {
        before.with(|before| before.last().map(|seen| seen.at)).unwrap_or(Timestamp::from_millis(0))
    });
    let count = move || (text.target().again)(before.with(Vec::len));
    let item = |seen: Observation| {
        view! { <li><Moment at=seen.at precision=Precision::Millis/>" · "{millis(seen.phases.total)}</li> }
    };
    let fold = move || {
        view! {
            <details class="again">
                <summary>{count}" "<Moment at=since precision=Precision::Seconds/></summary>
                <ol><For each=move || before.get() key=|seen| seen.at let(seen)>{item(seen)}</For></ol>
            </details>
        }
    };
    move || is_folded.get().then(|| fold().into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Failure;

    fn seen(at: i64, outcome: Outcome) -> Observation {
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(900) };
        Observation { at: Timestamp::from_millis(at), phases, status_code: None, outcome }
    }

    #[test]
    fn failures_that_are_the_same_fold_and_passes_do_not() {
        let late = |at| seen(at, Outcome::Fail(Failure::Timeout { after_ms: 500 }));
        let later = seen(4, Outcome::Fail(Failure::Timeout { after_ms: 600 }));
        let all = [late(7), late(6), late(5), later, late(3), seen(2, Outcome::Pass), seen(1, Outcome::Pass)];
        let told: Vec<(i64, usize)> = runs(&all).iter().map(|run| (run.key().as_millis(), run.before.len())).collect();
        assert_eq!(told, [(5, 2), (4, 0), (3, 0), (2, 0), (1, 0)]);
    }
}
