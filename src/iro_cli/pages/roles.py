"""The listing of the logins of a store on a server, with what each may do."""

from collections.abc import Sequence
from datetime import date

from iro_cli.forms.listing import Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple


class RoleRow(NamedTuple):
    """A login, its role, and the group from which it has the role, if it has it as a member."""

    login: str
    role: str
    through: str | None


ROLES = Listing(
    "Roles",
    (Field("login"), Field("role"), Field("through")),
    columns=("login", "role", "through"),
    command="db roles",
)


def roles_export(rows: Sequence[RoleRow], store: str, catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of who may do what in a store, with its name."""

    def grids() -> list[Grid]:
        return [ROLES.grid(store, rows)]

    return ROLES.export(rows, about(catalogue, as_of), grids)
