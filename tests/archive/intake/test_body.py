"""Bodies made ready for their pages."""

from backissue.archive.intake.body import dress, plain_text, reading_time


def test_headings_get_anchors_of_their_own() -> None:
    body = dress("<h2>Costs</h2><p>a</p><h2>Costs</h2><p>b</p>", "a b", "en")
    assert '<h2 id="s-costs">Costs</h2>' in body.html
    assert '<h2 id="s-costs-2">Costs</h2>' in body.html


def test_a_long_article_has_a_table_of_contents_and_a_short_one_none() -> None:
    headings = "".join(f"<h2>Part {n}</h2><p>x</p>" for n in range(4))
    assert [line.text for line in dress(headings, "", "en").toc] == [f"Part {n}" for n in range(4)]
    assert dress("<h2>One</h2><p>x</p>", "", "en").toc == ()


def test_a_very_long_article_has_its_upper_headings_in_its_table_of_contents() -> None:
    part = "<h2>Part</h2>" + "<h3>Section</h3><p>x</p>" * 3 + "<h4>Note</h4><p>x</p>" * 4
    body = dress(part * 6, "", "en")
    assert [line.level for line in body.toc] == 6 * [2, 3, 3, 3]
    assert body.html.count(' id="s-') == 48
    flat = dress("<h2>One</h2>" + "<h3>Section</h3><p>x</p>" * 30, "", "en")
    assert len(flat.toc) == 31
    assert len(dress("<h2>Part</h2><p>x</p>" * 40, "", "en").toc) == 40


def test_a_table_stands_in_a_box_that_says_what_it_is() -> None:
    html = "<p>a</p><table><caption>Costs & gains</caption><tr><td>1</td></tr></table>tail"
    body = dress(html.replace("&", "&amp;"), "", "en")
    assert 'aria-label="Table 1: Costs &amp; gains"' in body.html
    assert body.html.index("</table></section>tail") > 0


def test_a_page_asks_nothing_of_somebody_elses_server() -> None:
    body = dress(
        '<figure><img src="https://a.example/x.png" alt="A chart"><figcaption>c</figcaption>'
        '</figure><p>in <img src="data:image/gif;base64,R0=" alt=""> line</p>',
        "",
        "en",
    )
    assert "<img" not in body.html
    assert 'href="https://a.example/x.png"' in body.html
    assert ">A chart</a>" in body.html
    assert "in " in body.html
    assert " line" in body.html


def test_reading_time_counts_chinese_by_characters() -> None:
    assert reading_time("word " * 476) == (476, 2)
    assert reading_time("字" * 520) == (520, 2)
    assert reading_time("") == (0, 1)


def test_plain_text_is_one_line() -> None:
    assert plain_text("<p>a\n b</p> <p>c &amp; d</p>") == "a b c & d"
    assert plain_text("") == ""


def test_a_link_that_leads_nowhere_from_here_leaves_its_words() -> None:
    body = dress(
        '<p><a href="/print/7">Print</a> <a href="https://a.example/">on</a></p>', "", "en"
    )
    assert body.html == '<p>Print <a href="https://a.example/">on</a></p>'


def test_a_table_of_a_chinese_article_is_named_in_chinese() -> None:
    assert 'aria-label="表 1"' in dress("<table><tr><td>1</td></tr></table>", "", "zh").html


def test_a_picture_within_a_link_makes_no_link_within_a_link() -> None:
    html = '<p><a href="https://a.example/"><img src="https://a.example/x.png" alt="x"></a></p>'
    assert dress(html, "", "en").html.count("<a ") == 1


def test_a_picture_saved_beside_a_page_is_linked_to_on_no_server() -> None:
    html = '<p><img src="https://a.example/2026/The%20mill_files/photo.jpg" alt="The mill"></p>'
    body = dress(html, "", "en").html
    assert "href" not in body
    assert "The mill" in body


def test_a_picture_without_a_description_is_called_so_in_the_language_of_the_article():
    html = '<p><img src="https://a.example/x.png"></p>'
    assert ">图片</a>" in dress(html, "", "zh").html
    assert ">Picture</a>" in dress(html, "", "en").html
