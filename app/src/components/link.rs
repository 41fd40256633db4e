//! How our connection to a proxy is: shape, word, since when, and why.

use domain::{Link, ProxyName, Status};
use leptos::prelude::*;

use crate::live::Live;

use super::icon::class_of;
use super::{Icon, Moment, Precision};

/// The connection of a proxy.
#[component]
pub(crate) fn LinkState(
    /// The proxy.
    name: StoredValue<ProxyName>,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let link =
        Memo::new(move |_| name.with_value(|name| live.proxy(name, |_, proxy| proxy.link.clone())).unwrap_or_default());
    move || {
        let link = link.get();
        let (status, word, why) = match &link {
            Link::Untried => (Status::Unavailable, words.untried, None),
            Link::Reachable { .. } => (Status::Healthy, words.reachable, None),
            Link::Unreachable { why, .. } => (Status::Unhealthy, words.unreachable, Some(why.clone())),
        };
        let since = link.since().map(|at| view! { " "<Moment at precision=Precision::Seconds/> });
        view! {
            <span class=format!("status {}", class_of(status))>
                <Icon status/>
                <span>{word}{since}</span>
            </span>
            <span class="why"><span class="detail">{why}</span></span>
        }
        .into_any()
    }
}
