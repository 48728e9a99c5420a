"""The verbs of missions."""

from vecu.missions.actions.answers import answer_mission, ask_peers, leave_mission, withdraw_peer
from vecu.missions.actions.days import follow_day
from vecu.missions.actions.doors import find_door, open_door, set_door
from vecu.missions.actions.endings import cancel_day, cancel_mission, close_mission, end_past, settle_mission
from vecu.missions.actions.missions import erase_missions, receive_mission

__all__ = [
    "answer_mission",
    "ask_peers",
    "cancel_day",
    "cancel_mission",
    "close_mission",
    "end_past",
    "erase_missions",
    "find_door",
    "follow_day",
    "leave_mission",
    "open_door",
    "receive_mission",
    "set_door",
    "settle_mission",
    "withdraw_peer",
]
