//! Checks on demand: of a target that is registered, or of anything, without saving it.

use axum::Json;
use axum::extract::{Path, State};
use domain::{Check, CheckDraft, Problem as Wrong, Protocol};

use super::fields::{Fields, overlay_check};
use super::targets::{Texts, key};
use super::view::ObservationView;
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::problem::Problem;

/// Checks a target now; the result counts like any other.
pub(crate) async fn now(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<ObservationView>, Problem> {
    let (group, id) = site.with_target(&name, &id, |_, _, target| key(target))?;
    let observation = site.engine.check_now(&group, id).await?;
    Ok(Json(ObservationView::from(&observation)))
}

/// Tries a check on any host and saves nothing. With `group`, that group's settings are where it starts from.
pub(crate) async fn attempt(
    State(site): State<Site>,
    JsonObject(body): JsonObject,
) -> Result<Json<ObservationView>, Problem> {
    let mut fields = Fields::new(body);
    let Base { protocol, port, mut check } = site.base(&mut fields)?;
    fields.object("health_check", |fields| overlay_check(fields, &mut check));
    let target = Texts::default().read(&mut fields, port);
    let check: Option<Check> = check.validate(protocol).map_err(|wrong| fields.add(wrong)).ok();
    let (check, target) = fields.finish(check.zip(target))?;
    let port = check.port.for_traffic(target.port);
    let observation = site.engine.try_check(&check, &target.host, port).await;
    Ok(Json(ObservationView::from(&observation)))
}

/// The settings that a trial starts from.
struct Base {
    protocol: Protocol,
    port: u16,
    check: CheckDraft,
}

impl Site {
    /// The settings of the group that is named, or else the defaults of the protocol.
    fn base(&self, fields: &mut Fields) -> Result<Base, Problem> {
        let (mut group, mut protocol) = (String::new(), String::new());
        fields.text("group", &mut group);
        fields.text("protocol", &mut protocol);
        let named = Some(group).filter(|name| !name.is_empty());
        let mut base = match named {
            Some(name) => self.with_group(&name, |_, state| Base {
                protocol: state.group.protocol,
                port: state.group.port,
                check: CheckDraft::from(&state.group.check),
            })?,
            None => Base { protocol: Protocol::Http, port: 80, check: CheckDraft::default() },
        };
        match protocol.parse() {
            _ if protocol.is_empty() => {}
            Ok(protocol) => base.protocol = protocol,
            Err(()) => fields.refuse("protocol", Wrong::OneOf("HTTP, HTTPS, TCP".to_owned())),
        }
        Ok(base)
    }
}
