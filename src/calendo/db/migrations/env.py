"""
Alembic's way in: runs the migrations on the connection that ``schema.migrate`` hands over.
"""

from alembic import context

from calendo.db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
