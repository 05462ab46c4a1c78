"""The whys as a tree picture, in Mermaid. What people typed is quoted and escaped: text and nothing else."""

from collections.abc import Iterator

from pmcore.domain.root_cause import Question
from pmcore.words import _

LONGEST = 160  #: characters of a box; the whole text stands beside the picture
MOST_BOXES = 80
#: Mermaid ends a label at a quote, knows entities of its own (#lt;) and strips directives (%%); all else is plain.
_ESCAPED = str.maketrans({'"': "\u201d", "<": "#lt;", ">": "#gt;", "&": "#amp;", "#": "#\u2060", "`": "\u02cb"})


def mermaid(questions: tuple[Question, ...]) -> str:
    """A flowchart from top to bottom: a question, its answers, what was asked about them; leaves say how they end."""
    lines = ["flowchart TD"]
    for line, _boxes in zip(_of(questions, above=""), range(3 * MOST_BOXES), strict=False):
        lines.append(f"  {line}")
    lines += [
        "  classDef why fill:transparent,stroke:#8a94a6,stroke-dasharray:4 3",
        "  classDef answer fill:#eef2ff,stroke:#4b5fc1,color:#1b2240",
        "  classDef action fill:#e3f5e8,stroke:#2b7a46,color:#12351f",
        "  classDef stop fill:#f1f2f4,stroke:#6b7280,color:#23272f",
        "  classDef open fill:#fff4de,stroke:#a86400,color:#3a2500",
    ]
    return "\n".join(lines)


def _of(questions: tuple[Question, ...], *, above: str) -> Iterator[str]:
    for question in questions:
        box = f"q{question.number.replace('.', '_')}"
        asked = question.text or _("Why?")
        yield f'{box}(["{_text(f"{question.number}. {asked}")}"]):::why'
        if above:
            yield f"{above} --> {box}"
        for place, answer in enumerate(question.answers):
            leaf = f"{box}a{place}"
            why = answer.why
            if answer.asked:
                end, look = "", "answer"
            elif why.action:
                end, look = f"→ AI-{why.action}", "action"
            elif why.stop_because.strip():
                end, look = _("stop here"), "stop"
            else:
                end, look = "", "open"
            text = _text(why.answer or _("not answered yet")) + (f"<br/>{_text(end)}" if end else "")
            yield f'{leaf}["{text}"]:::{look}'
            yield f"{box} --> {leaf}"
            yield from _of(answer.asked, above=leaf)


def _text(text: str) -> str:
    folded = " ".join(text.split())
    short = folded if len(folded) <= LONGEST else folded[: LONGEST - 1] + "…"
    return short.replace("%%", "%\u2060%").translate(_ESCAPED)
