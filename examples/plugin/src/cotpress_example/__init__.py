"""A criterion, an export format and a benchmark for cotpress."""
