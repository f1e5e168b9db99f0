-- What the rows and indexes of an encrypted store come to, compiled from tables.py by scripts/compile_data.py: change that, and run `make compiled`.
-- See store/checksum.py.

SELECT
  (SELECT sum((id + 104729) % 2147483647 * ((id * 7919 + coalesce(length(command), 0) + coalesce(length(salt), 0)) % 2147483647) % 2147483647)
    FROM change NOT INDEXED),
  (SELECT group_concat(child_id)
    FROM child NOT INDEXED),
  (SELECT group_concat(change_id || ' ' || child_id)
    FROM change_child NOT INDEXED),
  (SELECT group_concat(area || ' ' || child_id)
    FROM child_area NOT INDEXED),
  (SELECT sum((id + 104729) % 2147483647 * ((id * 7919 + coalesce(length(name), 0)) % 2147483647) % 2147483647)
    FROM source NOT INDEXED),
  (SELECT group_concat(change_id || ' ' || erased_from)
    FROM erasure NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM child_detail NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + 104729) % 2147483647) % 2147483647)
    FROM child_detail INDEXED BY ix_child_detail_sibling_group WHERE withdrawn_by IS NULL AND sibling_group IS NOT NULL),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + 104729) % 2147483647) % 2147483647)
    FROM child_detail INDEXED BY ix_child_detail_team WHERE withdrawn_by IS NULL AND team IS NOT NULL),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM fact NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM allocation NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + 104729) % 2147483647) % 2147483647)
    FROM allocation INDEXED BY ix_allocation_name WHERE withdrawn_by IS NULL),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM booking NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM watch NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM bank_holiday NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM sighting NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM authority NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM person NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM absence NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM audit NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM audit_sample NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM carried NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM unsaid NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM none_held NOT INDEXED),
  (SELECT sum((change_id * 1299709 + line) % 2147483647 * ((line + coalesce(withdrawn_by, 0) * 7919 + 104729) % 2147483647) % 2147483647)
    FROM retention NOT INDEXED),
  (SELECT group_concat(sql) FROM sqlite_master);
