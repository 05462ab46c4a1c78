"""Survey: is it safe and useful?"""

from pages._survey import answering, results, rounds
from pages._ui import page
from pmcore.words import _
from wiring import ask

view = rounds.kept(ask.survey())
sentence = _("Is our process useful, and is it safe to speak? Four times a year, two minutes, without your name.")
with page.header(_("Survey"), sentence):
    rounds.offer(view)
    results.take_away(view)
answering.show(view)
results.show(view)
