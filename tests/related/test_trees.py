import msgspec
import numpy as np

from backissue.related.candidates import COLUMNS
from backissue.related.ranking import rankers
from backissue.related.trees import FEW, Forest, Growth, Tree, grow

NAMES = ("signal", "noise")


def lists(seed: int, count: int = 60, size: int = 20):
    """Groups in which the row of the greatest signal is the wanted one."""
    luck = np.random.default_rng(seed)
    table = luck.random((count * size, 2))
    wanted = np.zeros(count * size)
    for start in range(0, count * size, size):
        wanted[start + int(np.argmax(table[start : start + size, 0]))] = 1.0
    return table, wanted, np.full(count, size)


def test_a_tree_is_looked_up_by_its_answers():
    tree = Tree((0, 1), (0.5, 0.5), (1.0, 2.0, 3.0, 4.0))
    table = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.5], [1.0, 1.0]])
    assert Forest(NAMES, (tree,)).score(table).tolist() == [1.0, 2.0, 3.0, 4.0]
    assert Forest(NAMES, (tree, tree)).score(table).tolist() == [2.0, 4.0, 6.0, 8.0]


def test_few_rows_have_the_scores_that_they_have_among_many():
    forest = rankers().earlier
    table = np.random.default_rng(5).normal(size=(FEW + 1, len(COLUMNS)))
    apart = [forest.score(table[n : n + 1]) for n in range(len(table))]
    assert forest.score(table).tolist() == np.concatenate(apart).tolist()
    assert forest.score(table[:0]).tolist() == []


def test_a_grown_forest_ranks_first_what_was_wanted_in_lists_it_has_not_seen():
    forest = grow(NAMES, *lists(1), Growth(trees=30, depth=2, rate=0.3))
    table, wanted, groups = lists(2)
    scores = forest.score(table).reshape(len(groups), -1)
    best = wanted.reshape(len(groups), -1)[np.arange(len(groups)), scores.argmax(axis=1)]
    assert best.mean() > 0.6  # by luck 0.05


def test_growing_is_no_matter_of_luck():
    growth = Growth(trees=5, depth=3, rate=0.1)
    assert grow(NAMES, *lists(3), growth) == grow(NAMES, *lists(3), growth)


def test_a_forest_survives_storage():
    forest = grow(NAMES, *lists(4), Growth(trees=3, depth=2, rate=0.1))
    assert msgspec.json.decode(msgspec.json.encode(forest), type=Forest) == forest


def test_the_shipped_forests_ask_about_what_is_known():
    for forest in (rankers().earlier, rankers().all):
        assert forest.names == COLUMNS
        assert len(forest.trees) > 0
        for tree in forest.trees:
            assert len(tree.values) == 2 ** len(tree.columns) == 2 ** len(tree.thresholds)
            assert max(tree.columns) < len(COLUMNS)
