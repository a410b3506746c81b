import type { Words } from './words';

export const sorties = {
} satisfies Words;
