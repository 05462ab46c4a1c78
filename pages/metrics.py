"""Metrics: does the process work?"""

from pages._metrics import cards, dots, filters, rows
from pages._ui import empty, page
from pmcore.charts.metrics import is_empty
from pmcore.words import _
from wiring import ask

with page.header(_("Metrics"), _("Does the process work? Eight figures beside their targets, with the rows behind.")):
    files = filters.place_for_files()
today = ask.metrics_today()
filter, wanted = filters.asked(today)
services = {service.id: service.name for service in ask.services(retired=True)}
filters.draw(filter, wanted, services, today)
with files:
    filters.take_away(filter)
view = ask.metrics(filter)
if wanted:
    rows.show(view, ask.metric_rows(filter, wanted))
else:
    if is_empty(view):
        empty.box(
            _("Nothing to count in this period. Figures come from incidents and their post-mortems."),
            icon=":material/query_stats:",
            link=("report.py", _("Report an incident")),
        )
    cards.show(view)
    dots.show(view)
