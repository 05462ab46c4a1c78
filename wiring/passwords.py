"""How passwords are hashed: bcrypt, through streamlit-authenticator's Hasher.

bcrypt reads 72 bytes and stops at a NUL, which cuts a long sentence in Cyrillic in half; so it is given the SHA-256 of
the password in base64, which is 44 characters of ASCII whatever was typed.
"""

import base64
import hashlib
import logging
from functools import cache
from typing import Any

NOBODYS = "$2b$12$DIsFHaj9gKuwAJ5OHw/fwuVexR5Ckjunx47iVGAfylgPf1/XH.KLq"  #: checked where there is no such name


@cache
def _hasher() -> Any:
    logging.disable(logging.WARNING)  # outside a page, importing it warns of Streamlit's matters
    try:
        from streamlit_authenticator.utilities.hasher import Hasher  # slow to import, and needed at sign-in only
    finally:
        logging.disable(logging.NOTSET)
    return Hasher


def hashed(password: str) -> str:
    return _hasher().hash(_short(password))


def matches(password: str, password_hash: str | None) -> bool:
    """One bcrypt check, whether or not there is a hash to check against."""
    right = _hasher().check_pw(_short(password), password_hash or NOBODYS)
    return right and password_hash is not None


def _short(password: str) -> str:
    return base64.b64encode(hashlib.sha256(password.encode()).digest()).decode()
