"""Section content: made canonical on the way in, hashed without its white space."""

import hashlib
import json
import unicodedata
from typing import Any

from pmcore.domain.errors import N_, PmError
from pmcore.domain.sections import FACTS, FILES, Content, FieldKind, Section

MAX_LINE = 2_000  #: characters of a LINE field or of a row's column
MAX_TEXT = 200_000  #: characters of a TEXT field


class BadText(PmError):
    """The text cannot be kept as it is; the sentence says why."""


def clean(text: str, *, longest: int = MAX_TEXT, field: str = "") -> str:
    """NFC, line feeds only, no NUL. Raises BadText when it is longer than allowed."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > longest:
        raise BadText(
            N_("This text has {length} characters; {longest} fit here. Shorten it or attach the rest as a link."),
            field=field, length=len(text), longest=longest,
        )  # fmt: skip
    return text


def one_line(text: str, *, field: str = "") -> str:
    """A reason, a note, a name: `clean`, and every run of white space is one space. Raises BadText."""
    return " ".join(clean(text, longest=MAX_LINE, field=field).split())


def normalise(section: Section, raw: Content, *, whole: bool = False) -> dict[str, Any]:
    """The section's content in canonical form: every field present, unknown keys dropped, facts and files as given.

    Blank optional fields are left out, so that a field which the section gets later changes no hash; with `whole` they
    are there as well. Raises BadText.
    """
    content: dict[str, Any] = {}
    for field in section.fields:
        value = raw.get(field.key)
        if field.kind is FieldKind.ROWS:
            content[field.key] = [
                {"id": str(row["id"])}
                | {name: clean(str(row.get(name) or ""), longest=MAX_TEXT, field=field.key) for name in field.columns}
                for row in (value or ())
            ]
        else:
            longest = MAX_LINE if field.kind is FieldKind.LINE else MAX_TEXT
            content[field.key] = clean(str(value or ""), longest=longest, field=field.key)
        if field.optional and not whole and _is_blank(content[field.key]):
            del content[field.key]
    if section.has_facts:
        content[FACTS] = raw.get(FACTS) or {}
    if raw.get(FILES):
        content[FILES] = [dict(file) for file in raw[FILES]]
    return content


def _is_blank(value: Any) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def canonical(content: Content) -> str:
    """JSON with sorted keys and no spaces: equal contents are equal bytes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(content: Content) -> str:
    """SHA-256 in hex of the content with runs of white space folded: reflowing a paragraph voids no signature."""
    return hashlib.sha256(canonical(_folded(content)).encode()).hexdigest()


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: _folded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_folded(inner) for inner in value]
    return value
