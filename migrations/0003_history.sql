-- The history of checks and of statuses. Small keys of targets are never used again, so what is kept under a key is of
-- one target at one address, also when it is gone.

-- The newest checks as they came in, a batch a row, until each is in its target's chunk.
create table log (
    id     integer primary key,
    checks blob not null
) strict;

-- The chunk of a target that is still growing; what of the log is in it; and the newest checks, for the bars.
create table growing (
    target  integer primary key,
    through integer not null,           -- everything up to this row of the log is in the target's chunks
    newest  blob not null,
    first   integer not null,
    last    integer not null,
    checks  blob not null
) strict;

-- Chunks that are full. They never change, so they are appended, and go by age.
create table chunks (
    id     integer primary key,
    target integer not null,
    first  integer not null,
    last   integer not null,
    checks blob not null
) strict;

create index chunks_of_target on chunks (target, last);

-- What the checks of one hour were, for long ranges. `hour`: hours since 1970. Percentiles and reasons are in `details`.
create table hours (
    hour    integer not null,
    target  integer not null,
    passes  integer not null,
    fails   integer not null,
    unknown integer not null,
    details blob not null,
    primary key (hour, target)
) strict, without rowid;

create table group_hours (
    hour       integer not null,
    group_name text not null,
    passes     integer not null,
    fails      integer not null,
    unknown    integer not null,
    details    blob not null,
    primary key (hour, group_name)
) strict, without rowid;

-- Every target that there ever was, by its small key.
create table lives (
    key          integer primary key,
    id           text not null,
    group_name   text not null,
    display_name text not null,
    address      text not null,
    began        integer not null,
    ended        integer
) strict;

create index lives_of_group on lives (group_name);
create index lives_that_ended on lives (ended) where ended is not null;

insert into lives (key, id, group_name, display_name, address, began)
select key, id, group_name, display_name, host || ':' || port, registered_at from targets;

create trigger target_begins after insert on targets begin
    insert into lives (key, id, group_name, display_name, address, began)
    values (new.key, new.id, new.group_name, new.display_name,
        iif(instr(new.host, ':') > 0, '[' || new.host || ']', new.host) || ':' || new.port, new.registered_at);
end;

create trigger target_is_renamed after update of display_name on targets begin
    update lives set display_name = new.display_name where key = new.key;
end;

create trigger target_ends after delete on targets begin
    update lives set ended = max(began, cast(unixepoch('subsec') * 1000 as integer)) where key = old.key;
end;

-- Since when a target had which status, and how long it had been healthy, unhealthy, and out of service until then, in
-- milliseconds without the gaps. So the uptime of any stretch is the difference of two rows.
create table standings (
    target integer not null,
    at     integer not null,
    status integer not null check (status between 0 and 5), -- initial healthy unhealthy draining unused unavailable
    reason integer, -- the number of an ELBv2 reason code
    up     integer not null,
    down   integer not null,
    out    integer not null,
    primary key (target, at)
) strict, without rowid;

-- Times for which nothing is stored, because Drainboard or its disk did not work.
create table gaps (
    began integer primary key,
    ended integer not null check (ended >= began)
) strict;

insert or ignore into gaps (began, ended)
select gap ->> 'from', gap ->> 'to' from (
    select body -> '$.with.gap' as gap from events where kind in ('started', 'recording_resumed')
) where gap ->> 'from' is not null and gap ->> 'to' >= gap ->> 'from';
