"""wenshu 文数: numbers out of Chinese prose, as open data.

    >>> import pipeline
    >>> [figure.text for figure in pipeline.figures("487个老旧小区，89个基本改造完成。")]
    ['487个', '89个']

`articles`, `figures`, `equations`, `folder` and `frame` are the library, described in docs/library.md.
docs/architecture.md lists the packages in their order, and how an article passes through them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import Document, articles, equations, figures, folder, frame
    from pipeline.errors import WenshuError

__version__ = "0.1.0"
__all__ = ["Document", "WenshuError", "articles", "equations", "figures", "folder", "frame"]


def __getattr__(name: str) -> Any:
    """Import public names when they are first used, so that `import pipeline` is cheap."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("pipeline.errors" if name == "WenshuError" else "pipeline.api"), name)
