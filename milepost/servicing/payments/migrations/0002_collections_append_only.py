"""What was asked of the bank is never changed: paid is a transfer, unpaid an exception row."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

SQL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON payments_collection
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON payments_collection
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def only_insert_and_select(apps, schema_editor):
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON payments_collection FROM {}").format(app)
    schema_editor.execute(statement.as_string(schema_editor.connection.connection), params=None)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunPython(only_insert_and_select, migrations.RunPython.noop),
    ]
