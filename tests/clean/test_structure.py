"""What is kept of an article's structure: headings, lists, tables, pictures."""

from backissue.article import Article
from backissue.clean import RawFile, clean

PROSE = "<p>" + "The bridge was closed for two nights and opened again. " * 5 + "</p>"


def read(body: str) -> Article:
    html = f"<title>A bridge is closed</title><body><h1>A bridge is closed</h1>{body}"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def test_an_article_is_never_the_inside_of_its_table() -> None:
    rows = "".join(
        f"<tr><th>Bridge {n}</th><td>It was built in the year 19{n} and repaired again and again "
        "until nobody knew which of its stones were the first.</td></tr>"
        for n in range(10, 40)
    )
    links = "".join(f'<li><a href="/ref/{n}">Reference number {n}</a></li>' for n in range(40))
    article = read(
        f"<div>{PROSE}<table><thead><tr><th>Bridge</th><th>What</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><ol>{links}</ol></div>"
    )
    assert article.text.startswith("The bridge was closed")
    assert article.body.count("<tr>") == 31
    assert "<thead>" in article.body


def test_cells_that_are_links_or_dates_stay_in_their_row() -> None:
    article = read(
        f"{PROSE}<table><tr><th>Bridge</th><th>Opened</th></tr>"
        '<tr><td><div><a href="/halden">Halden</a></div></td><td class="date">May 3, 1911</td></tr>'
        '<tr><td><div><a href="/moss">Moss</a></div></td><td class="date">June 4, 1915</td></tr>'
        f"</table>{PROSE}"
    )
    assert "Halden | May 3, 1911" in article.text
    assert "Moss | June 4, 1915" in article.text


def test_a_heading_over_loose_text_or_a_picture_heads_something() -> None:
    article = read(
        f"<div>{PROSE}{PROSE}<h2>What comes next</h2>The council meets again in June to decide "
        "about the other bridge.<br><br>It may close it, too.</div>"
    )
    assert [one.text for one in article.headings] == ["What comes next"]
    article = read(f'<div>{PROSE}<h2>The bridge</h2><img src="https://a.test/bridge.png"></div>')
    assert [one.text for one in article.headings] == ["The bridge"]
    article = read(f"<div>{PROSE}<h2>What comes next</h2></div>")
    assert article.headings == ()


def test_sections_with_pictures_that_lead_elsewhere_are_no_cards() -> None:
    sections = "".join(
        f'<li class="one"><a href="/v/{n}"><img src="https://a.test/{n}.png"></a><h2>Bridge {n}'
        "</h2><p>It crosses the river where the ferry once did and is closed on Sundays.</p>"
        f'<a href="/{n}">Learn more about it</a></li>'
        for n in range(4)
    )
    article = read(f"<article>{PROSE}{PROSE}<ul>{sections}</ul></article>")
    assert [one.text for one in article.headings] == [f"Bridge {n}" for n in range(4)]


def test_pictures_between_paragraphs_are_no_row_of_cards() -> None:
    picture = (
        '<div class="thumb"><a href="/p/{n}"><img src="https://a.test/{n}.png"></a>'
        'Bridge number {n}, near <a href="/halden">Halden</a></div>'
    )
    parts = "".join(PROSE.replace("two", str(n)) + picture.format(n=n) for n in range(4))
    assert read(f"<article>{parts}{PROSE}</article>").body.count("<img") == 4
    cards = "".join(picture.format(n=n) for n in range(4))
    assert read(f"<article>{PROSE}{cards}{PROSE}</article>").body.count("<img") == 0


def test_a_section_named_after_its_heading_is_no_furniture() -> None:
    article = read(
        f'<section id="bridges">{PROSE}{PROSE}{PROSE}<section id="more-on-lists"><h2>More on Lists'
        f"</h2>{PROSE}</section></section>"
    )
    assert [one.text for one in article.headings] == ["More on Lists"]


def test_a_button_that_is_never_closed_does_not_take_the_page_with_it() -> None:
    article = read(f"<button class=menu><div>{PROSE * 6}</div>")
    assert article.text.startswith("The bridge was closed")


def test_a_box_that_asks_for_an_address_is_no_article() -> None:
    box = (
        '<div class="p-4"><h3>Bridge news every day</h3><p>By going on you agree to our terms and '
        'to everything else.</p><form><input name="email-address"><button>Go</button></form></div>'
    )
    article = read(f"<div>{PROSE * 3}{box}{PROSE}</div>")
    assert "Bridge news" not in article.text
    assert article.text.count("The bridge was closed") == 20


def test_lines_of_code_end_where_their_boxes_do() -> None:
    lines = ["if open:", "", "    close(bridge)"]
    boxes = "".join(f'<div class="line"><span>{line}</span></div>' for line in lines)
    assert (
        "if open:\n\n    close(bridge)"
        in read(f"<div>{PROSE}<pre><code>{boxes}</code></pre>{PROSE}</div>").body
    )
    breaks = "<br>".join(lines)
    assert (
        "if open:\n\n    close(bridge)"
        in read(f"<div>{PROSE}<pre>{breaks}</pre>{PROSE}</div>").body
    )


def test_the_numbers_of_lines_are_no_code() -> None:
    boxes = "".join(
        f"<div><div><div>{number}</div></div><div><span>{line}</span></div></div>"
        for number, line in enumerate(["a = 1", "b = 2", "print(a + b)"], 1)
    )
    body = read(f"<div>{PROSE}<pre><div>{boxes}</div></pre>{PROSE}</div>").body
    assert "a = 1\nb = 2\nprint(a + b)" in body


def test_a_sentence_that_is_mostly_a_link_is_no_menu() -> None:
    line = '<p class="step">Open the <a href="/n">Active Bridges page of the council</a> there.</p>'
    assert "Open the Active Bridges page" in read(f"<div>{PROSE}{line}{PROSE}</div>").text


def test_the_only_article_of_a_page_is_taken_whole() -> None:
    links = "".join(f'<div><span><a href="/{n}">Quote {n}</a></span></div>' for n in range(90))
    article = read(
        f"<article><div>{PROSE * 2}</div><div>{links}</div><div>{PROSE.replace('two', 'six') * 3}"
        "</div></article>"
    )
    assert "for two nights" in article.text
    assert "for six nights" in article.text


def test_a_section_with_much_text_is_the_author_s_whatever_its_heading() -> None:
    items = "".join(f"<li>Bridge number {n}, open on weekdays</li>" for n in range(9))
    article = read(f"<div>{PROSE}<h2>Latest bridges</h2><ul>{items}</ul>{PROSE}</div>")
    assert [one.text for one in article.headings] == ["Latest bridges"]


def test_a_masthead_above_the_title_s_lines_is_no_text() -> None:
    html = (
        "<title>Courier: A bridge is closed to all traffic</title><body><table><tr><td><font>The "
        "Courier<br>Since 1884</font></td></tr><tr><td>May 5, 2026<br><b>A bridge is closed to all "
        f"traffic</b><br>By DANA WHITFIELD<hr>{PROSE * 4}</td></tr></table>"
    )
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    assert article.text.startswith("The bridge was closed")


def test_a_table_that_says_something_beside_its_links_is_data() -> None:
    rows = "".join(
        f'<tr><td><a href="https://a.test/{n}">The company of bridge number {n}</a></td>'
        f"<td>{n}</td></tr>"
        for n in range(5)
    )
    table = f"<table class=t><thead><tr><th>Who</th><th>Spans</th></tr></thead>{rows}</table>"
    article = read(
        f'<div>{PROSE}<div class="w-embed"><div class=x>{table}</div></div>{PROSE}</div>'
    )
    assert article.body.count("<tr>") == 6
    links = "".join(f'<tr><td><a href="/{n}">Bridge number {n}</a></td></tr>' for n in range(5))
    menu = f"<table class=t><tr><th>More bridges</th></tr>{links}</table>"
    assert "<table" not in read(f"<div>{PROSE}</div><div>{menu}</div>").body


def test_the_list_of_an_article_s_sources_stays() -> None:
    links = "".join(f'<li><a href="https://a.test/{n}">https://a.test/{n}</a></li>' for n in (1, 2))
    article = read(f"<div>{PROSE}{PROSE}<h3>Sources &amp; links</h3><ul>{links}</ul></div>")
    assert article.body.count("<li>") == 2
    assert [one.text for one in article.headings] == ["Sources & links"]
    article = read(f"<div>{PROSE}{PROSE}<ul>{links}</ul></div>")
    assert "<li>" not in article.body


def test_links_below_an_item_with_words_of_its_own_stay() -> None:
    inner = "".join(f'<li><a href="/b/{n}">Bridge number {n}</a></li>' for n in range(9))
    article = read(f"<div>{PROSE}<ul><li>Bridges over the Halden<ul>{inner}</ul></li></ul>{PROSE}")
    assert article.body.count("<li>") == 10


def test_a_captioned_picture_in_the_header_stays_with_its_caption() -> None:
    article = read(
        '<main><header class="head"><h1>A bridge is closed</h1><figure><img src="https://a.test/b.png">'
        "<figcaption>The bridge.</figcaption></figure><span>Share</span></header>"
        f"{PROSE}{PROSE}</main>"
    )
    assert article.body.startswith("<figure>")
    assert "<figcaption>The bridge.</figcaption>" in article.body
    assert "Share" not in article.body


def test_a_finger_points_elsewhere_and_an_item_with_one_does_not() -> None:
    article = read(
        f'<div>{PROSE}<p>👉 <a href="https://a.test/">Learn more of bridges</a> from us.</p>{PROSE}'
        '<ul><li>👉 Two <a href="https://a.test/">bridges</a> are left.</li><li>👉 One is old.'
        f"</li></ul>{PROSE}</div>"
    )
    assert "Learn more" not in article.text
    assert "are left" in article.text


def test_the_line_of_tags_goes_and_a_sentence_about_tags_stays() -> None:
    links = ", ".join(f'<a href="/t/{n}">bridges {n}</a>' for n in range(3))
    article = read(f"<div>{PROSE}<p>Tags {links}</p>{PROSE}<p>Tags are {links}.</p>{PROSE}</div>")
    assert article.text.count("bridges 1") == 1
