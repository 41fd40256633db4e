//! Takes out of the browser's program what it never comes to, where the linker cannot know that.
//!
//! A view of an erased type carries every way to come to be on a page, by pointers, so all of them are in the program.

use std::collections::HashSet;
use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasm_encoder::{CustomSection, Encode, Section};
use wasmparser::{BinaryReader, KnownCustom, Name, Parser, Payload, RelocSectionReader, RelocationType, TypeRef};

/// Functions that end so, before the hash of their mangled names, are never called: only a pointer to them is kept.
/// That nothing calls them by name is looked up in each program.
///
/// `hydrate_async` is how tachys takes over a page whose parts may be lazy, which begins at leptos' `hydrate_lazy`. The
/// console loads its parts before it takes over. What is in such a function is not listed: where it is the same as what
/// is in another, the compiler has made one function of both, under either name.
const NEVER: [&str; 1] = ["8into_any13hydrate_async17h"];

/// What would begin with them has such a part in its mangled name.
const BEGINS: &str = "12hydrate_lazy";

/// `program`, linked with relocations, in which these functions do nothing but stop and refer to nothing. What they
/// alone referred to is left out when the program is split.
pub(crate) fn prune(program: &[u8]) -> Result<Vec<u8>> {
    let outline = Outline::read(program)?;
    let relocations = outline.relocations.as_ref().context("the browser's program was linked without relocations")?;
    let never: Vec<&Function> =
        outline.functions.iter().filter(|function| outline.never.contains(&function.index)).collect();
    if never.is_empty() {
        bail!(
            "nothing of the browser's program is called as NEVER in xtask/src/prune.rs says: look up how tachys calls it now"
        );
    }
    let mut pruned = program.to_vec();
    for function in &never {
        stop_at_once(&mut pruned[function.body.clone()]);
    }
    let kept = kept_relocations(program, &outline, &never, relocations)?;
    pruned.splice(relocations.section.clone(), kept);
    Ok(pruned)
}

/// What has to be known of a program.
struct Outline {
    functions: Vec<Function>,
    /// Where the code is: what relocations count from.
    code: usize,
    relocations: Option<Relocations>,
    /// The functions that are never called.
    never: HashSet<u32>,
}

struct Function {
    index: u32,
    /// Where it is in the program, without its length.
    body: Range<usize>,
}

/// The section of the code's relocations.
struct Relocations {
    /// All of it, with what it begins with.
    section: Range<usize>,
    /// What follows its name.
    data: Range<usize>,
}

impl Outline {
    fn read(program: &[u8]) -> Result<Self> {
        let mut outline = Self { functions: Vec::new(), code: 0, relocations: None, never: HashSet::new() };
        let mut index = 0;
        let mut section_end = HEADER;
        for payload in Parser::new(0).parse_all(program) {
            let payload = payload?;
            let before = section_end;
            if let Some((_, range)) = payload.as_section() {
                section_end = in_memory(range).end;
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        index += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => outline.code = in_memory(range).start,
                Payload::CodeSectionEntry(body) => {
                    outline.functions.push(Function { index, body: in_memory(body.range()) });
                    index += 1;
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Reloc(_) if section.name() == CODE => {
                        let range = in_memory(section.range());
                        let data_from = range.end - section.data().len();
                        outline.relocations =
                            Some(Relocations { section: before..range.end, data: data_from..range.end });
                    }
                    KnownCustom::Name(names) => {
                        for names in names {
                            if let Name::Function(names) = names? {
                                outline.add_names(names)?;
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(outline)
    }

    fn add_names(&mut self, names: wasmparser::NameMap<'_>) -> Result<()> {
        for named in names {
            let named = named?;
            if named.name.contains(BEGINS) {
                bail!("the browser's program takes over pages with lazy parts: see NEVER in xtask/src/prune.rs");
            }
            if NEVER.iter().any(|part| named.name.contains(part)) {
                self.never.insert(named.index);
            }
        }
        Ok(())
    }
}

/// The magic number and the version.
const HEADER: usize = 8;

/// How the section of the code's relocations is called.
const CODE: &str = "reloc.CODE";

/// Makes a function without locals that stops, as long as it was, so that nothing moves.
fn stop_at_once(body: &mut [u8]) {
    const UNREACHABLE: u8 = 0x00;
    const NOP: u8 = 0x01;
    const END: u8 = 0x0b;
    body.fill(NOP);
    if let [locals, first, .., last] = body {
        (*locals, *first, *last) = (0, UNREACHABLE, END);
    }
}

/// The section again, without what stands in a function that is never called.
fn kept_relocations(
    program: &[u8],
    outline: &Outline,
    never: &[&Function],
    relocations: &Relocations,
) -> Result<Vec<u8>> {
    let data = &program[relocations.data.clone()];
    let reader = RelocSectionReader::new(BinaryReader::new(data, 0))?;
    let mut kept = Vec::new();
    let mut count = 0_u32;
    let mut entries = reader.entries().into_iter_with_offsets().peekable();
    while let Some(entry) = entries.next() {
        let (from, entry) = entry?;
        let next = match entries.peek() {
            Some(Ok((next, _))) => usize::try_from(*next)?,
            _ => data.len(),
        };
        let at = outline.code + usize::try_from(entry.offset)?;
        let after = never.partition_point(|function| function.body.end <= at);
        if never.get(after).is_some_and(|function| function.body.contains(&at)) {
            continue;
        }
        if entry.ty == RelocationType::FunctionIndexLeb {
            let called = BinaryReader::new(&program[at..], 0).read_var_u32()?;
            if outline.never.contains(&called) {
                bail!(
                    "function {called} of the browser's program is called after all: see NEVER in xtask/src/prune.rs"
                );
            }
        }
        kept.extend_from_slice(&data[usize::try_from(from)?..next]);
        count += 1;
    }
    let mut section = Vec::new();
    reader.section_index().encode(&mut section);
    count.encode(&mut section);
    section.extend(kept);
    let mut whole = Vec::new();
    CustomSection { name: CODE.into(), data: section.into() }.append_to(&mut whole);
    Ok(whole)
}

/// A program fits into memory, so its positions do.
fn in_memory(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, Function, FunctionSection, Instruction, Module, NameMap, NameSection, TypeSection,
    };

    /// Function 0 calls function 2, and so does function 1, which is called as told. Relocations say so.
    fn program(name: &str, called_by_the_first: u32) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        module.section(&types);
        let mut functions = FunctionSection::new();
        [0, 0, 0].into_iter().for_each(|kind| {
            functions.function(kind);
        });
        module.section(&functions);
        let mut code = CodeSection::new();
        // Each but the last: no locals, and a call whose index takes five bytes, as linkers write it.
        for called in [called_by_the_first, 2] {
            code.raw(&[0, 0x10, 0x80 | called as u8, 0x80, 0x80, 0x80, 0, 0x0b]);
        }
        let mut last = Function::new([]);
        last.instruction(&Instruction::End);
        code.function(&last);
        module.section(&code);
        // Two of kind 0: after the count, a length and the locals and the call; the second 9 bytes on.
        let relocations = [2, 2, 0, 4, 0, 0, 13, 0];
        module.section(&CustomSection { name: CODE.into(), data: relocations.as_slice().into() });
        let mut named = NameMap::new();
        named.append(1, name);
        let mut names = NameSection::new();
        names.functions(&named);
        module.section(&names);
        module.finish()
    }

    fn relocations(program: &[u8]) -> Vec<u32> {
        let sections = Parser::new(0).parse_all(program).map(Result::unwrap);
        let data = sections.filter_map(|payload| match payload {
            Payload::CustomSection(section) if section.name() == CODE => Some(section.data()),
            _ => None,
        });
        let reader = RelocSectionReader::new(BinaryReader::new(data.last().unwrap(), 0)).unwrap();
        reader.entries().into_iter().map(|entry| entry.unwrap().offset).collect()
    }

    fn bodies(program: &[u8]) -> Vec<&[u8]> {
        let sections = Parser::new(0).parse_all(program).map(Result::unwrap);
        let bodies = sections.filter_map(|payload| match payload {
            Payload::CodeSectionEntry(body) => Some(&program[in_memory(body.range())]),
            _ => None,
        });
        bodies.collect()
    }

    #[test]
    fn what_is_never_called_stops_and_refers_to_nothing() {
        let before = program("_ZN6tachys8into_any13hydrate_async17h0E", 2);
        let after = prune(&before).unwrap();
        assert_eq!((relocations(&before), relocations(&after)), (vec![4, 13], vec![4]));
        assert_eq!(bodies(&after), [bodies(&before)[0], &[0, 0, 1, 1, 1, 1, 1, 0x0b], bodies(&before)[2]]);
    }

    #[test]
    fn a_program_that_it_does_not_fit_is_refused() {
        let error = |name: &str| prune(&program(name, 2)).unwrap_err().to_string();
        assert!(error("_ZN6tachys8into_any7hydrate17h0E").starts_with("nothing of the browser's program"));
        assert!(error("_ZN6leptos5mount12hydrate_lazy17h0E").contains("lazy parts"));
    }

    #[test]
    fn what_is_called_after_all_is_not_taken_out() {
        let error = prune(&program("_ZN6tachys8into_any13hydrate_async17h0E", 1)).unwrap_err();
        assert!(error.to_string().contains("function 1 of the browser's program is called after all"), "{error}");
    }
}
