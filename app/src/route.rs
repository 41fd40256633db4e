//! The route table: every address of the console, read and written in one place.

use std::fmt::{self, Display};

use domain::{BindingId, FailoverId, GroupName, LabFault, ProxyName, Scope, TargetId};

mod filter;
mod past;
mod query;

pub use filter::{Filter, is_problem};
#[cfg(feature = "ssr")]
pub use past::read as read_past;
pub(crate) use past::{WHAT_IF, values as what_if_values};
#[cfg(feature = "ssr")]
pub use query::decode;
pub use query::{encode, pairs};

/// An address of the console without its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`: all groups.
    Overview,
    /// `/wall`: all groups, for a screen on a wall.
    Wall,
    /// `/events`: what happened, in all groups.
    Events,
    /// `/preferences`: takes language, theme and time zone by POST.
    Preferences,
    /// `/groups/new`: the form for a group.
    NewGroup,
    /// `/groups/{name}` with its tabs.
    Group(GroupName, Tab),
    /// `/groups/{name}/edit`: the form with the group's settings.
    EditGroup(GroupName),
    /// `/groups/{name}/delete`: asks, then deletes.
    DeleteGroup(GroupName),
    /// `/groups/{name}/drill`: the form that begins a drill.
    Drill(GroupName),
    /// `/groups/{name}/targets/add`: the form for targets.
    AddTargets(GroupName),
    /// `/groups/{name}/targets/deregister`: asks, then deregisters the targets that were chosen.
    Deregister(GroupName),
    /// `/groups/{name}/targets/drain`: asks, then drains the targets that were chosen.
    Drain(GroupName),
    /// `/groups/{name}/targets/return`: returns the targets that were chosen, by POST.
    Return(GroupName),
    /// `/groups/{name}/targets/{id}`: a target.
    Target(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/history`: what was with a target.
    TargetHistory(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/edit`: the form with the target's settings.
    EditTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/deregister`: asks, then deregisters.
    DeregisterTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/drain`: asks, then drains.
    DrainTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/return`: returns to service, by POST.
    ReturnTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/standby`: the form with the target's role; promotes it and lets it fall back.
    StandbyTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/check`: checks at once, by POST.
    CheckTarget(GroupName, TargetId),
    /// `/failovers`: the failover records.
    Failovers,
    /// `/failovers/{id}`: a failover record.
    Failover(FailoverId),
    /// `/lab`: the lab; takes what starts and ends it by POST.
    Lab,
    /// `/lab/standbys`: compares a hot, a warm and a cold standby; begins by POST.
    LabStandbys,
    /// `/lab/servers/{number}/{fault}`: breaks a server of the lab or brings it back, by POST.
    LabServer(u8, LabFault),
    /// `/proxies`: all proxies, and where they and we disagree.
    Proxies,
    /// `/proxies/new`: the form that connects one.
    NewProxy,
    /// `/proxies/{name}`: a proxy, its backends and their servers.
    Proxy(ProxyName),
    /// `/proxies/{name}/edit`: the form with its address.
    EditProxy(ProxyName),
    /// `/proxies/{name}/delete`: asks, then forgets it.
    DeleteProxy(ProxyName),
    /// `/proxies/{name}/bind`: the form that binds a backend to a group.
    Bind(ProxyName),
    /// `/proxies/{name}/bindings/{id}`: the form with a binding's settings.
    EditBinding(ProxyName, BindingId),
    /// `/proxies/{name}/bindings/{id}/remove`: asks, then removes it.
    Unbind(ProxyName, BindingId),
    /// `/proxies/{name}/bindings/{id}/register`: registers the servers that are no targets yet, by POST.
    RegisterServers(ProxyName, BindingId),
    /// `/proxies/{name}/bindings/{id}/outside`: adopts or overrides what somebody else changed, by POST.
    Outside(ProxyName, BindingId),
}

/// A tab of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its targets.
    Targets,
    /// What happened in it.
    Events,
    /// What was: curve, uptime, and the board at any moment.
    History,
    /// The proxies that stand before it.
    Proxies,
    /// Its settings.
    Settings,
}

impl Route {
    /// Which part of the board its page shows in full; none for one that holds no board: it shows all groups at a glance,
    /// or only what happened.
    pub fn scope(&self) -> Option<Scope> {
        match (self, self.group()) {
            (Self::Overview | Self::Wall | Self::Events | Self::Preferences, _) => None,
            (route, _) if route.is_still() => None,
            (_, Some(group)) => Some(Scope::Group(group.clone())),
            (_, None) => Some(Scope::Everything),
        }
    }

    /// Whether its page shows all groups at a glance.
    pub fn is_overview(&self) -> bool {
        matches!(self, Self::Overview | Self::Wall)
    }

    /// Whether its page has a list that a query narrows.
    pub fn has_list(&self) -> bool {
        matches!(self, Self::Overview | Self::Wall | Self::Group(_, Tab::Targets))
    }

    /// Whether the server alone draws its page.
    pub fn is_still(&self) -> bool {
        matches!(self, Self::Failovers | Self::Failover(_) | Self::Drill(_) | Self::LabStandbys)
    }

    /// The route of a path; none if there is no such page.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        Some(match parts.as_slice() {
            [""] => Self::Overview,
            ["wall"] => Self::Wall,
            ["events"] => Self::Events,
            ["preferences"] => Self::Preferences,
            ["groups", "new"] => Self::NewGroup,
            ["groups", group, rest @ ..] => Self::parse_in_group(group.parse().ok()?, rest)?,
            ["failovers"] => Self::Failovers,
            ["failovers", id] => Self::Failover(id.parse().ok()?),
            ["lab"] => Self::Lab,
            ["lab", "standbys"] => Self::LabStandbys,
            ["lab", "servers", number, fault] => Self::LabServer(number_of(number)?, fault.parse().ok()?),
            ["proxies"] => Self::Proxies,
            ["proxies", "new"] => Self::NewProxy,
            ["proxies", proxy, rest @ ..] => Self::parse_in_proxy(proxy.parse().ok()?, rest)?,
            _ => return None,
        })
    }

    fn parse_in_group(name: GroupName, rest: &[&str]) -> Option<Self> {
        let id = |text: &str| text.parse::<TargetId>().ok();
        Some(match rest {
            [] | ["targets"] => Self::Group(name, Tab::Targets),
            ["events"] => Self::Group(name, Tab::Events),
            ["history"] => Self::Group(name, Tab::History),
            ["proxies"] => Self::Group(name, Tab::Proxies),
            ["settings"] => Self::Group(name, Tab::Settings),
            ["edit"] => Self::EditGroup(name),
            ["delete"] => Self::DeleteGroup(name),
            ["drill"] => Self::Drill(name),
            ["targets", "add"] => Self::AddTargets(name),
            ["targets", "deregister"] => Self::Deregister(name),
            ["targets", "drain"] => Self::Drain(name),
            ["targets", "return"] => Self::Return(name),
            ["targets", target] => Self::Target(name, id(target)?),
            ["targets", target, "history"] => Self::TargetHistory(name, id(target)?),
            ["targets", target, "edit"] => Self::EditTarget(name, id(target)?),
            ["targets", target, "deregister"] => Self::DeregisterTarget(name, id(target)?),
            ["targets", target, "drain"] => Self::DrainTarget(name, id(target)?),
            ["targets", target, "return"] => Self::ReturnTarget(name, id(target)?),
            ["targets", target, "standby"] => Self::StandbyTarget(name, id(target)?),
            ["targets", target, "check"] => Self::CheckTarget(name, id(target)?),
            _ => return None,
        })
    }

    fn parse_in_proxy(name: ProxyName, rest: &[&str]) -> Option<Self> {
        let id = |text: &str| text.parse::<BindingId>().ok();
        Some(match rest {
            [] | ["backends"] => Self::Proxy(name),
            ["edit"] => Self::EditProxy(name),
            ["delete"] => Self::DeleteProxy(name),
            ["bind"] => Self::Bind(name),
            ["bindings", binding] => Self::EditBinding(name, id(binding)?),
            ["bindings", binding, "remove"] => Self::Unbind(name, id(binding)?),
            ["bindings", binding, "register"] => Self::RegisterServers(name, id(binding)?),
            ["bindings", binding, "outside"] => Self::Outside(name, id(binding)?),
            _ => return None,
        })
    }

    /// The group that the page is about.
    pub fn group(&self) -> Option<&GroupName> {
        match self {
            Self::Group(name, _)
            | Self::EditGroup(name)
            | Self::DeleteGroup(name)
            | Self::Drill(name)
            | Self::AddTargets(name)
            | Self::Deregister(name)
            | Self::Drain(name)
            | Self::Return(name)
            | Self::Target(name, _)
            | Self::TargetHistory(name, _)
            | Self::EditTarget(name, _)
            | Self::DeregisterTarget(name, _)
            | Self::DrainTarget(name, _)
            | Self::ReturnTarget(name, _)
            | Self::StandbyTarget(name, _)
            | Self::CheckTarget(name, _) => Some(name),
            _ => None,
        }
    }

    /// The target that the page is about.
    pub fn target(&self) -> Option<TargetId> {
        match self {
            Self::Target(_, id)
            | Self::TargetHistory(_, id)
            | Self::EditTarget(_, id)
            | Self::DeregisterTarget(_, id)
            | Self::DrainTarget(_, id)
            | Self::ReturnTarget(_, id)
            | Self::StandbyTarget(_, id)
            | Self::CheckTarget(_, id) => Some(*id),
            _ => None,
        }
    }

    /// The proxy that the page is about.
    pub fn proxy(&self) -> Option<&ProxyName> {
        match self {
            Self::Proxy(name)
            | Self::EditProxy(name)
            | Self::DeleteProxy(name)
            | Self::Bind(name)
            | Self::EditBinding(name, _)
            | Self::Unbind(name, _)
            | Self::RegisterServers(name, _)
            | Self::Outside(name, _) => Some(name),
            _ => None,
        }
    }

    /// The binding that the page is about.
    pub fn binding(&self) -> Option<BindingId> {
        match self {
            Self::EditBinding(_, id) | Self::Unbind(_, id) | Self::RegisterServers(_, id) | Self::Outside(_, id) => {
                Some(*id)
            }
            _ => None,
        }
    }

    /// Whether there is nothing to see at the address: it only takes what is posted.
    pub fn is_post_only(&self) -> bool {
        matches!(
            self,
            Self::Preferences
                | Self::CheckTarget(..)
                | Self::Return(_)
                | Self::ReturnTarget(..)
                | Self::RegisterServers(..)
                | Self::Outside(..)
                | Self::LabServer(..)
        )
    }

    fn write_in_group(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A group may be called "new".
            Self::Group(name, Tab::Targets) if name.as_str() == "new" => f.write_str("/groups/new/targets"),
            Self::Group(name, Tab::Targets) => write!(f, "/groups/{name}"),
            Self::Group(name, Tab::Events) => write!(f, "/groups/{name}/events"),
            Self::Group(name, Tab::History) => write!(f, "/groups/{name}/history"),
            Self::Group(name, Tab::Proxies) => write!(f, "/groups/{name}/proxies"),
            Self::Group(name, Tab::Settings) => write!(f, "/groups/{name}/settings"),
            Self::EditGroup(name) => write!(f, "/groups/{name}/edit"),
            Self::DeleteGroup(name) => write!(f, "/groups/{name}/delete"),
            Self::Drill(name) => write!(f, "/groups/{name}/drill"),
            Self::AddTargets(name) => write!(f, "/groups/{name}/targets/add"),
            Self::Deregister(name) => write!(f, "/groups/{name}/targets/deregister"),
            Self::Drain(name) => write!(f, "/groups/{name}/targets/drain"),
            Self::Return(name) => write!(f, "/groups/{name}/targets/return"),
            Self::Target(name, id) => write!(f, "/groups/{name}/targets/{id}"),
            Self::TargetHistory(name, id) => write!(f, "/groups/{name}/targets/{id}/history"),
            Self::EditTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/edit"),
            Self::DeregisterTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/deregister"),
            Self::DrainTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/drain"),
            Self::ReturnTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/return"),
            Self::StandbyTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/standby"),
            Self::CheckTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/check"),
            _ => Ok(()),
        }
    }
}

impl Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overview => f.write_str("/"),
            Self::Wall => f.write_str("/wall"),
            Self::Events => f.write_str("/events"),
            Self::Preferences => f.write_str("/preferences"),
            Self::NewGroup => f.write_str("/groups/new"),
            Self::Failovers => f.write_str("/failovers"),
            Self::Failover(id) => write!(f, "/failovers/{id}"),
            Self::Lab => f.write_str("/lab"),
            Self::LabStandbys => f.write_str("/lab/standbys"),
            Self::LabServer(number, fault) => write!(f, "/lab/servers/{number}/{fault}"),
            Self::Proxies => f.write_str("/proxies"),
            Self::NewProxy => f.write_str("/proxies/new"),
            // A proxy may be called "new".
            Self::Proxy(name) if name.as_str() == "new" => f.write_str("/proxies/new/backends"),
            Self::Proxy(name) => write!(f, "/proxies/{name}"),
            Self::EditProxy(name) => write!(f, "/proxies/{name}/edit"),
            Self::DeleteProxy(name) => write!(f, "/proxies/{name}/delete"),
            Self::Bind(name) => write!(f, "/proxies/{name}/bind"),
            Self::EditBinding(name, id) => write!(f, "/proxies/{name}/bindings/{id}"),
            Self::Unbind(name, id) => write!(f, "/proxies/{name}/bindings/{id}/remove"),
            Self::RegisterServers(name, id) => write!(f, "/proxies/{name}/bindings/{id}/register"),
            Self::Outside(name, id) => write!(f, "/proxies/{name}/bindings/{id}/outside"),
            in_group => in_group.write_in_group(f),
        }
    }
}

/// A number as it is printed: no sign and no leading zero.
fn number_of(text: &str) -> Option<u8> {
    text.parse().ok().filter(|number: &u8| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name<N: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = N> {
        "(new|edit|web-1|[a-zA-Z0-9]{1,32})".prop_map(|text| text.parse().unwrap())
    }

    fn id<I: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = I> {
        any::<u128>().prop_map(|n| {
            let hex = format!("{n:032x}");
            hex.parse().unwrap()
        })
    }

    fn plain() -> impl Strategy<Value = Route> {
        let plain = [
            Route::Overview,
            Route::Wall,
            Route::Events,
            Route::Preferences,
            Route::NewGroup,
            Route::Proxies,
            Route::NewProxy,
            Route::Lab,
            Route::LabServer(2, LabFault::Answer503),
        ];
        prop::sample::select(plain.to_vec())
    }

    fn of_groups() -> impl Strategy<Value = Route> {
        let tabs = vec![Tab::Targets, Tab::Events, Tab::History, Tab::Proxies, Tab::Settings];
        let whole =
            [Route::EditGroup, Route::DeleteGroup, Route::AddTargets, Route::Deregister, Route::Drain, Route::Return];
        let targets = [
            Route::Target,
            Route::TargetHistory,
            Route::EditTarget,
            Route::DeregisterTarget,
            Route::DrainTarget,
            Route::ReturnTarget,
            Route::StandbyTarget,
            Route::CheckTarget,
        ];
        prop_oneof![
            (name(), prop::sample::select(tabs)).prop_map(|(name, tab)| Route::Group(name, tab)),
            (name(), prop::sample::select(whole.to_vec())).prop_map(|(name, make)| make(name)),
            (name(), id(), prop::sample::select(targets.to_vec())).prop_map(|(name, id, make)| make(name, id)),
        ]
    }

    fn of_proxies() -> impl Strategy<Value = Route> {
        let whole = [Route::Proxy, Route::EditProxy, Route::DeleteProxy, Route::Bind];
        let bindings = [Route::EditBinding, Route::Unbind, Route::RegisterServers, Route::Outside];
        prop_oneof![
            (name(), prop::sample::select(whole.to_vec())).prop_map(|(name, make)| make(name)),
            (name(), id(), prop::sample::select(bindings.to_vec())).prop_map(|(name, id, make)| make(name, id)),
        ]
    }

    proptest! {
        #[test]
        fn a_route_that_is_printed_parses_to_the_same(route in prop_oneof![plain(), of_groups(), of_proxies()]) {
            prop_assert_eq!(Route::parse(&route.to_string()), Some(route));
        }

        #[test]
        fn any_path_is_read_or_refused(path in "/?[a-z0-9/%.-]{0,40}") {
            let _ = Route::parse(&path);
        }
    }
}
