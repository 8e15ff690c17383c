"""What two articles share is said in the words of the one that is read."""

from importlib import import_module

import pytest

from backissue.related import Spellings, mentions
from backissue.related.terms import term_of, terms


def told(text, *shared, limit=2):
    shares = [term for word in shared for term in terms(word)]
    return mentions(("Title", "", text), [shares], limit)[0]


def test_the_strongest_are_told_as_they_are_written_most_often():
    text = "Users like kubernetes. Kubernetes is liked; Kubernetes runs for users by users."
    assert told(text, "kubernetes", "users", "runs") == ("Kubernetes", "users")


@pytest.mark.parametrize("shared", ["2026", "18", "v7", "qx"])
def test_numbers_and_short_words_are_passed_over(shared):
    assert told(f"In {shared} the compiler grew, in {shared}.", shared, "compiler") == ("compiler",)


def test_short_names_are_told():
    assert told("All write Go and use AI.", "go", "ai") == ("Go", "AI")


def test_two_forms_of_one_word_are_told_once():
    text = "A consumer asked consumers for data."
    assert told(text, "consumers", "consumer", "data") == ("consumers", "data")
    assert told("Contracting by contracts, at a cost.", "contracting", "contracts", "cost") == (
        "Contracting",
        "cost",
    )


def test_pairs_of_chinese_characters_that_follow_one_another_are_one_word():
    text = "大语言模型很大。语言模型，还有芯片。大语言模型。"
    assert told(text, "大语言模型", "芯片") == ("大语言模型", "芯片")


def test_particles_around_chinese_words_are_not_told():
    text = "他的虚拟机。将虚拟机，在虚拟机上。"
    assert told(text, "将虚拟机", "的虚拟机上") == ("虚拟机",)


def test_a_word_that_is_not_there_is_not_told():
    assert told("Nothing of it.", "kubernetes") == ()
    assert mentions(("", "", ""), [(), ()]) == [(), ()]


def test_what_was_read_before_makes_no_difference() -> None:
    known = Spellings()
    texts = (
        "The vaccine trials; a Vaccine, the trial.",
        "Nothing of it, but trial and trials and trials.",
        "疫苗试验的结果 Vaccines vaccines, AI ai",
    )
    lists = [(term_of("vaccine"), term_of("trials")), (term_of("ai"), term_of("vaccines"))]
    for text in texts * 2:
        assert mentions((text,), lists, spellings=known) == mentions((text,), lists)


def test_no_more_words_are_remembered_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("backissue.related.mentions"), "MOST_KNOWN", 3)
    known = Spellings()
    for text in ("one battery", "two solid batteries", "three solid cells of one battery"):
        told = mentions((text,), [(term_of("solid"), term_of("battery"))], spellings=known)
        assert told == mentions((text,), [(term_of("solid"), term_of("battery"))])
