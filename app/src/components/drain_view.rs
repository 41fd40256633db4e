//! A drain as it is shown: what is left, what stays, and what happens next.

use domain::{AfterDelay, Board, Curve, Drain, DrainStage, Front, GroupState, Purpose, TargetState, Timestamp};

use crate::text::Text;

use super::curve::CurveView;

/// A new session so short a time ago means that more are coming.
const STILL_NEW_MS: u64 = 10_000;

/// So many targets that stay are named before they are only counted.
const NAMES_MAX: usize = 6;

/// A drain of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DrainView {
    /// What is wanted, and how far it is.
    pub(crate) drain: Drain,
    /// Why a proxy did not do what it was told.
    trouble: Option<String>,
    /// Sessions that are left on all proxies; none where one of them does not tell.
    sessions: Option<u64>,
    /// Since when no new session was seen, where proxies tell that.
    quiet_since: Option<Timestamp>,
    /// When a new session was last seen.
    last_new: Option<Timestamp>,
    /// Who stays in service.
    stays: Vec<String>,
    /// Proxies that only are observed and still use it.
    observed: Vec<String>,
    /// Proxies that cannot be told now.
    unreachable: Vec<String>,
    /// A picture a server.
    pub(crate) curves: Vec<CurveView>,
}

impl DrainView {
    /// Of a target that is to be out of service.
    pub(crate) fn of(board: &Board, group: &GroupState, target: &TargetState) -> Option<Self> {
        let drain = target.drain.clone()?;
        let fronts = board.fronts(&target.target);
        let (ours, others): (Vec<_>, Vec<_>) = fronts.into_iter().partition(|f| f.binding.binding.mode.drains());
        let there: Vec<&Front<'_>> = ours.iter().filter(|front| front.name.is_some()).collect();
        let curves: Vec<(&Front<'_>, &Curve)> =
            there.iter().filter_map(|front| Some((*front, front.binding.curves.get(front.name?)?))).collect();
        let name = |front: &Front<'_>| front.proxy.proxy.name.to_string();
        let staying = board.in_service(group);
        let stays = staying.iter().filter_map(|id| group.targets.get(id)).map(|other| other.target.display_name());
        Some(Self {
            trouble: there.iter().find_map(|front| front.trouble()).map(|trouble| trouble.why.clone()),
            sessions: sessions(&there),
            quiet_since: quiet_since(&curves),
            last_new: curves.iter().filter_map(|(_, curve)| curve.last_new).max(),
            stays: stays.collect(),
            observed: named(others.iter().filter(|front| front.name.is_some()).map(name)),
            unreachable: named(ours.iter().filter(|front| !front.proxy.link.is_up()).map(name)),
            curves: curves.into_iter().filter_map(|(front, curve)| picture(front, curve)).collect(),
            drain,
        })
    }

    /// How far it is, in a line.
    pub(crate) fn headline(&self, now: Timestamp, text: &Text) -> String {
        let words = text.drain();
        if let Some(why) = &self.trouble {
            return (words.not_drained)(why);
        }
        match (self.drain.stage, self.sessions) {
            (DrainStage::Draining, Some(0)) if self.is_still_used(now) => words.still_new.to_owned(),
            (DrainStage::Empty, _) => words.empty.to_owned(),
            (DrainStage::Draining, None) => words.not_observable.to_owned(),
            (DrainStage::Draining, Some(sessions)) => {
                let quiet = self.quiet_since.filter(|_| !self.is_still_used(now));
                let quiet = quiet.map(|since| (words.none_new)(&(text.span)(whole_seconds(now.millis_since(since)))));
                [Some((words.left)(sessions)), quiet].into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Why, and who wants it.
    pub(crate) fn reason(&self, text: &Text) -> String {
        let words = text.drain();
        let reason = match self.drain.reason.as_str() {
            "" => words.no_reason.to_owned(),
            reason => format!("“{reason}”"),
        };
        format!("{reason} · {}", (words.by)(&self.drain.by.to_string()))
    }

    /// Who stays in service, and what becomes of connections that stay open.
    pub(crate) fn consequence(&self, now: Timestamp, text: &Text) -> String {
        let words = text.drain();
        let stays = match self.stays.len() {
            0 => words.nobody_stays.to_owned(),
            1..=NAMES_MAX => (words.stays)(&self.stays),
            count => (words.stays_many)(u32::try_from(count).unwrap_or(u32::MAX)),
        };
        let left = self.drain.delay_ends_at.millis_since(now);
        let span = (text.span)(whole_seconds(left));
        let after = match (self.drain.stage, left, self.drain.after_delay) {
            (DrainStage::Empty, ..) => String::new(),
            (_, 0, AfterDelay::Wait) => words.over_wait.to_owned(),
            (_, 0, AfterDelay::Cut) => words.over_cut.to_owned(),
            (_, _, AfterDelay::Wait) => (words.after_wait)(&span),
            (_, _, AfterDelay::Cut) => (words.after_cut)(&span),
        };
        let leaving = if self.drain.purpose == Purpose::Deregistration { words.leaving } else { "" };
        [stays.as_str(), &after, leaving].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What does not go as it should.
    pub(crate) fn warnings(&self, now: Timestamp, text: &Text) -> Vec<String> {
        let words = text.drain();
        let still = self.is_still_used(now).then(|| words.still_new.to_owned());
        let observed = self.observed.iter().map(|proxy| (words.observed_only)(proxy));
        let unreachable = self.unreachable.iter().map(|proxy| (words.told_later)(proxy));
        still.into_iter().chain(observed).chain(unreachable).collect()
    }

    /// How much of the deregistration delay is over, in thousandths; none where nothing waits for it.
    pub(crate) fn elapsed(&self, now: Timestamp) -> Option<u64> {
        let whole = self.drain.delay_ends_at.millis_since(self.drain.at);
        let over = now.millis_since(self.drain.at).min(whole);
        let waits = self.drain.stage == DrainStage::Draining && 0 < whole;
        waits.then(|| over.saturating_mul(1000).checked_div(whole).unwrap_or(1000))
    }

    fn is_still_used(&self, now: Timestamp) -> bool {
        let is_recent = |at: Timestamp| now.millis_since(at) < STILL_NEW_MS;
        self.drain.stage == DrainStage::Draining && self.last_new.is_some_and(is_recent) && !is_recent(self.drain.at)
    }
}

/// A span that counts in whole seconds does not flicker.
fn whole_seconds(ms: u64) -> u64 {
    ms / 1000 * 1000
}

fn named(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.dedup();
    names
}

/// The sessions of all these servers; none if one of them is not told, or there is none.
fn sessions(fronts: &[&Front<'_>]) -> Option<u64> {
    // After a reload of the proxy the process before may still have some.
    let is_seen = |front: &&Front<'_>| front.proxy.link.is_up() && front.hold().is_none_or(|hold| !hold.lost_sight);
    let told = |front: &&Front<'_>| front.server.filter(|_| is_seen(front))?.sessions;
    if fronts.is_empty() { None } else { fronts.iter().map(told).sum() }
}

/// Since when no server got a new session; none if one of them does not tell its total.
fn quiet_since(curves: &[(&Front<'_>, &Curve)]) -> Option<Timestamp> {
    let since = |(_, curve): &(&Front<'_>, &Curve)| {
        let first = curve.points.first().map(|(at, _)| *at);
        curve.total_at_start.and(curve.last_new.or(first))
    };
    let all: Option<Vec<Timestamp>> = curves.iter().map(since).collect();
    all?.into_iter().max()
}

fn picture(front: &Front<'_>, curve: &Curve) -> Option<CurveView> {
    let (proxy, server) = (front.proxy.proxy.name.to_string(), front.name?.clone());
    Some(CurveView { proxy, server, points: curve.points.clone() })
}
