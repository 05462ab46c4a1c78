"""What the use cases need of approvals of the process and of onboarding checklists."""

from typing import Protocol

from pmcore.domain.onboarding import Onboarding
from pmcore.domain.process import Approval, ProcessText


class InstalledProcess(Protocol):
    """The document as it is installed now. Raises BadProcessText."""

    def __call__(self) -> ProcessText: ...


class Process(Protocol):
    def approvals(self) -> tuple[Approval, ...]:
        """Those that were not withdrawn, the oldest first."""
        ...

    def approval(self, approval_id: int) -> Approval:
        """Locked until the end of the transaction. Raises NotFound."""
        ...

    def add_approval(self, approval: Approval) -> int:
        """Raises CannotApprove when somebody approved the same text a moment ago."""
        ...

    def save_approval(self, approval: Approval) -> None: ...

    def find_onboarding(self, user_id: int) -> Onboarding | None:
        """Locked until the end of the transaction."""
        ...

    def add_onboarding(self, onboarding: Onboarding) -> None:
        """Raises EditConflict when somebody began it a moment ago."""
        ...

    def save_onboarding(self, onboarding: Onboarding) -> None:
        """Raises EditConflict."""
        ...
