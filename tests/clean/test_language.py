"""The language of an article that declares none, or the wrong one."""

import pytest

from backissue.article import Article, Origin
from backissue.clean import RawFile, clean
from backissue.clean.language import language_of

TOLD = {
    "en": "The bridge was closed for two nights, and it is to be opened again when the work on it"
    " has come to an end, which the council said would be soon.",
    "de": "Die Brücke ist für zwei Nächte gesperrt und wird nach den Arbeiten wieder"
    " geöffnet, wie der Rat am Montag mitteilte; auch der Weg zum Ufer ist nicht frei.",
    "fr": "Le pont est fermé pour deux nuits et il sera rouvert après les travaux, a dit le"
    " conseil dans une lettre aux habitants de la ville, qui ne sont pas contents.",
    "es": "El puente está cerrado por dos noches y se abre de nuevo cuando las obras"
    " terminen, según el consejo de la ciudad, que no dijo más sobre la fecha.",
    "pt": "A ponte está fechada por duas noites e não se sabe quando as obras vão terminar, disse o"
    " conselho da cidade, que também não falou sobre a data.",
    "it": "Il ponte è chiuso per due notti e non si sa quando i lavori finiranno, ha detto il"
    " consiglio della città, che non ha parlato della data con i cittadini.",
    "nl": "De brug is twee nachten gesloten en wordt weer geopend als het werk klaar is, zei de"
    " raad van de stad, die niet over de datum wilde spreken met de inwoners.",
    "sv": "Bron är stängd i två nätter och det är inte känt när arbetet kommer att vara klart, sa"
    " rådet, som inte ville tala om för oss när den ska öppnas.",
    "pl": "Most jest zamknięty na dwie noce i nie wiadomo, kiedy prace się skończą, jak"
    " powiedziała rada miasta, która nie chce mówić o tym, co będzie po tym.",
    "tr": "Köprü iki gece için kapalı ve ne zaman açılacağı belli değil, ancak şehir meclisi"
    " bir açıklama ile daha sonra bu konuda bilgi verecek olan kişileri söyledi.",
    "ru": "Мост закрыт на две ночи, и никто не знает, когда он снова будет открыт, сообщил совет.",
    "uk": "Міст зачинено на дві ночі, і ніхто не знає, коли його знову відкриють, повідомила рада.",
    "bg": "Мостът е затворен за две нощи и никой не знае кога отново ще бъде отворен, каза той.",
    "el": "Η γέφυρα έκλεισε για δύο νύχτες και κανείς δεν ξέρει πότε θα ανοίξει ξανά.",
    "he": "הגשר נסגר לשני לילות ואיש אינו יודע מתי ייפתח שוב, כך אמרה המועצה.",
    "ar": "أغلق الجسر لليلتين ولا أحد يعرف متى سيفتح مرة أخرى، كما قال المجلس.",
    "fa": "پل برای دو شب بسته شد و هیچ کس نمی‌داند چه زمانی دوباره باز می‌شود.",
    "hi": "पुल दो रातों के लिए बंद कर दिया गया और कोई नहीं जानता कि यह कब खुलेगा।",
    "th": "สะพานถูกปิดสองคืนและไม่มีใครรู้ว่าจะเปิดอีกครั้งเมื่อใด",
    "ja": "橋は二晩閉鎖され、いつ再び開くのかは誰にも分からないと議会は述べた。",
    "ko": "다리는 이틀 밤 동안 폐쇄되었으며 언제 다시 열릴지 아무도 모른다고 의회는 말했다.",
    "zh": "桥关闭了两夜，市议会说没有人知道什么时候会重新开放。",
}


@pytest.mark.parametrize("language", sorted(TOLD))
def test_languages_are_told_apart(language: str) -> None:
    assert language_of(TOLD[language]) == language


@pytest.mark.parametrize(
    "text", ["", "42", "Halden Bridge 2:1 Moss", "int main(void) { return a + b; }", "A. B. C. D."]
)
def test_too_little_speaks_for_none(text: str) -> None:
    assert language_of(text) == ""


def test_an_english_text_on_the_web_is_not_taken_for_another() -> None:
    # Small words of others are words of English too: as, do, no, die, am, or names: La Fe, Van.
    text = (
        "Do as I do: no man is to die in Los Angeles, as Van Dam and De La Fe have said, in May. "
    )
    assert language_of(text * 3) in ("en", "")


def read(text: str, lang: str) -> Article:
    html = f"<html{lang}><title>X 1</title><body><h1>X 1</h1><p>{text}</p><p>{text}</p>"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def test_what_a_template_declares_gives_way_to_the_script_of_the_text() -> None:
    assert read(TOLD["zh"] * 3, ' lang="en"').lang == "zh"
    assert read(TOLD["ru"] * 3, ' lang="en-US"').lang == "ru"
    assert read(TOLD["zh"] * 3, ' lang="zh-TW"').lang == "zh-Hant"
    assert read(TOLD["de"], ' lang="en"').lang == "en"  # words alone do not overrule it
    assert read(TOLD["de"], "").lang == "de"


def test_an_editors_word_stands() -> None:
    (article,) = clean(RawFile("2026-05/a.txt", f"X 1\n\n{TOLD['ru']}\n".encode(), b'lang = "be"'))
    assert isinstance(article, Article)
    assert (article.lang, article.found["lang"].origin) == ("be", Origin.EDITOR)
