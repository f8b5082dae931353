"""Pages of the room: the tree and one unit, committees, and one short story for each act."""
