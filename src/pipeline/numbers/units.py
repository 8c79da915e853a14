"""Units of measurement, money and count, with their standard codes.

Codes are UCUM's for what is measured (Unified Code for Units of Measure), ISO 4217's
for money, and 1 for what is counted. Units that UCUM lacks (亩, 斤) are UCUM
annotations in braces. Words are in simplified script: the flow is folded before they
are looked up, and a mention's own unit keeps the characters as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple

from pipeline.texts.fold import FOLDED, simplify


class Unit(NamedTuple):
    """A unit of the table: the kind of quantity it makes, and its standard code."""

    kind: str
    code: str


_MEASURES = """
米 m  千米 km  公里 km  厘米 cm  公分 cm  毫米 mm  微米 um  纳米 nm  分米 dm  海里 [nmi_i]  英里 [mi_i]
里 {li}  华里 {li}  英尺 [ft_i]  英寸 [in_i]  尺 {chi}  寸 {cun}  丈 {zhang}  光年 [ly]  延米 m  延长米 m
车道公里 km  单公里 km  米每秒 m/s  公里每小时 km/h  千米每小时 km/h  马赫 {mach}  平方米 m2  平方千米 km2
平方公里 km2  平方厘米 cm2  平方毫米 mm2  平方英里 [smi_us]  平方英尺 [sft_i]  平米 m2  公顷 har  亩 {mu}
亩次 {mu}  顷 {qing}  英亩 [acr_us]  平方 m2  立方米 m3  立方千米 km3  立方公里 km3  立方厘米 cm3  立方 m3
升 L  毫升 mL  加仑 [gal_us]  桶 {barrel}  标方 m3  方 m3  吨 t  公吨 t  千克 kg  公斤 kg  克 g  毫克 mg
微克 ug  斤 {jin}  市斤 {jin}  两 {liang}  担 {dan}  磅 [lb_av]  盎司 [oz_av]  克拉 {carat}  吨公里 t.km
人公里 {person}.km  吨海里 t.[nmi_i]  吨标准煤 t  吨标煤 t  标准煤 t  载重吨 t  总吨 {GT}  吨级 t
标准箱 {TEU}  标箱 {TEU}  换算吨公里 t.km  吨二氧化碳当量 t  瓦 W  千瓦 kW  兆瓦 MW  吉瓦 GW  太瓦 TW
千瓦时 kW.h  千瓦小时 kW.h  瓦时 W.h  兆瓦时 MW.h  度 deg  度电 kW.h  马力 [HP]  伏 V  千伏 kV  伏特 V
千伏安 kV.A  兆伏安 MV.A  安培 A  毫安 mA  毫安时 mA.h  欧姆 Ohm  赫兹 Hz  千赫 kHz  千赫兹 kHz  兆赫 MHz
兆赫兹 MHz  吉赫兹 GHz  帕 Pa  千帕 kPa  兆帕 MPa  百帕 hPa  焦耳 J  千焦 kJ  千卡 kcal  大卡 kcal  牛顿 N
千牛 kN  分贝 dB  流明 lm  勒克斯 lx  摩尔 mol  流量单位 1  摄氏度 Cel  华氏度 [degF]  ℃ Cel  ℉ [degF]
°C Cel  °F [degF]  ° deg  开尔文 K  比特 bit  千比特 kbit  兆比特 Mbit  字节 By  千字节 kBy  兆字节 MBy
吉字节 GBy  太字节 TBy  兆 MBy  像素 {pixel}  级 {level}  星级 {star}  倍 1  番 1  周岁 a  岁 a
个点 {point}  分 {score}  环 {ring}  公升 L  人公里数 {person}.km  毫西弗 mSv  贝克勒尔 Bq  当量 1  m m
km km  cm cm  mm mm  nm nm  μm um  um um  m2 m2  m² m2  ㎡ m2  km2 km2  km² km2  m3 m3  m³ m3  hm2 har
hm² har  ha har  g g  kg kg  mg mg  μg ug  t t  L L  l L  ml mL  mL mL  ml/L mL/L  W W  kW kW  kw kW
KW kW  MW MW  GW GW  kWh kW.h  MWh MW.h  V V  kV kV  KV kV  KVA kV.A  kVA kV.A  mA mA  mAh mA.h  Hz Hz
kHz kHz  MHz MHz  GHz GHz  Pa Pa  kPa kPa  MPa MPa  hPa hPa  kcal kcal  dB dB  KB kBy  MB MBy  GB GBy
TB TBy  PB PBy  Mbps Mbit/s  Gbps Gbit/s  km/h km/h  m/s m/s  mg/L mg/L  μg/m³ ug/m3  mg/kg mg/kg
mm/h mm/h  rpm {rpm}  bp {basis_point}  BP {basis_point}  ppm [ppm]  ns ns  ms ms  min min  h h  s s
呎 [ft_i]  平方呎 [sft_i]  方呎 [sft_i]  吋 [in_i]  哩 [mi_i]  安士 [oz_av]  吉瓦时 GW.h  拍字节 PBy
安时 A.h
"""

_DURATIONS = """
年 a  周年 a  整年 a  载 a  年度 a  学年 a  财年 a  春秋 a  个年头 a  年头 a  个月 mo  个多月 mo  月 mo
个季度 {quarter}  季度 {quarter}  个学期 {semester}  学期 {semester}  周 wk  个星期 wk  星期 wk  个礼拜 wk
个周 wk  天 d  日 d  昼夜 d  个工作日 d  工作日 d  个交易日 d  交易日 d  夜 d  个昼夜 d  个晚上 d
个夜晚 d  小时 h  个小时 h  个多小时 h  个钟头 h  钟头 h  课时 h  学时 h  个学时 h  工时 h  分钟 min
刻钟 {quarter_hour}  秒 s  秒钟 s  毫秒 ms  微秒 us  纳秒 ns  个世纪 {century}  世纪 {century}
个年代 {decade}  个多世纪 {century}  个时辰 {2h}  个整年 a  个月份 mo  个交易周 wk  人年 {person}.a
整天 d  整月 mo  岁月 a  个日夜 d  日夜 d  个日日夜夜 d
"""

_MONEY = """
元 CNY  块 CNY  块钱 CNY  圆 CNY  元人民币 CNY  人民币 CNY  人民币元 CNY  角 CNY  毛 CNY  毛钱 CNY
分钱 CNY  美元 USD  美圆 USD  美金 USD  美分 USD  欧元 EUR  欧分 EUR  日元 JPY  日圆 JPY  英镑 GBP  镑 GBP
港元 HKD  港币 HKD  港圆 HKD  澳元 AUD  澳门元 MOP  澳门币 MOP  新台币 TWD  台币 TWD  新台币元 TWD
加元 CAD  加拿大元 CAD  新加坡元 SGD  新元 SGD  瑞士法郎 CHF  瑞郎 CHF  法郎 {franc}  卢布 RUB  韩元 KRW
韩圆 KRW  卢比 INR  印度卢比 INR  巴基斯坦卢比 PKR  泰铢 THB  铢 THB  越南盾 VND  印尼盾 IDR  盾 {dong}
比索 {peso}  雷亚尔 BRL  里亚尔 {rial}  里拉 TRY  马克 {mark}  林吉特 MYR  令吉 MYR  兰特 ZAR  奈拉 NGN
新西兰元 NZD  纽元 NZD  瑞典克朗 SEK  挪威克朗 NOK  丹麦克朗 DKK  克朗 {krone}  兹罗提 PLN  福林 HUF
坚戈 KZT  迪拉姆 AED  第纳尔 {dinar}  谢克尔 ILS  先令 {shilling}  图格里克 MNT  格里夫纳 UAH  苏姆 UZS
阿联酋迪拉姆 AED  特别提款权 XDR  比特币 XBT  澳大利亚元 AUD  离岸人民币 CNY  塔卡 BDT  索姆 KGS  基普 LAK
缅元 MMK  瑞尔 KHR  埃及镑 EGP  沙特里亚尔 SAR  巴西雷亚尔 BRL
"""

_PERCENT = """
% %  厘 %  ‰ [ppth]  成 %  折 %  ％ %  个百分点 {percentage_point}  百分点 {percentage_point}
个基点 {basis_point}  基点 {basis_point}
"""

_COUNTS = """
号 章 盆 面 基 卡 个 名 人 位 户 家 口 员 人家 个人 口人 男 女 众 夫妇 户次 家次 人次 人份 人天 人份次
位次 队次 件 项 条 起 例 宗 桩 次 场 班 批 轮 回 趟 遍 期 届 集 部 册 本 张 份 篇 页 封 幅 帧 卷 套 台 架
艘 辆 列 节 匹 头 只 羽 尾 峰 株 棵 根 枝 朵 颗 粒 枚 块 片 所 座 栋 幢 间 处 站 店 门店 层 单元 室 扇 堵
盏 门 门课 道 段 组 对 双 副 把 支 队 排 串 束 捆 包 袋 箱 盒 瓶 罐 盘 碗 杯 壶 筐 车 船 床 席 股 手 笔 单
票 款 种 类 型 样 档 剂 针 证 方面 点位 处所 座席 机位 床位 车位 泊位 条次 路次 场次 班次 批次 部次 张次
份次 篇次 套次 台次 台套 套件 架次 艘次 辆次 列次 车次 航次 班列 班轮 头次 只次 羽次 块次 座次 门次 船次
单次 级次 类次 剂次 针次 例次 床次 诊次 证次 号次 轮次 盘次 盒次 项次 件次 件套 台件 册次 人册 种次 票次
席次 桌次 担次 段次 省 市 县 区 乡 镇 村 街道 社区 州 盟 旗 国 国家 省份 省区 省区市 省市 市县 县区 区县
县市 乡镇 村庄 部门 校 院 企 地 股份 点 字 词 句 句话 行 段话 首 出 幕 声 响 步 步骤 拳 脚 眼 口气 环节 发
炮 枪 弹 跤 笼 窝 丛 簇 畦 垄 垛 堆 摊 滩 缕 丝 滴 抹 杠 弯 湾 汪 成员 队员 任 代 代人 辈 波 拨 局 回合 球
胜 平 负 金 银 铜 冠 记 篮板 助攻 抢断 盖帽 进球 连胜 连败 胜率 团 营 连 师 旅 军 班组 小组 大类 中类 小类
类别 品种 品类 路 孔 跨 车道 轨 车厢 柱 尊 具 餐 顿 圈 桌 挂 抬 梯 篓 茬 季 熟 拍 进 池 窟 龛 碑 阙 重 维
榜 锅 厅 馆 塔 井 泵 炉 窑 机 机组 字符 线程 词条 条目 账户 账号 笔数 户数 手数 部件 元素 TEU
"""


# A unit, and the characters that make another word of it: 本市, 分别, 国内.
_BEGINS_A_WORD = """
日 本元圆均  两 个名位天年月日次项家种件条岸国会者人军院地侧端翼张场支栖  企 业
基 础本层地建因金督准点于业  届 时满  型 号  本 市省区县村报届次科人地月年土级质  分 别之布散配析
元 旦月宵首  次 日年  国 内际  市 场民  区 间块域别  号 召码  线 上下  期 间待望  方 式法案向便针  代 表替
点 击评  度 假  地 区方点  面 向对积临粉条包貌容试具世前  家 庭园  人 员均民力工大类  口 号岸  门 店口户
只 有是要  发 展布生动现  站 在  重 要点大视新  道 路德理  段 时  所 有以  名 称单义胜
成 立为员果功本绩交都品熟人长就效群片分  进 行入一出口  手 机段续工  首 次先个都  任 务何  维 护修持
笔 记者试  层 面级次  块 状  路 线过段径  营 业商收  码 头  挂 牌  单 位独  头 部  众 多  平 均台民安原
胜 利率  金 融额  记 者录  环 境比保节  票 据  波 动兰黑多  节 约日能目  集 中团体聚  步 行  声 称音
响 应  跨 境越  套 路  起 来步点草  股 东票权市  出 台现口行席版  身 份  例 如外  角 度色落  圈 层
师 生资范  团 结队员  连 续接  旅 游客行  军 队事  球 员队迷  局 面部长  系 统列  院 士  校 园长  星 期级
车 辆间  船 舶  机 构制关会器  井 然  管 理控  顿 时  熟 悉  串 联  组 织成合  排 放名  级 别  页 岩
幅 度  双 方边  对 于外此应口接  种 植子  类 似  条 件例  份 额  轮 胎  季 度节  升 级至高  里 面  方面 军
克 服  毛 利里  台 湾北中南风
"""


def _coded(declaration: str, kind: str) -> dict[str, Unit]:
    words = declaration.split()
    return {word: Unit(kind, code) for word, code in zip(words[::2], words[1::2], strict=True)}


UNITS: dict[str, Unit] = {
    **{word: Unit("count", "1") for word in _COUNTS.split()},
    **_coded(_MEASURES, "measure"),
    **_coded(_DURATIONS, "duration"),
    **_coded(_MONEY, "money"),
    **_coded(_PERCENT, "percent"),
}
"""Every unit by its word."""

CURRENCY_SIGNS = re.compile(r"((?:HK|US|NT|[ACS])?\$|[¥€£₩]|RMB|USD|HKD|CNY) ?$")
"""A sign or code of money that ends where a number begins."""

_SIGN_CODES = {
    **dict.fromkeys(("$", "US$", "USD"), "USD"),
    **dict.fromkeys(("HK$", "HKD"), "HKD"),
    **dict.fromkeys(("¥", "RMB", "CNY"), "CNY"),
    "NT$": "TWD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
}


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """For each first character, how long the units are that begin with it, the longest first."""
    by_first: dict[str, set[int]] = {}
    for word in words:
        by_first.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in by_first.items()}


_OWN = dict(UNITS)
_LENGTHS = _lengths(UNITS)
_VETOES = dict(zip(_BEGINS_A_WORD.split()[::2], _BEGINS_A_WORD.split()[1::2], strict=True))
_LATIN = frozenset(ascii_letters + digits)


def use_units(words: Mapping[str, Unit]) -> None:
    """Have these units in the table beside its own, in the place of those that were there before."""
    wanted = {**_OWN, **words}
    if wanted == UNITS:
        return
    UNITS.clear()
    UNITS.update(wanted)
    _LENGTHS.clear()
    _LENGTHS.update(_lengths(wanted))
    unit_code.cache_clear()


def match_unit(text: str, at: int) -> str | None:
    """The longest unit of the table that stands at `at` and is no part of a longer word, or None."""
    for length in _LENGTHS.get(text[at : at + 1], ()):
        stop = at + length
        word = text[at:stop]
        if word not in UNITS:
            continue
        following = text[stop : stop + 1]
        if following and (following in _VETOES.get(word, "") or _goes_on(word, following)):
            continue
        return word
    return None


def _goes_on(word: str, following: str) -> bool:
    return word[-1] in _LATIN and following in _LATIN


@lru_cache(maxsize=4096)
def unit_code(kind: str, unit: str | None) -> str:
    """The standard code of a mention's unit: UCUM, ISO 4217, or 1 for a count.

    A compound unit is coded part by part (元/平方米: CNY/m2, 米每秒: m/s).
    Words with no code are a UCUM annotation in braces.
    """
    if not unit:
        return "1"
    if unit not in UNITS and not unit.isascii():
        unit = simplify("".join(FOLDED.get(c, c) for c in unit))
    if unit in _SIGN_CODES:
        return _SIGN_CODES[unit]
    known = UNITS.get(unit)
    if known and (known.kind == kind or kind in ("duration", "percent")):
        return known.code
    if kind == "count":
        return "1"
    if known:
        return known.code
    for joint in ("/", "每"):
        over, found, under = unit.partition(joint)
        if found and over and under:
            return f"{unit_code(kind, over)}/{unit_code('measure', under)}"
    return "{" + unit.replace("{", "").replace("}", "") + "}"
