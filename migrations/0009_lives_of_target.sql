-- A target is asked for by its identity, also when it is gone.
create index lives_of_target on lives (id);
