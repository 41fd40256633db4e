//! What the lab and the tests need beside Rust: packages of the system, and npm packages.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell::{output, run, say};
use crate::workspace::Workspace;

/// A package of Debian and what needs it.
struct Package {
    name: &'static str,
    /// A file by which to know it on systems that have no such packages.
    file: &'static str,
}

const FOR_THE_BROWSER: [Package; 3] = [
    Package { name: "chromium", file: "/usr/bin/chromium" },
    Package { name: "fonts-noto-cjk", file: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc" },
    Package { name: "python3", file: "/usr/bin/python3" },
];

/// The proxies that the tests talk to. The tests start them themselves, on loopback.
const FOR_THE_TESTS: [Package; 2] =
    [Package { name: "haproxy", file: "/usr/sbin/haproxy" }, Package { name: "caddy", file: "/usr/bin/caddy" }];

/// What the lab puts before its servers.
const FOR_THE_LAB: [Package; 1] = [Package { name: "haproxy", file: "/usr/sbin/haproxy" }];

/// What the benchmark measures beside us, and what disturbs all of them.
#[cfg(feature = "bench")]
const FOR_THE_BENCHMARK: [Package; 4] = [
    Package { name: "haproxy", file: "/usr/sbin/haproxy" },
    Package { name: "prometheus", file: "/usr/bin/prometheus" },
    Package { name: "prometheus-blackbox-exporter", file: "/usr/bin/prometheus-blackbox-exporter" },
    Package { name: "stress-ng", file: "/usr/bin/stress-ng" },
];

/// Installs what the benchmark needs, or says what is missing.
#[cfg(feature = "bench")]
pub(crate) fn for_the_benchmark(workspace: &Workspace) -> Result<()> {
    system(workspace, "the benchmark's peers", &FOR_THE_BENCHMARK)
}

/// Installs what the lab needs where that is possible. The dashboard runs without it, and the lab's page says what is
/// missing.
pub(crate) fn for_the_lab(workspace: &Workspace) {
    if let Err(error) = system(workspace, "the lab", &FOR_THE_LAB) {
        say(&format!("going on without a load balancer for the lab: {error:#}"));
    }
}

/// Installs what the Rust tests need, or says what is missing.
pub(crate) fn for_the_tests(workspace: &Workspace) -> Result<()> {
    system(workspace, "the tests", &FOR_THE_TESTS)
}

/// Installs what the browser journeys need, or says what is missing.
pub(crate) fn for_the_browser(workspace: &Workspace) -> Result<()> {
    node(workspace)?;
    system(workspace, "the browser journeys", &FOR_THE_BROWSER)?;
    for_the_tests(workspace)?;
    npm(workspace)
}

fn node(workspace: &Workspace) -> Result<()> {
    let version = output(workspace.command("node").arg("--version"))
        .context("the browser journeys need Node.js 20 or newer (https://nodejs.org); `cargo xtask test --no-browser` does without")?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("the browser journeys need Node.js 20 or newer, this is {}", version.trim());
    }
    Ok(())
}

fn system(workspace: &Workspace, who: &str, packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> =
        packages.iter().filter(|package| !Path::new(package.file).exists()).map(|package| package.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !Path::new("/usr/bin/apt-get").exists() {
        say(&format!(
            "going on without {list}: only Debian's packages are installed here; what needs them will say so"
        ));
        return Ok(());
    }
    if output(workspace.command("id").arg("-u")).is_none_or(|user| user.trim() != "0") {
        bail!("packages for {who} are missing: sudo apt-get install --no-install-recommends {list}");
    }
    say(&format!("installing {list}"));
    apt_get(workspace, &["update", "--quiet"])?;
    apt_get(workspace, &[&["install", "--yes", "--quiet", "--no-install-recommends"], missing.as_slice()].concat())
        .with_context(|| format!("cannot install {list}"))
}

fn apt_get(workspace: &Workspace, args: &[&str]) -> Result<()> {
    run(workspace.command("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(args))
}

/// The npm packages of `end2end/`, as its lock file says.
fn npm(workspace: &Workspace) -> Result<()> {
    let dir = workspace.root().join("end2end");
    let lock = dir.join("package-lock.json");
    let installed = dir.join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the npm packages of end2end/");
    let mut npm = workspace.command("npm");
    npm.current_dir(&dir).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run(npm.args(["ci", "--silent", "--no-audit", "--no-fund"]))
        .context("npm could not install the packages of end2end/; it needs its registry, or a cache of it")?;
    if !Path::new("/usr/bin/chromium").exists() && env::var_os("CI").is_none() {
        say("downloading Playwright's own Chromium");
        run(workspace.command("npx").current_dir(&dir).args(["playwright", "install", "chromium"]))?;
    }
    fs::write(installed, wanted).context("cannot note what was installed")
}
