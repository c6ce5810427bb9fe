"""The services that are compared: one that learns, and two that lack something."""

from dataclasses import dataclass

from recommender.policy import Exploration


@dataclass(frozen=True)
class Arm:
    """A way of running the service.

    Attributes:
        name: Of the arm.
        retrains: Whether it learns from what it recorded after each round.
        exploration: How its lists explore.
    """

    name: str
    retrains: bool
    exploration: Exploration


SERVED = Exploration(share=1.0)
"""As the service explores unless it is told otherwise."""

ARMS = (
    Arm("learning", True, SERVED),
    Arm("no_exploration", True, Exploration(share=0.0)),
    Arm("no_retraining", False, SERVED),
)
