"""The ledger's list: filters in the address, one page of rows sorted in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from pages._ui import address, empty, folded, owed, tables
from pmcore.domain.vocabulary import ClockState, ObligationLevel, Severity
from pmcore.readmodels.address import EARLIEST, LATEST
from pmcore.readmodels.ledger import (
    FILTER_NAMES,
    BadLedgerFilter,
    ClockView,
    LedgerFilter,
    LedgerPage,
    LedgerRow,
    LedgerSort,
)
from pmcore.readmodels.people import PersonChoice
from pmcore.words import _, label, ngettext, say, times
from pmcore.words import owed as words
from wiring import parts

PAGE = "incidents"
ROW_HEIGHT = 65  #: pixels; from above four rem on a cell wraps: titles, the rules in words and the zone stay whole
OPEN = "open"  #: the incident whose choices are shown


def sorts() -> dict[LedgerSort, str]:
    return {
        LedgerSort.NEXT_DUE: _("what is due next"),
        LedgerSort.NEWEST: _("newest first"),
        LedgerSort.OLDEST: _("oldest first"),
        LedgerSort.SEVERITY: _("severity"),
        LedgerSort.SERVICE: _("service"),
    }


def asked() -> LedgerFilter:
    """The filter and the page number of the address; one that cannot be read is said and dropped."""
    said = address.read(PAGE, names={*FILTER_NAMES, "page", OPEN})
    number = said.pop("page", "1")
    try:
        filter = LedgerFilter.of(said)
    except BadLedgerFilter as refusal:
        st.warning(say(refusal), icon=":material/filter_alt_off:")
        address.write(PAGE, {})
        return LedgerFilter()
    return replace(filter, page=int(number) if number.isdecimal() and len(number) < 7 else 1)


def filters(filter: LedgerFilter, services: Mapping[int, str], people: Sequence[PersonChoice]) -> None:
    """Draw the filters as the address has them; a change goes to the address and begins with the first page."""
    names = {person.id: person.name for person in people}
    address.follow(PAGE, params(filter), lambda: {
        "incidents-text": filter.text, "incidents-severity": list(filter.severities),
        "incidents-service": [number for number in filter.service_ids if number in services],
        "incidents-level": list(filter.levels), "incidents-clock": list(filter.clocks),
        "incidents-author": filter.author_id if filter.author_id in names else None, "incidents-mine": filter.mine,
        "incidents-since": filter.since, "incidents-until": filter.until, "incidents-dry": filter.dry_runs,
        "incidents-sort": filter.sort,
    })  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="incidents-filters"):
        st.text_input(
            _("Search"), key="incidents-text", placeholder=_("Words or an id"), icon=":material/search:", width=210,
            on_change=_changed, max_chars=200,
        )  # fmt: skip
        st.pills(
            _("Severity"), list(Severity), format_func=label, selection_mode="multi", key="incidents-severity",
            width="content", on_change=_changed,
        )  # fmt: skip
        st.toggle(_("Only mine"), key="incidents-mine", on_change=_changed)
        if filter.params():
            st.button(
                _("Clear"), key="incidents-clear", icon=":material/filter_alt_off:", type="tertiary", on_click=_cleared
            )
    _folded(filter, services, names)


def _folded(filter: LedgerFilter, services: Mapping[int, str], names: Mapping[int, str]) -> None:
    shown_above = LedgerFilter(text=filter.text, severities=filter.severities, mine=filter.mine).params()
    count = len(filter.params()) - len(shown_above)
    more = _("More filters and sorting ({count})").format(count=count) if count else _("More filters and sorting")
    place = folded.expander(more, icon=":material/tune:", key="incidents-more")
    if place is None:
        return
    with place.container(horizontal=True, vertical_alignment="bottom", gap="small", key="incidents-folded"):
        st.multiselect(
            _("Service"), list(services), format_func=lambda key: services.get(key, "–"), key="incidents-service",
            placeholder=_("any"), width=200, on_change=_changed,
        )  # fmt: skip
        st.multiselect(
            _("Owed"), list(ObligationLevel), format_func=label, key="incidents-level", placeholder=_("any"),
            width=200, on_change=_changed,
        )  # fmt: skip
        st.multiselect(
            _("A clock is"), list(ClockState), format_func=label, key="incidents-clock", placeholder=_("any"),
            width=200, on_change=_changed,
        )  # fmt: skip
        st.selectbox(
            _("Owed by"), list(names), index=None, format_func=lambda key: names.get(key, "–"),
            key="incidents-author", placeholder=_("anybody"), width=190, on_change=_changed,
        )  # fmt: skip
        st.date_input(
            _("Started from"), value=None, min_value=EARLIEST, max_value=LATEST, key="incidents-since",
            format="YYYY-MM-DD", width=150, on_change=_changed,
        )  # fmt: skip
        st.date_input(
            _("Started until"), value=None, min_value=EARLIEST, max_value=LATEST, key="incidents-until",
            format="YYYY-MM-DD", width=150, on_change=_changed,
        )  # fmt: skip
        st.selectbox(
            _("Sort by"), list(LedgerSort), format_func=lambda key: sorts()[key], key="incidents-sort", width=200,
            on_change=_changed,
        )  # fmt: skip
        st.toggle(_("Show dry runs"), key="incidents-dry", on_change=_changed)


def table(found: LedgerPage, filter: LedgerFilter) -> None:
    """One page of rows; choosing one shows what can be done with it."""
    if not found.total:
        if replace(filter, sort=LedgerSort.NEXT_DUE, page=1) == LedgerFilter():
            empty.box(
                _("No incident is reported yet, so nothing is owed."),
                icon=":material/event_available:",
                link=("report.py", _("Report the first one")),
            )
        else:
            empty.nothing_matches()
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        count = ngettext("{count} incident", "{count} incidents", found.total).format(count=times.number(found.total))
        order = _("sorted by {column}").format(column=sorts()[filter.sort])
        st.caption(f"{count} · {order} · {_('choose a row to see what can be done')}", width="content")
        if found.pages > 1:
            turn = f"incidents-page-{found.page}-of-{found.pages}"
            st.pagination(found.pages, default=found.page, key=turn, on_change=_turned, args=(turn,))
    key = f"incidents-table-{filter.sort}-{found.page}-{st.session_state.get('incidents-turn', 0)}"
    st.dataframe(
        tables.of("incidents", found.rows, _cells),
        key=key,
        hide_index=True,
        height="content",
        row_height=ROW_HEIGHT,
        on_select=lambda: _chosen(key, found),
        selection_mode="single-row",
        alt=_("Incidents and what they owe, one a row; choose a row to see what can be done"),
        placeholder="–",
        column_config={
            "id": st.column_config.TextColumn(_("Incident"), pinned=True, width=75),
            "title": st.column_config.TextColumn(_("Title"), width=185),
            "severity": st.column_config.TextColumn(_("Severity"), width=84),
            "owed": st.column_config.TextColumn(_("Owed"), width=104),
            "why": st.column_config.TextColumn(_("Why"), width=148),
            "drafted": st.column_config.TextColumn(_("Draft shared"), width=118),
            "published": st.column_config.TextColumn(_("Published"), width=102),
            "author": st.column_config.TextColumn(_("Owed by"), width=106),
            "state": st.column_config.TextColumn(_("Post-mortem"), width=96),
            "service": st.column_config.TextColumn(_("Service"), width=118),
            "started": st.column_config.TextColumn(_("Started"), width=120),
        },
    )  # fmt: skip


def _cells(row: LedgerRow) -> dict[str, object]:
    return {
        "id": row.public_id,
        "title": row.title,
        "severity": label(row.severity),
        "owed": label(row.level),
        "why": words.rules(row.rules, p1_minutes=row.p1_minutes),
        "drafted": _clock(row.drafted),
        "published": _clock(row.published),
        "author": row.author or _("nobody yet"),
        "state": owed.state(row),
        "service": row.service,
        "started": times.moment(row.started_at, row.zone),
    }


def _clock(view: ClockView) -> str | None:
    """The state in words; a running or missed clock says how much is left or over."""
    return words.clock(view.state, due_at=view.due_at, now=parts.clock()) or None


def params(filter: LedgerFilter) -> dict[str, str]:
    opened = st.query_params.get(OPEN, "")
    return (
        filter.params() | ({"page": str(filter.page)} if filter.page > 1 else {}) | ({OPEN: opened} if opened else {})
    )


def _typed() -> LedgerFilter:
    state = st.session_state
    return LedgerFilter(
        text=state["incidents-text"].strip(),
        severities=tuple(value for value in Severity if value in state["incidents-severity"]),
        service_ids=tuple(state["incidents-service"]),
        levels=tuple(value for value in ObligationLevel if value in state["incidents-level"]),
        clocks=tuple(value for value in ClockState if value in state["incidents-clock"]),
        author_id=state["incidents-author"],
        mine=state["incidents-mine"],
        since=state["incidents-since"],
        until=state["incidents-until"],
        dry_runs=state["incidents-dry"],
        sort=state["incidents-sort"] or LedgerSort.NEXT_DUE,
    )


def _changed() -> None:
    address.write(PAGE, _typed().params())


def _cleared() -> None:
    address.write(PAGE, {})


def _turned(key: str) -> None:
    address.write(PAGE, params(replace(_typed(), page=st.session_state[key])))


def _chosen(key: str, found: LedgerPage) -> None:
    """The address names the incident, so that nothing moves when the rows do."""
    rows = st.session_state[key]["selection"]["rows"]
    said = params(replace(_typed(), page=found.page))
    said.pop(OPEN, None)
    address.write(PAGE, said | ({OPEN: str(found.rows[rows[0]].incident_id)} if rows else {}))


def close() -> None:
    """Nothing is chosen any more."""
    said = {name: value for name, value in st.query_params.to_dict().items() if name != OPEN}
    address.write(PAGE, said)
    st.session_state["incidents-turn"] = st.session_state.get("incidents-turn", 0) + 1
