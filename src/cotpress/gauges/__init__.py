"""What a compression did to a text: one small function a figure, from an original and what is left of it.

The gauges are in `coherence`, `conclusions`, `content`, `form`, `grammar` and `reference`; the other modules read texts
for them.
"""

from cotpress.gauges.grammar import count_grammar_faults
from cotpress.gauges.measurement import measure_original, measure_text_pair
from cotpress.gauges.registry import GAUGES, Gauge, register_gauge
from cotpress.gauges.text_analysis import Statement, TextAnalysis, analyze_text
from cotpress.gauges.text_pair import KeptStatement, TextPair

__all__ = [
    "GAUGES",
    "Gauge",
    "KeptStatement",
    "Statement",
    "TextAnalysis",
    "TextPair",
    "analyze_text",
    "count_grammar_faults",
    "measure_original",
    "measure_text_pair",
    "register_gauge",
]
