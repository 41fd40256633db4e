-- Of each target the chunk that is being filled: what has grown is joined with it, until it is full and goes to `chunks`.
-- So pages of the file are mostly full, and a fold does not write much anew. It is there already where checks that were
-- rows were put into chunks just now.
create table if not exists filling (
    target  integer primary key,
    first   integer not null,
    last    integer not null,
    checks  blob not null
) strict;

create index if not exists filling_by_age on filling (last);
