"""The append-only record of every act, and what proves it."""

from tiendo.ledger.proof import root_of

__all__ = ["root_of"]
