"""Find the files that are meant, name them for messages, and read their bytes."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from os import fstat
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.files import LARGEST_PIPE, read_within
from iro_cli.lean import NamedTuple
from iro_cli.progress import tell_step

# In bytes.  No list or return is as large: the census of a large authority has a hundredth of it.
LARGEST_FILE = 4 * 1024 * 1024 * 1024
_BLOCK = 1 << 16
# How the files of a workbook begin, of the present kind and of the one before 2007.
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"


class File(NamedTuple):
    """
    A file to read.

    Attributes:
        path: The file.
        name: Its name in messages, with as much of its folders as tells it from the others.
        content: Its bytes, if it can be read only once.
    """

    path: Path
    name: str
    content: bytes | None = None

    def starts_with(self, *starts: bytes) -> bool:
        """Say whether it begins with one of these; a file that cannot be read does not."""
        if self.content is not None:
            return self.content.startswith(starts)
        try:
            with self.path.open("rb") as opened:
                return opened.read(max(map(len, starts))).startswith(starts)
        except OSError:
            return False

    @property
    def is_workbook(self) -> bool:
        """Say whether it is meant to be a workbook, by its name or its first bytes."""
        named = self.path.suffix.casefold() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
        return named or self.starts_with(ZIP, OLE)


def contents_of_pipes(paths: Iterable[Path]) -> dict[Path, bytes]:
    """
    Read the files that can be read only once, such as standard input, and keep their bytes.

    Args:
        paths: Files and folders.

    Raises:
        InputRefusedError: One is too large for memory, or cannot be read.
    """
    found = {}
    for path in paths:
        if path.is_fifo() or path.is_char_device() or path.is_socket():
            try:
                found[path] = read_within(path, LARGEST_PIPE)
            except OSError as error:
                raise InputRefusedError(
                    f"{path} cannot be read ({error.strerror}): write it to a file, and name that"
                ) from None
    return found


def files_of(
    paths: Sequence[Path],
    endings: Collection[str],
    problems: list[str],
    piped: Mapping[Path, bytes],
) -> list[File]:
    """
    Return the named files, and the files in the named folders.

    Args:
        paths: Files and folders.
        endings: The endings of the files that are read in a folder, such as ``.csv``.
        problems: A sentence is added for each folder without such a file.
        piped: The bytes of the files that can be read only once.
    """
    found: list[Path] = []
    kinds = " or ".join(endings)
    for path in dict.fromkeys(paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(
            one
            for one in path.iterdir()
            # Excel keeps a file with such a name beside a workbook that somebody has open.
            if one.suffix.casefold() in endings
            and not one.name.startswith("~$")
            and not one.is_fifo()  # perhaps nobody writes to it, and reading would wait for ever
        )
        if not inside:
            problems.append(
                f"{path}: there is no {kinds} file in this folder: name the folder that holds them"
            )
        found += inside
    return [
        file._replace(content=piped.get(file.path)) for file in _named(list(dict.fromkeys(found)))
    ]


def _named(paths: Sequence[Path]) -> Iterator[File]:
    """Name files: with their folder if there are several, and with the path if names repeat."""
    several = len({path.absolute().parent for path in paths}) > 1
    short = {
        path: f"{path.parent.name}/{path.name}".lstrip("/") if several else path.name
        for path in paths
    }
    times = Counter(short.values())
    for path, name in short.items():
        yield File(path, name if times[name] == 1 else path.as_posix())


def blocks(file: File, what: str) -> Iterator[bytes]:
    """
    Yield the bytes of a file in blocks.

    Args:
        file: The file.
        what: What it should be, such as ``CSV file``.

    Raises:
        InputRefusedError: It is missing, a folder, or too large, or cannot be read.
    """
    if file.content is not None:
        for start in range(0, len(file.content), _BLOCK):
            tell_step(f"Reading {file.name}", start, len(file.content), "bytes")
            yield file.content[start : start + _BLOCK]
        return
    if file.path.is_dir():
        raise InputRefusedError(f"{file.name} is a folder, not a file: name the {what} in it")
    size = 0
    try:
        with file.path.open("rb") as opened:
            # Only for the progress bar.  The limit counts the bytes that are read, because a pipe
            # has no size and a file may grow meanwhile.
            whole = fstat(opened.fileno()).st_size
            while block := opened.read(_BLOCK):
                tell_step(f"Reading {file.name}", size, whole, "bytes")
                size += len(block)
                if size > LARGEST_FILE:
                    raise InputRefusedError(
                        f"{file.name} has more than {LARGEST_FILE:,} bytes, which no {what} of "
                        "an authority has: is it the right file?"
                    )
                yield block
    except FileNotFoundError:
        raise InputRefusedError(
            f"there is no file {file.path}: check its name and its folder"
        ) from None
    except OSError as error:
        raise InputRefusedError(
            f"{file.name} cannot be read ({error.strerror}): check that you may read it and that "
            "no other program holds it"
        ) from None
