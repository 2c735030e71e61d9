"""The system description says all that the program declares, and nothing of it is left behind."""

import pytest
from typer.testing import CliRunner

from drivers.registry import PROTOCOLS
from kiosk.app.config import SECTIONS
from kiosk.app.describe import RIGHTS, SERIES, chapters
from kiosk.app.document import as_html, as_markdown
from kiosk.app.fiscal_commands import fiscal_app
from kiosk.app.release import Release, Statement
from kiosk.fiscal import codes, texts
from kiosk.fiscal.forbidden import FORBIDDEN
from kiosk.fiscal.texts import ReceiptKind
from kiosk.staff.roles import Right

SAID = Statement(
    product="selvkasse", version="1.0", supplier="Kasse <og> Sønn AS", org_number="999999999",
    declared_on="2026-11-01", digest="ab" * 32,
)  # fmt: skip
MARKDOWN = as_markdown(chapters())


def test_every_table_of_the_program_is_in_it() -> None:
    wanted = [one.what for one in FORBIDDEN] + [one.why_not for one in FORBIDDEN]
    wanted += [*codes.EVENTS, *codes.PAYMENTS, *PROTOCOLS, *texts.METHODS.values()]
    wanted += [f"| {section} |" for section in SECTIONS if section != "bench"]
    assert [words for words in wanted if words not in MARKDOWN] == []


def test_each_right_and_each_kind_of_receipt_has_words() -> None:
    assert set(RIGHTS) == set(Right)
    assert set(SERIES) == set(ReceiptKind)


def test_it_says_whether_and_by_whom_the_build_is_declared() -> None:
    assert "IKKE produkterklært" in as_markdown(chapters(Release(False, "")))
    declared = as_html(chapters(Release(True, "", SAID)))
    assert "Produkterklært 2026-11-01 av Kasse &lt;og&gt; Sønn AS" in declared
    assert "IKKE produkterklært" not in declared


@pytest.mark.parametrize(("form", "begins"), [("html", "<!doctype html>"), ("markdown", "# Sys")])
def test_the_command_writes_either_form(form: str, begins: str) -> None:
    done = CliRunner().invoke(fiscal_app, ["describe", "--format", form])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(begins)


def test_no_table_has_a_row_of_another_width() -> None:
    for chapter in chapters():
        for part in chapter.parts:
            if not isinstance(part, str):
                assert {len(row) for row in part.rows} == {len(part.head)}, chapter.title
