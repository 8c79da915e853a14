"""LICENSE.md: what may be done with the data, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.releases.describe.facts import DataFile, licence_url, publisher

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

_TEXT = """# 许可 Licence

本次发布的数据以 {licence} 许可提供：{url}
注明出处即可使用、改编、再发布：{publisher}，文数 wenshu，{version}。
所引原文的权利仍属其来源；来源自身的许可见 data/documents.csv 的 licence 列。

The data of this release is licensed under {licence}: {url}
Use, adapt and republish it with attribution: {publisher}, wenshu 文数, {version}.
Rights in the texts quoted stay with their sources; a source's own licence is in the column
licence of data/documents.csv.
"""


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file LICENSE.md."""
    return _TEXT.format(
        licence=draft.licence,
        url=licence_url(draft.licence),
        publisher=publisher(draft),
        version=draft.version,
    )
