"""Which right the giving side needs: for a task beneath another it is the right to break that one down."""

from tiendo.tasks.models import Task


def giving(capability: str, task: Task) -> str:
    return capability if task.above_id is None else "tasks.assign"
