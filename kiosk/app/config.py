"""The kiosk's configuration: one TOML file, frozen, complete, all its mistakes at once.

Secrets never stand in it: it names files, and the files' permissions are checked where they are
read. `deploy/kiosk.example.toml` shows every section with its reasons.
"""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from kiosk.app.config_sections import (
    LATE_AFTER_S_MIN,
    BenchSection,
    BrandSection,
    DeviceSection,
    FiscalSection,
    KioskSection,
    PaymentSection,
    ScreenSection,
    SellingSection,
    ShopSection,
    StaffSection,
    check_screen,
)
from kiosk.app.intervention_config import SECTION as INTERVENTIONS
from kiosk.app.intervention_config import only_here_of, policies_of
from kiosk.app.receipt_gateway import GatewaySection
from kiosk.app.receipt_gateway import check as check_gateway
from kiosk.app.receipt_links import ReceiptsSection
from kiosk.app.receipt_links import check as check_receipts
from kiosk.app.telemetry_config import TelemetrySection
from kiosk.app.telemetry_config import check as check_telemetry
from kiosk.app.update.settings import UpdateSection
from kiosk.app.update.settings import check as check_update
from kiosk.sale.events import Interest, Policy
from kiosk.sale.policy import DEFAULT_POLICIES, ONLY_HERE_BY_LAW


class ConfigError(Exception):
    """The file cannot be used. The message lists every mistake, one a line, with line numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole file."""

    kiosk: KioskSection
    shop: ShopSection
    screen: ScreenSection = ScreenSection()
    brand: BrandSection = BrandSection()
    selling: SellingSection = SellingSection()
    staff: StaffSection = StaffSection()
    bench: BenchSection = BenchSection()
    fiscal: FiscalSection = FiscalSection()
    telemetry: TelemetrySection | None = None
    receipts: ReceiptsSection | None = None
    receipt_gateway: GatewaySection | None = None
    update: UpdateSection = UpdateSection()
    policies: Mapping[Interest, Policy] = field(default_factory=lambda: DEFAULT_POLICIES)
    """[interventions]: when each kind stops the shopper; see `kiosk/sale/policy.py`."""
    only_here: frozenset[Interest] = ONLY_HERE_BY_LAW
    """[interventions] only_here: what nobody may approve from afar."""
    payment: PaymentSection = PaymentSection()
    devices: Mapping[str, DeviceSection] = field(default_factory=dict)
    source: Path | None = None
    """The file, where there is one."""
    settings_version: str = ""
    """What the store has set from afar (`kiosk.app.store_settings`); empty for nothing."""

    @property
    def journal_path(self) -> Path:
        """The journal's database."""
        return self.kiosk.data_dir / "journal.sqlite"

    @property
    def catalog_path(self) -> Path:
        """The catalog's database."""
        return self.kiosk.data_dir / "catalog.sqlite"

    @property
    def staff_path(self) -> Path:
        """The staff's own file."""
        return self.kiosk.data_dir / "staff.sqlite"

    @property
    def memory_path(self) -> Path:
        """What the kiosk has learnt and may forget."""
        return self.kiosk.data_dir / "learnt.json"

    @property
    def operator(self) -> str:
        """The operator id of sales that the shopper makes alone."""
        return self.kiosk.operator or f"SCO-{self.kiosk.till:0>2}"


SECTIONS: Mapping[str, type] = MappingProxyType(
    {
        "kiosk": KioskSection,
        "shop": ShopSection,
        "screen": ScreenSection,
        "brand": BrandSection,
        "selling": SellingSection,
        "payment": PaymentSection,
        "staff": StaffSection,
        "bench": BenchSection,
        "fiscal": FiscalSection,
        "telemetry": TelemetrySection,
        "update": UpdateSection,
        "receipts": ReceiptsSection,
        "receipt_gateway": GatewaySection,
    }
)
_OTHERS = ("devices", INTERVENTIONS)
_REQUIRED = ("kiosk", "shop")


def load(path: Path) -> Config:
    """Read the file at `path`.

    Raises:
        ConfigError: with all mistakes, each with its line, what is wrong and what is expected.
    """
    raw, text = tables_in(path)
    return replace(config_of(raw, str(path), _line_numbers(text)), source=path)


def tables_in(path: Path) -> tuple[dict[str, Any], str]:
    """Return the tables of the file, and its text; raises ConfigError when it is not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start}).") from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error


def config_of(
    raw: Mapping[str, Any], name: str, lines: Mapping[str, int] = MappingProxyType({})
) -> Config:
    """Return what the tables of the file `name` say, or raise ConfigError as `load` does."""
    mistakes: list[tuple[int, str]] = []

    def wrong(where: str, what: str) -> None:
        number = lines.get(where) or lines.get(where.rpartition(".")[0]) or 0
        mistakes.append((number, f"{name}{f':{number}' if number else ''}: {where}: {what}"))

    sections = dict(_sections(raw, wrong))
    devices = dict(_devices(raw.get("devices", {}), wrong))
    policies = policies_of(raw.get(INTERVENTIONS, {}), wrong)
    only_here = only_here_of(raw.get(INTERVENTIONS, {}), wrong)
    kiosk = sections.get("kiosk")
    if isinstance(kiosk, KioskSection):
        _check_timezone(kiosk.timezone, wrong)
    screen = sections.get("screen")
    if isinstance(screen, ScreenSection):
        check_screen(screen, wrong)
    selling = sections.get("selling")
    if isinstance(selling, SellingSection):
        _check_municipality(selling.municipality, wrong)
    fiscal = sections.get("fiscal")
    if isinstance(fiscal, FiscalSection):
        _check_time_of_day(fiscal.z_at, wrong)
    payment = sections.get("payment")
    if isinstance(payment, PaymentSection) and payment.late_after_s < LATE_AFTER_S_MIN:
        wrong("payment.late_after_s", f"is out of bounds: {LATE_AFTER_S_MIN} or more.")
    telemetry = sections.get("telemetry")
    if isinstance(telemetry, TelemetrySection) and isinstance(kiosk, KioskSection):
        check_telemetry(telemetry, kiosk.id, wrong)
        if telemetry.shelf and "shelf" in raw.get("staff", {}):
            wrong("staff.shelf", "is a second shelf beside that of [telemetry]. Choose one.")
    update = sections.get("update")
    if isinstance(update, UpdateSection):
        check_update(update, wrong)
    receipts = sections.get("receipts")
    if isinstance(receipts, ReceiptsSection):
        check_receipts(receipts, wrong)
        if "telemetry" not in raw:
            wrong("receipts", "needs [telemetry]: the server has sales from there.")
    gateway = sections.get("receipt_gateway")
    if isinstance(gateway, GatewaySection):
        check_gateway(gateway, wrong)
        if "receipts" not in raw:
            wrong("receipt_gateway", "needs [receipts]: what is sent is a link to one.")
    if mistakes:
        raise ConfigError("\n".join(text for _, text in sorted(mistakes)))
    return Config(**sections, devices=devices, policies=policies, only_here=only_here)


def _sections(raw: Mapping[str, Any], wrong: Any) -> Iterator[tuple[str, Any]]:
    for name in raw:
        if name not in SECTIONS and name not in _OTHERS:
            known = ", ".join([*SECTIONS, *_OTHERS])
            wrong(name, f"is not a section. Expected one of {known}.")
    for name, kind in SECTIONS.items():
        if name not in raw:
            if name in _REQUIRED:
                wrong(name, "the section is missing.")
            continue
        if not isinstance(raw[name], dict):
            wrong(name, f"is not a section. Write [{name}].")
            continue
        section = _section(name, kind, raw[name], wrong)
        if section is not None:
            yield name, section


def _section(name: str, kind: type, raw: Mapping[str, Any], wrong: Any) -> Any:
    """Convert one section field by field, so that every mistake is found, not only the first."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    complete = True
    for key in raw:
        if key not in hints:
            wrong(f"{name}.{key}", f"is not known. Expected one of {', '.join(hints)}.")
            complete = False
    for spec in dataclasses.fields(kind):
        if spec.name not in raw:
            if spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
                wrong(f"{name}.{spec.name}", "is missing.")
                complete = False
            continue
        try:
            values[spec.name] = msgspec.convert(
                raw[spec.name], hints[spec.name], dec_hook=_from_text
            )
        except msgspec.ValidationError as error:
            wrong(f"{name}.{spec.name}", f"{raw[spec.name]!r} cannot be used: {error}.")
            complete = False
    return kind(**values) if complete else None


def _from_text(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected {kind.__name__}")


def _devices(raw: Any, wrong: Any) -> Iterator[tuple[str, DeviceSection]]:
    if not isinstance(raw, dict):
        wrong("devices", "is not a section. Write one [devices.NAME] for each device.")
        return
    for name, options in raw.items():
        if not isinstance(options, dict) or not isinstance(options.get("protocol"), str):
            wrong(f"devices.{name}", 'needs protocol = "...". `kiosk devices` lists them.')
            continue
        role = options.get("role", "")
        if role not in ("", "badge", "bag"):
            wrong(f"devices.{name}.role", f'{role!r} is not known. Expected "badge" or "bag".')
            continue
        rest = {key: value for key, value in options.items() if key not in ("protocol", "role")}
        yield name, DeviceSection(protocol=options["protocol"], role=role, options=rest)


def _check_timezone(name: str, wrong: Any) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        wrong("kiosk.timezone", f'{name!r} is not a time zone. Expected e.g. "Europe/Oslo".')


def _check_municipality(name: str, wrong: Any) -> None:
    if not name:
        return
    from kiosk.rules.hours import NoSuchMunicipality, municipality

    try:
        municipality(name)
    except NoSuchMunicipality as error:
        wrong("selling.municipality", str(error))


def _check_time_of_day(text: str, wrong: Any) -> None:
    try:
        if len(text) == len("23:55") and time.fromisoformat(text):
            return
    except ValueError:
        pass
    wrong("fiscal.z_at", f'{text!r} is not a time of day. Expected e.g. "23:55".')


def _line_numbers(text: str) -> dict[str, int]:
    """Return the line of each section and key. Enough for a file of plain tables and keys."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("[") and "]" in stripped:
            section = stripped.strip("[]").partition("]")[0].replace('"', "")
            found.setdefault(section, number)
        elif "=" in stripped and not stripped.startswith("#"):
            key = stripped.partition("=")[0].strip().strip('"')
            found.setdefault(f"{section}.{key}" if section else key, number)
    return found
