//! The sessions of a server while it drains: one small picture, with the same in words.

use std::fmt::Write as _;

use domain::Timestamp;
use leptos::prelude::*;

use crate::live::Live;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 56.0;

/// A server and its sessions, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CurveView {
    /// The proxy.
    pub(crate) proxy: String,
    /// Its name of the server.
    pub(crate) server: String,
    /// When, and how many.
    pub(crate) points: Vec<(Timestamp, u64)>,
}

impl CurveView {
    fn most(&self) -> u64 {
        self.points.iter().map(|(_, sessions)| *sessions).max().unwrap_or(0)
    }

    /// The line from the first look until now: what was seen last holds.
    fn line(&self, now: Timestamp) -> String {
        let (Some((first, _)), Some((last, sessions))) = (self.points.first(), self.points.last()) else {
            return String::new();
        };
        let now = now.max(*last);
        let span = now.millis_since(*first).max(1) as f64;
        let most = self.most().max(1) as f64;
        let mut line = String::new();
        for (index, (at, sessions)) in self.points.iter().chain([&(now, *sessions)]).enumerate() {
            let x = WIDTH * at.millis_since(*first) as f64 / span;
            let y = HEIGHT - (HEIGHT - 2.0) * *sessions as f64 / most;
            // Writing to a string cannot fail.
            let _ = write!(line, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
        }
        line
    }
}

/// The picture of a server; nothing before its first look, and where there never was a session.
pub(crate) fn curve(view: &CurveView, live: Live) -> Option<AnyView> {
    let ((_, first), (_, last)) = (view.points.first()?, view.points.last()?);
    if view.most() == 0 {
        return None;
    }
    let text = live.text();
    let words = text.drain();
    let says = (words.curve_says)(*first, view.most(), *last);
    let shown = view.clone();
    let line = Memo::new(move |_| shown.line(live.now.get()));
    let area = move || format!("{}V{HEIGHT}H0z", line.get());
    Some(
        view! {
            <figure class="curve">
                <figcaption>{(words.curve)(&view.server, &view.proxy)}</figcaption>
                <svg width="300" height="56" viewBox="0 0 300 56" preserveAspectRatio="none" role="img" aria-label=says.clone()>
                    <path class="area" d=area></path>
                    <path class="line" d=move || line.get()></path>
                </svg>
                <p class="curve-says" aria-hidden="true">{says}</p>
            </figure>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_falls_with_the_sessions() {
        let at = Timestamp::from_millis;
        let view = CurveView {
            proxy: "edge".to_owned(),
            server: "web-2".to_owned(),
            points: vec![(at(0), 44), (at(500), 22), (at(1000), 0)],
        };
        assert_eq!(view.line(at(1000)), "M0.0 2.0L150.0 29.0L300.0 56.0L300.0 56.0");
        assert_eq!(view.line(at(2000)), "M0.0 2.0L75.0 29.0L150.0 56.0L300.0 56.0");
        assert_eq!(CurveView { points: vec![(at(0), 3)], ..view }.line(at(10)), "M0.0 2.0L300.0 2.0");
    }
}
