"""Put together all rules of one nation, check them against each other, and look them up by name."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from iro_cli.errors import InputRefusedError, PackError
from iro_cli.law.model import Match, Pack, Process, Rule, Span
from iro_cli.lean import Any, NamedTuple

# How many similar names are suggested for a mistyped one.
_NEAREST = 3


class UnknownTimescaleError(InputRefusedError):
    """No pack has a timescale with this name, or several could be meant."""


class Chain(NamedTuple):
    """
    Rules that follow one another: first, second, subsequent.

    Attributes:
        rules: In order; each starts when the one before it is met.
        repeats: Whether the last starts again when it is met.
    """

    rules: tuple[Rule, ...]
    repeats: bool

    @property
    def root(self) -> Rule:
        """Return the rule that an event starts."""
        return self.rules[0]


class Catalogue:
    """
    The rules of one nation, with what local packs add.

    Attributes:
        nation: The nation whose law it is.
        calendar: The name of the working-day calendar it counts by.
        rules: Every rule by id, in the order of the packs.
        spans: Every span by id.
        chains: The rules with a clock of their own, as they follow one another.
        turned_on: The local rules that a local pack turned on.
        digest: A fingerprint of the rules and bank holidays.
        kept: What other rooms worked out from the rules alone, kept here to be used again.
    """

    def __init__(self, packs: Iterable[Pack], digest: str, *, checked: bool = False) -> None:
        """
        Put the packs together, the nation's own first.

        Args:
            packs: The packs.
            digest: The fingerprint.
            checked: Whether it is known that every name in the packs exists, because that was
                checked when they were compiled.

        Raises:
            PackError: The packs contradict each other; it has every contradiction at once.
        """
        national, *local = packs
        self.packs = (national, *local)
        self.nation = national.nation
        self.calendar = national.calendar
        self.childhood_ends_at_age = national.childhood_ends_at_age
        self.caseload = national.caseload
        self.digest = digest
        self.kept: dict[object, Any] = {}
        self.processes: dict[str, Process] = {
            one.id: one for pack in self.packs for one in pack.processes
        }
        self.spans: dict[str, Span] = {one.id: one for pack in self.packs for one in pack.spans}
        self.rules: dict[str, Rule] = {one.id: one for pack in self.packs for one in pack.rules}
        self.turned_on = frozenset(
            [rule for pack in self.packs for rule in pack.turn_on]
            + [rule.id for pack in local for rule in pack.rules if rule.watched != "no"]
        )
        self.chains = self._checked_chains([] if checked else self._contradictions())
        # The last pack that says so decides, so that an authority can choose for itself.
        counted = [pack.next_review_from for pack in self.packs if pack.next_review_from]
        self.next_from_completion = counted[-1:] == ["completion"]
        # The rules without a clock of their own, by the rule whose clock they follow: they count
        # back from its booked meeting, or fall between two of its meetings.
        self.followers: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules.values():
            for name in rule.follows:
                self.followers[name] = (*self.followers.get(name, ()), rule)
        self.companions: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules.values():
            if rule.beside:
                self.companions[rule.beside] = (*self.companions.get(rule.beside, ()), rule)

    def _checked_chains(self, problems: list[str]) -> tuple[Chain, ...]:
        """Return the chains, unless something is wrong with the packs."""
        broken: list[str] = []
        chains = tuple(self._chains(broken))
        # If two rules have the same id, it cannot be said which rule follows which, so only the
        # id is reported.
        if len(self.rules) == sum(len(pack.rules) for pack in self.packs):
            problems += broken
        problems += self._idle(chains, problems)
        if problems:
            raise PackError(problems)
        return chains

    def _contradictions(self) -> list[str]:
        """Return each name that is used but not defined, and each key a local pack must not set."""
        _, *local = self.packs
        return self._problems() + [problem for pack in local for problem in self._local(pack)]

    def _problems(self) -> list[str]:
        found = []
        for pack in self.packs:
            if pack.nation != self.nation:
                found.append(f"{pack.name}: nation — {pack.nation} is not {self.nation}")
            for rule in pack.rules:
                found += [
                    f"{pack.name}: rules.{rule.id}.{key} — there is no {kind} {name!r}"
                    for key, kind, name, known in self._names(rule)
                    if name not in known
                ]
            found += self._wrong_spans(pack)
        taken: set[str] = set()
        for pack in self.packs:
            for key, name in (
                *(("rules", one.id) for one in pack.rules),
                *(("spans", one.id) for one in pack.spans),
            ):
                if name in taken:
                    found.append(
                        f"{pack.name}: {key}.{name}.id — two rules or spans are called {name!r}"
                    )
                taken.add(name)
        return found

    def _wrong_spans(self, pack: Pack) -> Iterable[str]:
        """Yield what is wrong with the spans of a pack, and the names in them that do not exist."""
        for span in pack.spans:
            where = f"{pack.name}: spans.{span.id}"
            if span.process not in self.processes:
                yield f"{where}.process — there is no process {span.process!r}"
            if span.rests_on and span.rests_on not in self.spans:
                yield f"{where}.rests_on — there is no span {span.rests_on!r}"
            if self._rests_on_itself(span):
                yield f"{where}.rests_on — it rests on itself in the end"
            matches = (
                *(*span.opened_by, *span.closed_by),
                *(*span.continued_by, *span.implied_by, *span.taken_from),
            )
            for key, kind, name, known in self._open_names(matches):
                if name not in known:
                    yield f"{where}.{key} — there is no {kind} {name!r}"

    def _rests_on_itself(self, span: Span) -> bool:
        """Say whether the spans that one rests on lead back to it."""
        below, seen = span.rests_on, set[str]()
        while below in self.spans and below not in seen:
            seen.add(below)
            below = self.spans[below].rests_on
        return span.id in seen

    def _whose(self, rule: Rule) -> str:
        return next(pack.name for pack in self.packs if rule in pack.rules)

    def _names(self, rule: Rule) -> Iterable[tuple[str, str, str, Iterable[str]]]:
        yield "process", "process", rule.process, self.processes
        for key, span in (("span", rule.span), ("stopped_while", rule.stopped_while)):
            if span:
                yield key, "span", span, self.spans
        trigger = rule.trigger
        for key, named in (
            *(("held", trigger.held), ("booked", trigger.booked)),
            ("between", trigger.between),
        ):
            for name in named:
                yield f"trigger.{key}", "rule", name, self.rules
        if rule.beside:
            own = [one.id for one in self.rules.values() if not one.beside]
            yield (
                "marks" if rule.marks else "tightens",
                "rule with a clock of its own",
                rule.beside,
                own,
            )
        yield from self._open_names(
            (*rule.met_by, *rule.trigger.event, *rule.advanced_by, *rule.stopped_by)
        )

    def _open_names(
        self, matches: Iterable[Match]
    ) -> Iterable[tuple[str, str, str, Iterable[str]]]:
        for match in matches:
            if match.while_open:
                yield "while_open", "span", match.while_open, self.spans

    def _local(self, pack: Pack) -> Iterable[str]:
        # A local pack may add to the law and tighten it, but not change it.  If it could set the
        # age at which childhood ends, a child of 17 might lose the reviews that the law owes.
        for key in ("childhood_ends_at_age", "caseload"):
            if getattr(pack, key) is not None:
                yield f"{pack.name}: {key} — only a nation's own pack may have this key"
        # With a calendar that has the council's own closing days, statutory dates would move.
        if pack.calendar != self.calendar:
            yield f"{pack.name}: calendar — a local pack counts by its nation's calendar"
        for name in pack.turn_on:
            if name not in self.rules:
                yield f"{pack.name}: turn_on — there is no rule {name!r}"
            elif self.rules[name].watched != "local":
                yield f"{pack.name}: turn_on — {name} is not a local rule and is never off"
        # A limit of one council must never look like law in a listing or an explanation.
        for rule in pack.rules:
            if rule.strength != "local":
                yield f"{pack.name}: rules.{rule.id}.strength — a local pack's rules are 'local'"

    def _idle(self, chains: Iterable[Chain], problems: list[str]) -> list[str]:
        """Return a problem for each rule that nothing starts, if it has no problem already."""
        live = {rule.id for chain in chains for rule in chain.rules}
        # If two rules follow one, that is a problem of its own, and neither is idle.
        live |= {rule.id for rule in self.rules.values() if live.intersection(rule.trigger.held)}
        # A rule without a clock is live if a clock that it follows can run.
        live |= {rule.id for rule in self.rules.values() if live.intersection(rule.follows)}
        return [
            f"{pack.name}: rules.{rule.id}.trigger — nothing ever starts it: no event begins its "
            "chain of rules"
            for pack in self.packs
            for rule in pack.rules
            if not (rule.id in live or rule.beside)
            and not any(f"rules.{rule.id}." in problem for problem in problems)
        ]

    def _chains(self, problems: list[str]) -> Iterable[Chain]:
        """Yield the chains, and add to *problems* what is wrong with one."""
        after: dict[str, list[Rule]] = {}
        for rule in self.rules.values():
            for name in rule.trigger.held:
                after.setdefault(name, []).append(rule)
        for root in self.rules.values():
            if not root.trigger.event:
                continue
            # A chain begins with a rule that an event starts.  Each next rule starts when the one
            # before it is held, until none follows or the last follows itself.
            chain = [root]
            while following := [one for one in after.get(chain[-1].id, []) if one not in chain]:
                if len(following) > 1:
                    names = " and ".join(one.id for one in following)
                    problems.append(
                        f"{self._whose(following[-1])}: rules.{following[-1].id}.trigger.held — "
                        f"{chain[-1].id} is followed by both {names}"
                    )
                chain.append(following[0])
            # A review meets whichever rule of the chain is running.  With other events or another
            # span in one of them, the next review could meet nothing.
            problems += [
                f"{self._whose(rule)}: rules.{rule.id}.met_by — met_by and span must be those of "
                f"{root.id}"
                for rule in chain[1:]
                if (rule.met_by, rule.span) != (root.met_by, root.span)
            ]
            last = chain[-1]
            yield Chain(tuple(chain), last.id in last.trigger.held)

    def get(self, name: str) -> Rule:
        """
        Return the rule called *name*, by its id or by what people call it, such as "first review".

        Raises:
            UnknownTimescaleError: There is no such rule, or several could be meant; the message
                names those, or similar ones.
        """
        if name in self.rules:
            return self.rules[name]
        from iro_cli.facts.said import timescale_alone  # noqa: PLC0415 - ids are mostly typed

        found = timescale_alone(name, self.rules)
        if len(found) == 1:
            return self.rules[found[0]]
        if found:
            raise UnknownTimescaleError(f"{name!r} may be {' or '.join(found)}: say which")
        raise self.unknown(name)

    def unknown(self, name: str, open_now: Collection[str] = ()) -> UnknownTimescaleError:
        """
        Return the error for a name that no timescale has.

        Args:
            name: What was typed.
            open_now: The timescales that are open for the child; they are suggested first.
        """
        from iro_cli.facts.said import TIMESCALE_WORDS, near_words  # noqa: PLC0415 - mistyped

        near = near_words(name, TIMESCALE_WORDS, self.rules)
        near.sort(key=lambda one: one not in open_now)
        close = f"; did you mean {' or '.join(near[:_NEAREST])}?" if near else ""
        return UnknownTimescaleError(
            f"there is no timescale {name!r}{close}; `iro timescales` lists them all"
        )

    def group(self, name: str) -> tuple[str, ...]:
        """
        Return the ids of the timescales that a name stands for.

        It can be an id, the name of a group, or what people call one or several timescales.

        Raises:
            UnknownTimescaleError: It stands for no timescale.
        """
        grouped = tuple(rule.id for rule in self.rules.values() if rule.group == name)
        if grouped or name in self.rules:
            return grouped or (name,)
        from iro_cli.facts.said import timescales_said  # noqa: PLC0415 - ids are mostly typed

        return timescales_said(name, self.rules) or (self.get(name).id,)

    def to_be_watched(self, names: Iterable[str]) -> list[str]:
        """
        Return the ids of the timescales to turn on, given by id or by group.

        Raises:
            InputRefusedError: One is always shown, or only a local pack can turn it on.
            UnknownTimescaleError: There is no such timescale.
        """
        found = self.that_are_off(names)
        for name in found:
            rule = self.rules[name]
            if self.is_shown(rule):
                raise InputRefusedError(f"{name} is always shown; there is nothing to turn on")
            if rule.watched == "local":
                raise InputRefusedError(
                    f'{name} is a local marker: a local pack turns it on with turn_on = ["{name}"]'
                )
        return found

    def that_are_off(self, names: Iterable[str]) -> list[str]:
        """Return the ids meant; of a group, only those that can be turned on, if any can be."""
        found: list[str] = []
        for name in names:
            group = self.group(name)
            found += [one for one in group if self.rules[one].watched == "no"] or group
        return found

    def of_process(self, process: str) -> frozenset[str]:
        """Return the ids of the rules of a process; capitals do not matter."""
        folded = process.casefold()
        return frozenset(
            rule.id for rule in self.rules.values() if rule.process.casefold() == folded
        )

    def begun_by(self, wanted: frozenset[str]) -> frozenset[str]:
        """
        Return the events of which a child needs at least one before anything is open.

        Args:
            wanted: The ids of the rules asked about.  A rule without a clock of its own is open
                only if the clock that it shares or follows is.
        """
        found: set[str] = set()
        for chain in self.chains:
            own = [rule.id for rule in chain.rules]
            beside = [self.companions.get(name, ()) + self.followers.get(name, ()) for name in own]
            if wanted.isdisjoint((*own, *(rule.id for rules in beside for rule in rules))):
                continue
            found.update(match.event for match in chain.root.trigger.event)
            span = self.spans.get(chain.root.span or "")
            if span is not None:
                matches = (span.opened_by, span.continued_by, span.implied_by, span.taken_from)
                found.update(match.event for group in matches for match in group)
        return frozenset(found)

    def is_shown(self, rule: Rule) -> bool:
        """Say whether a rule's obligations are shown without anybody asking for them."""
        return rule.watched == "yes" or rule.id in self.turned_on


class Watchlist(NamedTuple):
    """
    Which timescales are shown: those that always are, and those that somebody turned on.

    Attributes:
        catalogue: The rules.
        watched: The timescales that somebody turned on, each with the day from which its clocks
            are shown (inclusive).
        everything: Whether every timescale is shown, turned on or not.
    """

    catalogue: Catalogue
    watched: Mapping[str, date]
    everything: bool = False

    def wanted(self) -> frozenset[str] | None:
        """Return the ids of the rules whose clocks have to run; ``None`` for all."""
        if self.everything:
            return None
        rules = self.catalogue.rules
        on = {rule.id for rule in rules.values() if self.catalogue.is_shown(rule)} | {*self.watched}
        # A rule that follows another's clock needs that clock.
        followed = {name for rule in on & {*rules} for name in rules[rule].follows}
        return frozenset(on | followed)

    def may_show(self, rule: Rule) -> bool:
        """Say whether a rule can be shown for any clock."""
        return self.everything or self.catalogue.is_shown(rule) or rule.id in self.watched

    def shows(self, rule: Rule, started: date | None) -> bool:
        """
        Say whether a clock of a rule is shown.

        A local rule does not apply to what began before it: an authority that writes one down
        today does not owe it for last year's meetings.

        Args:
            rule: The rule.
            started: The day the clock started; ``None`` if it is not known.
        """
        if rule.strength == "local" and started is not None and rule.in_force(started) is None:
            return False
        if self.everything or self.catalogue.is_shown(rule):
            return True
        begins = self.watched.get(rule.id)
        return begins is not None and started is not None and started >= begins


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean …?`` for a mistyped name, or nothing."""
    return nearest_of(name, {one: one for one in known})


def nearest_of(name: str, known: Mapping[str, str]) -> str:
    """
    Return ``; did you mean …?`` for a mistyped name, or nothing.

    Args:
        name: What was typed.
        known: The names to compare it with, each with how it is written in the answer.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is mistyped

    close = [known[one] for one in get_close_matches(name, [*known], n=3, cutoff=0.5)]
    return f"; did you mean {' or '.join(close)}?" if close else ""
