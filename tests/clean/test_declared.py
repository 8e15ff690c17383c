"""Which encoding the head of a page declares, as browsers read it."""

import base64
import json

import pytest

from backissue.clean.declared import declared_labels
from backissue.clean.encoding import decode
from tests.shared import shared

POLISH = "Wisława ąćę łódź"
FRENCH = "naïve café déjà “vu”"
JAPANESE = "日本語の記事です。これは長い文章です。"


@pytest.mark.parametrize(
    ("head", "labels"),
    [
        (b"<meta charset=iso-8859-2>", ["iso-8859-2"]),
        (b"<META CharSet = 'ISO-8859-2' >", ["iso-8859-2"]),
        (b'<?xml version="1.0" encoding="EUC-JP"?><meta charset=big5>', ["euc-jp", "big5"]),
        (
            b"<meta content='text/html; charset=\"big5\"' http-equiv=content-type>",
            ["big5"],
        ),
        # What looks like a declaration and is none.
        (b"<!-- <meta charset=big5> --><p>", []),
        (b"<p title='<meta charset=big5>'>", []),
        (b"<meta name=description content='charset=big5'>", []),
        (b"<meta http-equiv=content-style-type content='text/html; charset=big5'>", []),
        (b"<meta http-equiv=content-type content='text/html; charset=\"big5'>", []),
        (b"<metadata charset=big5>", []),
        (b"<meta charset=big5", []),
        (b"<meta charset='big5>", []),
        # What browsers take for one all the same.
        (b"<style><meta charset=big5></style>", ["big5"]),
        (b'<meta " charset=big5>', ["big5"]),
        (b"<meta/charset=big5/>", ["big5/"]),
        (b"<meta charset=no-such><meta charset=big5>", ["no-such", "big5"]),
    ],
)
def test_a_declaration_is_found_where_a_browser_finds_one(head, labels):
    assert list(declared_labels(head)) == labels


def test_the_first_encoding_that_anybody_knows_is_used():
    head = b"<meta charset=no-such><meta charset=iso-8859-2><meta charset=windows-1252>"
    text, name = decode(head + POLISH.encode("iso-8859-2"))
    assert text.endswith(POLISH)
    assert name == "iso8859-2"


def test_a_declaration_in_a_comment_does_not_spoil_the_text():
    text, _ = decode(b"<!-- <meta charset=iso-8859-2> --><p>" + FRENCH.encode("cp1252"))
    assert text.endswith(FRENCH)


def test_the_cases_of_the_parser_s_own_tests_are_read_as_they_say():
    cases = json.loads(shared("corpora/security/html5lib_encoding.json").read_bytes())
    wrong = []
    for case in cases:
        name = case["encoding"].lower()
        words = POLISH if "8859" in name else JAPANESE if name == "euc-jp" else FRENCH
        text, _ = decode(base64.b64decode(case["data_b64"]) + b"<p>" + words.encode(name))
        if words not in text:
            wrong.append(case["id"])
    assert not wrong


def test_one_accent_among_latin_letters_is_no_cyrillic_letter() -> None:
    english = "The bridge was closed for two nights, and Ren\xe9e Moss opened it again. " * 5
    assert decode(english.encode("cp1252"))[0] == english
    russian = "Мост закрыли на две ночи, а потом снова открыли для всех. " * 5
    assert decode(russian.encode("cp1251")) == (russian, "cp1251")
