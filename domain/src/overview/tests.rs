use proptest::prelude::*;

use super::*;
use crate::news::tests::World;
use crate::{Actor, AfterDelay, Drain, DrainReason, DrainStage, Event, Purpose, Via};

fn now(world: &World) -> Timestamp {
    Timestamp::from_millis(world.now)
}

fn digest(world: &World, from: usize) -> Digest {
    let events: &[(Event, bool)] = &world.events[from..];
    world.board.digest(events.iter().map(|(event, is_news)| (&event.kind, *is_news)), now(world))
}

proptest! {
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
    let drain = Drain {
        reason: DrainReason::new("kernel"),
        by: Actor { via: Via::Console, address: None },
        at,
        delay_ends_at: at,
        expires_at: None,
        purpose: Purpose::default(),
        after_delay: AfterDelay::Wait,
        stage: DrainStage::Empty,
        overdue_since: None,
    };
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
