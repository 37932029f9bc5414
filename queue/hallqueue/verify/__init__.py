"""``hall verify``: proves the chain, the numbering and every table against an independent fold."""

from hallqueue.verify.proof import VerifyReport, verify

__all__ = ["VerifyReport", "verify"]
