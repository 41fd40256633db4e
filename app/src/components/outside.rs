//! The two answers to what somebody else did in a proxy: it holds from now on, or it is undone.

use domain::{BindingId, ProxyName};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;

/// The buttons of a server; `back` is the query that leads back to this page.
pub(crate) fn outside_form(proxy: &ProxyName, binding: BindingId, server: &str, back: &'static str) -> AnyView {
    let words = Live::here().text().proxy();
    let action = format!("{}{back}", Route::Outside(proxy.clone(), binding));
    view! {
        <form method="post" action=action class="outside">
            <input type="hidden" name="server" value=server.to_owned()/>
            <button class="btn" type="submit" name="action" value="adopt">{words.adopt}</button>
            <button class="btn" type="submit" name="action" value="overrule">{words.overrule}</button>
        </form>
    }
    .into_any()
}
