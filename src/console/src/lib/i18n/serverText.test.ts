import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { serverSentences } from './serverSentences';
import { inChinese } from './serverText';

describe('what the server says', () => {
  it('is said in Chinese with its names and numbers', () => {
    expect(inChinese('UAV-01: It is grounded. UAV-02: It works on 古城巡逻.')).toBe('UAV-01: 已停飞。 UAV-02: 正在执行 古城巡逻。');
    expect(inChinese('The leg is 12.4 km long; at most 10.0 km are allowed.')).toBe('航段长 12.4 公里，最多 10.0 公里。');
    expect(inChinese('UAV-03 did not go: upload, The service is stopping.')).toBe('UAV-03 未能出动：upload，服务正在停止。');
  });

  it('stays as it came where it is not known', () => {
    expect(inChinese('PreArm: Compass not calibrated')).toBe('PreArm: Compass not calibrated');
  });

  // The subject of a few sentences is chosen while they are made: what follows it is looked for.
  it.each(serverSentences.map(([english]) => [english]))('“%s” is still in the server’s source', (english) => {
    const longest = english.replace(/^The (leg|take-off) /, '').split(/\{\d\}/).toSorted((one, other) => other.length - one.length)[0]!;
    expect(sources.includes(longest.replace(/"$/, '').trim()), longest).toBe(true);
  });
});

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const sources = ['src/DroneOps.Server', 'missions/DroneOps.Missions']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)))
  .filter((file) => file.endsWith('.cs') && !/[\\/](obj|bin|Migrations)[\\/]/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
