"""What stands around articles: by which elements, names and words it is known.

The names are those that publishing systems and their themes use, collected by reading the
class names of removed blocks over the tuning half of the extraction corpus; none belongs to
one site.
"""

from __future__ import annotations

import re
from typing import Final

from backissue.patterns import pattern

# Elements that never hold an article's text.
SILENT: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "svg",
        "head",
        "title",
        "link",
        "meta",
        "input",
        "button",
        "select",
        "textarea",
        "option",
        "canvas",
        "dialog",
        "menu",
        "amp-sidebar",
        "amp-ad",
        "amp-analytics",
        "amp-consent",
        "amp-social-share",
        "nav",
        "applet",
        "object",
        "embed",
        "source",
        "param",
        "track",
        "frame",
        "frameset",
        "noframes",
    ]
)
ROLES: Final = frozenset(
    [
        "navigation",
        "search",
        "banner",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "contentinfo",
        "complementary",
        "tooltip",
        "alert",
        "tablist",
    ]
)
# Whole words of class names and ids (cut apart at hyphens, underscores and capitals) that say
# what a block is, whatever it holds.
FURNITURE: Final = pattern(
    r"""(?<![a-z])(?:
      comments?(?:[-_ ]?(?:list|area|section|form|wrap(?:per)?|container|box|thread|count|link))?
      |respond|disqus\w*|livefyre|fb-?comments\w*
      |shar(?:e|es|ing|er|edaddy)|sharethis|addthis\w*|addtoany\w*|social|socials|follow-?us|sns
      |newsletters?|subscribe|subscription|signup|sign-up|optin|mailchimp|email-?capture
      |cookies?|gdpr|consent|ccpa|onetrust
      |adverts?|advertis\w+|adsense|adslot|ad-?(?:unit|box|container|wrapper|slot|banner)|dfp
      |taboola\w*|outbrain\w*
      |sponsor(?:ed|s)?|promos?|promot(?:ed|ion|ions|ional)|teasers?|upsell
      |related\w*|recommend(?:ed|ations?)?|recirc\w*|most-?(?:read|popular|viewed|recent)|popular
      |trending|you-?may-?(?:also-?)?like|read-?(?:more|next|also)
      |more-?(?:stories|from|news|articles|on)|also-?(?:read|like)|up-?next|next-?up|similar
      |breadcrumbs?|crumbs?|pagination|pager|post-?navigation|nav-?links|prev-?next
      |sidebars?|side-?bar|rail|widget-?area|footer-?widgets?|skyscraper|aside-?right
      |popups?|lightbox|interstitial|login|signin|paywall\w*|regwall
      |author-?(?:bio|box|info|card|profile|about|desc\w*)|about-?(?:the-?)?author|bio
      |footer|site-?footer|page-?footer|colophon|copyright|disclaimer|disclosure
      |print-?only|skip-?(?:link|to-?content)|screen-?reader(?:-?text)?|sr-?only|visually-?hidden
      |visuallyhidden|off-?screen|assistive-?text|a11y-?(?:hidden|only)
      |galler(?:y|ies)|slideshows?|slide-?show|carousel|d-print-\w+|nocontent|cta|lwptoc\w*
      |ez-?toc\w*|table-?of-?contents|donate|donation|call-?to-?action|download-?app
      |app-?(?:banner|download|promo)|(?:gov|usa|site|top)-?banner
    )(?![a-z])""",
    re.VERBOSE,
)
# Of these, what may hold more text than the article beside it.
ASIDE: Final = pattern(r"galler|slide|carousel|comment|respond|disqus|livefyre|side|aside|rail")
# And what may do so where the article is a line or two.
FOOT: Final = pattern(r"(?:site-?|page-?)?footer|colophon|copyright|cookie|gdpr|consent|ccpa")
# Words that say what a block is only where it holds no paragraph.
DOUBTFUL: Final = pattern(
    r"""(?<![a-z])(?:
      ads?|partners?|affiliates?|navigation|nav|navbar|menus?|submenu|topbar|toolbar|masthead
      |page-?links|paging
      |modals?|overlay|tooltip|register|piano|meter|discussion|follow|tweetmeme
      |byline\w*|post-?meta|entry-?meta|article-?meta|meta-?(?:data|info)|meta|postmeta|post-?info
      |dateline|timestamp|entry-?date|post-?date|publish-?date|publish(?:ed)?-?(?:on|time)|date
      |author|authors
      |tags?|tag-?(?:list|cloud|links)|tagcloud|topics|keywords|categor(?:y|ies)|cat-?links|filed
      |posted-?(?:in|on)|labels|kicker|eyebrow
      |print-?(?:button|link)|(?<!overflow-)(?<!overflow--)(?<!label-)hidden|hide|rating|ratings|votes?|poll|quiz|feedback|helpful
      |reactions?|likes?|emoji|signature|post-?profile|poster-?info|user-?(?:profile|details|stats)
      |toc|jump-?(?:to|links)|sticky|no-?print|player-?controls|vjs\w*|jwplayer\w*
      |transcript-?toggle|settings
      |flash-?message|notification|alert-?bar|announcement-?bar|buttons?|btn|icon|icons
    )(?![a-z])""",
    re.VERBOSE,
)
# Names of what holds an article, which win over a furniture word beside them.
CONTENT: Final = pattern(
    r"(?:article|story|post|entry|news|main|page|blog|body)[-_]?(?:body|content|text|copy|inner"
    r"|main|wrapper)"
    r"|articlebody|hentry|storytext|entry-content|richtext|rich-text|prose|markdown"
    r"|mw-parser-output"
)
# Of the doubtful ones, what says much in few words: the choices of a player, a menu.
TOOLS: Final = pattern(r"(?:sub)?menus?|navbar|settings|player-?controls|vjs|jwplayer|modal")
_CAMEL: Final = pattern(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN: Final = pattern(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_hidden(style: str) -> bool:
    """Say whether an inline style hides its element."""
    return bool(_HIDDEN.search(style))


def words_of(names: str) -> str:
    """Return class names and ids with capitals apart, in small letters."""
    return _CAMEL.sub("-", names).lower()
