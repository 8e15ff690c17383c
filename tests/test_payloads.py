"""What is meant to run in a reader's browser does not, wherever in a raw file it stands.

The pages are opened in a browser without their content security policy, which is the second line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.security_browser import running, searching, troubles
from benchmarks.security_pages import PLACES, Payload, carriers, in_body
from tests.clean.test_hostile import PAYLOADS
from tests.conftest import Site

Make = Callable[..., Site]


@pytest.fixture(scope="module")
def payloads() -> list[Payload]:
    return [Payload(f"own {number}", text) for number, text in enumerate(PAYLOADS)]


def test_nothing_runs_on_any_page_and_nothing_is_asked_elsewhere(
    site: Make, payloads: list[Payload]
) -> None:
    one = site({carrier.file: carrier.data for carrier in carriers(payloads)})
    one.build()
    pages = [path.parent.relative_to(one.output) for path in one.output.rglob("index.html")]
    addresses = sorted(f"{path.as_posix()}/" for path in pages if path != Path())
    assert len(addresses) > len(payloads)
    assert not troubles(one.output, ["", *(page for page in addresses if page != "search/")])
    assert not searching(one.output, [payload.text for payload in payloads[::6]])


def test_the_same_payloads_run_where_they_stand_on_a_page_as_they_are(
    tmp_path: Path, payloads: list[Payload]
) -> None:
    ran = running(tmp_path, [in_body(payload.text).encode() for payload in payloads])
    assert ran >= 10  # the others are for older browsers, or for mistakes of other cleaners


@pytest.mark.parametrize("place", PLACES)
def test_every_place_holds_the_payload(place: str) -> None:
    assert "onerror" in PLACES[place][1]("<img src=x onerror=alert(1)>")
