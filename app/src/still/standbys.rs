//! The same loss against a hot, a warm and a cold standby, side by side.

use domain::{CompareStep, LabComparison, Tier, TierRun};
use leptos::prelude::*;

use crate::ssr::Desk;
use crate::text::Text;
use crate::{Language, Route, Still};

use super::failover::took;
use super::still;

/// The page.
pub(super) fn compare(desk: &Desk<'_>) -> Still {
    let text = Text::of(desk.language());
    let words = Words::of(text.language);
    let lab = desk.engine.lab();
    let is_open = lab.view().lab().is_some();
    let comparison = lab.comparison();
    let is_going_on = comparison.as_ref().is_some_and(|comparison| comparison.now.is_some());
    still(is_going_on, || {
        let action = Route::LabStandbys.to_string();
        let begin = match (is_open, is_going_on) {
            (false, _) => {
                view! { <p class="after"><a class="btn primary" href="/lab">{words.to_lab}</a></p> }.into_any()
            }
            (true, true) => ().into_any(),
            (true, false) => view! {
                <form method="post" action=action>
                    <button class="btn primary">{if comparison.is_some() { words.again } else { words.begin }}</button>
                </form>
            }
            .into_any(),
        };
        view! {
            <p class="crumb"><a href="/lab">{text.lab().title}</a></p>
            <div class="head"><div><h1>{words.title}</h1><p class="sub">{words.lead}</p></div></div>
            {comparison.as_ref().map(|comparison| result(comparison, words))}
            {begin}
        }
        .into_any()
    })
}

fn result(comparison: &LabComparison, words: &'static Words) -> AnyView {
    let slowest = comparison.runs.iter().filter_map(|run| run.in_service_us).max().unwrap_or(1).max(1);
    let rows = Tier::ALL.map(|tier| {
        let run = comparison.runs.iter().find(|run| run.tier == tier);
        let step = comparison.now.filter(|(now, _)| *now == tier).map(|(_, step)| step);
        row(tier, run, step, slowest, words)
    });
    let failed = comparison.failed.clone();
    let failed = failed.map(|why| view! { <p class="banner bad" role="alert">{words.failed}" "{why}</p> });
    let [tier, replaced, lost, record] = words.columns;
    view! {
        {failed}
        <div class="card">
            <table class="compared">
                <caption class="visually-hidden">{words.title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tier}</th>
                        <th scope="col">{replaced}</th>
                        <th scope="col" class="num">{lost}</th>
                        <th scope="col">{record}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(tier: Tier, run: Option<&TierRun>, step: Option<CompareStep>, slowest: u64, words: &'static Words) -> AnyView {
    let (name, about) = (words.tier)(tier);
    let value = match (run, step) {
        (Some(TierRun { in_service_us: Some(us), .. }), _) => {
            #[expect(clippy::cast_precision_loss, reason = "seconds in microseconds are exact")]
            let (width, ms) = ((*us as f64 / slowest as f64 * 100.0).max(0.5), *us as f64 / 1000.0);
            view! {
                <b>{took(ms)}</b>
                <svg class="compare-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=width height="6"></rect>
                </svg>
            }
            .into_any()
        }
        (Some(_), _) => view! { <span class="note">{words.never}</span> }.into_any(),
        (None, Some(step)) => view! { <span role="status">{(words.step)(step)}</span> }.into_any(),
        (None, None) => view! { <span class="note">"–"</span> }.into_any(),
    };
    let lost = run.map_or("–".to_owned(), |run| (words.of)(run.lost, run.asked));
    let record = run.and_then(|run| run.failover).map(|id| {
        view! { <a href=Route::Failover(id).to_string()>{words.record}</a> }
    });
    view! {
        <tr>
            <td><span class="name">{name}</span><span class="note">{about}</span></td>
            <td>{value}</td>
            <td class="num">{lost}</td>
            <td>{record}</td>
        </tr>
    }
    .into_any()
}

/// Everything that is said on this page.
struct Words {
    title: &'static str,
    lead: &'static str,
    begin: &'static str,
    again: &'static str,
    to_lab: &'static str,
    columns: [&'static str; 4],
    tier: fn(Tier) -> (&'static str, &'static str),
    step: fn(CompareStep) -> &'static str,
    never: &'static str,
    failed: &'static str,
    of: fn(u32, u32) -> String,
    record: &'static str,
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
    title: "Hot, warm, cold: how fast is the replacement in service?",
    lead: "Server 1 of the lab is killed three times, while server 2 stands by: first hot, then warm, then cold. Visitors ask all the time; what counts is the first answer of the replacement.",
    begin: "Compare hot, warm and cold",
    again: "Compare again",
    to_lab: "Start the lab first",
    columns: ["Standby", "In service after", "Requests lost", "Record"],
    tier: |tier| match tier {
        Tier::Hot => ("Hot", "It runs, is checked, and the proxy has it as a backup."),
        Tier::Warm => ("Warm", "It runs and is checked; the proxy is told to use it when it is promoted."),
        Tier::Cold => ("Cold", "It does not run; it is started first, and must pass its checks."),
    },
    step: |step| match step {
        CompareStep::Preparing => "is being made ready …",
        CompareStep::Losing => "server 1 is killed; the first answer is awaited …",
        CompareStep::Restoring => "everything is put back …",
    },
    never: "did not answer within 30 s",
    failed: "The comparison did not get to its end:",
    of: |lost, asked| format!("{lost} of {asked}"),
    record: "Open",
};

static KO: Words = Words {
    title: "핫, 웜, 콜드: 대체 서버는 얼마나 빨리 서비스에 들어오나?",
    lead: "서버 2가 대기하는 동안 실습의 서버 1을 세 번 강제 종료합니다. 처음에는 핫, 다음은 웜, 마지막은 콜드입니다. 방문자는 계속 요청하며, 대체 서버의 첫 응답까지의 시간을 잽니다.",
    begin: "핫, 웜, 콜드 비교",
    again: "다시 비교",
    to_lab: "먼저 실습 시작",
    columns: ["대기", "서비스까지", "손실 요청", "기록"],
    tier: |tier| match tier {
        Tier::Hot => ("핫", "실행 중이고 확인되며, 프록시가 백업으로 가지고 있습니다."),
        Tier::Warm => ("웜", "실행 중이고 확인되며, 승격될 때 프록시에 사용을 지시합니다."),
        Tier::Cold => ("콜드", "실행되지 않습니다. 먼저 시작하고 상태 확인을 통과해야 합니다."),
    },
    step: |step| match step {
        CompareStep::Preparing => "준비하는 중 …",
        CompareStep::Losing => "서버 1을 강제 종료했습니다. 첫 응답을 기다리는 중 …",
        CompareStep::Restoring => "모두 되돌리는 중 …",
    },
    never: "30초 안에 응답 없음",
    failed: "비교를 끝내지 못했습니다:",
    of: |lost, asked| format!("{asked}건 중 {lost}건"),
    record: "열기",
};
