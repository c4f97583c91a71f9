/**
 * Which numbered statements are about a property or a reason code, found by their section and by their words. It knows
 * where to look and shows nothing.
 */

import { reasonAnchor } from '../../address.ts';
import statements from '../../data/spec/mqtt-5.0.json';

/** The ids of the statements of MQTT 5.0 that are about a property: those in its section and those that name it. */
export function aboutProperty(name: string, others: readonly string[]): string[] {
  const longer = others.filter((other) => other !== name && other.includes(name));
  const names = (text: string) =>
    longer.reduce((rest, other) => rest.replaceAll(other, ''), text).includes(name);
  return statements
    .filter(({ section, summary }) => section.title === name || names(summary))
    .map(({ id }) => id);
}

/** The ids of the statements of MQTT 5.0 that name a reason code of certain packets, and not merely all codes from it on or below it. */
export function aboutReason(code: number, packets: readonly string[]): string[] {
  const named = new RegExp(`(?<!below )${reasonAnchor(code)}(?! or above)`, 'i');
  const isThere = (statement: (typeof statements)[number]) =>
    statement.packets.some((packet) => packets.includes(packet));
  return statements
    .filter((statement) => named.test(statement.summary) && isThere(statement))
    .map(({ id }) => id);
}
