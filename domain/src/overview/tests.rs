use proptest::prelude::*;

use super::*;
use crate::news::tests::World;
use crate::{
    Actor, Admin, AdminState, AfterDelay, BackendView, Binding, Drain, DrainReason, DrainStage, Event, Hold, HoldCause,
    Link, Mode, Order, Place, Proxy, ProxyKind, Purpose, ReturnCause, ServerView, Via,
};

fn now(world: &World) -> Timestamp {
    Timestamp::from_millis(world.now)
}

fn digest(world: &World, from: usize) -> Digest {
    let events: &[(Event, bool)] = &world.events[from..];
    world.board.digest(events.iter().map(|(event, is_news)| (&event.kind, *is_news)), now(world))
}

/// What may happen to the two groups of a [`World`], the first of which has a proxy before it.
#[derive(Clone, Debug)]
enum Happening {
    Check {
        target: u128,
        passes: bool,
    },
    Drain {
        target: usize,
        is_overdue: bool,
    },
    Return {
        target: usize,
    },
    Link {
        is_up: bool,
    },
    /// Whether each server is up, and in service; and how many sessions they have.
    Look {
        up: [bool; 2],
        ready: [bool; 2],
        sessions: u64,
    },
    Outside {
        is_out: Option<bool>,
    },
    /// The first server is held for a target that need not be it.
    Hold {
        target: usize,
    },
    Bind,
    Unbind,
    Forget,
    Restart,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0..4_u128, any::<bool>()).prop_map(|(target, passes)| Happening::Check { target, passes }),
        1 => (0..2_usize, any::<bool>()).prop_map(|(target, is_overdue)| Happening::Drain { target, is_overdue }),
        1 => (0..2_usize).prop_map(|target| Happening::Return { target }),
        1 => any::<bool>().prop_map(|is_up| Happening::Link { is_up }),
        4 => (any::<[bool; 2]>(), any::<[bool; 2]>(), 0..3_u64)
            .prop_map(|(up, ready, sessions)| Happening::Look { up, ready, sessions }),
        1 => any::<Option<bool>>().prop_map(|is_out| Happening::Outside { is_out }),
        1 => (0..2_usize).prop_map(|target| Happening::Hold { target }),
        1 => Just(Happening::Bind),
        1 => Just(Happening::Unbind),
        1 => Just(Happening::Forget),
        1 => Just(Happening::Restart),
    ]
}

fn binding() -> Binding {
    Binding {
        id: format!("{:032x}", 9).parse().unwrap(),
        proxy: "edge".parse().unwrap(),
        backend: "web".to_owned(),
        group: "shop".parse().unwrap(),
        mode: Mode::Observe,
        changes_per_minute: 3,
        cut_unhealthy: false,
    }
}

fn place() -> Place {
    let Binding { id, proxy, group, backend, .. } = binding();
    Place { binding: id, proxy, group, backend, server: "s0".to_owned() }
}

fn admin(is_ready: bool) -> Admin {
    if is_ready { Admin::READY } else { Admin { state: AdminState::Maint, cause: None } }
}

fn happen(world: &mut World, what: &Happening) {
    let at = now(world);
    let (shop, edge): (GroupName, ProxyName) = ("shop".parse().unwrap(), "edge".parse().unwrap());
    let id = |n: usize| format!("{:032x}", n + 1).parse::<TargetId>().unwrap();
    let kind = match what {
        Happening::Check { target, passes } => return world.check(*target, *passes),
        Happening::Drain { target, is_overdue } => {
            let drain = Drain { overdue_since: is_overdue.then_some(at), ..drain(at) };
            EventKind::TargetDrained { group: shop, target: id(*target), drain }
        }
        Happening::Return { target } => {
            EventKind::TargetReturned { group: shop, target: id(*target), cause: ReturnCause::Asked }
        }
        Happening::Link { is_up: true } => EventKind::ProxyLinked { proxy: edge, link: Link::Reachable { since: at } },
        Happening::Link { is_up: false } => {
            EventKind::ProxyLinked { proxy: edge, link: Link::Unreachable { since: at, why: String::new() } }
        }
        Happening::Look { up, ready, sessions } => {
            let server = |n: usize| ServerView {
                name: format!("s{n}"),
                address: Some(format!("10.0.0.1:{}", 8000 + n)),
                is_up: Some(up[n]),
                admin: admin(ready[n]),
                sessions: Some(*sessions),
                ..ServerView::default()
            };
            let changed = vec![BackendView { name: "web".to_owned(), servers: vec![server(0), server(1)] }];
            let (version, instance) = (String::new(), String::new());
            let order = vec!["web".to_owned()];
            EventKind::ProxyLooked { proxy: edge, version, instance, warnings: Vec::new(), order, changed }
        }
        Happening::Outside { is_out } => {
            EventKind::ServerChangedOutside { place: place(), change: is_out.map(|is_out| admin(!is_out)) }
        }
        Happening::Hold { target } => {
            let hold = Hold {
                order: Order::Maint,
                target: Some(id(*target)),
                cause: HoldCause::Person,
                at,
                kept: None,
                told: None,
                lost_sight: false,
                cut_at: None,
            };
            EventKind::ServerHeld { place: place(), hold }
        }
        Happening::Bind => {
            let address = "unix:/run/a.sock".parse().unwrap();
            world.tell(EventKind::ProxyCreated(Proxy { name: edge, kind: ProxyKind::Haproxy, address }));
            EventKind::ProxyBound(binding())
        }
        Happening::Unbind => EventKind::ProxyUnbound(binding()),
        Happening::Forget => EventKind::ProxyDeleted(edge),
        Happening::Restart => EventKind::Started { version: "1".to_owned(), gap: None },
    };
    world.tell(kind);
}

/// Without what a pulse tells.
fn without_figures(mut overview: Overview) -> Overview {
    for glance in overview.groups.values_mut() {
        (glance.lane, glance.latency_p95) = (Lane::default(), None);
    }
    overview
}

proptest! {
    #[test]
    fn whatever_happens_an_overview_shows_it_however_late_its_digests_are(
        happenings in prop::collection::vec(happening(), 0..80),
        frame in 1..9_usize,
        late in 0..4_usize,
    ) {
        let mut world = World::new();
        let up = Happening::Look { up: [true; 2], ready: [true; 2], sessions: 0 };
        for first in [Happening::Bind, Happening::Link { is_up: true }, up] {
            happen(&mut world, &first);
        }
        let mut page = world.board.overview(now(&world));
        let mut told = world.events.len();
        for (n, what) in happenings.iter().enumerate() {
            let before = world.board.overview(now(&world));
            let first = world.events.len();
            happen(&mut world, what);
            if world.events[first..].iter().all(|(event, is_news)| !is_seen_at_a_glance(&event.kind, *is_news)) {
                let after = world.board.overview(now(&world));
                prop_assert_eq!(without_figures(after), without_figures(before), "no more than figures");
            }
            for group in world.board.groups.values() {
                for (target, fronts) in world.board.fronts_of_all(group) {
                    prop_assert_eq!(fronts, world.board.fronts(&target.target));
                }
            }
            // A frame is made when the board is ahead of it already.
            let upto = world.events.len().saturating_sub(late);
            if n % frame == 0 && told < upto {
                let events = world.events[told..upto].iter().map(|(event, is_news)| (&event.kind, *is_news));
                page.take(world.board.digest(events, now(&world)));
                told = upto;
            }
        }
        page.take(digest(&world, told));
        prop_assert_eq!(page, world.board.overview(now(&world)));
    }

    #[test]
    fn an_overview_that_is_told_what_is_new_is_as_a_new_one(
        checks in prop::collection::vec((0..4_u128, any::<bool>()), 0..60),
        frame in 1..20_usize,
        restart in 0..60_usize,
    ) {
        let mut world = World::new();
        let mut page = world.board.overview(now(&world));
        let mut told = world.events.len();
        for (n, (target, passes)) in checks.iter().enumerate() {
            world.check(*target, *passes);
            if n == restart {
                world.tell(EventKind::Started { version: "1".to_owned(), gap: None });
            }
            if n % frame == 0 {
                page.take(digest(&world, told));
                told = world.events.len();
            }
        }
        let last = digest(&world, told);
        page.take(last.clone());
        prop_assert_eq!(&page, &world.board.overview(now(&world)));
        page.take(last);
        prop_assert_eq!(page, world.board.overview(now(&world)), "a digest that is known already");
    }
}

fn drain(at: Timestamp) -> Drain {
    Drain {
        reason: DrainReason::new("kernel"),
        by: Actor { via: Via::Console, address: None },
        at,
        delay_ends_at: at,
        expires_at: None,
        purpose: Purpose::default(),
        after_delay: AfterDelay::Wait,
        stage: DrainStage::Empty,
        overdue_since: None,
    }
}

#[test]
fn a_check_like_the_one_before_is_told_by_what_it_did_to_the_figures() {
    let mut world = World::new();
    world.check(0, true);
    world.check(2, true);
    let from = world.events.len();
    world.check(0, true);
    let quiet = digest(&world, from);
    assert!(quiet.groups.is_empty() && quiet.pulses.keys().map(GroupName::as_str).eq(["shop"]));
    world.check(2, false);
    world.check(2, false);
    let both = digest(&world, from);
    assert!(both.groups.keys().map(GroupName::as_str).eq(["mail"]) && both.pulses.len() == 1);
}

#[test]
fn what_is_believed_of_a_drained_target_is_seen_where_a_proxy_says_otherwise() {
    let mut world = World::new();
    let look = Happening::Look { up: [true; 2], ready: [true; 2], sessions: 0 };
    let drain = Happening::Drain { target: 0, is_overdue: false };
    for first in [Happening::Bind, Happening::Link { is_up: true }, look, drain] {
        happen(&mut world, &first);
    }
    let mut page = world.board.overview(now(&world));
    let from = world.events.len();
    for _ in 0..2 {
        happen(&mut world, &Happening::Check { target: 0, passes: false });
    }
    page.take(digest(&world, from));
    assert_eq!(page.groups.values().map(|glance| glance.disagreements).sum::<u32>(), 1);
    assert_eq!(page, world.board.overview(now(&world)));
}

#[test]
fn a_group_that_is_deleted_is_gone() {
    let mut world = World::new();
    let mut page = world.board.overview(now(&world));
    let from = world.events.len();
    world.check(0, true);
    world.tell(EventKind::GroupDeleted("shop".parse().unwrap()));
    page.take(digest(&world, from));
    assert!(page.groups.keys().map(GroupName::as_str).eq(["mail"]));
}

#[test]
fn a_group_that_is_made_anew_has_nothing_of_the_old_one() {
    let mut world = World::new();
    world.check(0, true);
    let mut page = world.board.overview(now(&world));
    let from = world.events.len();
    let group = world.board.groups.values().find(|group| group.group.name.as_str() == "shop").unwrap().group.clone();
    world.check(0, false);
    world.now += 60_000;
    world.tell(EventKind::GroupDeleted(group.name.clone()));
    world.tell(EventKind::GroupCreated(group));
    page.take(digest(&world, from));
    assert_eq!(page, world.board.overview(now(&world)));
}

#[test]
fn a_drain_is_forgotten_after_a_day_or_past_its_lease() {
    let mut world = World::new();
    let shop: GroupName = "shop".parse().unwrap();
    let ids: Vec<TargetId> = world.board.groups[&shop].targets.keys().copied().collect();
    let at = now(&world);
    let drain = drain(at);
    let drained = |drain: Drain, target| EventKind::TargetDrained { group: shop.clone(), target, drain };
    world.tell(drained(drain.clone(), ids[0]));
    let next_at = Some(at.plus_millis(crate::DRAIN_OLD_AFTER_MS + 1));
    let seen = |world: &World, ms| world.board.overview(at.plus_millis(ms)).groups[&shop].forgotten.clone().unwrap();
    assert_eq!(seen(&world, 5), Forgotten { count: 0, first: Vec::new(), next_at });
    let one = (ids[0], world.board.target(&shop, ids[0]).unwrap().target.display_name(), at);
    assert_eq!(
        seen(&world, crate::DRAIN_OLD_AFTER_MS + 1),
        Forgotten { count: 1, first: vec![one.clone()], next_at: None }
    );
    world.tell(drained(Drain { overdue_since: Some(at), ..drain }, ids[1]));
    assert_eq!(seen(&world, 5).count, 1);
    assert_eq!(seen(&world, crate::DRAIN_OLD_AFTER_MS + 1).count, 2);
}

#[test]
fn more_targets_than_can_be_drawn_are_only_counted() {
    let mut world = World::new();
    assert_eq!(world.board.overview(now(&world)).groups.values().map(|glance| glance.statuses.len()).sum::<usize>(), 4);
    let mut target =
        world.board.groups.values().flat_map(|group| group.targets.values()).next().unwrap().target.clone();
    for n in 0..u16::try_from(STATUSES_MAX).unwrap() {
        target.id = format!("{:032x}", 100 + u128::from(n)).parse().unwrap();
        target.port = 9000 + n;
        world.tell(EventKind::TargetRegistered(target.clone()));
    }
    let glance = world.board.overview(now(&world)).groups[&target.group].clone();
    assert_eq!(glance.counts.total(), u32::try_from(STATUSES_MAX).unwrap() + 2);
    assert!(glance.statuses.is_empty());
}
