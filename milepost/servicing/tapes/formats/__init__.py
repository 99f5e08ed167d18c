"""What other systems write: a TOML file a format says which column feeds which of our fields, and how to read it.

`values` reads a cell, `mapping` a whole format, `source` opens a file, `tables` and `elements` give its rows.
"""
