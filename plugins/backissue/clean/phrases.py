"""What words.py knows of English, in the other languages that news is most written in.

Each line is a regular expression that a whole line of a page must match. Its first four letters, or
all of a shorter word (in Chinese, Japanese and Korean two characters), are taken as they stand: by
them the few expressions that can match at all are found, so that the rest cost nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from backissue.patterns import pattern

_WORD: Final = pattern(r"[^\W\d_]{1,4}")
_WIDE: Final = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_START: Final = pattern(r"[\W_]*")


class Phrases:
    """Expressions, found by the letters with which each begins."""

    __slots__ = ("_compiled", "_lines")

    def __init__(self, lines: str) -> None:
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._compiled: dict[str, re.Pattern[str]] = {}
        for line in filter(None, map(str.strip, lines.splitlines())):
            self._lines[_first(line, 0)].append(line)

    def match(self, text: str) -> bool:
        """Return whether ``text``, without marks around it, is one of the phrases."""
        found = _START.match(text)
        at = found.end() if found else 0
        first = _first(text, at)
        if first not in self._lines:
            return False
        known = self._compiled.get(first)
        if known is None:
            lines = "|".join(self._lines[first])
            known = self._compiled[first] = re.compile(rf"(?:{lines})\W*\Z", re.IGNORECASE)
        return known.match(text, at) is not None


def _first(text: str, at: int) -> str:
    """How a word at a place of a text begins: in scripts without spaces with two characters."""
    if _WIDE.match(text, at):
        return text[at : at + 2]
    word = _WORD.match(text, at)
    return word.group().casefold() if word else ""


# Lines by which pages point elsewhere, share or advertise.
POINTING: Final = Phrases(
    r"""
    lesen sie (?:auch|mehr|dazu|hier)(?: .{0,10})?(?:\s*[:：].{0,300})?
    mehr (?:zum thema|dazu|lesen|erfahren|anzeigen|infos?)(?:\s*[:：].{0,300})?
    auch interessant(?:\s*[:：].{0,300})?
    anzeige
    werbung
    artikel (?:teilen|drucken|merken|anhören)
    teilen(?: (?:auf|per|via|sie|mit) .{0,40})?
    weiterlesen
    weiter lesen
    nach oben
    kommentieren
    kommentare? (?:lesen|schreiben|anzeigen)
    newsletter (?:abonnieren|bestellen|anmelden).{0,40}
    foto(?:s|grafía)?(?: de)?\s*[:：].{0,120}
    bild\s*[:：].{0,120}
    quelle\s*[:：].{0,120}
    bildquelle\s*[:：].{0,120}
    alle rechte vorbehalten.{0,80}
    stand\s*[:：]\s*\d.{0,40}
    lire (?:aussi|également|la suite|plus)(?:\s*[:：].{0,300})?
    à (?:lire|voir|écouter|découvrir)(?: (?:aussi|également|ensuite))?(?:\s*[:：].{0,300})?
    voir (?:aussi|également|plus)(?:\s*[:：].{0,300})?
    publicité
    partager(?: (?:sur|cet|l['’]|par).{0,40})?
    imprimer
    commenter
    crédits?(?: photo)?\s*[:：].{0,120}
    photo\s*[:：].{0,120}
    tous droits réservés.{0,80}
    haut de page
    retour en haut
    la suite après (?:la|cette) publicité
    lea también(?:\s*[:：].{0,300})?
    lee (?:también|además|más)(?:\s*[:：].{0,300})?
    leer (?:también|más)(?:\s*[:：].{0,300})?
    ver (?:también|más|mais)(?:\s*[:：].{0,300})?
    te puede interesar(?:\s*[:：].{0,300})?
    publicidad
    compartir(?: (?:en|por|vía|este) .{0,40})?
    síguenos (?:en|a través) .{0,120}
    suscríbete .{0,120}
    fuente\s*[:：].{0,120}
    imagen\s*[:：].{0,120}
    todos (?:los derechos reservados|os direitos reservados).{0,80}
    leia (?:também|mais|ainda)(?:\s*[:：].{0,300})?
    veja (?:também|mais|ainda)(?:\s*[:：].{0,300})?
    saiba mais(?:\s*[:：].{0,300})?
    publicidade
    continua (?:após|depois d)[ae] publicidade
    compartilh(?:e|ar)(?: .{0,40})?
    compartilhar(?: .{0,40})?
    compartilhe(?: .{0,40})?
    fonte\s*[:：].{0,120}
    foto de .{0,80}
    leggi (?:anche|tutto|di più)(?:\s*[:：].{0,300})?
    guarda anche(?:\s*[:：].{0,300})?
    pubblicità
    continua a leggere.{0,60}
    condividi(?: (?:su|l|questo|via).{0,40})?
    tutti i diritti riservati.{0,80}
    riproduzione riservata.{0,40}
    lees (?:ook|meer|verder)(?:\s*[:：].{0,300})?
    deel (?:dit|via|op) .{0,40}
    advertentie
    czytaj (?:także|też|więcej|dalej)(?:\s*[:：].{0,300})?
    zobacz (?:także|też|również|więcej)(?:\s*[:：].{0,300})?
    przeczytaj (?:także|też|również)(?:\s*[:：].{0,300})?
    reklama
    udostępnij.{0,30}
    čtěte (?:také|též|dále)(?:\s*[:：].{0,300})?
    sdílet.{0,30}
    reklam
    paylaş.{0,20}
    ayrıca (?:bakınız|oku(?:yun)?)(?:\s*[:：].{0,300})?
    читайте (?:также|ещё|еще|далее)(?:\s*[:：].{0,300})?
    смотрите (?:также|ещё|еще)(?:\s*[:：].{0,300})?
    реклама
    поделиться(?: .{0,30})?
    подписывайтесь на .{0,160}
    подпишитесь на .{0,160}
    фото\s*[:：].{0,120}
    источник\s*[:：].{0,120}
    اقرأ (?:أيضا|أيضًا|أيضاً|المزيد)(?:\s*[:：].{0,300})?
    إعلان
    شارك(?: .{0,30})?
    関連記事(?:はこちら)?(?:\s*[:：].{0,200})?
    続きを読む.{0,20}
    もっと(?:見る|読む)
    この記事をシェア.{0,10}
    この記事を共有.{0,10}
    シェア(?:する|ボタン)?
    ツイート(?:する)?
    広告
    スポンサー(?:ド)?リンク
    画像(?:提供|出典|引用)?\s*[:：].{0,60}
    写真\s*[:：＝].{0,60}
    出典\s*[:：].{0,80}
    무단 ?전재.{0,60}
    저작권자.{0,80}
    공유하기
    기사 ?공유.{0,10}
    기사 ?(?:공유|원문|제보).{0,20}
    구독하기
    댓글(?: ?쓰기)?
    사진\s*[=:：].{0,60}
    사진 ?(?:제공|출처)\s*[=:：].{0,60}
    출처\s*[:：].{0,60}
    關注.{0,40}
    掃碼.{0,40}
    圖片(?:來源|提供)?\s*[:：／/].{0,60}
    图片(?:来源|提供)?\s*[:：／/].{0,60}
    图源\s*[:：／/].{0,60}
    圖源\s*[:：／/].{0,60}
    点击下方.{0,60}
    點擊.{0,30}
    閱讀(?:原文|更多|全文).{0,30}
    版权(?:归|所有|声明).{0,120}
    版權(?:歸|所有|聲明).{0,120}
    未经(?:授权|许可|书面).{0,80}
    未經(?:授權|許可|同意).{0,80}
    编辑\s*[:：].{1,12}
    編輯\s*[:：].{1,12}
    """
)
# Headings of sections that are not the article.
SECTIONS: Final = Phrases(
    r"""
    mehr (?:zum thema|aus|von|zu|artikel|nachrichten)\b.{0,40}
    das könnte (?:sie|dich|ihnen|euch) (?:auch )?(?:interessieren|gefallen)
    weitere (?:artikel|themen|nachrichten|meldungen|beiträge|news|links)(?: .{0,30})?
    ähnliche (?:artikel|themen|beiträge)
    verwandte (?:artikel|themen|beiträge)
    passend zum (?:thema|artikel)
    zum thema
    themen(?: .{0,20})?
    meistgelesen(?:e(?: artikel)?)?
    meist gelesen
    beliebte(?:ste)? (?:artikel|beiträge)
    kommentare?(?: \(?\d+\)?)?
    kommentar (?:schreiben|hinterlassen|verfassen)
    schreiben? sie einen kommentar.{0,20}
    schreibe einen kommentar.{0,20}
    diskutieren sie .{0,40}
    diskussion
    leserkommentare
    schlagwörter
    schlagworte
    lesetipps
    empfehlungen
    schlagwörter.{0,80}
    schlagworte.{0,80}
    über (?:den|die) autor(?:in|en)?.{0,40}
    neueste (?:artikel|beiträge|kommentare|nachrichten|meldungen)
    aktuelle (?:nachrichten|artikel|meldungen)
    articles? (?:similaires?|liés?|connexes?|recommandés?|associés?|populaires?|récents?)
    sur le même (?:sujet|thème)
    dans la même (?:rubrique|catégorie)
    les (?:plus lus|articles les plus lus|plus populaires|plus partagés)
    commentaires?(?: \(?\d+\)?)?
    laisser un commentaire
    laissez un commentaire
    vous aimerez (?:aussi|peut-être).{0,20}
    vous pourriez (?:aussi|également) aimer
    ceci peut vous intéresser
    à propos de l['’]auteur.{0,20}
    à (?:propos de l['’]aut(?:eur|rice).{0,20}|lire (?:aussi|également|ensuite)|ne pas manquer)
    dernières? (?:actualités?|nouvelles?|infos?|articles?|news).{0,20}
    nos derni(?:ers|ères) .{0,30}
    partager(?: .{0,40})?
    réagir.{0,20}
    te puede(?:n)? (?:también )?interesar.{0,20}
    también te puede(?:n)? interesar.{0,20}
    quizás? (?:también )?te (?:interese|guste).{0,10}
    le puede interesar
    noticias relacionad[ao]s
    notícias relacionad[ao]s
    notas relacionadas
    notícias (?:relacionadas|recentes)
    últimas notícias
    artículos? (?:relacionados?|recientes?|similares?)
    artigos? (?:relacionados?|recentes?|similares?)
    contenidos? relacionados?
    conteúdos? relacionados?
    matérias? relacionadas?
    relacionad[ao]s
    relacionados
    relacionadas
    lo (?:más|último)(?: .{0,20})?
    más (?:noticias|leíd[ao]s?|vist[ao]s?|información|sobre|de|en)\b.{0,30}
    comentarios?(?: \(?\d+\)?)?
    comentários?(?: \(?\d+\)?)?
    deja (?:un|tu) comentario
    deixe (?:um|seu) comentário
    últimas (?:noticias|notícias|entradas).{0,20}
    etiquetas.{0,60}
    archivado en.{0,60}
    mais (?:lidas?|notícias|sobre|de|em)\b.{0,30}
    recomendad[ao]s?(?: para .{0,20})?
    recomendado(?: para .{0,20})?
    recomendados(?: para .{0,20})?
    recomendadas(?: para .{0,20})?
    tópicos relacionados
    leia (?:também|mais)
    veja (?:também|mais)
    ti potrebbe(?:ro)? (?:anche )?interessare.{0,20}
    potrebbe(?:ro)? interessarti(?: anche)?
    articoli (?:correlati|simili|recenti|consigliati)
    notizie correlate
    correlati
    i più letti
    commenti(?: \(?\d+\)?)?
    lascia un commento
    ultime notizie.{0,20}
    leggi anche
    guarda anche
    gerelateerde? .{0,30}
    meest gelezen.{0,20}
    reacties?(?: \(?\d+\)?)?
    plaats een reactie
    meer (?:over|nieuws|lezen|van)\b.{0,30}
    laatste nieuws
    over de auteur.{0,20}
    powiązane(?: artykuły)?
    podobne (?:artykuły|wpisy)
    polecane.{0,20}
    komentarze(?: \(?\d+\)?)?
    dodaj komentarz
    najczęściej czytane
    najnowsze.{0,20}
    související (?:články|témata|zprávy)
    mohlo by vás (?:také )?zajímat.{0,10}
    komentáře(?: \(?\d+\)?)?
    diskuse(?: \(?\d+\)?)?
    nejčtenější.{0,20}
    další články.{0,20}
    právě se děje
    ilgili (?:haberler|yazılar|konular|içerikler)
    yorumlar(?: \(?\d+\)?)?
    yorum yap(?:ın)?
    bunlar da ilginizi çekebilir
    ilginizi çekebilir
    en çok okunan(?:lar)?
    relaterade? (?:artiklar|nyheter)
    läs (?:mer|också|även)(?: .{0,30})?
    les (?:også|mer)(?: .{0,30})?
    læs (?:også|mere)(?: .{0,30})?
    mest (?:lästa|leste|læste).{0,10}
    материалы по теме
    по теме
    ещё по теме
    еще по теме
    похожие (?:статьи|новости|материалы|записи|публикации)
    новости по теме
    новости партнеров
    новости партнёров
    популярн(?:ое|ые .{0,20})
    популярное
    популярные .{0,20}
    самое (?:читаемое|популярное|интересное)
    комментарии(?: \(?\d+\)?)?
    комментариев.{0,10}
    оставить комментарий
    добавить комментарий
    последние новости
    главные новости
    рекомендуем.{0,20}
    рекомендации
    об авторе.{0,20}
    теги.{0,80}
    метки.{0,80}
    читайте также
    смотрите также
    مقالات (?:ذات صلة|مشابهة)
    مواضيع (?:ذات صلة|متعلقة)
    أخبار (?:ذات صلة|متعلقة)
    الأكثر (?:قراءة|مشاهدة|تداولا)
    التعليقات
    تعليقات
    أضف تعليق.{0,10}
    اقرأ (?:أيضا|أيضًا|أيضاً)
    関連(?:する)?(?:記事|ニュース|リンク|キーワード|タグ|情報|商品|トピックス?).{0,6}
    おすすめ(?:の)?(?:記事|ニュース|コンテンツ)?
    あわせて読みたい.{0,10}
    こちらもおすすめ
    この記事(?:の著者|を書いた人|に関する.{0,10}|を読んだ.{0,12})
    人気(?:の)?(?:記事|ニュース|ランキング|キーワード|タグ).{0,8}
    ランキング
    アクセスランキング
    最新(?:の)?(?:記事|ニュース|情報|文章).{0,6}
    最新(?:新闻|新聞|资讯|資訊|消息|评论|动态).{0,6}
    新着(?:記事|ニュース|情報).{0,6}
    注目(?:の)?(?:記事|ニュース|キーワード).{0,6}
    コメント(?:を残す|一覧|[(（]?\d+件?[)）]?)?
    관련 ?(?:기사|뉴스|글|키워드|콘텐츠).{0,6}
    많이 ?본 ?(?:뉴스|기사|글).{0,6}
    인기 ?(?:기사|뉴스|글|검색어).{0,6}
    최신 ?(?:기사|뉴스|글).{0,6}
    추천 ?(?:기사|뉴스|글).{0,6}
    댓글 ?[(（]?\d*[)）]?개?
    이 기사를? .{0,16}
    태그.{0,40}
    相關(?:閱讀|文章|新聞|推薦|報導|報道|連結|標籤|主題).{0,10}
    延伸閱讀.{0,10}
    熱門(?:文章|新聞|推薦|話題|討論|排行|點擊|關鍵字)?.{0,4}
    热门(?:文章|新闻|推荐|话题|评论|讨论|排行|标签|视频|搜索|资讯|阅读)?.?
    推薦(?:閱讀|文章|新聞|影片)?
    精彩(?:推荐|视频推荐|推薦|评论|阅读|内容|图集|专题).{0,4}
    猜你喜欢.{0,4}
    猜你喜歡.{0,4}
    大家都在(?:看|搜).{0,4}
    你可能(?:也|还|會|会)?(?:喜欢|感兴趣|喜歡|感興趣|想看).{0,6}
    更多(?:文章|新闻|资讯|内容|报道|推荐|阅读|动态|视频)
    更多(?:精彩.{0,6}|相关.{0,6}|新聞|資訊|報導|推薦|閱讀)
    网友评论.{0,6}
    最热评论
    发表(?:评论|留言).{0,10}
    發表(?:評論|留言|迴響).{0,10}
    评论(?:区|列表|加载中|[(（]\d+[)）])?
    留言(?:板|列表|[(（]?\d+[)）]?)?
    作者简介
    关于作者
    關於作者
    上一篇.{0,80}
    下一篇.{0,80}
    """
)
