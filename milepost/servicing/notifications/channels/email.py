"""E-mail, through whatever settings.EMAIL_BACKEND names."""

from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives

from milepost.plumbing import lender
from milepost.plumbing.errors import Unavailable
from milepost.servicing.notifications.channels import Message


def send(message: Message) -> None:
    """Hand one e-mail to the mail server, text and HTML."""
    mail = EmailMultiAlternatives(
        subject=message.subject, body=message.text, from_email=lender.current().contact.sender, to=[message.to]
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise ValueError("The mail server refuses this address") from error
    except (SMTPException, OSError) as error:
        raise Unavailable(f"The mail server: {type(error).__name__}") from error
