"""Sentences of allauth that this site says in its own manner.

allauth brings translations of its own pages and messages. Some address the reader otherwise than the rest of the site
(German: du instead of Sie), some have slips. A message that stands here is gathered into our catalogues, which are
asked before allauth's.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Are you sure you want to sign out?"),
    _("Be patient, you are sending too many requests."),
    _("Please type your current password."),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("You are about to generate a new set of recovery codes for your account."),
    _("You have signed out."),
    _("You must type the same password each time."),
    _("Enter your password:"),
    _("Use a security key"),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Remember Me"),
    _("Sign In"),
    _("Sign Up"),
    _("Sign Out"),
)
