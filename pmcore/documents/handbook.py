"""The handbook (process, onboarding checklist) as the app shows it: its Markdown, with links that lead to pages.

In the repository a link to a page names its script, `../../pages/report.py`, and a link to another document names the
file, so that both work there. Here they become addresses of the app.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pmcore.domain.vocabulary import OnboardingStep

FIGURES = "<!-- figures -->"  #: where the workspace's own figures are shown
_LINK = re.compile(r"\]\((?!https?://|#)([^)\s]+)\)")
_PAGE = re.compile(r"(?:\.\./)*pages/(\w+)\.py")
_DOCUMENTS: Mapping[str, str] = {
    "POST_MORTEM_PROCESS": "/process",
    "ONBOARDING_CHECKLIST": "/process?part=checklist",
    "POST_MORTEM_TEMPLATE": "/process?part=template",
}
_STEP = re.compile(r"- \[ \] \*\*(.+?)\.\*\* (.+)")
_OTHER_LANGUAGE = re.compile(r"\*[^*\n]+: \[[^\]]+\]\([^)]+\)\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A second-level heading with what stands below it."""

    heading: str  #: "" for what stands before the first one
    before: str  #: Markdown up to the place of the workspace's figures; all of it when there is no such place
    has_figures: bool
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handbook:
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    title: str
    said: str  #: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    introduction: str  #: Markdown
    groups: tuple[tuple[str, tuple[OnboardingStep, ...]], ...]  #: heading and its steps
    texts: Mapping[OnboardingStep, StepText]


def handbook(text: str) -> Handbook:
    """Without the title, the line of the version and the link to the other language, which the page says itself."""
    title, *blocks = re.split(r"^#{1,2} +", text, flags=re.M)[1:]
    head, _, introduction = title.partition("\n")
    kept = [block for block in introduction.strip().split("\n\n") if not _is_about_itself(block)]
    parts = [_part("", "\n\n".join(kept))]
    for block in blocks:
        heading, _, body = block.partition("\n")
        parts.append(_part(heading.strip(), body))
    return Handbook(title=head.strip(), parts=tuple(parts))


def steps(text: str) -> Steps:
    """The checklist, step by step. Raises ValueError when its steps are not those of the enum."""
    found = handbook(text)
    groups, texts, left = [], {}, list(OnboardingStep)
    for part in found.parts[1:]:
        here = []
        for title, said in _STEP.findall(part.before):
            step = left.pop(0)
            texts[step] = StepText(title=title, said=said)
            here.append(step)
        groups.append((part.heading, tuple(here)))
    if left:
        raise ValueError(f"the checklist says nothing about {left}")
    return Steps(introduction=found.parts[0].before, groups=tuple(groups), texts=texts)


def _part(heading: str, body: str) -> Part:
    before, mark, after = in_app(body).partition(FIGURES)
    return Part(heading=heading, before=before.strip(), has_figures=bool(mark), after=after.strip())


def _is_about_itself(block: str) -> bool:
    return block.startswith(("**Version:**", "**Версия:**")) or bool(_OTHER_LANGUAGE.fullmatch(block.strip()))


def in_app(markdown: str) -> str:
    """The same text with addresses of the app in its links."""
    return _LINK.sub(lambda link: f"]({_address(link.group(1))})", markdown)


def _address(target: str) -> str:
    if page := _PAGE.fullmatch(target):
        return "/" if page.group(1) == "home" else f"/{page.group(1)}"
    name = target.rpartition("/")[2].partition(".")[0]
    return _DOCUMENTS.get(name, target)
