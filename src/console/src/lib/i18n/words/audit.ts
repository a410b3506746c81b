import type { Words } from './words';

export const audit = {
} satisfies Words;
