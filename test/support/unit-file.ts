/** What a systemd unit file says: the values of each key, in order, whatever section they stand in. */
export function readUnit(text: string): (key: string) => readonly string[] {
  const settings = text.split('\n').flatMap((line) => {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return key === '' ? [] : [{ key, value }];
  });
  return (key) => settings.filter((setting) => setting.key === key).map(({ value }) => value);
}
