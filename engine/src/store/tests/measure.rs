//! Measurements, by hand: `cargo test -p drainboard-engine --release measure -- --ignored --nocapture`.

use std::time::Duration;

use super::story::{Story, id, pass};
use super::{TempDir, open};
use crate::Clock;

/// Processor time of this process so far, which a busy machine does not change.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

const TARGETS: u32 = 1000;
const ROUNDS: u32 = 100;

#[tokio::test]
#[ignore = "a measurement"]
async fn rows_a_second_and_time_to_open() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(TARGETS);
    let began = Clock.instant();
    writer.write(&story.take(), &[], true).await.unwrap();
    eprintln!("registering {TARGETS} targets: {:?}", began.elapsed());

    let mut times: Vec<Duration> = Vec::new();
    let mut used = Duration::ZERO;
    for _ in 0..ROUNDS {
        story.pass_ms(1000);
        (0..TARGETS).for_each(|n| story.check("web", id(n), pass()));
        let events = story.take();
        let (began, before) = (Clock.instant(), processor());
        writer.write(&events, &[], false).await.unwrap();
        times.push(began.elapsed());
        used += processor() - before;
    }
    let total: Duration = times.iter().sum();
    times.sort();
    let rows = f64::from(TARGETS * ROUNDS);
    eprintln!("{:.1} us of processor a row", used.as_secs_f64() * 1e6 / rows);
    let file = std::fs::metadata(dir.file()).unwrap().len() as f64;
    eprintln!(
        "{:.0} rows/s; commit of {TARGETS} rows p50 {:?}, max {:?}; {:.1} bytes/row",
        rows / total.as_secs_f64(),
        times[times.len() / 2],
        times[times.len() - 1],
        file / rows
    );

    let began = Clock.instant();
    let seen = reader.observations(id(3), None, 60).await.unwrap();
    eprintln!("{} observations of one target: {:?}", seen.len(), began.elapsed());
    let began = Clock.instant();
    writer.heal(&story.board, &[], None, story.now).await.unwrap();
    eprintln!("healing: {:?}", began.elapsed());
    writer.close().await;
    let (began, before) = (Clock.instant(), processor());
    let (_, _, restored) = open(&dir.file()).await;
    let targets = restored.board.groups.values().flat_map(|group| group.targets.values());
    let beats: usize = targets.map(|target| target.beats.iter().len()).sum();
    eprintln!("opening with {beats} beats: {:?}, processor {:?}", began.elapsed(), processor() - before);
}
