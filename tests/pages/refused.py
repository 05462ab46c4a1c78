"""Where a page says what is wrong with one field."""

from streamlit.testing.v1 import AppTest


def beside(shown: AppTest, key: str) -> str:
    """What is said behind the field of this key, before the next field; "" where nothing is."""
    order = list(shown.main)
    place = next(number for number, each in enumerate(order) if getattr(each, "key", None) == key)
    for each in order[place + 1 :]:
        if each.type == "markdown" and each.value.startswith(":red[:material/error:]"):
            return str(each.value)
        if each.type in ("text_input", "text_area", "number_input", "selectbox", "date_input", "button"):
            return ""
    return ""
