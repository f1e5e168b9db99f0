"""Keep the cost of a test run low, and say at its end what it took."""

import compileall
import gc
import itertools
import os
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from heapq import nlargest
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from _pytest.tmpdir import tmppath_result_key
from xdist.scheduler import EachScheduling

# The bound of `make test`, in seconds of processor time: both workers, what runs them, and
# every program that they start.
BOUND = 60
_DEAREST = 5
# The line with which a file marks each of its tests as slow.
_SLOW = b"\npytestmark = pytest.mark.slow\n"
_BY_FILE: defaultdict[str, float] = defaultdict(float)
_since: float | None = None


_MEMORY = Path("/dev/shm")
_ROOM = 1 << 30


def _stay_in_memory() -> None:
    """
    Put temporary folders where writing is cheapest, if there is room and programs may run.

    A store is flushed to the disk with each change, which the tests make by the thousand.
    """
    if os.name != "posix" or "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return
    found = os.statvfs(_MEMORY)
    if found.f_bavail * found.f_frsize > _ROOM and not found.f_flag & getattr(os, "ST_NOEXEC", 0):
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


_stay_in_memory()

# A garbage collection comes after so many new objects in a fast run; by default, after 700.
_NEW_OBJECTS = 10_000
# Collecting makes very many objects, and none of them can go before the run ends.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """
    Keep the collected tests out of every later garbage collection, and collect seldom.

    A test leaves few objects that refer to each other, and looking for them takes a tenth of a
    fast run.  Other runs collect as the program does, so that what is left open is told soon.
    """
    gc.freeze()
    if quick(session.config):
        gc.set_threshold(_NEW_OBJECTS)
    gc.enable()


def quick(config: pytest.Config) -> bool:
    """Say whether slow tests are left out."""
    return bool(config.option.markexpr == "not slow")


class _Brief:
    """
    Runs a test, and reports only what cannot be taken for granted.

    A worker sends seven messages for each test: that it begins and ends, how each of its three
    phases went, and that the next one may come.  To send them and to take them apart costs more
    than many a test.  A phase other than the test itself is told only where it did not pass.
    The terminal of a worker is told nothing, because nobody sees it.
    """

    def __init__(self, plugins: pytest.PytestPluginManager) -> None:
        unseen = plugins.get_plugin("terminalreporter")
        self._tell = plugins.subset_hook_caller("pytest_runtest_logreport", [unseen])

    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Run a test as pytest does, and report it once it is torn down."""
        for report in runtestprotocol(item, log=False, nextitem=nextitem):
            if report.when == "call" or not report.passed:
                self._tell(report=report)
        return True


# The files that other workers collect.
_OF_OTHERS: set[Path] = set()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Tell a worker which files are of its share, and compile a part of what all import."""
    given = getattr(config, "workerinput", None)
    if given is None:
        return
    if config.option.durations is None and not config.option.xmlpath:
        config.pluginmanager.register(_Brief(config.pluginmanager))
    tests = Path(__file__).parent
    files = sorted(one for room in (tests, tests.parent / "src") for one in room.rglob("*.py"))
    share = given.get("share")
    if share is not None:
        _OF_OTHERS.update(set(files) - set(files[share :: given["workercount"]]))
    if sys.dont_write_bytecode:
        return
    # Side by side they would compile each of them twice.
    for path in files[int(given["workerid"][2:]) :: given["workercount"]]:
        if not path.name.startswith("test_"):  # pytest compiles those, and its own way
            compileall.compile_file(path, quiet=2)


class Shares(EachScheduling):  # type: ignore[misc]  # it has no types
    """
    Lets each worker run what it collected, which is its share of the files.

    With xdist's other ways each worker collects every file and runs some.  To collect the files
    of the others costs a twentieth of a fast run.
    """

    node2pending: dict[Any, list[int]]

    def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
        """
        Take what a worker collected; one that takes another's place gets the rest of its share.

        If two workers broke off, xdist looks at the first of them only, which may have had
        another share.
        """
        if not self.collection_is_completed:
            super().add_node_collection(node, collection)
            return
        for broken in self._removed2pending:
            if self.node2collection[broken] == collection:
                self.node2collection[node] = self.node2collection.pop(broken)
                self.node2pending[node] = self._removed2pending.pop(broken)
                return

    def schedule(self) -> None:
        """
        Let the workers begin, and count the tests of all of them.

        A worker that takes another's place and has not collected yet begins with a later call.
        """
        session = self.config.pluginmanager.get_plugin("session")
        session.testscollected = sum(map(len, self.node2collection.values()))
        known = self.node2pending
        self.node2pending = {
            node: left for node, left in known.items() if node in self.node2collection
        }
        super().schedule()
        self.node2pending = known


def _in_shares(config: pytest.Config) -> bool:
    """Say whether a run is a whole fast one in which one worker runs all tests of a file."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return whole and quick(config) and config.getoption("dist", "no") == "loadfile"


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares | None:
    """Let each worker run its share."""
    return Shares(config, log) if _in_shares(config) else None


# The shares of workers that broke off: whoever takes the place of one takes its share.
_LEFT: list[int] = []
_NEXT = itertools.count()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker which share is its own."""
    if _in_shares(node.config):
        node.workerinput["share"] = _LEFT.pop() if _LEFT else next(_NEXT)


_FOLDERS = itertools.count()


def _remove(folder: str) -> None:
    """Remove a folder and what is in it."""
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir(follow_symlinks=False):
                _remove(one.path)
            else:
                os.unlink(one.path)  # noqa: PTH108 - to make a path takes longer
    os.rmdir(folder)  # noqa: PTH106 - the same


@pytest.fixture
def tmp_path(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """
    Leave a test a folder of its own, which is kept where the test failed.

    It is as that of pytest, which takes longer to make and to remove it than many a test takes:
    it looks through the folders that there are for the next number, and links the last one.
    """
    name = re.sub(r"\W", "_", request.node.name)[:30]
    path = tmp_path_factory.getbasetemp() / f"{name}_{next(_FOLDERS)}"
    path.mkdir(0o700)
    yield path
    if request.node.stash[tmppath_result_key].get("call", True):
        try:
            _remove(str(path))
        except OSError:  # its modes were changed
            shutil.rmtree(path, ignore_errors=True)


def _spent() -> float:
    """Return the processor time of this process and of those that it waited for."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, Any]:
    """
    Import a file only if it is of this worker's share and may have something to run.

    Each worker would do so: for doctests in the charts, which load matplotlib, and for files
    of which every test is slow.
    """
    if file_path in _OF_OTHERS:
        yield
        return []
    content = file_path.read_bytes()
    found = yield
    if b">>> " not in content:
        found = [one for one in found if type(one).__name__ != "DoctestModule"]
    return [] if _SLOW in content and quick(parent.config) else found


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Collector, name: str, obj: object
) -> list[pytest.Item] | None:
    """Leave out a slow test before its fixtures and parameters are worked out."""
    if name.startswith("test_") and quick(collector.config):
        marks = getattr(obj, "pytestmark", ())
        if any(one.name == "slow" for one in marks):
            return []
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, bool, bool]:
    """Measure each file once, because measuring takes longer than many a test."""
    global _since  # noqa: PLW0603 - a run has one clock
    if _since is None:
        _since = _spent()
    done = yield
    if nextitem is None or nextitem.path != item.path:
        _BY_FILE[item.nodeid.partition("::")[0]] += _spent() - _since
        _since = None
    return done


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's figures to the process that reports them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cost"] = dict(_BY_FILE)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the figures of a worker that ended or broke off, and what it leaves to do."""
    if "share" in node.workerinput:
        _LEFT.append(node.workerinput["share"])
    for name, spent in getattr(node, "workeroutput", {}).get("cost", {}).items():
        _BY_FILE[name] += spent


def told(user: float, system: float, bound: float | None) -> str:
    """
    Say how much processor time a run took, and whether it was too much.

    Args:
        user: Seconds in programs.
        system: Seconds in the system, for them.
        bound: The most it may take, in seconds; ``None`` where it has no bound.
    """
    of = "" if bound is None else f" of {bound:g}"
    over = " OVER THE BOUND" if bound is not None and user + system > bound else ""
    return f"CPU: {user + system:.0f} s{of} (user {user:.0f}, system {system:.0f}){over}"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print how much processor time the run took, and which files took most of it."""
    times = os.times()
    user, system = times.user + times.children_user, times.system + times.children_system
    bound = BOUND if quick(config) else None
    terminalreporter.write_line(told(user, system, bound))
    most = nlargest(_DEAREST, _BY_FILE.items(), key=itemgetter(1))
    dearest = [f"{name} {spent:.1f}" for name, spent in most]
    terminalreporter.write_line(f"CPU of the dearest files: {', '.join(dearest)}")
