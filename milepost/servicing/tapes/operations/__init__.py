"""Taking in a whole book. `import_book` is the verb; the other modules are its parts.

`stage_rows` reads both files, `take_in_chunk` does one stretch at a time, planning each agreement by
`follow_balances` or `replay_terms` and writing it by `write_agreements` or `write_changes`; `reject_orphans`,
`write_rejects` and `write_report` close the books of the import.
"""
