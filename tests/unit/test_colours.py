"""Colours that are told apart in one picture stay apart for who sees colours differently, on both backgrounds.

How such eyes see a colour: F. Viénot, H. Brettel, J. Mollon, "Digital video colourmaps for checking the legibility of
displays by dichromats" (1999) for red and green; for blue, where one plane is not enough, H. Brettel, F. Viénot,
J. Mollon, "Computerized simulation of color appearance for dichromats" (1997); both for linear sRGB.

How far apart is enough depends on the size of a mark: M. Stone, D. Szafir, V. Setlur, "An engineering model for color
difference as a function of size" (2014) give the steps along the axes of CIELAB that half of all people notice. They
tried marks of a third of a degree to six; the smallest here lie a little below that.
"""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from pmcore.charts import metrics, metrics_dots
from pmcore.domain.vocabulary import Severity

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
SIZE = 0.2  #: degrees of sight: the dot of an incident, some eight pixels at an arm's length; bars are larger
NOTICED = {"L": 5.079 + 0.751 / SIZE, "a": 5.339 + 1.541 / SIZE, "b": 5.349 + 2.871 / SIZE}
ENOUGH = 1.5  #: of these steps: three quarters of all people notice

SAME = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
PROTANOPIA = ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1))
DEUTERANOPIA = ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1))
TRITANOPIA = (  #: on either side of the plane through all greys
    ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.80500, 0.11911)),
    ((0.93678, 0.18979, -0.12657), (0.06154, 0.81526, 0.12320), (-0.37562, 1.12767, 0.24796)),
)
PLANE = (0.03901, -0.02788, -0.01113)
EYES = ("usual", "protanopia", "deuteranopia", "tritanopia")


def linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def product(matrix, vector):
    return [sum(one * part for one, part in zip(row, vector, strict=True)) for row in matrix]


def seen(colour, eyes):
    """Linear red, green and blue, as somebody with these eyes sees it."""
    rgb = linear(colour)
    if eyes == "tritanopia":
        matrix = TRITANOPIA[sum(one * part for one, part in zip(PLANE, rgb, strict=True)) < 0]
    else:
        matrix = {"usual": SAME, "protanopia": PROTANOPIA, "deuteranopia": DEUTERANOPIA}[eyes]
    return [min(1.0, max(0.0, part)) for part in product(matrix, rgb)]


def lab(rgb):
    """CIELAB under D65."""
    to_xyz = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    scaled = [part / white for part, white in zip(product(to_xyz, rgb), (0.95047, 1.0, 1.08883), strict=True)]
    x, y, z = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in scaled)
    return {"L": 116 * y - 16, "a": 500 * (x - y), "b": 200 * (y - z)}


def apart(one, other, eyes):
    """In steps that half of all people notice."""
    first, second = lab(seen(one, eyes)), lab(seen(other, eyes))
    return sum(((first[axis] - second[axis]) / NOTICED[axis]) ** 2 for axis in NOTICED) ** 0.5


def told_apart():
    """By theme and picture of the metrics: the colours that say different things in it."""
    for theme in ("light", "dark"):
        colours = THEME[theme]["chartCategoricalColors"]
        yield pytest.param([*colours[: len(Severity)], metrics.GREY], id=f"{theme}, dots and their median")
        yield pytest.param([colours[0], metrics.GREY], id=f"{theme}, bars and their target")


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colours", list(told_apart()))
def test_colours_of_a_picture_stay_apart(colours, eyes):
    close = {pair: steps for pair in combinations(colours, 2) if (steps := apart(*pair, eyes)) < ENOUGH}
    assert close == {}


def test_the_dots_take_the_first_colours_of_the_theme():
    """The specification names none, or those above would not be the ones that are drawn."""
    colour = metrics_dots.dots_spec()["layer"][0]["encoding"]["color"]["scale"]
    assert (len(colour["domain"]), "range" in colour) == (len(Severity), False)


class TestTheModel:
    def test_knows_white_black_and_the_primaries(self):
        """L, a and b of sRGB's own red, as colorimetry has them."""
        assert lab(linear("#ffffff"))["L"] == pytest.approx(100, abs=0.01)
        assert lab(linear("#000000"))["L"] == pytest.approx(0, abs=0.01)
        assert list(lab(linear("#ff0000")).values()) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)

    @pytest.mark.parametrize("eyes", EYES)
    def test_leaves_greys_as_they_are(self, eyes):
        assert seen("#808080", eyes) == pytest.approx(linear("#808080"), abs=0.001)

    @pytest.mark.parametrize(
        ("eyes", "one", "other"),
        [
            ("protanopia", "#0f766e", "#717c8d"),
            ("deuteranopia", "#d62728", "#7f6d1e"),
            ("tritanopia", "#1d5fc4", "#0f766e"),
        ],
    )
    def test_finds_pairs_that_only_some_confuse(self, eyes, one, other):
        assert apart(one, other, "usual") > ENOUGH
        assert apart(one, other, eyes) < ENOUGH
