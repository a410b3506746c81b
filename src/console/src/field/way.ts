const pointsZh = ['正北', '东北', '正东', '东南', '正南', '西南', '正西', '西北'] as const;
const pointsEn = ['north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest'] as const;

/** A direction as people say it. */
export function compassPoint(deg: number, english: boolean): string {
  const index = Math.round((((deg % 360) + 360) % 360) / 45) % 8;
  return (english ? pointsEn : pointsZh)[index]!;
}

/** A distance as precise as it is worth: 35 m, 420 m, 1.3 km. */
export function shownMetres(metres: number): string {
  if (metres < 100) return `${Math.round(metres / 5) * 5} m`;
  return metres < 995 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(metres < 9950 ? 1 : 0)} km`;
}
