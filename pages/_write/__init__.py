"""The forms of the page of writing: one module a section, imported only by `pages/write.py`."""
