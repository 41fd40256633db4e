//! What can be done with one target, in its row.

use domain::{GroupName, TargetId};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;

use super::Before;

/// The buttons: drain or return where that can be done, else edit and deregister; check always.
#[component]
pub(super) fn RowActs(
    /// The group.
    name: StoredValue<GroupName>,
    /// The target.
    id: TargetId,
    /// What stands before the group.
    before: Memo<Before>,
    /// Whether the target is to be out of service.
    is_drained: Memo<bool>,
) -> impl IntoView {
    let text = Live::here().text();
    let route = move |make: fn(GroupName, TargetId) -> Route| make(name.get_value(), id).to_string();
    let check = format!("{}?back=group", route(Route::CheckTarget));
    let can_drain = Memo::new(move |_| before.get().can_drain);
    let quiet = move || {
        let (edit, deregister) = (route(Route::EditTarget), route(Route::DeregisterTarget));
        (!can_drain.get() && !is_drained.get()).then(|| {
            view! {
                <a class="btn quiet" href=edit>{text.target.edit}</a>
                <a class="btn quiet" href=deregister>{text.target.deregister}</a>
            }
        })
    };
    let drain = move || match (is_drained.get(), can_drain.get()) {
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
        (false, false) => None,
    };
    let class = move || if can_drain.get() || is_drained.get() { "btn quiet" } else { "btn" };
    view! {
        {quiet}
        <button class=class type="submit" formaction=check formnovalidate=true>{text.target.check_now}</button>
        {drain}
    }
    .into_any()
}
