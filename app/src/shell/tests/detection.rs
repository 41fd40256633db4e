//! How soon faults are found, and how it stands with sentinels.

use domain::{Check, Group, NotOpened, Sentinel};

use super::*;

/// The group shop-web with one healthy target, and sentinels wanted.
fn watched() -> (World, GroupName, TargetId) {
    let mut world = World::new();
    let shop = world.group("shop-web");
    let group: Group = world.board.groups[&shop].group.clone();
    let check = Check { sentinel: true, fast_interval_ms: Some(100), ..group.check.clone() };
    world.tell(EventKind::GroupEdited(Group { check, ..group }));
    let target = world.target(&shop, "web-1", 11);
    world.checks(&shop, target, "+");
    (world, shop, target)
}

fn says(sentinel: Option<Sentinel>, expected: &str) {
    let (mut world, group, target) = watched();
    let path = Route::Target(group.clone(), target).to_string();
    if let Some(sentinel) = sentinel {
        world.tell(EventKind::SentinelSeen { group, target, sentinel });
    }
    check(&body(&world.page(&path)), &[expected]);
}

#[test]
fn the_page_of_a_target_says_how_it_stands_with_its_sentinel() {
    let until = Timestamp::from_millis(START + 60_000);
    says(None, "Sentinel opens with the next check that passes");
    says(Some(Sentinel::Held { since: Timestamp::from_millis(START) }), "Sentinel held since 10:03:");
    says(Some(Sentinel::Down), "Sentinel opens when the target is healthy");
    says(Some(Sentinel::Pausing { until }), "the server ended it and passes its checks · tried again 10:04:");
    says(
        Some(Sentinel::Useless { closed_after_ms: 5_000, until }),
        "of no use here: the server closes idle connections after 5 s · tried again 10:04:",
    );
    says(Some(Sentinel::NoRoom { max: 8, until }), "Drainboard holds 8 already");
    let why = NotOpened::Target(Failure::Timeout { after_ms: 500 });
    says(Some(Sentinel::NotOpened { why, until }), "not opened: no answer within 500 ms");
}

#[test]
fn nothing_is_said_of_sentinels_where_none_is_wanted() {
    let (world, group, target) = shop();
    let html = body(&world.page(&Route::Target(group, target).to_string()));
    assert!(!html.contains("class=\"sentinel\""));
}

#[test]
fn the_settings_say_what_they_promise() {
    let (world, group, _) = watched();
    let html = body(&world.page(&Route::Group(group, Tab::Settings).to_string())).replace('\u{a0}', " ");
    check(&html, &["every 100 ms after a failure", "A killed process is found about 100 ms after its end"]);
}
