//! A backup is whole, and comes back.

use domain::Change;

use super::story::{Story, group, id, pass};
use super::{TempDir, open};
use crate::store::{BackupError, OpenError, backup, restore};

#[tokio::test]
async fn a_backup_of_a_store_in_use_is_the_store_of_that_moment() {
    let dir = TempDir::new();
    let copy = dir.path().join("copy.db");
    let (mut writer, _reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(20);
    let count = |story: &mut Story| (0..20).for_each(|n| story.check("web", id(n), pass()));
    count(&mut story);
    writer.write(&story.take(), &[], true).await.unwrap();
    let then = story.restored();
    let file = dir.file();
    let (size, ()) = tokio::join!(backup(&file, &copy), async {
        for _ in 0..20 {
            story.pass_ms(1000);
            count(&mut story);
            writer.write(&story.take(), &[], false).await.unwrap();
        }
    });
    assert!(size.unwrap() > 0);
    assert!(matches!(backup(&dir.file(), &copy).await, Err(BackupError::Exists(_))));
    story.change(Change::CreateGroup(group("later")));
    writer.write(&story.take(), &[], true).await.unwrap();

    // Nobody's store is replaced while it is in use.
    assert!(matches!(restore(&copy, &dir.file()).await, Err(BackupError::Open(OpenError::InUse(_)))));
    writer.close().await;
    let kept = restore(&copy, &dir.file()).await.unwrap().unwrap();
    let (writer, _, restored) = open(&dir.file()).await;
    assert_eq!(restored.board.groups.keys().collect::<Vec<_>>(), then.groups.keys().collect::<Vec<_>>());
    assert_eq!(restored.board.groups[&super::story::name("web")].targets.len(), 20);
    writer.close().await;
    assert_eq!(open(&kept).await.2.board.groups.len(), 2, "what was there stays");
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_what_is_there_stays() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(200);
    writer.write(&story.take(), &[], true).await.unwrap();
    writer.close().await;
    let missing = dir.path().join("missing.db");
    assert!(matches!(backup(&missing, &dir.path().join("copy.db")).await, Err(BackupError::Missing(_))));
    assert!(matches!(restore(&missing, &dir.file()).await, Err(BackupError::NoBackup(_))));
    assert!(matches!(restore(&dir.file(), &dir.file()).await, Err(BackupError::Same(_))));

    let copy = dir.path().join("copy.db");
    backup(&dir.file(), &copy).await.unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xA5);
    std::fs::write(&copy, bytes).unwrap();
    let error = restore(&copy, &dir.file()).await.unwrap_err();
    assert!(matches!(error, BackupError::Damaged { .. } | BackupError::Open(OpenError::Damaged { .. })), "{error}");
    assert_eq!(open(&dir.file()).await.2.number, story.board.number);
}
