//! What a board must learn, numbered.

use serde::{Deserialize, Deserializer, Serialize};

use crate::tagged::read_tagged;
use crate::{
    Actor, Admin, BackendName, BackendView, Binding, BindingId, Doubt, Drain, DrillSchedule, EventNumber, FailoverNote,
    Failure, Gap, Group, GroupName, Health, Hold, Host, Label, Link, Observation, Order, OwnFault, Proxy, ProxyName,
    ProxyWarning, Reason, ReturnCause, ScheduleStep, Sentinel, ServerName, Standby, StandbyStage, Status, StoreFault,
    Target, TargetDraft, TargetId, Timestamp,
};

/// Something a board must learn. Numbers are consecutive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the sequence.
    pub number: EventNumber,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; none for results of checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// Why, in the words of who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum EventKind {
    /// A group was made.
    GroupCreated(Group),
    /// A group has other settings.
    GroupEdited(Group),
    /// A group is gone, with its targets.
    GroupDeleted(GroupName),
    /// A target was registered.
    TargetRegistered(Target),
    /// A target has another label, host or port.
    #[serde(deserialize_with = "edited")]
    TargetEdited {
        /// As it is now.
        #[serde(flatten)]
        target: Target,
        /// As it was before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<TargetDraft>,
    },
    /// A target was deregistered.
    TargetDeregistered(Target),
    /// A check ended.
    Checked {
        /// The group of the target.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// What the check saw.
        observation: Observation,
        /// What we believe now.
        health: Health,
        /// The change of status, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transition: Option<Transition>,
        /// When the next check is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_check_at: Option<Timestamp>,
    },
    /// It stands otherwise with the sentinel of a target.
    SentinelSeen {
        /// The group of the target.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// How it stands now.
        sentinel: Sentinel,
    },
    /// Drainboard started; what happened since it stopped is not known.
    Started {
        /// Its version.
        version: String,
        /// The time for which nothing is stored, where something was stored before.
        gap: Option<Gap>,
    },
    /// The store cannot write; checking goes on.
    RecordingStopped {
        /// Why.
        why: StoreFault,
    },
    /// The store writes again.
    RecordingResumed {
        /// The time for which results of checks are missing; none where all of them were kept until they could be stored.
        gap: Option<Gap>,
    },
    /// Drainboard was paused, or its machine, or the clock was set forward.
    Paused {
        /// The time in which nothing was checked.
        gap: Gap,
    },
    /// The store may have this number for something that nobody was told of, so it is passed over.
    NumberSkipped,
    /// A proxy was connected.
    ProxyCreated(Proxy),
    /// A proxy has other settings.
    ProxyEdited(Proxy),
    /// A proxy is gone, with its bindings.
    ProxyDeleted(ProxyName),
    /// A backend of a proxy was bound to a group.
    ProxyBound(Binding),
    /// A binding has other settings.
    BindingEdited(Binding),
    /// A binding is gone.
    ProxyUnbound(Binding),
    /// Our connection to a proxy is up or down.
    ProxyLinked {
        /// The proxy.
        proxy: ProxyName,
        /// How the connection is now.
        link: Link,
    },
    /// A look at a proxy showed something new.
    ProxyLooked {
        /// The proxy.
        proxy: ProxyName,
        /// See [`crate::ProxyLook::version`].
        version: String,
        /// See [`crate::ProxyLook::instance`].
        instance: String,
        /// See [`crate::ProxyLook::warnings`].
        warnings: Vec<ProxyWarning>,
        /// The names of all backends in the proxy's order.
        order: Vec<BackendName>,
        /// The backends that are not as they were.
        changed: Vec<BackendView>,
    },
    /// A target is to be out of service; or its drain has another reason or lease.
    TargetDrained {
        /// Its group.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// The drain.
        drain: Drain,
    },
    /// A drain is further, or past its lease.
    DrainChanged {
        /// The group of the target.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// The drain.
        drain: Drain,
    },
    /// A target is to be in service again.
    TargetReturned {
        /// Its group.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// Why.
        cause: ReturnCause,
    },
    /// A target is a standby, or is none any more.
    RoleChanged {
        /// Its group.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// The standby that it is.
        standby: Option<Standby>,
    },
    /// A standby is promoted, is further, or falls back.
    StandbyMoved {
        /// Its group.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// What happened.
        stage: StandbyStage,
        /// As it is now.
        standby: Standby,
    },
    /// A server is about to be taken out of service by us.
    ServerHeld {
        /// Where.
        place: Place,
        /// What we do.
        hold: Hold,
    },
    /// We hold a server no longer, and the proxy uses it already.
    ServerReleased {
        /// Where.
        place: Place,
    },
    /// A proxy was told something about a server.
    ServerTold {
        /// Where.
        place: Place,
        /// The target that the server is.
        target: Option<TargetId>,
        /// What it was told.
        order: Order,
        /// Why.
        because: Because,
        /// What became of it.
        answer: Answer,
        /// From the decision to the answer, in microseconds.
        took_us: u32,
    },
    /// Somebody else took a server out of service or brought it back; none: that is over.
    ServerChangedOutside {
        /// Where.
        place: Place,
        /// What holds now.
        change: Option<Admin>,
    },
    /// A drill treats a target as unhealthy until then, although its checks pass; none: it does not any more.
    TargetFeigned {
        /// Its group.
        group: GroupName,
        /// The target.
        target: TargetId,
        /// Until then, unless it is ended before.
        until: Option<Timestamp>,
    },
    /// A schedule of drills was made, changed or removed, or its moment came.
    DrillScheduled {
        /// What happened.
        step: ScheduleStep,
        /// As it is now; what it was, where it was removed.
        schedule: Box<DrillSchedule>,
    },
    /// A failover record began, or is frozen.
    FailoverRecorded(Box<FailoverNote>),
    /// Automatic mode waits with what it would do; none: it does not any more.
    PolicyWaits {
        /// The binding.
        binding: BindingId,
        /// Its proxy.
        proxy: ProxyName,
        /// Its group.
        group: GroupName,
        /// Why.
        doubt: Option<Doubt>,
    },
}

/// Reads what stands in one structure: the target, and what it was.
fn edited<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(Target, Option<TargetDraft>), D::Error> {
    #[derive(Deserialize)]
    struct Edited {
        id: TargetId,
        group: GroupName,
        label: Label,
        host: Host,
        port: u16,
        #[serde(default)]
        was: Option<TargetDraft>,
    }
    let Edited { id, group, label, host, port, was } = Edited::deserialize(deserializer)?;
    Ok((Target { id, group, label, host, port }, was))
}

/// A server in a backend that is bound to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The binding.
    pub binding: BindingId,
    /// The proxy.
    pub proxy: ProxyName,
    /// The group.
    pub group: GroupName,
    /// The proxy's name of the backend.
    pub backend: BackendName,
    /// The proxy's name of the server.
    pub server: ServerName,
}

/// Why a proxy was told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A person drained or returned the target.
    Person,
    /// The target is unhealthy, or healthy again.
    Policy,
    /// The target was deregistered.
    Deregistered,
    /// The proxy had forgotten what it was told.
    Forgotten,
    /// The deregistration delay is over.
    DelayOver,
    /// We do not drain there any more.
    Unbound,
    /// The target is a standby, or is promoted.
    Standby,
}

impl Because {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Policy => "policy",
            Self::Deregistered => "deregistered",
            Self::Forgotten => "forgotten",
            Self::DelayOver => "delay_over",
            Self::Unbound => "unbound",
            Self::Standby => "standby",
        }
    }
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Answer {
    /// It was carried out.
    Done {
        /// By which instance of the proxy.
        instance: String,
        /// What the proxy said.
        said: String,
    },
    /// It was not.
    Failed {
        /// Why, and what to do about it.
        why: String,
        /// It failed before, for the same reason.
        again: bool,
    },
}

read_tagged! {
    Answer { Done { instance, said } Failed { why, again } }
    with { instance: String, said: String, why: String, again: bool = false }
}

/// A change of status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// Before.
    pub from: Status,
    /// Since now.
    pub to: Status,
    /// Why; none when healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What failed, where the target failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What failed, where the fault is ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_fault: Option<OwnFault>,
    /// From the end of the first result of the run that led here until now, in milliseconds.
    pub found_after_ms: u64,
    /// How long the status before had lasted, in milliseconds.
    pub lasted_ms: u64,
}

impl EventKind {
    /// Whether the event belongs on the record. Checks that change no status are stored as observations only; looks at
    /// proxies and how it stands with sentinels are not stored.
    pub fn is_on_record(&self) -> bool {
        !matches!(
            self,
            Self::Checked { transition: None, .. }
                | Self::SentinelSeen { .. }
                | Self::NumberSkipped
                | Self::ProxyLooked { .. }
                | Self::StandbyMoved { stage: StandbyStage::Calm | StandbyStage::Stopping, .. }
                | Self::ServerHeld { .. }
                | Self::ServerReleased { .. }
                | Self::ServerTold { answer: Answer::Failed { again: true, .. }, .. }
                | Self::PolicyWaits { doubt: None | Some(Doubt::Grace | Doubt::Rate), .. }
        )
    }

    /// The group that it is about.
    pub fn group(&self) -> Option<&GroupName> {
        match self {
            Self::GroupCreated(group) | Self::GroupEdited(group) => Some(&group.name),
            Self::GroupDeleted(name) => Some(name),
            Self::TargetRegistered(target) | Self::TargetEdited { target, .. } | Self::TargetDeregistered(target) => {
                Some(&target.group)
            }
            Self::ProxyBound(binding) | Self::BindingEdited(binding) | Self::ProxyUnbound(binding) => {
                Some(&binding.group)
            }
            Self::ServerHeld { place, .. }
            | Self::ServerReleased { place }
            | Self::ServerTold { place, .. }
            | Self::ServerChangedOutside { place, .. } => Some(&place.group),
            Self::DrillScheduled { schedule, .. } => Some(&schedule.group),
            Self::FailoverRecorded(note) => Some(&note.group),
            Self::Checked { group, .. }
            | Self::SentinelSeen { group, .. }
            | Self::TargetDrained { group, .. }
            | Self::DrainChanged { group, .. }
            | Self::TargetReturned { group, .. }
            | Self::TargetFeigned { group, .. }
            | Self::RoleChanged { group, .. }
            | Self::StandbyMoved { group, .. }
            | Self::PolicyWaits { group, .. } => Some(group),
            Self::Started { .. }
            | Self::RecordingStopped { .. }
            | Self::RecordingResumed { .. }
            | Self::Paused { .. }
            | Self::NumberSkipped
            | Self::ProxyCreated(_)
            | Self::ProxyEdited(_)
            | Self::ProxyDeleted(_)
            | Self::ProxyLinked { .. }
            | Self::ProxyLooked { .. } => None,
        }
    }

    /// The time without data that begins to be known with it; what is lost for want of a store is stored with the rest.
    pub fn gap(&self) -> Option<Gap> {
        match self {
            Self::Started { gap, .. } => *gap,
            Self::Paused { gap } => Some(*gap),
            _ => None,
        }
    }

    /// The target that it is about.
    pub fn target(&self) -> Option<TargetId> {
        match self {
            Self::TargetRegistered(target) | Self::TargetEdited { target, .. } | Self::TargetDeregistered(target) => {
                Some(target.id)
            }
            Self::Checked { target, .. }
            | Self::SentinelSeen { target, .. }
            | Self::TargetDrained { target, .. }
            | Self::DrainChanged { target, .. }
            | Self::TargetFeigned { target, .. }
            | Self::TargetReturned { target, .. }
            | Self::RoleChanged { target, .. }
            | Self::StandbyMoved { target, .. } => Some(*target),
            Self::ServerTold { target, .. } => *target,
            Self::DrillScheduled { step: ScheduleStep::Came, schedule } => schedule.last.as_ref()?.target,
            Self::DrillScheduled { schedule, .. } => schedule.target,
            Self::FailoverRecorded(note) => Some(note.target),
            _ => None,
        }
    }

    /// The proxy that it is about.
    pub fn proxy(&self) -> Option<&ProxyName> {
        match self {
            Self::ProxyCreated(proxy) | Self::ProxyEdited(proxy) => Some(&proxy.name),
            Self::ProxyDeleted(name) => Some(name),
            Self::ProxyBound(binding) | Self::BindingEdited(binding) | Self::ProxyUnbound(binding) => {
                Some(&binding.proxy)
            }
            Self::ProxyLinked { proxy, .. } | Self::ProxyLooked { proxy, .. } | Self::PolicyWaits { proxy, .. } => {
                Some(proxy)
            }
            Self::ServerHeld { place, .. }
            | Self::ServerReleased { place }
            | Self::ServerTold { place, .. }
            | Self::ServerChangedOutside { place, .. } => Some(&place.proxy),
            _ => None,
        }
    }

    /// Its word in the API and in the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::GroupCreated(_) => "group_created",
            Self::GroupEdited(_) => "group_edited",
            Self::GroupDeleted(_) => "group_deleted",
            Self::TargetRegistered(_) => "target_registered",
            Self::TargetEdited { .. } => "target_edited",
            Self::TargetDeregistered(_) => "target_deregistered",
            Self::Checked { .. } => "status_changed",
            Self::SentinelSeen { .. } => "sentinel_seen",
            Self::Started { .. } => "started",
            Self::RecordingStopped { .. } => "recording_stopped",
            Self::RecordingResumed { .. } => "recording_resumed",
            Self::Paused { .. } => "paused",
            Self::NumberSkipped => "number_skipped",
            Self::ProxyCreated(_) => "proxy_created",
            Self::ProxyEdited(_) => "proxy_edited",
            Self::ProxyDeleted(_) => "proxy_deleted",
            Self::ProxyBound(_) => "proxy_bound",
            Self::BindingEdited(_) => "binding_edited",
            Self::ProxyUnbound(_) => "proxy_unbound",
            Self::ProxyLinked { .. } => "proxy_linked",
            Self::ProxyLooked { .. } => "proxy_looked",
            Self::TargetDrained { .. } => "target_drained",
            Self::DrainChanged { .. } => "drain_changed",
            Self::TargetReturned { .. } => "target_returned",
            Self::RoleChanged { .. } => "role_changed",
            Self::StandbyMoved { stage, .. } => stage.as_str(),
            Self::ServerHeld { .. } => "server_held",
            Self::ServerReleased { .. } => "server_released",
            Self::ServerTold { .. } => "server_told",
            Self::ServerChangedOutside { .. } => "server_changed_outside",
            Self::PolicyWaits { .. } => "policy_waits",
            Self::FailoverRecorded(_) => "failover_recorded",
            Self::TargetFeigned { .. } => "target_feigned",
            Self::DrillScheduled { step, .. } => step.as_str(),
        }
    }
}
