// The words that the lab is put together from. Holds none itself.
import type { Dictionary } from '../../i18n/index.ts';

export interface LabWords {
  readonly client: Dictionary['client'];
  readonly lab: Dictionary['lab'];
  readonly real: Dictionary['real'];
  readonly refusals: Dictionary['refusals'];
  readonly stepper: Dictionary['stepper'];
  readonly worldLink: Dictionary['worldLink'];
  readonly packet: Dictionary['packet'];
  readonly fields: Dictionary['fields'];
}
