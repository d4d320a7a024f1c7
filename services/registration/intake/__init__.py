"""From the records of a register's file (`kit.files`) to facts, or to rejects. No database, no broker.

`columns` says which columns a register has, `reader` reads a file of it, `rows` turns a record into facts.
"""
