"""The pages, and the address by which a monitor sees that the server lives."""

from fastapi import FastAPI

from kiosk.fleet.pages import add_pages


def add(app: FastAPI) -> None:
    """Add pages and files to the application."""

    @app.get("/health", include_in_schema=False)
    def alive() -> dict[str, str]:
        return {"state": "ok"}

    add_pages(app)
