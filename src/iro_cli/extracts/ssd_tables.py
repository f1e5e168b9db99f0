"""
Finds the tables of the Standard Safeguarding Dataset among CSV files.

A table is known by its columns, which begin with four letters of its own, and
not by its file's name.  Older builds have other names for some columns, and
Oracle exports write them all in capitals.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.tables.refused import BECAUSE
from iro_cli.tables.tabular import Table

_PREFIX = 5

# What each field may be called: the specification's name first, then those of older builds.
Names = Mapping[str, tuple[str, ...]]


class Kind(Enum):
    """The tables that are read, by name."""

    PERSON = "ssd_person"
    EPISODES = "ssd_cla_episodes"
    STATUS = "ssd_legal_status"
    PLACEMENTS = "ssd_cla_placement"
    REVIEWS = "ssd_cla_reviews"
    ENQUIRIES = "ssd_s47_enquiry"
    CONFERENCES = "ssd_initial_cp_conference"
    PLANS = "ssd_cp_plans"
    PLAN_REVIEWS = "ssd_cp_reviews"
    INVOLVEMENTS = "ssd_involvements"
    PROFESSIONALS = "ssd_professionals"
    REFERRALS = "ssd_cin_episodes"
    TEAMS = "ssd_department"


NEEDED: dict[Kind, Names] = {
    Kind.PERSON: {"person": ("pers_person_id",), "born": ("pers_dob",)},
    Kind.EPISODES: {
        "person": ("clae_person_id",),
        "starts": ("clae_cla_episode_start_date", "clae_cla_episode_start"),
        "ceased": ("clae_cla_episode_ceased_date", "clae_cla_episode_ceased"),
    },
    Kind.STATUS: {
        "person": ("lega_person_id",),
        "status": ("lega_legal_status",),
        "starts": ("lega_legal_status_start_date", "lega_legal_status_start"),
    },
    Kind.PLACEMENTS: {
        "placement": ("clap_cla_placement_id",),
        "type": ("clap_cla_placement_type",),
    },
    Kind.REVIEWS: {"held": ("clar_cla_review_date",)},
    Kind.ENQUIRIES: {
        "person": ("s47e_person_id",),
        "starts": ("s47e_s47_start_date",),
    },
    Kind.CONFERENCES: {"person": ("icpc_person_id",), "held": ("icpc_icpc_date",)},
    Kind.PLANS: {
        "person": ("cppl_person_id",),
        "starts": ("cppl_cp_plan_start_date",),
        "ended": ("cppl_cp_plan_end_date",),
    },
    Kind.PLAN_REVIEWS: {"held": ("cppr_cp_review_date",)},
    Kind.INVOLVEMENTS: {
        "professional": ("invo_professional_id",),
        "role": ("invo_professional_role_id", "invo_professional_role"),
        "from": ("invo_involvement_start_date",),
        "to": ("invo_involvement_end_date",),
    },
    Kind.PROFESSIONALS: {
        "professional": ("prof_professional_id",),
        "name": ("prof_professional_name",),
    },
    Kind.REFERRALS: {"referral": ("cine_referral_id",), "person": ("cine_person_id",)},
    Kind.TEAMS: {"team": ("dept_team_id",), "name": ("dept_team_name",)},
}
OPTIONAL: dict[Kind, Names] = {
    Kind.PERSON: {"expected": ("pers_expected_dob",)},
    Kind.EPISODES: {
        "episode": ("clae_cla_episode_id",),
        "reason": ("clae_cla_episode_start_reason",),
        "ceased_reason": ("clae_cla_episode_ceased_reason", "clae_cla_episode_cease_reason"),
        "period": ("clae_cla_id",),
        "placement": ("clae_cla_placement_id",),
        "entered": ("clae_entered_care_date",),
    },
    Kind.STATUS: {"ended": ("lega_legal_status_end_date", "lega_legal_status_end")},
    Kind.REVIEWS: {
        "person": ("clar_cla_person_id", "clar_person_id"),
        "period": ("clar_cla_id",),
        "episode": ("clar_cla_episode_id",),
        "cancelled": ("clar_cla_review_cancelled",),
        "participation": ("clar_cla_review_participation",),
    },
    Kind.ENQUIRIES: {
        "enquiry": ("s47e_s47_enquiry_id",),
        "ended": ("s47e_s47_end_date",),
        "nfa": ("s47e_s47_nfa",),
        "outcome": ("s47e_s47_outcome_json",),
    },
    Kind.CONFERENCES: {
        "enquiry": ("icpc_s47_enquiry_id",),
        "transfer": ("icpc_icpc_transfer_in",),
        "plan": ("icpc_icpc_outcome_cp_flag",),
    },
    Kind.PLANS: {"plan": ("cppl_cp_plan_id",), "elsewhere": ("cppl_cp_plan_ola",)},
    Kind.PLAN_REVIEWS: {
        "person": ("cppr_person_id",),
        "plan": ("cppr_cp_plan_id",),
        "continue": ("cppr_cp_review_outcome_continue_cp", "cppr_cp_review_outcome_continue"),
        "cancelled": ("cppr_cp_review_cancelled",),
    },
    Kind.INVOLVEMENTS: {
        "person": ("invo_person_id",),
        "referral": ("invo_referral_id",),
        "team": ("invo_professional_team",),
    },
    Kind.PROFESSIONALS: {"title": ("prof_professional_job_title",)},
    Kind.PLACEMENTS: {},
    Kind.REFERRALS: {},
    Kind.TEAMS: {},
}
# Any one of these says whose row it is.
WHOSE: dict[Kind, tuple[str, ...]] = {
    Kind.REVIEWS: ("person", "period", "episode"),
    Kind.PLAN_REVIEWS: ("person", "plan"),
    Kind.INVOLVEMENTS: ("person", "referral"),
}
FACTS = (Kind.EPISODES, Kind.REVIEWS, Kind.ENQUIRIES, Kind.CONFERENCES, Kind.PLANS,
         Kind.PLAN_REVIEWS)  # fmt: skip
EXPECTED = (*FACTS, Kind.INVOLVEMENTS, Kind.PROFESSIONALS, Kind.PERSON, Kind.STATUS)


class SsdTable:
    """
    One table: the file it is in, and where its fields stand.

    Attributes:
        kind: Which table it is.
        table: The file.
        places: Where each field stands that is there.
        columns: What each is called there.
    """

    def __init__(self, kind: Kind, table: Table) -> None:
        """
        Find the fields.

        Raises:
            InputRefusedError: One that is needed is missing, or stands there twice.
        """
        self.kind = kind
        self.table = table
        named = {
            field: next((one for one in names if table.has(one)), names[0])
            for field, names in {**NEEDED[kind], **OPTIONAL[kind]}.items()
        }
        table.expect(
            [named[field] for field in NEEDED[kind]], [named[field] for field in OPTIONAL[kind]]
        )
        whose = WHOSE.get(kind)
        if whose and not any(named[field] in table.places for field in whose):
            raise InputRefusedError(
                f"{table.name}: there is no column {' or '.join(named[one] for one in whose)}: "
                "without it nobody can say whose the rows are"
            )
        self.columns = {field: name for field, name in named.items() if name in table.places}
        self.places = {field: table.places[name] for field, name in self.columns.items()}


_BY_PREFIX = {next(iter(names.values()))[0][:_PREFIX]: kind for kind, names in NEEDED.items()}


def _kinds(table: Table) -> list[Kind]:
    """Return the tables whose columns these are: one, but for a file of refused rows."""
    found = Counter(
        name.casefold()[:_PREFIX]
        for name in table.header
        if name.casefold()[:_PREFIX] in _BY_PREFIX
    )
    if table.has(BECAUSE):
        return [_BY_PREFIX[prefix] for prefix in found]
    # A column of another table's may have been joined on: the most wins, then the first.
    return [_BY_PREFIX[found.most_common(1)[0][0]]] if found else []


def _is_ssd(table: Table) -> bool:
    """Say whether this looks like a table of the dataset that is not read."""
    first = table.header[0]
    return len(first) > _PREFIX and first[_PREFIX - 1] == "_" and first[:4].isalnum()


def _files(folder: Path) -> list[Path]:
    if folder.is_file() and folder.suffix.casefold() == ".csv":
        return [folder]
    if not folder.is_dir():
        what = "is no CSV file and no folder" if folder.exists() else "does not exist"
        raise InputRefusedError(f"{folder} {what}: name the folder that holds the SSD tables")
    return sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".csv")


class SsdTables:
    """
    The tables of one extract.

    Attributes:
        mended: Whether only a file of mended rows was named, beside a store that has the rest.
    """

    def __init__(self, folders: Sequence[Path], batch: Batch) -> None:
        """
        Find the tables in the folders.

        Raises:
            InputRefusedError: With everything that is wrong with the files as files.
        """
        self._batch = batch
        self._tables: dict[Kind, list[SsdTable]] = {kind: [] for kind in Kind}
        self._first: dict[Kind, str] = {}
        self._problems: list[str] = []
        self.mended = True
        files = [path for folder in folders for path in _files(folder)]
        short = Counter(path.name for path in files)
        for path in dict.fromkeys(files):
            name = path.name if short[path.name] == 1 else f"{path.parent.name}/{path.name}"
            try:
                self._add(path, name)
            except InputRefusedError as error:
                self._problems.append(str(error))
        if not (self._problems or any(self._tables[kind] for kind in (*FACTS, Kind.INVOLVEMENTS))):
            self._problems.append(
                f"{', '.join(map(str, folders))}: no CSV file here is one of the SSD tables "
                f"{', '.join(kind.value for kind in (*FACTS, Kind.INVOLVEMENTS))}, which are known "
                "by their columns (such as clar_cla_review_date): name the folder that holds them, "
                "and export them with their column names"
            )
        if self._problems:
            raise InputRefusedError("\n".join(self._problems))

    def _add(self, path: Path, name: str) -> None:
        table = Table(path, name)
        kinds = _kinds(table)
        again = table.has(BECAUSE)
        for kind in kinds:
            mine = Table(path, name) if again else table
            if again:
                prefix = next(one for one, other in _BY_PREFIX.items() if other is kind)
                mine.only_filled(*(one for one in mine.header if one.casefold().startswith(prefix)))
            self._put(SsdTable(kind, mine), again=again)
        if again:
            return
        self.mended = False
        if not kinds and not _is_ssd(table):
            self._batch.warnings.append(
                f"{name}: not read: its columns are not those of an SSD table (was it exported "
                "without column names?)"
            )

    def _put(self, table: SsdTable, *, again: bool) -> None:
        kind, name = table.kind, table.table.name
        if not again:
            first = self._first.setdefault(kind, name)
            if first != name:
                self._problems.append(
                    f"{first} and {name} are both {kind.value}: an extract has each table once; "
                    "name the folder of one night's extract"
                )
                return
        self._tables[kind].append(table)

    def of(self, kind: Kind) -> list[SsdTable]:
        """Return the files that have this table: one, and perhaps one of mended rows."""
        return self._tables[kind]

    def missing(self) -> Iterable[str]:
        """Yield the names of the tables that should be there and are not."""
        if not self.mended:
            yield from (kind.value for kind in EXPECTED if not self._tables[kind])
