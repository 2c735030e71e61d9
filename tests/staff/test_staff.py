"""Who may sign in, and how long those wait who guess."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from kiosk.staff import (
    DEFAULT_ROLES,
    Refused,
    Right,
    Role,
    SignedIn,
    SignIn,
    StaffBook,
    StaffError,
    hashing,
)
from kiosk.staff.commands import staff_app
from kiosk.staff.lockout import LONGEST_WAIT_S, Tries, after_failure, anchored, left_s

DEAR = hashing.NOBODY
"""A hash as the kiosk makes them, before the tests make them cheap."""
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clocks:
    """A wall clock that may be set, and a monotonic one that may not."""

    def __init__(self) -> None:
        self.now = NOON
        self.ns = 10**9

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.ns += round(seconds * 1e9)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at a thousandth of the cost: what is tested here is who gets in, not how slowly."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "_hasher", cheap)
    monkeypatch.setattr(hashing, "NOBODY", cheap.hash("nobody"))
    monkeypatch.setattr(hashing, "_MEMORY_KIB", 8)
    monkeypatch.setattr(hashing, "_PASSES", 1)


def test_a_hash_costs_what_the_guidelines_ask_for() -> None:
    assert DEAR.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[StaffBook]:
    book = StaffBook.open(tmp_path / "staff.sqlite")
    book.add(number="12", name="Ingrid", role=Role.ATTENDANT, pin="4711", badge="04A2B3C4")
    yield book
    book.close()


def sign_in(book: StaffBook, clocks: Clocks) -> SignIn:
    return SignIn(book, lambda: clocks.now, lambda: clocks.ns)


def wrong(signing: SignIn, times: int, number: str = "12") -> SignedIn | Refused:
    answer: SignedIn | Refused = Refused()
    for _ in range(times):
        answer = signing.with_pin(number, "9999")
    return answer


def name_of(answer: SignedIn | Refused) -> str:
    assert isinstance(answer, SignedIn), answer
    assert answer.person is not None
    return answer.person.name


def test_number_and_pin_sign_in(book: StaffBook, clocks: Clocks) -> None:
    assert name_of(sign_in(book, clocks).with_pin("12", "4711")) == "Ingrid"


def test_a_badge_signs_in_without_a_number(book: StaffBook, clocks: Clocks) -> None:
    assert name_of(sign_in(book, clocks).with_badge("04A2B3C4")) == "Ingrid"
    assert isinstance(sign_in(book, clocks).with_badge("04A2B3C5"), Refused)


def test_neither_pin_nor_badge_nor_code_stands_in_the_file(book: StaffBook) -> None:
    code = book.new_code()
    content = book.path.read_bytes()
    assert b"4711" not in content
    assert b"04A2B3C4" not in content
    assert code.encode() not in content
    assert b"$argon2id$" in content


def test_a_wrong_pin_and_a_number_nobody_has_look_the_same(book: StaffBook, clocks: Clocks) -> None:
    signing = sign_in(book, clocks)
    assert signing.with_pin("12", "9999") == signing.with_pin("99", "9999") == Refused(tries_left=4)


def test_the_fifth_wrong_try_locks_and_the_right_pin_waits_too(
    book: StaffBook, clocks: Clocks
) -> None:
    signing = sign_in(book, clocks)
    assert wrong(signing, 5) == Refused(tries_left=0, locked_s=30)
    assert signing.with_pin("12", "4711") == Refused(locked_s=30)
    clocks.advance(30)
    assert name_of(signing.with_pin("12", "4711")) == "Ingrid"


def test_each_further_wrong_try_doubles_the_wait_up_to_an_hour(
    book: StaffBook, clocks: Clocks
) -> None:
    signing = sign_in(book, clocks)
    wrong(signing, 5)
    waits = []
    for _ in range(8):
        clocks.advance(LONGEST_WAIT_S)
        answer = wrong(signing, 1)
        assert isinstance(answer, Refused)
        waits.append(answer.locked_s)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_the_right_pin_gives_five_tries_again(book: StaffBook, clocks: Clocks) -> None:
    signing = sign_in(book, clocks)
    wrong(signing, 4)
    signing.with_pin("12", "4711")
    assert wrong(signing, 4) == Refused(tries_left=1)


def test_pulling_the_plug_gains_no_try_and_shortens_no_wait(
    book: StaffBook, clocks: Clocks
) -> None:
    wrong(sign_in(book, clocks), 4)
    wrong(sign_in(book, clocks), 1)
    clocks.advance(10)
    again = sign_in(book, clocks)
    assert again.with_pin("12", "4711") == Refused(locked_s=20)


def test_a_power_cut_while_a_try_is_looked_at_costs_that_try(
    book: StaffBook, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_number: str, _pin: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(book, "with_pin", cut)
    with pytest.raises(KeyboardInterrupt):
        sign_in(book, clocks).with_pin("12", "4711")
    monkeypatch.undo()
    assert book.tries("number:12").failed == 1


@pytest.mark.parametrize("restart", [False, True])
def test_a_clock_set_back_neither_opens_nor_locks_for_years(
    book: StaffBook, clocks: Clocks, restart: bool
) -> None:
    signing = sign_in(book, clocks)
    wrong(signing, 5)
    clocks.now -= timedelta(days=400)
    if restart:
        signing = sign_in(book, clocks)
    assert signing.with_pin("12", "4711") == Refused(locked_s=30)
    clocks.advance(30)
    assert name_of(signing.with_pin("12", "4711")) == "Ingrid"


def test_setting_the_wall_clock_forward_helps_nobody(book: StaffBook, clocks: Clocks) -> None:
    signing = sign_in(book, clocks)
    wrong(signing, 5)
    clocks.now += timedelta(days=1)
    assert signing.with_pin("12", "4711") == Refused(locked_s=30)


def test_trying_many_numbers_locks_the_pad_for_all(book: StaffBook, clocks: Clocks) -> None:
    signing = sign_in(book, clocks)
    for number in range(100, 115):
        signing.with_pin(str(number), "1357")
    assert signing.with_pin("12", "4711") == Refused(locked_s=30)
    assert name_of(signing.with_badge("04A2B3C4")) == "Ingrid"


def test_a_flood_of_numbers_does_not_fill_the_file(book: StaffBook) -> None:
    for number in range(700):
        book.note_tries(f"number:{number}", Tries(failed=1))
    assert book.tries("number:699").failed == 1
    assert book.tries("number:1").failed == 0


def test_others_can_neither_read_the_file_nor_make_the_kiosk_use_one_they_can(
    book: StaffBook,
) -> None:
    assert book.path.stat().st_mode & 0o777 == 0o600
    book.path.chmod(0o640)
    with pytest.raises(StaffError, match="chmod 600"):
        StaffBook.open(book.path)


def test_there_is_no_default_account_only_a_code_at_the_first_start(tmp_path: Path) -> None:
    first = StaffBook.open(tmp_path / "new.sqlite")
    assert len(first.first_code) == 8
    assert first.people() == ()
    assert StaffBook.open(tmp_path / "new.sqlite").first_code == ""


def test_the_code_makes_one_supervisor_and_is_void_then(tmp_path: Path, clocks: Clocks) -> None:
    book = StaffBook.open(tmp_path / "new.sqlite")
    assert sign_in(book, clocks).with_code(book.first_code) == SignedIn(None)
    book.enrol_first("2580")
    assert name_of(sign_in(book, clocks).with_pin("1", "2580")) == "Leder"
    assert isinstance(sign_in(book, clocks).with_code(book.first_code), Refused)
    with pytest.raises(StaffError, match="supervisor already"):
        book.new_code()


def test_the_code_lies_in_a_file_of_the_kiosks_own_until_it_is_used(tmp_path: Path) -> None:
    book = StaffBook.open(tmp_path / "new.sqlite")
    path = book.write_code()
    assert path.read_text() == f"{book.first_code}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    book.enrol_first("2580")
    assert not path.exists()


def test_the_code_can_be_guessed_five_times(tmp_path: Path, clocks: Clocks) -> None:
    book = StaffBook.open(tmp_path / "new.sqlite")
    signing = sign_in(book, clocks)
    for _ in range(5):
        signing.with_code("00000000")
    assert signing.with_code(book.first_code) == Refused(locked_s=30)


@pytest.mark.parametrize("pin", ["", "12a4", "123", "123456789", "1111", "1234", "8765", "٤٧١١"])
def test_a_pin_that_anybody_would_try_first_is_refused(book: StaffBook, pin: str) -> None:
    with pytest.raises(StaffError, match="PIN"):
        book.add(number="13", name="Ola", role=Role.ATTENDANT, pin=pin)


def test_a_number_and_a_badge_belong_to_one_person(book: StaffBook) -> None:
    with pytest.raises(StaffError, match="number 12"):
        book.add(number="12", name="Ola", role=Role.ATTENDANT, pin="2580")
    with pytest.raises(StaffError, match="badge"):
        book.add(number="13", name="Ola", role=Role.ATTENDANT, pin="2580", badge="04A2B3C4")


def test_who_is_disabled_stays_known_and_is_not_let_in(book: StaffBook, clocks: Clocks) -> None:
    gone = book.disable("12")
    assert isinstance(sign_in(book, clocks).with_pin("12", "4711"), Refused)
    assert isinstance(sign_in(book, clocks).with_badge("04A2B3C4"), Refused)
    assert book.by_id(gone.id) == gone


def test_roles_grow_towards_the_supervisor_and_a_technician_decides_nothing() -> None:
    attendant, supervisor, technician = (DEFAULT_ROLES[role] for role in Role)
    assert attendant.rights < supervisor.rights == frozenset(Right)
    assert not technician.may(Right.DECIDE)
    assert not technician.may(Right.VOID_SALE)


def test_the_rule_is_pure_and_knows_no_wait_before_the_fifth() -> None:
    tries = Tries()
    for _ in range(4):
        tries = after_failure(tries, NOON)
        assert left_s(tries, NOON) == 0
    locked = after_failure(tries, NOON)
    assert left_s(locked, NOON + timedelta(seconds=29)) == 1
    assert left_s(locked, NOON - timedelta(days=1)) == 30
    assert anchored(locked, NOON - timedelta(days=1)).since == NOON - timedelta(days=1)


def test_the_commands_add_list_and_disable(tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = ["--file", str(tmp_path / "staff.sqlite")]
    added = run(
        staff_app, ["add", "7", "Kari", "--role", "supervisor", *file], input="2580\n2580\n"
    )
    assert added.exit_code == 0, added.output
    assert "2580" not in added.output
    assert "Kari" in run(staff_app, ["list", *file]).output
    assert run(staff_app, ["disable", "7", *file]).exit_code == 0
    assert "disabled" in run(staff_app, ["list", *file]).output
    unknown = run(staff_app, ["disable", "8", *file])
    assert unknown.exit_code == 1
    assert "nobody has it" in unknown.output
