import type { Conf } from './conf.ts';
import type { Fault, Mistake, Origin } from './mistake.ts';
import type { Option } from './options.ts';

/** The group whose options count for every store that does not set them itself. */
const sharedGroup = 'backend_defaults';

/**
 * The options of one store (glance_store/driver.py, class BackendGroupConfiguration): its own group, then
 * `[backend_defaults]`, then the option's default. An option set to nothing in the own group stays empty.
 */
export class StoreConf {
  readonly id: string;
  readonly #conf: Conf;

  constructor(conf: Conf, id: string) {
    this.#conf = conf;
    this.id = id;
  }

  /** Makes the store's options known to `$name` references, `${id.option}` included. */
  register(options: readonly Option<unknown>[]): void {
    this.#conf.register(this.id, options);
    this.#conf.register(sharedGroup, options);
  }

  /** The option's value; undefined when it has none or cannot be read (then see `Conf.mistakes`). */
  get<T>(option: Option<T>): T | undefined {
    const own = this.#conf.isSet(this.id, option) ? this.getOwn(option) : undefined;
    return own ?? this.#conf.get(sharedGroup, option);
  }

  /** The same without `[backend_defaults]`, for the few options that upstream reads from the group itself. */
  getOwn<T>(option: Option<T>): T | undefined {
    return this.#conf.get(this.id, option);
  }

  /** Whether the store's group or `[backend_defaults]` sets the option, be it to nothing. */
  isSet(option: Option<unknown>): boolean {
    return this.origin(option) !== undefined;
  }

  /** Where the option's value comes from; undefined when it is the default. */
  origin(option: Option<unknown>): Origin | undefined {
    return this.#conf.origin(this.#groupOf(option), option);
  }

  /** A mistake in the option's value, for the caller to throw with the others. */
  mistake(option: Option<unknown>, fault: Fault): Mistake {
    return this.#conf.mistake(this.#groupOf(option), option, fault);
  }

  /** An option set nowhere belongs to the store's own group: there it is to be written. */
  #groupOf(option: Option<unknown>): string {
    const isShared = !this.#conf.isSet(this.id, option) && this.#conf.isSet(sharedGroup, option);
    return isShared ? sharedGroup : this.id;
  }
}
