"""From scores to a list that a business can use."""

from recommender.policy.recommender import POLICY_VERSION, Asked, ModelInfo, Recommender

__all__ = ["POLICY_VERSION", "Asked", "ModelInfo", "Recommender"]
