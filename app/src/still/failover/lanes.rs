//! The lanes of a record on one axis of time: our checks, what proxies say, what we told them, who answered, what failed.

use std::collections::BTreeMap;

use domain::{AdminState, BackendName, Failover, Opinion, Order, ProxyName, ServerName, Timestamp};
use leptos::prelude::*;

use super::{Words, lasts, took};

/// Where the lanes begin and end, in units of the picture.
const LEFT: f64 = 180.0;
const RIGHT: f64 = 1174.0;

/// The first lane, and from one to the next.
const TOP: f64 = 22.0;
const LANE: f64 = 44.0;

/// So many marks of the axis at most.
const MARKS_MAX: u64 = 8;

/// A letter of the small text is about so wide.
const LETTER: f64 = 6.6;

/// So many letters of a name have room before the lanes.
const LABEL_MAX: usize = 23;

/// Time as a place in the picture.
#[derive(Clone, Copy)]
struct Axis {
    from: Timestamp,
    to: Timestamp,
}

impl Axis {
    fn x(self, at: Timestamp) -> f64 {
        let whole = self.to.millis_since(self.from).max(1);
        let share = float(at.millis_since(self.from).min(whole)) / float(whole);
        LEFT + share * (RIGHT - LEFT)
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of days are exact")]
fn float(number: u64) -> f64 {
    number as f64
}

/// The picture.
pub(super) fn lanes(failover: &Failover, now: Timestamp, words: &'static Words) -> AnyView {
    let axis = Axis { from: failover.from(), to: failover.until(now) };
    let mut drawn: Vec<(String, AnyView)> = vec![(words.our_checks.to_owned(), checks(failover, axis, words))];
    for (place, opinions) in by_server(failover) {
        let name = name(failover, place.0, place.1);
        drawn.push(((words.says)(&name), said(&opinions, axis, words)));
        drawn.push(((words.we_told)(&name), told(failover, place, axis)));
    }
    match &failover.traffic {
        Some(_) => {
            drawn.push((words.answers.to_owned(), answers(failover, axis)));
            drawn.push((words.failed_requests.to_owned(), failed(failover, axis)));
        }
        None => {
            for place in failover.backends() {
                drawn.push((words.share.to_owned(), share(failover, place, axis, words)));
                drawn.push((words.fives.to_owned(), fives(failover, place, axis)));
            }
        }
    }
    let height = TOP + LANE * float(drawn.len() as u64);
    let zero = axis.x(failover.started_at);
    let lanes = drawn.into_iter().enumerate().map(|(place, (label, lane))| {
        let y = TOP + LANE * float(place as u64);
        let short: String = match label.chars().count() {
            0..=LABEL_MAX => label.clone(),
            _ => label.chars().take(LABEL_MAX - 1).chain(['…']).collect(),
        };
        view! {
            <g transform=format!("translate(0 {y})")>
                <text class="f-label" x="16" y="4">{short}<title>{label}</title></text>
                {lane}
            </g>
        }
    });
    let lanes = lanes.collect_view();
    view! {
        <div class="f-lanes" tabindex="0" role="group" aria-label=words.time_line>
            <svg viewBox=format!("0 0 1190 {}", height + 16.0) role="img" aria-label=words.time_line>
                {marks(failover, axis, height)}
                {lanes}
                <line class="f-zero" x1=zero x2=zero y1="4" y2=height></line>
            </svg>
        </div>
        {keys(failover)}
    }
    .into_any()
}

/// The marks of the axis, at round times from the beginning.
fn marks(failover: &Failover, axis: Axis, height: f64) -> AnyView {
    const STEPS: [u64; 22] = [
        50,
        100,
        200,
        500,
        1_000,
        2_000,
        5_000,
        10_000,
        20_000,
        30_000,
        60_000,
        120_000,
        300_000,
        600_000,
        1_200_000,
        1_800_000,
        3_600_000,
        7_200_000,
        14_400_000,
        43_200_000,
        86_400_000,
        604_800_000,
    ];
    let whole = axis.to.millis_since(axis.from);
    let step = STEPS.into_iter().find(|step| whole / step < MARKS_MAX).unwrap_or(whole.max(1));
    let before = i64::try_from(failover.started_at.millis_since(axis.from) / step).unwrap_or(0);
    let after = i64::try_from(axis.to.millis_since(failover.started_at) / step).unwrap_or(0);
    let mark = |place: i64| {
        let ms = step.saturating_mul(place.unsigned_abs());
        let offset = i64::try_from(ms).unwrap_or(i64::MAX);
        let at = failover.started_at.plus_millis(if place < 0 { -offset } else { offset });
        let text = match place {
            0 => "0".to_owned(),
            place if place < 0 => format!("−{}", lasts(ms)),
            _ => format!("+{}", lasts(ms)),
        };
        let x = axis.x(at);
        // The text of the last mark has no room to its right.
        let (anchor, at_text) = if RIGHT - 50.0 < x { ("end", x - 3.0) } else { ("start", x + 3.0) };
        view! {
            <line class="c-grid" x1=x x2=x y1="4" y2=height></line>
            <text class="f-mark" x=at_text y=height + 12.0 text-anchor=anchor>{text}</text>
        }
    };
    (-before..=after).map(mark).collect_view().into_any()
}

fn checks(failover: &Failover, axis: Axis, words: &'static Words) -> AnyView {
    let check = |check: &domain::SeenCheck| {
        let x = axis.x(check.ended_at());
        let why = check.reason.map_or(words.passed_check.to_owned(), |reason| reason.as_str().to_owned());
        let offset = offset(failover, check.ended_at());
        let title = format!("{offset} · {why} · {}", took(check.took.as_millis_f64()));
        match (check.reason.is_none(), check.is_failure()) {
            (true, _) => view! { <circle class="f-pass" cx=x cy="0" r="5"><title>{title}</title></circle> }.into_any(),
            (_, true) => view! { <rect class="f-fail" x=x - 4.5 y="-5" width="9.5" height="9.5" rx="1.5"><title>{title}</title></rect> }
                .into_any(),
            _ => view! { <circle class="f-unknown" cx=x cy="0" r="4.5"><title>{title}</title></circle> }.into_any(),
        }
    };
    failover.evidence.checks.iter().map(check).collect_view().into_any()
}

/// A time as it lies before or after the beginning.
pub(super) fn offset(failover: &Failover, at: Timestamp) -> String {
    if at < failover.started_at {
        format!("−{}", lasts(failover.started_at.millis_since(at)))
    } else {
        format!("+{}", lasts(failover.after(at)))
    }
}

/// A server of a backend of a proxy.
type Place<'a> = (&'a ProxyName, &'a BackendName, &'a ServerName);

/// A proxy, or its backend where more than one of it serves the group.
pub(super) fn name(failover: &Failover, proxy: &ProxyName, backend: &BackendName) -> String {
    let of_proxy = failover.served.iter().filter(|served| served.proxy == *proxy).count();
    let of_name = failover.served.iter().filter(|served| served.backend == *backend).count();
    match (of_proxy, of_name) {
        (0 | 1, _) => proxy.to_string(),
        (_, 0 | 1) => backend.clone(),
        _ => format!("{proxy}/{backend}"),
    }
}

fn by_server(failover: &Failover) -> BTreeMap<Place<'_>, Vec<&Opinion>> {
    let mut servers: BTreeMap<_, Vec<&Opinion>> = BTreeMap::new();
    for opinion in &failover.evidence.opinions {
        servers.entry((&opinion.proxy, &opinion.backend, &opinion.server)).or_default().push(opinion);
    }
    servers
}

/// The runs of what a proxy says.
fn said(opinions: &[&Opinion], axis: Axis, words: &'static Words) -> AnyView {
    let ends = opinions.iter().skip(1).map(|opinion| opinion.at).chain([axis.to]);
    let runs = opinions.iter().zip(ends).enumerate().map(|(place, (opinion, end))| {
        let begin = match (place, opinion.since) {
            (0, Some(since)) => since.max(axis.from).min(opinion.at),
            _ => opinion.at,
        };
        // What it said when we looked; of the time before only what it came to is known.
        let said_at = axis.x(opinion.at);
        let (x, width) = (axis.x(begin), (axis.x(end) - axis.x(begin)).max(1.5));
        let class = match (opinion.is_up, opinion.admin) {
            (Some(false), _) => "f-down",
            (_, Some(AdminState::Drain | AdminState::Maint | AdminState::Absent)) => "f-out",
            (Some(true), _) => "f-up",
            _ => "f-silent",
        };
        let says = opinion.says.clone().unwrap_or_else(|| words.silent.to_owned());
        let fits = LETTER * float(says.chars().count() as u64) + 8.0 < width - (said_at - x);
        let text = fits.then(|| view! { <text class="f-said" x=said_at + 6.0 y="4">{says.clone()}</text> });
        view! {
            <rect class=class x=x y="-10" width=width height="20" rx="3"><title>{says}</title></rect>
            {text}
        }
    });
    runs.collect_view().into_any()
}

/// What we told a proxy about the server.
fn told(failover: &Failover, place: Place<'_>, axis: Axis) -> AnyView {
    let server = place.2;
    let mut free = LEFT;
    let ours = failover.evidence.told.iter().filter(|told| (&told.proxy, &told.backend, &told.server) == place);
    let marks = ours.map(|told| {
        let x = axis.x(told.at);
        let text = match &told.failed {
            None => format!("{} {server} · {}", order(told.order), took(told.took.as_millis_f64())),
            Some(_) => format!("{} {server} ✕", order(told.order)),
        };
        let width = LETTER * float(text.chars().count() as u64);
        // Beside the mark to its right, or else to its left, where there is room.
        let (at, anchor) = match (free <= x && x + width + 8.0 < RIGHT, free + width + 8.0 < x) {
            (true, _) => (Some(x + 6.0), "start"),
            (_, true) => (Some(x - 6.0), "end"),
            _ => (None, "start"),
        };
        if at.is_some() {
            free = if anchor == "start" { x + width + 16.0 } else { x + 8.0 };
        }
        let class = if told.failed.is_some() { "f-told f-refused" } else { "f-told" };
        let title = told.failed.clone().map_or(text.clone(), |why| format!("{text} · {why}"));
        let text = at.map(|at| view! { <text class="f-order" x=at y="4" text-anchor=anchor>{text}</text> });
        view! {
            <rect class=class x=x - 1.0 y="-11" width="2.5" height="22"><title>{title}</title></rect>
            {text}
        }
    });
    marks.collect_view().into_any()
}

/// An order as a proxy's word.
pub(super) fn order(order: Order) -> &'static str {
    order.as_str()
}

/// Who answered the synthetic client, column by column: the height is the share.
fn answers(failover: &Failover, axis: Axis) -> AnyView {
    let Some(traffic) = &failover.traffic else { return ().into_any() };
    let mut paths: BTreeMap<u8, String> = BTreeMap::new();
    for (place, column) in traffic.columns.iter().enumerate() {
        let served: u32 = column.by.values().sum();
        if served == 0 {
            continue;
        }
        let (x, width) = column_at(traffic, place, axis);
        let mut y = -15.0;
        for (number, count) in &column.by {
            let height = 30.0 * f64::from(*count) / f64::from(served);
            let path = paths.entry(*number).or_default();
            path.push_str(&format!("M{x:.1} {y:.1}h{width:.1}v{:.1}h-{width:.1}z", (height - 0.8).max(0.4)));
            y += height;
        }
    }
    let path = |(number, path): (u8, String)| {
        let name = traffic.names.get(&number).cloned().unwrap_or_else(|| number.to_string());
        view! { <path class=format!("lab-fill-{number}") d=path><title>{name}</title></path> }
    };
    paths.into_iter().map(path).collect_view().into_any()
}

/// The failed requests and, lighter, the slow ones.
fn failed(failover: &Failover, axis: Axis) -> AnyView {
    let Some(traffic) = &failover.traffic else { return ().into_any() };
    let most = traffic.columns.iter().map(|column| column.failed.max(column.slow)).max().unwrap_or(0).max(1);
    let (mut failed, mut slow) = (String::new(), String::new());
    for (place, column) in traffic.columns.iter().enumerate() {
        let (x, width) = column_at(traffic, place, axis);
        for (count, path) in [(column.failed, &mut failed), (column.slow, &mut slow)] {
            if 0 < count {
                let height = 6.0 + 22.0 * f64::from(count) / f64::from(most);
                path.push_str(&format!(
                    "M{x:.1} {:.1}h{:.1}v{height:.1}h-{:.1}z",
                    14.0 - height,
                    width.max(3.0),
                    width.max(3.0)
                ));
            }
        }
    }
    view! {
        <line class="c-grid" x1=LEFT x2=RIGHT y1="14" y2="14"></line>
        <path class="f-slow" d=slow></path>
        <path class="f-fail" d=failed></path>
    }
    .into_any()
}

fn column_at(traffic: &domain::Traffic, place: usize, axis: Axis) -> (f64, f64) {
    let at = |place: usize| {
        let ms = traffic.step_ms.saturating_mul(place as u64);
        axis.x(traffic.from.plus_millis(i64::try_from(ms).unwrap_or(i64::MAX)))
    };
    let (x, end) = (at(place), at(place + 1));
    (x, (end - x - 0.8).max(0.6))
}

/// A backend of a proxy.
type Backend<'a> = (&'a ProxyName, &'a BackendName);

fn ticks<'a>(failover: &'a Failover, place: Backend<'_>) -> Vec<&'a domain::Tick> {
    failover.evidence.ticks.iter().filter(|tick| (&tick.proxy, &tick.backend) == place).collect()
}

/// New sessions of the target, and of all others, between two looks at a proxy.
fn share(failover: &Failover, place: Backend<'_>, axis: Axis, words: &'static Words) -> AnyView {
    let ticks = ticks(failover, place);
    let (mut own, mut others, mut any) = (String::new(), String::new(), false);
    for pair in ticks.windows(2) {
        let grown = |read: fn(&domain::Tick) -> Option<u64>| Some(read(pair[1])?.saturating_sub(read(pair[0])?));
        let (Some(mine), Some(theirs)) = (grown(|tick| tick.own), grown(|tick| tick.others)) else { continue };
        if mine + theirs == 0 {
            continue;
        }
        any = true;
        let (x, end) = (axis.x(pair[0].at), axis.x(pair[1].at));
        let width = (end - x - 0.8).max(0.6);
        let height = 30.0 * float(mine) / float(mine + theirs);
        own.push_str(&format!("M{x:.1} {:.1}h{width:.1}v{height:.1}h-{width:.1}z", 15.0 - height));
        others.push_str(&format!("M{x:.1} -15h{width:.1}v{:.1}h-{width:.1}z", 30.0 - height));
    }
    let none = (!any).then(|| view! { <text class="f-mark" x=LEFT + 6.0 y="4">{words.no_traffic}</text> });
    view! {
        <path class="f-others" d=others><title>{words.others}</title></path>
        <path class="f-own" d=own><title>{failover.name.clone()}</title></path>
        {none}
    }
    .into_any()
}

/// Answers of 500 and above between two looks at a proxy.
fn fives(failover: &Failover, place: Backend<'_>, axis: Axis) -> AnyView {
    let ticks = ticks(failover, place);
    let mut path = String::new();
    for pair in ticks.windows(2) {
        let grown = pair[1].answers_5xx.zip(pair[0].answers_5xx).map_or(0, |(new, old)| new.saturating_sub(old));
        if 0 < grown {
            let (x, end) = (axis.x(pair[0].at), axis.x(pair[1].at));
            path.push_str(&format!("M{x:.1} -6h{:.1}v20h-{:.1}z", (end - x).max(3.0), (end - x).max(3.0)));
        }
    }
    view! {
        <line class="c-grid" x1=LEFT x2=RIGHT y1="14" y2="14"></line>
        <path class="f-fail" d=path></path>
    }
    .into_any()
}

/// Which colour is whose.
fn keys(failover: &Failover) -> Option<AnyView> {
    let traffic = failover.traffic.as_ref()?;
    let key = |(number, name): (&u8, &String)| {
        view! { <li><span class=format!("lab-number lab-{number}") aria-hidden="true">{*number}</span>" "{name.clone()}</li> }
    };
    Some(view! { <ul class="f-keys">{traffic.names.iter().map(key).collect_view()}</ul> }.into_any())
}
