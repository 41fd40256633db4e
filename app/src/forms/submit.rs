//! What happens when a form is sent: guard, act, say what was done.

mod bindings;
mod drains;
mod drills;
mod groups;
mod lab;
mod proxies;
mod refused;
mod standbys;
mod targets;
mod trying;

pub(crate) use drills::DRILL_S;

use domain::Invalid;
use engine::{ChangeError, PutBack};

use crate::ssr::{Desk, PageResponse};
use crate::still;
use crate::{FormState, Notice, ProxyTrial, Route, Trial};

/// What came of a form.
enum Answer {
    /// It is done; the reader goes on to this page, which tells them.
    Done(Route, Notice),
    /// The reader is asked first.
    Asked,
    /// It was tried, and nothing was saved.
    Tried(Vec<Trial>),
    /// A proxy was looked at, and nothing was saved.
    Looked(ProxyTrial),
}

/// Why nothing came of it.
enum Refusal {
    /// What was typed is wrong.
    Wrong(Vec<Invalid>),
    /// What it is for is not there any more.
    Gone,
    /// The engine did not do it, and says why.
    Refused(ChangeError),
    /// This page takes no form.
    NoForm,
}

/// Does what a form asks for, and answers with the next page, or with the form as it was typed and what is wrong.
pub(crate) async fn submit(desk: &Desk<'_>, route: Route, fields: Vec<(String, String)>) -> PageResponse {
    let form = FormState::of(fields);
    match act(desk, &route, &form).await {
        Ok(Answer::Done(next, notice)) => desk.see_other(&next.to_string(), Some(&notice)),
        Ok(Answer::Asked) => again(desk, 200, form, Tried::default()).await,
        Ok(Answer::Tried(trials)) => again(desk, 200, form, Tried { trials, proxy: None }).await,
        Ok(Answer::Looked(proxy)) => again(desk, 200, form, Tried { proxy: Some(proxy), ..Tried::default() }).await,
        Err(Refusal::Wrong(problems)) => again(desk, 422, FormState { problems, ..form }, Tried::default()).await,
        Err(Refusal::Refused(error)) => {
            let failure = Some(refused::sentence(&error, desk.language()));
            again(desk, refused::status(&error), FormState { failure, ..form }, Tried::default()).await
        }
        Err(Refusal::Gone) => gone(desk).await,
        Err(Refusal::NoForm) => desk.show(405, &desk.data().await),
    }
}

/// What was tried before it is saved.
#[derive(Default)]
struct Tried {
    trials: Vec<Trial>,
    proxy: Option<ProxyTrial>,
}

async fn act(desk: &Desk<'_>, route: &Route, form: &FormState) -> Result<Answer, Refusal> {
    match route {
        Route::NewGroup => groups::create(desk, form).await,
        Route::EditGroup(name) => groups::edit(desk, name, form).await,
        Route::DeleteGroup(name) => groups::delete(desk, name, form).await,
        Route::AddTargets(name) => targets::add(desk, name, form).await,
        Route::EditTarget(name, id) => targets::edit(desk, name, *id, form).await,
        Route::Deregister(name) => targets::deregister(desk, name, &targets::chosen(form), form).await,
        Route::DeregisterTarget(name, id) => targets::deregister(desk, name, &[*id], form).await,
        Route::CheckTarget(name, id) => targets::check_now(desk, name, *id).await,
        Route::Drain(name) => drains::drain(desk, name, &targets::chosen(form), form).await,
        Route::DrainTarget(name, id) => drains::drain(desk, name, &[*id], form).await,
        Route::Return(name) => drains::bring_back(desk, name, &targets::chosen(form), form).await,
        Route::ReturnTarget(name, id) => drains::bring_back(desk, name, &[*id], form).await,
        Route::StandbyTarget(name, id) => standbys::standby(desk, name, *id, form).await,
        Route::NewProxy => proxies::connect(desk, form).await,
        Route::EditProxy(name) => proxies::edit(desk, name, form).await,
        Route::DeleteProxy(name) => proxies::delete(desk, name, form).await,
        Route::Bind(name) => bindings::bind(desk, name, form).await,
        Route::EditBinding(name, id) => bindings::edit(desk, name, *id, form).await,
        Route::Unbind(name, id) => bindings::unbind(desk, name, *id, form).await,
        Route::RegisterServers(name, id) => bindings::register(desk, name, *id).await,
        Route::Outside(name, id) => bindings::outside(desk, name, *id, form).await,
        Route::Lab => lab::act(desk, form).await,
        Route::LabStandbys => lab::compare(desk).await,
        Route::LabServer(number, fault) => lab::inflict(desk, *number, *fault).await,
        Route::Drill(name) => drills::act(desk, name, form).await,
        Route::Overview
        | Route::Wall
        | Route::Failovers
        | Route::Failover(_)
        | Route::Events
        | Route::Preferences
        | Route::Group(..)
        | Route::Target(..)
        | Route::TargetHistory(..)
        | Route::Proxies
        | Route::Proxy(_) => Err(Refusal::NoForm),
    }
}

/// What the form says of servers that we hold out of service: they are put back unless it says otherwise.
fn put_back(form: &FormState) -> PutBack {
    if form.text("put_back") == "false" { PutBack::LeaveOut } else { PutBack::Yes }
}

/// Answers a button that has no page of its own: why it could not be done is told where the button was.
fn told(desk: &Desk<'_>, result: Result<(), ChangeError>, back: Route, notice: Notice) -> Result<Answer, Refusal> {
    match result.map_err(Refusal::from) {
        Ok(()) => Ok(Answer::Done(back, notice)),
        Err(Refusal::Refused(error)) => {
            Ok(Answer::Done(back, Notice::NotDone(refused::sentence(&error, desk.language()))))
        }
        Err(Refusal::Wrong(wrong)) => {
            let first = wrong.first().map(|invalid| super::problem::sentence(&invalid.problem, desk.language()));
            Ok(Answer::Done(back, Notice::NotDone(first.unwrap_or_default())))
        }
        Err(other) => Err(other),
    }
}

/// The page of the form once more, with what was typed.
async fn again(desk: &Desk<'_>, status: u16, form: FormState, tried: Tried) -> PageResponse {
    let mut data = desk.data().await;
    let status = if data.found { status } else { 404 };
    data.form = Some(form).into();
    if let Some(route) = Route::parse(&desk.request.path).filter(Route::is_still) {
        data.still = still::make(desk, &route, data.form.as_ref()).await;
    }
    (data.trials, data.proxy_trial) = (tried.trials.into(), tried.proxy.into());
    desk.show(status, &data)
}

async fn gone(desk: &Desk<'_>) -> PageResponse {
    let mut data = desk.data().await;
    data.found = false;
    desk.show(404, &data)
}

impl From<Vec<Invalid>> for Refusal {
    fn from(wrong: Vec<Invalid>) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<ChangeError> for Refusal {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NoSuchGroup(_)
            | ChangeError::NoSuchTarget(_)
            | ChangeError::NoSuchProxy(_)
            | ChangeError::NoSuchBinding(_) => Self::Gone,
            ChangeError::Invalid(wrong) => Self::Wrong(wrong),
            error => Self::Refused(error),
        }
    }
}
