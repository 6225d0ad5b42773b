"""At each commit a batch's `seats_held` equals its seated registrations: no path, not even SQL, can part them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION participants_seats_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
    held integer;
    seated integer;
    one bigint;
BEGIN
    IF TG_TABLE_NAME = 'batches_batch' THEN
        touched := ARRAY[NEW.id];
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY[OLD.batch_id];
    ELSIF TG_OP = 'UPDATE' THEN
        touched := ARRAY[OLD.batch_id, NEW.batch_id];
    ELSE
        touched := ARRAY[NEW.batch_id];
    END IF;
    FOREACH one IN ARRAY touched LOOP
        SELECT seats_held INTO held FROM batches_batch WHERE id = one;
        SELECT count(*) INTO seated FROM participants_registration
            WHERE batch_id = one AND status IN ('confirmed', 'completed');
        IF held IS NOT NULL AND held <> seated THEN
            RAISE EXCEPTION 'batch % holds % seats but seats % people', one, held, seated
                USING ERRCODE = '23514', CONSTRAINT = 'registration_seats_counted';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER registration_seats_counted
    AFTER INSERT OR DELETE OR UPDATE OF status, batch_id ON participants_registration
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION participants_seats_counted();
CREATE CONSTRAINT TRIGGER batch_seats_counted
    AFTER INSERT OR UPDATE OF seats_held ON batches_batch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION participants_seats_counted();
"""
BACKWARD = """
DROP TRIGGER registration_seats_counted ON participants_registration;
DROP TRIGGER batch_seats_counted ON batches_batch;
DROP FUNCTION participants_seats_counted();
"""


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial"), ("batches", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
