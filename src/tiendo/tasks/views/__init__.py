"""Pages of the room: the list, a task, and one short story for each act."""
