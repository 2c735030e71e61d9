"""The scanner that types, on made-up input devices: finding it, grabbing it, losing events."""

import errno
import os
from collections.abc import Iterator

import pytest

from drivers.contracts import BarcodeScanned, DeviceState, DeviceStateChanged
from drivers.errors import DeviceConfigError, DeviceLost
from drivers.reader import Backoff
from drivers.scanner import evdev_scanner
from drivers.scanner.evdev_scanner import EvdevScanner, EvdevScannerOptions, find_event_nodes
from drivers.sim.keyboard import KeyboardScannerSim, strokes
from tests.drivers.inbox import Inbox
from tests.drivers.umockdev import INSIDE, needs_wrapper, rerun

FAST = Backoff(first_s=0.02, limit_s=0.05)

if INSIDE:

    @pytest.fixture
    def far_end() -> Iterator[KeyboardScannerSim]:
        made = KeyboardScannerSim()
        yield made
        made.close()

    def started(inbox: Inbox, **options: object) -> EvdevScanner:
        chosen = EvdevScannerOptions(name="s", vendor_id="05e0", **options)  # type: ignore[arg-type]
        scanner = EvdevScanner(chosen, backoff=FAST)
        scanner.enable()
        scanner.start(inbox.post)
        return scanner

    def test_all_nodes_of_one_scanner_are_found_and_nobody_elses(
        far_end: KeyboardScannerSim,
    ) -> None:
        nodes = find_event_nodes({"ID_VENDOR_ID": "05e0", "ID_MODEL_ID": "1200"})
        assert nodes == [f"/dev/input/{name}" for name in far_end.state()["nodes"]]
        assert len(nodes) == 2

    @pytest.mark.parametrize(
        "wanted",
        [{"ID_VENDOR_ID": "0c2e"}, {"ID_VENDOR_ID": "05e0", "ID_MODEL_ID": "9999"}],
    )
    def test_a_scanner_that_differs_in_one_property_is_another(
        far_end: KeyboardScannerSim, wanted: dict[str, str]
    ) -> None:
        with pytest.raises(DeviceLost, match="plugged in"):
            find_event_nodes(wanted)

    def test_two_scanners_of_one_kind_must_be_told_apart(far_end: KeyboardScannerSim) -> None:
        other = KeyboardScannerSim(serial="S20146", port="1-2")
        try:
            with pytest.raises(DeviceConfigError, match="Add the serial number"):
                find_event_nodes({"ID_VENDOR_ID": "05e0"})
            assert len(find_event_nodes({"ID_SERIAL_SHORT": "S20146"})) == 2
        finally:
            other.close()

    def test_every_node_is_grabbed(
        far_end: KeyboardScannerSim, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grabbed: list[str] = []
        monkeypatch.setattr(evdev_scanner, "_grab", lambda node: grabbed.append(node.path))
        inbox = Inbox()
        scanner = started(inbox)
        inbox.wait_for_state(DeviceState.READY)
        scanner.stop()
        assert grabbed == [f"/dev/input/{name}" for name in far_end.state()["nodes"]]

    def test_a_scanner_that_another_program_holds_is_lost_with_clear_words(
        far_end: KeyboardScannerSim, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # umockdev always lets itself be grabbed; a kernel says EBUSY to the second.
        def busy(self: object) -> None:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

        monkeypatch.setattr("evdev.InputDevice.grab", busy)
        inbox = Inbox()
        scanner = started(inbox)
        inbox.wait_for_state(DeviceState.LOST)
        scanner.stop()
        (lost, _) = inbox.of(DeviceStateChanged)
        assert "grabbed by another program" in lost.reason

    def test_a_scanner_set_to_norwegian_is_read_with_norwegian_keys() -> None:
        far_end = KeyboardScannerSim(layout="no")
        inbox = Inbox()
        scanner = started(inbox, layout="no")
        try:
            inbox.wait_for_state(DeviceState.READY)
            far_end.scan("https://id.gs1.org/01/07038010001659?3103=000512", "]Q1")
            (code,) = inbox.wait_for(BarcodeScanned)
            assert code.text == "https://id.gs1.org/01/07038010001659?3103=000512"
            assert code.aim_id == "]Q1"
        finally:
            scanner.stop()
            far_end.close()

    def test_a_scanner_without_suffix_ends_its_codes_by_silence() -> None:
        far_end = KeyboardScannerSim(suffix="")
        inbox = Inbox()
        scanner = started(inbox, suffix="none")
        try:
            inbox.wait_for_state(DeviceState.READY)
            far_end.scan("7038010001659")
            assert inbox.wait_for(BarcodeScanned)[0].text == "7038010001659"
        finally:
            scanner.stop()
            far_end.close()

    def test_lost_events_spoil_the_code_they_belong_to_and_no_other(
        far_end: KeyboardScannerSim,
    ) -> None:
        inbox = Inbox()
        scanner = started(inbox)
        inbox.wait_for_state(DeviceState.READY)
        layout = evdev_scanner.LAYOUTS["us"]
        far_end.type_keys(list(strokes("70380", layout)))
        far_end.overrun()
        far_end.type_keys(list(strokes("1659\r", layout)))
        far_end.scan("12345670")
        inbox.wait_for(BarcodeScanned)
        counters = scanner.statistics().counters
        scanner.stop()
        assert [code.text for code in inbox.of(BarcodeScanned)] == ["12345670"]
        assert counters["overruns"] == 1

    def test_two_hundred_codes_come_through_once_each(far_end: KeyboardScannerSim) -> None:
        inbox = Inbox()
        scanner = started(inbox)
        inbox.wait_for_state(DeviceState.READY)
        texts = [f"{number:013}" for number in range(200)]
        for text in texts:
            assert far_end.scan(text)
        inbox.wait_for(BarcodeScanned, len(texts))
        scanner.stop()
        assert [code.text for code in inbox.of(BarcodeScanned)] == texts


else:

    @needs_wrapper
    def test_the_scanner_that_types_inside_umockdev() -> None:
        rerun(__file__)


def test_options_need_something_to_find_the_scanner_by() -> None:
    with pytest.raises(ValueError, match="vendor_id, model_id and serial"):
        EvdevScannerOptions(name="scanner-1")


def test_special_keys_have_the_kernels_names() -> None:
    with pytest.raises(ValueError, match="KEY_F99"):
        EvdevScannerOptions(name="s", vendor_id="05e0", special_keys={"KEY_F99": "\x1d"})
