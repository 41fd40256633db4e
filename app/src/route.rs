//! The route table: every address of the console, read and written in one place.

use std::fmt::{self, Display, Write as _};

use domain::{GroupName, Status, TargetId};

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
    /// `/groups/{name}/targets/add`: the form for targets.
    AddTargets(GroupName),
    /// `/groups/{name}/targets/deregister`: asks, then deregisters the targets that were chosen.
    Deregister(GroupName),
    /// `/groups/{name}/targets/{id}`: a target.
    Target(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/edit`: the form with the target's settings.
    EditTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/deregister`: asks, then deregisters.
    DeregisterTarget(GroupName, TargetId),
    /// `/groups/{name}/targets/{id}/check`: checks at once, by POST.
    CheckTarget(GroupName, TargetId),
}

/// A tab of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its targets.
    Targets,
    /// What happened in it.
    Events,
    /// Its settings.
    Settings,
}

impl Route {
    /// The route of a path; none if there is no such page.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let name = |text: &str| text.parse::<GroupName>().ok();
        let id = |text: &str| text.parse::<TargetId>().ok();
        Some(match parts.as_slice() {
            [""] => Self::Overview,
            ["wall"] => Self::Wall,
            ["events"] => Self::Events,
            ["preferences"] => Self::Preferences,
            ["groups", "new"] => Self::NewGroup,
            ["groups", group] => Self::Group(name(group)?, Tab::Targets),
            ["groups", group, "targets"] => Self::Group(name(group)?, Tab::Targets),
            ["groups", group, "events"] => Self::Group(name(group)?, Tab::Events),
            ["groups", group, "settings"] => Self::Group(name(group)?, Tab::Settings),
            ["groups", group, "edit"] => Self::EditGroup(name(group)?),
            ["groups", group, "delete"] => Self::DeleteGroup(name(group)?),
            ["groups", group, "targets", "add"] => Self::AddTargets(name(group)?),
            ["groups", group, "targets", "deregister"] => Self::Deregister(name(group)?),
            ["groups", group, "targets", target] => Self::Target(name(group)?, id(target)?),
            ["groups", group, "targets", target, "edit"] => Self::EditTarget(name(group)?, id(target)?),
            ["groups", group, "targets", target, "deregister"] => Self::DeregisterTarget(name(group)?, id(target)?),
            ["groups", group, "targets", target, "check"] => Self::CheckTarget(name(group)?, id(target)?),
            _ => return None,
        })
    }

    /// The group that the page is about.
    pub fn group(&self) -> Option<&GroupName> {
        match self {
            Self::Overview | Self::Wall | Self::Events | Self::Preferences | Self::NewGroup => None,
            Self::Group(name, _)
            | Self::EditGroup(name)
            | Self::DeleteGroup(name)
            | Self::AddTargets(name)
            | Self::Deregister(name)
            | Self::Target(name, _)
            | Self::EditTarget(name, _)
            | Self::DeregisterTarget(name, _)
            | Self::CheckTarget(name, _) => Some(name),
        }
    }

    /// The target that the page is about.
    pub fn target(&self) -> Option<TargetId> {
        match self {
            Self::Target(_, id)
            | Self::EditTarget(_, id)
            | Self::DeregisterTarget(_, id)
            | Self::CheckTarget(_, id) => Some(*id),
            _ => None,
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
            // A group may be called "new".
            Self::Group(name, Tab::Targets) if name.as_str() == "new" => f.write_str("/groups/new/targets"),
            Self::Group(name, Tab::Targets) => write!(f, "/groups/{name}"),
            Self::Group(name, Tab::Events) => write!(f, "/groups/{name}/events"),
            Self::Group(name, Tab::Settings) => write!(f, "/groups/{name}/settings"),
            Self::EditGroup(name) => write!(f, "/groups/{name}/edit"),
            Self::DeleteGroup(name) => write!(f, "/groups/{name}/delete"),
            Self::AddTargets(name) => write!(f, "/groups/{name}/targets/add"),
            Self::Deregister(name) => write!(f, "/groups/{name}/targets/deregister"),
            Self::Target(name, id) => write!(f, "/groups/{name}/targets/{id}"),
            Self::EditTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/edit"),
            Self::DeregisterTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/deregister"),
            Self::CheckTarget(name, id) => write!(f, "/groups/{name}/targets/{id}/check"),
        }
    }
}

/// What a list is narrowed to, as it stands in the query of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this status (`status=unhealthy`).
    pub status: Option<Status>,
    /// Only what needs somebody (`problems=1`).
    pub problems: bool,
    /// Only what has this text in its name or address (`q=web`).
    pub text: String,
}

impl Filter {
    /// Reads a query; what is not understood says nothing.
    pub fn parse(query: &str) -> Self {
        let mut filter = Self::default();
        for (key, value) in pairs(query) {
            match key.as_str() {
                "status" => filter.status = value.parse().ok(),
                "problems" => filter.problems = value == "1",
                "q" => filter.text = value.trim().to_owned(),
                _ => {}
            }
        }
        filter
    }

    /// Whether something with this status, and with these names, stays in the list.
    pub fn lets(&self, status: Status, names: &[&str]) -> bool {
        let wanted = self.text.to_lowercase();
        self.status.is_none_or(|only| only == status)
            && (!self.problems || is_problem(status))
            && (wanted.is_empty() || names.iter().any(|name| name.to_lowercase().contains(&wanted)))
    }

    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// As a query with its question mark; nothing for no filter.
impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.map(|status| format!("status={status}"));
        let problems = self.problems.then(|| "problems=1".to_owned());
        let text = (!self.text.is_empty()).then(|| format!("q={}", encode(&self.text)));
        let parts: Vec<String> = [status, problems, text].into_iter().flatten().collect();
        if parts.is_empty() { Ok(()) } else { write!(f, "?{}", parts.join("&")) }
    }
}

/// Whether somebody should look at a target with this status.
pub fn is_problem(status: Status) -> bool {
    matches!(status, Status::Unhealthy | Status::Unavailable)
}

/// The keys and values of a query or of an urlencoded form.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.trim_start_matches('?').split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// Undoes percent-encoding and `+`; what is not well-formed stays as it is.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let (byte, taken) = match (first, byte) {
            (b'%', Some(byte)) => (byte, 2),
            (b'+', _) => (b' ', 0),
            _ => (first, 0),
        };
        bytes.push(byte);
        rest = after.get(taken..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name() -> impl Strategy<Value = GroupName> {
        "(new|edit|web-1|[a-zA-Z0-9]{1,32})".prop_map(|text| text.parse().unwrap())
    }

    fn id() -> impl Strategy<Value = TargetId> {
        any::<u128>().prop_map(|n| {
            let hex = format!("{n:032x}");
            hex.parse().unwrap()
        })
    }

    fn route() -> impl Strategy<Value = Route> {
        let plain = [Route::Overview, Route::Wall, Route::Events, Route::Preferences, Route::NewGroup];
        prop_oneof![
            prop::sample::select(plain.to_vec()),
            (name(), prop::sample::select(vec![Tab::Targets, Tab::Events, Tab::Settings]))
                .prop_map(|(name, tab)| Route::Group(name, tab)),
            name().prop_map(Route::EditGroup),
            name().prop_map(Route::DeleteGroup),
            name().prop_map(Route::AddTargets),
            name().prop_map(Route::Deregister),
            (name(), id()).prop_map(|(name, id)| Route::Target(name, id)),
            (name(), id()).prop_map(|(name, id)| Route::EditTarget(name, id)),
            (name(), id()).prop_map(|(name, id)| Route::DeregisterTarget(name, id)),
            (name(), id()).prop_map(|(name, id)| Route::CheckTarget(name, id)),
        ]
    }

    proptest! {
        #[test]
        fn a_route_that_is_printed_parses_to_the_same(route in route()) {
            prop_assert_eq!(Route::parse(&route.to_string()), Some(route));
        }

        #[test]
        fn a_filter_that_is_printed_parses_to_the_same(
            status in prop::option::of(prop::sample::select(Status::ALL.to_vec())),
            problems: bool,
            text in "[가-힣a-z&=%+#? ]{0,12}",
        ) {
            let filter = Filter { status, problems, text: text.trim().to_owned() };
            prop_assert_eq!(Filter::parse(&filter.to_string()), filter);
        }

        #[test]
        fn any_path_is_read_or_refused(path in "/?[a-z0-9/%.-]{0,40}") {
            let _ = Route::parse(&path);
        }
    }
}
