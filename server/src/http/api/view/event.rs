//! An event. What goes with its kind is there, the rest is absent.

use domain::{
    Admin, AdminCause, Answer, Because, Binding, Drain, Event, EventKind, EventNumber, Hold, Link, Order, Place, Proxy,
    ReturnCause, Target,
};
use serde::Serialize;

use super::admission::AdmissionView;
use super::failover::FailoverNoteView;
use super::proxy::{BindingSettings, DoubtView, HoldView, why};
use super::schedule::ScheduleView;
use super::standby::StandbyView;
use super::{ActorView, GapView, GroupSettings, ObservationView, SentinelView, Time, TransitionView};

/// An event.
#[derive(Debug, Serialize)]
pub(crate) struct EventView {
    pub(crate) number: EventNumber,
    at: Time,
    kind: &'static str,
    group: Option<String>,
    target: Option<String>,
    proxy: Option<String>,
    by: Option<ActorView>,
    why: Option<String>,
    #[serde(flatten)]
    details: Details,
}

impl From<&Event> for EventView {
    fn from(event: &Event) -> Self {
        Self {
            number: event.number,
            at: Time(event.at),
            kind: event.kind.as_str(),
            group: event.kind.group().map(ToString::to_string),
            target: event.kind.target().map(|target| target.to_string()),
            proxy: event.kind.proxy().map(ToString::to_string),
            by: event.by.as_ref().map(ActorView::from),
            why: event.why.clone(),
            details: Details::from(&event.kind),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Details {
    Group { settings: Box<GroupSettings> },
    Target { settings: TargetSettings },
    Status { transition: Option<TransitionView>, check: ObservationView },
    Started { version: String, gap: Option<GapView> },
    Stopped { cause: String },
    Resumed { gap: Option<GapView> },
    Paused { gap: GapView },
    Proxy { settings: ProxySettings },
    Binding { binding: String, backend: String, settings: BindingSettings },
    Link { link: LinkView },
    Drain { drain: Box<AdmissionView> },
    Returned { cause: ReturnCause },
    Held(Placed<HeldView>),
    Told(Placed<ToldView>),
    Outside(Placed<ChangeView>),
    Waits { binding: String, doubt: Option<DoubtView> },
    Sentinel { sentinel: SentinelView },
    Failover { failover: FailoverNoteView },
    Feigned { until: Option<Time> },
    Schedule { schedule: Box<ScheduleView> },
    Standby { standby: Option<Box<StandbyView>> },
    None {},
}

impl From<&EventKind> for Details {
    fn from(kind: &EventKind) -> Self {
        match kind {
            EventKind::GroupCreated(group) | EventKind::GroupEdited(group) => {
                Self::Group { settings: Box::new(GroupSettings::from(group)) }
            }
            EventKind::TargetRegistered(target)
            | EventKind::TargetEdited { target, .. }
            | EventKind::TargetDeregistered(target) => Self::Target { settings: TargetSettings::from(target) },
            EventKind::Checked { observation, transition, .. } => Self::Status {
                transition: transition.as_ref().map(TransitionView::from),
                check: ObservationView::from(observation),
            },
            EventKind::SentinelSeen { sentinel, .. } => Self::Sentinel { sentinel: SentinelView::from(sentinel) },
            EventKind::Started { version, gap } => {
                Self::Started { version: version.clone(), gap: gap.as_ref().map(GapView::from) }
            }
            EventKind::RecordingStopped { why } => Self::Stopped { cause: why.to_string() },
            EventKind::RecordingResumed { gap } => Self::Resumed { gap: gap.as_ref().map(GapView::from) },
            EventKind::Paused { gap } => Self::Paused { gap: GapView::from(gap) },
            EventKind::TargetDrained { drain, .. } | EventKind::DrainChanged { drain, .. } => Self::drain(drain),
            EventKind::TargetReturned { cause, .. } => Self::Returned { cause: *cause },
            EventKind::RoleChanged { standby, .. } => {
                Self::Standby { standby: standby.as_ref().map(StandbyView::from).map(Box::new) }
            }
            EventKind::StandbyMoved { standby, .. } => {
                Self::Standby { standby: Some(Box::new(StandbyView::from(standby))) }
            }
            EventKind::GroupDeleted(_)
            | EventKind::ProxyDeleted(_)
            | EventKind::ProxyLooked { .. }
            | EventKind::NumberSkipped => Self::None {},
            EventKind::ProxyCreated(proxy) | EventKind::ProxyEdited(proxy) => {
                Self::Proxy { settings: ProxySettings::from(proxy) }
            }
            EventKind::ProxyBound(binding) | EventKind::BindingEdited(binding) | EventKind::ProxyUnbound(binding) => {
                Self::binding(binding)
            }
            EventKind::ProxyLinked { link, .. } => Self::Link { link: LinkView::from(link) },
            EventKind::ServerHeld { place, hold } => Self::held(place, Some(hold)),
            EventKind::ServerReleased { place } => Self::held(place, None),
            EventKind::ServerTold { place, order, because, answer, took_us, .. } => {
                Self::Told(Placed::new(place, ToldView::new(*order, *because, answer, *took_us)))
            }
            EventKind::ServerChangedOutside { place, change } => {
                Self::Outside(Placed::new(place, ChangeView::from(*change)))
            }
            EventKind::DrillScheduled { schedule, .. } => {
                let now = schedule.last.as_ref().map_or(schedule.done, |last| last.at.max(schedule.done));
                Self::Schedule { schedule: Box::new(ScheduleView::new(schedule, now)) }
            }
            EventKind::TargetFeigned { until, .. } => Self::Feigned { until: until.map(Time) },
            EventKind::FailoverRecorded(note) => Self::Failover { failover: FailoverNoteView::from(note.as_ref()) },
            EventKind::PolicyWaits { binding, doubt, .. } => {
                Self::Waits { binding: binding.to_string(), doubt: doubt.map(DoubtView::from) }
            }
        }
    }
}

impl Details {
    fn drain(drain: &Drain) -> Self {
        Self::Drain { drain: Box::new(AdmissionView::new(Some(drain))) }
    }

    fn binding(binding: &Binding) -> Self {
        let settings = BindingSettings::from(binding);
        Self::Binding { binding: binding.id.to_string(), backend: binding.backend.clone(), settings }
    }

    fn held(place: &Place, hold: Option<&Hold>) -> Self {
        Self::Held(Placed::new(place, HeldView { held: hold.map(HoldView::from) }))
    }
}

#[derive(Debug, Serialize)]
struct TargetSettings {
    label: String,
    host: String,
    port: u16,
}

impl From<&Target> for TargetSettings {
    fn from(target: &Target) -> Self {
        let (label, host) = (target.label.as_str().to_owned(), target.host.to_string());
        Self { label, host, port: target.port }
    }
}

#[derive(Debug, Serialize)]
struct ProxySettings {
    kind: &'static str,
    address: String,
}

impl From<&Proxy> for ProxySettings {
    fn from(proxy: &Proxy) -> Self {
        Self { kind: proxy.kind.as_str(), address: proxy.address.to_string() }
    }
}

#[derive(Debug, Serialize)]
struct LinkView {
    reachable: bool,
    since: Option<Time>,
    why: Option<String>,
}

impl From<&Link> for LinkView {
    fn from(link: &Link) -> Self {
        Self { reachable: link.is_up(), since: link.since().map(Time), why: why(link) }
    }
}

/// Something about a server of a binding.
#[derive(Debug, Serialize)]
struct Placed<T> {
    binding: String,
    backend: String,
    server: String,
    #[serde(flatten)]
    what: T,
}

impl<T> Placed<T> {
    fn new(place: &Place, what: T) -> Self {
        let (backend, server) = (place.backend.clone(), place.server.clone());
        Self { binding: place.binding.to_string(), backend, server, what }
    }
}

#[derive(Debug, Serialize)]
struct HeldView {
    held: Option<HoldView>,
}

/// What a proxy was told, and what became of it.
#[derive(Debug, Serialize)]
struct ToldView {
    order: &'static str,
    because: &'static str,
    answer: AnswerView,
    took_ms: f64,
}

#[derive(Debug, Serialize)]
struct AnswerView {
    ok: bool,
    said: Option<String>,
    why: Option<String>,
}

impl ToldView {
    fn new(order: Order, because: Because, answer: &Answer, took_us: u32) -> Self {
        let answer = match answer {
            Answer::Done { said, .. } => AnswerView { ok: true, said: Some(said.clone()), why: None },
            Answer::Failed { why, .. } => AnswerView { ok: false, said: None, why: Some(why.clone()) },
        };
        Self { order: order.as_str(), because: because.as_str(), answer, took_ms: f64::from(took_us) / 1000.0 }
    }
}

/// What somebody else made of a server; null when that is over.
#[derive(Debug, Serialize)]
struct ChangeView {
    admin: Option<&'static str>,
    admin_cause: Option<AdminCause>,
}

impl From<Option<Admin>> for ChangeView {
    fn from(change: Option<Admin>) -> Self {
        Self { admin: change.map(|admin| admin.state.as_str()), admin_cause: change.and_then(|admin| admin.cause) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::api::boards;
    use serde_json::{Value, json};

    fn shown(wanted: &str) -> Value {
        let kind = boards::what_happened().into_iter().find(|kind| kind.as_str() == wanted).unwrap();
        let event = Event { number: EventNumber(1), at: boards::at(), by: None, why: None, kind };
        serde_json::to_value(EventView::from(&event)).unwrap()
    }

    #[test]
    fn what_a_proxy_was_told_is_there_with_its_answer() {
        let expected = json!({
            "number": 1, "at": "2023-11-14T22:13:20.000Z", "kind": "server_told", "group": "web",
            "target": "0192a000-0000-7000-8000-000000000001", "proxy": "edge", "by": null, "why": null,
            "binding": "0192a000-0000-7000-8000-000000000002", "backend": "web", "server": "web1",
            "order": "drain", "because": "person", "answer": {"ok": true, "said": "", "why": null}, "took_ms": 1.5});
        assert_eq!(shown("server_told"), expected);
    }

    #[test]
    fn events_about_proxies_have_what_goes_with_their_kind() {
        let settings = json!({"kind": "haproxy", "address": "unix:/run/haproxy/admin.sock"});
        assert_eq!(shown("proxy_created")["settings"], settings);
        assert_eq!(
            shown("proxy_bound")["settings"],
            json!({"mode": "by_hand", "changes_per_minute": 3, "cut_unhealthy": false})
        );
        assert_eq!(shown("proxy_linked")["link"]["reachable"], true);
        assert_eq!(shown("target_drained")["drain"]["reason"], "disk");
        assert_eq!(shown("server_held")["held"]["cause"], "person");
    }
}
