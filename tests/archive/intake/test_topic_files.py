"""What an editor keeps about topics: a vocabulary, and a model that was trained on purpose."""

from pathlib import Path

import pytest

from backissue.archive.digests import digest
from backissue.archive.intake.topic_files import ModelChangedError, ModelFile, judge_of
from backissue.cli import main
from tests.archive.test_guarantee import Make
from tests.conftest import Site

SAID = {
    "Databases": "The planner reads an index, joins two tables and sorts rows before a query ends.",
    "Gardens": "Seeds want soil and rain; roses are cut in spring, when the frost has left.",
    "Rockets": "Two stages burn methane and land on their legs beside the launch tower again.",
    "Banking": "Lenders raise interest on deposits while mortgages and loans are repaid late.",
}
VOCABULARY = "".join(f'[[topic]]\nname = "{name}"\n' for name in SAID)


def story(title: str, topic: str, tags: str) -> str:
    text = f"{title} it is, number by number. {SAID[topic]} " * 3
    return f"---\ntitle: {title}\ndate: 2026-04-02\ntags: [{tags}]\n---\n\n{text}\n"


@pytest.fixture
def tagged(site: Make) -> Site:
    """A site of articles whose topic is only in their tags, and one that has no tags."""
    files = {"topics.toml": VOCABULARY, "new.md": story("Plain", "Gardens", "")}
    for number in range(7):
        for topic in SAID:
            files[f"{topic}{number}.md"] = story(f"Report {topic[0]}{number}", topic, topic)
    return site(files)


def topic_links(one: Site) -> bool:
    (page,) = one.output.glob("2026/04/plain/index.html")
    return "topics/gardens/" in page.read_text()


def test_a_trained_model_gives_topics_that_no_name_tells(
    tagged: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged.build()
    assert not topic_links(tagged)
    assert main(["topics", "train", str(tagged.content)]) == 0
    assert "learned 4 topics from 28 articles" in capsys.readouterr().out
    report = tagged.build()
    assert report.changed == 29
    assert topic_links(tagged)
    (tagged.content / "topics.model").unlink()
    tagged.build()
    assert not topic_links(tagged)


def test_what_it_learned_is_explained(tagged: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "train", str(tagged.content)]) == 0
    vocabulary = str(tagged.content / "topics.toml")
    assert main(["explain", str(tagged.content / "new.md"), "--vocabulary", vocabulary]) == 0
    assert "likely from the archive's tagged articles" in capsys.readouterr().out


def test_a_torn_model_is_told_and_names_do_without_it(tagged: Site) -> None:
    (tagged.content / "topics.model").write_bytes(b"\x81torn")
    report = tagged.build()
    (refused,) = report.refused
    assert refused.where == "topics.model"
    assert "Train it again" in refused.hint
    assert len(tagged.pages()) == 29


def test_too_few_tagged_articles_teach_nothing(
    site: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    one = site({"topics.toml": VOCABULARY, "a.md": story("Alone", "Gardens", "Gardens")})
    assert main(["topics", "train", str(one.content)]) == 1
    assert "Fewer than 20 articles" in capsys.readouterr().err
    assert not (one.content / "topics.model").exists()


def test_without_a_vocabulary_nothing_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["topics", "train", str(tmp_path)]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_model_that_is_replaced_during_the_build_is_not_taken_for_the_one_before(
    tmp_path: Path,
) -> None:
    path = tmp_path / "topics.model"
    path.write_bytes(b"another")
    with pytest.raises(ModelChangedError, match="build again"):
        judge_of(ModelFile(path, digest(b"the one before")))
