//! What proxies say, and what we do in them.

use std::collections::BTreeMap;

use domain::{AdminState, BindingState, Board, Dispute, DrainStage, HoldCause, ProxyState};

use super::Exposition;

const ADMIN_STATES: [AdminState; 4] = [AdminState::Ready, AdminState::Drain, AdminState::Maint, AdminState::Absent];

const HOLD_CAUSES: [HoldCause; 3] = [HoldCause::Person, HoldCause::Policy, HoldCause::Deregistered];

const DISPUTES: [Dispute; 6] = [
    Dispute::ProxySaysDown,
    Dispute::ProxySaysUp,
    Dispute::NotTakenOut,
    Dispute::TakenOutOutside,
    Dispute::BroughtBackOutside,
    Dispute::BackendGone,
];

const STAGES: [(DrainStage, &str); 2] = [(DrainStage::Draining, "draining"), (DrainStage::Empty, "empty")];

/// All of it.
pub(super) fn proxies(board: &Board, text: &mut Exposition) {
    text.describe("drainboard_proxy_up", "gauge", "1 while the proxy answers.");
    for (name, state) in &board.proxies {
        let labels = [("proxy", name.as_str()), ("kind", state.proxy.kind.as_str())];
        text.sample("drainboard_proxy_up", &labels, u8::from(state.link.is_up()));
    }
    servers(board, text);
    sessions(board, text);
    holds(board, text);
    disagreements(board, text);
    drains(board, text);
}

/// Proxies that answer: what one that does not said last is no measurement.
fn answering(board: &Board) -> impl Iterator<Item = (&str, &ProxyState, &domain::ProxyLook)> {
    let up = board.proxies.iter().filter(|(_, state)| state.link.is_up());
    up.filter_map(|(name, state)| Some((name.as_str(), state, state.look.as_ref()?)))
}

fn servers(board: &Board, text: &mut Exposition) {
    text.describe("drainboard_proxy_servers", "gauge", "Servers of a backend by what was asked of the proxy for them.");
    for (proxy, state, look) in answering(board) {
        for backend in &look.backends {
            for admin in ADMIN_STATES {
                let listed = backend.servers.iter().filter(|server| server.admin.state == admin).count();
                let absent = if admin == AdminState::Absent { absent(board, state, backend) } else { 0 };
                let labels = [("proxy", proxy), ("backend", backend.name.as_str()), ("admin", admin.as_str())];
                text.sample("drainboard_proxy_servers", &labels, listed + absent);
            }
        }
    }
}

/// Servers that we hold and that the proxy lists no more.
fn absent(board: &Board, proxy: &ProxyState, backend: &domain::BackendView) -> usize {
    let is_here =
        |state: &&BindingState| (&state.binding.proxy, &state.binding.backend) == (&proxy.proxy.name, &backend.name);
    let held = board.bindings.values().filter(is_here).flat_map(|state| state.holds.keys());
    held.filter(|name| backend.servers.iter().all(|server| server.name != **name)).count()
}

fn sessions(board: &Board, text: &mut Exposition) {
    text.describe("drainboard_proxy_server_sessions", "gauge", "Sessions that are open, where the proxy tells them.");
    for (proxy, _, look) in answering(board) {
        for backend in &look.backends {
            // A list may have the same server more than once.
            let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
            for server in &backend.servers {
                if let Some(sessions) = server.sessions {
                    *sums.entry(&server.name).or_default() += sessions;
                }
            }
            for (server, sum) in sums {
                let labels = [("proxy", proxy), ("backend", backend.name.as_str()), ("server", server)];
                text.sample("drainboard_proxy_server_sessions", &labels, sum);
            }
        }
    }
}

fn holds(board: &Board, text: &mut Exposition) {
    text.describe("drainboard_proxy_holds", "gauge", "Servers that Drainboard holds out of service, by cause.");
    for state in board.bindings.values() {
        for cause in HOLD_CAUSES {
            let held = state.holds.values().filter(|hold| hold.cause == cause).count();
            let (proxy, backend) = (state.binding.proxy.as_str(), state.binding.backend.as_str());
            let labels = [("proxy", proxy), ("backend", backend), ("cause", cause.as_str())];
            text.sample("drainboard_proxy_holds", &labels, held);
        }
    }
}

fn disagreements(board: &Board, text: &mut Exposition) {
    text.describe("drainboard_disagreements", "gauge", "Servers on which the proxy and Drainboard do not agree.");
    let all = board.disagreements();
    for name in board.proxies.keys() {
        for dispute in DISPUTES {
            let here = all.iter().filter(|d| d.dispute == dispute && d.front.binding.binding.proxy == *name);
            let labels = [("proxy", name.as_str()), ("dispute", dispute.as_str())];
            text.sample("drainboard_disagreements", &labels, here.count());
        }
    }
}

fn drains(board: &Board, text: &mut Exposition) {
    text.describe("drainboard_drains", "gauge", "Targets that are to be out of service, by how far they are.");
    for (name, group) in &board.groups {
        for (stage, word) in STAGES {
            let drains = group.targets.values().filter_map(|target| target.drain.as_ref());
            let count = drains.filter(|drain| drain.stage == stage).count();
            text.sample("drainboard_drains", &[("group", name.as_str()), ("stage", word)], count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::api::boards;

    fn check(line: &str) {
        let mut text = Exposition::default();
        proxies(&boards::draining(), &mut text);
        assert!(text.0.lines().any(|found| found == line), "{line} is not in\n{}", text.0);
    }

    #[test]
    fn what_proxies_say_is_counted_and_what_they_do_not_say_is_left_out() {
        check("drainboard_proxy_up{proxy=\"edge\",kind=\"haproxy\"} 1");
        check("drainboard_proxy_servers{proxy=\"edge\",backend=\"web\",admin=\"ready\"} 1");
        check("drainboard_proxy_servers{proxy=\"edge\",backend=\"web\",admin=\"drain\"} 1");
        check("drainboard_proxy_servers{proxy=\"edge\",backend=\"web\",admin=\"absent\"} 1");
        check("drainboard_proxy_server_sessions{proxy=\"edge\",backend=\"web\",server=\"web1\"} 14");
        check("drainboard_proxy_holds{proxy=\"edge\",backend=\"web\",cause=\"person\"} 1");
        check("drainboard_proxy_holds{proxy=\"edge\",backend=\"web\",cause=\"deregistered\"} 1");
        check("drainboard_disagreements{proxy=\"edge\",dispute=\"proxy_says_down\"} 0");
        check("drainboard_drains{group=\"web\",stage=\"draining\"} 1");
    }
}
