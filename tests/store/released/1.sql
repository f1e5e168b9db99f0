-- A store as the program of schema 1 left it: invented children, recorded, corrected and undone.
PRAGMA application_id = 1230130993;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
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
INSERT INTO "allocation" VALUES('Finch','iro',1,4,'Ada Okafor',NULL,NULL,NULL,9);
INSERT INTO "allocation" VALUES('Finch','iro',9,1,'Ada Okafor',NULL,'2026-03-01',NULL,NULL);
INSERT INTO "allocation" VALUES('Finch','iro',9,2,'Ben Rees','2026-03-02',NULL,NULL,NULL);
INSERT INTO "allocation" VALUES('Moss','chair',8,1,'Dev Raman','2026-02-02',NULL,NULL,NULL);
INSERT INTO "allocation" VALUES('Moss','iro',1,6,'Ben Rees',NULL,NULL,NULL,NULL);
INSERT INTO "allocation" VALUES('Wren','iro',1,5,'Ada Okafor',NULL,NULL,NULL,9);
INSERT INTO "allocation" VALUES('Wren','iro',9,3,'Ada Okafor',NULL,'2026-03-01',NULL,NULL);
INSERT INTO "allocation" VALUES('Wren','iro',9,4,'Ben Rees','2026-03-02',NULL,NULL,NULL);
CREATE TABLE bank_holiday (
  day VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (day, change_id, line)
) WITHOUT ROWID;
INSERT INTO "bank_holiday" VALUES('2026-06-08',12,1,'One day only',NULL,NULL);
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
INSERT INTO "booking" VALUES('Moss','cp.conference.review.first',10,1,'2026-01-20','2026-03-31','10:00',NULL,NULL);
CREATE TABLE change (
  id INTEGER NOT NULL PRIMARY KEY,
  at VARCHAR NOT NULL,
  who VARCHAR NOT NULL,
  command VARCHAR NOT NULL,
  undoes INTEGER REFERENCES change (id)
);
INSERT INTO "change" VALUES(1,'2026-11-26T18:30:19Z','tester','import children children.csv',NULL);
INSERT INTO "change" VALUES(2,'2026-11-26T18:30:19Z','tester','import events events.csv',NULL);
INSERT INTO "change" VALUES(3,'2026-11-26T18:30:20Z','tester','record cla.review Finch --on 2026-01-26',NULL);
INSERT INTO "change" VALUES(4,'2026-11-26T18:30:21Z','tester','record cla.review Finch --on 2026-01-26',NULL);
INSERT INTO "change" VALUES(5,'2026-11-26T18:30:22Z','tester','undo',4);
INSERT INTO "change" VALUES(6,'2026-11-26T18:30:22Z','tester','record cla.review Wren --on 2026-01-27',NULL);
INSERT INTO "change" VALUES(7,'2026-11-26T18:30:23Z','tester','child edit Moss',NULL);
INSERT INTO "change" VALUES(8,'2026-11-26T18:30:24Z','tester','allocate Moss --chair Dev Raman --from 2026-02-02',NULL);
INSERT INTO "change" VALUES(9,'2026-11-26T18:30:25Z','tester','allocate Finch Wren --iro Ben Rees --from 2026-03-02',NULL);
INSERT INTO "change" VALUES(10,'2026-11-26T18:30:26Z','tester','book Moss cp.conference.review.first 2026-03-31',NULL);
INSERT INTO "change" VALUES(11,'2026-11-26T18:30:26Z','tester','watch add cp.core-group.first --from 2026-01-01',NULL);
INSERT INTO "change" VALUES(12,'2026-11-26T18:30:27Z','tester','calendar add 2026-06-08',NULL);
CREATE TABLE child (
  child_id VARCHAR NOT NULL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO "child" VALUES('Finch');
INSERT INTO "child" VALUES('Moss');
INSERT INTO "child" VALUES('Wren');
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
INSERT INTO "child_detail" VALUES('Finch',1,1,'F','2015-02-01',NULL,NULL,'North','S1',NULL,NULL);
INSERT INTO "child_detail" VALUES('Moss',1,3,NULL,'2012-01-09',NULL,NULL,'South',NULL,NULL,7);
INSERT INTO "child_detail" VALUES('Moss',7,1,NULL,'2012-01-09',NULL,NULL,'North',NULL,NULL,NULL);
INSERT INTO "child_detail" VALUES('Wren',1,2,'W','2013-05-06',NULL,NULL,'North','S1',NULL,NULL);
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
INSERT INTO "fact" VALUES('Finch','2026-01-05','cla.start',2,1,NULL,NULL,NULL,NULL,NULL,NULL,'as it was','events.csv:2',NULL,NULL);
INSERT INTO "fact" VALUES('Finch','2026-01-26','cla.review',3,1,NULL,NULL,NULL,NULL,NULL,'PN1',NULL,NULL,NULL,4);
INSERT INTO "fact" VALUES('Finch','2026-01-26','cla.review',4,1,NULL,NULL,NULL,NULL,NULL,'PN2',NULL,NULL,NULL,5);
INSERT INTO "fact" VALUES('Finch','2026-01-26','cla.review',5,1,NULL,NULL,NULL,NULL,NULL,'PN1',NULL,NULL,3,NULL);
INSERT INTO "fact" VALUES('Moss','2026-01-05','cp.strategy',2,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'events.csv:4',NULL,NULL);
INSERT INTO "fact" VALUES('Moss','2026-01-20','cp.conference.initial',2,3,'plan',NULL,NULL,NULL,NULL,NULL,NULL,'events.csv:5',NULL,NULL);
INSERT INTO "fact" VALUES('Wren','2026-01-05','cla.start',2,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'events.csv:3',NULL,NULL);
INSERT INTO "fact" VALUES('Wren','2026-01-27','cla.review',6,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE watch (
  timescale VARCHAR NOT NULL,
  change_id INTEGER NOT NULL REFERENCES change (id),
  line INTEGER NOT NULL,
  from_on VARCHAR NOT NULL,
  restores INTEGER REFERENCES change (id),
  withdrawn_by INTEGER REFERENCES change (id),
  PRIMARY KEY (timescale, change_id, line)
) WITHOUT ROWID;
INSERT INTO "watch" VALUES('cp.core-group.first',11,1,'2026-01-01',NULL,NULL);
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
COMMIT;
