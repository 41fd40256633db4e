//! English.

use domain::{LabAnswer, LabDoing, LabFault, LabManners, LabStage, LabStep, LabTrouble};

use super::{LabRefusal, LabText};

pub(in crate::text) static TEXT: LabText = LabText {
    title: "Lab",
    lead: "Real processes on this machine. Break them, and watch who notices and what it costs.",
    start: "Start the lab",
    offer: "The lab sets up three servers and a load balancer on this machine, for you to break and to watch.",
    end: "End the lab",

    closed: "The lab is closed",
    closed_lead: "It starts and ends processes, so it is there only while nobody but this machine reaches Drainboard. Listen on a loopback address:",
    idle: "Break it and watch",
    idle_makes: [
        "Three servers, each a process of its own that answers with its number",
        "HAProxy before them as a network load balancer (TCP, round robin) and as an application load balancer (HTTP, by path)",
        "Target groups, proxy and bindings on this board, made as you would make them",
        "A client that sends requests all the time and tells who answered",
    ],
    idle_ends: "Everything is real, listens on loopback only, and is removed when you end the lab or stop Drainboard.",
    by_script: "Or from a terminal:",
    no_haproxy: "HAProxy is not installed.",
    no_haproxy_lead: "Without it the lab has no load balancer, and nobody sends requests. Install it, then start the lab anew:",

    stage: |stage| match stage {
        LabStage::Provisioning(_) => "Provisioning",
        LabStage::Active => "Active",
        LabStage::Failed(_) => "Failed",
        LabStage::Ending => "Ending",
    },
    steps: "Setting up",
    step: |step| match step {
        LabStep::Servers => "Servers start",
        LabStep::Balancer => "HAProxy starts",
        LabStep::Registration => "Groups, targets and bindings are registered",
        LabStep::FirstChecks => "First checks pass, first request is answered",
    },
    step_done: "done",
    step_now: "under way",
    step_to_come: "to come",
    trouble: |trouble| match trouble {
        LabTrouble::Directory(why) => format!("The lab's directory cannot be used: {why}."),
        LabTrouble::Server(number, why) => format!("Server {number} did not start: {why}."),
        LabTrouble::Balancer(why) => format!("HAProxy did not start: {why}."),
        LabTrouble::Registration(why) => format!("The lab and the board do not agree: {why}"),
        LabTrouble::Late(_) => "It was not ready in time. End it and start again.".to_owned(),
        LabTrouble::Broken => "A part of the lab ended by itself. End it and start again.".to_owned(),
    },

    answers: "Who answers",
    answers_lead: |count| format!("The last {count} requests through the network load balancer, newest at the right."),
    no_answers: "No request has ended yet.",
    answer: |answer| match answer {
        LabAnswer::Served(number) => format!("server {number}"),
        LabAnswer::Status(code, Some(number)) => format!("{code} from server {number}"),
        LabAnswer::Status(code, None) => format!("{code} from the load balancer"),
        LabAnswer::NotConnected => "not connected".to_owned(),
        LabAnswer::Closed => "connection closed without an answer".to_owned(),
        LabAnswer::TimedOut => "no answer within 2 s".to_owned(),
        LabAnswer::Foreign => "answered by something else".to_owned(),
    },
    slow: "slow",
    share: "Share of the answers",
    server: |number| format!("Server {number}"),
    percent: |percent| format!("{percent} %"),
    served: |count| format!("{count} in all"),
    figures: ["Failed", "Slow, 200 ms or more", "Failed since the start", "Not sent"],
    of_last: |count, total| format!("{count} of the last {total}"),
    rate: "Requests a second",
    set_rate: "Set",

    compare: "Compare hot, warm and cold standbys",

    balancers: "Load balancers",
    network: "Network load balancer",
    network_lead: "Knows addresses and ports (layer 4). Reload the page: who answers changes.",
    application: "Application load balancer",
    application_lead: |web, api| {
        format!("Reads requests (layer 7): /api/… goes to {api}, everything else to {web}. Server 1 never gets /api/…")
    },
    haproxy: |pid| format!("Both are HAProxy, process {pid}"),
    haproxy_gone: "HAProxy has ended, so nobody answers on these ports. End the lab and start it again.",
    on_the_board: "On the board",

    servers: "Servers",
    servers_lead: "Break one here, or from a terminal with the command beside the button: the lab sees both.",
    process: |pid| format!("process {pid}"),
    doing: |doing| match doing {
        LabDoing::Starting => "starting",
        LabDoing::Answering { manners: LabManners::Well, .. } => "answers",
        LabDoing::Answering { manners: LabManners::With503, .. } => "answers 503",
        LabDoing::Answering { manners: LabManners::Slowly, .. } => "answers late",
        LabDoing::Hanging { .. } => "hangs",
        LabDoing::Gone => "no process",
    },
    fault: |fault| match fault {
        LabFault::Kill => "Kill -9",
        LabFault::Stop => "Stop",
        LabFault::Hang => "Hang",
        LabFault::Answer503 => "Answer 503",
        LabFault::Slow => "Slow down",
        LabFault::BringBack => "Bring back",
    },
    fault_of: |fault, number| match fault {
        LabFault::Kill => format!("Kill -9 server {number}"),
        LabFault::Stop => format!("Stop server {number}"),
        LabFault::Hang => format!("Hang server {number}"),
        LabFault::Answer503 => format!("Answer 503 from server {number}"),
        LabFault::Slow => format!("Slow down server {number}"),
        LabFault::BringBack => format!("Bring back server {number}"),
    },

    started: "The lab is being set up.",
    ended: "The lab is removed: its processes, groups, bindings and files.",
    rate_set: |rate| format!("{rate} requests a second from now on."),
    inflicted: |number, fault| match fault {
        LabFault::Kill => format!("Server {number} was killed."),
        LabFault::Stop => format!("Server {number} was stopped."),
        LabFault::Hang => format!("Server {number} hangs."),
        LabFault::Answer503 => format!("Server {number} answers 503."),
        LabFault::Slow => format!("Server {number} answers late."),
        LabFault::BringBack => format!("Server {number} is back."),
    },
    refused: |refusal| match refusal {
        LabRefusal::Closed => "the lab is there only while Drainboard listens on a loopback address.".to_owned(),
        LabRefusal::Running => "a lab runs already.".to_owned(),
        LabRefusal::NotRunning => "no lab runs.".to_owned(),
        LabRefusal::NotNow(number, LabDoing::Gone) => format!("server {number} has no process. Bring it back first."),
        LabRefusal::NotNow(number, LabDoing::Hanging { .. }) => {
            format!("server {number} hangs. Bring it back or kill it first.")
        }
        LabRefusal::NotNow(number, LabDoing::Starting) => format!("server {number} is just starting."),
        LabRefusal::NotNow(number, LabDoing::Answering { .. }) => format!("server {number} is so already."),
        LabRefusal::NotYet(number) => format!("server {number} was told, and is not so yet."),
        LabRefusal::Other(why) => why.clone(),
    },
};
