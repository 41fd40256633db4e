//! Faults of real processes, found long before the next turn of a check.

use domain::{
    AdminState, CheckDraft, Conduct, Event, EventKind, GroupDraft, HoldCause, Mode, Outcome, Protocol, ProxyKind,
    Sentinel, Status, Target, TargetDraft,
};
use engine::{Config, Engine, Follow, Follower};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::stage::{Stage, me, web};
use crate::world::{Folder, Program, connects, free_port, wait_for};

/// Nobody waits in a test until a turn comes.
const NEVER_MS: &str = "300000";

/// A web server in a process of its own. HAProxy, since it is here in any case.
struct Web {
    port: u16,
    process: Program,
    _folder: Folder,
}

impl Web {
    /// Answers 200 to everything, and closes what is idle for so long.
    async fn start(port: u16, closes_after_ms: u32) -> Self {
        let folder = Folder::new();
        let config = format!(
            "defaults\n mode http\n timeout connect 2s\n timeout server 2s\n timeout client {closes_after_ms}ms\n\
             frontend web\n bind 127.0.0.1:{port}\n http-request return status 200 content-type text/plain string ok\n"
        );
        let config = folder.write("web.cfg", &config);
        let process = Program::start("haproxy", &["-db", "-f", &config], &folder, "web.log");
        wait_for("the web server listens", || async move { connects(port).then_some(()) }).await;
        Self { port, process, _folder: folder }
    }
}

/// An engine with the group web, and these servers in it.
struct Scene {
    engine: Engine,
    targets: Vec<Target>,
    _folder: Folder,
}

impl Scene {
    async fn set(servers: &[&Web], sentinels_max: usize, change: impl FnOnce(&mut CheckDraft)) -> Self {
        let folder = Folder::new();
        let config = Config { sentinels_max, ..Config::new(folder.path("drainboard.db")) };
        let engine = Engine::start(config).await.unwrap();
        let mut draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Http) };
        draft.check.interval_ms = NEVER_MS.to_owned();
        draft.check.healthy_threshold = "1".to_owned();
        change(&mut draft.check);
        engine.create_group(draft.validate().unwrap(), me()).await.unwrap();
        let target = |web: &&Web| TargetDraft::parse("127.0.0.1", &web.port.to_string(), "", 80).unwrap();
        let targets = engine.register(web(), servers.iter().map(target).collect(), me()).await.unwrap();
        let scene = Self { engine, targets, _folder: folder };
        for index in 0..servers.len() {
            scene.until_status(index, Status::Healthy).await;
        }
        scene
    }

    fn status(&self, index: usize) -> Status {
        self.engine.with_board(|board| {
            let group = &board.groups[&web()];
            group.targets[&self.targets[index].id].standing(&group.group).status
        })
    }

    async fn until_status(&self, index: usize, wanted: Status) {
        let what = format!("target {index} is {wanted}");
        wait_for(&what, || async { (self.status(index) == wanted).then_some(()) }).await;
    }

    fn sentinel(&self, index: usize) -> Option<Sentinel> {
        self.engine.with_board(|board| board.target(&web(), self.targets[index].id)?.sentinel.clone())
    }

    async fn until_sentinel(&self, index: usize, wanted: &str) -> Sentinel {
        let is_so = || async { self.sentinel(index).filter(|sentinel| sentinel.as_str() == wanted) };
        wait_for(&format!("the sentinel of {index} is {wanted}"), is_so).await
    }

    fn follow(&self) -> Follower {
        self.engine.follow(self.engine.with_board(|board| board.number))
    }
}

/// Everything that has happened by now.
async fn so_far(events: &mut Follower, engine: &Engine) -> Vec<Event> {
    let (last, mut all) = (engine.with_board(|board| board.number), Vec::new());
    while all.last().is_none_or(|event: &Event| event.number < last) {
        match events.next().await {
            Follow::Events(batch) => all.extend(batch.iter().map(|published| published.event.as_ref().clone())),
            other => panic!("{other:?}"),
        }
    }
    all
}

fn with_sentinel(check: &mut CheckDraft) {
    check.sentinel = "true".to_owned();
    check.fast_interval_ms = "20".to_owned();
    check.fast_confirm = "true".to_owned();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_is_confirmed_long_before_the_next_turn() {
    let server = Web::start(free_port(), 60_000).await;
    let fast = |check: &mut CheckDraft| {
        with_sentinel(check);
        check.sentinel = "false".to_owned();
        check.unhealthy_threshold = "4".to_owned();
    };
    let scene = Scene::set(&[&server], 10, fast).await;
    server.process.signal("KILL");
    wait_for("the port is closed", || async { (!connects(server.port)).then_some(()) }).await;
    scene.engine.check_now(&web(), scene.targets[0].id).await.unwrap();
    scene.until_status(0, Status::Unhealthy).await;
    scene.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_is_found_at_any_interval_and_watched_again_when_it_is_back() {
    let server = Web::start(free_port(), 60_000).await;
    let scene = Scene::set(&[&server], 10, with_sentinel).await;
    scene.until_sentinel(0, "held").await;
    server.process.signal("KILL");
    scene.until_status(0, Status::Unhealthy).await;
    scene.until_sentinel(0, "down").await;

    let _back = Web::start(server.port, 60_000).await;
    scene.engine.check_now(&web(), scene.targets[0].id).await.unwrap();
    scene.until_status(0, Status::Healthy).await;
    scene.until_sentinel(0, "held").await;
    assert_eq!(scene.engine.vitals().sentinel_alarms.load(std::sync::atomic::Ordering::Relaxed), 1);
    scene.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_closes_idle_connections_never_looks_like_a_failure() {
    let server = Web::start(free_port(), 100).await;
    let scene = Scene::set(&[&server], 10, with_sentinel).await;
    let mut events = scene.follow();
    let useless = scene.until_sentinel(0, "useless").await;
    assert!(matches!(useless, Sentinel::Useless { closed_after_ms: 50..=10_000, .. }), "{useless:?}");
    for event in so_far(&mut events, &scene.engine).await {
        if let EventKind::Checked { observation, .. } = event.kind {
            assert_eq!(observation.outcome, Outcome::Pass);
        }
    }
    scene.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_refuses_the_sentinel_is_checked_at_once() {
    let server = Web::start(free_port(), 100).await;
    let scene = Scene::set(&[&server], 10, with_sentinel).await;
    scene.until_sentinel(0, "pausing").await;
    server.process.signal("KILL");
    scene.until_status(0, Status::Unhealthy).await;
    scene.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_sentinels_are_held_than_may_be_and_the_board_says_so() {
    let servers = [Web::start(free_port(), 60_000).await, Web::start(free_port(), 60_000).await];
    let scene = Scene::set(&servers.each_ref(), 1, with_sentinel).await;
    let both = wait_for("both are told", || async { Some([scene.sentinel(0)?, scene.sentinel(1)?]) }).await;
    let words = both.each_ref().map(Sentinel::as_str);
    assert!(words.contains(&"held") && words.contains(&"no_room"), "{both:?}");
    assert!(both.iter().all(|sentinel| !matches!(sentinel, Sentinel::NoRoom { max: 2.., .. })), "{both:?}");
    scene.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_confirms_a_failure_leaves_the_turns_where_they_are() {
    let server = Web::start(free_port(), 60_000).await;
    let every_second = |check: &mut CheckDraft| {
        with_sentinel(check);
        (check.interval_ms, check.timeout_ms) = ("1000".to_owned(), "1000".to_owned());
    };
    let scene = Scene::set(&[&server], 10, every_second).await;
    scene.until_sentinel(0, "held").await;
    let phase = |due: domain::Timestamp| due.as_millis().rem_euclid(1000);
    let due = || scene.engine.with_board(|board| board.target(&web(), scene.targets[0].id)?.due_at);
    let before = phase(due().unwrap());
    server.process.signal("KILL");
    scene.until_status(0, Status::Unhealthy).await;
    let after = phase(due().unwrap());
    let apart = (before - after).rem_euclid(1000);
    assert!(apart.min(1000 - apart) <= 20, "{before} ms into the second became {after} ms");
    scene.engine.stop().await;
}

fn automatic() -> Conduct {
    Conduct { mode: Mode::Automatic, changes_per_minute: 30, cut_unhealthy: true }
}

/// Its neighbours would have their turn only in minutes; they are asked to witness.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn automatic_takes_out_what_dies_at_any_interval() {
    let never = |check: &mut CheckDraft| {
        with_sentinel(check);
        check.interval_ms = NEVER_MS.to_owned();
    };
    let mut stage = Stage::set_with(ProxyKind::Haproxy, 3, automatic(), never).await;
    stage
        .until("sentinels are held", |board| {
            let targets = board.groups[&web()].targets.values();
            targets.filter(|target| matches!(target.sentinel, Some(Sentinel::Held { .. }))).count() == 3
        })
        .await;
    stage.servers[1].end().await;
    stage
        .until("it is held by health", |_| {
            stage.with_binding(|state| state.holds.get("s1").is_some_and(|hold| hold.cause == HoldCause::Policy))
        })
        .await;
    stage
        .until("the proxy does not use it", |board| {
            stage.admin(board, 1).is_some_and(|admin| admin != AdminState::Ready)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_for_a_server_that_hangs_is_let_go_when_it_is_taken_out() {
    let http = |check: &mut CheckDraft| {
        check.check_protocol = "HTTP".to_owned();
        check.fast_interval_ms = "20".to_owned();
    };
    let stage = Stage::set_with(ProxyKind::Haproxy, 3, automatic(), http).await;
    stage.servers[0].hang();
    // One of them goes to the server that hangs: they take turns.
    let ask = |_| async {
        let mut client = TcpStream::connect(("127.0.0.1", stage.front)).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        // A connection that is cut may end in an error.
        let _ = client.read_to_string(&mut answer).await;
        answer.starts_with("HTTP/1.1 200")
    };
    let asked = futures_util::future::join_all((0..3).map(ask));
    let answers = tokio::time::timeout(std::time::Duration::from_secs(30), asked).await.expect("nobody waits");
    assert_eq!(answers.iter().filter(|is_well| **is_well).count(), 2);
    stage.until_admin(0, AdminState::Drain).await;
}
