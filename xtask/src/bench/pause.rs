//! Waiting, which is most of measuring.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

#[expect(clippy::disallowed_methods, reason = "this program has one thread, and its work is to wait")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// Waits until `is_so`, or says that it did not become so.
pub(crate) fn until(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so() {
        if began.elapsed() > patience {
            bail!("{what} took more than {} s", patience.as_secs());
        }
        pause(Duration::from_millis(20));
    }
    Ok(())
}
