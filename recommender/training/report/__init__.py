"""The report of a model: one page that opens without a network."""

from recommender.training.report.examples import Example, examples
from recommender.training.report.page import render_report

__all__ = ["Example", "examples", "render_report"]
