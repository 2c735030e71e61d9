"""The tools that the desk has no room for, and what is known about the kiosk."""

from dataclasses import dataclass
from datetime import datetime

from drivers.contracts import DeviceKind, DeviceState
from kiosk.engine.staff_view import DeviceLine, KioskFacts, PastDecision, Untaken
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.i18n.numbers import kroner
from kiosk.ui.present.parts import BannerModel, ChipModel, Kind
from kiosk.ui.present.pay import NAMES
from kiosk.ui.present.staff_desk import ToolModel, more_tools, present_tool
from kiosk.ui.present.staff_parts import (
    CHIPS,
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
)

DEVICES: dict[DeviceKind, tuple[str, str]] = {
    DeviceKind.SCANNER: ("staff.device.scanner", "barcode"),
    DeviceKind.SCALE: ("staff.device.scale", "scales"),
    DeviceKind.PRINTER: ("staff.device.printer", "printer"),
    DeviceKind.TERMINAL: ("staff.device.terminal", "credit-card"),
    DeviceKind.WALLET: ("staff.device.wallet", "device-mobile"),
    DeviceKind.BADGE: ("staff.device.badge", "identification-badge"),
    DeviceKind.BAG_SCALE: ("staff.device.bag_scale", "shopping-bag"),
    DeviceKind.LIGHT: ("staff.device.light", "lightning"),
    DeviceKind.GIFT_CARD: ("staff.device.gift_card", "gift"),
    DeviceKind.VOUCHER: ("staff.device.voucher", "recycle"),
}
STATES: dict[DeviceState, tuple[str, Kind, str]] = {
    DeviceState.READY: ("staff.state.ready", Kind.DONE, "check-circle"),
    DeviceState.STARTING: ("staff.state.starting", Kind.WAITING, "clock"),
    DeviceState.LOST: ("staff.state.lost", Kind.FAILED, "plugs"),
    DeviceState.FAULT: ("staff.state.fault", Kind.FAILED, "warning-circle"),
    DeviceState.STOPPED: ("staff.state.stopped", Kind.WAITING, "pause"),
}
MB_IN_GB = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceModel:
    """One device: its sign and name, and a chip with its state."""

    sign: str
    text: str
    chip: ChipModel


@dataclass(frozen=True, slots=True, kw_only=True)
class PastModel:
    """One of the last interventions: what it was, how it ended, by whom and how fast."""

    sign: str
    text: str
    note: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UntakenModel:
    """Money that a wallet still owes the store: which, how it stands, and what to look up."""

    sign: str
    text: str
    note: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMoreModel:
    """Everything on MORE."""

    frame: StaffFrameModel
    title: str
    facts: tuple[tuple[str, str], ...]
    """Label and value of version, kiosk, address and disk; those that are known."""
    devices: tuple[DeviceModel, ...]
    untaken_title: str
    untaken: tuple[UntakenModel, ...]
    past_title: str
    past: tuple[PastModel, ...]
    heading: str
    banner: BannerModel | None
    tools: tuple[ToolModel, ...]
    back: str


def present_staff_more(view: View, words: Translator) -> StaffMoreModel:
    """Return tools and facts. Without the right to see them there are no facts."""
    staff = staff_of(view)
    facts = staff.facts or KioskFacts()
    return StaffMoreModel(
        frame=present_staff_frame(view, words),
        title=words("staff.more.title"),
        facts=_facts(facts, words),
        devices=tuple(_device(device, words) for device in facts.devices),
        untaken_title=words("staff.more.untaken") if facts.untaken else "",
        untaken=tuple(_untaken(one, words) for one in facts.untaken),
        past_title=words("staff.more.past") if facts.past else "",
        past=tuple(_past(past, words) for past in facts.past),
        heading=words("staff.more.tools"),
        banner=present_problem(staff, words),
        tools=tuple(present_tool(tool, words) for tool in more_tools(staff)),
        back=words("frame.back"),
    )


def _facts(facts: KioskFacts, words: Translator) -> tuple[tuple[str, str], ...]:
    disk = f"{facts.disk_free_mb / MB_IN_GB:.1f} GB".replace(".", ",")
    rows = (
        (words("staff.more.version"), facts.version),
        (words("staff.more.kiosk"), facts.kiosk_id),
        (words("staff.more.address"), facts.address),
        (words("staff.more.disk"), disk if facts.disk_free_mb else ""),
        (words("staff.more.old_rules"), ", ".join(facts.old_rules)),
    )
    return tuple(row for row in rows if row[1])


def _device(device: DeviceLine, words: Translator) -> DeviceModel:
    key, sign = DEVICES[device.kind]
    state, kind, state_sign = STATES[device.state]
    return DeviceModel(
        sign=sign, text=words(key), chip=ChipModel(kind=kind, sign=state_sign, text=words(state))
    )


def _untaken(one: Untaken, words: Translator) -> UntakenModel:
    name, _, _ = NAMES[one.method]
    date = f"{datetime.fromisoformat(one.since):%d.%m.}"
    return UntakenModel(
        sign="warning-circle" if one.refused else "clock",
        text=f"{words(name)} {kroner(one.amount_minor)}",
        note=" · ".join((
            words("staff.untaken.refused" if one.refused else "staff.untaken.late"),
            words("staff.untaken.receipt", number=one.receipt, date=date),
        )),
        reference=one.reference,
    )  # fmt: skip


def _past(past: PastDecision, words: Translator) -> PastModel:
    key, _ = CHIPS[past.kind]
    verdict = words("staff.past.approved" if past.approved else "staff.past.refused")
    took = words.many("staff.past.seconds", past.seconds)
    return PastModel(
        sign="check" if past.approved else "x",
        text=f"{words(key)}: {verdict}",
        note=" · ".join(part for part in (past.who, took) if part),
        at=words.clock(past.at),
    )
