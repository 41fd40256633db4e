//! The figures of a record, each with its bound or why it is missing.

use domain::{Cause, Failover, Figure, Figures, Missing, Promise, Unbound};
use leptos::prelude::*;

use super::{Words, lasts, took};

/// The row of figures.
pub(super) fn figures(failover: &Failover, words: &'static Words) -> AnyView {
    let Figures {
        detect_ms,
        proxy_detect_ms,
        out_of_service_ms,
        first_success_elsewhere_ms,
        requests_lost,
        requests_stalled,
        recover_ms,
    } = failover.figures();
    let promised = |promise: Promise| (words.promise)(&promise);
    let bound = |promise: Result<Promise, Unbound>| Some(promise.map_or_else(|why| (words.unbound)(why), promised));
    let detection = failover.detection_promise().map(promised);
    let is_found = failover.cause == Cause::FailedChecks;
    let by_proxy = is_found.then(|| (words.unbound)(Unbound::ByProxy));
    let by_traffic = || Some((words.unbound)(Unbound::ByTraffic));
    let recovery = failover.recovery_promise().map(|promise| (words.once_it_answers)(&promised(promise)));
    let recovery = Some(recovery.unwrap_or_else(words.unbound));
    let blur = |figure: Figure| figure.blur_ms.filter(|ms| 0 < *ms).map(|ms| (words.or_earlier)(&lasts(ms)));
    let after_detection = failover.detected_at().zip(failover.taken_out_at()).and_then(|(found, out)| {
        let after = failover.after(out).checked_sub(failover.after(found))?;
        Some((words.after_detection)(&lasts(after)))
    });
    let traffic = failover.traffic.as_ref();
    let by = traffic.and_then(|traffic| traffic.names.get(&traffic.elsewhere?.1)).map(|name| (words.by_name)(name));
    let total = traffic.map(|traffic| (words.of_total)(traffic.total));
    let in_flight = traffic.filter(|traffic| 0 < traffic.lost_in_flight).map(|t| (words.in_flight)(t.lost_in_flight));
    let partial = traffic.filter(|traffic| traffic.is_partial).map(|_| words.partial.to_owned());
    let by_proxies = (traffic.is_none() && requests_lost.value.is_some()).then(|| words.answers_5xx.to_owned());
    let mut proxies: Vec<String> = failover.served.iter().map(|served| served.proxy.to_string()).collect();
    proxies.dedup();
    let proxy = (words.detected_by)(&proxies.join(", "));
    let tiles = [
        tile(words.detected.to_owned(), time(detect_ms), None, None, detect_ms.missing, detection, words),
        tile(proxy, time(proxy_detect_ms), None, blur(proxy_detect_ms), proxy_detect_ms.missing, by_proxy, words),
        tile(
            words.out.to_owned(),
            time(out_of_service_ms),
            None,
            after_detection.or(blur(out_of_service_ms)),
            out_of_service_ms.missing,
            bound(failover.out_of_service_promise()),
            words,
        ),
        tile(
            words.elsewhere.to_owned(),
            time(first_success_elsewhere_ms),
            None,
            by,
            first_success_elsewhere_ms.missing,
            by_traffic(),
            words,
        ),
        tile(
            words.lost.to_owned(),
            number(requests_lost),
            total.clone(),
            partial.or(in_flight).or(by_proxies),
            requests_lost.missing,
            by_traffic(),
            words,
        ),
        tile(
            words.stalled.to_owned(),
            number(requests_stalled),
            total,
            None,
            requests_stalled.missing,
            by_traffic(),
            words,
        ),
        tile(words.back.to_owned(), time(recover_ms), None, None, recover_ms.missing, recovery, words),
    ];
    view! { <dl class="figs">{tiles.into_iter().collect_view()}</dl> }.into_any()
}

fn time(figure: Figure) -> Option<String> {
    figure.value.map(took)
}

fn number(figure: Figure) -> Option<String> {
    figure.value.map(|value| format!("{value:.0}"))
}

fn tile(
    title: String,
    value: Option<String>,
    of: Option<String>,
    note: Option<String>,
    missing: Option<Missing>,
    bound: Option<String>,
    words: &'static Words,
) -> AnyView {
    let note = missing.map(|why| (words.missing)(why).to_owned()).or(note);
    let of = of.filter(|_| value.is_some()).map(|of| view! { <small>" "{of}</small> });
    view! {
        <div>
            <dt class="k">{title}</dt>
            <dd class="v">{value.unwrap_or_else(|| "–".to_owned())}{of}</dd>
            {note.map(|note| view! { <dd class="b">{note}</dd> })}
            {bound.map(|bound| view! { <dd class="b bound">{bound}</dd> })}
        </div>
    }
    .into_any()
}
