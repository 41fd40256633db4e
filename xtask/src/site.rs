//! The files for the browser, in one directory: the program and the stylesheet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::wasm;
use crate::workspace::{Profile, Workspace};

/// Brings the site of `profile` up to date; true if the browser's program is new.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<bool> {
    let is_new = wasm::build(workspace, profile)?;
    let css = bundle(&workspace.root().join("style"))?;
    let stylesheet = match profile {
        Profile::Dev => workspace.site(profile).join("drainboard.css"),
        Profile::Release => bundle_of_a_release(workspace),
    };
    write_if_changed(&stylesheet, css.as_bytes())?;
    Ok(is_new)
}

/// The stylesheet of a release before it is made small.
pub(crate) fn bundle_of_a_release(workspace: &Workspace) -> PathBuf {
    workspace.site(Profile::Release).with_extension("css")
}

/// Writes a file unless it says so already, so that what is built from it stays up to date.
pub(crate) fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// All stylesheets in one, without their comments: the tokens, on which the others build, then the others by name.
fn bundle(style: &Path) -> Result<String> {
    let mut sheets: Vec<PathBuf> = fs::read_dir(style)
        .with_context(|| format!("cannot read {}", style.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    sheets.retain(|sheet| sheet.extension().is_some_and(|extension| extension == "css"));
    sheets.sort_by_key(|sheet| (!sheet.ends_with("tokens.css"), sheet.clone()));
    let texts: Vec<String> = sheets.iter().map(fs::read_to_string).collect::<Result<_, _>>()?;
    Ok(without_comments(&texts.join("\n")))
}

/// A stylesheet as a browser needs it. Where a comment takes whole lines, they go too.
fn without_comments(css: &str) -> String {
    let mut pieces = css.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |before, piece| {
        let (_, after) = piece.split_once("*/").unwrap_or_default();
        let is_of_lines = before.ends_with('\n') || before.is_empty();
        before + if is_of_lines { after.trim_start() } else { after }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_for_those_who_write_stylesheets() {
        let css = "/* All\n   of it. */\n\na { color: red; /* why */ }\n/* b */\nb { top: 0; }\n";
        assert_eq!(without_comments(css), "a { color: red;  }\nb { top: 0; }\n");
    }

    #[test]
    fn the_bundle_starts_with_the_tokens() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("xtask-bundle-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        for name in ["badge", "tokens", "table"] {
            fs::write(dir.join(name).with_extension("css"), name)?;
        }
        fs::write(dir.join("notes.md"), "notes")?;
        let css = bundle(&dir);
        fs::remove_dir_all(&dir)?;
        assert_eq!(css?, "tokens\nbadge\ntable");
        Ok(())
    }
}
