"""
Change the store: add rows and withdraw them, in the same way for every kind.

Nothing is overwritten.  One change adds a row, and a later one may withdraw it; an undo
withdraws the rows that a change added and adds again those that it withdrew.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, islice, repeat

from iro_cli.errors import InputRefusedError, StoreError, kept
from iro_cli.facts.model import FromFile
from iro_cli.lean import Any, NamedTuple
from iro_cli.store.chain import ChangeHead, ChangeLink, columns, encoded_text, fresh_salt
from iro_cli.store.connection import Connection
from iro_cli.store.fact_rows import (
    NULL,
    DayTexts,
    EventRowsKept,
    StatedFacts,
    stated_facts,
)
from iro_cli.store.kind import Kind, Record
from iro_cli.store.kinds import CHILD_DETAIL, FACT, KINDS
from iro_cli.store.opening import USED_WRONGLY, Store
from iro_cli.store.reading import Only, Reader, Standing
from iro_cli.store.undoing import Undone, last_to_redo, last_to_undo


class Stamp(NamedTuple):
    """
    Who makes a change, when, and with which command.

    Attributes:
        at: The time, as ISO text in UTC.
        who: Who makes the change.
        command: The command, in words, for the history.
    """

    at: str
    who: str
    command: str


# The types of the values of a column that is empty.
_EMPTY = {type(None)}
# No file has this name: it stands for the file before the first fact.
_NO_FILE: str | None = "\0"
# The place of the child's id in a row, after its line.
_CHILD = 1
# How many rows are held in memory and written at once.  Of more, the first have left the cache of
# the processor when they are written.
_AT_ONCE = 4_000


class Change(Reader):
    """
    One change, inside its transaction.  What it reads includes what it has changed so far.

    Attributes:
        number: The number of this change.
        count: How many rows it added or withdrew.
        stamp: Who makes it, when, and with which command.  It is stored with the first row, so the
            command can be worded more exactly until then.
    """

    def __init__(
        self, store: Store, connection: Connection, stamp: Stamp, *, many: bool = False
    ) -> None:
        """
        Begin a change; it is stored with its first row.

        Args:
            store: The store.
            connection: Open in a transaction in which nobody else writes.
            stamp: Who makes it, when, and with which command.
            many: Whether the connection is one of :meth:`.Store.connect_to_import`.
        """
        super().__init__(store, connection)
        self._many = many
        ((self.number,),) = self.rows("SELECT coalesce(max(id), 0) + 1 FROM change")
        self.count = 0
        self._line = 0
        self._undoes: int | None = None
        self._link = ChangeLink()
        self._touched: set[str] = set()
        self._areas = defaultdict[str, set[str]](set)
        self._texts = DayTexts()
        self._event_rows = EventRowsKept(self._texts)
        self._sources: dict[FromFile, int | None] = {}
        self._from: set[int | None] = set()
        self.stamp = stamp
        self._begun, self._written = False, stamp

    def _begin(self) -> None:
        """Store the row of the change, if it is not stored yet."""
        if not self._begun:
            self._begun, self._written = True, self.store.signed(self.stamp)
            self._run(
                "INSERT INTO change (id, at, who, command) VALUES (?, ?, ?, ?)",
                *(self.number, *self._written),
            )

    def _run(self, statement: str, *parameters: object) -> int:
        """Run a statement, and return how many rows it changed."""
        return self._connection.execute(statement, parameters).rowcount

    def add(self, kind: Kind[Record], records: Iterable[Record]) -> None:
        """
        Add rows of a kind.

        Args:
            kind: The kind.
            records: The records.  A child has one row of details: the caller withdraws the old one.
        """
        if kind.table == FACT.table:
            self.add_facts(map(stated_facts, records))  # type: ignore[arg-type]
            return
        following = map(kind.values, records)
        while block := list(islice(following, _AT_ONCE)):
            self._add_block(kind, block)

    def add_facts(self, given: Iterable[StatedFacts]) -> None:
        """
        Add facts as :meth:`add` does, all those of one child together.

        Args:
            given: The facts, child by child.
        """
        # The words of what is the same for many facts are made once.
        number, rows_of, areas, sources = (
            str(self.number),
            self._event_rows,
            self._areas,
            self._sources,
        )
        words: list[str] = []
        in_rows = not self.store.adds_words(self._connection)
        for child_id, stated_by, those in given:
            if len(words) >= _AT_ONCE:
                self._put_facts(words)
            child, line = encoded_text(child_id), self._line
            from_file, source, source_word, area = _NO_FILE, None, NULL, ""
            for event, file, row in those:
                line += 1
                if file is not from_file:
                    from_file, stated = file, (file, stated_by)
                    source = sources[stated] if stated in sources else self._source(stated)
                    source_word = NULL if source is None else str(source)
                    self._from.add(source)
                one = rows_of.get(id(event)) or rows_of.make(event)
                if one.area != area:
                    area = one.area
                    areas[area].add(child_id)
                if in_rows:
                    one.rows += (line, child_id, source, row or None)
                    one.rows += one.values
                words.append(
                    f"{number},{line},{child},{one.words},{source_word},{row or NULL},null"
                )
            if line > self._line:
                self._touched.add(child_id)
            self._line = line
        if words:
            self._put_facts(words)

    def _put_facts(self, words: list[str]) -> None:
        """Insert the facts that were gathered, and add their texts to the digest."""
        self._begin()
        self._link.add_worded(FACT.table, words)
        self.count += len(words)
        self.store.add_facts(self._connection, self.number, self._event_rows.rows, words)
        self._event_rows.written()
        words.clear()

    def _lines(self, count: int) -> range:
        """Return the numbers of the next lines of the change."""
        first = self._line + 1
        self._line += count
        return range(first, first + count)

    def _numbers(self, stated: Sequence[FromFile]) -> list[int | None]:
        """Return the number of the file of each row, and note the files."""
        for one in dict.fromkeys(stated):
            self._from.add(self._source(one))
        return [*map(self._sources.__getitem__, stated)]

    def _add_block(self, kind: Kind[Any], given: Sequence[Sequence[Any]]) -> None:
        """Add one block of rows."""
        # Column by column: that takes less time than row by row.
        every: list[Sequence[Any]] = [*zip(*given, strict=True)]
        for place in kind.days:
            every[place] = [*map(self._texts.__getitem__, every[place])]
        if kind.source is not None:
            every[kind.source] = self._numbers(every[kind.source])
        count = len(given)
        every = [self._lines(count), *every]
        self._begin()
        whole = zip(repeat(self.number, count), *every, repeat(None, count), strict=True)
        self._link.add(kind.table, [*whole])
        self.count += count
        if kind.of_child:
            self._touched.update(every[_CHILD])
        if kind.table == CHILD_DETAIL.table:
            self._note_children("child", {*every[_CHILD]})
        # Columns that are empty in all rows are left out.
        names = ("line", *kind.columns)
        some = [
            (name, column)
            for name, column in zip(names, every, strict=True)
            if column[0] is not None or {*map(type, column)} != _EMPTY
        ]
        filled = zip(*(column for _, column in some), strict=True)
        self._put(kind.table, [name for name, _ in some], [*chain.from_iterable(filled)])

    def has_any(self, table: str, of: str = "1 = 1", *values: object) -> bool:
        """
        Say whether a table has a row.

        Args:
            table: The table.
            of: The SQL condition for the row.
            values: The parameters of the condition.
        """
        return bool([*self.rows(f"SELECT 1 FROM {table} WHERE {of} LIMIT 1", *values)])

    def _note_children(self, table: str, children: set[str], area: str | None = None) -> None:
        """
        Insert the children who are not yet in one of the tables that help to find rows.

        Args:
            table: ``child``, or ``child_area``.
            children: Their ids.
            area: For ``child_area``, the area, which is its first column.
        """
        # They are asked for together: a query for each child takes longer than to store the child.
        first = {"area": area} if area else {}
        of, also = "area = ?" if area else "1 = 1", first.values()
        asked: Only = children if self._most(children) is None else None
        # The first import of a country need not ask for anybody.
        if not self.has_any(table, of, *also):
            asked = ()
        known = {
            child
            for where, those in self.parts_of(asked)
            for (child,) in self.rows(
                f"SELECT child_id FROM {table} WHERE {of}{where}", *also, *those
            )
        }
        values = [*chain.from_iterable((*also, child) for child in sorted(children - known))]
        self.store.insert(self._connection, table, {}, (*first, "child_id"), values)

    def _put(self, table: str, names: Sequence[str], values: Sequence[object]) -> None:
        """Insert rows of this change into the named columns of a table, and the change's number."""
        self.store.insert(self._connection, table, {"change_id": self.number}, names, values)

    def _take_in(self, kind: Kind[Any], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to the digest, and note the files that they came from."""
        self._link.add(kind.table, rows)
        if kind.source is not None:
            place = kind.source + 2
            self._from.update(row[place] for row in rows)

    def _source(self, stated: FromFile) -> int | None:
        """Return the number of a file; a new file gets one."""
        if not self._sources:
            self._sources.update((one, number) for number, one in self.sources().items())
        if stated not in self._sources:
            # The numbers come from the store: after an erasure two files may both be called
            # `[erased]`, and this dictionary has only one of them.
            number = 1 + max((one for one in self.sources() if one is not None), default=0)
            self._sources[stated] = number
            self._run("INSERT INTO source (id, name, stated_by) VALUES (?, ?, ?)", number, *stated)
        return self._sources[stated]

    def withdraw(self, kind: Kind[Record], rows: Iterable[Standing[Record]]) -> None:
        """
        Withdraw standing rows of a kind.

        Args:
            kind: The kind.
            rows: The rows, as they were read.
        """
        # A row is found by its key, its change and its line.  The key is there for speed: with it,
        # the row is found in the order in which the table lies in the file.
        places = [kind.columns.index(name) for name in kind.key]
        keys, texts, values_of = [], self._texts, kind.values
        for row in rows:
            values = [*values_of(row.record)]
            if kind.of_child:
                self._touched.add(values[0])
            for place in kind.days:
                values[place] = texts[values[place]]
            key = (values[place] for place in places)
            keys.append((self.number, *key, row.change_id, row.line))
        # A change that does nothing leaves no row in the history.
        if keys:
            self._begin()
        self.count += len(keys)
        self._link.withdraw(kind.table, (key[-2:] for key in keys))
        where = " AND ".join(f"{name} = ?" for name in (*kind.key, "change_id", "line"))
        self._connection.executemany(
            f"UPDATE {kind.table} SET withdrawn_by = ? WHERE {where}", keys
        )

    def replace(self, kind: Kind[Record], row: Standing[Record], *records: Record) -> None:
        """Withdraw a row, and add others instead."""
        self.withdraw(kind, [row])
        self.add(kind, records)

    def complete(self, *, keep: bool) -> bool:
        """
        Add what depends on all its rows: who it is about, and its digest.

        Args:
            keep: Whether the change is kept; a dry run is not.

        Returns:
            Whether it is; a change that did nothing is not.
        """
        if not (keep and self.count > 0):
            return False
        self._put("change_child", ("child_id",), sorted(self._touched))
        for area, children in sorted(self._areas.items()):
            self._note_children("child_area", children, area)
        if self._many:
            self._check_children()
        self._close()
        return True

    def end(self, *, keep: bool) -> None:
        """
        Commit the change, or leave no trace of it.

        Args:
            keep: What :meth:`complete` returned.
        """
        # The digest comes after the last row, the checksum of the pages after the digest, and then
        # the commit: each covers everything before it.
        if keep:
            self.store.finish(self._connection)
            self.store.commit(self._connection)
        else:
            self._connection.execute("ROLLBACK")
        kept.count += keep

    def _check_children(self) -> None:
        """
        Check that every child of whom the change adds or withdraws rows is in the store.

        Raises:
            StoreError: One is not.
        """
        ((strange,),) = self.rows(
            "SELECT count(*) FROM change_child WHERE change_id = ? AND NOT EXISTS "
            "(SELECT 1 FROM child WHERE child.child_id = change_child.child_id)",
            self.number,
        )
        if strange:
            raise StoreError(USED_WRONGLY.format(store=self.store, code="row of no child"))

    def _files(self) -> list[tuple[int, str | None, str | None]]:
        """Return the files that rows of this change came from, in order of their numbers."""
        numbers = sorted(one for one in self._from if one is not None)
        known = self.sources() if numbers else {}
        return [(number, *known[number]) for number in numbers]

    def _close(self) -> None:
        """Store the digest of the change, which includes the digest of the change before."""
        last = "SELECT digest FROM change WHERE id < ? ORDER BY id DESC LIMIT 1"
        # If somebody removed the digest of the change before, this change is still stored.  `iro
        # history --verify` then reports the one without a digest.
        before = "".join(digest or "" for (digest,) in self.rows(last, self.number))
        salt = fresh_salt()
        self._link.add("source", [(self.number, *one) for one in self._files()])
        head = ChangeHead(self.number, *self._written, self._undoes)
        digest = self._link.digest(before, salt, head, sorted(self._touched))
        self._run(
            "UPDATE change SET undoes = ?, salt = ?, digest = ? WHERE id = ?",
            *(self._undoes, salt, digest, self.number),
        )

    # ------------------------------------------------------------ undo

    def undo(self) -> Undone:
        """
        Take back the last change that is not an undo and has not been taken back.

        Raises:
            InputRefusedError: There is none, or it erased a child.
        """
        undone = last_to_undo(self)
        if undone is None:
            raise InputRefusedError("there is nothing to undo")
        if any(self.rows("SELECT 1 FROM erasure WHERE change_id = ?", undone.change)):
            raise InputRefusedError(
                "the last change erased a child for good: neither it nor what was before it can "
                "be taken back"
            )
        self._take_back(undone.change)
        return undone

    def redo(self) -> Undone:
        """
        Restore what the last undo took back.

        Raises:
            InputRefusedError: Nothing was taken back, or something was changed since.
        """
        found = last_to_redo(self)
        if found is None:
            raise InputRefusedError(
                "there is nothing to redo: nothing was taken back since the last change"
            )
        self._take_back(found[0])
        return found[1]

    def _take_back(self, number: int) -> None:
        """Withdraw what a change added, and add again what it withdrew."""
        self._begin()
        self._undoes = number
        self.count += 1
        children = "SELECT child_id FROM change_child WHERE change_id = ?"
        self._touched.update(child for (child,) in self.rows(children, number))
        undoes = "SELECT 1 FROM change WHERE id = ? AND undoes IS NOT NULL"
        is_undo = any(self.rows(undoes, number))
        for kind in KINDS:
            of, named = (f"child_id IN ({children}) AND ", (number,)) if kind.of_child else ("", ())
            if is_undo:
                self._withdraw_restored(kind, number, of, named)
            else:
                # Its standing rows were added by it, or were added again later by an undo or redo,
                # which says so in `restores`.
                self._run(
                    f"UPDATE {kind.table} SET withdrawn_by = ? "
                    f"WHERE {of}(change_id = ? OR restores = ?) AND withdrawn_by IS NULL",
                    *(self.number, *named, number, number),
                )
            said = ", ".join(kind.columns)
            self._line += self._run(
                f"INSERT INTO {kind.table} ({said}, change_id, line, restores) "
                f"SELECT {said}, ?, ? + row_number() OVER (ORDER BY change_id, line), "
                f"coalesce(restores, change_id) FROM {kind.table} "
                f"WHERE {of}withdrawn_by = ? AND change_id <> ?",
                *(self.number, self._line, *named, number, number),
            )
            self._link.withdraw(
                kind.table,
                self.rows(
                    f"SELECT change_id, line FROM {kind.table} WHERE {of}withdrawn_by = ?",
                    *(*named, self.number),
                ),
            )
            self._take_in(
                kind,
                list(
                    self.rows(
                        f"SELECT {columns(kind)} FROM {kind.table} "
                        f"WHERE {of}change_id = ? ORDER BY line",
                        *(*named, self.number),
                    )
                ),
            )

    def _withdraw_restored(
        self, kind: Kind[Any], undo: int, of: str, named: tuple[int, ...]
    ) -> None:
        """
        Withdraw the rows that an undo added again, even if they were withdrawn and restored since.

        A row that was restored is a new row.  It names the change that added it first, and not the
        undo.  So it is found by that change and by its values.  If a change added several equal
        rows, as many are withdrawn as the undo added; it does not matter which of them.

        Args:
            kind: The kind.
            undo: The undo.
            of: The SQL condition for the children of the undo; empty for a kind about no child.
            named: The parameters of the condition.
        """
        ((added,),) = self.rows(
            f"SELECT count(*) FROM {kind.table} WHERE {of}change_id = ?", *named, undo
        )
        if not added:
            return
        said, place = ", ".join(kind.columns), ", ".join((*kind.key, "change_id", "line"))
        alike = " AND ".join(
            f"stands.{name} {'=' if name in kind.key else self.store.same} again.{name}"
            for name in kind.columns
        )
        self._run(
            f"WITH again AS (SELECT {said}, restores, "
            f"row_number() OVER (PARTITION BY restores, {said}) AS nth "
            f"FROM {kind.table} WHERE {of}change_id = ?), "
            f"stands AS (SELECT {said}, change_id, line, "
            "coalesce(restores, change_id) AS origin, "
            f"row_number() OVER (PARTITION BY coalesce(restores, change_id), {said} "
            f"ORDER BY change_id, line) AS nth FROM {kind.table} "
            f"WHERE {of}withdrawn_by IS NULL "
            "AND coalesce(restores, change_id) IN (SELECT restores FROM again)) "
            f"UPDATE {kind.table} SET withdrawn_by = ? WHERE ({place}) IN ("
            f"SELECT {', '.join(f'stands.{name}' for name in kind.key)}, stands.change_id, "
            "stands.line FROM again JOIN stands "
            f"ON stands.origin = again.restores AND stands.nth = again.nth AND {alike})",
            *(*named, undo, *named, self.number),
        )
