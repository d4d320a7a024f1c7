"""The column map of a register: which of a file's columns is which of ours, where the file names them otherwise."""

from typing import Final

from kit.files.column_map import ColumnMap
from services.registration.intake.columns import REGISTER

AS_NAMED: Final = ColumnMap(REGISTER)
"""The map of a file whose columns have our names."""
