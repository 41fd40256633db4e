//! Standbys: the role of a target, promoting it and letting it fall back.

use axum::Json;
use axum::extract::{Path, State};
use domain::{Problem as Wrong, Role, StarterName, TargetState, Tier};

use super::fields::Fields;
use super::targets::key;
use super::view::TargetView;
use crate::http::Site;
use crate::http::caller::Caller;
use crate::http::problem::Problem;

/// Promotes a standby; it serves as soon as it is healthy, until somebody lets it fall back.
pub(crate) async fn promote(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<TargetView>, Problem> {
    let (group, key) = site.with_target(&name, &id, |_, _, target| key(target))?;
    site.engine.promote(group, key, caller.author()).await?;
    site.with_target(&name, &id, TargetView::new).map(Json)
}

/// Ends the promotion of a standby; one that waits goes on to wait.
pub(crate) async fn fall_back(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<TargetView>, Problem> {
    let (group, key) = site.with_target(&name, &id, |_, _, target| key(target))?;
    site.engine.fall_back(group, key, caller.author()).await?;
    site.with_target(&name, &id, TargetView::new).map(Json)
}

/// The role of a target as texts.
#[derive(Debug, Default)]
pub(crate) struct RoleTexts {
    role: String,
    tier: String,
    starter: String,
}

impl RoleTexts {
    /// Takes the fields over these, and judges them: none where nothing was said.
    pub(crate) fn read(mut self, fields: &mut Fields) -> Option<Role> {
        fields.text("role", &mut self.role);
        fields.text("tier", &mut self.tier);
        fields.text("starter", &mut self.starter);
        match self.role.as_str() {
            "active" | "" => Some(Role::Active),
            "standby" => self.standby(fields),
            _ => fields.keep("role", Err(Wrong::OneOf("active, standby".to_owned()))),
        }
    }

    fn standby(&self, fields: &mut Fields) -> Option<Role> {
        let tier = match self.tier.as_str() {
            "" => Err(Wrong::Missing),
            text => text.parse::<Tier>().map_err(|()| Wrong::OneOf("hot, warm, cold".to_owned())),
        };
        let tier = fields.keep("tier", tier)?;
        let starter = match (tier, self.starter.as_str()) {
            (Tier::Hot | Tier::Warm, _) => Ok(None),
            (Tier::Cold, "") => Err(Wrong::Missing),
            (Tier::Cold, text) => {
                text.parse::<StarterName>().map(Some).map_err(|_| Wrong::NoSuch(domain::clean(text, 100)))
            }
        };
        Some(Role::Standby(tier, fields.keep("starter", starter)?))
    }
}

impl From<&TargetState> for RoleTexts {
    fn from(state: &TargetState) -> Self {
        match &state.standby {
            None => Self { role: "active".to_owned(), ..Self::default() },
            Some(standby) => Self {
                role: "standby".to_owned(),
                tier: standby.tier.as_str().to_owned(),
                starter: standby.starter.as_ref().map(ToString::to_string).unwrap_or_default(),
            },
        }
    }
}
