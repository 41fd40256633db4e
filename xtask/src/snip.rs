//! Takes out of the browser's program what never runs there, so that binaryen can drop all that only it needs.

use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// Views are taken over at once. The code that would do it in pieces hangs on tables of functions, which no linker can
/// clear, and is a tenth of the program.
const NEVER_RUNS: &str = "hydrate_async";

/// Empties these functions, which trap if they are called all the same, and says how many they were.
pub(crate) fn snip(module: &mut Module) -> usize {
    let is_dead = |name: &str| name.contains(NEVER_RUNS);
    let dead: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(is_dead))
        .collect();
    dead.iter().for_each(|id| empty(module, *id));
    dead.len()
}

fn empty(module: &mut Module, id: FunctionId) {
    let (params, results) = module.types.params_results(module.funcs.get(id).ty());
    let (params, results) = (params.to_vec(), results.to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().unreachable();
    let args = params.into_iter().map(|kind| module.locals.add(kind)).collect();
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
}
