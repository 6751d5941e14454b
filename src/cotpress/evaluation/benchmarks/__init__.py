"""Benchmarks as problems: what a student is asked, and the answer that counts as right.

A new benchmark is one function that reads a row, and one entry in `registry.py`.
"""

from cotpress.evaluation.benchmarks.item import Benchmark, BenchmarkItem, HubDataset
from cotpress.evaluation.benchmarks.loader import load_benchmark
from cotpress.evaluation.benchmarks.prompts import INSTRUCTIONS
from cotpress.evaluation.benchmarks.registry import BENCHMARKS

__all__ = ["BENCHMARKS", "INSTRUCTIONS", "Benchmark", "BenchmarkItem", "HubDataset", "load_benchmark"]
