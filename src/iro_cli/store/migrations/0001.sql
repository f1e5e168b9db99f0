-- The first schema.  Nothing is ever deleted, and a row changes once at most:
-- when a later change withdraws it.  A row that an undo adds again says in
-- ``restores`` which change it came from, so that undoing that one finds it.

CREATE TABLE change (
  id INTEGER NOT NULL PRIMARY KEY,
  at VARCHAR NOT NULL,
  who VARCHAR NOT NULL,
  command VARCHAR NOT NULL,
  undoes INTEGER REFERENCES change (id)
);

CREATE TABLE child (
  child_id VARCHAR NOT NULL PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE child_detail (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  label VARCHAR,
  date_of_birth VARCHAR,
  expected_date_of_delivery VARCHAR,
  nation VARCHAR,
  team VARCHAR,
  sibling_group VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, change_id, line)
) WITHOUT ROWID;

CREATE TABLE fact (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  happened_on VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  outcome VARCHAR,
  section_47 VARCHAR,
  completed_on VARCHAR,
  reference VARCHAR,
  reason VARCHAR,
  participation VARCHAR,
  note VARCHAR,
  source VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, happened_on, event, change_id, line)
) WITHOUT ROWID;

CREATE TABLE allocation (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  role VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  from_on VARCHAR,
  to_on VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, role, change_id, line)
) WITHOUT ROWID;

CREATE TABLE booking (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  timescale VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  clock_started VARCHAR,
  booked_for VARCHAR NOT NULL,
  at_time VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, timescale, change_id, line)
) WITHOUT ROWID;

CREATE TABLE watch (
  timescale VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  from_on VARCHAR NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (timescale, change_id, line)
) WITHOUT ROWID;

CREATE TABLE bank_holiday (
  day VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (day, change_id, line)
) WITHOUT ROWID;

-- What a change added, restored or withdrew, for undo and history.
CREATE INDEX ix_child_detail_change_id ON child_detail (change_id);
CREATE INDEX ix_child_detail_restores ON child_detail (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_child_detail_withdrawn_by ON child_detail (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_fact_change_id ON fact (change_id);
CREATE INDEX ix_fact_restores ON fact (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_fact_withdrawn_by ON fact (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_allocation_change_id ON allocation (change_id);
CREATE INDEX ix_allocation_restores ON allocation (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_allocation_withdrawn_by ON allocation (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_booking_change_id ON booking (change_id);
CREATE INDEX ix_booking_restores ON booking (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_booking_withdrawn_by ON booking (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_watch_change_id ON watch (change_id);
CREATE INDEX ix_watch_restores ON watch (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_watch_withdrawn_by ON watch (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_bank_holiday_change_id ON bank_holiday (change_id);
CREATE INDEX ix_bank_holiday_restores ON bank_holiday (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_bank_holiday_withdrawn_by ON bank_holiday (withdrawn_by) WHERE withdrawn_by IS NOT NULL;

-- Append-only, held by the database itself: no row is deleted, replaced or rewritten.

CREATE TRIGGER change_kept BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER change_once BEFORE INSERT ON change
WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER child_kept BEFORE DELETE ON child
BEGIN SELECT RAISE(ABORT, 'child is append-only'); END;

CREATE TRIGGER child_once BEFORE INSERT ON child
WHEN EXISTS (SELECT 1 FROM child WHERE child_id = NEW.child_id)
BEGIN SELECT RAISE(ABORT, 'child is append-only'); END;

CREATE TRIGGER child_detail_kept BEFORE DELETE ON child_detail
BEGIN SELECT RAISE(ABORT, 'child_detail is append-only'); END;

CREATE TRIGGER child_detail_once BEFORE INSERT ON child_detail
WHEN EXISTS (SELECT 1 FROM child_detail WHERE child_id = NEW.child_id AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'child_detail is append-only'); END;

CREATE TRIGGER fact_kept BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER fact_once BEFORE INSERT ON fact
WHEN EXISTS (SELECT 1 FROM fact WHERE child_id = NEW.child_id AND happened_on = NEW.happened_on AND event = NEW.event AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER allocation_kept BEFORE DELETE ON allocation
BEGIN SELECT RAISE(ABORT, 'allocation is append-only'); END;

CREATE TRIGGER allocation_once BEFORE INSERT ON allocation
WHEN EXISTS (SELECT 1 FROM allocation WHERE child_id = NEW.child_id AND role = NEW.role AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'allocation is append-only'); END;

CREATE TRIGGER booking_kept BEFORE DELETE ON booking
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END;

CREATE TRIGGER booking_once BEFORE INSERT ON booking
WHEN EXISTS (SELECT 1 FROM booking WHERE child_id = NEW.child_id AND timescale = NEW.timescale AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END;

CREATE TRIGGER watch_kept BEFORE DELETE ON watch
BEGIN SELECT RAISE(ABORT, 'watch is append-only'); END;

CREATE TRIGGER watch_once BEFORE INSERT ON watch
WHEN EXISTS (SELECT 1 FROM watch WHERE timescale = NEW.timescale AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'watch is append-only'); END;

CREATE TRIGGER bank_holiday_kept BEFORE DELETE ON bank_holiday
BEGIN SELECT RAISE(ABORT, 'bank_holiday is append-only'); END;

CREATE TRIGGER bank_holiday_once BEFORE INSERT ON bank_holiday
WHEN EXISTS (SELECT 1 FROM bank_holiday WHERE day = NEW.day AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'bank_holiday is append-only'); END;

CREATE TRIGGER child_detail_fixed BEFORE UPDATE ON child_detail
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.label IS NOT OLD.label
  OR NEW.date_of_birth IS NOT OLD.date_of_birth
  OR NEW.expected_date_of_delivery IS NOT OLD.expected_date_of_delivery
  OR NEW.nation IS NOT OLD.nation
  OR NEW.team IS NOT OLD.team
  OR NEW.sibling_group IS NOT OLD.sibling_group
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'child_detail is append-only'); END;

CREATE TRIGGER fact_fixed BEFORE UPDATE ON fact
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.happened_on IS NOT OLD.happened_on
  OR NEW.event IS NOT OLD.event
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.outcome IS NOT OLD.outcome
  OR NEW.section_47 IS NOT OLD.section_47
  OR NEW.completed_on IS NOT OLD.completed_on
  OR NEW.reference IS NOT OLD.reference
  OR NEW.reason IS NOT OLD.reason
  OR NEW.participation IS NOT OLD.participation
  OR NEW.note IS NOT OLD.note
  OR NEW.source IS NOT OLD.source
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER allocation_fixed BEFORE UPDATE ON allocation
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.role IS NOT OLD.role
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.name IS NOT OLD.name
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.to_on IS NOT OLD.to_on
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'allocation is append-only'); END;

CREATE TRIGGER booking_fixed BEFORE UPDATE ON booking
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.timescale IS NOT OLD.timescale
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.clock_started IS NOT OLD.clock_started
  OR NEW.booked_for IS NOT OLD.booked_for
  OR NEW.at_time IS NOT OLD.at_time
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END;

CREATE TRIGGER watch_fixed BEFORE UPDATE ON watch
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.timescale IS NOT OLD.timescale
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'watch is append-only'); END;

CREATE TRIGGER bank_holiday_fixed BEFORE UPDATE ON bank_holiday
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.day IS NOT OLD.day
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.name IS NOT OLD.name
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'bank_holiday is append-only'); END;

CREATE TRIGGER child_fixed BEFORE UPDATE ON child
BEGIN SELECT RAISE(ABORT, 'child is append-only'); END;

CREATE TRIGGER change_fixed BEFORE UPDATE ON change
WHEN OLD.undoes IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
  OR NEW.who IS NOT OLD.who OR NEW.command IS NOT OLD.command
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;
