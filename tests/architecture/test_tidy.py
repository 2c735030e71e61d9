"""The architecture is a test: what a room may import, and how much one sitting may hold."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


def first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline()


ROOT = Path(__file__).parents[2]
SCRIPTS = [p for p in (ROOT / "deploy").iterdir() if p.is_file() and "python" in first_line(p)]
CODE = sorted(
    [*SCRIPTS, *(p for name in ("kiosk", "drivers", "deploy") for p in (ROOT / name).rglob("*.py"))]
)
MODULE_LINES_MAX = 450
FUNCTION_LINES_MAX = 70
IMPURE = {
    "asyncio", "datetime", "io", "logging", "os", "pathlib", "random", "secrets", "socket",
    "sqlite3", "subprocess", "tempfile", "threading", "time", "uuid",
}  # fmt: skip


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", sorted((ROOT / "kiosk/sale").rglob("*.py")), ids=lambda p: p.name)
def test_the_sale_imports_only_the_pure_standard_library_and_itself(path: Path) -> None:
    for name in imports_of(path):
        top = name.partition(".")[0]
        if top == "kiosk":
            assert name == "kiosk.sale" or name.startswith("kiosk.sale.")
        else:
            assert top in sys.stdlib_module_names
            assert top not in IMPURE, (
                f"{path.name} imports {name}: time and effects come from outside"
            )


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_can_be_read_at_a_sitting(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MODULE_LINES_MAX
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{node.name} has {length} lines"


def test_the_top_level_holds_only_what_was_agreed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    top = {line.partition("/")[0] for line in tracked if line}
    agreed = {"kiosk", "drivers", "deploy", "tests", "systemd", "pyproject.toml", "README.md"}
    expected_by_tools = {"LICENSE", "CHANGELOG.md", "Makefile", "requirements.lock"}
    assert {name for name in top if not name.startswith(".")} <= agreed | expected_by_tools
