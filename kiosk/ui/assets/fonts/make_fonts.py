"""Make the kiosk's fonts from Inter: tabular figures and the tailed l as default, renamed, subset.

Kivy has no OpenType switches, so what the design wants is frozen into the font. Inter is under
the SIL Open Font License; a changed font must not carry its reserved name, hence "Selvkasse".

By hand, when Inter or the character set changes (the results are committed):
    pip install fonttools opentype-feature-freezer
    python kiosk/ui/assets/fonts/make_fonts.py /usr/share/fonts/opentype/inter
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Latin with Sami and its neighbours, Cyrillic as Ukrainian has it, punctuation, currency, the minus
# and multiplication signs.
CHARACTERS = (
    "U+0020-017F,U+01B7,U+01E4-01EF,U+0218-021B,U+0292,U+02C6-02DD,U+0401-0461,U+0490-0491,"
)
CHARACTERS += "U+2010-2026,U+202F,"
CHARACTERS += "U+2030,U+2032-2033,U+2039-203A,U+20AC,U+2190-2193,U+2212,U+00D7,U+00B7"
FACES = {
    # (source, family as renamed, features): weights. Sans has tabular figures, Figures has
    # proportional ones for a single large number, Display is for titles.
    ("Inter", "Sans", "tnum,cv05"): ("Regular", "Medium", "SemiBold", "Bold"),
    ("Inter", "Figures", "cv05"): ("Bold",),
    ("InterDisplay", "Display", "cv05"): ("SemiBold", "Bold"),
}


def make(source: Path, target: Path, *, features: str, names: str) -> None:
    """Freeze `features` into `source`, rename it by `names`, keep only `CHARACTERS`."""
    frozen = target.with_suffix(".frozen.otf")
    subprocess.run(
        ["pyftfeatfreeze", "-f", features, "-R", names, str(source), str(frozen)], check=True
    )
    subprocess.run(
        ["pyftsubset", str(frozen), f"--unicodes={CHARACTERS}", f"--output-file={target}",
         "--layout-features=kern,mark,mkmk,ccmp,locl,calt,case", "--name-IDs=*", "--no-hinting"],
        check=True,
    )  # fmt: skip
    frozen.unlink()


def main(folder: Path) -> None:
    """Make every face from the OTF files in `folder`."""
    for (source, family, features), weights in FACES.items():
        for weight in weights:
            make(
                folder / f"{source}-{weight}.otf",
                HERE / f"Selvkasse{family}-{weight}.otf",
                features=features,
                names=f"Inter/Selvkasse {family},{source}/Selvkasse{family}",
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
