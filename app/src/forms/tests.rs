//! Forms against a real engine on a real file: what is sent, what comes back, what is on the board.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::{Board, GroupName, TargetId};
use engine::{Config, Engine};

use crate::ssr::{Assets, PageRequest, PageResponse, page, submit};

mod proxies;

/// A console on an engine of its own.
struct Console {
    engine: Engine,
    directory: PathBuf,
}

/// The file goes when the test ends.
impl Drop for Console {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

const EMPTY: [(&str, &str); 0] = [];

impl Console {
    async fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("drainboard-forms-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let engine = Engine::start(Config::new(directory.join("test.db"))).await.unwrap();
        Self { engine, directory }
    }

    async fn get(&self, path: &str, language: &str) -> PageResponse {
        page(&self.engine, &Assets::default(), request(path, language, false)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> PageResponse {
        self.post_as(request(path, "en", false), fields).await
    }

    async fn post_as(&self, request: PageRequest, fields: &[(&str, &str)]) -> PageResponse {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        submit(&self.engine, &Assets::default(), request, fields).await
    }

    /// A group `web` that is checked by TCP every 200 ms.
    async fn with_group(self) -> Self {
        let made = self.post("/groups/new", &WEB).await;
        assert_eq!((made.status, header(&made, "Location")), (303, "/groups/web"), "{}", made.body);
        self
    }

    fn board<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        self.engine.with_board(read)
    }

    fn ids(&self) -> Vec<TargetId> {
        self.board(|board| board.groups.get(&web()).map(|g| g.targets.keys().copied().collect()).unwrap_or_default())
    }
}

const WEB: [(&str, &str); 5] =
    [("name", "web"), ("protocol", "TCP"), ("port", "8000"), ("interval_ms", "200"), ("timeout_ms", "100")];

fn web() -> GroupName {
    "web".parse().unwrap()
}

fn request(path: &str, language: &str, wants_json: bool) -> PageRequest {
    PageRequest {
        path: path.to_owned(),
        query: String::new(),
        host: "127.0.0.1:3000".to_owned(),
        cookies: String::new(),
        accept_language: language.to_owned(),
        wants_json,
        client: Some(Ipv4Addr::LOCALHOST.into()),
    }
}

fn header<'a>(response: &'a PageResponse, name: &str) -> &'a str {
    response.headers.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// The opening tag of the element with this id.
fn tag<'a>(body: &'a str, id: &str) -> &'a str {
    let at = body.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {body}"));
    let from = body[..at].rfind('<').unwrap();
    let to = at + body[at..].find('>').unwrap();
    &body[from..=to]
}

/// The page without the data block, which repeats everything.
fn shown(response: &PageResponse) -> &str {
    response.body.split_once("</script></head>").map_or(response.body.as_str(), |(_, body)| body)
}

#[tokio::test]
async fn a_form_says_how_soon_its_settings_find_faults_and_saves_what_finds_them_sooner() {
    let console = Console::start().await.with_group().await;
    let form = console.get("/groups/web/edit", "en").await;
    assert!(shown(&form).contains("A killed process or a wrong answer is found within 400\u{a0}ms"), "{}", form.body);
    assert!(!tag(shown(&form), "f-fast_confirm").contains("checked"));
    assert!(tag(shown(&form), "f-fast_interval_ms").contains("value=\"100\""), "it is offered");

    let fast = [("protocol", "TCP"), ("port", "81"), ("interval_ms", "30000"), ("fast_confirm", "false")];
    let wrong = [("fast_confirm", "true"), ("fast_interval_ms", "40000"), ("sentinel", "true")];
    let refused = console.post("/groups/web/edit", &[fast.as_slice(), &wrong].concat()).await;
    assert!(tag(shown(&refused), "f-fast_interval_ms").contains("aria-invalid=\"true\""));
    let right = [("fast_confirm", "true"), ("fast_interval_ms", "20"), ("sentinel", "true")];
    let saved = console.post("/groups/web/edit", &[fast.as_slice(), &right].concat()).await;
    assert_eq!(saved.status, 303);
    let check = console.board(|board| board.groups[&web()].group.check.clone());
    assert_eq!((check.fast_interval_ms, check.sentinel), (Some(20), true));
}

#[tokio::test]
async fn a_group_is_made_edited_and_deleted_by_forms() {
    let console = Console::start().await.with_group().await;
    let edited = console.post("/groups/web/edit", &[("protocol", "TCP"), ("port", "81"), ("enabled", "false")]).await;
    assert_eq!((edited.status, header(&edited, "Location")), (303, "/groups/web/settings"));
    let group = console.board(|board| board.groups[&web()].group.clone());
    assert_eq!((group.port, group.check.enabled), (81, false));
    let deleted = console.post("/groups/web/delete", &EMPTY).await;
    assert_eq!((deleted.status, header(&deleted, "Location")), (303, "/"));
    assert!(console.board(|board| board.groups.is_empty()));
    assert_eq!(console.post("/groups/web/delete", &EMPTY).await.status, 404);
    console.engine.stop().await;
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let console = Console::start().await;
    let fields = [
        ("name", "web-"),
        ("description", "<b>\"상점\" & more"),
        ("protocol", "HTTPS"),
        ("port", "443"),
        ("interval_ms", "1"),
        ("check_port", "nine"),
        ("enabled", "false"),
    ];
    let response = console.post("/groups/new", &fields).await;
    let body = shown(&response);
    assert_eq!(response.status, 422);
    assert!(tag(body, "f-name").contains("autofocus"), "{}", tag(body, "f-name"));
    for wrong in ["f-name", "f-interval_ms", "f-check_port"] {
        assert!(tag(body, wrong).contains("aria-invalid=\"true\""), "{}", tag(body, wrong));
        assert!(tag(body, wrong).contains(&format!("aria-describedby=\"{wrong}-error")), "{}", tag(body, wrong));
    }
    assert!(!tag(body, "f-port").contains("aria-invalid"));
    assert!(tag(body, "f-name").contains("value=\"web-\""));
    assert!(!body.contains("<b>\""), "what was typed is escaped");
    assert!(body.contains("href=\"#f-interval_ms\""), "the summary links to the field");
    assert!(body.contains("Give a number from 200 to 300000."));
    assert!(fold_is_open(body), "the fold opens where something in it is wrong");
    assert!(!tag(body, "f-enabled").contains("checked"));
    console.engine.stop().await;
}

#[tokio::test]
async fn the_new_form_is_filled_with_the_defaults_and_speaks_korean() {
    let console = Console::start().await;
    let response = console.get("/groups/new", "ko-KR,ko;q=0.9").await;
    let body = shown(&response);
    assert!(body.contains("대상 그룹 생성") && body.contains("비정상 임계값"));
    assert!(tag(body, "f-interval_ms").contains("value=\"30000\""));
    assert!(tag(body, "f-enabled").contains("checked"));
    assert!(!fold_is_open(body));
    console.engine.stop().await;
}

#[tokio::test]
async fn targets_are_added_edited_and_deregistered_by_forms() {
    let console = Console::start().await.with_group().await;
    let added = console.post("/groups/web/targets/add", &[("targets", "127.0.0.[1-3] \n127.0.0.9:81 웹")]).await;
    assert_eq!((added.status, header(&added, "Location")), (303, "/groups/web"), "{}", added.body);
    let ids = console.ids();
    assert_eq!(ids.len(), 4);

    let edit = format!("/groups/web/targets/{}/edit", ids[0]);
    let taken = console.post(&edit, &[("target_host", "127.0.0.2"), ("target_port", "8000")]).await;
    assert_eq!(taken.status, 422);
    assert!(tag(shown(&taken), "f-target_host").contains("aria-invalid"));
    let edited = console.post(&edit, &[("target_host", "127.0.0.1"), ("target_port", ""), ("label", "one")]).await;
    assert_eq!(edited.status, 303, "{}", edited.body);

    let (one, two) = (ids[0].to_string(), ids[1].to_string());
    let asked = console.post("/groups/web/targets/deregister", &[("id", &one), ("id", &two)]).await;
    assert_eq!(asked.status, 200);
    assert!(shown(&asked).contains("Deregister 2 targets") && shown(&asked).contains("2 targets stay"));
    assert_eq!(console.ids().len(), 4, "nothing goes before it is confirmed");
    let fields = [("confirm", "yes"), ("id", one.as_str()), ("id", two.as_str())];
    assert_eq!(console.post("/groups/web/targets/deregister", &fields).await.status, 303);
    assert_eq!(console.ids(), ids[2..]);

    let single = format!("/groups/web/targets/{}/deregister", ids[2]);
    assert_eq!(console.get(&single, "en").await.status, 200);
    assert_eq!(console.post(&single, &[("confirm", "yes")]).await.status, 303);
    assert_eq!(console.ids(), ids[3..]);
    console.engine.stop().await;
}

#[tokio::test]
async fn a_bad_line_is_named_and_nothing_is_added() {
    let console = Console::start().await.with_group().await;
    let list = "127.0.0.1:81\nhost:x\n</textarea><script>alert(1)</script>";
    let response = console.post("/groups/web/targets/add", &[("targets", list)]).await;
    let body = shown(&response);
    assert_eq!(response.status, 422);
    assert!(body.contains("Line 2: cannot read"));
    assert!(!body.contains("<script>alert"), "what was typed is escaped");
    assert!(body.contains("127.0.0.1:81\nhost:x\n&lt;/textarea&gt;"), "what was typed stays");
    assert!(console.ids().is_empty());
    console.engine.stop().await;
}

#[tokio::test]
async fn a_group_with_targets_goes_only_when_its_name_is_typed() {
    let console = Console::start().await.with_group().await;
    console.post("/groups/web/targets/add", &[("targets", "127.0.0.1")]).await;
    let refused = console.post("/groups/web/delete", &[("typed_name", "Web")]).await;
    assert_eq!(refused.status, 422);
    assert!(shown(&refused).contains("Type web exactly to confirm."));
    assert_eq!(console.post("/groups/web/delete", &[("typed_name", "web")]).await.status, 303);
    console.engine.stop().await;
}

#[tokio::test]
async fn a_test_shows_what_it_sees_and_saves_nothing() {
    let console = Console::start().await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut fields = WEB.to_vec();
    fields.extend([("action", "test"), ("try_on", address.as_str())]);
    let tried = console.post("/groups/new", &fields).await;
    assert_eq!(tried.status, 200);
    assert!(shown(&tried).contains("Pass") && shown(&tried).contains(&address), "{}", shown(&tried));
    assert!(tag(shown(&tried), "f-interval_ms").contains("value=\"200\""), "what was typed stays");
    assert!(console.board(|board| board.groups.is_empty()));

    let console = console.with_group().await;
    let list = format!("{address}\n127.0.0.1:1");
    let tried = console.post("/groups/web/targets/add", &[("targets", &list), ("action", "test")]).await;
    assert!(shown(&tried).contains("2 targets understood") && shown(&tried).contains("connection refused"));
    assert!(console.ids().is_empty());
    console.engine.stop().await;
}

#[tokio::test]
async fn check_now_tells_how_it_went_on_the_page_of_the_target() {
    let console = Console::start().await.with_group().await;
    console.post("/groups/web/targets/add", &[("targets", "127.0.0.1:1")]).await;
    let target = format!("/groups/web/targets/{}", console.ids()[0]);
    let checked = console.post(&format!("{target}/check"), &EMPTY).await;
    assert_eq!((checked.status, header(&checked, "Location")), (303, target.as_str()));
    assert!(header(&checked, "Set-Cookie").contains("check_failed"), "{:?}", checked.headers);
    console.engine.stop().await;
}

#[tokio::test]
async fn the_browsers_program_gets_an_address_or_the_page() {
    let console = Console::start().await;
    let wrong = console.post_as(request("/groups/new", "en", true), &[("name", "-")]).await;
    assert_eq!((wrong.status, wrong.content_type), (422, "application/json"));
    let done = console.post_as(request("/groups/new", "en", true), &WEB).await;
    assert_eq!((done.status, done.body.as_str()), (200, r#"{"see_other":"/groups/web"}"#));
    console.engine.stop().await;
}

#[tokio::test]
async fn pages_without_a_form_take_none() {
    let console = Console::start().await;
    assert_eq!(console.post("/", &EMPTY).await.status, 405);
    assert_eq!(console.post("/groups/none/edit", &WEB).await.status, 404);
    console.engine.stop().await;
}

/// Whether the form's further settings are unfolded, whatever the order of attributes.
fn fold_is_open(body: &str) -> bool {
    let tags = body.split("<details").skip(1).filter_map(|rest| rest.split('>').next());
    tags.filter(|tag| tag.contains("form-more"))
        .any(|tag| tag.split_whitespace().any(|attribute| attribute.starts_with("open")))
}
