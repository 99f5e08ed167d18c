"""Running numbers, a hot table with room to breathe, and schedules that never change."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

SQL = """
CREATE SEQUENCE agreements_running_number;
CREATE SEQUENCE agreements_new_number START 20000000;
-- Room in every page, so that an update stays where it is and touches no index.
ALTER TABLE agreements_standing SET (fillfactor = 80);
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON agreements_schedule
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON agreements_schedule
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def only_insert_and_select(apps, schema_editor):
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON agreements_schedule FROM {}").format(app)
    schema_editor.execute(statement.as_string(schema_editor.connection.connection), params=None)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunPython(only_insert_and_select, migrations.RunPython.noop),
    ]
