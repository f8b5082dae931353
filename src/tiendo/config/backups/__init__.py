"""A whole house in a folder: database, files, keys named or kept, and what must be found again after a restore."""
