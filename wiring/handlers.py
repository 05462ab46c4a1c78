"""Which use case answers which command; one line each, a block per module of `pmcore.usecases`."""

from collections.abc import Callable
from typing import Any

from pmcore.usecases import (
    account,
    action_items,
    amending,
    attachments,
    comments,
    dry_run,
    example,
    identity,
    import_tracker,
    incident_keeping,
    incidents,
    item_progress,
    joining,
    log,
    looking,
    meeting,
    members,
    obligations,
    onboarding,
    people,
    policy,
    presence,
    process,
    publishing,
    recurrences,
    retrospective,
    review,
    start,
    survey,
    told_times,
    workspace,
    writing,
)
from pmcore.usecases.demo import fill

#: Given every other second while somebody types; they change nothing about anybody's rights.
TYPING = frozenset({writing.SaveSection})

HANDLERS: dict[type, Callable[..., Any]] = {}

HANDLERS |= {
    identity.SignIn: identity.sign_in,
    identity.OpenSession: identity.open_session,
    identity.SignOut: identity.sign_out,
    identity.KeepSession: identity.keep_session,
    identity.EndOtherSessions: identity.end_other_sessions,
    identity.EndEverySession: identity.end_every_session,
    account.ChangeProfile: account.change_profile,
    account.ChangePassword: account.change_password,
    joining.OfferSetUp: joining.offer_set_up,
    joining.SetUp: joining.set_up,
    joining.Join: joining.join,
    people.InvitePeople: people.invite_people,
    people.InviteAgain: people.invite_again,
    people.AddPerson: people.add_person,
    people.SetRoles: people.set_roles,
    people.Deactivate: people.deactivate,
    people.Reactivate: people.reactivate,
    people.SetDeputy: people.set_deputy,
    people.EndDeputy: people.end_deputy,
    workspace.ChangeWorkspace: workspace.change_workspace,
    workspace.AddService: workspace.add_service,
    workspace.RenameService: workspace.rename_service,
    workspace.RetireService: workspace.retire_service,
}

HANDLERS |= {
    action_items.ProposeItem: action_items.propose_item,
    action_items.EditItem: action_items.edit_item,
    action_items.CommitItems: action_items.commit_items,
    action_items.DeleteItem: action_items.delete_item,
    action_items.RestoreItem: action_items.restore_item,
    item_progress.ReportProgress: item_progress.report_progress,
    item_progress.ExtendItem: item_progress.extend_item,
    item_progress.ReassignItems: item_progress.reassign_items,
    item_progress.VerifyItem: item_progress.verify_item,
    item_progress.WontDo: item_progress.wont_do,
    item_progress.ReopenItem: item_progress.reopen_item,
    told_times.UseTime: told_times.use_time,
}

HANDLERS |= {
    start.StartPostmortem: start.start_postmortem,
    writing.SaveSection: writing.save_section,
    writing.RestoreRevision: writing.restore_revision,
    looking.NoteLook: looking.note_look,
    presence.BeHere: presence.be_here,
    members.AddMember: members.add_a_member,
    members.RemoveMember: members.remove_a_member,
}

HANDLERS |= {
    incidents.ReportIncident: incidents.report_incident,
    incidents.EditIncident: incidents.edit_incident,
    incidents.ChangeSeverity: incidents.change_severity_of,
    incident_keeping.DeleteIncident: incident_keeping.delete_incident,
    incident_keeping.RestoreIncident: incident_keeping.restore_incident,
    incident_keeping.NameViewer: incident_keeping.name_viewer,
    incident_keeping.RemoveViewer: incident_keeping.remove_viewer,
    log.AddLogEntry: log.add_log_entry,
    log.SetEntryKind: log.set_entry_kind,
    log.DeleteLogEntry: log.delete_log_entry,
    log.RestoreLogEntry: log.restore_log_entry,
    log.ResolveNow: log.resolve_now,
    log.UseEntryTime: log.use_entry_time,
    obligations.WaiveObligation: obligations.waive_obligation,
    obligations.WithdrawWaiver: obligations.withdraw_waiver,
    obligations.SettleIncident: obligations.settle_incident,
    obligations.ReopenIncident: obligations.reopen_incident,
    obligations.HandOver: obligations.hand_over,
    obligations.PutHandOverAway: obligations.put_hand_over_away,
    policy.ChangePolicy: policy.change_policy,
}

HANDLERS |= {
    review.ShareDraft: review.share_draft,
    review.SubmitForReview: review.submit_for_review,
    review.Sign: review.sign_postmortem,
    review.WithdrawSignature: review.withdraw_signature,
    review.ReturnForChanges: review.return_for_changes,
    publishing.Publish: publishing.publish,
    amending.StartAmendment: amending.start_amendment,
    amending.DiscardAmendment: amending.discard_amendment,
    amending.ResumeAmendment: amending.resume_amendment,
    publishing.ClosePostmortem: publishing.close_postmortem,
    publishing.ReopenPostmortem: publishing.reopen_postmortem,
}

HANDLERS |= {
    process.ApproveProcess: process.approve_process,
    process.WithdrawApproval: process.withdraw_approval,
    onboarding.BeginOnboarding: onboarding.begin_onboarding,
    onboarding.EndOnboarding: onboarding.end_onboarding,
    onboarding.TickStep: onboarding.tick_step,
    onboarding.UntickStep: onboarding.untick_step,
}

HANDLERS |= {
    import_tracker.PreviewImport: import_tracker.preview_import,
    import_tracker.ImportTracker: import_tracker.import_tracker,
}

HANDLERS |= {
    example.LoadExample: example.load_example,
    fill.FillWithDemo: fill.fill_with_demo,
}

HANDLERS |= {
    attachments.AttachFile: attachments.attach_file,
    attachments.CaptionFile: attachments.caption_file,
    attachments.DeleteFile: attachments.delete_file,
    attachments.BringFileBack: attachments.bring_file_back,
    comments.WriteComment: comments.write_comment,
    comments.Reply: comments.reply,
    comments.ResolveThread: comments.resolve_thread,
    comments.ReopenThread: comments.reopen_thread,
    comments.DeleteComment: comments.delete_comment,
    comments.BringCommentBack: comments.bring_comment_back,
    comments.PutMentionAway: comments.put_mention_away,
    comments.DismissHint: comments.dismiss_hint,
    comments.BringHintsBack: comments.bring_hints_back,
}

HANDLERS |= {
    meeting.ScheduleMeeting: meeting.schedule_meeting,
    meeting.BeginMeeting: meeting.begin_meeting,
    meeting.EndMeeting: meeting.end_meeting,
    meeting.ResumeMeeting: meeting.resume_meeting,
    meeting.TickAttendance: meeting.tick_attendance,
    meeting.SaveNotes: meeting.save_notes,
    meeting.CatchItem: meeting.catch_item,
    dry_run.NoteTime: dry_run.note_time,
    dry_run.TakeTimeBack: dry_run.take_time_back,
    recurrences.ConfirmRecurrence: recurrences.confirm_recurrence,
    recurrences.RefuseRecurrence: recurrences.refuse_recurrence,
    recurrences.ReopenRecurrence: recurrences.reopen_recurrence,
    retrospective.GiveVerdict: retrospective.give_verdict,
    retrospective.Escalate: retrospective.escalate,
    retrospective.AnswerEscalation: retrospective.answer_escalation,
    dry_run.AskForFeedback: dry_run.ask_for_feedback,
    dry_run.GiveFeedback: dry_run.give_feedback,
}

HANDLERS |= {
    survey.OpenSurvey: survey.open_survey,
    survey.KeepSurvey: survey.keep_survey,
    survey.AnswerSurvey: survey.answer_survey,
    survey.DeclineSurvey: survey.decline_survey,
}
