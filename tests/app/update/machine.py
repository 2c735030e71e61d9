"""A machine with one version, and a supplier whose release is for it."""

from pathlib import Path

from typer.testing import CliRunner

from kiosk.app.update.commands import update_app
from kiosk.app.update.pack import pack

from .far_end import KEY, Server, wheel

ROOT = Path(__file__).parents[3]
OLD, NEW = "0.1.0+old", "0.2.0+new"
CONFIG = """
[kiosk]
id = "NT-0477-03"
till = "3"
data_dir = "{folder}/data"
[shop]
name = "Nærmat"
legal_name = "Nærmat AS"
address = "Eksempelgata 1, 0477 Oslo"
org_number = "999999999"
[update]
url = "{url}selvkasse.json"
"""


def publish(till: Path, far: Server, counter: int) -> None:
    wheel(till / "parts/wheels")
    (till / "parts/sbom.cdx.json").write_text("{}")
    made = pack(
        ROOT, till / "parts", till / "dist", key=KEY, version=NEW, counter=counter,
        system_digest="the same",
    )  # fmt: skip
    for path in (till / "dist").iterdir():
        far.files["selvkasse.json" if path == made else path.name] = path.read_bytes()


def run(till: Path, *arguments: str) -> str:
    places = {
        "fetch": ["--config", f"{till}/kiosk.toml", "--fetched", f"{till}/fetched"],
        "install": ["--fetched", f"{till}/fetched"],
    }
    command = [*arguments, *places.get(arguments[0], []), "--home", f"{till}/opt"]
    done = CliRunner().invoke(update_app, command)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return f"{done.exit_code} {done.output}"
