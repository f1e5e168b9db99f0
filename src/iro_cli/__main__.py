"""Start the program: try the quick path first, and leave everything else to Typer."""

import atexit
import gc
import os
import sys

from iro_cli.errors import (
    InputRefusedError,
    IroError,
    LostStoreError,
    NotKnownError,
    UsageError,
    kept,
)
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from iro_cli.cli.calls import Call

# After one of these was refused, an undo cannot be meant for it, so the refusal is not noted.
_BACK = frozenset(("undo", "redo"))


def _place(error: BaseException) -> str:
    """Return the last place in our own code that an error passed, without the machine's folders."""
    place, found = error.__traceback__, "?"
    while place:
        _, package, name = place.tb_frame.f_code.co_filename.rpartition("iro_cli")
        if package:
            found = f"{name.lstrip(chr(92) + '/')}:{place.tb_lineno}"
        place = place.tb_next
    return found


def _say(text: str) -> None:
    """Write a line to standard error, if that is possible."""
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
    # The message and the variables of an unexpected error are never shown: they may hold a child's
    # data.
    _say(
        f"iro: unexpected failure ({type(error).__name__} at {_place(error)}). Nothing is known "
        "to be lost. Please report this line, the command without names or ids, and "
        "`iro --version`."
    )
    return 1


def _ended(error: BaseException, kept_before: int) -> int:
    """
    Print what went wrong, and return the exit code.

    If something was stored before the error, the code is 0.  Somebody who is told of a failure
    does the same again: a second undo, for example, would take back one change more.
    """
    if kept.count == kept_before:
        return _complain(error)
    # A server that is lost says that nothing was stored, which is true only of what came after.
    if not isinstance(error, LostStoreError):
        _complain(error)
    _say("iro: what was asked for was done and is stored; only the message about it is missing")
    return 0


def _check_text(argv: list[str]) -> None:
    # Python gives bytes that are not UTF-8 as single surrogates, which a store cannot hold.
    if any("\udc80" <= letter <= "\udcff" for word in argv for letter in word):
        raise UsageError("the command line is not UTF-8: set the terminal to UTF-8")


def _remembered(call: "Call") -> int:
    """Run a call; if it changes the store, note for the next command whether it was refused."""
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
    """Note that a command line which would have changed the store could not be read."""
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
        if stream.isatty():  # a terminal keeps its encoding; what it cannot show becomes "?"
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
        # The reader of the output went away, as `head` does: that is not a failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the last place where anything can be caught
        return _ended(error, kept_before)


def _opened() -> None:
    """
    Open the standard streams that are closed when the program starts.

    Otherwise the first files that it opens would take their numbers, and an error message would
    be written into the store.  Writing to a closed standard output still fails.
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
    """Write what is still in the buffers, and return the exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # the reader of the output went away, as `head` does
    except OSError as error:
        code = _ended(error, 0)
    try:  # noqa: SIM105 - contextlib takes longer to import than this to read
        sys.stderr.flush()
    except OSError:
        pass
    return code


def main() -> None:
    """Run the command line and end the process."""
    # A command takes only a moment: looking for reference cycles costs more than it frees.
    gc.disable()
    # numpy, which charts and Parquet load, starts a thread for each core otherwise: for matrices,
    # which no command has.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _opened()
    code = _flushed(run(sys.argv[1:]))
    # Python's own end frees every object and module one by one, which takes a tenth of a daily
    # check.  So the process ends here, after the functions that were registered for the end.
    atexit._run_exitfuncs()  # noqa: SLF001 - what the interpreter itself calls
    os._exit(code)


if __name__ == "__main__":
    main()
