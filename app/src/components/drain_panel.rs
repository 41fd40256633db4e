//! The panel of a drain: sessions falling to zero, what stays, what happens next, and the way back.

use domain::{GroupName, Purpose, TargetId, Timestamp};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;

use super::curve::curve;
use super::drain_view::DrainView;
use super::moment::{Precision, in_words};

/// The panel; nothing for a target that is in service. It stands in a form, or has one of its own.
#[component]
pub(crate) fn DrainPanel(
    /// The group.
    name: StoredValue<GroupName>,
    /// The target.
    id: TargetId,
    /// Where *Return to service* is posted.
    back: String,
) -> impl IntoView {
    let live = Live::here();
    let view = Memo::new(move |_| name.with_value(|name| live.fronts(name, id, DrainView::of)).flatten());
    let is_there = Memo::new(move |_| view.with(Option::is_some));
    let change = name.with_value(|name| Route::DrainTarget(name.clone(), id)).to_string();
    move || is_there.get().then(|| panel(live, view, back.clone(), change.clone()))
}

/// The address that *Return to service* of a target is posted to, from its own page.
pub(crate) fn return_from_page(name: &GroupName, id: TargetId) -> String {
    format!("{}?back=target", Route::ReturnTarget(name.clone(), id))
}

fn panel(live: Live, view: Memo<Option<DrainView>>, back: String, change: String) -> AnyView {
    let text = live.text();
    let read = move |read: fn(&DrainView, Timestamp, &'static crate::text::Text) -> String| {
        Memo::new(move |_| {
            let now = live.now.get();
            view.with(|view| view.as_ref().map(|view| read(view, now, text))).unwrap_or_default()
        })
    };
    let headline = read(|view, now, text| view.headline(now, text));
    let reason = read(|view, _, text| view.reason(text));
    let consequence = read(|view, now, text| view.consequence(now, text));
    let warnings = Memo::new(move |_| {
        let now = live.now.get();
        view.with(|view| view.as_ref().map(|view| view.warnings(now, text))).unwrap_or_default()
    });
    let warnings = move || warnings.get().into_iter().map(|line| view! { <p class="still">{line}</p> }).collect_view();
    let curves = Memo::new(move |_| view.with(|view| view.as_ref().map(|v| v.curves.clone())).unwrap_or_default());
    // What leaves for good is not changed into a drain that ends.
    let can_change = Memo::new(move |_| {
        view.with(|view| view.as_ref().is_some_and(|view| view.drain.purpose != Purpose::Deregistration))
    });
    let change =
        move || can_change.get().then(|| view! { <a class="btn quiet" href=change.clone()>{text.drain().change}</a> });
    let curves = move || curves.with(|curves| curves.iter().filter_map(|view| curve(view, live)).collect_view());
    view! {
        <div class="drain-panel" data-testid="drain-panel">
            <div class="drain-says">
                <p class="drain-headline">{move || headline.get()}</p>
                <p class="drain-reason">{move || reason.get()}</p>
                <p>{move || consequence.get()}</p>
                {meter(live, view)}
                {warnings}
                <p class="drain-acts">
                    <button class="btn" type="submit" formaction=back formnovalidate=true>
                        {text.drain().return_to_service}
                    </button>
                    {change}
                    " "
                    <span class="age">{lease(live, view)}</span>
                </p>
            </div>
            <div class="curves">{curves}</div>
        </div>
    }
    .into_any()
}

/// How much of the deregistration delay is over.
fn meter(live: Live, view: Memo<Option<DrainView>>) -> impl IntoView {
    let text = live.text();
    let elapsed = Memo::new(move |_| {
        let now = live.now.get();
        view.with(|view| view.as_ref().and_then(|view| view.elapsed(now)))
    });
    let waits = Memo::new(move |_| elapsed.get().is_some());
    let label = move || {
        let ends = view.with(|view| view.as_ref().map(|view| view.drain.delay_ends_at));
        let left = ends.map_or(0, |ends| ends.millis_since(live.now.get())) / 1000 * 1000;
        if left == 0 { text.drain().meter_over.to_owned() } else { (text.drain().meter)(&(text.span)(left)) }
    };
    move || {
        let value = move || elapsed.get().unwrap_or(1000).to_string();
        waits.get().then(|| view! { <progress class="delay" max="1000" value=value aria-label=label></progress> })
    }
}

/// When it returns by itself, or should have.
fn lease(live: Live, view: Memo<Option<DrainView>>) -> impl Fn() -> Option<String> {
    let words = live.text().drain();
    let lease = Memo::new(move |_| {
        let drain = view.with(|view| view.as_ref().map(|view| (view.drain.expires_at, view.drain.overdue_since)));
        drain.unwrap_or_default()
    });
    move || {
        let (expires, overdue) = lease.get();
        let at = in_words(live, expires?, Precision::Seconds);
        Some(if overdue.is_some() { (words.overdue)(&at) } else { (words.returns)(&at) })
    }
}
