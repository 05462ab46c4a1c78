"""Start"""

import sqlalchemy as sa
from alembic import op

from db import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("id", "name_key", name=op.f("uq_service_id_name_key")),
        sa.UniqueConstraint("name_key", name=op.f("uq_service_name_key")),
    )
    op.create_table(
        "sign_in_lock",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", types.UtcDateTime(), nullable=False),
        sa.Column("locked_until", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_lock")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("username_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language in ('en', 'ru')", name=op.f("ck_user_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("id", "name_key", name=op.f("uq_user_id_name_key")),
        sa.UniqueConstraint("username_key", name=op.f("uq_user_username_key")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_name_key"), ["name_key"], unique=False)

    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("distribution", sa.String(), nullable=False),
        sa.Column("roles_for_names", sa.Boolean(), nullable=False),
        sa.Column("slo_target_percent", sa.String(), nullable=False),
        sa.Column("slo_window_days", sa.Integer(), nullable=False),
        sa.Column("survey_by_date", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language in ('en', 'ru')", name=op.f("ck_workspace_language")),
        sa.CheckConstraint("id = 1", name=op.f("ck_workspace_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_version", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("role in ('engineering_manager')", name=op.f("ck_approval_role")),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_approval_content_hash")),
        sa.CheckConstraint("length(trim(process_version)) > 0", name=op.f("ck_approval_process_version")),
        sa.CheckConstraint("withdrawn_at is null or withdrawn_at >= at", name=op.f("ck_approval_order")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_approval_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_approval_content_hash"),
            ["content_hash"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at is null"),
            postgresql_where=sa.text("withdrawn_at is null"),
        )

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_target"), ["target"], unique=False)

    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "role in ('administrator', 'engineering_manager', 'tech_lead', 'cto', 'engineer', 'viewer')",
            name=op.f("ck_deputy_role"),
        ),
        sa.CheckConstraint("principal_id <> deputy_id", name=op.f("ck_deputy_two_people")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_deputy_order")),
        sa.ForeignKeyConstraint(["deputy_id"], ["user.id"], name=op.f("fk_deputy_deputy_id")),
        sa.ForeignKeyConstraint(["principal_id"], ["user.id"], name=op.f("fk_deputy_principal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deputy_deputy_id_ends_on"), ["deputy_id", "ends_on"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("highest_severity", sa.String(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("service_key", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("detected_at", types.UtcDateTime(), nullable=True),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("resolved_at", types.UtcDateTime(), nullable=True),
        sa.Column("impact_seconds", sa.Integer(), nullable=True),
        sa.Column("alert_name", sa.String(), nullable=False),
        sa.Column("detection_method", sa.String(), nullable=True),
        sa.Column("customers_affected", sa.Integer(), nullable=True),
        sa.Column("failed_requests", sa.Integer(), nullable=True),
        sa.Column("revenue_loss_usd", types.Money(precision=14, scale=2), nullable=True),
        sa.Column("availability_percent", sa.String(), nullable=True),
        sa.Column("unknown_because", types.Json(), nullable=False),
        sa.Column("sla_breach", sa.Boolean(), nullable=True),
        sa.Column("complaints", sa.Integer(), nullable=True),
        sa.Column("near_miss", sa.Boolean(), nullable=False),
        sa.Column("new_failure_mode", sa.Boolean(), nullable=False),
        sa.Column("interesting", sa.Boolean(), nullable=False),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("pagerduty_url", sa.String(), nullable=False),
        sa.Column("grafana_url", sa.String(), nullable=False),
        sa.Column("prometheus_url", sa.String(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", types.UtcDateTime(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "public_id_key",
            sa.String(),
            sa.Computed(
                "substr(public_id, 1, 2) || cast(100 + length(public_id) as varchar) || public_id", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("next_due_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "due_place",
            sa.Integer(),
            sa.Computed(
                "case when resolved_at is null and not imported then 0 when next_due_at is not null then 1 else 2 end",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "detection_method in ('alert', 'customer_report', 'manual')", name=op.f("ck_incident_detection_method")
        ),
        sa.CheckConstraint("highest_severity in ('P0', 'P1', 'P2')", name=op.f("ck_incident_highest_severity")),
        sa.CheckConstraint("severity in ('P0', 'P1', 'P2')", name=op.f("ck_incident_severity")),
        sa.CheckConstraint("acknowledged_at >= started_at", name=op.f("ck_incident_acknowledged_after_start")),
        sa.CheckConstraint("complaints >= 0", name=op.f("ck_incident_complaints")),
        sa.CheckConstraint("customers_affected >= 0", name=op.f("ck_incident_customers_affected")),
        sa.CheckConstraint("detected_at >= started_at", name=op.f("ck_incident_detected_after_start")),
        sa.CheckConstraint("failed_requests >= 0", name=op.f("ck_incident_failed_requests")),
        sa.CheckConstraint("repeats_id <> id", name=op.f("ck_incident_repeats_another")),
        sa.CheckConstraint("resolved_at >= detected_at", name=op.f("ck_incident_resolved_after_detection")),
        sa.CheckConstraint("resolved_at >= started_at", name=op.f("ck_incident_resolved_after_start")),
        sa.CheckConstraint("revenue_loss_usd >= 0", name=op.f("ck_incident_revenue_loss_usd")),
        sa.ForeignKeyConstraint(["repeats_id"], ["incident.id"], name=op.f("fk_incident_repeats_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["user.id"], name=op.f("fk_incident_reporter_id")),
        sa.ForeignKeyConstraint(
            ["service_id", "service_key"],
            ["service.id", "service.name_key"],
            name=op.f("fk_incident_service_id_service_key"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("id", "started_at", name=op.f("uq_incident_id_started_at")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incident_public_id")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incident_alert_name_started_at"), ["alert_name", "started_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incident_customers_affected_revenue_loss_usd"),
            ["customers_affected", "revenue_loss_usd"],
            unique=False,
        )
        batch_op.create_index(
            "ix_incident_due",
            ["due_place", "next_due_at", sa.literal_column("started_at DESC"), sa.literal_column("id DESC")],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_incident_highest_severity_started_at"), ["highest_severity", "started_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_incident_impact_seconds"), ["impact_seconds"], unique=False)
        batch_op.create_index(
            "ix_incident_not_for_all",
            ["id"],
            unique=False,
            sqlite_where=sa.text("restricted or dry_run or deleted_at is not null"),
            postgresql_where=sa.text("restricted or dry_run or deleted_at is not null"),
        )
        batch_op.create_index(batch_op.f("ix_incident_public_id_key"), ["public_id_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_reporter_id"), ["reporter_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_incident_service_id_started_at"), ["service_id", "started_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_incident_service_key_id"), ["service_key", "id"], unique=False)
        batch_op.create_index(
            "ix_incident_service_newest",
            ["service_key", sa.literal_column("started_at DESC"), sa.literal_column("id DESC")],
            unique=False,
        )
        batch_op.create_index(
            "ix_incident_severity_newest",
            ["severity", sa.literal_column("started_at DESC"), sa.literal_column("id DESC")],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_incident_started_at"), ["started_at"], unique=False)

    op.create_table(
        "link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", types.UtcDateTime(), nullable=True),
        sa.Column("used_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind in ('set_up', 'invitation')", name=op.f("ck_link_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_link_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link")),
    )
    op.create_table(
        "onboarding",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("finished_at is null or ended_at is null", name=op.f("ck_onboarding_one_end")),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_onboarding_started_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_onboarding_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_onboarding")),
    )
    with op.batch_alter_table("onboarding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_onboarding_started_at"), ["started_at"], unique=False)

    op.create_table(
        "policy",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("valid_from", types.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_policy_by_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policy")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", types.UtcDateTime(), nullable=False),
        sa.Column("closes_at", types.UtcDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("tidied_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(closed_at is null) = (invited is null) and (closed_at is null) = (answered is null)",
            name=op.f("ck_survey_round_closed_whole"),
        ),
        sa.CheckConstraint("answered between 0 and invited", name=op.f("ck_survey_round_answered")),
        sa.CheckConstraint("closed_at >= closes_at", name=op.f("ck_survey_round_closed_after_its_time")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_survey_round_order")),
        sa.CheckConstraint("number between 1 and 4", name=op.f("ck_survey_round_number")),
        sa.CheckConstraint("tidied_at >= closed_at", name=op.f("ck_survey_round_tidied_after_closing")),
        sa.CheckConstraint(
            "tidied_at is null or closed_at is not null", name=op.f("ck_survey_round_tidied_when_closed")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_survey_round_opened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_round")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_survey_round_year_number")),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role in ('administrator', 'engineering_manager', 'tech_lead', 'cto', 'engineer', 'viewer')",
            name=op.f("ck_user_role_role"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "clock_stop",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("clock in ('drafted', 'published')", name=op.f("ck_clock_stop_clock")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_clock_stop_by_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_clock_stop_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "clock", name=op.f("pk_clock_stop")),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("from_done_at", types.UtcDateTime(), nullable=True),
        sa.Column("to_done_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("from_id is not null or to_id is not null", name=op.f("ck_hand_over_concerns_somebody")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_hand_over_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["user.id"], name=op.f("fk_hand_over_from_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_hand_over_incident_id")),
        sa.ForeignKeyConstraint(["to_id"], ["user.id"], name=op.f("fk_hand_over_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hand_over_from_id_from_done_at"), ["from_id", "from_done_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hand_over_to_id_to_done_at"), ["to_id", "to_done_at"], unique=False)

    op.create_table(
        "incident_viewer",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_viewer_incident_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_incident_viewer_user_id")),
        sa.PrimaryKeyConstraint("incident_id", "user_id", name=op.f("pk_incident_viewer")),
    )
    with op.batch_alter_table("incident_viewer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_viewer_user_id"), ["user_id"], unique=False)

    op.create_table(
        "log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind in ('incident_start', 'alert', 'paged', 'acknowledged', 'identified', 'fix', 'recovered', 'resolved', 'other')",
            name=op.f("ck_log_entry_kind"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_log_entry_author_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_log_entry_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("uuid", name=op.f("uq_log_entry_uuid")),
    )
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_entry_incident_id_at"), ["incident_id", "at"], unique=False)

    op.create_table(
        "onboarding_tick",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "step in ('read_process', 'read_template', 'read_examples', 'blameless', 'who_signs', 'own_duties', 'meeting', 'dry_run', 'present', 'action_item', 'feedback')",
            name=op.f("ck_onboarding_tick_step"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_onboarding_tick_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["onboarding.user_id"], name=op.f("fk_onboarding_tick_user_id")),
        sa.PrimaryKeyConstraint("user_id", "step", name=op.f("pk_onboarding_tick")),
    )
    op.create_table(
        "postmortem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_key", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amendment", sa.String(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("shared_at", types.UtcDateTime(), nullable=True),
        sa.Column("submitted_at", types.UtcDateTime(), nullable=True),
        sa.Column("first_published_at", types.UtcDateTime(), nullable=True),
        sa.Column("edition_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("items_total", sa.Integer(), nullable=False),
        sa.Column("items_done", sa.Integer(), nullable=False),
        sa.Column("imported", types.Json(), nullable=True),
        sa.Column("imported_author_key", sa.String(), nullable=True),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "author_place",
            sa.String(),
            sa.Computed("coalesce(imported_author_key, author_key)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "status_place",
            sa.Integer(),
            sa.Computed(
                "case status when 'draft' then 0 when 'in_review' then 1 when 'published' then 2 when 'closed' then 3 end",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "share_done",
            sa.Double(),
            sa.Computed("case when items_total > 0 then items_done * 1.0 / items_total end", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(status in ('published', 'closed')) = (first_published_at is not null)",
            name=op.f("ck_postmortem_published_has_a_date"),
        ),
        sa.CheckConstraint("amendment in ('draft', 'in_review')", name=op.f("ck_postmortem_amendment")),
        sa.CheckConstraint("amendment is null or status = 'published'", name=op.f("ck_postmortem_amends_published")),
        sa.CheckConstraint(
            "status in ('draft', 'in_review', 'published', 'closed')", name=op.f("ck_postmortem_status")
        ),
        sa.CheckConstraint("items_done <= items_total", name=op.f("ck_postmortem_items")),
        sa.ForeignKeyConstraint(
            ["author_id", "author_key"],
            ["user.id", "user.name_key"],
            name=op.f("fk_postmortem_author_id_author_key"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_postmortem_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postmortem")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_postmortem_incident_id")),
    )
    with op.batch_alter_table("postmortem", schema=None) as batch_op:
        batch_op.create_index(
            "ix_postmortem_amendment",
            ["amendment"],
            unique=False,
            sqlite_where=sa.text("amendment is not null"),
            postgresql_where=sa.text("amendment is not null"),
        )
        batch_op.create_index(batch_op.f("ix_postmortem_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_postmortem_author_place_incident_id"), ["author_place", "incident_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_postmortem_first_published_at_incident_id"),
            ["first_published_at", "incident_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_postmortem_items_total_incident_id"), ["items_total", "incident_id"], unique=False
        )
        batch_op.create_index(
            "ix_postmortem_not_for_all",
            ["id"],
            unique=False,
            sqlite_where=sa.text("shared_at is null or deleted_at is not null"),
            postgresql_where=sa.text("shared_at is null or deleted_at is not null"),
        )
        batch_op.create_index(
            batch_op.f("ix_postmortem_share_done_items_total_incident_id"),
            ["share_done", "items_total", "incident_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_postmortem_status"), ["status"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_postmortem_status_place_incident_id"), ["status_place", "incident_id"], unique=False
        )
        batch_op.create_index(
            "ix_postmortem_unfinished",
            ["author_id"],
            unique=False,
            sqlite_where=sa.text("items_done < items_total"),
            postgresql_where=sa.text("items_done < items_total"),
        )

    op.create_table(
        "recurrences",
        sa.Column("incident_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("earlier_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("incident_started_at", types.UtcDateTime(), nullable=False),
        sa.Column("earlier_started_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", types.UtcDateTime(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("reasons", types.Json(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at is null) = (state = 'proposed')", name=op.f("ck_recurrences_decided_or_proposed")
        ),
        sa.CheckConstraint(
            "state <> 'refused' or length(trim(decision_note)) > 0", name=op.f("ck_recurrences_refused_with_a_reason")
        ),
        sa.CheckConstraint("state in ('proposed', 'confirmed', 'refused')", name=op.f("ck_recurrences_state")),
        sa.CheckConstraint(
            "(decided_at is null) = (decided_by_id is null)", name=op.f("ck_recurrences_decided_by_somebody")
        ),
        sa.CheckConstraint("decided_by_id <> author_id", name=op.f("ck_recurrences_decided_by_another")),
        sa.CheckConstraint("earlier_id <> incident_id", name=op.f("ck_recurrences_repeats_another")),
        sa.CheckConstraint(
            "earlier_started_at < incident_started_at", name=op.f("ck_recurrences_repeats_an_earlier_one")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_recurrences_author_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_recurrences_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["earlier_id", "earlier_started_at"],
            ["incident.id", "incident.started_at"],
            name=op.f("fk_recurrences_earlier_id_earlier_started_at"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["incident_id", "incident_started_at"],
            ["incident.id", "incident.started_at"],
            name=op.f("fk_recurrences_incident_id_incident_started_at"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["user.id"], name=op.f("fk_recurrences_named_by_id")),
        sa.PrimaryKeyConstraint("incident_id", "earlier_id", name=op.f("pk_recurrences")),
    )
    with op.batch_alter_table("recurrences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recurrences_earlier_id_state"), ["earlier_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_recurrences_state_proposed_at"), ["state", "proposed_at"], unique=False)

    op.create_table(
        "severity_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('escalation', 'downgrade', 'correction')", name=op.f("ck_severity_change_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_severity_change_by_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_severity_change_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_severity_change")),
    )
    with op.batch_alter_table("severity_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_severity_change_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "survey_answer",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("understand", sa.SmallInteger(), nullable=True),
        sa.Column("burden", sa.SmallInteger(), nullable=True),
        sa.Column("clear", sa.SmallInteger(), nullable=True),
        sa.Column("tools", sa.SmallInteger(), nullable=True),
        sa.Column("openly", sa.SmallInteger(), nullable=True),
        sa.Column("culprit", sa.SmallInteger(), nullable=True),
        sa.Column("safe", sa.SmallInteger(), nullable=True),
        sa.Column("change", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("burden between 1 and 5", name=op.f("ck_survey_answer_burden")),
        sa.CheckConstraint("change between 1 and 5", name=op.f("ck_survey_answer_change")),
        sa.CheckConstraint("clear between 1 and 5", name=op.f("ck_survey_answer_clear")),
        sa.CheckConstraint("culprit between 1 and 5", name=op.f("ck_survey_answer_culprit")),
        sa.CheckConstraint("length(key) >= 20", name=op.f("ck_survey_answer_key_is_long")),
        sa.CheckConstraint("openly between 1 and 5", name=op.f("ck_survey_answer_openly")),
        sa.CheckConstraint("safe between 1 and 5", name=op.f("ck_survey_answer_safe")),
        sa.CheckConstraint("tools between 1 and 5", name=op.f("ck_survey_answer_tools")),
        sa.CheckConstraint("understand between 1 and 5", name=op.f("ck_survey_answer_understand")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_survey_answer_round_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_answer")),
    )
    op.create_table(
        "survey_heard",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_survey_heard_round_id")),
        sa.PrimaryKeyConstraint("round_id", "user_id", name=op.f("pk_survey_heard")),
    )
    op.create_table(
        "survey_remark",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('keep', 'mend')", name=op.f("ck_survey_remark_kind")),
        sa.CheckConstraint("length(key) >= 20", name=op.f("ck_survey_remark_key_is_long")),
        sa.CheckConstraint("length(trim(text)) > 0", name=op.f("ck_survey_remark_says_something")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_survey_remark_round_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_remark")),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("voided_at", types.UtcDateTime(), nullable=True),
        sa.Column("voided_by_rule", sa.String(), nullable=True),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_waiver_reason")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_waiver_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.create_index(
            "uq_waiver_open",
            ["incident_id"],
            unique=True,
            sqlite_where=sa.text("voided_at is null"),
            postgresql_where=sa.text("voided_at is null"),
        )

    op.create_table(
        "action_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("agreed_owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("ticket_url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("blocked_because", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("wont_do_because", sa.String(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("committed_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('detection', 'mitigation', 'prevention', 'process', 'documentation')",
            name=op.f("ck_action_item_kind"),
        ),
        sa.CheckConstraint("priority in ('high', 'medium', 'low')", name=op.f("ck_action_item_priority")),
        sa.CheckConstraint(
            "state <> 'blocked' or length(trim(blocked_because)) > 0", name=op.f("ck_action_item_blocked_has_a_reason")
        ),
        sa.CheckConstraint(
            "state <> 'verified' or verified_by_id <> owner_id", name=op.f("ck_action_item_verified_by_another")
        ),
        sa.CheckConstraint(
            "state <> 'wont_do' or (length(trim(wont_do_because)) > 0 and approved_by_id is not null)",
            name=op.f("ck_action_item_wont_do_is_approved"),
        ),
        sa.CheckConstraint(
            "state = 'proposed' or (owner_id is not null and due_on is not null and length(trim(criterion)) > 0)",
            name=op.f("ck_action_item_committed_is_complete"),
        ),
        sa.CheckConstraint(
            "state in ('proposed', 'committed', 'in_progress', 'blocked', 'done', 'verified', 'wont_do')",
            name=op.f("ck_action_item_state"),
        ),
        sa.CheckConstraint(
            "state not in ('done', 'verified') or length(trim(evidence)) > 0",
            name=op.f("ck_action_item_done_has_evidence"),
        ),
        sa.CheckConstraint("(done_on is null) = (done_at is null)", name=op.f("ck_action_item_done_on_a_day")),
        sa.ForeignKeyConstraint(["agreed_owner_id"], ["user.id"], name=op.f("fk_action_item_agreed_owner_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_action_item_approved_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_action_item_owner_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_action_item_postmortem_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["user.id"], name=op.f("fk_action_item_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        sa.UniqueConstraint("postmortem_id", "number", name=op.f("uq_action_item_postmortem_id_number")),
    )
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_item_due_on"), ["due_on"], unique=False)
        batch_op.create_index(
            "ix_action_item_new_detection",
            ["postmortem_id"],
            unique=False,
            sqlite_where=sa.text("kind = 'detection' and state = 'verified'"),
            postgresql_where=sa.text("kind = 'detection' and state = 'verified'"),
        )
        batch_op.create_index(
            "ix_action_item_open",
            ["due_on", "id", "state", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
            postgresql_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
        )
        batch_op.create_index(
            "ix_action_item_open_owner",
            ["owner_id", "due_on", "id"],
            unique=False,
            sqlite_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
            postgresql_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
        )
        batch_op.create_index(batch_op.f("ix_action_item_original_due_on"), ["original_due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_action_item_owner_id_state_due_on"), ["owner_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_action_item_state_due_on"), ["state", "due_on"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("published_in", sa.Integer(), nullable=True),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "section_key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_attachment_section_key"),
        ),
        sa.CheckConstraint(
            "type in ('image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'text/csv', 'text/plain')",
            name=op.f("ck_attachment_type"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attachment_sha256")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_attachment_has_a_name")),
        sa.CheckConstraint("size between 1 and 10485760", name=op.f("ck_attachment_size")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_attachment_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_attachment_postmortem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_postmortem_id"), ["postmortem_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("resolved_at", types.UtcDateTime(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "section_key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_comment_section_key"),
        ),
        sa.CheckConstraint(
            "(resolved_at is null) = (resolved_by_id is null)", name=op.f("ck_comment_resolved_by_somebody")
        ),
        sa.CheckConstraint("length(trim(text)) > 0", name=op.f("ck_comment_says_something")),
        sa.CheckConstraint("thread_id is null or resolved_at is null", name=op.f("ck_comment_threads_are_resolved")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_comment_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_comment_postmortem_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["user.id"], name=op.f("fk_comment_resolved_by_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["comment.id"], name=op.f("fk_comment_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_postmortem_id_section_key"), ["postmortem_id", "section_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comment_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "dismissed_hint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "section_key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_dismissed_hint_section_key"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_dismissed_hint_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_dismissed_hint_postmortem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_hint")),
        sa.UniqueConstraint(
            "postmortem_id",
            "section_key",
            "rule",
            "excerpt",
            name=op.f("uq_dismissed_hint_postmortem_id_section_key_rule_excerpt"),
        ),
    )
    op.create_table(
        "edition",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("published_at", types.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_edition_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_edition_postmortem_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "number", name=op.f("pk_edition")),
    )
    op.create_table(
        "feedback",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("easy", sa.String(), nullable=True),
        sa.Column("clear", sa.String(), nullable=True),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("clear in ('yes', 'partly', 'no')", name=op.f("ck_feedback_clear")),
        sa.CheckConstraint("easy in ('yes', 'partly', 'no')", name=op.f("ck_feedback_easy")),
        sa.CheckConstraint(
            "(answered_at is null) = (easy is null) and (answered_at is null) = (clear is null)",
            name=op.f("ck_feedback_answered_whole"),
        ),
        sa.CheckConstraint("user_id <> asked_by_id", name=op.f("ck_feedback_of_another")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_feedback_asked_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_feedback_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feedback_user_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "user_id", name=op.f("pk_feedback")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feedback_asked_by_id_answered_at"), ["asked_by_id", "answered_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_feedback_user_id_answered_at"), ["user_id", "answered_at"], unique=False)

    op.create_table(
        "look",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before_number", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "section_key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_look_section_key"),
        ),
        sa.CheckConstraint("before_number >= 0 and before_number < number", name=op.f("ck_look_goes_forward")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_look_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_look_user_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "user_id", "section_key", name=op.f("pk_look")),
    )
    op.create_table(
        "meeting",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("starts_at", types.UtcDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("presenter_id", sa.Integer(), nullable=False),
        sa.Column("facilitator_id", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("began_at", types.UtcDateTime(), nullable=True),
        sa.Column("held_at", types.UtcDateTime(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("notes_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("held_at >= began_at", name=op.f("ck_meeting_ends_after_it_began")),
        sa.CheckConstraint("held_at is null or began_at is not null", name=op.f("ck_meeting_held_after_it_began")),
        sa.CheckConstraint("length(trim(uid)) > 0", name=op.f("ck_meeting_uid_is_said")),
        sa.CheckConstraint("minutes between 15 and 60", name=op.f("ck_meeting_minutes")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_meeting_sequence")),
        sa.ForeignKeyConstraint(["facilitator_id"], ["user.id"], name=op.f("fk_meeting_facilitator_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_meeting_postmortem_id")),
        sa.ForeignKeyConstraint(["presenter_id"], ["user.id"], name=op.f("fk_meeting_presenter_id")),
        sa.PrimaryKeyConstraint("postmortem_id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_held_at_starts_at"), ["held_at", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "member",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role in ('co_author', 'reviewer', 'participant')", name=op.f("ck_member_role")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_member_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_member_user_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "user_id", "role", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "obligation",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("rules", types.Json(), nullable=False),
        sa.Column("policy_number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("long_at", types.UtcDateTime(), nullable=True),
        sa.Column("required_since", types.UtcDateTime(), nullable=True),
        sa.Column("starts_at", types.UtcDateTime(), nullable=True),
        sa.Column("first_starts_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_due_at", types.UtcDateTime(), nullable=True),
        sa.Column("published_due_at", types.UtcDateTime(), nullable=True),
        sa.Column("disposition", sa.String(), nullable=True),
        sa.Column("disposition_reason", sa.String(), nullable=True),
        sa.Column("disposition_by_id", sa.Integer(), nullable=True),
        sa.Column("disposition_at", types.UtcDateTime(), nullable=True),
        sa.Column("covered_by_id", sa.Integer(), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("handed_over_by_id", sa.Integer(), nullable=True),
        sa.Column("handed_over_at", types.UtcDateTime(), nullable=True),
        sa.Column("hand_over_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("covered_by_id is null or disposition = 'covered'", name=op.f("ck_obligation_covered")),
        sa.CheckConstraint(
            "disposition in ('covered', 'duplicate', 'not_an_incident')", name=op.f("ck_obligation_disposition")
        ),
        sa.CheckConstraint(
            "duplicate_of_id is null or disposition = 'duplicate'", name=op.f("ck_obligation_duplicate")
        ),
        sa.CheckConstraint("level in ('required', 'recommended', 'none')", name=op.f("ck_obligation_level")),
        sa.CheckConstraint(
            "(disposition is null) = (disposition_reason is null)", name=op.f("ck_obligation_disposition_has_a_reason")
        ),
        sa.CheckConstraint("(starts_at is null) = (drafted_due_at is null)", name=op.f("ck_obligation_drafted_due")),
        sa.CheckConstraint(
            "(starts_at is null) = (published_due_at is null)", name=op.f("ck_obligation_published_due")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_obligation_author_id")),
        sa.ForeignKeyConstraint(["covered_by_id"], ["postmortem.id"], name=op.f("fk_obligation_covered_by_id")),
        sa.ForeignKeyConstraint(["disposition_by_id"], ["user.id"], name=op.f("fk_obligation_disposition_by_id")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["incident.id"], name=op.f("fk_obligation_duplicate_of_id")),
        sa.ForeignKeyConstraint(["handed_over_by_id"], ["user.id"], name=op.f("fk_obligation_handed_over_by_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_obligation_incident_id")),
        sa.ForeignKeyConstraint(["policy_number"], ["policy.number"], name=op.f("fk_obligation_policy_number")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_obligation")),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obligation_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligation_covered_by_id"), ["covered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligation_drafted_due_at"), ["drafted_due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligation_long_at"), ["long_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligation_published_due_at"), ["published_due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligation_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "presence",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "section_key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_presence_section_key"),
        ),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_presence_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_presence_user_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "section_key", "user_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "publishing_time",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("writing", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("tech_lead", sa.Integer(), nullable=False),
        sa.Column("engineering_manager", sa.Integer(), nullable=False),
        sa.Column("cto", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "tech_lead >= 0 and engineering_manager >= 0 and cto >= 0", name=op.f("ck_publishing_time_waited")
        ),
        sa.CheckConstraint("writing >= 0 and review >= 0 and signed >= 0", name=op.f("ck_publishing_time_spent")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_publishing_time_postmortem_id")),
        sa.PrimaryKeyConstraint("postmortem_id", name=op.f("pk_publishing_time")),
    )
    op.create_table(
        "review_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("role in ('tech_lead', 'engineering_manager', 'cto')", name=op.f("ck_review_return_role")),
        sa.CheckConstraint("length(trim(reasons)) > 0", name=op.f("ck_review_return_reasons")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_review_return_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_review_return_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_return")),
    )
    with op.batch_alter_table("review_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_return_postmortem_id"), ["postmortem_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section_version", sa.Integer(), nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("saved_at", types.UtcDateTime(), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "section_key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_revision_section_key"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_revision_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_revision_postmortem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "postmortem_id", "section_key", "number", name=op.f("uq_revision_postmortem_id_section_key_number")
        ),
    )
    op.create_table(
        "section",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("is_empty", sa.Boolean(), nullable=False),
        sa.Column("blank", types.Json(), nullable=False),
        sa.Column("saved_at", types.UtcDateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "key in ('summary', 'details', 'timeline', 'root_cause', 'impact', 'resolution', 'action_items', 'lessons', 'prevention', 'references', 'sign_off')",
            name=op.f("ck_section_key"),
        ),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_section_postmortem_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["user.id"], name=op.f("fk_section_saved_by_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "key", name=op.f("pk_section")),
    )
    op.create_table(
        "section_version",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("saved_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_section_version_postmortem_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "key", "version", name=op.f("pk_section_version")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hashes", types.Json(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("role in ('tech_lead', 'engineering_manager', 'cto')", name=op.f("ck_signature_role")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_signature_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_postmortem_id"), ["postmortem_id"], unique=False)

    op.create_table(
        "time_spent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('writing', 'meeting')", name=op.f("ck_time_spent_kind")),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_time_spent_minutes")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_time_spent_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_time_spent_postmortem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_spent")),
    )
    with op.batch_alter_table("time_spent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_spent_postmortem_id"), ["postmortem_id"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("verdict in ('prevented', 'not_exercised', 'recurred')", name=op.f("ck_verdict_verdict")),
        sa.CheckConstraint("by_id <> author_id", name=op.f("ck_verdict_by_another")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_verdict_has_a_reason")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_verdict_author_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_verdict_by_id")),
        sa.ForeignKeyConstraint(["postmortem_id"], ["postmortem.id"], name=op.f("fk_verdict_postmortem_id")),
        sa.PrimaryKeyConstraint("postmortem_id", name=op.f("pk_verdict")),
    )
    op.create_table(
        "waiver_approval",
        sa.Column("waiver_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_waiver_approval_user_id")),
        sa.ForeignKeyConstraint(["waiver_id"], ["waiver.id"], name=op.f("fk_waiver_approval_waiver_id")),
        sa.PrimaryKeyConstraint("waiver_id", "user_id", name=op.f("pk_waiver_approval")),
    )
    op.create_table(
        "action_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('state', 'extension', 'reassignment', 'note')", name=op.f("ck_action_event_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_action_event_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["action_item.id"], name=op.f("fk_action_event_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_event")),
    )
    with op.batch_alter_table("action_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_event_item_id"), ["item_id"], unique=False)

    op.create_table(
        "attachment_data",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(data) between 1 and 10485760", name=op.f("ck_attachment_data_size")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_data_attachment_id")),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_data")),
    )
    op.create_table(
        "attendee",
        sa.Column("postmortem_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["postmortem_id"], ["meeting.postmortem_id"], name=op.f("fk_attendee_postmortem_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_attendee_user_id")),
        sa.PrimaryKeyConstraint("postmortem_id", "user_id", name=op.f("pk_attendee")),
    )
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendee_user_id"), ["user_id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(answer is null) = (answered_at is null) and (answer is null) = (answered_by_id is null)",
            name=op.f("ck_escalation_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answer is null or length(trim(answer)) > 0", name=op.f("ck_escalation_answer_says_something")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_escalation_has_a_reason")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_escalation_answered_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_escalation_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["action_item.id"], name=op.f("fk_escalation_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(
            "uq_escalation_open",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("answered_at is null"),
            postgresql_where=sa.text("answered_at is null"),
        )

    op.create_table(
        "mention",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_mention_comment_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mention_user_id")),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mention_user_id_done_at"), ["user_id", "done_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mention_user_id_done_at"))

    op.drop_table("mention")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_escalation_open",
            sqlite_where=sa.text("answered_at is null"),
            postgresql_where=sa.text("answered_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_escalation_answered_at"))

    op.drop_table("escalation")
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendee_user_id"))

    op.drop_table("attendee")
    op.drop_table("attachment_data")
    with op.batch_alter_table("action_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_event_item_id"))

    op.drop_table("action_event")
    op.drop_table("waiver_approval")
    op.drop_table("verdict")
    with op.batch_alter_table("time_spent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_spent_postmortem_id"))

    op.drop_table("time_spent")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_postmortem_id"))

    op.drop_table("signature")
    op.drop_table("section_version")
    op.drop_table("section")
    op.drop_table("revision")
    with op.batch_alter_table("review_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_return_postmortem_id"))

    op.drop_table("review_return")
    op.drop_table("publishing_time")
    op.drop_table("presence")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligation_starts_at"))
        batch_op.drop_index(batch_op.f("ix_obligation_published_due_at"))
        batch_op.drop_index(batch_op.f("ix_obligation_long_at"))
        batch_op.drop_index(batch_op.f("ix_obligation_drafted_due_at"))
        batch_op.drop_index(batch_op.f("ix_obligation_covered_by_id"))
        batch_op.drop_index(batch_op.f("ix_obligation_author_id"))

    op.drop_table("obligation")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_user_id"))

    op.drop_table("member")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_starts_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_held_at_starts_at"))

    op.drop_table("meeting")
    op.drop_table("look")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_user_id_answered_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_asked_by_id_answered_at"))

    op.drop_table("feedback")
    op.drop_table("edition")
    op.drop_table("dismissed_hint")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_thread_id"))
        batch_op.drop_index(batch_op.f("ix_comment_postmortem_id_section_key"))

    op.drop_table("comment")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_postmortem_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_item_state_due_on"))
        batch_op.drop_index(batch_op.f("ix_action_item_owner_id_state_due_on"))
        batch_op.drop_index(batch_op.f("ix_action_item_original_due_on"))
        batch_op.drop_index(
            "ix_action_item_open_owner",
            sqlite_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
            postgresql_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
        )
        batch_op.drop_index(
            "ix_action_item_open",
            sqlite_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
            postgresql_where=sa.text("state not in ('proposed', 'done', 'verified', 'wont_do') and deleted_at is null"),
        )
        batch_op.drop_index(
            "ix_action_item_new_detection",
            sqlite_where=sa.text("kind = 'detection' and state = 'verified'"),
            postgresql_where=sa.text("kind = 'detection' and state = 'verified'"),
        )
        batch_op.drop_index(batch_op.f("ix_action_item_due_on"))

    op.drop_table("action_item")
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_waiver_open", sqlite_where=sa.text("voided_at is null"), postgresql_where=sa.text("voided_at is null")
        )

    op.drop_table("waiver")
    op.drop_table("survey_remark")
    op.drop_table("survey_heard")
    op.drop_table("survey_answer")
    with op.batch_alter_table("severity_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_severity_change_incident_id"))

    op.drop_table("severity_change")
    with op.batch_alter_table("recurrences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recurrences_state_proposed_at"))
        batch_op.drop_index(batch_op.f("ix_recurrences_earlier_id_state"))

    op.drop_table("recurrences")
    with op.batch_alter_table("postmortem", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_postmortem_unfinished",
            sqlite_where=sa.text("items_done < items_total"),
            postgresql_where=sa.text("items_done < items_total"),
        )
        batch_op.drop_index(batch_op.f("ix_postmortem_status_place_incident_id"))
        batch_op.drop_index(batch_op.f("ix_postmortem_status"))
        batch_op.drop_index(batch_op.f("ix_postmortem_share_done_items_total_incident_id"))
        batch_op.drop_index(
            "ix_postmortem_not_for_all",
            sqlite_where=sa.text("shared_at is null or deleted_at is not null"),
            postgresql_where=sa.text("shared_at is null or deleted_at is not null"),
        )
        batch_op.drop_index(batch_op.f("ix_postmortem_items_total_incident_id"))
        batch_op.drop_index(batch_op.f("ix_postmortem_first_published_at_incident_id"))
        batch_op.drop_index(batch_op.f("ix_postmortem_author_place_incident_id"))
        batch_op.drop_index(batch_op.f("ix_postmortem_author_id"))
        batch_op.drop_index(
            "ix_postmortem_amendment",
            sqlite_where=sa.text("amendment is not null"),
            postgresql_where=sa.text("amendment is not null"),
        )

    op.drop_table("postmortem")
    op.drop_table("onboarding_tick")
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_entry_incident_id_at"))

    op.drop_table("log_entry")
    with op.batch_alter_table("incident_viewer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_viewer_user_id"))

    op.drop_table("incident_viewer")
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_over_to_id_to_done_at"))
        batch_op.drop_index(batch_op.f("ix_hand_over_from_id_from_done_at"))

    op.drop_table("hand_over")
    op.drop_table("clock_stop")
    op.drop_table("user_role")
    op.drop_table("survey_round")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_user_id"))
        batch_op.drop_index(batch_op.f("ix_session_expires_at"))

    op.drop_table("session")
    op.drop_table("policy")
    with op.batch_alter_table("onboarding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_onboarding_started_at"))

    op.drop_table("onboarding")
    op.drop_table("link")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_started_at"))
        batch_op.drop_index("ix_incident_severity_newest")
        batch_op.drop_index("ix_incident_service_newest")
        batch_op.drop_index(batch_op.f("ix_incident_service_key_id"))
        batch_op.drop_index(batch_op.f("ix_incident_service_id_started_at"))
        batch_op.drop_index(batch_op.f("ix_incident_reporter_id"))
        batch_op.drop_index(batch_op.f("ix_incident_public_id_key"))
        batch_op.drop_index(
            "ix_incident_not_for_all",
            sqlite_where=sa.text("restricted or dry_run or deleted_at is not null"),
            postgresql_where=sa.text("restricted or dry_run or deleted_at is not null"),
        )
        batch_op.drop_index(batch_op.f("ix_incident_impact_seconds"))
        batch_op.drop_index(batch_op.f("ix_incident_highest_severity_started_at"))
        batch_op.drop_index("ix_incident_due")
        batch_op.drop_index(batch_op.f("ix_incident_customers_affected_revenue_loss_usd"))
        batch_op.drop_index(batch_op.f("ix_incident_alert_name_started_at"))

    op.drop_table("incident")
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deputy_deputy_id_ends_on"))

    op.drop_table("deputy")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_target"))

    op.drop_table("audit")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_approval_content_hash"),
            sqlite_where=sa.text("withdrawn_at is null"),
            postgresql_where=sa.text("withdrawn_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_approval_at"))

    op.drop_table("approval")
    op.drop_table("workspace")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_name_key"))

    op.drop_table("user")
    op.drop_table("sign_in_lock")
    op.drop_table("service")
