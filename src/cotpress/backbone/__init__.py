"""Which steps of a trace the answer rests on, without a model."""

from cotpress.backbone.ranking import Backbone, BackboneParameters, find_backbone

__all__ = ["Backbone", "BackboneParameters", "find_backbone"]
