"""What people do in threads, and how they are told that something awaits them."""

from vecu.messaging.actions.lines import Line, lines_around, report_message, reported_image
from vecu.messaging.actions.messages import mark_read, send_message
from vecu.messaging.actions.notices import forget_old_notices, put_away, read_notice, read_notices_about, tell
from vecu.messaging.actions.seats import show_first_name, show_reading
from vecu.messaging.actions.threads import block, close_thread, erase_due, leave, open_thread

__all__ = [
    "Line",
    "block",
    "close_thread",
    "erase_due",
    "forget_old_notices",
    "leave",
    "lines_around",
    "mark_read",
    "open_thread",
    "put_away",
    "read_notice",
    "read_notices_about",
    "report_message",
    "reported_image",
    "send_message",
    "show_first_name",
    "show_reading",
    "tell",
]
