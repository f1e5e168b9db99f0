-- What extracts say of the same fact, and what else the work of an IRO stores: how a
-- meeting went, why one was moved, people's hours and absences, audits.

ALTER TABLE fact ADD COLUMN stated_by VARCHAR;
ALTER TABLE fact ADD COLUMN quorate VARCHAR;
ALTER TABLE fact ADD COLUMN scaling VARCHAR;
ALTER TABLE fact ADD COLUMN advocacy VARCHAR;
ALTER TABLE fact ADD COLUMN attended VARCHAR;
ALTER TABLE allocation ADD COLUMN reason VARCHAR;
ALTER TABLE booking ADD COLUMN reason VARCHAR;

CREATE TABLE sighting (
  child_id VARCHAR NOT NULL REFERENCES child (child_id),
  happened_on VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  stated_by VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  reference VARCHAR,
  source VARCHAR,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (child_id, happened_on, event, stated_by, change_id, line)
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

CREATE INDEX ix_sighting_change_id ON sighting (change_id);
CREATE INDEX ix_sighting_restores ON sighting (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_sighting_withdrawn_by ON sighting (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_authority_change_id ON authority (change_id);
CREATE INDEX ix_authority_restores ON authority (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_authority_withdrawn_by ON authority (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_person_change_id ON person (change_id);
CREATE INDEX ix_person_restores ON person (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_person_withdrawn_by ON person (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_absence_change_id ON absence (change_id);
CREATE INDEX ix_absence_restores ON absence (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_absence_withdrawn_by ON absence (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_audit_change_id ON audit (change_id);
CREATE INDEX ix_audit_restores ON audit (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_audit_withdrawn_by ON audit (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX ix_audit_sample_change_id ON audit_sample (change_id);
CREATE INDEX ix_audit_sample_restores ON audit_sample (restores) WHERE restores IS NOT NULL;
CREATE INDEX ix_audit_sample_withdrawn_by ON audit_sample (withdrawn_by) WHERE withdrawn_by IS NOT NULL;

CREATE TRIGGER sighting_kept BEFORE DELETE ON sighting
BEGIN SELECT RAISE(ABORT, 'sighting is append-only'); END;

CREATE TRIGGER sighting_once BEFORE INSERT ON sighting
WHEN EXISTS (SELECT 1 FROM sighting WHERE child_id = NEW.child_id AND happened_on = NEW.happened_on AND event = NEW.event AND stated_by = NEW.stated_by AND change_id = NEW.change_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'sighting is append-only'); END;

CREATE TRIGGER sighting_fixed BEFORE UPDATE ON sighting
WHEN OLD.withdrawn_by IS NOT NULL
  OR NEW.child_id IS NOT OLD.child_id
  OR NEW.happened_on IS NOT OLD.happened_on
  OR NEW.event IS NOT OLD.event
  OR NEW.stated_by IS NOT OLD.stated_by
  OR NEW.change_id IS NOT OLD.change_id
  OR NEW.line IS NOT OLD.line
  OR NEW.reference IS NOT OLD.reference
  OR NEW.source IS NOT OLD.source
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

DROP TRIGGER fact_fixed;

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
  OR NEW.stated_by IS NOT OLD.stated_by
  OR NEW.quorate IS NOT OLD.quorate
  OR NEW.scaling IS NOT OLD.scaling
  OR NEW.advocacy IS NOT OLD.advocacy
  OR NEW.attended IS NOT OLD.attended
  OR NEW.restores IS NOT OLD.restores
BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

DROP TRIGGER allocation_fixed;

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

DROP TRIGGER booking_fixed;

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
