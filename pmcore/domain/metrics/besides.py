"""Figures that stand beside the eight and explain them."""

from dataclasses import dataclass
from enum import StrEnum

from pmcore.domain.errors import N_
from pmcore.domain.metrics.vocabulary import Unit


class Beside(StrEnum):
    PUBLISHED_ON_TIME = "published_on_time"
    PUBLISHED_EVER = "published_ever"
    WAIVED = "waived"
    SHARE_IN_TIME = "share_in_time"
    P90 = "p90"
    MEAN = "mean"
    STILL_RUNNING = "still_running"
    WRITING = "writing"
    WAITING = "waiting"
    WAITING_TECH_LEAD = "waiting_tech_lead"
    WAITING_ENGINEERING_MANAGER = "waiting_engineering_manager"
    WAITING_CTO = "waiting_cto"
    SIGNED = "signed"
    HIGH_PRIORITY = "high_priority"
    EXTENDED = "extended"
    WONT_DO = "wont_do"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"
    OLDEST_OVERDUE = "oldest_overdue"
    OPEN_LONG = "open_long"
    UNDECIDED = "undecided"
    REFUSED = "refused"
    ACTION_STILL_OPEN = "action_still_open"
    PREVENTED = "verdict_prevented"
    NOT_EXERCISED = "verdict_not_exercised"
    RECURRED = "verdict_recurred"
    NO_VERDICT = "verdict_missing"
    OPTIONAL = "optional"
    MEETINGS_HELD = "meetings_held"
    MEETINGS_NOT_HELD = "meetings_not_held"
    YOUNGER = "younger"
    YOUNGER_ITEMS = "younger_items"
    RESPONSE_RATE = "response_rate"
    FAVOURABLE = "favourable"


BESIDE_WORDS: dict[Beside, str] = {
    Beside.PUBLISHED_ON_TIME: N_("published on time"),
    Beside.PUBLISHED_EVER: N_("published at all"),
    Beside.WAIVED: N_("waived, and counted all the same"),
    Beside.SHARE_IN_TIME: N_("published within 48 h"),
    Beside.P90: N_("nine in ten are published after"),
    Beside.MEAN: N_("mean of the published ones; too low, as it leaves out those still running"),
    Beside.STILL_RUNNING: N_("not published yet"),
    Beside.WRITING: N_("writing, on average"),
    Beside.WAITING: N_("waiting for signatures, on average"),
    Beside.WAITING_TECH_LEAD: N_("of it for the Tech Lead"),
    Beside.WAITING_ENGINEERING_MANAGER: N_("of it for the Engineering Manager"),
    Beside.WAITING_CTO: N_("of it for the CTO"),
    Beside.SIGNED: N_("signed and not yet published, on average"),
    Beside.HIGH_PRIORITY: N_("of high priority"),
    Beside.EXTENDED: N_("extended, and counted by the original date"),
    Beside.WONT_DO: N_("won't do, and counted all the same"),
    Beside.DONE_LATE: N_("done after the original date"),
    Beside.OVERDUE: N_("overdue now"),
    Beside.OLDEST_OVERDUE: N_("the oldest of them is overdue for"),
    Beside.OPEN_LONG: N_("open for more than 30 days"),
    Beside.UNDECIDED: N_("suggested repetitions that nobody has decided on"),
    Beside.REFUSED: N_("suggested repetitions that were refused"),
    Beside.ACTION_STILL_OPEN: N_("recurred while an action item was still open"),
    Beside.PREVENTED: N_("verdict of day 30: prevented"),
    Beside.NOT_EXERCISED: N_("verdict of day 30: not exercised"),
    Beside.RECURRED: N_("verdict of day 30: recurred"),
    Beside.NO_VERDICT: N_("without a verdict"),
    Beside.OPTIONAL: N_("optional invitees present"),
    Beside.MEETINGS_HELD: N_("meetings held"),
    Beside.MEETINGS_NOT_HELD: N_("meetings not held"),
    Beside.YOUNGER: N_("post-mortems younger than 30 days, not counted yet"),
    Beside.YOUNGER_ITEMS: N_("verified detection items of those younger ones"),
    Beside.RESPONSE_RATE: N_("answered"),
    Beside.FAVOURABLE: N_("favourable answers"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideFigure:
    what: Beside
    unit: Unit
    value: float | None  #: None: nothing to count
    n: int | None = None  #: n of `of`, where the value is a share or a mean
    of: int | None = None
