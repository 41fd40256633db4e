//! What history costs: `cargo xtask bench history` runs this in a release build and prints what it says.
//!
//! Everything goes through the store as the recorder and the pages use it; only the clock is made up, so that thirty days
//! pass in a minute.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a measurement, which prints")]
#![allow(clippy::disallowed_methods, reason = "its tasks are awaited here")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::{
    Board, Check, Description, Event, EventKind, EventNumber, Failure, Group, GroupName, Health, Label, Micros,
    Observation, Outcome, Phase, Phases, Protocol, Reason, Source, Span, StandingChange, Status, Target, TargetId,
    Timestamp,
};
use engine::store::{Curve, Cutoffs, Reader, Store, Writer};
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;
const READERS: usize = 50;

#[tokio::main]
async fn main() {
    let dir = std::env::args().nth(1).map(PathBuf::from).unwrap_or_else(std::env::temp_dir);
    let days: i64 = std::env::args().nth(2).and_then(|days| days.parse().ok()).unwrap_or(30);
    std::fs::create_dir_all(&dir).unwrap();
    println!("| what | measured | bar |");
    println!("|---|---|---|");
    recorder(&dir.join("recorder.db")).await;
    for (name, network) in [("loopback", LOOPBACK), ("a network with jitter", NETWORK)] {
        kept(&dir.join("kept.db"), name, network, days).await;
    }
    uptimes(&dir.join("uptimes.db")).await;
}

/// Random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Of a normal distribution.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// Medians of connect and of the first byte, in microseconds, and the spread of their logarithms.
#[derive(Clone, Copy)]
struct Network {
    connect: f64,
    first_byte: f64,
    spread: f64,
}

const LOOPBACK: Network = Network { connect: 80.0, first_byte: 350.0, spread: 0.25 };
const NETWORK: Network = Network { connect: 300.0, first_byte: 4000.0, spread: 0.2 };

/// A store with targets, and what is to be written into it.
struct Story {
    writer: Writer,
    reader: Reader,
    number: EventNumber,
    group: GroupName,
    targets: Vec<TargetId>,
    random: Random,
    network: Network,
}

impl Story {
    async fn begin(file: &Path, targets: u32, network: Network, at: Timestamp) -> Self {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
        let (writer, reader, _) = Store::open(file).await.unwrap();
        let group: GroupName = "web".parse().unwrap();
        let ids: Vec<TargetId> = (0..targets)
            .map(|n| TargetId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + u128::from(n))))
            .collect();
        let mut story = Self {
            writer,
            reader,
            number: EventNumber(0),
            group: group.clone(),
            targets: ids,
            random: Random(42),
            network,
        };
        let settings = Group {
            minimum_healthy_targets: 1,
            standby: domain::StandbyRule::default(),
            name: group.clone(),
            description: Description::new(""),
            protocol: Protocol::Http,
            port: 80,
            deregistration_delay_s: 300,
            check: Check::default_for(Protocol::Http),
        };
        let mut kinds = vec![EventKind::GroupCreated(settings)];
        kinds.extend(story.targets.iter().enumerate().map(|(n, id)| {
            let host = format!("10.{}.{}.{}", n / 62_500, n / 250 % 250, n % 250 + 1).parse().unwrap();
            EventKind::TargetRegistered(Target {
                id: *id,
                group: group.clone(),
                label: Label::default(),
                host,
                port: 80,
            })
        }));
        let events: Vec<Event> = kinds.into_iter().map(|kind| story.event(at, kind)).collect();
        let mut board = Board::default();
        let standings = board.standing_changes(&events);
        events.iter().for_each(|event| board.apply(event).unwrap());
        story.writer.write(&events, &standings, true).await.unwrap();
        story
    }

    fn event(&mut self, at: Timestamp, kind: EventKind) -> Event {
        self.number = self.number.next();
        Event { number: self.number, at, by: None, why: None, kind }
    }

    fn check(&mut self, target: TargetId, at: Timestamp) -> Event {
        let late = (-self.random.next().max(1e-9).ln() * 0.6) as i64;
        let of = |median: f64, random: &mut Random, spread: f64| (median * (random.normal() * spread).exp()) as u32;
        let connect = of(self.network.connect, &mut self.random, self.network.spread);
        let first_byte = of(self.network.first_byte, &mut self.random, self.network.spread);
        let failed = self.random.next() < 0.0005;
        let phases = Phases {
            dns: None,
            connect: Some(Micros(connect)),
            tls: None,
            first_byte: (!failed).then_some(Micros(first_byte)),
            total: Micros(connect + first_byte + 30),
        };
        let outcome = if failed { Outcome::Fail(Failure::ConnectionClosed) } else { Outcome::Pass };
        let status_code = (!failed).then_some(200);
        let at = at.plus_millis(late);
        let health = Health::Healthy { fails: u8::from(failed) };
        let observation = Observation { at, phases, status_code, outcome };
        let group = self.group.clone();
        self.event(at, EventKind::Checked { group, target, observation, health, transition: None, next_check_at: None })
    }

    /// One check of each target.
    fn round(&mut self, at: Timestamp, into: &mut Vec<Event>) {
        for place in 0..self.targets.len() {
            let (target, phase) = (self.targets[place], place as i64 % 1000);
            into.push(self.check(target, at.plus_millis(phase)));
        }
    }
}

/// A share of sorted times.
fn share(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share).round() as usize]
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// How fast checks go into the store, while others read.
async fn recorder(file: &Path) {
    let begin = Timestamp::from_millis(1_795_000_000_000);
    let mut story = Story::begin(file, 1000, LOOPBACK, begin).await;
    let stop = Arc::new(AtomicBool::new(false));
    let reads = Arc::new(AtomicU64::new(0));
    let readers: Vec<_> = (0..READERS)
        .map(|n| {
            let (reader, stop, reads) = (story.reader.clone(), Arc::clone(&stop), Arc::clone(&reads));
            let target = story.targets[n * 7 % story.targets.len()];
            tokio::task::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    reader.observations(target, None, 60).await.unwrap();
                    reads.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            })
        })
        .collect();
    let (mut commits, mut folds) = (Vec::new(), Duration::ZERO);
    let (mut events, mut checks) = (Vec::new(), 0);
    for second in 0..1500 {
        events.clear();
        let at = begin.plus_millis(second * 1000);
        story.round(at, &mut events);
        let began = Instant::now();
        story.writer.write(&events, &[], false).await.unwrap();
        commits.push(began.elapsed());
        checks += events.len();
        let began = Instant::now();
        while story.writer.fold(at).await.unwrap() && began.elapsed() < Duration::from_millis(6) {}
        folds += began.elapsed();
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    let writing: Duration = commits.iter().sum();
    let rate = checks as f64 / (writing + folds).as_secs_f64();
    println!(
        "| checks into the store, 1,000 a transaction, {READERS} readers ({} reads) | {:.0}/s with folding, {:.0}/s without | ≥ 200,000/s |",
        reads.load(Ordering::Relaxed),
        rate,
        checks as f64 / writing.as_secs_f64()
    );
    let (p50, p99) = (share(&mut commits, 0.5), share(&mut commits, 0.99));
    println!("| commit beside them | p50 {:.1} ms, p99 {:.1} ms | p99 ≤ 12 ms |", ms(p50), ms(p99));
    story.writer.close().await;
    let began = Instant::now();
    let (writer, _, _) = Store::open(file).await.unwrap();
    println!("| opening it again, 1,000 targets | {:.0} ms | start to first check ≤ 300 ms |", ms(began.elapsed()));
    writer.close().await;
}

/// What is kept of so many days, a check every ten seconds, and how fast it is read.
async fn kept(file: &Path, name: &str, network: Network, days: i64) {
    let begin = Timestamp::from_millis(1_795_000_000_000);
    let mut story = Story::begin(file, 40, network, begin).await;
    let never = Timestamp::from_millis(0);
    let (mut events, mut checks) = (Vec::new(), 0u64);
    let end = begin.plus_millis(days * DAY_MS);
    let mut at = begin;
    while at < end {
        events.clear();
        for _ in 0..30 {
            story.round(at, &mut events);
            at = at.plus_millis(10_000);
        }
        checks += events.len() as u64;
        story.writer.write(&events, &[], false).await.unwrap();
        while story.writer.fold(at).await.unwrap() {}
        story.writer.prune(Cutoffs { checks: never, hours: never, events: never }, 10_000).await.unwrap();
    }
    let (target, reader) = (story.targets[7], story.reader.clone());
    let curve = |days: i64, source| Curve {
        span: Span::new(end.plus_millis(-days * DAY_MS), end).unwrap(),
        points: 1000,
        source,
        phase: Phase::Total,
    };
    for (what, curve, bar) in [
        ("all days of one target, from hours, at most 1,000 points", curve(days, Source::Hours), "≤ 10 ms p99"),
        ("one day of one target, from single checks", curve(1, Source::Checks), "none"),
        ("7 days of one target, from single checks", curve(7.min(days), Source::Checks), "none"),
    ] {
        let mut times = Vec::new();
        let mut points = 0;
        for _ in 0..200 {
            let began = Instant::now();
            points = reader.target_history(&story.group, target, curve).await.unwrap().history.points.len();
            times.push(began.elapsed());
        }
        let (p50, p99) = (share(&mut times, 0.5), share(&mut times, 0.99));
        println!("| {what} ({name}, {points} points) | p50 {:.2} ms, p99 {:.2} ms | {bar} |", ms(p50), ms(p99));
    }
    drop(reader);
    story.writer.close().await;
    let bytes = std::fs::metadata(file).unwrap().len() as f64;
    println!(
        "| on disk, {days} days of 40 targets × 10 s, everything included ({name}) | {:.2} bytes a check ({:.1} MB) | ≤ 1.0 |",
        bytes / checks as f64,
        bytes / 1e6
    );
}

/// Uptimes of a thousand targets that changed their status now and then for ninety days, while checks are written.
async fn uptimes(file: &Path) {
    let end = Timestamp::from_millis(1_795_000_000_000);
    let begin = end.plus_millis(-90 * DAY_MS);
    let mut story = Story::begin(file, 1000, LOOPBACK, begin).await;
    for day in 0..90 {
        let mut changes = Vec::new();
        for place in 0..story.targets.len() {
            if story.random.next() < 0.3 {
                let at = begin.plus_millis(day * DAY_MS + (story.random.next() * 80_000_000.0) as i64);
                let (target, reason) = (story.targets[place], Some(Reason::Timeout));
                changes.push(StandingChange { target, at, status: Some(Status::Unhealthy), reason });
                let back = at.plus_millis(60_000);
                changes.push(StandingChange { target, at: back, status: Some(Status::Healthy), reason: None });
            }
        }
        story.writer.write(&[], &changes, false).await.unwrap();
    }
    let spans: Vec<Span> =
        [1i64, 7, 30, 90].iter().map(|days| Span::new(end.plus_millis(-days * DAY_MS), end).unwrap()).collect();
    let (reader, targets) = (story.reader.clone(), story.targets.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let writing = {
        let stop = Arc::clone(&stop);
        tokio::task::spawn(async move {
            let (mut events, mut at) = (Vec::new(), end);
            while !stop.load(Ordering::Relaxed) {
                events.clear();
                story.round(at, &mut events);
                at = at.plus_millis(1000);
                // A thousand a second, in twenty transactions.
                for events in events.chunks(50) {
                    story.writer.write(events, &[], false).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        })
    };
    for (what, targets, bar) in [
        (
            "uptime of all 1,000 targets over 24 h, 7 d, 30 d, 90 d, while 1,000 checks/s are written",
            &targets[..],
            "≤ 10 ms p99",
        ),
        ("the same of one target", &targets[..1], "≤ 1 ms"),
    ] {
        let mut times = Vec::new();
        for _ in 0..300 {
            let began = Instant::now();
            assert_eq!(reader.uptimes(targets, &spans).await.unwrap().len(), targets.len());
            times.push(began.elapsed());
        }
        let (p50, p99) = (share(&mut times, 0.5), share(&mut times, 0.99));
        println!("| {what} | p50 {:.2} ms, p99 {:.2} ms | {bar} |", ms(p50), ms(p99));
    }
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
}
