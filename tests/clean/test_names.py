"""Names that look like furniture's and are not: what they stand on is kept."""

from backissue.article import Article
from backissue.clean import RawFile, clean

PROSE = "<p>" + "The bridge was closed for two nights and opened again. " * 8 + "</p>"


def read(body: str) -> Article:
    html = f"<title>A bridge is closed</title><body><h1>A bridge is closed</h1>{body}"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def headings(article: Article) -> list[str]:
    return [heading.text for heading in article.headings]


def test_a_heading_may_link_back_to_the_table_of_contents() -> None:
    article = read(
        f"{PROSE}<h2>\n <a class='toc-backref' href='#id1'>Under water</a>"
        f"<a class='headerlink' href='#under'>¶</a></h2>{PROSE}"
    )
    assert headings(article) == ["Under water"]


def test_a_field_whose_label_is_hidden_is_not_hidden() -> None:
    article = read(
        f"{PROSE}<h2><div class='field field--label-hidden'>Under water</div></h2>{PROSE}"
        f"<h2 class='overflow-hidden'>Above</h2>{PROSE}<p class='is-hidden'>Only for robots</p>"
    )
    assert headings(article) == ["Under water", "Above"]
    assert "robots" not in article.text


def test_a_link_within_a_line_is_a_part_of_it_whatever_its_name() -> None:
    article = read(
        f"{PROSE}<ul><li>Two cups of <a class='product-modal' href='/flour'>rye flour</a></li>"
        f"<li>One cup of water</li></ul>{PROSE}<p class='product-modal'>Order now</p>"
    )
    assert "Two cups of rye flour" in article.text
    assert "Order now" not in article.text


def test_a_box_of_a_linked_heading_opens_its_section() -> None:
    other = PROSE.replace("closed", "mended")
    section = f"<section><header><h3><a href='https://a.test/w'>Moss</a></h3></header>{other}"
    article = read(f"<article>{PROSE}{section}</section></article>")
    assert headings(article) == ["Moss"]


def test_a_heading_beside_the_link_to_itself_stays() -> None:
    article = read(
        f"{PROSE}<div class='wrapper'><h2 id='u'><a href='#u'>Under water</a></h2>"
        f"<a href='#u'><span class='sr-only'>Section titled “Under water”</span></a></div>"
        f"<p>It is dark there.</p>{PROSE}"
    )
    assert headings(article) == ["Under water"]
    assert "Section titled" not in article.text


def test_a_heading_that_unfolds_its_section_is_one() -> None:
    article = read(
        f"{PROSE}<h3><button aria-expanded='false'>Who pays for it?</button></h3>{PROSE}"
        "<button>Share this story</button>"
    )
    assert headings(article) == ["Who pays for it?"]
    assert "Share" not in article.text


def test_who_published_a_thing_is_no_pointer() -> None:
    article = read(
        f"{PROSE}<h2>The game</h2><div>Published by Halden Press</div>{PROSE}"
        f"<div>Updated May 3, 2026</div>{PROSE}"
    )
    assert "Published by Halden Press" in article.text
    assert "Updated" not in article.text


def test_a_caption_of_nothing_is_left_out_and_a_picture_in_a_modal_is_not() -> None:
    article = read(
        f"{PROSE}<figure><iframe src='https://a.test/none'></iframe><figcaption>The mayor speaks"
        f"</figcaption></figure>{PROSE}<figure><div class='open-modal'>"
        f"<img src='https://a.test/b.png'></div><figcaption>The bridge</figcaption></figure>{PROSE}"
    )
    assert "The mayor speaks" not in article.body
    assert article.body.count("<figcaption>") == article.body.count("<img") == 1


def test_an_article_that_a_page_gives_twice_is_given_once() -> None:
    whole = f"{PROSE}<p>And then it was mended.</p>{PROSE.replace('closed', 'opened')}"
    article = read(
        f"<main><div>{whole}</div><h2>Join our weekly newsletter</h2><p>In your inbox.</p>"
        f"<h2>A bridge is closed</h2><div><p>Blog</p>{whole}</div></main>"
    )
    assert article.text.count("And then it was mended.") == 1
    assert article.text.count("closed for two nights") == 8
    assert "Blog" not in article.text


def test_a_last_sentence_full_of_links_is_a_sentence() -> None:
    last = (
        "<p>See <a href='/a'>the report of the commission on bridges</a> and "
        "<a href='/b'>the answer of the council to it</a> for more.</p>"
    )
    assert "for more" in read(f"<div>{PROSE}{PROSE}{last}</div>").text
    tools = "<p><a href='/a'>The mayor</a> <a href='/b'>More of bridges</a></p>"
    assert "The mayor" not in read(f"<div>{PROSE}{PROSE}{tools}</div>").text


def test_a_gallery_may_say_more_than_the_article_around_it() -> None:
    slides = "".join(
        f"<li><h2><span>{n}/30</span> Bridge {n}</h2><p>{'It is a bridge of stone. ' * 12}</p></li>"
        for n in range(1, 31)
    )
    text = "".join(PROSE.replace("two", str(n)) for n in range(6))
    article = read(f"<main>{text}<div class='inline-gallery'><ul>{slides}</ul></div></main>")
    assert "bridge of stone" not in article.text
    assert "closed for 5 nights" in article.text
    article = read(
        f"<main><p>Thirty bridges.</p><div class='gallery'><ul>{slides}</ul></div></main>"
    )
    assert "bridge of stone" in article.text


def test_a_row_of_cards_takes_its_heading_along() -> None:
    cards = "".join(
        f"<div class='entry'><a href='/{n}'><img src='https://a.test/{n}.png'></a>"
        f"<div><a href='/{n}'>Bridge number {n} of thirty</a></div><div>Look at it.</div></div>"
        for n in range(4)
    )
    article = read(f"{PROSE}<h2>The river</h2>{PROSE}<div><h2>Today</h2><div>{cards}</div></div>")
    assert headings(article) == ["The river"]
    assert "Look at it" not in article.text


def test_a_newsletters_logo_and_the_byline_below_its_standfirst_are_no_text() -> None:
    html = (
        "<title>Issue 12: A bridge</title><meta property='og:site_name' content='The River'>"
        "<meta name='author' content='Dana Whitfield'><body><table role='presentation'><tr><td>"
        "<img src='https://a.test/logo.png' alt='The River'></td></tr><tr><td><h1>Issue 12: A "
        "bridge</h1><p>The town has closed its oldest bridge for two nights, and everybody came to "
        "look at what is below it.</p><p>Dana Whitfield · May 5, 2026</p></td></tr>"
        f"<tr><td>{PROSE}<p>On May 6, 2026 Dana Whitfield saw it.</p></td></tr></table>"
    )
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    assert article.authors == ("Dana Whitfield",)
    assert "May 5" not in article.text
    assert "<img" not in article.body
    assert "The town has closed" in article.text
    assert "On May 6" in article.text


def test_a_foot_that_says_more_than_the_article_is_still_the_foot() -> None:
    foot = "<p>Questions are answered by our service from Sunday to Friday, by telephone. </p>" * 4
    article = read(
        "<div><p>The bridge was closed for two nights, and it opened again on Monday morning.</p>"
        f'</div><div class="footer-wrap"><div class="footer-bottom-text">{foot}</div></div>'
    )
    assert "bridge" in article.text
    assert "service" not in article.text


def test_a_wrapper_named_after_the_foot_is_not_the_foot() -> None:
    html = (
        "<title>A bridge is closed</title><body><p>Back to the front page of the paper, which is "
        f'here.</p><div class="with-footer"><h1>A bridge is closed</h1>{PROSE * 3}</div>'
    )
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    assert article.text.count("two nights") == 24


def test_a_stream_of_news_in_the_sidebar_is_not_the_article() -> None:
    stream = "".join(
        f"<li><h3>News {n}</h3><p>Something else happened in town number {n}, and the people who "
        "saw it told us at length what it had been like to stand there and look.</p></li>"
        for n in range(30)
    )
    article = read(f'<div>{PROSE * 4}</div><aside id="sidebar"><ul>{stream}</ul></aside>')
    assert "Something else" not in article.text
    assert article.text.count("two nights") == 32


def test_the_choices_of_a_player_are_no_list_of_the_article() -> None:
    fonts = "".join(f"<li>Typeface {n}</li>" for n in range(30))
    article = read(
        f'<div>{PROSE}<div class="player-settings-container"><ul>{fonts}</ul></div>{PROSE}</div>'
    )
    assert "Typeface" not in article.text


def test_the_id_of_a_paragraph_is_no_name() -> None:
    article = read(
        f'{PROSE}<p id="28ad">With this bridge you can do much more than that:</p>{PROSE}'
    )
    assert "much more than that" in article.text


def test_a_formula_that_a_script_has_hung_a_menu_on_is_a_part_of_its_line() -> None:
    article = read(
        f"{PROSE}<p>The span is <mjx-container class='MathJax CtxtMenu_Attached_0'>"
        f"<math><mi>s</mi><mo>=</mo><mn>42</mn></math></mjx-container> metres wide.</p>{PROSE}"
    )
    assert "s=42" in article.text.replace(" ", "")


def test_the_title_above_text_that_stands_in_no_paragraph_is_not_repeated() -> None:
    loose = "The bridge was closed for two nights and opened again. " * 8
    html = (
        f"<title>A bridge is closed</title><body><h1>A bridge is closed</h1>{loose}<h2>The river"
        f"</h2>{loose}"
    )
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    assert headings(article) == ["The river"]


def test_a_first_heading_that_shares_one_word_with_the_title_is_not_the_title() -> None:
    html = (
        "<title>Town news</title><meta property='og:title' content='Town news'><body><article>"
        f"<h1>The bridge of the town</h1>{PROSE * 3}</article>"
    )
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    assert "bridge of the town" in f"{article.title} {article.body}"


def test_a_first_sentence_with_by_in_front_is_no_byline() -> None:
    first = "<p>By the harbour there is a bridge.</p><p>By Monday it had been closed for hours.</p>"
    article = read(f"<p>By Ada Reed</p>{first}{PROSE * 3}")
    assert article.text.startswith("By the harbour there is a bridge.")
    assert "By Monday it had" in article.text
    assert "Ada Reed" not in article.text
    line = "<p>By Ada Reed, our correspondent in the north of the country.</p>"
    assert "correspondent" not in read(f"{line}{PROSE * 3}").text
