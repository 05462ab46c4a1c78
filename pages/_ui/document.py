"""A whole document on a page: the same HTML as the printable page, at a readable measure."""

import streamlit as st

from pages._ui import tables
from pmcore.documents import html
from pmcore.documents.blocks import Document


def show(document: Document) -> None:
    """Every word of a person in it is escaped and the whole is sanitised where it is made."""
    made = tables.once("document", document, lambda: html.render(document, with_title=False))
    st.html(f"<style>{html.style()}</style>{made}")
