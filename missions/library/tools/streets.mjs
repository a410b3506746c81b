// Cuts the faces between the through streets into blocks, the way a town grows: each cut is a street that ends on
// older ones, so the network connects and no block is crossed. Parks keep their block whole.

import { area, centroid, distance, inside, inset, split } from './geometry.mjs';

/** The smallest box around the ring: [angle of its long side, long, short]. */
function box(ring) {
  let best = null;
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i], b = ring[(i + 1) % ring.length];
    if (distance(a, b) < 8) continue;
    const t = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const [c, s] = [Math.cos(t), Math.sin(t)];
    let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of ring) {
      const u = x * c + y * s, v = y * c - x * s;
      u0 = Math.min(u0, u); u1 = Math.max(u1, u); v0 = Math.min(v0, v); v1 = Math.max(v1, v);
    }
    const [du, dv] = [u1 - u0, v1 - v0];
    if (!best || du * dv < best.size) best = { size: du * dv, angle: du >= dv ? t : t + Math.PI / 2, long: Math.max(du, dv), short: Math.min(du, dv) };
  }
  return best;
}

/** Ends of streets already drawn: a new street that would end close to one is led to it, which makes crossings instead of staggers. */
export class Ends {
  #cells = new Map();
  #key = (p) => `${Math.round(p[0] / 60)},${Math.round(p[1] / 60)}`;

  add(p) {
    const key = this.#key(p);
    this.#cells.set(key, [...(this.#cells.get(key) ?? []), p]);
  }

  near(p, within) {
    const [cx, cy] = [Math.round(p[0] / 60), Math.round(p[1] / 60)];
    let best = null;
    for (let i = -1; i <= 1; i++)
      for (let k = -1; k <= 1; k++)
        for (const q of this.#cells.get(`${cx + i},${cy + k}`) ?? []) {
          const d = distance(p, q);
          if (d <= within && (!best || d < best.d)) best = { q, d };
        }
    return best?.q ?? null;
  }
}

/**
 * Divides a face. Calls `street(from, to, depth)` for every cut and `block(ring, park)` for every rest.
 * `leaf` is the wanted size of a block in square metres, `wander` how far (radians) a street may stray from square,
 * `snapping` how far (share of the block) it is led to an older end, `parks` the reserved ones {at, size}.
 */
export function divide(ring, { leaf, wander = 0.1, snapping = 0.16, parks, ends, next, street, block }, depth = 0) {
  const size = Math.abs(area(ring));
  const park = parks.find((p) => inside(ring, p.at));
  if (park && size < park.size * 1.7) return block(ring, park);
  if (!park && size < leaf * (0.85 + 0.7 * next())) return block(ring, null);

  const { angle, long, short } = box(ring);
  const middle = centroid(ring);
  let best = null;
  for (let k = 0; k < 9; k++) {
    const along = (next() - 0.5) * 0.34 * long;
    const turn = angle + Math.PI / 2 + (next() - 0.5) * wander;
    let p = [middle[0] + Math.cos(angle) * along, middle[1] + Math.sin(angle) * along];
    let dir = [Math.cos(turn), Math.sin(turn)];
    let cut = split(ring, p, dir);
    if (!cut) continue;
    const snap = cut[2].map((q) => ends.near(q, short * snapping));
    if (snap[0] || snap[1]) {
      // Both ends are led to older ones only where the street stays nearly straight across the block.
      const [a, b] = [snap[0] ?? cut[2][0], snap[1] ?? cut[2][1]];
      if (distance(a, b) < short * 0.6) continue;
      p = a;
      dir = [b[0] - a[0], b[1] - a[1]];
      cut = split(ring, p, dir);
      if (!cut) continue;
    }
    const smaller = Math.min(Math.abs(area(cut[0])), Math.abs(area(cut[1]))) / size;
    const corner = Math.min(...cut[2].flatMap((q) => ring.map((v) => distance(q, v)).filter((d) => d > 0.5)));
    const score = smaller + (snap[0] ? 0.12 : 0) + (snap[1] ? 0.12 : 0) - (corner < 12 ? 0.05 : 0);
    if (smaller > 0.26 && (!best || score > best.score)) best = { score, cut };
  }
  if (!best) return block(ring, park ?? null);

  const [left, right, [a, b]] = best.cut;
  ends.add(a);
  ends.add(b);
  street(a, b, depth);
  const again = { leaf, wander, snapping, parks, ends, next, street, block };
  divide(left, again, depth + 1);
  divide(right, again, depth + 1);
}

/** Houses wall to wall with small gaps, as in the old quarters: the block is cut into lots until they are house-sized. */
export function houses(block, lot, gap, keep, next) {
  const out = [];
  const cutUp = (ring, depth) => {
    const size = Math.abs(area(ring));
    if (size < lot * (0.7 + 0.8 * next()) || depth > 9) {
      const house = next() < keep ? inset(ring, gap) : null;
      if (house && area(house) > lot * 0.2 && house.length <= 7) out.push(house);
      return;
    }
    const { angle, long } = box(ring);
    const middle = centroid(ring);
    const along = (next() - 0.5) * 0.24 * long;
    const t = angle + Math.PI / 2;
    const parts = split(ring, [middle[0] + Math.cos(angle) * along, middle[1] + Math.sin(angle) * along], [Math.cos(t), Math.sin(t)]);
    if (!parts) return;
    cutUp(parts[0], depth + 1);
    cutUp(parts[1], depth + 1);
  };
  cutUp(block, 0);
  return out;
}

/** Towers in staggered rows with wide greens between, as in the newest quarters. */
export function towers(block, next) {
  const { angle } = box(block);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const local = block.map(([x, y]) => [x * c + y * s, y * c - x * s]);
  const us = local.map((p) => p[0]), vs = local.map((p) => p[1]);
  const [wide, deep, pitch] = [24 + next() * 9, 17 + next() * 6, 58 + next() * 14];
  const out = [];
  for (let v = Math.min(...vs) + 6, row = 0; v + deep < Math.max(...vs); v += pitch * 0.82, row++)
    for (let u = Math.min(...us) + 5 + (row % 2) * (pitch / 2); u < Math.max(...us); u += pitch) {
      const tower = [[u, v], [u + wide, v], [u + wide, v + deep], [u, v + deep]];
      if (tower.every((p) => inside(local, p)) && next() < 0.92) out.push(tower.map(([a, b]) => [a * c - b * s, a * s + b * c]));
    }
  return out;
}

/** Slabs in rows that face south, as in the housing estates of the last decades. */
export function slabs(block, next) {
  const { angle } = box(block);
  // The side nearest to east-west leads; slabs never turn more than 30 degrees from facing south.
  let t = angle % Math.PI;
  if (t > Math.PI / 4 && t < (3 * Math.PI) / 4) t -= Math.PI / 2;
  if (t >= (3 * Math.PI) / 4) t -= Math.PI;
  t = Math.max(-0.5, Math.min(0.5, t));
  const [c, s] = [Math.cos(t), Math.sin(t)];
  const local = block.map(([x, y]) => [x * c + y * s, y * c - x * s]);
  const back = ([u, v]) => [u * c - v * s, u * s + v * c];
  const us = local.map((p) => p[0]), vs = local.map((p) => p[1]);
  const out = [];
  const depth = 12 + next() * 3, gap = 19 + next() * 9;
  for (let v = Math.min(...vs) + 3; v + depth < Math.max(...vs); v += depth + gap) {
    let u = Math.min(...us) + next() * 6;
    while (u < Math.max(...us)) {
      const wide = 30 + next() * 34;
      const slab = [[u, v], [u + wide, v], [u + wide, v + depth], [u, v + depth]];
      if (slab.every((p) => inside(local, p)) && next() < 0.93) {
        out.push(slab.map(back));
        u += wide + 9 + next() * 6;
      } else u += 9;
    }
  }
  return out;
}
