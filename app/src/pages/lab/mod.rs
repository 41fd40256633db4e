//! The lab: three servers and a load balancer on this machine, to break and to watch.

mod answers;
mod balancers;
mod closed;
mod servers;
mod stage;

use domain::{Lab, LabView};
use leptos::prelude::*;

use crate::live::Live;
use crate::{LabIs, Route, wire};

use answers::Answers;
use balancers::Balancers;
use servers::Servers;
use stage::{StageMark, Steps};

/// What the page is about.
#[derive(Clone, PartialEq)]
enum Kind {
    Closed,
    Idle(Option<String>),
    Open(u64),
}

/// The page.
pub(super) fn page() -> AnyView {
    let live = Live::here();
    live.hear_lab.set_value(Some(hear));
    let kind = Memo::new(move |_| {
        live.lab.with(|view| match &**view {
            LabView::Closed => Kind::Closed,
            LabView::Idle { install } => Kind::Idle(install.clone()),
            LabView::Open(lab) => Kind::Open(lab.id),
        })
    });
    let content = move || match kind.get() {
        Kind::Closed => closed::closed(),
        Kind::Idle(install) => closed::idle(install),
        Kind::Open(_) => open(),
    };
    content.into_any()
}

/// Takes in what is new. A lab of another build than this page is shown after a reload, which the stream's tick asks for.
fn hear(live: Live, said: &str) {
    if let Ok(newer) = wire::read::<LabView>(said) {
        live.lab_is.set(LabIs::from(&newer));
        live.lab.update(|view| *view = (**view).clone().followed_by(newer).into());
    }
}

fn open() -> AnyView {
    let words = Live::here().text().lab();
    view! {
        <div class="head">
            <div>
                <h1>{words.title}" "<StageMark/></h1>
                <p class="sub">{words.lead}</p>
            </div>
            <span class="grow"></span>
            <form method="post" action=Route::Lab.to_string()>
                <button class="btn danger" name="action" value="end">{words.end}</button>
            </form>
        </div>
        <Steps/>
        <Answers/>
        <Servers/>
        <Balancers/>
    }
    .into_any()
}

/// Reads the lab that runs; the default where none does.
fn read<T: Default>(live: Live, read: impl FnOnce(&Lab) -> T) -> T {
    live.lab.with(|view| view.lab().map(read)).unwrap_or_default()
}
