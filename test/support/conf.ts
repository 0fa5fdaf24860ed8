import { Conf, type Environment } from '../../src/conf/conf.ts';
import { registerGlanceOptions } from '../../src/conf/glance-options.ts';
import { parseIni } from '../../src/conf/ini.ts';

/** The configuration that one file's text and the environment make; the file is named glance-api.conf. */
export function confOf(text: string, environment: Environment = {}): Conf {
  const file = parseIni(text, 'glance-api.conf');
  if (file.mistakes.length > 0) throw new Error('the test configuration has syntax mistakes');
  const conf = new Conf([file], environment);
  registerGlanceOptions(conf);
  return conf;
}
