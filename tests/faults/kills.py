"""Kills at each system call by which a command changes a file, and at random moments."""

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

# How many calls are drawn for each command, before which it is killed, by the kind of store; then
# in the middle of how many it is killed, and at how many moments.
_DRAWN = {"plain": 10, "encrypted": 5}
_TORN, _MOMENTS, _MOMENTS_ALONE = 2, 1, 20
# How long a program that is started may take until it writes, in seconds.
_STARTED = 0.5


class Kills(StagedPart):
    """
    Commands that are killed (SIGKILL).

    A case is the number of the system call before which the command is killed; `torn` and a
    number, where it is killed in the middle of that call; `moment` and a number, after a time
    that is drawn; `started`, the same for a program that is started again.
    """

    name, title = "kills", "commands killed"

    def cases(self) -> Sequence[str]:
        """Return the calls of each stage (all if as many are asked for), and moments."""
        calls: list[str] = []
        moments: list[str] = []
        for name, stage in self.stages.items():
            draw, times = self.draw(name), self.times
            if loaded():
                of_all = range(1, stage.calls + 1)
                most = min(_DRAWN[name.partition("/")[0]] * times, stage.calls)
                calls += [f"{name}/{at}" for at in draw.sample(of_all, most)]
                torn = min(_TORN * times, stage.calls)
                calls += [f"{name}/torn{at}" for at in draw.sample(of_all, torn)]
            count = times * (_MOMENTS if loaded() else _MOMENTS_ALONE)
            moments += [f"{name}/moment{number}" for number in range(count)]
            moments += [f"{name}/started{number}" for number in range(times * _MOMENTS)]
        return self.sample("calls", calls, 18) + self.sample("moments", moments, 3)

    def run(self, case: str, folder: Path) -> Outcome:
        """Kill a command, and judge the store."""
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
