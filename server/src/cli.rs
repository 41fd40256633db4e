//! The command line, which is also where the environment's variables are named.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;

use crate::config::{LogSettings, Settings};

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

    /// Which messages are logged, such as info, debug or engine=debug,warn.
    #[arg(long, env = "DRAINBOARD_LOG", default_value = "info,sqlx=warn", value_name = "FILTER")]
    log: String,

    /// Log as JSON, one object a line.
    #[arg(long, env = "DRAINBOARD_LOG_JSON", value_parser = BoolishValueParser::new())]
    log_json: bool,
}

impl Cli {
    /// The settings of the server, whichever way it was called.
    pub(crate) fn into_settings(self) -> Settings {
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
            log,
            log_json,
        } = match self.command {
            Some(Command::Serve(serve)) => serve,
            None => self.serve,
        };
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
        Settings { listen, allow_unauthenticated, allowed_hosts, sentinels, engine, log }
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

    #[test]
    fn serve_is_what_happens_without_a_command() {
        let bare = Cli::try_parse_from(["drainboard", "--listen", "127.0.0.1:0"]).unwrap().into_settings();
        let said = Cli::try_parse_from(["drainboard", "serve", "--listen", "127.0.0.1:0"]).unwrap().into_settings();
        assert_eq!(bare.listen, said.listen);
        assert_eq!(bare.engine.keep_events, Duration::from_secs(400 * 24 * 3600));
    }

    #[test]
    fn hosts_may_be_given_many_times() {
        let args = ["drainboard", "--allowed-host", "a.example", "--allowed-host", "b.example:8443"];
        assert_eq!(Cli::try_parse_from(args).unwrap().into_settings().allowed_hosts, ["a.example", "b.example:8443"]);
    }

    #[test]
    fn a_time_needs_a_unit_and_a_limit_is_above_zero() {
        assert!(Cli::try_parse_from(["drainboard", "--keep-events", "400"]).is_err());
        assert!(Cli::try_parse_from(["drainboard", "--keep-events", "0s"]).is_err());
        assert!(Cli::try_parse_from(["drainboard", "--checks-at-once", "0"]).is_err());
    }
}
