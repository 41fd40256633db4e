//! Pages from hand-made data, as the server renders them.

use domain::{
    Board, Event, EventKind, EventNumber, Failure, GroupDraft, GroupName, LabView, Micros, Observation, Outcome,
    OwnFault, Phases, Protocol, Target, TargetDraft, TargetId, Timestamp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::state::{LabIs, Language, Later, Notice, Zone};
use crate::text::Text;
use crate::{Route, Tab};

mod detection;
mod drains;
mod lab;
mod past;
mod proxies;

const START: i64 = 1_795_341_800_000;

/// A board that is told by its events.
struct World {
    board: Board,
    events: Vec<Event>,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
        Self { board: Board::default(), events: Vec::new(), now: Timestamp::from_millis(START) }
    }

    fn tell(&mut self, kind: EventKind) {
        let event = Event { number: self.board.number.next(), at: self.now, by: None, why: None, kind };
        self.board.apply(&event).unwrap();
        same_for_the_browser(&event);
        self.events.insert(0, event);
    }

    fn group(&mut self, name: &str) -> GroupName {
        let mut draft = GroupDraft { name: name.to_owned(), ..GroupDraft::default_for(Protocol::Http) };
        draft.port = "8000".to_owned();
        draft.check.interval_ms = "1000".to_owned();
        draft.check.timeout_ms = "500".to_owned();
        let group = draft.validate().unwrap();
        let name = group.name.clone();
        self.tell(EventKind::GroupCreated(group));
        name
    }

    fn target(&mut self, group: &GroupName, label: &str, number: u8) -> TargetId {
        let draft = TargetDraft::parse(&format!("10.0.4.{number}"), "8000", label, 80).unwrap();
        let id: TargetId = format!("0192f0c1-0000-7000-8000-0000000000{number:02x}").parse().unwrap();
        let TargetDraft { label, host, port } = draft;
        self.tell(EventKind::TargetRegistered(Target { id, group: group.clone(), label, host, port }));
        id
    }

    /// A check a second, a letter each: passed, failed, not seen.
    fn checks(&mut self, group: &GroupName, id: TargetId, outcomes: &str) {
        for letter in outcomes.chars() {
            self.now = self.now.plus_millis(1000);
            let outcome = match letter {
                '+' => Outcome::Pass,
                '-' => Outcome::Fail(Failure::Timeout { after_ms: 500 }),
                _ => Outcome::Unknown(OwnFault::FileDescriptors),
            };
            let us = Micros(if letter == '+' { 8_140 } else { 500_400 });
            let phases = Phases { dns: None, connect: Some(Micros(210)), tls: None, first_byte: None, total: us };
            let seen = Observation { at: self.now, phases, status_code: None, outcome };
            let kind = self.board.judge(group, id, seen, self.now.plus_millis(3), None).unwrap();
            self.tell(kind);
        }
    }

    fn page(&self, path: &str) -> PageData {
        self.page_in(Language::En, path)
    }

    fn page_in(&self, language: Language, path: &str) -> PageData {
        let on_record: Vec<Event> = self.events.iter().filter(|event| event.kind.is_on_record()).cloned().collect();
        let told = |event: &Event| crate::text::line(event, &self.board, &on_record, Text::of(language));
        let route = Route::parse(path.split('?').next().unwrap());
        let target = route.as_ref().and_then(|route| self.board.target(route.group()?, route.target()?));
        let now = self.now.plus_millis(12_000);
        PageData {
            path: path.to_owned(),
            host: "board.example:3000".to_owned(),
            boot: 7,
            build: "b1".to_owned(),
            now,
            language,
            theme: Theme::System,
            zone: Zone::Local,
            number: self.board.number,
            recording: self.board.recording.clone(),
            counts: self.board.counts(),
            subject: target.map(|target| target.target.display_name()),
            overview: route.as_ref().is_some_and(Route::is_overview).then(|| self.board.overview(now)),
            matches: Vec::new(),
            board: route.and_then(|route| route.scope()).map(|_| self.board.clone().into()).unwrap_or_default(),
            events: on_record.iter().map(told).collect(),
            observations: Vec::new(),
            history_unread: false,
            form: Later::default(),
            notice: None,
            trials: Later::default(),
            proxy_trial: Later::default(),
            transcript: Later::default(),
            past: Later::default(),
            uptimes: Vec::new(),
            storage: None,
            starters: Later::default(),
            still: None,
            lab_is: LabIs::Closed,
            lab: Later::default(),
            found: true,
        }
    }
}

/// Two of three are healthy, the third is down.
fn shop() -> (World, GroupName, TargetId) {
    let mut world = World::new();
    let shop = world.group("shop-web");
    let one = world.target(&shop, "web-1", 11);
    let two = world.target(&shop, "웹-2", 12);
    let three = world.target(&shop, "web-3", 13);
    world.checks(&shop, one, "+++");
    world.checks(&shop, two, "++");
    world.checks(&shop, three, "+--");
    (world, shop, three)
}

/// What a page shows, which must be the same when the browser has read its data.
fn body(data: &PageData) -> String {
    same_for_the_browser(data);
    super::body(data)
}

/// The browser takes everything in before it reads the parts.
fn same_for_the_browser<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(told: &T) {
    let json = serde_json::to_string(told).unwrap();
    assert_eq!(crate::wire::read::<T>(&json).unwrap(), serde_json::from_str::<T>(&json).unwrap());
}

/// The text of a page without its tags.
fn text(html: &str) -> String {
    let mut text = String::new();
    let mut is_inside = false;
    for c in html.chars() {
        match c {
            '<' => is_inside = true,
            '>' => is_inside = false,
            c if !is_inside => text.push(c),
            _ => {}
        }
    }
    text
}

fn check(html: &str, expected: &[&str]) {
    let text = text(html);
    for expected in expected {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
}

#[test]
fn the_overview_says_who_needs_somebody_and_why() {
    let (world, ..) = shop();
    check(
        &body(&world.page("/")),
        &[
            "One group needs you",
            "shop-web runs on 2 of 3.",
            "HTTP 8000 · /",
            "2 of 3 healthy",
            "8.1 ms",
            "web-3 unhealthy · Target.Timeout · 12 s ago",
            "no answer within 500 ms · Target.Timeout · found",
            "As of 10:03:",
        ],
    );
}

#[test]
fn a_group_says_who_serves_and_how_far_the_next_change_is() {
    let (world, shop, _) = shop();
    let html = body(&world.page(&Route::Group(shop, Tab::Targets).to_string()));
    check(
        &html,
        &["Serving: web-1, 웹-2.", "web-3 is down since 10:03:28", "10.0.4.13:8000", "failed", "Deregister selected"],
    );
    assert!(html.contains("aria-label=\"0 of 5\""), "pips of the one that is down");
    assert!(html.contains("Last 3 checks: 1 passed, 2 failed"), "the bar in words");
}

#[test]
fn what_was_healthy_before_a_restart_is_not_shown_as_healthy() {
    let (mut world, shop, _) = shop();
    for target in world.board.groups.get_mut(&shop).unwrap().targets.values_mut() {
        target.restored = true;
    }
    let page = |path: &str| body(&world.page(path));
    check(&page("/groups/shop-web"), &["Serving: web-1, 웹-2. As of before the restart, not confirmed yet."]);
    check(&page("/"), &["As of before the restart, not confirmed yet.", "healthy (from before the restart)"]);
}

#[test]
fn times_say_their_zone() {
    let (world, shop, three) = shop();
    check(&body(&world.page("/events")), &["Times in UTC"]);
    check(&body(&world.page("/groups/shop-web")), &["web-3 is down since 10:03:28 UTC."]);
    check(&body(&world.page(&Route::Target(shop, three).to_string())), &["since 10:03:28.000 UTC"]);
}

#[test]
fn filters_leave_rows_out_and_say_where_the_rest_is() {
    let (world, shop, _) = shop();
    let rows = |query: &str| body(&world.page(&format!("/groups/{shop}{query}"))).matches("data-row").count();
    assert_eq!([rows(""), rows("?status=unhealthy"), rows("?problems=1"), rows("?q=10.0.4.12")], [3, 1, 1, 1]);
    check(&body(&world.page("/groups/shop-web?q=nobody")), &["Nothing matches.", "Show all"]);
}

#[test]
fn all_groups_are_narrowed_by_status_by_name_and_by_where_a_target_was_found() {
    let (mut world, shop, _) = shop();
    world.group("mail");
    let rows = |query: &str, matches: &[&GroupName]| {
        let matches = matches.iter().copied().cloned().collect();
        body(&PageData { matches, ..world.page(&format!("/{query}")) }).matches("data-row").count()
    };
    assert_eq!([rows("", &[]), rows("?status=unhealthy", &[]), rows("?problems=1", &[])], [2, 1, 1]);
    assert_eq!([rows("?status=draining", &[]), rows("?status=healthy&problems=1", &[])], [0, 0]);
    assert_eq!(
        [rows("?q=MAI", &[]), rows("?q=mai&status=healthy", &[]), rows("?q=shop&status=healthy", &[])],
        [1, 0, 1]
    );
    assert_eq!([rows("?q=10.0.4.12", &[&shop]), rows("?q=10.0.4.12", &[])], [1, 0]);
    check(&body(&world.page("/?q=10.0.4.12")), &["Nothing matches.", "Show all"]);
}

#[test]
fn a_long_list_comes_in_parts_that_links_lead_to() {
    let mut world = World::new();
    let shop = world.group("shop");
    for number in 1..=230 {
        world.target(&shop, &format!("web-{number}"), number);
    }
    let page = |query: &str| body(&world.page(&format!("/groups/shop{query}")));
    let rows = |query: &str| page(query).matches("data-row").count();
    assert_eq!([rows(""), rows("?page=2"), rows("?page=3"), rows("?page=9"), rows("?q=web-23")], [100, 100, 30, 30, 2]);
    check(&page("?page=2"), &["101 to 200 of 230"]);
    for link in ["href=\"/groups/shop\"", "href=\"/groups/shop?page=3\""] {
        assert!(page("?page=2").contains(link), "{link}");
    }
    assert!(!page("?q=web-23").contains("class=\"pager\""), "one part has all");
}

#[test]
fn a_fault_of_our_own_is_never_the_targets() {
    let (mut world, shop, three) = shop();
    world.checks(&shop, three, "?");
    check(&body(&world.page("/groups/shop-web")), &["Unavailable", "Drainboard has no file descriptors left"]);
}

#[test]
fn korean_is_spoken_everywhere() {
    let (world, ..) = shop();
    let korean = |path: &str| body(&world.page_in(Language::Ko, path));
    check(&korean("/"), &["그룹 1개를 확인해야 합니다", "3개 중 2개 정상", "500ms 안에 응답 없음"]);
    check(&korean("/groups/shop-web"), &["서비스 중: web-1, 웹-2.", "비정상", "지금 확인"]);
    check(&korean("/groups/shop-web/settings"), &["비정상 임계값", "연속 2회"]);
    check(&korean("/nowhere"), &["페이지를 찾을 수 없습니다"]);
}

#[test]
fn an_empty_board_says_what_to_do_next() {
    let world = World::new();
    let commands = "curl -X POST http://board.example:3000/api/v1/target-groups";
    check(&body(&world.page("/")), &["Nothing is watched yet", "Create target group", commands]);
    let mut world = World::new();
    world.group("web");
    check(&body(&world.page("/")), &["No targets yet", "no targets"]);
    check(&body(&world.page("/groups/web")), &["This group has no targets yet.", "Add targets"]);
}

#[test]
fn what_is_not_recorded_is_said_on_every_page() {
    let (mut world, ..) = shop();
    world.tell(EventKind::RecordingStopped { why: domain::StoreFault::Full });
    for path in ["/", "/groups/shop-web", "/events", "/nowhere"] {
        check(&body(&world.page(path)), &["nothing is recorded since", "the disk is full"]);
    }
}

#[test]
fn the_title_counts_what_is_down() {
    let (world, shop, three) = shop();
    let of = |path: String| {
        let page = world.page(&path);
        pages::title(&page, page.subject.as_deref(), page.counts.unhealthy)
    };
    assert_eq!(of("/".to_owned()), "(1 down) Drainboard");
    assert_eq!(of(Route::Target(shop, three).to_string()), "(1 down) web-3 · shop-web · Drainboard");
}

#[test]
fn hostile_text_stays_text() {
    let mut world = World::new();
    let shop = world.group("shop");
    let hostile = "</script><script>alert(1)</script>";
    world.target(&shop, hostile, 1);
    let notice = Some(Notice::TargetSaved(hostile.to_owned()));
    for path in ["/", "/groups/shop", "/events", "/groups/shop?q=<script>alert(1)</script>"] {
        let html = document(&PageData { notice: notice.clone(), ..world.page(path) }, &Assets::default());
        assert!(!html.contains("<script>alert"), "{path}: {html}");
        let blocks = html.matches("<script type=\"application/json\"").count();
        assert_eq!(html.matches("<script").count(), blocks, "{path}: only data");
    }
}

#[test]
fn no_style_and_no_script_stand_in_the_page() {
    let (world, shop, three) = shop();
    for route in [Route::Overview, Route::Group(shop.clone(), Tab::Targets), Route::Target(shop, three)] {
        let html = document(&world.page(&route.to_string()), &Assets::default());
        assert!(!html.contains(" style=") && !html.contains("<noscript") && !html.contains(" onclick"), "{route}");
    }
}

#[test]
fn what_the_program_of_a_page_imports_is_fetched_beforehand() {
    let (world, ..) = shop();
    let parts: &[(&str, &[&str])] =
        &[("group", &["/a/parts.js", "/a/group.wasm"]), ("rest", &["/a/parts.js", "/a/rest.wasm"])];
    let assets =
        Assets { js: "/boot.js", glue: "/a/drainboard.js", wasm: "/a/drainboard.wasm", parts, ..Assets::default() };
    for (path, needed) in [("/", &["parts.js"][..]), ("/groups/shop-web", &["parts.js", "group.wasm"])] {
        let html = document(&world.page(path), &assets);
        let count = |file: &str| html.matches(&format!(" href=\"/a/{file}\"")).count();
        for file in ["parts.js", "group.wasm", "rest.wasm"] {
            assert_eq!(count(file), usize::from(needed.contains(&file)), "{path}: {file}");
        }
    }
}

#[test]
fn numbers_of_events_are_those_of_the_board() {
    let (world, ..) = shop();
    for (path, has_board) in [("/", false), ("/events", false), ("/groups/shop-web", true)] {
        let page = world.page(path);
        let back: PageData = serde_json::from_str(&to_json(&page)).unwrap();
        assert_eq!(back, page);
        assert!(EventNumber(8) < page.number);
        assert_eq!(page.board.number, if has_board { page.number } else { EventNumber(0) }, "{path}");
    }
}
