"""From scores to a list that a business can use."""

from recommender.policy.exploration import GREEDY, Exploration
from recommender.policy.recommender import POLICY_VERSION, Answer, Asked, ModelInfo, Recommender

__all__ = [
    "GREEDY",
    "POLICY_VERSION",
    "Answer",
    "Asked",
    "Exploration",
    "ModelInfo",
    "Recommender",
]
