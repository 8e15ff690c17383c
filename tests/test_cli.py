"""The command line: what people type and what they read."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backissue.cli import main
from tests.conftest import Site

STORY = """---
title: Sodium batteries move into the data hall
date: 2026-05-20
author: Dana Whitfield
tags: [Energy, Halls]
---

Batteries made of sodium are heavier than those of lithium. In a data hall nobody minds.
"""
VOCABULARY = '[[topic]]\nname = "Energy"\n'


@pytest.fixture
def built(site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> Site:
    one = site({"story.md": STORY, "topics.toml": VOCABULARY})
    one.build()
    monkeypatch.chdir(one.root)
    return one


def index(one: Site) -> str:
    return str(one.root / "cache" / "index")


def test_search_prints_title_date_address_and_snippet(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "sodium batteries", "--index", index(built)]) == 0
    said = capsys.readouterr().out
    assert "1 found" in said
    assert "Sodium batteries move into the data hall" in said
    assert "2026-05-20  2026/05/sodium-batteries-move-into-the-data-hall/" in said
    assert "<mark>" not in said


def test_a_reader_that_has_enough_is_no_error(built: Site) -> None:
    command = [sys.executable, "-m", "backissue", "search", "sodium", "--index", index(built)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait() == 0
    program.stderr.close()


def test_words_need_no_quotes(built: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "--index", index(built), "sodium", "batteries"]) == 0
    assert "1 found" in capsys.readouterr().out


def test_search_for_what_is_not_there_says_so(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "zzyzx", "--index", index(built)]) == 1
    assert "Nothing found for 'zzyzx'" in capsys.readouterr().out


def test_search_before_a_build_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["search", "anything"]) == 2
    assert "make html" in capsys.readouterr().err


def test_clean_writes_what_scoring_scripts_read(built: Site) -> None:
    out = built.root / "out.json"
    assert main(["clean", str(built.content / "story.md"), "--json", str(out)]) == 0
    told = json.loads(out.read_text())["story"]
    assert told["title"] == "Sodium batteries move into the data hall"
    assert told["date"] == "2026-05-20"
    assert told["author"] == ["Dana Whitfield"]
    assert "nobody minds" in told["text"]


def test_clean_names_what_it_could_not_read(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    built.write({"empty.html": ""})
    assert main(["clean", str(built.content / "empty.html")]) == 1
    assert "empty.html: empty" in capsys.readouterr().err


def test_explain_says_where_each_field_came_from(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    vocabulary = str(built.content / "topics.toml")
    assert main(["explain", str(built.content / "story.md"), "--vocabulary", vocabulary]) == 0
    said = capsys.readouterr().out
    assert "Sodium batteries move into the data hall" in said
    assert "editor" in said
    assert "energy" in said


def test_a_missing_file_is_named_without_a_traceback(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "nowhere.html"]) == 2
    assert "nowhere.html: No such file" in capsys.readouterr().err


def test_topics_suggest_lists_what_the_vocabulary_lacks(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["topics", "suggest", str(built.content)]) == 0
    said = capsys.readouterr().out
    assert "Halls" in said
    assert "Energy" not in said


def test_related_and_tag_rank_a_corpus(built: Site) -> None:
    corpus = built.root / "articles.jsonl"
    lines = [
        {
            "id": f"a/{n}",
            "source": "a",
            "title": f"Batteries of sodium, part {n}",
            "date": f"2026-05-0{n}",
            "lang": "en",
            "tags": ["energy"],
            "links": [],
            "url": f"https://a.example/{n}",
            "body": "<p>Batteries of sodium are heavy. They are cheap, and they last.</p>",
        }
        for n in range(1, 7)
    ]
    corpus.write_text("\n".join(map(json.dumps, lines)))
    out = built.root / "out.json"
    assert main(["related", str(corpus), "--json", str(out)]) == 0
    assert set(json.loads(out.read_text())) == {line["id"] for line in lines}
    assert main(["topics", "tag", str(corpus), "--json", str(out)]) == 0
    assert set(json.loads(out.read_text())) == {line["id"] for line in lines}


def test_explain_takes_one_file(built: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(built.content)]) == 2
    assert "explain takes one file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "data", [b"no gzip", gzip.compress(b"no json\n")], ids=["no gzip", "no JSON"]
)
def test_what_is_no_corpus_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    corpus = tmp_path / "articles.jsonl.gz"
    corpus.write_bytes(data)
    assert main(["related", str(corpus), "--json", str(tmp_path / "out.json")]) == 2
    assert "this is no corpus" in capsys.readouterr().err


def test_a_limit_below_one_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["search", "sodium", "--limit", "0"])
    assert "0 is less than 1" in capsys.readouterr().err


def test_what_a_build_passes_over_teaches_nothing(
    built: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged = STORY.replace("Energy, Halls", "Seen").replace("Sodium", "Other")
    other = tagged.replace("Seen", "Unseen")
    built.write({"b.md": tagged, "pages/c.md": other, ".d.md": other, "e_files/f.md": other})
    assert main(["topics", "suggest", str(built.content)]) == 0
    said = capsys.readouterr().out
    assert "Seen" in said
    assert "Unseen" not in said


def test_serving_without_its_packages_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "granian", None)
    assert main(["serve"]) == 2
    assert "backissue[serve]" in capsys.readouterr().err
