"""The list: filters in the address, one page of rows sorted in the database, and files to take away."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from pages._ui import address, empty, folded, tables
from pmcore.domain.tracker import HEADINGS, TrackerColumn, minutes, percent_done
from pmcore.domain.vocabulary import PostmortemStatus, Severity
from pmcore.readmodels.address import EARLIEST, LATEST
from pmcore.readmodels.tracker import FILTER_NAMES, BadFilter, TrackerFilter, TrackerPage, TrackerRow
from pmcore.words import _, label, ngettext, say, times
from pmcore.words.impact import impact

PAGE = "tracker"
_STATUS_COLOURS = ["gray", "orange", "green", "violet"]  #: in the enum's order


def asked() -> tuple[TrackerFilter, int]:
    """The filter and the page number of the address; one that cannot be read is said and dropped."""
    said = address.read(PAGE, names={*FILTER_NAMES, "page"})
    number = said.pop("page", "1")
    try:
        return TrackerFilter.of(said), int(number) if number.isdecimal() and len(number) < 7 else 1
    except BadFilter as refusal:
        st.warning(say(refusal), icon=":material/filter_alt_off:")
        address.write(PAGE, {})
        return TrackerFilter(), 1


def filters(filter: TrackerFilter, number: int, services: Mapping[int, str], authors: Mapping[int, str]) -> None:
    """Draw the filters as the address has them; a change goes to the address and begins with the first page."""
    address.follow(PAGE, _params(filter, number), lambda: {
        "tracker-text": filter.text, "tracker-severity": list(filter.severities),
        "tracker-service": filter.service_id if filter.service_id in services else None,
        "tracker-status": list(filter.statuses),
        "tracker-author": filter.author_id if filter.author_id in authors else None,
        "tracker-since": filter.since, "tracker-until": filter.until, "tracker-dry": filter.dry_runs,
        "tracker-sort": filter.sort, "tracker-down": filter.descending,
    })  # fmt: skip
    unseen = sum(
        value is not None for value in (filter.author_id, filter.since, filter.until)
    ) + int(filter.dry_runs)  # fmt: skip
    more = _("More filters and sorting ({count})").format(count=unseen) if unseen else _("More filters and sorting")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="tracker-filters"):
        st.text_input(
            _("Search"), key="tracker-text", placeholder=_("Words or an id"), icon=":material/search:", width=210,
            on_change=_changed, max_chars=200,
        )  # fmt: skip
        st.pills(
            _("Severity"), list(Severity), format_func=label, selection_mode="multi", key="tracker-severity",
            width="content", on_change=_changed,
        )  # fmt: skip
        st.selectbox(
            _("Service"), list(services), index=None, format_func=lambda key: services.get(key, "–"),
            key="tracker-service", placeholder=_("any"), width=160, on_change=_changed,
        )  # fmt: skip
        st.multiselect(
            _("Status"), list(PostmortemStatus), format_func=label, key="tracker-status", placeholder=_("any"),
            width=160, on_change=_changed,
        )  # fmt: skip
        if filter.params():
            st.button(
                _("Clear"), key="tracker-clear", icon=":material/filter_alt_off:", type="tertiary", on_click=_cleared
            )

    place = folded.expander(more, icon=":material/tune:", key="tracker-more")
    if place is None:
        return
    with place.container(horizontal=True, vertical_alignment="bottom", gap="small", key="tracker-folded"):
        st.selectbox(
            _("Author"), list(authors), index=None, format_func=lambda key: authors.get(key, "–"),
            key="tracker-author", placeholder=_("anybody"), width=190, on_change=_changed,
        )  # fmt: skip
        st.date_input(
            _("From"), value=None, min_value=EARLIEST, max_value=LATEST, key="tracker-since", format="YYYY-MM-DD",
            width=150, on_change=_changed,
        )  # fmt: skip
        st.date_input(
            _("Until"), value=None, min_value=EARLIEST, max_value=LATEST, key="tracker-until", format="YYYY-MM-DD",
            width=150, on_change=_changed,
        )  # fmt: skip
        st.selectbox(
            _("Sort by"), list(TrackerColumn), format_func=lambda key: _(HEADINGS[key]), key="tracker-sort",
            width=230, on_change=_changed,
        )  # fmt: skip
        st.toggle(_("Largest or latest first"), key="tracker-down", on_change=_changed)
        st.toggle(_("Show dry runs"), key="tracker-dry", on_change=_changed)


def take_away(filter: TrackerFilter) -> None:
    """The main action: the same list as a file."""
    query = f"?{urlencode(filter.params())}" if filter.params() else ""
    st.link_button(
        _("Excel"), f"/download/tracker.xlsx{query}", type="primary", icon=":material/download:", key="tracker-xlsx",
        help=_("All rows of this filter, with their action items"),
    )  # fmt: skip
    st.link_button(_("CSV"), f"/download/tracker.csv{query}", icon=":material/csv:", key="tracker-csv")


def table(found: TrackerPage, filter: TrackerFilter) -> None:
    """One page of rows; a chosen row is opened, a chosen column heading sorts by it."""
    if not found.total:
        if filter == TrackerFilter(sort=filter.sort, descending=filter.descending):
            empty.box(
                _("No post-mortem yet. Each starts from its incident."),
                icon=":material/table_chart:",
                link=("incidents.py", _("See what is owed")),
            )
        else:
            empty.nothing_matches()
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_summary(found, filter), width="content")
        if found.pages > 1:
            turn = f"tracker-page-{found.number}-of-{found.pages}"
            st.pagination(found.pages, default=found.number, key=turn, on_change=_turned, args=(turn,))
    key = f"tracker-table-{filter.sort}-{filter.descending}-{found.number}"
    st.dataframe(
        tables.of("tracker", found.rows, _cells),
        key=key,
        hide_index=True,
        height="content",
        on_select=lambda: _chosen(key, found, filter),
        selection_mode=["single-row", "single-column"],
        alt=_("Post-mortems, one a row; choose a row to open it, a heading to sort by it"),
        placeholder="–",
        column_config=_columns(filter),
    )
    if opened := st.session_state.pop("tracker-opened", None):
        st.switch_page("read.py", query_params={"id": str(opened)})


def _summary(found: TrackerPage, filter: TrackerFilter) -> str:
    count = ngettext("{count} post-mortem", "{count} post-mortems", found.total).format(count=times.number(found.total))
    order = _("sorted by {column}").format(column=_(HEADINGS[filter.sort]))
    return f"{count} · {order} · {_('choose a row to open it, a heading to sort')}"


def _columns(filter: TrackerFilter) -> dict[str, object]:
    def named(column: TrackerColumn) -> str:
        arrow = ("↓ " if filter.descending else "↑ ") if column is filter.sort else ""
        return arrow + _(HEADINGS[column])

    kinds = st.column_config
    column = TrackerColumn
    return {
        column.INCIDENT_ID: kinds.TextColumn(named(column.INCIDENT_ID), pinned=True, width=82),
        column.DATE: kinds.DateColumn(named(column.DATE), format="YYYY-MM-DD", width=86),
        column.SERVICE: kinds.TextColumn(named(column.SERVICE), width=112),
        column.DURATION: kinds.NumberColumn(named(column.DURATION), format="plain", width=120),
        column.IMPACT: kinds.TextColumn(named(column.IMPACT), width=146),
        column.AUTHOR: kinds.TextColumn(named(column.AUTHOR), width=108),
        column.STATUS: kinds.MultiselectColumn(
            named(column.STATUS),
            options=[label(status) for status in PostmortemStatus],
            color=_STATUS_COLOURS,
            width=98,
        ),
        column.ITEMS: kinds.NumberColumn(named(column.ITEMS), format="plain", width=124),
        column.ITEMS_DONE: kinds.ProgressColumn(named(column.ITEMS_DONE), format="%d%%", max_value=100, width=171),
        column.PUBLISHED: kinds.DateColumn(named(column.PUBLISHED), format="YYYY-MM-DD", width=98),
        column.LINK: kinds.LinkColumn(named(column.LINK), display_text=_("Open"), width=112),
    }


def _cells(row: TrackerRow) -> dict[str, object]:
    length = minutes(row.duration_seconds)
    return {
        TrackerColumn.INCIDENT_ID: row.public_id,
        TrackerColumn.DATE: row.on,
        TrackerColumn.SERVICE: row.service,
        TrackerColumn.DURATION: None if length is None else float(length),
        TrackerColumn.IMPACT: impact(
            users=row.customers_affected, revenue_usd=row.revenue_loss_usd, told=row.impact_told
        ) or None,
        TrackerColumn.AUTHOR: row.author or None,
        TrackerColumn.STATUS: [label(row.status)],
        TrackerColumn.ITEMS: row.items_total,
        TrackerColumn.ITEMS_DONE: percent_done(total=row.items_total, done=row.items_done),
        TrackerColumn.PUBLISHED: row.published_on,
        TrackerColumn.LINK: row.document_url or f"/read?id={row.postmortem_id}",
    }  # fmt: skip


def _params(filter: TrackerFilter, number: int) -> dict[str, str]:
    return filter.params() | ({"page": str(number)} if number > 1 else {})


def _typed() -> TrackerFilter:
    state = st.session_state
    return TrackerFilter(
        text=state["tracker-text"].strip(),
        severities=tuple(value for value in Severity if value in state["tracker-severity"]),
        service_id=state["tracker-service"],
        statuses=tuple(value for value in PostmortemStatus if value in state["tracker-status"]),
        author_id=state["tracker-author"], since=state["tracker-since"], until=state["tracker-until"],
        dry_runs=state["tracker-dry"], sort=state["tracker-sort"] or TrackerColumn.DATE,
        descending=state["tracker-down"],
    )  # fmt: skip


def _changed() -> None:
    address.write(PAGE, _typed().params())


def _cleared() -> None:
    address.write(PAGE, {})


def _turned(key: str) -> None:
    address.write(PAGE, _params(_typed(), st.session_state[key]))


def _chosen(key: str, found: TrackerPage, filter: TrackerFilter) -> None:
    chosen = st.session_state[key]["selection"]
    if chosen["columns"]:
        column = TrackerColumn(chosen["columns"][0])
        descending = not filter.descending if column is filter.sort else True
        address.write(PAGE, replace(filter, sort=column, descending=descending).params())
    elif chosen["rows"]:
        st.session_state["tracker-opened"] = found.rows[chosen["rows"][0]].postmortem_id
