"""Headlines, and who is named with them."""

from backissue.article import Article
from backissue.clean import RawFile, clean

BODY = "<p>" + "The bridge was closed for two nights and opened again. " * 9 + "</p>"


def read(html: str) -> Article:
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def test_a_site_before_a_colon_goes_where_the_page_shows_the_headline_alone() -> None:
    html = (
        "<title>The Courier: Council approves the bridge</title><body><h1>The Courier</h1>"
        f"<h3>Council approves the bridge</h3>{BODY}"
    )
    assert read(html).title == "Council approves the bridge"


def test_a_colon_within_a_headline_stays() -> None:
    html = (
        "<title>Root cause: how a clock stopped</title><body>"
        f"<h1>Root cause: how a clock stopped</h1>{BODY}"
    )
    assert read(html).title == "Root cause: how a clock stopped"


def test_dublin_core_names_the_work_where_no_heading_does() -> None:
    html = (
        '<title>Archive</title><meta name="dc.title" content="A bridge is closed">'
        f'<meta property="og:title" content="Bridge news">{BODY}'
    )
    assert read(html).title == "A bridge is closed"


def test_a_heading_made_of_the_name_of_the_site_is_no_headline() -> None:
    html = (
        '<meta property="og:site_name" content="Halden Bridge News">'
        '<meta property="og:title" content="A bridge is closed"><title>A bridge is closed</title>'
        f"<body><h1>Bridge News</h1>{BODY}"
    )
    assert read(html).title == "A bridge is closed"


def test_tools_and_lines_in_a_heading_are_no_part_of_it() -> None:
    html = (
        "<title>The bridge is closed for repairs | Courier</title><body><h1>The bridge is closed"
        f" for repairs<span>Posted on May 3 by Dana</span><button>Copy</button></h1>{BODY}"
    )
    assert read(html).title == "The bridge is closed for repairs"
    html = (
        "<title>Bridge repairs begin</title><body><h1>Bridge <i>repairs</i> begin at last"
        f"<button>Copy</button></h1>{BODY}"
    )
    assert read(html).title == "Bridge repairs begin at last"


def test_capitals_give_way_to_the_writing_of_the_head() -> None:
    html = (
        "<title>Council closes Halden bridge for repairs</title><body>"
        f"<h1>COUNCIL CLOSES HALDEN BRIDGE FOR REPAIRS</h1>{BODY}"
    )
    assert read(html).title == "Council closes Halden bridge for repairs"


def test_a_headline_that_was_cut_off_gives_way_to_the_whole() -> None:
    html = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Council closes '
        'Halden bridge ("}</script><meta property="og:title" content="Council closes Halden bridge '
        f'(again) for repairs"><title>x</title><body>{BODY}'
    )
    assert read(html).title == "Council closes Halden bridge (again) for repairs"


def test_the_name_of_a_host_before_a_headline_goes() -> None:
    html = f"<title>example.org On bridges</title><body><h1>example.org</h1>{BODY}"
    assert read(html).title == "On bridges"


def test_a_title_that_a_heading_repeats_is_whole() -> None:
    html = f"<title>Module fast_cgi_module</title><body><h2>Module fast_cgi_module</h2>{BODY}"
    assert read(html).title == "Module fast_cgi_module"


def test_a_line_that_says_the_title_word_for_word_wins_over_a_heading_that_is_like_it() -> None:
    html = (
        "<title>Tips for the first bridge - Part 1</title><body><table><tr><td><b>Tips for the "
        f"first bridge - Part 1</b>{BODY}<h1>Tips for the first</h1>{BODY}</td></tr></table>"
    )
    assert read(html).title == "Tips for the first bridge - Part 1"
    html = (
        "<title>Inside the new bridge: how it was built in a year</title><body><h2>Inside the new "
        f"bridge: how it was built in a year</h2>{BODY}<h1>The New Bridge Year</h1>{BODY}"
    )
    assert read(html).title == "Inside the new bridge: how it was built in a year"


def test_who_comments_is_no_author() -> None:
    html = (
        '<title>A bridge</title><body itemscope itemtype="https://schema.org/Article"><h1>A bridge'
        f'</h1><p>By <span itemprop="author">Dana Whitfield</span></p>{BODY}<div itemprop="comment"'
        ' itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Sam O.</span>'
        " <p>First!</p></div>"
    )
    assert read(html).authors == ("Dana Whitfield",)


def test_title_date_and_byline_in_lines_above_the_text_are_no_text() -> None:
    html = (
        "<title>A bridge</title><body><table><tr><td>Thursday, June 25, 2026<br><b>A bridge</b><br>"
        f"<i>By DANA WHITFIELD, Staff Writer</i><hr>{BODY}{BODY}</td></tr></table>"
    )
    assert read(html).text.startswith("The bridge was closed")


def headed(head: str, og: str, h1: str, headline: str = "") -> str:
    data = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{headline}"}}'
    html = (
        f"<title>{head}</title><meta property='og:title' content='{og}'>"
        f"{data + '</script>' if headline else ''}<body>{h1}{BODY}"
    )
    return read(html).title


def test_a_heading_that_differs_in_a_word_gives_way_to_a_head_of_one_mind() -> None:
    h1 = "<h1>The many different bridges of the old town (with pictures)</h1>"
    better = "The different bridges of the old town (with pictures)"
    assert headed(better, better, h1) == better
    other = "Different bridges of the town, and how to cross them"
    assert headed(other, other, h1).startswith("The many different bridges")


def test_data_and_title_that_agree_are_the_headline_of_record() -> None:
    h1 = "<h1>The best bridges of the year</h1>"
    record = "How to cross the best bridges of the year"
    assert headed(record, "The best bridges of the year", h1, record) == record


def test_the_number_of_a_section_is_no_part_of_its_title() -> None:
    h1 = "<h1>3.1 Bridges in a nutshell</h1>"
    assert headed("Bridges in a nutshell", "", h1) == "Bridges in a nutshell"


def test_a_heading_that_leads_elsewhere_is_another_articles() -> None:
    h1 = "<h1>Where to walk on old bridges</h1>"
    card = "<h1><a href='/other'>Here is where to swim under bridges in Halden</a></h1>"
    assert headed("Where to walk in Halden", "", h1 + card) == "Where to walk on old bridges"


def test_nobody_is_called_undefined() -> None:
    html = (
        "<title>A bridge is closed</title><body><h1>A bridge is closed</h1>"
        '<meta name="author" content="undefined">' + BODY
    )
    assert read(html).authors == ()


def test_a_label_before_a_headline_is_no_part_of_it() -> None:
    html = f"<title>How a bridge was closed</title><h1>Title: How a bridge was closed</h1>{BODY}"
    assert read(html).title == "How a bridge was closed"


def test_the_blog_and_its_host_behind_a_headline_go() -> None:
    head = "哈爾登的舊橋為什麼要關閉 (2) @ 河邊的家 :: 某某站 SITE ::"
    og = f'<meta property="og:title" content="{head}">'
    og += '<meta property="og:site_name" content="河邊的家">'
    html = f"<title>{head}</title>{og}<body><h1>某某站 SITE</h1><h1>河邊的家</h1>{BODY}"
    assert read(html).title == "哈爾登的舊橋為什麼要關閉 (2)"


def test_the_channels_behind_a_headline_go() -> None:
    html = f"<title>旧桥关闭两夜：居民出行关注点大不同_城市频道_某某新闻网</title><body>{BODY}"
    assert read(html).title == "旧桥关闭两夜：居民出行关注点大不同"
