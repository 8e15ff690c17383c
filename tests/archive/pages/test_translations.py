"""One article in two languages: each page names the other."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from tests.conftest import Site

ENGLISH = "The gauge at the mill was read again in the morning, and the keeper wrote it down. " * 9
CHINESE = "清晨，磨坊的水位计又被读了一次，看守人把它记了下来，然后去敲钟。" * 12
BASE = "https://example.org"


def article(title: str, day: str, text: str, slug: str = "") -> str:
    return f"---\ntitle: {title}\ndate: {day}\n{slug and f'slug: {slug}'}\n---\n\n{text}\n"


FILES = {
    "en.md": article("The mill on Wednesday", "2026-05-20", ENGLISH, "the-mill"),
    "zh.md": article("星期三的磨坊", "2026-05-21", CHINESE, "the-mill"),
    "other.md": article("The bell", "2026-05-22", ENGLISH),
}


def alternates(one: Site) -> dict[str, dict[str, str]]:
    """Return of each article the languages that it names, with their addresses."""
    found = {}
    for address in one.pages():
        page = BeautifulSoup(one.read(f"{address}index.html"), "html.parser")
        links = page.find_all("link", hreflang=True)
        found[address] = {link["hreflang"]: link["href"] for link in links}
        seen = [link.get_text() for link in page.select(".facts a[hreflang]")]
        assert len(seen) == max(0, len(links) - 1)
    return found


def test_each_names_both_and_a_reader_finds_the_other(site: Callable[..., Site]) -> None:
    one = site(FILES, SITEURL=BASE)
    one.build()
    found = alternates(one)
    held = [address for address in found if "the-mill" in address]
    english, chinese = sorted(held, key=len)  # the older one has the bare address
    both = {"en": f"{BASE}/{english}", "zh": f"{BASE}/{chinese}"}
    assert found.pop(english) == both
    assert found.pop(chinese) == both
    assert list(found.values()) == [{}]
    page = BeautifulSoup(one.read(f"{english}index.html"), "html.parser")
    link = page.select_one(".facts a[hreflang]")
    assert link.get_text() == link["lang"].replace("zh", "中文")
    assert link["href"] == f"../../../{chinese}"


def test_one_that_comes_or_goes_is_told_to_the_other(site: Callable[..., Site]) -> None:
    one = site({name: text for name, text in FILES.items() if name != "zh.md"}, SITEURL=BASE)
    one.build()
    assert not any(alternates(one).values())
    one.write({"zh.md": FILES["zh.md"]})
    one.build()
    assert sum(map(bool, alternates(one).values())) == 2
    clean = site(FILES, SITEURL=BASE)
    clean.build()
    assert one.tree() == clean.tree()
    (one.content / "zh.md").unlink()
    one.build()
    assert not any(alternates(one).values())


def test_the_same_title_alone_makes_no_translation(site: Callable[..., Site]) -> None:
    one = site(
        {
            "en.md": article("GPT 9", "2026-05-20", ENGLISH),
            "zh.md": article("GPT 9", "2026-05-21", CHINESE),
        },
        SITEURL=BASE,
    )
    one.build()
    assert len(one.pages()) == 2
    assert not any(alternates(one).values())


def test_of_two_in_one_language_the_older_one_counts(site: Callable[..., Site]) -> None:
    again = article("The mill once more", "2026-05-23", ENGLISH, "the-mill")
    one = site({**FILES, "en2.md": again}, SITEURL=BASE)
    one.build()
    named = [each for each in alternates(one).values() if each]
    assert len(named) == 2
    assert named[0] == named[1]


def test_chinese_is_told_to_machines_as_it_is_written(site: Callable[..., Site]) -> None:
    one = site({"zh.md": article("磨坊 <b> & 钟", "2026-05-21", CHINESE)}, SITEURL=BASE)
    one.build()
    text = one.read(f"{one.pages()[0]}index.html")
    assert '"headline": "磨坊 \\u003cb\\u003e \\u0026 钟"' in text
