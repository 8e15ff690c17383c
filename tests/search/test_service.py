"""The service answers as the index does, refuses what is wrong, and follows a publish."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path

import pytest

from backissue.search import search
from backissue.search.service import A_LISTING, application
from benchmarks.search_service import serving

from .samples import documents, export_to, write

pytest.importorskip("httpx", reason="the test client of starlette needs httpx")
testclient = pytest.importorskip("starlette.testclient", reason="starlette is absent")


def test_the_service_answers_as_the_index_does(tmp_path: Path) -> None:
    root = write(tmp_path / "index", documents(60))
    site = tmp_path / "site"
    client = testclient.TestClient(application(site_with(site)))
    assert client.get("/healthz").status_code == 503
    export_to(root, site / "search")
    answer = client.get("/api/search", params={"q": "reasoning tokens"}).json()
    expected = search(root, "reasoning tokens")
    assert answer["total"] == expected.total
    assert [hit["url"] for hit in answer["hits"]] == [hit.url for hit in expected.hits]
    assert client.get("/api/search", params={"limit": "101"}).status_code == 400
    assert client.get("/api/search", params={"q": "x" * 1001}).status_code == 400
    export_to(write(root, documents(90, seed=2)), site / "search")
    assert client.get("/healthz").json()["articles"] == 90
    assert 'requests_total{status="200"} 1' in client.get("/metrics").text
    assert client.get("/search/engine.js").status_code == 200


def site_with(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_search_that_another_version_wrote_is_said_to_be_one(tmp_path: Path) -> None:
    export_to(write(tmp_path / "index", documents(5)), tmp_path / "search")
    manifest = tmp_path / "search" / "manifest.json"
    written = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**written, "format": written["format"] - 1}))
    client = testclient.TestClient(application(tmp_path))
    for address, word in (("/healthz", "status"), ("/api/search?q=reasoning", "error")):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "publish the site again" in answer.json()[word]
    manifest.write_text(json.dumps(written))
    assert client.get("/healthz").json()["articles"] == 5


def test_the_command_serves_the_site_it_is_given(tmp_path: Path) -> None:
    pytest.importorskip("granian", reason="granian is absent")
    root = write(tmp_path / "index", documents(30))
    export_to(root, tmp_path / "site" / "search")
    with serving(tmp_path / "site") as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/healthz")
        assert json.load(connection.getresponse()) == {"status": "ok", "articles": 30}


def test_a_query_that_asks_for_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "index", documents(60))
    export_to(root, tmp_path / "site" / "search")
    client = testclient.TestClient(application(tmp_path / "site"))
    assert client.get("/api/search", params={"q": "reasoning tokens"}).status_code == 200
    monkeypatch.setattr("backissue.search.service.BUDGET", 2 * A_LISTING)
    answer = client.get("/api/search", params={"q": "open source model"})
    assert answer.status_code == 400
    assert "too much" in answer.json()["error"]
    known = client.get("/api/search", params={"q": "reasoning tokens"})
    assert known.status_code == 200  # it was answered before, and costs nothing now
