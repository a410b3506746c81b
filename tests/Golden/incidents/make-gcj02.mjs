// Writes gcj02.csv beside it, with two independent packages that must agree: npm install gcoord coordtransform && node make-gcj02.mjs
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const gcoord = require('gcoord');
const coordtransform = require('coordtransform');
let seed = 110;
const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const lines = ['wgsLon,wgsLat,gcjLon,gcjLat'];
for (let i = 0; i < 60; i++) {
  const place = [Number((74 + 60 * next()).toFixed(6)), Number((19 + 34 * next()).toFixed(6))];
  const one = gcoord.transform(place, gcoord.WGS84, gcoord.GCJ02);
  const other = coordtransform.wgs84togcj02(...place);
  if (Math.hypot(one[0] - other[0], one[1] - other[1]) > 1e-6) throw new Error(`${place}: ${one} or ${other}`);
  lines.push([...place, one[0].toFixed(9), one[1].toFixed(9)].join(','));
}
writeFileSync(new URL('gcj02.csv', import.meta.url), `${lines.join('\n')}\n`);
