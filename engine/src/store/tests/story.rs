//! What happens on a board, as the recorder would have it: numbered events, and the board that they make.

use domain::{
    Actor, Board, Change, Check, Description, Event, EventKind, EventNumber, Failure, Group, GroupName, Label, Micros,
    Observation, Outcome, OwnFault, Phases, Protocol, Recording, Target, TargetDraft, TargetId, Timestamp, Via,
};
use uuid::Uuid;

/// A moment in 2026.
const BEGIN_MS: i64 = 1_795_000_000_000;

/// A board, the time, and the events that are not written yet.
pub(super) struct Story {
    pub(super) board: Board,
    pub(super) now: Timestamp,
    pub(super) unwritten: Vec<Event>,
}

impl Story {
    pub(super) fn new() -> Self {
        Self { board: Board::default(), now: Timestamp::from_millis(BEGIN_MS), unwritten: Vec::new() }
    }

    /// A story of one group `web` with so many targets.
    pub(super) fn with_targets(count: u32) -> Self {
        let mut story = Self::new();
        story.change(Change::CreateGroup(group("web")));
        let targets = (0..count).map(|n| target("web", n)).collect();
        story.change(Change::Register(name("web"), targets));
        story
    }

    pub(super) fn pass_ms(&mut self, ms: i64) {
        self.now = self.now.plus_millis(ms);
    }

    pub(super) fn happen(&mut self, kind: EventKind) {
        self.happen_by(kind, None, None);
    }

    pub(super) fn happen_by(&mut self, kind: EventKind, by: Option<Actor>, why: Option<String>) {
        let event = Event { number: self.board.number.next(), at: self.now, by, why, kind };
        self.board.apply(&event).unwrap();
        self.unwritten.push(event);
    }

    /// Makes a change, if the board allows it.
    pub(super) fn change(&mut self, change: Change) {
        let by = Actor { via: Via::Console, address: "192.0.2.7".parse().ok() };
        for kind in self.board.plan(change).unwrap_or_default() {
            self.happen_by(kind, Some(by.clone()), Some("because".to_owned()));
        }
    }

    /// A check of a target that ends now, if it is there.
    pub(super) fn check(&mut self, group: &str, id: TargetId, outcome: Outcome) {
        if let Some(kind) = self.board.judge(&name(group), id, observation(self.now, outcome), self.now, None) {
            self.happen(kind);
        }
    }

    /// The events since the last time.
    pub(super) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.unwritten)
    }

    /// The board as a restart must show it.
    pub(super) fn restored(&self) -> Board {
        let mut board = without_lanes(self.board.clone());
        board.recording = Recording::On;
        for target in board.groups.values_mut().flat_map(|group| group.targets.values_mut()) {
            target.restored = true;
        }
        board
    }
}

/// The lane of a group is made again from the observations of the targets that it has now, so it may differ.
pub(super) fn without_lanes(mut board: Board) -> Board {
    board.groups.values_mut().for_each(|group| group.lane = domain::Lane::default());
    board
}

pub(super) fn name(text: &str) -> GroupName {
    text.parse().unwrap()
}

pub(super) fn group(text: &str) -> Group {
    Group {
        minimum_healthy_targets: 1,
        standby: domain::StandbyRule::default(),
        name: name(text),
        description: Description::new("결제 \"서버\" '; drop table groups; --"),
        protocol: Protocol::Https,
        port: 8443,
        deregistration_delay_s: 300,
        check: Check {
            body_contains: Some("ok\\ \"}".to_owned()),
            host: Some("shop.example:8443".parse().unwrap()),
            ..Check::default_for(Protocol::Https)
        },
    }
}

pub(super) fn id(n: u32) -> TargetId {
    TargetId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)))
}

pub(super) fn target(group: &str, n: u32) -> Target {
    let TargetDraft { label, host, port } = draft(n);
    Target { id: id(n), group: name(group), label, host, port }
}

pub(super) fn draft(n: u32) -> TargetDraft {
    let host = match n % 3 {
        0 => format!("10.0.{}.{}", n / 250, n % 250 + 1),
        1 => format!("web-{n}.example"),
        _ => format!("2001:db8::{:x}", n + 1),
    };
    let label = if n.is_multiple_of(2) { Label::new(&format!("웹 {n} \"a\" \\")) } else { Label::default() };
    TargetDraft { label, host: host.parse().unwrap(), port: 8080 }
}

pub(super) fn observation(at: Timestamp, outcome: Outcome) -> Observation {
    let phases = Phases {
        dns: None,
        connect: Some(Micros(210)),
        tls: Some(Micros(u32::MAX)),
        first_byte: Some(Micros(0)),
        total: Micros(1234),
    };
    let status_code = (outcome == Outcome::Pass).then_some(204);
    Observation { at, phases, status_code, outcome }
}

pub(super) fn pass() -> Outcome {
    Outcome::Pass
}

pub(super) fn refused() -> Outcome {
    Outcome::Fail(Failure::ConnectionRefused)
}

pub(super) fn wrong_code() -> Outcome {
    Outcome::Fail(Failure::Status { code: 503, expected: "200-399".parse().unwrap() })
}

pub(super) fn blind() -> Outcome {
    Outcome::Unknown(OwnFault::Late { by_ms: 700 })
}

pub(super) fn numbers(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.number.0).collect()
}

pub(super) fn number(n: u64) -> Option<EventNumber> {
    Some(EventNumber(n))
}

/// A drain that somebody asks for.
pub(super) fn wish() -> domain::DrainWish {
    domain::DrainWish {
        reason: domain::DrainReason::new("kernel"),
        by: domain::Actor::drainboard(),
        at: Timestamp::from_millis(0),
        lease_s: None,
        after_delay: domain::AfterDelay::Wait,
        floor: domain::FloorRule::Keep,
    }
}
