// Sounds of the characters that the library's names use, without tones, so that a dispatcher can search by sound or by initials.

const SOUNDS = `
an:安庵 ai:爱 bai:白 bao:保宝 bei:北备 bi:碧 bian:变边 bin:宾滨 bo:博播 bu:布步部 cang:仓苍 cha:叉 chang:昌厂场长 chao:朝 cheng:城埕 chuan:川 cun:村 cuo:厝 da:大打 dai:袋 dan:丹
dao:道 deng:等 di:地第底 dian:点电 ding:丁顶 dong:东洞 du:肚 duan:段 er:二 fa:法 fan:范 fang:坊芳 fei:飞 feng:峰锋 fu:妇府服福 gan:甘 gang:港 gao:高 ge:阁 gong:公共工 gou:购 gu:古鼓 guan:官馆 guang:光广 guo:郭
hai:海 han:涵 hang:航 he:和河鹤 hong:虹 hou:后 hu:湖 hua:华花 huan:环 huo:货 ji:机基技纪 jian:健建 jiang:江 jiao:交角教郊 jie:解街 jin:金 jing:景京 jiu:九 ju:剧 kan:看 kao:考 ke:客 keng:坑 kou:口 ku:库
lan:蓝 lao:老涝 li:利里 lian:练联 liang:良 ling:岭 liu:流 long:龙 lou:楼 lu:路炉陆 ma:码马 mei:美 men:门 mi:米 miao:庙 min:民闽 ming:鸣 mu:木 nan:南 nian:年 niu:牛纽 ou:偶 pai:排牌 peng:棚 ping:平坪屏 pu:圃浦铺
qi:气 qian:前 qiao:桥 qing:青 qiu:球 qu:区 quan:泉 ran:然 ren:人 rong:蓉 rui:瑞 san:三 shan:山 shang:商 shao:少 she:社 shen:沈深 sheng:胜生 shi:师石实市视十诗 shou:守 shu:枢术书 shuang:双 shui:水 song:宋 su:速 suo:所
ta:塔 tai:台太泰 tang:塘棠 tao:桃 teng:腾 ti:体 tian:天田 ting:亭 tong:同通 tou:头 tu:图 wan:万湾 wei:卫威 wen:文 wu:五务吴武物舞梧 xi:戏西系锡溪 xia:下厦霞 xian:仙 xiang:巷象香芗 xiao:小校 xin:心新信 xing:行 xiu:修 xue:学血 xun:薰训
yan:岩延验眼颜 yang:杨洋阳 ye:业 yi:一医 ying:营迎 you:幼油 yu:育与 yuan:元园圆院 yue:岳 yun:云运 zha:闸 zhan:战站 zhang:漳 zhen:镇 zheng:政 zhi:支职芝 zhong:中钟 zhou:州洲 zhu:竹 zi:字`;

const table = new Map();
for (const entry of SOUNDS.trim().split(/\s+/)) {
  const [sound, characters] = entry.split(':');
  for (const character of characters) table.set(character, sound);
}

/** Words whose characters sound otherwise than alone. */
const WORDS = [['新行街', 'xin hang jie'], ['漳长路', 'zhang chang lu']];

/** "胜利东路" to "sheng li dong lu"; digits stay; anything else without a known sound is an error, not a gap in the search. */
export function pinyin(text) {
  const word = WORDS.find(([w]) => w === text);
  if (word) return word[1];
  return [...text].filter((ch) => !/[\s·（）()]/.test(ch)).map((ch) => {
    if (/[0-9a-z]/i.test(ch)) return ch.toLowerCase();
    const sound = table.get(ch);
    if (!sound) throw new Error(`no sound for ${ch} in ${text}`);
    return sound;
  }).join(' ');
}
