-- runs every night
BEGIN;
DELETE FROM sessions;
COMMIT;
