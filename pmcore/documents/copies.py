"""The summary as text to paste into Slack, Jira or a mail; it reads well without the link at its end.

A post-mortem's words are data there too: they call nobody, start no macro and break no line. Slack's message box and
Jira's text mode are meant, where a person pastes; so nothing is escaped in a way that only a program would undo.
Labels are English, as in the document.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pmcore.documents import facts
from pmcore.documents.blocks import Lines, Pair
from pmcore.documents.parts import PARTS
from pmcore.documents.source import Source
from pmcore.domain.vocabulary import SectionKey
from pmcore.words import speaking

_JOINER = "\u2060"  #: takes no room, and parts a mark from the word that it would change
_CODE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>[^`]+)(?<!`)(?P=ticks)(?!`)")
_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    slack: str
    jira: str
    mail: str  #: the subject, an empty line, and the body


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    title: str
    figures: tuple[Pair, ...]
    summary: tuple[Pair, ...]
    link: str


def of(content: Mapping[str, Any], *, status: str, link: str) -> Copies:
    """`status` as `outline.status`, `link` the address of the text that is shown."""
    with speaking("en"):
        head = content["header"]
        source = Source(content=content)
        told = _Told(
            title=f"{head['public_id']} {head['title']}",
            figures=tuple(pair for pair in _figures(source, status) if pair.value),
            summary=tuple(pair for pair in _summary(source) if pair.value.strip()),
            link=link,
        )
        return Copies(slack=_slack(told), jira=_jira(told), mail=_mail(told))


def _figures(source: Source, status: str) -> Iterator[Pair]:
    head, known = source.content["header"], source.facts(SectionKey.DETAILS)
    yield Pair(label="Severity", value=head["severity"])
    yield Pair(label="Service", value=known.get("service", ""))
    yield Pair(label="Started", value=facts.moment(head["started_at"], source.zone))
    yield Pair(label="Duration", value=facts.duration(known.get("impact_seconds", "")) or "unknown")
    yield Pair(label="Status", value=f"{status}, edition {head['edition']}" if head.get("published_at") else status)


def _summary(source: Source) -> Iterator[Pair]:
    """What the section prints, optional fields that say something included."""
    for block in PARTS[SectionKey.SUMMARY](source):
        if isinstance(block, Lines):
            yield from block.pairs


def _slack(told: _Told) -> str:
    lines = [f"*Post-mortem {slack_text(told.title)}*"]
    lines += [" · ".join(slack_text(pair.value) for pair in told.figures), ""]
    lines += [f"• *{pair.label}:* {slack_text(pair.value)}" for pair in told.summary]
    return "\n".join([*lines, "", told.link])


def _jira(told: _Told) -> str:
    lines = [f"h3. Post-mortem {jira_text(told.title)}", ""]
    lines += [f"* *{pair.label}:* {jira_text(pair.value)}" for pair in told.figures]
    lines += ["", *(f"* *{pair.label}:* {jira_text(pair.value)}" for pair in told.summary)]
    return "\n".join([*lines, "", told.link])


def _mail(told: _Told) -> str:
    lines = [f"Post-mortem {mail_text(told.title)}", ""]
    lines += [f"{pair.label}: {mail_text(pair.value)}" for pair in told.figures]
    for pair in told.summary:
        lines += ["", f"{pair.label}:", f"  {mail_text(pair.value)}"]
    return "\n".join([*lines, "", f"The whole post-mortem: {told.link}"])


def _one_line(text: str) -> str:
    """Without what nobody sees: controls, marks of direction, spaces without width."""
    return " ".join(_CONTROL.sub(" ", _UNSEEN.sub("", text)).split())


_SLACK_CALLS = re.compile(r"(?<!\w)@|@(?=(?:here|channel|everyone)\b)", re.I)
_SLACK_BRACKETS = re.compile(r"<(?=[!@#a-z/])", re.I)
_SLACK_MARKS = re.compile(r"(?<![\w*_~])(?=[*_~]+\S)")


def slack_text(text: str) -> str:
    """A person's line for Slack's mrkdwn, which has no escape: an @ that calls somebody and a bracket that opens a
    command become letters that look alike, marks are parted from their words. Inline code stays inline code."""
    out, end = [], 0
    folded = _SLACK_BRACKETS.sub("‹", _SLACK_CALLS.sub("＠", _one_line(text)))
    for found in _CODE.finditer(folded):
        out += [_slack_plain(folded[end : found.start()]), f"`{found['code'].strip()}`"]
        end = found.end()
    return "".join([*out, _slack_plain(folded[end:])])


def _slack_plain(text: str) -> str:
    return _SLACK_MARKS.sub(_JOINER, text.replace("`", "'"))


_JIRA_MARKS = re.compile(r"[{}\[\]|!]|(?<!\w)[*_+^~-](?=\S)|(?<=\S)[*_+^~-](?!\w)|\?(?=\?)")


def jira_text(text: str) -> str:
    """A person's line for Jira's wiki markup: no macro, link, mention, picture or table cell begins in it."""
    out, end = [], 0
    folded = _one_line(text)
    for found in _CODE.finditer(folded):
        out += [_jira_plain(folded[end : found.start()]), "{{", _jira_plain(found["code"].strip()), "}}"]
        end = found.end()
    return "".join([*out, _jira_plain(folded[end:])])


def _jira_plain(text: str) -> str:
    """A backslash of theirs becomes an entity, or it would undo the one after it, which is ours."""
    return "&#92;".join(_JIRA_MARKS.sub(r"\\\g<0>", part) for part in text.split("\\"))


def mail_text(text: str) -> str:
    """A person's line for plain text: visible, and one line, so that it begins no header."""
    return _CODE.sub(lambda found: found["code"], _one_line(text))
