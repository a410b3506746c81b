/** Chinese and English of one text. A key without both does not compile. */
export type Words = Record<string, readonly [chinese: string, english: string]>;
