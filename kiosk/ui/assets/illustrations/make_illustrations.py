"""Render the illustrations: `python make_illustrations.py` (needs cairosvg, not a dependency).

Each SVG beside this file names its colours by class. It is drawn twice, at twice its size in
units: in the colours of the light theme, and for high contrast as `<name>-contrast.png`.
"""

from pathlib import Path

import cairosvg  # type: ignore[import-not-found]

FOLDER = Path(__file__).parent
SCALE = 2

SHAPES = """
.ink-line, .ink-line * { stroke-width: 9; stroke-linejoin: round }
.arrow { fill: none; stroke-width: 13; stroke-linecap: round; stroke-linejoin: round }
.wave, .wave-wide { fill: none; stroke-width: 10; stroke-linecap: round }
.wave-wide { stroke-width: 13 }
.smile { fill: none; stroke-width: 22 }
.handle { fill: none; stroke-width: 22 }
.print { stroke-width: 13; stroke-linecap: round }
"""
LIGHT = (
    SHAPES
    + """
.beam { fill: #FFE5A0 } .ink-line * { stroke: #10211B } .paper { fill: #FFFFFF }
.band, .bag { fill: #0B5E42 } .bag-top { fill: #0E3B2E } .sun { fill: #FFC63F }
.bars, .ink { fill: #10211B } .ink-2 { fill: #42524B } .arrow { stroke: #10211B }
.wave, .wave-wide { stroke: #0B5E42 } .screen { fill: #CFE9DB } .key { fill: #5A6B63 }
.key-red { fill: #D4455D } .key-yellow, .chip { fill: #FFD977 } .key-green { fill: #3FA57C }
.print { stroke: #75857D } .smile { stroke: #FFC63F } .handle { stroke: #0B5E42 }
.ask { fill: #FFFFFF }
"""
)
CONTRAST = (
    SHAPES
    + """
.beam { fill: #FFD500 } .ink-line * { stroke: #000000 } .paper { fill: #FFFFFF }
.band { fill: #000000 } .bag { fill: #FFFFFF } .bag-top { fill: #BBBBBB } .sun { fill: #FFD500 }
.bars { fill: #000000 } .ink { fill: #FFFFFF } .ink-2 { fill: #BBBBBB } .arrow { stroke: #FFFFFF }
.over-beam { stroke: #000000 }
.wave, .wave-wide { stroke: #000000 } .screen { fill: #FFD500 } .key { fill: #000000 }
.key-red, .key-yellow, .key-green { fill: #000000 } .chip { fill: #FFD500 }
.print { stroke: #000000 } .smile { stroke: #000000 } .handle { stroke: #FFFFFF }
.ask { fill: #000000 }
"""
)


def render(source: Path, style: str, target: Path) -> None:
    """Draw one SVG with one set of colours."""
    text = source.read_text("utf-8")
    head, body = text.split(">", 1)
    coloured = f"{head}><style>{style}</style>{body}"
    cairosvg.svg2png(coloured.encode(), scale=SCALE, write_to=str(target))


if __name__ == "__main__":
    for svg in sorted(FOLDER.glob("*.svg")):
        render(svg, LIGHT, svg.with_suffix(".png"))
        render(svg, CONTRAST, svg.with_name(f"{svg.stem}-contrast.png"))
