/** Why the person at this console looks at a recording: asked once for each while the console is open, and sent with every look. */
export const reasons = new Map<string, string>();
