"""What the use cases need of sessions, sign-in locks and one-time links."""

from typing import Protocol


class Sessions(Protocol): ...
