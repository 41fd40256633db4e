-- Failover records; their ids are in the order of time. `brief` is what lists show, `body` is all of it; both are JSON.
create table failovers (
    id         text primary key,
    group_name text not null,
    began      integer not null,
    frozen     integer not null check (frozen in (0, 1)),
    brief      text not null check (json_valid(brief)),
    body       text not null check (json_valid(body))
) strict, without rowid;

create index failovers_of_group on failovers (group_name, id);
create index failovers_that_are_open on failovers (id) where frozen = 0;
