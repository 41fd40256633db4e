//! Small files for a release: the program shrunk by binaryen, everything compressed once instead of at each request.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{output, run, say};
use crate::site::{self, write_if_changed};
use crate::split;
use crate::workspace::{Profile, Workspace};

/// What shrinks WebAssembly, and what shrinks JavaScript and stylesheets.
const SHRINKERS: [&str; 2] = ["binaryen@132.0.0", "esbuild@0.28.2"];

/// Shrinks the browser's program, if it is new, by binaryen's `wasm-opt`, and what is text by esbuild. It works as well
/// without, so npm may be missing.
pub(crate) fn shrink(workspace: &Workspace, is_new: bool) -> Result<()> {
    let site = workspace.site(Profile::Release);
    let (bundle, stylesheet) = (site::bundle_of_a_release(workspace), site.join("drainboard.css"));
    let Some([wasm_opt, esbuild]) = shrinkers(workspace) else {
        return write_if_changed(&stylesheet, &fs::read(bundle)?);
    };
    say("shrinking the browser's files");
    write_if_changed(&stylesheet, minified(workspace, &esbuild, &bundle)?.as_bytes())?;
    if !is_new {
        return Ok(());
    }
    for script in ["drainboard.js", split::LOADER].map(|name| site.join(name)) {
        write_if_changed(&script, minified(workspace, &esbuild, &script)?.as_bytes())?;
    }
    let features = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-reference-types"];
    let more = ["--enable-sign-ext", "--enable-mutable-globals", "--enable-multivalue"];
    for module in split::modules(&site)? {
        let mut wasm_opt = workspace.command(&wasm_opt.to_string_lossy());
        // What is the same in two functions is often there once only when it is looked for again.
        let wasm_opt = wasm_opt.args(["-Oz", "--quiet", "--converge", "--strip-debug", "--strip-producers"]);
        run(wasm_opt.args(features).args(more).arg(&module).arg("-o").arg(&module))?;
    }
    Ok(())
}

/// `wasm-opt` and `esbuild`, installed if they are missing.
fn shrinkers(workspace: &Workspace) -> Option<[PathBuf; 2]> {
    let tools = workspace.target().join("tools");
    let programs = ["wasm-opt", "esbuild"].map(|name| tools.join("node_modules/.bin").join(name));
    if !programs.iter().all(|program| program.is_file()) {
        say("installing binaryen and esbuild by npm");
        let mut npm = workspace.command("npm");
        npm.args(["install", "--silent", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&tools);
        if run(npm.args(SHRINKERS)).is_err() {
            say("going on without them: the browser's files stay about a tenth larger (they need Node.js and npm)");
            return None;
        }
    }
    Some(programs)
}

/// What is in a file, shrunk if that can be done.
fn minified(workspace: &Workspace, esbuild: &Path, file: &Path) -> Result<String> {
    let mut esbuild = workspace.command(&esbuild.to_string_lossy());
    if let Some(text) = output(esbuild.args(["--minify", "--target=es2022"]).arg(file)) {
        return Ok(text);
    }
    say(&format!("esbuild does not make {} smaller; it stays as it is", file.display()));
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Compresses the site of a release. The compressors take long to compile, so only a release has them.
pub(crate) fn in_a_build_of_its_own(workspace: &Workspace) -> Result<()> {
    say("compressing the browser's files");
    let args = ["run", "--quiet", "--locked", "--package", "xtask", "--features", "precompress", "--", "precompress"];
    run(workspace.cargo(Profile::Dev, &args).arg(workspace.site(Profile::Release)))
}

/// Writes a `.br` and a `.gz` beside each file that has none or has changed since.
pub(crate) fn precompress(site: &Path) -> Result<()> {
    let mut files = split::modules(site)?;
    files.extend(["drainboard.css", "drainboard.js", split::LOADER].map(|name| site.join(name)));
    for file in files {
        for format in [Format::Brotli, Format::Gzip] {
            let mut compressed = file.clone().into_os_string();
            compressed.push(format!(".{}", format.extension()));
            let compressed = PathBuf::from(compressed);
            if is_newer(&compressed, &file) {
                continue;
            }
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            fs::write(&compressed, format.compress(&content)?)?;
        }
    }
    Ok(())
}

fn is_newer(left: &Path, right: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    matches!((modified(left), modified(right)), (Ok(left), Ok(right)) if left >= right)
}

/// How browsers accept a file compressed.
#[derive(Clone, Copy)]
enum Format {
    Brotli,
    Gzip,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Format::Brotli => "br",
            Format::Gzip => "gz",
        }
    }

    #[cfg(feature = "precompress")]
    fn compress(self, content: &[u8]) -> Result<Vec<u8>> {
        use std::io::Write;

        let mut compressed = Vec::new();
        match self {
            Format::Brotli => brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 24).write_all(content)?,
            Format::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(&mut compressed, flate2::Compression::best());
                writer.write_all(content)?;
                writer.finish()?;
            }
        }
        Ok(compressed)
    }

    #[cfg(not(feature = "precompress"))]
    fn compress(self, _content: &[u8]) -> Result<Vec<u8>> {
        anyhow::bail!("this build of xtask has no compressors: `cargo xtask build` makes one that has")
    }
}
