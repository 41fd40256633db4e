use proptest::prelude::*;

use super::*;
use crate::{
    Actor, Change, Drain, DrainReason, Event, EventKind, Failure, GroupDraft, Label, Micros, Observation, Outcome,
    Phases, Protocol, Role, Target,
};

fn web() -> GroupName {
    "web".parse().unwrap()
}

fn id(n: u16) -> TargetId {
    TargetId::from_uuid(uuid::Uuid::from_u128(u128::from(n)))
}

/// Two active targets and, from the third on, standbys of these tiers.
struct World {
    board: Board,
    now: Timestamp,
}

impl World {
    fn new(tiers: &[Tier], change: impl FnOnce(&mut GroupDraft)) -> Self {
        let mut draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Tcp) };
        draft.check.healthy_threshold = "1".to_owned();
        draft.check.unhealthy_threshold = "1".to_owned();
        draft.wanted_active = "2".to_owned();
        change(&mut draft);
        let mut world = Self { board: Board::default(), now: Timestamp::from_millis(1_000_000) };
        world.tell(EventKind::GroupCreated(draft.validate().unwrap()));
        for n in 1..=2 + tiers.len() as u16 {
            let host = "127.0.0.1".parse().unwrap();
            let target = Target { id: id(n), group: web(), label: Label::new(""), host, port: n };
            world.tell(EventKind::TargetRegistered(target));
        }
        for (n, tier) in (3..).zip(tiers) {
            let starter = (*tier == Tier::Cold).then(|| "start".parse().unwrap());
            world.ask(Change::SetRole(web(), id(n), Role::Standby(*tier, starter)));
        }
        world
    }

    fn tell(&mut self, kind: EventKind) {
        let number = self.board.number.next();
        self.board.apply(&Event { number, at: self.now, by: None, why: None, kind }).unwrap();
    }

    fn ask(&mut self, change: Change) {
        for kind in self.board.plan(change).unwrap() {
            self.tell(kind);
        }
    }

    fn check(&mut self, n: u16, passes: bool) {
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(0) };
        let outcome = if passes { Outcome::Pass } else { Outcome::Fail(Failure::ConnectionRefused) };
        let observation = Observation { at: self.now, phases, status_code: None, outcome };
        let kind = self.board.judge(&web(), id(n), observation, self.now, None).unwrap();
        self.tell(kind);
    }

    fn checks(&mut self, results: &str) {
        for (n, result) in (1..).zip(results.chars()) {
            self.check(n, result == '+');
        }
    }

    /// Carries out what is due, and says what it was.
    fn settle(&mut self) -> Vec<(u16, StandbyStage)> {
        let mut done = Vec::new();
        for _ in 0..10 {
            let due = stand_by(&self.board, self.now);
            if due.is_empty() {
                return done;
            }
            for due in due {
                let n = (1..=9).find(|n| id(*n) == due.target).unwrap();
                if due.stage != StandbyStage::Calm {
                    done.push((n, due.stage));
                }
                self.ask(Change::MoveStandby(due));
            }
        }
        panic!("the planner never comes to rest: {:?}", stand_by(&self.board, self.now));
    }

    fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_millis(seconds * 1000);
    }

    fn standby(&self, n: u16) -> &Standby {
        self.board.target(&web(), id(n)).unwrap().standby.as_ref().unwrap()
    }

    fn status(&self, n: u16) -> crate::Status {
        let group = &self.board.groups[&web()];
        group.targets[&id(n)].status(&group.group)
    }

    fn finish_starter(&mut self, n: u16) {
        let standby = self.standby(n).stepped(PromotionStep::Waiting, self.now);
        let stage = StandbyStage::StarterFinished;
        self.ask(Change::MoveStandby(StandbyDue { group: web(), target: id(n), stage, standby }));
    }
}

use StandbyStage::{BroughtIn, FellBack, Started, Stopped, Stopping};

#[test]
fn nobody_is_promoted_while_enough_serve() {
    let mut world = World::new(&[Tier::Hot, Tier::Warm], |_| {});
    assert_eq!(world.settle(), [], "a target that is not judged yet may serve");
    world.checks("++++");
    assert_eq!(world.settle(), []);
}

#[test]
fn the_readiest_is_promoted_first_and_brought_in_when_it_is_fit() {
    let mut world = World::new(&[Tier::Warm, Tier::Hot, Tier::Warm], |_| {});
    world.checks("++");
    world.checks("+++++");
    world.checks("+-+++");
    assert_eq!(world.settle(), [(4, Started), (4, BroughtIn)]);
    world.checks("--+++");
    assert_eq!(world.settle(), [(3, Started), (3, BroughtIn)]);
}

#[test]
fn a_standby_that_is_not_fit_is_passed_over() {
    let mut world = World::new(&[Tier::Hot, Tier::Warm], |_| {});
    world.checks("+--+");
    assert_eq!(world.settle(), [(4, Started), (4, BroughtIn)]);
    let group = &world.board.groups[&web()];
    assert_eq!(world.board.unfit_standbys(group).map(|t| t.target.id).collect::<Vec<_>>(), [id(3)]);
}

#[test]
fn a_cold_one_is_no_alarm_before_it_is_started_and_is_waited_for_after() {
    let mut world = World::new(&[Tier::Cold], |_| {});
    world.checks("++-");
    assert_eq!(world.status(3), crate::Status::Unused);
    world.checks("+--");
    assert_eq!(world.settle(), [(3, Started)]);
    assert_eq!(world.standby(3).promotion.unwrap().step, PromotionStep::Starting);
    assert_eq!(world.status(3), crate::Status::Initial);
    world.finish_starter(3);
    world.checks("+--");
    assert_eq!(world.settle(), []);
    assert_eq!(world.board.in_service(&world.board.groups[&web()]), [id(1)]);
    world.checks("+-+");
    assert_eq!(world.settle(), [(3, BroughtIn)]);
    assert_eq!(world.board.in_service(&world.board.groups[&web()]), [id(1), id(3)]);
}

#[test]
fn it_falls_back_after_the_hold_down_and_not_before() {
    let mut world = World::new(&[Tier::Warm], |_| {});
    world.checks("+-+");
    world.settle();
    world.pass(100);
    world.checks("+++");
    assert_eq!(world.settle(), []);
    world.pass(59);
    assert_eq!(world.settle(), []);
    world.pass(1);
    assert_eq!(world.settle(), [(3, FellBack)]);
    assert_eq!(world.settle(), []);
}

#[test]
fn a_relapse_begins_the_hold_down_anew() {
    let mut world = World::new(&[Tier::Warm], |_| {});
    world.checks("+-+");
    world.settle();
    world.checks("+++");
    world.settle();
    world.pass(50);
    world.checks("+-+");
    world.settle();
    world.checks("+++");
    world.settle();
    world.pass(59);
    assert_eq!(world.settle(), []);
}

#[test]
fn where_a_person_ends_promotions_nobody_else_does() {
    let mut by_hand = World::new(&[Tier::Warm], |draft| draft.fall_back = "by_hand".to_owned());
    by_hand.checks("+-+");
    by_hand.settle();
    let mut asked_for = World::new(&[Tier::Warm], |_| {});
    asked_for.checks("+++");
    asked_for.ask(Change::Promote(web(), id(3), asked_for.now));
    asked_for.settle();
    for mut world in [by_hand, asked_for] {
        world.checks("+++");
        world.pass(10_000);
        assert_eq!(world.settle(), []);
        assert!(world.standby(3).is_in());
        world.ask(Change::FallBack(web(), id(3), world.now));
        assert!(!world.standby(3).is_in());
        assert_eq!(world.settle(), []);
    }
}

#[test]
fn a_cold_standby_that_fell_back_is_to_be_stopped_unless_it_is_promoted_before_that() {
    let mut world = World::new(&[Tier::Cold], |_| {});
    world.checks("+--");
    assert_eq!(world.settle(), [(3, Started)]);
    world.finish_starter(3);
    world.checks("+-+");
    assert_eq!(world.settle(), [(3, BroughtIn)]);
    let move_on = |world: &mut World, stage, standby| {
        world.ask(Change::MoveStandby(StandbyDue { group: web(), target: id(3), stage, standby }));
    };
    let due = |world: &World| world.board.may_stop(world.board.target(&web(), id(3)).unwrap(), world.now);
    assert!(!due(&world));
    world.ask(Change::FallBack(web(), id(3), world.now));
    assert!(due(&world));

    // It is needed again before that, and still runs.
    assert_eq!(world.settle(), [(3, Started), (3, BroughtIn)]);
    assert_eq!((world.standby(3).stop, due(&world)), (None, false));
    // Too late.
    let late = world.standby(3).stopping();
    move_on(&mut world, Stopping, late);
    assert_eq!(world.standby(3).stop, None);

    world.ask(Change::FallBack(web(), id(3), world.now));
    let begun = world.standby(3).stopping();
    move_on(&mut world, Stopping, begun);
    assert!(world.standby(3).is_stopping());
    // What is being stopped is started anew after that.
    assert_eq!(world.settle(), [(3, Started)]);
    assert_eq!(world.standby(3).promotion.unwrap().step, PromotionStep::Starting);
    let run =
        StarterRun { at: world.now, took_ms: 1, ok: true, said: "exit status: 0".to_owned(), output: String::new() };
    let stopped = world.standby(3).stopped(Some(run.clone()));
    move_on(&mut world, Stopped, stopped);
    let standby = world.standby(3);
    assert_eq!((standby.stop, standby.last_stop.as_ref()), (None, Some(&run)));
    assert_eq!(standby.promotion.unwrap().step, PromotionStep::Starting);
}

#[test]
fn after_a_start_nothing_is_decided_before_the_first_checks() {
    let mut world = World::new(&[Tier::Warm], |_| {});
    world.checks("+-+");
    world.tell(EventKind::Started { version: "1".to_owned(), gap: None });
    assert_eq!(world.settle(), []);
    world.checks("+-+");
    assert_eq!(world.settle(), [(3, Started), (3, BroughtIn)]);
}

#[test]
fn a_drained_standby_is_not_promoted() {
    let mut world = World::new(&[Tier::Warm], |_| {});
    world.checks("+++");
    let drain = Drain {
        reason: DrainReason::new("disk"),
        by: Actor::drainboard(),
        at: world.now,
        delay_ends_at: world.now,
        after_delay: crate::AfterDelay::Wait,
        expires_at: None,
        purpose: crate::Purpose::Maintenance,
        stage: crate::DrainStage::Draining,
        overdue_since: None,
    };
    world.tell(EventKind::TargetDrained { group: web(), target: id(3), drain });
    world.checks("+-+");
    assert_eq!(world.settle(), []);
}

fn tier() -> impl Strategy<Value = Tier> {
    prop_oneof![Just(Tier::Hot), Just(Tier::Warm), Just(Tier::Cold)]
}

proptest! {
    /// Whatever happens: nobody is brought in who is not healthy, no more are promoted than are missing, and nobody
    /// falls back within the hold-down.
    #[test]
    fn promotions_keep_their_promises(
        tiers in prop::collection::vec(tier(), 1..4),
        moments in prop::collection::vec((1_i64..40, prop::collection::vec(any::<bool>(), 5), any::<bool>()), 1..60),
    ) {
        let mut world = World::new(&tiers, |_| {});
        let mut brought_in: std::collections::BTreeMap<u16, Timestamp> = std::collections::BTreeMap::new();
        for (seconds, results, starter_ends) in moments {
            world.pass(seconds);
            for n in 1..=2 + tiers.len() as u16 {
                world.check(n, results[usize::from(n) - 1]);
            }
            for n in 3..=2 + tiers.len() as u16 {
                let step = world.standby(n).promotion.map(|promotion| promotion.step);
                if starter_ends && step == Some(PromotionStep::Starting) {
                    world.finish_starter(n);
                }
            }
            for (n, stage) in world.settle() {
                match stage {
                    BroughtIn => {
                        prop_assert!(results[usize::from(n) - 1], "{n} was brought in and is not healthy");
                        brought_in.insert(n, world.now);
                    }
                    FellBack => {
                        if let Some(since) = brought_in.remove(&n) {
                            prop_assert!(60_000 <= world.now.millis_since(since), "{n} fell back in the hold-down");
                        }
                        let actives = results[..2].iter().filter(|passes| **passes).count();
                        prop_assert!(2 <= actives, "{n} fell back while it was needed");
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(stand_by(&world.board, world.now), []);
        }
    }
}
