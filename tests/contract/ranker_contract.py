"""What holds of every ranker."""

import itertools
from collections.abc import Sequence
from typing import ClassVar

import joblib
import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone

from recommender.rankers import Ranker, Responses

N, FEATURES, PLATFORMS = 80, 11, 7
GROUPS = ((0, 1, 2), (3, 4, 5, 6))


def part(data, rows=slice(None), platforms=slice(None)):
    """The same data of some businesses and some platforms alone."""
    found = dict(data)
    for name, given in data.items():
        if name == "profiles":
            found[name] = given[rows]
        elif name == "responses":
            found[name] = Responses(*(matrix[rows][:, platforms] for matrix in given))
        else:
            found[name] = given[rows][:, platforms]
    return found


def shown_to_all(strength):
    """Responses where everybody has looked at everything."""
    return Responses(sparse.csr_array(np.ones((N, PLATFORMS))), sparse.csr_array(strength))


def matrices(given):
    """The matrices of what a ranker is fitted on."""
    for value in given.values():
        yield from value if isinstance(value, Responses) else (value,)


def columns(matrix, row):
    return np.flatnonzero(matrix[[row]].toarray()[0])


class RankerContract:
    """The tests.

    Attributes:
        ranker: The unfitted estimator.
        rows: Businesses that are asked about one by one; fewer where that takes its time.
        gain: By how much a platform that all take up scores higher, at least.
    """

    ranker: ClassVar[Ranker]
    rows: ClassVar[Sequence[int]] = range(40)
    gain: ClassVar[float] = 0.2

    @pytest.fixture(scope="class")
    @classmethod
    def fitted(cls, data):
        return clone(cls.ranker).fit(**data)

    def test_it_is_a_ranker(self, fitted):
        assert isinstance(self.ranker, Ranker)
        assert isinstance(fitted, Ranker)

    def test_fitting_returns_the_ranker_and_leaves_its_parameters_alone(self, everything):
        ranker = clone(self.ranker)
        before = ranker.get_params()
        assert ranker.fit(**everything) is ranker
        assert ranker.get_params() == before

    def test_a_clone_has_the_parameters_and_nothing_learned(self, fitted):
        copy = clone(fitted)
        assert copy.get_params() == fitted.get_params()
        assert not [name for name in vars(copy) if name.endswith("_")]

    def test_parameters_go_through_the_constructor(self):
        parameters = self.ranker.get_params()
        assert type(self.ranker)(**parameters).get_params() == parameters

    def test_the_same_data_gives_the_same_scores_to_the_bit(self, everything, asked):
        first, second = (clone(self.ranker).fit(**everything).score(*asked) for _ in range(2))
        assert np.array_equal(first, second)

    def test_fitting_again_forgets_what_was_learned_before(self, data, everything, asked):
        ranker = clone(self.ranker).fit(**part(everything, slice(30), slice(4)))
        assert np.array_equal(
            ranker.fit(**data).score(*asked), clone(self.ranker).fit(**data).score(*asked)
        )

    def test_where_nothing_was_shown_use_tells_what_is_taken_up(self, everything, asked):
        nothing = Responses(*2 * [sparse.csr_array((N, PLATFORMS))])
        found = clone(self.ranker).fit(**(everything | {"responses": nothing}))
        expected = clone(self.ranker).fit(everything["profiles"], everything["interactions"])
        assert np.array_equal(found.score(*asked), expected.score(*asked))

    def test_what_more_take_up_scores_higher(self, everything, asked):
        """All that were shown it, or none of them, whatever is taken up besides."""
        means = []
        for value in (0.0, 1.0):
            examined, strength = everything["responses"]
            strength = strength.toarray()
            strength[:, 2] = value * (examined.toarray()[:, 2] > 0)
            responses = Responses(examined, sparse.csr_array(strength))
            ranker = clone(self.ranker).fit(**(everything | {"responses": responses}))
            means.append(ranker.score(*asked)[:, 2].mean())
        assert means[1] > means[0] + self.gain

    def test_fitting_and_scoring_leave_their_input_alone(self, everything, asked):
        given = (*matrices(everything), *asked)
        before = [matrix.toarray() for matrix in given]
        clone(self.ranker).fit(**everything).score(*asked)
        for matrix, values in zip(given, before, strict=True):
            assert np.array_equal(matrix.toarray(), values)

    def test_scores_have_one_row_a_business_and_one_column_a_platform(self, fitted, asked):
        scores = fitted.score(*asked)
        assert scores.shape == (40, PLATFORMS)
        assert scores.dtype == np.float64
        assert np.isfinite(scores).all()

    def test_a_saved_ranker_scores_the_same(self, fitted, asked, tmp_path):
        joblib.dump(fitted, tmp_path / "ranker.joblib")
        loaded = joblib.load(tmp_path / "ranker.joblib")
        assert np.array_equal(loaded.score(*asked), fitted.score(*asked))

    def test_one_business_scores_as_it_does_in_a_batch(self, fitted, asked):
        profiles, history = asked
        batch = fitted.score(profiles, history)
        for row in self.rows:
            alone = fitted.score_one(columns(profiles, row), columns(history, row))
            assert alone.shape == (PLATFORMS,)
            assert alone == pytest.approx(batch[row], abs=1e-9)

    def test_the_order_of_businesses_does_not_matter(self, fitted, asked):
        profiles, history = asked
        backwards = np.arange(40)[::-1]
        scores = fitted.score(profiles[backwards], history[backwards])
        assert scores[backwards] == pytest.approx(fitted.score(*asked), abs=1e-12)

    def test_no_businesses_give_no_scores(self, fitted):
        nobody = sparse.csr_array((0, FEATURES)), sparse.csr_array((0, PLATFORMS))
        assert fitted.score(*nobody).shape == (0, PLATFORMS)

    def test_a_platform_is_no_evidence_for_itself(self, fitted, asked):
        """Of every business, whatever the number of the others that it uses."""
        some = (list(itertools.combinations(range(PLATFORMS), length))[::4] for length in range(6))
        histories = [*itertools.chain(*some)]
        history = np.zeros((len(histories), PLATFORMS))
        for row, used in enumerate(histories):
            history[row, list(used)] = 1
        profiles = sparse.vstack([asked[0][[0]]] * len(histories), format="csr")
        before = fitted.score(profiles, sparse.csr_array(history))
        for platform in range(PLATFORMS):
            with_it = history.copy()
            with_it[:, platform] = 1
            after = fitted.score(profiles, sparse.csr_array(with_it))
            assert after[:, platform] == pytest.approx(before[:, platform], abs=1e-9)

    def test_a_platform_is_no_evidence_for_itself_alone(self, fitted, asked):
        profile, nothing = columns(asked[0], 0), np.array([], dtype=np.intp)
        for platform in range(PLATFORMS):
            before = fitted.score_one(profile, nothing)[platform]
            after = fitted.score_one(profile, np.array([platform]))[platform]
            assert after == pytest.approx(before, abs=1e-9)

    def test_contributions_add_up_to_the_score(self, fitted, asked):
        profiles, history = asked
        for row in self.rows:
            profile, used = columns(profiles, row), columns(history, row)
            scores = fitted.score_one(profile, used)
            for platform in range(PLATFORMS):
                parts = fitted.contributions(profile, used, platform)
                assert parts.profile.shape == (FEATURES,)
                assert parts.history.shape == (PLATFORMS,)
                assert parts.total == pytest.approx(scores[platform], abs=1e-6)

    def test_an_unseen_profile_without_history_is_scored(self, fitted):
        nothing = np.array([], dtype=np.intp)
        assert np.isfinite(fitted.score_one(nothing, nothing)).all()
        assert np.isfinite(fitted.score_one(np.arange(FEATURES), np.arange(PLATFORMS))).all()

    @pytest.mark.parametrize(("n", "platforms"), [(1, PLATFORMS), (N, 1), (1, 1)])
    def test_one_business_or_one_platform_is_enough(self, data, asked, n, platforms):
        ranker = clone(self.ranker).fit(**part(data, slice(n), slice(platforms)))
        scores = ranker.score(asked[0], asked[1][:, :platforms])
        assert scores.shape == (40, platforms)
        assert np.isfinite(scores).all()

    @pytest.mark.parametrize("value", [0.0, 1.0], ids=["nobody", "everybody"])
    def test_what_nobody_or_everybody_does_is_scored(self, data, asked, value):
        alike = np.full((N, PLATFORMS), value)
        given = {"interactions": sparse.csr_array(alike), "responses": shown_to_all(alike)}
        for what in data.keys() - {"profiles"}:
            scores = clone(self.ranker).fit(**(data | {what: given[what]})).score(*asked)
            assert np.isfinite(scores).all()

    def test_profiles_that_are_all_alike_or_empty_are_learned_from(self, everything, asked):
        for profiles in (np.ones((N, FEATURES)), np.zeros((N, FEATURES))):
            alike = {"profiles": sparse.csr_array(profiles)}
            ranker = clone(self.ranker).fit(**(everything | alike))
            assert np.isfinite(ranker.score(*asked)).all()

    def test_weights_count_like_repeated_businesses(self, data, asked):
        times = np.random.default_rng(8).integers(0, 4, N)
        repeated = np.repeat(np.arange(N), times)
        weighted = clone(self.ranker).fit(**data, weights=times.astype(float))
        expected = clone(self.ranker).fit(**part(data, repeated))
        assert weighted.score(*asked) == pytest.approx(expected.score(*asked), abs=1e-9)

    def test_no_weights_are_weights_of_1(self, everything, asked):
        weighted = clone(self.ranker).fit(**everything, weights=np.ones(N))
        expected = clone(self.ranker).fit(**everything)
        assert np.array_equal(weighted.score(*asked), expected.score(*asked))

    @pytest.mark.parametrize(
        "where", ["profiles", "interactions", "weights", "examined", "strength"]
    )
    def test_what_is_not_a_finite_number_is_refused_by_name(self, everything, where):
        given = {name: everything[name].copy() for name in ("profiles", "interactions")}
        given |= {"weights": np.ones(N)}
        responses = Responses(*(matrix.copy() for matrix in everything["responses"]))
        known = given | responses._asdict()
        values = known[where] if where == "weights" else known[where].data
        for value in (np.nan, np.inf, -np.inf):
            values[3] = value
            with pytest.raises(ValueError, match=f"{where} hold a value that is not a finite"):
                clone(self.ranker).fit(**given, responses=responses)

    @pytest.mark.parametrize("value", [-0.1, 1.1])
    def test_what_is_no_probability_of_looking_is_refused(self, everything, value):
        examined, strength = everything["responses"]
        examined = examined.copy()
        examined.data[3] = value
        with pytest.raises(ValueError, match="examined from 0 to 1"):
            clone(self.ranker).fit(**(everything | {"responses": Responses(examined, strength)}))

    @pytest.mark.parametrize(
        ("weights", "complaint"),
        [
            (np.ones(3), "one weight a business"),
            (np.ones((N, 1)), "one weight a business"),
            (-np.ones(N), "at least 0"),
            (np.zeros(N), "not all 0"),
        ],
        ids=["too few", "in columns", "negative", "all 0"],
    )
    def test_weights_that_do_not_fit_are_refused(self, everything, weights, complaint):
        with pytest.raises(ValueError, match=complaint):
            clone(self.ranker).fit(**everything, weights=weights)

    def test_profiles_of_other_businesses_are_refused(self, everything):
        fewer = part(everything, slice(N - 1)) | {"profiles": everything["profiles"]}
        with pytest.raises(ValueError, match="the same number"):
            clone(self.ranker).fit(**fewer)

    @pytest.mark.parametrize("shape", [(N - 1, PLATFORMS), (N, PLATFORMS - 1), (PLATFORMS, N)])
    def test_what_others_were_shown_or_other_platforms_is_refused(self, everything, shape):
        for name in Responses._fields:
            others = everything["responses"]._replace(**{name: sparse.csr_array(shape)})
            with pytest.raises(ValueError, match=rf"{name} .*: expected \({N}, {PLATFORMS}\)"):
                clone(self.ranker).fit(**(everything | {"responses": others}))

    @pytest.mark.parametrize(("n", "platforms"), [(0, PLATFORMS), (N, 0)])
    def test_no_business_or_no_platform_is_refused(self, everything, n, platforms):
        with pytest.raises(ValueError, match="at least one business and one platform"):
            clone(self.ranker).fit(**part(everything, slice(n), slice(platforms)))


class LearnsFromUse(RankerContract):
    """What holds of a ranker that learns from use alone."""

    def test_what_more_take_up_scores_higher(self, everything, asked):
        """All use it, or none of them, whatever they use besides."""
        means = []
        for value in (0.0, 1.0):
            used = everything["interactions"].toarray()
            used[:, 2] = value
            changed = everything | {"interactions": sparse.csr_array(used)}
            means.append(clone(self.ranker).fit(**changed).score(*asked)[:, 2].mean())
        assert means[1] > means[0] + self.gain
