"""A document of chapters, with paragraphs and tables, as HTML or Markdown."""

from dataclasses import dataclass
from html import escape
from typing import Final


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = str | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with paragraphs and tables."""

    title: str
    parts: tuple[Part, ...]


TITLE: Final = "Systembeskrivelse for kassasystemet Selvkasse"


def as_markdown(found: tuple[Chapter, ...]) -> str:
    """Return the description as Markdown."""
    lines = [f"# {TITLE}", ""]
    for number, chapter in enumerate(found, 1):
        lines += [f"## {number} {chapter.title}", ""]
        for part in chapter.parts:
            lines += [*_markdown(part), ""]
    return "\n".join(lines)


def _markdown(part: Part) -> list[str]:
    if isinstance(part, str):
        return [part]
    rows = [part.head, tuple("---" for _ in part.head), *part.rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]


STYLE: Final = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #17211b;
  font: 400 1rem/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 2rem; line-height: 1.15; } h2 { margin-top: 2.4rem; font-size: 1.3rem; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid #d5dcd3; overflow-wrap: anywhere; }
th { border-bottom: 2px solid #0e3b2e; }
@media print { body { margin: 0; max-width: none; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""


def as_html(found: tuple[Chapter, ...]) -> str:
    """Return the description as one page of HTML."""
    body = "".join(
        f"<h2>{number} {escape(chapter.title)}</h2>" + "".join(map(_html, chapter.parts))
        for number, chapter in enumerate(found, 1)
    )
    return (
        f'<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>{TITLE}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>{TITLE}</h1>{body}</body></html>\n"
    )


def _html(part: Part) -> str:
    if isinstance(part, str):
        return f"<p>{escape(part)}</p>"
    head = "".join(f"<th>{escape(cell)}</th>" for cell in part.head)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in part.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
