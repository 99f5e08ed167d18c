"""Getting in, and what machines ask. allauth's own list is not included: each address is ours, by its own name."""

from django.urls import path

from milepost.web.shared.entry import (
    forgot_password,
    health,
    invitation,
    invitation_start,
    sign_in,
    sign_in_code,
    sign_in_locked,
    sign_out,
    status,
)

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/code/", sign_in_code.sign_in_code, name="sign_in_code"),
    path("sign-in/another-way/", sign_in_code.another_way, name="sign_in_another_way"),
    path("sign-in/locked/", sign_in_locked.sign_in_locked, name="sign_in_locked"),
    path("sign-out/", sign_out.sign_out, name="account_logout"),
    path("signed-out/", sign_out.signed_out, name="signed_out"),
    path("forgot-password/", forgot_password.forgot_password, name="account_reset_password"),
    path("forgot-password/sent/", forgot_password.forgot_password_sent, name="forgot_password_sent"),
    path("forgot-password/done/", forgot_password.password_changed, name="password_changed"),
    path("forgot-user-name/", forgot_password.forgot_user_name, name="forgot_user_name"),
    path("reset/<str:token>/", forgot_password.reset_password, name="reset_password"),
    path("invitation/start/", invitation_start.invitation_start, name="invitation_start"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.invitation_link, name="invitation_link"),
    path("status/", status.status, name="status"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("favicon.ico", health.favicon, name="favicon"),
    path(".well-known/change-password", health.change_password, name="change_password"),
    path(".well-known/security.txt", health.security_txt, name="security_txt"),
]
