"""`{% translate %}` and `{% url %}` of what stands in the template: looked up once, then remembered.

A page has dozens of them, and Django asks for each of them anew as if it were a variable.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import get_urlconf
from django.utils.translation import get_language

from vecu.core.templatetags.ui.registry import library


class Address(Node):
    """The address of a page without a key, as Django's node gives it; none when there is no such page, with `as`."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self._node, self._name, self._found = node, node.asvar, dict[str, str]()

    def render(self, context: Context) -> str:
        urlconf = get_urlconf() or settings.ROOT_URLCONF
        if self._name is None:
            if urlconf not in self._found:
                self._found[urlconf] = self._node.render(context)
            return self._found[urlconf]
        if urlconf not in self._found:
            self._node.render(context)
            self._found[urlconf] = context[self._name]
        context[self._name] = self._found[urlconf]
        return ""


class Words(Node):
    """What Django's node says, for each language; `as name` puts it in the page, as there."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self._node, self._name, self._said = node, node.asvar, dict[str | None, str]()
        node.asvar = None

    def render(self, context: Context) -> str:
        language = get_language()
        words = self._said.get(language)
        if words is None:
            words = self._said[language] = self._node.render(context)
        if self._name is None:
            return words
        context[self._name] = words
        return ""


@library.tag("translate")
@library.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    node = do_translate(parser, token)
    return Words(node) if _is_constant(node) else node


@library.tag("url")
def url(parser: Parser, token: Token) -> Node:
    node: Any = django_url(parser, token)
    is_written = not node.view_name.is_var and not node.view_name.filters and ":" not in node.view_name.token
    return Address(node) if is_written and not node.args and not node.kwargs else node


def _is_constant(node: Any) -> bool:
    """Neither the words nor their context come from the page."""
    words, other = node.filter_expression, node.message_context
    is_written = getattr(words.var, "literal", None) is not None and not words.filters and not node.noop
    return is_written and (other is None or (not other.is_var and not other.filters))
