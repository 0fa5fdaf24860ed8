import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import {
  type FaultyRuns,
  openBehind,
  prepareFaultyRuns,
  wholeRun,
} from '../../support/faulty-run.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import { type FaultProxy, startFaultProxy } from '../../support/servers-fault-proxy.ts';
import { openTable } from '../../support/servers-table.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

describe.each(['mysql', 'postgresql'] as const)('on %s a run gives up a connection', (dialect) => {
  const server = inject('servers')[dialect];
  let database: GlanceDatabase;
  let workplace: Workplace;
  let runs: FaultyRuns;
  let proxy: FaultProxy;
  let table: LocationTable | undefined;

  beforeEach(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect);
    runs = await prepareFaultyRuns(database, workplace);
    await runs.reset();
    proxy = await startFaultProxy(server.port);
  });
  afterEach(async () => {
    await table?.close();
    await proxy.close();
    await database.drop();
    workplace.remove();
  });

  it('that is encrypted and silent', async () => {
    const tls = dialect === 'mysql' ? `ssl_ca=${server.certificates.ca}` : 'sslmode=require';
    const url = database.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    table = await openTable(`${url}?${tls}`, { answerTime: 400 });
    const fault = 'held, and dropped when the client gives up';
    proxy.arm({ fault, at: 'any statement', nth: 8 });
    const { rows, wrongs } = await runs.run(table);
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  it('whose transaction can be neither committed nor rolled back', async () => {
    await failUpdatesOf(15);
    table = await openBehind(proxy.port, database);
    const recover = () => database.run('DELETE FROM mishap');
    proxy.arm({ fault: 'refused by the server', at: 'rollback', meanwhile: recover });
    const { rows, wrongs } = await runs.run(table, { writers: 1 });
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  it('in good time when the run is over', async () => {
    table = await openBehind(proxy.port, database, { answerTime: 400 });
    const fault = 'held, and dropped when the client gives up';
    proxy.arm({ fault, at: 'page read' });
    await runs.run(table);
    const startedAt = performance.now();
    await table.close();
    table = undefined;
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  /** Has updates of a row fail in a way that may pass, for as long as there is a mishap. */
  async function failUpdatesOf(id: number): Promise<void> {
    await database.run('CREATE TABLE mishap (id INTEGER)');
    await database.run('INSERT INTO mishap VALUES (1)');
    const trigger = 'CREATE TRIGGER fail BEFORE UPDATE ON image_locations FOR EACH ROW';
    const isDue = `NEW.id = ${id} AND EXISTS (SELECT 1 FROM mishap)`;
    if (dialect === 'mysql') {
      await database.run(
        `${trigger} IF ${isDue} THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213; END IF`,
      );
      return;
    }
    await database.run(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
         'BEGIN IF ${isDue} THEN RAISE SQLSTATE ''40001''; END IF; RETURN NEW; END'`,
    );
    await database.run(`${trigger} EXECUTE FUNCTION fail()`);
  }
});
