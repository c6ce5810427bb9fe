"""Parameters as scikit-learn's `clone`, searches and pipelines expect them, without importing it.

scikit-learn imports `scipy.stats`: 0.7 s in each process of the service, which needs none of it.
"""

import inspect
from typing import Any, Self


class Estimator:
    """Parameters are given to `__init__`, kept under their names, and never changed by fitting."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters given to `__init__`, by name.

        Args:
            deep: Here for scikit-learn; no parameter is an estimator itself.
        """
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self, **parameters: Any) -> Self:
        """Set some of the parameters.

        Raises:
            ValueError: If one of them is not known.
        """
        known = self._parameters()
        for name, value in parameters.items():
            if name not in known:
                expected = ", ".join(known) or "none"
                raise ValueError(
                    f"{type(self).__name__} has no parameter {name}: it has {expected}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        told = (f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({', '.join(told)})"

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import Tags, TargetTags

        return Tags(estimator_type=None, target_tags=TargetTags(required=False))

    @classmethod
    def _parameters(cls) -> list[str]:
        if cls.__init__ is object.__init__:
            return []
        return sorted(set(inspect.signature(cls.__init__).parameters) - {"self"})
