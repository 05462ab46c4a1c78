"""What a page says, in one string."""

from streamlit.testing.v1 import AppTest

_KINDS = ("markdown", "caption", "header", "info", "success", "error", "warning")


def texts(shown: AppTest) -> str:
    """Its paragraphs and sentences, and its rows that are links."""
    said = [each.value for kind in _KINDS for each in shown.get(kind)]
    return "\n".join(said + [link.label for link in shown.get("page_link")])
