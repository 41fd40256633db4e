//! The configuration file: what only somebody on this machine may set, because it starts programs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::StarterName;
use engine::{CommandLine, Starter, StarterAct, Starters};
use serde::Deserialize;

/// A file may be so long, in bytes.
const FILE_MAX: u64 = 256 * 1024;

/// A starter may take so long unless it says otherwise, in seconds.
const TIMEOUT_S: u64 = 30;

/// A starter may take so long at most, in seconds.
const TIMEOUT_MAX_S: u64 = 3600;

/// Why the configuration file is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadConfig {
    /// It cannot be read.
    #[error("cannot read the configuration file {0}; name one that is there and readable")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// It is far too long.
    #[error("the configuration file {0} is longer than 256 KiB; name the right one")]
    TooLong(PathBuf),
    /// It is not as it should be.
    #[error("the configuration file {0} is not valid; mend it and start Drainboard again")]
    Malformed(PathBuf, #[source] Box<toml::de::Error>),
    /// A starter is not as it should be.
    #[error("starter {name:?} in the configuration file: {what}")]
    Starter {
        /// Which one.
        name: String,
        /// What is wrong, and what to do.
        what: &'static str,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    starter: std::collections::BTreeMap<String, Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    command: Option<Vec<String>>,
    stop_command: Option<Vec<String>>,
    webhook: Option<String>,
    timeout_s: Option<u64>,
}

/// Reads the starters that a file names.
pub(crate) fn read(path: &Path) -> Result<Starters, BadConfig> {
    let unreadable = |error| BadConfig::Unreadable(path.to_owned(), error);
    if FILE_MAX < std::fs::metadata(path).map_err(unreadable)?.len() {
        return Err(BadConfig::TooLong(path.to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<Starters, BadConfig> {
    let file: File = toml::from_str(text).map_err(|error| BadConfig::Malformed(path.to_owned(), Box::new(error)))?;
    let starters = file.starter.into_iter().map(|(name, entry)| {
        let wrong = |what| BadConfig::Starter { name: name.clone(), what };
        let starter = starter(entry).map_err(wrong)?;
        let named: StarterName = name
            .parse()
            .map_err(|_| wrong("give it a name of 1 to 64 letters, digits, hyphens, dots and underscores"))?;
        Ok((named, starter))
    });
    starters.collect()
}

fn starter(Entry { command, stop_command, webhook, timeout_s }: Entry) -> Result<Starter, &'static str> {
    let act = match (command, webhook) {
        (Some(command), None) => StarterAct::Command(
            line(command).ok_or("command is empty; give the program and its arguments, each a text of its own")?,
        ),
        (None, Some(url)) => StarterAct::Webhook(webhook_of(&url)?),
        _ => return Err("give either command = [\"program\", \"argument\"] or webhook = \"http://host/path\""),
    };
    let seconds = timeout_s.unwrap_or(TIMEOUT_S);
    if !(1..=TIMEOUT_MAX_S).contains(&seconds) {
        return Err("timeout_s must be from 1 to 3600");
    }
    let stop = match stop_command {
        Some(command) => {
            let wrong =
                "stop_command is empty; give the program and its arguments, each a text of its own, or leave it out";
            Some(line(command).ok_or(wrong)?)
        }
        None => None,
    };
    Ok(Starter { act, stop, timeout: Duration::from_secs(seconds) })
}

fn line(command: Vec<String>) -> Option<CommandLine> {
    let mut words = command.into_iter();
    let program = words.next().filter(|program| !program.is_empty())?;
    Some(CommandLine { program, arguments: words.collect() })
}

fn webhook_of(url: &str) -> Result<hyper::Uri, &'static str> {
    let uri: hyper::Uri = url.parse().map_err(|_| "webhook is not a URL; give one such as http://host:8080/path")?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some();
    is_http.then_some(uri).ok_or("webhook must begin with http:// or https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Starters, String> {
        parse(Path::new("drainboard.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn starters_are_commands_or_webhooks() {
        let starters = read(
            "[starter.web-cold]\ncommand = [\"systemctl\", \"start\", \"web\"]\nstop_command = [\"halt\"]\n\
             [starter.vm]\nwebhook = \"https://127.0.0.1:9/up\"\ntimeout_s = 5\n",
        )
        .unwrap();
        let web = &starters[&"web-cold".parse().unwrap()];
        let arguments = ["start", "web"].map(str::to_owned).to_vec();
        assert_eq!(web.act, StarterAct::Command(CommandLine { program: "systemctl".to_owned(), arguments }));
        assert_eq!(web.stop, Some(CommandLine { program: "halt".to_owned(), arguments: Vec::new() }));
        assert_eq!(web.timeout, Duration::from_secs(30));
        assert_eq!(starters[&"vm".parse().unwrap()].timeout, Duration::from_secs(5));
        assert_eq!(read(""), Ok(Starters::new()));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_to_do() {
        for (text, said) in [
            ("[starter.a]\n", "give either command"),
            ("[starter.a]\ncommand = []\n", "command is empty"),
            ("[starter.a]\ncommand = [\"a\"]\nwebhook = \"http://b/\"\n", "give either command"),
            ("[starter.a]\ncommand = [\"a\"]\nstop_command = []\n", "stop_command is empty"),
            ("[starter.a]\nwebhook = \"ftp://b/\"\n", "http:// or https://"),
            ("[starter.a]\ncommand = [\"a\"]\ntimeout_s = 0\n", "from 1 to 3600"),
            ("[starter.\"a b\"]\ncommand = [\"a\"]\n", "give it a name"),
            ("[starter.a]\ncommand = \"systemctl start web\"\n", "is not valid; mend it"),
            ("[starters.a]\ncommand = [\"a\"]\n", "is not valid; mend it"),
        ] {
            let wrong = read(text).unwrap_err();
            assert!(wrong.contains(said), "{text}: {wrong}");
        }
    }
}
