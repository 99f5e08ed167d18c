"""A settlement quote and the steps of its life are only ever added."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

TABLES = ("agreements_settlementquote", "agreements_settlementquotemove")
SQL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def only_insert_and_select(apps, schema_editor):
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    for table in TABLES:
        statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), app)
        schema_editor.execute(statement.as_string(schema_editor.connection.connection), params=None)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_settlement_quotes"), ("audit", "0001_initial")]
    operations = [
        migrations.RunSQL([SQL.format(table=table) for table in TABLES], migrations.RunSQL.noop),
        migrations.RunPython(only_insert_and_select, migrations.RunPython.noop),
    ]
