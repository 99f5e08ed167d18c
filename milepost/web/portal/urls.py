"""The site map. Addresses are a promise: customers bookmark them and letters print them."""

from django.urls import path

from milepost.web.portal.pages import (
    agreement,
    balance,
    confirm_change,
    home,
    information,
    overview,
    payments,
    schedule,
    second_steps,
    security,
    security_activity,
    security_devices,
    security_password,
    settlement,
    settlement_quote,
    which_agreement,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", information.help_index, name="help"),
    path("help/signing-in/", information.help_signing_in, name="help_signing_in"),
    path("contact/", information.contact, name="contact"),
    path("scams/", information.scams, name="scams"),
    path("money-worries/", information.money_worries, name="money_worries"),
    path("complaints/", information.complaints, name="complaints"),
    path("accessibility/", information.accessibility, name="accessibility"),
    path("privacy/", information.privacy, name="privacy"),
    path("cookies/", information.cookies, name="cookies"),
    path("overview/", overview.overview, name="overview"),
    path("agreements/<str:reference>/", agreement.agreement, name="agreement"),
    path("agreements/<str:reference>/schedule/", schedule.schedule, name="schedule"),
    path("agreements/<str:reference>/balance/", balance.balance, name="balance"),
    path("agreements/<str:reference>/payments/", payments.payments, name="payments"),
    path("agreements/<str:reference>/payments/<str:payment_reference>/", payments.payment, name="payment"),
    path("agreements/<str:reference>/settlement/", settlement.settlement, name="settlement"),
    path(
        "agreements/<str:reference>/settlement/<str:quote_reference>/",
        settlement_quote.settlement_quote,
        name="settlement_quote",
    ),
    path("security/", security.security, name="security"),
    path("security/password/", security_password.security_password, name="security_password"),
    path("security/devices/", security_devices.security_devices, name="security_devices"),
    path("security/activity/", security_activity.security_activity, name="security_activity"),
    path("security/second-steps/", second_steps.second_steps, name="second_steps"),
    path("security/second-steps/confirm/", confirm_change.confirm_change, name="confirm_change"),
    # Short addresses, for letters and memory: they lead to the only agreement, or ask which.
    path("agreement/", which_agreement.which_agreement, {"page": "agreement"}, name="my_agreement"),
    path("schedule/", which_agreement.which_agreement, {"page": "schedule"}, name="my_schedule"),
    path("payments/", which_agreement.which_agreement, {"page": "payments"}, name="my_payments"),
    path("settlement/", which_agreement.which_agreement, {"page": "settlement"}, name="my_settlement"),
]
