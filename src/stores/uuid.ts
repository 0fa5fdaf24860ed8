/** A UUID anywhere in a text, in any case. */
export const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

const wholeUuid = new RegExp(`^${uuid.source}$`, 'i');
const everywhere = new RegExp(`(?=(${uuid.source}))`, 'gi');

/** Whether a text is a UUID and nothing else. */
export function isUuid(text: string): boolean {
  return wholeUuid.test(text);
}

/** Every UUID in a text, as it is spelled. They may overlap, so each position is looked at. */
export function uuidsIn(text: string): readonly string[] {
  return [...text.matchAll(everywhere)].map(([, found = '']) => found);
}
