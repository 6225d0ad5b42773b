"""A class, a person or a room is in one place at a time; a booking's time is always its session's.

Without btree_gist: a row id as the range [id, id] is equal to another exactly when the two overlap. The constraints can
be deferred, so that one act may swap two sessions or shift a whole timetable.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION batches_booking_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT CASE WHEN cancelled_at IS NULL THEN period ELSE 'empty'::tstzrange END INTO NEW.blocked
        FROM batches_session WHERE id = NEW.session_id;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_blocks BEFORE INSERT OR UPDATE ON batches_booking
    FOR EACH ROW EXECUTE FUNCTION batches_booking_blocks();

CREATE FUNCTION batches_session_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One statement for all bookings: row by row, two sessions that swap would clash on the way.
    UPDATE batches_booking SET blocked = blocked WHERE session_id IN (SELECT id FROM moved);
    RETURN NULL;
END $$;
CREATE TRIGGER session_moved AFTER UPDATE ON batches_session REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION batches_session_moved();

ALTER TABLE batches_session ADD CONSTRAINT session_class_free
    EXCLUDE USING gist (int8range(batch_id, batch_id, '[]') WITH &&, period WITH &&)
    WHERE (cancelled_at IS NULL) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE batches_booking ADD CONSTRAINT booking_person_free
    EXCLUDE USING gist (int8range(person_id, person_id, '[]') WITH &&, blocked WITH &&)
    WHERE (person_id IS NOT NULL) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE batches_booking ADD CONSTRAINT booking_room_free
    EXCLUDE USING gist (int8range(room_id, room_id, '[]') WITH &&, blocked WITH &&)
    WHERE (room_id IS NOT NULL) DEFERRABLE INITIALLY IMMEDIATE;
CREATE INDEX session_calendar ON batches_session USING gist (period);
"""
BACKWARD = """
DROP INDEX session_calendar;
ALTER TABLE batches_booking DROP CONSTRAINT booking_room_free;
ALTER TABLE batches_booking DROP CONSTRAINT booking_person_free;
ALTER TABLE batches_session DROP CONSTRAINT session_class_free;
DROP TRIGGER session_moved ON batches_session;
DROP FUNCTION batches_session_moved();
DROP TRIGGER booking_blocks ON batches_booking;
DROP FUNCTION batches_booking_blocks();
"""


class Migration(migrations.Migration):
    dependencies = [("batches", "0002_sessions_rooms_bookings")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
