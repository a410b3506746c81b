import type { Words } from './words';

export const incidents = {
} satisfies Words;
