"""Measure a ranker on a folder of real data, by protocols that any implementation can follow."""

from recommender.benchmark.measure import DEFAULT, NAMES, Asked, Measured, benchmark, measure

__all__ = ["DEFAULT", "NAMES", "Asked", "Measured", "benchmark", "measure"]
