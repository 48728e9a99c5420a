"""Writes docs/reference/threats.md (make docs)."""

from tests.threats.table import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
print(PAGE)
