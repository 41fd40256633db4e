//! What is refused at start, with its file left as it was.

use std::fs;
use std::os::unix::fs::{FileExt, symlink};
use std::path::Path;

use sqlx::{Connection, SqliteConnection};

use super::story::{Story, id, pass};
use super::{TempDir, open};
use crate::store::{OpenError, Store, connect};

/// A closed store with some hundred rows in it.
async fn make_store(file: &Path) {
    let (mut writer, _, _) = open(file).await;
    let mut story = Story::with_targets(50);
    for _ in 0..20 {
        story.pass_ms(1000);
        (0..50).for_each(|n| story.check("web", id(n), pass()));
    }
    writer.write(&story.take(), &[], false).await.unwrap();
    writer.close().await;
}

async fn run(file: &Path, statement: &'static str) {
    let mut connection = connect::reopen(file).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The refusal, after a look that the file was not touched and that nobody holds it.
async fn refusal(file: &Path) -> OpenError {
    let before = fs::read(file).ok();
    let error = Store::open(file).await.expect_err("it should be refused");
    assert_eq!(fs::read(file).ok(), before, "touched although refused: {error}");
    error
}

#[tokio::test]
async fn a_second_instance_is_refused_until_the_first_has_gone() {
    let dir = TempDir::new();
    let (mut first, _, _) = open(&dir.file()).await;
    let link = dir.path().join("link.db");
    symlink(dir.file(), &link).unwrap();
    for path in [dir.file(), link.clone()] {
        assert!(matches!(Store::open(&path).await, Err(OpenError::InUse(_))));
    }
    let mut story = Story::with_targets(1);
    first.write(&story.take(), &[], false).await.unwrap();
    first.close().await;
    let (_, _, restored) = open(&link).await;
    assert_eq!(restored.number, story.board.number);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let dir = TempDir::new();
    make_store(&dir.file()).await;
    run(
        &dir.file(),
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (99, 'later', true, x'00', 0)",
    )
    .await;
    let error = refusal(&dir.file()).await;
    assert!(matches!(error, OpenError::Newer { found: 99, known: 9, .. }), "{error:?}");
}

#[tokio::test]
async fn files_of_others_are_refused() {
    let dir = TempDir::new();
    let text = dir.path().join("notes.txt");
    fs::write(&text, "Dear diary, today I ran a database over this file.").unwrap();
    assert!(matches!(refusal(&text).await, OpenError::NotOurs(_)));

    let other = dir.path().join("other.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&other).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("create table diary (page text)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert!(matches!(refusal(&other).await, OpenError::NotOurs(_)));
}

#[tokio::test]
async fn a_file_that_was_cut_short_is_refused() {
    let dir = TempDir::new();
    make_store(&dir.file()).await;
    let length = fs::metadata(dir.file()).unwrap().len();
    for kept in [length / 2, length - 4096, 4096, 100, 16] {
        let cut = dir.path().join(format!("cut-{kept}.db"));
        fs::copy(dir.file(), &cut).unwrap();
        fs::OpenOptions::new().write(true).open(&cut).unwrap().set_len(kept).unwrap();
        let error = refusal(&cut).await;
        assert!(matches!(error, OpenError::Damaged { .. }), "{kept}: {error:?}");
    }
}

#[tokio::test]
async fn a_file_with_a_ruined_page_is_refused() {
    let dir = TempDir::new();
    make_store(&dir.file()).await;
    let pages = fs::metadata(dir.file()).unwrap().len() / 4096;
    for page in 1..pages {
        let ruined = dir.path().join(format!("ruined-{page}.db"));
        fs::copy(dir.file(), &ruined).unwrap();
        let mut bytes = vec![0; 4096];
        let file = fs::OpenOptions::new().read(true).write(true).open(&ruined).unwrap();
        file.read_exact_at(&mut bytes, page * 4096).unwrap();
        bytes.iter_mut().for_each(|byte| *byte = !*byte);
        file.write_all_at(&bytes, page * 4096).unwrap();
        drop(file);
        let error = refusal(&ruined).await;
        assert!(matches!(error, OpenError::Damaged { .. }), "page {page}: {error:?}");
    }
}

#[tokio::test]
async fn a_row_that_is_no_state_is_refused() {
    let dir = TempDir::new();
    make_store(&dir.file()).await;
    run(&dir.file(), "update targets set host = 'not a host' where key = 7").await;
    let error = Store::open(&dir.file()).await.err().unwrap();
    assert!(error.to_string().contains("unreadable host"), "{error}");
}

#[tokio::test]
async fn places_where_no_file_can_be_are_refused() {
    let dir = TempDir::new();
    assert!(matches!(refusal(dir.path()).await, OpenError::NotAFile(_)));
    assert!(matches!(refusal(&dir.path().join("no/such/board.db")).await, OpenError::NoDirectory(_)));
    assert!(matches!(refusal(Path::new("/dev/null")).await, OpenError::NotAFile(_)));
    let dangling = dir.path().join("dangling.db");
    symlink(dir.path().join("gone.db"), &dangling).unwrap();
    assert!(matches!(refusal(&dangling).await, OpenError::Denied { .. }));
    // procfs takes no files from anybody, not even from root.
    assert!(matches!(refusal(Path::new("/proc/board.db")).await, OpenError::Denied { .. }));
}

#[tokio::test]
async fn an_empty_file_and_a_start_that_was_cut_short_are_begun_anew() {
    let dir = TempDir::new();
    let empty = dir.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    open(&empty).await.0.close().await;

    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.file()).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(
        "create table _sqlx_migrations (version bigint primary key, description text not null,
         installed_on timestamp not null default current_timestamp, success boolean not null,
         checksum blob not null, execution_time bigint not null)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    open(&dir.file()).await.0.close().await;
}

#[tokio::test]
async fn every_refusal_says_what_to_do() {
    let file = || Path::new("/data/board.db").to_owned();
    for error in [
        OpenError::InUse(file()),
        OpenError::Locked(file()),
        OpenError::Newer { file: file(), found: 2, known: 1 },
        OpenError::NotOurs(file()),
        OpenError::Damaged { file: file(), what: "malformed".to_owned() },
        OpenError::NoDirectory(file()),
        OpenError::NotAFile(file()),
        OpenError::Denied { file: file(), source: std::io::Error::other("x") },
        OpenError::Full(file()),
    ] {
        let text = error.to_string();
        assert!(text.contains("/data/board.db") && text.contains("; "), "{text}");
    }
}
