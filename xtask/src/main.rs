//! The commands of this repository: `cargo xtask run | lab | test | build | bench`.
//!
//! Each does its own set-up on a fresh machine, says in one line what it is doing, and skips what is there already.

mod bench;
mod glue;
mod packages;
mod precompress;
mod prune;
mod run;
mod shell;
mod site;
mod split;
mod tally;
mod test;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const HELP: &str = "\
The commands of this repository.

cargo xtask run [-- FLAGS]       build what has changed and start the dashboard; FLAGS go to `drainboard serve`
cargo xtask lab [-- FLAGS]       the same with a lab: three servers and a load balancer, to break and to watch
cargo xtask test [--no-browser]  every check and test: format, lints, Rust tests, browser journeys on the files as shipped
cargo xtask test rust [ARGS]     the Rust tests alone; ARGS go to `cargo test`
cargo xtask test browser [ARGS]  the browser journeys alone; ARGS go to `playwright test`
cargo xtask test release [ARGS]  the same on the browser's files as they are shipped: split, shrunk and compressed
cargo xtask build [site]         target/release/drainboard, one self-contained file; or the browser's files alone
cargo xtask bench [OPTIONS]      what a check costs, beside HAProxy and Prometheus; OPTIONS: --size 1000x1s, --seconds 60,
                                 --stress
cargo xtask bench failover       how soon faults are found and what they cost; OPTIONS: --rounds 100, --debug
cargo xtask bench history [DAYS] what history costs on disk and how fast it is written and read
cargo xtask bench page           what a page costs: first load and live changes in Chromium, memory, the size of the program
cargo xtask bench stream         what live readers cost: 10,000 at rest, 1,000 with 1,000 changes a second, stalled ones
cargo xtask bench crash [ROUNDS] kills it at random moments under load, 1,000 times, and looks at what it kept
                                 (these three with --built: measure target/release/drainboard as it is)
";

fn main() -> ExitCode {
    match command(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(args: Vec<String>) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["run", "--", flags @ ..] | ["run", flags @ ..] => run::run(&Workspace::find()?, "serve", flags),
        ["lab", "--", flags @ ..] | ["lab", flags @ ..] => run::run(&Workspace::find()?, "lab", flags),
        ["build", "site"] => run::build_site(&Workspace::find()?),
        ["build"] => run::build_release(&Workspace::find()?),
        ["test"] => test::all(&Workspace::find()?),
        ["test", "--no-browser"] => test::all_but_browser(&Workspace::find()?),
        ["test", "rust", args @ ..] => test::rust(&Workspace::find()?, args),
        ["test", "release", args @ ..] => test::shipped(&Workspace::find()?, args),
        ["test", "browser", args @ ..] => test::browser(&Workspace::find()?, args),
        // Not a command for people: `build` runs it in a build of this program that has the compressors.
        ["precompress", dir] => precompress::precompress(dir.as_ref()),
        ["bench", "history", args @ ..] => bench::history(&Workspace::find()?, args),
        ["bench", args @ ..] => bench::in_a_build_of_its_own(&Workspace::find()?, args),
        // Not commands for people: `bench` runs them in a build of this program that has them.
        #[cfg(feature = "bench")]
        ["bench-here", args @ ..] => bench::bench(&Workspace::find()?, args),
        #[cfg(feature = "bench")]
        ["backend", address, millis] => bench::backend(address, millis),
        #[cfg(feature = "bench")]
        ["farm", targets, manner, stamps] => bench::farm(targets, manner, stamps.as_ref()),
        [] | ["help" | "--help" | "-h", ..] => {
            eprint!("{HELP}");
            Ok(())
        }
        _ => bail!("`{}` is not a command\n\n{HELP}", args.join(" ")),
    }
}
