"""What was printed stays printed: number, facts and file of a certificate never change, and no row goes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION certificates_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
        (NEW.token, NEW.registration_id, NEW.kind, NEW.year, NEW.seq, NEW.number, NEW.facts, NEW.issued_at, NEW.issued_by_id)
        IS DISTINCT FROM
        (OLD.token, OLD.registration_id, OLD.kind, OLD.year, OLD.seq, OLD.number, OLD.facts, OLD.issued_at, OLD.issued_by_id)
        OR (OLD.file_id IS NOT NULL AND
            (NEW.file_id, NEW.file_sha256) IS DISTINCT FROM (OLD.file_id, OLD.file_sha256))
    THEN
        RAISE EXCEPTION 'certificate % is issued', OLD.number
            USING ERRCODE = '23514', CONSTRAINT = 'certificate_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_kept BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_kept();
CREATE TRIGGER certificateevent_append_only BEFORE UPDATE OR DELETE ON certificates_certificateevent
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER certificateevent_not_truncated BEFORE TRUNCATE ON certificates_certificateevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
BACKWARD = """
DROP TRIGGER certificateevent_not_truncated ON certificates_certificateevent;
DROP TRIGGER certificateevent_append_only ON certificates_certificateevent;
DROP TRIGGER certificate_kept ON certificates_certificate;
DROP FUNCTION certificates_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_certificates"), ("core", "0003_number_series")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
