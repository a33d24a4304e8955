"""The workflows of the house: the only list of them. A further one is added here."""

from __future__ import annotations

from workflows.activities.workflow import ACTIVITY_WORKFLOW
from workflows.council.workflow import COUNCIL_WORKFLOW
from workflows.desk.workflow import Workflows
from workflows.passbook.workflow import GIFT_WORKFLOW, SERVICE_WORKFLOW
from workflows.patrols.workflow import PATROL_WORKFLOWS
from workflows.petition.workflow import PETITION_WORKFLOW

WORKFLOWS = Workflows(
    PETITION_WORKFLOW, COUNCIL_WORKFLOW, *PATROL_WORKFLOWS, ACTIVITY_WORKFLOW, SERVICE_WORKFLOW,
    GIFT_WORKFLOW,
)  # fmt: skip
KINDS = WORKFLOWS.kinds
FIRST = WORKFLOWS.first.kind  # what names no workflow means it
CLOCKS = {workflow.kind: workflow.clocks for workflow in WORKFLOWS}  # as the config sets them
SETTINGS = {workflow.kind: workflow.settings for workflow in WORKFLOWS}
REPLY_KEYS = {workflow.kind: workflow.reply_keys for workflow in WORKFLOWS}
