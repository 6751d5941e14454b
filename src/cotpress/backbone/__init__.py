"""Which steps of a trace the answer rests on, without a model."""

from cotpress.backbone.links import StepLink, find_links
from cotpress.backbone.parameters import NEED_ALONE, BackboneParameters
from cotpress.backbone.ranking import Backbone, find_backbone

__all__ = ["NEED_ALONE", "Backbone", "BackboneParameters", "StepLink", "find_backbone", "find_links"]
