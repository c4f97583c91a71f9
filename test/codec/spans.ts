/** What has to hold of the spans of any dissection, of a whole packet or of one that breaks off. */
import { FIELDS, type Span } from '../../broker/codec/index.ts';

/** Complaints about spans that are not in pre-order, not inside their parents, or overlap; none for good ones. */
export function spanTroubles(spans: readonly Span[], length: number): string[] {
  const troubles: string[] = [];
  const parents: Span[] = [];
  let last: Span | undefined;
  for (const span of spans) {
    const name = `${span.field} at ${span.start}`;
    if (!(span.field in FIELDS)) troubles.push(`${name} is not in the table`);
    if (!(span.start >= 0 && span.start <= span.end && span.end <= length))
      troubles.push(`${name} leaves the packet`);
    if (span.depth > (last === undefined ? 0 : last.depth + 1)) troubles.push(`${name} is too deep`);
    if (last !== undefined && span.start < last.start) troubles.push(`${name} comes too late`);
    if (span.bits !== undefined && !areBits(span)) troubles.push(`${name} has wrong bits`);
    parents.length = span.depth;
    const parent = parents.at(-1);
    if (parent !== undefined && (span.start < parent.start || span.end > parent.end))
      troubles.push(`${name} is not inside its parent`);
    parents.push(span);
    last = span;
  }
  return troubles;
}

function areBits({ start, end, bits = [-1, -1] }: Span): boolean {
  const [high, low] = bits;
  return end === start + 1 && high <= 7 && high >= low && low >= 0;
}

/** The bytes and bits that the innermost spans do not name, or name twice; none where all is understood. */
export function uncovered(spans: readonly Span[], length: number): string[] {
  const counts = new Map<string, number>();
  spans.forEach((span, index) => {
    const isInnermost = (spans[index + 1]?.depth ?? 0) <= span.depth;
    if (!isInnermost) return;
    const [high, low] = span.bits ?? [7, 0];
    for (let at = span.start; at < span.end; at++)
      for (let bit = low; bit <= high; bit++)
        counts.set(`${at}.${bit}`, (counts.get(`${at}.${bit}`) ?? 0) + 1);
  });
  const wrong: string[] = [];
  for (let at = 0; at < length; at++)
    for (let bit = 0; bit < 8; bit++)
      if (counts.get(`${at}.${bit}`) !== 1) wrong.push(`byte ${at} bit ${bit}`);
  return wrong;
}
