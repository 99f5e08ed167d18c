"""`milepost invite`: customers who came on a tape get their invitations, by e-mail or, without one, by letter."""

import click

from milepost.cli import setup


@click.command()
@click.argument("agreements", nargs=-1)
@click.option("--everyone", is_flag=True, help="Everybody who has not joined and can be reached.")
def command(agreements: tuple[str, ...], everyone: bool) -> None:
    """Invite the customers of these agreements (or everybody) to online access.

    An invitation ends earlier ones; somebody who has joined gets none. Needs `milepost worker`, which sends.
    """
    if everyone == bool(agreements):
        raise click.UsageError("Name agreements by their numbers, or say --everyone.")
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.plumbing.errors import Refusal
    from milepost.servicing.agreements import queries
    from milepost.servicing.customers import queries as customers
    from milepost.servicing.identity import operations

    people = queries.users_to_invite(None if everyone else agreements)
    invited, refused = 0, 0
    with click.progressbar(people, label="Inviting") as bar:
        for user_id in bar:
            try:
                operations.invite(
                    user_id=user_id,
                    letter_to=customers.postal_address(user_id),
                    at=clock.now(),
                    actor=Actor.system("invite"),
                )
                invited += 1
            except Refusal:
                refused += 1
    click.echo(f"{invited} invited; {refused} have joined already or cannot be reached.")
    if not people:
        raise click.ClickException("No such agreement, or nobody in it who has not joined.")
