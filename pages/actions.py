"""Actions: are promises moving?"""

from pages._actions import listing, mine, one
from pages._ui import address, empty, page
from pmcore.readmodels.actions import ActionFilter
from pmcore.words import _
from wiring import ask

page.title(_("Actions"), _("Are promises moving? Yours come first; a word once a week is enough."))
own = ask.my_actions()
if own:
    mine.form(own)
else:
    mine.kept().tell()
    empty.box(_("Nothing waits for you. Items that you own appear here."), icon=":material/task_alt:")

filter = ActionFilter.of(address.read(listing.PAGE))
people = ask.people()
filter = listing.filters(filter, people)
found = ask.actions(filter)
chosen = listing.table(found, filter)
if len(chosen) == 1:
    one.show(ask.action(chosen[0].item_id))
else:
    one.kept().tell()
listing.reassign(chosen, people)
