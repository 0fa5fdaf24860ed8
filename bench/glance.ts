import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Bed } from './bed.ts';
import type { Figures } from './measure.ts';
import { benchConf, benchStores } from './table.ts';

/** The Python that Debian's packages are for, whichever comes first in PATH. */
const python = '/usr/bin/python3';

/** The version of Glance that is installed with Python's driver for MariaDB; undefined where there is none. */
export function findGlance(): string | undefined {
  const code = `import glance, pymysql, importlib.metadata as m; print(m.version('glance'))`;
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** How many images the slow one is measured on, at most. */
const slowImages = 500;

/** Of the stores only this one can be set up without the storage it stands for. */
const store = benchStores.find(({ id }) => id === 'offsite');

/** Has Glance update locations in its own way, an image after the other. MariaDB only. */
export async function runGlance(bed: Bed): Promise<Figures> {
  const ids = await addImages(bed);
  const conf = bed.workplace.write('glance-lazy.conf', glanceConf(bed));
  const script = path.join(import.meta.dirname, 'glance-lazy-update.py');
  const { status, stdout, stderr } = spawnSync(python, [script, conf], {
    input: ids.join('\n'),
    encoding: 'utf8',
    cwd: bed.workplace.folder,
  });
  if (status !== 0) throw new Error(`Glance's lazy update failed:\n${stderr}`);
  await checkUpdated(bed, ids);
  return { seconds: Number(stdout), rows: ids.length };
}

/** The benchmark's table stands without images; Glance gets those it is to fetch. Gives their ids. */
async function addImages({ database: { run } }: Bed): Promise<readonly string[]> {
  const chosen = `SELECT image_id FROM image_locations
    WHERE value LIKE '${store?.prefix ?? ''}%' AND meta_data = '{}' ORDER BY id LIMIT ${slowImages}`;
  await run('DELETE FROM images');
  await run(
    `INSERT INTO images (id, status, created_at, updated_at, deleted, min_disk, min_ram, visibility, protected, os_hidden)
     SELECT image_id, 'active', UTC_TIMESTAMP(), UTC_TIMESTAMP(), 0, 0, 0, 'shared', 0, 0 FROM (${chosen}) AS chosen`,
  );
  return (await run('SELECT id FROM images ORDER BY id')).map(([id]) => String(id));
}

function glanceConf({ database }: Bed): string {
  return benchConf(database.url, 'ceph.conf')
    .replace(/^enabled_backends = .*$/m, 'enabled_backends = offsite:s3')
    .replace(/^default_backend = .*$/m, 'default_backend = offsite');
}

async function checkUpdated({ database }: Bed, ids: readonly string[]): Promise<void> {
  const [[updated] = []] = await database.run(
    `SELECT COUNT(*) FROM image_locations JOIN images ON images.id = image_id WHERE meta_data = '{"store": "offsite"}'`,
  );
  if (ids.length === 0 || Number(updated) !== ids.length) {
    throw new Error(`Glance updated ${String(updated)} of ${ids.length} locations`);
  }
}
