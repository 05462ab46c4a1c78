"""Every text box of the pages is kept until it is sent, saved while somebody types, or named with the reason why not.

A new one belongs into a list here. Whether those that are kept are watched, the fixture `page` looks at in every test.
"""

import ast
from pathlib import Path

from tests.typed_boxes import NOT_KEPT

ROOT = Path(__file__).parents[1]
SAVED = "draft.key("  #: a box of a section; `_write/typing.py` watches all that a draft has
#: Kept in the browser until a button sends them, by module and by the expression of their keys.
KEPT = {
    "_actions/listing.py": {"kept.key(form)"},
    "_actions/mine.py": {"_key(item, 'note')"},
    "_actions/one.py": {"kept().key(form)"},
    "_incidents/around.py": {"kept.key(form)"},
    "_incidents/line.py": {"KEY"},
    "_incidents/settling.py": {"kept().key(form)"},
    "_meeting/catching.py": {"f'catch-title-{caught}'"},
    "_meeting/room.py": {"key"},
    "_read/looking_back.py": {"f'{key}-text'", "kept.key(form)", "'judge-reason'"},
    "_read/signatures.py": {"f'return-reasons-{role}'"},
    "_settings/people.py": {"'invite-list'"},
    "_settings/workspace.py": {"'workspace-name'", "'workspace-distribution'", "'workspace-target'"},
    "_ui/incident_figures.py": {"f'{key}-{name}'", "f'{key}-why-{name}'"},
    "_ui/incident_form.py": {"f'{key}-alert'", "f'{key}-{name}'", "f'{prefix}-title'"},
    "_ui/policy.py": {"f'{turn}-note'"},
    "_ui/repetitions.py": {"kept.key(form)"},
    "_ui/review_bar.py": {"kept.key(_NOTE)"},
    "_write/comments.py": {"key"},
    "_write/files.py": {"_new_caption(section)", "_caption(file)"},
    "_write/item_form.py": {"f'{name}-title'", "f'{name}-criterion'", "f'{name}-ticket'"},
    "_write/paste_block.py": {"_key(rows)"},
    "_write/sign_off.py": {"kept.key(form)"},
    "_write/timeline_row.py": {"rows.key('event', row_id)", "rows.key('at', row_id)", "rows.key('actor', row_id)"},
    "feedback.py": {"'feedback-missing'"},
    "report.py": {"f'{KEY}-title'", "f'{KEY}-started_at'", "f'{KEY}-public_id'"},
}


def boxes() -> set[tuple[str, str]]:
    """Module and expression of the key of every text box."""
    return {
        (path.relative_to(ROOT / "pages").as_posix(), ast.unparse(word.value))
        for path in (ROOT / "pages").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        for word in node.keywords
        if word.arg == "key" and node.func.attr in ("text_input", "text_area", "chat_input", "data_editor")
    }


def begins(key: str) -> str:
    """What is certain of a key."""
    return key.removeprefix("f").strip("'\"").partition("{")[0]


def test_none_is_forgotten():
    left = {(module, key) for module, key in boxes() if not key.startswith(SAVED)}
    left = {(module, key) for module, key in left if not begins(key).startswith(tuple(NOT_KEPT))}
    assert left == {(module, key) for module, keys in KEPT.items() for key in keys}


def test_whoever_is_not_kept_exists():
    known = [begins(key) for _module, key in boxes()]
    assert [name for name in NOT_KEPT if not any(key.startswith(name) for key in known)] == []
