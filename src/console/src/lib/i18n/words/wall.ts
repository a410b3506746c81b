import type { Words } from './words';

export const wall = {
  'wall.leave': ['退出大屏（Esc）', 'Leave the wall (Esc)'],
  'wall.today': ['今日警情', 'Incidents today'],
  'wall.p50': ['到场中位', 'On scene p50'],
  'wall.p90': ['到场九成', 'On scene p90'],
  'wall.in120': ['两分钟内', 'Within 2 min'],
  'wall.queue.unknown': ['尚未读到警情', 'The incidents have not been read'],
  'wall.queue.unknown.text': ['与服务器连上后自动显示。', 'They are shown as soon as the server answers.'],
  'wall.more': ['另有 {count}', '{count} more'],
  'wall.pictures': ['现场画面', 'Live pictures'],
  'wall.drones': ['飞行器', 'Drones'],
  'wall.crews': ['地面警组 {count}', '{count} crews'],
} satisfies Words;
