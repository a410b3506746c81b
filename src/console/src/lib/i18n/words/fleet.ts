import type { Words } from './words';

export const fleet = {
} satisfies Words;
