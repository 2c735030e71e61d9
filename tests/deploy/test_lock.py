"""A till gets the packages that it needs, each by its hash, and no tool of development."""

from installing.lock import PROJECT, select

from .conftest import ROOT


def test_a_till_gets_the_locked_packages_without_the_tools_of_development() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    chosen = select(lock, {PROJECT})
    names = {line.partition("==")[0] for line in chosen.splitlines() if "==" in line[:60]}
    assert {"kivy", "evdev", "msgspec", "httpx", "anyio"} <= names
    assert not names & {"pytest", "mypy", "ruff", "playwright", "hypothesis", "hatchling"}
    assert chosen.count("==") <= lock.count("==")
    for block in chosen.split("\n    # via")[:-1]:
        assert "--hash=sha256:" in block


def test_the_lock_is_followed_through_those_who_want_a_package() -> None:
    lock = (
        "a==1 \\\n    --hash=sha256:1\n    # via selvkasse (pyproject.toml)\n"
        "b==2 \\\n    --hash=sha256:2\n    # via\n    #   a\n    #   t\n"
        "c==3 \\\n    --hash=sha256:3\n    # via b\n"
        "t==4 \\\n    --hash=sha256:4\n    # via selvkasse (pyproject.toml:dev)\n"
        "u==5 \\\n    --hash=sha256:5\n    # via t\n"
    )
    assert select(lock, {PROJECT}).count("==") == 3
    assert "u==5" not in select(lock, {PROJECT})
    tools = select(lock, set(), wanted={"t"})
    assert [line for line in tools.splitlines() if "==" in line] == [
        "b==2 \\", "c==3 \\", "t==4 \\", "u==5 \\",
    ]  # fmt: skip
