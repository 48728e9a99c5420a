"""Containers: what stands between the opening and the closing tag is rendered in the page's own context."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.template import Context, TemplateSyntaxError
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext

from vecu.core import once
from vecu.core.templatetags.ui.leaves import VARIANTS, draw
from vecu.core.templatetags.ui.registry import TONES, format_html, library, one_of
from vecu.core.templatetags.ui.stencils import Hole

METHODS = ("post", "get")
TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'  # noqa: S105  (a hidden field, not a secret)
FORM_STYLES = ("stacked", "inline", "bare")
FACT_STYLES = ("grid", "rows")
ALERT_ICONS = {
    "plain": "info",
    "prune": "info",
    "sauge": "circle-check",
    "mirabelle": "circle-alert",
    "alert": "triangle-alert",
}


@library.simple_block_tag(takes_context=True)
def form(
    context: Context,
    content: SafeString,
    action: str = "",
    method: str = "post",
    target: str = "",
    multipart: bool = False,
    style: str = "stacked",
    id: str = "",
    label: str = "",
    token: Hole | None = None,
) -> SafeString:
    """A real form, which writes its own CSRF token and the key that makes a second click harmless.

    `token` is its place in a stencil, for the forms of the frame, which may be sent twice (signing out, language).
    `target` lets htmx post it and replace that element; the form works the same without JavaScript.
    """
    one_of("form", "method", method, METHODS)
    one_of("form", "style", style, FORM_STYLES)
    request = context.get("request")
    action = action or (request.get_full_path() if request else "")
    attrs = {
        "class": f"form form-{style}" if style != "stacked" else "form",
        "id": id,
        "aria-label": label,
        "action": action,
        "method": method,
    }
    if multipart:
        attrs["enctype"] = "multipart/form-data"
    if target:
        attrs |= {f"hx-{method}": action, "hx-target": target, "hx-swap": "outerHTML"}
    hidden: SafeString | str = ""
    if token is not None:
        hidden = format_html(TOKEN, token)
    elif method == "post":
        hidden = hidden_keys(request)
    return format_html("<form{} novalidate>{}{}</form>", attributes(attrs), hidden, content)


@library.simple_block_tag
def card(
    content: SafeString,
    title: str = "",
    tone: str = "plain",
    id: str = "",
    level: int = 2,
    icon: str = "",
    aside: str = "",
) -> SafeString:
    """A block of the page. With a title it is a section named by it; `aside` stands at the end of the title's line."""
    one_of("card", "tone", tone, TONES)
    css = "card" if tone == "plain" else f"card card-{tone}"
    if not title:
        return format_html("<div{}>{}</div>", attributes({"class": css, "id": id}), content)
    name = f"{id or id_from('card', title)}-title"
    head = format_html(
        '<div class="card-head"><h{} id="{}">{}{}</h{}>{}</div>',
        level,
        name,
        format_html("{} ", draw(icon)) if icon else "",
        title,
        level,
        format_html('<span class="muted small">{}</span>', aside) if aside else "",
    )
    attrs = attributes({"class": css, "id": id, "aria-labelledby": name})
    return format_html("<section{}>{}{}</section>", attrs, head, content)


@library.simple_block_tag
def alert(content: SafeString, tone: str = "prune", title: str = "", icon: str = "", role: str = "") -> SafeString:
    """Something to know here and now. `role="status"` or `role="alert"` only when it appears after a gesture."""
    one_of("alert", "tone", tone, TONES)
    one_of("alert", "role", role, ("", "status", "alert"))
    head = format_html('<strong class="alert-title">{}</strong>', title) if title else ""
    return format_html(
        "<div{}>{}<div>{}{}</div></div>",
        attributes({"class": f"alert alert-{tone}", "role": role}),
        draw(icon or ALERT_ICONS[tone]),
        head,
        content,
    )


@library.simple_block_tag
def dialog(
    content: SafeString,
    label: str,
    variant: str = "secondary",
    title: str = "",
    icon: str = "",
    size: str = "",
    id: str = "",
) -> SafeString:
    """A question folded behind its button: it opens in place, without JavaScript; Escape folds it again."""
    one_of("dialog", "variant", variant, VARIANTS)
    one_of("dialog", "size", size, ("", "small"))
    css = "btn" + (f" btn-{variant}" if variant != "primary" else "") + (f" btn-{size}" if size else "")
    heading = format_html("<h3>{}</h3>", title) if title else ""
    return format_html(
        '<details{} data-vecu-fold><summary class="{}">{}<span>{}</span></summary><div>{}{}</div></details>',
        attributes({"class": "ask-first", "id": id}),
        css,
        draw(icon),
        label,
        heading,
        content,
    )


@library.simple_block_tag
def more(content: SafeString, label: str, open: bool = False) -> SafeString:
    """Details most readers do not need at once."""
    return format_html(
        '<details class="more"{}><summary>{}<span>{}</span></summary>{}</details>',
        mark_safe(" open") if open else "",
        draw("chevron-right"),
        label,
        content,
    )


@library.simple_block_tag
def table(
    content: SafeString, caption: str, hide_caption: bool = False, keep: bool = False, id: str = ""
) -> SafeString:
    """A table with its caption. On a phone each row becomes a card: give each <td> its `data-label`.

    `keep` leaves it a table on phones (figures to compare), in a box that scrolls and takes the focus.
    """
    name = f"{id or id_from('table', caption)}-caption"
    region = attributes(
        {"class": "table-scroll", "role": "region", "aria-labelledby": name, "tabindex": "0" if keep else ""}
    )
    return format_html(
        '<div{}><table{}><caption id="{}"{}>{}</caption>{}</table></div>',
        region,
        attributes({"class": "table table-keep" if keep else "table", "id": id}),
        name,
        mark_safe(' class="sr"') if hide_caption else "",
        caption,
        content,
    )


@library.simple_block_tag
def facts(content: SafeString, style: str = "grid") -> SafeString:
    """A list of names and values, made of {% fact %}: side by side (`grid`) or one under the other (`rows`)."""
    one_of("facts", "style", style, FACT_STYLES)
    css = "facts facts-rows" if style == "rows" else "facts"
    return format_html('<dl class="{}">{}</dl>', css, content)


@library.simple_block_tag
def fact(content: SafeString, label: str) -> SafeString:
    """One line of {% facts %}; an empty value says so instead of leaving a hole."""
    value = content if content.strip() else format_html('<span class="muted">{}</span>', gettext("Not stated"))
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, value)


@library.simple_block_tag
def toolbar(content: SafeString, label: str) -> SafeString:
    """The commands and filters of a list, above it."""
    return format_html('<div class="toolbar" role="group" aria-label="{}">{}</div>', label, content)


def hidden_keys(request: Any) -> SafeString:
    if request is None:
        raise TemplateSyntaxError(
            "{% form %} needs the request in its context: render with render(), or include without `only`"
        )
    return format_html(f'{TOKEN}<input type="hidden" name="_once" value="{{}}">', token_of(request), once.new_key())


def token_of(request: Any) -> str:
    """The CSRF token of a page: drawn once for all its forms, and anew when signing in changed the secret."""
    secret, token = getattr(request, "page_token", ("", ""))
    if not token or request.META.get("CSRF_COOKIE") != secret:
        token = get_token(request)
        request.page_token = (request.META["CSRF_COOKIE"], token)
    return token


def attributes(pairs: dict[str, str]) -> SafeString:
    return mark_safe("".join(f' {name}="{escape(value)}"' for name, value in pairs.items() if value))  # noqa: S308 escaped


def id_from(prefix: str, title: str) -> str:
    """The same page gives the same ids; two equal titles on one page need an explicit `id`."""
    return f"{prefix}-{slugify(title)[:40]}"
