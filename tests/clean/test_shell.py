"""``PLUGINS = ["backissue.clean"]`` on a stock Pelican site."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pelican.readers import MarkdownReader

from ..stock import BODY, Stock, page

CLEAN = ["backissue.clean"]


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path, CLEAN)


def test_a_saved_page_is_published_with_what_cleaning_found(stock: Stock) -> None:
    head = (
        '<meta property="article:published_time" content="2026-05-20T09:30:00+08:00">'
        '<meta property="article:modified_time" content="2026-05-22T10:00:00+08:00">'
        '<meta name="author" content="Dana Whitfield">'
        '<meta property="article:tag" content="Chips">'
        '<script>alert("x")</script>'
    )
    stock.build({"a.html": page("A new chip", BODY, head)})
    article = stock.articles["a.html"]
    assert (article.title, article.slug, article.status) == (
        "A new chip",
        "a-new-chip",
        "published",
    )
    assert article.date.isoformat() == "2026-05-20T09:30:00+08:00"
    assert article.modified.isoformat() == "2026-05-22T10:00:00+08:00"
    assert [author.name for author in article.authors] == ["Dana Whitfield"]
    assert [tag.name for tag in article.tags] == ["Chips"]
    assert (article.dateline, article.date_precision) == ("2026-05-20T09:30:00+08:00", "time")
    assert BODY in stock.read("a-new-chip.html")
    assert "alert" not in stock.read("a-new-chip.html")
    assert "tag/chips.html" in stock.files()


def test_a_month_is_shown_as_a_month(stock: Stock) -> None:
    chinese = page("芯片新闻", "今天的新闻说，新的芯片已经在中国市场发布，性能很好，价格不高。" * 2)
    stock.build(
        {"2026-05/a.html": page("In May"), "2026-05/b.html": chinese.replace('"en"', '"zh"')}
    )
    article = stock.articles["2026-05/a.html"]
    assert article.date.isoformat() == "2026-05-01T00:00:00+00:00"
    assert (article.dateline, article.date_precision) == ("2026-05", "month")
    assert "May 2026" in stock.read("in-may.html")
    assert "1 May" not in stock.read("in-may.html")
    assert stock.articles["2026-05/b.html"].locale_date == "2026年05月"


def test_dumps_and_markdown_are_read_and_a_sidecar_corrects(stock: Stock) -> None:
    stock.build(
        {
            "dump.txt": f"A dump of a page\n\nMay 20, 2026\n\n{BODY}\n\n{BODY}\n",
            "post.md": f"---\ntitle: Wrong\ndate: 2026-05-21\nlead: In short.\n---\n\n{BODY}\n",
            "post.md.toml": 'title = "Put right"\nslug = "as-told"\ndraft = true\n',
            "old.md": f"Title: As Pelican has it\nDate: 2026-05-22\nTags: one, two\n\n{BODY}\n",
        }
    )
    assert stock.articles["dump.txt"].date.isoformat() == "2026-05-20T00:00:00+00:00"
    post = stock.articles["post.md"]
    assert (post.title, post.slug, post.status) == ("Put right", "as-told", "draft")
    assert post.summary == "In short."
    assert "drafts/as-told.html" in stock.files()
    assert [tag.name for tag in stock.articles["old.md"].tags] == ["one", "two"]


def test_a_refused_file_is_named_with_reason_and_advice_and_the_rest_is_published(
    stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    stock.build({"2026-05/good.html": page("Good"), "undated.html": page("No date at all")})
    assert list(stock.articles) == ["2026-05/good.html"]
    (error,) = [one for one in caplog.messages if one.startswith("undated.html: ")]
    assert error.startswith("undated.html: no date: no date was found in the page")
    assert "Move the file into a folder named after its month" in error


def test_a_refused_file_fails_a_build_that_is_to_fail_on_errors(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "undated.html").write_text(page("No date at all"), encoding="utf-8")
    conf = tmp_path / "pelicanconf.py"
    conf.write_text(f'PLUGINS = {CLEAN}\nTIMEZONE = "UTC"\nSITENAME = "S"\n', encoding="utf-8")
    command = [sys.executable, "-m", "pelican", "content", "-s", str(conf), "--fatal", "errors"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "undated.html: no date" in " ".join((ran.stdout + ran.stderr).split())


def test_a_refused_file_is_not_published_as_it_is_either(stock: Stock) -> None:
    stock.build({"undated.html": page("No date at all")}, STATIC_PATHS=[""])
    assert not (stock.output / "undated.html").exists()


def test_a_hidden_file_is_left_out_without_an_error(
    stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    stock.build({"2026-05/a.html": page("Hidden"), "2026-05/a.html.toml": "hide = true\n"})
    assert not stock.articles
    assert not [one for one in caplog.messages if "a.html" in one]


def test_pages_are_read_by_pelicans_own_readers(stock: Stock) -> None:
    about = '<html><head><title>About</title></head><body><p class="own">us</p></body></html>'
    stock.build(
        {"pages/about.html": about, "pages/notes.txt": "notes", "2026-05/a.html": page("A")}
    )
    assert '<p class="own">us</p>' in stock.read("pages/about.html")
    assert [name for name in stock.files() if name.startswith("pages/")] == ["pages/about.html"]
    assert list(stock.articles) == ["2026-05/a.html"]


def test_the_folders_of_articles_and_pages_may_lie_in_one_another(stock: Stock) -> None:
    about = '<html><head><title>About</title></head><body><p class="own">us</p></body></html>'
    files = {"about.html": about, "news/2026-05/a.html": page("A")}
    stock.build(files, ARTICLE_PATHS=["news"], PAGE_PATHS=[""])
    assert '<p class="own">us</p>' in stock.read("pages/about.html")
    assert list(stock.articles) == ["news/2026-05/a.html"]


def test_static_files_are_none_of_ours(stock: Stock, caplog: pytest.LogCaptureFixture) -> None:
    stock.build({"images/map.xml": "<map/>", "2026-05/a.html": page("A")})
    assert stock.read("images/map.xml") == "<map/>"
    assert not [one for one in caplog.messages if "map.xml" in one]


def test_of_a_file_of_several_articles_the_first_is_published_and_an_error_says_so(
    stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    items = "".join(
        f"<item><title>Item {number}</title><pubDate>Wed, 20 May 2026 09:00:00 GMT</pubDate>"
        f"<description>{BODY} {BODY}</description></item>"
        for number in (1, 2)
    )
    feed = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
    )
    stock.build({"feed.rss": feed})
    assert [str(one.title) for one in stock.articles.values()] == ["Item 1"]
    (error,) = [one for one in caplog.messages if one.startswith("feed.rss: ")]
    assert "it holds 2 articles" in error
    assert "backissue.archive" in error


def test_the_companion_folder_of_a_saved_page_holds_no_articles(stock: Stock) -> None:
    stock.build({"2026-05/a.html": page("A"), "2026-05/a_files/frame.html": page("Frame")})
    assert list(stock.articles) == ["2026-05/a.html"]


def test_what_readers_decides_stays(stock: Stock) -> None:
    files = {"2026-05/a.html": page("A"), "2026-05/b.md": "Title: B\n\nText of B, in Markdown."}
    stock.build(
        files, READERS={"html": None, "md": MarkdownReader if MarkdownReader.enabled else None}
    )
    assert "2026-05/a.html" not in stock.articles
    assert not any(hasattr(one, "record") for one in stock.articles.values())


def test_no_missing_markdown_package_is_complained_of(
    stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    stock.build({"2026-05/a.md": f"Title: A\n\n{BODY}\n"})
    assert list(stock.articles) == ["2026-05/a.md"]
    assert not [one for one in caplog.messages if "arkdown" in one]


def test_a_page_cannot_make_pelican_copy_a_file_into_the_site(stock: Stock) -> None:
    links = "".join(
        f' <a href="{mark}/private/secret.key">{mark}</a>' for mark in ("{static}", "|attach|")
    )
    stock.build({"private/secret.key": "secret", "2026-05/a.html": page("A", BODY + links)})
    assert not list(stock.output.rglob("secret.key"))
    assert "&#123;static}</a>" in stock.read("a.html")


def test_metadata_cannot_bring_markup_into_a_theme(stock: Stock) -> None:
    evil = "&lt;script&gt;x&lt;/script&gt;"
    head = (
        f'<meta name="author" content="{evil} Lee"><meta property="article:tag" content="{evil}">'
        f'<meta name="description" content="{evil} and what follows in the lead">'
    )
    stock.build({"2026-05/a.html": page(f"{evil} &quot; onclick=&quot;x &amp; y", BODY, head)})
    written = "".join(stock.read(name) for name in stock.files())
    assert "‹script›x‹/script› “ onclick=”x &amp; y" in written
    assert "<script" not in written
    assert 'onclick="' not in written
    assert "<script>" in stock.articles["2026-05/a.html"].record.title


def test_long_and_empty_names_do_not_end_the_build(stock: Stock) -> None:
    head = f'<meta name="author" content="{"Long " * 99}"><meta property="article:tag" content="?">'
    stock.build({"2026-05/a.html": page("Word " * 100, BODY, head), "2026-05/b.html": page("???")})
    assert len(stock.articles) == 2
    assert all(len(name) < 120 for name in stock.files())
    assert stock.articles["2026-05/b.html"].slug.startswith("article-")
    assert not hasattr(stock.articles["2026-05/a.html"], "tags")


def test_articles_that_want_one_file_are_told_apart_whatever_their_order(stock: Stock) -> None:
    day = '<meta property="article:published_time" content="2026-05-{}">'
    stock.build(
        {
            "a.html": page("Same", BODY, day.format("21")),
            "b.html": page("Same", BODY, day.format("20")),
            "c.html": page("Index", BODY, day.format("20")),
        }
    )
    slugs = {name: article.slug for name, article in stock.articles.items()}
    assert slugs["b.html"] == "same"
    assert slugs["a.html"].startswith("same-")
    assert slugs["c.html"].startswith("index-")
    assert not any(article.translations for article in stock.articles.values())
    assert {f"{slug}.html" for slug in slugs.values()} < set(stock.files())


def test_another_language_is_a_translation_only_where_the_slug_is_the_same(stock: Stock) -> None:
    chinese = page("芯片", "今天的新闻说，新的芯片已经在中国市场发布，性能很好，价格不高。" * 2)
    chinese = chinese.replace('lang="en"', 'lang="zh"')
    stock.build(
        {
            "2026-05/a.html": page("Chips").replace('"en"', '"en-US"'),
            "2026-05/b.html": chinese,
            "2026-05/c.html": chinese,
            "2026-05/c.html.toml": 'slug = "chips"\n',
        }
    )
    articles = stock.articles
    assert articles["2026-05/a.html"].lang == "en"
    assert articles["2026-05/a.html"].translations == [articles["2026-05/c.html"]]
    assert articles["2026-05/b.html"].translations == []
    assert {"chips.html", "chips-zh.html", "xin-pian-zh.html"} <= set(stock.files())


def test_an_article_without_a_byline_is_not_given_the_sites_author(stock: Stock) -> None:
    stock.build({"2026-05/a.html": page("A")}, AUTHOR="The Owner")
    assert stock.articles["2026-05/a.html"].authors == []
    assert "The Owner" not in stock.read("a.html")


def test_a_limit_can_be_set_and_a_misspelt_one_is_refused(
    stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    files = {"2026-05/a.html": page("A")}
    stock.build(files, BACKISSUE={"clean": {"max_bytes": 100}})
    assert any("a.html: too large" in one for one in caplog.messages)
    with pytest.raises(ValueError, match=r"'max_byte'\. Did you mean max_bytes"):
        stock.build(files, BACKISSUE={"clean": {"max_byte": 100}})


def test_a_second_build_from_pelicans_cache_is_the_same(stock: Stock) -> None:
    files = {"2026-05/a.html": page("A"), "2026-05/b.html": page("B")}
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True}
    first = {name: stock.build(files, **cached).read(name) for name in ("a.html", "b.html")}
    assert {name: stock.build({}, **cached).read(name) for name in first} == first


def test_nothing_is_done_for_a_site_that_does_not_ask(stock: Stock) -> None:
    stock.build({"2026-05/a.html": page("A")})
    assert hasattr(stock.articles["2026-05/a.html"], "record")
    stock.plugins = []
    stock.build(DEFAULT_DATE="fs")
    assert not hasattr(stock.articles["2026-05/a.html"], "record")


def test_importing_the_rooms_imports_no_pelican() -> None:
    rooms = "import backissue.clean, backissue.topics, backissue.related, backissue.search"
    code = f"{rooms}, sys; sys.exit(any(name.split('.')[0] == 'pelican' for name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], check=False)
    assert ran.returncode == 0
