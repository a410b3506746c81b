import type { Vehicle } from '$lib/api/types';
import { ageS, type Freshness, type Track } from '$lib/feed/fleetBook';
import { age } from '$lib/format/time';
import { t } from '$lib/i18n/index.svelte';
import type { Palette } from './palette';

interface Mark {
  x: number;
  y: number;
  vehicle: Vehicle;
  fresh: Freshness;
  selected: boolean;
  hovered: boolean;
  rotation: number;
}

const outline = (scale: number): Path2D => {
  const path = new Path2D();
  path.moveTo(0, -11 * scale);
  path.lineTo(8 * scale, 9 * scale);
  path.lineTo(0, 4.5 * scale);
  path.lineTo(-8 * scale, 9 * scale);
  path.closePath();
  return path;
};
const flying = outline(1);
const grounded = outline(0.8);

/** One vehicle: a dart along its heading. Filled in the air, hollow on the ground; late wears amber, lost is grey, hollow and crossed. */
export function drawVehicle(context: CanvasRenderingContext2D, mark: Mark, palette: Palette): void {
  const { vehicle, fresh } = mark;
  const colour = fresh === 'lost' ? palette.stale : fresh === 'late' ? palette.caution
    : vehicle.assignment?.kind === 'incident' ? palette.warning : vehicle.inAir ? palette.accent : palette.text;
  const path = vehicle.inAir ? flying : grounded;
  context.save();
  context.translate(mark.x, mark.y);
  if (mark.selected || mark.hovered) {
    context.beginPath();
    context.arc(0, 0, 19, 0, Math.PI * 2);
    context.fillStyle = palette.accent;
    context.globalAlpha = mark.selected ? 0.2 : 0.12;
    context.fill();
    context.globalAlpha = 1;
    if (mark.selected) {
      context.lineWidth = 2;
      context.strokeStyle = palette.accent;
      context.stroke();
    }
  }
  const heading = vehicle.headingDeg;
  const turned = heading !== null && heading !== undefined;
  if (turned) context.rotate((heading * Math.PI) / 180 + mark.rotation);
  const shape = turned ? path : dot;
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = palette.halo;
  context.stroke(shape);
  const hollow = fresh === 'lost' || !vehicle.inAir;
  context.fillStyle = hollow ? palette.surface : colour;
  context.fill(shape);
  context.lineWidth = hollow ? 2 : 1.5;
  context.strokeStyle = hollow ? colour : palette.dark ? '#ffffff' : '#0b1a33';
  if (fresh === 'lost') context.setLineDash([3, 2]);
  context.stroke(shape);
  context.restore();
  if (fresh === 'fresh') return;
  context.save();
  context.translate(mark.x, mark.y);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  if (fresh === 'lost') {
    context.beginPath();
    context.moveTo(-13, -13);
    context.lineTo(13, 13);
    context.moveTo(13, -13);
    context.lineTo(-13, 13);
    context.stroke();
  } else {
    context.setLineDash([4, 4]);
    context.beginPath();
    context.arc(0, 0, 15, 0, Math.PI * 2);
    context.stroke();
  }
  context.restore();
}

const dot = new Path2D();
dot.arc(0, 0, 7, 0, Math.PI * 2);

interface Sprite {
  canvas: HTMLCanvasElement;
  width: number;
  height: number;
}

const sprites = new Map<string, Sprite>();
const spritesAtMost = 2000;

/** The call sign beside a vehicle with its height, or the age where the data is old. Drawn once per text and kept. */
export function labelSprite(track: Track, fresh: Freshness, selected: boolean, palette: Palette, now: number): Sprite {
  const { vehicle } = track;
  const height = vehicle.position?.altitudeAboveHomeM;
  const second = fresh === 'lost' ? `${t('state.lost')} ${age(ageS(track, now))}`
    : fresh === 'late' ? `${t('state.late')} ${age(ageS(track, now))}`
      : vehicle.inAir && height !== null && height !== undefined ? `${height.toFixed(0)} m` : '';
  const key = `${palette.dark}|${selected}|${fresh}|${vehicle.name}|${second}|${window.devicePixelRatio}`;
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size >= spritesAtMost) sprites.clear();
  const sprite = render(vehicle.name, second, fresh, selected, palette);
  sprites.set(key, sprite);
  return sprite;
}

function render(name: string, second: string, fresh: Freshness, selected: boolean, palette: Palette): Sprite {
  const ratio = window.devicePixelRatio || 1;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  const nameFont = `600 12px ${palette.font}`;
  const secondFont = `500 11px ${palette.font}`;
  context.font = nameFont;
  const nameWidth = context.measureText(name).width;
  context.font = secondFont;
  const secondWidth = second ? context.measureText(second).width + 6 : 0;
  const width = Math.ceil(nameWidth + secondWidth + 14);
  const height = 20;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  context.globalAlpha = selected ? 1 : 0.86;
  context.fillStyle = selected ? palette.accent : palette.surface;
  context.beginPath();
  context.roundRect(0.5, 0.5, width - 1, height - 1, 5);
  context.fill();
  context.globalAlpha = 1;
  context.textBaseline = 'middle';
  context.font = nameFont;
  context.fillStyle = selected ? (palette.dark ? '#06101f' : '#ffffff') : fresh === 'lost' ? palette.stale : palette.text;
  context.fillText(name, 7, height / 2 + 0.5);
  context.font = secondFont;
  if (!selected) context.fillStyle = fresh === 'late' ? palette.caution : fresh === 'lost' ? palette.stale : palette.labelMuted;
  context.fillText(second, 13 + nameWidth, height / 2 + 0.5);
  return { canvas, width, height };
}
