"""From the bytes of a register's file to facts, or to rejects with place and reason. No database, no broker.

`source` finds the files, `reader` reads one, `rejects` writes what couldn't be taken in. Inside: `encoding` and
`columns` judge the header, `records` cuts bytes into records, `rows` turns a record into facts.
"""
