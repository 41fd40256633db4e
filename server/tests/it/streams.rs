//! Streams leave nothing out and tell nothing twice.

use serde_json::json;

use crate::backend::Backend;
use crate::feed::Feed;
use crate::program::{DEADLINE, Place};

#[tokio::test]
async fn a_reader_that_reconnects_misses_nothing_and_sees_nothing_twice() {
    let place = Place::new();
    let program = place.start();
    program.make_group("a").await;
    let mut seen = Vec::new();
    let mut feed = Feed::open(&program, "/api/v1/events?since=0", None).await;
    for _ in 0..2 {
        seen.push(feed.next().await.unwrap().id.unwrap());
    }
    drop(feed);
    program.make_group("b").await;
    // The header of a reader that reconnects wins over the URL that it began with.
    let mut feed = Feed::open(&program, "/api/v1/events?since=0", seen.last().copied()).await;
    program.make_group("c").await;
    for _ in 0..2 {
        seen.push(feed.next().await.unwrap().id.unwrap());
    }
    let stored = program.json("/api/v1/events?since=0").await;
    let numbers: Vec<_> = stored["items"].as_array().unwrap().iter().map(|e| e["number"].as_u64().unwrap()).collect();
    assert_eq!(seen, numbers);
}

#[tokio::test]
async fn what_was_recorded_before_a_restart_comes_first_and_what_happens_next_after_it() {
    let place = Place::new();
    let program = place.start();
    program.make_group("a").await;
    assert!(program.stop().await.success());
    let program = place.start();
    let mut feed = Feed::open(&program, "/api/v1/events?since=0", None).await;
    program.make_group("b").await;
    let mut kinds = Vec::new();
    for _ in 0..4 {
        kinds.push(feed.next().await.unwrap().event);
    }
    assert_eq!(kinds, ["started", "group_created", "started", "group_created"]);
}

#[tokio::test]
async fn a_stream_may_be_of_one_group() {
    let place = Place::new();
    let program = place.start();
    let mut feed = Feed::open(&program, "/api/v1/events?since=0&group=b", None).await;
    program.make_group("a").await;
    program.make_group("b").await;
    assert_eq!(feed.next().await.unwrap().data["group"], "b");
}

#[tokio::test]
async fn a_browser_gets_a_tick_then_consecutive_events_from_its_place_on() {
    let place = Place::new();
    let program = place.start();
    let mut lost = Feed::open(&program, "/live?after=0&boot=0", None).await;
    let tick = lost.next().await.unwrap();
    assert_eq!(tick.event, "tick");
    assert!(tick.data["now"].as_u64().unwrap() > 1_700_000_000_000 && tick.data["build"].is_string());
    assert_eq!(lost.next().await.unwrap().event, "resync", "another boot");
    assert_eq!(lost.next().await, None);

    let (number, boot) = (tick.data["number"].as_u64().unwrap(), &tick.data["boot"]);
    program.make_group("a").await;
    program.make_group("b").await;
    let mut feed = Feed::open(&program, &format!("/live?after={number}&boot={boot}"), None).await;
    let mut numbers = Vec::new();
    while numbers.len() < 2 {
        let frame = feed.next_named("news").await;
        let events = frame.data["events"].as_array().unwrap();
        numbers.extend(events.iter().map(|event| event["number"].as_u64().unwrap()));
        assert_eq!(frame.id, numbers.last().copied());
        assert_eq!(events[0]["kind"]["is"], json!("group_created"));
    }
    assert_eq!(numbers, [number + 1, number + 2]);
}

#[tokio::test]
async fn a_compressed_stream_tells_the_same() {
    let place = Place::new();
    let program = place.start();
    let tick = Feed::open(&program, "/live?after=0&boot=0", None).await.next().await.unwrap();
    let url = format!("{}/live?after={}&boot={}&of=overview", program.url, tick.data["number"], tick.data["boot"]);
    let mut response = program.client.get(url).header("accept-encoding", "br, gzip").send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    program.make_group("a").await;
    let (mut coded, mut text) = (Vec::new(), String::new());
    while !text.contains(r#""subject":"a","verb":"created""#) {
        let chunk = tokio::time::timeout(DEADLINE, response.chunk()).await.expect("more in time");
        coded.extend(chunk.unwrap().expect("the stream goes on"));
        text = inflated(&coded);
    }
    assert!(text.starts_with("retry: ") && text.contains("event: tick\n") && text.contains("event: news\n"), "{text}");
}

#[tokio::test]
async fn a_page_of_all_groups_is_told_no_single_checks() {
    let place = Place::new();
    let program = place.start();
    let tick = Feed::open(&program, "/live?after=0&boot=0", None).await.next().await.unwrap();
    let (number, boot) = (&tick.data["number"], &tick.data["boot"]);
    let mut overview = Feed::open(&program, &format!("/live?after={number}&boot={boot}&of=overview"), None).await;
    let backend = Backend::start().await;
    program.make_watched(backend.port).await;
    let (mut glances, mut pulses, mut shared, mut after) = (Vec::new(), 0, 0, number.as_u64().unwrap());
    while pulses < 3 {
        let news = overview.next_named("news").await.data;
        assert_eq!(news["after"].as_u64().unwrap(), after, "nothing is left out");
        let upto = news["upto"].as_u64().unwrap();
        assert!(after < upto);
        let is_shared = after + 1 < upto;
        after = upto;
        let digest = &news["digest"];
        if let Some(glance) = digest["groups"].get("web") {
            glances.push(glance["counts"]["healthy"].as_u64().unwrap());
            assert_eq!(glance["counts"], news["counts"], "there is no other group");
            assert!(!news["lines"].as_array().unwrap().is_empty(), "each change is told");
        }
        if digest["pulses"]["web"]["cells"].is_array() {
            assert!(digest.get("groups").is_none() && news.get("lines").is_none(), "only figures: {news}");
            pulses += 1;
            shared += usize::from(is_shared);
        }
    }
    assert!(0 < shared, "checks that went like the ones before share a frame");
    assert_eq!(glances.last(), Some(&1), "the check that made it healthy is told by what it did");
}

#[tokio::test]
async fn a_page_of_all_groups_is_told_in_its_readers_language() {
    let place = Place::new();
    let program = place.start();
    let tick = Feed::open(&program, "/live?after=0&boot=0", None).await.next().await.unwrap();
    let place = format!("/live?after={}&boot={}", tick.data["number"], tick.data["boot"]);
    let mut feeds = Vec::new();
    for edition in ["&of=overview", "&of=overview&in=en", "&of=overview&in=ko", "&of=events&in=ko"] {
        feeds.push(Feed::open(&program, &format!("{place}{edition}"), None).await);
    }
    program.make_group("a").await;
    let mut told = Vec::new();
    for feed in &mut feeds {
        let news = feed.next_named("news").await.data;
        told.push((news["lines"][0]["verb"].as_str().unwrap().to_owned(), news["digest"]["groups"]["a"].is_object()));
    }
    let told: Vec<(&str, bool)> = told.iter().map(|(verb, has_digest)| (verb.as_str(), *has_digest)).collect();
    assert_eq!(told, [("created", true), ("created", true), ("생성됨", true), ("생성됨", false)]);
}

/// What a gzip stream that has not ended says so far.
fn inflated(coded: &[u8]) -> String {
    /// Nothing but fixed fields stands before the data here.
    const HEAD: usize = 10;
    let mut text = Vec::with_capacity(1 << 20);
    if HEAD < coded.len() {
        let mut inflate = flate2::Decompress::new(false);
        inflate.decompress_vec(&coded[HEAD..], &mut text, flate2::FlushDecompress::None).unwrap();
    }
    String::from_utf8(text).unwrap()
}
