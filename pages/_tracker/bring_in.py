"""Import of the old tracker: choose a file, look at what would happen, then all of it or nothing."""

import streamlit as st

from pages._ui import flash
from pmcore.documents.tracker_file import OldTracker, read
from pmcore.documents.tracker_line import MAX_ROWS
from pmcore.domain.errors import PmError
from pmcore.domain.old_tracker import CellProblem
from pmcore.domain.permissions import Right
from pmcore.domain.tracker import HEADINGS, STATUS_WORDS, TrackerColumn
from pmcore.usecases.import_tracker import ImportPreview, ImportTracker, PreviewImport
from pmcore.words import _, label, ngettext, say, times
from wiring import acting, run

SHOWN = 20  #: rows of the preview


def offer() -> None:
    """In the header, for those who may import: opens and closes the panel."""
    if st.session_state.pop("tracker-import-done", False):
        st.session_state["tracker-import"] = False
    if acting.actor().may(Right.IMPORT):
        st.toggle(_("Import the old tracker"), key="tracker-import")


def panel() -> None:
    if not acting.actor().may(Right.IMPORT) or not st.session_state.get("tracker-import"):
        return
    with st.container(border=True, key="tracker-import-panel"):
        st.header(_("Import the old tracker"), anchor=False)
        st.markdown(
            _(
                "An XLSX or CSV file with the eleven columns, at most {most} rows. Links to documents are kept, "
                "and every row is marked as imported. Nothing is stored before you have seen what would happen."
            ).format(most=times.number(MAX_ROWS))
        )
        st.link_button(
            _("Empty file with the columns"), "/download/import-template.xlsx", icon=":material/download:",
            key="tracker-template", type="tertiary",
        )  # fmt: skip
        turn = st.session_state.setdefault("tracker-import-turn", 0)
        chosen = st.file_uploader(
            _("The old tracker"), type=["xlsx", "xlsm", "xls", "csv"], key=f"tracker-import-file-{turn}"
        )
        if chosen is not None:
            with flash.refusals():
                _look(_read(chosen.file_id, chosen.name, chosen.getvalue()))


def _read(file_id: str, name: str, data: bytes) -> OldTracker:
    """Read once, however often the page is drawn again. Raises TrackerFileRefused."""
    known = st.session_state.get("tracker-import-read")
    if known is None or known[0] != file_id:
        known = (file_id, read(data, name=name))
        st.session_state["tracker-import-read"] = known
    return known[1]


def _look(old: OldTracker) -> None:
    found = run(PreviewImport(rows=old.rows))
    problems = (*old.problems, *found.problems)
    if problems:
        _show_problems(problems, old.problem_count + len(found.problems))
        return
    _show_preview(old, found)
    what = ngettext("Import {count} post-mortem", "Import {count} post-mortems", found.count)
    if st.button(what.format(count=times.number(found.count)), key="tracker-import-go", type="primary"):
        with flash.refusals():
            done = run(ImportTracker(rows=old.rows))
            _forget()
            flash.say_and_rerun(
                ngettext("{count} post-mortem imported", "{count} post-mortems imported", done).format(
                    count=times.number(done)
                )
            )


def _forget() -> None:
    """The file is done with: the panel closes at the next run, and the next one begins empty."""
    st.session_state.pop("tracker-import-read", None)
    st.session_state["tracker-import-turn"] += 1
    st.session_state["tracker-import-done"] = True


def _show_problems(problems: tuple[CellProblem, ...], count: int) -> None:
    st.error(
        ngettext(
            "{count} cell needs another look; nothing was imported. Mend the file and choose it again.",
            "{count} cells need another look; nothing was imported. Mend the file and choose it again.",
            count,
        ).format(count=times.number(count))
    )
    ordered = sorted(problems, key=lambda problem: (problem.row, list(TrackerColumn).index(problem.column)))
    st.dataframe(
        [{"row": p.row, "column": p.heading, "problem": _sentence(p)} for p in ordered],
        key="tracker-import-problems",
        hide_index=True,
        alt=_("What has to be mended, by row and column"),
        column_config={
            "row": st.column_config.NumberColumn(_("Row"), width=70, format="plain"),
            "column": st.column_config.TextColumn(_("Column"), width=200),
            "problem": st.column_config.TextColumn(_("What to mend"), width="large"),
        },
    )


def _sentence(problem: PmError) -> str:
    return say(problem)


def _show_preview(old: OldTracker, found: ImportPreview) -> None:
    by_status = ", ".join(f"{count} {label(status)}" for status, count in found.by_status.items() if count)
    st.markdown(_("**What would happen:** {rows}.").format(rows=by_status))
    if found.new_services:
        st.markdown(_("New services:"))
        st.text(", ".join(found.new_services))
    if found.unknown_authors:
        st.markdown(_("Authors who are nobody here and stay as text:"))
        st.text(", ".join(found.unknown_authors))
    st.dataframe(
        [
            {
                "row": row.row, "id": row.public_id, "on": row.on, "service": row.service, "author": row.author,
                "status": STATUS_WORDS[row.status], "link": row.document_url,
            }
            for row in old.rows[:SHOWN]
        ],
        key="tracker-import-rows",
        hide_index=True,
        alt=_("The first rows of the file"),
        column_config={
            "row": st.column_config.NumberColumn(_("Row"), width=70, format="plain"),
            "id": _(HEADINGS[TrackerColumn.INCIDENT_ID]),
            "on": st.column_config.DateColumn(_(HEADINGS[TrackerColumn.DATE]), format="YYYY-MM-DD"),
            "service": _(HEADINGS[TrackerColumn.SERVICE]),
            "author": _(HEADINGS[TrackerColumn.AUTHOR]),
            "status": _(HEADINGS[TrackerColumn.STATUS]),
            "link": _(HEADINGS[TrackerColumn.LINK]),
        },
    )  # fmt: skip
    if len(old.rows) > SHOWN:
        st.caption(_("The first {count} rows are shown.").format(count=SHOWN))
