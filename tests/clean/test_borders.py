"""Further reading that "save as text" ran together is taken apart again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backissue.clean.borders import Known, Line, weights
from backissue.clean.runtogether import EXCERPT_CUT, split_references

ENGLISH = (
    (
        "Halden Bank moves its ledgers to open hardware",
        "The bank said on Monday that it would replace its mainframes with machines whose designs "
        "anybody can read, beginning with the branches in the north of the country.",
    ),
    (
        "What we learned from a year of small models",
        "A year ago we began to train models that fit a telephone.",
    ),
    (
        "fenwick 2.4 released",
        "We are happy to announce a new version of fenwick, which reads archives of any size and "
        "no longer needs a network while it does so.",
    ),
)
CHINESE = (
    ("如何在旧笔记本电脑上安装轻量级系统", "如果你有一台旧笔记本电脑，不要急着把它扔掉。"),
    ("三款适合学生的开源笔记应用", "本文将介绍三款学生可以免费使用的开源笔记应用。"),
)


def _run(entries: tuple[tuple[str, str], ...]) -> tuple[str, list[tuple[str, str]]]:
    cut = [(title, excerpt[:EXCERPT_CUT]) for title, excerpt in entries]
    return "".join(a + b for a, b in cut), [(a, b.strip()) for a, b in cut]


def test_titles_and_excerpts_are_told_apart_though_some_are_cut_and_some_end() -> None:
    line, wanted = _run(ENGLISH)
    assert [(one.title, one.excerpt) for one in split_references([line], "")] == wanted


def test_chinese_titles_end_where_an_excerpt_begins() -> None:
    line, wanted = _run(CHINESE)
    assert [(one.title, one.excerpt) for one in split_references([line], "")] == wanted


def test_a_name_with_a_capital_inside_is_no_border_where_the_article_uses_it() -> None:
    line = Line("the FenwickDB release", Known("FenwickDB is fast"))
    other = Line("the FenwickDB release", Known("Fenwick is DB"))
    at = line.text.index("DB")
    assert line.score(weights().joint, at) < other.score(weights().joint, at)


def test_a_point_within_a_number_ends_nothing() -> None:
    line, wanted = _run(
        (
            (
                "详解在新系统中引导到救援模式",
                "这篇教程介绍如何在 22.04 和 18.04 版本中引导到救援模式。",
            ),
            ("三种离开云服务的方法", "去年我们决定离开云服务，今天我们来谈谈这个决定。"),
        )
    )
    assert [one.excerpt for one in split_references([line], "")] == [text for _, text in wanted]


@given(st.text(alphabet='aB中文。，.!? 1"（', min_size=1, max_size=400))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_or_made_up(line: str) -> None:
    got = split_references([line.strip() or "x"], "")
    joined = "".join(one.title + one.excerpt for one in got)
    wanted = line.strip() or "x"
    assert "".join(joined.split()) in (
        "".join(wanted.split()),
        "".join(wanted[:EXCERPT_CUT].split()),
    )
