"""The words for kinds, states, severities, checks and changes, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.tables.model import Words

KINDS: Mapping[str, Words] = {
    "count": Words("计数", "count"),
    "measure": Words("度量", "measure"),
    "money": Words("金额", "money"),
    "percent": Words("百分比", "percent"),
    "duration": Words("时长", "duration"),
    "index": Words("指数", "index"),
    "date": Words("日期", "date"),
    "ordinal": Words("序数", "ordinal"),
    "name": Words("名称", "name"),
    "other": Words("其他", "other"),
}
QUALIFIERS: Mapping[str, Words] = {
    "exact": Words("确数", "exact"),
    "over": Words("以上（余、超）", "over"),
    "nearly": Words("将近", "nearly"),
    "about": Words("大约", "about"),
    "at_least": Words("至少", "at least"),
    "below": Words("不足", "below"),
    "at_most": Words("至多", "at most"),
}
OBS_STATUS: Mapping[str, Words] = {
    "A": Words("正常", "normal"),
    "B": Words("序列中断", "series break"),
    "D": Words("定义有别", "definition differs"),
    "E": Words("估计", "estimated"),
    "F": Words("计划或预测", "planned or forecast"),
    "G": Words("试验性", "experimental"),
    "H": Words("休市缺失", "missing: holiday"),
    "I": Words("更正或推算", "corrected or imputed"),
    "J": Words("豁免", "derogation"),
    "K": Words("并入他类", "in another category"),
    "L": Words("未收集", "missing: not collected"),
    "M": Words("不存在", "missing: cannot exist"),
    "N": Words("不显著", "not significant"),
    "O": Words("缺失", "missing"),
    "P": Words("初步", "provisional"),
    "Q": Words("不公布", "missing: suppressed"),
    "S": Words("特殊事件", "special events"),
    "U": Words("存疑", "low reliability"),
    "V": Words("未核", "unvalidated"),
    "W": Words("含他类", "includes another category"),
}
"""SDMX CL_OBS_STATUS 2.2."""
MEASURES: Mapping[str, Words] = {
    "level": Words("水平", "level"),
    "change": Words("增减", "change"),
    "growth": Words("增长", "growth"),
    "share": Words("占比", "share"),
    "fulfilment": Words("完成度", "fulfilment"),
    "contribution": Words("贡献", "contribution"),
    "ratio": Words("倍比", "ratio"),
    "rank": Words("位次", "rank"),
}
DIRECTIONS: Mapping[str, Words] = {
    "up": Words("升", "up"),
    "down": Words("降", "down"),
}
BASES: Mapping[str, Words] = {
    "yoy": Words("同比", "year on year"),
    "mom": Words("环比", "month on month"),
    "prev": Words("比前次", "on the time before"),
    "plan": Words("比计划", "on the plan"),
    "average": Words("年均", "yearly average"),
    "place": Words("比别处", "on another place"),
    "other": Words("比其他", "on something else"),
}
"""What a change is measured against; since:YYYY is said with its year."""
COLLECTS: Mapping[str, Words] = {
    "stock": Words("时点：某日有多少", "stock: as of a moment"),
    "flow": Words("时期：一段时间里的", "flow: over a period"),
    "rate": Words("比率", "rate"),
    "index": Words("指数", "index"),
    "price": Words("价格", "price"),
    "event": Words("事件", "event"),
}
"""How a concept's level collects time."""
SPANS: Mapping[str, Words] = {
    "day": Words("一日", "a day"),
    "days": Words("数日", "days"),
    "month": Words("一月", "a month"),
    "months": Words("数月", "months"),
    "quarter": Words("季度", "a quarter"),
    "half": Words("半年", "half a year"),
    "year": Words("一年", "a year"),
    "years": Words("数年", "years"),
}
OUTCOMES: Mapping[str, Words] = {
    "released": Words("已发布", "Released"),
    "unchanged": Words("无新内容", "Nothing new"),
    "withheld": Words("暂不发布", "Withheld"),
    "failed": Words("未能运行", "Failed"),
}
STATES: Mapping[str, Words] = {
    "new": Words("新现", "new"),
    "persisting": Words("仍在", "persisting"),
    "accepted": Words("已认可", "accepted"),
    "resolved": Words("已消", "resolved"),
}
SEVERITIES: Mapping[str, Words] = {
    "critical": Words("严重", "critical"),
    "warning": Words("警示", "warning"),
    "info": Words("说明", "info"),
}
HOLDS: Mapping[str, Words] = {
    "critical": Words("扣住整次发布", "withholds the release"),
    "warning": Words("扣住所指各行", "holds back its rows"),
    "info": Words("照常发布", "published all the same"),
}
ACTIONS: Mapping[str, Words] = {
    "correct": Words("更正", "correct"),
    "drop": Words("去除", "drop"),
    "accept": Words("认可", "accept"),
    "flag": Words("标注", "flag"),
}
TARGETS: Mapping[str, Words] = {
    "quantity": Words("数量", "quantity"),
    "relation": Words("等式", "relation"),
    "observation": Words("观测值", "observation"),
    "document": Words("文档", "document"),
    "expectation": Words("检查", "expectation"),
}
CHANGES: Mapping[str, Words] = {
    "added": Words("增行", "rows added"),
    "removed": Words("减行", "rows removed"),
    "changed": Words("改动", "cells changed"),
    "moved": Words("移位", "moved"),
    "resourced": Words("换了出处", "from another source"),
    "renamed": Words("改名", "renamed"),
    "column_added": Words("增列", "columns added"),
    "column_removed": Words("减列", "columns removed"),
    "table_added": Words("增表", "tables added"),
    "table_removed": Words("减表", "tables removed"),
}
CAUSES: Mapping[str, Words] = {
    "source": Words("来源", "source"),
    "rules": Words("规则", "rules"),
    "catalog": Words("目录", "catalog"),
    "decision": Words("决定", "decision"),
    "held": Words("暂缓", "held back"),
    "several": Words("规则与目录", "rules and catalog"),
}
STATUSES: Mapping[str, Words] = {
    "read": Words("已读", "read"),
    "duplicate": Words("重复", "duplicate"),
    "quarantined": Words("隔离", "quarantined"),
    "held": Words("暂缓", "held"),
    "dropped": Words("去除", "dropped"),
}
CHECKS: Mapping[str, Words] = {
    "decision_expired": Words("决定已到期", "A decision has expired"),
    "decision_stale": Words("决定与来源不再相符", "A decision no longer fits its source"),
    "decision_gone": Words("决定的对象已不存在", "The target of a decision is gone"),
    "decision_conflict": Words("同一对象有两条决定", "Two decisions on one target"),
    "indicator_ambiguous": Words("一个数像两个指标", "One figure fits two indicators"),
    "subject_doubtful": Words("所数之物存疑", "A figure's subject is doubtful"),
    "table_unread": Words("有表未能识读", "A table could not be made out"),
    "area_ambiguous": Words("地名不止一处", "The name of several regions"),
    "observation_contradiction": Words("两处所述不一", "Two statements contradict each other"),
    "series_outlier": Words("与其序列不合", "A figure that its series does not bear out"),
    "document_incomplete": Words("不知何处何时", "Neither where nor when is known"),
    "source_quarantined": Words("来源无法读取", "A source could not be read"),
    "source_left_out": Words("来源之名无法存取", "A source's name cannot be held"),
    "source_noted": Words("来源旁所记有误", "A mistake in what is said of a source"),
    "source_personal": Words("个人号码已打码", "Numbers of persons are masked"),
    "source_partly": Words("来源中不属正文的未读", "Parts of a source that are no article"),
    "region_unknown": Words("所记地区不存在", "The region of a source is not known"),
    "source_duplicate": Words("来源与他篇相同", "A source repeats another"),
    # Expectations, by what they ask of any table.
    "kept": Words("行数比上次发布少了一半以上", "More than half of the last release's rows are missing"),
    "vanished": Words("指标不再有数", "An indicator has no figures any more"),
    "leap": Words("数值与前一数相差十倍以上", "A figure is ten times the one before it, or a tenth"),
    "sum": Words("各部分之和不等于总数", "The parts do not make the whole"),
    "share": Words("占比与两数不符", "A share is not that of its figures"),
    "possible": Words("文中等式或许不成立", "An equation of the text may not hold"),
    "residual": Words("余差不为零", "The residual is not zero"),
    "equation": Words("文中等式不成立", "An equation of the text does not hold"),
    "account": Words("有数字不在账目中", "A numeral is missing from the account"),
    "apart": Words("两处数字相叠", "Two numerals overlap"),
    "quoted": Words("所引与原文不同", "A quotation differs from its source"),
    "readable": Words("没有一篇读得出", "No document could be read"),
    "some": Words("没有文档", "There is no document"),
    "columns": Words("列与声明不符", "The columns are not the declared ones"),
    "key": Words("键有重复", "Two rows have the same key"),
    "required": Words("必填之处为空", "A required cell is empty"),
    "vocabulary": Words("取值不在词表中", "A value is outside its vocabulary"),
    "reference": Words("所指之行不存在", "A row that is referred to is missing"),
    "order": Words("上下界次序颠倒", "Bounds are in the wrong order"),
    "precision": Words("数值超出可发布的位数", "A value has more digits than can be released"),
}
"""By a finding's own name; of an expectation, by that part of its name which every table shares."""
VOCABULARIES: Mapping[str, Mapping[str, Words]] = {
    "kind": KINDS,
    "qualifier": QUALIFIERS,
    "obs_status": OBS_STATUS,
    "measure": MEASURES,
    "direction": DIRECTIONS,
    "base": BASES,
    "collects": COLLECTS,
    "span": SPANS,
    "outcome": OUTCOMES,
    "state": STATES,
    "severity": SEVERITIES,
    "holds": HOLDS,
    "action": ACTIONS,
    "target": TARGETS,
    "change": CHANGES,
    "cause": CAUSES,
    "status": STATUSES,
    "check": CHECKS,
}


def kind_of(check: str) -> str:
    """What a check asks, without the table and the column: vocabulary of quantities.vocabulary-kind."""
    return check.partition(".")[2].partition("-")[0] or check


def word(vocabulary: str, value: str) -> Words:
    """A term in both languages; one that is in no list stands for itself."""
    known = kind_of(value) if vocabulary == "check" else value
    return VOCABULARIES[vocabulary].get(known) or Words(value, value)
