const synonyms: ReadonlyMap<string, string> = new Map([
  ['filesystem', 'file'],
  ['swift', 'swift+https'],
  ['s3+http', 's3'],
]);

/**
 * The name under which the corrected rule knows a scheme: drivers take several words for the same thing, as their
 * `parse_uri` methods show. `s3` and `s3+https`, `swift+http` and `swift+https` are not the same thing.
 *
 * @param scheme in lower case
 */
export function unifyScheme(scheme: string): string {
  return synonyms.get(scheme) ?? scheme;
}
