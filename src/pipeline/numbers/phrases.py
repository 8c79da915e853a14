"""Noun phrases beside a number, by jieba's words and tags and the tables below.

Tags are jieba's (after ICTCLAS): n noun, v verb, vn verb as noun, a adjective, b
attributive, p preposition, c conjunction, d adverb, t time, r pronoun, uj 的.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rjieba import tag

Span = tuple[int, int]

# Words between a subject and its figure that are part of neither.
_LIGHT = """
达 达到 达到了 达到约 为 是 有 共 共有 一共 总共 共计 合计 总计 总 计 已 已达 已有 仅 仅有 只 只有 就 也
均 各 各有 即 多达 高达 可达 将达 分别 分别为 分别是 分别达 分别有 累计 累计达 平均 平均为 预计 预计达
估计 跌至 升至 增至 降至 减至 增加到 增长到 提高到 下降到 提升到 到 至 在 了 过 约 约为 约有 约占 近 等
超 超过 超过了 突破 突破了 至少 不足 不到 不低于 不少于 不超过 大约 大致 左右 以上 介于 处于 保持在
稳定在 控制在 维持在 最小 最大 还 还有 仍有 又 再 另 另有 其 其中 包括 含 由 从 按 每 之 也就是 占 和 与
及 或 以及 且 并 但 而 个 仍 仍为 仍然 中 里 内 首次 至今 目前 当日 当天 今年 全年 数 几 上 前 好
"""
# Verbs that govern a noun phrase and are no part of it.
_GOVERNING = """
实现 完成 获得 取得 接待 举办 举行 开展 组织 查验 签发 发放 拨付 投入 安排 落实 发现 治理 新增 增加 减少
报告 收到 造成 导致 救出 转移 抽调 发动 带动 吸纳 设置 组建 创建 计划 建成 新建 改建 扩建 开工 竣工 拥有
成为 作为 参加 参与 参展 包括 涉及 覆盖 惠及 服务 解决 办理 处理 查处 破获 抓获 收治 治愈 运送 承运 发送
运输 完工 推进 推动 支持 帮助 提供 派出 出动 调集 组成 形成 产生 诞生 迎来 吸引 引进 签约 签订 签署 达成
收集 征集 受理 审结 审议 审查 通过 制定 出台 发布 印发 启动 建立 设立 成立 打造 培育 培养 培训 招聘 招收
录取 评选 表彰 奖励 授予 入选 列入 进入 纳入 来自 分布 分属 位于 属于 处于 超过 实施 执行 采取 使用 利用
采用 应用 销售 售出 卖出 购买 采购 出售 购置 清理 拆除 整治 修复 修建 铺设 种植 栽植 收获 收割 播种 摧毁
击落 击毙 打死 打伤 袭击 遭到 受到 遭受 获 获评 荣获 夺得 摘得 赢得 斩获 筹集 募集 捐赠 捐款 安置 搬迁
搬出 疏散 撤离 解救 营救 搜救 检查 排查 检测 采样 接种 送 送出 驻点 深入 走进 走访 慰问 走访慰问 帮扶
结对 联系 协调 号召 动员 召开 召集 邀请 派遣 选派 下沉 奔赴 前往 抵达 到达 离开 返回 推出 上线 新开 加开
开行 开通 开设 开放 关闭 注销 新设 登记 注册 审批 核发 颁发 缴纳 征收 减免 退还 返还 支付 支出 收取 追回
挽回 节约 节省 释放 吸收 生产 制造 加工 出产 推广 普及 建设 缴获 没收 扣押 逮捕 起诉 判处 核准 批准 同意
反对 弃权 赞成 投 投票 当选 选举 增派 部署 配备 配置 装备 展出 展示 演出 上演 放映 播出
"""
# Of those, the ones that leave a figure without a subject where nothing stands between.
_STRICT = """
致 致使 报告 征收 悬赏 进行 举行 开展 举办 组织 发生 开始 结束 提出 宣布 使用 造成 导致 实现 完成 包括
有 达 拥有 新增 增加 减少 涉及 投入 获得 取得 收到 拨付 筹集 超过 覆盖 惠及 实施 共有 成为 作为 获 送 投
"""
# Verbs that stand before a noun as part of its name: 确诊病例, 停车泊位.
_MODIFYING = """
武装 救灾 抗震 抢险 防汛 抗旱 减灾 消防 育秧 治愈 出院 输入 确诊 死亡 受伤 流动 常住 在校 就业 失业 出生
增长 旅游 消费 投资 贷款 存款 零售 进出口 出口 进口 养老 医疗 集中 隔离 停车 改造 无 重症 感染 医学观察
密切 接触 过夜 入境 出境 出入境 往来 来往 免签 外来 留守 退休 在职 注册 登记 优抚 低保 参保 流通 批发
住宿 餐饮 通信 通讯 运输 交通 制造 采矿 播种 种植 养殖 灌溉 造林 绿化 供水 供电 发电 用电 用水 排水 施工
在建 竣工 建筑 规划 管理 服务 监理 监测 检测 巡防 巡逻 值班 值守 党建 宣讲 宣传 培训 教育 学习 研究 研发
创新 创业 示范 试点 重点 支持 帮扶 扶贫 脱贫 救助 救援 应急 防控 防疫 预防 接种 遇难 失踪 失联 被困 获救
滞留 退役 现役 执勤 参赛 参展 参会 获奖 上市 挂牌 规上 转移 支付 转让 出让 销售 经营 营业 收入 支出 预算
结算 代表 联名 持股 控股 参股 活动 固定 流入 流出
"""
# Words that begin no noun phrase after a number.
_NO_HEAD = """
基本 全部 全都 全 近期 目前 已 已经 正在 正 均 都 仍 仍在 将 分别 同时 左右 以上 以下 以内 上下 不等
有余 被 把 由 在 从 向 对 于 因 为 是 和 与 及 或 并 且 但 而 后 前 内 之后 之前 之间 中 其中 来 以来 时
起 止 间 的 地 得 了 着 过 等 一 不
"""
_SKIPPED = "有关 相关 其他 各类 各种 新 新一轮 本 该 以上 以下"
_EVENTS = """
死亡 受伤 失踪 遇难 被困 获救 重伤 轻伤 轻微伤 伤亡 出院 入院 丧生 身亡 失联 溺水 遇害 被捕 被杀 感染
落水 中毒 获奖 出席 参加 到场 入围 赞成 反对 弃权
"""
_WHERE = "现场 当场 全程 身份"
_NOUNS = "生日 节日 假日 纪念日 忌日 诞辰"
# What leads to a figure in one piece, however it would be cut: 高达, 提高到, a currency's sign.
_BOUND = re.compile(
    r"(?:[高多低]达|[低高]至|逾|超逾|[$￥¥€£]|HK|US"
    r"|(?:提高|增加|上升|下降|降低|减少|增长|提升|缩短|扩大|回升|回落|下调|上调|压缩|延长|[降升增减跌涨])(?:到|至|为))*$"
)
_SUFFIXES = frozenset("点处站所厂场室位口线路面间项类种")
_RESULTS = tuple("入为到成出有于自至得给向")
_PLACE_END = tuple("省市县区州镇乡村国旗盟岛洲")
QUOTES = "“”‘’「」『』｢｣《》 "
OPENING, CLOSING = "（(", "）)"

LIGHT, GOVERNING, STRICT, MODIFYING, NO_HEAD, SKIPPED, EVENTS, WHERE, NOUNS = (
    frozenset(table.split())
    for table in (_LIGHT, _GOVERNING, _STRICT, _MODIFYING, _NO_HEAD, _SKIPPED, _EVENTS, _WHERE, _NOUNS)
)
_GOVERNED = GOVERNING - MODIFYING


@lru_cache(maxsize=65536)
def _role(word: str, kind: str) -> str:
    """What a word does in a noun phrase: noun, modifier, verb, governor, number, particle."""
    if word in NOUNS:
        return "noun"
    if word in MODIFYING and kind[0] in "vt":
        return "modifier"
    if kind[0] == "v" and kind != "vn":
        return "governor" if word in GOVERNING or word.endswith(_RESULTS) else "verb"
    if kind in ("i", "l") or word in WHERE:
        return "modifier"
    if kind[0] in "nzskegj" or kind in ("vn", "an"):
        return "noun"
    if kind[0] in "abf" or (kind == "r" and word[0] == "各"):
        return "modifier"
    if kind in ("m", "q", "d"):
        return "number" if len(word) > 1 else "particle"
    if kind == "x" and word.strip(QUOTES + "·%"):
        return "noun"
    return "particle"


def is_place(phrase: str) -> bool:
    """Whether a phrase names nothing but places: 上海, 西区, 香港特别行政区."""
    return all(kind == "ns" or word.endswith(_PLACE_END) for word, kind in tag(phrase, False))


def _unbound(left: str) -> str:
    m = _BOUND.search(left)
    return left[: m.start()] if m else left


def agent_before(left: str, at: int) -> Span | None:
    """The noun phrase before the verb that ends `left`: 工党 of 工党获得411席."""
    left = _unbound(left)
    words = tag(left, False)
    if len(words) < 2 or not ends_in_verb(left):
        return None
    return phrase_before(left[: -len(words[-1][0])], at)


def ends_in_verb(left: str) -> bool:
    """Whether a stretch of text ends in a verb that is no part of a name."""
    words = tag(left, False)
    return bool(words) and _role(*words[-1]) in ("verb", "governor")


def phrase_before(left: str, at: int) -> Span | None:
    """The noun phrase that ends `left`, which begins at `at`, light words aside."""
    left = _unbound(left)
    words = tag(left, False)
    n, stop = len(words), len(left)
    while n:
        word, kind = words[n - 1]
        if kind == "p" and word not in LIGHT:
            return None  # 对15万人: what the preposition takes stands after the number
        if not (word in LIGHT or word in QUOTES or kind in ("d", "c", "ul", "m", "t", "uz")):
            break
        n, stop = n - 1, stop - len(word)
    begin, head = stop, ""
    while n:
        word, kind = words[n - 1]
        if head and word in CLOSING and (opening := _opening(words, n)) is not None:
            begin -= sum(len(inner) for inner, _ in words[opening:n])
            n = opening
            continue
        if _ends_before(word, kind, head, n > 1 and _role(*words[n - 2]) == "noun"):
            break
        n, begin, head = n - 1, begin - len(word), head or word
    while begin < stop and left[begin] in QUOTES:
        begin += 1
    return (at + begin, at + stop) if begin < stop else None


def _ends_before(word: str, kind: str, head: str, noun_before: bool) -> bool:
    """Whether a word to the left is outside the phrase whose last word is `head`."""
    if word in LIGHT and word not in ("各", "总"):
        return True
    if word in (_GOVERNED if head else STRICT):
        return True
    if head in EVENTS and (kind == "ns" or word.endswith(_PLACE_END)):
        return True  # 会理县死亡27人: who died is told by the place, what is counted are the dead
    match _role(word, kind):
        case "noun" | "modifier":
            return kind in ("t", "r") and word[0] != "各" and word not in MODIFYING
        case "governor":
            return bool(head) or word.endswith(_RESULTS)
        case "verb":
            # 商品房成交面积: a verb between nouns is part of the name
            return bool(head) and not noun_before
        case "number":
            return not head
    return True


def _opening(words: Sequence[tuple[str, str]], n: int) -> int | None:
    """The index of the word that opens the bracket which words[n - 1] closes."""
    for i in range(n - 2, max(-1, n - 8), -1):
        if words[i][0] in OPENING:
            return i
    return None


def phrase_after(right: str, at: int, actions: bool | None = False) -> Span | None:
    """The noun phrase that begins `right`, which begins at `at`; what follows its last 的 is the head.

    actions: whether a verb alone may be what is counted (三次袭击, 20条具体举措); None: a noun it must be.
    """
    begin = here = len(right) - len(right.lstrip(QUOTES))
    ends: dict[str, int] = {}
    for word, kind in tag(right[here:], False):
        here += len(word)
        if word in QUOTES:
            if "noun" in ends and word in "”’」』》" and not _continues(right[here:]):
                break
            continue
        if word == "的":
            head = phrase_after(right[here:], at + here, None) if "noun" in ends else None
            if head:
                return head
            break
        if not ends and word in SKIPPED:
            begin = here
            continue
        if "noun" not in ends and word in NO_HEAD:
            break
        role = _role(word, kind)
        if kind in ("m", "q") and ends and word in _SUFFIXES:
            role = "noun"
        if "noun" in ends and (kind in ("s", "i", "l") or word in WHERE):
            break  # 党员现场聆听: where, not what
        if "noun" in ends and not (
            role == "noun" or (role == "modifier" and kind != "f" and _continues(right[here:]))
        ):
            break
        last = bool(actions) and not right[here:].strip()
        if (role == "governor" and not last) or (role == "particle" and word != "x"):
            break
        if role != "number":
            ends["verb" if role == "governor" else role] = here
    if "noun" in ends:
        stop = ends["noun"]
    elif actions is None or not ends:
        return None
    elif "verb" in ends:
        stop = ends["verb"] if actions or "modifier" in ends else begin
    else:
        stop = ends["modifier"]
    return (at + begin, at + stop) if begin < stop else None


def _continues(rest: str) -> bool:
    """Whether a noun follows, a modifier before it at most: 党员 科级 | 干部, as against 党员 | 参加."""
    for word, kind in tag(rest[:8], False)[:2]:
        if word in NO_HEAD:
            return False
        if kind[0] == "n":
            return True
        if _role(word, kind) != "modifier":
            return False
    return False
