"""The tree that shaping works on, and the time that taking text apart may take."""

import time

from hypothesis import given
from hypothesis import strategies as st

from backissue.clean import RawFile, clean
from backissue.clean.runtogether import split_references
from backissue.clean.shape import shape
from backissue.clean.soup import markup, soup, tags, text_in

PIECES = ("<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</ul>", "a", "&", "<", "<br>", "é")


def test_a_tree_is_linked_as_beautifulsoup_links_its_own():
    root = soup("<p>One <b>two</b> three<br>four</p><ul><li>five</li> <li>six</li></ul>")
    assert [type(node).__name__ for node in root.descendants].count("NavigableString") == 6
    assert [one.get_text() for one in root.find_all("li")] == ["five", "six"]
    assert root.find("b").next_sibling == " three"
    assert root.find("b").previous_element == "One "
    root.find("b").unwrap()
    assert markup(root) == "<p>One two three<br>four</p>\n<ul><li>five</li><li>six</li></ul>\n"


def test_space_says_nothing_between_blocks_and_something_between_words():
    root = soup("<p>one</p>\n  <p><b>two</b>\n<i>three</i></p>")
    assert markup(root) == "<p>one</p>\n<p><b>two</b> <i>three</i></p>\n"


def test_code_keeps_its_lines():
    body = shape("<pre><code>if a:\n\n    b  = 1\n</code></pre>").body
    assert "if a:\n\n    b  = 1" in body


def test_blocks_in_a_cell_or_a_caption_do_not_run_together():
    shaped = shape(
        "<table><tr><td><p>one</p><p>two</p></td><td>3</td></tr><tr><td>4</td><td>5</td></tr>"
        "</table><figure><img src='https://a.test/x.png'><figcaption><div>A caption</div>"
        "<div>A credit</div></figcaption></figure>"
    )
    assert "one two | 3" in shaped.text
    assert "<figcaption>A caption A credit" in shaped.body


def test_what_stands_very_deep_keeps_its_words():
    html = "<em>" * 400 + "deep down" + "</em>" * 400 + "<p>after</p>"
    assert shape(html).text == "deep down\n\nafter"


@given(st.lists(st.sampled_from(PIECES)))
def test_text_of_the_tree_is_the_text_of_the_markup(pieces):
    root = soup("".join(pieces))
    again = soup(markup(root))
    assert text_in(again).split() == text_in(root).split()
    assert [one.name for one in tags(again, {"ul", "li", "b"})] == [
        one.name for one in root.find_all(["ul", "li", "b"])
    ]


def test_a_text_of_many_headings_takes_time_in_proportion():
    def seconds(count: int) -> float:
        lines = "\n\n".join(f"Heading number {number}" for number in range(count))
        start = time.process_time()
        clean(RawFile("2026-05/long.txt", f"Title\n\nMay 2026\n\n{lines}\n".encode()))
        return time.process_time() - start

    # Four times as many take four times as long; what grew with the square would take sixteen.
    few, many = (min(seconds(count) for _ in range(3)) for count in (4_000, 16_000))
    assert many < 10 * max(few, 0.05)


def test_a_long_list_of_further_reading_is_read_in_bounded_time():
    line = "Some Headline Of An Article Ends HereAnd then an excerpt goes on and on. " * 10
    start = time.process_time()
    split_references([line] * 5_000, line * 2_000)
    assert time.process_time() - start < 5


def test_runs_of_titles_and_excerpts_are_cut_at_their_joints():
    first = (
        "For three years, the council had put off the decision about the bridge, and now it "
        "has taken it against all odds and wishes."
    )
    second = (
        "Ferries have crossed the river since 1911. That era is going to end with the new "
        "bridge, says the mayor of the town."
    )
    line = (
        f"The Council Approves a Bridge Over the River{first[:120]}"
        f"Ferries Lose Their Subsidies{second}"
    )
    assert [(one.title, one.excerpt) for one in split_references([line], "")] == [
        ("The Council Approves a Bridge Over the River", first[:120]),
        ("Ferries Lose Their Subsidies", second),
    ]
