"""The language of a text that nobody declared: by its script, then by its smallest words.

Articles, prepositions, conjunctions, pronouns and forms of "to be" make up a third to a half of any
running text and differ between languages; a few hundred words are enough to count them. The tables
are our own, written down from those closed classes of each language's grammar (not taken from a
corpus or a list); words that several of the languages share count for each. Letters that only one
language of a script has decide where the script is shared.
"""

from __future__ import annotations

from typing import Final

from backissue.patterns import pattern

SAMPLE: Final = 1200  # characters that are looked at
_LEAST: Final = 5  # small words that must be found
_SHARE: Final = 0.12  # of the words of a text: a list of names and numbers has fewer
_AHEAD: Final = 1.25  # times as many as the next language has

_SMALL: Final = {
    "en": "the of and to in is that it for was with as on are be this by from at have has not his"
    " which or an they you were their its who will we been would when what there more about"
    " if",
    "de": "der die das und ist nicht den von zu mit ein eine einen einer sich des im dem auf für"
    " auch es an werden wird aus bei nach als wie noch oder sind hat wurde über dass zum zur"
    " war",
    "fr": "le la les de des et est un une du dans en que qui pour sur pas par au avec il elle"
    " sont ce cette plus ne se ou aux été mais nous vous son sa ses leur comme être a ont",
    "es": "el la los las de y en que un una es del por con para se no su al lo como más pero sus"
    " ha este esta son fue han entre cuando también sobre sin muy desde hasta está",
    "pt": "o a os as de e em que um uma é do da dos das para com não por se no na mais como mas"
    " foi ao ele sua seu são pela pelo ou também está já isso entre nos nas às à",
    "it": "il lo la i gli le di e che è un una in per con non del della dei delle si da al alla"
    " sono più come anche ma ha nel nella dal ed questo questa essere stato sul dopo",
    "nl": "de het een en van is dat in te op niet met voor zijn er aan die ook als bij om wordt"
    " naar maar door uit over dan heeft worden nog werd deze hij zich was tot hebben kan",
    "sv": "och att det som en är på av för med den till inte har de om ett men var sig från vi"
    " han kan så när ska också efter eller under mot då hade över",
    "da": "og at det som en er på af for med den til ikke har de om et men var sig fra vi han kan"
    " så når skal også efter eller under mod blev hvor bliver",
    "no": "og at det som en er på av for med den til ikke har de om et men var seg fra vi han kan"
    " så når skal også etter eller under mot ble hvor blir",
    "fi": "ja on ei se että oli hän mutta myös kun ovat jos tai niin kuin joka joita sen tämä"
    " mukaan jotka vain nyt jo ole olla sitä sekä ne mitä vuoden",
    "pl": "w i na z się do nie to że jest o jak po co za od są oraz dla przez ale był tym jego"
    " które który może tego lub także być przy już czy ich",
    "cs": "a v se na je že s z do o i k to za by pro ale jsou jako po od jeho byl které který"
    " nebo také ve aby podle jsem když při už ze",
    "hu": "a az és hogy nem is egy ez meg volt csak már de el azt még van ki mint vagy ha lesz"
    " után szerint amely kell több ezt minden pedig",
    "ro": "și în de la a cu pe nu că din o un este care pentru mai să au fost dar sau ca prin"
    " după lui sunt acest această fi al ale iar către",
    "tr": "ve bir bu da de için ile çok olan olarak daha en gibi kadar sonra ancak ise değil ne"
    " var o her olduğunu ya tarafından göre oldu ki",
    "id": "yang dan di dari ini untuk dengan tidak itu dalam pada akan ke juga adalah sebagai"
    " oleh ada bisa telah karena kami mereka tersebut lebih saat atau",
    "vi": "và của là các có được cho trong không với một những người để khi này từ đã đến về cũng"
    " như ra sẽ tại nhiều vào đó",
}


def _by_word() -> dict[str, tuple[str, ...]]:
    known: dict[str, list[str]] = {}
    for language, words in _SMALL.items():
        for word in dict.fromkeys(words.split()):
            if len(word) == 1 and word.isascii():
                continue  # an item's letter, a variable, a mathematician's point
            known.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in known.items()}


_BY_WORD: Final = _by_word()
_WORD: Final = pattern(r"[^\W\d_]+")
# A script, its letters, and who writes it: the language with letters that the others lack first.
_SCRIPTS: Final = tuple(
    (pattern(letters), tuple((lang, pattern(own)) for lang, own in languages), rest)
    for letters, languages, rest in (
        (
            "[\u0400-\u04ff]",
            (("uk", "[іїєґ]"), ("sr", "[ђћљњџ]"), ("ru", "[ыэ]"), ("bg", "ъ")),
            "ru",
        ),
        ("[\u0600-\u06ff]", (("ur", "[ٹڈڑے]"), ("fa", "[پچژگ]")), "ar"),
        ("[\u0370-\u03ff]", (), "el"),
        ("[\u0590-\u05ff]", (), "he"),
        ("[\u0900-\u097f]", (), "hi"),
        ("[\u0980-\u09ff]", (), "bn"),
        ("[\u0b80-\u0bff]", (), "ta"),
        ("[\u0e00-\u0e7f]", (), "th"),
        ("[\u10a0-\u10ff]", (), "ka"),
    )
)
_OTHER: Final = pattern("[\u0370-\u1fff\u3040-\ud7af]")
_KANA: Final = pattern("[\u3040-\u30ff]")
_HANGUL: Final = pattern("[\uac00-\ud7af]")
_HAN: Final = pattern("[\u3400-\u9fff]")
_MOST: Final = 0.5  # of the letters of a text that is written in a script


def language_of(text: str) -> str:
    """Return the language of ``text`` as a code of ISO 639-1, or "" on too little evidence.

    A text of two languages has the one that says more of it.
    """
    sample = text[:SAMPLE]
    if not sample.isascii():
        found = script_language(sample)
        if found:
            return found
    counts: dict[str, int] = {}
    words = _WORD.findall(sample.lower())
    for word in words:
        for language in _BY_WORD.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return ""
    best, most = ranked[0]
    next_most = ranked[1][1] if len(ranked) > 1 else 0
    told = most >= max(_LEAST, _SHARE * len(words))
    if {best, ranked[1][0] if len(ranked) > 1 else ""} == {"da", "no"}:
        return best if told else ""  # they differ in a few words only
    return best if told and most >= _AHEAD * next_most else ""


def script_language(text: str) -> str:
    """Return the language that the script of most of ``text`` speaks for, or ""."""
    sample = text[:SAMPLE]
    if len(_OTHER.findall(sample)) * 25 < len(sample):
        return ""  # Latin, as most are; its dashes and quotation marks stand at U+20xx
    letters = sum(map(str.isalpha, sample)) or 1
    kana, hangul = len(_KANA.findall(sample)), len(_HANGUL.findall(sample))
    if kana * 20 > letters:
        return "ja"
    if hangul * 5 > letters:
        return "ko"
    if len(_HAN.findall(sample)) > max(1, letters // 4):
        return "zh"
    for script, languages, rest in _SCRIPTS:
        if script.search(sample) and len(script.findall(sample)) > _MOST * letters:
            lowered = sample.lower()
            return next((lang for lang, own in languages if own.search(lowered)), rest)
    return ""
