//! The browser's program: compiled to WebAssembly, then given its JavaScript by wasm-bindgen.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::glue;
use crate::shell::{output, run, say};
use crate::site::write_if_changed;
use crate::split;
use crate::workspace::{Profile, Workspace};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// How the site is made of what was compiled. What is made otherwise needs another name here.
const MADE: &str = "wasm-bindgen 0.2.130, pruned, by short names";

/// Compiles the browser's program and writes `drainboard.wasm` and `drainboard.js` into the site; true if they are new.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<bool> {
    let module = compile(workspace, profile)?;
    let site = workspace.site(profile);
    let stamp = site.with_extension("stamp");
    let input = fingerprint(&module)?;
    if fs::read_to_string(&stamp).is_ok_and(|last| last == input) && site.join("drainboard.wasm").is_file() {
        return Ok(false);
    }
    if stamp.is_file() {
        fs::remove_file(&stamp)?;
    }
    let module = match profile {
        Profile::Dev => module,
        Profile::Release => {
            say("splitting the browser's program");
            split::split(&module, &site)?
        }
    };
    say("writing the JavaScript around the browser's program");
    bind(&module, &site, profile)?;
    match profile {
        Profile::Dev => fs::write(&stamp, input)?,
        // It is not done yet: see [`done`].
        Profile::Release => {}
    }
    Ok(true)
}

/// Says that the program of a release is as it is to be, so that it is not made again before it changes.
pub(crate) fn done(workspace: &Workspace) -> Result<()> {
    let input = fingerprint(&compiled(workspace, Profile::Release))?;
    let stamp = workspace.site(Profile::Release).with_extension("stamp");
    fs::write(&stamp, input).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Adds the target if the toolchain lacks it.
pub(crate) fn install_target(workspace: &Workspace) -> Result<()> {
    let mut rustc = workspace.command("rustc");
    let library = output(rustc.args(["--print", "target-libdir", "--target", TARGET]))
        .context("rustc is missing: install Rust by rustup, https://rustup.rs")?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    say("adding the WebAssembly target to the toolchain");
    run(workspace.command("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!(
            "the Rust target {TARGET} is missing: `rustup target add {TARGET}` installs it, \
             or, where Rust comes from the system's packages, the one with its standard library (Debian: libstd-rust-dev-wasm32)"
        )
    })
}

fn compile(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    install_target(workspace)?;
    say("compiling the browser's program");
    let name = profile.browser();
    let mut cargo = workspace.cargo(profile, &["rustc", "--package", "drainboard-app", "--bin", "browser"]);
    let (features, link) = match profile {
        Profile::Dev => ("hydrate", &[] as &[&str]),
        // What is to be split must tell what refers to what.
        Profile::Release => ("split", &["--", "-Clink-args=--emit-relocs"] as &[&str]),
    };
    let which = ["--no-default-features", "--features", features, "--target", TARGET, "--profile", name];
    run(cargo.args(which).args(link))?;
    Ok(compiled(workspace, profile))
}

/// Where cargo puts the program.
fn compiled(workspace: &Workspace, profile: Profile) -> PathBuf {
    workspace.target().join(TARGET).join(Profile::directory(profile.browser())).join("browser.wasm")
}

fn bind(module: &Path, site: &Path, profile: Profile) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("drainboard").typescript(false).keep_debug(false);
    bindgen.remove_name_section(profile == Profile::Release).remove_producers_section(true);
    // The parts of a split program find the first one by the exports of the linker.
    bindgen.keep_lld_exports(profile == Profile::Release);
    let mut output = bindgen.web(true)?.generate_output().context("wasm-bindgen refused the browser's program")?;
    if let Some((snippet, _)) = output.snippets().iter().find(|(_, files)| !files.is_empty()) {
        bail!("{snippet} brings JavaScript files of its own, which the site does not carry");
    }
    if let Some(module) = output.local_modules().keys().next() {
        bail!("{module} is a JavaScript file of its own, which the site does not carry");
    }
    fs::create_dir_all(site)?;
    let js = match profile {
        Profile::Dev => output.js().to_owned(),
        Profile::Release => glue::shorten(&mut output)?,
    };
    write_if_changed(&site.join("drainboard.js"), js.as_bytes())?;
    write_if_changed(&site.join("drainboard.wasm"), &output.wasm_mut().emit_wasm())
}

/// What tells whether wasm-bindgen has seen this module already.
fn fingerprint(module: &Path) -> Result<String> {
    let metadata = fs::metadata(module).with_context(|| format!("cargo did not write {}", module.display()))?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{MADE}, {} bytes, {}", metadata.len(), modified.as_nanos()))
}
