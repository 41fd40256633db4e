//! What is known of a lab that runs, apart from its requests.

use std::path::Path;

use domain::{LAB_BACKENDS, LabBackend, LabBalancer, LabDoing, LabGroups, LabStage, LabStep, LabTrouble, TargetId};

use super::child::Child;
use super::haproxy;
use super::place::Manifest;
use super::ports::Claim;
use super::process::SERVER_COMMAND;

/// For each server, in the order of their numbers.
pub(super) type OfEach<T> = [T; LAB_BACKENDS as usize];

/// What is known of a lab that runs.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) stage: LabStage,
    /// What was, or is about to be, made.
    pub(super) manifest: Option<Manifest>,
    /// The targets that the servers are on the board.
    pub(super) targets: OfEach<Option<TargetId>>,
    /// HAProxy's process, and its ports: of the network and of the application load balancer.
    pub(super) haproxy: Option<(Child, [u16; 2])>,
    /// The ports of the servers, held for as long as the lab runs.
    pub(super) claims: Vec<Claim>,
    /// Servers that were started and have not said anything yet.
    starting: OfEach<bool>,
    seen: OfEach<LabDoing>,
    haproxy_runs: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            stage: LabStage::Provisioning(LabStep::Servers),
            manifest: None,
            targets: OfEach::default(),
            haproxy: None,
            claims: Vec::new(),
            starting: [true; LAB_BACKENDS as usize],
            seen: [LabDoing::Gone; LAB_BACKENDS as usize],
            haproxy_runs: false,
        }
    }
}

impl Facts {
    /// What was seen of the servers; true if anything is otherwise than before.
    pub(super) fn see(&mut self, seen: OfEach<LabDoing>) -> bool {
        let haproxy_runs = self.haproxy.as_ref().is_some_and(|(child, _)| !child.has_ended());
        let is_other = self.seen != seen || self.haproxy_runs != haproxy_runs;
        (self.seen, self.haproxy_runs) = (seen, haproxy_runs);
        is_other
    }

    /// The lab could not be set up: what is not there by now does not come any more.
    pub(super) fn fail(&mut self, trouble: LabTrouble) {
        self.stage = LabStage::Failed(trouble);
        self.starting = OfEach::default();
    }

    /// The server is being started, or not any more.
    pub(super) fn set_starting(&mut self, number: u8, is_starting: bool) {
        if let Some(starting) = index(number).and_then(|index| self.starting.get_mut(index)) {
            *starting = is_starting;
        }
    }

    /// What a server does; none where there is no such server.
    pub(super) fn doing(&self, number: u8) -> Option<LabDoing> {
        let index = index(number)?;
        Some(match self.seen.get(index)? {
            LabDoing::Gone if self.starting.get(index) == Some(&true) => LabDoing::Starting,
            seen => *seen,
        })
    }

    /// The servers as they are shown; none before their ports are known.
    pub(super) fn backends(&self, program: &Path, directory: &Path) -> Vec<LabBackend> {
        let ports = self.manifest.iter().flat_map(|manifest| manifest.ports);
        let backends = (1..=LAB_BACKENDS).zip(ports).zip(self.targets);
        let shown = backends.filter_map(|((number, port), target)| {
            let start_command = format!("{} {SERVER_COMMAND} {number} {}", quoted(program), quoted(directory));
            Some(LabBackend { number, port, target, doing: self.doing(number)?, start_command })
        });
        shown.collect()
    }

    /// What stands before the servers.
    pub(super) fn balancer(&self, named: Option<&Path>) -> LabBalancer {
        let proxy = self.manifest.as_ref().and_then(|manifest| manifest.proxy.clone());
        match (&self.haproxy, proxy) {
            (Some((child, [network_port, application_port])), Some(proxy)) => LabBalancer::Haproxy {
                proxy,
                pid: self.haproxy_runs.then_some(child.pid),
                network_port: *network_port,
                application_port: *application_port,
            },
            (None, Some(_)) => LabBalancer::Awaited,
            (_, None) => {
                haproxy::missing(named).map_or(LabBalancer::Awaited, |install| LabBalancer::Missing { install })
            }
        }
    }

    /// The groups, once they have names.
    pub(super) fn groups(&self) -> Option<LabGroups> {
        let [web, api] = self.manifest.as_ref()?.groups.clone();
        Some(LabGroups { web, api })
    }

    /// The port at which visitors ask, where there is a load balancer.
    pub(super) fn network_port(&self) -> Option<u16> {
        self.haproxy.as_ref().map(|(_, [network, _])| *network)
    }
}

fn index(number: u8) -> Option<usize> {
    number.checked_sub(1).map(usize::from)
}

/// A path as a word of a shell's command line.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_in_a_shell() {
        assert_eq!(quoted(Path::new("/srv/board.db-lab")), "/srv/board.db-lab");
        assert_eq!(quoted(Path::new("/my data/it's")), r"'/my data/it'\''s'");
    }

    #[test]
    fn a_server_without_a_process_is_starting_only_while_it_is_started() {
        let mut facts = Facts::default();
        assert_eq!(facts.doing(1), Some(LabDoing::Starting));
        facts.set_starting(1, false);
        assert_eq!(
            [1, 2, 0, 4].map(|number| facts.doing(number)),
            [Some(LabDoing::Gone), Some(LabDoing::Starting), None, None]
        );
    }
}
