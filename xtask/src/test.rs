//! Every check, in the order of what is quick to fail.

use anyhow::{Result, bail};

use crate::shell::{run, say, watch};
use crate::tally::Tally;
use crate::workspace::{Profile, Workspace};
use crate::{packages, run as build, site, wasm};

/// The crates of the product: compiled together, with the features that their tests ask for.
const PRODUCT: [&str; 3] = ["--workspace", "--exclude", "xtask"];
const DENY_WARNINGS: [&str; 3] = ["--", "--deny", "warnings"];

/// Everything. The browser's files are those of a release, which is split and shrunk, and so may break where the program
/// of every day does not; the server that carries them is the one that the Rust tests have, since a release of it takes
/// longer to compile than all else here.
pub(crate) fn all(workspace: &Workspace) -> Result<()> {
    packages::for_the_browser(workspace)?;
    lint(workspace)?;
    build::build_site(workspace)?;
    reporting(|tally| {
        rust_tests(workspace, Profile::Release, &[], tally)?;
        journeys(workspace, Profile::Release, &[], tally)
    })
}

/// Everything that needs no browser.
pub(crate) fn all_but_browser(workspace: &Workspace) -> Result<()> {
    packages::for_the_tests(workspace)?;
    lint(workspace)?;
    site::build(workspace, Profile::Dev)?;
    reporting(|tally| rust_tests(workspace, Profile::Dev, &[], tally))
}

/// The Rust tests alone, with arguments for `cargo test`.
pub(crate) fn rust(workspace: &Workspace, args: &[&str]) -> Result<()> {
    packages::for_the_tests(workspace)?;
    reporting(|tally| rust_tests(workspace, Profile::Dev, args, tally))
}

/// The browser journeys alone, with arguments for `playwright test`, on the program of every day: it is built in seconds.
pub(crate) fn browser(workspace: &Workspace, args: &[&str]) -> Result<()> {
    packages::for_the_browser(workspace)?;
    site::build(workspace, Profile::Dev)?;
    reporting(|tally| journeys(workspace, Profile::Dev, args, tally))
}

/// The browser journeys alone, on the browser's files as they are shipped.
pub(crate) fn shipped(workspace: &Workspace, args: &[&str]) -> Result<()> {
    packages::for_the_browser(workspace)?;
    build::build_site(workspace)?;
    reporting(|tally| journeys(workspace, Profile::Release, args, tally))
}

/// Runs tests and ends with one line that says how they went.
fn reporting(tests: impl FnOnce(&mut Tally) -> Result<()>) -> Result<()> {
    let mut tally = Tally::default();
    let result = tests(&mut tally);
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    eprintln!("{tally}");
    if result.is_err() {
        std::process::exit(1);
    }
    Ok(())
}

fn lint(workspace: &Workspace) -> Result<()> {
    let cargo = |args: &[&str]| workspace.cargo(Profile::Dev, args);
    say("checking the format");
    if run(&mut cargo(&["fmt", "--all", "--check"])).is_err() {
        bail!("some files are not formatted: `cargo fmt` does it");
    }
    say("linting");
    run(cargo(&["clippy", "--all-targets"]).args(PRODUCT).args(DENY_WARNINGS))?;
    run(cargo(&["clippy", "--all-targets", "--package", "xtask"]).args(DENY_WARNINGS))?;
    say("linting what the browser runs");
    wasm::install_target(workspace)?;
    for features in ["hydrate", "split"] {
        let browser = ["clippy", "--package", "drainboard-app", "--lib", "--bins", "--no-default-features"];
        let features = ["--features", features, "--target", wasm::TARGET];
        run(cargo(&browser).args(features).args(DENY_WARNINGS))?;
    }
    Ok(())
}

fn rust_tests(workspace: &Workspace, files: Profile, args: &[&str], tally: &mut Tally) -> Result<()> {
    say("compiling and running the Rust tests");
    let mut product = workspace.cargo(files, &["test", "--no-fail-fast"]);
    let mut xtask = workspace.cargo(Profile::Dev, &["test", "--package", "xtask"]);
    let mut watched = |cargo: &mut std::process::Command| watch(cargo, |line| tally.read_libtest(line));
    if !args.is_empty() {
        return watched(product.args(PRODUCT).args(args));
    }
    watched(product.args(PRODUCT))?;
    watched(&mut xtask)
}

fn journeys(workspace: &Workspace, files: Profile, args: &[&str], tally: &mut Tally) -> Result<()> {
    say("compiling the server");
    // With all targets, as the Rust tests do: their features are the server's here, and nothing is compiled twice.
    run(workspace.cargo(files, &["build", "--all-targets"]).args(PRODUCT))?;
    say("running the browser journeys");
    let mut playwright = workspace.command("npx");
    playwright.current_dir(workspace.root().join("end2end")).args(["playwright", "test"]).args(args);
    playwright.env("DRAINBOARD_BINARY", workspace.server_binary(Profile::Dev));
    watch(&mut playwright, |line| tally.read_playwright(line))
}
