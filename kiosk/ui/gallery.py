"""Draw every screen from the sample views, to lay beside the design's pictures.

python -m kiosk.ui.gallery --out DIR [--size 1080x1920] [--language nb] [--high-contrast]
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kiosk.engine.view import Settings, View
from kiosk.ui.easel import Easel
from kiosk.ui.samples import SAMPLES, with_settings
from kiosk.ui.samples_more import MORE
from kiosk.ui.samples_return import RETURN_SAMPLES
from kiosk.ui.samples_staff import STAFF_SAMPLES
from kiosk.ui.samples_tenders import TENDER_SAMPLES
from kiosk.ui.samples_wallet import WALLET_SAMPLES


def draw(
    samples: Mapping[str, View], easel: Easel, out: Path, settings: Settings
) -> Iterator[Path]:
    """Draw samples into `out`, named by their order; yields each path."""
    for number, (name, view) in enumerate(samples.items(), 1):
        easel.show(replace(with_settings(view, settings), seq=number))
        path = out / f"{number:02d}-{name}.png"
        easel.picture(path)
        yield path


def _first(language: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages with one of them first, the others as they stood."""
    return (language, *(other for other in languages if other != language))


def main() -> None:
    """Read the arguments and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", default="1080x1920", help="pixels, width x height")
    parser.add_argument("--language", default="nb")
    parser.add_argument("--high-contrast", action="store_true")
    parser.add_argument("--large-text", action="store_true")
    parser.add_argument("--lower-controls", action="store_true")
    parser.add_argument("--only", default="", help="names of samples, with commas")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    width, height = (int(side) for side in asked.size.split("x"))
    settings = Settings(
        language=asked.language, high_contrast=asked.high_contrast, large_text=asked.large_text,
        lower_controls=asked.lower_controls,
    )  # fmt: skip
    wanted = [name for name in asked.only.split(",") if name]
    every = SAMPLES | MORE | WALLET_SAMPLES | TENDER_SAMPLES | STAFF_SAMPLES | RETURN_SAMPLES
    # Staff mode speaks the shop's first language.
    samples = {
        name: replace(view, languages=_first(asked.language, view.languages))
        for name, view in every.items()
        if not wanted or name in wanted
    }
    for path in draw(samples, Easel(width, height), asked.out, settings):
        print(path)


if __name__ == "__main__":
    main()
