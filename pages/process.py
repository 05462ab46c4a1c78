"""Process: how do we do this?"""

from pages._process import approval, checklist, parts, text
from pages._ui import page, undo
from pmcore.words import _
from wiring import ask

action = page.header(_("Process"), _("What is owed after an incident, who does what, and by when."))
undo.show()

match parts.chosen():
    case parts.CHECKLIST:
        checklist.show(ask.me(), parts.person())
    case parts.TEMPLATE:
        text.template(ask.template())
    case _:
        stands = ask.process_approval()
        with action:
            approval.action(stands)
        approval.show(stands, ask.workspace().zone)
        text.process(ask.process_document(), ask.policies()[0].policy)
