"""A site changes one template, or one word, without copying the theme."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Site

TEXT = "The gauge at the mill was read again in the morning, and the keeper wrote it down. " * 9
FILES = {"2026-05/a.md": f"Title: The mill on Wednesday\nDate: 2026-05-20\n\n{TEXT}\n"}


def test_one_block_of_one_template_is_replaced(site: Callable[..., Site]) -> None:
    one = site(FILES)
    own = one.root / "templates"
    own.mkdir()
    (own / "article.html").write_text(
        "{% extends '!theme/article.html' %}\n"
        "{% block content %}<p>Ours.</p>{{ super() }}{% endblock %}\n"
    )
    one.build(THEME_TEMPLATES_OVERRIDES=[str(own)])
    (article,) = one.pages()
    text = one.read(f"{article}index.html")
    assert text.index("<p>Ours.</p>") < text.index("The mill on Wednesday</h1>")
    assert "Ours." not in one.read("index.html")


def test_one_word_of_the_interface_is_replaced(site: Callable[..., Site]) -> None:
    one = site(FILES)
    one.build()
    own = one.root / "templates"
    (own / "translations").mkdir(parents=True)
    (own / "translations" / "en.po").write_text('msgid "Latest"\nmsgstr "Fresh"\n')
    one.build(THEME_TEMPLATES_OVERRIDES=[str(own)])
    assert ">Fresh</a>" in one.read("index.html")
    assert ">Latest</a>" not in one.read("index.html")
    (own / "translations" / "en.po").write_text('msgid "Latest"\nmsgstr "Newest"\n')
    one.build(THEME_TEMPLATES_OVERRIDES=[str(own)])
    assert ">Newest</a>" in one.read("index.html")
