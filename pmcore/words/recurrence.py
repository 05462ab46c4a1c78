"""Why two incidents seem to be one and the same, in words."""

from collections.abc import Callable, Iterable

from pmcore.domain.likeness import Reason, Shared
from pmcore.words.catalogue import _, ngettext


def because(reasons: Iterable[Reason], *, named_by: str = "", shown: Callable[[str], str] = str) -> str:
    """ "same alert PoolExhausted; similar words: pool, exhausted". `shown` makes people's words fit for the place."""
    return "; ".join(_said(reason, named_by, shown) for reason in reasons)


def _said(reason: Reason, named_by: str, shown: Callable[[str], str]) -> str:
    words = ", ".join(shown(word) for word in reason.words)
    match reason.kind:
        case Shared.NAMED:
            return _("named by {name}").format(name=shown(named_by))
        case Shared.SERVICE:
            return _("same service {name}").format(name=words)
        case Shared.ALERT:
            return _("same alert {name}").format(name=words)
        case Shared.TITLE:
            return _("similar title: {words}").format(words=words)
        case Shared.CAUSE:
            return _("similar cause: {words}").format(words=words) if words else _("similar cause")
        case Shared.FACTORS:
            count = len(reason.words)
            if not count:
                return _("same contributing factors")
            quoted = ", ".join(_("“{text}”").format(text=shown(word)) for word in reason.words)
            return ngettext(
                "same contributing factor: {factors}", "same contributing factors: {factors}", count
            ).format(factors=quoted)  # fmt: skip
