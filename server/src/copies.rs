//! `drainboard backup` and `drainboard restore`.

use std::path::Path;
use std::process::ExitCode;

use engine::store;

/// Copies the data file, and says what to do with the copy.
pub(crate) fn backup(database: &Path, file: &Path) -> anyhow::Result<ExitCode> {
    let bytes = at_once(store::backup(database, file))?;
    let (file, database) = (file.display(), database.display());
    eprintln!("drainboard: {database} is copied to {file} ({bytes} bytes), and the copy was read from end to end");
    eprintln!("drainboard: to go back to it, stop Drainboard and run: drainboard restore {file} --database {database}");
    Ok(ExitCode::SUCCESS)
}

/// Puts a copy in the place of the data file, and says where what was there is now.
pub(crate) fn restore(file: &Path, database: &Path) -> anyhow::Result<ExitCode> {
    let kept = at_once(store::restore(file, database))?;
    eprintln!("drainboard: {} is now as it was in {}", database.display(), file.display());
    if let Some(kept) = kept {
        eprintln!("drainboard: what was there before is kept as {}; delete it when you do not need it", kept.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn at_once<T>(work: impl Future<Output = Result<T, store::BackupError>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work)?)
}
