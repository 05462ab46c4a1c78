"""Plain forms that leave Streamlit: their routes change the cookie, or load the page anew in another language."""

from pathlib import Path

import streamlit as st
from jinja2 import Environment, FileSystemLoader

from pmcore import words

_templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_templates.globals |= {"_": words._, "language": words.language}


def sign_out() -> None:
    _show("sign_out")


def password() -> None:
    _show("password")


def language(*, back_to: str = "") -> None:
    """The person's language; `back_to` is the path to load again, without it the one in the address bar then."""
    _show("language", next=back_to)


def _show(what: str, **values: str) -> None:
    st.html(_templates.get_template("account_forms.html").render(what=what, **values), width="content")
