"""The pages in the browser: their files, and what the browser may do with them.

The pages are static; what they show comes from the API. Nothing inline and nothing foreign is
allowed by the content security policy, so a product named `<script>` is a name and no more. Every
file is asked for again each time (an unchanged one costs a 304), so a new version of the server is
a new version of its pages at the next load.

Addresses:
    /, /board, /board/T/S      the attendant's board of a store; from / operators go on to /fleet
    /fleet, /fleet/...         the operator's view; the page itself knows its addresses below
    /static/...                style, scripts, signs, fonts, pictures of goods
    /service-worker.js         at the root, because it serves the pages there
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB: Final = Path(__file__).parent / "web"
ASSETS: Final = Path(__file__).parents[1] / "ui" / "assets"
"""Fonts and pictures of goods are the kiosk's own; only files, so nothing of it is imported."""
CHARTS: Final = WEB / "node_modules" / "uplot" / "dist"
"""uPlot, as package-lock.json names it; `make venv` fetches it. Without it figures are tables."""
GIVEN_OUT: Final = frozenset({".js", ".css", ".svg", ".png", ".otf"})
MONTH_S: Final = 30 * 24 * 3600

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ASKED_AGAIN: Final = HEADERS | {"Cache-Control": "no-cache"}
IMPORT: Final = re.compile(r'^import .*?from "/static/(js/[^"]+)"', re.MULTILINE | re.DOTALL)


class Files(StaticFiles):
    """A folder of files with our headers: asked for anew each time, or kept for `max_age_s`."""

    def __init__(self, folder: Path, *, max_age_s: int = 0, check_dir: bool = True) -> None:
        super().__init__(directory=folder, check_dir=check_dir)
        # A folder that may be missing is looked for with each file, and is no error of the server.
        self.config_checked = not check_dir
        self.folder = folder
        self.kept = f"public, max-age={max_age_s}" if max_age_s else "no-cache"

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file; tools that lie beside the files are not given out."""
        if Path(path).suffix not in GIVEN_OUT or not self.folder.is_dir():
            return Response(status_code=404, headers=HEADERS)
        answer = await super().get_response(path, scope)
        answer.headers.update(HEADERS | {"Cache-Control": self.kept})
        return answer


def modules_of(start: str) -> list[str]:
    """Return the scripts that `start` (in the web folder) imports, itself and theirs included.

    A browser learns of an import only when it has read the file that wants it; told of all at
    once it needs one round trip instead of five.
    """
    found: list[str] = []
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += IMPORT.findall((WEB / name).read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class View:
    """One of the two pages: its name is that of its style, its scripts and its address."""

    name: str
    title: str
    short: str
    """Under the icon of the installed app."""


BOARD: Final = View("board", title="kassene i butikken", short="Kassene")
FLEET: Final = View("fleet", title="alle kassene", short="Selvkasse")


@cache
def document(template: str, view: View) -> str:
    """Return `template` (page.html or app.webmanifest) for one view, its modules at its head."""
    modules = "\n".join(
        f'<link rel="modulepreload" href="/static/{module}">'
        for module in modules_of(f"js/{view.name}/main.js")
    )
    text = (WEB / template).read_text("utf-8")
    said = {"view": view.name, "title": view.title, "short": view.short, "modules": modules}
    for name, value in said.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def add_pages(app: FastAPI) -> None:
    """Let `app` serve the pages. Call it last: what stands before it is looked at first."""
    app.router.routes += [
        Route("/", _board),
        Route("/board", _board),
        Route("/board/{tenant}/{store}", _board),
        Route("/fleet", _fleet),
        Route("/fleet/{rest:path}", _fleet),
        Route("/service-worker.js", _service_worker),
        Mount("/static/js", Files(WEB / "js")),
        Mount("/static/css", Files(WEB / "css")),
        Mount("/static/icons", Files(WEB / "icons", max_age_s=MONTH_S)),
        Mount("/static/fonts", Files(ASSETS / "fonts", max_age_s=MONTH_S)),
        Mount("/static/pictures", Files(ASSETS / "pictures", max_age_s=MONTH_S)),
        Mount("/static/charts", Files(CHARTS, check_dir=False)),
        Route("/static/signs.svg", _signs),
        Route("/static/{view}.webmanifest", _manifest),
    ]


async def _board(_: Request) -> Response:
    return _document("page.html", BOARD, "text/html")


async def _fleet(_: Request) -> Response:
    return _document("page.html", FLEET, "text/html")


async def _manifest(request: Request) -> Response:
    view = {"board": BOARD, "fleet": FLEET}.get(request.path_params["view"])
    if view is None:
        return Response(status_code=404, headers=HEADERS)
    return _document("app.webmanifest", view, "application/manifest+json")


async def _signs(_: Request) -> Response:
    return _file("signs.svg", "image/svg+xml")


async def _service_worker(_: Request) -> Response:
    return _file("service_worker.js", "text/javascript")


def _file(name: str, media_type: str) -> Response:
    return FileResponse(WEB / name, media_type=media_type, headers=ASKED_AGAIN)


def _document(template: str, view: View, media_type: str) -> Response:
    return Response(document(template, view), media_type=media_type, headers=ASKED_AGAIN)
