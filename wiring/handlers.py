"""Which use case answers which command; one line each, a block per module of `pmcore.usecases`."""

from collections.abc import Callable
from typing import Any

HANDLERS: dict[type, Callable[..., Any]] = {}
