import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.topics import split_run_together

NAMES = ("AI", "AI safety", "Anthropic", "Claude", "OpenAI", "GPT", "大模型", "模型", "人工智能")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("AnthropicAI safetyClaude", ("Anthropic", "AI safety", "Claude")),
        ("AnthropicAI safetyClaudeArchive: May 2026", ("Anthropic", "AI safety", "Claude")),
        ("OpenAIAnthropic", ("OpenAI", "Anthropic")),
        ("Anthropic194 related articlesAI safety172", ("Anthropic", "AI safety")),
        ("anthropic, claude", ("Anthropic", "Claude")),
        ("AIAI safetyAI", ("AI", "AI safety")),
        ("人工智能大模型", ("人工智能", "大模型")),
        ("said Claudette", ()),
        ("", ()),
        ("   ", ()),
    ],
)
def test_a_line_is_taken_apart_by_names(line, parts):
    assert split_run_together(line, NAMES) == parts


def test_prose_is_left_alone():
    assert split_run_together("Claude " * 400, NAMES) == ()


@given(st.lists(st.sampled_from(("Anthropic", "Claude", "GPT", "大模型", "人工智能")), unique=True))
def test_names_written_together_are_found_again(names):
    assert split_run_together("".join(names), NAMES) == tuple(names)


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=8))
def test_only_names_are_found_each_once(line, names):
    parts = split_run_together(line, names)
    assert set(parts) <= set(names)
    assert len(set(parts)) == len(parts)
