/** A written approval of flights, as it is registered. */
export interface Approval {
  id: string;
  properties: {
    nameZh: string;
    nameEn: string;
    number: string;
    authority: string;
    ceilingM: number;
    heightDatum: 'Relative' | 'Agl' | 'Amsl';
    from: string;
    /** Not included. */
    to: string;
    purposes?: string[] | null;
    document?: string | null;
  };
}

/** Whether it holds at a moment. */
export function standing({ from, to }: Pick<Approval['properties'], 'from' | 'to'>, now: number): 'waits' | 'holds' | 'over' {
  return now < Date.parse(from) ? 'waits' : now < Date.parse(to) ? 'holds' : 'over';
}
