"""The listing of a verified chain of changes."""

from datetime import date

from iro_cli.dates.words import counted
from iro_cli.forms.listing import WHOLE, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.questions.chain import VerifiedChain

CHAIN = Listing(
    "Chain",
    (
        Field("changes", WHOLE, harmless=True),
        Field("last", harmless=True, column="Last change"),
        Field("head", harmless=True, column="Digest of all of them", whole=True),
        Field("since", WHOLE, harmless=True, column="Since the digest expected"),
    ),
    columns=("changes", "last", "head"),
    command="history --verify",
)


def chain_export(found: VerifiedChain, catalogue: Catalogue, as_of: date) -> Export:
    """
    Make the listing of a chain that fits.

    Args:
        found: The result of checking it.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def grids() -> list[Grid]:
        whole = f"{counted(found.changes, 'change')}: each is what was stored"
        note = (
            "write the digest down where nobody who can change the store can change it: "
            "`iro history --verify --expect DIGEST` says later whether the history up to it is "
            "the same"
        )
        if found.since is not None:
            note = (
                "the history up to the digest expected is the same; "
                f"{counted(found.since, 'change')} since"
            )
        return [CHAIN.grid(whole, [found], (note,))]

    return CHAIN.export([found], about(catalogue, as_of), grids)
