//! The form that begins a drill.

use domain::{Brief, DrillKind, GroupState, Mode};
use leptos::prelude::*;

use crate::forms::{DRILL_S, sentence_of};
use crate::ssr::Desk;
use crate::text::Text;
use crate::{FormState, Language, Route, Still, Tab};

use super::{schedules, still};

/// What is shown of a target that can be chosen.
struct Choice {
    id: String,
    name: String,
    serves: bool,
}

/// The page; none where there is no such group.
pub(super) fn form(
    desk: &Desk<'_>,
    name: &domain::GroupName,
    form: Option<&FormState>,
    briefs: &[Brief],
) -> Option<Still> {
    let text = Text::of(desk.language());
    let (choices, is_automatic) = desk.engine.with_board(|board| {
        let group: &GroupState = board.groups.get(name)?;
        let choice = |target: &domain::TargetState| Choice {
            id: target.target.id.to_string(),
            name: target.target.display_name(),
            serves: board.serves(group, target),
        };
        let mut bindings = board.bindings.values().filter(|state| state.binding.group == *name);
        let is_automatic = bindings.any(|state| state.binding.mode == Mode::Automatic);
        Some((group.targets.values().map(choice).collect::<Vec<_>>(), is_automatic))
    })?;
    let in_lab = desk.engine.lab().view().lab().and_then(|lab| lab.groups.clone());
    let in_lab = in_lab.is_some_and(|groups| groups.web == *name || groups.api == *name);
    let schedules = schedules::Schedules::of(desk, name)?;
    let words = Words::of(text.language);
    let back = Route::Group(name.clone(), Tab::Targets).to_string();
    let action = Route::Drill(name.clone()).to_string();
    let kinds = DrillKind::ALL.into_iter().filter(|kind| in_lab || !kind.needs_lab());
    let chosen = |field: &str| form.and_then(|form| form.value(field)).map(str::to_owned);
    let asked = crate::route::pairs(&desk.request.query).into_iter().find(|(key, _)| key == "target");
    let target = chosen("target").or(asked.map(|(_, id)| id));
    let kind = chosen("kind")
        .unwrap_or_else(|| if is_automatic { DrillKind::AsIfUnhealthy } else { DrillKind::Drain }.as_str().to_owned());
    let wrong = |field: &str| {
        let invalid = form.and_then(|form| form.problems.iter().find(|invalid| invalid.field == field));
        invalid.map(|invalid| sentence_of(&invalid.problem, text.language))
    };
    let problem = |field: &'static str| {
        let id = format!("e-{field}");
        wrong(field).map(|sentence| view! { <p class="field-error" id=id role="alert">{sentence}</p> })
    };
    let input = |field: &'static str, label: &'static str, help: &'static str, default: String| {
        let value = chosen(field).unwrap_or(default);
        let is_wrong = wrong(field).is_some();
        let described = if is_wrong { format!("e-{field} h-{field}") } else { format!("h-{field}") };
        view! {
            <div class="field">
                <label for=format!("f-{field}")>{label}</label>
                <input
                    id=format!("f-{field}")
                    name=field
                    inputmode="numeric"
                    autocomplete="off"
                    value=value
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=described
                />
                {problem(field)}
                <p class="field-hint" id=format!("h-{field}")>{help}</p>
            </div>
        }
    };
    let options = choices.iter().map(|choice| {
        let is_chosen = target.as_ref() == Some(&choice.id);
        let label =
            if choice.serves { choice.name.clone() } else { format!("{} ({})", choice.name, words.not_serving) };
        view! { <option value=choice.id.clone() selected=is_chosen disabled=!choice.serves>{label}</option> }
    });
    let options = options.collect_view();
    let radios = kinds.map(|each| {
        let (title, help) = (words.kind)(each);
        view! {
            <label class="way">
                <input type="radio" name="kind" value=each.as_str() checked=each.as_str() == kind/>
                <span><b>{title}</b><span class="note">{help}</span></span>
            </label>
        }
    });
    let radios = radios.collect_view();
    let failure = form.and_then(|form| form.failure.clone());
    let failure = failure.map(|failure| view! { <p class="banner bad" role="alert">{failure}</p> });
    Some(still(false, || {
        view! {
            <div class="form-page">
            <p class="crumb"><a href=back.clone()>{name.to_string()}</a></p>
            <h1>{(words.title)(name.as_str())}</h1>
            <p class="sub">{words.lead}</p>
            {failure}
            <form class="form" method="post" action=action>
                <fieldset class="card form-card">
                <legend>{words.what}</legend>
                <div class="field">
                    <label for="f-target">{words.target}</label>
                    <select id="f-target" name="target">{options}</select>
                    {problem("target")}
                </div>
                <div class="ways">{radios}{problem("kind")}</div>
                {input("lasts_s", words.lasts, words.lasts_help, DRILL_S.to_string())}
                </fieldset>
                <fieldset class="card form-card">
                    <legend>{words.criteria}</legend>
                    <p class="field-hint">{words.criteria_help}</p>
                    {input("detect_ms", words.detect, words.detect_help, String::new())}
                    {input("fail_over_ms", words.fail_over, words.fail_over_help, String::new())}
                    {input("lost", words.lost, words.lost_help, String::new())}
                </fieldset>
                <div class="form-actions">
                    <button class="btn primary">{words.begin}</button>
                    <a class="btn" href=back.clone()>{words.cancel}</a>
                </div>
                {schedules::form(&schedules, form, text)}
            </form>
            {schedules::list(&schedules, briefs, text)}
            </div>
        }
        .into_any()
    }))
}

/// Everything that is said on this page.
struct Words {
    title: fn(&str) -> String,
    lead: &'static str,
    target: &'static str,
    not_serving: &'static str,
    what: &'static str,
    kind: fn(DrillKind) -> (&'static str, &'static str),
    lasts: &'static str,
    lasts_help: &'static str,
    criteria: &'static str,
    criteria_help: &'static str,
    detect: &'static str,
    detect_help: &'static str,
    fail_over: &'static str,
    fail_over_help: &'static str,
    lost: &'static str,
    lost_help: &'static str,
    begin: &'static str,
    cancel: &'static str,
}

impl Words {
    fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Ko => &KO,
        }
    }
}

static EN: Words = Words {
    title: |group| format!("Drill in {group}"),
    lead: "One target is lost on purpose. The record that is made says what it took and cost, and whether that was within the limits.",
    target: "Target",
    not_serving: "does not serve now",
    what: "What is done",
    kind: |kind| match kind {
        DrillKind::AsIfUnhealthy => (
            "As if unhealthy",
            "Drainboard takes it out as it would an unhealthy one, although its checks pass, and brings it back when the drill is over. Needs a binding in automatic mode.",
        ),
        DrillKind::Drain => ("Drain", "It is drained, and returns when the drill is over. Nobody is cut off."),
        DrillKind::Kill => {
            ("Kill", "Its process is killed (SIGKILL), and started again when the drill is over. In the lab only.")
        }
        DrillKind::Hang => (
            "Hang",
            "Its process is stopped without ending (SIGSTOP), and goes on when the drill is over. In the lab only.",
        ),
    },
    lasts: "Lasts (s)",
    lasts_help: "After so long everything is put back. 1 to 3600 s.",
    criteria: "It has passed if",
    criteria_help: "Leave empty what does not matter. What could not be measured counts as failed.",
    detect: "Detected within (ms)",
    detect_help: "From the fault until Drainboard believes that the target is unhealthy. There is nothing to detect in a drain or “as if unhealthy”.",
    fail_over: "Out of service within (ms)",
    fail_over_help: "From the fault until the first proxy sends it nothing new any more.",
    lost: "Requests lost at most",
    lost_help: "As the lab's synthetic client sees them, or as answers of 500 and above that proxies count.",
    begin: "Begin the drill",
    cancel: "Cancel",
};

static KO: Words = Words {
    title: |group| format!("{group} 훈련"),
    lead: "대상 하나를 일부러 잃습니다. 그때 만들어지는 기록이 걸린 시간과 대가, 그리고 한도 안이었는지를 알려 줍니다.",
    target: "대상",
    not_serving: "지금 서비스하지 않음",
    what: "할 일",
    kind: |kind| match kind {
        DrillKind::AsIfUnhealthy => (
            "비정상으로 간주",
            "상태 확인을 통과해도 비정상 대상처럼 제외했다가 훈련이 끝나면 되돌립니다. 자동 모드 바인딩이 필요합니다.",
        ),
        DrillKind::Drain => ("드레이닝", "드레이닝했다가 훈련이 끝나면 복귀시킵니다. 아무도 끊기지 않습니다."),
        DrillKind::Kill => {
            ("강제 종료", "프로세스를 강제 종료하고(SIGKILL) 훈련이 끝나면 다시 시작합니다. 실습에서만.")
        }
        DrillKind::Hang => ("멈춤", "프로세스를 끝내지 않고 멈추고(SIGSTOP) 훈련이 끝나면 계속합니다. 실습에서만."),
    },
    lasts: "지속 시간(초)",
    lasts_help: "이 시간이 지나면 모두 되돌립니다. 1~3600초.",
    criteria: "합격 기준",
    criteria_help: "상관없는 것은 비워 두세요. 잴 수 없었던 것은 불합격입니다.",
    detect: "감지까지 최대(ms)",
    detect_help: "장애부터 Drainboard가 비정상으로 판단할 때까지. 드레이닝과 ‘비정상으로 간주’에는 감지할 것이 없습니다.",
    fail_over: "서비스 제외까지 최대(ms)",
    fail_over_help: "장애부터 첫 프록시가 새 요청을 더 보내지 않을 때까지.",
    lost: "손실 요청 최대",
    lost_help: "실습의 합성 클라이언트가 본 수, 또는 프록시가 센 500 이상의 응답 수.",
    begin: "훈련 시작",
    cancel: "취소",
};
