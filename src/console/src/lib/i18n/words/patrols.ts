import type { Words } from './words';

export const patrols = {
} satisfies Words;
