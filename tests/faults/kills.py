"""Kills: at each system call by which a command changes a file, and at random moments."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from faults.judging import judged
from faults.part import Outcome
from faults.program import Ended, Place
from faults.shim import KILL, TEAR, Arm, loaded
from faults.stage import copied
from faults.staged import StagedPart

# How many calls of a command are the last, at most.
_DRAWN = 30
# How long a program that is started may take until it writes, in seconds.
_STARTED = 0.5


class Kills(StagedPart):
    """
    Commands that are killed (SIGKILL).

    A case is the number of the system call before which the command is killed; `torn` and a
    number, where it is killed in the middle of that call; `moment` and a number, after a time
    that is drawn; `started`, the same for a program that is started anew.
    """

    name, title = "kills", "commands killed"

    def cases(self) -> Sequence[str]:
        """Return each call of each stage, and moments."""
        every: list[str] = []
        moments: list[str] = []
        for name, stage in self.stages.items():
            draw = self.draw(name)
            if loaded():
                of_all = range(1, stage.calls + 1)
                # Each call of a short command; of a long one, and of an encrypted store, where
                # the calls are the same, so many that are drawn.
                most = _DRAWN if name.startswith("plain/") else _DRAWN // 5
                every += [f"{name}/{at}" for at in draw.sample(of_all, min(most, stage.calls))]
                every += [f"{name}/torn{at}" for at in draw.sample(of_all, stage.calls // 12)]
            moments += [f"{name}/moment{number}" for number in range(2 if loaded() else 40)]
            moments += [f"{name}/started{number}" for number in range(1)]
        return self.sample("calls", every, 28) + self.sample("moments", moments, 4)

    def run(self, case: str, folder: Path) -> Outcome:
        """Kill a command, and look what became of the store."""
        stage, what = self.of(case)
        place = copied(stage.place, folder)
        words = shlex.split(stage.line)
        if what.startswith("moment"):
            ended = place.run(words, after=self.draw(case).uniform(0, stage.seconds * 1.2))
        elif what.startswith("started"):
            ended = _started(place, words, self.draw(case).uniform(0, _STARTED))
        elif what.startswith("torn"):
            ended = place.run(words, Arm(TEAR, int(what.removeprefix("torn"))))
        else:
            ended = place.run(words, Arm(KILL, int(what)))
        wrong = judged(stage, place, ended)
        how = "killed" if ended.code == -signal.SIGKILL else f"ended first, with {ended.code}"
        return Outcome(case, Counter({how: 1}), [f"`iro {stage.line}`: {one}" for one in wrong])


def _started(place: Place, words: Sequence[str], after: float) -> Ended:
    """Start the program as a shell does, and kill it after some time."""
    with subprocess.Popen(
        [sys.executable, "-m", "iro_cli", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=place.work,
        env=place.environment,
    ) as program:
        time.sleep(after)
        os.kill(program.pid, signal.SIGKILL)
        out, err = program.communicate()
    return Ended(program.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
