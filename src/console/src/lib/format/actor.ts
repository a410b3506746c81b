/** An actor as the audit log writes it, `user:pilot`, without the prefix; machines keep theirs. */
export function userName(actor: string): string {
  return actor.replace(/^user:/, '');
}
