//! A page that holds all groups at a glance, or no more than what happened: what is new comes as it is to be shown.

use std::collections::HashSet;

use domain::{Digest, GroupName, Missed};
use leptos::prelude::*;

use crate::{OverviewNews, wire};

use super::{Live, Topic};

/// Takes in what the stream says; false where that does not follow on what is known.
pub(super) fn hear(live: Live, data: &str) -> bool {
    wire::read::<OverviewNews>(data).is_ok_and(|news| take(live, news).is_ok())
}

fn take(live: Live, news: OverviewNews) -> Result<(), Missed> {
    live.follows(news.after)?;
    let known = live.number();
    if news.upto <= known {
        return Ok(());
    }
    live.number.set_value(news.upto);
    if let Some(digest) = news.digest {
        let changed = topics(live, &digest);
        live.overview.update_value(|overview| overview.take(digest));
        live.notify(changed);
    }
    live.record(&news.recording);
    if let Some(counts) = news.counts {
        live.count(counts);
    }
    live.announce(news.lines.iter().rev().filter(|line| known < line.number));
    live.put_on_top(news.lines);
    Ok(())
}

/// What is drawn again: the groups that are told, and the list of groups where it is another.
fn topics(live: Live, digest: &Digest) -> HashSet<Topic> {
    let is_new = |name: &&GroupName| live.overview.with_value(|overview| !overview.groups.contains_key(*name));
    let mut topics: HashSet<Topic> =
        digest.groups.keys().chain(digest.pulses.keys()).cloned().map(Topic::Group).collect();
    if !digest.gone.is_empty() || digest.groups.keys().any(|name| is_new(&name)) {
        topics.insert(Topic::Groups);
    }
    if !digest.gone.is_empty() || !digest.groups.is_empty() {
        topics.insert(Topic::Counts);
    }
    topics
}
