"""Templates in which text that needs no escaping costs next to none.

Jinja hands each value that a page shows to ``markupsafe.escape``, some two hundred a page, and
each time a ``Markup`` is made of it, only to be joined with the others. Most have nothing to
escape: addresses, names of topics, dates.
"""

from __future__ import annotations

from typing import Any, Final

from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

from backissue.patterns import pattern

CACHED: Final = "escaping_%s.cache"  # compiled code asks its environment for ``escaped``

_has_special = pattern("[&<>\"']").search


def escaped(value: Any) -> str:
    """Return what ``escape`` does, as a string of any kind."""
    kind = value.__class__
    if kind is Markup or (kind is str and not _has_special(value)):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Code(CodeGenerator):
    """Jinja's, but for what stands around a value that is shown."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        context = frame.eval_ctx
        if context.volatile or not context.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


def escape_quickly(environment: Environment) -> None:
    """Let an environment compile its templates so."""
    environment.code_generator_class = _Code
    environment.escaped = escaped  # type: ignore[attr-defined]
