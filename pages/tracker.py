"""Tracker: where does each post-mortem stand?"""

from pages._tracker import bring_in, figures, listing
from pages._ui import page
from pmcore.words import _
from wiring import ask

action = page.header(_("Tracker"), _("Where does each post-mortem stand? One row each, from draft to published."))
with action:
    bring_in.offer()
bring_in.panel()
figures.show(ask.tracker_figures())
filter, number = listing.asked()
services = {service.id: service.name for service in ask.services(retired=True)}
authors = dict(ask.tracker_authors())
listing.filters(filter, number, services, authors)
with action:
    listing.take_away(filter)
listing.table(ask.tracker(filter, number), filter)
