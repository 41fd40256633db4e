-- Targets that are standbys, with the promotion that is under way. By id, not by key: at another address a target is
-- still a standby.
create table standbys (
    target     text primary key check (length(target) = 36),
    group_name text not null references groups (name) on delete cascade,
    standby    text not null check (json_valid(standby))
) strict, without rowid;
