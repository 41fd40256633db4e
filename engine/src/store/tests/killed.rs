//! `kill -9` in the middle of writing.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use domain::Change;

use super::story::{Story, group, id, name, pass, refused, target};
use super::{TempDir, child, file_of_child, open};
use crate::store::EventFilter;

/// So many writes are acknowledged before the process is killed.
const ACKNOWLEDGED: usize = 60;

/// Writes until long after it should be killed, and says after each write which event it ended with.
#[tokio::test]
#[ignore = "run by another test, which kills it"]
async fn writes_until_it_is_killed() {
    let (mut writer, _reader, _) = open(&file_of_child()).await;
    let mut story = Story::with_targets(50);
    for turn in 0..10_000 {
        story.pass_ms(1000);
        let outcome = if turn % 5 < 2 { refused() } else { pass() };
        (0..50).for_each(|n| story.check("web", id(n), outcome.clone()));
        if turn % 4 == 0 {
            story.change(Change::Register(name("web"), vec![target("web", 100 + turn)]));
        }
        writer.write(&story.take(), &[], turn % 4 == 0).await.unwrap();
        eprintln!("acknowledged {}", story.board.number);
    }
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost_and_the_lock_is_free() {
    let dir = TempDir::new();
    let mut writing = child("exec \"$0\" \"$@\"", module_path!(), "writes_until_it_is_killed", &dir.file())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writing.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut numbers = lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse::<u64>().ok());
    let early = numbers.by_ref().take(ACKNOWLEDGED).count();
    assert_eq!(early, ACKNOWLEDGED, "the child ended by itself");
    writing.kill().unwrap();
    writing.wait().unwrap();
    let last = numbers.last().unwrap_or(0);

    let (mut writer, reader, restored) = open(&dir.file()).await;
    assert!(restored.number.0 >= last, "{} of {last}", restored.number);
    let newest = reader.events(EventFilter { limit: 1, ..EventFilter::default() }).await.unwrap();
    assert!(newest[0].number <= restored.number);
    let registered = restored.board.groups[&name("web")].targets.len() as u64;
    assert!(registered >= 50 + (ACKNOWLEDGED as u64) / 4, "{registered}");
    // And it goes on from there.
    let mut story = Story { board: restored.board, now: newest[0].at, unwritten: Vec::new() };
    story.change(Change::CreateGroup(group("api")));
    writer.write(&story.take(), &[], true).await.unwrap();
    writer.close().await;
    assert_eq!(open(&dir.file()).await.2.number, story.board.number);
}
