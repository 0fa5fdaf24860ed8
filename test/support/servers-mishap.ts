import type { GlanceDatabase } from './servers-database.ts';

/** What becomes of an update of one row, for as long as the mishap lasts. */
export type Mishap = 'fails as if in a deadlock' | 'takes long';

const statements: Record<'mysql' | 'postgresql', Record<Mishap, string>> = {
  mysql: {
    'fails as if in a deadlock': `SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213`,
    'takes long': 'DO SLEEP(5)',
  },
  postgresql: {
    'fails as if in a deadlock': `RAISE SQLSTATE '40001'`,
    'takes long': 'PERFORM pg_sleep(5)',
  },
};

/**
 * Has a trigger get in the way of updates of a row.
 *
 * @returns what ends the mishap
 */
export async function causeMishap(
  database: GlanceDatabase,
  id: number,
  mishap: Mishap,
): Promise<() => Promise<unknown>> {
  await database.run('CREATE TABLE mishap (id INTEGER)');
  await database.run(`INSERT INTO mishap VALUES (${id})`);
  const body = (statement: string) =>
    `IF EXISTS (SELECT 1 FROM mishap WHERE mishap.id = NEW.id) THEN ${statement}; END IF;`;
  const trigger = 'CREATE TRIGGER mishap BEFORE UPDATE ON image_locations FOR EACH ROW';
  if (database.dialect === 'postgresql') {
    await database.run(
      `CREATE FUNCTION mishap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
         $$BEGIN ${body(statements.postgresql[mishap])} RETURN NEW; END$$`,
    );
    await database.run(`${trigger} EXECUTE FUNCTION mishap()`);
  } else {
    await database.run(`${trigger} BEGIN ${body(statements.mysql[mishap])} END`);
  }
  return () => database.run('DELETE FROM mishap');
}

/** Has PostgreSQL take long over a COMMIT that updates a row, which is when a deferred trigger runs. */
export async function delayCommitOf(
  database: GlanceDatabase,
  id: number,
): Promise<() => Promise<unknown>> {
  const recover = await causeMishap(database, id, 'takes long');
  await database.run('DROP TRIGGER mishap ON image_locations');
  await database.run(
    `CREATE CONSTRAINT TRIGGER mishap AFTER UPDATE ON image_locations
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mishap()`,
  );
  return recover;
}
