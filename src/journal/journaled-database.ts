import type { DatabaseDescription } from '../database/location-table.ts';

/** A row by what never changes in it. */
export interface Landmark {
  /** of `image_locations` */
  readonly id: number;
  readonly imageId: string;
}

/** The database of a run. Every cloud's has the same name, so rows tell one from another. */
export interface JournaledDatabase extends DatabaseDescription {
  /** the first rows that Glance showed when the run began */
  readonly landmarks: readonly Landmark[];
}

/** Whether rows show that a database is another than the one these landmarks are of. */
export function isElsewhere(landmarks: readonly Landmark[], rows: readonly Landmark[]): boolean {
  return landmarks.some((landmark) =>
    rows.some(({ id, imageId }) => id === landmark.id && imageId !== landmark.imageId),
  );
}

/** Whether two runs were on one database for sure: they also have a landmark in common. */
export function isSameDatabase(one: JournaledDatabase, other: JournaledDatabase): boolean {
  if (one.dialect !== other.dialect || one.name !== other.name) return false;
  const images = new Map(one.landmarks.map(({ id, imageId }) => [id, imageId]));
  const isShared = other.landmarks.some(({ id, imageId }) => images.get(id) === imageId);
  return isShared && !isElsewhere(one.landmarks, other.landmarks);
}
