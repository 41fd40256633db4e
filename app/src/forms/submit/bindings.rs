//! Forms about a binding, and the buttons beside its servers.

use domain::{Binding, BindingId, Board, Conduct, GroupName, Invalid, Mode, Problem, ProxyName, TargetDraft};

use crate::matching;
use crate::ssr::Desk;
use crate::{FormState, Notice, Route, Tab};

use super::{Answer, Refusal, put_back, told};

/// Binds a backend to a group.
pub(super) async fn bind(desk: &Desk<'_>, proxy: &ProxyName, form: &FormState) -> Result<Answer, Refusal> {
    let mut wrong = Vec::new();
    let backend = form.text("backend").trim().to_owned();
    if backend.is_empty() {
        wrong.push(Invalid::new("backend", Problem::Missing));
    }
    let group = match form.text("group").trim() {
        "" => Err(Problem::Missing),
        text => text.parse::<GroupName>().map_err(|_| Problem::GroupName),
    };
    let group = group.map_err(|problem| wrong.push(Invalid::new("group", problem)));
    let may = may(form).map_err(|problems| wrong.extend(problems));
    let (Ok(group), Ok(conduct), true) = (group, may, wrong.is_empty()) else { return Err(wrong.into()) };
    let author = desk.author(form.why());
    desk.engine.bind(proxy.clone(), backend.clone(), group.clone(), conduct, author).await?;
    Ok(Answer::Done(Route::Proxy(proxy.clone()), Notice::Bound(backend, group)))
}

/// So many changes a minute the form takes.
const CHANGES_MAX: u32 = 60;

/// What we may do, how often, and how hard.
fn may(form: &FormState) -> Result<Conduct, Vec<Invalid>> {
    let one_of = || Problem::OneOf(Mode::ALL.map(Mode::as_str).join(", "));
    let mode = form.text("mode").parse::<Mode>().map_err(|()| Invalid::new("mode", one_of()));
    let limit = match form.text("changes_per_minute").trim() {
        "" => Ok(domain::CHANGES_PER_MINUTE),
        text => text
            .parse::<u32>()
            .ok()
            .filter(|limit| (1..=CHANGES_MAX).contains(limit))
            .ok_or_else(|| Invalid::new("changes_per_minute", Problem::Range { min: 1, max: CHANGES_MAX })),
    };
    let cut_unhealthy = form.text("cut_unhealthy") == "true";
    match (mode, limit) {
        (Ok(mode), Ok(changes_per_minute)) => Ok(Conduct { mode, changes_per_minute, cut_unhealthy }),
        (mode, limit) => Err(mode.err().into_iter().chain(limit.err()).collect()),
    }
}

/// Gives a binding another mode or limit.
pub(super) async fn edit(
    desk: &Desk<'_>,
    proxy: &ProxyName,
    id: BindingId,
    form: &FormState,
) -> Result<Answer, Refusal> {
    let binding = binding(desk, proxy, id)?;
    let conduct = may(form)?;
    desk.engine.edit_binding(id, conduct, desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Proxy(proxy.clone()), Notice::BindingSaved(binding.backend)))
}

/// Removes a binding.
pub(super) async fn unbind(
    desk: &Desk<'_>,
    proxy: &ProxyName,
    id: BindingId,
    form: &FormState,
) -> Result<Answer, Refusal> {
    let binding = binding(desk, proxy, id)?;
    desk.engine.unbind(id, put_back(form), desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Proxy(proxy.clone()), Notice::Unbound(binding.backend, binding.group)))
}

/// Registers the servers that are no targets of the group yet.
pub(super) async fn register(desk: &Desk<'_>, proxy: &ProxyName, id: BindingId) -> Result<Answer, Refusal> {
    let binding = binding(desk, proxy, id)?;
    let drafts = desk.engine.with_board(|board| missing(board, id));
    let back = back(desk, &binding);
    if drafts.is_empty() {
        return Ok(Answer::Done(back, Notice::NothingChosen));
    }
    let count = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
    let registered = desk.engine.register(binding.group, drafts, desk.author(None)).await;
    told(desk, registered.map(|_| ()), back, Notice::TargetsRegistered(count))
}

/// The servers as targets, each place once.
fn missing(board: &Board, id: BindingId) -> Vec<TargetDraft> {
    let Some(state) = board.bindings.get(&id) else { return Vec::new() };
    let drafts = matching::unmatched_servers(board, state).into_iter().filter_map(matching::draft_of);
    let mut seen = std::collections::BTreeSet::new();
    drafts.filter(|draft| seen.insert(draft.address())).collect()
}

/// Adopts or overrides what somebody else did to a server.
pub(super) async fn outside(
    desk: &Desk<'_>,
    proxy: &ProxyName,
    id: BindingId,
    form: &FormState,
) -> Result<Answer, Refusal> {
    let binding = binding(desk, proxy, id)?;
    let back = back(desk, &binding);
    let server = form.text("server").to_owned();
    let author = desk.author(form.why());
    match form.text("action") {
        "adopt" => {
            let adopted = desk.engine.adopt(id, server.clone(), author).await;
            told(desk, adopted, back, Notice::Adopted(server))
        }
        "overrule" => {
            let overruled = desk.engine.overrule(id, server.clone(), author).await;
            told(desk, overruled, back, Notice::Overruled(server))
        }
        _ => Err(Refusal::NoForm),
    }
}

fn binding(desk: &Desk<'_>, proxy: &ProxyName, id: BindingId) -> Result<Binding, Refusal> {
    let binding = desk.engine.with_board(|board| board.bindings.get(&id).map(|state| state.binding.clone()));
    binding.filter(|binding| binding.proxy == *proxy).ok_or(Refusal::Gone)
}

/// The page where the button was.
fn back(desk: &Desk<'_>, binding: &Binding) -> Route {
    match desk.request.query.as_str() {
        "back=proxies" => Route::Proxies,
        "back=group" => Route::Group(binding.group.clone(), Tab::Proxies),
        _ => Route::Proxy(binding.proxy.clone()),
    }
}
