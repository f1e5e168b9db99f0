"""
Reads the children in need census: child protection enquiries, conferences, plans and reviews.

The layouts of 2021 to 2026 are one for this purpose.  What is not about child
protection conferences is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from iro_cli.dates.months import add_months
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch, Cover, alike
from iro_cli.extracts.cin_history import COVERED, Enquiry, History, Place, ProtectionPlan
from iro_cli.facts.model import Child
from iro_cli.tables.cells import Days, read_child_id, read_yes_no
from iro_cli.tables.refused import Refused, printable
from iro_cli.tables.xml_nodes import Layout, Node, read_units

SOURCE = "cin-census"

LAYOUT = Layout(
    root="Message",
    units=frozenset({"Header", "Child"}),
    left_out=frozenset({
        *("ChildCharacteristics", "Assessments", "CINPlanDates", "PreProceedingsandFGDM"),
        "FactorsIdentifiedAtAssessment",
    }),
    what="a children in need census (an SSDA903 return is read by `iro import ssda903`)",
)  # fmt: skip
_MISSING = frozenset({"#N/A", "N/A", "NULL", "PLACEHOLDER_DATA"})
# An XML date may have a time, a zone or both.
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d[\d:.]*)?(?:Z|[+-]\d\d:\d\d)?")
_YEARS_AHEAD = 10
_MESSAGES = {
    "8615": "conferences before the start of their section 47 enquiry (rule 8615)",
    "8842Q": "reviews without a date, which were left out (rule 8842Q)",
    "8868": (
        "section 47 enquiries without a conference or an ICPCnotRequired in a referral that is "
        "closed (rule 8868): they are listed as open"
    ),
    "births": "children with another date of birth in a later census, which was taken",
    "later": "enquiries or plans that read otherwise in a later census, which was taken",
}


class _Header(NamedTuple):
    """What a file says of itself."""

    authority: str
    year_ends: date | None


class _File(NamedTuple):
    """A file, and what it says of itself."""

    path: Path
    name: str
    header: _Header


def _given(text: str) -> str:
    """Return a text, or nothing where it says that there is none."""
    text = text.strip()  # of non-breaking spaces too
    return "" if text.upper() in _MISSING else text


def _date_text(text: str) -> str:
    text = _given(text)
    found = _ISO.fullmatch(text)
    return found[1] if found else text


def _text_at(node: Node, *tags: str) -> str:
    found: Node | None = node
    for tag in tags:
        found = found.first(tag) if found is not None else None
    return _given(found.text) if found is not None else ""


def _read_header(path: Path, name: str, days: Days) -> _Header:
    node = next(read_units(path, name, LAYOUT), None)
    if node is None or node.tag != "Header":
        return _Header("", None)
    collection = _text_at(node, "CollectionDetails", "Collection")
    if collection and collection.upper() != "CIN":
        raise InputRefusedError(
            f"{name}: its Collection is {printable(collection)}, not CIN: it is another return"
        )
    written = _date_text(_text_at(node, "CollectionDetails", "ReferenceDate"))
    try:
        year_ends = days.optional(written)
    except ValueError as error:
        raise InputRefusedError(f"{name}: ReferenceDate: {error} ({printable(written)})") from None
    return _Header(_text_at(node, "Source", "LEA"), year_ends)


def _opened(paths: Sequence[Path], days: Days) -> list[_File]:
    """
    Read what each file says of itself, and put the earliest year first.

    Raises:
        InputRefusedError: With the problems of every file.
    """
    times = Counter(path.name for path in paths)
    files, problems = [], []
    for path in dict.fromkeys(paths):
        name = path.name if times[path.name] == 1 else path.as_posix()
        try:
            files.append(_File(path, name, _read_header(path, name, days)))
        except InputRefusedError as error:
            problems.append(str(error))
    codes = {one.header.authority: one.name for one in files if one.header.authority}
    if len(codes) > 1:
        found = ", ".join(f"{name} is of {printable(code)}" for code, name in codes.items())
        problems.append(
            f"these are the files of several authorities ({found}), and the same id may be two "
            "children: import each authority's by itself, into a store of its own (--database)"
        )
    if problems:
        raise InputRefusedError("\n".join(problems))
    return sorted(files, key=lambda one: one.header.year_ends or date.min)


class _Census:
    """Reads the children of the files into one batch."""

    def __init__(self, batch: Batch, today: date) -> None:
        self.batch = batch
        self.today = today
        self.days = Days(today.year + _YEARS_AHEAD)
        self.births = Days(today.year)
        self.children: dict[str, tuple[Child, Place]] = {}
        self.histories: dict[str, History] = {}
        self.found: Counter[str] = Counter()
        self.name = ""

    def read(self, file: _File) -> None:
        """Read every child of a file."""
        self.name = file.name
        for unit in read_units(file.path, file.name, LAYOUT):
            if unit.tag == "Child":
                self._count("Child")
                self._read_child(unit)

    def _count(self, kind: str) -> None:
        name = f"{self.name}, {kind}"
        self.batch.read[name] = self.batch.read.get(name, 0) + 1

    def _refuse(self, node: Node, child_id: str, column: str, reason: str) -> None:
        raw = {"LAchildID": child_id, **node.leaves()}
        self.batch.refused.append(
            Refused(self.name, node.line, column, raw.get(column, ""), reason, raw, child_id)
        )

    def _day(self, node: Node, child_id: str, tag: str, *, days: Days | None = None) -> date | None:
        """
        Return the date in an element, or ``None`` where it gives none.

        Raises:
            ValueError: It is no date, and has been refused.
        """
        try:
            return (days or self.days).optional(_date_text(_text_at(node, tag)))
        except ValueError as error:
            self._refuse(node, child_id, tag, str(error))
            raise

    # ------------------------------------------------------------ a child

    def _read_child(self, node: Node) -> None:
        identifiers = node.first("ChildIdentifiers") or node
        try:
            child_id = read_child_id(_text_at(identifiers, "LAchildID"))
        except ValueError as error:
            self._refuse(identifiers, "", "LAchildID", str(error))
            return
        place = Place(self.name, node.line)
        try:
            if not self._keep_child(self._described(identifiers, child_id), identifiers, place):
                return
            died = self._day(identifiers, child_id, "PersonDeathDate")
        except ValueError:
            return
        history = self.histories.setdefault(child_id, History())
        history.died = died or history.died
        for details in node.all("CINdetails"):
            self._read_details(details, child_id, history)

    def _described(self, node: Node, child_id: str) -> Child:
        born = self._day(node, child_id, "PersonBirthDate", days=self.births)
        if born is not None and born > self.today:
            reason = "lies in the future: for a child not born yet give ExpectedPersonBirthDate"
            self._refuse(node, child_id, "PersonBirthDate", reason)
            raise ValueError(reason)
        expected = None
        if born is None:
            expected = self._day(node, child_id, "ExpectedPersonBirthDate")
        return Child(child_id, date_of_birth=born, expected_date_of_delivery=expected)

    def _keep_child(self, child: Child, node: Node, place: Place) -> bool:
        """Keep who a child is, and say whether it agrees with what is known."""
        known = self.children.get(child.child_id)
        if known is None:
            self.children[child.child_id] = (child, place)
            return True
        before, where = known
        born = child.date_of_birth
        if before.date_of_birth and born and before.date_of_birth != born:
            if where.file == place.file:
                reason = f"line {where.line} gives {before.date_of_birth} for the same child"
                self._refuse(node, child.child_id, "PersonBirthDate", reason)
                return False
            self.found["births"] += 1
        given = {name: value for name, value in child._asdict().items() if value is not None}
        self.children[child.child_id] = (before._replace(**given), place)
        return True

    # ------------------------------------------------------------ a referral

    def _read_details(self, node: Node, child_id: str, history: History) -> None:
        closed = bool(_text_at(node, "CINclosureDate"))
        try:
            transfer = self._day(node, child_id, "DateOfInitialCPC")
            if transfer is not None and not history.add_transfer(
                transfer, Place(self.name, node.line)
            ):
                self.batch.counts["repeated rows"] += 1
        except ValueError:
            pass  # refused; what stands beside it is read
        for one in node.all("Section47"):
            self._count("Section47")
            self._read_enquiry(one, child_id, history, closed=closed)
        for one in node.all("ChildProtectionPlans"):
            self._count("ChildProtectionPlans")
            self._read_plan(one, child_id, history)

    def _read_enquiry(self, node: Node, child_id: str, history: History, *, closed: bool) -> None:
        try:
            begins = self._day(node, child_id, "S47ActualStartDate")
            conference = self._day(node, child_id, "DateOfInitialCPC")
        except ValueError:
            return
        try:
            not_required = read_yes_no(_text_at(node, "ICPCnotRequired")) == "yes"
        except ValueError as error:
            self._refuse(node, child_id, "ICPCnotRequired", str(error))
            return
        if begins is None:
            self._refuse(node, child_id, "S47ActualStartDate", "the date is missing (rule 8615)")
            return
        if conference and not_required:
            reason = f"no conference was required, yet DateOfInitialCPC gives one on {conference}"
            self._refuse(node, child_id, "ICPCnotRequired", reason)
            return
        self.found["8615"] += conference is not None and conference < begins
        self.found["8868"] += closed and not (conference or not_required)
        made = Enquiry(begins, conference, not_required, Place(self.name, node.line))
        self._settle(history.add_enquiry(made), made.place, node, child_id, "S47ActualStartDate")

    def _read_plan(self, node: Node, child_id: str, history: History) -> None:
        try:
            begins = self._day(node, child_id, "CPPstartDate")
            ends = self._day(node, child_id, "CPPendDate")
        except ValueError:
            return
        if begins is None:
            self._refuse(node, child_id, "CPPstartDate", "the date is missing")
            return
        if ends is not None and ends < begins:
            reason = f"lies before CPPstartDate, {begins} (rule 8925)"
            self._refuse(node, child_id, "CPPendDate", reason)
            return
        plan = ProtectionPlan(begins, ends, {}, Place(self.name, node.line))
        for on, line in self._reviews(node, child_id):
            if on in plan.reviews:
                self.batch.counts["repeated rows"] += 1
            plan.reviews.setdefault(on, Place(self.name, line))
        self._settle(history.add_plan(plan), plan.place, node, child_id, "CPPstartDate")

    def _reviews(self, plan: Node, child_id: str) -> Iterator[tuple[date, int]]:
        """Yield every review of a plan, of every element that has any."""
        for reviews in plan.all("Reviews"):
            for one in reviews.all("CPPreviewDate"):
                self._count("CPPreviewDate")
                written = _date_text(one.text)
                try:
                    on = self.days.optional(written)
                except ValueError as error:
                    raw = {"LAchildID": child_id, **plan.leaves(), "CPPreviewDate": one.text}
                    self.batch.refused.append(
                        Refused(
                            self.name,
                            one.line,
                            "CPPreviewDate",
                            one.text,
                            str(error),
                            raw,
                            child_id,
                        )
                    )
                    continue
                if on is None:
                    self.found["8842Q"] += 1
                else:
                    yield on, one.line

    def _settle(
        self, before: Place | None, place: Place, node: Node, child_id: str, column: str
    ) -> None:
        """Note what became of an element: a known one is repeated, or contradicted."""
        if before is None:
            return
        if before == place:
            self.batch.counts["repeated rows"] += 1
        elif before.file == place.file:
            reason = f"line {before.line} has another of the child from the same day"
            self._refuse(node, child_id, column, reason)
        else:
            self.found["later"] += 1

    # ------------------------------------------------------------ the whole

    def finish(self) -> None:
        """Add the children, the facts and the warnings."""
        batch = self.batch
        batch.children.extend(child for child, _ in self.children.values())
        batch.counts["children"] = len(batch.children)
        for child_id, history in self.histories.items():
            for event, place in history.events(batch.counts, self.found):
                batch.facts.append((child_id, event, str(place)))
        messages = _MESSAGES | History.MESSAGES
        batch.warnings += [
            f"{text}: {self.found[kind]:,}" for kind, text in messages.items() if self.found[kind]
        ]
        batch.warnings += self.births.warnings("PersonBirthDate")
        batch.warnings += self.days.warnings("the census")
        batch.warnings += alike(self.children)


def _covers(files: Sequence[_File], batch: Batch, today: date) -> None:
    for file in files:
        ends = file.header.year_ends
        if ends is None:
            batch.warnings.append(
                f"{file.name}: no ReferenceDate, so it is not known which year it covers: what is "
                "missing from it is not missed"
            )
        else:
            begins = add_months(ends, -12) + timedelta(days=1)
            batch.covers.append(Cover(COVERED, begins, min(ends, today), everyone=True))


def read_cin_census(paths: Sequence[Path], *, today: date) -> Batch:
    """
    Read the census of one year or several.

    What two years say of one enquiry or plan is put together; where they differ,
    what the later says is taken.

    Args:
        paths: The XML files, in any order.
        today: The day after which nobody has been born yet.

    Raises:
        InputRefusedError: A file cannot be read, is no census, or is of another authority
            than the others.
    """
    batch = Batch(source=SOURCE)
    census = _Census(batch, today)
    files = _opened(paths, census.days)
    batch.authority = next((one.header.authority for one in files if one.header.authority), None)
    problems = []
    for file in files:
        try:
            census.read(file)
        except InputRefusedError as error:
            problems.append(str(error))
    if problems:
        raise InputRefusedError("\n".join(problems))
    census.finish()
    _covers(files, batch, today)
    return batch
