-- Drills that begin by themselves, with what came of the last one.
create table drill_schedules (
    id         text primary key check (length(id) = 36),
    group_name text not null references groups (name) on delete cascade,
    schedule   text not null check (json_valid(schedule))
) strict, without rowid;
