"""The browser's engine as one file: its modules in order, each in a scope of its own.

The modules run as they are; one file spares a visitor a dozen requests. Comments and spaces that
say nothing to a browser are left out: they are in the source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rjsmin import jsmin

from backissue.patterns import pattern

_IMPORT: Final = pattern(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT: Final = pattern(
    r"^export (?=(?:async )?(?:const|function\*?|class) (\w+)|(?:async )?function\*? (\w+))",
    re.MULTILINE,
)
_SOURCE: Final = "// backissue: the search of an archive. Source: plugins/backissue/search/browser/"


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """Return one ES module that exports what the module ``entry`` exports.

    ``modules`` maps names (without ``.js``) to sources, which import by name from
    ``./name.js`` alone. Raises ValueError where they import in a circle or from elsewhere.
    """
    parts = []
    exports: tuple[str, ...] = ()
    for name in _in_order(modules, entry):
        part, exports = _scoped(name, modules[name])
        parts.append(part)
    parts.append(f"export const {{ {', '.join(exports)} }} = ${entry};")
    return f"{_SOURCE}\n{jsmin(chr(10).join(parts))}\n"


def _scoped(name: str, source: str) -> tuple[str, tuple[str, ...]]:
    """Return a module in a scope of its own, and what it exports."""
    exports = tuple(next(filter(None, found.groups())) for found in _EXPORT.finditer(source))
    source = _IMPORT.sub(r"const {\1} = $\2;\n", source)
    source = _EXPORT.sub("", source).strip()
    if re.search(r"^(?:import|export)\b", source, re.MULTILINE):
        raise ValueError(f"{name}.js imports or exports in a form that cannot be joined")
    returned = ", ".join(exports)
    return f"const ${name} = (() => {{\n{source}\nreturn {{ {returned} }};\n}})();", exports


def _in_order(modules: Mapping[str, str], entry: str) -> list[str]:
    """Return the modules that ``entry`` needs, each after those that it imports."""
    done: list[str] = []
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in open_ or name not in modules:
            raise ValueError(f"{name}.js is imported in a circle, or is not there")
        open_.append(name)
        for found in _IMPORT.finditer(modules[name]):
            visit(found[2])
        open_.pop()
        done.append(name)

    visit(entry)
    return done
