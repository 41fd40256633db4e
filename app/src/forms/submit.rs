//! What happens when a form is sent: guard, act, say what was done.

mod groups;
mod targets;
mod trying;

use domain::Invalid;
use engine::ChangeError;

use crate::ssr::{Desk, PageResponse};
use crate::{FormState, Notice, Route, Trial};

/// What came of a form.
enum Answer {
    /// It is done; the reader goes on to this page, which tells them.
    Done(Route, Notice),
    /// The reader is asked first.
    Asked,
    /// It was tried, and nothing was saved.
    Tried(Vec<Trial>),
}

/// Why nothing came of it.
enum Refusal {
    /// What was typed is wrong.
    Wrong(Vec<Invalid>),
    /// What it is for is not there any more.
    Gone,
    /// Not now, and why.
    NotNow(String),
    /// This page takes no form.
    NoForm,
}

/// Does what a form asks for, and answers with the next page, or with the form as it was typed and what is wrong.
pub(crate) async fn submit(desk: &Desk<'_>, route: Route, fields: Vec<(String, String)>) -> PageResponse {
    let form = FormState::of(fields);
    match act(desk, &route, &form).await {
        Ok(Answer::Done(next, notice)) => desk.see_other(&next.to_string(), Some(&notice)),
        Ok(Answer::Asked) => again(desk, 200, form, Vec::new()).await,
        Ok(Answer::Tried(trials)) => again(desk, 200, form, trials).await,
        Err(Refusal::Wrong(problems)) => again(desk, 422, FormState { problems, ..form }, Vec::new()).await,
        Err(Refusal::NotNow(why)) => again(desk, 503, FormState { failure: Some(why), ..form }, Vec::new()).await,
        Err(Refusal::Gone) => gone(desk).await,
        Err(Refusal::NoForm) => desk.show(405, &desk.data().await),
    }
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
        Route::Overview | Route::Wall | Route::Events | Route::Preferences | Route::Group(..) | Route::Target(..) => {
            Err(Refusal::NoForm)
        }
    }
}

/// The page of the form once more, with what was typed.
async fn again(desk: &Desk<'_>, status: u16, form: FormState, trials: Vec<Trial>) -> PageResponse {
    let mut data = desk.data().await;
    let status = if data.found { status } else { 404 };
    data.form = Some(form);
    data.trials = trials;
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
            ChangeError::NotBound(_)
            | ChangeError::Floor(_)
            | ChangeError::NotChangedOutside(_)
            | ChangeError::NotPutBack(_)
            | ChangeError::GroupIsBound(_) => Self::NotNow(error.to_string()),
            ChangeError::Invalid(wrong) => Self::Wrong(wrong),
            ChangeError::NotRecorded(_) | ChangeError::Stopping => Self::NotNow(error.to_string()),
        }
    }
}
