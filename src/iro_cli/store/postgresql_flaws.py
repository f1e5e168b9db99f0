"""Find what is wrong with a store on PostgreSQL: who may read it, and the server's settings."""

from iro_cli.store.flaws import Flaw
from iro_cli.store.postgresql import SCHEMA
from iro_cli.store.reading import Reader
from iro_cli.store.soundness import no_rows

# The settings that have to be on, with what can be lost otherwise.
_SETTINGS = {
    "fsync": "changes that were reported as stored are lost if the server's machine stops",
    "full_page_writes": "a page may be half written if the server's machine stops",
    "synchronous_commit": "the last changes are lost if the server stops",
}
_PUBLIC = f"""
SELECT 1 FROM pg_class, aclexplode(relacl)
WHERE relnamespace = '{SCHEMA}'::regnamespace AND grantee = 0 LIMIT 1
"""
_IN_CLEAR = """
SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND NOT ssl
AND inet_client_addr() IS NOT NULL AND inet_client_addr() <> inet_server_addr()
"""


def flaws_of(reader: Reader) -> list[Flaw]:
    """
    Return what is wrong with the rows, who may read them, and the server's settings.

    Args:
        reader: The open store.
    """
    restore = "have the database put back from its backup"
    found = [Flaw("store", one, restore, damage=True) for one in no_rows(reader)]
    if any(reader.rows(_PUBLIC)):
        found.append(
            Flaw(
                "permissions",
                "everybody who can log in to the database may read or write the store",
                f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC",
            )
        )
    if any(reader.rows(_IN_CLEAR)):
        found.append(
            Flaw(
                "permissions",
                "what is sent between this machine and the server can be read on the way",
                "put ?sslmode=verify-full into the URL, and let the server have a certificate",
            )
        )
    for name, message in _SETTINGS.items():
        ((value,),) = reader.rows(f"SHOW {name}")
        if value == "off":
            found.append(Flaw("server", f"`{name}` is off: {message}", f"set {name} = on there"))
    return found
