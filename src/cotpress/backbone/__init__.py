"""Which steps of a trace the answer rests on, without a model."""

from cotpress.backbone.ranking import NEED_ALONE, Backbone, BackboneParameters, find_backbone

__all__ = ["NEED_ALONE", "Backbone", "BackboneParameters", "find_backbone"]
