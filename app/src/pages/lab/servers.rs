//! The servers: what each does, and everything that can be done to it, by button or by hand.

use domain::{GroupName, LabBackend, LabDoing, LabFault, LabManners, TargetId};
use leptos::prelude::*;

use crate::Route;
use crate::components::{StatusCell, Verdict};
use crate::live::Live;

use super::read;

/// The section.
#[component]
pub(super) fn Servers() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let numbers = Memo::new(move |_| read(live, |lab| lab.backends.iter().map(|b| b.number).collect::<Vec<_>>()));
    view! {
        <section class="below" aria-labelledby="servers-title">
            <h2 id="servers-title">{words.servers}</h2>
            <p class="sub">{words.servers_lead}</p>
            <div class="lab-servers">
                <For each=move || numbers.get() key=|number| *number let(number)><Server number/></For>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Server(number: u8) -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let backend = Memo::new(move |_| read(live, |lab| lab.backend(number).cloned()));
    let doing = Memo::new(move |_| backend.with(|backend| backend.as_ref().map(|backend| backend.doing)));
    let port = Memo::new(move |_| backend.with(|backend| backend.as_ref().map(|backend| backend.port)));
    let pid = move || doing.get().and_then(LabDoing::pid).map(words.process);
    let rows = LabFault::ALL.map(|fault| view! { <Fault number fault backend/> });
    view! {
        <article class="card lab-server" aria-labelledby=format!("server-{number}") data-testid=format!("server-{number}")>
            <header>
                <span class=format!("lab-number lab-{number}") aria-hidden="true">{number}</span>
                <div>
                    <h3 id=format!("server-{number}")>{(words.server)(number)}</h3>
                    <p class="note">
                        <code>{move || port.get().map(|port| format!("127.0.0.1:{port}"))}</code>
                        " "
                        <span class="lab-pid">{pid}</span>
                    </p>
                </div>
                <span class=move || doing_class(doing.get())>{move || doing.get().map(words.doing)}</span>
            </header>
            <div class="lab-status"><Standing number/></div>
            <ul class="lab-faults">{rows.into_view()}</ul>
        </article>
    }
    .into_any()
}

fn doing_class(doing: Option<LabDoing>) -> &'static str {
    match doing {
        Some(LabDoing::Answering { manners: LabManners::Well, .. }) => "tag lab-doing",
        Some(LabDoing::Starting) | None => "tag lab-doing lab-waits",
        Some(_) => "tag alarm lab-doing",
    }
}

/// What the board says of the server.
#[component]
fn Standing(number: u8) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let place = Memo::new(move |_| {
        read(live, |lab| {
            let target = lab.backend(number)?.target?;
            Some((lab.groups.as_ref()?.web.clone(), target))
        })
    });
    move || {
        place.get().map(|(group, id): (GroupName, TargetId)| {
            let href = Route::Target(group.clone(), id).to_string();
            let verdict = Memo::new(move |_| {
                live.target(&group, id, |group, target| Verdict::of(group, target, text)).unwrap_or_else(Verdict::gone)
            });
            view! { <a href=href><StatusCell verdict text/></a> }
        })
    }
}

/// A button, and the command that does the same.
#[component]
fn Fault(number: u8, fault: LabFault, backend: Memo<Option<LabBackend>>) -> impl IntoView {
    let words = Live::here().text().lab();
    let action = Route::LabServer(number, fault).to_string();
    let command = Memo::new(move |_| backend.with(|backend| backend.as_ref().and_then(|b| b.command(fault))));
    let class = if fault == LabFault::BringBack { "btn lab-back" } else { "btn" };
    let is_off = move || command.with(Option::is_none);
    view! {
        <li class:lab-off=is_off>
            <form method="post" action=action>
                <button class=class disabled=is_off aria-label=(words.fault_of)(fault, number)>{(words.fault)(fault)}</button>
            </form>
            <code>{move || command.get()}</code>
        </li>
    }
    .into_any()
}
