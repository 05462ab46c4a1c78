"""Text of people in cells of a sheet: it stays text, whatever it begins with, and a parser of XML can read it."""

import re

from pmcore.domain.tracker import FORMULA_STARTS

LONGEST_CELL = 32_767  #: Excel's own limit

# What XML 1.0 cannot hold, beside lone surrogates, which no encoding can.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet reads _x0041_ as the letter A; the escape of the underscore keeps it as typed.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula: by its first character, or the first after blanks."""
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)


def readable(text: str) -> str:
    """Without the characters that no sheet can hold."""
    return _ILLEGAL.sub("", text)


def for_excel(text: str) -> str:
    if text.isprintable() and "_x" not in text and len(text) <= LONGEST_CELL:
        return text  # most are like this, and it is found out faster than by looking for what is illegal
    return _ESCAPED.sub("_x005F_", readable(text))[:LONGEST_CELL]


def from_excel(text: str) -> str:
    """What `for_excel` was given, so that an export can be read again."""
    return text.replace("_x005F_", "_")


def for_csv(text: str) -> str:
    """An apostrophe in front of what a spreadsheet would calculate; there is no other way to say it in CSV."""
    text = readable(text)
    return f"'{text}" if is_formula_like(text) or text.startswith("'") else text


def from_csv(text: str) -> str:
    """What `for_csv` was given."""
    inner = text[1:]
    return inner if text.startswith("'") and (is_formula_like(inner) or inner.startswith("'")) else text
