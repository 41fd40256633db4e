//! What is in the browser's program although nothing calls it.
//!
//! A view of an erased type carries every way in which it can come to be on a page, and so holds on to the code of ways
//! that this console never goes. No compiler can know that; here it is said.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig, passes};

/// A function whose name has this in it is never called: pages are taken over at once, not piece by piece as pieces of a
/// lazy route are. What it leads to is left, since the compiler makes one function of several that are alike, under the name
/// of any of them; these are like no others.
const NEVER_CALLED: &str = "8into_any13hydrate_async";

/// Takes out of `file` what is never called, with all that only this needed. Whatever does call it would stop at once.
pub(crate) fn snip(file: &Path) -> Result<()> {
    let failed = |error| anyhow!("{} cannot be made smaller: {error:#}", file.display());
    let program = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut module = ModuleConfig::new().generate_name_section(false).parse(&program).map_err(failed)?;
    let named = module.funcs.iter_local().map(|(id, _)| (id, module.funcs.get(id).name.as_deref()));
    let uncalled: Vec<FunctionId> =
        named.filter(|(_, name)| name.is_some_and(|name| name.contains(NEVER_CALLED))).map(|(id, _)| id).collect();
    uncalled.into_iter().for_each(|id| stop(&mut module, id));
    passes::gc::run(&mut module);
    fs::write(file, module.emit_wasm()).with_context(|| format!("cannot write {}", file.display()))
}

/// Makes a function one that stops.
fn stop(module: &mut Module, id: FunctionId) {
    let ty = module.types.get(module.funcs.get(id).ty());
    let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
    let args = params.iter().map(|param| module.locals.add(*param)).collect();
    let mut body = FunctionBuilder::new(&mut module.types, &params, &results);
    body.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(args));
}
