"""What was decided stays what was decided: of a decision only its release and its supersession are written later."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION assessments_decision_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF
        (NEW.code, NEW.assessment_id, NEW.version, NEW.result, NEW.units, NEW.reasons, NEW.minutes, NEW.decided_at,
         NEW.decided_by_id)
        IS DISTINCT FROM
        (OLD.code, OLD.assessment_id, OLD.version, OLD.result, OLD.units, OLD.reasons, OLD.minutes, OLD.decided_at,
         OLD.decided_by_id)
    THEN
        RAISE EXCEPTION 'decision % is made', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'decision_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_kept BEFORE UPDATE ON assessments_decision
    FOR EACH ROW EXECUTE FUNCTION assessments_decision_kept();
"""
BACKWARD = """
DROP TRIGGER decision_kept ON assessments_decision;
DROP FUNCTION assessments_decision_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_records_keep_answers_and_methods")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
