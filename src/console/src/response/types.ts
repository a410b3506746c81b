export type SpanName =
  | 'intake' | 'request' | 'assignment' | 'launch' | 'transit' | 'firstFrame' | 'droneToScene' | 'unitToScene'
  | 'handling' | 'recovery' | 'closing' | 'droneLead' | 'unitLead';

export interface SpanFigures {
  span: SpanName;
  count: number;
  p50S: number | null;
  p90S: number | null;
  maxS: number | null;
}

export interface Figures {
  incidents: number;
  spans: SpanFigures[];
  within: { count: number; in60S: number; in90S: number; in120S: number; in180S: number };
  airAndGround: { both: number; droneFirst: number; unitFirst: number; together: number };
}

export const dimensions = ['type', 'priority', 'hour', 'gridId', 'keySiteId'] as const;
export type Dimension = (typeof dimensions)[number];

export interface Group {
  by: Dimension;
  key: string;
  figures: Figures;
}

export interface Report {
  from: string | null;
  to: string | null;
  total: Figures;
  arrivals: number[];
  groups: Group[];
}

export interface Day {
  day: string;
  countedAt: string;
  figures: Figures;
}

export interface IncidentResponse {
  incidentId: string;
  callToSceneS: number | null;
  type: string;
  comparedWith: number;
  parts: { part: string; tookS: number | null; usualS: number | null; lever: string; gainS: number | null }[];
}

export const spanOf = (figures: Figures, span: SpanName): SpanFigures =>
  figures.spans.find((candidate) => candidate.span === span) ?? { span, count: 0, p50S: null, p90S: null, maxS: null };
