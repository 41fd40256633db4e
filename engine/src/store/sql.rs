//! Every statement there is, so that one test can prepare them all.

macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* pub(super) const $name: &str = $sql;)*

        /// All of them, by name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// The columns of an observation.
macro_rules! observation {
    () => {
        "o.at, o.total_us, o.dns_us, o.connect_us, o.tls_us, o.first_byte_us, o.status_code, o.outcome, o.why"
    };
}

/// Four times the same, with commas.
macro_rules! four {
    ($($row:tt)*) => {
        concat!($($row)*, ", ", $($row)*, ", ", $($row)*, ", ", $($row)*)
    };
}

/// So many observations go into one statement; [`PUT_OBSERVATIONS`] has as many places.
pub(super) const OBSERVATIONS_AT_ONCE: usize = 64;

/// Events that match, between two numbers.
macro_rules! events {
    ($match:literal, $order:literal) => {
        concat!(
            "select number, at, by_via, by_address, why, body from events where number > ?1 and number < ?2 and ",
            $match,
            " order by number ",
            $order,
            " limit ?3"
        )
    };
}

/// What we believe, up to the columns in which the statements differ.
macro_rules! put_health {
    () => {
        "
        insert into health
            (target, belief, fails, passes, cause, blind, since, streak_since, last_outcome, last_at)
        select t.key, c.value ->> 'belief', c.value ->> 'fails', c.value ->> 'passes', c.value ->> 'cause',
            c.value ->> 'blind', c.value ->> 'since', c.value ->> 'streak_since', c.value ->> 'last_outcome',
            c.value ->> 'last_at'
        from json_each(?1) c cross join targets t on t.id = c.value ->> 'target'
        where true
        on conflict (target) do update set
            belief = excluded.belief, fails = excluded.fails, passes = excluded.passes,
            cause = excluded.cause, blind = excluded.blind,
            last_outcome = excluded.last_outcome, last_at = excluded.last_at, "
    };
}

statements! {
    BEGIN = "begin immediate";
    COMMIT = "commit";
    ROLLBACK = "rollback";
    SYNC_EVERY_COMMIT = "pragma synchronous = full";
    SYNC_AT_CHECKPOINTS = "pragma synchronous = normal";
    CHECKPOINT = "pragma wal_checkpoint(truncate)";

    APPLICATION_ID = "pragma application_id";
    QUICK_CHECK = "pragma quick_check(1)";
    /// Tables that are not the list of migrations or SQLite's own.
    COUNT_TABLES = "select count(*) from sqlite_schema where name not like '%sqlx_migrations%' and name not like 'sqlite%'";
    SCHEMA_VERSION = "select coalesce(max(version), 0) from _sqlx_migrations";

    LAST_EVENT = "select last_event from meta";
    /// The newest thing that is stored.
    LAST_SEEN = "
        select max(at) from (
            select * from (select at from observations order by at desc limit 1)
            union all
            select * from (select at from events order by number desc limit 1)
        )";
    SET_LAST_EVENT = "update meta set last_event = max(last_event, ?1)";

    GROUPS = "select name, settings, last_change from groups";
    PUT_GROUP = "
        insert into groups (name, settings, last_change) values (?1, ?2, ?3)
        on conflict (name) do update set
            settings = excluded.settings, last_change = coalesce(excluded.last_change, last_change)";
    DELETE_GROUP = "delete from groups where name = ?1";
    /// ?1: a JSON list of names.
    DELETE_OTHER_GROUPS = "delete from groups where name not in (select value from json_each(?1))";
    /// ?1 group, ?2 time, ?3 target, ?4 the transition.
    SET_LAST_CHANGE = "
        update groups set last_change = json_object(
            'at', ?2,
            'target', (select display_name from targets where id = ?3),
            'transition', json(?4)
        ) where name = ?1 and exists (select 1 from targets where id = ?3)";

    /// Targets with what we believe of them and their last check, as far as `last_at` knows it.
    TARGETS = concat!(
        "select t.key, t.id, t.group_name, t.label, t.host, t.port,
            h.belief, h.fails, h.passes, h.cause, h.blind, h.since, h.streak_since, ", observation!(), "
        from targets t
        left join health h on h.target = t.key
        left join observations o on o.at = h.last_at and o.target = t.key"
    );
    /// ?1: a JSON list of targets. Those of them that are known at another address are forgotten.
    FORGET_MOVED_TARGETS = "
        delete from targets where key in (
            select t.key from json_each(?1) b cross join targets t on t.id = b.value ->> 'id'
            where (t.group_name, t.host, t.port)
                is not (b.value ->> 'group_name', b.value ->> 'host', b.value ->> 'port')
        )";
    /// ?1: a JSON list of targets.
    PUT_TARGETS = "
        insert into targets (id, group_name, label, host, port, display_name, registered_at)
        select value ->> 'id', value ->> 'group_name', value ->> 'label', value ->> 'host', value ->> 'port',
            value ->> 'display_name', value ->> 'registered_at'
        from json_each(?1) where true
        on conflict (id) do update set label = excluded.label, display_name = excluded.display_name";
    /// ?1: a JSON list of targets.
    PUT_NEW_HEALTH = "
        insert into health (target, belief, fails, passes, since)
        select t.key, 'initial', 0, 0, b.value ->> 'registered_at'
        from json_each(?1) b cross join targets t on t.id = b.value ->> 'id'
        where true
        on conflict (target) do nothing";
    DELETE_TARGET = "delete from targets where id = ?1";
    /// ?1: a JSON list of targets.
    DELETE_OTHER_TARGETS = "delete from targets where id not in (select value ->> 'id' from json_each(?1))";

    /// Rows without a target are places that were not needed. Of two checks of a target in one millisecond the later
    /// one stays: it is the one that the board shows.
    PUT_OBSERVATIONS = concat!("
        with c (target, at, total_us, dns_us, connect_us, tls_us, first_byte_us, status_code, outcome, why) as (
            values ", four!(four!(four!("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))), "
        )
        insert into observations
            (at, target, total_us, dns_us, connect_us, tls_us, first_byte_us, status_code, outcome, why)
        select c.at, t.key, c.total_us, c.dns_us, c.connect_us, c.tls_us, c.first_byte_us, c.status_code, c.outcome,
            c.why
        from c cross join targets t on t.id = c.target
        where true
        on conflict (at, target) do update set
            total_us = excluded.total_us, dns_us = excluded.dns_us, connect_us = excluded.connect_us,
            tls_us = excluded.tls_us, first_byte_us = excluded.first_byte_us, status_code = excluded.status_code,
            outcome = excluded.outcome, why = excluded.why");
    /// ?1: a JSON list of what we believe after checks. A run of equal outcomes goes on.
    PUT_CHECKED_HEALTH = concat!(put_health!(), "
        streak_since = iif(last_outcome is excluded.last_outcome, streak_since, excluded.streak_since)");
    /// ?1: a JSON list of what we believe, whatever was there.
    PUT_HEALTH = concat!(put_health!(), "since = excluded.since, streak_since = excluded.streak_since");
    SET_SINCE = "update health set since = ?2 where target = (select key from targets where id = ?1)";
    /// ?1 group, ?2 time, ?3 whether checks are switched on now: then what we believed says nothing any more.
    BEGIN_ANEW_IF_SWITCHED = "
        update health set since = ?2,
            belief = iif(?3, 'initial', belief), fails = iif(?3, 0, fails), passes = iif(?3, 0, passes),
            cause = iif(?3, null, cause), blind = iif(?3, null, blind), streak_since = iif(?3, null, streak_since),
            last_outcome = iif(?3, null, last_outcome), last_at = iif(?3, null, last_at)
        where target in (
            select t.key from groups g join targets t on t.group_name = g.name
            where g.name = ?1 and g.settings ->> '$.check.enabled' <> ?3
        )";

    /// The newest of all targets as one JSON list, oldest first; ?1: so many. One row is read much faster than many.
    RECENT_OBSERVATIONS = "
        select json_group_array(
            json_array(target, at, total_us, dns_us, connect_us, tls_us, first_byte_us, status_code, outcome, why)
            order by at, target
        ) from (select * from observations order by at desc, target desc limit ?1)";
    /// ?1 target, ?2 before, ?3 so many, ?4 how old `last_at` may be; there is none between switching on and a check.
    OBSERVATIONS_OF_TARGET = concat!(
        "select ", observation!(), "
        from targets t
        cross join health h on h.target = t.key
        cross join observations o on o.target = t.key
            and o.at >= t.registered_at and o.at < min(?2, coalesce(h.last_at + ?4, ?2))
        where t.id = ?1
        order by o.at desc limit ?3"
    );

    /// ?1 target, ?2 from, ?3 before, ?4 so many; oldest first.
    OBSERVATIONS_BETWEEN = concat!(
        "select ", observation!(), "
        from targets t
        cross join observations o on o.target = t.key and o.at >= max(?2, t.registered_at) and o.at < ?3
        where t.id = ?1
        order by o.at limit ?4"
    );

    /// A number that was given twice, because a commit was thought to have failed, belongs to the later event.
    DRAINS = "select target, group_name, drain from drains";
    PUT_DRAIN = "
        insert into drains (target, group_name, drain) values (?1, ?2, ?3)
        on conflict (target) do update set group_name = excluded.group_name, drain = excluded.drain";
    DELETE_DRAIN = "delete from drains where target = ?1";
    DELETE_DRAINS = "delete from drains";

    PROXIES = "select settings from proxies";
    PUT_PROXY = "
        insert into proxies (name, settings) values (?1, ?2)
        on conflict (name) do update set settings = excluded.settings";
    DELETE_PROXY = "delete from proxies where name = ?1";
    DELETE_PROXIES = "delete from proxies";
    BINDINGS = "select settings from bindings";
    PUT_BINDING = "
        insert into bindings (id, proxy, backend, group_name, settings) values (?1, ?2, ?3, ?4, ?5)
        on conflict (id) do update set settings = excluded.settings";
    DELETE_BINDING = "delete from bindings where id = ?1";
    HOLDS = "select binding, server, hold from holds";
    PUT_HOLD = "
        insert into holds (binding, server, hold) values (?1, ?2, ?3)
        on conflict (binding, server) do update set hold = excluded.hold";
    DELETE_HOLD = "delete from holds where binding = ?1 and server = ?2";
    /// ?1 binding, ?2 server, ?3 the instance that has carried it out.
    SET_HOLD_TOLD = "
        update holds set hold = json_set(hold, '$.told', ?3) where binding = ?1 and server = ?2";

    PUT_EVENT = "
        insert or replace into events
            (number, at, kind, group_name, target, by_via, by_address, why, from_status, to_status, body, proxy)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    EVENTS_NEWEST = events!("(?4 is null and ?5 is null and ?6 is null)", "desc");
    EVENTS_OLDEST = events!("(?4 is null and ?5 is null and ?6 is null)", "asc");
    EVENTS_OF_GROUP_NEWEST = events!("group_name = ?4 and ?5 is null and ?6 is null", "desc");
    EVENTS_OF_GROUP_OLDEST = events!("group_name = ?4 and ?5 is null and ?6 is null", "asc");
    EVENTS_OF_TARGET_NEWEST = events!("target = ?5 and (?4 is null or group_name = ?4) and ?6 is null", "desc");
    EVENTS_OF_TARGET_OLDEST = events!("target = ?5 and (?4 is null or group_name = ?4) and ?6 is null", "asc");
    EVENTS_OF_PROXY_NEWEST = events!("proxy = ?6 and ?4 is null and ?5 is null", "desc");
    EVENTS_OF_PROXY_OLDEST = events!("proxy = ?6 and ?4 is null and ?5 is null", "asc");

    /// ?1 older than this, ?2 so many at most. Looks no further than the oldest rows.
    PRUNE_OBSERVATIONS = "
        delete from observations where (at, target) in (
            select at, target from observations where at < ?1 order by at, target limit ?2
        )";
    /// ?1 older than this, ?2 so many at most. Looks no further than the oldest rows.
    PRUNE_EVENTS = "
        delete from events where number in (
            select number from (select number, at from events order by number limit ?2) where at < ?1
        )";
}
