-- Less beside the facts.  An index by change repeated nearly the whole of every row, a third
-- of the file; instead it is kept of whom a change added or withdrew rows, which leads to
-- them, because the rows of a child lie together.  An IRO's, a team's and a sibling group's
-- children are found by an index.  Columns that were added later stand in their place.
-- The file that a fact came from, and the kind of extract, were words in each fact: now they
-- are a number, and the row beside it.
--
-- And which events an extract carries, and of which days, and what it does not say of one
-- child: silence is not a fact.
--
-- And the chain: each change has the digest of what it did.  The program that runs this script
-- makes those of the changes that stand, in the same transaction.

-- And the checksum of every page but its own, which the program fills in.

CREATE TABLE checksum (of_pages INTEGER);

INSERT INTO checksum VALUES (NULL);

DROP INDEX ix_child_detail_change_id;
DROP INDEX ix_child_detail_restores;
DROP INDEX ix_child_detail_withdrawn_by;
DROP INDEX ix_fact_change_id;
DROP INDEX ix_fact_restores;
DROP INDEX ix_fact_withdrawn_by;
DROP INDEX ix_allocation_change_id;
DROP INDEX ix_allocation_restores;
DROP INDEX ix_allocation_withdrawn_by;
DROP INDEX ix_booking_change_id;
DROP INDEX ix_booking_restores;
DROP INDEX ix_booking_withdrawn_by;
DROP INDEX ix_watch_change_id;
DROP INDEX ix_watch_restores;
DROP INDEX ix_watch_withdrawn_by;
DROP INDEX ix_bank_holiday_change_id;
DROP INDEX ix_bank_holiday_restores;
DROP INDEX ix_bank_holiday_withdrawn_by;
DROP INDEX ix_sighting_change_id;
DROP INDEX ix_sighting_restores;
DROP INDEX ix_sighting_withdrawn_by;
DROP INDEX ix_authority_change_id;
DROP INDEX ix_authority_restores;
DROP INDEX ix_authority_withdrawn_by;
DROP INDEX ix_person_change_id;
DROP INDEX ix_person_restores;
DROP INDEX ix_person_withdrawn_by;
DROP INDEX ix_absence_change_id;
DROP INDEX ix_absence_restores;
DROP INDEX ix_absence_withdrawn_by;
DROP INDEX ix_audit_change_id;
DROP INDEX ix_audit_restores;
DROP INDEX ix_audit_withdrawn_by;
DROP INDEX ix_audit_sample_change_id;
DROP INDEX ix_audit_sample_restores;
DROP INDEX ix_audit_sample_withdrawn_by;

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

CREATE TABLE erasure (
  change_id INTEGER NOT NULL REFERENCES change (id),
  erased_from INTEGER NOT NULL REFERENCES change (id),
  remains VARCHAR NOT NULL,
  salt VARCHAR,
  PRIMARY KEY (change_id, erased_from)
) WITHOUT ROWID;

ALTER TABLE change ADD COLUMN salt VARCHAR;

ALTER TABLE change ADD COLUMN digest VARCHAR;

DROP TRIGGER change_fixed;

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

INSERT INTO child_area (area, child_id)
SELECT DISTINCT substr(event, 1, instr(event || '.', '.') - 1), child_id FROM fact;

INSERT INTO change_child (change_id, child_id)
SELECT change_id, child_id FROM child_detail
UNION SELECT withdrawn_by, child_id FROM child_detail WHERE withdrawn_by IS NOT NULL
UNION SELECT change_id, child_id FROM fact
UNION SELECT withdrawn_by, child_id FROM fact WHERE withdrawn_by IS NOT NULL
UNION SELECT change_id, child_id FROM sighting
UNION SELECT withdrawn_by, child_id FROM sighting WHERE withdrawn_by IS NOT NULL
UNION SELECT change_id, child_id FROM allocation
UNION SELECT withdrawn_by, child_id FROM allocation WHERE withdrawn_by IS NOT NULL
UNION SELECT change_id, child_id FROM booking
UNION SELECT withdrawn_by, child_id FROM booking WHERE withdrawn_by IS NOT NULL
UNION SELECT change_id, child_id FROM audit
UNION SELECT withdrawn_by, child_id FROM audit WHERE withdrawn_by IS NOT NULL
UNION SELECT change_id, child_id FROM audit_sample
UNION SELECT withdrawn_by, child_id FROM audit_sample WHERE withdrawn_by IS NOT NULL;

-- A row's number is what stands behind the last colon, where it is one: nothing else is cut.
CREATE TEMP TABLE told AS
SELECT source, stated_by, name, number FROM (
  SELECT DISTINCT source, stated_by,
    CASE WHEN is_row THEN substr(before, 1, length(before) - 1) ELSE source END AS name,
    CASE WHEN is_row THEN CAST(substr(source, length(before) + 1) AS INTEGER) END AS number
  FROM (
    SELECT source, stated_by, before,
      before LIKE '%:' AND length(source) - length(before) BETWEEN 1 AND 9
      AND substr(source, length(before) + 1, 1) <> '0' AS is_row
    FROM (
      SELECT source, stated_by, rtrim(source, '0123456789') AS before FROM fact
      UNION SELECT source, stated_by, rtrim(source, '0123456789') FROM sighting
    )
  )
);

CREATE INDEX temp.ix_told ON told (source, stated_by);

INSERT INTO source (id, name, stated_by)
SELECT row_number() OVER (ORDER BY stated_by, name), name, stated_by FROM (
  SELECT DISTINCT name, stated_by FROM told WHERE name IS NOT NULL OR stated_by IS NOT NULL
);

ALTER TABLE fact RENAME TO fact_before;

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

INSERT INTO fact (
  child_id, happened_on, event, change_id, line, outcome, section_47, completed_on,
  participation, reference, reason, note, quorate, scaling, advocacy, attended, source_id,
  source_row, restores, withdrawn_by
) SELECT
  child_id, happened_on, event, change_id, line, outcome, section_47, completed_on,
  participation, reference, reason, note, quorate, scaling, advocacy, attended, source.id,
  told.number, restores, withdrawn_by
FROM fact_before
LEFT JOIN told ON told.source IS fact_before.source AND told.stated_by IS fact_before.stated_by
LEFT JOIN source ON source.name IS told.name AND source.stated_by IS told.stated_by;

DROP TABLE fact_before;

ALTER TABLE sighting RENAME TO sighting_before;

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

INSERT INTO sighting (
  child_id, happened_on, event, change_id, line, reference, source_id, source_row, restores,
  withdrawn_by
) SELECT
  child_id, happened_on, event, change_id, line, reference, source.id, told.number, restores,
  withdrawn_by
FROM sighting_before
LEFT JOIN told
ON told.source IS sighting_before.source AND told.stated_by IS sighting_before.stated_by
LEFT JOIN source ON source.name IS told.name AND source.stated_by IS told.stated_by;

DROP TABLE sighting_before;

DROP TABLE told;

ALTER TABLE allocation RENAME TO allocation_before;

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

INSERT INTO allocation (
  child_id, role, change_id, line, name, from_on, to_on, reason, restores, withdrawn_by
) SELECT
  child_id, role, change_id, line, name, from_on, to_on, reason, restores, withdrawn_by
FROM allocation_before;

DROP TABLE allocation_before;

ALTER TABLE booking RENAME TO booking_before;

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

INSERT INTO booking (
  child_id, timescale, change_id, line, clock_started, booked_for, at_time, reason, restores,
  withdrawn_by
) SELECT
  child_id, timescale, change_id, line, clock_started, booked_for, at_time, reason, restores,
  withdrawn_by
FROM booking_before;

DROP TABLE booking_before;

CREATE INDEX ix_child_detail_sibling_group ON child_detail (sibling_group) WHERE withdrawn_by IS NULL AND sibling_group IS NOT NULL;

CREATE INDEX ix_child_detail_team ON child_detail (team) WHERE withdrawn_by IS NULL AND team IS NOT NULL;

CREATE INDEX ix_allocation_name ON allocation (name) WHERE withdrawn_by IS NULL;

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

CREATE TRIGGER change_fixed BEFORE UPDATE ON change
WHEN (OLD.undoes IS NOT NULL AND NEW.undoes IS NOT OLD.undoes)
  OR (OLD.salt IS NOT NULL AND NEW.salt IS NOT OLD.salt)
  OR (OLD.digest IS NOT NULL AND NEW.digest IS NOT OLD.digest)
  OR NEW.id IS NOT OLD.id
  OR NEW.at IS NOT OLD.at
  OR NEW.who IS NOT OLD.who
  OR NEW.command IS NOT OLD.command
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

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

CREATE TRIGGER source_kept BEFORE DELETE ON source
BEGIN SELECT RAISE(ABORT, 'source is append-only'); END;

CREATE TRIGGER source_once BEFORE INSERT ON source
WHEN EXISTS (SELECT 1 FROM source WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'source is append-only'); END;

CREATE TRIGGER source_fixed BEFORE UPDATE ON source
BEGIN SELECT RAISE(ABORT, 'source is append-only'); END;

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
