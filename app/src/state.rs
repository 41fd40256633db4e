//! What a page is made from: the same data on the server and in the browser.

use domain::{
    Board, Counts, EventNumber, GroupName, Invalid, LabFault, LabView, Observation, Overview, ProxyName, ProxyWarning,
    Recording, Timestamp, TranscriptLine,
};
use serde::{Deserialize, Serialize};

#[cfg(doc)]
use crate::Route;

mod later;
mod line;
mod overview_news;
mod past;
mod preferences;

pub use later::Later;
pub use line::Line;
pub use overview_news::OverviewNews;
pub use past::{Past, PastAsk};
pub use preferences::{Language, Theme, Zone};

/// Everything a page shows. The server gathers it, and renders it or sends it as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageData {
    /// Path and query that it is for.
    pub path: String,
    /// Where the reader's browser found this console, as its `Host` header says.
    #[serde(default)]
    pub host: String,
    /// Another number at each start of the engine.
    pub boot: u64,
    /// The build of the browser's files that goes with it.
    pub build: String,
    /// The server's clock when it was made.
    pub now: Timestamp,
    /// The reader's language.
    pub language: Language,
    /// The reader's theme.
    pub theme: Theme,
    /// How the reader wants times.
    pub zone: Zone,
    /// The last event that is in it.
    pub number: EventNumber,
    /// Whether what is shown is stored.
    #[serde(default, skip_serializing_if = "Recording::is_on")]
    pub recording: Recording,
    /// All targets of all groups by status.
    pub counts: Counts,
    /// The name of the target that the page is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Of the page of all groups: these at a glance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overview: Option<Overview>,
    /// Of the page of all groups, where it is searched: the groups in which a target is found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<GroupName>,
    /// Of other pages: groups, targets and proxies, as far as the page shows them, see [`Route::scope`]. Only parts of
    /// the browser's program read it.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub board: Later<Board>,
    /// Newest first: recent events of all groups, of the group, or of the target.
    pub events: Vec<Line>,
    /// Of a target's page, newest first.
    pub observations: Vec<Observation>,
    /// Events and observations could not be read, so their absence says nothing.
    #[serde(default)]
    pub history_unread: bool,
    /// A form that came back.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub form: Later<Option<FormState>>,
    /// What one's own last action did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// What a test of targets before saving saw.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub trials: Later<Vec<Trial>>,
    /// What a test of a proxy before saving found.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub proxy_trial: Later<Option<ProxyTrial>>,
    /// Of a proxy's page, newest first: what it was asked, and what it answered.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub transcript: Later<Vec<TranscriptLine>>,
    /// Of a page about the past.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub past: Later<Option<Past>>,
    /// Of the overview: how long each group could serve over a day and over thirty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uptimes: Vec<(GroupName, [domain::Uptime; 2])>,
    /// Of the page of all events: what is kept, and what that costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<domain::Storage>,
    /// Of the form with a target's role: the names of the starters that are configured.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub starters: Later<Vec<domain::StarterName>>,
    /// Whether there is a lab.
    pub lab_is: LabIs,
    /// Of its own page: the lab.
    #[serde(default, skip_serializing_if = "Later::is_nothing")]
    pub lab: Later<LabView>,
    /// A page that the server alone draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still: Option<Still>,
    /// Whether there is such a page.
    pub found: bool,
}

impl PageData {
    /// The form that came back.
    pub(crate) fn typed(&self) -> Option<FormState> {
        (*self.form).clone()
    }
}

/// Whether there is a lab, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabIs {
    /// Others can reach this server, so there is none.
    Closed,
    /// None runs, and one may be started.
    Idle,
    /// One runs.
    Open,
}

impl From<&LabView> for LabIs {
    fn from(view: &LabView) -> Self {
        match view {
            LabView::Closed => Self::Closed,
            LabView::Idle { .. } => Self::Idle,
            LabView::Open(_) => Self::Open,
        }
    }
}

/// A page that the server alone draws, as it is put into the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    /// Its content.
    pub html: String,
    /// It is to be asked for again from time to time.
    pub refreshes: bool,
}

/// A form that came back: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// Names and values as they were sent, in order.
    pub fields: Vec<(String, String)>,
    /// What is wrong, field by field.
    pub problems: Vec<Invalid>,
    /// Why it could not be done, where no field is at fault.
    pub failure: Option<String>,
}

impl FormState {
    /// The value of a field as it was typed.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The values of a field that may be sent more than once, as they were typed.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What a test of one target saw. Nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Host and port.
    pub address: String,
    /// What the check saw.
    pub observation: Observation,
}

/// What a test of a proxy found. Nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum ProxyTrial {
    /// It answers.
    Found {
        /// Its version.
        version: String,
        /// Its backends, and how many servers each has.
        backends: Vec<(String, u32)>,
        /// What a person must know of it.
        warnings: Vec<ProxyWarning>,
    },
    /// It does not, or not as it should.
    Failed(ProxyFault),
}

/// Why a proxy could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum ProxyFault {
    /// It cannot be reached; in English, since it holds what the system said.
    Unreachable(String),
    /// It said no.
    Refused(String),
    /// HAProxy's socket may only look.
    ReadOnly,
    /// Something else answers there; with what it said.
    Garbage(String),
    /// Anything else, in English.
    Other(String),
}

/// What one's own last action did; told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum Notice {
    /// A group was made.
    GroupCreated(GroupName),
    /// A group has other settings.
    GroupSaved(GroupName),
    /// A group is gone.
    GroupDeleted(GroupName),
    /// So many targets were registered.
    TargetsRegistered(u32),
    /// A target has other settings.
    TargetSaved(String),
    /// A standby is being promoted.
    StandbyPromoted(String),
    /// A standby falls back.
    StandbyFallsBack(String),
    /// So many targets were deregistered.
    TargetsDeregistered(u32),
    /// No target was chosen, so nothing was done.
    NothingChosen,
    /// A target was checked at once and passed.
    CheckPassed(String),
    /// A target was checked at once and did not pass; the reason stands beside its status.
    CheckFailed(String),
    /// A target could not be checked at once, and why.
    NotChecked(String),
    /// So many targets are drained first, and deregistered when they are empty.
    TargetsLeaving(u32),
    /// So many targets are being drained.
    TargetsDrained(u32),
    /// So many targets are back in service.
    TargetsReturned(u32),
    /// A proxy was connected.
    ProxyCreated(ProxyName),
    /// A proxy has another address.
    ProxySaved(ProxyName),
    /// A proxy is forgotten.
    ProxyDeleted(ProxyName),
    /// A backend was bound to a group.
    Bound(String, GroupName),
    /// A binding has another mode or limit.
    BindingSaved(String),
    /// A binding is gone.
    Unbound(String, GroupName),
    /// What somebody else did to this server holds from now on.
    Adopted(String),
    /// What somebody else did to this server is undone.
    Overruled(String),
    /// A lab is being set up.
    LabStarted,
    /// The lab is removed.
    LabEnded,
    /// A drill has begun.
    DrillBegun,
    /// A drill is ended before its time.
    DrillEnded,
    /// A schedule of drills was made or changed.
    DrillPlanned,
    /// Standbys are being compared.
    ComparisonBegun,
    /// So many requests are sent in a second from now on.
    LabRate(u32),
    /// This was done to a server of the lab.
    LabFault(u8, LabFault),
    /// Nothing was done, and why.
    NotDone(String),
}
