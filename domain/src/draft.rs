//! A group as somebody asks for it: texts as they came from a form or a request, and the one place that judges them.

use serde::{Deserialize, Serialize};

use crate::{
    Check, CheckPort, Description, FallBack, Group, GroupName, HOLD_DOWN_S, Host, Invalid, Method, Problem, Protocol,
    StandbyRule, clean,
};

/// The fields of a group as texts. Everything else about a field (which are needed, ranges, defaults) is decided in
/// [`GroupDraft::validate`], so forms and API agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupDraft {
    /// See [`Group::name`].
    pub name: String,
    /// See [`Group::description`].
    pub description: String,
    /// See [`Group::protocol`].
    pub protocol: String,
    /// See [`Group::port`].
    pub port: String,
    /// See [`Group::deregistration_delay_s`].
    pub deregistration_delay_s: String,
    /// See [`Group::minimum_healthy_targets`].
    pub minimum_healthy_targets: String,
    /// See [`StandbyRule::wanted_active`]; empty: as many as must stay in service.
    pub wanted_active: String,
    /// See [`StandbyRule::hold_down_s`].
    pub hold_down_s: String,
    /// See [`StandbyRule::fall_back`].
    pub fall_back: String,
    /// The health check.
    #[serde(flatten)]
    pub check: CheckDraft,
}

/// The fields of a [`Check`] as texts; an empty text means the default. Switches are `true` or `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckDraft {
    /// See [`Check::enabled`].
    pub enabled: String,
    /// See [`Check::protocol`]; the group's where it is empty.
    pub check_protocol: String,
    /// See [`Check::port`].
    pub check_port: String,
    /// See [`Check::path`].
    pub path: String,
    /// See [`Check::method`].
    pub method: String,
    /// See [`Check::host`].
    pub host: String,
    /// See [`Check::matcher`].
    pub matcher: String,
    /// See [`Check::body_contains`].
    pub body_contains: String,
    /// See [`Check::tls_verify`].
    pub tls_verify: String,
    /// See [`Check::server_name`].
    pub server_name: String,
    /// See [`Check::interval_ms`].
    pub interval_ms: String,
    /// See [`Check::timeout_ms`].
    pub timeout_ms: String,
    /// See [`Check::healthy_threshold`].
    pub healthy_threshold: String,
    /// See [`Check::unhealthy_threshold`].
    pub unhealthy_threshold: String,
    /// Whether there is a fast interval; where it is empty, a fast interval that is given says so.
    pub fast_confirm: String,
    /// See [`Check::fast_interval_ms`].
    pub fast_interval_ms: String,
    /// See [`Check::sentinel`].
    pub sentinel: String,
}

const BODY_CONTAINS_MAX: usize = 200;

/// The shortest fast interval, in milliseconds.
const FAST_INTERVAL_MIN_MS: u32 = 20;

/// The fast interval that forms offer, in milliseconds.
const FAST_INTERVAL_OFFERED_MS: u32 = 100;

impl GroupDraft {
    /// An empty form for a group of this protocol: ELBv2's defaults, written out.
    pub fn default_for(protocol: Protocol) -> Self {
        let port = if protocol == Protocol::Https { "443" } else { "80" };
        Self {
            protocol: protocol.to_string(),
            port: port.to_owned(),
            deregistration_delay_s: "300".to_owned(),
            minimum_healthy_targets: "1".to_owned(),
            hold_down_s: HOLD_DOWN_S.to_string(),
            fall_back: FallBack::default().as_str().to_owned(),
            check: CheckDraft::from(&Check::default_for(protocol)),
            ..Self::default()
        }
    }

    /// The group, or everything that is wrong, with the API's names of the fields.
    pub fn validate(&self) -> Result<Group, Vec<Invalid>> {
        let mut read = Reader::default();
        let name = read.needed("name", &self.name, |text| text.parse::<GroupName>().map_err(|_| Problem::GroupName));
        let protocol = read.needed("protocol", &self.protocol, protocol);
        let port = read.needed("port", &self.port, |text| number(text, 1, 65_535));
        let delay = read.or(300, "deregistration_delay_s", &self.deregistration_delay_s, |text| number(text, 0, 3600));
        let minimum =
            read.or(1, "minimum_healthy_targets", &self.minimum_healthy_targets, |text| number(text, 0, 1000));
        let standby = StandbyRule {
            wanted_active: read
                .or(None, "standby.wanted_active", &self.wanted_active, |text| number(text, 1, 1000).map(Some)),
            hold_down_s: read.or(HOLD_DOWN_S, "standby.hold_down_s", &self.hold_down_s, |text| number(text, 0, 86_400)),
            fall_back: read.or(FallBack::default(), "standby.fall_back", &self.fall_back, |text| {
                text.parse().map_err(|()| Problem::OneOf("by_itself, by_hand".to_owned()))
            }),
        };
        read.limit("description", &self.description, Description::MAX);
        let check = self.check.read(protocol.unwrap_or(Protocol::Http), &mut read);
        match (name, protocol, port, check) {
            (Some(name), Some(protocol), Some(port), Some(check)) if read.wrong.is_empty() => Ok(Group {
                name,
                description: Description::new(&self.description),
                protocol,
                port: u16::try_from(port).unwrap_or(u16::MAX),
                deregistration_delay_s: delay,
                minimum_healthy_targets: minimum,
                standby,
                check,
            }),
            _ => Err(read.wrong),
        }
    }
}

impl CheckDraft {
    /// The check alone, or everything that is wrong with it.
    pub fn validate(&self, group_protocol: Protocol) -> Result<Check, Vec<Invalid>> {
        let mut read = Reader::default();
        match self.read(group_protocol, &mut read) {
            Some(check) if read.wrong.is_empty() => Ok(check),
            _ => Err(read.wrong),
        }
    }

    fn read(&self, group_protocol: Protocol, read: &mut Reader) -> Option<Check> {
        let protocol = read.or(group_protocol, "health_check.protocol", &self.check_protocol, protocol);
        let default = Check::default_for(protocol);
        let check = Check {
            enabled: read.or(true, "health_check.enabled", &self.enabled, switch),
            protocol,
            port: read.or(CheckPort::TrafficPort, "health_check.port", &self.check_port, |text| {
                text.parse().map_err(|_| Problem::Port)
            }),
            path: read
                .or(default.path, "health_check.path", &self.path, |text| text.parse().map_err(|_| Problem::Path)),
            method: read.or(default.method, "health_check.method", &self.method, method),
            host: read.or(None, "health_check.host", &self.host, |text| {
                text.parse().map(Some).map_err(|_| Problem::HostHeader)
            }),
            matcher: read.or(default.matcher, "health_check.matcher", &self.matcher, |text| {
                text.parse().map_err(|_| Problem::Matcher)
            }),
            body_contains: read.or(None, "health_check.body_contains", &self.body_contains, |text| {
                let too_long = text.chars().count() > BODY_CONTAINS_MAX;
                if too_long {
                    Err(Problem::TooLong(BODY_CONTAINS_MAX as u32))
                } else {
                    Ok(Some(clean(text, BODY_CONTAINS_MAX)))
                }
            }),
            tls_verify: read.or(true, "health_check.tls_verify", &self.tls_verify, switch),
            server_name: read.or(None, "health_check.server_name", &self.server_name, |text| {
                text.parse::<Host>().map(Some).map_err(|_| Problem::HostHeader)
            }),
            interval_ms: read.or(default.interval_ms, "health_check.interval_ms", &self.interval_ms, |text| {
                number(text, 200, 300_000)
            }),
            timeout_ms: read
                .or(default.timeout_ms, "health_check.timeout_ms", &self.timeout_ms, |text| number(text, 20, 120_000)),
            healthy_threshold: read.or(
                default.healthy_threshold,
                "health_check.healthy_threshold",
                &self.healthy_threshold,
                threshold,
            ),
            unhealthy_threshold: read.or(
                default.unhealthy_threshold,
                "health_check.unhealthy_threshold",
                &self.unhealthy_threshold,
                threshold,
            ),
            fast_interval_ms: self.read_fast_interval(read),
            sentinel: read.or(false, "health_check.sentinel", &self.sentinel, switch),
        };
        self.together(&check, read);
        Some(check)
    }

    /// A fast interval that is switched off may be any text: it is the one that is offered when it is switched on.
    fn read_fast_interval(&self, read: &mut Reader) -> Option<u32> {
        const FIELD: &str = "health_check.fast_interval_ms";
        let is_given = !self.fast_interval_ms.trim().is_empty();
        let is_on = read.or(is_given, "health_check.fast_confirm", &self.fast_confirm, switch);
        let parse = |text: &str| number(text, FAST_INTERVAL_MIN_MS, 300_000);
        is_on.then(|| read.or(FAST_INTERVAL_OFFERED_MS, FIELD, &self.fast_interval_ms, parse))
    }

    /// What a script sends has no switch beside the fast interval: it is off when it is empty.
    #[must_use]
    pub fn without_switches(mut self) -> Self {
        if self.fast_confirm == "false" {
            self.fast_interval_ms.clear();
        }
        self.fast_confirm.clear();
        self
    }

    /// What is good alone and wrong together.
    fn together(&self, check: &Check, read: &mut Reader) {
        if check.timeout_ms > check.interval_ms && !read.is_wrong("health_check.interval_ms") {
            read.wrong.push(Invalid::new("health_check.timeout_ms", Problem::TimeoutOverInterval(check.interval_ms)));
        }
        let is_slower = check.fast_interval_ms.is_some_and(|fast| fast > check.interval_ms);
        if is_slower && !read.is_wrong("health_check.interval_ms") && !read.is_wrong("health_check.fast_interval_ms") {
            let problem = Problem::FastOverInterval(check.interval_ms);
            read.wrong.push(Invalid::new("health_check.fast_interval_ms", problem));
        }
        if check.body_contains.is_some() && check.protocol.is_http() && check.method == Method::Head {
            read.wrong.push(Invalid::new("health_check.body_contains", Problem::NotWith("HEAD".to_owned())));
        }
        if check.body_contains.is_some() && !check.protocol.is_http() {
            read.wrong.push(Invalid::new("health_check.body_contains", Problem::NotWith("TCP".to_owned())));
        }
    }
}

/// Reads fields one by one and keeps what is wrong.
#[derive(Default)]
struct Reader {
    wrong: Vec<Invalid>,
}

impl Reader {
    fn needed<T>(&mut self, field: &str, text: &str, parse: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        let parsed = if text.trim().is_empty() { Err(Problem::Missing) } else { parse(text.trim()) };
        parsed.map_err(|problem| self.wrong.push(Invalid::new(field, problem))).ok()
    }

    fn or<T>(&mut self, default: T, field: &str, text: &str, parse: impl FnOnce(&str) -> Result<T, Problem>) -> T {
        if text.trim().is_empty() { default } else { self.needed(field, text, parse).unwrap_or(default) }
    }

    fn limit(&mut self, field: &str, text: &str, max: usize) {
        if text.trim().chars().count() > max {
            self.wrong.push(Invalid::new(field, Problem::TooLong(max as u32)));
        }
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.iter().any(|invalid| invalid.field == field)
    }
}

fn protocol(text: &str) -> Result<Protocol, Problem> {
    text.parse().map_err(|()| Problem::OneOf("HTTP, HTTPS, TCP".to_owned()))
}

fn method(text: &str) -> Result<Method, Problem> {
    match text.to_ascii_uppercase().as_str() {
        "GET" => Ok(Method::Get),
        "HEAD" => Ok(Method::Head),
        _ => Err(Problem::OneOf("GET, HEAD".to_owned())),
    }
}

fn switch(text: &str) -> Result<bool, Problem> {
    match text {
        "true" | "on" => Ok(true),
        "false" | "off" => Ok(false),
        _ => Err(Problem::OneOf("true, false".to_owned())),
    }
}

/// A whole number within its range.
pub(crate) fn number(text: &str, min: u32, max: u32) -> Result<u32, Problem> {
    let number: i128 = text.parse().map_err(|_| Problem::NotANumber)?;
    u32::try_from(number).ok().filter(|n| (min..=max).contains(n)).ok_or(Problem::Range { min, max })
}

/// So many results in a row.
pub(crate) fn threshold(text: &str) -> Result<u8, Problem> {
    number(text, 1, 10).map(|n| u8::try_from(n).unwrap_or(u8::MAX))
}

impl From<&Check> for CheckDraft {
    fn from(check: &Check) -> Self {
        let text = |option: Option<String>| option.unwrap_or_default();
        Self {
            enabled: check.enabled.to_string(),
            check_protocol: check.protocol.to_string(),
            check_port: check.port.to_string(),
            path: check.path.to_string(),
            method: check.method.to_string(),
            host: text(check.host.as_ref().map(ToString::to_string)),
            matcher: check.matcher.to_string(),
            body_contains: text(check.body_contains.clone()),
            tls_verify: check.tls_verify.to_string(),
            server_name: text(check.server_name.as_ref().map(ToString::to_string)),
            interval_ms: check.interval_ms.to_string(),
            timeout_ms: check.timeout_ms.to_string(),
            healthy_threshold: check.healthy_threshold.to_string(),
            unhealthy_threshold: check.unhealthy_threshold.to_string(),
            fast_confirm: check.fast_interval_ms.is_some().to_string(),
            fast_interval_ms: check.fast_interval_ms.unwrap_or(FAST_INTERVAL_OFFERED_MS).to_string(),
            sentinel: check.sentinel.to_string(),
        }
    }
}

impl From<&Group> for GroupDraft {
    fn from(group: &Group) -> Self {
        Self {
            name: group.name.to_string(),
            description: group.description.to_string(),
            protocol: group.protocol.to_string(),
            port: group.port.to_string(),
            deregistration_delay_s: group.deregistration_delay_s.to_string(),
            minimum_healthy_targets: group.minimum_healthy_targets.to_string(),
            wanted_active: group.standby.wanted_active.map(|wanted| wanted.to_string()).unwrap_or_default(),
            hold_down_s: group.standby.hold_down_s.to_string(),
            fall_back: group.standby.fall_back.as_str().to_owned(),
            check: CheckDraft::from(&group.check),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> GroupDraft {
        GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Http) }
    }

    fn check(change: impl FnOnce(&mut GroupDraft), expected: &[(&str, Problem)]) {
        let mut draft = draft();
        change(&mut draft);
        let wrong = draft.validate().err().unwrap_or_default();
        let wrong: Vec<_> = wrong.into_iter().map(|invalid| (invalid.field, invalid.problem)).collect();
        let expected: Vec<_> = expected.iter().map(|(field, problem)| ((*field).to_owned(), problem.clone())).collect();
        assert_eq!(wrong, expected);
    }

    #[test]
    fn the_default_form_is_valid_and_elbv2s() {
        let group = draft().validate().unwrap();
        assert_eq!(group.check, Check::default_for(Protocol::Http));
        assert_eq!(
            (group.check.interval_ms, group.check.healthy_threshold, group.check.unhealthy_threshold),
            (30_000, 5, 2)
        );
    }

    #[test]
    fn what_is_written_out_validates_to_the_same() {
        for protocol in Protocol::ALL {
            let group = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(protocol) }.validate().unwrap();
            assert_eq!(GroupDraft::from(&group).validate(), Ok(group));
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        check(
            |draft| {
                draft.name = String::new();
                draft.port = "0".to_owned();
                draft.check.interval_ms = "1".to_owned();
                draft.check.healthy_threshold = "many".to_owned();
            },
            &[
                ("name", Problem::Missing),
                ("port", Problem::Range { min: 1, max: 65_535 }),
                ("health_check.interval_ms", Problem::Range { min: 200, max: 300_000 }),
                ("health_check.healthy_threshold", Problem::NotANumber),
            ],
        );
    }

    #[test]
    fn numbers_cannot_overflow() {
        check(
            |d| d.check.timeout_ms = "-1".to_owned(),
            &[("health_check.timeout_ms", Problem::Range { min: 20, max: 120_000 })],
        );
        check(
            |d| d.check.interval_ms = "4294967496".to_owned(),
            &[("health_check.interval_ms", Problem::Range { min: 200, max: 300_000 })],
        );
        check(|d| d.port = "NaN".to_owned(), &[("port", Problem::NotANumber)]);
    }

    #[test]
    fn fast_confirm_is_off_until_it_is_switched_on_or_given_an_interval() {
        let fast = |confirm: &str, interval: &str| {
            let mut draft = draft();
            draft.check.fast_confirm = confirm.to_owned();
            draft.check.fast_interval_ms = interval.to_owned();
            draft.validate().map(|group| group.check.fast_interval_ms).ok()
        };
        assert_eq!(draft().check.fast_interval_ms, "100");
        assert_eq!(fast("false", "100"), Some(None));
        assert_eq!(fast("false", "soon"), Some(None));
        assert_eq!(fast("true", ""), Some(Some(100)));
        assert_eq!(fast("true", "20"), Some(Some(20)));
        assert_eq!(fast("", ""), Some(None));
        assert_eq!(fast("", "50"), Some(Some(50)));
        assert_eq!(fast("true", "19"), None);
        assert_eq!(fast("true", "30001"), None);
        let off = CheckDraft::from(&Check::default_for(Protocol::Http)).without_switches();
        assert_eq!((off.fast_confirm.as_str(), off.fast_interval_ms.as_str()), ("", ""));
    }

    #[test]
    fn settings_that_contradict_each_other() {
        check(|d| d.check.fast_interval_ms = "40000".to_owned(), &[]);
        check(
            |d| {
                d.check.fast_confirm = "true".to_owned();
                d.check.fast_interval_ms = "40000".to_owned();
            },
            &[("health_check.fast_interval_ms", Problem::FastOverInterval(30_000))],
        );
        check(
            |d| d.check.interval_ms = "1000".to_owned(),
            &[("health_check.timeout_ms", Problem::TimeoutOverInterval(1000))],
        );
        check(
            |d| {
                d.check.method = "HEAD".to_owned();
                d.check.body_contains = "ok".to_owned();
            },
            &[("health_check.body_contains", Problem::NotWith("HEAD".to_owned()))],
        );
    }
}
