"""A tap keeps the answer that its device got; a signed record keeps the methods that it was signed with."""

from django.db import migrations, models

KEPT = "role_play_id, recorder_id, version, summary, result, digest, signed_at"
FUNCTION = """
CREATE OR REPLACE FUNCTION assessments_record_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A signed record changes its status only: what was signed stays what was signed.
    IF OLD.status <> 'draft' AND (
        TG_OP = 'DELETE' OR (%(new)s) IS DISTINCT FROM (%(old)s)
    ) THEN
        RAISE EXCEPTION 'record % is %', OLD.id, OLD.status
            USING ERRCODE = '23514', CONSTRAINT = 'record_locked_when_signed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


def function(columns: str) -> str:
    names = columns.split(", ")
    new, old = (", ".join(f"{row}.{name}" for name in names) for row in ("NEW", "OLD"))
    return FUNCTION.replace("%(new)s", new).replace("%(old)s", old)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_appeals_keep_their_outcome")]
    operations = [
        migrations.AddField("ratingevent", "answer", models.JSONField(default=dict)),
        migrations.AddField("record", "has_objection", models.BooleanField(default=False)),
        migrations.AddField("record", "methods", models.JSONField(default=list)),
        migrations.RunSQL(function(f"{KEPT}, methods, has_objection"), function(KEPT)),
    ]
