"""Which timescales are shown."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule


class Shown(NamedTuple):
    """Which timescales are shown: always, from a day on, or all of them."""

    catalogue: Catalogue
    watched: Mapping[str, date]
    everything: bool = False

    def wanted(self) -> frozenset[str] | None:
        """Return the ids of the rules whose clocks matter, ``None`` for all."""
        if self.everything:
            return None
        rules = self.catalogue.rules
        on = {rule.id for rule in rules.values() if self.catalogue.is_shown(rule)} | {*self.watched}
        # A rule that follows another's clock needs that clock.
        followed = {name for rule in on & {*rules} for name in rules[rule].follows}
        return frozenset(on | followed)

    def may_show(self, rule: Rule) -> bool:
        """Say whether a rule is shown for some clock."""
        return self.everything or self.catalogue.is_shown(rule) or rule.id in self.watched

    def shows(self, rule: Rule, started: date | None) -> bool:
        """Say whether a clock of a rule is shown, started on a day or on none that is known."""
        if self.everything or self.catalogue.is_shown(rule):
            return True
        begins = self.watched.get(rule.id)
        return begins is not None and started is not None and started >= begins
