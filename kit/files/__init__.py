"""From the bytes of a file that a clerk exports to records of cells, or to rejects with place and reason.

Nothing here knows what the records are about. `source` finds the files, `formats` tells them apart, `rows` reads
one, `rejects` writes what couldn't be taken in. A service says which columns it knows (`columns`), and makes facts of
the cells. Inside: `column_map` and `layout` judge a header; `encoding` and `records` cut CSV into records, `workbook`,
`merges` and `sheet` do it with .xlsx, `json_lines` with JSON lines.
"""
