/** What Wireshark sees in the vectors: every filter name, value and offset, for the fields that no capture has. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  dissect,
  FIELDS,
  PROPERTIES,
  type Span,
  type Version,
  wiresharkFields,
} from '../../broker/codec/index.ts';

interface Crafted {
  title: string;
  version: Version;
  bytes: Uint8Array;
  lines: string[];
}

const crafted: Crafted[] = readFileSync(new URL('crafted.tsv', import.meta.url), 'utf8')
  .split(/^# /m)
  .slice(1)
  .map((record) => {
    const [head = '', ...lines] = record.trimEnd().split('\n');
    const [title = '', version, hex = ''] = head.split('\t');
    return {
      title,
      version: Number(version) as Version,
      bytes: Uint8Array.from(Buffer.from(hex, 'hex')),
      lines,
    };
  });

/** A span as Wireshark 4.0 shows it, which is not always what the bytes say. */
function line(span: Span, bytes: Uint8Array): string {
  const [field] = wiresharkFields([span]);
  if (field === undefined) throw new Error(`${span.field} has no filter name`);
  let { value } = field;
  let { start } = span;
  // A property length of two bytes is shown as those bytes, not as what they stand for.
  if (span.field === 'propertyLength' && span.end - start === 2)
    value = String(((bytes[start] as number) << 8) | (bytes[start + 1] as number));
  // A byte without meaning is shown as a truth value.
  if (span.field === 'connackUnused') value = String(Math.min(1, span.value as number));
  // One line for the content type, its length included.
  if (field.filter === 'mqtt.property.content_type') start -= 2;
  return [field.filter, JSON.stringify(value), start, span.end - start].join('\t');
}

/** Wireshark shows the topic that an alias stands for, behind the properties; an empty topic is nowhere in the bytes. */
function isAliased({ field, value }: Span): boolean {
  return field === 'topic' && value === '';
}

describe('Wireshark sees the same fields at the same bytes', () => {
  test.each(crafted)('$title', ({ bytes, version, lines }) => {
    const { spans } = dissect(bytes, version);
    const shown = spans.filter((span) => span.filter !== undefined && !isAliased(span));
    const wanted = spans.some(isAliased) ? lines.filter((one) => !one.startsWith('mqtt.topic\t')) : lines;
    expect(shown.map((span) => line(span, bytes))).toEqual(wanted);
  });
});

test('every filter name of the tables is one that Wireshark showed', () => {
  const seen = new Set(crafted.flatMap(({ lines }) => lines.map((one) => one.split('\t')[0])));
  const named = [...Object.values(FIELDS), ...PROPERTIES].flatMap((row) =>
    'filter' in row ? [row.filter] : [],
  );
  expect(named.filter((filter) => !seen.has(filter))).toEqual([]);
});
