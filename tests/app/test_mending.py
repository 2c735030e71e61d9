"""A kiosk that cannot start says why once, and tries again when its file has changed."""

import socket
import threading
from pathlib import Path

from kiosk.app.mending import stay_until_mended
from kiosk.app.watchdog import Notifier


class Jumping:
    """A clock that jumps half a minute whenever it is looked at."""

    def __init__(self) -> None:
        self.now_s = 0

    def monotonic_ns(self) -> int:
        self.now_s += 30
        return self.now_s * 1_000_000_000


def systemd(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(folder / "notify"))
    listener.settimeout(5)
    return listener


def test_the_reason_is_the_status_and_a_changed_file_ends_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("wrong")
    ended: list[bool] = []
    with systemd(tmp_path) as listener:
        notifier = Notifier(str(tmp_path / "notify"))
        staying = threading.Thread(
            target=lambda: ended.append(stay_until_mended(path, "line 1\nline 2", notifier))
        )
        staying.start()
        assert listener.recv(1000) == b"STATUS=Does not start: line 1"
        mended = tmp_path / "mended"
        mended.write_text("right")
        mended.replace(path)
        staying.join(10)
    assert ended == [True]


def test_nobody_mends_it_and_it_ends_to_be_tried_again(tmp_path: Path) -> None:
    with systemd(tmp_path):
        notifier = Notifier(str(tmp_path / "notify"))
        assert not stay_until_mended(tmp_path / "none", "x", notifier, clock=Jumping())


def test_on_a_desk_it_ends_at_once(tmp_path: Path) -> None:
    assert not stay_until_mended(tmp_path / "none", "x", Notifier(""))
