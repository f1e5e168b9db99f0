"""
Read the rows of ``iro due`` with only ``sqlite3``, as the yardstick of the scale figures.

The statements are those of ``iro_cli.store.reading``.  The rows are fetched and dropped.
"""

import sqlite3
import sys

STATEMENTS = (
    (
        "SELECT child_id, event, happened_on, outcome, section_47, completed_on, reference "
        "FROM fact WHERE withdrawn_by IS NULL AND happened_on <= ? "
        "ORDER BY child_id, happened_on"
    ),
    (
        "SELECT child_id, label, date_of_birth, expected_date_of_delivery, nation, team, "
        "sibling_group FROM child_detail WHERE withdrawn_by IS NULL"
    ),
    (
        "SELECT child_id, role, name FROM allocation WHERE withdrawn_by IS NULL "
        "AND (from_on IS NULL OR from_on <= ?1) AND (to_on IS NULL OR to_on >= ?1) "
        "ORDER BY child_id, role, from_on, change_id, line"
    ),
    (
        "SELECT child_id, timescale, clock_started, booked_for, at_time FROM booking "
        "WHERE withdrawn_by IS NULL ORDER BY change_id, line"
    ),
)


def main() -> None:
    """Read a store; the two arguments are its path and the day."""
    path, as_of = sys.argv[1:]
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for statement in STATEMENTS:
        for _ in connection.execute(statement, (as_of,) if "?" in statement else ()):
            pass


main()
