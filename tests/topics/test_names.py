import pytest

from backissue.topics.names import Form, NameIndex, fold, words

INDEX = NameIndex(
    [
        ("ai", "AI"),
        ("ai-safety", "AI safety"),
        ("ai-safety", "AI 安全"),
        ("model", "模型"),
        ("large-model", "大模型"),
        ("meta", "Meta"),
        ("agents", "agents"),
        ("windows", "Windows"),
        ("cpp", "C++"),
        ("c", "C"),
        ("node", "Node.js"),
        ("company", "company"),
        ("open-source", "open source"),
        ("api", "application programming interface"),
    ]
)


def found(text: str) -> list[str]:
    return [mention.slug for mention in INDEX.find(text)]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("AI is not in SAID or AIDS", ["ai"]),
        ("AI safety and AI", ["ai-safety", "ai"]),
        ("ai-safety", ["ai-safety"]),
        ("关于AI安全的大模型和模型", ["ai-safety", "large-model", "model"]),
        ("ＡＩ", ["ai"]),
        ("an agent among agents", ["agents", "agents"]),
        ("a window", []),
        ("C++ is not C", ["cpp", "c"]),
        ("Node.js, not node", ["node"]),
        ("two companies", ["company"]),
        ("opensource, open-source and open source", ["open-source"] * 3),
        ("an API, two APIs, but not an api nor an os", ["api", "api"]),
        ("", []),
    ],
)
def test_names_are_found_as_whole_words_the_longest_first(text, slugs):
    assert found(text) == slugs


def test_a_name_without_its_capital_is_marked():
    assert [mention.exact for mention in INDEX.find("Meta meta META")] == [True, False, True]


def test_a_written_name_wins_over_the_plural_of_another():
    index = NameIndex([("bot", "bot"), ("bots", "bots")])
    assert [mention.slug for mention in index.find("bots bot")] == ["bots", "bot"]


def test_spellings_of_one_name_fold_alike():
    assert fold("AI-Safety") == fold("ai  safety") == "ai safety"
    assert words("GPT-4o 与C#") == ["GPT", "4o", "与", "C#"]


def test_first_letters_that_are_another_name_stay_that_name():
    index = NameIndex([("a", "Automated Mail Delivery"), ("amd", "AMD")])
    assert [mention.slug for mention in index.find("AMD")] == ["amd"]


def test_a_mention_says_after_how_many_words_it_comes():
    assert [(m.slug, m.place) for m in INDEX.find("Of AI safety and AI")] == [
        ("ai-safety", 1),
        ("ai", 4),
    ]


JOINED = NameIndex(
    [
        ("crowd", "Crowdsourcing and citizen science"),
        ("science", "Science"),
        ("firm", "Johnson & Johnson"),
        ("law", "Law, order"),
    ]
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Citizen science for all", ["citizen science"]),
        ("Crowdsourcing and citizen science", ["Crowdsourcing and citizen science"]),
        ("Science", ["Science"]),
        ("an order of Mr Johnson", ["order"]),
        ("Johnson & Johnson", ["Johnson & Johnson"]),
    ],
)
def test_what_a_name_joins_is_found_unless_it_is_a_name_in_capitals(text, names):
    assert [mention.name for mention in JOINED.find(text)] == names


def test_a_declared_tag_is_no_topic_for_one_of_the_things_that_its_name_joins():
    assert JOINED.whole("citizen science") is None


def test_it_is_told_how_a_name_stands():
    texts = ("agents", "agent", "opensource", "Open-Source", "API")
    forms = [INDEX.find(text)[0].form for text in texts]
    assert forms == [Form.WHOLE, Form.OTHER, Form.OTHER, Form.WHOLE, Form.OTHER]
    assert JOINED.find("crowdsourcing")[0].form is Form.PART
