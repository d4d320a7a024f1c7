"""The rules that several services go by, as data: each with its first day and where it is written."""
