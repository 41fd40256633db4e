//! Embeds the browser's files, so that the server is one file to ship.
//!
//! `DRAINBOARD_SITE` names a directory that `cargo xtask` has filled: `drainboard.wasm`, `drainboard.js`,
//! `drainboard.css`, each with an optional `.br` and `.gz` beside it, which then are embedded in its place; and where the program was split, its parts as
//! `.wasm`, `parts.js` that loads them, and `parts.txt`, a line for each: its name, and the files it is made of.
//! These refer to each other, so they are served under one directory that carries the hash of all. Where a file is absent
//! (`cargo test` in a fresh checkout), the table does without and its path is the empty string.
//! Every file of `server/static/` is embedded under its own name.
//!
//! What is generated, `$OUT_DIR/assets.rs`, needs these types in scope where it is included:
//!
//! ```ignore
//! pub(crate) struct Asset {
//!     pub(crate) path: &'static str,              // "/assets/drainboard-0123456789abcdef.css", "/favicon.svg"
//!     pub(crate) content_type: &'static str,
//!     pub(crate) immutable: bool,                 // the name carries the content's hash: cache for ever
//!     pub(crate) content: Content,
//! }
//!
//! pub(crate) enum Content {
//!     Plain(&'static [u8]),
//!     Compressed { brotli: &'static [u8], gzip: &'static [u8], plain: OnceLock<Option<Bytes>> },
//! }
//!
//! pub(crate) static ASSETS: [Asset; …] = [/* sorted by path */];
//! pub(crate) const CSS_PATH: &str = "/assets/drainboard-….css";   // link rel=stylesheet
//! pub(crate) const JS_PATH: &str = "/assets/boot-….js";           // script type=module: starts the app
//! pub(crate) const GLUE_PATH: &str = "/assets/…/drainboard.js";   // link rel=modulepreload
//! pub(crate) const WASM_PATH: &str = "/assets/…/drainboard.wasm"; // link rel=preload as=fetch
//! pub(crate) const PARTS: &[(&str, &[&str])] = &[("group", &["/assets/…/split_group.wasm"])]; // preload where needed
//! pub(crate) const BUILD_ID: &str = "0123456789abcdef";           // differs when the version or any file differs
//! ```

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=DRAINBOARD_SITE");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = Table::default();
    table.add_static(Path::new("static"))?;
    if let Some(site) = env::var_os("DRAINBOARD_SITE") {
        table.add_site(Path::new(&site), &out)?;
    }
    fs::write(out.join("assets.rs"), table.into_source(&env::var("CARGO_PKG_VERSION")?)?)?;
    Ok(())
}

/// One file to serve: where it is now and how it will be called.
struct Entry {
    path: String,
    file: PathBuf,
    immutable: bool,
}

/// Everything that is embedded.
#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    css: String,
    boot: String,
    glue: String,
    wasm: String,
    parts: Vec<(String, Vec<String>)>,
}

impl Table {
    /// The files that are served as they are, such as the favicon.
    fn add_static(&mut self, dir: &Path) -> io::Result<()> {
        println!("cargo:rerun-if-changed={}", dir.display());
        for entry in fs::read_dir(dir)? {
            let file = fs::canonicalize(entry?.path())?;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.entries.push(Entry { path: format!("/{name}"), file, immutable: false });
        }
        Ok(())
    }

    /// The stylesheet, the program, and the script that starts it.
    fn add_site(&mut self, site: &Path, out: &Path) -> io::Result<()> {
        // Cargo takes a path that does not exist for one that always changes.
        fs::create_dir_all(site)?;
        println!("cargo:rerun-if-changed={}", site.display());
        self.css = self.add_hashed(site.join("drainboard.css"))?;
        let program = Program::read(site)?;
        (self.glue, self.wasm) = (program.path("drainboard.js"), program.path("drainboard.wasm"));
        if self.glue.is_empty() || self.wasm.is_empty() {
            return Ok(());
        }
        self.parts = program.parts(site)?;
        self.entries.extend(program.entries());
        let boot = out.join("boot.js");
        fs::write(&boot, boot_script(&self.glue, &self.wasm))?;
        self.boot = self.add_hashed(boot)?;
        Ok(())
    }

    /// Adds a file under a name that carries its content's hash, and returns its path; nothing where there is no such file.
    fn add_hashed(&mut self, file: PathBuf) -> io::Result<String> {
        if !file.is_file() {
            return Ok(String::new());
        }
        let file = fs::canonicalize(file)?;
        let content = fs::read(&file)?;
        let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (stem, extension) = (part(file.file_stem()), part(file.extension()));
        let path = format!("/assets/{stem}-{}.{extension}", Digest::of(&content));
        self.entries.push(Entry { path: path.clone(), file, immutable: true });
        Ok(path)
    }

    fn into_source(mut self, version: &str) -> io::Result<String> {
        self.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let mut digest = Digest::of(version.as_bytes());
        for entry in &self.entries {
            digest.update(&fs::read(&entry.file)?);
        }
        let mut source = format!("pub(crate) static ASSETS: [Asset; {}] = [\n", self.entries.len());
        for entry in &self.entries {
            source.push_str(&entry.to_source());
        }
        source.push_str("];\n");
        let constants = [
            ("CSS_PATH", "The stylesheet.", self.css),
            ("JS_PATH", "The module that starts the browser's program.", self.boot),
            ("GLUE_PATH", "The module that the starting one imports.", self.glue),
            ("WASM_PATH", "The browser's program.", self.wasm),
            ("BUILD_ID", "Differs when the version or any embedded file differs.", digest.to_string()),
        ];
        for (name, meaning, value) in constants {
            // Writing to a string cannot fail.
            let _ = writeln!(source, "/// {meaning}\npub(crate) const {name}: &str = {value:?};");
        }
        let parts: Vec<String> = self.parts.iter().map(|(name, files)| format!("({name:?}, &{files:?})")).collect();
        let parts = parts.join(", ");
        let _ = writeln!(
            source,
            "/// The parts of the browser's program, and their files.\npub(crate) const PARTS: &[(&str, &[&str])] = &[{parts}];"
        );
        Ok(source)
    }
}

/// The browser's program: files that refer to each other by their names.
struct Program {
    directory: String,
    files: Vec<PathBuf>,
}

impl Program {
    fn read(site: &Path) -> io::Result<Program> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(site)?.map(|file| fs::canonicalize(file?.path())).collect::<io::Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm" || extension == "js"));
        files.sort();
        let mut digest = Digest::of(&[]);
        for file in &files {
            digest.update(&fs::read(file)?);
        }
        Ok(Program { directory: format!("/assets/{digest}"), files })
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.files.iter().map(|file| Entry { path: self.path_of(file), file: file.clone(), immutable: true })
    }

    /// Where this file is served; nothing where there is no such file.
    fn path(&self, name: &str) -> String {
        self.files.iter().find(|file| file.ends_with(name)).map(|file| self.path_of(file)).unwrap_or_default()
    }

    fn path_of(&self, file: &Path) -> String {
        format!("{}/{}", self.directory, file.file_name().unwrap_or_default().to_string_lossy())
    }

    /// Which files each part is made of. A program that was not split has none.
    fn parts(&self, site: &Path) -> io::Result<Vec<(String, Vec<String>)>> {
        let list = site.join("parts.txt");
        let list = if list.is_file() { fs::read_to_string(list)? } else { String::new() };
        let of_line = |line: &str| {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap_or_default().to_owned();
            let files = words.map(|stem| self.path(&format!("{stem}.wasm")));
            (name, std::iter::once(self.path("parts.js")).chain(files).filter(|path| !path.is_empty()).collect())
        };
        Ok(list.lines().map(of_line).collect())
    }
}

impl Entry {
    fn to_source(&self) -> String {
        format!(
            "    Asset {{ path: {:?}, content_type: {:?}, immutable: {}, content: {} }},\n",
            self.path,
            content_type(&self.path),
            self.immutable,
            self.content(),
        )
    }

    /// The compressed files beside this one, if they are there, else the file.
    fn content(&self) -> String {
        match (self.compressed("br"), self.compressed("gz")) {
            (Some(brotli), Some(gzip)) => format!(
                "Content::Compressed {{ brotli: include_bytes!({brotli:?}), gzip: include_bytes!({gzip:?}), plain: OnceLock::new() }}"
            ),
            _ => format!("Content::Plain(include_bytes!({:?}))", self.file),
        }
    }

    /// The compressed file beside this one, if there is one.
    fn compressed(&self, extension: &str) -> Option<PathBuf> {
        let mut name = self.file.clone().into_os_string();
        name.push(".");
        name.push(extension);
        let file = PathBuf::from(name);
        file.is_file().then_some(file)
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// FNV-1a: the names need to differ when the contents do, nobody attacks them.
struct Digest(u64);

impl Digest {
    fn of(content: &[u8]) -> Digest {
        let mut digest = Digest(0xcbf2_9ce4_8422_2325);
        digest.update(content);
        digest
    }

    fn update(&mut self, content: &[u8]) {
        for byte in content {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Starts the browser's program: it is compiled while the page is still being read, and takes over when all of it is there.
fn boot_script(glue: &str, wasm: &str) -> String {
    format!(
        "import init from {glue:?};
const program = WebAssembly.compileStreaming(fetch({wasm:?})).catch(() => {wasm:?});
if (document.readyState === 'loading') await new Promise((go) => addEventListener('DOMContentLoaded', go, {{ once: true }}));
await init({{ module_or_path: await program }});
"
    )
}
