"""The closed loop in a simulated world: serve, observe, retrain, while tastes drift."""

from recommender.closed_loop.arms import ARMS, Arm
from recommender.closed_loop.loop import LoopSettings, run_seed
from recommender.closed_loop.outcome import draw, summary

__all__ = ["ARMS", "Arm", "LoopSettings", "draw", "run_seed", "summary"]
