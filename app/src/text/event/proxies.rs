//! What happened at proxies, as sentences: who told what to which, and what it answered.

use domain::{Admin, AdminState, Answer, Because, Binding, Doubt, Link, Micros, Mode, Order, Place, Proxy, Status};

use crate::Language;
use crate::text::{Text, millis};

fn words(text: &Text) -> &'static Words {
    match text.language {
        Language::En => &EN,
        Language::Ko => &KO,
    }
}

pub(super) fn created(proxy: &Proxy, text: &Text) -> String {
    (words(text).created)(proxy.kind.title(), &proxy.address.to_string())
}

pub(super) fn edited(proxy: &Proxy, text: &Text) -> String {
    (words(text).edited)(&proxy.address.to_string())
}

pub(super) fn deleted(text: &Text) -> &'static str {
    words(text).deleted
}

pub(super) fn bound(binding: &Binding, text: &Text) -> String {
    (words(text).bound)(binding.group.as_str(), &mode(binding, text))
}

pub(super) fn binding_edited(binding: &Binding, text: &Text) -> String {
    (words(text).binding_edited)(binding.group.as_str(), &mode(binding, text))
}

pub(super) fn unbound(binding: &Binding, text: &Text) -> String {
    (words(text).unbound)(binding.group.as_str())
}

/// The mode, and its limit where that counts.
fn mode(binding: &Binding, text: &Text) -> String {
    let mode = text.proxy_one(|words| words.mode)(binding.mode);
    let limit = || text.proxy_one(|words| words.per_minute)(binding.changes_per_minute);
    match binding.mode {
        Mode::Observe | Mode::ByHand => mode.to_owned(),
        Mode::Automatic if binding.cut_unhealthy => {
            format!("{mode}, {}, {}", limit(), text.proxy_one(|words| words.cuts_unhealthy))
        }
        Mode::Automatic => format!("{mode}, {}", limit()),
    }
}

/// The connection in words, with the shape of what it is worth.
pub(super) fn linked(link: &Link, text: &Text) -> (Option<Status>, String) {
    match link {
        Link::Untried => (None, text.proxy_one(|words| words.untried).to_owned()),
        Link::Reachable { .. } => (Some(Status::Healthy), words(text).answers.to_owned()),
        Link::Unreachable { why, .. } => (Some(Status::Unhealthy), (words(text).silent)(why)),
    }
}

pub(super) fn looked(version: &str, text: &Text) -> String {
    (words(text).looked)(version)
}

pub(super) fn held(place: &Place, text: &Text) -> String {
    (words(text).held)(&server(place))
}

pub(super) fn released(place: &Place, text: &Text) -> String {
    (words(text).released)(&server(place))
}

/// A server with its backend.
fn server(place: &Place) -> String {
    format!("{}/{}", place.backend, place.server)
}

/// The status that an order led to, where it was carried out.
pub(super) fn shape_of(order: Order, answer: &Answer) -> Option<Status> {
    match (answer, order) {
        (Answer::Failed { .. }, _) => Some(Status::Unhealthy),
        (Answer::Done { .. }, Order::Ready) => Some(Status::Healthy),
        (Answer::Done { .. }, Order::Drain | Order::Maint | Order::Cut) => Some(Status::Draining),
    }
}

/// What a proxy was told, why, what it answered, and how long that took.
pub(super) fn told(
    place: &Place,
    target: &str,
    order: Order,
    because: Because,
    answer: &Answer,
    took_us: u32,
    text: &Text,
) -> String {
    let words = words(text);
    let server = server(place);
    let server = if target.is_empty() { server } else { format!("{target} ({server})") };
    let took = millis(Micros(took_us));
    let because = (words.because)(because);
    match answer {
        Answer::Done { said, .. } => {
            let said = if said.trim().is_empty() { String::new() } else { format!(" · “{}”", said.trim()) };
            format!("{} · {because} · +{took}{said}", (words.did)(order, &server))
        }
        Answer::Failed { why, .. } => format!("{} · {because} · +{took} · {why}", (words.did_not)(order, &server)),
    }
}

pub(super) fn outside(place: &Place, change: Option<Admin>, text: &Text) -> String {
    let server = server(place);
    match change {
        None => (words(text).as_wanted)(&server),
        Some(admin) if admin.state == AdminState::Ready => (words(text).brought_back)(&server),
        Some(admin) => (words(text).taken_out)(&server, &text.proxy_one(|words| words.out)(admin)),
    }
}

pub(super) fn waits(doubt: Option<Doubt>, text: &Text) -> String {
    match doubt {
        Some(doubt) => {
            format!("{}: {}", text.proxy_one(|words| words.waits), text.proxy_one(|words| words.doubt)(doubt))
        }
        None => words(text).goes_on.to_owned(),
    }
}

struct Words {
    created: fn(&str, &str) -> String,
    edited: fn(&str) -> String,
    deleted: &'static str,
    bound: fn(&str, &str) -> String,
    binding_edited: fn(&str, &str) -> String,
    unbound: fn(&str) -> String,
    answers: &'static str,
    silent: fn(&str) -> String,
    looked: fn(&str) -> String,
    held: fn(&str) -> String,
    released: fn(&str) -> String,
    did: fn(Order, &str) -> String,
    did_not: fn(Order, &str) -> String,
    because: fn(Because) -> &'static str,
    taken_out: fn(&str, &str) -> String,
    brought_back: fn(&str) -> String,
    as_wanted: fn(&str) -> String,
    goes_on: &'static str,
}

static EN: Words = Words {
    created: |kind, address| format!("connected, {kind} at {address}"),
    edited: |address| format!("has another address: {address}"),
    deleted: "disconnected",
    bound: |group, mode| format!("bound to {group}, {mode}"),
    binding_edited: |group, mode| format!("serves {group}, now {mode}"),
    unbound: |group| format!("no longer bound to {group}"),
    answers: "answers",
    silent: |why| format!("cannot be reached: {why}"),
    looked: |version| format!("was looked at, version {version}"),
    held: |server| format!("is about to take {server} out"),
    released: |server| format!("uses {server} again"),
    did: |order, server| match order {
        Order::Ready => format!("took {server} back into service"),
        Order::Drain => format!("drained {server}"),
        Order::Maint => format!("stopped using {server}"),
        Order::Cut => format!("closed the sessions of {server}"),
    },
    did_not: |order, server| match order {
        Order::Ready => format!("did not take {server} back into service"),
        Order::Drain => format!("did not drain {server}"),
        Order::Maint => format!("did not stop using {server}"),
        Order::Cut => format!("did not close the sessions of {server}"),
    },
    because: |because| match because {
        Because::Person => "asked for by a person",
        Because::Policy => "automatic mode, by its health",
        Because::Deregistered => "its target is deregistered",
        Because::Forgotten => "the proxy had forgotten it",
        Because::DelayOver => "the deregistration delay is over",
        Because::Unbound => "Drainboard does not drain there any more",
        Because::Standby => "it is a standby",
    },
    taken_out: |server, state| format!("{server} was taken out of service by somebody else ({state})"),
    brought_back: |server| format!("{server} was brought back into service by somebody else"),
    as_wanted: |server| format!("{server} is as Drainboard wants it again"),
    goes_on: "automatic mode goes on",
};

static KO: Words = Words {
    created: |kind, address| format!("연결됨, {kind}, {address}"),
    edited: |address| format!("주소가 변경됨: {address}"),
    deleted: "연결 해제됨",
    bound: |group, mode| format!("{group} 그룹에 바인딩됨, {mode}"),
    binding_edited: |group, mode| format!("{group} 그룹, 모드 변경: {mode}"),
    unbound: |group| format!("{group} 그룹과의 바인딩 해제됨"),
    answers: "응답함",
    silent: |why| format!("연결할 수 없음: {why}"),
    looked: |version| format!("조회함, 버전 {version}"),
    held: |server| format!("{server} 제외 준비"),
    released: |server| format!("{server} 다시 사용"),
    did: |order, server| match order {
        Order::Ready => format!("{server} 서비스로 복귀시킴"),
        Order::Drain => format!("{server} 드레이닝함"),
        Order::Maint => format!("{server} 사용 중지함"),
        Order::Cut => format!("{server}의 세션을 닫음"),
    },
    did_not: |order, server| match order {
        Order::Ready => format!("{server} 서비스로 복귀시키지 못함"),
        Order::Drain => format!("{server} 드레이닝하지 못함"),
        Order::Maint => format!("{server} 사용을 중지하지 못함"),
        Order::Cut => format!("{server}의 세션을 닫지 못함"),
    },
    because: |because| match because {
        Because::Person => "사람의 요청",
        Because::Policy => "자동 모드, 상태에 따름",
        Because::Deregistered => "대상이 등록 취소됨",
        Because::Forgotten => "프록시가 잊은 내용을 다시 지시",
        Because::DelayOver => "등록 취소 지연이 끝남",
        Because::Unbound => "Drainboard가 더 이상 드레이닝하지 않음",
        Because::Standby => "대기 대상임",
    },
    taken_out: |server, state| format!("{server}: 다른 누군가가 서비스에서 뺌 ({state})"),
    brought_back: |server| format!("{server}: 다른 누군가가 서비스로 되돌림"),
    as_wanted: |server| format!("{server}: 다시 Drainboard가 원하는 상태임"),
    goes_on: "자동 모드 계속",
};
