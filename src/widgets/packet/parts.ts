// The class that draws a part of a packet, and what is not read of one. Knows nothing else.
import type { Part } from '#broker/codec/index.ts';
import { partClass } from '../../components/parts.ts';

/** The class for bytes of a part; `x` for bytes that a receiver does not read. */
export function strokeOf(part: Part | 'unread'): string {
  return part === 'unread' ? 'x' : partClass[part];
}
