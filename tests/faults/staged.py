"""Parts that run a command on its stage while something happens to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from faults.part import Part
from faults.stage import Stage, stages

# The chains of a short run: corrections, copies, files; for an encrypted store only the first.
_FEW = {False: frozenset({"put right", "copies", "files"}), True: frozenset({"put right"})}
# The stages made so far: two parts begin with the same stages.
_SET: dict[tuple[Path, bool], list[Stage]] = {}


class StagedPart(Part):
    """A part whose cases are a stage, a slash and what happens there."""

    stages: dict[str, Stage]
    # Cases that failed once, which a short run tries too.
    failed_once: ClassVar[tuple[str, ...]] = ()

    def prepare(self) -> None:
        """Make the stages."""
        self.stages = {}
        for kind, sealed in (("plain", False), ("encrypted", True)):
            if self.alone and not self.alone.startswith(f"{kind}/"):
                continue
            key = (self.folder, sealed)
            if key not in _SET:
                only = _FEW[sealed] if self.few else frozenset[str]()
                if self.alone:
                    only = frozenset({self.alone.split("/")[1].replace("-", " ")})
                _SET[key] = stages(self.folder, sealed=sealed, only=only)
            self.stages |= {one.name: one for one in _SET[key]}

    def of(self, case: str) -> tuple[Stage, str]:
        """Return the stage of a case, and what happens there."""
        name, _, what = case.rpartition("/")
        return self.stages[name], what

    def sample(self, case: str, cases: Sequence[str], count: int) -> list[str]:
        """Return some of the cases in a short run, else all."""
        if not self.few:
            return [*cases]
        return [*self.failed_once, *self.draw(case).sample(cases, min(count, len(cases)))]
