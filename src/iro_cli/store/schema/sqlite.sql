-- The schema, compiled from tables.py by scripts/compile_data.py: change that, and run `make compiled`.

CREATE TABLE change (
  id INTEGER NOT NULL,
  at VARCHAR NOT NULL,
  who VARCHAR NOT NULL,
  command VARCHAR NOT NULL,
  undoes INTEGER REFERENCES change (id),
  salt VARCHAR,
  digest VARCHAR,
  PRIMARY KEY (id)
);

CREATE TABLE child (
  child_id VARCHAR NOT NULL,
  PRIMARY KEY (child_id)
) WITHOUT ROWID;

CREATE TABLE change_child (
  change_id INTEGER NOT NULL REFERENCES change (id),
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  PRIMARY KEY (change_id, child_id)
) WITHOUT ROWID;

CREATE TABLE child_area (
  area VARCHAR NOT NULL,
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  PRIMARY KEY (area, child_id)
) WITHOUT ROWID;

CREATE TABLE source (
  id INTEGER NOT NULL,
  name VARCHAR,
  stated_by VARCHAR,
  PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE erasure (
  change_id INTEGER NOT NULL REFERENCES change (id),
  erased_from INTEGER NOT NULL REFERENCES change (id),
  remains VARCHAR NOT NULL,
  salt VARCHAR,
  PRIMARY KEY (change_id, erased_from)
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

CREATE INDEX ix_child_detail_sibling_group ON child_detail (sibling_group) WHERE withdrawn_by IS NULL AND sibling_group IS NOT NULL;

CREATE INDEX ix_child_detail_team ON child_detail (team) WHERE withdrawn_by IS NULL AND team IS NOT NULL;

CREATE TABLE fact (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  happened_on VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  outcome VARCHAR,
  section_47 VARCHAR,
  completed_on VARCHAR,
  participation VARCHAR,
  reference VARCHAR,
  reason VARCHAR,
  note VARCHAR,
  quorate VARCHAR,
  scaling VARCHAR,
  advocacy VARCHAR,
  attended VARCHAR,
  placement VARCHAR,
  source_id INTEGER REFERENCES source (id),
  source_row INTEGER,
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
  reason VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, role, change_id, line)
) WITHOUT ROWID;

CREATE INDEX ix_allocation_name ON allocation (name) WHERE withdrawn_by IS NULL;

CREATE TABLE booking (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  timescale VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  clock_started VARCHAR,
  booked_for VARCHAR NOT NULL,
  at_time VARCHAR,
  reason VARCHAR,
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

CREATE TABLE sighting (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  happened_on VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  reference VARCHAR,
  source_id INTEGER NOT NULL REFERENCES source (id),
  source_row INTEGER,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, happened_on, event, change_id, line)
) WITHOUT ROWID;

CREATE TABLE authority (
  code VARCHAR NOT NULL,
  stated_by VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (code, stated_by, change_id, line)
) WITHOUT ROWID;

CREATE TABLE person (
  name VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  full_time_equivalent REAL,
  from_on VARCHAR,
  to_on VARCHAR,
  manages VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (name, change_id, line)
) WITHOUT ROWID;

CREATE TABLE absence (
  name VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  from_on VARCHAR NOT NULL,
  to_on VARCHAR NOT NULL,
  reason VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (name, change_id, line)
) WITHOUT ROWID;

CREATE TABLE audit (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  audited_on VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  tool VARCHAR NOT NULL,
  grade VARCHAR NOT NULL,
  auditor VARCHAR,
  iro VARCHAR,
  note VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, audited_on, change_id, line)
) WITHOUT ROWID;

CREATE TABLE audit_sample (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  process VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  drawn_on VARCHAR NOT NULL,
  due_on VARCHAR NOT NULL,
  iro VARCHAR,
  auditor VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, process, change_id, line)
) WITHOUT ROWID;

CREATE TABLE carried (
  source VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  lacks VARCHAR,
  from_on VARCHAR,
  to_on VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (source, event, change_id, line)
) WITHOUT ROWID;

CREATE TABLE unsaid (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  source VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  events VARCHAR NOT NULL,
  lacks VARCHAR NOT NULL,
  from_on VARCHAR,
  to_on VARCHAR,
  refused VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, source, change_id, line)
) WITHOUT ROWID;

CREATE TABLE none_held (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  source VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  latest_on VARCHAR NOT NULL,
  none_to VARCHAR NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, source, event, change_id, line)
) WITHOUT ROWID;

CREATE TABLE retention (
  process VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  years INTEGER NOT NULL,
  since VARCHAR NOT NULL,
  from_on VARCHAR NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (process, change_id, line)
) WITHOUT ROWID;

-- The checksum of every page but its own: see store/checksum.py.

CREATE TABLE checksum (of_pages INTEGER);

INSERT INTO checksum VALUES (NULL);

-- Append-only, held by the database itself: no row is deleted, replaced or rewritten.

CREATE TRIGGER change_kept BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER change_once BEFORE INSERT ON change
WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER change_fixed BEFORE UPDATE ON change
WHEN (OLD.undoes IS NOT NULL AND NEW.undoes IS NOT OLD.undoes)
  OR (OLD.salt IS NOT NULL AND NEW.salt IS NOT OLD.salt)
  OR (OLD.digest IS NOT NULL AND NEW.digest IS NOT OLD.digest)
  OR NEW.id IS NOT OLD.id
  OR NEW.at IS NOT OLD.at
  OR NEW.who IS NOT OLD.who
  OR NEW.command IS NOT OLD.command
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER child_kept BEFORE DELETE ON child
BEGIN SELECT RAISE(ABORT, 'child is append-only'); END;

CREATE TRIGGER child_once BEFORE INSERT ON child
WHEN EXISTS (SELECT 1 FROM child WHERE child_id = NEW.child_id)
BEGIN SELECT RAISE(ABORT, 'child is append-only'); END;

CREATE TRIGGER child_fixed BEFORE UPDATE ON child
BEGIN SELECT RAISE(ABORT, 'child is append-only'); END;

CREATE TRIGGER change_child_kept BEFORE DELETE ON change_child
BEGIN SELECT RAISE(ABORT, 'change_child is append-only'); END;

CREATE TRIGGER change_child_once BEFORE INSERT ON change_child
WHEN EXISTS (SELECT 1 FROM change_child WHERE change_id = NEW.change_id AND child_id = NEW.child_id)
BEGIN SELECT RAISE(ABORT, 'change_child is append-only'); END;

CREATE TRIGGER change_child_fixed BEFORE UPDATE ON change_child
BEGIN SELECT RAISE(ABORT, 'change_child is append-only'); END;

CREATE TRIGGER child_area_kept BEFORE DELETE ON child_area
BEGIN SELECT RAISE(ABORT, 'child_area is append-only'); END;

CREATE TRIGGER child_area_once BEFORE INSERT ON child_area
WHEN EXISTS (SELECT 1 FROM child_area WHERE area = NEW.area AND child_id = NEW.child_id)
BEGIN SELECT RAISE(ABORT, 'child_area is append-only'); END;

CREATE TRIGGER child_area_fixed BEFORE UPDATE ON child_area
BEGIN SELECT RAISE(ABORT, 'child_area is append-only'); END;

CREATE TRIGGER source_kept BEFORE DELETE ON source
BEGIN SELECT RAISE(ABORT, 'source is append-only'); END;

CREATE TRIGGER source_once BEFORE INSERT ON source
WHEN EXISTS (SELECT 1 FROM source WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'source is append-only'); END;

CREATE TRIGGER source_fixed BEFORE UPDATE ON source
BEGIN SELECT RAISE(ABORT, 'source is append-only'); END;

CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure
BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END;

CREATE TRIGGER erasure_once BEFORE INSERT ON erasure
WHEN EXISTS (SELECT 1 FROM erasure WHERE change_id = NEW.change_id AND erased_from = NEW.erased_from)
BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END;

CREATE TRIGGER erasure_fixed BEFORE UPDATE ON erasure
WHEN OLD.salt IS NOT NULL
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.erased_from IS NOT OLD.erased_from
  OR NEW.remains IS NOT OLD.remains
BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END;

CREATE TRIGGER child_detail_kept BEFORE DELETE ON child_detail
BEGIN SELECT RAISE(ABORT, 'child_detail is append-only'); END;

CREATE TRIGGER child_detail_once BEFORE INSERT ON child_detail
WHEN EXISTS (SELECT 1 FROM child_detail WHERE child_id = NEW.child_id AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'child_detail is append-only'); END;

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

CREATE TRIGGER fact_kept BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER fact_once BEFORE INSERT ON fact
WHEN EXISTS (SELECT 1 FROM fact WHERE child_id = NEW.child_id AND happened_on = NEW.happened_on AND event = NEW.event AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

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
  OR NEW.participation IS NOT OLD.participation
  OR NEW.reference IS NOT OLD.reference
  OR NEW.reason IS NOT OLD.reason
  OR NEW.note IS NOT OLD.note
  OR NEW.quorate IS NOT OLD.quorate
  OR NEW.scaling IS NOT OLD.scaling
  OR NEW.advocacy IS NOT OLD.advocacy
  OR NEW.attended IS NOT OLD.attended
  OR NEW.placement IS NOT OLD.placement
  OR NEW.source_id IS NOT OLD.source_id
  OR NEW.source_row IS NOT OLD.source_row
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER allocation_kept BEFORE DELETE ON allocation
BEGIN SELECT RAISE(ABORT, 'allocation is append-only'); END;

CREATE TRIGGER allocation_once BEFORE INSERT ON allocation
WHEN EXISTS (SELECT 1 FROM allocation WHERE child_id = NEW.child_id AND role = NEW.role AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'allocation is append-only'); END;

CREATE TRIGGER allocation_fixed BEFORE UPDATE ON allocation
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.role IS NOT OLD.role
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.name IS NOT OLD.name
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.to_on IS NOT OLD.to_on
  OR NEW.reason IS NOT OLD.reason
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'allocation is append-only'); END;

CREATE TRIGGER booking_kept BEFORE DELETE ON booking
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END;

CREATE TRIGGER booking_once BEFORE INSERT ON booking
WHEN EXISTS (SELECT 1 FROM booking WHERE child_id = NEW.child_id AND timescale = NEW.timescale AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END;

CREATE TRIGGER booking_fixed BEFORE UPDATE ON booking
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.timescale IS NOT OLD.timescale
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.clock_started IS NOT OLD.clock_started
  OR NEW.booked_for IS NOT OLD.booked_for
  OR NEW.at_time IS NOT OLD.at_time
  OR NEW.reason IS NOT OLD.reason
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'booking is append-only'); END;

CREATE TRIGGER watch_kept BEFORE DELETE ON watch
BEGIN SELECT RAISE(ABORT, 'watch is append-only'); END;

CREATE TRIGGER watch_once BEFORE INSERT ON watch
WHEN EXISTS (SELECT 1 FROM watch WHERE timescale = NEW.timescale AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'watch is append-only'); END;

CREATE TRIGGER watch_fixed BEFORE UPDATE ON watch
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.timescale IS NOT OLD.timescale
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'watch is append-only'); END;

CREATE TRIGGER bank_holiday_kept BEFORE DELETE ON bank_holiday
BEGIN SELECT RAISE(ABORT, 'bank_holiday is append-only'); END;

CREATE TRIGGER bank_holiday_once BEFORE INSERT ON bank_holiday
WHEN EXISTS (SELECT 1 FROM bank_holiday WHERE day = NEW.day AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'bank_holiday is append-only'); END;

CREATE TRIGGER bank_holiday_fixed BEFORE UPDATE ON bank_holiday
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.day IS NOT OLD.day
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.name IS NOT OLD.name
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'bank_holiday is append-only'); END;

CREATE TRIGGER sighting_kept BEFORE DELETE ON sighting
BEGIN SELECT RAISE(ABORT, 'sighting is append-only'); END;

CREATE TRIGGER sighting_once BEFORE INSERT ON sighting
WHEN EXISTS (SELECT 1 FROM sighting WHERE child_id = NEW.child_id AND happened_on = NEW.happened_on AND event = NEW.event AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'sighting is append-only'); END;

CREATE TRIGGER sighting_fixed BEFORE UPDATE ON sighting
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.happened_on IS NOT OLD.happened_on
  OR NEW.event IS NOT OLD.event
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.reference IS NOT OLD.reference
  OR NEW.source_id IS NOT OLD.source_id
  OR NEW.source_row IS NOT OLD.source_row
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'sighting is append-only'); END;

CREATE TRIGGER authority_kept BEFORE DELETE ON authority
BEGIN SELECT RAISE(ABORT, 'authority is append-only'); END;

CREATE TRIGGER authority_once BEFORE INSERT ON authority
WHEN EXISTS (SELECT 1 FROM authority WHERE code = NEW.code AND stated_by = NEW.stated_by AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'authority is append-only'); END;

CREATE TRIGGER authority_fixed BEFORE UPDATE ON authority
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.code IS NOT OLD.code
  OR NEW.stated_by IS NOT OLD.stated_by
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'authority is append-only'); END;

CREATE TRIGGER person_kept BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'person is append-only'); END;

CREATE TRIGGER person_once BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM person WHERE name = NEW.name AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'person is append-only'); END;

CREATE TRIGGER person_fixed BEFORE UPDATE ON person
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.name IS NOT OLD.name
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.full_time_equivalent IS NOT OLD.full_time_equivalent
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.to_on IS NOT OLD.to_on
  OR NEW.manages IS NOT OLD.manages
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'person is append-only'); END;

CREATE TRIGGER absence_kept BEFORE DELETE ON absence
BEGIN SELECT RAISE(ABORT, 'absence is append-only'); END;

CREATE TRIGGER absence_once BEFORE INSERT ON absence
WHEN EXISTS (SELECT 1 FROM absence WHERE name = NEW.name AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'absence is append-only'); END;

CREATE TRIGGER absence_fixed BEFORE UPDATE ON absence
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.name IS NOT OLD.name
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.to_on IS NOT OLD.to_on
  OR NEW.reason IS NOT OLD.reason
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'absence is append-only'); END;

CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_once BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE child_id = NEW.child_id AND audited_on = NEW.audited_on AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.audited_on IS NOT OLD.audited_on
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.tool IS NOT OLD.tool
  OR NEW.grade IS NOT OLD.grade
  OR NEW.auditor IS NOT OLD.auditor
  OR NEW.iro IS NOT OLD.iro
  OR NEW.note IS NOT OLD.note
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_sample_kept BEFORE DELETE ON audit_sample
BEGIN SELECT RAISE(ABORT, 'audit_sample is append-only'); END;

CREATE TRIGGER audit_sample_once BEFORE INSERT ON audit_sample
WHEN EXISTS (SELECT 1 FROM audit_sample WHERE child_id = NEW.child_id AND process = NEW.process AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'audit_sample is append-only'); END;

CREATE TRIGGER audit_sample_fixed BEFORE UPDATE ON audit_sample
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.process IS NOT OLD.process
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.drawn_on IS NOT OLD.drawn_on
  OR NEW.due_on IS NOT OLD.due_on
  OR NEW.iro IS NOT OLD.iro
  OR NEW.auditor IS NOT OLD.auditor
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'audit_sample is append-only'); END;

CREATE TRIGGER carried_kept BEFORE DELETE ON carried
BEGIN SELECT RAISE(ABORT, 'carried is append-only'); END;

CREATE TRIGGER carried_once BEFORE INSERT ON carried
WHEN EXISTS (SELECT 1 FROM carried WHERE source = NEW.source AND event = NEW.event AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'carried is append-only'); END;

CREATE TRIGGER carried_fixed BEFORE UPDATE ON carried
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.source IS NOT OLD.source
  OR NEW.event IS NOT OLD.event
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.lacks IS NOT OLD.lacks
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.to_on IS NOT OLD.to_on
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'carried is append-only'); END;

CREATE TRIGGER unsaid_kept BEFORE DELETE ON unsaid
BEGIN SELECT RAISE(ABORT, 'unsaid is append-only'); END;

CREATE TRIGGER unsaid_once BEFORE INSERT ON unsaid
WHEN EXISTS (SELECT 1 FROM unsaid WHERE child_id = NEW.child_id AND source = NEW.source AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'unsaid is append-only'); END;

CREATE TRIGGER unsaid_fixed BEFORE UPDATE ON unsaid
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.source IS NOT OLD.source
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.events IS NOT OLD.events
  OR NEW.lacks IS NOT OLD.lacks
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.to_on IS NOT OLD.to_on
  OR NEW.refused IS NOT OLD.refused
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'unsaid is append-only'); END;

CREATE TRIGGER none_held_kept BEFORE DELETE ON none_held
BEGIN SELECT RAISE(ABORT, 'none_held is append-only'); END;

CREATE TRIGGER none_held_once BEFORE INSERT ON none_held
WHEN EXISTS (SELECT 1 FROM none_held WHERE child_id = NEW.child_id AND source = NEW.source AND event = NEW.event AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'none_held is append-only'); END;

CREATE TRIGGER none_held_fixed BEFORE UPDATE ON none_held
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.source IS NOT OLD.source
  OR NEW.event IS NOT OLD.event
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.latest_on IS NOT OLD.latest_on
  OR NEW.none_to IS NOT OLD.none_to
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'none_held is append-only'); END;

CREATE TRIGGER retention_kept BEFORE DELETE ON retention
BEGIN SELECT RAISE(ABORT, 'retention is append-only'); END;

CREATE TRIGGER retention_once BEFORE INSERT ON retention
WHEN EXISTS (SELECT 1 FROM retention WHERE process = NEW.process AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'retention is append-only'); END;

CREATE TRIGGER retention_fixed BEFORE UPDATE ON retention
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.process IS NOT OLD.process
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.years IS NOT OLD.years
  OR NEW.since IS NOT OLD.since
  OR NEW.from_on IS NOT OLD.from_on
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'retention is append-only'); END;
