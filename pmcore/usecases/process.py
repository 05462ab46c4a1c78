"""Commands that approve the process."""

from dataclasses import dataclass

from pmcore.domain.permissions import Actor, Right, require
from pmcore.domain.process import approve, withdraw
from pmcore.ports import Clock, InstalledProcess, OpenUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveProcess:
    seen_hash: str  #: of the text that was on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApproval:
    approval_id: int


def approve_process(
    command: ApproveProcess, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock, process: InstalledProcess
) -> int:
    """Returns the approval's id. Raises Forbidden, CannotApprove, BadProcessText."""
    require(actor, Right.APPROVE_PROCESS)
    now = clock()
    text = process()
    with begin() as work:
        approval_id = work.process.add_approval(
            approve(
                actor=actor, text=text, seen_hash=command.seen_hash, approvals=work.process.approvals(), now=now
            )
        )  # fmt: skip
        work.audit(actor_id=actor.user_id, did="approve_process", to=f"approval/{approval_id}", at=now)
        return approval_id


def withdraw_approval(command: WithdrawApproval, *, actor: Actor, begin: OpenUnitOfWork, clock: Clock) -> None:
    """Raises Forbidden, NotFound, NothingToWithdraw."""
    require(actor, Right.APPROVE_PROCESS)
    now = clock()
    with begin() as work:
        work.process.save_approval(withdraw(work.process.approval(command.approval_id), actor=actor, now=now))
        work.audit(actor_id=actor.user_id, did="withdraw_approval", to=f"approval/{command.approval_id}", at=now)
