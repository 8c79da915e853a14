"""Subjects: what a number counts or measures.

A measure word takes the noun phrase after it (487个老旧小区); a bare unit, money and a
percentage take the one before (党员606名, 绿化面积70万平方米); where neither side has a
noun, it is taken from the figure before (89个基本改造完成). Words and tags are jieba's,
cut beside the numbers and never across them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rjieba import tag

from pipeline.layout import Flow
from pipeline.tokens import Token

Span = tuple[int, int]

_REACH = 28
"""Characters to each side of a number in which its subject is sought."""
_STEPS = 12
"""Figures before a number of which one may lend it its subject."""
_FAR = 200
"""Characters beyond which no figure lends its subject."""

_EDGE_LEFT = re.compile(r"[，。；：！？、（(\n“‘《—,;:!?…】\]│|]")
_OPENING, _CLOSING = "（(", "）)"
_EDGE_RIGHT = re.compile(r"[，。；：！？、（）()\n—,;:!?…【\[│|]")
_GLOSS = re.compile(r"[（(\[][^（）()\[\]\n]{0,24}[）)\]] ?$")
_QUOTES = "“”‘’「」『』｢｣ "

# Words between a subject and its figure that are part of neither.
_LIGHT = frozenset(
    """达 达到 达到了 为 是 有 共 共有 共计 合计 总计 总 计 已 已达 已有 仅 仅有 只 只有 就 也 均 各 各有 分别 分别为 分别是 分别达 分别有 累计 累计达 高达 多达 即
    在 跌至 升至 增至 降至 减至 增加到 增长到 提高到 下降到 提升到 到 至 了 过 约为 近 等 一共 总共 大约 约 超 超过 突破 至少 不足 不到 可达 将达 还 还有 仍有 又 再 另 另有
    其 其中 包括 含 平均 平均为 预计 预计达 估计 介于 处于 保持在 稳定在 控制在 维持在 大致 最小 最大 不低于 不少于 不超过 以 由 从 按 每 以上 左右 之 也就是 占 和 与 及 或 以及 且 并 但 而 个 突破了 超过了 达到约 约有 约占 首次 至今 目前 当日 当天 今年 全年 数 几 上 前 近 好
    """.split()
)
# Verbs that govern a noun phrase and are no part of it.
_GOVERNING = frozenset(
    """实现 完成 获得 取得 接待 举办 举行 开展 组织 查验 签发 发放 拨付 投入 安排 落实 发现 治理 新增 增加 减少 报告 收到 造成 导致 救出 转移 抽调 发动 带动 吸纳 设置 组建 创建 计划 建成 新建 改建 扩建 开工 竣工
    拥有 成为 作为 参加 参与 参展 包括 涉及 覆盖 惠及 服务 解决 办理 处理 查处 破获 抓获 收治 治愈 运送 承运 发送 运输 完工 推进 推动 支持 帮助 提供 派出 出动 调集 组成 形成 产生 诞生 迎来 吸引 引进 签约 签订 签署 达成
    收集 征集 受理 审结 审议 审查 通过 制定 出台 发布 印发 启动 建立 设立 成立 打造 培育 培养 培训 招聘 招收 录取 评选 表彰 奖励 授予 入选 列入 进入 纳入 来自 分布 分属 位于 属于 处于 超过 实施 执行 采取 使用 利用 采用 应用
    销售 售出 卖出 购买 采购 出售 购置 清理 拆除 整治 修复 修建 铺设 种植 栽植 收获 收割 播种 摧毁 击落 击毙 打死 打伤 袭击 遭到 受到 遭受 获 获评 荣获 夺得 摘得 赢得 斩获 筹集 募集 捐赠 捐款 安置 搬迁 搬出 疏散 撤离 解救 营救 搜救
    检查 排查 检测 采样 接种 送 送出 驻点 深入 走进 走访 慰问 走访慰问 帮扶 结对 联系 协调 号召 动员 召开 召集 邀请 派遣 选派 下沉 奔赴 前往 抵达 到达 离开 返回 推出 上线 新开 加开 开行 开通 开设 开放 关闭 注销 新设 登记 注册
    审批 核发 颁发 缴纳 征收 减免 退还 返还 支付 支出 收取 追回 挽回 节约 节省 释放 吸收 生产 制造 加工 出产 推广 普及 建设 缴获 没收 扣押 逮捕 起诉 判处 核准 批准 同意 反对 弃权 赞成 投 投票 当选 选举 增派 部署 配备 配置 装备 展出 展示 演出 上演 放映 播出
    """.split()
)
# Verbs that stand before a noun as part of its name.
_MODIFYING = frozenset(
    """治愈 出院 输入 确诊 死亡 受伤 流动 常住 在校 就业 失业 出生 增长 旅游 消费 投资 贷款 存款 零售 进出口 出口 进口 养老 医疗 集中 隔离 停车 改造 无 重症 感染 医学观察 密切 接触 过夜 入境 出境 出入境 往来 来往 免签 外来 留守 退休
    在职 注册 登记 优抚 低保 参保 流通 批发 住宿 餐饮 通信 通讯 运输 交通 制造 采矿 播种 种植 养殖 灌溉 造林 绿化 供水 供电 发电 用电 用水 排水 施工 在建 竣工 建筑 规划 管理 服务 监理 监测 检测 巡防 巡逻 值班 值守 党建 宣讲 宣传 培训 教育
    学习 研究 研发 创新 创业 示范 试点 重点 支持 帮扶 扶贫 脱贫 救助 救援 应急 防控 防疫 预防 接种 遇难 失踪 失联 被困 获救 滞留 退役 现役 执勤 参赛 参展 参会 获奖 上市 挂牌 规上 转移 支付 转让 出让 销售 经营 营业 收入 支出 预算 结算 代表 联名 持股 控股 参股 活动 固定 流入 流出
    """.split()
)
_RESULTS = tuple("入为到成出有于自至得给向")
_SUFFIXES = frozenset("点处站所厂场室位口线路面间")
_HEADLESS = frozenset("有关 相关 其他 各类 各种 新 新一轮 本 该 以上 以下".split())
_DAYS = frozenset("生日 节日 假日 纪念日 忌日 诞辰".split())
_ACTION_UNITS = frozenset("次 场 场次 起 轮 批 条 种 项 趟 回 班次 步 波 届".split())
# Words that begin no noun phrase after a measure word.
_NO_HEAD = frozenset(
    "基本 全部 全都 全 近期 目前 已 已经 正在 正 均 都 仍 仍在 将 分别 同时 左右 以上 以下 以内 上下 不等 有余 被 把 由 在 从 向 对 于 因 为 是 和 与 及 或 并 且 但 而 后 前 内 之后 之前 之间 中 其中 来 以来 时 起 止 间 的 地 得 了 着 过 等 一 不".split()
)
_EVENTS = frozenset(
    "死亡 受伤 失踪 遇难 被困 获救 重伤 轻伤 伤亡 出院 入院 丧生 身亡 失联 溺水 遇害 被捕 被杀 感染 落水 中毒 轻微伤 获奖 出席 参加 到场 入围".split()
)
_PERSON_UNITS = frozenset("人 名 位 例 宗 口 员 个 人次".split())
_NOUN_BEFORE = frozenset("人 人次 例 宗 元 户次 辆次 架次 艘次 列次 班次 场次 票 %".split())
_NOUN_AFTER = frozenset("级 星级 吨级".split())
_SPELL = re.compile(r"(?:过去|今后|未来|最近|为期|历时|长达|会期|持续|连续|用时|耗时|已有|近)$")
_PLACE_END = tuple("省市县区州镇乡村国旗盟岛洲")
_CHANGE = re.compile(
    r"(?P<change>(?:同比|环比)?(?:分别|均|各|实际|名义)?(?:增长|上升|下降|提高|减少|增加|回落|下滑|扩大|降低|上涨|下跌|收窄|攀升|回升|提升|放缓|加快|减缓|缩小|缩减|萎缩|增幅|降幅|涨幅|跌幅|增|降|升|跌|涨|多|少|高|低))"
    r"(?:了|约|达|近|超|逾|为|幅度|超过|达到|至少)*$"
)
_COMPARED = re.compile(r"(?:同比|环比|(?:比|较|与|按)[^，。；、]{1,16}?(?:相比)?|可比价格|可比口径)$")
_SHARE = re.compile(
    r"(?P<share>占[^，。；、]{1,24}?)(?:的)?(?:比重|比例|份额|比)?(?:分别)?(?:为|达|达到|约|约为|超|近|逾|超过|的|已|高达|只|仅|有|到)*$"
)
_RELATIVE = re.compile(r"^[^，。；、！？\n（）]{0,15}?的")


class Subject(NamedTuple):
    """The flow's characters that name a subject, in reading order; `lent` where it is another figure's."""

    spans: tuple[Span, ...]
    lent: bool = False


def subjects(flow: Flow, found: Sequence[Token]) -> list[Subject | None]:
    """The subject of each token; None where it has none, or the token is no quantity."""
    out: list[Subject | None] = []
    sentences = flow.sentences
    sentence = first = last = 0
    previous = 0
    for i, token in enumerate(found):
        while sentence < len(sentences) - 1 and sentences[sentence][1] <= token.begin:
            sentence += 1
            last, first = first, i
        if not token.statistical:
            out.append(None)
        else:
            begin, stop = sentences[sentence] if sentences else (0, len(flow.text))
            after = found[i + 1].begin if i + 1 < len(found) else len(flow.text)
            where = _Place(
                flow.text,
                token,
                max(begin, previous),
                min(max(stop, token.stop), after),
                found,
                out,
                i,
                last,
                first,
            )
            out.append(where.subject())
        previous = token.stop
    return out


class _Place:
    """A token among its neighbours: the words to its left and right, the figures before it."""

    __slots__ = (
        "earlier",
        "first",
        "found",
        "index",
        "known",
        "left",
        "left_at",
        "right",
        "right_at",
        "text",
        "token",
    )

    def __init__(
        self, text: str, token: Token, floor: int, ceiling: int, found: Sequence[Token], known: Sequence[Subject | None], index: int, earlier: int, first: int
    ) -> None:  # fmt: skip
        self.text, self.token, self.found, self.known, self.index, self.first = (
            text,
            token,
            found,
            known,
            index,
            first,
        )
        self.earlier = earlier
        begin = max(floor, token.begin - _REACH)
        left = text[begin : token.begin]
        gloss = _GLOSS.search(left)
        if gloss:
            left = left[: gloss.start()]
        edge = _left_edge(left)
        self.left, self.left_at = left[edge:], begin + edge
        stop = min(ceiling, token.stop + _REACH)
        m = _EDGE_RIGHT.search(text, token.stop, stop)
        self.right, self.right_at = text[token.stop : m.start() if m else stop], token.stop

    def subject(self) -> Subject | None:
        token = self.token
        if token.kind == "percent" or (
            token.kind != "duration" and self.left[-1:] in "长升降高少加落滑大低涨跌窄多了"
        ):
            changed = self._changed()
            if changed:
                return changed
        if token.kind == "count" and token.unit not in _NOUN_BEFORE:
            return self._after() or self._before() or self._lent()
        if token.kind == "duration":
            m = _SPELL.search(self.left)
            return Subject(((self.left_at + m.start(), self.left_at + m.end()),)) if m else self._before()
        if token.unit in _NOUN_AFTER:
            return self._after() or self._before() or self._lent()
        return self._event() or self._before() or self._after() or self._lent()

    # ------------------------------------------------------------ before the number

    def _changed(self) -> Subject | None:
        """The subject of a change or a share: 进出口总值…增长, 占入境外国人."""
        share = _SHARE.search(self.left) if "占" in self.left else None
        if share and self.token.kind == "percent":
            return Subject(((self.left_at + share.start("share"), self.left_at + share.end("share")),))
        listed = self._next_of_changes()
        if listed:
            return listed
        m = _CHANGE.search(self.left)
        if not m or len(m["change"]) == 1 and self.token.kind != "percent" and m.start() == 0:
            return None
        change = self.left_at + m.start("change"), self.left_at + m.end("change")
        rest = self.left[: m.start()]
        compared = _COMPARED.search(rest)
        base = _noun_phrase_before(rest[: compared.start()] if compared else rest, self.left_at)
        if base:
            return Subject((base, change))
        lender = self._level()
        return Subject((*lender.spans[:1], change), lent=True) if lender else Subject((change,))

    def _next_of_changes(self) -> Subject | None:
        """增长21.24%和32.5%: the second change is of the second figure before."""
        i = self.index - 1
        if i < self.first or self.left.strip(" 、，和及与"):
            return None
        last, subject = self.found[i], self.known[i]
        if (
            last.kind != "percent"
            or not subject
            or len(subject.spans) < 2
            or self.token.begin - last.stop > 2
        ):
            return None
        lender = self._level()
        return Subject((*(lender or subject).spans[:1], subject.spans[-1]), lent=True)

    def _before(self) -> Subject | None:
        span = _noun_phrase_before(self.left, self.left_at)
        if span is None:
            return None
        if self.token.kind == "count" and self._is_part() and _is_place(self.text[slice(*span)]):
            return self._lent() or Subject((span,))
        return Subject((span,))

    def _is_part(self) -> bool:
        """Whether the number stands in a list of parts: in a bracket, or after 其中."""
        window = self.text[max(0, self.token.begin - 80) : self.token.begin]
        return (
            window.count("（") > window.count("）")
            or window.count("(") > window.count(")")
            or "其中" in window
        )

    # ------------------------------------------------------------ after the number

    def _event(self) -> Subject | None:
        """38人死亡: what befell the persons, where nothing before them names them."""
        if self.token.unit not in _PERSON_UNITS:
            return None
        for word in (self.right[:2], self.right[:3]):
            if word in _EVENTS and _noun_phrase_before(self.left, self.left_at) is None:
                return Subject(((self.right_at, self.right_at + len(word)),))
        return None

    def _after(self) -> Subject | None:
        if (
            not self.right
            and self.index + 1 < len(self.found)
            and self.found[self.index + 1].begin == self.token.stop
        ):
            # 一名14岁的女孩: the noun stands after the next figure
            self.right_at = self.found[self.index + 1].stop
            stretch = self.text[self.right_at : self.right_at + _REACH]
            m = _EDGE_RIGHT.search(stretch)
            self.right = stretch[: m.start()] if m else stretch
        span = _noun_phrase_after(self.right, self.right_at, self.token.unit in _ACTION_UNITS)
        if span:
            return Subject((span,))
        relative = _RELATIVE.match(self.right)
        if relative:
            span = _noun_phrase_after(self.right[relative.end() :], self.right_at + relative.end())
            return Subject((span,)) if span else None
        return self._event() if self.token.unit in _PERSON_UNITS else None

    # ------------------------------------------------------------ from other figures

    def _lent(self) -> Subject | None:
        """The subject of a figure before this one in the sentence, of the same unit."""
        token = self.token
        persons = token.unit in _PERSON_UNITS
        for i in range(self.index - 1, max(self.earlier, self.index - _STEPS) - 1, -1):
            other, subject = self.found[i], self.known[i]
            between = self.text[other.stop : token.begin] if token.begin - other.stop < _FAR else None
            if between is None:
                return None
            same = other.unit == token.unit or (
                persons and other.unit in _PERSON_UNITS and other.unit != "个"
            )
            aside = between.count("）") > between.count("（") or between.count(")") > between.count("(")
            if (
                subject
                and other.statistical
                and same
                and not aside
                and not _is_place(self.text[slice(*subject.spans[0])])
            ):
                return Subject(subject.spans, lent=True)
        return None

    def _level(self) -> Subject | None:
        """The figure that a change without a subject of its own is about.

        After several figures as many changes follow in their order: 13.76万人次，4180.34万元，
        增长21.24%和32.5%.
        """
        changes = 0
        i = self.index - 1
        while (
            i >= self.first
            and self.found[i].kind == "percent"
            and self.found[i + 1].begin - self.found[i].stop <= 2
        ):
            changes, i = changes + 1, i - 1
        listed = changes
        j = self.index + 1
        while (
            j < len(self.found)
            and self.found[j].kind == "percent"
            and self.found[j].begin - self.found[j - 1].stop <= 2
        ):
            listed, j = listed + 1, j + 1
        levels = [
            self.known[k]
            for k in range(max(self.first, i + 1 - _STEPS), i + 1)
            if self.found[k].statistical and self.found[k].kind != "percent" and self.known[k]
        ]
        if not levels:
            return None
        if listed and len(levels) > listed:
            return levels[len(levels) - listed - 1 + changes]
        return levels[min(changes, len(levels) - 1)] if listed else levels[-1]


def _left_edge(left: str) -> int:
    """Where the last clause of a stretch of text begins; a closed bracket is part of it."""
    depth = 0
    if "）" not in left and ")" not in left:
        for m in _EDGE_LEFT.finditer(left):
            depth = m.end()
        return depth
    for i in range(len(left) - 1, -1, -1):
        c = left[i]
        if c in _CLOSING:
            depth += 1
        elif c in _OPENING and depth:
            depth -= 1
        elif not depth and _EDGE_LEFT.match(c):
            return i + 1
    return 0


def _is_place(word: str) -> bool:
    tags = tag(word, False)
    return all(t == "ns" or w.endswith(_PLACE_END) for w, t in tags)


def _noun_phrase_before(left: str, at: int) -> Span | None:
    """The noun phrase that ends a stretch of text, light words aside."""
    words = tag(left, False)
    stop = len(left)
    n = len(words)
    while n and (
        words[n - 1][0] in _LIGHT
        or words[n - 1][0] in _QUOTES
        or words[n - 1][1] in ("d", "p", "c", "ul", "m", "t", "uz")
    ):
        if words[n - 1][1] == "p" and words[n - 1][0] not in _LIGHT:
            return None  # 对15万人: what the preposition takes stands after the number
        n -= 1
        stop -= len(words[n][0])
    begin, taken, head = stop, False, ""
    while n:
        word, kind = words[n - 1]
        if word in _LIGHT and word not in ("各", "总", "个", "占", "其"):
            break
        if taken and word in _GOVERNING and word not in _MODIFYING:
            break
        if (
            kind[0] == "v"
            and kind != "vn"
            and word not in _MODIFYING
            and (taken or word.endswith(_RESULTS) or word in _STRICT)
        ):
            break
        if taken and head in _EVENTS and (kind == "ns" or word.endswith(_PLACE_END)):
            break
        if word in _CLOSING and taken and (inner := _bracket(words, n)):
            begin -= sum(len(w) for w, _ in words[inner:n])
            n = inner
            continue
        if (
            kind in ("uj", "p", "d", "c", "t", "r", "uv", "ul", "x", "y", "m", "q")
            and not (kind == "x" and word.strip(_QUOTES + "·%"))
            and not (kind in ("m", "q", "d") and taken and len(word) > 1)
        ):
            break
        n -= 1
        begin -= len(word)
        taken, head = True, head or word
    if not taken:
        return None
    while begin < stop and left[begin] in _QUOTES:
        begin += 1
    return (at + begin, at + stop) if begin < stop else None


def _bracket(words: Sequence[tuple[str, str]], n: int) -> int | None:
    """The index of the word that opens the bracket which words[n - 1] closes."""
    for i in range(n - 2, max(-1, n - 8), -1):
        if words[i][0] in _OPENING:
            return i
    return None


_STRICT = frozenset(
    "进行 举行 开展 举办 组织 发生 开始 结束 提出 宣布 使用 造成 导致 实现 完成 包括 有 达 拥有 新增 增加 减少 涉及 投入 获得 取得 收到 拨付 筹集 超过 覆盖 惠及 实施 共有 成为 作为 获 送 投".split()
)


def _noun_phrase_after(right: str, at: int, actions: bool | None = False) -> Span | None:
    """The noun phrase that begins a stretch of text; the part after its last 的 is the head.

    actions: whether a verb alone may be what is counted (三次袭击, 20条具体举措); None: a noun it must be.
    """
    begin = stop = here = len(right) - len(right.lstrip(_QUOTES))
    modified = acted = noun = False
    for word, kind in tag(right[here:], False):
        here += len(word)
        if word in _QUOTES:
            if noun and word in "”’":
                break
            continue
        if word == "的":
            following = (
                _noun_phrase_after(right[here:], at + here, None) if noun and right[here:].strip() else None
            )
            if following:
                return following
            break
        if not (noun or modified or acted) and word in _HEADLESS:
            begin = here
            continue
        if not noun and word in _NO_HEAD:
            break
        verb = kind[0] == "v" and kind != "vn" and word not in _MODIFYING
        last = bool(actions) and not right[here:].strip()
        if verb and (noun or (word in _GOVERNING and not last) or word.endswith(_RESULTS)):
            break
        if verb:
            acted, acted_at = True, here
        elif (
            kind[0] in "nlizskeg"
            or kind in ("vn", "an", "j")
            or (kind in ("m", "q") and (noun or modified) and word in _SUFFIXES)
            or word in _DAYS
        ):
            noun, stop = True, here
        elif (
            kind[0] in "ab"
            or word in _MODIFYING
            or (kind == "r" and word[0] == "各")
            or (kind == "f" and not noun)
        ):
            if noun and not _continues(right[here:]):
                break
            modified, modified_at = True, here
        elif noun or kind not in ("m", "q", "d", "t", "x", "r") or len(word) < 2:
            break
    if noun:
        return at + begin, at + stop
    if actions is None:
        return None
    if modified and not acted:
        return at + begin, at + modified_at
    if acted and (actions or modified):
        return at + begin, at + acted_at
    return None


def _continues(rest: str) -> bool:
    """Whether a noun follows at once: 党员 科级 | 干部 as against 党员 | 参加."""
    words = tag(rest[:6], False)
    return bool(words) and words[0][1][0] == "n" and words[0][0] not in _NO_HEAD
