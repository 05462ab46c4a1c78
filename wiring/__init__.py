"""Puts the parts together. Pages know two things of it: `run(command)` and `ask.<query>()`."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from wiring import acting, handbook, parts, passwords
from wiring.handlers import HANDLERS, TYPING


def run(command: Any) -> Any:
    """Give a command to its use case, as the acting person; what it returns comes back.

    A handler names what it needs (`actor`, `begin`, `clock`, `new_id`, `new_token`, `passwords`, `lifetimes`,
    `process`, `tidy`) and is given just that.
    Raises PmError with a sentence for the person.
    """
    handler = HANDLERS[type(command)]
    wanted = _wanted(handler)
    offered: dict[str, Any] = {
        "begin": parts.begin, "clock": parts.clock, "new_id": parts.new_id, "new_token": parts.new_token,
        "passwords": passwords, "lifetimes": parts.lifetimes(), "process": handbook.process,
        "tidy": parts.tidy,
    }  # fmt: skip
    if "actor" in wanted:
        offered["actor"] = acting.actor(fresh=True)
    try:
        return handler(command, **{name: part for name, part in offered.items() if name in wanted})
    finally:
        if type(command) not in TYPING:
            acting.forget()


@cache
def _wanted(handler: Callable[..., Any]) -> frozenset[str]:
    return frozenset(inspect.signature(handler).parameters)


__all__ = ["run"]
