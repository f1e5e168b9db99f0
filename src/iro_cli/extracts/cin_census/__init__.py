"""
Read the children in need census: child protection enquiries, conferences, plans and reviews.

The layouts of 2021 to 2026 do not differ in what is read here.  Elements that are not about
child protection conferences are left out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from iro_cli.dates.months import add_months
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch, Cover, alike_warnings, found_words
from iro_cli.extracts.cin_census.history import (
    COVERED,
    ENQUIRY,
    PLAN,
    Enquiry,
    FileLine,
    History,
    PlansOfFiles,
    ProtectionPlan,
)
from iro_cli.extracts.outcomes import children_refused
from iro_cli.extracts.source import Source
from iro_cli.facts.model import IN_YEAR_FROM, Child
from iro_cli.facts.vocabulary import FIRST_CONFERENCES
from iro_cli.incoming.cells import read_cell
from iro_cli.incoming.files import File, files_of
from iro_cli.incoming.refused import visible
from iro_cli.incoming.rows import Element, Reading
from iro_cli.incoming.xml_nodes import Layout, Node, read_units
from iro_cli.lean import NamedTuple

ENDINGS = (".xml",)
LAYOUT = Layout(
    root="Message",
    units=frozenset({"Header", "Child"}),
    left_out=frozenset({
        *("ChildCharacteristics", "Assessments", "CINPlanDates", "PreProceedingsandFGDM"),
        "FactorsIdentifiedAtAssessment",
    }),
    what="a children in need census (an SSDA903 return is read by `iro import ssda903`)",
    known=frozenset({
        *("CollectionDetails", "Collection", "Year", "ReferenceDate", "Source", "SourceLevel"),
        *("LEA", "SoftwareCode", "Release", "SerialNo", "DateTime", "Children"),
        *("ChildIdentifiers", "LAchildID", "UPN", "FormerUPN", "UPNunknown", "PersonBirthDate"),
        *("ExpectedPersonBirthDate", "PersonDeathDate", "Sex", "GenderCurrent", "GenderIdentity"),
        *("CINdetails", "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "ReferralNFA"),
        *("CINclosureDate", "ReasonForClosure", "DateOfInitialCPC", "Section47"),
        *("S47ActualStartDate", "InitialCPCtarget", "ICPCnotRequired", "ChildProtectionPlans"),
        *("CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse"),
        *("NumberOfPreviousCPP", "Reviews", "CPPreviewDate"),
    }),
)  # fmt: skip
_MESSAGES = {
    "8615": "conferences before the start of their section 47 enquiry (rule 8615)",
    "8842Q": "reviews without a date, which were left out (rule 8842Q)",
    "8868": (
        "section 47 enquiries without a conference or an ICPCnotRequired in a referral that is "
        "closed (rule 8868): they are listed as open"
    ),
    "births": "children with another date of birth in a later census, which was taken",
    "later": "enquiries or plans that differ in a later census (the later one was taken)",
}


class _MayBeOpen(NamedTuple):
    """A kind of process that may be open in a file: its words, and the events that end it."""

    words: str
    told: frozenset[str]


class _CensusFile(NamedTuple):
    """A file, and its header: the code of the authority, and the last day of its year."""

    file: File
    authority: str
    year_ends: date | None


def _text_at(node: Node, *tags: str) -> str:
    found: Node | None = node
    for tag in tags:
        found = found.first(tag) if found is not None else None
    return read_cell(found.text) if found is not None else ""


def _open(file: File, reading: Reading) -> _CensusFile:
    node = next(read_units(file, LAYOUT), None)
    if node is None or node.tag != "Header":
        return _CensusFile(file, "", None)
    collection = _text_at(node, "CollectionDetails", "Collection")
    if collection and collection.upper() != "CIN":
        raise InputRefusedError(
            f"{file.name}: its Collection is {visible(collection)}, not CIN: it is another return"
        )
    written = _text_at(node, "CollectionDetails", "ReferenceDate")
    try:
        year_ends = reading.days.read(written)
    except ValueError as error:
        raise InputRefusedError(
            f"{file.name}: ReferenceDate: {error} ({visible(written)})"
        ) from None
    return _CensusFile(file, _text_at(node, "Source", "LEA"), year_ends.day if year_ends else None)


def _opened(paths: Sequence[Path], reading: Reading) -> list[_CensusFile]:
    """
    Read the header of each file, and return the files in order of year.

    Raises:
        InputRefusedError: A file cannot be read, or they are of several authorities; the problems
            of all files are named.
    """
    problems: list[str] = []
    found = []
    for file in files_of(paths, ENDINGS, problems, reading.doubts.piped):
        try:
            found.append(_open(file, reading))
        except InputRefusedError as error:
            problems.append(str(error))
    codes = {one.authority: one.file.name for one in found if one.authority}
    if len(codes) > 1:
        named = ", ".join(f"{name} is of {visible(code)}" for code, name in codes.items())
        problems.append(
            f"these are the files of several authorities ({named}), and the same id may be two "
            "children: import each authority's by itself, into a store of its own (--database)"
        )
    if problems:
        raise InputRefusedError("\n".join(problems))
    # A later return corrects an earlier one, so the earlier one is read first.
    return sorted(found, key=lambda one: one.year_ends or date.min)


class _Census:
    """Reads the children of the files into one batch."""

    def __init__(self, reading: Reading) -> None:
        self.batch = Batch()
        self.reading = reading
        self.children: dict[str, tuple[Child, FileLine]] = {}
        self.histories: dict[str, History] = {}
        self.found: Counter[str] = Counter()
        # The names of files and of elements that they have.
        self.there: set[tuple[str, str]] = set()
        self.name = ""

    def read(self, file: File) -> None:
        """Read every child of a file."""
        self.name = file.name
        unknown: Counter[str] = Counter()
        for unit in read_units(file, LAYOUT, unknown):
            if unit.tag == "Child":
                self._count("Child")
                self._read_child(unit)
        self.reading.note_unknown(file.name, unknown)

    def _count(self, kind: str) -> None:
        self.there.add((self.name, kind))
        self.reading.note_rows(f"{self.name}, {kind}", 1)

    def _element(self, node: Node, child_id: str, **more: str) -> Element:
        self.there.update((self.name, one.tag) for one in node.children if one.tag in _TOLD)
        texts = {"LAchildID": child_id, **node.leaves(), **more}
        return Element(self.name, node.line, texts, child_id, self.reading)

    # ------------------------------------------------------------ a child

    def _read_child(self, node: Node) -> None:
        identifiers = node.first("ChildIdentifiers") or node
        child_id = self._element(identifiers, "").child("LAchildID")
        if not child_id:
            return
        element = self._element(identifiers, child_id)
        child = self._described(element, child_id)
        died = element.day("PersonDeathDate")
        if died is not None and died > self.reading.today:
            element.refuse("PersonDeathDate", "lies in the future")
        if not element.good or not self._keep_child(child, element):
            return
        history = self.histories.setdefault(child_id, History())
        if died is not None:
            history.died, history.died_in = died, FileLine(self.name, element.number)
        for details in node.all("CINdetails"):
            self._read_details(details, child_id, history)

    def _described(self, element: Element, child_id: str) -> Child:
        born = element.day("PersonBirthDate", self.reading.births)
        if born is not None and born > self.reading.today:
            element.refuse(
                "PersonBirthDate",
                "lies in the future: for a child not born yet give ExpectedPersonBirthDate",
            )
        expected = None if born else element.day("ExpectedPersonBirthDate")
        return Child(child_id, date_of_birth=born, expected_date_of_delivery=expected)

    def _keep_child(self, child: Child, element: Element) -> bool:
        """Keep the details of a child, and say whether they agree with the known ones."""
        place = FileLine(self.name, element.number)
        known = self.children.get(child.child_id)
        if known is None:
            self.children[child.child_id] = (child, place)
            return True
        before, where = known
        born = child.date_of_birth
        # Within one file it is an error; from one year to the next it may be corrected.
        if before.date_of_birth and born and before.date_of_birth != born:
            if where.file == place.file:
                element.refuse(
                    "PersonBirthDate",
                    f"line {where.line} gives {before.date_of_birth} for the same child",
                )
                return False
            self.found["births"] += 1
        given = {name: value for name, value in child._asdict().items() if value is not None}
        self.children[child.child_id] = (before._replace(**given), place)
        return True

    # ------------------------------------------------------------ a referral

    def _read_details(self, node: Node, child_id: str, history: History) -> None:
        element = self._element(node, child_id)
        closed = _closed_on(element)
        transfer = element.day("DateOfInitialCPC")
        if transfer is not None and not history.add_transfer(
            transfer, FileLine(self.name, node.line)
        ):
            self.batch.counts["repeated rows"] += 1
        for one in node.all("Section47"):
            self._count("Section47")
            self._read_enquiry(self._element(one, child_id), history, closed)
        for one in node.all("ChildProtectionPlans"):
            self._count("ChildProtectionPlans")
            self._read_plan(one, child_id, history, closed)

    def _read_enquiry(self, element: Element, history: History, closed: date | None) -> None:
        begins = element.needed_day("S47ActualStartDate", missing="the date is missing (rule 8615)")
        conference = element.day("DateOfInitialCPC")
        not_required = element.yes_no("ICPCnotRequired") == "yes"
        if not element.good or begins is None:
            return
        # One of the two answers ends the clock, the other meets it.  Picking one would be a guess.
        if conference and not_required:
            element.refuse(
                "ICPCnotRequired",
                f"no conference was required, yet DateOfInitialCPC gives one on {conference}",
            )
            return
        self.found["8615"] += conference is not None and conference < begins
        # The referral was closed, but nothing says whether a conference was required, although the
        # census rules demand it.  The enquiry stays open, because silence is not an answer.
        self.found["8868"] += closed is not None and not (conference or not_required)
        history.note(ENQUIRY, begins, self.name, closed)
        if conference is None and not element.text("ICPCnotRequired"):
            what = (
                f"whether a conference was required after the enquiry from {spoken_short(begins)}"
            )
            self.batch.leaves_open(element.whose(), what, _OPEN[ENQUIRY].told, begins)
        made = Enquiry(begins, conference, not_required, FileLine(self.name, element.number))
        self._settle(history.add_enquiry(made), made.place, element, "S47ActualStartDate")

    def _read_plan(self, node: Node, child_id: str, history: History, closed: date | None) -> None:
        element = self._element(node, child_id)
        begins, ends = element.needed_day("CPPstartDate"), element.day("CPPendDate")
        if begins is not None and ends is not None and ends < begins:
            element.refuse("CPPendDate", f"lies before CPPstartDate, {begins} (rule 8925)")
        if not element.good or begins is None:
            return
        history.note(PLAN, begins, self.name, closed)
        plan = ProtectionPlan(begins, ends, {}, FileLine(self.name, node.line))
        # Each year's file repeats the reviews of a plan, and a system may write one twice.
        for on, line in self._reviews(node, child_id):
            if on in plan.reviews:
                self.batch.counts["repeated rows"] += 1
            plan.reviews.setdefault(on, FileLine(self.name, line))
        self._settle(history.add_plan(plan), plan.place, element, "CPPstartDate")

    def _reviews(self, plan: Node, child_id: str) -> Iterator[tuple[date, int]]:
        """Yield the day and the line of every review of a plan."""
        for reviews in plan.all("Reviews"):
            for one in reviews.all("CPPreviewDate"):
                self._count("CPPreviewDate")
                element = self._element(plan, child_id, CPPreviewDate=one.text)
                element.number = one.line
                on = element.day("CPPreviewDate")
                if on is not None:
                    yield on, one.line
                elif element.good:
                    self.found["8842Q"] += 1

    def _settle(
        self, before: FileLine | None, place: FileLine, element: Element, column: str
    ) -> None:
        """Count an element that repeats a known one, or refuse one that contradicts it."""
        if before is None:
            return
        if before == place:
            self.batch.counts["repeated rows"] += 1
        elif before.file == place.file:
            element.refuse(column, f"line {before.line} has another of the child from the same day")
        else:
            self.found["later"] += 1

    # ------------------------------------------------------------ the whole

    def finish(self, opened: Sequence[_CensusFile]) -> None:
        """
        Add the children, the facts and the warnings.

        Args:
            opened: The files, in order of their years.
        """
        batch = self.batch
        batch.children.extend(child for child, _ in self.children.values())
        batch.counts["children"] = len(batch.children)
        years = {one.file.name: one.year_ends for one in opened if one.year_ends}
        # A file without any plan may leave plans out altogether, so it cannot show that a
        # conference led to none.
        with_plans = {file for file, tag in self.there if tag == _PLANS}
        as_of, unread = self.reading.as_of, children_refused(self.reading)
        plans = PlansOfFiles(
            {
                file: (add_months(ends, -12) + timedelta(days=1), min(ends, as_of))
                for file, ends in years.items()
                if file in with_plans
            }
        )
        for child_id, history in self.histories.items():
            of_plans = PlansOfFiles({}) if child_id in unread else plans
            for event, place in history.events(batch.counts, self.found, of_plans):
                batch.facts.append((child_id, event, str(place)))
                if (
                    event.event in FIRST_CONFERENCES
                    and event.outcome is None
                    and place.file in with_plans
                ):
                    what = f"what the conference on {spoken_short(event.on)} decided"
                    batch.leaves_open(child_id, what, _OPEN[PLAN].told, event.on)
            self._note_open(child_id, history, years)
        messages = _MESSAGES | History.MESSAGES
        batch.warnings += found_words(messages, self.found)
        batch.warnings += alike_warnings(self.children)

    def _note_open(self, child_id: str, history: History, years: Mapping[str, date]) -> None:
        """Note what ended without a day, or is missing from a later year's file."""
        last = max(years.values(), default=None)
        for what, begins in history.open():
            words, told = _OPEN[what].words, _OPEN[what].told
            # Closing a referral ends what is open in it, but the day of the end is missing.
            closed = history.closed.get((what, begins))
            if closed is not None:
                words = f"the end of {words} from {spoken_short(begins)}, whose referral was closed"
                self.batch.leaves_open(child_id, words, told - {_REVIEW}, closed)
                continue
            seen = max(
                (years[one] for one in history.seen[what, begins] if one in years), default=None
            )
            # It is in the file of one year but not in that of a later one, where it would be if it
            # had gone on.  So it ended in between, or was left out by mistake.
            if seen is not None and last is not None and seen < last:
                since = seen + timedelta(days=1)
                words = f"{words} from {spoken_short(begins)} {IN_YEAR_FROM} {spoken_short(since)}"
                self.batch.leaves_open(child_id, words, told, since)
        for plan in history.plans.values():
            self._note_not_there_yet(child_id, plan, history.seen[PLAN, plan.begins], years)

    def _note_not_there_yet(
        self, child_id: str, plan: ProtectionPlan, files: set[str], years: Mapping[str, date]
    ) -> None:
        """Note a plan that is missing from the file of the year in which it began."""
        of_year = {
            file: ends
            for file, ends in years.items()
            if add_months(ends, -12) < plan.begins <= ends
        }
        if not of_year or files & of_year.keys():
            return
        last = max(of_year.values())
        if not any(plan.begins <= on <= last for on in plan.reviews):
            begun = spoken_short(plan.begins)
            words = f"the plan from {begun} in the year to {spoken_short(last)}"
            self.batch.leaves_open(child_id, words, (_REVIEW,), plan.begins, last)


def _closed_on(element: Element) -> date | None:
    """Return the day on which a referral was closed, if it was; today if it cannot be read."""
    try:
        return element.parse_day("CINclosureDate")
    except ValueError:
        return element.reading.today


_PLANS, _REVIEW = "ChildProtectionPlans", "cp.conference.review"
# The kinds of process that may be open.
_OPEN = {
    ENQUIRY: _MayBeOpen(
        "the enquiry", frozenset({"cp.conference.initial", "cp.conference.not-required"})
    ),
    PLAN: _MayBeOpen("the plan", frozenset({_REVIEW, "cp.plan.end"})),
}

# The events that only one element shows.  Elements that are there only if something ended are left
# out: a file without them says that nothing ended.
_TOLD = {
    "Section47": ("cp.strategy", "cp.conference.initial", "cp.conference.not-required"),
    "DateOfInitialCPC": ("cp.conference.initial",),
    "ICPCnotRequired": ("cp.conference.not-required",),
    _PLANS: ("cp.plan.start", "cp.plan.end"),
    "CPPreviewDate": (_REVIEW,),
}


def _note_silence(one: _CensusFile, there: Collection[tuple[str, str]], batch: Batch) -> None:
    """Note the elements that a file lacks altogether: it may have been exported without them."""
    begins = add_months(one.year_ends, -12) + timedelta(days=1) if one.year_ends else None
    lacking = [tag for tag in _TOLD if (one.file.name, tag) not in there]
    for tag, events in _TOLD.items():
        if tag in lacking:
            batch.lacks(f"the element {tag}", events, begins, one.year_ends)
        else:
            # Enquiries and plans are given whole, even from before the year; reviews are not.
            by_year = tag == "CPPreviewDate"
            batch.carries(events, begins if by_year else None, one.year_ends)
    if lacking:
        batch.warnings.append(
            f"{one.file.name}: there is no {', no '.join(lacking)}: what they would say of that "
            "year is not known"
        )


def _note_days_since(
    files: Sequence[_CensusFile], histories: Iterable[History], reading: Reading, batch: Batch
) -> None:
    """Note that nothing is known about the days between the end of the last year and the import."""
    last = max((one.year_ends or date.max for one in files), default=date.max)
    goes_on = any(history.died is None and [*history.open()] for history in histories)
    if goes_on and last < date.max:
        told = [one for each in _TOLD.values() for one in each]
        batch.lacks_since("census", last, reading.as_of, told)


def _covers(files: Sequence[_CensusFile], batch: Batch, today: date) -> None:
    for one in files:
        ends = one.year_ends
        if ends is None:
            batch.warnings.append(
                f"{one.file.name}: no ReferenceDate, so it is not known which year it covers, "
                "nor what is missing from it"
            )
        else:
            begins = add_months(ends, -12) + timedelta(days=1)
            batch.covers.append(Cover(COVERED, begins, min(ends, today), everyone=True))


def _read(paths: Sequence[Path], reading: Reading) -> Batch:
    """
    Read the census of one year or several.

    If the files of two years have the same enquiry or plan, their details are combined; if they
    differ, the later year counts.

    Args:
        paths: The XML files, in any order, or folders of them.
        reading: Gathers what is refused, and warnings.

    Raises:
        InputRefusedError: A file cannot be read, is not a census, or is of another authority
            than the others.
    """
    census = _Census(reading)
    opened = _opened(paths, reading)
    problems = []
    for one in opened:
        try:
            census.read(one.file)
        except InputRefusedError as error:
            problems.append(str(error))
    if problems:
        raise InputRefusedError("\n".join(problems))
    census.finish(opened)
    census.batch.authority = next((one.authority for one in opened if one.authority), None)
    _covers(opened, census.batch, reading.today)
    for one in opened:
        _note_silence(one, census.there, census.batch)
    _note_days_since(opened, census.histories.values(), reading, census.batch)
    return census.batch


SOURCE = Source(
    name="cin-census",
    title="the children in need census, as XML",
    page="extracts/cin-census.md",
    reader=_read,
)
