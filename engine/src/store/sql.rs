//! Every statement there is, so that one test can prepare them all.

macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* pub(super) const $name: &str = $sql;)*

        /// All of them, by name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

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

/// When a life ended. One that goes on at another address ended when the next one began, though it was written a moment later.
macro_rules! ended {
    () => {
        "max(began, min(ended, coalesce((
            select min(next.began) from lives next where next.id = lives.id and next.key > lives.key
        ), ended))) as ended"
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
    INTEGRITY_CHECK = "pragma integrity_check(1)";
    /// ?1: the file to be.
    COPY = "vacuum into ?1";
    /// Tables that are not the list of migrations or SQLite's own.
    COUNT_TABLES = "select count(*) from sqlite_schema where name not like '%sqlx_migrations%' and name not like 'sqlite%'";
    SCHEMA_VERSION = "select coalesce(max(version), 0) from _sqlx_migrations";

    LAST_EVENT = "select last_event from meta";
    /// The newest thing that is stored.
    LAST_SEEN = "
        select max(at) from (
            select max(last_at) as at from health
            union all
            select max(at) from (select at from events order by number desc limit 1)
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

    /// Targets with what we believe of them.
    TARGETS = "
        select t.key, t.id, t.group_name, t.label, t.host, t.port,
            h.belief, h.fails, h.passes, h.cause, h.blind, h.since, h.streak_since, h.last_at
        from targets t
        left join health h on h.target = t.key";
    /// Small keys of targets, and their groups.
    KEYS = "select key, id, group_name from targets";
    /// ?1: a JSON list of ids.
    KEYS_OF_TARGETS = "
        select json_group_array(json_array(t.id, t.key)) from json_each(?1) i cross join targets t on t.id = i.value";
    KEY_OF_TARGET = "select key from targets where id = ?1";
    /// ?1 group, ?2 target. The last that it was there.
    LAST_LIFE = "
        select key, id, display_name, address, began, ended from lives
        where group_name = ?1 and id = ?2 order by key desc limit 1";
    /// ?1 group, ?2 target. All that it ever was there, the oldest first.
    LIVES_OF_TARGET = "select key from lives where group_name = ?1 and id = ?2 order by key";
    GROUP_OF_KEY = "select group_name from lives where key = ?1";
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

    /// A commit of checks that change nothing else, in one step. ?1 row, ?2 checks, ?3 the last event.
    CHECKS_ALONE = "
        begin immediate;
        insert into log (id, checks) values (?1, ?2);
        update meta set last_event = max(last_event, ?3);
        commit";
    PUT_CHECKS = "insert into log (id, checks) values (?1, ?2)";
    /// The last row of the log that there ever was.
    LAST_ROW = "select max(coalesce((select max(id) from log), 0), coalesce((select max(through) from growing), 0))";
    LOG = "select id, checks from log order by id";
    /// ?1: rows before this one; ?2 so many at most.
    PRUNE_LOG = "delete from log where id in (select id from log where id < ?1 order by id limit ?2)";
    /// What of the log is in chunks, and the newest checks, by target.
    GROWING_ENDS = "select target, through, newest from growing";
    GROWING = "select newest, first, last, checks from growing where target = ?1";
    PUT_GROWING = "
        insert into growing (target, through, newest, first, last, checks) values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict (target) do update set
            through = excluded.through, newest = excluded.newest, first = excluded.first, last = excluded.last,
            checks = excluded.checks";
    FILLING = "select first, last, checks from filling where target = ?1";
    PUT_FILLING = "insert or replace into filling (target, first, last, checks) values (?1, ?2, ?3, ?4)";
    FILLING_IS_FULL = "
        insert into chunks (target, first, last, checks)
        select target, first, last, checks from filling where target = ?1";
    /// ?1 target, ?2 from, ?3 to, ?4 so many at most; the oldest first.
    CHUNKS_OF_TARGET = "
        select last, checks from chunks where target = ?1 and last >= ?2 and first < ?3
        union all
        select last, checks from filling where target = ?1 and last >= ?2 and first < ?3
        union all
        select last, checks from growing where target = ?1 and last >= ?2 and first < ?3
        order by last limit ?4";
    /// ?1 target, ?2 before.
    LAST_CHUNK_OF_TARGET = "
        select first, last, checks from growing where target = ?1 and first < ?2
        union all
        select first, last, checks from filling where target = ?1 and first < ?2
        union all
        select * from (
            select first, last, checks from chunks where target = ?1 and first < ?2 order by last desc limit 1
        )
        order by last desc limit 1";
    /// Bytes of the file, free bytes, about how many bytes checks take, the oldest check and the oldest hour. Only ends of
    /// tables are read.
    STORAGE = "
        select
            (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as file,
            (select freelist_count from pragma_freelist_count()) * (select page_size from pragma_page_size()) as free,
            cast((select coalesce(max(id) - min(id) + 1, 0) from chunks)
                * (select coalesce(avg(length(checks)) + 40, 0) from (select checks from chunks order by id desc limit 200))
                + (select coalesce(sum(length(checks)), 0) from filling)
                + (select coalesce(sum(length(checks) + length(newest)), 0) from growing)
                + (select coalesce(max(id) - min(id) + 1, 0) from log)
                * (select coalesce(avg(length(checks)) + 10, 0) from (select checks from log order by id desc limit 200))
                as integer) as checks,
            coalesce(
                (select min(first) from (select first from chunks order by id limit 100)),
                (select min(first) from filling), (select min(first) from growing)
            ) as oldest_check,
            (select min(hour) from hours) as oldest_hour";
    HOUR_OF_TARGET = "select passes, fails, unknown, details from hours where hour = ?1 and target = ?2";
    HOUR_OF_GROUP = "select passes, fails, unknown, details from group_hours where hour = ?1 and group_name = ?2";
    PUT_HOUR = "
        insert or replace into hours (hour, target, passes, fails, unknown, details) values (?1, ?2, ?3, ?4, ?5, ?6)";
    PUT_GROUP_HOUR = "
        insert or replace into group_hours (hour, group_name, passes, fails, unknown, details)
        values (?1, ?2, ?3, ?4, ?5, ?6)";
    /// ?1 target, ?2 from, ?3 to, in hours.
    HOURS_OF_TARGET = "
        with recursive h (hour) as (values (?2) union all select hour + 1 from h where hour + 1 < ?3)
        select o.hour, o.passes, o.fails, o.unknown, o.details
        from h cross join hours o on o.hour = h.hour and o.target = ?1";
    /// ?1 group, ?2 from, ?3 to, in hours.
    HOURS_OF_GROUP = "
        with recursive h (hour) as (values (?2) union all select hour + 1 from h where hour + 1 < ?3)
        select o.hour, o.passes, o.fails, o.unknown, o.details
        from h cross join group_hours o on o.hour = h.hour and o.group_name = ?1";
    /// ?1 older than this; ?2 so many at most. Chunks are appended when they are full, so the oldest come first.
    PRUNE_CHUNKS = "
        delete from chunks where id in (select id from (select id, last from chunks order by id limit ?2) where last < ?1)";
    /// ?1 older than this; ?2 so many at most. Of targets that are not checked any more.
    PRUNE_FILLING = "
        delete from filling where target in (select target from filling where last < ?1 order by last limit ?2)";
    /// ?1: hours before this one; ?2 so many at most.
    PRUNE_HOURS = "
        delete from hours where (hour, target) in (
            select hour, target from hours where hour < ?1 order by hour, target limit ?2
        )";
    /// ?1: hours before this one; ?2 so many at most.
    PRUNE_GROUP_HOURS = "
        delete from group_hours where (hour, group_name) in (
            select hour, group_name from group_hours where hour < ?1 order by hour, group_name limit ?2
        )";

    /// The newest of each target that is there.
    NEWEST_STANDINGS = "
        select s.target, s.at, s.status, s.reason, s.up, s.down, s.out
        from targets t cross join standings s
            on s.target = t.key and s.at = (select max(at) from standings where target = t.key)";
    PUT_STANDING = "
        insert or replace into standings (target, at, status, reason, up, down, out) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    GAPS = "select json_group_array(json_array(began, ended) order by began) from gaps";
    PUT_GAP = "
        insert into gaps (began, ended) values (?1, ?2)
        on conflict (began) do update set ended = max(ended, excluded.ended)";
    /// ?1: a JSON list of small keys; ?2: one of moments. What held for each at each, as one JSON list.
    STANDINGS_AT = "
        with m as materialized (select value as moment from json_each(?2))
        select '[' || coalesce(group_concat((
            select json_array(s.target, m.moment, s.at, s.status, s.reason, s.up, s.down, s.out)
            from standings s where s.target = k.value and s.at <= m.moment order by s.at desc limit 1
        )), '') || ']'
        from json_each(?1) k cross join m";
    /// ?1: a JSON list of small keys; ?2 from, ?3 to. Changes in between and the last one before, as one JSON list.
    STANDINGS_OF_TARGETS = "
        select json_group_array(json_array(s.target, s.at, s.status, s.reason) order by s.target, s.at)
        from json_each(?1) k cross join standings s on s.target = k.value and s.at < ?3
            and s.at >= coalesce((select max(at) from standings where target = k.value and at <= ?2), ?2)";
    /// ?1: targets that have gone since.
    GONE_SINCE = concat!("select key, id, group_name, ", ended!(), " from lives where ended > ?1");
    /// ?1 group, ?2 from, ?3 to. Its targets that were there at some time between, the oldest first.
    LIVES_OF_GROUP = concat!("
        select key, id, display_name, address, began, ", ended!(), " from lives
        where group_name = ?1 and began < ?3 and (ended is null or ended > ?2) order by key");

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

    DRAINS = "select target, group_name, drain from drains";
    PUT_DRAIN = "
        insert into drains (target, group_name, drain) values (?1, ?2, ?3)
        on conflict (target) do update set group_name = excluded.group_name, drain = excluded.drain";
    DELETE_DRAIN = "delete from drains where target = ?1";
    DELETE_DRAINS = "delete from drains";

    STANDBYS = "select target, group_name, standby from standbys";
    PUT_STANDBY = "
        insert into standbys (target, group_name, standby) values (?1, ?2, ?3)
        on conflict (target) do update set group_name = excluded.group_name, standby = excluded.standby";
    DELETE_STANDBY = "delete from standbys where target = ?1";
    DELETE_STANDBYS = "delete from standbys";
    SCHEDULES = "select schedule from drill_schedules";
    PUT_SCHEDULE = "
        insert into drill_schedules (id, group_name, schedule) values (?1, ?2, ?3)
        on conflict (id) do update set group_name = excluded.group_name, schedule = excluded.schedule";
    DELETE_SCHEDULE = "delete from drill_schedules where id = ?1";
    DELETE_SCHEDULES = "delete from drill_schedules";

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

    /// A number that was given twice, because a commit was thought to have failed, belongs to the later event.
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

    /// ?1 the group, ?2 older than this, ?3 so many at most.
    SETTINGS_OF_GROUP = "
        select number, at, by_via, by_address, why, body from events
        where group_name = ?1 and kind in ('group_created', 'group_edited') and at < ?2
        order by number desc limit ?3";

    /// ?1 older than this, ?2 so many at most. Looks no further than the oldest rows.
    PUT_FAILOVER = "
        insert into failovers (id, group_name, began, frozen, brief, body) values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict (id) do update set
            began = excluded.began, frozen = excluded.frozen, brief = excluded.brief, body = excluded.body
        where frozen = 0";
    FAILOVER = "select body from failovers where id = ?1";
    OPEN_FAILOVERS = "select body from failovers where frozen = 0 order by id limit ?1";
    /// Newest first. ?1: only those before this one, if it is not null.
    FAILOVERS = "
        select brief from failovers where (?1 is null or id < ?1) and ?3 is null order by id desc limit ?2";
    FAILOVERS_OF_GROUP = "
        select brief from failovers where group_name = ?3 and (?1 is null or id < ?1) order by id desc limit ?2";
    PRUNE_FAILOVERS = "
        delete from failovers where id in (
            select id from (select id, began from failovers order by id limit ?2) where began < ?1
        )";
    PRUNE_EVENTS = "
        delete from events where number in (
            select number from (select number, at from events order by number limit ?2) where at < ?1
        )";
}
