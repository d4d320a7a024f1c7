"""From the bytes of a register's file to facts, or to rejects with place and reason. No database, no broker.

`source` finds the files, `formats` tells them apart, `reader` reads one, `rejects` writes what couldn't be taken in.
Inside: `column_map` and `layout` judge a header; `encoding` and `records` cut CSV into records, `workbook`, `merges`
and `sheet` do it with .xlsx, `json_lines` with JSON lines; `rows` turns a record into facts.
"""
