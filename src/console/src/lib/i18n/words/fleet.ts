import type { Words } from './words';

export const fleet = {
  'fleet.title': ['机队', 'Fleet'],
  'fleet.text': ['已接入的飞行器及其状态。', 'The vehicles known to this server and how they are.'],
  'fleet.name': ['呼号', 'Call sign'],
  'fleet.state': ['状态', 'State'],
  'fleet.identity': ['网络 / 系统号', 'Network / system id'],
  'fleet.autopilot': ['飞控', 'Autopilot'],
  'fleet.type': ['机型', 'Type'],
  'fleet.hours': ['累计航时', 'Flight hours'],
  'fleet.sorties': ['架次', 'Sorties'],
  'fleet.ready': ['可起飞', 'Ready to fly'],
  'fleet.control': ['控制权', 'Control'],
  'fleet.docks': ['机场', 'Docks'],
  'fleet.docks.pads': ['机位', 'Pads'],
  'fleet.docks.place': ['位置', 'Place'],
  'fleet.docks.height': ['停机坪海拔', 'Pad, AMSL'],
  'fleet.docks.none': ['没有机场', 'No docks'],
} satisfies Words;
