"""What `milepost` can do: name, module, one line of help. In the order a newcomer meets them."""

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "A lender with invented customers on this machine, to look at."),
    "test": ("test", "Everything the tests need, then all of them."),
    "check": ("check", "Lint, types, import contracts, migrations, templates, house rules."),
    "tour": ("tour", "Screenshots of every page as each of the demo's people."),
    "bench": ("bench", "Measure one figure, as a ratio within one run."),
    "import": ("import_book", "Take in a whole book from a tape."),
    "generate-book": ("generate_book", "Write an invented book of any size in Milepost's own format."),
    "calculate": ("calculate", "Schedules, APRs, settlements and clocks: JSON Lines in, answers out."),
    "load-sort-codes": ("load_sort_codes", "Load the weight table that bank accounts are checked with."),
    "ledger": ("ledger", "Prove the ledger: every balance, and every break."),
    "serve": ("serve", "Serve the site with the production server."),
    "worker": ("worker", "Run the queue's jobs."),
    "migrate": ("migrate", "Bring the database to this version, as the owner of its tables."),
    "invite": ("invite", "Invite customers to online access, by e-mail or letter."),
    "open-day": ("open_day", "Open the installation's first business day."),
    "incident": ("incident", "Tell customers what is down, and what is planned: the service-status page."),
    "audit": ("audit", "Seal the log of what was done, and prove that nobody has changed it."),
    "manage": ("manage", "Pass a command through to Django."),
}
