/** An actor as the audit log writes it, `user:pilot`, as people say it; machines keep their prefix. */
export function actorName(actor: string): string {
  return actor.replace(/^user:/, '');
}
