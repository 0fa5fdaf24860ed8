const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);
const labelPattern = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

/**
 * What keeps a text from being a host address (oslo_config/types.py, HostAddress); undefined when it is one.
 *
 * A dotted number that is no IPv4 address is a mistyped address, not a name: the last label needs a letter.
 */
export function findHostAddressProblem(text: string): string | undefined {
  if (ipv4.test(text) || isIpv6(text)) return undefined;
  const labels = text.replace(/\.$/, '').split('.');
  if (text === '') return 'is empty';
  if (text.length > 253) return 'is longer than 253 characters';
  if (!labels.every((label) => labelPattern.test(label))) return 'is not a host name or IP address';
  return /[a-z-]/i.test(labels.at(-1) ?? '') ? undefined : 'is not a whole IP address';
}

/** As inet_pton reads it: no brackets, no zone. */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}
