import { first } from './first';
import { later } from './later';

/** Every text of the console: Chinese first, then English. For tests; the pages ask `t`. */
export const words = { ...first, ...later };

export type Key = keyof typeof words;
