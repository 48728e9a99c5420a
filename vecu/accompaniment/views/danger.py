"""« En cas de danger », beside a request: what one seals without an account. With one, it is in « Mes données »."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import requests
from vecu.accompaniment.views.follow import followed_or_sent
from vecu.core.access import public
from vecu.core.http import redirect, show_form
from vecu.safeguarding.actions import sealed
from vecu.safeguarding.forms import SealedContactForm


@public
def ask_danger(request: HttpRequest) -> HttpResponse:
    """Seal whom to reach, or erase it. Public: needs a request sent or a code typed a moment ago; what was sealed
    before is never shown here, and whoever has an account signs in."""
    found = followed_or_sent(request)
    if found is None or found.person is None:
        messages.info(request, _("Type your code again: the page stayed open for too long."))
        return redirect(request, "ask_follow")
    if found.person.user_id is not None:
        return redirect(request, "sealed_contact")
    if "erase" in request.POST:
        sealed.erase_contact(found.person, actor=requests.holder(found))
        messages.success(request, _("It is erased: nothing of it is kept."))
        return redirect(request, "ask_follow")
    form = SealedContactForm(request.POST or None)
    if form.is_valid():
        sealed.write_contact(found.person, actor=requests.holder(found), **form.cleaned_data)
        messages.success(request, _("It is sealed. With your code, you can write it again or erase it."))
        return redirect(request, "ask_follow")
    return show_form(request, "accompaniment/ask_danger.html", form)
