import { uuid } from '../stores/uuid.ts';
import { redactUrl } from './redaction.ts';

const everyUuid = new RegExp(uuid.source, 'gi');

/**
 * What URLs of one kind have in common, to count them by: `rbd://<fsid>/old-images/<id>/snap`.
 * The image id becomes `<id>`, rbd's cluster `<fsid>`, any other UUID `<uuid>`; credentials and query values are
 * redacted.
 */
export function urlShape(url: string, imageId: string): string {
  const redacted = redactUrl(url);
  const opened = imageId === '' ? redacted : redacted.replaceAll(imageId, '<id>');
  const shape = opened.replace(/^(rbd:\/\/)[0-9a-f-]{36}(?=\/)/i, '$1<fsid>');
  return shape.replace(everyUuid, '<uuid>');
}
