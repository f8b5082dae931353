"""What may be wrong with an installation: each check is a small question with a finding, in plain words."""
