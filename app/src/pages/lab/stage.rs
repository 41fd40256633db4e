//! How far the lab is: a mark beside the headline, the steps while it is set up, and why it failed.

use domain::{LabStage, LabStep, Status};
use leptos::prelude::*;

use crate::components::Icon;
use crate::live::Live;

use super::read;

fn status_of(stage: &LabStage) -> (Status, &'static str) {
    match stage {
        LabStage::Provisioning(_) => (Status::Initial, "status lab-stage s-initial"),
        LabStage::Active => (Status::Healthy, "status lab-stage s-healthy"),
        LabStage::Failed(_) => (Status::Unhealthy, "status lab-stage s-unhealthy"),
        LabStage::Ending => (Status::Unused, "status lab-stage s-unused"),
    }
}

fn stage(live: Live) -> Memo<Option<LabStage>> {
    Memo::new(move |_| read(live, |lab| Some(lab.stage.clone())))
}

/// Shape and word.
#[component]
pub(super) fn StageMark() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let stage = stage(live);
    move || {
        stage.get().map(|stage| {
            let (status, class) = status_of(&stage);
            view! { <span class=class role="status"><Icon status/><span>{(words.stage)(&stage)}</span></span> }
        })
    }
}

/// The steps while the lab is set up, or why it failed.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let stage = stage(live);
    move || match stage.get()? {
        LabStage::Provisioning(now) => Some(steps(live, now)),
        LabStage::Failed(trouble) => {
            Some(view! { <p class="banner warn" role="alert">{(words.trouble)(&trouble)}</p> }.into_any())
        }
        LabStage::Active | LabStage::Ending => None,
    }
}

fn steps(live: Live, now: LabStep) -> AnyView {
    let words = live.text().lab();
    let steps = LabStep::ALL.map(|step| {
        let (status, class, word) = match step.cmp(&now) {
            std::cmp::Ordering::Less => (Status::Healthy, "s-healthy", words.step_done),
            std::cmp::Ordering::Equal => (Status::Initial, "s-initial", words.step_now),
            std::cmp::Ordering::Greater => (Status::Unused, "s-unused", words.step_to_come),
        };
        view! {
            <li class=class>
                <Icon status/>
                <span>{(words.step)(step)}</span>
                <span class="lab-step-word">{word}</span>
            </li>
        }
    });
    view! {
        <section class="card lab-steps" aria-labelledby="steps-title">
            <h2 class="card-title" id="steps-title">{words.steps}</h2>
            <ol>{steps.into_view()}</ol>
        </section>
    }
    .into_any()
}
