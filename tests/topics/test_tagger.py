import pytest

from backissue.article import Article, Dateline
from backissue.topics import Topic, Vocabulary, load_vocabulary, tag
from tests.shared import shared


def vocabulary() -> Vocabulary:
    loaded = load_vocabulary(
        """
        [[topic]]
        name = "Anthropic"
        aliases = ["安索比克"]
        [[topic]]
        name = "AI"
        [[topic]]
        name = "AI safety"
        parent = "AI"
        [[topic]]
        name = "Claude"
        [[topic]]
        name = "Robotics"
        [[topic]]
        name = "Chips"
        [[topic]]
        name = "Energy"
        [[topic]]
        name = "Cloud"
        """.encode(),
        "topics.toml",
    )
    assert isinstance(loaded, Vocabulary)
    return loaded


def article(**fields) -> Article:
    plain = {"key": "a.txt", "title": "A", "published": Dateline("2026-05"), "body": "", "text": ""}
    return Article(**{**plain, **fields})


def slugs(**fields) -> list[str]:
    return [match.slug for match in tag(article(**fields), vocabulary())]


LONG = "Word " * 300


def test_a_name_in_the_title_is_enough():
    text = f"{LONG} Energy, energy."
    assert slugs(title="Robotics today", text=text) == ["robotics"]


def test_a_name_counts_for_more_the_sooner_it_comes():
    assert slugs(text=f"Energy is short. {LONG}") == ["energy"]
    assert slugs(text=f"{LONG} Energy is short. Energy costs.") == []
    early = tag(article(text=f"Energy. {LONG}"), vocabulary())[0].score
    assert early > tag(article(text=f"{LONG[:100]} Energy. {LONG}"), vocabulary())[0].score


def test_the_lead_comes_before_the_body():
    assert slugs(lead="Of energy.", text=LONG) == ["energy"]
    assert slugs(lead=LONG, text="Of energy.") == []


@pytest.mark.parametrize(("mark", "found"), [("a", True), ("em", True), ("strong", False)])
def test_a_name_in_a_link_or_in_italics_is_a_topic_wherever_it_is(mark, found):
    text = f"{LONG[:600]} Energy costs."
    body = f"<p>{text.replace('Energy', f'<{mark}>Energy</{mark}>')}</p>"
    assert slugs(text=text) == []
    assert (slugs(text=text, body=body) == ["energy"]) is found


def test_a_name_without_its_capital_weighs_less():
    small, large = (
        tag(article(text=f"{n} is short."), vocabulary())[0] for n in ("energy", "Energy")
    )
    assert small.score < large.score


def score(name: str, text: str) -> float:
    own = Vocabulary((Topic(name, "own"),))
    return tag(article(title=text, text=text), own)[0].score


def test_a_name_in_another_form_weighs_less():
    assert score("open source", "Open source.") > score("open source", "Opensource.")
    assert score("grid", "The grid.") > score("grid", "The grids.")


def test_a_name_for_kinds_of_things_weighs_less_than_one_of_its_length():
    assert score("scheme", "A scheme.") > score("grades", "All grades.")


def test_the_evidence_names_what_was_found_of_a_joined_name():
    own = Vocabulary((Topic("Sport and free time", "sport"),))
    found = tag(article(title="Free time", text="Sport and free time."), own)[0]
    assert found.evidence[0] == '"Sport and free time" in the title'
    found = tag(article(title="Free time", text="Of free time."), own)[0]
    assert found.evidence[0] == '"free time" in the title'


def test_a_declared_tag_weighs_most():
    matches = tag(article(title="Robotics", tags=("energy",)), vocabulary())
    assert [match.slug for match in matches] == ["energy", "robotics"]
    assert matches[0].evidence == ('declared as "energy"',)


def test_a_run_together_declared_line_is_taken_apart():
    assert slugs(tags=("AnthropicAI safetyClaude",)) == ["ai-safety", "anthropic", "claude"]


def test_a_declared_tag_that_is_unknown_gives_nothing():
    assert slugs(tags=("Gardening",)) == []


def test_a_declared_tag_that_only_ends_in_a_name_is_a_name_of_its_own():
    assert slugs(tags=("langbridge-ai",)) == []
    assert slugs(tags=("claude-4o",)) == ["claude"]


def test_chinese_names_are_found_in_running_text():
    assert slugs(title="安索比克发布新模型") == ["anthropic"]


def test_no_more_than_six_topics_and_scores_descend():
    everything = "Anthropic AI AI safety Claude Robotics Chips Energy Cloud"
    matches = tag(article(title=everything, text=everything), vocabulary())
    scores = [match.score for match in matches]
    assert len(matches) == 6
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_the_evidence_says_where_and_how_often():
    (match,) = tag(article(title="Robotics", text="Robotics, robotics"), vocabulary())
    assert match.evidence == (
        '"Robotics" in the title',
        '"Robotics" 2 times in the text, first after 0 words',
    )


def test_the_seed_article_has_its_topics():
    text = shared("seed/karpathy-joins-anthropic.txt").read_text(encoding="utf-8")
    found = slugs(title=text.splitlines()[0], text=text, tags=("AnthropicAI safetyClaude",))
    assert set(found[:3]) == {"anthropic", "claude", "ai-safety"}
