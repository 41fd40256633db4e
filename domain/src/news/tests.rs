use proptest::prelude::*;

use super::*;
use crate::{
    Failure, GroupDraft, Label, Micros, Observation, Outcome, Phases, Protocol, Proxy, ProxyKind, Target, TargetId,
    Timestamp,
};

/// Two groups of two targets, and everything that happened to them.
pub(crate) struct World {
    pub(crate) board: Board,
    /// Each with whether it was news.
    pub(crate) events: Vec<(Event, bool)>,
    pub(crate) now: i64,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self { board: Board::default(), events: Vec::new(), now: 1_000_000 };
        for (group, name) in (0_u128..).zip(["shop", "mail"]) {
            let draft = GroupDraft { name: name.to_owned(), ..GroupDraft::default_for(Protocol::Tcp) };
            world.tell(EventKind::GroupCreated(draft.validate().unwrap()));
            for n in 0..2 {
                let id = format!("{:032x}", group * 2 + n + 1).parse().unwrap();
                let (label, host) = (Label::new(""), "10.0.0.1".parse().unwrap());
                let port = u16::try_from(8000 + n).unwrap();
                world.tell(EventKind::TargetRegistered(Target { id, group: name.parse().unwrap(), label, host, port }));
            }
        }
        world
    }

    pub(crate) fn tell(&mut self, kind: EventKind) {
        let event =
            Event { number: self.board.number.next(), at: Timestamp::from_millis(self.now), by: None, why: None, kind };
        let is_news = self.board.is_news(&event.kind);
        self.board.apply(&event).unwrap();
        self.events.push((event, is_news));
    }

    pub(crate) fn check(&mut self, target: u128, passes: bool) {
        self.now += 700;
        let group: GroupName = if target < 2 { "shop" } else { "mail" }.parse().unwrap();
        let id: TargetId = format!("{:032x}", target + 1).parse().unwrap();
        let total = Micros(100 + u32::try_from(self.now % 97).unwrap());
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total };
        let outcome = if passes { Outcome::Pass } else { Outcome::Fail(Failure::ConnectionRefused) };
        let seen = Observation { at: Timestamp::from_millis(self.now), phases, status_code: None, outcome };
        let kind = self.board.judge(&group, id, seen, Timestamp::from_millis(self.now + 1), None).unwrap();
        self.tell(kind);
    }

    /// What a page of this scope is told of the events from `from` on.
    fn news(&self, scope: &Scope, from: usize) -> News {
        let told = self.events[from..].iter().filter(|(event, is_news)| scope.tells(&event.kind, *is_news));
        News {
            after: EventNumber(from as u64),
            upto: self.board.number,
            events: told.map(|(event, _)| event.clone()).collect(),
        }
    }
}

fn scopes() -> [Scope; 2] {
    [Scope::Everything, Scope::Group("shop".parse().unwrap())]
}

/// What is shown of every group.
fn shown(board: &Board) -> Vec<String> {
    board.groups.values().map(|group| format!("{:?} {:?}", group.counts(), group.last_change)).collect()
}

fn last_checks(group: &GroupState) -> Vec<Option<&Observation>> {
    group.targets.values().map(|target| target.last.as_ref()).collect()
}

proptest! {
    #[test]
    fn a_page_that_is_told_the_news_shows_what_a_new_page_would(
        checks in prop::collection::vec((0..4_u128, any::<bool>()), 0..60),
        frame in 1..20_usize,
    ) {
        for scope in scopes() {
            let mut world = World::new();
            let mut page = world.board.seen_in(&scope);
            let mut told = world.events.len();
            for (n, (target, passes)) in checks.iter().enumerate() {
                world.check(*target, *passes);
                if n % frame == 0 {
                    page.take_news(&world.news(&scope, told), |_, _| ()).unwrap();
                    told = world.events.len();
                }
            }
            page.take_news(&world.news(&scope, told), |_, _| ()).unwrap();
            let fresh = world.board.seen_in(&scope);
            prop_assert_eq!(page.number, fresh.number);
            for (name, group) in page.groups.iter().filter(|(name, _)| scope.is_in_full(name)) {
                let fresh = &fresh.groups[name];
                prop_assert_eq!(group.latency_p95(), fresh.latency_p95());
                prop_assert_eq!(last_checks(group), last_checks(fresh));
            }
            prop_assert_eq!(shown(&page), shown(&fresh));
        }
    }
}

#[test]
fn news_that_leave_something_out_are_refused_and_known_ones_passed_over() {
    let mut world = World::new();
    let mut page = world.board.seen_in(&Scope::Everything);
    let known = page.clone();
    page.take_news(&world.news(&Scope::Everything, 0), |_, _| ()).unwrap();
    assert_eq!(page, known);
    world.check(0, true);
    world.check(1, true);
    let from = world.events.len() - 1;
    assert!(page.take_news(&world.news(&Scope::Everything, from), |_, _| ()).is_err());
    assert_eq!(page, known);
}

#[test]
fn a_check_like_the_one_before_is_told_only_where_its_group_is_shown_in_full() {
    let mut world = World::new();
    for passes in [true, true] {
        world.check(0, passes);
    }
    let from = world.events.len() - 1;
    let told = scopes().map(|scope| world.news(&scope, from).events.len());
    assert_eq!(told, [1, 1]);
    let other = Scope::Group("mail".parse().unwrap());
    assert_eq!(world.news(&other, from).events.len(), 0);
}

#[test]
fn what_was_so_before_a_restart_is_news_when_it_is_confirmed() {
    let mut world = World::new();
    world.check(0, true);
    world.tell(EventKind::Started { version: "1".to_owned(), gap: None });
    world.check(0, true);
    let other = Scope::Group("mail".parse().unwrap());
    assert_eq!(world.news(&other, world.events.len() - 1).events.len(), 1);
}

#[test]
fn a_look_at_a_proxy_is_news_where_more_than_figures_changed() {
    let mut world = World::new();
    world.tell(EventKind::ProxyCreated(Proxy {
        name: "edge".parse().unwrap(),
        kind: ProxyKind::Haproxy,
        address: "unix:/run/a.sock".parse().unwrap(),
    }));
    let look = |order: &[&str], servers: Vec<ServerView>| EventKind::ProxyLooked {
        proxy: "edge".parse().unwrap(),
        version: "3.0".to_owned(),
        instance: "1".to_owned(),
        warnings: Vec::new(),
        order: order.iter().map(ToString::to_string).collect(),
        changed: if servers.is_empty() { Vec::new() } else { vec![BackendView { name: "web".to_owned(), servers }] },
    };
    let up = ServerView { name: "a".to_owned(), is_up: Some(true), ..ServerView::default() };
    let busy = ServerView { sessions: Some(7), ..up.clone() };
    let down = ServerView { is_up: Some(false), ..up.clone() };
    let looks = [
        (look(&["web"], vec![up.clone()]), true, "the first"),
        (look(&["web"], vec![]), false, "nothing changed"),
        (look(&["web"], vec![busy.clone()]), false, "figures"),
        (look(&["web"], vec![down]), true, "a server is down"),
        (look(&["web"], vec![up.clone(), busy]), true, "another server"),
        (look(&["web", "api"], vec![]), true, "another backend"),
    ];
    for (look, is_news, what) in looks {
        world.tell(look);
        assert_eq!(world.events.last().unwrap().1, is_news, "{what}");
    }
}
