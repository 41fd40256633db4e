-- What is wanted of targets, the proxies that serve them, and what we hold out of service there.
-- Settings are read and written as one, and are checked where they are parsed, so each is one JSON text.

-- Targets that are to be out of service. By id, not by key: at another address what is wanted of a target still holds.
create table drains (
    target     text primary key check (length(target) = 36),
    group_name text not null references groups (name) on delete cascade,
    drain      text not null check (json_valid(drain))
) strict, without rowid;

create table proxies (
    name     text primary key,
    settings text not null check (json_valid(settings)),
    check (settings ->> 'name' = name)
) strict, without rowid;

create table bindings (
    id         text primary key check (length(id) = 36),
    proxy      text not null references proxies (name) on delete cascade,
    backend    text not null,
    group_name text not null references groups (name) on delete cascade,
    settings   text not null check (json_valid(settings)),
    unique (proxy, backend)
) strict, without rowid;

create index bindings_of_group on bindings (group_name);

-- Written before the proxy is told, with what is needed to undo it exactly.
create table holds (
    binding text not null references bindings (id) on delete cascade,
    server  text not null,
    hold    text not null check (json_valid(hold)),
    primary key (binding, server)
) strict, without rowid;

-- The record knows more kinds of events, and which proxy they are about.
create table events_2 (
    number      integer primary key check (number > 0),
    at          integer not null check (at >= 0),
    kind        text not null,
    group_name  text,
    target      text check (length(target) = 36),
    proxy       text,
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

insert into events_2
    (number, at, kind, group_name, target, by_via, by_address, why, from_status, to_status, body)
select number, at, kind, group_name, target, by_via, by_address, why, from_status, to_status, body from events;

drop table events;
alter table events_2 rename to events;

create index events_of_group on events (group_name) where group_name is not null;
create index events_of_target on events (target) where target is not null;
create index events_of_proxy on events (proxy) where proxy is not null;
