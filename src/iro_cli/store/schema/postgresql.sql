-- The schema, compiled from tables.py by scripts/compile_data.py: change that, and run `make compiled`.

CREATE TABLE change (
  id INTEGER NOT NULL,
  at VARCHAR COLLATE "C" NOT NULL,
  who VARCHAR COLLATE "C" NOT NULL,
  command VARCHAR COLLATE "C" NOT NULL,
  undoes INTEGER REFERENCES change (id),
  salt VARCHAR COLLATE "C",
  digest VARCHAR COLLATE "C",
  PRIMARY KEY (id)
);

CREATE TABLE child (
  child_id VARCHAR COLLATE "C" NOT NULL,
  PRIMARY KEY (child_id)
);

CREATE TABLE change_child (
  change_id INTEGER NOT NULL REFERENCES change (id),
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  PRIMARY KEY (change_id, child_id)
);

CREATE TABLE child_area (
  area VARCHAR COLLATE "C" NOT NULL,
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  PRIMARY KEY (area, child_id)
);

CREATE TABLE source (
  id INTEGER NOT NULL,
  name VARCHAR COLLATE "C",
  stated_by VARCHAR COLLATE "C",
  PRIMARY KEY (id)
);

CREATE TABLE erasure (
  change_id INTEGER NOT NULL REFERENCES change (id),
  erased_from INTEGER NOT NULL REFERENCES change (id),
  remains VARCHAR COLLATE "C" NOT NULL,
  salt VARCHAR COLLATE "C",
  PRIMARY KEY (change_id, erased_from)
);

CREATE TABLE child_detail (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  label VARCHAR COLLATE "C",
  date_of_birth DATE,
  expected_date_of_delivery DATE,
  nation VARCHAR COLLATE "C",
  team VARCHAR COLLATE "C",
  sibling_group VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, change_id, line)
);

CREATE INDEX ix_child_detail_sibling_group ON child_detail (sibling_group) WHERE withdrawn_by IS NULL AND sibling_group IS NOT NULL;

CREATE INDEX ix_child_detail_team ON child_detail (team) WHERE withdrawn_by IS NULL AND team IS NOT NULL;

CREATE TABLE fact (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  happened_on DATE NOT NULL,
  event VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  outcome VARCHAR COLLATE "C",
  section_47 VARCHAR COLLATE "C",
  completed_on DATE,
  participation VARCHAR COLLATE "C",
  reference VARCHAR COLLATE "C",
  reason VARCHAR COLLATE "C",
  note VARCHAR COLLATE "C",
  quorate VARCHAR COLLATE "C",
  scaling VARCHAR COLLATE "C",
  advocacy VARCHAR COLLATE "C",
  attended VARCHAR COLLATE "C",
  placement VARCHAR COLLATE "C",
  source_id INTEGER REFERENCES source (id),
  source_row INTEGER,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, happened_on, event, change_id, line)
);

CREATE TABLE allocation (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  role VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  from_on DATE,
  to_on DATE,
  reason VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, role, change_id, line)
);

CREATE INDEX ix_allocation_name ON allocation (name) WHERE withdrawn_by IS NULL;

CREATE TABLE booking (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  timescale VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  clock_started DATE,
  booked_for DATE NOT NULL,
  at_time VARCHAR COLLATE "C",
  reason VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, timescale, change_id, line)
);

CREATE TABLE watch (
  timescale VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  from_on DATE NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (timescale, change_id, line)
);

CREATE TABLE bank_holiday (
  day DATE NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (day, change_id, line)
);

CREATE TABLE sighting (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  happened_on DATE NOT NULL,
  event VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  reference VARCHAR COLLATE "C",
  source_id INTEGER NOT NULL REFERENCES source (id),
  source_row INTEGER,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, happened_on, event, change_id, line)
);

CREATE TABLE authority (
  code VARCHAR COLLATE "C" NOT NULL,
  stated_by VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (code, stated_by, change_id, line)
);

CREATE TABLE person (
  name VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  full_time_equivalent DOUBLE PRECISION,
  from_on DATE,
  to_on DATE,
  manages VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (name, change_id, line)
);

CREATE TABLE absence (
  name VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE NOT NULL,
  reason VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (name, change_id, line)
);

CREATE TABLE audit (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  audited_on DATE NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  tool VARCHAR COLLATE "C" NOT NULL,
  grade VARCHAR COLLATE "C" NOT NULL,
  auditor VARCHAR COLLATE "C",
  iro VARCHAR COLLATE "C",
  note VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, audited_on, change_id, line)
);

CREATE TABLE audit_sample (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  process VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  drawn_on DATE NOT NULL,
  due_on DATE NOT NULL,
  iro VARCHAR COLLATE "C",
  auditor VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, process, change_id, line)
);

CREATE TABLE carried (
  source VARCHAR COLLATE "C" NOT NULL,
  event VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  lacks VARCHAR COLLATE "C",
  from_on DATE,
  to_on DATE,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (source, event, change_id, line)
);

CREATE TABLE unsaid (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  source VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  events VARCHAR COLLATE "C" NOT NULL,
  lacks VARCHAR COLLATE "C" NOT NULL,
  from_on DATE,
  to_on DATE,
  refused VARCHAR COLLATE "C",
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, source, change_id, line)
);

CREATE TABLE none_held (
  child_id VARCHAR COLLATE "C" NOT NULL REFERENCES child (child_id),
  source VARCHAR COLLATE "C" NOT NULL,
  event VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  latest_on DATE NOT NULL,
  none_to DATE NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, source, event, change_id, line)
);

CREATE TABLE retention (
  process VARCHAR COLLATE "C" NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  years INTEGER NOT NULL,
  since VARCHAR COLLATE "C" NOT NULL,
  from_on DATE NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (process, change_id, line)
);

-- The number of this schema, which SQLite keeps in the head of its file.

CREATE TABLE schema_version (version INTEGER NOT NULL);

-- As SQLite calls it.

CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE
AS 'SELECT strpos($1, $2)';

-- Append-only, held by the database itself: no row is deleted, replaced or rewritten.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0
    AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV
    AND NOT EXISTS (
      SELECT 1 FROM unnest(TG_ARGV) AS once
      WHERE to_jsonb(OLD) -> once NOT IN ('null'::jsonb, to_jsonb(NEW) -> once)
    ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE FUNCTION in_own_name() RETURNS trigger LANGUAGE plpgsql
SET search_path = iro, pg_temp AS $$
BEGIN
  IF NEW.who IS DISTINCT FROM session_user::text OR EXISTS (
    SELECT 1 FROM change WHERE id = NEW.id AND xmin <> pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'not the change of this login' USING ERRCODE = 'IRO01';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM change) THEN
    RAISE EXCEPTION 'not the next change';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION of_own_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = iro, pg_temp AS $$
DECLARE
  foreign_one boolean;
BEGIN
  IF TG_ARGV[0] = 'change_id' THEN
    SELECT EXISTS (
      SELECT 1 FROM (SELECT DISTINCT change_id FROM done) AS given JOIN change ON id = change_id
      WHERE change.xmin <> pg_current_xact_id()::xid
    ) INTO foreign_one;
  ELSE
    SELECT EXISTS (
      SELECT 1 FROM (SELECT DISTINCT withdrawn_by FROM done) AS given
      JOIN change ON id = withdrawn_by WHERE change.xmin <> pg_current_xact_id()::xid
    ) INTO foreign_one;
  END IF;
  IF foreign_one THEN
    RAISE EXCEPTION 'not the change of this login' USING ERRCODE = 'IRO01';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER change_kept BEFORE DELETE OR UPDATE ON change
FOR EACH ROW EXECUTE FUNCTION append_only('undoes', 'salt', 'digest');

CREATE TRIGGER change_whole BEFORE TRUNCATE ON change
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER change_named BEFORE INSERT OR UPDATE ON change
FOR EACH ROW EXECUTE FUNCTION in_own_name();

CREATE TRIGGER child_kept BEFORE DELETE OR UPDATE ON child
FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER child_whole BEFORE TRUNCATE ON child
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER change_child_kept BEFORE DELETE OR UPDATE ON change_child
FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER change_child_whole BEFORE TRUNCATE ON change_child
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER change_child_insert AFTER INSERT ON change_child
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER child_area_kept BEFORE DELETE OR UPDATE ON child_area
FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER child_area_whole BEFORE TRUNCATE ON child_area
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER source_kept BEFORE DELETE OR UPDATE ON source
FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER source_whole BEFORE TRUNCATE ON source
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER erasure_kept BEFORE DELETE OR UPDATE ON erasure
FOR EACH ROW EXECUTE FUNCTION append_only('salt');

CREATE TRIGGER erasure_whole BEFORE TRUNCATE ON erasure
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER erasure_insert AFTER INSERT ON erasure
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER child_detail_kept BEFORE DELETE OR UPDATE ON child_detail
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER child_detail_whole BEFORE TRUNCATE ON child_detail
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER child_detail_insert AFTER INSERT ON child_detail
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER child_detail_update AFTER UPDATE ON child_detail
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER fact_kept BEFORE DELETE OR UPDATE ON fact
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER fact_whole BEFORE TRUNCATE ON fact
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER fact_insert AFTER INSERT ON fact
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER fact_update AFTER UPDATE ON fact
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER allocation_kept BEFORE DELETE OR UPDATE ON allocation
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER allocation_whole BEFORE TRUNCATE ON allocation
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER allocation_insert AFTER INSERT ON allocation
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER allocation_update AFTER UPDATE ON allocation
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER booking_kept BEFORE DELETE OR UPDATE ON booking
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER booking_whole BEFORE TRUNCATE ON booking
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER booking_insert AFTER INSERT ON booking
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER booking_update AFTER UPDATE ON booking
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER watch_kept BEFORE DELETE OR UPDATE ON watch
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER watch_whole BEFORE TRUNCATE ON watch
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER watch_insert AFTER INSERT ON watch
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER watch_update AFTER UPDATE ON watch
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER bank_holiday_kept BEFORE DELETE OR UPDATE ON bank_holiday
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER bank_holiday_whole BEFORE TRUNCATE ON bank_holiday
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER bank_holiday_insert AFTER INSERT ON bank_holiday
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER bank_holiday_update AFTER UPDATE ON bank_holiday
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER sighting_kept BEFORE DELETE OR UPDATE ON sighting
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER sighting_whole BEFORE TRUNCATE ON sighting
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER sighting_insert AFTER INSERT ON sighting
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER sighting_update AFTER UPDATE ON sighting
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER authority_kept BEFORE DELETE OR UPDATE ON authority
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER authority_whole BEFORE TRUNCATE ON authority
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER authority_insert AFTER INSERT ON authority
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER authority_update AFTER UPDATE ON authority
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER person_kept BEFORE DELETE OR UPDATE ON person
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER person_whole BEFORE TRUNCATE ON person
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER person_insert AFTER INSERT ON person
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER person_update AFTER UPDATE ON person
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER absence_kept BEFORE DELETE OR UPDATE ON absence
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER absence_whole BEFORE TRUNCATE ON absence
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER absence_insert AFTER INSERT ON absence
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER absence_update AFTER UPDATE ON absence
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER audit_kept BEFORE DELETE OR UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER audit_insert AFTER INSERT ON audit
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER audit_update AFTER UPDATE ON audit
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER audit_sample_kept BEFORE DELETE OR UPDATE ON audit_sample
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER audit_sample_whole BEFORE TRUNCATE ON audit_sample
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER audit_sample_insert AFTER INSERT ON audit_sample
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER audit_sample_update AFTER UPDATE ON audit_sample
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER carried_kept BEFORE DELETE OR UPDATE ON carried
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER carried_whole BEFORE TRUNCATE ON carried
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER carried_insert AFTER INSERT ON carried
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER carried_update AFTER UPDATE ON carried
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER unsaid_kept BEFORE DELETE OR UPDATE ON unsaid
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER unsaid_whole BEFORE TRUNCATE ON unsaid
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER unsaid_insert AFTER INSERT ON unsaid
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER unsaid_update AFTER UPDATE ON unsaid
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER none_held_kept BEFORE DELETE OR UPDATE ON none_held
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER none_held_whole BEFORE TRUNCATE ON none_held
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER none_held_insert AFTER INSERT ON none_held
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER none_held_update AFTER UPDATE ON none_held
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');

CREATE TRIGGER retention_kept BEFORE DELETE OR UPDATE ON retention
FOR EACH ROW EXECUTE FUNCTION append_only('withdrawn_by');

CREATE TRIGGER retention_whole BEFORE TRUNCATE ON retention
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER retention_insert AFTER INSERT ON retention
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('change_id');

CREATE TRIGGER retention_update AFTER UPDATE ON retention
REFERENCING NEW TABLE AS done
FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('withdrawn_by');
