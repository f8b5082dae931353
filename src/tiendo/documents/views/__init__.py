"""The pages of the register: texts and their places, new entries, relations."""
