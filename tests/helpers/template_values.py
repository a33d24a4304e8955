"""What templates are filled with, apart from what an attempt or a draft gives them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from workflows.core.people import Role
from workflows.core.places import Place, Places
from workflows.registry import WORKFLOWS

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PHONE = "13912345678"
NICE = f"3幢楼下的充电桩坏了，充不进电，我的电话是{PHONE}。"
NASTY = ('<&>"{{7*7}}' * 500)[:5000]
RESIDENT, FOLLOWER, HANDLER = 70001, 70002, 70003
PLACE = "友新街道/南环一/1网格/3幢"
GRID = "友新街道/南环一/1网格"
PLACES = Places({p: Place(path=p) for p in (PLACE, "友新街道/南环一/1网格", "友新街道/南环一")})


def plain_values(said: str) -> dict[str, dict[str, Any]]:
    """Of each message that is not an attempt's: just what the code gives it."""
    line = {
        "ticket": 1001, "state": "planned", "place": PLACE, "category": "", "urgent": True,
        "filed_at": NOW.isoformat(), "due": NOW.isoformat(),
    }  # fmt: skip
    step = {
        "action": "resolve", "actor": HANDLER, "at": NOW.isoformat(), "text": said,
        "is_resident": False, "checked": [said[:30]] * 4,
    }  # fmt: skip
    member = {
        "id": HANDLER, "name": said[:128], "on_duty": True, "away_until": None, "role": "lead",
        "place": PLACE, "is_reachable": False, "open": 12,
    }  # fmt: skip
    role = {"role": "pioneer", "place": PLACE}
    counted = ("filed", "excluded", "unheard", "paused", "pauses", "breached", "due", "in_time",
               "asked", "solved", "rated")  # fmt: skip
    rates = {"response": "97.5%", "resolution": "100%", "satisfaction": "0%"}
    month = dict.fromkeys(counted, 12345) | rates | {"since": NOW.isoformat()}
    beside = line | {"kind": "council", "state": "raised"}
    again = {"count": 2, "since": NOW.isoformat()}
    links = [
        {"number": 1002, "kind": "council", "is_cause": is_cause} for is_cause in (True, False)
    ]
    return {
        "done": {"action": "propose"},
        "emergency": {"kinds": ["fire", "gas"], "then": "submit"},
        "writing": {
            "asked": "form_resolve",
            "action": "resolve",
            "writer": said[:128],
            "doing": "propose",
        },
        "private": {"is_unlisted": True},
        "group_bound_residents": {"place": GRID, "when": {"weekday": 0, "time": "09:00"}},
        "weekly": {
            "place": GRID,
            "filed": 12,
            "on_time": 8,
            "late": 1,
            "closed": 7,
            "waiting": 5,
            "categories": [["电梯", 9], ["其他", 3]],
            "solved": [["电梯", GRID]] * 5,
        },
        "steps": {"steps": [step] * 40, "links": links},
        "text": {"text": said[:800]},
        "mine": {
            "held": [line | {"helps": True, "stands_for": said[:128]}] * 10,
            "brought": [line] * 10,
            "filter": "late",
            "total": 99,
        },
        "board": {
            "section": "overdue",
            "lines": [line | {"passed": 7e6, "over": ["plan", "inspect"]}] * 10,
            "first": 11,
            "total": 99,
        },
        "board_in_hand": {
            "lines": [{"name": said[:128], "presence": "off", "count": 8, "waited": 7e6, "late": 2}]
            * 10,
            "total": 99,
        },
        "board_of": {
            "name": said[:128],
            "total": 99,
            "lines": [line | {"over": ["plan", "inspect"]}] * 10,
        },
        "queue": {"first": 7, "total": 99, "done": "reject"},
        "figures": {"places": [PLACE, GRID, ""], "months": [month, month | {"response": ""}]},
        "morning": {
            "late": [line] * 10,
            "today": [line] * 10,
            "waiting": [line | {"whom": w} for w in ("resident", "lead", "committee")] * 3,
            "asks": [line] * 10,
            "objections": [line] * 10,
            "more": [],
            "counts": {"late": 12, "today": 10, "waiting": 99, "asks": 11, "objections": 11},
        },
        "around": {"blocks": [{"kind": "council", "lines": [beside] * 5}], "more": True},
        "glossary": {"asked": said[:60]},
        "found": {"said": said[:40], "lines": [line] * 19, "most": 20, "looked_at": 5000},
        "roster": {"members": [member, member | {"place": "", "role": "admin"}] * 60},
        "duty": {
            "on_duty": True,
            "away_until": NOW.isoformat(),
            "stand_in": said[:128],
            "absent": [said[:128]] * 20,
            "is_handler": True,
            "categories": ["电梯"] * 12,
        },
        "leave_until": {"name": said[:128]},
        "leave_who": {"until": NOW.isoformat(), "name": said[:128]},
        "leave_set": {"until": NOW.isoformat(), "name": said[:128], "stand_in": said[:128]},
        "leave_over": {"name": said[:128]},
        "stand_in": {"until": NOW.isoformat(), "name": said[:128], "count": 3},
        "stand_in_over": {"name": said[:128]},
        "skills": {"name": said[:128], "categories": ["电梯"] * 12},
        "member": {
            "name": said[:128],
            "on_duty": True,
            "is_reachable": False,
            "open": 3,
            "stand_in": said[:128],
            "roles": [role | {"categories": ["电梯"] * 12}] * 20,
            "away_until": NOW.isoformat(),
        },
        "move_which": {"name": said[:128]},
        "move_where": {"name": said[:128], "role": "pioneer"},
        "member_moved": role | {"name": said[:128], "passed_on": 2},
        "moved_you": role,
        "join_waiting": {"place": PLACE},
        "join_sent": {"place": PLACE},
        "join_asked": {"name": said[:128], "place": PLACE},
        "join_decided": {"name": said[:128], "place": PLACE, "is_granted": True},
        "join_refused": role,
        "refused_decided": {"name": said[:12], "is_granted": False},
        "audit": {
            "number": 1001,
            "first": 11,
            "total": 99,
            "lines": [
                {"at": NOW.isoformat(), "name": said[:128], "role": "lead", "kind": kind, "what": w}
                for kind, w in (("look", "card"), ("step", "accept"))
            ]
            * 5,
        },
        "welcome": {"station": "南环东民情站"},
        "welcome_staff": {"station": ""},
        "help_staff": {"roles": [str(r) for r in Role], "rooms": [w.kind for w in WORKFLOWS]},
        "joined": role,
        "joined_staff": role | {"name": said[:128]},
        "invite_place": {"role": "lead"},
        "invitation": role | {"payload": "iv_" + "x" * 32},
        "remove_sure": {"name": said[:128]},
        "removed": {"name": said[:128], "passed_on": 2},
        "group_bound": {"place": "友新街道/南环一/1网格"},
        "alert_timer": again | {"about": 1001, "error": said},
        "alert_hook": again | {"error": said},
        "alert_failed": again | {"update_id": 7, "error": said},
        "alert_template": again | {"faults": [["accepted.html", said]] * 9},
        "alert_unreadable": again
        | {"total": 7, "rows": [["ticket", 1001, said[:80]], ["person", 1, "odd"]]},
        "alert_dead": again | {"outbox": 7, "error": said},
        "alert_conflict": again,
        "alert_holidays": again | {"years": [2027, 2028]},
        "alert_backup": again | {"error": said},
        "waiting": {"count": 12, "shown": 5},
        "refused_anonymous": {"command": "unbind"},
        "unattended": {"about": 1001},
        "alert_nobody": again | {"place": GRID},
        "alert_gap": again | {"seconds": 90000.0, "start": NOW.isoformat(), "end": NOW.isoformat()},
        "refused_taken": {"handler": HANDLER, "about": 1001, "name": said[:128]},
        "refused_offered": {"handler": HANDLER, "about": 1001, "name": said[:128]},
        "removed_you": {"roles": ["pioneer", "lead"]},
        "refused_forget_open": {"count": 3},
        "refused_forget_going": {"about": 1001},
        "refused_now": {"about": 1001, "state": "resolved"},
        "refused_nudge": {"about": 1001},
        "refused_filed": {"about": 1001},
        "unfollowed": {"about": 1001},
        "handed_on": {"about": 1001},
        "handed_over": {"about": 1001},
        "refused_reply": {"about": 1001},
        "hearing_photo": {"about": 1001},
        "hearing_left_out": {"text": "已经好了，不用来了"},
        "received": {
            "about": 1001,
            "place": GRID,
            "actor": HANDLER,
            "is_corrected": False,
            "handler": None,
            "to": HANDLER,
            "is_called": False,
        },
        "edit_place": {"place": PLACE, "before": GRID},
        "alike": {"about": 1001, "chosen": 2, "lines": [line | {"text": said[:31]}] * 20},
        "alike_done": {"action": "merge", "done": 3, "refused": [line | {"name": said[:128]}] * 5},
        "attend_list": {
            "kind": "activities",
            "mode": "came",
            "came": 3,
            "crew": 1,
            "items": [{"what": said[:40], "given": 2, "total": 120}] * 3,
        },
        "attend_code": {"code": "1234 5678", "payload": "at_1001-12345678"},
        "attend_my_code": {"code": "1234 5678", "payload": "at_1001-12345678"},
        "attend_here": {"name": said[:20]},
        "entrusted": {"payload": "to_" + "x" * 32, "number": "100-19"},
    }
