//! Why something about the lab was not done, by what the caller can do about it.

use domain::{LAB_BACKENDS, LAB_RATE_MAX, LabDoing};

use crate::ChangeError;

/// Why something about the lab was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabError {
    /// Others can reach this server.
    #[error(
        "The lab is there only while Drainboard listens on a loopback address. Start it with --listen 127.0.0.1:3000."
    )]
    Closed,
    /// One runs already.
    #[error("A lab runs already. End it first.")]
    Running,
    /// None runs.
    #[error("No lab runs. Start it first.")]
    NotRunning,
    /// Standbys are being compared.
    #[error("Standbys are being compared already. Wait until that is over.")]
    Comparing,
    /// So many requests cannot be sent.
    #[error("Send 1 to {LAB_RATE_MAX} requests a second.")]
    Rate,
    /// There is no server of this number.
    #[error("The lab has the servers 1 to {LAB_BACKENDS}.")]
    NoSuchBackend,
    /// It would change nothing, or cannot be done now.
    #[error("That cannot be done to server {0} now: {said}.", said = doing(.1))]
    NotNow(u8, LabDoing),
    /// It was done, and the process is not so yet.
    #[error("Server {0} was told, and has not done it yet. Look again in a moment.")]
    NotYet(u8),
    /// The system refused.
    #[error("The system refused it: {0}.")]
    System(String),
    /// Something of the lab is still on the board.
    #[error("{0} Its processes are ended; end it once more to remove the rest.")]
    NotRemoved(ChangeError),
    /// The lab's files could not be removed.
    #[error("The lab's directory could not be removed: {0}.")]
    Directory(String),
}

fn doing(doing: &LabDoing) -> &'static str {
    match doing {
        LabDoing::Starting => "it is just starting",
        LabDoing::Answering { .. } => "it is so already",
        LabDoing::Hanging { .. } => "it hangs, so bring it back or kill it first",
        LabDoing::Gone => "it has no process, so bring it back first",
    }
}
