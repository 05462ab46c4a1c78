"""What colleagues say about a dry run: four are asked once it is published, and most of them answer."""

import random
from datetime import timedelta

from pmcore.domain.rail_vocabulary import Opinion
from pmcore.domain.vocabulary import Language
from pmcore.usecases.demo.cast import ENGINEERS, TECH_LEAD
from pmcore.usecases.demo.stage import Play, Stage
from pmcore.usecases.demo.story import Story, Told
from pmcore.usecases.dry_run import AskForFeedback, GiveFeedback, ask_for_feedback, give_feedback

#: Easy to fill in, sections clear, what is missing.
_SAID: dict[Language, tuple[tuple[Opinion, Opinion, str], ...]] = {
    Language.ENGLISH: (
        (Opinion.YES, Opinion.YES, ""),
        (Opinion.PARTLY, Opinion.YES, "A word on when a why is deep enough; I stopped at the third and was not sure."),
        (Opinion.YES, Opinion.PARTLY, "Lessons and Prevention read alike at first. An example of each would help."),
    ),
    Language.RUSSIAN: (
        (Opinion.PARTLY, Opinion.YES, "Не сразу понятно, чем «Выводы» отличаются от «Предотвращения». Нужен пример."),
        (Opinion.YES, Opinion.YES, "Шаблон команды для отката: у нас его каждый раз ищут в чате."),
        (Opinion.YES, Opinion.YES, ""),
    ),
}


def rehearse(stage: Stage, story: Story, told: Told, *, postmortem_id: int) -> Play:
    """The author asks; the tech lead has not got round to it yet."""
    rng = random.Random(f"{told.key}/rehearsal")
    answering = [username for username in ENGINEERS[story.language] if username != told.author][:3]
    asked = [*answering, TECH_LEAD[story.language], "vera"]
    user_ids = tuple(stage.actors[username].user_id for username in asked)
    stage.do(ask_for_feedback, AskForFeedback(postmortem_id=postmortem_id, user_ids=user_ids), by=told.author)
    for username, (easy, clear, missing) in zip([*answering, "vera"], _SAID[story.language], strict=False):
        yield stage.at + timedelta(minutes=rng.randrange(180, 1800))
        given = GiveFeedback(postmortem_id=postmortem_id, easy=easy, clear=clear, missing=missing)
        stage.do(give_feedback, given, by=username)
