//! What can be done with one target, in its row.

use domain::{GroupName, TargetId};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;

use super::Before;

/// The button that is needed most: drain or return where that can be done, else a check; the others behind it.
#[component]
pub(super) fn RowActs(
    /// The group.
    name: StoredValue<GroupName>,
    /// The target.
    id: TargetId,
    /// What it is called.
    called: Signal<String>,
    /// What stands before the group.
    before: Memo<Before>,
    /// Whether the target is to be out of service.
    is_drained: Memo<bool>,
) -> impl IntoView {
    let text = Live::here().text();
    let route = move |make: fn(GroupName, TargetId) -> Route| make(name.get_value(), id).to_string();
    let can_drain = Memo::new(move |_| before.get().can_drain);
    let (edit, deregister) = (route(Route::EditTarget), route(Route::DeregisterTarget));
    let standby = route(Route::StandbyTarget);
    let check = move |class: &'static str| {
        let action = format!("{}?back=group", route(Route::CheckTarget));
        view! { <button class=class type="submit" formaction=action formnovalidate=true>{text.target().check_now}</button> }
    };
    let main = move || match (is_drained.get(), can_drain.get()) {
        (true, _) => {
            let back = route(Route::ReturnTarget);
            Some(
                view! {
                    <button class="btn" type="submit" formaction=back formnovalidate=true data-act="return">
                        {text.drain().back}
                    </button>
                }
                .into_any(),
            )
        }
        (false, true) => {
            let href = route(Route::DrainTarget);
            Some(view! { <a class="btn" href=href data-act="drain">{text.drain().drain}</a> }.into_any())
        }
        (false, false) => Some(check("btn").into_any()),
    };
    let also_check = move || (can_drain.get() || is_drained.get()).then(|| check("btn quiet"));
    view! {
        {main}
        <details class="more" name="more">
            <summary class="btn quiet" aria-label=move || (text.target().more)(&called.get())>"…"</summary>
            <div class="more-menu">
                {also_check}
                <a class="btn quiet" href=standby>{text.standby().manage}</a>
                <a class="btn quiet" href=edit>{text.target().edit}</a>
                <a class="btn quiet" href=deregister>{text.target().deregister}</a>
            </div>
        </details>
    }
    .into_any()
}
