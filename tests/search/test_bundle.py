"""The engine as one file: it loads no other, and modules that do not fit are told."""

import re

import pytest

from backissue.search.bundle import bundle
from backissue.search.export import engine


def test_the_engine_and_its_worker_load_no_other_file() -> None:
    files = {name: data.decode() for name, data in engine()}
    assert set(files) == {"engine.js", "worker.js", "offline.js"}
    for text in files.values():
        assert not re.search(r"\bimport\s*[{*\"]|\bfrom\s*\"\./", text)
    assert re.search(r"\bexport const\{open\b", files["engine.js"])


def test_modules_come_after_those_that_they_import() -> None:
    modules = {
        "a": 'import { b } from "./b.js";\n\n// Says it.\nexport const a = () => b + 1;\n',
        "b": "/** One. */\nexport const b = 1; // the first\n",
    }
    assert bundle(modules, "a").splitlines()[1:] == [
        "const $b=(()=>{const b=1;return{b};})();"
        "const $a=(()=>{const{b}=$b;const a=()=>b+1;return{a};})();"
        "export const{a}=$a;",
    ]


def test_a_circle_and_a_form_that_cannot_be_joined_are_errors() -> None:
    circle = {
        "a": 'import { b } from "./b.js";\nexport const a = b;\n',
        "b": 'import { a } from "./a.js";\nexport const b = a;\n',
    }
    with pytest.raises(ValueError, match="circle"):
        bundle(circle, "a")
    with pytest.raises(ValueError, match="cannot be joined"):
        bundle({"a": "export default 1;\n"}, "a")
