"""The interface's components, as template tags (builtins: no `load` needed). The catalogue at /ui/ shows them all.

Leaves, one tag:
    {% icon "phone" %}                                        a Lucide icon of core/static/core/icons.txt
    {% button "Send" name="move" value="x" variant="danger" icon="send" size="small" about=person %}
    {% button "See the request" href=url variant="secondary" %}
    {% badge "Waiting" tone="mirabelle" icon="clock" %}
    {% verdict "yes" %}Limoges                                a sign and its word: yes, partly, no, unknown
    {% date day weekday=True year=False %}  {% datetime at %}  {% time at %}  {% ago moment %}
    {% field form.email autocomplete="off" large=True columns=True hint="…" one_of=True %}
    {% errors form %}                                         the list of what to mend, linked to each field
    {% steps 2 4 %}  {% pager rows %}  {% tabs items "Label" %}  {% empty "Title" "Text" href "Label" %}
    {% rows lines "area/_line.html" %}                        long lists: the template drawn once, filled for each
    {% stat value "Label" n=12 period="…" definition="…" definition_url=url %}
    {% head_links %}  {% header %}  {% help_lines %}  {% footer is_demo %}  {% duo %}  {% brand %}  {% leave %}  {% dom_id object %}
    <a href="{{ phone|tel }}">{{ phone }}</a>

Containers, with an end tag:
    {% form action target="#id" multipart=True style="inline" %}…{% endform %}
    {% card title="…" tone="plain" id="…" level=2 %}…{% endcard %}
    {% alert "sauge" "Title" %}…{% endalert %}
    {% dialog "Stop everything…" variant="danger" title="…" %}…{% enddialog %}   {% more "See the others" %}…{% endmore %}
    {% table "Caption" %}<thead>…</tbody>{% endtable %}
    {% facts %}{% fact "Label" %}…{% endfact %}{% endfacts %}
    {% toolbar "Label" %}…{% endtoolbar %}
"""

from vecu.core.templatetags.ui import containers, fields, frame, leaves, mending, pictures, places, stencils, words
from vecu.core.templatetags.ui.registry import library as register

__all__ = ["containers", "fields", "frame", "leaves", "mending", "pictures", "places", "register", "stencils", "words"]
