"""Look for the cause after a command failed unexpectedly."""

from iro_cli.cli.calls import Call
from iro_cli.cli.settings import resolve
from iro_cli.store.soundness import blamed


def cause_of(call: Call, error: Exception) -> Exception:
    """
    Return what is wrong with the store of a command, if that may be why it failed.

    Args:
        call: The command.
        error: What was raised, which nobody expected.

    Returns:
        The error itself where the store is sound, or cannot be looked into.
    """
    try:
        return blamed(resolve(call.given).store) or error
    except Exception:  # noqa: BLE001 - the first error is the one that is told
        return error
