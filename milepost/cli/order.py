"""What `milepost` can do: name, module, one line of help. In the order a newcomer meets them."""

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "A lender with invented customers on this machine, to look at."),
    "test": ("test", "Everything the tests need, then all of them."),
    "check": ("check", "Lint, types, import contracts, migrations, templates, house rules."),
    "tour": ("tour", "Screenshots of every page as each of the demo's people."),
    "bench": ("bench", "Measure one figure, as a ratio within one run."),
    "import": ("import_book", "Take in a whole book from a tape."),
    "generate-book": ("generate_book", "Write an invented book of any size in Milepost's own format."),
    "serve": ("serve", "Serve the site with the production server."),
    "worker": ("worker", "Run the queue's jobs."),
    "migrate": ("migrate", "Bring the database to this version, as the owner of its tables."),
    "invite": ("invite", "Invite customers to online access, by e-mail or letter."),
    "open-day": ("open_day", "Open the installation's first business day."),
    "manage": ("manage", "Pass a command through to Django."),
}
