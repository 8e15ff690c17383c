"""Pictures, players, formulas and answers that a page shows by script alone."""

import time

from backissue.article import Article, Reason, Rejected
from backissue.clean import RawFile, clean

BEFORE = "<p>" + "The bridge was closed for two nights and opened again. " * 6 + "</p>"
AFTER = "<p>" + "Nobody was hurt, and the repair cost half of what was feared. " * 6 + "</p>"
FILE = "https://a.test/bridge.jpg"


def read(body: str) -> Article:
    html = f"<title>A bridge is closed</title><body><article>{BEFORE}{body}{AFTER}</article>"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def test_a_picture_for_those_without_scripts_is_shown_where_there_is_no_other() -> None:
    quiet = f"<noscript><img src='{FILE}' alt='Night'></noscript>"
    caption = "<figcaption>The bridge at night</figcaption>"
    body = read(f"<figure><div class=lazy>{quiet}</div>{caption}</figure>").body
    assert f'<img alt="Night" src="{FILE}">' in body
    body = read(f"<p><img src='data:image/gif;base64,R0lG'>{quiet}</p>").body
    assert body.count(FILE) == 1


def test_a_picture_for_those_without_scripts_replaces_its_smaller_copy() -> None:
    small = "<div><img src='https://a.test/60/bridge.jpg?q=20'></div>"
    quiet = f"<img><noscript><img src='{FILE}'></noscript>"
    body = read(f"<figure>{small}{quiet}</figure>").body
    assert body.count("<img") == 1
    assert FILE in body


def test_what_counts_readers_is_no_picture() -> None:
    pixel = f"<figure><noscript><img src='{FILE}' width=1 height=1></noscript></figure>"
    assert FILE not in read(pixel).body


def test_a_picture_takes_the_address_of_its_sources() -> None:
    assert FILE in read(f"<picture><source srcset='{FILE} 1x'><img alt=B></picture>").body


def test_what_stands_behind_an_element_without_content_stays() -> None:
    line = "<p>The first half, <embed src=x>the second <track>and the third.</p>"
    assert "The first half, the second and the third." in read(line).text
    (article,) = clean(RawFile("2026-05/a.md", f"# A bridge\n\n{line}\n\n{AFTER}".encode()))
    assert isinstance(article, Article)
    assert "The first half, the second and the third." in article.text


def test_films_and_recordings_become_links() -> None:
    film = "<video controls poster=p.jpg><source src='https://a.test/v.mp4'></video>"
    assert '<a href="https://a.test/v.mp4">Video</a>' in read(film).body
    moving = "<video autoplay muted loop src='https://a.test/v.mp4'></video>"
    assert "v.mp4" not in read(moving).body


def test_formulas_keep_what_their_author_typed() -> None:
    typed = "<math><annotation encoding='application/x-tex'>x^2</annotation><mi>x</mi></math>"
    text = read(f"<p>So {typed} is <math><mi>y</mi><mo>=</mo><mn>2</mn></math> here.</p>").text
    assert "So x^2 is y=2 here." in text


def test_answers_that_unfold_are_kept_and_other_hidden_boxes_are_not() -> None:
    answer = "<div class='faq-answer' hidden><p>Since the fifth of May, at noon.</p></div>"
    other = "<div class='menu-panel' aria-hidden=true><p>Only for robots.</p></div>"
    text = read(f"<h3>Since when?</h3>{answer}{other}").text
    assert "Since the fifth of May" in text
    assert "robots" not in text


def test_a_box_named_after_its_caption_is_a_figure() -> None:
    box = f"<div class=wp-caption><img src='{FILE}'><p class=caption-text>At night</p></div>"
    article = read(box)
    assert f'<figure><img alt="" src="{FILE}">' in article.body
    assert "At night" in article.body
    assert "At night" not in article.text


def test_code_with_breaks_and_short_lines_above_an_article_stay() -> None:
    code = "<p><code>line 1<br>line 2</code></p>"
    html = f"<title>T</title><body>{code}<p>A short line<br></p>{BEFORE}{AFTER}"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    assert "line 2" in article.text
    assert "A short line" in article.text


def test_hostile_pages_take_no_long_time() -> None:
    many = "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x</p>"
    quiet = "<figure>" + f"<noscript><img src='{FILE}'></noscript>" * 3000 + "</figure>"
    start = time.process_time()
    assert "half of what was feared" in read(many + quiet).text
    assert time.process_time() - start < 5


def test_mail_within_mail_without_end_is_refused() -> None:
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(2000)
    )
    for name in ("a.mhtml", "a.eml"):
        (refused,) = clean(RawFile(name, parts.encode()))
        assert isinstance(refused, Rejected)
        assert refused.reason is Reason.TOO_DEEP
    shallow = parts.encode()[: parts.index("b190")]
    for name in ("a.mhtml", "a.eml"):
        assert isinstance(clean(RawFile(name, shallow))[0], Rejected)
