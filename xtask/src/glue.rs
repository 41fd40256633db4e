//! The JavaScript by which the browser's program speaks with the browser, as wasm-bindgen writes it, made short.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Output;

/// What the classes begin with by which leptos' server functions stream. The console has none, but what is exported to
/// JavaScript is never taken for unused.
const STREAMS: &str = "IntoUnderlying";

/// Takes the classes out that nobody uses, and gives what program and JavaScript have from each other a short name in
/// place of one with a hash, in both. Returns the JavaScript.
pub(crate) fn shorten(output: &mut Output) -> Result<String> {
    let mut js = without_streams(output.js())?;
    let module = output.wasm_mut();
    let streams = STREAMS.to_lowercase();
    let unused: Vec<_> =
        module.exports.iter().filter(|export| export.name.contains(&streams)).map(|export| export.id()).collect();
    unused.into_iter().for_each(|export| module.exports.delete(export));
    let mut names = HashMap::new();
    let imports = module.imports.iter_mut().map(|import| &mut import.name);
    for name in imports.chain(module.exports.iter_mut().map(|export| &mut export.name)) {
        if is_generated(name) {
            let number = names.len();
            name.clone_from(names.entry(name.clone()).or_insert_with(|| format!("_{number:x}")));
        }
    }
    js = renamed(&js, &names);
    Ok(js)
}

/// Whether nobody but wasm-bindgen knows it by this name.
fn is_generated(name: &str) -> bool {
    name.starts_with("wasm_bindgen__convert__closures")
        || (name.starts_with("__wbg_") || name.starts_with("__wbindgen_generic_"))
            && name
                .rsplit('_')
                .next()
                .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The classes come first, before what the program asks for.
fn without_streams(js: &str) -> Result<String> {
    let from =
        js.find(&format!("export class {STREAMS}")).context("wasm-bindgen wrote no streams: see xtask/src/glue.rs")?;
    let until = js
        .find("function __wbg_get_imports()")
        .context("wasm-bindgen wrote other JavaScript: see xtask/src/glue.rs")?;
    let classes = js.get(from..until).unwrap_or_default();
    if let Some(other) =
        classes.split("export ").skip(1).find(|export| !export.starts_with(&format!("class {STREAMS}")))
    {
        bail!("wasm-bindgen wrote another export among the streams: {}", other.lines().next().unwrap_or_default());
    }
    Ok(js.replace(classes, ""))
}

fn renamed(js: &str, names: &HashMap<String, String>) -> String {
    let mut renamed = String::with_capacity(js.len());
    let is_of_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '$');
    let mut rest = js;
    while let Some(from) = rest.find(is_of_name) {
        let (before, name) = rest.split_at(from);
        let (name, after) = name.split_at(name.find(|char| !is_of_name(char)).unwrap_or(name.len()));
        renamed.push_str(before);
        renamed.push_str(names.get(name).map_or(name, String::as_str));
        rest = after;
    }
    renamed + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_changed_whole() {
        let names = HashMap::from([("__wbg_new_0123456789abcdef".to_owned(), "_0".to_owned())]);
        let js = "__wbg_new_0123456789abcdef: wasm.__wbg_new_0123456789abcdef(__wbg_new_0123456789abcdef0), 'ë'";
        assert_eq!(renamed(js, &names), "_0: wasm._0(__wbg_new_0123456789abcdef0), 'ë'");
    }

    #[test]
    fn names_that_others_know_stay() {
        assert!(is_generated("__wbg_new_0123456789abcdef"));
        assert!(is_generated("wasm_bindgen__convert__closures_____invoke__h19b38d1002abbe4c"));
        for known in
            ["memory", "__wbindgen_malloc", "__wbindgen_exn_store", "__wbg_get_imports", "__wasm_split_load_group"]
        {
            assert!(!is_generated(known), "{known}");
        }
    }

    #[test]
    fn nothing_but_streams_is_taken_out() {
        let streams = "export class IntoUnderlyingSink {\n}\n";
        let js = |export: &str| format!("import x;\n{streams}{export}function __wbg_get_imports() {{}}\n");
        assert_eq!(without_streams(&js("")).unwrap(), "import x;\nfunction __wbg_get_imports() {}\n");
        let error = without_streams(&js("export function ours() {}\n")).unwrap_err();
        assert!(error.to_string().ends_with("function ours() {}"), "{error}");
    }
}
