"""Units of measurement, money and count, with their standard codes.

Codes are UCUM's for what is measured (Unified Code for Units of Measure), ISO 4217's
for money, and 1 for what is counted. Units that UCUM lacks (亩, 斤) are UCUM
annotations in braces. Words are in simplified script: the flow is folded before they
are looked up, and a mention's own unit keeps the characters as written.
"""

from __future__ import annotations

from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit of the table: the kind of quantity it makes, and its standard code."""

    kind: str
    code: str


_MEASURES = """
米 m  千米 km  公里 km  厘米 cm  公分 cm  毫米 mm  微米 um  纳米 nm  分米 dm  海里 [nmi_i]  英里 [mi_i]  里 {li}
华里 {li}  英尺 [ft_i]  英寸 [in_i]  尺 {chi}  寸 {cun}  丈 {zhang}  光年 [ly]  延米 m  延长米 m  车道公里 km  单公里 km
米每秒 m/s  公里每小时 km/h  千米每小时 km/h  马赫 {mach}
平方米 m2  平方千米 km2  平方公里 km2  平方厘米 cm2  平方毫米 mm2  平方英里 [smi_us]  平方英尺 [sft_i]  平米 m2  公顷 har
亩 {mu}  亩次 {mu}  顷 {qing}  英亩 [acr_us]  平方 m2
立方米 m3  立方千米 km3  立方公里 km3  立方厘米 cm3  立方 m3  升 L  毫升 mL  加仑 [gal_us]  桶 {barrel}  标方 m3  方 m3
吨 t  公吨 t  千克 kg  公斤 kg  克 g  毫克 mg  微克 ug  斤 {jin}  市斤 {jin}  两 {liang}  担 {dan}  磅 [lb_av]  盎司 [oz_av]
克拉 {carat}  吨公里 t.km  人公里 {person}.km  吨海里 t.[nmi_i]  吨标准煤 t  吨标煤 t  标准煤 t  载重吨 t  总吨 {GT}  吨级 t
标准箱 {TEU}  标箱 {TEU}  换算吨公里 t.km  吨二氧化碳当量 t
瓦 W  千瓦 kW  兆瓦 MW  吉瓦 GW  太瓦 TW  千瓦时 kW.h  千瓦小时 kW.h  瓦时 W.h  兆瓦时 MW.h  度 deg  度电 kW.h  马力 [HP]
伏 V  千伏 kV  伏特 V  千伏安 kV.A  兆伏安 MV.A  安 A  安培 A  毫安 mA  毫安时 mA.h  欧姆 Ohm  赫兹 Hz  千赫 kHz  千赫兹 kHz
兆赫 MHz  兆赫兹 MHz  吉赫兹 GHz  帕 Pa  千帕 kPa  兆帕 MPa  百帕 hPa  焦耳 J  千焦 kJ  卡 cal  千卡 kcal  大卡 kcal  牛顿 N
千牛 kN  分贝 dB  流明 lm  勒克斯 lx  摩尔 mol  流量单位 1
摄氏度 Cel  华氏度 [degF]  ℃ Cel  ℉ [degF]  °C Cel  °F [degF]  ° deg  开尔文 K
比特 bit  千比特 kbit  兆比特 Mbit  字节 By  千字节 kBy  兆字节 MBy  吉字节 GBy  太字节 TBy  兆 MBy  像素 {pixel}
级 {level}  星级 {star}  倍 1  番 1  周岁 a  岁 a  个点 {point}  分 {score}  环 {ring}  公升 L  人公里数 {person}.km  毫西弗 mSv  贝克勒尔 Bq  当量 1
m m  km km  cm cm  mm mm  nm nm  μm um  um um  m2 m2  m² m2  ㎡ m2  km2 km2  km² km2  m3 m3  m³ m3  hm2 har  hm² har  ha har
g g  kg kg  mg mg  μg ug  t t  L L  l L  ml mL  mL mL  ml/L mL/L  W W  kW kW  kw kW  KW kW  MW MW  GW GW  kWh kW.h  MWh MW.h
V V  kV kV  KV kV  KVA kV.A  kVA kV.A  mA mA  mAh mA.h  Hz Hz  kHz kHz  MHz MHz  GHz GHz  Pa Pa  kPa kPa  MPa MPa  hPa hPa
kcal kcal  dB dB  KB kBy  MB MBy  GB GBy  TB TBy  PB PBy  Mbps Mbit/s  Gbps Gbit/s  km/h km/h  m/s m/s  mg/L mg/L  μg/m³ ug/m3
mg/kg mg/kg  mm/h mm/h  rpm {rpm}  bp {basis_point}  BP {basis_point}  ppm [ppm]  ns ns  ms ms  min min  h h  s s
"""

_DURATIONS = """
年 a  周年 a  整年 a  载 a  年度 a  学年 a  财年 a  春秋 a  个年头 a  年头 a  个月 mo  个多月 mo  月 mo  个季度 {quarter}  季度 {quarter}
个学期 {semester}  学期 {semester}  周 wk  个星期 wk  星期 wk  个礼拜 wk  个周 wk  天 d  日 d  昼夜 d  个工作日 d  工作日 d  个交易日 d
交易日 d  夜 d  个昼夜 d  个晚上 d  个夜晚 d  小时 h  个小时 h  个多小时 h  个钟头 h  钟头 h  课时 h  学时 h  个学时 h  工时 h  分钟 min
刻钟 {quarter_hour}  秒 s  秒钟 s  毫秒 ms  微秒 us  纳秒 ns  个世纪 {century}  世纪 {century}  个年代 {decade}  个多世纪 {century}
个时辰 {2h}  个整年 a  个月份 mo  个交易周 wk  人年 {person}.a  整天 d  整月 mo  岁月 a  个日夜 d  日夜 d  个日日夜夜 d
"""

_MONEY = """
元 CNY  块 CNY  块钱 CNY  圆 CNY  元人民币 CNY  人民币 CNY  人民币元 CNY  角 CNY  毛 CNY  毛钱 CNY  分钱 CNY
美元 USD  美圆 USD  美金 USD  美分 USD  欧元 EUR  欧分 EUR  日元 JPY  日圆 JPY  英镑 GBP  镑 GBP  港元 HKD  港币 HKD  港圆 HKD
澳元 AUD  澳门元 MOP  澳门币 MOP  新台币 TWD  台币 TWD  新台币元 TWD  加元 CAD  加拿大元 CAD  新加坡元 SGD  新元 SGD  瑞士法郎 CHF
瑞郎 CHF  法郎 {franc}  卢布 RUB  韩元 KRW  韩圆 KRW  卢比 INR  印度卢比 INR  巴基斯坦卢比 PKR  泰铢 THB  铢 THB  越南盾 VND
印尼盾 IDR  盾 {dong}  比索 {peso}  雷亚尔 BRL  里亚尔 {rial}  里拉 TRY  马克 {mark}  林吉特 MYR  令吉 MYR  兰特 ZAR  奈拉 NGN
新西兰元 NZD  纽元 NZD  瑞典克朗 SEK  挪威克朗 NOK  丹麦克朗 DKK  克朗 {krone}  兹罗提 PLN  福林 HUF  坚戈 KZT  迪拉姆 AED  第纳尔 {dinar}
谢克尔 ILS  先令 {shilling}  图格里克 MNT  格里夫纳 UAH  苏姆 UZS  阿联酋迪拉姆 AED  特别提款权 XDR  比特币 XBT  澳大利亚元 AUD
离岸人民币 CNY  塔卡 BDT  索姆 KGS  基普 LAK  缅元 MMK  瑞尔 KHR  埃及镑 EGP  沙特里亚尔 SAR  巴西雷亚尔 BRL
"""

_PERCENT = "% %  ‰ [ppth]  成 %  折 %  ％ %  个百分点 {percentage_point}  百分点 {percentage_point}  个基点 {basis_point}  基点 {basis_point}"

_COUNTS = """
个 名 人 位 户 家 人次 人份 人天 口 员 口人 户次 家次 户家庭 个人 对夫妻 男 女 众 夫妇 条次 路次
件 项 条 起 例 宗 桩 次 场 场次 班 班次 批次 批 轮 回 趟 遍 届次 期 集 部 部次 部集 册 本 张 张次 份 份次 篇 篇次 页 封 幅 帧 卷 套 套次 台 台套 台次 套件
架 架次 艘 艘次 辆 辆次 列 列次 车次 航次 航班 架无人机 班列 班轮 节 节车厢 匹 头 头次 只 只次 羽 尾 条鱼 峰 口井 口 株 棵 根 枝 朵 颗 粒 枚 块 片 块次 方面
所 座 栋 幢 间 套房 套房屋 处 处所 点位 座次 站 站点 店 门店 层 单元 室 扇 堵 盏 门 门次 门课 门课程 道 段 组 对 双 副 打 把 支 支队伍 队 排 串 束 捆 包 袋 箱 盒 瓶 罐 桶装 盘 碗 杯 壶 筐 车 船 船次
床 张床位 席 席位 座席 股 手 笔 单 单次 票 款 种 类 型 样 档 级次 类次 宗地 宗案 桩案 起案 名次 剂 剂次 针 针次 支疫苗 针剂 例次 床次 诊次 例病例 证次 证 号次
省 市 县 区 乡 镇 村 街道 社区 州 盟 旗 国 国家 省份 省区 省区市 省市 市县 县区 区县 县市 乡镇 村庄 部门 校 院 企 户企业 户人 地
万户 万人 字 词 句 句话 行 段话 首 首歌 支歌 支舞 出 幕 台戏 声 响 步 步骤 拳 脚 眼 口气 环节 步伐 身 顶 面 杆 门炮 发 枚炮弹 颗卫星 星 组卫星 路 路线 条线 线路 班机 笼 窝 丛 簇 畦 垄 亩田
股份 亿股 点 成员 队员 人家 任 代 代人 辈 届人 届毕业生 批人 波 拨 拨人 轮次 盘次 局 回合 球 胜 平 负 金 银 铜 冠 分球 记 篮板 助攻 抢断 盖帽 进球 连胜 连败 人团 团 营 连 师 旅 军 班组 小组 大类 中类 小类 类别 品种 品类
户户 垛 堆 摊 滩 缕 丝 滴 抹 杠 弯 湾 汪 眼井 孔 跨 座桥 弯道 车道 轨 车厢 柱 尊 具 盒次 套餐 项次 件次 件套 台件 部件 册次 人册 种次 票次 单元楼 盏灯 幢楼 栋楼 床位 机位 车位 泊位 厅 馆 塔 井 泵 炉 窑 机 机组 号人 号 路公交
字符 线程 词条 条目 账户 账号 笔数 户数 手数 羽次 头只 人份次 个样本 份样本 管 管次
跤 记者 枪 弹 炮 票房 段次 班级 环 榜 锅 餐 顿 席次 圈 桌 桌次 担次 挂 架飞机 艘船 辆车 抬 梯 篓 茬 季 熟 拍 码 进 面旗 眼泉 池 窟 龛 碑 阙 重 维 元素
"""


# A unit, and the characters that make another word of it: 本市, 分别, 国内.
_BEGINS_A_WORD = """
本 市省区县村报届次科人地月年土级质  分 别之布散配析  元 旦月宵首  次 日年  国 内际  市 场民  区 间块域别  号 召  线 上下  期 间待望  方 式法案向便针  代 表替
点 击评  度 假  地 区方点  面 向对积  家 庭园  人 员均民力工大类  口 号岸  门 店口户  只 有是要  发 展布生动现  站 在  重 要点大视新  道 路德理  段 时
所 有以  名 称单义胜  成 立为员果功本绩交都品熟人长就效群片分  进 行入一出口  手 机段续工  首 次先个都  任 务何  维 护修持  笔 记者试  层 面级次  块 状  路 线过段径
营 业商收  码 头  挂 牌  单 位独  头 部  众 多  平 均台  胜 利率  金 融额  记 者录  环 境比保节  票 据  波 动  节 约日能目  集 中团体聚  步 行  声 称音
响 应  跨 境越  套 路  起 来步点草  股 东票权市  出 台现口行席版  身 份  例 如外  角 度色落  圈 层  师 生资范  团 结队员  连 续接  旅 游客行  军 队事
球 员队迷  局 面部长  系 统列  院 士  校 园长  星 期级  车 辆间  船 舶  机 构制关会器  井 然  管 理控  顿 时  熟 悉  串 联  组 织成合  排 放名  级 别
页 岩  幅 度  双 方边  对 于外此应口接  种 植子  类 似  条 件例  份 额  轮 胎  季 度节  升 级至高  里 面  方面 军  克 服  毛 利
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

SCALES = {"角": -1, "毛": -1, "毛钱": -1, "分钱": -2, "美分": -2, "欧分": -2}
"""Powers of ten of a money unit against the unit that its code stands for."""


def _index(words: dict[str, Unit]) -> dict[str, tuple[str, ...]]:
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word)
    return {first: tuple(sorted(ws, key=len, reverse=True)) for first, ws in by_first.items()}


_BY_FIRST = _index(UNITS)
_VETOES = dict(zip(_BEGINS_A_WORD.split()[::2], _BEGINS_A_WORD.split()[1::2], strict=True))
_NO_UNIT_AFTER = frozenset(ascii_letters + digits)


def add_units(words: dict[str, Unit]) -> None:
    """Add the user lexicon's units to the table."""
    UNITS.update(words)
    _BY_FIRST.update(_index(UNITS))
    unit_code.cache_clear()


def match_unit(text: str, at: int) -> str | None:
    """The longest unit of the table that stands at `at` and is no part of a longer word, or None."""
    for word in _BY_FIRST.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            following = text[at + len(word) : at + len(word) + 1]
            if following and following in _VETOES.get(word, ""):
                continue
            if word[-1] in ascii_letters and following and following in _NO_UNIT_AFTER:
                continue
            return word
    return None


@lru_cache(maxsize=4096)
def unit_code(kind: str, unit: str | None) -> str:
    """The standard code of a mention's unit: UCUM, ISO 4217, or 1 for a count.

    A compound unit is coded part by part (元/平方米: CNY/m2, 米每秒: m/s).
    Words with no code are a UCUM annotation in braces.
    """
    if not unit:
        return "1"
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
