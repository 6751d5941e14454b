"""The published findings with the tests that give a verdict on each, in files by subject.

Findings are of "When Compression Helps and When It Hurts", arXiv 2606.21704; one is of arXiv 2607.28707.
"""

from cotpress.analysis.verdicts.registry import VERDICTS, FindingTest, StudyMeasurements, judge_findings

__all__ = ["VERDICTS", "FindingTest", "StudyMeasurements", "judge_findings"]
