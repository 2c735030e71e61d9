"""The pages' files: what is given out, and what is there without the charts' package."""

import asyncio
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from kiosk.fleet.pages import HEADERS, WEB, Files


def ask(files: Files, path: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=[Mount("/files", files)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://fleet") as client:
            return await client.get(f"/files/{path}")

    return asyncio.run(answer())


def test_a_package_that_was_not_fetched_is_not_there_and_no_server_error(tmp_path: Path) -> None:
    files = Files(tmp_path / "uplot", check_dir=False)
    assert ask(files, "uPlot.esm.js").status_code == 404


def test_only_what_browsers_need_is_given_out() -> None:
    script = ask(Files(WEB), "js/api.js")
    assert script.status_code == 200
    assert script.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    for name in ("make_signs.py", "package.json", "js/../make_icons.py", "%2e%2e/pages.py"):
        assert ask(Files(WEB), name).status_code == 404, name
