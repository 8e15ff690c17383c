"""What lines say that are no part of an article: pointers, tails, requests, bylines.

Each pattern was seen on several sites of the tuning half of the extraction corpus; none names
a site.
"""

from __future__ import annotations

import re
from typing import Final

from backissue.patterns import pattern

from .phrases import POINTING, SECTIONS

# Lines by which pages point elsewhere. Each was seen on several sites of the tuning half.
POINTERS: Final = pattern(
    r"^\W*(?:"
    r"advert(?:isement|ising)?|ad|sponsored(?: content)?|(?:story "
    r"|article )?continues? (?:reading )?(?:below|after|the main story).{0,40}"
    r"|advertisement\W+(?:story |article )?continues? .{0,30}"
    r"|(?:also |further |must[- ])?read(?: (?:also|more|next|now|this|too))?\s*[:：|].{0,300}"
    r"|read (?:also|more|next|our|the full).{0,120}"
    r"|(?:see|also see|see also|watch(?: also)?|more|related(?: \w+)?|don(?:'|’)t miss"
    r"|editor(?:'|’)?s?(?:'|’)? (?:picks?|note)|recommended|explore further|click here.{0,80}"
    r"|listen)\s*(?:[:：>»].{0,300})?"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,60}"
    r"|(?:please )?(?:sign up|subscribe|register|log in|sign in)\b.{0,200}"
    r"|(?:follow|like|join|find) (?:us|me|our|him|her|them)\b.{0,160}"
    r"|follow [\w .’'@]{2,60} on (?:twitter|facebook|instagram|x|linkedin|telegram"
    r"|whatsapp).{0,120}"
    r"|(?:share|tweet|pin|e-?mail|print|copy link|save|comment|comments|reply|facebook|twitter"
    r"|linkedin|whatsapp|telegram|reddit|flipboard|pinterest)(?: (?:this|on|it|via|with|article"
    r"|story|link|facebook|twitter|linkedin|whatsapp|page|post|to|by|tweet|e-?mail|print|share))*"
    r"|(?:back|return|scroll) to (?:the )?top.{0,20}|top|close|caption|loading\W*|show more"
    r"|load more|see more|view more|more info|view (?:all|gallery|photos).{0,40}|next|previous"
    r"|prev|skip.{0,40}"
    r"|(?:photo|image|picture|credit|credits|photograph|source)\s?(?:by|credit|courtesy"
    r"|copyright)?\s?[:：].{0,120}"
    r"|(?:share|leave|post|add|write) (?:a |your )?(?:comment|reply|thoughts?).{0,60}"
    r"|\d+ (?:comments?|shares?|likes?|views?|replies)"
    r"|the post .{1,200} (?:first appeared|appeared first) on .{1,100}"
    r"|all rights reserved.{0,100}|copyright\b.{0,160}|©.{0,160}"
    r"|(?:tags?|topics?|filed under|categor(?:y|ies)|posted in|keywords)\s*[:：].{0,300}"
    r"|(?:last )?(?:updated|published|posted|modified)\b(?! by\b).{0,60}"
    r"|\d+ min(?:ute)?s?(?: read)?|reading time.{0,30}"
    r"|(?:listen to )?this (?:article|story|audio) (?:is|was) (?:read|narrated|voiced|generated)"
    r" .{0,40}\b(?:voice|ai|computer|software)\b.{0,200}"
    r"|view (?:this )?(?:e-?mail|newsletter|message|it)? ?(?:in|on) (?:your|a|the) (?:web )?browser"
    r"|(?:you(?:’|')?(?: are|re)? receiv(?:ed|ing)|you (?:have )?received|you got) this"
    r" (?:e-?mail|newsletter|message|letter)\b.{0,250}"
    r"|(?:click here to )?unsubscribe\b.{0,160}|(?:update|manage) your preferences.{0,80}"
    r"|分享(?:到)?.{0,30}|责任编辑.{0,30}|(?:延伸|相关|推荐)阅读.{0,100}|打开\s?app.{0,30}"
    r"|点击.{0,30}|(?:阅读|查看)(?:原文|更多).{0,30}|(?:扫码|关注).{0,60}|更多.{0,30}>+"
    r")\W*$",
    re.IGNORECASE,
)
# Headings of sections that are not the article.
TAILS: Final = pattern(
    r"^\W*(?:related(?: \w+){0,3}|(?:most )?(?:popular|read|viewed)(?: \w+){0,2}"
    r"|trending(?: \w+){0,5}|more (?:[\w.]+ ){0,3}(?:from|on|in|about|stories|news|articles"
    r"|posts|like this)\b.{0,60}|you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,40}"
    r"|recommended(?: \w+){0,3}|read (?:next|more|also)|up next|what to read next|keep reading"
    r"|latest(?: \w+){0,2}|recent (?:posts|articles|news|stories|comments)"
    r"|(?:\d+ )?comments?(?: \(\d+\))?|leave a (?:reply|comment)|join the (?:conversation"
    r"|discussion)|(?:\d+ )?responses?(?: to .*)?|discussion|reader comments"
    r"|about (?:the )?authors?|join (?:our|the) .{0,40}newsletter"
    r"|(?:share|tags?|topics|newsletter|subscribe|advertisement"
    r"|sponsored)\b.{0,50}|sign up .{0,80}|get (?:the|our) .{0,60}newsletter.{0,40}"
    r"|subscribe .{0,60}|stay (?:informed|connected|up to date|in touch).{0,40}"
    r"|similar (?:posts|articles|stories)|other (?:posts|articles|stories|news).{0,20}"
    r"|in (?:this|other) (?:section|news)|editor(?:'|’)?s?(?:'|’)? picks?|must[- ]reads?"
    r"|don(?:'|’)t miss|see also|further reading|also in .{0,30}|top stories|around the web"
    r"|from the web|more headlines|next article|previous article"
    r"|相关(?:阅读|文章|新闻|推荐|报道).{0,10}|推荐(?:阅读|文章)?|\d+\s*条评论|延伸阅读.{0,10}"
    r")\W*$",
    re.IGNORECASE,
)


def points(text: str) -> bool:
    """Return whether a line points elsewhere, in any of the languages."""
    return POINTERS.match(text) is not None or POINTING.match(text)


def heads_tail(text: str) -> bool:
    """Return whether a heading is one of a section that is not the article."""
    return TAILS.match(text) is not None or SECTIONS.match(text)


# Of these, the ones that never head a part of an article.
SURE_TAIL: Final = pattern(
    r"comment|respon|reply|author|newsletter|subscribe|sign up|share|conversation|related"
    r"|more from|"
    r"you (?:may|might)|read next|up next|sponsored|advertis|inbox|评论|相关|热门|推荐|comment"
    r"|kommentar|komment|relacionad|correlat|ähnlich|verwandt|interes|gerelateerd|similair"
    r"|reacties|коммент|похож|по теме|関連|おすすめ|コメント|관련|댓글|相關|熱門|推薦|留言|猜你",
    re.IGNORECASE,
)
# The line of an article's tags, and a finger that points to another page.
TAGGED: Final = pattern(
    r"^\W*(?:tags?|tagged(?: (?:as|with))?|topics?|filed under|keywords|categories|posted in"
    r"|标签|標籤|关键词|關鍵字|タグ|キーワード|태그|теги|метки|etiquetas|etichette|tagi|etiketler"
    r"|schlagw[oö]rter|schlagworte|themen|temas|sujets|thèmes|argomenti|palabras clave"
    r"|palavras-chave|parole chiave|mots[- ]clés|trefwoorden|کلیدواژه|الوسوم|كلمات مفتاحية)"
    r"(?![a-z ]*\b(?:is|are|was|were|has|have)\b)",
    re.IGNORECASE,
)
FINGER: Final = pattern(r"^\s*[\U0001F449\u27A1\u25B6\u261E\u23E9\u2192\u25BA][\uFE0F\s]*\w")
# Headings of lists that belong to an article though they are made of links.
SOURCES: Final = pattern(
    r"^\W*(?:(?:primary |key |other )?(?:sources?|references?|citations?|bibliography"
    r"|works cited|(?:end|foot)?notes)(?: (?:and|&) (?:\w+ ){0,2}\w+)?"
    r"|links(?: (?:and|&) \w+)?|参考(?:资料|文献|链接|文章|来源)?"
    r"|參考(?:資料|文獻|連結)?|引用(?:来源|文献)?"
    r"|脚注|註釋|注释|資料來源|资料来源|来源|來源|出典|参照|参考リンク|참고 ?(?:문헌|자료)|출처"
    r"|quellen(?:angaben|verzeichnis)?|einzelnachweise|literatur(?:verzeichnis)?|références"
    r"|bibliographie|fuentes|bibliografía|referencias|referências|bibliografia|fontes?|fonti|riferimenti"
    r"|bronnen|źródła|przypisy|источники|литература|примечания|المراجع|المصادر|kaynaklar|kaynakça)\W*$",
    re.IGNORECASE,
)
BYLINE: Final = pattern(
    r"^\W*(?:(?:written |posted |published |story |words? )?by|von|par|por|di|od|door"
    r"|作者|撰文|記者|记者|編集|執筆|著者|автор|текст|autor(?:in)?|auteur|autore|redactor|texto|testo)\b.{1,120}$"
    r"|^(?:reporting|editing) by\b.{1,200}$",
    re.IGNORECASE,
)
_NAMED: Final = pattern(r"^\W*\w+(?: by)?\W+(?-i:[A-ZÀ-ÞА-Я][\w.'’-]*,?\s+){2}", re.IGNORECASE)


def signs(text: str) -> bool:
    """Return whether a line is a byline: "By Ada Reed", and not "By the harbour lies a bridge."

    A full sentence that names nobody at its beginning is none.
    """
    if BYLINE.match(text) is None:
        return False
    words = text.split()[1:]
    small = sum(1 for word in words if word[0].islower())
    told = text.rstrip("\"'”’」)").endswith((".", "!", "?", "…", ":"))
    return not told or len(words) < 5 or 2 * small < len(words) or _NAMED.match(text) is not None


CAPTION: Final = pattern(
    r"caption|credit|legend|photo-?(?:info|desc|source|by)|image-?(?:info|desc|source|meta)"
    r"|wp-caption-text|cutline"
)

HEADER: Final = pattern(r"head(?:er|line)?(?![a-z])|hero|title|intro|masthead|top")
PICTURE: Final = pattern(
    r"(?<![a-z])(?:\w*image\w*|photos?|picture|media|figure|wp-caption|thumb(?:nail)?)(?![a-z])"
)

# Sentences in which a page asks something of its reader, at its end or its beginning.
ASKS: Final = pattern(
    r"\b(?:subscribe|newsletters?|sign(?:ing)? up|in(?:to)? your inbox|follow (?:him|her|me|us"
    r"|them|@|\w+ (?:\w+ )?on (?:twitter|facebook|instagram|x|linkedin|youtube|telegram))"
    r"|(?:be )?reach(?:ed)? (?:him |her |me |us |them )?(?:out )?(?:at|via|by)"
    r"|have a (?:news )?tip|e-?mail (?:him|her|me|us|them)|on (?:twitter|facebook) (?:at )?@"
    r"|letters to the editor|patreon|donat(?:e|ions?)|like us on|join us on|our (?:telegram"
    r"|whatsapp|facebook) (?:channel|group|page)|download (?:the|our) app"
    r"|share your (?:thoughts|views|opinion)|let us know (?:what you think )?in the comments"
    r"|(?:is|are) licensed under|all rights reserved|terms of (?:use|service)|privacy policy"
    r"|originally (?:appeared|published) (?:on|in|at|by)|first appeared (?:on|in)"
    r"|contributed (?:to this report|reporting)|this (?:story|article|post) (?:has been updated"
    r"|was (?:updated|originally|first))"
    r"|affiliate (?:links?|commission)|(?:earn|receive|get|make) (?:us )?"
    r"(?:an? )?(?:small |affiliate )?commissions?|thanks for reading"
    r"|if you (?:liked|enjoyed) this"
    r"|abonnez[- ]vous|inscrivez[- ]vous|suivez[- ]nous|abonnieren|melden sie sich|folgen sie uns"
    r"|suscr[ií]b(?:ete|ase|irse)|síguenos|siga(?:-nos| o canal)|inscreva-se"
    r"|assine (?:a|o|já|nossa)|iscriviti|seguici|abbonati|подпи(?:шитесь|сывайтесь))\b"
    r"|未经(?:授权|许可|允许)|未經(?:授權|許可|同意)|公众号|公眾號|扫描?(?:下方)?二维码|关注我们|追蹤我們"
    r"|版权归|版權歸|欢迎(?:关注|订阅|投稿|转载|点赞)|歡迎(?:追蹤|訂閱|投稿|轉載)|禁止转载|请注明出处"
    r"|無断転載|フォローし|メルマガ|チャンネル登録|무단 ?전재|재배포 ?금지|구독하"
    r"|[\w.+-]+@[\w-]+\.\w{2,}|^(?:watch|listen|photo|video"
    r"|more|related|read)\b[^.]{0,20}:",
    re.IGNORECASE,
)
# A page says by law that it is paid for what it links to, wherever it likes.
_EARNS: Final = (
    r"(?:earn|receive|get|make)s?(?: us)?(?: an?)?(?: small| affiliate| referral)? commissions?\b"
)
DISCLOSES: Final = pattern(
    r"\b(?:th(?:is|ese)|our|some|the|my|may)\b[^.]{0,40}\b(?:contains?|includes?|are|uses?)\b"
    r"[^.]{0,30}\baffiliate links?\b"
    rf"|\b(?:we|i)\b[^.]{{0,30}}\b{_EARNS}[^.]{{0,80}}\b(?:links?|purchases?|buy|items?|products?)\b"
    rf"|\b(?:our|these|the|my|affiliate) links?\b[^.]{{0,60}}\b{_EARNS}",
    re.IGNORECASE,
)
# How the paragraph begins that introduces an author, and how a firm speaks of itself.
IS_WHO: Final = pattern(
    r"^(?:[^\W\d_][\w.'’\-]*,?\s+){1,4}(?:\([^)]{1,40}\)\s*)?(?:is|was|has|works?|worked|writes|wrote|"
    r"covers|covered|started|joined|lives|holds|serves|specializes|brings|began|founded|reports)\b"
)
OWN_VOICE: Final = pattern(
    r"\b(?:our (?:team|experts?|services|clients|mission|goal)"
    r"|we (?:help|offer|provide|specialize|believe)"
    r"|contact us|get in touch|learn more about|talk to|reach out|book a|schedule a"
    r"|free (?:trial|quote|consultation))\b",
    re.IGNORECASE,
)
