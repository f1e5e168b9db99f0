"""
The tables of the Standard Safeguarding Dataset: their columns, and where they are found.

In files a table is recognised by its columns, which begin with four letters that only it has,
and not by the file's name.  In a database it is recognised by its name.  Older builds have other
names for some columns, and Oracle exports write all of them in capitals.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import OTHER_DETAILS, Batch
from iro_cli.facts.model import Event, contradicts, put_together
from iro_cli.incoming.files import files_of
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.rows import Reading, Rows
from iro_cli.incoming.table import Table, tables_in
from iro_cli.lean import TYPE_CHECKING, NamedTuple

# This loads SQLAlchemy, which the import of files does not need.
if TYPE_CHECKING:
    from iro_cli.incoming.database import OpenDatabase

ENDINGS = (".csv",)
# Four letters and an underline.
_PREFIX = 5

# ---------------------------------------------------------------- columns

# The possible names of each field: that of the specification first, then those of older builds.
ColumnNames = Mapping[str, str]


def _kind(
    name: str, key: str, needed: ColumnNames, optional: ColumnNames, known: str = ""
) -> TableKind:
    columns = [
        Column(field, *_split(names), needed=must)
        for those, must in ((needed, True), (optional, False))
        for field, names in those.items()
    ]
    return TableKind(name, tuple(columns), tuple(known.split()), key)


def _split(names: str) -> tuple[str, tuple[str, ...]]:
    first, *others = names.split()
    return first, tuple(others)


PERSON = _kind(
    "ssd_person",
    "pers_person_id",
    {"child": "pers_person_id", "born": "pers_dob"},
    {"expected": "pers_expected_dob", "died": "pers_death_date"},
    "pers_forename pers_surname pers_sex pers_gender pers_ethnicity pers_common_child_id "
    "pers_legacy_id pers_upn pers_upn_unknown pers_send pers_send_flag pers_is_mother "
    "pers_nationality pers_single_unique_id",
)
EPISODES = _kind(
    "ssd_cla_episodes",
    "clae_cla_episode_id",
    {
        "child": "clae_person_id",
        "starts": "clae_cla_episode_start_date clae_cla_episode_start",
        "ceased": "clae_cla_episode_ceased_date clae_cla_episode_ceased",
    },
    {
        "episode": "clae_cla_episode_id",
        "reason": "clae_cla_episode_start_reason",
        "ceased_reason": "clae_cla_episode_ceased_reason clae_cla_episode_cease_reason",
        "period": "clae_cla_id",
        "placement": "clae_cla_placement_id",
        "entered": "clae_entered_care_date",
    },
    "clae_cla_primary_need_code clae_referral_id clae_cla_last_iro_contact_date",
)
STATUS = _kind(
    "ssd_legal_status",
    "lega_legal_status_id",
    {
        "child": "lega_person_id",
        "status": "lega_legal_status",
        "starts": "lega_legal_status_start_date lega_legal_status_start",
    },
    {"ended": "lega_legal_status_end_date lega_legal_status_end"},
    "lega_legal_status_id",
)
PLACEMENTS = _kind(
    "ssd_cla_placement",
    "clap_cla_placement_id",
    {"placement": "clap_cla_placement_id", "type": "clap_cla_placement_type"},
    {},
    "clap_cla_placement_start_date clap_cla_placement_end_date clap_cla_placement_urn "
    "clap_cla_placement_distance clap_cla_id clap_cla_placement_provider "
    "clap_cla_placement_postcode clap_cla_placement_change_reason clap_person_id "
    "clap_cla_placement_la",
)
REVIEWS = _kind(
    "ssd_cla_reviews",
    "clar_cla_review_id",
    {"held": "clar_cla_review_date"},
    {
        "child": "clar_cla_person_id clar_person_id",
        "period": "clar_cla_id",
        "episode": "clar_cla_episode_id",
        "cancelled": "clar_cla_review_cancelled",
        "participation": "clar_cla_review_participation",
    },
    "clar_cla_review_id clar_cla_review_due_date clar_cla_review_last_iro_contact_date",
)
ENQUIRIES = _kind(
    "ssd_s47_enquiry",
    "s47e_s47_enquiry_id",
    {"child": "s47e_person_id", "starts": "s47e_s47_start_date"},
    {
        "enquiry": "s47e_s47_enquiry_id",
        "ended": "s47e_s47_end_date",
        "nfa": "s47e_s47_nfa",
        "outcome": "s47e_s47_outcome_json",
    },
    "s47e_referral_id s47e_s47_completed_by_worker_id s47e_s47_completed_by_team",
)
CONFERENCES = _kind(
    "ssd_initial_cp_conference",
    "icpc_icpc_id",
    {"child": "icpc_person_id", "held": "icpc_icpc_date"},
    {
        "enquiry": "icpc_s47_enquiry_id",
        "transfer": "icpc_icpc_transfer_in",
        "plan": "icpc_icpc_outcome_cp_flag",
    },
    "icpc_icpc_id icpc_icpc_meeting_id icpc_cp_plan_id icpc_referral_id icpc_icpc_target_date "
    "icpc_icpc_outcome_json icpc_icpc_team icpc_icpc_worker_id",
)
PLANS = _kind(
    "ssd_cp_plans",
    "cppl_cp_plan_id",
    {
        "child": "cppl_person_id",
        "starts": "cppl_cp_plan_start_date",
        "ended": "cppl_cp_plan_end_date",
    },
    {"plan": "cppl_cp_plan_id", "elsewhere": "cppl_cp_plan_ola"},
    "cppl_referral_id cppl_icpc_id cppl_cp_plan_initial_category cppl_cp_plan_latest_category",
)
PLAN_REVIEWS = _kind(
    "ssd_cp_reviews",
    "cppr_cp_review_id",
    {"held": "cppr_cp_review_date"},
    {
        "child": "cppr_person_id",
        "plan": "cppr_cp_plan_id",
        "continue": "cppr_cp_review_outcome_continue_cp cppr_cp_review_outcome_continue",
        "cancelled": "cppr_cp_review_cancelled",
    },
    "cppr_cp_review_id cppr_cp_review_due cppr_cp_review_meeting_id cppr_cp_review_quorate "
    "cppr_cp_review_participation",
)
INVOLVEMENTS = _kind(
    "ssd_involvements",
    "invo_involvements_id",
    {
        "professional": "invo_professional_id",
        "role": "invo_professional_role_id invo_professional_role",
        "from": "invo_involvement_start_date",
        "to": "invo_involvement_end_date",
    },
    {
        "child": "invo_person_id",
        "referral": "invo_referral_id",
        "team": "invo_professional_team",
    },
    "invo_involvements_id invo_worker_change_reason",
)
PROFESSIONALS = _kind(
    "ssd_professionals",
    "prof_professional_id",
    {"professional": "prof_professional_id", "name": "prof_professional_name"},
    {"title": "prof_professional_job_title"},
    "prof_staff_id prof_social_worker_registration_no prof_professional_caseload "
    "prof_professional_department prof_full_time_equivalency prof_agency_worker_flag",
)
REFERRALS = _kind(
    "ssd_cin_episodes",
    "cine_referral_id",
    {"referral": "cine_referral_id", "child": "cine_person_id"},
    {},
    "cine_referral_date cine_cin_primary_need_code cine_referral_source_code "
    "cine_referral_source_desc cine_referral_outcome_json cine_referral_nfa cine_close_reason "
    "cine_close_date cine_referral_team cine_referral_worker_id",
)
TEAMS = _kind(
    "ssd_department",
    "dept_team_id",
    {"team": "dept_team_id", "name": "dept_team_name"},
    {},
    "dept_team_parent_id dept_team_parent_name",
)
KINDS = (
    *(PERSON, EPISODES, STATUS, PLACEMENTS, REVIEWS, ENQUIRIES, CONFERENCES, PLANS),
    *(PLAN_REVIEWS, INVOLVEMENTS, PROFESSIONALS, REFERRALS, TEAMS),
)
# Each of these fields can show which child a row is about; one is needed.
_WHOSE = {
    REVIEWS.name: ("child", "period", "episode"),
    PLAN_REVIEWS.name: ("child", "plan"),
    INVOLVEMENTS.name: ("child", "referral"),
}
FACTS = (EPISODES, REVIEWS, ENQUIRIES, CONFERENCES, PLANS, PLAN_REVIEWS)
ANY_OF = (*FACTS, INVOLVEMENTS)
_EXPECTED = (*ANY_OF, PROFESSIONALS, PERSON, STATUS, PLACEMENTS)
_BY_PREFIX = {kind.columns[0].name[:_PREFIX]: kind for kind in KINDS}


# ---------------------------------------------------------------- where they are found


class _Found(NamedTuple):
    """A table that was found, the places of its columns, and the class that reads its rows."""

    table: Table
    places: dict[str, int]
    rows: type[Rows] = Rows


def _places(kind: TableKind, table: Table) -> dict[str, int]:
    """
    Find the columns.

    Raises:
        InputRefusedError: A needed column is missing, or a column is there twice.
    """
    places = kind.places(table)
    whose = _WHOSE.get(kind.name, ())
    if whose and not any(field in places for field in whose):
        names = " or ".join(one.name for one in kind.columns if one.field in whose)
        raise InputRefusedError(
            f"{table.name}: there is no column {names}: without it nobody can say whose the rows "
            "are"
        )
    return places


def _kinds_of(table: Table) -> list[TableKind]:
    """Return the tables with these columns: one, but perhaps several in a file of refused rows."""
    prefixes = Counter(
        name.casefold()[:_PREFIX]
        for name in table.header
        if name.casefold()[:_PREFIX] in _BY_PREFIX
    )
    if table.mended:
        return [_BY_PREFIX[prefix] for prefix in prefixes]
    # Columns of another table may have been joined on.  The table with the most columns counts.
    return [_BY_PREFIX[prefixes.most_common(1)[0][0]]] if prefixes else []


def _of_rows(table: Table, kinds: list[TableKind]) -> list[TableKind]:
    """
    Return the tables that the rows of a file of refused rows are of.

    A column of another table may have been joined on.  That table lacks its needed columns, and no
    row is of it alone.
    """
    whole = [kind for kind in kinds if not kind.lacking(table.plain)]
    if not whole or len(whole) == len(kinds):
        return kinds
    starts = tuple(kind.columns[0].name[:_PREFIX] for kind in whole)
    own = [place for place, name in enumerate(table.header) if name.casefold().startswith(starts)]
    told = all(any(cells[place] != "" for place in own) for _, cells in table.rows([]))
    return whole if told else kinds


def _is_ssd(table: Table) -> bool:
    """Say whether this looks like another table of the dataset, which is not read."""
    first = table.header[0]
    return len(first) > _PREFIX and first[_PREFIX - 1] == "_" and first[:4].isalnum()


class SsdTables:
    """
    The tables of one extract.

    Attributes:
        batch: The batch into which they are read.
        reading: Gathers what is refused, and warnings.
        told: The names of the tables with a good row.
        mended: Whether only files of mended rows were named; the store has the other rows.
    """

    def __init__(
        self, paths: Sequence[Path], reading: Reading, database: "OpenDatabase | None" = None
    ) -> None:
        """
        Find the tables in files and folders, and in a database.

        Raises:
            InputRefusedError: A file cannot be read, or a table lacks a column or is there
                twice; every problem is named.
        """
        self.batch = Batch()
        self.reading = reading
        self.mended = True
        self.told: set[str] = set()
        # The tables with a refused row, and those with a row that gave a fact.
        self._refusing: set[str] = set()
        self._kept: set[str] = set()
        self._tables: dict[str, list[_Found]] = {kind.name: [] for kind in KINDS}
        self._first: dict[str, str] = {}
        self._known: dict[tuple[str, str, object], int] = {}
        problems: list[str] = []
        for file in files_of(paths, ENDINGS, problems, reading.doubts.piped):
            try:
                for table in tables_in(file, reading.warnings):
                    self._add(table, problems)
            except InputRefusedError as error:
                problems.append(str(error))
        if database:
            self._add_database(database, problems)
        if not (problems or any(self._tables[kind.name] for kind in ANY_OF)):
            problems.append(
                f"{', '.join(map(str, paths))}: no CSV file here is one of the SSD tables "
                f"{', '.join(kind.name for kind in ANY_OF)}, which are known by their columns "
                "(such as clar_cla_review_date): name the folder that holds them, and export them "
                "with their column names"
            )
        if problems:
            raise InputRefusedError("\n".join(problems))

    def _add(self, table: Table, problems: list[str]) -> None:
        kinds = _kinds_of(table)
        if table.mended:
            for kind in _of_rows(table, kinds):
                # One file may have the refused rows of several tables.  A row belongs to a table if
                # it has a value in a column with the prefix of that table.
                mine = table.again()
                prefix = kind.columns[0].name[:_PREFIX]
                mine.only_filled(
                    place
                    for place, name in enumerate(mine.header)
                    if name.casefold().startswith(prefix)
                )
                self._tables[kind.name].append(_Found(mine, _places(kind, mine)))
            return
        self.mended = False
        if not kinds:
            if not _is_ssd(table):
                self.reading.warnings.append(
                    f"{table.name}: not read: its columns are not those of an SSD table (was it "
                    "exported without column names?)"
                )
            return
        (kind,) = kinds
        self._take(kind, _Found(table, _places(kind, table)), problems)

    def _add_database(self, database: "OpenDatabase", problems: list[str]) -> None:
        self.mended = False
        for kind in KINDS:
            table = database.table(kind)
            if table is None:
                continue
            try:
                found = _Found(table, _places(kind, table), database.rows)
            except InputRefusedError as error:
                problems.append(str(error))
            else:
                self._take(kind, found, problems)

    def _take(self, kind: TableKind, found: _Found, problems: list[str]) -> None:
        table = found.table
        first = self._first.setdefault(kind.name, table.name)
        if first != table.name:
            problems.append(
                f"{first} and {table.name} are both {kind.name}: an extract has each table once; "
                "name the folder of one night's extract"
            )
            return
        self._tables[kind.name].append(found)

    def has(self, kind: TableKind) -> bool:
        """Say whether a table is there, or mended rows of it."""
        return bool(self._tables[kind.name])

    def gives(self, kind: TableKind, field: str) -> bool:
        """Say whether a table is there and has a field."""
        return any(field in found.places for found in self._tables[kind.name])

    def missing(self) -> list[str]:
        """Return the names of the tables that should be there but are missing."""
        if self.mended:
            return []
        return [kind.name for kind in _EXPECTED if not self._tables[kind.name]]

    def is_silent(self, kind: TableKind) -> bool:
        """Say whether a table is missing or, after its rows have been read, had no good one."""
        name = kind.name
        unread = name in self._refusing and kind in FACTS and name not in self._kept
        return unread or name not in self.told

    def give(self, kind: TableKind) -> None:
        """Note that a row of a table gave a fact, so the table is not silent."""
        self._kept.add(kind.name)

    def rows(self, kind: TableKind) -> Iterator[Rows]:
        """Go through the rows of a table, including mended ones."""
        for table, places, rows in self._tables[kind.name]:
            for row in rows(table, kind, places, self.reading):
                yield row
                if row.good:
                    self.told.add(kind.name)
                else:
                    self._refusing.add(kind.name)

    def keep(self, row: Rows, child_id: str, event: Event, field: str) -> bool:
        """
        Keep a fact of a row, unless it is there already.

        Args:
            row: The row.
            child_id: The child.
            event: The fact.
            field: The field to name in the refusal if it contradicts an earlier row.

        Returns:
            Whether it is new.
        """
        facts = self.batch.facts
        self.give(row.kind)
        place = self._known.setdefault((child_id, event.event, event.on), len(facts))
        if place == len(facts):
            facts.append((child_id, event, row.where))
            return True
        _, known, source = facts[place]
        if contradicts(event, known):
            row.refuse(field, f"{source} {OTHER_DETAILS}")
        else:
            facts[place] = (child_id, put_together(event, known), source)
            self.batch.counts["repeated rows"] += 1
        return False
