/** A location's URL, split once for all who look at it. */
export interface LocationUrl {
  /** as the database holds it */
  readonly raw: string;
  /** in lower case, as Python's urlparse gives it */
  readonly scheme: string;
  /** what follows `://` */
  readonly rest: string;
}
