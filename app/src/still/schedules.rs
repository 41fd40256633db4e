//! Drills on a schedule: those of a group, and the part of the form that adds one.

use domain::{Brief, DrillKind, DrillSchedule, GroupName, LastDrill, ScheduleId, TargetId, Timestamp, Weekday};
use leptos::prelude::*;

use crate::forms::sentence_of;
use crate::ssr::Desk;
use crate::text::{Text, hurdle_of};
use crate::{FormState, Language, Route};

use super::moment;

/// A drill begins at most so long after its moment, in milliseconds.
const BEGINS_WITHIN_MS: u64 = 120_000;

/// What is known of the schedules of a group.
pub(super) struct Schedules {
    group: GroupName,
    now: Timestamp,
    schedules: Vec<DrillSchedule>,
    targets: Vec<(TargetId, String)>,
}

impl Schedules {
    /// None where there is no such group.
    pub(super) fn of(desk: &Desk<'_>, name: &GroupName) -> Option<Self> {
        let (schedules, targets) = desk.engine.with_board(|board| {
            let group = board.groups.get(name)?;
            let targets = group.targets.iter().map(|(id, state)| (*id, state.target.display_name())).collect();
            Some((group.schedules.values().cloned().collect(), targets))
        })?;
        Some(Self { group: name.clone(), now: desk.engine.clock().now(), schedules, targets })
    }

    fn name_of(&self, id: TargetId) -> String {
        let named = self.targets.iter().find(|(other, _)| *other == id);
        named.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }
}

/// The part of the form that puts the drill on a schedule, with a button of its own.
pub(super) fn form(schedules: &Schedules, form: Option<&FormState>, text: &'static Text) -> AnyView {
    let words = Words::of(text.language);
    let typed = |field: &str| form.and_then(|form| form.value(field)).unwrap_or_default().to_owned();
    let problem = |field: &'static str| {
        let invalid = form.and_then(|form| form.problems.iter().find(|invalid| invalid.field == field));
        let sentence = invalid.map(|invalid| sentence_of(&invalid.problem, text.language));
        sentence.map(|sentence| {
            view! { <p class="field-error" id=format!("e-{field}") role="alert">{sentence}</p> }
        })
    };
    let is_wrong = |field: &str| form.is_some_and(|form| form.problems.iter().any(|invalid| invalid.field == field));
    let named = typed("whom");
    let options = schedules.targets.iter().map(|(id, name)| {
        let id = id.to_string();
        view! { <option value=id.clone() selected=id == named>{name.clone()}</option> }
    });
    let options = options.collect_view();
    let days = Weekday::ALL.into_iter().zip(words.days).map(|(day, name)| {
        let is_chosen = form.is_some_and(|form| form.values("day").any(|chosen| chosen == day.as_str()));
        view! {
            <label class="day">
                <input type="checkbox" name="day" value=day.as_str() checked=is_chosen/>
                <span>{name}</span>
            </label>
        }
    });
    let days = days.collect_view();
    let described = if is_wrong("at_utc") { "e-at_utc h-at_utc" } else { "h-at_utc" };
    view! {
        <fieldset class="card form-card">
            <legend>{words.title}</legend>
            <p class="field-hint">{words.lead}</p>
            <div class="field">
                <label for="f-whom">{words.whom}</label>
                <select id="f-whom" name="whom">
                    <option value="">{words.in_turn}</option>
                    {options}
                </select>
                {problem("target")}
            </div>
            <div class="field" role="group" aria-labelledby="l-days">
                <span class="days-label" id="l-days">{words.on}</span>
                <div class="days">{days}</div>
                {problem("days")}
            </div>
            <div class="field">
                <label for="f-at_utc">{words.at}</label>
                <input
                    id="f-at_utc"
                    name="at_utc"
                    autocomplete="off"
                    placeholder="03:30"
                    value=typed("at_utc")
                    aria-invalid=is_wrong("at_utc").then_some("true")
                    aria-describedby=described
                />
                {problem("at_utc")}
                <p class="field-hint" id="h-at_utc">{words.at_help}</p>
            </div>
            <div><button class="btn" name="action" value="schedule">{words.plan}</button></div>
        </fieldset>
    }
    .into_any()
}

/// The schedules that are there.
pub(super) fn list(schedules: &Schedules, briefs: &[Brief], text: &'static Text) -> Option<AnyView> {
    if schedules.schedules.is_empty() {
        return None;
    }
    let words = Words::of(text.language);
    let rows = schedules.schedules.iter().map(|schedule| {
        let target = schedule.target.map_or(words.in_turn.to_owned(), |id| schedules.name_of(id));
        let days: Vec<&str> = schedule.times.days.iter().map(|day| words.days[*day as usize]).collect();
        let days = if days.len() == Weekday::ALL.len() { words.daily.to_owned() } else { days.join(" · ") };
        let coming = match schedule.next_after(schedules.now) {
            _ if schedule.paused => words.paused.into_any(),
            Some(at) => moment(at),
            None => "–".into_any(),
        };
        let last = schedule.last.as_ref();
        let last = last.map_or_else(|| words.never.into_any(), |last| outcome(last, schedules, briefs, words, text));
        view! {
            <li>
                <div><b>{(words.kind)(schedule.kind)}</b><span class="note">{target}</span></div>
                <div>{days}<span class="note">{schedule.times.at.to_string()}" UTC"</span></div>
                <div><span class="note">{words.next}</span>{coming}</div>
                <div><span class="note">{words.last}</span>{last}</div>
                {buttons(&schedules.group, schedule.id, schedule.paused, words)}
            </li>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section class="card below">
                <h2 class="card-title">{words.list}</h2>
                <ul class="schedules">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What came of the last moment, with a link to the record.
fn outcome(
    last: &LastDrill,
    schedules: &Schedules,
    briefs: &[Brief],
    words: &'static Words,
    text: &'static Text,
) -> AnyView {
    let at = moment(last.at);
    if let Some(hurdle) = &last.hurdle {
        let why = hurdle_of(hurdle, text.language).to_owned();
        return view! { {at}<span class="note">{words.not_held}" "{why}</span> }.into_any();
    }
    let name = last.target.map(|target| schedules.name_of(target));
    let is_its = |brief: &&Brief| {
        let begun = brief.drill.as_ref().filter(|drill| drill.scheduled).map(|drill| drill.at);
        Some(brief.target) == last.target
            && begun.is_some_and(|begun| last.at <= begun && begun.millis_since(last.at) <= BEGINS_WITHIN_MS)
    };
    match briefs.iter().find(is_its) {
        Some(brief) => {
            view! { <a href=Route::Failover(brief.id).to_string()>{at}</a><span class="note">{name}</span> }.into_any()
        }
        None => view! { {at}<span class="note">{name}</span> }.into_any(),
    }
}

fn buttons(group: &GroupName, id: ScheduleId, is_paused: bool, words: &'static Words) -> AnyView {
    let (action, name) = if is_paused { ("resume", words.resume) } else { ("pause", words.pause) };
    view! {
        <form class="schedule-acts" method="post" action=Route::Drill(group.clone()).to_string()>
            <input type="hidden" name="schedule" value=id.to_string()/>
            <button class="btn" name="action" value=action>{name}</button>
            <button class="btn" name="action" value="remove">{words.remove}</button>
        </form>
    }
    .into_any()
}

/// Everything that is said of schedules.
struct Words {
    title: &'static str,
    lead: &'static str,
    whom: &'static str,
    in_turn: &'static str,
    on: &'static str,
    days: [&'static str; 7],
    daily: &'static str,
    at: &'static str,
    at_help: &'static str,
    plan: &'static str,
    list: &'static str,
    next: &'static str,
    last: &'static str,
    kind: fn(DrillKind) -> &'static str,
    paused: &'static str,
    never: &'static str,
    not_held: &'static str,
    pause: &'static str,
    resume: &'static str,
    remove: &'static str,
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
    title: "Or on a schedule",
    lead: "The drill that is described above begins by itself. Not while a target of the group is unhealthy or another drill goes on, and what was missed is not made up for.",
    whom: "On whom",
    in_turn: "those that serve, in turn",
    on: "On",
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    daily: "every day",
    at: "At (UTC)",
    at_help: "A time of day in UTC, such as 03:30.",
    plan: "Put it on the schedule",
    list: "Drills on a schedule",
    next: "Next",
    last: "Last",
    kind: |kind| match kind {
        DrillKind::AsIfUnhealthy => "As if unhealthy",
        DrillKind::Drain => "Drain",
        DrillKind::Kill => "Kill",
        DrillKind::Hang => "Hang",
    },
    paused: "paused",
    never: "none yet",
    not_held: "Not held.",
    pause: "Pause",
    resume: "Resume",
    remove: "Remove",
};

static KO: Words = Words {
    title: "또는 일정에 따라",
    lead: "위에서 정한 훈련이 저절로 시작됩니다. 그룹의 대상이 비정상이거나 다른 훈련이 진행 중이면 하지 않으며, 놓친 훈련은 보충하지 않습니다.",
    whom: "누구를",
    in_turn: "서비스 중인 대상을 차례로",
    on: "요일",
    days: ["월", "화", "수", "목", "금", "토", "일"],
    daily: "매일",
    at: "시각(UTC)",
    at_help: "UTC 기준 시각, 예: 03:30.",
    plan: "일정에 넣기",
    list: "훈련 일정",
    next: "다음",
    last: "지난 결과",
    kind: |kind| match kind {
        DrillKind::AsIfUnhealthy => "비정상으로 간주",
        DrillKind::Drain => "드레이닝",
        DrillKind::Kill => "강제 종료",
        DrillKind::Hang => "멈춤",
    },
    paused: "일시 중지됨",
    never: "아직 없음",
    not_held: "하지 않음.",
    pause: "일시 중지",
    resume: "재개",
    remove: "제거",
};
