"""What a model says about each token of a trace, and where that is kept."""

from cotpress.signals.lm import LM
from cotpress.signals.saliency import Saliency
from cotpress.signals.sound import sound_scores
from cotpress.signals.stored import SignalStore, scored

__all__ = ["LM", "Saliency", "SignalStore", "scored", "sound_scores"]
