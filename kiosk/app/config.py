"""The kiosk's configuration: one TOML file, frozen, complete, all its mistakes at once.

Secrets never stand in it: it names files, and the files' permissions are checked where they are
read. `deploy/kiosk.example.toml` shows every section with its reasons.
"""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from kiosk.app.intervention_config import SECTION as INTERVENTIONS
from kiosk.app.intervention_config import only_here_of, policies_of
from kiosk.app.receipt_links import ReceiptsSection
from kiosk.app.receipt_links import check as check_receipts
from kiosk.app.telemetry_config import TelemetrySection
from kiosk.app.telemetry_config import check as check_telemetry
from kiosk.app.update.settings import UpdateSection
from kiosk.app.update.settings import check as check_update
from kiosk.sale.alcohol import AlcoholHours
from kiosk.sale.events import Interest, Method, Policy
from kiosk.sale.policy import DEFAULT_POLICIES, ONLY_HERE_BY_LAW
from kiosk.staff.roles import DEFAULT_ROLES, Right, Role, RoleRules


class ConfigError(Exception):
    """The file cannot be used. The message lists every mistake, one a line, with line numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskSection:
    """Which kiosk this is."""

    id: str
    """The cash register's own id, never reused, e.g. "NT-0477-03" (kassasystemlova § 2 f)."""
    till: str
    """The till's number for people, e.g. "3"."""
    operator: str = ""
    """The operator id on receipts; by default "SCO-" and the till's number with two digits."""
    data_dir: Path
    """Where the journal and the catalog lie. Made at first start, readable by the kiosk alone."""
    timezone: str = "Europe/Oslo"
    languages: tuple[str, ...] = ("nb", "nn", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSection:
    """Who sells, as the receipt must say."""

    name: str
    legal_name: str
    address: str
    org_number: str
    in_register: bool = True
    """Whether "Foretaksregisteret" stands on the receipt (AS, ASA, NUF)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSection:
    """The panel. Its size in millimetres is asked for at installation, never guessed."""

    width_px: int = 1080
    height_px: int = 1920
    px_per_mm: float = 4.03
    fullscreen: bool = True
    terminal_direction: Literal["right", "left", "down"] = "right"
    volume: float = 0.6
    """Loudness of the sounds, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandSection:
    """The shop's own colours; refused when a contrast is too low."""

    gran: str = "#0E3B2E"
    gran2: str = "#1A4E3E"
    gran3: str = "#0B5E42"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingSection:
    """How this shop sells."""

    approved_scale: bool = False
    """Declares that scale and software are approved for trade: only then are goods priced by
    weight here. See README.md, "Weighing"."""
    limit_lines: int = 500
    limit_quantity: int = 99
    limit_total_minor: int = 2_000_000
    idle_s: int = 60
    idle_answer_s: int = 30
    receipt_s: int = 20
    thanks_s: int = 12
    undo_s: int = 20
    random_checks: bool = False
    """Whether some sales are looked over; `kiosk/sale/checks.py` says which."""
    municipality: str = ""
    """Whose hours of alcohol hold, by number or name: `kiosk/rules/norway/alcohol_hours.toml`."""
    alcohol_hours: tuple[AlcoholHours, ...] = ()
    """Hours of one's own, one row from each date on, where the table is wrong or silent."""
    rules_checked_on: date | None = None
    """When the shop last held all tables of `kiosk rules list` against their sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSection:
    """Who may override what. Rights by name, see `kiosk/staff/roles.py`; none listed: defaults."""

    sign_out_s: int = 120
    needs_badge: bool = False
    """Badge and PIN together, instead of either."""
    shelf: Path | None = None
    """A file that all kiosks of the store can reach on this machine: what is set aside at one of
    them may go on at any. Without it, only where it was set aside."""
    attendant: tuple[Right, ...] | None = None
    supervisor: tuple[Right, ...] | None = None
    technician: tuple[Right, ...] | None = None
    attendant_price_off_percent: int = 50
    attendant_discount_percent: int = 0

    def roles(self) -> Mapping[Role, RoleRules]:
        """Return what each role may do."""
        attendant = replace(
            DEFAULT_ROLES[Role.ATTENDANT],
            price_off_bp=self.attendant_price_off_percent * 100,
            discount_bp=self.attendant_discount_percent * 100,
        )
        rules = {**DEFAULT_ROLES, Role.ATTENDANT: attendant}
        for role in Role:
            rights = getattr(self, role.value)
            if rights is not None:
                rules[role] = replace(rules[role], rights=frozenset(rights))
        return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSection:
    """The ways to pay. Which there are follows from the devices; see `kiosk/app/payment.py`."""

    methods: tuple[Method, ...] = ()
    """Their order on the screen, e.g. ["card", "vipps"]; the card first, then the devices as they
    are listed, without it. The first tile is the largest."""
    coupon_prefixes: tuple[str, ...] = ()
    """How the codes of paper coupons begin, e.g. ["99"]: somebody looks at them before payment."""
    partial_approval: bool = False
    """Whether a card that covers only a part pays that part. The terminal must have it switched on
    too; without both, a part that was approved goes back at once."""
    refund_without_payment: bool = False
    """Whether staff may give money back where the payment has no transaction that can be named,
    e.g. to another card. Off, since it is a door for fraud: such money goes back elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSection:
    """One device: its protocol by name, and that protocol's own options."""

    protocol: str
    role: Literal["", "badge", "bag"] = ""
    """"badge" for a reader of staff's badges, "bag" for a scale under the bags."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalSection:
    """The cash register. Without a signing key it is none: sales are unsigned and no Z is made."""

    signing_key: str = ""
    """A file (0600), or "credential:" and the name of a systemd credential."""
    key_version: str = "1"
    """The version under which the product declaration knows the key."""
    z_at: str = "23:55"
    """When the day is closed, local time: after the shop has closed and before midnight."""

    @property
    def z_time(self) -> time:
        """`z_at` as a time of day."""
        return time.fromisoformat(self.z_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSection:
    """For trying the kiosk without its glass; never in a shop."""

    socket: Path | None = None
    """A unix socket over which the screen can be seen and tapped."""
    starts_at: str = ""
    """ISO time at which the kiosk's own clock starts, e.g. "2026-03-04T10:00:00+01:00": so that a
    demonstration at night sells beer."""


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


_SECTIONS: Mapping[str, type] = MappingProxyType(
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
    selling = sections.get("selling")
    if isinstance(selling, SellingSection):
        _check_municipality(selling.municipality, wrong)
    fiscal = sections.get("fiscal")
    if isinstance(fiscal, FiscalSection):
        _check_time_of_day(fiscal.z_at, wrong)
    telemetry = sections.get("telemetry")
    if isinstance(telemetry, TelemetrySection) and isinstance(kiosk, KioskSection):
        check_telemetry(telemetry, kiosk.id, wrong)
    update = sections.get("update")
    if isinstance(update, UpdateSection):
        check_update(update, wrong)
    receipts = sections.get("receipts")
    if isinstance(receipts, ReceiptsSection):
        check_receipts(receipts, wrong)
        if "telemetry" not in raw:
            wrong("receipts", "needs [telemetry]: the server has sales from there.")
    if mistakes:
        raise ConfigError("\n".join(text for _, text in sorted(mistakes)))
    return Config(**sections, devices=devices, policies=policies, only_here=only_here)


def _sections(raw: Mapping[str, Any], wrong: Any) -> Iterator[tuple[str, Any]]:
    for name in raw:
        if name not in _SECTIONS and name not in _OTHERS:
            known = ", ".join([*_SECTIONS, *_OTHERS])
            wrong(name, f"is not a section. Expected one of {known}.")
    for name, kind in _SECTIONS.items():
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
