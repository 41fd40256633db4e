//! How the lab looks in the API.

use domain::{
    CompareStep, Lab, LabAnswer, LabBackend, LabBalancer, LabComparison, LabDoing, LabManners, LabRequest, LabStage,
    LabStep, LabTrouble, LabView, Map, Tier, TierRun,
};
use serde::Serialize;

use super::Time;

/// The lab, whether one runs or not.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LabAnswerView {
    state: &'static str,
    step: Option<LabStep>,
    trouble: Option<String>,
    install: Option<String>,
    started_at: Option<Time>,
    groups: Option<GroupsView>,
    load_balancer: Option<BalancerView>,
    backends: Vec<LabBackendView>,
    rate_per_s: Option<u32>,
    requests: Option<RequestsView>,
}

#[derive(Debug, Serialize)]
struct GroupsView {
    web: String,
    api: String,
}

#[derive(Debug, Serialize)]
struct BalancerView {
    proxy: String,
    pid: Option<u32>,
    network_url: String,
    application_url: String,
}

/// A server of the lab.
#[derive(Debug, Serialize)]
pub(crate) struct LabBackendView {
    number: u8,
    port: u16,
    target: Option<String>,
    state: &'static str,
    pid: Option<u32>,
    start_command: String,
}

#[derive(Debug, Serialize)]
struct RequestsView {
    served: Map<u8, u64>,
    failed: u64,
    slow: u64,
    held_back: u64,
    last: Vec<RequestView>,
}

#[derive(Debug, Serialize)]
struct RequestView {
    number: u64,
    at: Time,
    took_ms: f64,
    outcome: &'static str,
    status_code: Option<u16>,
    backend: Option<u8>,
    slow: bool,
}

impl From<LabView> for LabAnswerView {
    fn from(view: LabView) -> Self {
        match view {
            LabView::Closed => Self { state: "closed", ..Self::default() },
            LabView::Idle { install } => Self { state: "idle", install, ..Self::default() },
            LabView::Open(lab) => Self::running(*lab),
        }
    }
}

impl LabAnswerView {
    fn running(lab: Lab) -> Self {
        let backends = lab.backends.iter().map(LabBackendView::from).collect();
        let (load_balancer, install) = balancer(lab.balancer);
        let (state, step, trouble) = match lab.stage {
            LabStage::Provisioning(step) => ("provisioning", Some(step), None),
            LabStage::Active => ("active", None, None),
            LabStage::Failed(trouble) => ("failed", None, Some(sentence(&trouble))),
            LabStage::Ending => ("ending", None, None),
        };
        let tally = lab.tally;
        let requests = RequestsView {
            served: tally.served,
            failed: tally.failed,
            slow: tally.slow,
            held_back: tally.held_back,
            last: lab.answers.into_iter().map(RequestView::from).collect(),
        };
        Self {
            state,
            step,
            trouble,
            install,
            started_at: Some(Time(lab.started_at)),
            groups: lab.groups.map(|groups| GroupsView { web: groups.web.to_string(), api: groups.api.to_string() }),
            load_balancer,
            backends,
            rate_per_s: Some(lab.rate_per_s),
            requests: Some(requests),
        }
    }
}

fn balancer(balancer: LabBalancer) -> (Option<BalancerView>, Option<String>) {
    let url = |port: u16| format!("http://127.0.0.1:{port}/");
    match balancer {
        LabBalancer::Awaited => (None, None),
        LabBalancer::Missing { install } => (None, Some(install)),
        LabBalancer::Haproxy { proxy, pid, network_port, application_port } => {
            let (network_url, application_url) = (url(network_port), url(application_port));
            (Some(BalancerView { proxy: proxy.to_string(), pid, network_url, application_url }), None)
        }
    }
}

fn sentence(trouble: &LabTrouble) -> String {
    match trouble {
        LabTrouble::Directory(why) => format!("The lab's directory cannot be used: {why}."),
        LabTrouble::Server(number, why) => format!("Server {number} did not start: {why}."),
        LabTrouble::Balancer(why) => format!("HAProxy did not start: {why}."),
        LabTrouble::Registration(why) => format!("The lab could not be put on the board: {why}"),
        LabTrouble::Late(_) => "It was not ready in time.".to_owned(),
        LabTrouble::Broken => "A part of the lab ended by itself.".to_owned(),
    }
}

impl From<&LabBackend> for LabBackendView {
    fn from(backend: &LabBackend) -> Self {
        let state = match backend.doing {
            LabDoing::Starting => "starting",
            LabDoing::Answering { manners: LabManners::Well, .. } => "answering",
            LabDoing::Answering { manners: LabManners::With503, .. } => "answering_503",
            LabDoing::Answering { manners: LabManners::Slowly, .. } => "slow",
            LabDoing::Hanging { .. } => "hanging",
            LabDoing::Gone => "gone",
        };
        Self {
            number: backend.number,
            port: backend.port,
            target: backend.target.map(|id| id.to_string()),
            state,
            pid: backend.doing.pid(),
            start_command: backend.start_command.clone(),
        }
    }
}

impl From<LabRequest> for RequestView {
    fn from(request: LabRequest) -> Self {
        let (outcome, status_code) = match request.answer {
            LabAnswer::Served(_) => ("served", Some(200)),
            LabAnswer::Status(code, _) => ("status", Some(code)),
            LabAnswer::NotConnected => ("not_connected", None),
            LabAnswer::Closed => ("closed", None),
            LabAnswer::TimedOut => ("timed_out", None),
            LabAnswer::Foreign => ("foreign", None),
        };
        Self {
            number: request.number,
            at: Time(request.at),
            took_ms: request.took.as_millis_f64(),
            outcome,
            status_code,
            backend: request.by(),
            slow: request.is_slow(),
        }
    }
}

/// The same loss against standbys of each tier.
#[derive(Debug, Serialize)]
pub(crate) struct ComparisonView {
    started_at: Time,
    group: String,
    over: bool,
    tier: Option<Tier>,
    step: Option<CompareStep>,
    failed: Option<String>,
    runs: Vec<TierRunView>,
}

#[derive(Debug, Serialize)]
struct TierRunView {
    tier: Tier,
    lost_at: Time,
    in_service_ms: Option<f64>,
    requests: u32,
    requests_lost: u32,
    failover: Option<String>,
}

impl From<&LabComparison> for ComparisonView {
    fn from(comparison: &LabComparison) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "seconds in microseconds are exact")]
        let run = |run: &TierRun| TierRunView {
            tier: run.tier,
            lost_at: Time(run.at),
            in_service_ms: run.in_service_us.map(|us| us as f64 / 1000.0),
            requests: run.asked,
            requests_lost: run.lost,
            failover: run.failover.map(|id| id.to_string()),
        };
        Self {
            started_at: Time(comparison.started_at),
            group: comparison.group.to_string(),
            over: comparison.now.is_none(),
            tier: comparison.now.map(|(tier, _)| tier),
            step: comparison.now.map(|(_, step)| step),
            failed: comparison.failed.clone(),
            runs: comparison.runs.iter().map(run).collect(),
        }
    }
}
