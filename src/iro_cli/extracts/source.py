"""The declaration of an import source: its name, tables and options, and how it is read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.facts.model import LeftOpen
from iro_cli.incoming.files import contents_of_pipes
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.rows import Doubts, Reading
from iro_cli.lean import Any, NamedTuple


class Source(NamedTuple):
    """
    A source of facts that can be imported.

    Attributes:
        name: Its name on the command line.
        title: What it is, in one line.
        page: The page of the documentation about it.
        reader: Reads its files into a batch, once.
        kinds: The tables that are read, with their columns.
        options: For each option that it takes, the function that reads the value.  The command
            line has them in :data:`iro_cli.extracts.OPTIONS`.
        is_extract: Whether it claims to be complete, so that a fact that is missing from a later
            one has vanished.  This program's own files state single facts and do not.
        describe: Proposes a mapping file for a file with other column names, if there can be one.
        reads_databases: Whether it can also be read from databases: then its reader takes
            ``database``, a URL, and ``password``.
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
        Read files into one batch.

        They are read a second time if only a whole column shows how to read its cells.

        Args:
            paths: The files and, if the source takes them, folders.
            today: Today: no event can have a later date.
            as_of: The as-of day of the command: an extract says nothing about later days;
                *today* by default.
            options: The values of the source's options.

        Raises:
            InputRefusedError: A file cannot be read as this source; the problems of all files are
                named.
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
                # The warnings are added: a hidden sheet that was not read may be what is missing.
                raise InputRefusedError("\n".join((str(error), *reading.warnings))) from None
            if not reading.learnt_more():
                break
        batch.source = self.name if self.is_extract else ""
        batch.as_of = reading.as_of
        batch.carried = [
            one._replace(source=self.name, to_on=reading.told_until(one.from_on, one.to_on))
            for one in batch.carried
        ]
        batch.unsaid = [
            LeftOpen(child_id, self.name, events, lacks, from_on, to_on or reading.as_of, refused)
            for child_id, _, events, lacks, from_on, to_on, refused in batch.unsaid
        ]
        batch.covers = [batch.but_for_what_is_lacking(cover) for cover in batch.covers]
        batch.refused += reading.refused
        batch.mended = reading.mended
        batch.read |= reading.read
        batch.warnings = [*reading.warnings, *batch.warnings, *reading.of_columns()]
        batch.again = lambda strangers: self._read(paths, days, piped, strangers, options)
        return batch
