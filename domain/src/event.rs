//! What a board must learn, numbered.

use serde::{Deserialize, Serialize};

use crate::{
    Actor, EventNumber, Failure, Gap, Group, GroupName, Health, Observation, OwnFault, Reason, Status, Target,
    TargetId, Timestamp,
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
    TargetEdited(Target),
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
        /// Why, for a person.
        why: String,
    },
    /// The store writes again.
    RecordingResumed {
        /// The time for which results of checks are missing.
        gap: Gap,
    },
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
    /// Whether the event belongs on the record. Checks that change no status are stored as observations only.
    pub fn is_on_record(&self) -> bool {
        !matches!(self, Self::Checked { transition: None, .. })
    }

    /// The group that it is about.
    pub fn group(&self) -> Option<&GroupName> {
        match self {
            Self::GroupCreated(group) | Self::GroupEdited(group) => Some(&group.name),
            Self::GroupDeleted(name) => Some(name),
            Self::TargetRegistered(target) | Self::TargetEdited(target) | Self::TargetDeregistered(target) => {
                Some(&target.group)
            }
            Self::Checked { group, .. } => Some(group),
            Self::Started { .. } | Self::RecordingStopped { .. } | Self::RecordingResumed { .. } => None,
        }
    }

    /// The target that it is about.
    pub fn target(&self) -> Option<TargetId> {
        match self {
            Self::TargetRegistered(target) | Self::TargetEdited(target) | Self::TargetDeregistered(target) => {
                Some(target.id)
            }
            Self::Checked { target, .. } => Some(*target),
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
            Self::TargetEdited(_) => "target_edited",
            Self::TargetDeregistered(_) => "target_deregistered",
            Self::Checked { .. } => "status_changed",
            Self::Started { .. } => "started",
            Self::RecordingStopped { .. } => "recording_stopped",
            Self::RecordingResumed { .. } => "recording_resumed",
        }
    }
}
