//! Buttons of the lab. Why something could not be done is told where the button was.

use domain::{LAB_RATE, LAB_RATE_MAX, LabFault};
use engine::LabError;

use crate::ssr::Desk;
use crate::text::{LabRefusal, Text};
use crate::{FormState, Notice, Route};

use super::super::problem::sentence;
use super::{Answer, Refusal};

/// Starts the lab, ends it, or sets how often its client asks.
pub(super) async fn act(desk: &Desk<'_>, form: &FormState) -> Result<Answer, Refusal> {
    let lab = desk.engine.lab();
    let (done, notice) = match form.text("action") {
        "start" => (Box::pin(lab.start(LAB_RATE, desk.author(None))).await, Notice::LabStarted),
        "end" => (Box::pin(lab.end(desk.author(None))).await, Notice::LabEnded),
        "rate" => {
            let rate = form.text("rate_per_s").trim().parse().unwrap_or(0);
            (lab.set_rate(rate), Notice::LabRate(rate))
        }
        _ => return Err(Refusal::NoForm),
    };
    Ok(told(desk, done, notice))
}

/// Breaks a server, or brings it back.
pub(super) async fn inflict(desk: &Desk<'_>, number: u8, fault: LabFault) -> Result<Answer, Refusal> {
    let done = desk.engine.lab().inflict(number, fault).await;
    Ok(told(desk, done, Notice::LabFault(number, fault)))
}

/// Begins to compare standbys.
pub(super) async fn compare(desk: &Desk<'_>) -> Result<Answer, Refusal> {
    let done = desk.engine.lab().compare(desk.author(None)).await;
    match told(desk, done, Notice::ComparisonBegun) {
        Answer::Done(_, notice) => Ok(Answer::Done(Route::LabStandbys, notice)),
        other => Ok(other),
    }
}

fn told(desk: &Desk<'_>, done: Result<(), LabError>, notice: Notice) -> Answer {
    let said = |refusal| Notice::NotDone((Text::of(desk.language()).lab().refused)(&refusal));
    let notice = match done {
        Ok(()) => notice,
        Err(LabError::Rate) => {
            let wrong = domain::Problem::Range { min: 1, max: LAB_RATE_MAX };
            Notice::NotDone(sentence(&wrong, desk.language()))
        }
        Err(LabError::Closed) => said(LabRefusal::Closed),
        Err(LabError::Running) => said(LabRefusal::Running),
        Err(LabError::NotRunning) => said(LabRefusal::NotRunning),
        Err(LabError::NotNow(number, doing)) => said(LabRefusal::NotNow(number, doing)),
        Err(LabError::NotYet(number)) => said(LabRefusal::NotYet(number)),
        Err(LabError::NotRemoved(error)) => Notice::NotDone(super::refused::sentence(&error, desk.language())),
        Err(error @ (LabError::Comparing | LabError::NoSuchBackend | LabError::System(_) | LabError::Directory(_))) => {
            said(LabRefusal::Other(error.to_string()))
        }
    };
    Answer::Done(Route::Lab, notice)
}
