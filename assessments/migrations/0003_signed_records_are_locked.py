"""Taps only grow; ratings and unit results change while their record is a draft, and never again."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER ratingevent_append_only BEFORE UPDATE OR DELETE ON assessments_ratingevent
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER ratingevent_not_truncated BEFORE TRUNCATE ON assessments_ratingevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION assessments_only_in_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.record_id ELSE NEW.record_id END;
    state text;
BEGIN
    SELECT status INTO state FROM assessments_record WHERE id = one;
    IF state IS DISTINCT FROM 'draft' THEN
        RAISE EXCEPTION 'record % is %', one, state
            USING ERRCODE = '23514', CONSTRAINT = 'record_locked_when_signed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER rating_only_in_draft BEFORE INSERT OR UPDATE OR DELETE ON assessments_rating
    FOR EACH ROW EXECUTE FUNCTION assessments_only_in_draft();
CREATE TRIGGER unitresult_only_in_draft BEFORE INSERT OR UPDATE OR DELETE ON assessments_unitresult
    FOR EACH ROW EXECUTE FUNCTION assessments_only_in_draft();

CREATE FUNCTION assessments_record_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A signed record changes its status only: what was signed stays what was signed.
    IF OLD.status <> 'draft' AND (
        TG_OP = 'DELETE' OR
        (NEW.role_play_id, NEW.recorder_id, NEW.version, NEW.summary, NEW.result, NEW.digest, NEW.signed_at)
        IS DISTINCT FROM
        (OLD.role_play_id, OLD.recorder_id, OLD.version, OLD.summary, OLD.result, OLD.digest, OLD.signed_at)
    ) THEN
        RAISE EXCEPTION 'record % is %', OLD.id, OLD.status
            USING ERRCODE = '23514', CONSTRAINT = 'record_locked_when_signed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER record_kept BEFORE UPDATE OR DELETE ON assessments_record
    FOR EACH ROW EXECUTE FUNCTION assessments_record_kept();
"""
BACKWARD = """
DROP TRIGGER record_kept ON assessments_record;
DROP FUNCTION assessments_record_kept();
DROP TRIGGER unitresult_only_in_draft ON assessments_unitresult;
DROP TRIGGER rating_only_in_draft ON assessments_rating;
DROP FUNCTION assessments_only_in_draft();
DROP TRIGGER ratingevent_not_truncated ON assessments_ratingevent;
DROP TRIGGER ratingevent_append_only ON assessments_ratingevent;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_class_records_and_decisions"), ("core", "0003_number_series")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
