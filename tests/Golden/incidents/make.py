"""Writes the history files beside it with Python's csv module and codecs: python3 make.py"""
import csv
import json

HEADER = ["警情编号", "警情类别", "等级", "报警时间", "地址", "经度", "纬度", "简要警情", "到场时间", "处置结果", "接警员"]
ROWS = [
    ["350600-001", "盗窃", "二级", "2026-03-01 08:15:30", "中山公园", "117.656668", "24.514434", "手机被盗，\"白色\"外壳", "2026-03-01 08:21:05", "已立案", "张三"],
    ["350600-002", "火灾", "1", "2026/3/1 9:05", "新华西路, 12号", "117.6512", "24.5098", "三楼冒烟；\n有人被困", "2026/3/1 9:09", "扑灭", "李四"],
    ["350600-003", "群众求助", "", "2026-03-01T10:00:00+08:00", "", "117.66", "24.52", "老人迷路 𠮷野家附近", "", "", "王五"],
    ["350600-004", "交通事故", "P3", "2026年3月1日 11时02分09秒", "九龙大道", "117.67", "24.50", " 前后有空格 ", "", "快处;快赔\t已撤离", "赵六"],
]


def write(name, encoding, delimiter, quoting=csv.QUOTE_MINIMAL, order=None, terminator="\r\n"):
    order = order or range(len(HEADER))
    with open(name, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=terminator)
        for row in [HEADER, *ROWS]:
            writer.writerow([row[i] for i in order])


write("utf8.csv", "utf-8", ",")
write("utf8-bom-semicolon.csv", "utf-8-sig", ";")
write("gb18030.csv", "gb18030", ",", csv.QUOTE_ALL)
write("gb18030-tab.csv", "gb18030", "\t", terminator="\n")
write("utf16-tab.csv", "utf-16", "\t")
write("reordered.csv", "utf-8", ",", order=list(reversed(range(len(HEADER)))))
with open("fields.json", "w", encoding="utf-8") as file:
    json.dump([HEADER, *ROWS], file, ensure_ascii=False, indent=1)
    file.write("\n")
