/** What a systemd unit file says: the values of each key, in order, whatever section they stand in. */
export function readUnit(text: string): (key: string) => readonly string[] {
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
  const settings = lines.flatMap((line) => {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return key === '' ? [] : [{ key, value }];
  });
  return (key) => settings.filter((setting) => setting.key === key).map(({ value }) => value);
}
