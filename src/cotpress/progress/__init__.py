"""What a long run tells whoever watches it, and how that is shown on a terminal, in a notebook and in a log."""

from cotpress.progress.protocol import Progress, Silent, track

__all__ = ["Progress", "Silent", "track"]
