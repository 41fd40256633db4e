//! The form with a target's role, and the buttons that promote a standby and let it fall back.

use domain::{Board, Group, StarterRun, TargetState, Tier};
use leptos::prelude::*;

use crate::text::Text;
use crate::{FormState, PageData, Route};

use super::frame::{Frame, Place, actions};
use super::sheet::Sheet;

/// Makes a target a standby or an active one, promotes it, or lets it fall back.
pub(super) fn edit(data: &PageData, board: &Board, group: &Group, target: &TargetState) -> AnyView {
    let state = data.typed().unwrap_or_else(|| filled(target));
    let sheet = Sheet::new(&state, data.language, None);
    let text = Text::of(data.language);
    let words = text.standby();
    let (name, id) = (group.name.clone(), target.target.id);
    let title = format!("{}: {}", words.title, target.target.display_name());
    let frame = Frame { place: Place::Group(&group.name), title, lead: words.lead.to_owned() };
    let action = Route::StandbyTarget(name.clone(), id).to_string();
    let roles = [("active", words.active.to_owned())];
    let roles: Vec<_> =
        roles.into_iter().chain(Tier::ALL.map(|tier| (tier.as_str(), (words.tier)(tier).to_owned()))).collect();
    let mut starters = vec![(String::new(), "–".to_owned())];
    starters.extend(data.starters.iter().map(|name| (name.to_string(), name.to_string())));
    let missing = data.starters.is_empty().then(|| view! { <p class="hint">{words.no_starters}</p> });
    let observed = (!board.can_drain(&name)).then(|| view! { <p class="banner warn">{words.only_observed}</p> });
    let form = view! {
        {observed}
        {now(&action, target, text)}
        <form method="post" action=action.clone() class="form" novalidate>
            <div class="card form-card">
                <div class="form-row">
                    {sheet.choice("standby_role", &roles)}
                    {sheet.choice("starter", &starters)}
                </div>
                {missing}
                {sheet.line("why", super::sheet::Entry::Line)}
            </div>
            {actions(&sheet, sheet.words().save.to_owned(), None, &Route::Target(name, id))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}

/// What can be done with a standby now, with what follows from it.
fn now(action: &str, target: &TargetState, text: &'static Text) -> Option<AnyView> {
    let words = text.standby();
    let standby = target.standby.as_ref()?;
    let (act, label, means) = match (&standby.promotion, standby.tier) {
        (Some(_), _) => ("fall_back", words.fall_back, words.fall_back_means),
        (None, Tier::Cold) => ("promote", words.promote, words.promote_cold_means),
        (None, _) => ("promote", words.promote, words.promote_means),
    };
    let start = standby.last_run.as_ref().map(|run| last_run(words.last_start, run, text));
    let stop = standby.last_stop.as_ref().map(|run| last_run(words.last_stop, run, text));
    Some(
        view! {
            <form method="post" action=action.to_owned() class="form">
                <div class="card form-card">
                    <p id="act-means">{means}</p>
                    <p>
                        <button class="btn" type="submit" name="action" value=act aria-describedby="act-means">{label}</button>
                    </p>
                    {start}
                    {stop}
                </div>
            </form>
        }
        .into_any(),
    )
}

fn last_run(title: &'static str, run: &StarterRun, text: &'static Text) -> AnyView {
    let output = (!run.output.is_empty()).then(|| view! { <pre class="code">{run.output.clone()}</pre> });
    view! {
        <h2 class="card-title">{title}</h2>
        <p>{run.at.to_string()}" · "{run.said.clone()}" · "{(text.span)(run.took_ms)}</p>
        {output}
    }
    .into_any()
}

fn filled(target: &TargetState) -> FormState {
    let standby = target.standby.as_ref();
    FormState::with([
        ("standby_role", standby.map_or("active", |standby| standby.tier.as_str()).to_owned()),
        ("starter", standby.and_then(|s| s.starter.as_ref()).map(ToString::to_string).unwrap_or_default()),
    ])
}
