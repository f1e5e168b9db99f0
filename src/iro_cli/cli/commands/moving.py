"""``db`` and ``copy``: make a store on a server, say who may use it, copy a store into another."""

from iro_cli import library
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import resolve
from iro_cli.dates.words import counted
from iro_cli.errors import StoreError, UsageError, kept
from iro_cli.pages.roles import RoleRow, roles_export
from iro_cli.store.moving import copy_store
from iro_cli.store.opening import Store, store_named


def _on_a_server(store: Store, instead: str) -> Store:
    """
    Return the store, which has to be on a server.

    Raises:
        StoreError: It is a file.
    """
    if not store.on_a_server:
        raise StoreError(
            f"{store} is a store in a file, and this command is for one on a server: name it with "
            f"--database postgresql://USER@HOST/DATABASE; {instead}"
        )
    return store


def init_command(given: Given) -> int:
    """Make an empty store on a server, which belongs to the login that makes it."""
    store = _on_a_server(resolve(given).store, "`iro init` makes one in a file")
    if store.exists():
        store.check()
        tell(f"there is a store already: {store}; nothing changed")
        return 0
    store.prepare()
    kept.count += 1
    tell(f"made: {store}, an empty store, which is yours")
    say(
        "next: `iro db roles LOGIN --as recorder` lets others in; `iro import` and `iro copy FILE "
        "URL` fill it"
    )
    return 0


def upgrade_command(given: Given) -> int:
    """Bring an older store on a server up to this version."""
    store = _on_a_server(resolve(given).store, "`iro doctor --migrate` is for one in a file")
    store.check()
    done = store.prepare()
    kept.count += len(done)
    if done:
        tell(f"brought up to schema {done[-1]}: {store}")
    else:
        tell(f"up to date: {store}; nothing changed")
    return 0


def roles_command(given: Given, logins: tuple[str, ...], role: str | None) -> int:
    """List who may read a store on a server and who may record in it, or change that."""
    settings = resolve(given)
    store = _on_a_server(
        settings.store, "the permissions of a file and its folder say who may read it"
    )
    # What these load is slow to load, and only this command needs it.
    from iro_cli.store.postgresql import PostgresqlStore  # noqa: PLC0415
    from iro_cli.store.postgresql_roles import give, roles_of  # noqa: PLC0415

    if not isinstance(store, PostgresqlStore):
        raise StoreError(f"{store} is not on PostgreSQL, and only PostgreSQL has these roles")
    if not logins:
        if role is not None:
            raise UsageError("--as: name the logins that it is for")
        rows = [RoleRow(*one) for one in roles_of(store)]
        catalogue = library.catalogue(settings.nation, settings.packs)
        emit(roles_export(rows, str(store), catalogue, settings.as_of), settings)
        return 0
    if role is None:
        raise UsageError("--as: say which role: reader, recorder, or none to take it back")
    give(store, logins, role)
    kept.count += 1
    what = {"reader": "may read", "recorder": "may read and record in", "none": "may not read"}
    tell(f"{', '.join(logins)} {what[role]} {store}")
    return 0


def copy_command(given: Given, source: str, target: str) -> int:
    """Copy a store with its whole history into another, and compare the two."""
    del given
    first, second = store_named(source), store_named(target)
    done = copy_store(first, second)
    what = f"{counted(done.rows, 'row')} of {counted(done.changes, 'change')}"
    if done.again:
        tell(f"nothing to copy: {second} has the {what} of {first} already; nothing changed")
    else:
        tell(f"copied: {what} from {first} to {second}, and compared")
    if done.digest:
        tell(f"the last change of both: {done.digest}")
    return 0
