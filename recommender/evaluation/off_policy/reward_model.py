"""A plain reward model for the direct method and the doubly robust estimators."""

import numpy as np

from recommender.evaluation.off_policy.checks import Floats
from recommender.evaluation.off_policy.log import Log

FOLDS = 5


def predict_rewards(log: Log, n_actions: int, penalty: float = 10.0, seed: int = 0) -> Floats:
    """Predict the reward of each action in each record, from records of other folds only.

    Ridge regression on the action and, where the log has them, the contexts. Predictions for a
    record come from a model that saw neither it nor others of its recommendation (cross-fitting;
    Chernozhukov et al., Econometrics J. 2018): else estimates lean on what they should check.

    Args:
        log: What was shown and what came of it; at least two recommendations (records without).
        n_actions: Number of actions, more than the largest index in the log.
        penalty: In records: an action shown this often counts half, the mean reward half.
        seed: Seed of the folds.

    Returns:
        Expected reward, shape (n, n_actions), in the unit of the rewards.

    Raises:
        ValueError: If there are too few actions or records, or the penalty is not above 0.
    """
    units = log.units
    n_units = int(units.max()) + 1
    if n_units < 2:
        raise ValueError("log: expected at least two recommendations to learn and to predict")
    if n_actions <= log.actions.max():
        raise ValueError(f"n_actions: expected more than {log.actions.max()}, got {n_actions}")
    if not penalty > 0:
        raise ValueError(f"penalty: expected a number above 0, got {penalty}")
    fold = np.random.default_rng(seed).permutation(np.arange(n_units) % FOLDS)[units]
    contexts = np.zeros((len(log), 0)) if log.contexts is None else log.contexts
    predicted = np.empty((len(log), n_actions))
    for each in np.unique(fold):
        learn, ask = fold != each, fold == each
        mean, middle = log.rewards[learn].mean(), contexts[learn].mean(axis=0)
        shown = np.eye(n_actions)[log.actions[learn]]
        design = np.hstack([shown, contexts[learn] - middle])
        gram = design.T @ design + penalty * np.eye(design.shape[1])
        weights = np.linalg.solve(gram, design.T @ (log.rewards[learn] - mean))
        of_context = (contexts[ask] - middle) @ weights[n_actions:]
        predicted[ask] = mean + weights[:n_actions] + of_context[:, None]
    return predicted
