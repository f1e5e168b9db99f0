"""The program sends nothing: no module imports a library that opens connections."""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "iro_cli"
OPENS = {
    *("aiohttp", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib"),
    *("socket", "socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "xmlrpc"),
}


def _imported(text: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{one.name}" for one in node.names} | {str(node.module)}
    return found


def _opening(text: str) -> set[str]:
    return {
        one
        for one in _imported(text)
        if one.partition(".")[0] in OPENS or one.startswith("urllib.request")
    }


def test_no_module_opens_a_connection() -> None:
    """SECURITY.md says so; every way of importing such a library is found."""
    wrong = {
        str(path.relative_to(SOURCE)): sorted(found)
        for path in SOURCE.rglob("*.py")
        if any(one in (text := path.read_text("utf-8")) for one in (*OPENS, "urllib"))
        and (found := _opening(text))
    }

    assert wrong == {}
    assert _opening("import socket\nfrom urllib import request") == {"socket", "urllib.request"}
    assert _opening("def f():\n    from http.client import HTTPSConnection") != set()
    assert _opening("from urllib.parse import quote") == set()
