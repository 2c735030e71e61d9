from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.engine.view import Tone, View
from kiosk.ui.sounds import Silence, Sounds, open_player, player


@dataclass
class Listener:
    """A player that writes down what it was asked to play."""

    heard: list[tuple[Tone, float]] = field(default_factory=list)

    def play(self, tone: Tone, volume: float) -> None:
        self.heard.append((tone, volume))


class Unplugged:
    """A player whose sound card went away."""

    def play(self, tone: Tone, volume: float) -> None:
        raise OSError("no such device")


def test_a_tone_sounds_once_however_often_its_view_is_drawn() -> None:
    listener = Listener()
    sounds = Sounds(listener)
    for _ in range(3):
        sounds.show(View(tone=Tone.ADDED, tone_seq=1))
    assert [tone for tone, _ in listener.heard] == [Tone.ADDED]


def test_two_scans_of_the_same_kind_sound_twice() -> None:
    listener = Listener()
    sounds = Sounds(listener)
    sounds.show(View(tone=Tone.ADDED, tone_seq=1))
    sounds.show(View(tone=Tone.ADDED, tone_seq=2))
    assert len(listener.heard) == 2


def test_a_screen_without_a_tone_is_silent() -> None:
    listener = Listener()
    sounds = Sounds(listener)
    sounds.show(View())
    sounds.show(View(tone=Tone.NONE, tone_seq=4))
    assert listener.heard == []


def test_the_volume_goes_along_and_stays_between_nothing_and_all() -> None:
    listener = Listener()
    sounds = Sounds(listener, volume=0.25)
    sounds.show(View(tone=Tone.TICK, tone_seq=1))
    sounds.volume = 7
    sounds.show(View(tone=Tone.TICK, tone_seq=2))
    assert listener.heard == [(Tone.TICK, 0.25), (Tone.TICK, 1.0)]


def test_at_volume_nothing_the_player_is_left_alone() -> None:
    listener = Listener()
    sounds = Sounds(listener, volume=0)
    sounds.show(View(tone=Tone.APPROVED, tone_seq=1))
    assert listener.heard == []


def test_a_tone_missed_while_the_volume_was_off_does_not_come_later() -> None:
    listener = Listener()
    sounds = Sounds(listener, volume=0)
    sounds.show(View(tone=Tone.APPROVED, tone_seq=1))
    sounds.volume = 1
    sounds.show(View(tone=Tone.APPROVED, tone_seq=1))
    assert listener.heard == []


def test_a_sound_card_that_goes_away_leaves_the_screen_alone() -> None:
    sounds = Sounds(Unplugged())
    sounds.show(View(tone=Tone.ADDED, tone_seq=1))
    sounds.show(View(tone=Tone.ADDED, tone_seq=2))


@pytest.mark.parametrize("listed", ["--- no soundcards ---\n", None])
def test_without_a_sound_card_the_kiosk_is_silent(
    listed: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = tmp_path / "cards"
    if listed is not None:
        cards.write_text(listed)
    monkeypatch.delenv("SDL_AUDIODRIVER", raising=False)
    monkeypatch.setattr(player, "CARDS", cards)
    assert isinstance(open_player(), Silence)


def test_the_mixer_takes_every_tone_and_plays_it_without_a_loudspeaker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    mixer = open_player()
    assert isinstance(mixer, player.MixerPlayer)
    sounds = Sounds(mixer)
    for seq, tone in enumerate((tone for tone in Tone if tone is not Tone.NONE), start=1):
        sounds.show(View(tone=tone, tone_seq=seq))
    assert isinstance(sounds._player, player.MixerPlayer), "a tone failed"
