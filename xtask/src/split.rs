//! The browser's program in parts: one that every page needs, and others that are loaded with the first page that needs
//! them. `app/src/parts.rs` says where it is cut.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::prune::prune;

/// The file with which the parts are loaded, beside the program.
pub(crate) const LOADER: &str = "parts.js";

/// The file that says which files a part is made of.
pub(crate) const LIST: &str = "parts.txt";

/// Cuts `module`, writes all parts but the first into the site, and returns where the first one is.
pub(crate) fn split(module: &Path, site: &Path) -> Result<PathBuf> {
    fs::create_dir_all(site)?;
    remove_parts(site)?;
    let first = module.with_file_name("browser-first.wasm");
    let program = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let program = prune(&program)?;
    let link = format!("./{LOADER}");
    let mut options = Options::new(&program);
    options.output_dir = site;
    options.main_out_path = &first;
    options.link_name = &link;
    options.main_module = "./drainboard.js";
    let parts = transform(options).map_err(|error| anyhow!("the browser's program cannot be split: {error:#}"))?;
    let mut lines: Vec<String> =
        parts.prefetch_map.iter().map(|(part, files)| format!("{part} {}\n", files.join(" "))).collect();
    lines.sort();
    fs::write(site.join(LIST), lines.concat())?;
    Ok(first)
}

/// The program and its parts.
pub(crate) fn modules(site: &Path) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(site).with_context(|| format!("cannot read {}", site.display()))?;
    let mut files: Vec<PathBuf> = files.map(|file| file.map(|file| file.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    files.sort();
    Ok(files)
}

/// Parts are named by what is in them, so old ones would stay beside new ones.
fn remove_parts(site: &Path) -> Result<()> {
    for file in modules(site)? {
        for name in [file.clone(), file.with_extension("wasm.br"), file.with_extension("wasm.gz")] {
            if name.exists() {
                fs::remove_file(name)?;
            }
        }
    }
    Ok(())
}
