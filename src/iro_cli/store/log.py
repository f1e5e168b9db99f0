"""Read the log that SQLite keeps beside a store, directly from the disk."""

import struct
from pathlib import Path

_HEAD = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")


def has_a_change(log: Path) -> bool:
    """
    Say whether a log has a whole change, which SQLite may add to the store when it is next opened.

    The checksums of the log are not verified, so the answer may be yes for a damaged change.

    Args:
        log: The log; it may be missing.
    """
    try:
        with log.open("rb") as file:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                return False
            _, _, size, _, *salts = _HEAD.unpack(head)[:6]
            while len(frame := file.read(_FRAME.size)) == _FRAME.size:
                _, ends, *found = _FRAME.unpack(frame)[:4]
                if found != salts:  # what is left of an earlier log
                    return False
                if len(file.read(size)) < size:
                    return False
                if ends:
                    return True
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
