"""Markdown as its writers' tools have it: Hugo, Jekyll, Pelican, MkDocs, Obsidian, pandoc."""

import time

import pytest

from backissue.article import Article
from backissue.clean import RawFile, clean


def read(body: str, front: str = "title: A chip\ndate: 2026-05-20") -> Article:
    (article,) = clean(RawFile("2026-05/a.md", f"---\n{front}\n---\n{body}".encode()))
    assert isinstance(article, Article), article
    return article


def test_footnotes_are_numbered_as_they_are_called_and_end_the_article() -> None:
    body = read(
        "The chip is small.[^why] It is cheap,^[So they say.] and here again.[^why]\n\n"
        "[^why]: It *must* be.\n    And a second line.\n\n    A second paragraph.\n\n"
        "[^left]: Nobody calls this.\n\nThe text goes on behind the notes.\n"
    ).body
    assert body.count("<sup>[1]</sup>") == 2
    assert body.count("<sup>[2]</sup>") == 1
    notes = body[body.index("<ol>") :]
    assert notes.index("must") < notes.index("A second paragraph") < notes.index("So they say")
    assert "Nobody calls this." in notes
    assert "goes on behind" in body[: body.index("<ol>")]
    assert "[^" not in body


def test_what_only_looks_like_a_footnote_stays() -> None:
    body = read("A set such as [^a-z] is no note, `[^1]` is code.\n\n[^1]: But this is one.").body
    assert "[^a-z]" in body
    assert "<code>[^1]</code>" in body


def test_tasks_definitions_and_marks() -> None:
    body = read(
        "- [ ] open\n- [x] done\n\nTerm\n: What it means.\n: What else.\n\n"
        "Other\n\n: Its meaning.\n\n"
        "~~gone~~ ==seen== H~2~O 5^th^ and a == b, ~/home and 2^10.\n"
    ).body
    assert "<li>☐ open</li>" in body
    assert "<li>☑ done</li>" in body
    assert "<dt>Term</dt><dd>What it means.</dd><dd>What else.</dd>" in body
    assert "<dt>Other</dt><dd>Its meaning.</dd>" in body
    for marked in ("<s>gone</s>", "<mark>seen</mark>", "H<sub>2</sub>O", "5<sup>th</sup>"):
        assert marked in body
    assert "a == b, ~/home and 2^10." in body


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("{{< figure src='chip.jpg' title=\"The chip\" >}}", "<figcaption>The chip</figcaption>"),
        ("{{< youtube dQw4w9WgXcQ >}}", 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"'),
        ("{{% notice tip %}}\nA tip.\n{{% /notice %}}", "A tip."),
        ("{% highlight ruby %}\nputs [^1]\n{% endhighlight %}", "<pre><code>puts [^1]\n</code>"),
        ("{% include toc.html %}\n\nWords.", "Words."),
        ("See [it]({% post_url 2026-01-01-old %}).", "See it."),
        ("See [it]({filename}/other.md).", "See it."),
        ("![x]({static}/x.png)", 'src="/x.png"'),
        ("## A part {#part-one}", "<h2>A part</h2>"),
        ("> A tip.\n{: .prompt-tip }", "<blockquote><p>A tip.</p></blockquote>"),
        ("* TOC\n{:toc}\n\nWords.", "Words."),
        ("[TOC]\n\nWords.", "Words."),
        ("> [!warning]- Careful\n> It is hot.", "<strong>Careful</strong>"),
        ("!!! note\n    It is hot.", "<strong>Note</strong></p><p>It is hot."),
        ("::: tip Careful\nIt is hot.\n:::", "<strong>Careful</strong>"),
        ("In [[Some note|a note]] and [[Notes/Other]].", "In a note and Other."),
        ("It is hot. %%check this%% ^hot-1", "<p>It is hot.</p>"),
        ("    :::python\n    print(1)", "<pre><code>print(1)\n"),
        ("*[CPU]: Central unit", "CPU: Central unit"),
    ],
)
def test_the_notations_of_generators_and_note_takers(raw: str, shown: str) -> None:
    body = read(f"The chip is small and costs next to nothing at all.\n\n{raw}\n").body
    assert shown in body
    assert not any(sign in body for sign in ("{%", "{{", "{:", "%%", "[[", "[!", ":::", "!!!"))


def test_code_is_left_as_it_is() -> None:
    code = "{{ site.title }} [[x]] ==a== {% raw %} [^1] - [ ] a"
    body = read(f"```\n{code}\n```\n\nAnd `{code}` too.\n\n    {code}\n").body
    assert body.count(code) == 3


@pytest.mark.parametrize(
    "front",
    [
        "title: A chip\ndate: 2026-05-20\nurl: /blog/chip/\npermalink: /x/\nlanguage: English",
        "title: A chip\ncreated: 2026-05-20\nimage:\n  path: /a.jpg\n  alt: A picture",
        "title: A chip\npublished: 2026-05-20\nauthors:\n  - name: Dana Whitfield\n    url: /d",
        'title: A chip\npubDate: 2026-05-20\nauthor:\n  - "[[Dana Whitfield]]"\ncategories: null',
        "# set by hand\ntitle: A chip\npublished: true\ndate: 2026-05-20\ntags: [a,\n  b\n]",
    ],
)
def test_front_matter_of_other_tools_is_never_refused(front: str) -> None:
    article = read("The chip is small and costs next to nothing at all.", front)
    assert (article.title, article.published.value, article.draft) == (
        "A chip",
        "2026-05-20",
        False,
    )
    assert article.authors in ((), ("Dana Whitfield",))
    assert article.canonical == ""


def test_front_matter_in_json_and_the_names_of_clippers() -> None:
    source = (
        '{"title": "A chip", "date": "2026-05-20", "draft": false}\n\nThe chip is small and cheap.'
    )
    (article,) = clean(RawFile("a.md", source.encode()))
    assert isinstance(article, Article)
    assert (article.title, article.published.value) == ("A chip", "2026-05-20")
    article = read(
        "The chip is small and costs next to nothing.",
        "title: A chip\npublished: 2026-05-19\nsource: https://a.test/chip\nexcerpt: >-\n  Small,\n"
        "  and cheap.\nkeywords: [chips]\npublisher: A site",
    )
    assert (article.canonical, article.lead) == ("https://a.test/chip", "Small, and cheap.")
    assert (article.tags, article.site) == (("chips",), "A site")


def test_a_draft_of_jekyll_is_a_draft() -> None:
    front = "title: A chip\ndate: 2026-05-20\npublished: false"
    assert read("The chip is small and costs next to nothing.", front).draft


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    source = (
        "---\n\nThe chip is small. It costs next to nothing at all.\n\n---\n\n# A chip\n\nMore."
    )
    (article,) = clean(RawFile("2026-05/a-chip.md", source.encode()))
    text = article.text if isinstance(article, Article) else article.detail
    assert "front matter" not in text


@pytest.mark.parametrize(
    "piece",
    [
        "{{< a ",
        "[a]({filename}",
        "^[",
        "[^a",
        "`",
        "` `` ",
        "[[",
        "%%a ",
        "==a",
        "{% include ",
        "![[",
    ],
)
def test_notations_that_never_close_end_soon(piece: str) -> None:
    start = time.process_time()
    clean(RawFile("2026-05/a.md", f"# A chip\n\n{piece * 20_000}".encode()))
    assert time.process_time() - start < 3
