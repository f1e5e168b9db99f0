"""The way in: the quick path first, everything else through Typer."""

import atexit
import gc
import os
import sys

from iro_cli.errors import InputRefusedError, IroError, NotKnownError, UsageError, kept
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from iro_cli.cli.calls import Call

# The two that go back and forth: what was refused of them is nothing that one would undo.
_BACK = frozenset(("undo", "redo"))


def _place(error: BaseException) -> str:
    """Return the last line of our own that an error passed, without the machine's folders."""
    place, found = error.__traceback__, "?"
    while place:
        _, package, name = place.tb_frame.f_code.co_filename.rpartition("iro_cli")
        if package:
            found = f"{name.lstrip(chr(92) + '/')}:{place.tb_lineno}"
        place = place.tb_next
    return found


def _say(text: str) -> None:
    """Say something on standard error, if it can be said."""
    try:  # noqa: SIM105 - contextlib takes longer to import than this to read
        print(text, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass


def _complain(error: BaseException) -> int:
    from iro_cli.safe import printable  # noqa: PLC0415 - only where something went wrong

    if isinstance(error, IroError):
        from iro_cli.cli.output import for_people  # noqa: PLC0415 - the same

        _say(for_people(f"iro: {error}", sys.stderr))
        return error.exit_code
    if isinstance(error, OSError):
        place = printable(str(error.filename or "standard output"))
        _say(f"iro: {place} cannot be used ({error.strerror}): name another")
        return InputRefusedError.exit_code
    # Never the message or the locals of what was not expected: they may hold a child's data.
    _say(
        f"iro: unexpected failure ({type(error).__name__} at {_place(error)}). Nothing is known "
        "to be lost. Please report this line, the command without names or ids, and "
        "`iro --version`."
    )
    return 1


def _ended(error: BaseException, kept_before: int) -> int:
    """
    Say what went wrong, and return the exit code.

    Where something was stored before it went wrong, it is the message alone that is missing:
    whoever is told of a failure does it again.
    """
    code = _complain(error)
    if kept.count == kept_before:
        return code
    _say("iro: what was asked for was done and is stored; only the message about it is missing")
    return 0


def _check_text(argv: list[str]) -> None:
    # Bytes that are no UTF-8 arrive as halves of a pair, which no store can hold.
    if any("\udc80" <= letter <= "\udcff" for word in argv for letter in word):
        raise UsageError("the command line is not UTF-8: set the terminal to UTF-8")


def _remembered(call: "Call") -> int:
    """Run a call; of one that changes the store, keep in mind whether it was refused."""
    name = call.command.name
    if not call.command.changes:
        return call()
    from iro_cli.cli.refusal import forget, note_refusal  # noqa: PLC0415 - only for what changes

    try:
        code = call()
    except IroError as error:
        known = not isinstance(error, NotKnownError)
        if name not in _BACK or not known:
            note_refusal(name, call.given, known=known)
        raise
    forget()
    return code


def _note_line(argv: list[str]) -> None:
    """Keep in mind that a line which was to change the store could not be read."""
    from iro_cli.cli.commands import COMMANDS  # noqa: PLC0415 - only where a line was refused

    words = [word for word in argv if word[:1] != "-"]
    called = (COMMANDS.get(one) for one in (" ".join(words[:2]), *words[:1]))
    name = next((one.name for one in called if one and one.changes and one.name not in _BACK), "")
    if name:
        from iro_cli.cli.refusal import note_refusal  # noqa: PLC0415 - only for what changes

        note_refusal(name, None)


def run(argv: list[str]) -> int:
    """
    Run one command.

    Args:
        argv: The words after the program's name.

    Returns:
        The exit code.
    """
    kept_before = kept.count
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):
            continue
        if stream.isatty():  # a terminal keeps its encoding, whatever it cannot show
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    try:
        _check_text(argv)
        call = None
        if "_IRO_COMPLETE" not in os.environ:
            from iro_cli.cli.quick import quick  # noqa: PLC0415 - completion does without

            call = quick(argv)
        if call is None:
            from iro_cli.cli.app import typer_reads  # noqa: PLC0415 - Typer is slow to import

            answer = typer_reads(argv)
            if isinstance(answer, int):
                if answer:
                    _note_line(argv)
                return answer
            call = answer
        from iro_cli.cli.results import give_back, keep  # noqa: PLC0415 - as late as the call

        keep()
        try:
            return _remembered(call)
        except (IroError, OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            from iro_cli.cli.cause import cause_of  # noqa: PLC0415 - only where something is wrong

            raise cause_of(call, error) from None
        finally:
            give_back()
    except BrokenPipeError:
        # The reader went away, as `head` does: not a failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the last place where anything can be caught
        return _ended(error, kept_before)


def _opened() -> None:
    """
    Open the standard streams that the program was started without.

    Otherwise the first files it opens would take their places, and what is said of an error
    would be written into the store.  What is written to a standard output that is closed fails.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _flushed(code: int) -> int:
    """Write what still waits to be written, and return the exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # the reader went away, as `head` does
    except OSError as error:
        code = _ended(error, 0)
    try:  # noqa: SIM105 - contextlib takes longer to import than this to read
        sys.stderr.flush()
    except OSError:
        pass
    return code


def main() -> None:
    """Run the command line and end the process."""
    # A command lives for a moment: collecting cycles costs more than it frees.
    gc.disable()
    _opened()
    code = _flushed(run(sys.argv[1:]))
    # So does freeing every object and module one by one, which is what Python does at its
    # end: a tenth of a daily check.  What asked to be told of the end is told.
    atexit._run_exitfuncs()  # noqa: SLF001 - what the interpreter itself calls
    os._exit(code)


if __name__ == "__main__":
    main()
