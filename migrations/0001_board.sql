-- Groups, targets, what we believe of them, what the checks saw, and what happened.
-- Times are milliseconds since 1970, UTC; durations of checks are microseconds.

-- "DrBd": says whose file it is.
pragma application_id = 1148338788;

-- The number of the last event, also of those that are not on record, so that numbers go on after a restart.
create table meta (
    id         integer primary key check (id = 1),
    last_event integer not null check (last_event >= 0)
) strict;

insert into meta (id, last_event) values (1, 0);

-- The settings are read and written as one, and are checked where they are parsed, so they are one JSON text.
create table groups (
    name        text primary key,
    settings    text not null check (json_valid(settings)),
    last_change text check (json_valid(last_change)),
    check (settings ->> 'name' = name)
) strict, without rowid;

-- The small key stands for the target in its observations. A key is never used again: at another address a target is
-- another machine and gets another key, so that nothing of the old one is taken for its own.
create table targets (
    key           integer primary key autoincrement,
    id            text not null unique check (length(id) = 36),
    group_name    text not null references groups (name) on delete cascade,
    label         text not null,
    host          text not null,
    port          integer not null check (port between 0 and 65535),
    display_name  text not null,
    registered_at integer not null check (registered_at >= 0)
) strict;

create index targets_of_group on targets (group_name);

-- What we believe. Written when it changes; `last_at`, the time of the last check, also when it is a minute old, so
-- that a check that changes nothing costs one row of observations and nothing else.
create table health (
    target       integer primary key references targets (key) on delete cascade,
    belief       text not null check (belief in ('initial', 'healthy', 'unhealthy')),
    fails        integer not null check (fails between 0 and 255),
    passes       integer not null check (passes between 0 and 255),
    cause        text check (json_valid(cause)),
    blind        text check (json_valid(blind)),
    since        integer not null check (since >= 0),
    streak_since integer check (streak_since >= 0),
    last_outcome integer check (last_outcome between 0 and 2),
    last_at      integer check (last_at >= 0),
    check ((belief = 'unhealthy') = (cause is not null)),
    check (belief <> 'unhealthy' or fails = 0),
    check (belief = 'unhealthy' or passes = 0)
) strict;

-- In the order of time, so that writing appends. No foreign key: rows of a deregistered target go by age, like all.
create table observations (
    at            integer not null check (at >= 0),
    target        integer not null,
    total_us      integer not null check (total_us >= 0),
    dns_us        integer check (dns_us >= 0),
    connect_us    integer check (connect_us >= 0),
    tls_us        integer check (tls_us >= 0),
    first_byte_us integer check (first_byte_us >= 0),
    status_code   integer check (status_code between 0 and 65535),
    outcome       integer not null check (outcome between 0 and 2), -- 0 pass, 1 fail, 2 unknown
    why           text check (json_valid(why)),
    primary key (at, target),
    check ((outcome = 0) = (why is null))
) strict, without rowid;

-- The record: changes of configuration with who and why, changes of status, starts, gaps. It outlives what it is about.
create table events (
    number      integer primary key check (number > 0),
    at          integer not null check (at >= 0),
    kind        text not null check (kind in (
        'group_created', 'group_edited', 'group_deleted',
        'target_registered', 'target_edited', 'target_deregistered',
        'status_changed', 'started', 'recording_stopped', 'recording_resumed'
    )),
    group_name  text,
    target      text check (length(target) = 36),
    by_via      text check (by_via in ('console', 'api', 'drainboard')),
    by_address  text,
    why         text,
    from_status text,
    to_status   text,
    body        text not null check (json_valid(body)),
    check (by_via is not null or by_address is null),
    check ((kind = 'status_changed') = (from_status is not null)),
    check ((from_status is null) = (to_status is null))
) strict;

create index events_of_group on events (group_name) where group_name is not null;
create index events_of_target on events (target) where target is not null;
