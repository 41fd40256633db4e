//! Failover records of a lab, held against a client of our own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::lab_world::LabWorld;
use crate::program::eventually;

/// A request of our own: when it was sent, in milliseconds since 1970, and who answered; none where it was lost.
struct Own {
    sent: f64,
    by: Option<String>,
}

/// Asks at the listener for visitors until it is dropped.
struct Client {
    seen: mpsc::UnboundedReceiver<Own>,
    task: tokio::task::JoinHandle<()>,
}

impl Client {
    fn start(url: String) -> Self {
        let (tell, seen) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_millis(25));
            loop {
                ticks.tick().await;
                tokio::spawn(ask(url.clone(), tell.clone()));
            }
        });
        Self { seen, task }
    }

    /// Everything that ended until now.
    fn take(&mut self) -> Vec<Own> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).collect()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn ask(url: String, tell: mpsc::UnboundedSender<Own>) {
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
    let client = client.timeout(Duration::from_secs(2)).build().unwrap();
    let sent = now();
    let by = match client.get(url).send().await {
        Ok(answer) if answer.status() == StatusCode::OK => answer.text().await.ok(),
        _ => None,
    };
    let _ = tell.send(Own { sent, by });
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0
}

fn millis(time: &Value) -> f64 {
    let time: domain::Timestamp = time.as_str().unwrap().parse().unwrap();
    time.as_millis() as f64
}

/// The record of a group, once it is complete.
async fn complete(world: &LabWorld, group: &str) -> Value {
    eventually("the record is complete", || async {
        let list = world.program.json(&format!("/api/v1/failovers?group={group}")).await;
        let id = list["items"][0]["id"].as_str()?.to_owned();
        let record = world.program.json(&format!("/api/v1/failovers/{id}")).await;
        (record["complete"] == true).then_some(record)
    })
    .await
}

/// When the load balancer that our client asks had carried out the order to leave the target out.
fn out_for_our_client(record: &Value) -> Option<f64> {
    let takes_out = |told: &&Value| {
        let order = told["order"] == "drain" || told["order"] == "maint";
        order && told["backend"] == "network" && told["failed"].is_null()
    };
    record["told"].as_array()?.iter().find(takes_out).map(|told| millis(&told["at"]))
}

/// Waits until the newest record of a group tells that the load balancer was told to leave the target out: automatic mode
/// waits after a start, and HAProxy may have noticed by itself before.
async fn taken_out(world: &LabWorld, group: &str) {
    eventually("the load balancer is told to leave it out", || async {
        let list = world.program.json(&format!("/api/v1/failovers?group={group}")).await;
        let id = list["items"][0]["id"].as_str()?.to_owned();
        let record = world.program.json(&format!("/api/v1/failovers/{id}")).await;
        out_for_our_client(&record)
    })
    .await;
}

/// Breaks a server, brings it back, and holds the record against what our own client saw.
async fn check(fault: &str, cause: &str) {
    let world = LabWorld::start(40).await;
    let lab = world.program.json("/api/v1/lab").await;
    let mut client = Client::start(lab["load_balancer"]["network_url"].as_str().unwrap().to_owned());
    let target = world.target(2).await;
    let before = now();
    let (status, _) = world.inflict(2, fault).await;
    assert_eq!(status, StatusCode::OK);
    let inflicted = now();
    world.program.status(&target, "unhealthy").await;
    taken_out(&world, "lab-web").await;
    world.inflict(2, "bring-back").await;
    let record = complete(&world, "lab-web").await;
    let end = now();

    assert_eq!((&record["cause"], &record["ending"]), (&json!("failed_checks"), &json!("whole")), "{record}");
    assert_eq!((&record["fault"]["what"], &record["reason"]), (&json!(fault), &json!(cause)));
    let zero = millis(&record["started_at"]);
    assert!((before.floor()..=inflicted).contains(&zero), "it counts from the fault");
    let figure = |name: &str| record["figures"][name].as_f64().unwrap_or_else(|| panic!("{name}: {record}"));
    let [found, out, back] = ["detect_ms", "out_of_service_ms", "recover_ms"].map(figure);
    // HAProxy may have noticed before we did: just after its start one failure is enough for it.
    assert!(0.0 <= found && 0.0 <= out && found.max(out) <= back && zero + back <= end, "{found} {out} {back}");
    assert!(figure("requests_lost") + figure("requests_stalled") <= record["traffic"]["total"].as_f64().unwrap());

    // Nobody is lost who comes after it was taken out and before it is back, by what we see ourselves. The record's figure
    // is of the first listener that left it out; another one may have sent to it a little longer.
    let own = client.take();
    let out_for_us = out_for_our_client(&record).unwrap();
    assert!(zero + out <= out_for_us, "{out} {out_for_us}");
    let came_between = |request: &&Own| (out_for_us..zero + back).contains(&request.sent);
    let between: Vec<&Own> = own.iter().filter(came_between).collect();
    assert!(!between.is_empty(), "our client asked meanwhile");
    assert!(between.iter().all(|request| request.by.is_some()), "a request that came after it was out was lost");
    // Others answered no later than the record says: our client is one of those who may have been first.
    let elsewhere = figure("first_success_elsewhere_ms");
    assert!(elsewhere < back, "{elsewhere}");

    let told = record["told"].as_array().unwrap();
    let order = |wanted: &str| told.iter().any(|told| told["order"] == wanted && told["failed"].is_null());
    assert!(order("ready"), "{told:?}");
    world.stop_program().await;
}

#[tokio::test]
async fn the_record_of_a_kill_agrees_with_a_client_of_our_own() {
    check("kill", "Target.FailedHealthChecks").await;
}

#[tokio::test]
async fn the_record_of_a_hang_agrees_with_a_client_of_our_own() {
    check("hang", "Target.Timeout").await;
}

#[tokio::test]
async fn a_drill_as_if_unhealthy_takes_out_a_target_that_passes_and_brings_it_back() {
    let world = LabWorld::start(40).await;
    let path = format!("{}/drill", world.target(3).await);
    let (status, problem) = world.program.send(Method::POST, &path, json!({"kind": "flood", "lost": -1})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let ask = json!({"kind": "as_if_unhealthy", "lasts_s": 12, "lost": 0, "fail_over_ms": 11900});
    let (status, problem) = world.program.send(Method::POST, &path, ask).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{problem}");
    let record = complete(&world, "lab-web").await;
    assert_eq!((&record["cause"], &record["ending"]), (&json!("drill"), &json!("whole")), "{record}");
    assert_eq!((&record["drill"]["kind"], &record["drill"]["verdict"]), (&json!("as_if_unhealthy"), &json!("passed")));
    assert_eq!(record["missing"]["detect_ms"], "nothing to find: it was taken out on purpose");
    let checks = record["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["reason"].is_null()), "its checks passed all the time");
    world.stop_program().await;
}

#[tokio::test]
async fn a_drill_by_kill_says_what_it_missed_and_is_ended_before_its_time() {
    let world = LabWorld::start(40).await;
    let path = format!("{}/drill", world.target(1).await);
    let ask = json!({"kind": "kill", "lasts_s": 3600, "detect_ms": 1});
    let (status, problem) = world.program.send(Method::POST, &path, ask).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{problem}");
    world.program.status(&world.target(1).await, "unhealthy").await;
    // It would last an hour.
    eventually("its record is open", || async {
        let list = world.program.json("/api/v1/failovers?group=lab-web").await;
        list["items"][0]["drill"]["kind"].as_str().map(str::to_owned)
    })
    .await;
    assert_eq!(world.program.request(Method::DELETE, &path).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let record = complete(&world, "lab-web").await;
    assert_eq!((&record["drill"]["verdict"], &record["drill"]["missed"]), (&json!("failed"), &json!(["detect"])));
    assert_eq!(world.server(1).await["state"], "answering");
    world.stop_program().await;
}

#[tokio::test]
async fn records_outlive_the_lab_and_one_that_was_open_says_that_nobody_saw_its_end() {
    let world = LabWorld::start(10).await;
    let target = world.target(2).await;
    world.inflict(2, "kill").await;
    world.program.status(&target, "unhealthy").await;
    let open = eventually("a record is open", || async {
        let list = world.program.json("/api/v1/failovers?group=lab-web").await;
        list["items"][0]["id"].as_str().map(str::to_owned)
    })
    .await;
    // It is stored when an event says that it is there.
    eventually("the event of its beginning is stored", || async {
        let events = world.program.json("/api/v1/events?group=lab-web").await;
        let mut events = events["items"].as_array()?.iter();
        events.any(|event| event["kind"] == "failover_recorded").then_some(())
    })
    .await;
    let (place, _traces) = world.kill_program();
    let program = place.start();
    let record = program.json(&format!("/api/v1/failovers/{open}")).await;
    assert_eq!(record["target_name"], "server-2");
    let frozen = eventually("it is closed", || async {
        let record = program.json(&format!("/api/v1/failovers/{open}")).await;
        (record["ending"] == "interrupted").then_some(record)
    })
    .await;
    assert_eq!(frozen["missing"]["recover_ms"], "Drainboard stopped or missed events meanwhile");
    for (format, begin) in [("csv", "at,after_ms,source,what,detail"), ("markdown", "# Failover of server-2")] {
        let text = program.get(&format!("/api/v1/failovers/{open}?format={format}")).await.text().await.unwrap();
        assert!(text.starts_with(begin), "{text}");
    }
    assert!(program.stop().await.success());
}

#[tokio::test]
async fn hot_warm_and_cold_are_compared_and_leave_nothing_behind() {
    let world = LabWorld::start(10).await;
    let path = "/api/v1/lab/comparison";
    assert_eq!(world.program.get(path).await.status(), StatusCode::NOT_FOUND);
    let (status, problem) = world.program.send(Method::POST, path, json!({})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{problem}");
    let (status, _) = world.program.send(Method::POST, path, json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "one at a time");
    for done in 1..=3 {
        eventually("one more tier is compared", || async {
            let comparison = world.program.json(path).await;
            assert_eq!(comparison["failed"], Value::Null, "{comparison}");
            (done <= comparison["runs"].as_array()?.len()).then_some(())
        })
        .await;
    }
    let comparison = eventually("it is over", || async {
        let comparison = world.program.json(path).await;
        (comparison["over"] == true).then_some(comparison)
    })
    .await;
    let runs = comparison["runs"].as_array().unwrap();
    let tiers: Vec<&str> = runs.iter().map(|run| run["tier"].as_str().unwrap()).collect();
    assert_eq!((tiers, &comparison["failed"]), (vec!["hot", "warm", "cold"], &Value::Null));
    for run in runs {
        assert!(run["in_service_ms"].as_f64().is_some_and(|ms| 0.0 < ms), "{run}");
        assert!(run["requests_lost"].as_u64() < run["requests"].as_u64(), "{run}");
        let record = world.program.json(&format!("/api/v1/failovers/{}", run["failover"].as_str().unwrap())).await;
        assert_eq!((&record["target_name"], &record["fault"]["what"]), (&json!("server-1"), &json!("kill")));
    }
    let groups = world.program.json("/api/v1/target-groups").await;
    let names: Vec<&str> =
        groups["items"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["lab-api", "lab-web"]);
    for number in [1, 2] {
        assert_eq!(world.server(number).await["state"], "answering");
    }
    world.stop_program().await;
}

/// A time of day in UTC, two seconds from now.
fn soon() -> String {
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 2;
    format!("{:02}:{:02}:{:02}", at / 3600 % 24, at / 60 % 60, at % 60)
}

const DAILY: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const SCHEDULES: &str = "/api/v1/target-groups/lab-web/drill-schedules";

#[tokio::test]
async fn a_drill_on_a_schedule_begins_by_itself_and_makes_a_record() {
    let world = LabWorld::start(20).await;
    let wrong = json!({"kind": "drain", "days": ["funday"], "at_utc": "25:00"});
    let (status, problem) = world.program.send(Method::POST, SCHEDULES, wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["days", "at_utc"]);

    let ask = json!({"kind": "drain", "lasts_s": 2, "lost": 0, "days": DAILY, "at_utc": soon()});
    let (status, schedule) = world.program.send(Method::POST, SCHEDULES, ask).await;
    assert_eq!(status, StatusCode::CREATED, "{schedule}");
    assert!(schedule["next_at"].is_string() && schedule["last"].is_null(), "{schedule}");
    let record = complete(&world, "lab-web").await;
    assert_eq!((&record["cause"], &record["ending"]), (&json!("drained"), &json!("whole")), "{record}");
    let drill = &record["drill"];
    assert_eq!((&drill["scheduled"], &drill["verdict"]), (&json!(true), &json!("passed")), "{record}");

    let list = world.program.json(SCHEDULES).await;
    assert_eq!(list["items"][0]["last"]["begun"], true, "{list}");
    assert_eq!(list["items"][0]["last"]["target"], record["target"]);
    let one = format!("{SCHEDULES}/{}", schedule["id"].as_str().unwrap());
    let (status, paused) = world.program.send(Method::PATCH, &one, json!({"paused": true})).await;
    assert_eq!((status, &paused["paused"], &paused["next_at"]), (StatusCode::OK, &json!(true), &Value::Null));
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        assert_eq!(world.program.request(Method::DELETE, &one).send().await.unwrap().status(), status);
    }
    world.stop_program().await;
}

#[tokio::test]
async fn a_drill_on_a_schedule_leaves_a_group_in_trouble_alone_and_says_so() {
    let world = LabWorld::start(10).await;
    let target = world.target(2).await;
    world.inflict(2, "kill").await;
    world.program.status(&target, "unhealthy").await;
    let ask = json!({"kind": "kill", "days": DAILY, "at_utc": soon()});
    let (status, problem) = world.program.send(Method::POST, SCHEDULES, ask).await;
    assert_eq!(status, StatusCode::CREATED, "{problem}");
    let last = eventually("its moment came", || async {
        let list = world.program.json(SCHEDULES).await;
        Some(list["items"][0]["last"].clone()).filter(Value::is_object)
    })
    .await;
    assert_eq!((&last["begun"], &last["target"]), (&json!(false), &Value::Null), "{last}");
    assert!(last["why_not"].as_str().unwrap().contains("unhealthy"), "{last}");
    assert_eq!(world.server(1).await["state"], "answering");
    let events = world.program.json("/api/v1/events?group=lab-web").await;
    assert!(events["items"].as_array().unwrap().iter().any(|event| event["kind"] == "drill_schedule_came"));
    world.stop_program().await;
}
