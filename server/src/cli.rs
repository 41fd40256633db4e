//! The command line, which is also where the environment's variables are named.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;

use crate::config::{LabWish, LogSettings, Settings};

/// A self-hosted dashboard for the health of target groups.
#[derive(Debug, clap::Parser)]
#[command(name = "drainboard", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks targets and serves the board. This is what happens without a command, too.
    Serve(Serve),
    /// The same with a lab to begin with: three servers and a load balancer on this machine, to break and to watch. It is
    /// removed when Drainboard stops.
    Lab(Serve),
    /// Copies everything to a file, also while Drainboard runs.
    Backup(Copy),
    /// Puts a backup in the place of the data file. Stop Drainboard first; what was there is kept beside it.
    Restore(Copy),
    /// Is a server of a lab. The lab starts it, or you do: its page says the whole command.
    #[command(hide = true)]
    LabBackend {
        /// Which one.
        #[arg(value_name = "NUMBER")]
        number: u8,
        /// The lab's directory.
        #[arg(value_name = "DIRECTORY")]
        directory: PathBuf,
    },
}

/// What the program is to be.
#[derive(Debug)]
pub(crate) enum Job {
    /// The server.
    Serve(Box<Settings>),
    /// Copies the data file to a file.
    Backup { database: PathBuf, file: PathBuf },
    /// Puts a file in the place of the data file.
    Restore { file: PathBuf, database: PathBuf },
    /// A server of a lab, of this number, in this directory.
    LabBackend(u8, PathBuf),
}

#[derive(Debug, clap::Args)]
struct Copy {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The SQLite file that holds everything.
    #[arg(long, env = "DRAINBOARD_DATABASE", default_value = "drainboard.db", value_name = "FILE")]
    database: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "DRAINBOARD_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,

    /// The SQLite file that holds everything; made if it is not there.
    #[arg(long, env = "DRAINBOARD_DATABASE", default_value = "drainboard.db", value_name = "FILE")]
    database: PathBuf,

    /// Listen on an address that others can reach, although there is no sign-in.
    #[arg(long, env = "DRAINBOARD_ALLOW_UNAUTHENTICATED", value_parser = BoolishValueParser::new())]
    allow_unauthenticated: bool,

    /// A name by which browsers may ask for this server, such as that of a reverse proxy; may be given many times.
    #[arg(long = "allowed-host", env = "DRAINBOARD_ALLOWED_HOSTS", value_delimiter = ',', value_name = "HOST[:PORT]")]
    allowed_hosts: Vec<String>,

    /// How long results of single checks are kept.
    #[arg(long, env = "DRAINBOARD_KEEP_OBSERVATIONS", default_value = "30d", value_parser = duration, value_name = "TIME")]
    keep_observations: Duration,

    /// How long the sums of whole hours are kept, for long ranges.
    #[arg(long, env = "DRAINBOARD_KEEP_HOURS", default_value = "400d", value_parser = duration, value_name = "TIME")]
    keep_hours: Duration,

    /// How long events and changes are kept.
    #[arg(long, env = "DRAINBOARD_KEEP_EVENTS", default_value = "400d", value_parser = duration, value_name = "TIME")]
    keep_events: Duration,

    /// So many checks may be under way at once.
    #[arg(long, env = "DRAINBOARD_CHECKS_AT_ONCE", default_value = "4096", value_parser = positive, value_name = "NUMBER")]
    checks_at_once: usize,

    /// So many checks may be under way at once to one host.
    #[arg(long, env = "DRAINBOARD_CHECKS_PER_HOST", default_value = "256", value_parser = positive, value_name = "NUMBER")]
    checks_per_host: usize,

    /// So many sentinels, one idle connection each, may be held at once; half of the files that may be open unless said.
    #[arg(long, env = "DRAINBOARD_SENTINELS", value_name = "NUMBER")]
    sentinels: Option<usize>,

    /// A file with what only somebody on this machine may set: the starters of cold standbys.
    #[arg(long, env = "DRAINBOARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// The HAProxy program for the lab; looked for where systems keep it unless you say.
    #[arg(long, env = "DRAINBOARD_HAPROXY", value_name = "FILE")]
    haproxy: Option<PathBuf>,

    /// Which messages are logged, such as info, debug or engine=debug,warn.
    #[arg(long, env = "DRAINBOARD_LOG", default_value = "info,sqlx=warn", value_name = "FILTER")]
    log: String,

    /// Log as JSON, one object a line.
    #[arg(long, env = "DRAINBOARD_LOG_JSON", value_parser = BoolishValueParser::new())]
    log_json: bool,
}

impl Cli {
    /// What the program is to be, whichever way it was called.
    pub(crate) fn into_job(self) -> Job {
        match self.command {
            Some(Command::Backup(Copy { file, database })) => Job::Backup { database, file },
            Some(Command::Restore(Copy { file, database })) => Job::Restore { file, database },
            Some(Command::LabBackend { number, directory }) => Job::LabBackend(number, directory),
            Some(Command::Lab(serve)) => Job::Serve(Box::new(serve.into_settings(LabWish::AtOnce))),
            Some(Command::Serve(serve)) => Job::Serve(Box::new(serve.into_settings(LabWish::WhenAsked))),
            None => Job::Serve(Box::new(self.serve.into_settings(LabWish::WhenAsked))),
        }
    }
}

impl Serve {
    fn into_settings(self, lab: LabWish) -> Settings {
        let Serve {
            listen,
            database,
            allow_unauthenticated,
            allowed_hosts,
            keep_observations,
            keep_hours,
            keep_events,
            checks_at_once,
            checks_per_host,
            sentinels,
            config: config_file,
            haproxy,
            log,
            log_json,
        } = self;
        let engine = engine::Config {
            keep_observations,
            keep_hours,
            keep_events,
            checks_at_once,
            checks_per_host,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..engine::Config::new(database)
        };
        let log = LogSettings { filter: log, json: log_json };
        Settings { listen, allow_unauthenticated, allowed_hosts, sentinels, config_file, engine, log, lab, haproxy }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("give a time above zero, such as 48h or 400d".to_owned()),
        Ok(duration) => Ok(duration),
        Err(_) => Err("give a time with its unit, such as 90m, 48h or 400d".to_owned()),
    }
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "give a whole number above zero".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    fn settings(arguments: &[&str]) -> Settings {
        match Cli::try_parse_from(arguments).unwrap().into_job() {
            Job::Serve(settings) => *settings,
            job => panic!("{job:?}"),
        }
    }

    #[test]
    fn serve_is_what_happens_without_a_command() {
        let bare = settings(&["drainboard", "--listen", "127.0.0.1:0"]);
        let said = settings(&["drainboard", "serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(bare.listen, said.listen);
        assert_eq!(bare.engine.keep_events, Duration::from_secs(400 * 24 * 3600));
        assert_eq!(bare.lab, LabWish::WhenAsked);
    }

    #[test]
    fn a_lab_is_served_like_any_board() {
        let lab = settings(&["drainboard", "lab", "--listen", "127.0.0.1:0"]);
        assert_eq!((lab.lab, lab.listen.port()), (LabWish::AtOnce, 0));
        let server = Cli::try_parse_from(["drainboard", "lab-backend", "2", "/data/board.db-lab"]).unwrap().into_job();
        assert!(matches!(server, Job::LabBackend(2, directory) if directory.ends_with("board.db-lab")));
    }

    #[test]
    fn hosts_may_be_given_many_times() {
        let args = ["drainboard", "--allowed-host", "a.example", "--allowed-host", "b.example:8443"];
        assert_eq!(settings(&args).allowed_hosts, ["a.example", "b.example:8443"]);
    }

    #[test]
    fn a_time_needs_a_unit_and_a_limit_is_above_zero() {
        assert!(Cli::try_parse_from(["drainboard", "--keep-events", "400"]).is_err());
        assert!(Cli::try_parse_from(["drainboard", "--keep-events", "0s"]).is_err());
        assert!(Cli::try_parse_from(["drainboard", "--checks-at-once", "0"]).is_err());
    }
}
