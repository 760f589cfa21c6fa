"""Chinese surnames: the hundred most frequent in order, the Hundred Family Surnames (百家姓), and how surnames are read."""

# About in the order of the yearly name reports of China's Ministry of Public Security.
FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰"
    "郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃"
    "利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公佟肖付闫覃邸苑冼区揭兰仝邝芦税操库"
    "修丘涂代朴洪商哈年爱阳"
)
_COMPOUND = (
    "万俟 司马 上官 欧阳 夏侯 诸葛 闻人 东方 赫连 皇甫 尉迟 公羊 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 公孙 仲孙 轩辕 令狐 "
    "钟离 宇文 长孙 慕容 鲜于 闾丘 司徒 司空 亓官 司寇 子车 颛孙 端木 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 百里 "
    "东郭 南门 呼延 羊舌 微生 梁丘 左丘 东门 西门 南宫 第五 独孤 纳兰 完颜 叶赫"
)
_TRADITIONAL = (
    "張陳劉楊黃趙吳孫馬鄭羅謝韓馮鄧許蕭蔣蘇呂盧葉閻鐘鍾譚鄒陸賈韋范範龍萬錢湯賀嚴寧賴顧龔莊華喬倫蒼歐畢單陽鄔衛齊雲龐項"
    "紀閔婁顏駱應貢勞從繆諸鈕儲車榮滕潘竇魯蔔關聶簡饒豐農溫連習魚東師鞏闕須遊蓋區蘭閆滿廣陰鄺塗鳳費賁樂時談麥薑"
)
_TRADITIONAL_COMPOUND = (
    "歐陽 司馬 諸葛 東方 皇甫 尉遲 長孫 慕容 單于 鮮于 獨孤 萬俟 鍾離 濮陽 公孫 軒轅 納蘭 赫連 聞人 東郭"
)

# Read otherwise as a surname than usual, as dictionaries say under the character.
_READINGS = """单 shan|單 shan|曾 zeng|解 xie|仇 qiu|朴 piao|查 zha|任 ren|区 ou|區 ou|盖 ge|蓋 ge|翟 zhai|乐 yue|樂 yue|员 yun|員 yun
黑 he|折 she|洗 xian|冼 xian|缪 miao|繆 miao|宓 mi|逄 pang|召 shao|种 chong|牟 mou|秘 bi|谌 chen|諶 chen|能 nai|卜 bu|柏 bai|覃 qin
都 du|薄 bo|尉 wei|句 gou|贲 ben|賁 ben|宿 su|晟 cheng|祭 zhai|郗 xi|瞿 qu|殷 yin|那 na|车 che|車 che|沈 shen|万俟 moqi|萬俟 moqi
尉迟 yuchi|尉遲 yuchi|单于 chanyu|單于 chanyu|长孙 zhangsun|長孫 zhangsun|澹台 tantai|令狐 linghu|乐正 yuezheng|鲜于 xianyu
鮮于 xianyu|亓官 qiguan|颛孙 zhuansun|宰父 zaifu"""
READINGS = {entry.split()[0]: entry.split()[1] for entry in _READINGS.replace("\n", "|").split("|")}
COMPOUND = frozenset(_COMPOUND.split()) | frozenset(_TRADITIONAL_COMPOUND.split())
SINGLE = frozenset(_SINGLE) | frozenset(_TRADITIONAL) | frozenset(FREQUENT)
