"""Words the demo company is made of: names with their pinyin, cities, streets, products, comments."""

# surname, pinyin, rough frequency
_SURNAMES = """王 Wang 70|李 Li 68|张 Zhang 65|刘 Liu 52|陈 Chen 45|杨 Yang 32|黄 Huang 24|赵 Zhao 22|吴 Wu 20|周 Zhou 19
徐 Xu 16|孙 Sun 15|马 Ma 13|朱 Zhu 13|胡 Hu 13|郭 Guo 12|何 He 12|林 Lin 12|高 Gao 11|罗 Luo 10
郑 Zheng 9|梁 Liang 9|谢 Xie 8|宋 Song 8|唐 Tang 7|许 Xu 7|韩 Han 7|冯 Feng 6|邓 Deng 6|曹 Cao 6
彭 Peng 6|曾 Zeng 5|肖 Xiao 5|田 Tian 5|董 Dong 5|袁 Yuan 5|潘 Pan 5|于 Yu 4|蒋 Jiang 4|蔡 Cai 4
余 Yu 4|杜 Du 4|叶 Ye 4|程 Cheng 4|苏 Su 3|魏 Wei 3|吕 Lv 3|丁 Ding 3|任 Ren 3|沈 Shen 3
欧阳 Ouyang 1|司马 Sima 1"""
_GIVEN = """伟 wei|芳 fang|娜 na|敏 min|静 jing|丽 li|强 qiang|磊 lei|军 jun|洋 yang|勇 yong|艳 yan|杰 jie|娟 juan|涛 tao|明 ming
超 chao|秀 xiu|霞 xia|平 ping|刚 gang|桂 gui|英 ying|华 hua|玉 yu|兰 lan|建 jian|国 guo|志 zhi|文 wen|晓 xiao|红 hong
雪 xue|梅 mei|春 chun|燕 yan|飞 fei|鹏 peng|宇 yu|浩 hao|然 ran|子 zi|轩 xuan|梓 zi|涵 han|欣 xin|怡 yi|佳 jia
琪 qi|思 si|雨 yu|晨 chen|嘉 jia|俊 jun|天 tian|一 yi|诺 nuo|可 ke|心 xin|悦 yue|彤 tong|婷 ting|慧 hui|颖 ying
倩 qian|璐 lu|莹 ying|琳 lin|瑶 yao|凯 kai|博 bo|睿 rui|泽 ze|豪 hao|阳 yang|旭 xu|辉 hui|斌 bin|峰 feng|龙 long
海 hai|波 bo|金 jin|银 yin|荣 rong|庆 qing|福 fu|祥 xiang|瑞 rui|德 de|才 cai|学 xue|清 qing|云 yun|月 yue|星 xing"""

SURNAMES, SURNAMES_PINYIN, SURNAME_WEIGHTS = zip(
    *(entry.split() for entry in _SURNAMES.replace("\n", "|").split("|")), strict=True
)
GIVEN, GIVEN_PINYIN = zip(*(entry.split() for entry in _GIVEN.replace("\n", "|").split("|")), strict=True)
ENGLISH_NAMES = ("Kevin", "Lily", "Jack", "Amy", "Leo", "Cindy", "Tony", "Coco", "Eric", "Vivian", "Jason", "Emma")

# city, region, postcode
CITIES = (
    ("上海", "华东", "200000"),
    ("杭州", "华东", "310000"),
    ("南京", "华东", "210000"),
    ("苏州", "华东", "215000"),
    ("北京", "华北", "100000"),
    ("天津", "华北", "300000"),
    ("广州", "华南", "510000"),
    ("深圳", "华南", "518000"),
    ("香港", "华南", "999077"),
    ("成都", "西南", "610000"),
    ("重庆", "西南", "400000"),
    ("武汉", "华中", "430000"),
)
REGIONS = ("华东", "华北", "华南", "西南", "华中")
STREETS = (
    "中山路",
    "人民路",
    "解放路",
    "建设路",
    "和平路",
    "长江路",
    "黄河路",
    "文化路",
    "新华路",
    "学院路",
    "花园路",
    "滨江大道",
)
MAIL_HOSTS = ("qq.example", "163.example", "gmail.example", "outlook.example", "sina.example", "foxmail.example")
PHONE_PREFIXES = (130, 131, 132, 133, 135, 136, 137, 139, 150, 151, 152, 153, 155, 156, 157, 158, 159, 166, 173, 175)
PHONE_PREFIXES += (176, 177, 178, 180, 181, 182, 183, 185, 186, 187, 188, 189, 191, 193, 195, 198, 199)

CATEGORIES = ("咖啡", "茶", "烘焙", "厨具", "家纺", "香氛", "文具", "礼盒")
PRODUCT_WORDS = ("云", "山", "海", "风", "月", "竹", "松", "禾", "拾光", "半夏", "初见", "安然")
COMPLAINT_CATEGORIES = ("delivery", "quality", "refund", "service", "points", "price")
PURPOSES = ("order_status", "return", "product_advice", "points", "complaint", "account", "invoice")
GOOD_COMMENTS = (
    "很好,下次还来",
    "Great service, thank you!",
    "店员很耐心,推荐给朋友了",
    "物流快,包装也漂亮",
    "满意",
    "客服回复及时,\n问题当场解决",
)
BAD_COMMENTS = (
    "等了太久",
    'The box arrived "crushed", again.',
    "每个渠道都要重新说一遍,很累",
    "积分规则看不懂",
    "承诺的回电没有打",
    "质量不如以前,\n也没有人跟进",
)
NOTES = (
    ("problem", "call", "re-explaining", "顾客在门店说过一次,打电话又得从头讲起。"),
    ("receipt", "delivery", "promise", "说好三天到,第五天才到,没人提前告知。"),
    ("use", "product", "delight", "老顾客带朋友来,说香氛味道记得住。"),
    ("order", "checkout", "coupon", "凑单满减算不清,放弃了一部分。"),
    ("repeat_recommend", "app", "points", "积分快过期才提醒,来不及用。"),
    ("search", "webshop", "stock", "网上显示有货,到店没有。"),
    ("awareness", "friend", "referral", "朋友推荐来的,没看过广告。"),
    ("compare", "store", "advice", "店员把两款的差别讲清楚了,决定很快。"),
)

# The company's own codes in both languages, for the settings that the demo writes.
_LABELS = """app App 应用|webshop Web_shop 官网商城|miniprogram Mini-program 小程序|store Store 门店|callcentre Call_centre 呼叫中心
store_visit Store_visit 门店到访|hotline Hotline 热线|chat Chat 在线客服|service_desk Service_desk 服务台|call Call 电话
product Product 商品|checkout Checkout 结算|friend Friends 朋友
re-explaining explaining_again 重复说明|promise promises 承诺|delight delight 惊喜|coupon coupons 优惠券
stock stock 库存|advice advice 导购建议|store_adviser store_adviser 门店导购|agent service_agent 客服坐席|researcher researcher 调研员
members members 会员|platinum Platinum 铂金|gold Gold 金卡|silver Silver 银卡|basic Basic 普通
order_status order_status 订单状态|product_advice product_advice 商品咨询|account account 账户|invoice invoice 发票
quality quality 质量|refund refund 退款|service service 服务|price price 价格|size wrong_size 尺码不符
crm CRM CRM|pos Till 收银系统
华东 East_China 华东|华北 North_China 华北|华南 South_China 华南|西南 South-west_China 西南|华中 Central_China 华中"""

LABELS = [
    (code, english.replace("_", " "), chinese)
    for code, english, chinese in (entry.split() for entry in _LABELS.replace("\n", "|").split("|"))
]
