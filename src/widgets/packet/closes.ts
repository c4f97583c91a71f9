// That a broker closes a connection, and why, in words.
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';

/** In: what the trace says of the reason: words of the engine's, the name of a reason code, or the sentence of a fault. */
export function closesText(reason: string, { named, told, reasons }: Dictionary['packet']['closes']): string {
  const why = reason in reasons ? reasons[reason as keyof typeof reasons] : reason;
  return why.endsWith('.') ? fill(told as string, { why }) : fill(named as string, { reason });
}
