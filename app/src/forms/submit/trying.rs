//! *Test*: checks that are made once and saved nowhere.

use domain::{Check, Invalid, Problem, Protocol, TargetDraft, parse_target_list};
use futures_util::future::join_all;

use crate::ssr::Desk;
use crate::{FormState, Trial};

use super::{Answer, Refusal};

/// So many targets are tried at once.
const TARGETS_MAX: usize = 8;

/// A reader does not wait longer for a test, whatever the group's timeout.
const TIMEOUT_MAX_MS: u32 = 10_000;

/// Tries the check that was typed on the target that was typed. The rest of the form may still be unfinished.
pub(super) async fn group(desk: &Desk<'_>, form: &FormState) -> Result<Answer, Refusal> {
    let draft = form.group_draft();
    let protocol = draft.protocol.parse().unwrap_or(Protocol::Http);
    let port = draft.port.trim().parse().ok().filter(|port| *port > 0).unwrap_or(80);
    let (check, targets) = match (draft.check.validate(protocol), try_on(form.text("try_on"), port)) {
        (Ok(check), Ok(targets)) => (check, targets),
        (check, targets) => {
            let wrong = [check.err(), targets.err()];
            return Err(wrong.into_iter().flatten().flatten().collect::<Vec<_>>().into());
        }
    };
    Ok(Answer::Tried(self::targets(desk, &check, targets).await))
}

/// Tries a check on the first few of these targets, all at once.
pub(super) async fn targets(desk: &Desk<'_>, check: &Check, targets: Vec<TargetDraft>) -> Vec<Trial> {
    let check = Check { timeout_ms: check.timeout_ms.min(TIMEOUT_MAX_MS), ..check.clone() };
    let checks = targets.into_iter().take(TARGETS_MAX).map(|target| one(desk, &check, target));
    join_all(checks).await
}

async fn one(desk: &Desk<'_>, check: &Check, target: TargetDraft) -> Trial {
    let port = check.port.for_traffic(target.port);
    let observation = desk.engine.try_check(check, &target.host, port).await;
    Trial { address: TargetDraft { port, ..target }.address(), observation }
}

fn try_on(text: &str, default_port: u16) -> Result<Vec<TargetDraft>, Vec<Invalid>> {
    let lines = parse_target_list(text, default_port).map_err(|wrong| {
        let problem = match wrong.into_iter().next().map(|invalid| invalid.problem) {
            Some(Problem::Missing) => Problem::Missing,
            Some(Problem::InLine { problem, .. }) => *problem,
            _ => Problem::HostHeader,
        };
        vec![Invalid::new("try_on", problem)]
    })?;
    Ok(lines.into_iter().map(|line| line.target).collect())
}
