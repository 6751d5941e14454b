"""What makes a level true: checks with a verdict and a reason, and figures of what a rewrite did."""

from cotpress.checks.draft import Draft

__all__ = ["Draft"]
