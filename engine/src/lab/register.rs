//! Putting the lab on the board, by the verbs that a user has.

use domain::{
    Board, Conduct, GroupDraft, GroupName, LAB_BACKENDS, LabTrouble, Mode, Protocol, Proxy, ProxyKind, ProxyName,
    Status, TargetDraft,
};

use super::facts::OfEach;
use super::haproxy::{self, APPLICATION_API, APPLICATION_WEB, NETWORK};
use super::place::Manifest;
use super::running::Running;
use crate::{Author, Engine, Follow};

/// The lab is there to be broken again and again, so Drainboard may act often.
const CHANGES_PER_MINUTE: u32 = 60;

/// The servers to which the application load balancer sends `/api/…`: all but the first, so that one sees the path
/// decide.
pub(super) fn api_servers(ports: &[u16]) -> impl Iterator<Item = (u8, u16)> {
    (1..).zip(ports.iter().copied()).skip(1)
}

/// Names that nothing on the board has.
pub(super) fn choose_names(engine: &Engine, with_proxy: bool) -> Result<Manifest, LabTrouble> {
    let names = engine.with_board(|board| {
        let group = |wanted: &str| free_name(wanted, |name: &GroupName| board.groups.contains_key(name));
        let proxy = free_name("lab", |name: &ProxyName| board.proxies.contains_key(name))?;
        Some(([group("lab-web")?, group("lab-api")?], proxy))
    });
    let (groups, proxy) = names.ok_or_else(|| LabTrouble::Registration("no name is free".to_owned()))?;
    Ok(Manifest { ports: OfEach::default(), groups, proxy: with_proxy.then_some(proxy), compared: None })
}

fn free_name<N: std::str::FromStr>(wanted: &str, is_taken: impl Fn(&N) -> bool) -> Option<N> {
    let names = std::iter::once(wanted.to_owned()).chain((2..100).map(|number| format!("{wanted}-{number}")));
    names.filter_map(|name| name.parse().ok()).find(|name| !is_taken(name))
}

/// Makes the groups, registers the servers, connects and binds HAProxy. Gives the targets of the first group.
pub(super) async fn register(
    running: &Running,
    engine: &Engine,
    manifest: &Manifest,
    author: Author,
) -> Result<OfEach<Option<domain::TargetId>>, LabTrouble> {
    let failed = |error: crate::ChangeError| LabTrouble::Registration(error.to_string());
    let [web, api] = &manifest.groups;
    let mut targets = OfEach::default();
    for (name, servers) in [(web, all_servers(&manifest.ports)), (api, api_servers(&manifest.ports).collect())] {
        engine.create_group(group(name, &manifest.ports)?, author.clone()).await.map_err(failed)?;
        let drafts = servers.iter().map(|(number, port)| target(*number, *port)).collect::<Result<Vec<_>, _>>()?;
        let registered = engine.register(name.clone(), drafts, author.clone()).await.map_err(failed)?;
        if name == web {
            targets.iter_mut().zip(registered).for_each(|(place, target)| *place = Some(target.id));
        }
    }
    let Some(name) = &manifest.proxy else { return Ok(targets) };
    let proxy = Proxy { name: name.clone(), kind: ProxyKind::Haproxy, address: haproxy::address(&running.place) };
    engine.create_proxy(proxy, author.clone()).await.map_err(failed)?;
    let conduct = Conduct { mode: Mode::Automatic, changes_per_minute: CHANGES_PER_MINUTE, ..Conduct::default() };
    for (backend, group) in [(NETWORK, web), (APPLICATION_WEB, web), (APPLICATION_API, api)] {
        let binding = engine.bind(name.clone(), backend.to_owned(), group.clone(), conduct, author.clone());
        binding.await.map_err(failed)?;
    }
    Ok(targets)
}

fn all_servers(ports: &[u16]) -> Vec<(u8, u16)> {
    (1..).zip(ports.iter().copied()).collect()
}

/// A group that sees a failure soon.
fn group(name: &GroupName, ports: &[u16]) -> Result<domain::Group, LabTrouble> {
    let mut draft = GroupDraft { name: name.to_string(), ..GroupDraft::default_for(Protocol::Http) };
    draft.port = ports.first().map(ToString::to_string).unwrap_or_default();
    draft.deregistration_delay_s = "10".to_owned();
    draft.check.interval_ms = "1000".to_owned();
    draft.check.timeout_ms = "500".to_owned();
    draft.check.healthy_threshold = "2".to_owned();
    draft.check.unhealthy_threshold = "2".to_owned();
    draft.validate().map_err(|wrong| LabTrouble::Registration(format!("{wrong:?}")))
}

pub(super) fn target(number: u8, port: u16) -> Result<TargetDraft, LabTrouble> {
    TargetDraft::parse("127.0.0.1", &port.to_string(), &format!("server-{number}"), port)
        .map_err(|wrong| LabTrouble::Registration(format!("{wrong:?}")))
}

/// Waits until every target of the lab is healthy.
pub(super) async fn all_are_healthy(engine: &Engine, manifest: &Manifest) {
    let is_healthy = |board: &Board| {
        let groups = manifest.groups.iter().filter_map(|name| board.groups.get(name));
        let mut targets = groups.flat_map(|group| group.targets.values().map(|target| target.standing(&group.group)));
        targets.all(|standing| standing.status == Status::Healthy)
    };
    let mut follower = engine.follow(engine.with_board(|board| board.number));
    while !engine.with_board(is_healthy) {
        match follower.next().await {
            Follow::Events(_) => {}
            Follow::Lagged => follower = engine.follow(engine.with_board(|board| board.number)),
            Follow::Stopped => std::future::pending().await,
        }
    }
}

const _: () = assert!(LAB_BACKENDS == 3, "the names of servers and the group for `/api/…` are made for three");
