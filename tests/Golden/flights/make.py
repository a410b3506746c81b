"""Writes the flight files beside it with Python's csv and xml modules and codecs: python3 make.py"""
import csv
import xml.etree.ElementTree as xml

HEADER = ["架次编号", "无人机", "飞手", "用途", "批准号", "起飞时间", "落地时间", "飞行时长(分钟)", "航程(公里)", "最大高度(米)", "经度", "纬度", "天气"]
ROWS = [
    ["XJ-0001", "警翼一号", "张三", "巡逻", "漳公空〔2024〕7号", "2024-03-01 08:15:30", "2024-03-01 08:41:05", "25.6", "11.2", "96", "117.656668", "24.514434", "晴"],
    ["XJ-0002", "警翼二号", "李四", "抓捕支援", "", "2024年3月1日 22时50分00秒", "2024-03-02T00:05:10+08:00", "", "", "", "", "", "多云, 微风"],
    ["XJ-0003", "警翼一号", "", "展览", "", "2024/3/2 9:05", "", "12", "3.4", "120", "", "", "𠮷日"],
]


def write(name, encoding, delimiter, quoting=csv.QUOTE_MINIMAL, order=None, header=None):
    order = order or range(len(HEADER))
    with open(name, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
        for row in [header or HEADER, *ROWS]:
            writer.writerow([row[i] for i in order])


write("utf8.csv", "utf-8", ",")
write("utf8-bom-semicolon.csv", "utf-8-sig", ";")
write("gb18030.csv", "gb18030", ",", csv.QUOTE_ALL)
write("utf16-tab.csv", "utf-16", "\t")
write("reordered.csv", "utf-8", ",", order=list(reversed(range(len(HEADER)))))
write("english.csv", "utf-8", ",", header=["Flight No", "Drone", "Pilot", "Purpose", "Approval", "Take-off time", "Landing time", "Duration (min)", "distanceKm", "Max height [m]", "Lon", "Lat", "Weather"])

xml.register_namespace("", "http://www.topografix.com/GPX/1/1")
SPACE = "{http://www.topografix.com/GPX/1/1}"
gpx = xml.Element(SPACE + "gpx", version="1.1", creator="make.py")
# Two flights: along a parallel at 10 m/s with a break between two segments, and one with no heights.
for name, day, heights, segments in [("警翼一号 2024-04-01T02:00:00.000Z", 1, True, [(0, 60), (90, 120)]), ("警翼二号", 2, False, [(0, 30)])]:
    track = xml.SubElement(gpx, SPACE + "trk")
    xml.SubElement(track, SPACE + "name").text = name
    for begin, end in segments:
        segment = xml.SubElement(track, SPACE + "trkseg")
        for second in range(begin, end + 1):
            point = xml.SubElement(segment, SPACE + "trkpt", lat="24.5", lon=f"{117.6 + second * 0.0001:.7f}")
            if heights:
                xml.SubElement(point, SPACE + "ele").text = f"{20 + min(second, 80):.1f}"
            xml.SubElement(point, SPACE + "time").text = f"2024-04-0{day}T02:{second // 60:02}:{second % 60:02}Z"
xml.ElementTree(gpx).write("two-flights.gpx", encoding="utf-8", xml_declaration=True)
