"""Alembic's entry for the gateway. The builds of the read model are made by `gateway.read_model`."""

from sqlalchemy import MetaData

from kit.migration_environment import run

run(MetaData())
