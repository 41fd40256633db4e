//! What the command line says.

use anyhow::{Context as _, Result, bail};

const USAGE: &str = "cargo xtask bench failover [--rounds 100] [--debug]";

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// So many processes are killed, and a third as many stopped.
    pub(super) rounds: u32,
    /// Whether the build for development is measured.
    pub(super) debug: bool,
}

impl Options {
    pub(super) fn parse(args: &[&str]) -> Result<Options> {
        let mut options = Options { rounds: 100, debug: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match *arg {
                "--rounds" => {
                    let value = args.next().with_context(|| format!("--rounds needs a value: {USAGE}"))?;
                    let rounds = value.parse().ok().filter(|rounds| (3..=1000).contains(rounds));
                    options.rounds = rounds.with_context(|| format!("`{value}` is not a number from 3 to 1000"))?;
                }
                "--debug" => options.debug = true,
                _ => bail!("`{arg}` is not an option: {USAGE}"),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_measured_is_refused() {
        assert_eq!(Options::parse(&["--rounds", "5", "--debug"]).unwrap(), Options { rounds: 5, debug: true });
        for args in [&["--rounds"][..], &["--rounds", "2"], &["--rounds", "x"], &["-v"]] {
            assert!(Options::parse(args).is_err(), "{args:?}");
        }
    }
}
