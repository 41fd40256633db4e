//! A disk that fails while we run: nothing is half written, and the store heals by itself.

use std::path::Path;
use std::process::Command;

use domain::{Change, Event, StoreFault};
use sqlx::{Connection, SqliteConnection};

use super::story::{Story, group, id, pass};
use super::{TempDir, child, file_of_child, open};
use crate::store::{WriteError, Writer, connect};

/// Checks of 200 targets over and over: enough to need new pages soon.
fn round(story: &mut Story) -> Vec<Event> {
    for _ in 0..5 {
        story.pass_ms(1000);
        (0..200).for_each(|n| story.check("web", id(n), pass()));
    }
    story.take()
}

/// Writes until a write fails; gives the error and the events that were not written.
async fn write_until_it_fails(writer: &mut Writer, story: &mut Story) -> (WriteError, Vec<Event>) {
    for _ in 0..1000 {
        let events = round(story);
        if let Err(error) = writer.write(&events, &[], false).await {
            return (error, events);
        }
    }
    panic!("the disk never failed");
}

impl Writer {
    async fn pragma(&mut self, statement: &'static str) {
        let link = self.link.as_mut().unwrap();
        sqlx::query(statement).execute(&mut link.connection).await.unwrap();
    }
}

#[tokio::test]
async fn a_full_file_is_told_and_everything_goes_on_when_there_is_space() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(200);
    writer.write(&story.take(), &[], true).await.unwrap();
    // Belongs to the connection, so it is gone when the writer opens another one.
    writer.pragma("pragma max_page_count = 60").await;
    let (error, events) = write_until_it_fails(&mut writer, &mut story).await;
    assert_eq!(error, WriteError(StoreFault::Full));

    let seen = reader.observations(id(0), None, 10_000).await.unwrap();
    assert!(seen.iter().all(|seen| seen.at < events[0].at), "a part of what failed is there");
    writer.write(&events, &[], false).await.unwrap();
    let later = reader.observations(id(0), None, 10_000).await.unwrap();
    assert_eq!(later.len(), seen.len() + 5);
}

#[tokio::test]
async fn a_file_that_is_read_only_is_told() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    writer.pragma("pragma query_only = on").await;
    let mut story = Story::with_targets(1);
    let events = story.take();
    assert_eq!(writer.write(&events, &[], true).await, Err(WriteError(StoreFault::ReadOnly)));
    assert_eq!(writer.write(&events, &[], true).await, Ok(()));
}

#[tokio::test]
async fn another_program_that_holds_the_file_is_told_and_waited_for() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut other: SqliteConnection = connect::reopen(&dir.file()).await.unwrap();
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    let mut story = Story::with_targets(1);
    let events = story.take();
    assert_eq!(writer.write(&events, &[], true).await, Err(WriteError(StoreFault::Busy)));
    sqlx::query("rollback").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert_eq!(writer.write(&events, &[], true).await, Ok(()));
}

#[tokio::test]
async fn a_file_that_was_moved_away_is_told_and_not_made_anew() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    writer.write(&story.take(), &[], true).await.unwrap();
    std::fs::rename(dir.file(), dir.path().join("away.db")).unwrap();
    story.change(Change::CreateGroup(group("api")));
    let events = story.take();
    assert_eq!(writer.write(&events, &[], true).await, Err(WriteError(StoreFault::Gone)));
    assert!(!dir.file().exists());
    std::fs::rename(dir.path().join("away.db"), dir.file()).unwrap();
    assert_eq!(writer.write(&events, &[], true).await, Ok(()));
}

/// The part of the next test that runs in a process of its own, with a limit on the size of its files.
#[tokio::test]
#[ignore = "run by another test, under a limit"]
async fn under_a_limit_on_file_size() {
    let (mut writer, _, _) = open(&file_of_child()).await;
    let mut story = Story::with_targets(200);
    writer.write(&story.take(), &[], true).await.unwrap();
    let (error, events) = write_until_it_fails(&mut writer, &mut story).await;
    assert!(matches!(error, WriteError(StoreFault::Io(_)) | WriteError(StoreFault::Full)), "{error:?}");
    let lifted = Command::new("prlimit").args(["--pid", &std::process::id().to_string(), "--fsize=unlimited"]).status();
    assert!(lifted.unwrap().success());
    writer.write(&events, &[], true).await.unwrap();
    writer.close().await;
}

#[tokio::test]
async fn a_disk_that_refuses_to_grow_a_file_is_told_and_heals() {
    let dir = TempDir::new();
    // The shell ignores the signal that would end the process, as a full disk sends none.
    let limited = "trap '' XFSZ; ulimit -S -f 2000; exec \"$0\" \"$@\"";
    let child = child(limited, module_path!(), "under_a_limit_on_file_size", &dir.file()).output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
    assert!(is_sound(&dir.file()).await);
}

async fn is_sound(file: &Path) -> bool {
    let mut connection = connect::read_only(file).await.unwrap();
    sqlx::query_scalar::<_, String>("pragma integrity_check").fetch_one(&mut connection).await.unwrap() == "ok"
}
