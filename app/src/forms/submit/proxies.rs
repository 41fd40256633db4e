//! Forms about a proxy.

use domain::{Invalid, Problem, Proxy, ProxyAddress, ProxyKind, ProxyLook, ProxyName};
use engine::ProxyError;

use crate::ssr::Desk;
use crate::{FormState, Notice, ProxyFault, ProxyTrial, Route};

use super::{Answer, Refusal, put_back};

/// Connects a proxy.
pub(super) async fn connect(desk: &Desk<'_>, form: &FormState) -> Result<Answer, Refusal> {
    if form.asks_for("test") {
        return test(desk, form).await;
    }
    let name = match form.text("name").trim() {
        "" => Err(Problem::Missing),
        text => text.parse::<ProxyName>().map_err(|_| Problem::GroupName),
    };
    let name = name.map_err(|problem| Invalid::new("name", problem));
    let proxy = match (name, place(form)) {
        (Ok(name), Ok((kind, address))) => Proxy { name, kind, address },
        (name, place) => {
            let wrong = name.err().into_iter().chain(place.err().unwrap_or_default());
            return Err(Refusal::Wrong(wrong.collect()));
        }
    };
    let name = proxy.name.clone();
    desk.engine.create_proxy(proxy, desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Proxy(name.clone()), Notice::ProxyCreated(name)))
}

/// Gives a proxy another address.
pub(super) async fn edit(desk: &Desk<'_>, name: &ProxyName, form: &FormState) -> Result<Answer, Refusal> {
    if form.asks_for("test") {
        return test(desk, form).await;
    }
    let kind = desk.engine.with_board(|board| board.proxies.get(name).map(|state| state.proxy.kind));
    let kind = kind.ok_or(Refusal::Gone)?;
    let (_, address) = place(form)?;
    desk.engine.edit_proxy(Proxy { name: name.clone(), kind, address }, desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Proxy(name.clone()), Notice::ProxySaved(name.clone())))
}

/// Forgets a proxy.
pub(super) async fn delete(desk: &Desk<'_>, name: &ProxyName, form: &FormState) -> Result<Answer, Refusal> {
    desk.engine.delete_proxy(name.clone(), put_back(form), desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Proxies, Notice::ProxyDeleted(name.clone())))
}

/// What it is, and where.
fn place(form: &FormState) -> Result<(ProxyKind, ProxyAddress), Vec<Invalid>> {
    let one_of = || Problem::OneOf(ProxyKind::ALL.map(ProxyKind::as_str).join(", "));
    let kind = form.text("kind").parse::<ProxyKind>().map_err(|()| Invalid::new("kind", one_of()));
    let address = match form.text("address").trim() {
        "" => Err(Problem::Missing),
        text => text.parse::<ProxyAddress>(),
    };
    let address = address.map_err(|problem| Invalid::new("address", problem));
    match (kind, address) {
        (Ok(kind), Ok(address)) if address.goes_with(kind) => Ok((kind, address)),
        (Ok(kind), Ok(_)) => {
            let wanted = match kind {
                ProxyKind::Haproxy => "unix:/path, tcp://host:port",
                ProxyKind::Caddy => "http://host:port",
            };
            let problem = Problem::ProxyAddressKind(kind.title().to_owned(), wanted.to_owned());
            Err(vec![Invalid::new("address", problem)])
        }
        (kind, address) => Err(kind.err().into_iter().chain(address.err()).collect()),
    }
}

/// *Test connection*: looks once, and saves nothing. The name may still be missing.
async fn test(desk: &Desk<'_>, form: &FormState) -> Result<Answer, Refusal> {
    let (kind, address) = place(form)?;
    let looked = Box::pin(desk.engine.try_proxy(kind, address)).await;
    Ok(Answer::Looked(looked.map_or_else(|error| ProxyTrial::Failed(fault(error)), found)))
}

fn found(look: ProxyLook) -> ProxyTrial {
    let count = |servers: usize| u32::try_from(servers).unwrap_or(u32::MAX);
    let backends = look.backends.into_iter().map(|backend| (backend.name, count(backend.servers.len())));
    ProxyTrial::Found { version: look.version, backends: backends.collect(), warnings: look.warnings }
}

fn fault(error: ProxyError) -> ProxyFault {
    match error {
        ProxyError::Unreachable(why) => ProxyFault::Unreachable(why),
        ProxyError::Refused(said) => ProxyFault::Refused(said),
        ProxyError::ReadOnly => ProxyFault::ReadOnly,
        ProxyError::Garbage(said) => ProxyFault::Garbage(said),
        error => ProxyFault::Other(error.to_string()),
    }
}
