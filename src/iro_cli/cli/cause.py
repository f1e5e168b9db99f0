"""Look for the cause after a command failed unexpectedly."""

from iro_cli.cli.calls import Call
from iro_cli.cli.settings import resolve
from iro_cli.store.soundness import blamed


def cause_of(call: Call, error: Exception) -> Exception:
    """
    Return the fault of a command's store, if that may be why the command failed.

    Args:
        call: The command.
        error: The unexpected error that was raised.

    Returns:
        The error itself if the store is sound or cannot be read.
    """
    try:
        return blamed(resolve(call.given).store) or error
    except Exception:  # noqa: BLE001 - the first error is the one to report
        return error
