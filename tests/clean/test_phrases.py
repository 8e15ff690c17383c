"""Pages in other languages than English: what surrounds an article, who wrote it and when."""

import pytest

from backissue.article import Article
from backissue.clean import RawFile, clean
from backissue.clean.dates import ago, parse
from backissue.clean.explain import explain, explain_text
from backissue.clean.phrases import POINTING, SECTIONS

CHINESE = "<p>这座桥关闭了两个晚上，周三早上重新开放，车辆可以通行。</p>"
LINES = {
    "de": "Die Brücke war zwei Nächte lang gesperrt und ist seit Mittwoch wieder für alle offen. ",
    "es": "El puente estuvo cerrado dos noches y volvió a abrirse al tráfico el miércoles. ",
    "ru": "Мост был закрыт две ночи и снова открылся для движения в среду рано утром. ",
    "ja": "橋は二晩にわたって閉鎖され、水曜日の朝に再び車が通れるようになった。",
    "ko": "다리는 이틀 밤 동안 폐쇄되었다가 수요일 아침에 다시 차량이 다닐 수 있게 되었다. ",
    "ar": "أغلق الجسر ليلتين ثم أعيد فتحه أمام حركة المرور صباح يوم الأربعاء. ",
}


def read(body: str, lang: str = "zh") -> Article:
    html = f"<html lang={lang}><meta charset=utf-8><title>A story</title><body>{body}"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def test_short_chinese_paragraphs_are_an_article_beside_long_menus() -> None:
    menu = "".join(f"<li><a href=/{n}>热门频道第{n}号栏目的全部新闻</a></li>" for n in range(40))
    lists = "".join(f"<li>{n} 浏览 昨天更新</li>" for n in range(40))
    article = read(f"<ul>{menu}</ul><div>{CHINESE * 4}</div><div><ul>{lists}</ul></div>")
    assert article.text == "\n\n".join(
        ["这座桥关闭了两个晚上，周三早上重新开放，车辆可以通行。"] * 4
    )


def test_a_chinese_paragraph_with_a_date_in_it_is_no_dateline() -> None:
    told = "自 2024 年 4 月 30 日起，这座桥的通行能力将终止。"
    assert told in read(f"<h1>A story</h1><p>{told}</p>{CHINESE * 4}").text


def test_links_that_are_quoted_between_paragraphs_stay() -> None:
    quote = "<blockquote><p><a href=/1>在 Linux 终端更改目录</a></p></blockquote>"
    prose = CHINESE.replace("</p>", "桥上的路灯也换成了新的。</p>") * 3
    assert read(f"<div>{prose}{quote}{prose}</div>").text.count("更改目录") == 1


def test_chinese_sentences_that_begin_with_more_are_no_headings() -> None:
    more = "<p>更多信息可在此链接获得：</p>"
    assert "更多信息" in read(f"<div>{CHINESE * 3}{more}{CHINESE * 3}</div>").text


@pytest.mark.parametrize(
    ("lang", "pointer", "heading"),
    [
        ("de", "Lesen Sie auch: Ein Tunnel wird gebaut", "Das könnte Sie auch interessieren"),
        ("es", "Lea también: Un túnel en obras", "Noticias relacionadas"),
        ("ru", "Читайте также: Строится тоннель", "Материалы по теме"),
        ("ja", "続きを読む", "関連記事"),
        ("ko", "구독하기", "많이 본 뉴스"),
        ("ar", "اقرأ أيضا: نفق قيد الإنشاء", "مقالات ذات صلة"),
    ],
)
def test_pointers_and_sections_go_in_every_language(lang: str, pointer: str, heading: str) -> None:
    prose = f"<p>{LINES[lang] * 4}</p>"
    rows = "".join(f"<li><a href=/{n}>{LINES[lang]}</a></li>" for n in range(4))
    body = f"<div>{prose}<p>{pointer}</p>{prose}{prose}<h3>{heading}</h3><ul>{rows}</ul></div>"
    text = read(body, lang).text
    assert pointer not in text
    assert heading not in text
    assert text.count(LINES[lang].strip()) == 12


@pytest.mark.parametrize(
    "line", ["Kommentare (12)", "Comentarios", "評論區", "더 보기 좋은 날", "Mehr"]
)
def test_phrases_are_whole_lines(line: str) -> None:
    assert SECTIONS.match(line) is (line in ("Kommentare (12)", "Comentarios"))
    assert not POINTING.match(f"{line} und noch viel mehr Worte dahinter")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("20 maja 2026 r.", "2026-05-20"),
        ("12 мая 2026, 10:20", "2026-05-12"),
        ("3 set. 2026", "2026-09-03"),
        ("2026. 5. 20. 오전 9:30", "2026-05-20"),
        ("12 مايو 2026", "2026-05-12"),
        ("5 mayıs 2026", "2026-05-05"),
    ],
)
def test_months_of_other_languages(said: str, day: str) -> None:
    date = parse(said)
    assert date is not None
    assert date.day == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("vor 3 Tagen", "2026-05-17"),
        ("hace 2 semanas", "2026-05-06"),
        ("2 часа назад", "2026-05-20"),
        ("3日前", "2026-05-17"),
        ("1일 전", "2026-05-19"),
        ("il y a 2 jours", "2026-05-18"),
    ],
)
def test_times_ago_in_other_languages(said: str, day: str) -> None:
    date = ago(said, "2026-05-20")
    assert date is not None
    assert date.value == day


def test_a_span_of_time_is_no_time_ago() -> None:
    assert ago("it takes 5 days", "2026-05-20") is None


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("<p>Autor: Jürgen Weiß</p>", "Jürgen Weiß"),
        ("<p>Автор: Анна Петрова</p>", "Анна Петрова"),
        ("<p>홍길동 기자</p>", "홍길동"),
        ("<p>文／陳曉東</p>", "陳曉東"),
        ("<p>執筆：山田 太郎</p>", "山田 太郎"),
    ],
)
def test_bylines_of_other_languages(byline: str, name: str) -> None:
    assert read(f"<h1>A story</h1>{byline}{CHINESE * 4}").authors == (name,)


def test_chinese_texts_are_counted_by_characters() -> None:
    html = f"<meta charset=utf-8><title>桥梁</title><body>{CHINESE * 4}"
    told = explain_text(explain(RawFile("2026-05/a.html", html.encode())))
    assert "96 characters" in told
    html = f"<title>A</title><body><p>{'one two three four five ' * 20}</p>"
    told = explain_text(explain(RawFile("2026-05/a.html", html.encode())))
    assert "100 words" in told
