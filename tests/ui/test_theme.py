import pytest

from kiosk.ui.theme import HIGH_CONTRAST, Brand, BrandRefused, Theme, contrast, theme_of

# Text, ground and the contrast that the design writes beside the token (look.md, "Tokens").
DESIGNED = [
    ("skifer", "sno", 16.7), ("skifer", "rim", 14.8), ("skifer", "multe", 10.7),
    ("skifer", "multe_lys", 15.1), ("skifer2", "sno", 8.3), ("skifer2", "rim", 7.3),
    ("skifer2", "gran_lys", 7.1), ("skifer2", "mint", 6.4), ("kant", "sno", 3.9),
    ("paa_gran", "gran", 12.5), ("paa_gran", "gran2", 9.5), ("gran2_kant", "gran", 5.4),
    ("gran3", "sno", 7.8), ("gran3", "gran_lys", 6.7), ("mint", "gran", 9.7),
    ("multe", "gran", 8.0), ("skifer", "multe_ned", 8.6), ("brun", "multe_lys", 9.3),
    ("tyttebaer", "sno", 8.4), ("tyttebaer", "tyttebaer_lys", 7.1), ("blaabaer", "sno", 10.6),
    ("blaabaer", "blaabaer_lys", 8.9), ("sno", "blaabaer9", 13.7), ("av_kant", "gran", 3.4),
    # Staff mode's own (picture 13): a tool, its border, second text, training.
    ("paa_gran", "blaabaer2", 10.1), ("blaabaer2_kant", "blaabaer9", 5.8),
    ("blaabaer9_svak", "blaabaer9", 10.3), ("multe", "blaabaer9", 8.8),
    ("paa_blaabaer", "blaabaer", 10.6), ("multe_lys", "brun", 9.3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground", "designed"), DESIGNED)
def test_every_pair_has_the_contrast_that_was_designed(
    text: str, ground: str, designed: float
) -> None:
    theme = Theme()
    measured = contrast(getattr(theme, text), getattr(theme, ground))
    assert measured == pytest.approx(designed, abs=0.15)


def test_high_contrast_is_black_and_white_with_one_yellow() -> None:
    colours = {value for value in vars_of(HIGH_CONTRAST) if value.startswith("#")}
    # Pressed states are the two that are neither.
    assert colours == {"#000000", "#FFFFFF", "#FFD500", "#333333", "#D9B500"}
    assert contrast("#FFD500", "#000000") > 14


def vars_of(theme: Theme) -> list[str]:
    return [str(getattr(theme, name)) for name in theme.__slots__]


def test_a_brand_changes_its_greens_and_nothing_else() -> None:
    theme = theme_of(Brand(gran="#1B2766", gran2="#26368A", gran3="#26368A"))
    assert (theme.gran, theme.gran2, theme.gran3) == ("#1B2766", "#26368A", "#26368A")
    assert theme.multe == Theme().multe


@pytest.mark.parametrize(
    ("brand", "words"),
    [
        (Brand(gran="#7FB5A0"), "white on gran is 2"),
        (Brand(gran="#5A3A00", gran2="#FFFFFF"), "white on gran2 is 1.0:1"),
        (Brand(gran3="#75857D"), "gran3 on white"),
        (Brand(gran="green"), "not a colour such as #0E3B2E"),
    ],
)
def test_a_brand_that_cannot_be_read_is_refused_with_the_pair_and_its_contrast(
    brand: Brand, words: str
) -> None:
    with pytest.raises(BrandRefused, match=words):
        theme_of(brand)


def test_all_unreadable_pairs_are_told_at_once() -> None:
    with pytest.raises(BrandRefused) as refused:
        theme_of(Brand(gran="#FFC63F", gran3="#FFFFFF"))
    assert str(refused.value).count("must be") >= 3
