"""From the rows of a clerk's file of organisations or members to what they state, or to rejects. No database.

`columns` says which columns such files have, `statements` what a row states, `rows` reads a file by `cells`, and
`template` writes the workbook to fill in.
"""
