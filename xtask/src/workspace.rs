//! Where things are, and how cargo is called.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// What is built: for daily work and the tests, or for shipping.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    /// The profile of the server's build.
    pub(crate) fn server(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Release => "release",
        }
    }

    /// The profile of the browser's build.
    pub(crate) fn browser(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Release => "wasm-release",
        }
    }

    /// The directory where cargo puts what it builds with a profile.
    pub(crate) fn directory(profile: &'static str) -> &'static str {
        if profile == "dev" { "debug" } else { profile }
    }
}

/// The checkout and its build directory.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The checkout that this program was compiled in; its own place tells the build directory.
    pub(crate) fn find() -> Result<Workspace> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the xtask directory has no parent")?;
        let program = env::current_exe().context("this program does not know where it is")?;
        let target = program.ancestors().nth(2).context("this program is not in cargo's build directory")?;
        Ok(Workspace { root: root.to_owned(), target: target.to_owned() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The files for the browser, to be embedded by `server/build.rs`.
    pub(crate) fn site(&self, profile: Profile) -> PathBuf {
        self.target.join("site").join(profile.server())
    }

    pub(crate) fn server_binary(&self, profile: Profile) -> PathBuf {
        self.target.join(Profile::directory(profile.server())).join("drainboard")
    }

    /// A program that runs in the checkout.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Cargo, with the site of `profile` to embed.
    pub(crate) fn cargo(&self, profile: Profile, args: &[&str]) -> Command {
        let mut command = self.command(&env::var("CARGO").unwrap_or_else(|_| String::from("cargo")));
        command.args(args).env("CARGO_TARGET_DIR", &self.target).env("DRAINBOARD_SITE", self.site(profile));
        for (name, _) in env::vars_os() {
            if describes_this_program(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        command
    }
}

/// What `cargo run` tells this program about itself. Some build scripts watch these, and would run again for nothing.
fn describes_this_program(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
}
