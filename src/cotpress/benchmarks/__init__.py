"""Benchmarks as problems: what a student is asked, and the answer that counts as right.

A new benchmark is one function that reads a row, and one entry in `registry.py`.
"""

from cotpress.benchmarks.asking import INSTRUCTIONS
from cotpress.benchmarks.item import Benchmark, Hub, Item
from cotpress.benchmarks.loading import load_benchmark
from cotpress.benchmarks.registry import BENCHMARKS

__all__ = ["BENCHMARKS", "INSTRUCTIONS", "Benchmark", "Hub", "Item", "load_benchmark"]
