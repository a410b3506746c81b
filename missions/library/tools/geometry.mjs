// Plane geometry for the generator. Everything is in local metres, x east and y north of ORIGIN, on a plane
// tangent there: over the 40 km of the sample city the error stays under 0.1 %, far below the drawing's own.

export const ORIGIN = [117.655, 24.513];
const METRES_PER_DEGREE_NORTH = 110_770;
const METRES_PER_DEGREE_EAST = 111_320 * Math.cos((ORIGIN[1] * Math.PI) / 180);

/**
 * Bends the drawing as a whole: streets drawn square fan out and swing by a few degrees, as they do in a city that grew
 * along a river. It moves nothing across anything else, so what fits before fits after.
 */
export function bend([x, y]) {
  const fan = 0.13 * Math.tanh((x - 700) / 5000) * y * Math.exp(-((y / 7000) ** 2));
  return [
    x + fan + 130 * Math.sin(y / 1700 + x / 5200 + 0.4),
    y + 150 * Math.sin(x / 2300 + 0.5) + 60 * Math.sin(x / 900 + y / 2600),
  ];
}

/** Drawn metres to [longitude, latitude], rounded to so many decimals of a degree: 6 is 0.1 m, 5 is 1 m. */
export function toLonLat(drawn, decimals = 6) {
  const [x, y] = bend(drawn);
  const k = 10 ** decimals;
  return [Math.round((ORIGIN[0] + x / METRES_PER_DEGREE_EAST) * k) / k, Math.round((ORIGIN[1] + y / METRES_PER_DEGREE_NORTH) * k) / k];
}

/** Deterministic random numbers in [0, 1) (mulberry32): the same seed draws the same city on every machine. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const distance = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);
export const mix = (a, b, t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];

export const length = (line) => line.reduce((sum, p, i) => (i === 0 ? 0 : sum + distance(line[i - 1], p)), 0);

/** Centripetal Catmull-Rom through the control points (it neither loops nor overshoots), sampled every `step` metres. */
export function smooth(points, step = 60, closed = false) {
  const n = points.length;
  const at = (i) => {
    if (closed) return points[(i + n) % n];
    if (i < 0) return mix(points[0], points[1], -1);
    return i < n ? points[i] : mix(points[n - 1], points[n - 2], -1);
  };
  const out = [];
  for (let i = 0; i < (closed ? n : n - 1); i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const t1 = Math.sqrt(distance(p0, p1));
    const t2 = t1 + Math.sqrt(distance(p1, p2));
    const t3 = t2 + Math.sqrt(distance(p2, p3));
    const parts = Math.max(1, Math.round(distance(p1, p2) / step));
    for (let k = 0; k < parts; k++) {
      const t = t1 + ((t2 - t1) * k) / parts;
      const a1 = mix(p0, p1, t / t1);
      const a2 = mix(p1, p2, (t - t1) / (t2 - t1));
      const a3 = mix(p2, p3, (t - t2) / (t3 - t2));
      const b1 = mix(a1, a2, t / t2);
      const b2 = mix(a2, a3, (t - t1) / (t3 - t1));
      out.push(mix(b1, b2, (t - t1) / (t2 - t1)));
    }
  }
  if (!closed) out.push(points[n - 1]);
  return out;
}

/** The line moved sideways by `by(i)` metres, positive to the left of its direction. */
export function offset(line, by) {
  return line.map((p, i) => {
    const a = line[Math.max(0, i - 1)];
    const b = line[Math.min(line.length - 1, i + 1)];
    const d = distance(a, b) || 1;
    const w = typeof by === 'function' ? by(i) : by;
    return [p[0] - ((b[1] - a[1]) / d) * w, p[1] + ((b[0] - a[0]) / d) * w];
  });
}

/** A band of constant or varying width around a line, as an open ring. */
export const band = (line, width) => {
  const half = typeof width === 'function' ? (i) => width(i) / 2 : () => width / 2;
  return [...offset(line, (i) => -half(i)), ...offset(line, half).reverse()];
};

/** Where segments a-b and c-d cross: [point, share of a-b, share of c-d], or null. */
export function crossing(a, b, c, d) {
  const rx = b[0] - a[0], ry = b[1] - a[1], sx = d[0] - c[0], sy = d[1] - c[1];
  const det = rx * sy - ry * sx;
  if (Math.abs(det) < 1e-9) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / det;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / det;
  return t < 0 || t > 1 || u < 0 || u > 1 ? null : [mix(a, b, t), t, u];
}

/** First crossing of two lines as [point, index in a, index in b], or null. */
export function meet(a, b) {
  for (let i = 0; i + 1 < a.length; i++)
    for (let k = 0; k + 1 < b.length; k++) {
      const hit = crossing(a[i], a[i + 1], b[k], b[k + 1]);
      if (hit) return [hit[0], i, k];
    }
  return null;
}

/** Makes every crossing of the lines a vertex they share, so that faces cut from them touch without slivers. */
export function weld(lines) {
  for (let i = 0; i < lines.length; i++)
    for (let k = i + 1; k < lines.length; k++) {
      const hit = meet(lines[i], lines[k]);
      if (!hit) continue;
      // A vertex that is almost there is moved, not doubled: a 1 m edge would show as a kink.
      for (const [line, at] of [[lines[i], hit[1]], [lines[k], hit[2]]]) {
        const near = [at, at + 1].find((v) => distance(line[v], hit[0]) < 6);
        if (near === undefined) line.splice(at + 1, 0, hit[0]);
        else line[near] = hit[0];
      }
    }
}

/** The part of a line from vertex a to vertex b (either direction); both must be vertices. */
export function between(line, a, b) {
  const i = line.findIndex((p) => distance(p, a) < 0.01);
  const k = line.findIndex((p) => distance(p, b) < 0.01);
  if (i < 0 || k < 0) throw new Error(`not on the line: ${i < 0 ? a : b}`);
  return i <= k ? line.slice(i, k + 1) : line.slice(k, i + 1).reverse();
}

/** Twice the signed area's half: positive for a counter-clockwise open ring, square metres. */
export const area = (ring) =>
  ring.reduce((sum, p, i) => {
    const q = ring[(i + 1) % ring.length];
    return sum + (p[0] * q[1] - q[0] * p[1]) / 2;
  }, 0);

export function centroid(ring) {
  let x = 0, y = 0, sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const p = ring[i], q = ring[(i + 1) % ring.length];
    const w = p[0] * q[1] - q[0] * p[1];
    x += (p[0] + q[0]) * w;
    y += (p[1] + q[1]) * w;
    sum += w;
  }
  return [x / (3 * sum), y / (3 * sum)];
}

export function inside(ring, [x, y]) {
  let odd = false;
  for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
    const [ax, ay] = ring[i], [bx, by] = ring[k];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

/** True when the two open rings share any area. */
export function overlaps(a, b) {
  if (a.some((p) => inside(b, p)) || b.some((p) => inside(a, p))) return true;
  return a.some((p, i) => b.some((q, k) => crossing(p, a[(i + 1) % a.length], q, b[(k + 1) % b.length])));
}

export const isSimple = (ring) => {
  const n = ring.length;
  for (let i = 0; i < n; i++)
    for (let k = i + 2; k < n; k++)
      if ((k + 1) % n !== i && crossing(ring[i], ring[(i + 1) % n], ring[k], ring[(k + 1) % n])) return false;
  return true;
};

/** Cuts a ring by the line through `p` along `dir`: [left, right, cut], or null unless it cuts exactly once. */
export function split(ring, p, dir) {
  const side = ring.map((q) => dir[0] * (q[1] - p[1]) - dir[1] * (q[0] - p[0]));
  const left = [], right = [], cut = [];
  for (let i = 0; i < ring.length; i++) {
    const k = (i + 1) % ring.length;
    (side[i] >= 0 ? left : right).push(ring[i]);
    if (side[i] >= 0 !== side[k] >= 0) {
      const q = mix(ring[i], ring[k], side[i] / (side[i] - side[k]));
      left.push(q);
      right.push(q);
      cut.push(q);
    }
  }
  return cut.length === 2 ? [left, right, cut] : null;
}

/** The ring without vertices that lie within `tolerance` metres of the line between their neighbours. */
export function simplified(ring, tolerance = 0.5) {
  const out = [...ring];
  for (let i = 0; i < out.length && out.length > 3; ) {
    const a = out[(i + out.length - 1) % out.length], p = out[i], b = out[(i + 1) % out.length];
    const d = distance(a, b);
    const off = d < 0.01 ? 0 : Math.abs((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / d;
    if (off < tolerance) out.splice(i, 1);
    else i++;
  }
  return out;
}

/** The ring moved inwards by `by` metres, or null when nothing sound is left. Expects counter-clockwise. */
export function inset(ring, by) {
  const tidy = simplified(ring.filter((p, i) => distance(p, ring[(i + 1) % ring.length]) > Math.max(1, by * 0.3)));
  if (tidy.length < 3) return null;
  const edges = tidy.map((p, i) => {
    const q = tidy[(i + 1) % tidy.length];
    const d = distance(p, q);
    const n = [-(q[1] - p[1]) / d, (q[0] - p[0]) / d];
    return [[p[0] + n[0] * by, p[1] + n[1] * by], [(q[0] - p[0]) / d, (q[1] - p[1]) / d]];
  });
  const out = [];
  for (let i = 0; i < edges.length; i++) {
    const [p, r] = edges[(i + edges.length - 1) % edges.length];
    const [q, s] = edges[i];
    const det = r[0] * s[1] - r[1] * s[0];
    if (Math.abs(det) < 0.02) {
      out.push(q);
      continue;
    }
    const t = ((q[0] - p[0]) * s[1] - (q[1] - p[1]) * s[0]) / det;
    out.push([p[0] + r[0] * t, p[1] + r[1] * t]);
  }
  const shrunk = area(out);
  return shrunk > 0 && shrunk < area(tidy) && isSimple(out) && out.every((p) => inside(tidy, p)) ? out : null;
}

/** A circle as an open counter-clockwise ring. */
export const circle = ([x, y], radius, vertices = 32) =>
  Array.from({ length: vertices }, (_, i) => {
    const a = (i * 2 * Math.PI) / vertices;
    return [x + radius * Math.cos(a), y + radius * Math.sin(a)];
  });

/** A soft, irregular oval for hills, ponds and small towns. */
export function blob([x, y], rx, ry, next, { turnDeg = 0, roughness = 0.16, knots = 11, step = 60 } = {}) {
  const turn = (turnDeg * Math.PI) / 180;
  const points = Array.from({ length: knots }, (_, i) => {
    const a = (i * 2 * Math.PI) / knots;
    const r = 1 + (next() * 2 - 1) * roughness;
    const u = rx * r * Math.cos(a), v = ry * r * Math.sin(a);
    return [x + u * Math.cos(turn) - v * Math.sin(turn), y + u * Math.sin(turn) + v * Math.cos(turn)];
  });
  return smooth(points, step, true);
}
