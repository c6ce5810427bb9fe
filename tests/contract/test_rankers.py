"""What holds of every ranker: a new one gets a class here and inherits all of it."""

import itertools
from collections.abc import Sequence
from typing import ClassVar

import joblib
import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from recommender.rankers import (
    BoostedTreesRanker,
    LinearRanker,
    LogisticRanker,
    PopularityRanker,
    Ranker,
    Regime,
    ResponseRanker,
    Responses,
    SegmentPopularityRanker,
)

N, FEATURES, PLATFORMS = 80, 11, 7
GROUPS = ((0, 1, 2), (3, 4, 5, 6))


def one_hot(random, n):
    """Two fields of which one value is set, and four columns of which any may be."""
    profiles = np.zeros((n, FEATURES))
    profiles[np.arange(n), random.integers(0, 3, n)] = 1
    profiles[np.arange(n), random.integers(3, 7, n)] = 1
    profiles[:, 7:] = random.random((n, 4)) < 0.4
    return profiles


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """The matrices are small: with more threads, most of the time goes into waiting."""
    with threadpool_limits(limits=1):
        yield


def drawn(random, profiles):
    """Strengths that depend on profiles and on each other."""
    chance = 1 / (1 + np.exp(2 - 2 * profiles @ random.normal(size=(FEATURES, PLATFORMS))))
    strengths = random.choice([0.1, 0.3, 0.5, 1.0, 1.0, 1.0], size=chance.shape)
    return np.where(random.random(chance.shape) < chance, strengths, 0)


@pytest.fixture(scope="module")
def everything():
    """Profiles, what is in use, and what was done with some of the others that were shown."""
    random = np.random.default_rng(5)
    profiles = one_hot(random, N)
    used = drawn(random, profiles)
    examined = random.uniform(0.1, 1, used.shape) * (random.random(used.shape) < 0.7) * (used == 0)
    strength = drawn(random, profiles) * (examined > 0)
    responses = Responses(sparse.csr_array(examined), sparse.csr_array(strength))
    given = {"profiles": sparse.csr_array(profiles), "interactions": sparse.csr_array(used)}
    return given | {"responses": responses}


@pytest.fixture(scope="module", params=["use is known", "what was shown is known"])
def data(request, everything):
    """What a ranker is fitted on: all that holds of rankers holds of both."""
    left_out = {"responses"} if request.param == "use is known" else set()
    return {name: matrix for name, matrix in everything.items() if name not in left_out}


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


@pytest.fixture(scope="module")
def asked():
    """Other businesses: the last ones with an empty profile, every seventh without history."""
    random = np.random.default_rng(6)
    profiles, history = one_hot(random, 40), random.random((40, PLATFORMS)) < 0.35
    profiles[-5:] = 0
    history[::7] = False
    return sparse.csr_array(profiles), sparse.csr_array(history.astype(float))


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


class TestPopularity(RankerContract):
    ranker = PopularityRanker()


class TestSegmentPopularity(RankerContract):
    ranker = SegmentPopularityRanker(GROUPS)


class TestSegmentPopularityWithoutGroups(RankerContract):
    ranker = SegmentPopularityRanker(shrinkage=0.5)


def linear(*regimes, **parameters):
    """A linear ranker with the same regimes for every length of history."""
    return LinearRanker(regimes, regimes, regimes, **parameters)


class TestLogistic(RankerContract):
    ranker = LogisticRanker()
    rows = (0, 1, 36)


class TestBoostedTrees(RankerContract):
    ranker = BoostedTreesRanker(trees=2)
    rows = (0, 36)

    def test_weights_count_like_repeated_businesses(self, data, asked):
        """Not quite: leaves have a least number of rows, whatever these weigh."""
        first = part(data, platforms=slice(1))
        target = first["responses"].strength if "responses" in first else first["interactions"]
        counts = target.toarray().ravel() >= 0.5
        means = []
        for weight in (0.5, 1.0, 2.0, 8.0):
            ranker = clone(self.ranker).fit(**first, weights=np.where(counts, weight, 1.0))
            means.append(ranker.score(asked[0], asked[1][:, :1]).mean())
        assert means == sorted(set(means))


class TestResponse(RankerContract):
    ranker = ResponseRanker()
    gain = 0.1


class TestResponseWithLittlePenalty(RankerContract):
    ranker = ResponseRanker(profile_penalty=1.0, history_penalty=2.0, use=0.0)


class TestResponseWhereUseCounts(RankerContract):
    ranker = ResponseRanker(profile_penalty=2.0, history_penalty=5.0, use=1.0)


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


class TestLinear(LearnsFromUse):
    ranker = LinearRanker()


class TestLinearWithLittlePenalty(LearnsFromUse):
    ranker = linear(Regime(profile_penalty=0.1, history_penalty=0.5, keep=0.05))


class TestLinearWithoutDropout(LearnsFromUse):
    ranker = linear(Regime(profile_penalty=2.0, history_penalty=200.0, keep=1.0, told=1.0))


class TestLinearOfTheProfileAlone(LearnsFromUse):
    ranker = linear(Regime(profile_penalty=2.0, keep=0.0, told=0.3))


class TestLinearOfLowRank(LearnsFromUse):
    ranker = linear(Regime(5.0, 5.0, keep=0.6, rank=2))


class TestLinearWithDamping(LearnsFromUse):
    ranker = linear(Regime(5.0, 5.0, keep=0.6, damping=0.5))


class TestLinearOfSeveralRegimes(LearnsFromUse):
    ranker = linear(Regime(5.0, keep=0.2), Regime(50.0, rank=1), Regime(damping=0.5))


class TestLinearWithAnotherLengthThatIsShort(LearnsFromUse):
    ranker = LinearRanker(few_up_to=1)


class TestLinearWithoutShortHistories(LearnsFromUse):
    ranker = LinearRanker(few_up_to=0)


def test_every_ranker_has_its_contract():
    from recommender import rankers

    exported = {value for name in rankers.__all__ if isinstance(value := vars(rankers)[name], type)}
    contracts = [*RankerContract.__subclasses__(), *LearnsFromUse.__subclasses__()]
    tested = {type(each.ranker) for each in contracts if hasattr(each, "ranker")}
    assert {kind for kind in exported if kind.__name__.endswith("Ranker")} - {Ranker} == tested
