import type { GlanceDatabase } from './servers-database.ts';

/** What the database noted of updates. */
export interface WatchedUpdates {
  /** a row's id for each time that an update of it was committed */
  readonly ids: () => Promise<readonly number[]>;
  readonly forget: () => Promise<void>;
}

/** Has the database note the id of a row each time it is updated. */
export async function watchUpdates(database: GlanceDatabase): Promise<WatchedUpdates> {
  const note = 'INSERT INTO updates VALUES (NEW.id)';
  await database.run('CREATE TABLE updates (id INTEGER)');
  const trigger = 'CREATE TRIGGER watch AFTER UPDATE ON image_locations FOR EACH ROW';
  if (database.dialect === 'postgresql') {
    await database.run(
      `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
       AS 'BEGIN ${note}; RETURN NEW; END'`,
    );
    await database.run(`${trigger} EXECUTE FUNCTION note()`);
  } else {
    await database.run(`${trigger} ${database.dialect === 'sqlite' ? `BEGIN ${note}; END` : note}`);
  }
  return {
    ids: async () => (await database.run('SELECT id FROM updates')).map(([id]) => Number(id)),
    forget: async () => {
      await database.run('DELETE FROM updates');
    },
  };
}
