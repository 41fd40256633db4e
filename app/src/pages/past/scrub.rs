//! The board at any moment: a lane for each target, a cursor over them, and what each was then.

use domain::{Counts, GroupName, Reason, Status, TargetPast, Timestamp};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

use crate::components::{Icon, Moment, Precision, class_of, in_words};
use crate::live::Live;
use crate::state::Past;
use crate::text::count;
use crate::{PastAsk, Route};

use super::draw::lane;
use super::lanes::{Lane, changes, lanes, paths};
use super::player::{Player, SPEEDS};
use super::range::moment_field;
use super::{address, memo};

/// So many lanes are shown at first.
const LANES: usize = 60;

/// What was known of a target at a moment.
type Known = Option<(Option<Status>, Option<Reason>)>;

/// Cursor, controls, counts and lanes.
pub(super) fn scrub(name: GroupName) -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let player = Player::new(live);
    let lanes = memo(live, |past| lanes(&past.targets, past.history.span));
    let shown = move || {
        let all = live.past(|past| past.ask.all_lanes).unwrap_or_default();
        let lanes = lanes.get().unwrap_or_default();
        let most = if all { lanes.len() } else { LANES };
        lanes.into_iter().take(most).map(|lane| row(live, &name, lane, player)).collect::<Vec<_>>()
    };
    let is_empty = move || lanes.with(|lanes| lanes.as_ref().is_none_or(Vec::is_empty));
    let more = move || {
        let hidden = lanes.with(|lanes| lanes.as_ref().map_or(0, Vec::len)).saturating_sub(LANES);
        let href = live.past(|past| {
            (!past.ask.all_lanes).then(|| address(live, past, |ask| PastAsk { all_lanes: true, ..ask.clone() }))
        });
        let href = href.flatten().filter(|_| hidden > 0)?;
        Some(
            view! { <p class="past-more"><a class="btn" href=href>{(words.more_lanes)(&count(hidden as u64))}</a></p> },
        )
    };
    view! {
        <section class="card scrub" id="scrub" aria-labelledby="scrub-title">
            <h2 class="card-title" id="scrub-title">{words.scrub}<span class="hint">{words.scrub_lead}</span></h2>
            {controls(live, player)}
            {counts(live, player)}
            <div class="lanes">
                <div class="lane-row lane-slider"><span></span>{slider(live, player)}<span></span></div>
                <ul>{shown}</ul>
                <div class="lane-cursor"
                    on:pointerdown=move |event| grab(player, &event)
                    on:pointermove=move |event| drag(player, &event)
                >
                    <svg width="100%" height="100%" aria-hidden="true">
                        <line x1=move || x(player) x2=move || x(player) y1="0" y2="100%"></line>
                    </svg>
                </div>
            </div>
            {more}
            <p class="empty-note" hidden=move || !is_empty()>{words.no_targets}</p>
        </section>
    }
    .into_any()
}

fn x(player: Player) -> String {
    format!("{:.3}%", player.place() * 100.0)
}

/// The cursor as a slider: native, so that it works by mouse, touch and keys alike.
fn slider(live: Live, player: Player) -> impl IntoView {
    let words = live.text().past();
    let end = move |of: fn(&Past) -> Timestamp| move || live.past(of).map(|at| at.as_millis().to_string());
    let value = move || format!("{:.0}", player.millis());
    let said = move || in_words(live, player.at(), Precision::Alone);
    view! {
        <input type="range" step="1" aria-label=words.moment aria-valuetext=said
            min=end(|past| past.history.span.from()) max=end(|past| past.history.span.to()) value=value prop:value=value
            on:input=move |event| player.go(event_target_value(&event).parse().unwrap_or_default())
            on:keydown=move |event| on_key(live, player, &event)/>
    }
}

fn on_key(live: Live, player: Player, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => player.step(-0.005),
        "ArrowRight" | "ArrowUp" => player.step(0.005),
        "Home" => player.go_to(0.0),
        "End" => player.go_to(1.0),
        // As every slider has it: up is more, which is later.
        "PageDown" => jump(live, player, before),
        "PageUp" => jump(live, player, after),
        " " => player.is_playing.update(|is_playing| *is_playing = !*is_playing),
        _ => return,
    }
    event.prevent_default();
}

fn jump(live: Live, player: Player, find: fn(&[Timestamp], Timestamp) -> Option<Timestamp>) {
    let to = untrack(|| live.past(|past| find(&changes(&past.targets), player.at())).flatten());
    if let Some(to) = to {
        player.go(to.as_millis() as f64);
    }
}

fn before(changes: &[Timestamp], at: Timestamp) -> Option<Timestamp> {
    changes.iter().rev().find(|change| **change < at).copied()
}

fn after(changes: &[Timestamp], at: Timestamp) -> Option<Timestamp> {
    changes.iter().find(|change| at < **change).copied()
}

fn grab(player: Player, event: &PointerEvent) {
    if event.button() == 0 {
        capture(event);
        fraction(event).into_iter().for_each(|at| player.go_to(at));
    }
}

fn drag(player: Player, event: &PointerEvent) {
    if event.buttons() & 1 == 1 {
        fraction(event).into_iter().for_each(|at| player.go_to(at));
    }
}

/// The moment in words, ways to another one, and playing.
fn controls(live: Live, player: Player) -> impl IntoView {
    let words = live.text().past();
    let changes = memo(live, |past| changes(&past.targets));
    let to = move |label: &'static str, sign: &'static str, find: fn(&[Timestamp], Timestamp) -> Option<Timestamp>| {
        let place =
            Memo::new(move |_| changes.with(|changes| find(changes.as_deref().unwrap_or_default(), player.at())));
        let href = move || place.get().and_then(|at| player.link(at));
        let go = move |event: leptos::ev::MouseEvent| {
            if let Some(at) = place.get_untracked() {
                event.prevent_default();
                player.go(at.as_millis() as f64);
            }
        };
        view! {
            <a class="btn square" href=href on:click=go aria-label=label title=label
                aria-disabled=move || place.with(Option::is_none).then_some("true")>{sign}</a>
        }
    };
    let play = move || if player.is_playing.get() { words.pause } else { words.play };
    let speed = |speed: u32| {
        view! {
            <button type="button" class="pick-one" aria-pressed=move || (player.speed.get() == speed).to_string()
                on:click=move |_| player.speed.set(speed)>{format!("{speed}×")}</button>
        }
    };
    let start = move |_| {
        let is_at_end = 1.0 <= player.place();
        if is_at_end {
            player.go_to(0.0);
        }
        player.is_playing.update(|is_playing| *is_playing = !*is_playing);
    };
    view! {
        <div class="scrub-controls">
            <p class="scrub-at">
                <output>{move || in_words(live, player.at(), Precision::Alone)}</output>
                <a href=move || player.link(player.at())>{words.permalink}</a>
            </p>
            <span class="scrub-play">
                {to(words.change_before, "⇤", before)}
                {to(words.change_after, "⇥", after)}
            </span>
            <span class="scrub-play" hidden=move || !live.is_mounted.get()>
                <button type="button" class="btn" on:click=start>{play}</button>
                <span class="picks" role="group" aria-label=words.speed>{SPEEDS.map(speed).into_view()}</span>
            </span>
            <span class="grow"></span>
            {go_form(live)}
        </div>
    }
}

/// Any moment by form, so that it works without the browser's program.
fn go_form(live: Live) -> impl IntoView {
    let words = live.text().past();
    let hidden = move || {
        let span = live.past(|past| past.history.span)?;
        let ends = [("from", span.from()), ("to", span.to())];
        Some(ends.map(|(name, at)| view! { <input type="hidden" name=name value=at.to_string()/> }).into_view())
    };
    view! {
        <form class="past-form" method="get" action=live.path()
            data-local=move || crate::components::is_local(live).then_some("")>
            {hidden}
            {moment_field(live, "at", words.moment, |past| past.ask.at.unwrap_or(past.history.span.to()))}
            <button class="btn" type="submit">{words.go_to}</button>
        </form>
    }
}

/// How many targets had each status then, and how many are not known.
fn counts(live: Live, player: Player) -> impl IntoView {
    let text = live.text();
    let words = text.past();
    let counted = Memo::new(move |_| {
        let at = player.at();
        live.past(|past| {
            let statuses: Vec<_> = past.targets.iter().filter_map(|target| Some(target.at(at)?.status)).collect();
            let unknown = statuses.iter().filter(|status| status.is_none()).count();
            (statuses.into_iter().flatten().collect::<Counts>(), unknown)
        })
        .unwrap_or_default()
    });
    let order =
        [Status::Unhealthy, Status::Draining, Status::Unavailable, Status::Initial, Status::Healthy, Status::Unused];
    let chip = move |status: Status| {
        let number = move || counted.with(|(counts, _)| counts.of(status));
        view! {
            <span class="chip" hidden=move || number() == 0>
                <Icon status/><b>{number}</b>{(text.status_inside)(status)}
            </span>
        }
    };
    let unknown = move || counted.with(|(_, unknown)| *unknown);
    let is_none = move || counted.with(|(counts, unknown)| counts.total() == 0 && *unknown == 0);
    view! {
        <p class="chips scrub-counts">
            {order.map(chip).into_view()}
            <span class="chip" hidden=move || unknown() == 0><b>{unknown}</b>{words.no_data}</span>
            <span hidden=move || !is_none()>{words.none_then}</span>
        </p>
    }
}

/// A lane, with what it was at the moment beside it.
fn row(live: Live, group: &GroupName, of: Lane, player: Player) -> impl IntoView + use<> {
    let words = live.text().past();
    let Lane { first, others } = of;
    // The same stretch of the target, with its single checks.
    let ask = untrack(|| {
        live.past(|past| PastAsk { at: None, all_lanes: false, what_if: None, ..past.ask.clone() }.to_string())
    });
    let href = format!("{}{}", Route::TargetHistory(group.clone(), first.id), ask.unwrap_or_default());
    let goes_on = |past: &Past| past.targets.iter().any(|other| other.id == first.id && first.until <= other.from);
    let has_moved = first.until.is_some() && untrack(|| live.past(goes_on)).unwrap_or_default();
    let word = if has_moved { words.moved } else { words.deregistered };
    let gone = first.until.map(|at| view! { {word}" "<Moment at precision=Precision::Seconds/> });
    let title = match others.len() {
        0 => first.name.clone(),
        more => (words.alike)(&first.name, &count(more as u64)),
    };
    let span = untrack(|| live.past(|past| past.history.span));
    let drawn = StoredValue::new(span.map(|span| lane(span, &first.states, 14.0)).unwrap_or_default());
    let all = (!others.is_empty()).then(|| {
        view! { <details class="again"><summary>{first.address.clone()}</summary>{others.join(", ")}</details> }
            .into_any()
    });
    let note = all.unwrap_or_else(|| {
        let address = if first.name == first.address { String::new() } else { first.address.clone() };
        view! { <span class="note mono">{address}</span> }.into_any()
    });
    view! {
        <li class="lane-row">
            <span class="lane-name"><a class="name" href=href>{title}</a>{note}<span class="note">{gone}</span></span>
            <svg class="lane-bar" width="100%" height="14" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
                {paths(move || drawn.get_value())}
            </svg>
            {known_at(live, first, player)}
        </li>
    }
}

/// What was known of a target at the moment.
fn known_at(live: Live, target: TargetPast, player: Player) -> impl IntoView {
    let text = live.text();
    let words = text.past();
    let known: Memo<Known> = Memo::new(move |_| target.at(player.at()).map(|run| (run.status, run.reason)));
    let class = move || match known.get() {
        Some((Some(status), _)) => format!("lane-at {}", class_of(status)),
        _ => "lane-at".to_owned(),
    };
    let icon = move || known.get().and_then(|(status, _)| status).map(|status| view! { <Icon status/> });
    let word = move || match known.get() {
        Some((Some(status), _)) => (text.status)(status),
        Some((None, _)) => words.no_data,
        None => words.was_not_there,
    };
    let reason = move || known.get().and_then(|(_, reason)| reason).map(Reason::as_str);
    view! { <span class=class>{icon}<span>{word}</span><span class="reason">{reason}</span></span> }
}

#[cfg(feature = "hydrate")]
use crate::browser::{capture, fraction};

#[cfg(not(feature = "hydrate"))]
fn fraction(_: &PointerEvent) -> Option<f64> {
    None
}

#[cfg(not(feature = "hydrate"))]
fn capture(_: &PointerEvent) {}
