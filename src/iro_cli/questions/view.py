"""Put together what every question needs: a store, the rules, the calendar and a day."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from iro_cli import library
from iro_cli.dates.reading import shift
from iro_cli.dates.words import counted
from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.facts.model import READ_DAILY, Allocation, Child, Event
from iro_cli.facts.vocabulary import LEFT, PLACED
from iro_cli.figures.case import Case
from iro_cli.law.catalogue import Catalogue, Watchlist, nearest, nearest_of
from iro_cli.lean import TYPE_CHECKING, NamedTuple
from iro_cli.obligations.chains import Clocks, Engine
from iro_cli.obligations.listing import DueRows
from iro_cli.obligations.silences import (
    BEGINS_INSTEAD,
    Beginning,
    Silences,
    recorded_as_of_care,
)
from iro_cli.store.reading import Only, Reader

if TYPE_CHECKING:
    from pathlib import Path

    from iro_cli.obligations.clocks import Clock
    from iro_cli.obligations.reasons import Assumed
    from iro_cli.obligations.silences import BesideLatest, Silence


def _assumed_words(assumed: Assumed) -> str:
    """Say what had to be inferred; the sentences are loaded only if something had to be."""
    from iro_cli.sentences.reasons import assumed_words  # noqa: PLC0415

    return assumed_words(assumed)


class Horizon(NamedTuple):
    """How far ahead counts as soon."""

    amount: int = 28
    unit: str = "day"

    def words(self) -> str:
        """Write it for people."""
        return counted(self.amount, self.unit.replace("_", " "))

    def after(self, day: date, calendar: WorkingCalendar) -> date:
        """Return the last day that counts as soon (inclusive), counted from *day* (exclusive)."""
        return shift(day, self.amount, self.unit, calendar)


class View:
    """
    The store, the rules and the calendar on one day.

    Attributes:
        reader: The store.
        catalogue: The rules.
        calendar: Their working days, with local additions.
        as_of: The day the question is asked about.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        nation: str,
        as_of: date,
        packs: Sequence[str | Path] = (),
        strict: bool = False,
    ) -> None:
        """
        Load the rules.

        Args:
            reader: The store, open; within a change, the change.
            nation: The authority's nation.
            as_of: The day the question is asked about.
            packs: Local rule packs.
            strict: Whether to refuse whatever would have to be inferred.

        Raises:
            StoreError: The store cannot be read.
            PackError: A local pack is wrong.
        """
        self.reader = reader
        self._additions = additions = self.reader.additions()
        self._abroad: dict[str, View | None] = {}
        self._holder_names: list[str] | None = None
        self._nation, self._packs = nation, packs
        self.catalogue: Catalogue = library.catalogue(nation, packs, additions)
        self.calendar = library.calendar(self.catalogue.calendar, additions)
        self.watched = self.reader.watches()
        self.as_of = as_of
        self.strict = strict

    def close(self) -> None:
        """Close the store, so that nobody has to wait for this question any longer."""
        self.reader.close()

    def holder_names(self) -> list[str]:
        """Return the names of everybody who has or had children, in order; they are read once."""
        if self._holder_names is None:
            self._holder_names = self.reader.holder_names()
        return self._holder_names

    def abroad(self, nation: str) -> View | None:
        """
        Return the same store and day under the law of another nation.

        The child's own nation decides which law applies, whichever authority asks.

        Returns:
            The view; ``None`` if this version has no rules for the nation.
        """
        if nation not in self._abroad:
            self._abroad[nation] = self._under(nation)
        return self._abroad[nation]

    def _under(self, nation: str) -> View | None:
        if not library.has_rules(nation):
            return None
        # A copy of this view, which the module `copy` would make too: it takes long to import.
        found = object.__new__(type(self))
        # Its other views are its own, so that no view refers to itself: a store is closed as soon
        # as the last view of it is gone.
        vars(found).update(vars(self), _abroad={})
        packs = self._packs if nation == self._nation else ()
        found.catalogue = library.catalogue(nation, packs, self._additions)
        found.calendar = library.calendar(found.catalogue.calendar, self._additions)
        return found

    def of(self, child: Child) -> View:
        """Return this view under the law of a child's own nation, if that has rules here."""
        if child.nation is None or child.nation == self.catalogue.nation:
            return self
        return self.abroad(child.nation) or self

    def no_clocks(self) -> Clocks:
        """Return the clocks of a child without any event."""
        return Clocks([], [], {})

    def shown(self, *, everything: bool = False) -> Watchlist:
        """Return which timescales are shown."""
        return Watchlist(self.catalogue, self.watched, everything)

    def listing(self, shown: Watchlist, horizon: Horizon = Horizon()) -> DueRows:  # noqa: B008
        """Return what turns clocks into rows, for each child by the law of its own nation."""
        found = DueRows(
            self.catalogue,
            self.calendar,
            shown,
            as_of=self.as_of,
            horizon=horizon.after(self.as_of, self.calendar),
            strict=self.strict,
            say=_assumed_words,
        )
        others: dict[str, DueRows] = {}

        def abroad(nation: str) -> DueRows | None:
            other = self.abroad(nation)
            if other is None:
                return None
            if nation not in others:
                theirs = other.shown(everything=shown.everything)
                others[nation] = other.listing(theirs, horizon)
            return others[nation]

        found.abroad = abroad
        return found

    def engines(self, shown: Watchlist) -> Engines:
        """Return what runs the clocks of each child by the law of its own nation."""
        return Engines(self, shown)

    def check_names(
        self, *, iro: str | None = None, team: str | None = None, process: str | None = None
    ) -> None:
        """
        Refuse a filter that names nobody, because an empty list would look like good news.

        Raises:
            InputRefusedError: No child is allocated to the IRO or chair, or is in the team.
            UsageError: There is no such process.
        """
        processes = self.catalogue.processes
        if process is not None and process not in processes:
            raise UsageError(f"process {process!r}: one of {', '.join(processes)}")
        if iro is not None:
            _check_name(
                f"IRO or chair {iro!r}: no child is allocated to that name",
                iro,
                self.holder_names(),
            )
        if team is not None:
            _check_name(
                f"team {team!r}: no child is in a team of that name", team, self.reader.teams()
            )

    def among(
        self,
        *,
        child: str | None = None,
        iros: Sequence[str] = (),
        team: str | None = None,
        process: str | None = None,
        timescales: frozenset[str] = frozenset(),
    ) -> Only:
        """
        Return the children that a question with these filters can be about.

        They are found with the store's indexes, so that a question about few children reads only
        few.  Some of them may drop out later, when their rows are filtered.

        Args:
            child: Only this child.
            iros: Only children who were ever allocated to one of these people; all children if
                nobody is named.
            team: Only children of this team.
            process: Only children with an event that can begin this process.
            timescales: Only children with an event that can begin one of these timescales; all
                children if none is named.

        Returns:
            The children; ``None`` for all of them.
        """
        if child is not None:
            return child
        found: list[set[str]] = []
        if iros:
            names = self.holder_names()
            found.append({one for iro in iros for one in self.reader.held_by(iro, names)})
        if team is not None:
            found.append(self.reader.in_team(team))
        if (process is not None or timescales) and not found:
            begins = self.catalogue.begun_by(timescales or self.catalogue.of_process(process or ""))
            # By another nation's law, other events may begin it, so its children are all read.
            others = self.reader.of_other_nations(self.catalogue.nation)
            found.append(self.reader.with_events(begins) | others)
        return set.intersection(*found) if found else None

    def cases(
        self,
        shown: Watchlist,
        only: Only = None,
        *,
        whole: bool = False,
        keep_met: bool = True,
    ) -> Iterator[Case]:
        """
        Yield every child that has events, or those asked for.

        Args:
            shown: Which timescales matter.
            only: The children asked for: one, several, or ``None`` for all.
            whole: Whether to read every event with every detail, and not only what the
                timescales depend on.
            keep_met: Whether to include what was met, and every allocation there has been.

        Raises:
            InputRefusedError: The one child asked for is unknown.
        """
        children = self.reader.children(only)
        if isinstance(only, str) and not children:
            raise unknown_child(self.reader, only)
        holders = self.reader.holders(self.as_of, only)
        ever = self.reader.allocations(only) if keep_met else {}
        holders, ever = _in_one_spelling(holders, ever)
        engines = self.engines(shown)
        work = engines.home
        as_of, nobody = self.as_of, Child("")
        nations = {one.nation for one in children.values()} - {None, self.catalogue.nation}
        used = [work, *(engines.of_nation(one) for one in nations if one)]
        named = () if whole else work.named.union(LEFT, *(one.named for one in used))
        whole = whole or any(not one.details <= READ_DAILY for one in used)
        not_known = _NotKnown(self, used, only)
        telling = work.telling.union(*(one.telling for one in used))
        moved = self._moved(asked=keep_met)
        for child_id, events in self.reader.cases(
            as_of, only, whole=whole, named=named, telling=telling
        ):
            later = _taken_after(events, as_of) if events[-1].on > as_of else ()
            if not events:
                continue
            child = children.get(child_id, nobody)
            engine = engines.of(child) if nations else work
            silences, own = not_known.of(child_id, engine, events, later, met=keep_met)
            clocks = engine.run(
                events,
                as_of=as_of,
                born=child.date_of_birth,
                keep_met=keep_met,
                silences=silences,
                none_held=own,
            )
            # What ended before a move is judged by the law under which it ended.
            if child_id in moved:
                clocks = _kept(engines, child, events, clocks, silences, own)
            yield Case(child, events, clocks, holders, ever.get(child_id, ()), later, silences, own)

    def counted(self, shown: Watchlist, only: Only = None, **how: bool) -> Iterator[Case]:
        """Yield the same children as :meth:`cases`, each team in one spelling and so in one row."""
        found, teams = self.cases(shown, only, **how), self._team_spellings()
        return (one._replace(teams=teams) for one in found) if teams else found

    def _team_spellings(self) -> Mapping[str, str]:
        """Return the other spellings of teams, each with the one that most children have."""
        teams = self.reader.teams()
        if len({one.casefold() for one in teams}) == len(teams):
            return {}
        sizes = self.reader.team_sizes()
        # Of two that as many children have, one with small and capital letters is shown.
        usual = sorted(sizes, key=lambda one: (-sizes[one], one.isupper() or one.islower(), one))
        shown: dict[str, str] = {}
        for one in usual:
            shown.setdefault(one.casefold(), one)
        return {one: shown[one.casefold()] for one in usual}

    def _moved(self, *, asked: bool) -> set[str]:
        """Return the children who left a nation, if what was met is asked for."""
        return self.reader.with_events(LEFT) if asked else set()

    def silences(
        self, used: Iterable[Engine], only: Only
    ) -> tuple[Silences, Mapping[str, Sequence[Beginning]]]:
        """
        Return what the extracts do not carry, and which source states each beginning.

        Reading a few rows is enough to see whether anything is missing; mostly nothing is.
        """
        found = Silences(self.reader.carried(), self.reader.unsaid(only))
        whose = found.whose_placements
        if whose is None or whose:
            of = only if whose is None else whose
            found.placements = self.reader.statements((PLACED,), date.max, of)
        names = frozenset[str]()
        if found.events:
            names = names.union(*(one.beginnings(found.events) for one in used))
        # A process that begins after the last of these days is not concerned.
        among = only if found.children is None else found.children
        stated = self.reader.statements(names, found.until, among) if names else {}
        return found, self._as_extracts_began(stated)

    def begun(self, used: Iterable[Engine], only: Only) -> Mapping[str, Sequence[Beginning]]:
        """Return which source states each start, and each meeting listed only as the latest."""
        names = BEGINS_INSTEAD.union(*(one.around_latest() for one in used))
        return self._as_extracts_began(self.reader.statements(names, date.max, only))

    def _as_extracts_began(
        self, stated: Mapping[str, Sequence[Beginning]]
    ) -> Mapping[str, Sequence[Beginning]]:
        """
        Return the beginnings, with those that a person put right as stated by the extract.

        A person who recorded the start of care is taken to record its reviews too.  A person who
        only put right the day that an extract gave is not: the reviews are still missing.
        """
        typed = {child for child, those in stated.items() if any(one[2] is None for one in those)}
        if not typed:
            return stated
        from iro_cli.store.put_right import put_right  # noqa: PLC0415 - extracts mostly say all

        found = dict(stated)
        for child, those in put_right(self.reader, typed).items():
            whose = {one.now[:2]: one.stated_by for one in those if one.now and one.stated_by}
            if child in typed and whose:
                found[child] = [
                    (name, on, by or whose.get((name, on))) for name, on, by in stated[child]
                ]
        return found


class _NotKnown:
    """
    Finds what is not known about one child after another; few children need all that it reads.

    Args:
        view: The store and the day.
        used: The engines of every nation whose law counts for a child.
        only: The children asked for.
    """

    def __init__(self, view: View, used: Sequence[Engine], only: Only) -> None:
        self._view, self._used, self._only = view, used, only
        self._silent, self._stated = view.silences(used, only)
        self._instead = view.reader.with_events(BEGINS_INSTEAD) if self._silent.extracts else set()
        meetings = frozenset().union(*(one.recorded for one in used))
        lists = self._silent.latest_only
        asked = lists and meetings
        self._recorded = view.reader.with_recorded(meetings, only) if asked else set()
        self._none_held: Mapping[str, Mapping[tuple[str, date], date]] | None = None
        self._begun: Mapping[str, Sequence[Beginning]] | None = None

    def of(
        self,
        child_id: str,
        engine: Engine,
        events: Sequence[Event],
        later: Sequence[Event],
        *,
        met: bool,
    ) -> tuple[Sequence[Silence], Mapping[tuple[str, date], date]]:
        """
        Return the days of a child for which it is not known what happened, and what is proved.

        Args:
            child_id: The child.
            engine: The engine that runs its clocks.
            events: The child's events up to the as-of day.
            later: The child's events after it.
            met: Whether what was met is asked for too.

        Returns:
            The days, and by latest meeting the last day up to which no other one was held.
        """
        silences = self._silent.of(self._stated.get(child_id, ()), child_id, events, later)
        every = [*events, *later] if later else events
        if child_id in self._instead:
            silences = [*silences, *recorded_as_of_care(every)]
        recorded: Sequence[BesideLatest] = ()
        if child_id in self._recorded:
            recorded = [*filter(self._silent.in_doubt, engine.beside_latest(every))]
        if not (later or met or recorded):
            return silences, {}
        if self._none_held is None:
            self._none_held = self._view.reader.none_held(self._only)
        none_held = self._none_held.get(child_id, {})
        silences = [*silences, *engine.before_latest(events, later, none_held)]
        if recorded:
            if self._begun is None:
                self._begun = self._view.begun(self._used, self._only)
            begun = self._begun.get(child_id, ())
            silences += self._silent.before_recorded(recorded, begun, every, none_held)
        return silences, none_held


def _kept(
    engines: Engines,
    child: Child,
    events: Sequence[Event],
    clocks: Clocks,
    silences: Sequence[Silence],
    none_held: Mapping[tuple[str, date], date],
) -> Clocks:
    """
    Return the clocks of a child who moved, with what ended before each move by that nation's law.

    If the next nation has no rule for a duty, the duty ends with the move without being met; it
    was late if it was due before.  What ends on the day of a move belongs to the next nation, if
    that has the rule.  A duty that goes on after the child moves back is counted once.
    """
    met: list[Clock] = []
    lapsed: list[Clock] = []
    left: list[Clock] = []
    moves = [one for one in events if one.event in LEFT]
    nations = [*(LEFT[one.event] for one in moves), child.nation]
    since = date.min
    for move, nation, entered in zip(moves, nations, nations[1:], strict=False):
        found = engines.of_nation(LEFT[move.event]).run(
            [one for one in events if one.on <= move.on],
            as_of=move.on,
            born=child.date_of_birth,
            silences=silences,
            none_held=none_held,
        )
        rules = engines.rules_of(entered)
        # A duty that the next nation has too goes on with its clock.  One that it does not have is
        # no longer owed by anybody.
        over = [one._replace(ended=move.on) for one in found.open if one.rule.id not in rules]
        here = _judged(_held(found.met, since), rules, move.on)
        gone = _judged(_ended(found.lapsed, since), rules, move.on)
        left = _without(left, [*here, *gone, *over])
        met += [one._replace(nation=nation) for one in here]
        lapsed += [one._replace(nation=nation) for one in gone]
        left += [one._replace(nation=nation) for one in over]
        since = move.on
    here = _held(clocks.met, since)
    gone = _ended(clocks.lapsed, since)
    left = _without(left, [*clocks.open, *here, *gone])
    # If the child moved away and back on one day, both sides have the same met clocks.
    once = [one for one in met if one.held != since or _without([one], here)]
    return clocks._replace(met=once + here, lapsed=[*lapsed, *left, *gone])


def _without(left: Iterable[Clock], after: Iterable[Clock]) -> list[Clock]:
    """Return the duties that ended with a move, without those that went on after a move back."""
    same = {(one.rule.id, one.key, one.started) for one in after}
    return [one for one in left if (one.rule.id, one.key, one.started) not in same]


def _judged(ended: Iterable[Clock], rules: Collection[str], move: date) -> list[Clock]:
    """Return what ended before a move, and on its day if the next nation has no rule for it."""
    return [
        one for one in ended if one.rule.id not in rules or (one.held or one.ended or move) < move
    ]


def _held(met: Iterable[Clock], since: date) -> list[Clock]:
    """Return what was met on a day or later."""
    return [one for one in met if one.held is None or one.held >= since]


def _ended(lapsed: Iterable[Clock], since: date) -> list[Clock]:
    """Return what ended without being met on a day or later."""
    return [one for one in lapsed if one.ended is None or one.ended >= since]


def _in_one_spelling(
    holders: dict[tuple[str, str], str],
    ever: dict[str, list[Allocation]],
) -> tuple[dict[tuple[str, str], str], dict[str, list[Allocation]]]:
    """Return who holds and held the children, each person in one spelling and so in one row."""
    names = {*holders.values()}.union(one.name for those in ever.values() for one in those)
    if len({name.casefold() for name in names}) == len(names):
        return holders, ever
    from iro_cli.facts.names import other_spellings  # noqa: PLC0415 - few stores have any

    other = other_spellings(names)
    return (
        {key: other.get(name, name) for key, name in holders.items()},
        {
            child: [one._replace(name=other.get(one.name, one.name)) for one in those]
            for child, those in ever.items()
        },
    )


def _taken_after(events: list[Event], day: date) -> list[Event]:
    """Remove the events after a day from a child's events, and return them."""
    after = [one for one in events if one.on > day]
    del events[len(events) - len(after) :]
    return after


class Engines:
    """
    Run the clocks of each child by the law of its own nation.

    Attributes:
        home: The engine for children of the authority's own nation.

    Args:
        view: The store and the rules.
        shown: Which timescales matter.
    """

    def __init__(self, view: View, shown: Watchlist) -> None:
        """Work out what each kind of event does by the law of the authority's own nation."""
        self.home = Engine(view.catalogue, shown.wanted())
        self._view, self._everything = view, shown.everything
        self._abroad: dict[str, Engine] = {}

    def of(self, child: Child) -> Engine:
        """Return the engine that runs the clocks of one child."""
        if child.nation is None or child.nation == self._view.catalogue.nation:
            return self.home
        return self.of_nation(child.nation)

    def rules_of(self, nation: str | None) -> Collection[str]:
        """Return the ids of a nation's rules; those of our own nation if it has none here."""
        view = self._view
        if nation is None or nation == view.catalogue.nation:
            return view.catalogue.rules
        return (view.abroad(nation) or view).catalogue.rules

    def of_nation(self, nation: str) -> Engine:
        """Return the engine for the law of a nation; our own nation's if it has none here."""
        found = self._abroad.get(nation)
        if found is None:
            other = self._view.abroad(nation)
            found = self.home
            if other is not None:
                wanted = other.shown(everything=self._everything).wanted()
                found = Engine(other.catalogue, wanted)
            self._abroad[nation] = found
        return found


def unknown_child(
    reader: Reader, *children: str, remedy: str = "`iro child list` lists them all"
) -> InputRefusedError:
    """
    Return the error for children that are not in the store, with similar ids and labels.

    Args:
        reader: The store.
        children: What was typed for them.
        remedy: What to do; ``{}`` stands for what was typed.
    """
    known = {one.casefold(): one for one in reader.child_ids()}
    for one, label in reader.labels().items():
        known.setdefault(label.casefold(), f"{label} ({one})")
    lines = []
    for child in children:
        near = nearest_of(child.casefold(), known)
        lines.append(f"there is no child {child!r}{near}; {remedy.format(child)}")
    return InputRefusedError("\n".join(lines))


def known_children(reader: Reader, children: Sequence[str], **more: str) -> dict[str, Child]:
    """
    Return the details of children, by their ids.

    Args:
        reader: The store.
        children: Their ids.
        more: The ``remedy`` to name for a child that is not in the store.

    Raises:
        InputRefusedError: There is no such child.
    """
    found = reader.children(children)
    missing = [child for child in children if child not in found]
    if missing:
        raise unknown_child(reader, *missing, **more)
    return found


def known_child(reader: Reader, child: str) -> Child:
    """
    Return the details of a child.

    Raises:
        InputRefusedError: There is no such child.
    """
    return known_children(reader, [child])[child]


def _check_name(refusal: str, name: str, known: Sequence[str]) -> None:
    if name.casefold() not in {one.casefold() for one in known}:
        raise InputRefusedError(f"{refusal}{nearest(name, known)}")
