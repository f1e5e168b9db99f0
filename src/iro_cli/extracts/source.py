"""What an import source declares of itself: its name, tables and options, and how it is read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.incoming.files import contents_of_pipes
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.rows import Doubts, Reading
from iro_cli.lean import Any, NamedTuple


class Source(NamedTuple):
    """
    A source of facts that can be imported.

    Attributes:
        name: What it is called on the command line.
        title: What it is, in a line.
        page: The page of the documentation about it.
        reader: Reads its files into a batch, once.
        kinds: The tables that are read, with their columns.
        options: How it reads the options that it takes, by their names; those it shares
            the command line with are told in :data:`iro_cli.extracts.OPTIONS`.
        is_extract: Whether it is an extract of a whole, so that what is missing from a later
            one is missed; this program's own files state facts, and are none.
        describe: Proposes how a file with other column names is to be read, where there
            can be such files.
        reads_databases: Whether it also lies in databases: then its reader takes ``database``,
            a URL, and ``password``.
    """

    name: str
    title: str
    page: str
    reader: Callable[..., Batch]
    kinds: tuple[TableKind, ...] = ()
    options: Mapping[str, Callable[[Any], Any]] = {}
    is_extract: bool = True
    describe: "Callable[[Path, date, Source], str] | None" = None
    reads_databases: bool = False

    def read(
        self,
        paths: Sequence[Path],
        *,
        today: date,
        as_of: date | None = None,
        **options: Any,
    ) -> Batch:
        """
        Read files into one batch, and again where only a whole column told how to read a cell.

        Args:
            paths: The files, and where the source takes them, folders.
            today: The day after which nothing has happened yet.
            as_of: The day of the command, up to which the extract tells anything; *today* by
                default.
            options: What the source's options say.

        Raises:
            InputRefusedError: A file cannot be read as what it should be; with every such
                problem of every file.
        """
        days = (today, as_of or today)
        return self._read(list(dict.fromkeys(paths)), days, contents_of_pipes(paths), {}, options)

    def _read(
        self,
        paths: Sequence[Path],
        days: tuple[date, date],
        piped: Mapping[Path, bytes],
        unknown: Mapping[str, str],
        options: Mapping[str, Any],
    ) -> Batch:
        doubts = Doubts(unknown=unknown, piped=piped)
        while True:
            reading = Reading(*days, doubts)
            try:
                batch = self.reader(paths, reading, **options)
            except InputRefusedError as error:
                # What was passed over, as a hidden sheet, may be what is missing.
                raise InputRefusedError("\n".join((str(error), *reading.warnings))) from None
            if not reading.learnt_more():
                break
        batch.source = self.name if self.is_extract else ""
        batch.carried = [
            one._replace(source=self.name, to_on=reading.told_until(one.from_on, one.to_on))
            for one in batch.carried
        ]
        batch.unsaid = [
            one._replace(source=self.name, to_on=one.to_on or reading.as_of) for one in batch.unsaid
        ]
        batch.covers = [batch.but_for_what_is_lacking(cover) for cover in batch.covers]
        batch.refused += reading.refused
        batch.mended = reading.mended
        batch.read |= reading.read
        batch.warnings = [*reading.warnings, *batch.warnings, *reading.of_columns()]
        batch.again = lambda strangers: self._read(paths, days, piped, strangers, options)
        return batch
