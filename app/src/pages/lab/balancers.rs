//! The load balancers: where to look at them, and what the difference is.

use domain::{LabBalancer, LabGroups};
use leptos::prelude::*;

use crate::live::Live;
use crate::{Route, Tab};

use super::read;

/// The section; nothing while there is no load balancer.
#[component]
pub(super) fn Balancers() -> impl IntoView {
    let live = Live::here();
    let seen = Memo::new(move |_| read(live, |lab| Some((lab.balancer.clone(), lab.groups.clone()?))));
    move || match seen.get()? {
        (LabBalancer::Haproxy { proxy, pid, network_port, application_port }, groups) => {
            let proxy = Route::Proxy(proxy).to_string();
            Some(section(live, proxy, pid, [network_port, application_port], &groups))
        }
        (LabBalancer::Missing { .. } | LabBalancer::Awaited, _) => None,
    }
}

fn section(
    live: Live,
    proxy: String,
    pid: Option<u32>,
    [network, application]: [u16; 2],
    groups: &LabGroups,
) -> AnyView {
    let words = live.text().lab();
    let (web, api) = (groups.web.to_string(), groups.api.to_string());
    let group = |name: &domain::GroupName| Route::Group(name.clone(), Tab::Targets).to_string();
    let said = match pid {
        Some(pid) => view! { <span class="note">{(words.haproxy)(pid)}</span> }.into_any(),
        None => view! { <p class="banner warn" role="alert">{words.haproxy_gone}</p> }.into_any(),
    };
    view! {
        <section class="card below" aria-labelledby="balancers-title">
            <h2 class="card-title" id="balancers-title">{words.balancers}</h2>
            <div class="two lab-balancers">
                <div>
                    <h3>{words.network}</h3>
                    <p>{words.network_lead}</p>
                    <p>{link(network, "")}</p>
                </div>
                <div>
                    <h3>{words.application}</h3>
                    <p>{(words.application_lead)(&web, &api)}</p>
                    <p>{link(application, "")}" "{link(application, "api/hello")}</p>
                </div>
            </div>
            <p class="lab-foot">
                {said}
                <span>
                    {words.on_the_board}": "
                    <a href=group(&groups.web)>{web}</a>", "
                    <a href=group(&groups.api)>{api}</a>", "
                    <a href=proxy>"HAProxy"</a>", "
                    <a href=Route::Failovers.to_string()>{live.text().shell.failovers}</a>", "
                    <a href=Route::LabStandbys.to_string()>{words.compare}</a>
                </span>
            </p>
        </section>
    }
    .into_any()
}

/// An address to open beside this page.
fn link(port: u16, path: &str) -> AnyView {
    let url = format!("http://127.0.0.1:{port}/{path}");
    let href = url.clone();
    view! { <a class="btn lab-open" href=href target="_blank" rel="noreferrer"><code>{url}</code></a> }.into_any()
}
